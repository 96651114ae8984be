"""What the service has yet to do outside: texts to fetch, people to tell; as durable as deliveries.

`due_at` is when a queued errand may be run, or when the lease of a running one ends. One that is done is
deleted; one that was given up stays until somebody lets it be tried again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import msgspec

from claimlint.model.report import Verdict
from claimlint.service.store_database import Database
from claimlint.service.store_values import CLOCK_SLACK_SECONDS, ERROR_LIMIT, NewReview, Retries

Occasion = Literal["block", "review", "pass", "change"]
ErrandKind = Literal["fetch", "notify"]

# Whom an errand asks: a fetch its endpoint's CMS, whichever text it is for.
_ASKED = "endpoint, CASE kind WHEN 'fetch' THEN '' ELSE target END"
# Those who failed lately come last: each try may take a worker all the time that a request may.
_NEXT = (
    f"WITH troubled AS (SELECT {_ASKED} FROM errands WHERE kind = ?1"  # noqa: S608 - constants only
    " AND state IN ('queued', 'running') AND attempts > (state = 'running'))"
    " SELECT id, attempts + 1, kind, endpoint, target, body FROM errands"
    " WHERE kind = ?1 AND state IN ('queued', 'running') AND (due_at <= ?2 OR since > ?3)"
    f" ORDER BY ({_ASKED}) IN troubled, due_at, id LIMIT 1"
)


class Telling(NamedTuple):
    """Whom to tell of a review (a name in the configuration), and on which occasions."""

    target: str
    on: tuple[Occasion, ...]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of a review; `review` names it for ever, and no text of a draft is here."""

    review: str
    made_at: float
    document: int
    endpoint: str
    external_id: str
    locale: str
    title: str
    url: str
    verdict: Verdict
    previous_verdict: Verdict | None
    errors: int
    warnings: int
    notes: int
    suppressed: int


class Wanted(NamedTuple):
    """A text to fetch, as JSON that names it."""

    endpoint: str
    target: str


class Errand(NamedTuple):
    """An errand that a worker has for as long as its lease lasts; `attempt` counts from 1."""

    id: int
    attempt: int
    kind: ErrandKind
    endpoint: str
    target: str
    body: bytes


class DeadErrand(NamedTuple):
    """An errand that was given up."""

    id: int
    kind: ErrandKind
    endpoint: str
    target: str
    attempts: int
    error: str


def want(database: Database, wanted: Iterable[Wanted], now: float) -> tuple[bool, ...]:
    """Queue what is to be fetched; for each text whether it was not queued yet."""
    with database.writing() as connection:
        return tuple(_want(connection, one, now) for one in wanted)


def _want(connection: sqlite3.Connection, wanted: Wanted, now: float) -> bool:
    """Queue a text to fetch, or have the one that is queued fetched now; whether it is new.

    One that is queued and not begun will bring the present state as well, but it may wait after a
    failure, and be given up by the next: what is news starts anew.
    """
    queued = connection.execute(
        "UPDATE errands SET due_at = min(due_at, ?), since = ?, attempts = 0"
        " WHERE endpoint = ? AND kind = 'fetch' AND target = ? AND state = 'queued'",
        (now, now, *wanted),
    )
    if queued.rowcount == 0:
        _queue(connection, "fetch", *wanted, b"", now)
    return queued.rowcount == 0


def tell(
    connection: sqlite3.Connection,
    tellings: Sequence[Telling],
    version_id: int,
    review: NewReview,
    previous: Verdict | None,
    now: float,
    *,
    only_changes: bool = False,
) -> None:
    """Queue the messages about a review, in the transaction that stores it."""
    is_change = previous != review.verdict
    if only_changes and not is_change:
        return
    chosen = [
        one for one in tellings if review.verdict in one.on or ("change" in one.on and is_change)
    ]
    if not chosen:
        return
    row = connection.execute(
        "SELECT d.id, d.endpoint, d.external_id, d.locale, v.title, d.url FROM versions v"
        " JOIN documents d ON d.id = v.document_id WHERE v.id = ?",
        (version_id,),
    ).fetchone()
    told = Told(
        review=f"review-{version_id}-{review.decision_id}-{round(now * 1000)}",
        made_at=now,
        document=row[0],
        endpoint=row[1],
        external_id=row[2],
        locale=row[3],
        title=row[4],
        url=row[5],
        verdict=review.verdict,
        previous_verdict=previous,
        errors=review.errors,
        warnings=review.warnings,
        notes=review.notes,
        suppressed=review.suppressed,
    )
    body = msgspec.json.encode(told)
    for one in chosen:
        _queue(connection, "notify", told.endpoint, one.target, body, now)


