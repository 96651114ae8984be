"""Asking the store: on the thread where its connection lives, by so many at once, and not too often."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Generic, TypeVar

from claimlint.service.store import Store, StoreError

_WAITING_LIMIT = 200  # questions that may wait while the store is slow
_RECENT_SECONDS = 1.0

T = TypeVar("T")


class Reader:
    """Asks the store on the one thread where its connection lives."""

    def __init__(self, store: Store, thread: Executor) -> None:
        self._store = store
        self._thread = thread
        self._waiting = 0

    async def __call__(self, ask: Callable[[Store], T]) -> T:
        """What the store answers; raises StoreError, also when too many wait for an answer."""
        if self._waiting >= _WAITING_LIMIT:
            raise StoreError("busy", "too many wait for the store")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, ask, self._store)
        finally:
            self._waiting -= 1


class Recent(Generic[T]):
    """What the store answered a moment ago, or could not answer, for everybody who asks the same."""

    def __init__(self, read: Reader, ask: Callable[[Store], T]) -> None:
        self._read = read
        self._ask = ask
        self._answer: asyncio.Task[T] | None = None
        self._answered_at = 0.0

    async def __call__(self) -> T:
        """The answer; raises StoreError."""
        if self._answer is None or (self._answer.done() and self._is_old()):
            self._answer = asyncio.create_task(self._asked())
        return await asyncio.shield(self._answer)

    async def _asked(self) -> T:
        try:
            return await self._read(self._ask)
        finally:
            self._answered_at = asyncio.get_running_loop().time()

    def _is_old(self) -> bool:
        return asyncio.get_running_loop().time() - self._answered_at > _RECENT_SECONDS
