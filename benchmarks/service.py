"""Measure the service: signed deliveries at a steady rate, the backlog's end, and `POST /check`.

    python benchmarks/service.py [--seconds 60] [--rate 500] [--workers 1] [--check 300]

Starts `claimlint serve` with a store of its own in a temporary folder, and a second process that sends.
Bodies are made and signed before the clock starts; requests leave when they are due, whether or not
earlier ones were answered, and their time counts from when they were due: a server that stalls is not
spared the requests that pile up meanwhile. Afterwards the store is asked whether every delivery that was
answered 200 has its review. Linux and macOS.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import datetime
import hmac
import http.client
import json
import multiprocessing
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent / "samples"
TOKEN = "a-token-for-the-benchmark"
KEY = b"k" * 32
CONNECTIONS = 32
WARM_UP = 200
DOCUMENTS = 2000


class Sent(NamedTuple):
    """What became of the deliveries: seconds each, statuses, and how many left late."""

    seconds: list[float]
    statuses: Counter[int]
    lasted: float


# Bodies


def paragraphs() -> list[str]:
    """The prose of the samples, a paragraph each."""
    found = []
    for path in sorted(SAMPLES.rglob("*.md")):
        text = path.read_text("utf-8").split("\n---\n", 1)[-1]
        found += [
            " ".join(part.split())
            for part in text.split("\n\n")
            if part[:1].isalpha() and len(part.split()) > 12
        ]
    return found


def article(prose: list[str], words: int, rng: random.Random) -> str:
    """An article of about so many words, as HTML, like no other one."""
    parts: list[str] = []
    count = 0
    while count < words:
        part = rng.choice(prose)
        parts.append(f"<p>{part} ({rng.getrandbits(48):x})</p>")
        count += len(part.split())
    return "".join(parts)


def requests(number: int, words: int, seed: int, at: int) -> list[bytes]:
    """Signed deliveries, each a new version of one of DOCUMENTS documents."""
    prose = paragraphs()
    rng = random.Random(seed)
    made = []
    for count in range(number):
        data = {
            "id": f"post-{seed}-{count % DOCUMENTS}",
            "title": "Knee pain",
            "content": article(prose, words, rng),
            "revision": count,
        }
        body = json.dumps({"type": "post.saved", "data": data}).encode()
        name = f"msg_{seed}_{count}"
        signed = b"%b.%d.%b" % (name.encode(), at, body)
        proof = base64.b64encode(hmac.digest(KEY, signed, "sha256")).decode()
        head = (
            "POST /hooks/blog HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
            f"webhook-id: {name}\r\nwebhook-timestamp: {at}\r\nwebhook-signature: v1,{proof}\r\n"
            f"content-length: {len(body)}\r\n\r\n"
        )
        made.append(head.encode() + body)
    return made


# The sender


class Line(asyncio.Protocol):
    """One connection that is kept: a request at a time."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[int] | None = None
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def ask(self, request: bytes) -> asyncio.Future[int]:
        """Send a request; the future has the status of its answer."""
        assert self.transport is not None
        self._held = b""
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self._answer

    def data_received(self, data: bytes) -> None:
        self._held += data
        head, gap, body = self._held.partition(b"\r\n\r\n")
        if not gap or self._answer is None:
            return
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        if len(body) >= int(length):
            self._answer.set_result(int(head[9:12]))
            self._answer = None

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("the server hung up"))


async def steadily(port: int, made: list[bytes], rate: float) -> Sent:
    """Send requests at a rate over some connections."""
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[Line] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        _, line = await loop.create_connection(Line, "127.0.0.1", port)
        lines.put_nowait(line)
    seconds: list[float] = []
    statuses: Counter[int] = Counter()

    async def one(request: bytes, due: float) -> None:
        line = await lines.get()
        status = await line.ask(request)
        lines.put_nowait(line)
        statuses[status] += 1
        seconds.append(loop.time() - due)

    begun = loop.time() + 0.1
    async with asyncio.TaskGroup() as group:
        for count, request in enumerate(made):
            due = begun + count / rate
            if (wait := due - loop.time()) > 0:
                await asyncio.sleep(wait)
            group.create_task(one(request, due))
    return Sent(seconds, statuses, loop.time() - begun)


def sender(pipe: Connection, port: int, rate: float, seconds: float, words: int) -> None:
    """The second process: make the bodies, tell that they are there, send when told."""
    at = int(time.time())
    warm_up = requests(WARM_UP, words, 1, at)
    made = requests(int(rate * seconds), words, 2, at)
    pipe.send(sum(map(len, made)) / len(made))
    pipe.recv()
    asyncio.run(steadily(port, warm_up, rate))
    pipe.send(asyncio.run(steadily(port, made, rate)))


