"""Between the request and the disk: who shares a write, who is told what, and how much may wait."""

from __future__ import annotations

import asyncio
import datetime
import io
import json
import logging
import threading
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest

from claimlint.config import load_config
from claimlint.service import checking, intake
from claimlint.service.intake import Intake
from claimlint.service.journal import Journal, heard_by
from claimlint.service.payloads import Text
from claimlint.service.store import Accepted, Incoming, Store, StoreError, Wanted

T = TypeVar("T")


def incoming(name: str, content: bytes = b"Text.") -> Incoming:
    return Incoming(endpoint="x", external_id=name, format="texts", content=content)


class Slow:
    """A store that waits until it is let go, and fails as it is told."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.go = threading.Event()
        self.writes: list[int] = []

    def accept_all(self, every: Iterable[Incoming], now: float) -> tuple[Accepted, ...]:
        self.go.wait(30)
        listed = list(every)
        self.writes.append(len(listed))
        if any(one.external_id == "fault" for one in listed):
            raise ValueError("something that nobody thought of")
        if any(one.external_id == "busy" for one in listed):
            raise StoreError("busy", "locked")
        return self.store.accept_all(listed, now)

    def want(self, every: Iterable[Wanted], now: float) -> tuple[bool, ...]:
        self.go.wait(30)
        listed = list(every)
        self.writes.append(len(listed))
        return self.store.want(listed, now)


def run(path: Path, work: Callable[[Intake, Slow], Awaitable[T]]) -> T:
    """Work with an intake whose store is slow."""

    async def working() -> T:
        with ThreadPoolExecutor(1) as thread:
            store = await asyncio.wrap_future(thread.submit(Store.open, str(path / "s.sqlite3")))
            slow = Slow(store)
            made = Intake(slow, thread, asyncio.Event())  # type: ignore[arg-type]
            found = await work(made, slow)
            slow.go.set()
            await made.close()
            await asyncio.wrap_future(thread.submit(store.close))
            return found

    return asyncio.run(working())


async def told(waiting: Iterable[asyncio.Task[Any]]) -> list[Any]:
    return await asyncio.gather(*waiting, return_exceptions=True)


def begun(made: Intake, names: Iterable[str]) -> list[asyncio.Task[Any]]:
    return [asyncio.create_task(made.accept((incoming(name),))) for name in names]


def test_what_comes_together_is_written_together(tmp_path: Path) -> None:
    async def work(made: Intake, slow: Slow) -> tuple[list[Any], list[int]]:
        waiting = begun(made, [f"d{number}" for number in range(150)])
        await asyncio.sleep(0.05)
        slow.go.set()
        return await told(waiting), slow.writes

    found, writes = run(tmp_path, work)
    assert [one[0].outcome for one in found] == ["stored"] * 150
    assert sum(writes) == 150
    assert len(writes) < 6
    assert len({one[0].document_id for one in found}) == 150


def test_a_fault_over_one_delivery_is_not_the_others(tmp_path: Path) -> None:
    async def work(made: Intake, slow: Slow) -> list[Any]:
        slow.go.set()
        first = await told(begun(made, ["a", "fault", "b"]))
        return first + await told(begun(made, ["c"]))

    a, fault, b, c = run(tmp_path, work)
    assert [one[0].outcome for one in (a, b, c)] == ["stored"] * 3
    assert isinstance(fault, ValueError)


def test_trouble_with_the_store_is_told_to_all_of_a_write(tmp_path: Path) -> None:
    async def work(made: Intake, slow: Slow) -> list[Any]:
        slow.go.set()
        first = await told(begun(made, ["a", "busy"]))
        return first + await told(begun(made, ["a"]))

    a, busy, again = run(tmp_path, work)
    assert isinstance(a, StoreError)
    assert isinstance(busy, StoreError)
    assert again[0].outcome == "stored"


def test_no_more_wait_than_memory_allows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "_WAITING_LIMIT", 10)
    monkeypatch.setattr(intake, "_WAITING_LIMIT_BYTES", 1000)

    async def work(made: Intake, slow: Slow) -> list[Any]:
        first = asyncio.create_task(made.accept((incoming("first"),)))
        await asyncio.sleep(0.05)  # it is being written
        waiting = begun(made, [f"d{number}" for number in range(12)])
        large = asyncio.create_task(made.accept((incoming("large", b"a" * 2000),)))
        await asyncio.sleep(0.05)
        slow.go.set()
        found = await told([first, *waiting, large])
        return found + await told(begun(made, ["after"]))

    found = run(tmp_path, work)
    refused = [one for one in found if isinstance(one, StoreError)]
    assert len(refused) == 3
    assert {one.kind for one in refused} == {"busy"}
    assert found[-1][0].outcome == "stored"


def test_who_has_gone_away_is_written_all_the_same(tmp_path: Path) -> None:
    async def work(made: Intake, slow: Slow) -> Any:
        (gone,) = begun(made, ["gone"])
        await asyncio.sleep(0.02)
        gone.cancel()
        await told([gone])
        slow.go.set()
        return await told(begun(made, ["gone"]))

    assert run(tmp_path, work)[0][0].outcome == "duplicate"


def test_what_is_to_be_fetched_is_written_together_and_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "_WAITING_LIMIT", 100)

    async def work(made: Intake, slow: Slow) -> tuple[list[Any], list[int]]:
        wanted = [(Wanted("x", f"{number // 2}"),) for number in range(120)]
        waiting = [asyncio.create_task(made.want(one)) for one in wanted]
        await asyncio.sleep(0.05)
        slow.go.set()
        return await told(waiting), slow.writes

    found, writes = run(tmp_path, work)
    assert found[:100] == [(True,), (False,)] * 50
    assert [one.kind for one in found[100:]] == ["busy"] * 20
    assert sum(writes) == 100
    assert len(writes) < 3


def test_a_stop_writes_what_waits(tmp_path: Path) -> None:
    async def work(made: Intake, slow: Slow) -> Any:
        waiting = begun(made, [f"d{number}" for number in range(5)])
        await asyncio.sleep(0.02)
        slow.go.set()
        await made.close()
        return await told(waiting)

    assert [one[0].outcome for one in run(tmp_path, work)] == ["stored"] * 5


def test_a_report_without_bound_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = load_config(None, str(tmp_path), None)
    text = Text("content", "content", "markdown", b"Stem cell therapy can cure arthritis. " * 40)
    task = checking.Task("a.md", (text,), config, None, datetime.date(2026, 11, 20))
    kept = checking.answered(task, None)
    assert isinstance(kept, checking.Reply)
    monkeypatch.setattr(checking, "_REPORT_LIMIT_BYTES", len(kept.report) - 1)
    refused = checking.answered(task, None)
    assert isinstance(refused, checking.Refusal)
    assert "split the document" in refused.message


# The log


def test_a_line_holds_no_more_than_it_should() -> None:
    stream = io.StringIO()
    journal = Journal(stream)
    journal.write(
        "refused", endpoint="x", reason="a\nb\x1b" + "c" * 9999, seconds=0.5, nothing=None
    )
    (line,) = stream.getvalue().splitlines()
    told = json.loads(line)
    assert told["event"] == "refused"
    assert len(told["reason"]) <= 300
    assert "nothing" not in told
    assert "\x1b" not in line
    assert journal.counts["refused", "x"] == 1


def test_a_log_that_takes_nothing_stops_nobody() -> None:
    stream = io.StringIO()
    stream.close()
    journal = Journal(stream)
    journal.write("delivered")
    assert journal.counts["delivered", ""] == 1


def test_the_server_logs_through_the_journal_without_tracebacks() -> None:
    stream = io.StringIO()
    heard_by(Journal(stream), "claimlint.tests.server")
    logger = logging.getLogger("claimlint.tests.server.error")
    try:
        raise KeyError("words of a draft")
    except KeyError as error:
        logger.error("Exception in application\nsecond line", exc_info=error)
    logger.info("not worth a line")
    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["reason"] == "Exception in application"
    assert json.loads(line)["kind"] == "KeyError"
    assert "draft" not in line
