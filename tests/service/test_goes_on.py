"""What has to go on by itself: workers, the loops that check and upkeep, and what they share."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.service import senders
from tests.service.conftest import BAD, CLEAN, TOKEN, Answer, Server, served, until
from tests.service.deliveries import NOW, incoming, review
from tests.service.test_check import GATE, STUMBLE
from tests.service.test_web import IMPATIENT

from claimlint.config import Config
from claimlint.service import pages_recheck, reading
from claimlint.service.checking import BusyError, Reply, Task
from claimlint.service.hooks import stored
from claimlint.service.journal import Journal
from claimlint.service.pages_recheck import Rechecks
from claimlint.service.payloads import Text
from claimlint.service.reading import Reader
from claimlint.service.store import NewDecision, Store, StoreError

AUTHORIZATION = {"authorization": f"Bearer {TOKEN}"}
SECTION = """
workers: 2
deadline_seconds: 8
check_tokens: [{env: CHECK_TOKEN}]
endpoints:
  - {name: std, cms: standard, secrets: [{env: SECRET_standard}]}
  - name: thin
    cms: storyblok
    secrets: [{env: SECRET_storyblok}]
    fields: [{name: body, path: story.content.body, format: prosemirror}]
    fetch: {url: "http://127.0.0.1:1", token: {env: CHECK_TOKEN}, allow_private: true}
"""
HURRIED = """
import claimlint.service.jobs as jobs
jobs.DEADLINE_SECONDS, jobs._POLL_SECONDS, jobs._TROUBLED_SECONDS = 1.0, 0.1, 0.1
jobs._BUSY_SECONDS = jobs._RULES_SECONDS = 0.1
"""


def delivered(server: Server, name: str, text: str = CLEAN, endpoint: str = "std") -> Answer:
    body = senders.EVERY[0].body(name, 1, text)
    return server.deliver(f"/hooks/{endpoint}", body, senders.standard(body, time.time()))


def thin(server: Server, number: int) -> Answer:
    """A delivery that names a text to fetch."""
    body = json.dumps({"action": "published", "story_id": number}).encode()
    return server.deliver("/hooks/thin", body, senders.storyblok(body, time.time()))


def verdict(server: Server, name: str, endpoint: str = "std") -> str:
    return str(server.status(endpoint, name)["verdict"])


# Checks


def test_an_event_for_which_there_is_no_worker_is_not_given_up(tmp_path: Path) -> None:
    with (
        served(tmp_path, SECTION, program=IMPATIENT + HURRIED + STUMBLE) as server,
        ThreadPoolExecutor(2) as several,
    ):
        for _ in range(2):
            several.submit(server.check, {"content": "SLOWLY"})
        until(lambda: "claimlint_idle_workers 0" in server.get("/metrics").body.decode())
        assert delivered(server, "sound", BAD).status == 200
        until(lambda: len(server.logged("check put off")) > 3)  # of three attempts
        assert server.rows("SELECT attempts FROM events WHERE state = 'dead'") == []
        assert verdict(server, "sound") == "block"
        assert server.logged("check failed") == []


def test_a_poison_document_is_given_up_also_when_its_rules_are_loaded_anew_each_time(
    tmp_path: Path,
) -> None:
    """Its workers die over it, so each try begins by loading; that is no reason to try for ever."""
    loading = """
import sys, time
if "--multiprocessing-fork" in sys.argv:
    from claimlint.workshop import Workshop
    prepare = Workshop.prepare
    def slow(self, names=()):
        if self.config.markets == ("kr",):
            time.sleep(1)
        return prepare(self, names)
    Workshop.prepare = slow
