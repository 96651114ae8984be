"""One check as the service does it: in a process of its own, which can be killed at its deadline."""

from __future__ import annotations

import asyncio
import datetime
import multiprocessing
import signal
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any, NamedTuple

from claimlint.errors import ClaimlintError, DefinitionError, Fault, ReadError
from claimlint.model.report import Verdict
from claimlint.service.decisions import without_idle
from claimlint.service.pages_draw import Drawing, Drawn, drawn

if TYPE_CHECKING:
    from claimlint.cache import CacheFolder
    from claimlint.config import Config
    from claimlint.model.document import Document
    from claimlint.review.suppress import Project
    from claimlint.workshop import Workshop

_ENGINES_KEPT = 8  # combinations of markets and packs; each holds its rules in memory
_GRACE_SECONDS = 2.0
_LOAD_SECONDS = 60.0
_LOADED = "loaded"
_MARGIN_SECONDS = 0.5  # in which a worker's own deadline is told before ours
_PAUSE_SECONDS = 1.0
_REPORT_LIMIT_BYTES = 32 << 20  # a draft of 2 MB that is nothing but claims would fill 150
_WAITING_SHARE = 0.5  # of the time that a check may take
_WAITING_LIMIT = 64  # documents for each worker, which are held in memory


class Text(NamedTuple):
    """One text of a document: its field, its form and its bytes."""

    field: str
    form: str
    data: bytes


class Task(NamedTuple):
    """A document to check; a single text is read as `check` reads it, several as one document."""

    name: str
    texts: tuple[Text, ...]
    config: Config
    project: Project | None
    today: datetime.date


class Reply(NamedTuple):
    """A report on one document as JSON, and what is needed of it without decoding that."""

    report: bytes
    verdict: Verdict
    errors: int
    warnings: int
    notes: int
    suppressed: int
    ruleset: str


class Refusal(NamedTuple):
    """A document that cannot be checked, whoever asks how often: its sentence for the sender."""

    message: str


class Failure(NamedTuple):
    """A fault of our own over a document: the kind of the exception, none of its words."""

    kind: str


class BusyError(ClaimlintError):
    """All workers are at work; try again later."""


class DeadlineError(ClaimlintError):
    """The check took longer than it may, and was ended."""


class LostError(ClaimlintError):
    """The worker died over the document."""


class Pool:
    """A fixed number of worker processes; nothing of a document is judged in this process."""

    def __init__(self, size: int, cache: CacheFolder | None, warm: Config) -> None:
        self._cache = cache
        self._warm = warm
        self._size = size
        self._idle: asyncio.Queue[_Worker] = asyncio.Queue()
        self._all: set[_Worker] = set()
        self._renewals: set[asyncio.Task[None]] = set()
        # A thread for each worker: whoever has got a worker never waits for a thread as well.
        self._threads = ThreadPoolExecutor(size, "worker")
        self._waiting = 0
        self._closing = False

    async def start(self) -> None:
        """Start the processes; raises DefinitionError when the rules cannot be loaded."""
        loop = asyncio.get_running_loop()
        begun = [_Worker(self._cache, self._warm) for _ in range(self._size)]
        self._all.update(begun)
        try:
            for worker in begun:
                await loop.run_in_executor(self._threads, worker.ready, _LOAD_SECONDS)
                self._idle.put_nowait(worker)
        except (DefinitionError, LostError):
            self.close()
            raise

    async def check(self, task: Task, deadline_seconds: float) -> Reply | Refusal:
        """Check a document within some seconds, waiting for a worker included.

        Raises BusyError, DeadlineError and LostError.
        """
        reply: Reply | Refusal = await self._answer(task, deadline_seconds)
        return reply

    async def draw(self, drawing: Drawing, deadline_seconds: float) -> Drawn | None:
        """Lay out a review page, as `check` checks; None when its draft cannot be read any more."""
        reply: Drawn | None = await self._answer(drawing, deadline_seconds)
        return reply

    async def _answer(self, task: Task | Drawing, deadline_seconds: float) -> Any:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        if self._idle.empty() and self._waiting >= _WAITING_LIMIT * self._size:
            raise BusyError("all workers are busy")
        self._waiting += 1
        try:
            # Whoever waited long shall not have a sound worker killed for the little time that is left.
            worker = await asyncio.wait_for(self._idle.get(), deadline_seconds * _WAITING_SHARE)
        except TimeoutError:
            raise BusyError("all workers are busy") from None
        finally:
            self._waiting -= 1
        left = deadline_seconds - (loop.time() - begun)
        asked = loop.run_in_executor(self._threads, worker.ask, task, left)
        # Also when whoever asked has gone meanwhile: the worker is of use again only when it is done.
        asked.add_done_callback(partial(self._take_back, worker))
        try:
            return await asyncio.wait_for(asyncio.shield(asked), left + _MARGIN_SECONDS)
        except TimeoutError:
            # That is needed once: the worker goes on with it, and whoever comes again finds it done.
            raise BusyError("the rules for this are being loaded") from None

    def _take_back(self, worker: _Worker, done: asyncio.Future[Any]) -> None:
        if not done.cancelled() and done.exception() is None:
            self._idle.put_nowait(worker)
        elif not self._closing:
            renewal = asyncio.ensure_future(self._renew(worker))
            self._renewals.add(renewal)
            renewal.add_done_callback(self._renewals.discard)

    async def _renew(self, worker: _Worker) -> None:
        """Kill a worker and begin another in its place, which is given tasks when it is ready."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._threads, worker.kill)
        self._all.discard(worker)
        while not self._closing:
            new = _Worker(self._cache, self._warm)
            self._all.add(new)
            try:
                await loop.run_in_executor(self._threads, new.ready, _LOAD_SECONDS)
            except (DefinitionError, LostError):
                self._all.discard(new)
                await loop.run_in_executor(self._threads, new.kill)
                await asyncio.sleep(_PAUSE_SECONDS)
            else:
                self._idle.put_nowait(new)
                return

    def close(self) -> None:
        """End all processes."""
        self._closing = True
        for renewal in self._renewals:
            renewal.cancel()
        for worker in self._all:
            worker.kill()
        self._all.clear()
        self._threads.shutdown()

    @property
    def idle(self) -> int:
        """How many workers wait for a document."""
        return self._idle.qsize()


class _Worker:
    """A process and the connection to it."""

    def __init__(self, cache: CacheFolder | None, warm: Config) -> None:
        context = multiprocessing.get_context("spawn")  # the server has threads, which fork breaks
        self._ours, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(
            target=_work, args=(theirs, cache, warm), daemon=True
        )
        self._process.start()
        theirs.close()

    def ready(self, seconds: float) -> None:
        """Wait until the rules are loaded; raises DefinitionError when they cannot be, or LostError."""
        try:
            if not self._ours.poll(seconds):
                raise LostError("a worker process took too long to load its rules")
            faults: tuple[Fault, ...] = self._ours.recv()
        except (EOFError, OSError):
            raise LostError("a worker process ended while it loaded its rules") from None
        if faults:
            raise DefinitionError(faults)

    def ask(self, task: Task | Drawing, seconds: float) -> Any:
        """Send a task and wait for its reply; runs in a thread. Raises DeadlineError and LostError.

        The time is that of the check: rules that were never used before may take longer to load.
        """
        try:
            self._ours.send(task)
            reply = self._told(_LOAD_SECONDS)
            if reply == _LOADED:
                reply = self._told(seconds)
        except (EOFError, OSError):
            raise LostError("the worker process ended over the document") from None
        if isinstance(reply, Failure):
            raise LostError(f"the check failed over the document ({reply.kind})")
        return reply

    def _told(self, seconds: float) -> Any:
        if not self._ours.poll(seconds):
            raise DeadlineError("the check took too long and was ended")
        return self._ours.recv()

    def kill(self) -> None:
        """End the process, whatever it does.

        The connection is left to the garbage collector: a thread may be reading from it.
        """
        self._process.kill()
        self._process.join(_GRACE_SECONDS)


def _work(connection: Connection, cache: CacheFolder | None, warm: Config) -> None:
    """Answer tasks until the server is gone: the main function of a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to handle
    try:
        _workshop(warm, cache).prepare()
    except DefinitionError as error:
        connection.send(error.faults)
        return
    connection.send(())
    while True:
        try:
            task: Task | Drawing = connection.recv()
        except (EOFError, OSError):
            return
        try:
            reply = _done(task, cache, connection)
        except Exception as error:  # noqa: BLE001  (the outermost edge of this process)
            reply = Failure(type(error).__name__)  # its text could hold words of the draft
        try:
            connection.send(reply)
        except OSError:
            return


