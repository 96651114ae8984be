"""Deliveries on their way to the disk: those that come together share one write."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from claimlint.service.store import Accepted, Incoming, Store, StoreError, Wanted

T = TypeVar("T")
R = TypeVar("R")

_TOGETHER = 256  # deliveries that share a write
_WAITING_LIMIT = 2_000  # deliveries that may wait while the disk is slow or the store is locked,
_WAITING_LIMIT_BYTES = 64 << 20  # and how much text they may hold together


class Intake:
    """Writes deliveries through one connection, which lives on the one thread of `thread`."""

    def __init__(self, store: Store, thread: Executor, stored: asyncio.Event) -> None:
        """`stored` is set whenever there is something new to check."""
        self._documents = _Line(store.accept_all, _size, thread, stored)
        self._wishes = _Line(store.want, _size_of_wish, thread, asyncio.Event())

    async def accept(self, incoming: tuple[Incoming, ...]) -> tuple[Accepted, ...]:
        """Store the documents of a delivery; when this returns they are on the disk.

        Raises StoreError when they are not.
        """
        return await self._documents.add(incoming)

    async def want(self, wanted: tuple[Wanted, ...]) -> tuple[bool, ...]:
        """Store what a delivery wants fetched, as `accept` does; whether each was not queued yet."""
        return await self._wishes.add(wanted)

    async def close(self) -> None:
        """Write what waits, and stop."""
        await self._documents.close()
        await self._wishes.close()


def _size(incoming: Incoming) -> int:
    return len(incoming.content)


def _size_of_wish(wanted: Wanted) -> int:
    return len(wanted.target)


class _Waiting(NamedTuple, Generic[T, R]):
    given: tuple[T, ...]
    size: int
    done: asyncio.Future[tuple[R, ...]]


_Told: TypeAlias = tuple[_Waiting[T, R], tuple[R, ...] | Exception]


class _Line(Generic[T, R]):
    """Those who wait for one kind of write; `write` takes what several bring, and is all or nothing."""

    def __init__(
        self,
        write: Callable[[list[T], float], tuple[R, ...]],
        size: Callable[[T], int],
        thread: Executor,
        written: asyncio.Event,
    ) -> None:
        """`write` answers for each thing that it is given; `written` is set after each write."""
        self._write = write
        self._size = size
        self._thread = thread
        self._has_written = written
        self._waiting: list[_Waiting[T, R]] = []
        self._waiting_bytes = 0
        self._filled = asyncio.Event()
        self._closing = False
        self._task = asyncio.create_task(self._write_on())

    async def add(self, given: tuple[T, ...]) -> tuple[R, ...]:
        """Wait in line, and tell what became of each; raises StoreError when nothing is on the disk."""
        size = sum(map(self._size, given))
        if (
            len(self._waiting) >= _WAITING_LIMIT
            or self._waiting_bytes + size > _WAITING_LIMIT_BYTES
        ):
            raise StoreError("busy", "too many deliveries wait for the disk")
        done: asyncio.Future[tuple[R, ...]] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(given, size, done))
        self._waiting_bytes += size
        self._filled.set()
        return await done

    async def close(self) -> None:
        """Write what waits, and stop."""
        self._closing = True
        self._filled.set()
        await self._task

    async def _write_on(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting or not self._closing:
            await self._filled.wait()
            self._filled.clear()
            while self._waiting:
                batch, self._waiting = self._waiting[:_TOGETHER], self._waiting[_TOGETHER:]
                self._waiting_bytes -= sum(waiting.size for waiting in batch)
                for waiting, outcome in await loop.run_in_executor(
                    self._thread, self._written, batch
                ):
                    _tell(waiting, outcome)
                self._has_written.set()

    def _written(self, batch: list[_Waiting[T, R]]) -> list[_Told[T, R]]:
        """Write a batch, all or nothing; whatever happens, everybody who waits is told."""
        try:
            return list(zip(batch, self._written_together(batch), strict=True))
        except StoreError as error:
            return [(waiting, error) for waiting in batch]
        except Exception as error:  # noqa: BLE001  (a fault of ours may not end the intake)
            if len(batch) == 1:
                return [(batch[0], error)]
            # One of them is to blame, and the others are not.
            return [pair for waiting in batch for pair in self._written([waiting])]

    def _written_together(self, batch: list[_Waiting[T, R]]) -> list[tuple[R, ...]]:
        every = [one for waiting in batch for one in waiting.given]
        answers = iter(self._write(every, time.time()))
        return [tuple(next(answers) for _ in waiting.given) for waiting in batch]


def _tell(waiting: _Waiting[T, R], outcome: tuple[R, ...] | Exception) -> None:
    if waiting.done.done():
        return
    if isinstance(outcome, Exception):
        waiting.done.set_exception(outcome)
    else:
        waiting.done.set_result(outcome)
