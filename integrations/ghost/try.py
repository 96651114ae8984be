"""Save and publish articles in the Ghost of run.sh, and see what claimlint makes of them."""

from __future__ import annotations

import hashlib
import hmac
import http.cookiejar
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.request
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from acceptance import Answer, Service, Steps, ask, say, waited  # noqa: E402

WORK = Path(os.environ["WORK"])
SITE = f"http://localhost:{os.environ['PORT']}"
ADMIN = f"{SITE}/ghost/api/admin"
TITLE = "Knee pain after sport"
BLOCKED = (HERE.parent / "blocked.html").read_text(encoding="utf-8")
HONEST = (HERE.parent / "honest.html").read_text(encoding="utf-8")


def started() -> subprocess.Popen[bytes]:
    """Start a new blog and wait until it answers."""
    content = WORK / "content"
    shutil.rmtree(content, ignore_errors=True)
    shutil.copytree(WORK / "package/content", content)
    environment = {
        **os.environ,
        # In production Ghost sends nothing to private addresses; see docs/integrations.md.
        "NODE_ENV": "development",
        "url": SITE,
        "server__host": "127.0.0.1",
        "server__port": os.environ["PORT"],
        "database__client": "better-sqlite3",
        "database__connection__filename": str(content / "data/ghost.db"),
        "database__useNullAsDefault": "true",
        "paths__contentPath": str(content),
        "mail__transport": "stub",
        "privacy__useUpdateCheck": "false",
        "privacy__useGravatar": "false",
        "security__staffDeviceVerification": "false",
        "logging__transports": '["stdout"]',
    }
    with (WORK / "ghost.log").open("wb") as log:
        process = subprocess.Popen(
            ["node", "index.js"],  # noqa: S607
            cwd=WORK / "package", env=environment, stdout=log, stderr=log,
        )  # fmt: skip

    def look() -> bool:
        # When the database cannot be opened it answers all the same, and goes.
        if process.poll() is not None:
            raise SystemExit(f"Ghost ended; see {WORK / 'ghost.log'}")
        return ask(f"{ADMIN}/site/").status == 200

    waited(look, "Ghost", 180)
    return process


def made_key() -> str:
    """Set the blog up as its owner does, and make a custom integration; its Admin API key."""
    password = secrets.token_urlsafe(16)
    owner = {
        "name": "Owner",
        "email": "owner@example.org",
        "password": password,
        "blogTitle": "A clinic",
    }
    made = ask(f"{ADMIN}/authentication/setup/", {"setup": [owner]}, {"Origin": SITE})
    assert made.status == 201, made
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    login = {"username": owner["email"], "password": password}
    made = ask(f"{ADMIN}/session/", login, {"Origin": SITE}, opener=opener)
    assert made.status == 201, made
    made = ask(
        f"{ADMIN}/integrations/?include=api_keys",
        {"integrations": [{"name": "claimlint"}]},
        {"Origin": SITE},
        opener=opener,
    )
    assert made.status == 201, made
    return next(
        key["secret"]
        for key in made.json()["integrations"][0]["api_keys"]
        if key["type"] == "admin"
    )


def token(key: str) -> str:
    """A token for the Admin API; our own, so that the snippet's is not tried with itself."""
    name, secret = key.split(":")

    def part(value: Any) -> bytes:
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        return urlsafe_b64encode(data).rstrip(b"=")

    now = int(time.time())
    signed = part({"alg": "HS256", "typ": "JWT", "kid": name})
    signed += b"." + part({"iat": now, "exp": now + 300, "aud": "/admin/"})
    return (
        signed + b"." + part(hmac.digest(bytes.fromhex(secret), signed, hashlib.sha256))
    ).decode()


def save(key: str, html: str, status: str, before: dict[str, Any] | None = None) -> Answer:
    """Save a post."""
    post = {"title": TITLE, "html": html, "status": status}
    path = f"{ADMIN}/posts/?source=html"
    if before is not None:
        post["updated_at"] = before["updated_at"]
        path = f"{ADMIN}/posts/{before['id']}/?source=html"
    return ask(
        path,
        {"posts": [post]},
        {"Authorization": f"Ghost {token(key)}"},
        "PUT" if before else "POST",
    )


def tried(steps: Steps, key: str, service: Service) -> None:
    environment = {
        **os.environ,
        "GHOST_URL": SITE,
        "GHOST_KEY": key,
        "CLAIMLINT_HOOK": f"{service.url}/hooks/ghost",
        "CLAIMLINT_SECRET": service.secret,
    }
    done = subprocess.run(  # noqa: S603
        ["node", str(HERE / "webhooks.mjs")],  # noqa: S607
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    steps.see(
        "the snippet makes the webhooks",
        done.stdout.count(": made") == 9,
        done.stdout + done.stderr,
    )
    saved = save(key, BLOCKED, "draft")
    steps.see("a draft that would be blocked is saved", saved.status == 201, saved)
    post = saved.json()["posts"][0]
    status = service.reviewed(post["id"], "block")
    steps.see("its review appears in claimlint, signed by Ghost", status["errors"] == 5, status)
    found, expected = service.findings(post["id"]), service.expected(HERE.parent / "blocked.html")
    steps.see(
        f"with the {len(expected)} findings of `claimlint check`",
        found == expected,
        found ^ expected,
    )
    saved = save(key, HONEST, "draft", post)
    steps.see("corrected, its verdict is pass", service.reviewed(post["id"], "pass"), saved)
    saved = save(key, HONEST, "published", saved.json()["posts"][0])
    steps.see("it is published", saved.status == 200, saved)
    saved = save(key, BLOCKED, "published", saved.json()["posts"][0])
    steps.see(
        "claims added to it are reported, after the fact",
        service.reviewed(post["id"], "block"),
        saved,
    )


def main() -> int:
    package = json.loads((WORK / "package/package.json").read_text())
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)  # noqa: S607
    say(f"Ghost {package['version']}, Node {node.stdout.strip()}")
    steps = Steps()
    service = Service(
        WORK / "claimlint",
        int(os.environ["CLAIMLINT_PORT"]),
        {"name": "ghost", "cms": "ghost"},
    )
    process = started()
    try:
        service.start()
        tried(steps, made_key(), service)
    finally:
        process.terminate()
        process.wait(30)
        service.stop()
    return steps.end()


if __name__ == "__main__":
    sys.exit(main())