def _queue(
    connection: sqlite3.Connection,
    kind: ErrandKind,
    endpoint: str,
    target: str,
    body: bytes,
    now: float,
) -> None:
    connection.execute(
        "INSERT INTO errands (kind, endpoint, target, body, state, due_at, since)"
        " VALUES (?, ?, ?, ?, 'queued', ?, ?)",
        (kind, endpoint, target, body, now, now),
    )


def claim(
    database: Database,
    kind: ErrandKind,
    worker: str,
    now: float,
    lease_seconds: float,
    retries: Retries,
) -> Errand | None:
    """Take an errand of a kind that is due, longest first; None when none is.

    One that asks somebody who failed lately waits for the others. One whose worker stopped is run again,
    but not for ever: it may be what stops them.
    """
    values = (kind, now, now + CLOCK_SLACK_SECONDS)
    if database.one(_NEXT, values) is None:  # without a lock
        return None
    with database.writing() as connection:
        row = connection.execute(_NEXT, values).fetchone()
        if row is None:
            return None
        if row[1] > 2 * retries.most:
            _fail(connection, row[0], "its worker stopped again and again", now, "dead", now)
            return None
        connection.execute(
            "UPDATE errands SET state = 'running', attempts = ?, owner = ?, due_at = ?, since = ?"
            " WHERE id = ?",
            (row[1], worker, now + lease_seconds, now, row[0]),
        )
    return Errand(*row)


def done(database: Database, errand: Errand) -> None:
    """Be done with an errand, and with those given up that wanted the same text."""
    with database.writing() as connection:
        connection.execute("DELETE FROM errands WHERE id = ?", (errand.id,))
        if errand.kind == "fetch":
            connection.execute(
                "DELETE FROM errands WHERE endpoint = ? AND kind = 'fetch' AND target = ?"
                " AND state = 'dead'",
                (errand.endpoint, errand.target),
            )


def fail(
    database: Database,
    errand: Errand,
    error: str,
    now: float,
    retries: Retries,
    *,
    final: bool,
    after_seconds: float,
) -> bool:
    """Note why an errand failed and queue it again later, or give it up; whether it was given up."""
    given_up = final or errand.attempt >= retries.most
    wait = max(after_seconds, retries.wait_seconds(errand.attempt))
    with database.writing() as connection:
        held = connection.execute(
            "SELECT 1 FROM errands WHERE id = ? AND state = 'running' AND attempts = ?",
            (errand.id, errand.attempt),
        ).fetchone()
        if held is not None:
            state, due_at = ("dead", now) if given_up else ("queued", now + wait)
            _fail(connection, errand.id, error, now, state, due_at)
    return given_up


def _fail(
    connection: sqlite3.Connection, number: int, error: str, now: float, state: str, due_at: float
) -> None:
    error = error.encode("utf-8", "replace").decode("utf-8")[:ERROR_LIMIT]
    connection.execute(
        "UPDATE errands SET state = ?, owner = NULL, due_at = ?, since = ?, error = ? WHERE id = ?",
        (state, due_at, now, error, number),
    )


def dead(database: Database, limit: int) -> tuple[DeadErrand, ...]:
    """What was given up, the latest first."""
    rows = database.all(
        "SELECT id, kind, endpoint, target, attempts, coalesce(error, '') FROM errands"
        " WHERE state = 'dead' ORDER BY due_at DESC, id DESC LIMIT ?",
        (limit,),
    )
    return tuple(DeadErrand(*row) for row in rows)


def retry(database: Database, numbers: Iterable[int] | None, now: float) -> int:
    """Queue what was given up once more, all of it for None; the number of errands."""
    statement = (
        "UPDATE errands SET state = 'queued', attempts = 0, due_at = ?, since = ?"
        " WHERE state = 'dead'"
    )
    with database.writing() as connection:
        if numbers is None:
            return connection.execute(statement, (now, now)).rowcount
        return sum(
            connection.execute(f"{statement} AND id = ?", (now, now, number)).rowcount
            for number in set(numbers)
        )


def waiting(database: Database) -> dict[str, int]:
    """How many errands are in each state."""
    return dict(database.all("SELECT state, count(*) FROM errands GROUP BY state"))
