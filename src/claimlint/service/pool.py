"""The worker processes: who is given what, who is ended, and who comes in the place of another."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any, TypeVar

from claimlint.errors import ClaimlintError, DefinitionError, Fault
from claimlint.service.checking import (
    LOAD_SECONDS,
    LOADED,
    BusyError,
    DeadlineError,
    Failure,
    LostError,
    Mistake,
    Order,
    Refusal,
    Reply,
    RulesError,
    Task,
    work,
)
from claimlint.service.journal import Journal
from claimlint.service.pages_draw import Drawing, Drawn

if TYPE_CHECKING:
    from claimlint.cache import CacheFolder
    from claimlint.config import Config

_GRACE_SECONDS = 2.0
_LOOK_SECONDS = 2.0
_MARGIN_SECONDS = 0.5  # in which a worker's own deadline is told before ours
_PAUSE_SECONDS = 1.0  # before a worker that cannot be started is tried again, doubled each time
_PAUSE_CAP_SECONDS = 30.0
_IDLE = "the worker process ended while it was idle"
_TOO_LONG = "the check took too long and was ended"
_WAITING_SHARE = 0.5  # of the time that a check may take
_WAITING_LIMIT = 64  # documents for each worker, which are held in memory

T = TypeVar("T")


class Pool:
    """A fixed number of worker processes; nothing of a document is judged in this process."""

    def __init__(
        self, size: int, cache: CacheFolder | None, warm: Config, journal: Journal
    ) -> None:
        self._cache = cache
        self._warm = warm
        self._size = size
        self._journal = journal
        self._idle: asyncio.Queue[_Worker] = asyncio.Queue()
        self._ready: set[_Worker] = set()  # busy or idle
        self._all: set[_Worker] = set()
        self._renewals: set[asyncio.Task[None]] = set()
        self._watching: asyncio.Task[None] | None = None
        # A thread for each worker: whoever has got a worker never waits for a thread as well.
        self._threads = ThreadPoolExecutor(size, "worker")
        self._waiting = 0
        self._closing = False

    async def start(self) -> None:
        """Start the processes; raises DefinitionError when the rules cannot be loaded, or LostError."""
        begun = [self._add() for _ in range(self._size)]
        for failed in await asyncio.gather(*begun, return_exceptions=True):
            if failed is not None:
                self.close()
                raise failed
        self._watching = asyncio.create_task(self._watch())

    async def check(self, task: Task, deadline_seconds: float) -> Reply | Refusal:
        """Check a document within some seconds, waiting for a worker included.

        Raises BusyError, DeadlineError, LostError and RulesError.
        """
        reply: Reply | Refusal | Mistake = await self._answer(task, deadline_seconds)
        if isinstance(reply, Mistake):
            raise RulesError(reply.message)
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
            worker = await asyncio.wait_for(self._next(), deadline_seconds * _WAITING_SHARE)
        except TimeoutError:
            raise BusyError("all workers are busy") from None
        finally:
            self._waiting -= 1
        left = deadline_seconds - (loop.time() - begun)
        asked = loop.run_in_executor(self._threads, worker.ask, Order(task, left))
        # Also when whoever asked has gone meanwhile: the worker is of use again only when it is done.
        asked.add_done_callback(partial(self._take_back, worker))
        try:
            return await asyncio.wait_for(asyncio.shield(asked), left + _MARGIN_SECONDS)
        except TimeoutError:
            if worker.has_rules:
                raise DeadlineError(_TOO_LONG) from None
            # That is needed once: the worker goes on with it, and whoever comes again finds it done.
            raise BusyError("the rules for this are being loaded") from None

    async def _next(self) -> _Worker:
        """Wait for a worker that is idle and lives."""
        while True:
            worker = await self._idle.get()
            if worker.is_alive:
                return worker
            self._replace(worker, _IDLE)

    async def _watch(self) -> None:
        """Replace idle workers that have ended, also while nobody asks for one."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            for _ in range(self._idle.qsize()):
                worker = self._idle.get_nowait()
                if worker.is_alive:
                    self._idle.put_nowait(worker)
                else:
                    self._replace(worker, _IDLE)

    def _take_back(self, worker: _Worker, done: asyncio.Future[Any]) -> None:
        error = asyncio.CancelledError() if done.cancelled() else done.exception()
        if error is None:
            self._idle.put_nowait(worker)
        else:
            self._replace(worker, _told(error))

    def _replace(self, worker: _Worker, reason: str) -> None:
        if self._closing:
            return
        self._ready.discard(worker)
        self._journal.write("worker ended", reason=reason)
        renewal = asyncio.create_task(self._renew(worker))
        self._renewals.add(renewal)
        renewal.add_done_callback(self._renewals.discard)

    async def _renew(self, worker: _Worker) -> None:
        """Kill a worker and begin another in its place, which is given tasks when it is ready."""
        await self._in_thread(worker.kill)
        self._all.discard(worker)
        pause = _PAUSE_SECONDS
        while not self._closing:
            try:
                await self._add()
            except Exception as error:  # noqa: BLE001  (or there would be one less for ever)
                self._journal.write("worker not started", reason=_told(error))
                await asyncio.sleep(pause)
                pause = min(2 * pause, _PAUSE_CAP_SECONDS)
            else:
                self._journal.write("worker renewed")
                return

    async def _add(self) -> None:
        """Begin a process and let it have tasks; raises DefinitionError and LostError."""
        worker = await self._in_thread(partial(_Worker, self._cache, self._warm))
        self._all.add(worker)
        try:
            await self._in_thread(partial(worker.wait, LOAD_SECONDS))
        except (DefinitionError, LostError):
            self._all.discard(worker)
            await self._in_thread(worker.kill)
            raise
        self._ready.add(worker)
        self._idle.put_nowait(worker)

    async def _in_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    def close(self) -> None:
        """End all processes."""
        self._closing = True
        if self._watching is not None:
            self._watching.cancel()
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

    @property
    def living(self) -> int:
        """How many workers have loaded their rules and run, busy or not."""
        return sum(worker.is_alive for worker in self._ready)


