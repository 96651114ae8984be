"""Events and their leases: at least one check of each, exactly one review of each version.

`due_at` is when a queued event may be claimed, when the lease of a running one ends, and when one that is
done or dead became so; `since` is when the state or the lease was set.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from claimlint.service import store_errands
from claimlint.service.store_database import Database
from claimlint.service.store_values import (
    CLOCK_SLACK_SECONDS,
    ERROR_LIMIT,
    DeadEvent,
    Job,
    NewReview,
    Retries,
    StoreError,
)

_UNREADABLE = "it cannot be read from the store, which is damaged"
_STOPPED = "the worker stopped, or took longer than its lease"
_CLAIMABLE = (
    "SELECT EXISTS (SELECT 1 FROM events WHERE state = 'queued' AND due_at <= ?)"
    " OR EXISTS (SELECT 1 FROM events WHERE state = 'running' AND due_at <= ?)"
    " OR EXISTS (SELECT 1 FROM events WHERE state IN ('queued', 'running') AND since > ?)"
)
_NEXT = (
    "SELECT id, attempts + 1 FROM events WHERE state = 'queued' AND due_at <= ?"
    " ORDER BY due_at, id LIMIT 1"
)
_JOB = (
    "SELECT d.id, v.id, e.endpoint, d.external_id, d.locale, v.title, d.url, v.format, v.content,"
    " e.received_at FROM events e"
    " JOIN versions v ON v.id = e.version_id JOIN documents d ON d.id = e.document_id"
    " WHERE e.id = ?"
)
_EXPIRED = "SELECT id, attempts FROM events WHERE state = 'running' AND due_at <= ?"
_FROM_THE_FUTURE = "SELECT id, attempts FROM events WHERE state = 'running' AND since > ?"


def claim(
    database: Database, worker: str, now: float, lease_seconds: float, retries: Retries
) -> Job | None:
    """Take the event that has waited longest, if there is one to take.

    One that cannot be read is a failure of its own before the error is told: those after it come next.
    """
    # Without a lock: workers that find nothing to do disturb nobody.
    if not database.one(_CLAIMABLE, (now, now, now + CLOCK_SLACK_SECONDS))[0]:
        return None
    with database.writing() as connection:
        _stop(connection, _EXPIRED, now, now, retries)
        row = connection.execute(_NEXT, (now,)).fetchone()
        if row is None and _set_back(connection, now, retries):
            row = connection.execute(_NEXT, (now,)).fetchone()
        if row is None:
            return None
        event_id, attempt = row
        connection.execute(
            "UPDATE events SET state = 'running', attempts = ?, owner = ?, due_at = ?, since = ?"
            " WHERE id = ?",
            (attempt, worker, now + lease_seconds, now, event_id),
        )
    try:
        found = database.one(_JOB, (event_id,))
    except StoreError as error:
        if error.kind == "corrupt":
            with database.writing() as connection:
                _fail(connection, event_id, attempt, _UNREADABLE, now, retries)
        raise
    return found and Job(event_id, attempt, worker, *found)


def finish(
    database: Database,
    job: Job,
    review: NewReview,
    now: float,
    tellings: Sequence[store_errands.Telling],
) -> bool:
    """Store the review of a version that has none; False when it has one or was deleted since.

    A worker whose lease ran out may be the first to finish: its review is as good as another.
    """
    with database.writing() as connection:
        made = connection.execute(
            "INSERT INTO reviews (version_id, verdict, errors, warnings, notes, suppressed, ruleset,"
            " made_at, report, decision_id) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"
            " WHERE EXISTS (SELECT 1 FROM versions WHERE id = ?)"
            " ON CONFLICT (version_id) DO NOTHING",
            (
                *(job.version_id, review.verdict, review.errors, review.warnings, review.notes),
                *(review.suppressed, review.ruleset, now, review.report, review.decision_id),
                job.version_id,
            ),
        )
        connection.execute(
            "UPDATE events SET state = 'done', owner = NULL, error = NULL, due_at = ?, since = ?"
            " WHERE version_id = ? AND state <> 'done'",
            (now, now, job.version_id),
        )
        if made.rowcount == 1:
            previous = connection.execute(
                "SELECT (SELECT verdict FROM reviews WHERE version_id = d.reviewed_version_id)"
                " FROM documents d WHERE d.id = ?",
                (job.document_id,),
            ).fetchone()[0]
            # An older version never takes the place of a newer one's verdict.
            shown = connection.execute(
                "UPDATE documents SET reviewed_version_id = :version WHERE id = :document"
                " AND (SELECT is_stale FROM versions WHERE id = :version) = 0"
                " AND (reviewed_version_id IS NULL OR reviewed_version_id < :version)",
                {"version": job.version_id, "document": job.document_id},
            )
            if shown.rowcount == 1:
                store_errands.tell(connection, tellings, job.version_id, review, previous, now)
        return made.rowcount == 1


def fail(
    database: Database, job: Job, error: str, now: float, retries: Retries, *, final: bool
) -> bool:
    """Note why a check failed and queue it again later, or give it up; False when the lease was lost."""
    with database.writing() as connection:
        if not _is_held(connection, job):
            return False
        most = 0 if final else retries.most
        _fail(connection, job.event_id, job.attempt, error, now, retries._replace(most=most))
        return True


def put_off(database: Database, job: Job, now: float, wait_seconds: float) -> bool:
    """Queue an event again as if it had not been taken; False when the lease was lost."""
    with database.writing() as connection:
        if not _is_held(connection, job):
            return False
        connection.execute(
            "UPDATE events SET state = 'queued', attempts = ?, owner = NULL, due_at = ?, since = ?"
            " WHERE id = ?",
            (job.attempt - 1, now + wait_seconds, now, job.event_id),
        )
        return True


def _is_held(connection: sqlite3.Connection, job: Job) -> bool:
    held = connection.execute(
        "SELECT 1 FROM events WHERE id = ? AND state = 'running' AND owner = ? AND attempts = ?",
        (job.event_id, job.worker, job.attempt),
    ).fetchone()
    return held is not None


def _set_back(connection: sqlite3.Connection, now: float, retries: Retries) -> int:
    """Let nothing wait for a time that was set by a clock which has been set back since."""
    limit = now + CLOCK_SLACK_SECONDS
    stopped = _stop(connection, _FROM_THE_FUTURE, limit, now, retries)
    freed = connection.execute(
        "UPDATE events SET due_at = ?, since = ? WHERE state = 'queued' AND since > ?",
        (now, now, limit),
    )
    return stopped + freed.rowcount


def _stop(
    connection: sqlite3.Connection, which: str, limit: float, now: float, retries: Retries
) -> int:
    rows = connection.execute(which, (limit,)).fetchall()
    for event_id, attempts in rows:
        _fail(connection, event_id, attempts, _STOPPED, now, retries)
    return len(rows)


def _fail(
    connection: sqlite3.Connection,
    event_id: int,
    attempts: int,
    error: str,
    now: float,
    retries: Retries,
) -> None:
    given_up = attempts >= retries.most
    state, due_at = ("dead", now) if given_up else ("queued", now + retries.wait_seconds(attempts))
    error = error.encode("utf-8", "replace").decode("utf-8")[:ERROR_LIMIT]
    connection.execute(
        "UPDATE events SET state = ?, owner = NULL, due_at = ?, since = ?, error = ? WHERE id = ?",
        (state, due_at, now, error, event_id),
    )


def dead(database: Database, limit: int) -> tuple[DeadEvent, ...]:
    """What was given up, the latest first."""
    rows = database.all(
        "SELECT e.id, e.endpoint, d.external_id, d.locale, v.title, e.attempts,"
        " coalesce(e.error, ''), e.received_at, e.due_at FROM events e"
        " JOIN documents d ON d.id = e.document_id JOIN versions v ON v.id = e.version_id"
        " WHERE e.state = 'dead' ORDER BY e.due_at DESC, e.id DESC LIMIT ?",
        (limit,),
    )
    return tuple(DeadEvent(*row) for row in rows)


def retry(database: Database, event_ids: Iterable[int] | None, now: float) -> int:
    """Queue events that were given up, all of them for None; the number of those that were."""
    statement = (
        "UPDATE events SET state = 'queued', attempts = 0, due_at = ?, since = ?"
        " WHERE state = 'dead'"
    )
    with database.writing() as connection:
        if event_ids is None:
            return connection.execute(statement, (now, now)).rowcount
        return sum(
            connection.execute(f"{statement} AND id = ?", (now, now, event_id)).rowcount
            for event_id in set(event_ids)
        )
