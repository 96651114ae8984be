"""The store: deliveries, versions, reviews and decisions in one SQLite file (docs/service-store.md).

Times are passed in: UTC seconds since 1970, as a float. Every call raises StoreError when the file cannot
be used; then nothing of it was done, and the sender may be told to come again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import Self

from claimlint.model.report import Verdict
from claimlint.service import (
    store_documents,
    store_errands,
    store_events,
    store_intake,
    store_upkeep,
)
from claimlint.service.store_database import Database
from claimlint.service.store_errands import DeadErrand, Errand, ErrandKind, Telling, Wanted
from claimlint.service.store_values import (
    Accepted,
    Content,
    Counts,
    Cursor,
    DeadEvent,
    DocumentRow,
    Incoming,
    Job,
    NewDecision,
    NewReview,
    Purged,
    Retries,
    Review,
    StoredDecision,
    StoreError,
    VersionRow,
)

__all__ = [
    "Accepted",
    "Content",
    "Counts",
    "Cursor",
    "DeadErrand",
    "DeadEvent",
    "DocumentRow",
    "Errand",
    "Incoming",
    "Job",
    "NewDecision",
    "NewReview",
    "Purged",
    "Retries",
    "Review",
    "Store",
    "StoreError",
    "StoredDecision",
    "Telling",
    "VersionRow",
    "Wanted",
]

BUSY_SECONDS = 5.0
LEASE_SECONDS = 60.0
_RETRIES = Retries()
_ERRAND_RETRIES = Retries(most=12, first_seconds=10.0, cap_seconds=3600.0)  # about four hours
_ERRAND_SECONDS = 300.0  # longer than what one errand may ask takes together


class Store:
    """The store for one thread of one process; any number of them may use a file at once."""

    def __init__(self, database: Database, retries: Retries) -> None:
        self._database = database
        self._retries = retries

    @classmethod
    def open(
        cls, path: str, *, retries: Retries = _RETRIES, busy_seconds: float = BUSY_SECONDS
    ) -> Self:
        """Open a file, made if it is not there; its folder has to be.

        A call waits up to `busy_seconds` for the other processes.
        """
        return cls(Database(path, busy_seconds=busy_seconds), retries)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # Deliveries

    def accept(self, incoming: Incoming, now: float) -> Accepted:
        """Store a document of a delivery; when this returns, it is on the disk."""
        (accepted,) = self.accept_all((incoming,), now)
        return accepted

    def accept_all(self, incoming: Iterable[Incoming], now: float) -> tuple[Accepted, ...]:
        """Store the documents of one delivery, or of several, with one write to the disk: all or none."""
        with self._database.writing() as connection:
            return store_intake.accept_all(connection, incoming, now)

    def newest_version(self) -> int:
        """The number of the version that was stored last, 0 before any; a later one is higher."""
        return store_intake.newest_version(self._database)

    # Checks

    def claim(self, worker: str, now: float, lease_seconds: float = LEASE_SECONDS) -> Job | None:
        """Take the event that is due longest, for so long; None when none is.

        `worker` names this worker and no other. What stopped workers had is queued again first. An
        event that is damaged is a failed attempt of its own, whatever the StoreError says of the store.
        """
        return store_events.claim(self._database, worker, now, lease_seconds, self._retries)

    def finish(
        self, job: Job, review: NewReview, now: float, tellings: Sequence[Telling] = ()
    ) -> bool:
        """Store the review of a version that has none yet, and be done with its events.

        False changes nothing: another worker finished first, or the version was deleted since.
        Who is to be told of it is queued with it.
        """
        return store_events.finish(self._database, job, review, now, tellings)

    def fail(self, job: Job, error: str, now: float, *, final: bool = False) -> bool:
        """Try again later, or give up after the last attempt (at once when `final`).

        `error` is for the list of what was given up: no text of a draft. False when the lease was lost.
        """
        return store_events.fail(self._database, job, error, now, self._retries, final=final)

    def put_off(self, job: Job, now: float, wait_seconds: float) -> bool:
        """Give an event back unchecked, through no fault of its own; that is not one of its attempts.

        False when the lease was lost.
        """
        return store_events.put_off(self._database, job, now, wait_seconds)

    def dead(self, limit: int = 100) -> tuple[DeadEvent, ...]:
        """What was given up, the latest first."""
        return store_events.dead(self._database, limit)

    def retry(self, event_ids: Iterable[int] | None, now: float) -> int:
        """Queue what was given up once more, all of it for None; the number of events."""
        return store_events.retry(self._database, event_ids, now)

    # Documents

    def documents(
        self,
        query: str = "",
        verdict: Verdict | None = None,
        limit: int = 50,
        after: Cursor | None = None,
    ) -> tuple[DocumentRow, ...]:
        """Documents by title, identifier or address (case ignored), the latest change first."""
        return store_documents.documents(self._database, query, verdict, limit, after)

    def document(self, document_id: int) -> DocumentRow | None:
        """One document by its number here."""
        return store_documents.document(self._database, document_id)

    def status(self, external_id: str, endpoint: str, locale: str = "") -> DocumentRow | None:
        """One document by what its CMS calls it."""
        return store_documents.status(self._database, external_id, endpoint, locale)

    def latest(self, document_id: int) -> Review | None:
        """The review of the latest version that has one; never that of a version that came late."""
        return store_documents.latest(self._database, document_id)

    def review(self, version_id: int) -> Review | None:
        """The review of one version."""
        return store_documents.review(self._database, version_id)

    def history(self, document_id: int, limit: int = 100) -> tuple[VersionRow, ...]:
        """The versions of a document, the one that came last first."""
        return store_documents.history(self._database, document_id, limit)

    def content(self, version_id: int) -> Content | None:
        """The text of one version, as it was given."""
        return store_documents.content(self._database, version_id)

    def decide(self, document_id: int, decision: NewDecision, now: float) -> int:
        """Record a decision and tell its number; raises KeyError when there is no such document."""
        return store_documents.decide(self._database, document_id, decision, now)

    def decisions(self, document_id: int) -> tuple[StoredDecision, ...]:
        """All decisions about a document in their order; the last of a rule and fingerprint counts."""
        return store_documents.decisions(self._database, document_id)

    def revise(
        self, version_id: int, review: NewReview, now: float, tellings: Sequence[Telling] = ()
    ) -> bool:
        """Exchange the review of a version for one after a decision; False when a later one stands."""
        return store_documents.revise(self._database, version_id, review, now, tellings)

    def outdated(self, now: float, limit: int = 100) -> tuple[int, ...]:
        """Documents to check again: decided about since their review, or a waiver has expired."""
        return store_documents.outdated(self._database, now, limit)

    # Errands

    def want(self, wanted: Iterable[Wanted], now: float) -> tuple[bool, ...]:
        """Queue texts to fetch; when this returns it is on the disk. Whether each was not queued yet."""
        return store_errands.want(self._database, wanted, now)

    def claim_errand(self, kind: ErrandKind, worker: str, now: float) -> Errand | None:
        """Take the errand of a kind that is due longest; None when none is.

        Those that ask somebody who failed lately come last.
        """
        return store_errands.claim(
            self._database, kind, worker, now, _ERRAND_SECONDS, _ERRAND_RETRIES
        )

    def errand_done(self, errand: Errand) -> None:
        """Be done with an errand."""
        store_errands.done(self._database, errand)

    def errand_failed(
        self,
        errand: Errand,
        error: str,
        now: float,
        *,
        final: bool = False,
        after_seconds: float = 0.0,
    ) -> bool:
        """Try an errand again later, not before so many seconds, or give it up; whether it was."""
        return store_errands.fail(
            self._database, errand, error, now, _ERRAND_RETRIES, final=final,
            after_seconds=after_seconds,
        )  # fmt: skip

    def dead_errands(self, limit: int = 100) -> tuple[DeadErrand, ...]:
        """Errands that were given up, the latest first."""
        return store_errands.dead(self._database, limit)

    def retry_errands(self, numbers: Iterable[int] | None, now: float) -> int:
        """Queue errands that were given up once more, all of them for None; their number."""
        return store_errands.retry(self._database, numbers, now)

    def errands(self) -> dict[str, int]:
        """How many errands are in each state."""
        return store_errands.waiting(self._database)

    # Upkeep

    def purge(
        self,
        now: float,
        keep_days: float,
        keep_versions: int,
        is_over: Callable[[], bool] = lambda: False,
    ) -> Purged:
        """Delete events and versions that are older than so many days, but the newest versions.

        `is_over` ends it before all is deleted.
        """
        return store_upkeep.purge(self._database, now, keep_days, keep_versions, is_over)

    def check(self) -> None:
        """Read the whole file for damage; raises StoreError. For a start, not for every request."""
        store_upkeep.check(self._database)

    def check_ready(self) -> None:
        """Tell whether a delivery could be stored now; raises StoreError."""
        store_upkeep.check_ready(self._database)

    def counts(self) -> Counts:
        """How much is in the store, for the metrics."""
        return store_upkeep.counts(self._database)
