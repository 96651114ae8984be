"""Running errands: fetching texts and telling others, beside the checks and never in their way."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import msgspec

from claimlint.service.fetch import Target, fetched
from claimlint.service.hooks import incoming_of
from claimlint.service.intake import Intake
from claimlint.service.journal import Journal
from claimlint.service.notify import notified
from claimlint.service.outgoing import Client
from claimlint.service.outgoing_guard import OutgoingError
from claimlint.service.payloads import PayloadError
from claimlint.service.reading import Reader
from claimlint.service.settings import Endpoint, Service
from claimlint.service.store import Errand, StoreError
from claimlint.service.store_errands import ErrandKind, Told

_AT_ONCE = 2  # of each kind: a CMS that does not answer holds no message up
_LOOK_SECONDS = 1.0
_TROUBLED_SECONDS = 5.0
_GRACE_SECONDS = 5.0  # for what is under way at the end; the rest is run again at the next start

T = TypeVar("T")


class Errands:
    """Some loops that run errands, each request in a thread; none without an endpoint that has any."""

    def __init__(self, store: Reader, intake: Intake, service: Service, journal: Journal) -> None:
        self._store = store
        self._intake = intake
        self._endpoints = {one.name: one for one in service.endpoints}
        # The address of a document's page, where there are pages and the world knows where.
        self._pages = service.pages.site + service.pages.prefix if service.pages else ""
        self._journal = journal
        self._client = Client()
        self._threads = ThreadPoolExecutor(2 * _AT_ONCE, "errand")
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = asyncio.Event()

    def start(self) -> None:
        """Begin the loops."""
        if any(one.fetch is not None or one.notify for one in self._endpoints.values()):
            kinds: tuple[ErrandKind, ...] = ("fetch", "notify")
            self._tasks = [
                asyncio.create_task(self._work(kind, number))
                for kind in kinds
                for number in range(_AT_ONCE)
            ]

    async def stop(self) -> None:
        """Finish what is begun, if that does not take long."""
        self._stopping.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_GRACE_SECONDS)
            self._client.close()  # what is cut off is queued again, like any other failure
            if late:
                _, late = await asyncio.wait(late, timeout=_GRACE_SECONDS)
            for task in late:
                task.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _work(self, kind: ErrandKind, number: int) -> None:
        worker = f"{socket.gethostname()}-{os.getpid()}-{kind}-{number}"
        while not self._stopping.is_set():
            pause = _LOOK_SECONDS
            try:
                errand: Errand | None = await self._store(
                    lambda store: store.claim_errand(kind, worker, time.time())
                )
                if errand is not None:
                    await self._attended(errand)
                    continue
            except Exception as error:  # noqa: BLE001  (nothing may end this loop)
                self._journal.trouble(error)
                pause = _TROUBLED_SECONDS
            try:
                await asyncio.wait_for(self._stopping.wait(), pause)
            except TimeoutError:
                continue

    async def _attended(self, errand: Errand) -> None:
        """Run one errand; a fault of our own over it does not end the others."""
        endpoint = self._endpoints.get(errand.endpoint)
        try:
            if endpoint is None:
                raise OutgoingError("its endpoint is no longer configured", is_final=True)
            if errand.kind == "fetch":
                await self._fetch(endpoint, errand)
            else:
                await self._notify(endpoint, errand)
        except OutgoingError as error:
            await self._failed(errand, error)
        except PayloadError as error:
            reason = f"what was fetched cannot be used: {error}"
            await self._failed(errand, OutgoingError(reason, is_final=True))
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001  (the outermost edge of this loop)
            # The kind alone: the words of an exception could be those of the draft, or a token.
            await self._failed(errand, OutgoingError(f"it failed ({type(error).__name__})"))

    async def _fetch(self, endpoint: Endpoint, errand: Errand) -> None:
        fetching = endpoint.fetch
        if fetching is None:
            raise OutgoingError("fetching is no longer configured", is_final=True)
        target = msgspec.json.decode(errand.target, type=Target)
        documents = await self._in_thread(
            lambda: fetched(self._client, endpoint.part, fetching, target)
        )
        if documents:
            # On the disk before the errand is done: a crash in between fetches it once more.
            await self._intake.accept(incoming_of(endpoint.name, documents))
        await self._store(lambda store: store.errand_done(errand))
        outcome = "fetched" if documents else "holds no text to check"
        self._journal.write("fetched", endpoint=endpoint.name, document=target.id, outcome=outcome)

    async def _notify(self, endpoint: Endpoint, errand: Errand) -> None:
        whom = next((one for one in endpoint.notify if one.name == errand.target), None)
        if whom is None:
            raise OutgoingError("this notification is no longer configured", is_final=True)
        told = msgspec.json.decode(errand.body, type=Told)
        page = f"{self._pages}/documents/{told.document}" if self._pages else ""
        await self._in_thread(lambda: notified(self._client, whom, told, page, time.time()))
        await self._store(lambda store: store.errand_done(errand))
        self._journal.write(
            "notified", endpoint=endpoint.name, target=whom.name, document=told.external_id,
            locale=told.locale, verdict=told.verdict,
        )  # fmt: skip

    async def _failed(self, errand: Errand, error: OutgoingError) -> None:
        given_up = await self._store(
            lambda store: store.errand_failed(
                errand,
                error.message,
                time.time(),
                final=error.is_final,
                after_seconds=error.after_seconds,
            )
        )
        self._journal.write(
            f"{errand.kind} failed", endpoint=errand.endpoint, target=errand.target,
            attempt=errand.attempt, reason=error.message,
            outcome="given up" if given_up else "tried again later",
        )  # fmt: skip

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)