"""
    korean = "  - {name: kr, cms: standard, secrets: [{env: SECRET_standard}], market: [kr]}\n"
    program = IMPATIENT + HURRIED + "jobs.DEADLINE_SECONDS = 4.0\n" + STUMBLE + loading
    with served(tmp_path, SECTION + korean, program=program) as server:
        assert delivered(server, "poison", "SLOWLY", "kr").status == 200
        until(lambda: server.rows("SELECT 1 FROM events WHERE state = 'dead'"))
        assert {line["reason"] for line in server.logged("check failed")} == {
            "the check took too long and was ended"
        }


PACK = """
pack: ours
version: 1.0.0
rules:
  - id: ours/insurance
    title: Insurance
    category: pressure
    severity: error
    kind: phrase
    match: ["insurance card"]
    message: "Insurance"
    why: It is a test.
    suggest: ["card"]
    examples:
      flag: ["Bring your [[insurance card]].", "Your [[insurance card]] is enough."]
      pass: ["Bring a card.", "We take your insurance."]
"""


def test_a_mistake_in_the_rules_gives_no_event_up(tmp_path: Path) -> None:
    ours = (
        "  - {name: own, cms: standard, secrets: [{env: SECRET_standard}], packs: [./ours.yaml]}\n"
    )
    pack = tmp_path / "ours.yaml"
    pack.write_text(PACK, "utf-8")
    again = "import claimlint.service.jobs as jobs\njobs._RULES_SECONDS = 0.1\n"
    with served(tmp_path, SECTION + ours, program=IMPATIENT + again) as server:
        pack.write_text(PACK.replace("kind: phrase", "kind: phrasing"), "utf-8")
        assert delivered(server, "sound", CLEAN, "own").status == 200
        put_off = until(lambda: len(found := server.logged("check put off")) > 3 and found)
        assert all("ours.yaml:" in line["reason"] for line in put_off)
        body = senders.EVERY[0].body("sound", 1, CLEAN)
        gate = server.check(body, path="/check?endpoint=own")
        assert (gate.status, gate.detail) == (503, "the rules cannot be used now")
        assert "ours.yaml:" in server.logged("gate failed")[-1]["reason"]
        asked = server.check({"content": CLEAN, "market": ["nowhere"]})
        assert asked.status == 422
        pack.write_text(PACK, "utf-8")
        assert verdict(server, "sound", "own") == "block"
        assert server.logged("check failed") == []


def test_a_decision_for_which_there_is_no_worker_counts_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also after more tries than a document has that cannot be checked."""
    monkeypatch.setattr(pages_recheck, "_LOOK_SECONDS", 0.0)
    tries = 0

    class Busy:
        async def check(self, task: Task, deadline_seconds: float) -> Reply:
            nonlocal tries
            tries += 1
            if tries < 10:
                raise BusyError("all workers are busy")
            return Reply(b"{}", "pass", 0, 0, 0, 1, "r" * 64)

    async def project() -> None:
        return None

    async def decided() -> str | None:
        with ThreadPoolExecutor(1) as thread:
            store = await asyncio.wrap_future(thread.submit(Store.open, str(tmp_path / "s")))
            read = Reader(store, thread)
            text = stored((Text("body", "body", "text", BAD.encode()),))
            await read(lambda store: store.accept(incoming(text), NOW))
            job = await read(lambda store: store.claim("w", NOW))
            assert job is not None
            await read(lambda store: store.finish(job, review("block"), NOW))
            decision = NewDecision(
                rule="a/b",
                fingerprint="f",
                decision="waive",
                reason="so",
                date="2026-11-20",
                by="j",
            )
            await read(lambda store: store.decide(job.document_id, decision, NOW))
            endpoint = SimpleNamespace(config=Config(root=str(tmp_path)), tellings=())
            endpoints: Any = {job.endpoint: endpoint}
            busy: Any = Busy()
            rechecks = Rechecks(read, busy, endpoints, project, Journal(io.StringIO()))
            keeping_up = asyncio.create_task(rechecks.keep_up())
            async with asyncio.timeout(60):
                while not await read(lambda store: store.documents(verdict="pass")):
                    await asyncio.sleep(0.01)
            keeping_up.cancel()
            await asyncio.gather(keeping_up, return_exceptions=True)
            (row,) = await read(lambda store: store.documents())
            await asyncio.wrap_future(thread.submit(store.close))
            return row.verdict

    assert asyncio.run(decided()) == "pass"
    assert tries == 10


# Workers