def _done(task: Task | Drawing, cache: CacheFolder | None, connection: Connection) -> Any:
    """Do a task, and tell when its rules are loaded."""
    if isinstance(task, Drawing):
        connection.send(_LOADED)
        return drawn(task)
    try:
        _workshop(task.config, cache).prepare([task.name])
    except DefinitionError as error:
        return Refusal(str(error))
    connection.send(_LOADED)
    return answered(task, cache)


def answered(task: Task, cache: CacheFolder | None) -> Reply | Refusal:
    """Check a document here and now."""
    from claimlint import app
    from claimlint.reporters import json_report
    from claimlint.workshop import Checked

    try:
        workshop = _workshop(task.config, cache)
        workshop = workshop.with_decisions(task.project, task.today)
        workshop.prepare([task.name])
        document = draft_of(task.name, task.texts)
    except (ReadError, DefinitionError) as error:
        return Refusal(str(error))
    checked: Checked = workshop.judge(document)
    report = without_idle(app.reported(workshop, [checked]))
    (found,) = report.documents
    total = report.summary
    written = json_report.render(report)
    if len(written) > _REPORT_LIMIT_BYTES:
        return Refusal(
            f"{len(found.findings):,} findings make a report of more than "
            f"{_REPORT_LIMIT_BYTES >> 20} MiB, which the service does not keep; split the document"
        )
    return Reply(
        report=written,
        verdict=found.verdict,
        errors=total.errors,
        warnings=total.warnings,
        notes=total.notes,
        suppressed=total.suppressed,
        ruleset=report.tool.ruleset.sha256,
    )


def draft_of(name: str, texts: tuple[Text, ...]) -> Document:
    """Read a document; raises ReadError."""
    from claimlint.model.digest import sha256
    from claimlint.readers import read
    from claimlint.readers.parts import Part, joined

    if len(texts) == 1:
        return read(texts[0].data, name, texts[0].form)  # type: ignore[arg-type]
    parts = [Part(one.field, one.form, one.data) for one in texts]  # type: ignore[arg-type]
    return joined(parts, name, sha256(b"\0".join(one.data for one in texts)).hexdigest())


@lru_cache(maxsize=_ENGINES_KEPT)
def _workshop(config: Config, cache: CacheFolder | None) -> Workshop:
    from claimlint.workshop import Plan, Workshop

    return Workshop(Plan(config, cache))
