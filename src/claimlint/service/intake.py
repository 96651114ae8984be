"""Deliveries on their way to the disk: those that come together share one write."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import Executor
from typing import NamedTuple, TypeAlias

from claimlint.service.store import Accepted, Incoming, Store, StoreError

_Outcome: TypeAlias = tuple[Accepted, ...] | Exception
_TOGETHER = 256  # deliveries that share a write
_WAITING_LIMIT = 2_000  # deliveries that may wait while the disk is slow or the store is locked,
_WAITING_LIMIT_BYTES = 64 << 20  # and how much text they may hold together


class _Waiting(NamedTuple):
    incoming: tuple[Incoming, ...]
    size: int
    done: asyncio.Future[tuple[Accepted, ...]]


class Intake:
    """Writes deliveries through one connection, which lives on the one thread of `thread`."""

    def __init__(self, store: Store, thread: Executor, stored: asyncio.Event) -> None:
        """`stored` is set whenever there is something new to check."""
        self._store = store
        self._thread = thread
        self._stored = stored
        self._waiting: list[_Waiting] = []
        self._waiting_bytes = 0
        self._filled = asyncio.Event()
        self._closing = False
        self._task = asyncio.create_task(self._write_on())

    async def accept(self, incoming: tuple[Incoming, ...]) -> tuple[Accepted, ...]:
        """Store the documents of a delivery; when this returns they are on the disk.

        Raises StoreError when they are not.
        """
        size = sum(len(one.content) for one in incoming)
        if (
            len(self._waiting) >= _WAITING_LIMIT
            or self._waiting_bytes + size > _WAITING_LIMIT_BYTES
        ):
            raise StoreError("busy", "too many deliveries wait for the disk")
        done: asyncio.Future[tuple[Accepted, ...]] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(incoming, size, done))
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
                self._stored.set()

    def _written(self, batch: list[_Waiting]) -> list[tuple[_Waiting, _Outcome]]:
        """Write a batch, all or nothing; whatever happens, everybody who waits is told."""
        try:
            return list(zip(batch, self._stored_together(batch), strict=True))
        except StoreError as error:
            return [(waiting, error) for waiting in batch]
        except Exception as error:  # noqa: BLE001  (a fault of ours may not end the intake)
            if len(batch) == 1:
                return [(batch[0], error)]
            # One of them is to blame, and the others are not.
            return [pair for waiting in batch for pair in self._written([waiting])]

    def _stored_together(self, batch: list[_Waiting]) -> list[tuple[Accepted, ...]]:
        every = [one for waiting in batch for one in waiting.incoming]
        accepted = iter(self._store.accept_all(every, time.time()))
        return [tuple(next(accepted) for _ in waiting.incoming) for waiting in batch]


def _tell(waiting: _Waiting, outcome: _Outcome) -> None:
    if waiting.done.done():
        return
    if isinstance(outcome, Exception):
        waiting.done.set_exception(outcome)
    else:
        waiting.done.set_result(outcome)
