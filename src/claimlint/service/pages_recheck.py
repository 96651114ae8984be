"""Checking a document again when people have decided about it, so that its verdict shows that."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from claimlint.service import checking
from claimlint.service.jobs import DEADLINE_SECONDS, name_of, review_of, task_of
from claimlint.service.journal import Journal
from claimlint.service.pool import Pool
from claimlint.service.reading import Reader
from claimlint.service.settings import Endpoint
from claimlint.service.store import Content, DocumentRow, Store, StoredDecision, StoreError

if TYPE_CHECKING:
    from claimlint.review.suppress import Project

_LOOK_SECONDS = 30.0
_AT_ONCE = 500
_TRIES = 3
_FAILED_KEPT = 5_000


class _Known(NamedTuple):
    row: DocumentRow
    content: Content
    decided: tuple[StoredDecision, ...]


class Rechecks:
    """Checks again what a decision or the expiry of a waiver has changed."""

    def __init__(
        self,
        store: Reader,
        pool: Pool,
        endpoints: Mapping[str, Endpoint],
        project: Callable[[], Awaitable[Project | None]],
        journal: Journal,
    ) -> None:
        self._store = store
        self._pool = pool
        self._endpoints = endpoints
        self._project = project
        self._journal = journal
        self._failed: Counter[tuple[int, int]] = Counter()  # by document and its last decision

    async def again(self, document_id: int, deadline_seconds: float = DEADLINE_SECONDS) -> bool:
        """Check the version that is shown once more; False when that cannot be done now.

        Raises StoreError.
        """
        known: _Known | None = await self._store(lambda store: _known(store, document_id))
        endpoint = self._endpoints.get(known.row.endpoint) if known is not None else None
        if known is None or endpoint is None:
            return False
        row = known.row
        version_id = row.reviewed_version_id
        assert version_id is not None
        name = name_of(row.endpoint, row.external_id, row.locale)
        project = await self._project()
        task = task_of(name, known.content.content, endpoint.config, project, known.decided)
        try:
            reply = await self._pool.check(task, deadline_seconds)
        except (checking.BusyError, checking.RulesError) as error:
            return self._told(row, str(error))  # nobody has looked at it: that was no try
        except (checking.DeadlineError, checking.LostError) as error:
            self._count(row.id, known.decided)
            return self._told(row, str(error))
        if isinstance(reply, checking.Refusal):
            self._count(row.id, known.decided)
            return self._told(row, reply.message)
        review = review_of(reply, known.decided)
        told = endpoint.tellings
        await self._store(lambda store: store.revise(version_id, review, time.time(), told))
        self._journal.write(
            "checked again", endpoint=row.endpoint, document=row.external_id, locale=row.locale,
            verdict=reply.verdict,
        )  # fmt: skip
        return True

    def _count(self, document_id: int, decided: tuple[StoredDecision, ...]) -> None:
        if len(self._failed) > _FAILED_KEPT:
            self._failed.clear()
        self._failed[document_id, _last(decided)] += 1

    def _told(self, row: DocumentRow, reason: str) -> bool:
        self._journal.write(
            "check again failed", endpoint=row.endpoint, document=row.external_id,
            locale=row.locale, reason=reason,
        )  # fmt: skip
        return False

    async def keep_up(self) -> None:
        """Find what is behind, now and then: after a crash, a busy hour, or an expired waiver."""
        while True:
            try:
                await self._caught_up()
            except Exception as error:  # noqa: BLE001  (nothing may end this loop)
                self._journal.trouble(error)
            await asyncio.sleep(_LOOK_SECONDS)

    async def _caught_up(self) -> None:
        behind = await self._store(lambda store: store.outdated(time.time(), _AT_ONCE))
        for document_id in behind:
            decided = await self._store(partial(Store.decisions, document_id=document_id))
            if self._failed[document_id, _last(decided)] < _TRIES:
                await self._attended(document_id, decided)

    async def _attended(self, document_id: int, decided: tuple[StoredDecision, ...]) -> None:
        """Check one again; a fault of our own over it does not end the others."""
        try:
            await self.again(document_id)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001  (the outermost edge of this loop)
            self._count(document_id, decided)
            self._journal.write("check again failed", reason=type(error).__name__)


def _last(decided: tuple[StoredDecision, ...]) -> int:
    return decided[-1].id if decided else 0


def _known(store: Store, document_id: int) -> _Known | None:
    row = store.document(document_id)
    if row is None or row.reviewed_version_id is None:
        return None
    # Decisions are read first: one that comes between leaves the review behind, which is found.
    decided = store.decisions(document_id)
    content = store.content(row.reviewed_version_id)
    return _Known(row, content, decided) if content is not None else None
