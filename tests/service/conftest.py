"""A service as it runs in a clinic: the command in a process of its own, asked over real connections."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.cli.conftest import COMMAND, SOURCE, cache, claimlint, folder  # noqa: F401  (fixtures)
from tests.service.senders import HEADER_SECRET, SECRETS

TOKEN = "a-token-of-the-tests-only"
ENVIRONMENT = {"CHECK_TOKEN": TOKEN, **{f"SECRET_{k}": v for k, v in SECRETS.items()}}
CLEAN = "Bring your insurance card and a list of your medicines to the first visit."
BAD = "Our stem cell therapy can cure arthritis at its source. Results are guaranteed."
WARNED = "Our knee program reduces joint pain."
STEADY_SECONDS = 60.0


class Answer(NamedTuple):
    """An answer of the service."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def detail(self) -> str:
        """What a problem document says; it must be one."""
        assert self.headers["content-type"] == "application/problem+json"
        told = self.json
        assert told["status"] == self.status
        assert {"type", "title", "detail"} <= told.keys()
        return str(told["detail"])


class Server:
    """A running service and its folder."""

    def __init__(self, place: Path, port: int, process: subprocess.Popen[bytes]) -> None:
        self.folder = place
        self.port = port
        self.process = process
        self.store = place / "claimlint.sqlite3"
        self.log_file = place / "serve.log"

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Send one request on a connection of its own; underscores in names are hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        kept = http.client.HTTPConnection("127.0.0.1", self.port, timeout=STEADY_SECONDS)
        with closing(kept):
            kept.request(method, path, body, named)
            found = kept.getresponse()
            given = {name.lower(): value for name, value in found.getheaders()}
            return Answer(found.status, given, found.read())

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, **headers)

    def check(
        self,
        body: bytes | dict[str, Any],
        media_type: str = "application/json",
        path: str = "/check",
    ) -> Answer:
        """Ask the gate."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.ask(
            "POST", path, data, content_type=media_type, authorization=f"Bearer {TOKEN}"
        )

    def deliver(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send a delivery."""
        return self.ask("POST", path, body, **headers)

    def connect(self) -> socket.socket:
        """A bare connection."""
        return socket.create_connection(("127.0.0.1", self.port), STEADY_SECONDS)

    def status(self, endpoint: str, external_id: str, locale: str = "") -> Any:
        """What is known of a document, when its check is done."""
        path = f"/documents/{endpoint}/{external_id}/status?locale={locale}"

        def done() -> Any:
            found = self.get(path, authorization=f"Bearer {TOKEN}")
            return found.json if found.status == 200 and found.json["is_latest"] else None

        return until(done)

    def lines(self) -> list[dict[str, Any]]:
        """The log; every line of it is an object."""
        return [json.loads(line) for line in self.log_file.read_text("utf-8").splitlines()]

    def logged(self, event: str) -> list[dict[str, Any]]:
        """The lines about one kind of event."""
        return [line for line in self.lines() if line["event"] == event]

    def workers(self) -> list[int]:
        """The numbers of the worker processes."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                    command = (entry / "cmdline").read_bytes()
                except OSError:
                    continue
                if parent == self.process.pid and b"spawn_main" in command:
                    found.append(int(entry.name))
        return found

    def rows(self, statement: str) -> list[Any]:
        """What is in the store."""
        with closing(sqlite3.connect(self.store)) as connection:
            return connection.execute(statement).fetchall()

    def stop(self) -> int:
        """End it as a service manager does; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STEADY_SECONDS)


def until(look: Callable[[], Any], seconds: float = STEADY_SECONDS) -> Any:
    """What a look finds as soon as it finds something."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
    return found


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def start(
    place: Path,
    serve: str,
    *,
    port: int = 0,
    environment: Mapping[str, str] = ENVIRONMENT,
    program: str = "",
    policy: str = "",
) -> Server:
    """Start a service with a section `serve` (its lines without indent); it takes requests on return.

    `program` runs first in its process and in its workers: that is how tests make a part slow or faulty.
    `policy` are lines of the configuration beside the section.
    """
    port = port or free_port()
    text = f"market: [us]\n{policy}\nserve:\n" + "".join(
        f"  {line}\n" for line in (f"listen: 127.0.0.1:{port}", *serve.strip().splitlines())
    )
    (place / "claimlint.yaml").write_text(text, "utf-8")
    (place / "sitecustomize.py").write_text(program, "utf-8")
    given = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(place), str(SOURCE)]),
        **environment,
    }
    with (place / "serve.log").open("ab") as log:
        process = subprocess.Popen([*COMMAND, "serve"], cwd=place, env=given, stderr=log)
    server = Server(place, port, process)

    def ready() -> bool:
        assert process.poll() is None, server.log_file.read_text("utf-8")
        try:
            return server.get("/healthz").status == 200
        except OSError:
            return False

    try:
        until(ready)
    except BaseException:
        process.kill()
        raise
    return server


@contextmanager
def served(place: Path, serve: str, **more: Any) -> Iterator[Server]:
    """A service that is ended afterwards."""
    server = start(place, serve, **more)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.process.kill()
        server.process.wait(STEADY_SECONDS)


EVERY_ENDPOINT = f"""
workers: 2
public_url: https://hooks.example.com
check_tokens: [{{env: CHECK_TOKEN}}]
endpoints:
  - {{name: std, cms: standard, secrets: [{{env: SECRET_standard}}, {{env: SECRET_standard_old}}]}}
  - {{name: wp, cms: wordpress, secrets: [{{env: SECRET_standard}}], fail_on: warning}}
  - {{name: payload, cms: payload, secrets: [{{env: SECRET_standard}}]}}
  - name: ctf
    cms: contentful
    secrets: [{{env: SECRET_contentful}}]
    fields: [{{name: title, path: fields.title}}, {{name: body, path: fields.body, format: contentful}}]
  - {{name: sanity, cms: sanity, secrets: [{{env: SECRET_sanity}}]}}
  - {{name: ghost, cms: ghost, secrets: [{{env: SECRET_ghost}}]}}
  - {{name: ghost-old, cms: ghost, scheme: ghost-legacy, secrets: [{{env: SECRET_ghost}}]}}
  - name: webflow
    cms: webflow
    secrets: [{{env: SECRET_webflow}}]
    fields: [{{name: body, path: payload.fieldData.post-body, format: html}}]
  - name: hubspot
    cms: hubspot
    secrets: [{{env: SECRET_hubspot}}]
    fields: [{{name: body, path: postBody, format: html}}]
  - name: storyblok
    cms: storyblok
    secrets: [{{env: SECRET_storyblok}}]
    fields: [{{name: body, path: story.content.body, format: prosemirror}}]
  - name: strapi
    cms: strapi
    header: {HEADER_SECRET}
    secrets: [{{env: SECRET_header}}]
    fields: [{{name: title, path: entry.title}}, {{name: body, path: entry.body, format: strapi_blocks}}]
  - {{name: directus, cms: directus, secrets: [{{env: SECRET_header}}]}}
  - name: prismic
    cms: prismic
    id: document.id
    secrets: [{{env: SECRET_body}}]
    fields: [{{name: body, path: document.data.body, format: prismic}}]
  - {{name: wpcom, cms: wordpress-com, secrets: [{{env: SECRET_url}}]}}
"""


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One service for the whole session, with an endpoint of every kind."""
    with served(tmp_path_factory.mktemp("everything"), EVERY_ENDPOINT) as server:
        yield server
