"""What the scripts that try claimlint with real systems have in common; run by their run.sh."""

# ruff: noqa: S310, S603  (addresses on loopback, commands of our own)

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

HERE = Path(__file__).parent
_WAIT_SECONDS = 60.0

T = TypeVar("T")
Found = tuple[str, str, str]  # rule, severity and words of a finding


class Answer(NamedTuple):
    """An answer over HTTP, whatever its status."""

    status: int
    text: str
    headers: Mapping[str, str]

    def json(self) -> Any:
        """Its body as JSON."""
        return json.loads(self.text)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


def ask(
    url: str,
    data: Any = None,
    headers: Mapping[str, str] | None = None,
    method: str | None = None,
    opener: urllib.request.OpenerDirector | None = None,
    timeout: float = 60,
) -> Answer:
    """Send a request; data that is no bytes goes as JSON."""
    sent = dict(headers or {})
    if data is not None and not isinstance(data, bytes):
        data = json.dumps(data).encode()
        sent.setdefault("Content-Type", "application/json")
    request = urllib.request.Request(url, data, sent, method=method)
    opener = opener or urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=timeout) as answer:
            return Answer(
                answer.status, answer.read().decode("utf-8", "replace"), dict(answer.headers)
            )
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.read().decode("utf-8", "replace"), dict(error.headers))


def waited(look: Callable[[], T | None], what: str, seconds: float = _WAIT_SECONDS) -> T:
    """Look until there is something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            found = look()
        except (OSError, ValueError):
            found = None
        if found:
            return found
        time.sleep(0.2)
    raise SystemExit(f"waited in vain for {what}")


class Steps:
    """Says what held and what did not, and counts."""

    def __init__(self) -> None:
        self.failed = 0
        self.held = 0

    def see(self, what: str, holds: Any, otherwise: Any = "") -> None:
        """Note a step; `otherwise` is shown when it does not hold."""
        if holds:
            self.held += 1
            say(f"ok      {what}")
        else:
            self.failed += 1
            say(f"FAILED  {what}: {str(otherwise)[:600]}")

    def end(self) -> int:
        """Say the sum; the exit status."""
        say(f"{self.held} steps hold, {self.failed} do not")
        return 1 if self.failed else 0


def say(line: str) -> None:
    """Print a line now, also into a pipe."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class Service:
    """A claimlint service of our own on loopback, in a folder of its own."""

    def __init__(self, folder: Path, port: int, endpoint: dict[str, Any]) -> None:
        """`endpoint` is an entry of serve.endpoints; its secret is made here and in the environment."""
        self.url = f"http://127.0.0.1:{port}"
        self.name = endpoint["name"]
        self.secret = "whsec_" + b64encode(secrets.token_bytes(32)).decode()
        if endpoint.get("cms") in ("ghost", "strapi", "directus", "sanity"):
            self.secret = secrets.token_urlsafe(32)
        self.token = secrets.token_urlsafe(32)
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("claimlint.sqlite3*"):
            old.unlink()
        config = {
            "market": ["us"],
            "serve": {
                "listen": f"127.0.0.1:{port}",
                "check_tokens": [{"env": "CLAIMLINT_TOKEN"}],
                "endpoints": [{**endpoint, "secrets": [{"env": "CLAIMLINT_SECRET"}]}],
            },
        }
        # JSON is YAML.
        (folder / "claimlint.yaml").write_text(json.dumps(config, indent=1), encoding="utf-8")

    def start(self) -> None:
        """Start it and wait until it can be used."""
        if self._process is not None:
            return
        environment = {**os.environ, "CLAIMLINT_TOKEN": self.token, "CLAIMLINT_SECRET": self.secret}
        with (self._folder / "claimlint.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "claimlint", "serve", "--config", "claimlint.yaml"],
                cwd=self._folder, env=environment, stdout=log, stderr=log,
            )  # fmt: skip
        process = self._process

        def look() -> bool:
            if process.poll() is not None:
                raise SystemExit(f"claimlint ended; see {self._folder / 'claimlint.log'}")
            return ask(f"{self.url}/readyz").status == 200

        waited(look, "claimlint serve")

    def stop(self) -> None:
        """Stop it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
            self._process = None

    def status(self, external_id: str, locale: str = "") -> dict[str, Any] | None:
        """What its status address says of a document; nothing when it does not know it."""
        query = urllib.parse.urlencode({"locale": locale}) if locale else ""
        answer = ask(
            f"{self.url}/documents/{self.name}/{external_id}/status?{query}",
            headers={"Authorization": f"Bearer {self.token}"},
        )
        return answer.json() if answer.status == 200 else None

    def reviewed(self, external_id: str, verdict: str, locale: str = "") -> dict[str, Any]:
        """Wait until the latest version of a document has this verdict."""

        def look() -> dict[str, Any] | None:
            found = self.status(external_id, locale)
            return found if found and found["is_latest"] and found["verdict"] == verdict else None

        return waited(look, f"the verdict {verdict} of {self.name}:{external_id}")

    def findings(self, external_id: str) -> set[Found]:
        """The findings of the latest review in the store."""
        store = sqlite3.connect(f"file:{self._folder}/claimlint.sqlite3?mode=ro", uri=True)
        try:
            (report,) = store.execute(
                "SELECT r.report FROM reviews r JOIN versions v ON v.id = r.version_id"
                " JOIN documents d ON d.id = v.document_id WHERE d.external_id = ?"
                " ORDER BY v.id DESC LIMIT 1",
                (external_id,),
            ).fetchone()
        finally:
            store.close()
        return found_in(json.loads(report))

    def expected(self, draft: Path) -> set[Found]:
        """The findings of `claimlint check` on a file."""
        done = subprocess.run(
            [
                *(sys.executable, "-m", "claimlint", "check", "--format", "json"),
                *("--config", str(self._folder / "claimlint.yaml"), "--fail-on", "never", str(draft)),
            ],
            capture_output=True,
            check=True,
        )  # fmt: skip
        return found_in(json.loads(done.stdout))


def found_in(report: dict[str, Any]) -> set[Found]:
    """The findings of a report by what every door must agree on."""
    return {
        (one["rule"], one["severity"], one["words"])
        for document in report["documents"]
        for one in document["findings"]
    }