def test_a_worker_that_cannot_be_started_is_tried_until_it_can(tmp_path: Path) -> None:
    scarce = """
import os
import multiprocessing.popen_spawn_posix as spawn
begin = spawn.Popen.__init__
def scarce(self, process):
    if os.path.exists("scarce"):
        raise OSError(24, "Too many open files")
    begin(self, process)
spawn.Popen.__init__ = scarce
"""
    with served(tmp_path, GATE, program=scarce) as server:
        assert server.get("/readyz").status == 200
        (tmp_path / "scarce").touch()
        for number in server.workers():
            os.kill(number, signal.SIGKILL)
        told = until(lambda: server.logged("worker not started"))
        assert "Too many open files" in told[0]["reason"]
        assert server.logged("worker ended")
        assert server.get("/readyz").detail == "no worker process is there to check"
        assert server.check({"content": CLEAN}).status == 503
        assert server.get("/healthz").status == 200
        (tmp_path / "scarce").unlink()
        until(lambda: server.check({"content": CLEAN}).status == 200)
        assert server.get("/readyz").status == 200
        assert server.logged("worker renewed")


def test_a_worker_that_is_stuck_ends_after_a_server_that_was_killed(tmp_path: Path) -> None:
    early = STUMBLE + "    checking._OVERTIME_SECONDS = 0.5\n"
    with served(tmp_path, GATE, program=early) as server, ThreadPoolExecutor(1) as other:
        workers = server.workers()
        asked = other.submit(server.check, {"content": "SLOWLY"})
        until(lambda: "claimlint_idle_workers 0" in server.get("/metrics").body.decode())
        server.process.kill()
        assert isinstance(asked.exception(), OSError)
        until(lambda: not any(Path(f"/proc/{number}").exists() for number in workers))


# Loops


FAULTS = """
import os, sqlite3
import claimlint.service.errands as errands
import claimlint.service.jobs as jobs
import claimlint.service.pages_recheck as rechecks
import claimlint.service.web as web
from claimlint.service.store import Store
jobs._TROUBLED_SECONDS = errands._TROUBLED_SECONDS = 0.1
rechecks._LOOK_SECONDS = web._PURGE_EVERY_SECONDS = 0.1
def faulty(name):
    sound = getattr(Store, name)
    def call(self, *given, **named):
        if os.path.exists(name):
            raise sqlite3.OperationalError("words of the draft")
        return sound(self, *given, **named)
    setattr(Store, name, call)
for name in ("claim", "claim_errand", "outdated", "purge"):
    faulty(name)
"""


@pytest.mark.parametrize("call", ["claim", "claim_errand", "outdated", "purge"])
def test_a_fault_that_nobody_thought_of_ends_no_loop(tmp_path: Path, call: str) -> None:
    (tmp_path / call).touch()
    with served(tmp_path, SECTION, program=FAULTS) as server:
        assert delivered(server, "sound", BAD).status == 200
        until(lambda: len(server.logged("failure")) > 5)  # more than there are loops
        assert {line["reason"] for line in server.logged("failure")} == {"OperationalError"}
        assert "words of the draft" not in server.log_file.read_text("utf-8")
        (tmp_path / call).unlink()
        assert verdict(server, "sound") == "block"
        assert server.stop() == 0


# What is shared


def test_thin_deliveries_that_wait_for_a_lock_hold_up_no_reader(tmp_path: Path) -> None:
    with served(tmp_path, SECTION) as server:
        assert delivered(server, "before").status == 200
        assert verdict(server, "before") == "pass"
        with (
            closing(sqlite3.connect(server.store, isolation_level=None)) as other,
            ThreadPoolExecutor(8) as several,
        ):
            other.execute("BEGIN IMMEDIATE")
            waiting = [several.submit(thin, server, number) for number in range(1, 9)]
            time.sleep(0.3)
            path = "/documents/std/before/status"
            assert server.get(path, **AUTHORIZATION).json["verdict"] == "pass"
            assert not any(one.done() for one in waiting)
            other.execute("ROLLBACK")
            assert {one.result().status for one in waiting} == {200}
        assert server.rows("SELECT count(*) FROM errands") == [(8,)]
        assert thin(server, 1).json["duplicate"] is True


