"""Checking what was delivered: each event is claimed, checked in a worker, and its review stored."""

from __future__ import annotations

import asyncio
import datetime
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING, TypeVar

from claimlint.config import Config
from claimlint.service import checking
from claimlint.service.decisions import with_stored
from claimlint.service.hooks import restored
from claimlint.service.journal import Journal
from claimlint.service.pool import Pool
from claimlint.service.settings import Endpoint
from claimlint.service.store import Job, NewReview, Store, StoredDecision, StoreError

if TYPE_CHECKING:
    from claimlint.review.suppress import Project

DEADLINE_SECONDS = 30.0  # shorter than the store's lease
_POLL_SECONDS = 1.0  # another process may have taken a delivery in
_TROUBLED_SECONDS = 5.0
_BUSY_SECONDS = 5.0  # before an event is taken again for which there was no worker,
_RULES_SECONDS = 60.0  # and one whose rules are broken, which people have to mend

T = TypeVar("T")


def name_of(endpoint: str, external_id: str, locale: str) -> str:
    """What waivers and outputs call a document of a CMS, and no other; decisions.stored_for reads it.

    The names of endpoints and locales hold no colon, and after an identifier that does there is one in
    any case: "a:de" without a locale is not "a" in German.
    """
    return f"{endpoint}:{external_id}" + (f":{locale}" if locale or ":" in external_id else "")


def task_of(
    name: str,
    content: bytes,
    config: Config,
    project: Project | None,
    decided: Sequence[StoredDecision],
) -> checking.Task:
    """The check of a stored document that is called `name`, with what people decided about it."""
    today = datetime.datetime.now(datetime.UTC).date()
    project = with_stored(project, config, name, decided)
    return checking.Task(name, restored(content), config, project, today)


def review_of(reply: checking.Reply, decided: Sequence[StoredDecision]) -> NewReview:
    """A reply as the store keeps it; `decided` is what its check heeded."""
    return NewReview(
        report=reply.report,
        verdict=reply.verdict,
        errors=reply.errors,
        warnings=reply.warnings,
        notes=reply.notes,
        suppressed=reply.suppressed,
        ruleset=reply.ruleset,
        decision_id=decided[-1].id if decided else 0,
    )


class Jobs:
    """Some loops that check events; the store's connection lives on the one thread of `thread`."""

    def __init__(
        self,
        store: Store,
        thread: Executor,
        pool: Pool,
        endpoints: dict[str, Endpoint],
        project: Callable[[], Awaitable[Project | None]],
        journal: Journal,
        stored: asyncio.Event,
        worker: str,
    ) -> None:
        self._store = store
        self._thread = thread
        self._pool = pool
        self._endpoints = endpoints
        self._project = project
        self._journal = journal
        self._stored = stored
        self._worker = worker
        self._stopping = False
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, count: int) -> None:
        """Begin so many loops."""
        self._tasks = [asyncio.create_task(self._work(number)) for number in range(count)]

    async def stop(self) -> None:
        """Finish what is begun, and stop."""
        self._stopping = True
        self._stored.set()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _work(self, number: int) -> None:
        worker = f"{self._worker}-{number}"
        while not self._stopping:
            self._stored.clear()  # before the look, so that what comes after it is not missed
            try:
                job = await self._in_store(lambda: self._store.claim(worker, time.time()))
                if job is not None:
                    await self._attended(job)
                    continue
            except Exception as error:  # noqa: BLE001  (nothing may end this loop)
                self._journal.trouble(error)
                await asyncio.sleep(_TROUBLED_SECONDS)
                continue
            try:
                await asyncio.wait_for(self._stored.wait(), _POLL_SECONDS)
            except TimeoutError:
                continue

    async def _attended(self, job: Job) -> None:
        """Check one event; a fault of our own over it does not end the others."""
        try:
            await self._checked(job)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001  (the outermost edge of this loop)
            # The kind alone: the words of an exception could be those of the draft.
            await self._failed(job, f"the check failed ({type(error).__name__})")

    async def _checked(self, job: Job) -> None:
        """Check one event; whatever happens, the store is told."""
        begun = time.monotonic()
        endpoint = self._endpoints.get(job.endpoint)
        if endpoint is None:
            await self._failed(job, "its endpoint is no longer configured", final=True)
            return
        decided = await self._in_store(lambda: self._store.decisions(job.document_id))
        name = name_of(job.endpoint, job.external_id, job.locale)
        task = task_of(name, job.content, endpoint.config, await self._project(), decided)
        try:
            reply = await self._pool.check(task, DEADLINE_SECONDS)
        except checking.BusyError as error:
            await self._put_off(job, str(error), _BUSY_SECONDS)
            return
        except checking.RulesError as error:
            await self._put_off(job, str(error), _RULES_SECONDS)
            return
        except (checking.DeadlineError, checking.LostError) as error:
            await self._failed(job, str(error))
            return
        if isinstance(reply, checking.Refusal):
            await self._failed(job, reply.message, final=True)
            return
        review = review_of(reply, decided)
        told = endpoint.tellings
        is_new = await self._in_store(lambda: self._store.finish(job, review, time.time(), told))
        self._journal.write(
            "checked", endpoint=job.endpoint, document=job.external_id, locale=job.locale,
            verdict=reply.verdict, seconds=round(time.monotonic() - begun, 3),
            outcome="stored" if is_new else "known",
        )  # fmt: skip

    async def _failed(self, job: Job, reason: str, *, final: bool = False) -> None:
        fail = self._store.fail
        await self._in_store(lambda: fail(job, reason, time.time(), final=final))
        self._journal.write(
            "check failed", endpoint=job.endpoint, document=job.external_id, locale=job.locale,
            attempt=job.attempt, reason=reason,
        )  # fmt: skip

    async def _put_off(self, job: Job, reason: str, wait_seconds: float) -> None:
        """Give an event back that nobody has looked at: that is no attempt of its."""
        put_off = self._store.put_off
        await self._in_store(lambda: put_off(job, time.time(), wait_seconds))
        self._journal.write(
            "check put off", endpoint=job.endpoint, document=job.external_id, locale=job.locale,
            reason=reason,
        )  # fmt: skip

    async def _in_store(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