class _Worker:
    """A process and the connection to it."""

    def __init__(self, cache: CacheFolder | None, warm: Config) -> None:
        """Begin the process; raises LostError when the system has none to give."""
        context = multiprocessing.get_context("spawn")  # the server has threads, which fork breaks
        try:
            self._ours, theirs = context.Pipe()
            self._process: BaseProcess = context.Process(
                target=work, args=(theirs, cache, warm), daemon=True
            )
            self._process.start()
        except OSError as error:
            reason = error.strerror or "system error"
            raise LostError(f"a worker process cannot be started: {reason}") from None
        theirs.close()
        self.has_rules = False  # for what it was asked last

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.is_alive()

    def wait(self, seconds: float) -> None:
        """Wait until the rules are loaded; raises DefinitionError when they cannot be, or LostError."""
        try:
            if not self._ours.poll(seconds):
                raise LostError("a worker process took too long to load its rules")
            faults: tuple[Fault, ...] = self._ours.recv()
        except (EOFError, OSError):
            raise LostError("a worker process ended while it loaded its rules") from None
        if faults:
            raise DefinitionError(faults)

    def ask(self, order: Order) -> Any:
        """Send a task and wait for its reply; runs in a thread. Raises DeadlineError and LostError.

        The time is that of the check: rules that were never used before may take longer to load.
        """
        self.has_rules = False
        try:
            self._ours.send(order)
            reply = self._reply(LOAD_SECONDS)
            if reply == LOADED:
                self.has_rules = True
                reply = self._reply(order.seconds)
        except (EOFError, OSError):
            raise LostError("the worker process ended over the document") from None
        if isinstance(reply, Failure):
            raise LostError(f"the check failed over the document ({reply.kind})")
        return reply

    def _reply(self, seconds: float) -> Any:
        if not self._ours.poll(seconds):
            raise DeadlineError(_TOO_LONG)
        return self._ours.recv()

    def kill(self) -> None:
        """End the process, whatever it does.

        The connection is left to the garbage collector: a thread may be reading from it.
        """
        self._process.kill()
        self._process.join(_GRACE_SECONDS)


def _told(error: BaseException) -> str:
    """An error for the log: of what is not ours the kind alone, for its words could be a draft's."""
    ours = isinstance(error, ClaimlintError)
    return str(error).partition("\n")[0] if ours else type(error).__name__