def test_a_purge_holds_up_nobody_and_ends_with_the_service(tmp_path: Path) -> None:
    long = """
import time
import claimlint.service.web as web
from claimlint.service.store import Purged, Store
web._PURGE_EVERY_SECONDS = 0.1
def purge(self, now, days, versions, is_over):
    open("purging", "w").close()
    while not is_over():
        time.sleep(0.01)
    return Purged(0, 0)
Store.purge = purge
"""
    with served(tmp_path, SECTION, program=long) as server:
        until((tmp_path / "purging").exists)
        assert delivered(server, "sound").status == 200
        assert thin(server, 1).status == 200
        assert verdict(server, "sound") == "pass"
        assert server.get("/readyz").status == 200
        assert server.get("/metrics").status == 200
        assert server.stop() == 0


def test_no_more_wait_for_the_store_than_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_WAITING_LIMIT", 5)
    go = threading.Event()

    def ask(_: Store) -> int:
        go.wait(30)
        return 1

    async def asked() -> list[Any]:
        with ThreadPoolExecutor(1) as thread:
            store = await asyncio.wrap_future(thread.submit(Store.open, str(tmp_path / "s")))
            read = Reader(store, thread)
            waiting = [asyncio.create_task(read(ask)) for _ in range(8)]
            await asyncio.sleep(0)
            go.set()
            found = await asyncio.gather(*waiting, return_exceptions=True)
            found.append(await read(ask))
            await asyncio.wrap_future(thread.submit(store.close))
            return found

    found = asyncio.run(asked())
    assert found[:5] == [1] * 5
    assert [isinstance(one, StoreError) and one.kind for one in found[5:8]] == ["busy"] * 3
    assert found[8] == 1


def test_watching_often_costs_the_store_no_more(tmp_path: Path) -> None:
    counted = """
import claimlint.service.reading as reading
from claimlint.service.store import Store
reading._RECENT_SECONDS = 600.0
def counting(name):
    sound = getattr(Store, name)
    def call(self):
        with open(name, "a") as file:
            file.write("x")
        return sound(self)
    setattr(Store, name, call)
for name in ("check_ready", "counts"):
    counting(name)
"""
    with served(tmp_path, SECTION, program=counted) as server, ThreadPoolExecutor(8) as several:
        for path, call in (("/readyz", "check_ready"), ("/metrics", "counts")):
            answers = list(several.map(server.get, [path] * 40))
            assert {answer.status for answer in answers} == {200}
            assert (tmp_path / call).read_text() == "x"


def test_decisions_in_files_are_read_beside_the_loop(tmp_path: Path) -> None:
    slow = """
import os, time
import claimlint.service.decisions as decisions
decisions._LOOK_SECONDS = 0.0
load = decisions.load_project
def slow(config, cache):
    if os.path.exists("claimlint-waivers.yaml"):
        open("loading", "w").close()
        while not os.path.exists("go"):
            time.sleep(0.01)
    return load(config, cache)
decisions.load_project = slow
"""
    with served(tmp_path, SECTION, program=slow) as server, ThreadPoolExecutor(2) as several:
        report = server.check({"content": BAD, "name": "std:x"}).json
        findings = report["documents"][0]["findings"]
        finding = next(one for one in findings if one["rule"].startswith("cure/"))
        waiver = {
            "rule": finding["rule"], "fingerprint": finding["fingerprint"], "reason": "It is a test.",
            "approver": "jo", "date": "2026-11-20", "kind": "waiver", "document": "any",
            "sentence": finding["sentence"]["text"], "words": finding["words"],
        }  # fmt: skip
        waivers = json.dumps({"waivers": [waiver]})
        (tmp_path / "claimlint-waivers.yaml").write_text(waivers, "utf-8")
        asked = several.submit(server.check, {"content": BAD, "name": "std:x"})
        until((tmp_path / "loading").exists)
        assert server.get("/healthz").status == 200
        assert not (tmp_path / "go").exists()
        assert not asked.done()
        (tmp_path / "go").touch()
        assert asked.result().json["summary"]["suppressed"] == 1
