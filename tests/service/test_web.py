"""The service as a whole: what it tells of itself, and what it does when things break under it."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import jsonschema
import pytest
from tests.service import senders
from tests.service.conftest import BAD, CLEAN, TOKEN, Answer, Server, served, start, until
from tests.service.kill import kill_at_random
from tests.service.test_check import STUMBLE

STATUS = "/documents/{endpoint}/{id}/status"
AUTHORIZATION = {"authorization": f"Bearer {TOKEN}"}
SECTION = """
workers: 2
check_tokens: [{env: CHECK_TOKEN}]
endpoints:
  - {name: std, cms: standard, secrets: [{env: SECRET_standard}]}
"""
# Waiting is for people: here a check that failed is tried again at once, and a lease is short.
IMPATIENT = """
from claimlint.service.store import Retries, Store
Store.open.__func__.__kwdefaults__["retries"] = Retries(most=3, first_seconds=0.1, cap_seconds=0.1)
Store.claim.__defaults__ = (2.0,)
"""
# Each fault is as SQLite makes it; a file in the working directory says when.
FAULTS = """
import os, time
import claimlint.service.jobs as jobs
from claimlint.service.store import Store
Store.open.__func__.__kwdefaults__["busy_seconds"] = 1.5
import claimlint.service.store_database as database
jobs._TROUBLED_SECONDS = 0.2
writing = database.Database.writing
def faulty(self):
    self.connection.execute(f"PRAGMA query_only = {int(os.path.exists('read-only'))}")
    pages = open("pages").read() if os.path.exists("pages") else "1000000"
    self.connection.execute(f"PRAGMA max_page_count = {pages}")
    return writing(self)
