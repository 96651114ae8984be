"""Save and publish items in the Directus of run.sh, and see what claimlint and the flows make of them."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from acceptance import Answer, Service, Steps, ask, say, waited  # noqa: E402

WORK = Path(os.environ["WORK"])
SITE = f"http://127.0.0.1:{os.environ['PORT']}"
TOKEN = secrets.token_urlsafe(24)
TITLE = "Knee pain after sport"
BLOCKED = (HERE.parent / "blocked.html").read_text(encoding="utf-8")
HONEST = (HERE.parent / "honest.html").read_text(encoding="utf-8")


class Directus:
    """The process of the site."""

    def __init__(self, service: Service) -> None:
        database = WORK / "data.db"
        for old in WORK.glob("data.db*"):
            old.unlink()
        self._environment = {
            **os.environ,
            "DB_CLIENT": "sqlite3",
            "DB_FILENAME": str(database),
            "HOST": "127.0.0.1",
            "PORT": os.environ["PORT"],
            "PUBLIC_URL": SITE,
            "SECRET": secrets.token_urlsafe(32),
            "ADMIN_EMAIL": "admin@example.org",
            "ADMIN_PASSWORD": secrets.token_urlsafe(16),
            "ADMIN_TOKEN": TOKEN,
            "TELEMETRY": "false",
            "FLOWS_ENV_ALLOW_LIST": "CLAIMLINT_URL,CLAIMLINT_TOKEN,CLAIMLINT_SECRET",
            "IMPORT_IP_DENY_LIST": "169.254.169.254",
            "NODE_OPTIONS": "--no-node-snapshot",
            "CLAIMLINT_URL": service.url,
            "CLAIMLINT_TOKEN": service.token,
            "CLAIMLINT_SECRET": service.secret,
        }
        self._log = (WORK / "directus.log").open("wb")
        self._run("bootstrap").wait(180)
        self._process = self._run("start")

        def look() -> bool:
            if self._process.poll() is not None:
                raise SystemExit(f"Directus ended; see {WORK / 'directus.log'}")
            return ask(f"{SITE}/server/ping").status == 200

        waited(look, "Directus", 120)

    def _run(self, command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603
            ["node", "node_modules/directus/cli.js", command],  # noqa: S607
            cwd=WORK / "app", env=self._environment, stdout=self._log, stderr=self._log,
        )  # fmt: skip

    def stop(self) -> None:
        """Stop it."""
        self._process.terminate()
        self._process.wait(30)
        self._log.close()

    def __call__(self, method: str, path: str, data: Any = None) -> Answer:
        return ask(f"{SITE}{path}", data, {"Authorization": f"Bearer {TOKEN}"}, method)

    def flows(self, on_unavailable: str) -> subprocess.CompletedProcess[str]:
        """Make the flows with the snippet, in place of those that are there."""
        flows = [one["id"] for one in self("GET", "/flows?limit=-1").json()["data"]]
        for one in flows:
            self("DELETE", f"/flows/{one}")
        given = {"DIRECTUS_URL": SITE, "DIRECTUS_TOKEN": TOKEN, "ON_UNAVAILABLE": on_unavailable}
        return subprocess.run(  # noqa: S603
            ["node", str(HERE / "flows.mjs"), "articles", "title", "body", "status", "published"],  # noqa: S607
            env={**os.environ, **given}, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def save(self, body: str, status: str, item: int | None = None) -> Answer:
        """Save an item."""
        given = {"title": TITLE, "body": body, "status": status}
        return (
            self("PATCH", f"/items/articles/{item}", given)
            if item
            else self("POST", "/items/articles", given)
        )

    def status(self, item: int) -> str:
        """The status of an item."""
        return str(self("GET", f"/items/articles/{item}").json()["data"]["status"])


def tried(steps: Steps, site: Directus, service: Service) -> None:
    fields = [
        {
            "field": "id",
            "type": "integer",
            "schema": {"is_primary_key": True, "has_auto_increment": True},
        },
        {"field": "title", "type": "string", "schema": {}},
        {"field": "body", "type": "text", "schema": {}},
        {"field": "status", "type": "string", "schema": {"default_value": "draft"}},
        {
            "field": "date_updated",
            "type": "timestamp",
            "schema": {},
            "meta": {"special": ["date-updated"]},
        },
    ]
    made = site(
        "POST",
        "/collections",
        {"collection": "articles", "schema": {}, "meta": {}, "fields": fields},
    )
    assert made.status == 200, made
    done = site.flows("refuse")
    steps.see("the snippet makes the flows", done.stdout.strip() == "made 5 flows", done.stderr)
    kept = site("GET", "/operations?limit=-1").text
    steps.see("they hold no secret", service.secret not in kept and service.token not in kept)
    saved = site.save(BLOCKED, "draft")
    steps.see("a draft that would be blocked is saved", saved.status == 200, saved)
    item = saved.json()["data"]["id"]
    status = service.reviewed(str(item), "block")
    steps.see("its review appears in claimlint, by a flow", status["errors"] == 5, status)
    found, expected = service.findings(str(item)), service.expected(HERE.parent / "blocked.html")
    steps.see(
        f"with the {len(expected)} findings of `claimlint check`",
        found == expected,
        found ^ expected,
    )
    refused = site("PATCH", f"/items/articles/{item}", {"status": "published"})
    steps.see(
        "its publication is refused",
        refused.status == 422 and "claimlint refuses" in refused.text,
        refused,
    )
    say(f"        {refused.json()['errors'][0]['message']}")
    steps.see("it is still a draft", site.status(item) == "draft")
    refused = site.save(BLOCKED, "published")
    steps.see("nor is it published as a new item", refused.status == 422, refused)
    done_ = site.save(HONEST, "published", item)
    steps.see(
        "corrected, it is published",
        done_.status == 200 and site.status(item) == "published",
        done_,
    )
    steps.see("its verdict is pass", service.reviewed(str(item), "pass"))
    refused = site("PATCH", f"/items/articles/{item}", {"body": BLOCKED})
    steps.see("claims are not added to it", refused.status == 422, refused)
    other = site.save(HONEST, "draft").json()["data"]["id"]
    refused = site(
        "PATCH",
        "/items/articles",
        {"keys": [item, other], "data": {"status": "published", "body": BLOCKED}},
    )
    steps.see("nor to several at once", refused.status == 422, refused)
    service.stop()
    saved = site.save(HONEST, "draft")
    steps.see("claimlint down: a draft is saved", saved.status == 200, saved)
    waiting = saved.json()["data"]["id"]
    refused = site("PATCH", f"/items/articles/{waiting}", {"status": "published"})
    steps.see(
        "on_unavailable refuse: publishing waits",
        refused.status == 422 and "could not be asked" in refused.text,
        refused,
    )
    site.flows("allow")
    done_ = site("PATCH", f"/items/articles/{waiting}", {"status": "published"})
    steps.see("on_unavailable allow: it is published", done_.status == 200, done_)
    steps.see(
        "with a warning in the log",
        "published without a check" in (WORK / "directus.log").read_text(),
    )


def main() -> int:
    package = json.loads((WORK / "app/node_modules/directus/package.json").read_text())
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)  # noqa: S607
    say(f"Directus {package['version']}, Node {node.stdout.strip()}")
    steps = Steps()
    service = Service(
        WORK / "claimlint",
        int(os.environ["CLAIMLINT_PORT"]),
        {"name": "directus", "cms": "directus"},
    )
    site = Directus(service)
    try:
        service.start()
        tried(steps, site, service)
    finally:
        site.stop()
        service.stop()
    return steps.end()


if __name__ == "__main__":
    sys.exit(main())
