"""What goes into the store and what comes out. Every time is UTC seconds since 1970, as a float."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

from claimlint.errors import ClaimlintError
from claimlint.model.report import Verdict
from claimlint.review.audit import Decision

ErrorKind = Literal["full", "read_only", "busy", "corrupt", "newer", "foreign", "io"]
Outcome = Literal["stored", "duplicate", "stale"]
State = Literal["queued", "running", "done", "dead"]
NAME_LIMIT = 1024  # characters of an identifier that a CMS may send
ERROR_LIMIT = 500  # characters of the reason that is kept of a failure
# How far two clocks, or one before and after it was set, may differ without any consequence.
CLOCK_SLACK_SECONDS = 60.0


class StoreError(ClaimlintError):
    """The store cannot do its work now; `kind` says why, and nothing of the call was done."""

    def __init__(self, kind: ErrorKind, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


class Retries(NamedTuple):
    """How often a check is tried, and how long it waits in between: doubled each time, up to a cap."""

    most: int = 5
    first_seconds: float = 5.0
    cap_seconds: float = 600.0

    def wait_seconds(self, attempts: int) -> float:
        """How long to wait after so many attempts."""
        doublings = min(max(attempts - 1, 0), 64)
        return min(self.cap_seconds, self.first_seconds * 2.0**doublings)


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """One document in one locale, as a delivery has it.

    `revision` and `updated` are what the CMS sends, empty when it sends none. Raises ValueError when an
    identifier is empty or longer than NAME_LIMIT.
    """

    endpoint: str
    external_id: str
    locale: str = ""
    title: str = ""
    url: str = ""
    format: str
    content: bytes
    delivery_id: str | None = None
    revision: str = ""
    updated: str = ""

    def __post_init__(self) -> None:
        if not self.external_id:
            raise ValueError("a document needs an identifier")
        names = (self.external_id, self.locale, self.delivery_id or "", self.revision, self.updated)
        if any(len(name) > NAME_LIMIT for name in names):
            raise ValueError(f"an identifier is longer than {NAME_LIMIT} characters")


class Accepted(NamedTuple):
    """What became of a document: `stale` is stored, and older than what was known of it.

    A duplicate stored nothing; its ids are those of what it repeats (0: an event deleted since).
    """

    outcome: Outcome
    document_id: int
    version_id: int
    event_id: int


class Job(NamedTuple):
    """An event that a worker has for as long as its lease lasts; `attempt` counts from 1."""

    event_id: int
    attempt: int
    worker: str
    document_id: int
    version_id: int
    endpoint: str
    external_id: str
    locale: str
    title: str
    url: str
    format: str
    content: bytes
    received_at: float


class NewReview(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a check: the report's JSON, and of it what lists show.

    `decision_id` is the last decision about the document that the check heeded, 0 before any.
    """

    report: bytes
    verdict: Verdict
    errors: int
    warnings: int
    notes: int
    suppressed: int
    ruleset: str
    decision_id: int = 0


class Review(NamedTuple):
    """A version's review; `ruleset` is the digest of the rules that were applied."""

    version_id: int
    report: bytes
    verdict: Verdict
    errors: int
    warnings: int
    notes: int
    suppressed: int
    ruleset: str
    made_at: float
    decision_id: int = 0


class Cursor(NamedTuple):
    """Where a page of documents ends."""

    changed_at: float
    id: int


class DocumentRow(NamedTuple):
    """A document as lists and statuses show it.

    `state` is that of its latest version's check. The verdict, its counts and `previous_verdict` are
    those of the latest versions that have a review, so they lag behind while a check is not done.
    """

    id: int
    endpoint: str
    external_id: str
    locale: str
    title: str
    url: str
    changed_at: float
    latest_version_id: int
    reviewed_version_id: int | None
    state: State
    verdict: Verdict | None
    errors: int | None
    warnings: int | None
    notes: int | None
    suppressed: int | None
    made_at: float | None
    previous_verdict: Verdict | None

    @property
    def cursor(self) -> Cursor:
        """Where the page after this document begins."""
        return Cursor(self.changed_at, self.id)


class VersionRow(NamedTuple):
    """A version in a document's history; a stale one came after a newer one."""

    id: int
    revision: str
    updated: str
    digest: str
    title: str
    format: str
    received_at: float
    is_stale: bool
    verdict: Verdict | None
    errors: int | None
    warnings: int | None
    notes: int | None
    suppressed: int | None
    made_at: float | None


class Content(NamedTuple):
    """A version's text as it was given."""

    title: str
    format: str
    content: bytes


class DeadEvent(NamedTuple):
    """An event whose check was given up."""

    id: int
    endpoint: str
    external_id: str
    locale: str
    title: str
    attempts: int
    error: str
    received_at: float
    died_at: float


class NewDecision(msgspec.Struct, frozen=True, kw_only=True):
    """What a person decided about a finding; `date` and `expires` are days, `by` who was signed in.

    `sentence` is the one that was decided about, empty for a finding about the whole document.
    """

    rule: str
    fingerprint: str
    decision: Decision
    reason: str
    approver: str | None = None
    date: str
    expires: str | None = None
    by: str
    sentence: str = ""


class StoredDecision(NamedTuple):
    """A decision as it was recorded, at the time `at`; the last of a rule and fingerprint is in force."""

    id: int
    rule: str
    fingerprint: str
    decision: Decision
    reason: str
    approver: str | None
    date: str
    expires: str | None
    by: str
    at: float
    sentence: str = ""


class Counts(NamedTuple):
    """What is in the store; `oldest_unfinished_at` is None when every event is done or dead."""

    queued: int
    running: int
    done: int
    dead: int
    documents: int
    versions: int
    reviews: int
    oldest_unfinished_at: float | None


class Purged(NamedTuple):
    """How much was deleted."""

    events: int
    versions: int