database.Database.writing = faulty
now = time.time
time.time = lambda: now() + (float(open("shift").read()) if os.path.exists("shift") else 0.0)
"""


def delivered(server: Server, name: str, revision: int, text: str = CLEAN, at: float = 0) -> Answer:
    body = senders.EVERY[0].body(name, revision, text)
    return server.deliver("/hooks/std", body, senders.standard(body, at or time.time()))


def verdict(server: Server, name: str) -> str:
    return str(server.status("std", name)["verdict"])


@pytest.fixture
def faulty(tmp_path: Path) -> Iterator[Server]:
    with served(tmp_path, SECTION, program=IMPATIENT + FAULTS) as server:
        assert delivered(server, "before", 1).status == 200
        assert verdict(server, "before") == "pass"
        yield server
        assert server.logged("failure") == []
        assert server.stop() == 0


def refused(answer: Answer) -> bool:
    """Whether a sender is told to come again."""
    assert (answer.status, answer.headers.get("retry-after")) == (503, "5"), answer
    return answer.detail == "the delivery could not be stored"


# The store in trouble


def test_a_full_disk(faulty: Server) -> None:
    pages = faulty.rows("PRAGMA page_count")[0][0]
    (faulty.folder / "pages").write_text(str(pages + 20), "utf-8")
    assert refused(delivered(faulty, "large", 1, CLEAN * 10_000))
    assert faulty.logged("not stored")[-1]["kind"] == "full"
    assert delivered(faulty, "small", 1).status == 200  # what still fits goes on
    assert faulty.check({"content": BAD}).status == 200
    (faulty.folder / "pages").unlink()
    assert delivered(faulty, "large", 1, CLEAN * 10_000).status == 200
    assert verdict(faulty, "small") == "pass"


def test_a_disk_that_fills_up_before_the_review(faulty: Server) -> None:
    (faulty.folder / "pages").write_text("1", "utf-8")  # below what is used: nothing can be added
    assert refused(delivered(faulty, "late", 1, CLEAN * 1000))
    (faulty.folder / "pages").unlink()
    assert delivered(faulty, "late", 1, CLEAN * 1000).status == 200
    assert verdict(faulty, "late")


def test_a_read_only_database(faulty: Server) -> None:
    (faulty.folder / "read-only").touch()
    assert refused(delivered(faulty, "kept", 1))
    assert faulty.logged("not stored")[-1]["kind"] == "read_only"
    assert faulty.get("/readyz").status == 503
    assert "read_only" in faulty.get("/readyz").detail
    assert faulty.get("/healthz").status == 200
    assert faulty.check({"content": BAD}).json["documents"][0]["verdict"] == "block"
    assert faulty.get("/documents/std/before/status", **AUTHORIZATION).json["verdict"] == "pass"
    (faulty.folder / "read-only").unlink()
    assert delivered(faulty, "kept", 1).status == 200
    assert verdict(faulty, "kept") == "pass"
    until(lambda: faulty.get("/readyz").status == 200)


def test_a_locked_database(faulty: Server) -> None:
    with closing(sqlite3.connect(faulty.store, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(2) as several:
            waiting = [several.submit(delivered, faulty, f"wait-{n}", 1) for n in range(2)]
            assert faulty.get("/healthz").status == 200
            assert faulty.check({"content": BAD}).status == 200
            assert all(refused(one.result()) for one in waiting)
        assert faulty.logged("not stored")[-1]["kind"] == "busy"
        other.execute("ROLLBACK")
    assert delivered(faulty, "wait-0", 1).status == 200
    assert verdict(faulty, "wait-0") == "pass"


def test_a_lock_that_ends_in_time_is_waited_for(faulty: Server) -> None:
    with closing(sqlite3.connect(faulty.store, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(1) as several:
            waiting = several.submit(delivered, faulty, "wait", 1)
            time.sleep(0.5)
            other.execute("ROLLBACK")
            assert waiting.result().status == 200
    assert verdict(faulty, "wait") == "pass"


def damage(store: Path) -> None:
    data = bytearray(store.read_bytes())
    noise = random.Random(1).randbytes(len(data) - 100)
    store.write_bytes(bytes(data[:100]) + noise)


def test_a_database_that_is_damaged_while_it_runs(tmp_path: Path) -> None:
    with served(tmp_path, SECTION, program=IMPATIENT + FAULTS) as server:
        assert delivered(server, "before", 1).status == 200
        assert verdict(server, "before") == "pass"
        with closing(sqlite3.connect(server.store)) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with server.store.open("r+b") as file:
            file.seek(100)
            file.write(b"\xa5" * (server.store.stat().st_size - 100))
        assert refused(delivered(server, "after", 1))
        assert server.logged("not stored")[-1]["kind"] == "corrupt"
        assert server.get("/readyz").status == 503
        assert server.get("/healthz").status == 200
        assert server.get("/metrics").status == 503
        assert server.check({"content": BAD}).status == 200
        assert server.logged("failure") == []


@pytest.mark.parametrize("shift", [86_400.0, -86_400.0, 600.0, -600.0])
def test_a_clock_that_jumps(faulty: Server, shift: float) -> None:
    (faulty.folder / "shift").write_text(str(shift), "utf-8")
    assert delivered(faulty, "now", 1).status == 401  # signed by the time that was right before
    assert delivered(faulty, "now", 1, BAD, at=time.time() + shift).status == 200
    assert verdict(faulty, "now") == "block"
    (faulty.folder / "shift").unlink()
    assert delivered(faulty, "now", 2).status == 200
    assert until(lambda: verdict(faulty, "now") == "pass")
    # What is checked when the clock is set back is checked once.
    (faulty.folder / "shift").write_text(str(-shift), "utf-8")
    assert delivered(faulty, "now", 3, BAD, at=time.time() - shift).status == 200
    assert until(lambda: verdict(faulty, "now") == "block")
    assert faulty.rows("SELECT count(*) FROM reviews") == faulty.rows(
        "SELECT count(*) FROM versions"
    )


# Documents and workers in trouble


@pytest.mark.parametrize("word", ["DIE", "FAULT"])
def test_a_poison_document_is_given_up_and_the_rest_goes_on(tmp_path: Path, word: str) -> None:
    with served(tmp_path, SECTION, program=IMPATIENT + STUMBLE) as server:
        assert delivered(server, "poison", 1, word).status == 200
        for number in range(20):
            assert delivered(server, f"sound-{number}", 1, f"{BAD} {number}").status == 200
        for number in range(20):
            assert verdict(server, f"sound-{number}") == "block"
        failed = until(
            lambda: len(server.logged("check failed")) == 3 and server.logged("check failed")
        )
        assert [line["attempt"] for line in failed] == [1, 2, 3]
        assert {line["document"] for line in failed} == {"poison"}
        found = server.get("/documents/std/poison/status", **AUTHORIZATION).json
        assert (found["state"], found["verdict"]) == ("dead", None)
        assert 'claimlint_events{state="dead"} 1' in server.get("/metrics").body.decode()
        assert "words of the draft" not in server.log_file.read_text("utf-8")


def test_what_cannot_be_read_is_given_up_at_once(tmp_path: Path) -> None:
    section = f"{SECTION.rstrip()[:-1]}, fields: [{{name: body, path: data.content, format: lexical}}]}}\n"
    with served(tmp_path, section, program=IMPATIENT) as server:
        data = {"id": "odd", "content": {"neither": "tree"}}
        body = json.dumps({"data": data}).encode()
        assert server.deliver("/hooks/std", body, senders.standard(body, time.time())).status == 200
        until(lambda: server.rows("SELECT 1 FROM events WHERE state IN ('dead', 'done')"))
        rows = server.rows("SELECT state, attempts FROM events")
        if rows != [("dead", 1)]:  # it was read after all, and then not passed
            assert server.status("std", "odd")["verdict"] != "pass"


def test_an_endpoint_that_was_taken_away_leaves_its_deliveries_to_be_retried(
    tmp_path: Path,
) -> None:
    with served(tmp_path, SECTION, program=IMPATIENT + STUMBLE) as server:
        assert delivered(server, "left", 1, "SLOWLY").status == 200
        until(lambda: server.rows("SELECT 1 FROM events WHERE state = 'running'"))
        server.process.kill()
        server.process.wait()
    with served(tmp_path, SECTION.replace("name: std", "name: other"), program=IMPATIENT) as server:
        (failed,) = until(lambda: server.logged("check failed"))
        assert "no longer configured" in failed["reason"]


def test_kill_at_random_moments_loses_nothing(tmp_path: Path) -> None:
    found = kill_at_random(tmp_path, 3, 4, program=IMPATIENT.replace("most=3", "most=50"))
    assert sum(found.kills.values()) == 3
    assert len(found.answered) > 50
    assert found.dead == 0
    assert found.wrong == {}


# Stop and start


def test_a_stop_keeps_what_is_left_for_the_next_start(tmp_path: Path) -> None:
    with served(tmp_path, SECTION) as server:
        for number in range(60):
            assert delivered(server, f"doc-{number}", 1, f"{BAD} {number}").status == 200
        assert server.stop() == 0
        assert server.logged("stopped")
        assert [line["event"] for line in server.lines()][-1] == "stopped"
        assert not (tmp_path / "claimlint.sqlite3-wal").exists()  # closed: all of it is in one file
        (left,) = server.rows("SELECT count(*) FROM events WHERE state = 'queued'")[0]
        (made,) = server.rows("SELECT count(*) FROM reviews")[0]
        assert left + made == 60
        assert server.rows("SELECT count(*) FROM events WHERE state = 'running'") == [(0,)]
    again = start(tmp_path, SECTION, port=server.port)
    try:
        until(lambda: again.rows("SELECT count(*) FROM reviews") == [(60,)])
    finally:
        again.stop()


def test_two_services_share_a_store(tmp_path: Path) -> None:
    with served(tmp_path, SECTION) as one, served(tmp_path, SECTION) as two:
        for number in range(20):
            assert delivered((one, two)[number % 2], f"doc-{number}", 1).status == 200
        for number in range(20):
            assert verdict((two, one)[number % 2], f"doc-{number}") == "pass"
        assert one.rows("SELECT count(*) FROM reviews") == [(20,)]
        checked = [line["document"] for line in one.logged("checked")]
        assert sorted(checked) == sorted({f"doc-{number}" for number in range(20)})


# What it tells of itself


def test_health_readiness_and_metrics(everything: Server) -> None:
    for path in ("/healthz", "/readyz"):
        answer = everything.get(path)
        assert (answer.status, answer.json) == (200, {"ok": True})
        assert everything.ask("HEAD", path).status == 200
    answer = everything.get("/metrics")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    names = [line.split("{")[0].split()[0] for line in answer.body.decode().splitlines()]
    for name in ("events", "documents", "reviews", "backlog_seconds", "idle_workers", "log_total"):
        assert f"claimlint_{name}" in names
    for line in answer.body.decode().splitlines():
        if not line.startswith("#"):
            float(line.rpartition(" ")[2])


def test_a_status_needs_the_token_and_a_document(everything: Server) -> None:
    assert delivered(everything, "side/panel", 1).status == 200
    assert verdict(everything, "side/panel") == "pass"
    assert everything.get("/documents/std/side/panel/status").status == 401
    assert everything.get("/documents/std/nobody/status", **AUTHORIZATION).status == 404
    assert everything.get("/documents/nobody/side/panel/status", **AUTHORIZATION).status == 404
    found = everything.get("/documents/std/side/panel/status?locale=de", **AUTHORIZATION)
    assert found.status == 404


@pytest.mark.parametrize(
    "path", ["/nothing", "/documents/x", "/check/", "/hooks", "/%00", "/..", "/%ff"]
)
def test_an_unknown_address_is_a_problem_document(everything: Server, path: str) -> None:
    answer = everything.get(path)
    assert answer.status == 404
    assert answer.detail


def test_no_answer_speaks_of_a_server_or_lets_other_sites_read(everything: Server) -> None:
    for answer in (
        everything.get("/healthz", origin="https://evil.example"),
        everything.get("/no"),
    ):
        assert "server" not in answer.headers
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_requests_that_are_no_http_are_refused(everything: Server) -> None:
    for data in (
        b"\x16\x03\x01\x02\x00",
        b"GET\r\n\r\n",
        b"POST /check HTTP/9.9\r\n\r\n",
        b"\0" * 500,
        b"POST /check HTTP/1.1\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n",
        b"POST /check HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
    ):
        with everything.connect() as line:
            line.sendall(data)
            line.settimeout(20)
            assert line.recv(100)[:12] in (b"HTTP/1.1 400", b"")
    assert everything.get("/healthz").status == 200
    assert {line["event"] for line in everything.lines()} >= {"server"}


def test_a_websocket_is_not_opened(everything: Server) -> None:
    answer = everything.get(
        "/healthz",
        connection="upgrade",
        upgrade="websocket",
        sec_websocket_key="eA==",
        sec_websocket_version="13",
    )
    assert answer.status == 200


def test_a_line_on_which_nothing_comes_is_closed(tmp_path: Path) -> None:
    hurried = "import claimlint.service.wire as wire\nwire._HEAD_SECONDS = 0.5\n"
    with served(tmp_path, SECTION, program=hurried) as server:
        with server.connect() as silent, server.connect() as slow, server.connect() as kept:
            slow.sendall(b"GET /healthz HTT")
            kept.sendall(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
            answer = b""
            while not answer.endswith(b'{"ok":true}'):
                answer += kept.recv(65_536)
            kept.sendall(b"GET /healthz HTT")
            for line in (silent, slow, kept):
                line.settimeout(20)
                assert line.recv(100) == b""
        assert delivered(server, "after", 1).status == 200


def answers_of(server: Server, data: bytes) -> bytes:
    """All that comes back on one line for what is sent without waiting, until the line is closed."""
    with server.connect() as line:
        line.sendall(data)
        line.settimeout(20)
        answer = b""
        while more := line.recv(65_536):
            answer += more
    return answer


ONE = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"
LAST = ONE.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n")


def test_requests_that_do_not_wait_for_the_answer_are_answered_in_turn(everything: Server) -> None:
    assert answers_of(everything, ONE + LAST).count(b"HTTP/1.1 200 OK") == 2


def test_of_many_requests_at_once_the_first_are_answered_and_the_line_is_closed(
    everything: Server,
) -> None:
    """Each would be held in memory until those before it are answered."""
    answer = answers_of(everything, ONE * 500)
    assert answer.count(b"HTTP/1.1 200 OK") == 2
    assert answer.count(b"connection: close") == 1
    assert answer.endswith(b'{"ok":true}')
    large = b"POST /check HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\n12345"
    assert answers_of(everything, large * 500).count(b"HTTP/1.1 401") == 2
    with everything.connect() as line:  # one after the other is no matter
        for _ in range(20):
            line.sendall(ONE)
            found = b""
            while not found.endswith(b'{"ok":true}'):
                found += line.recv(65_536)


def test_the_log_is_one_object_a_line(everything: Server) -> None:
    assert delivered(everything, "log\nline\u2028\x1b[2J", 1).status == 200
    lines = everything.log_file.read_text("utf-8").splitlines()
    assert len(lines) > 5
    for line in lines:
        assert {"time", "event"} <= json.loads(line).keys()
        assert line.isascii()
        assert "\x1b" not in line


def test_ctrl_c_stops_it_as_sigterm_does(tmp_path: Path) -> None:
    with served(tmp_path, SECTION) as server:
        os.kill(server.process.pid, signal.SIGINT)
        assert server.process.wait(60) == 0
        assert server.lines()[-1]["event"] == "stopped"


# The description


def test_answers_are_as_the_description_says(everything: Server) -> None:
    whole = everything.get("/openapi.json").json
    assert whole["openapi"].startswith("3.1")
    assert {"/check", "/hooks/std", "/healthz", "/readyz"} <= whole["paths"].keys()
    assert delivered(everything, "described", 1, BAD).status == 200
    verdict(everything, "described")
    body = senders.EVERY[0].body("described", 1, BAD)
    asked = [
        (200, "/check", everything.check({"content": BAD})),
        (422, "/check", everything.check({"content": 7})),
        (400, "/check", everything.check(b"{")),
        (415, "/check", everything.check(b"x", "text/xml")),
        (401, "/check", everything.ask("POST", "/check", b"x")),
        (413, "/check", everything.check(b"a" * 3_000_000, "text/plain")),
        (200, "/hooks/std", delivered(everything, "described", 1, BAD)),
        (401, "/hooks/std", everything.deliver("/hooks/std", body, {})),
        (200, "/healthz", everything.get("/healthz")),
        (200, "/readyz", everything.get("/readyz")),
        (200, STATUS, everything.get("/documents/std/described/status", **AUTHORIZATION)),
        (404, STATUS, everything.get("/documents/std/nobody/status", **AUTHORIZATION)),
    ]
    for status, path, answer in asked:
        assert answer.status == status, path
        (operation,) = whole["paths"][path].values()
        told = operation["responses"][str(status)]["content"][answer.headers["content-type"]]
        jsonschema.validate(answer.json, {**told["schema"], "components": whole["components"]})


def test_what_the_description_does_not_allow_is_not_in_answers(everything: Server) -> None:
    """The check above can fail: a report without its verdict is not as described."""
    whole = everything.get("/openapi.json").json
    (operation,) = whole["paths"]["/check"].values()
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    report = everything.check({"content": BAD}).json
    del report["documents"][0]["verdict"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(report, {**schema, "components": whole["components"]})


def test_small_answers_are_sent_without_delay(tmp_path: Path) -> None:
    """Nagle's algorithm and delayed acknowledgements would cost each request 40 milliseconds."""
    told = (
        "import asyncio.base_events as base, socket\n"
        "set_nodelay = base._set_nodelay\n"
        "def telling(sock):\n"
        "    set_nodelay(sock)\n"
        "    if sock.family in (socket.AF_INET, socket.AF_INET6):\n"
        "        open('nodelay', 'a').write(str(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))\n"
        "base._set_nodelay = telling\n"
    )
    with served(tmp_path, SECTION, program=told) as server:
        assert server.get("/healthz").status == 200
        assert set((tmp_path / "nodelay").read_text("utf-8")) == {"1"}


def test_a_delivery_is_written_to_the_disk_before_its_answer(tmp_path: Path) -> None:
    told = (
        "from claimlint.service.store import Store\n"
        "accept = Store.accept_all\n"
        "def telling(self, *given):\n"
        "    (level,) = self._database.one('PRAGMA synchronous')\n"
        "    open('synchronous', 'w').write(str(level))\n"
        "    return accept(self, *given)\n"
        "Store.accept_all = telling\n"
    )
    with served(tmp_path, SECTION, program=told) as server:
        assert delivered(server, "kept", 1).status == 200
        assert (tmp_path / "synchronous").read_text("utf-8") == "2"  # FULL, sqlite.org/pragma.html