# The server


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def served(folder: Path, workers: int) -> Iterator[tuple[int, int]]:
    """A service with one endpoint; its port and its process."""
    port = free_port()
    (folder / "claimlint.yaml").write_text(
        f"market: [us]\nserve:\n  listen: 127.0.0.1:{port}\n  workers: {workers}\n"
        "  check_tokens: [{env: CHECK_TOKEN}]\n"
        "  endpoints:\n    - {name: blog, cms: standard, secrets: [{env: HOOK_SECRET}]}\n",
        "utf-8",
    )
    environment = os.environ | {
        "CHECK_TOKEN": TOKEN,
        "HOOK_SECRET": f"whsec_{base64.b64encode(KEY).decode()}",
    }
    with (folder / "serve.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "claimlint", "serve"], cwd=folder, env=environment, stderr=log
        )
    try:
        while asked(port, "/readyz") != 200:
            if server.poll() is not None:
                raise SystemExit((folder / "serve.log").read_text("utf-8"))
            time.sleep(0.1)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(60)


def asked(port: int, path: str) -> int:
    """The status of a GET; 0 when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def spent(process: int) -> float:
    """Seconds of processor time of a process without its children; 0 where the system tells none."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# What is measured


def deliveries(
    port: int, server: int, rate: float, seconds: float, words: int
) -> tuple[Sent, float, float]:
    """The time of deliveries, the size of their bodies and the server's processor time."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=sender, args=(theirs, port, rate, seconds, words))
    process.start()
    size: float = ours.recv()
    before = spent(server)
    ours.send("go")
    sent: Sent = ours.recv()
    used = spent(server) - before
    process.join()
    return sent, size, used


def drained(store: str) -> tuple[float, dict[str, int]]:
    """Wait for the end of the backlog; how long that took and what is in the store."""
    from claimlint.service.store import Store

    begun = time.perf_counter()
    with Store.open(store) as opened:
        while (found := opened.counts()).queued + found.running:
            time.sleep(0.5)
    return time.perf_counter() - begun, {
        "events": found.done + found.dead,
        "dead": found.dead,
        "versions": found.versions,
        "reviews": found.reviews,
    }


def checks(port: int, number: int) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of /check by JSON and raw, and of the check itself in this process."""
    from claimlint.config import apply_flags, load_config
    from claimlint.service import checking, payloads

    rng = random.Random(3)
    prose = paragraphs()
    folder = tempfile.mkdtemp()
    config = apply_flags(load_config(None, folder, None), markets=("us",))
    kept = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    asked_json, asked_raw, alone = [], [], []
    for _ in range(number):
        drafts = [article(prose, 1000, rng) for _ in range(3)]
        body = json.dumps({"content": drafts[0], "format": "html"}).encode()
        asked_json.append(_timed_check(kept, body, "application/json"))
        asked_raw.append(_timed_check(kept, drafts[1].encode(), "text/html"))
        text = payloads.Text("content", "content", "html", drafts[2].encode())
        task = checking.Task("content.html", (text,), config, None, datetime.date(2026, 1, 1))
        begun = time.perf_counter()
        checking.answered(task, None)
        alone.append((time.perf_counter() - begun) * 1000)
    return asked_json, asked_raw, alone


def _timed_check(kept: http.client.HTTPConnection, body: bytes, media_type: str) -> float:
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": media_type}
    begun = time.perf_counter()
    kept.request("POST", "/check", body, headers)
    answer = kept.getresponse()
    report: Any = answer.read()
    assert answer.status == 200, report
    return (time.perf_counter() - begun) * 1000


def share(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=float, default=500)
    parser.add_argument("--words", type=int, default=200)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--check", type=int, default=300)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="claimlint-bench-") as name:
        folder = Path(name)
        load = os.getloadavg()
        print(f"load before: {load[0]:.2f} {load[1]:.2f}, {os.cpu_count()} cores")
        with served(folder, wanted.workers) as (port, server):
            if wanted.check:
                by_json, raw, alone = checks(port, wanted.check)
                for title, values in (("JSON", by_json), ("raw", raw), ("check alone", alone)):
                    print(
                        f"/check 1,000 words, {title}: p50 {statistics.median(values):.1f} ms, "
                        f"p95 {share(values, 0.95):.1f} ms"
                    )
            if wanted.seconds:
                sent, size, used = deliveries(
                    port, server, wanted.rate, wanted.seconds, wanted.words
                )
                print(
                    f"{len(sent.seconds)} deliveries of {size:.0f} bytes in {sent.lasted:.1f} s: "
                    f"{len(sent.seconds) / sent.lasted:.0f}/s, statuses {dict(sent.statuses)}"
                )
                parts = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "p99.9": 0.999}
                shown = [f"{k} {share(sent.seconds, v) * 1000:.1f} ms" for k, v in parts.items()]
                print(", ".join(shown), f"max {max(sent.seconds) * 1000:.0f} ms")
                print(
                    f"processor time of the server: {used / sent.lasted:.0%} of a core, "
                    f"{1000 * used / len(sent.seconds):.2f} ms for each delivery"
                )
                took, counts = drained(str(folder / "claimlint.sqlite3"))
                print(f"backlog drained {took:.0f} s after the last delivery: {counts}")
                expected = sent.statuses[200] + WARM_UP
                assert counts["reviews"] == counts["versions"] == expected, expected
        print(f"load after: {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
