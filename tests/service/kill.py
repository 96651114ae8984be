"""Kill the service and its workers at random moments under load, and see that nothing is lost.

    python -m tests.service.kill [--kills 50] [--seed 1]

Run by hand; the tests do the same with a few kills. Senders behave as a CMS does that retries: what got
no answer or another one than 200 is sent again, with the same id. In the end every version that was
answered 200 has to be in the store once, with one review.
"""

# ruff: noqa: T201

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from tests.service import senders
from tests.service.conftest import CLEAN, Server, start, until

SECTION = """
workers: 2
endpoints:
  - {name: std, cms: standard, secrets: [{env: SECRET_standard}]}
  - name: ctf
    cms: contentful
    secrets: [{env: SECRET_contentful}]
    fields: [{name: title, path: fields.title}, {name: body, path: fields.body, format: contentful}]
"""
SENDERS = 4
DOCUMENTS = 15  # of each sender and kind; a version of one in its turn


class Version(NamedTuple):
    """What was answered 200: one version of a document in a locale."""

    endpoint: str
    external_id: str
    locale: str
    revision: str


class Outcome(NamedTuple):
    """What was done and what came of it."""

    kills: Counter[str]
    answered: set[Version]
    sent_again: int
    reviews: dict[Version, int]
    dead: int
    seconds: float

    @property
    def wrong(self) -> dict[Version, int]:
        """Versions that were answered 200 and do not have exactly one review, with their number."""
        return {one: n for one in self.answered if (n := self.reviews.get(one, 0)) != 1}


class Load:
    """Threads that deliver until they are told to stop."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answered: set[Version] = set()
        self.sent_again = 0
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._send, args=(n,)) for n in range(SENDERS)]

    def begin(self) -> None:
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Let each sender have its last delivery answered."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _send(self, number: int) -> None:
        count = 0
        while not self._stop.is_set():
            count += 1
            name = f"doc-{number}-{count % DOCUMENTS}"
            if count % 3:
                body = senders.EVERY[0].body(name, count, f"{CLEAN} {number} {count}")
                versions = {Version("std", name, "", str(count))}
                self._deliver("/hooks/std", body, senders.standard, versions)
            else:
                body = self._localised(name, count)
                versions = {Version("ctf", name, each, str(count)) for each in ("en-US", "de-DE")}
                self._deliver("/hooks/ctf", body, senders.contentful, versions)

    def _localised(self, name: str, count: int) -> bytes:
        payload = json.loads(senders.EVERY[3].body(name, count, f"{CLEAN} {count}"))
        payload["fields"]["body"]["de-DE"] = payload["fields"]["body"]["en-US"]
        return json.dumps(payload).encode()

    def _deliver(self, path: str, body: bytes, signed: Any, versions: set[Version]) -> None:
        first = True
        while True:
            if not first:
                with self._lock:
                    self.sent_again += 1
                time.sleep(0.05)
            first = False
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            try:
                line.request("POST", path, body, signed(body, time.time()))
                if line.getresponse().status == 200:
                    break
            except (OSError, http.client.HTTPException):
                continue
            finally:
                line.close()
        with self._lock:
            self.answered |= versions


def kill_at_random(
    place: Path, kills: int, seed: int, *, program: str = "", say: Any = lambda text: None
) -> Outcome:
    """Do so, wait for the end of the backlog, and count."""
    rng = random.Random(seed)
    begun = time.monotonic()
    server = start(place, SECTION, program=program)
    load = Load(server.port)
    done: Counter[str] = Counter()
    try:
        load.begin()
        for number in range(kills):
            time.sleep(rng.uniform(0.05, 1.5))
            which = "server" if number == 0 or rng.random() < 0.5 else "worker"
            if which == "worker" and (workers := server.workers()):
                os.kill(rng.choice(workers), signal.SIGKILL)
            else:
                which = "server"
                server.process.send_signal(signal.SIGKILL)
                server.process.wait()
                server = start(place, SECTION, program=program, port=server.port)
            done[which] += 1
            say(f"{number + 1}: killed the {which}, {len(load.answered)} versions answered")
        load.end()
        say("waiting for the end of the backlog")
        unfinished = "SELECT count(*) FROM events WHERE state IN ('queued', 'running')"
        until(lambda: server.rows(unfinished) == [(0,)], 900)
        assert server.stop() == 0
    finally:
        load.end()
        if server.process.poll() is None:
            server.process.kill()
            server.process.wait()
    return Outcome(
        kills=done,
        answered=load.answered,
        sent_again=load.sent_again,
        reviews=_reviews(server),
        dead=server.rows("SELECT count(*) FROM events WHERE state = 'dead'")[0][0],
        seconds=time.monotonic() - begun,
    )


def _reviews(server: Server) -> dict[Version, int]:
    """How many versions with a review there are of each document, locale and revision."""
    rows = server.rows(
        "SELECT d.endpoint, d.external_id, d.locale, v.revision, count(r.version_id)"
        " FROM versions v JOIN documents d ON d.id = v.document_id"
        " LEFT JOIN reviews r ON r.version_id = v.id GROUP BY 1, 2, 3, 4"
    )
    return {Version(*row[:4]): row[4] for row in rows}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="claimlint-kill-") as name:
        found = kill_at_random(Path(name), wanted.kills, wanted.seed, say=print)
    print(
        f"{sum(found.kills.values())} kills ({found.kills['server']} of the server, "
        f"{found.kills['worker']} of a worker) in {found.seconds:.0f} s; "
        f"{len(found.answered)} versions answered 200, {found.sent_again} deliveries sent again; "
        f"{len(found.answered) - len(found.wrong)} have exactly one review, {len(found.wrong)} do not; "
        f"{found.dead} given up"
    )
    for version, number in sorted(found.wrong.items()):
        print(f"{version}: {number} reviews")
    return 1 if found.wrong or found.dead else 0


if __name__ == "__main__":
    sys.exit(main())
