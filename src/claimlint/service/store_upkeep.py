"""The store's upkeep: what is deleted when, whether it is sound, how much is in it."""

from __future__ import annotations

import sqlite3

from claimlint.service.store_database import Database
from claimlint.service.store_values import Counts, Purged, StoreError

_DAY_SECONDS = 86_400.0
_AT_ONCE = 200  # rows of a transaction: deliveries that arrive meanwhile wait for one only
_OLD_EVENTS = (
    "DELETE FROM events WHERE id IN"
    " (SELECT id FROM events WHERE state = 'done' AND due_at < ? LIMIT ?)"
)
_OLD_ERRANDS = (
    "DELETE FROM errands WHERE id IN"
    " (SELECT id FROM errands WHERE state = 'dead' AND due_at < ? LIMIT ?)"
)
# An old version goes with its review. The newest of each document stay, and so do those that are shown,
# wait for their check, or were delivered again lately.
_OLD_VERSIONS = (
    "DELETE FROM versions WHERE id IN (SELECT v.id FROM versions v"
    " JOIN documents d ON d.id = v.document_id WHERE v.received_at < ?"
    " AND v.id <> d.latest_version_id AND v.id IS NOT d.reviewed_version_id"
    " AND NOT EXISTS (SELECT 1 FROM events e WHERE e.version_id = v.id)"
    " AND (SELECT count(*) FROM versions n WHERE n.document_id = v.document_id AND n.id > v.id) >= ?"
    " LIMIT ?)"
)


def purge(database: Database, now: float, keep_days: float, keep_versions: int) -> Purged:
    """Delete what is older than so many days and not among so many newest versions of its document.

    Checks that were given up, decisions and the documents themselves stay.
    """
    if keep_days < 0 or keep_versions < 1:
        raise ValueError("a store keeps at least one version of each document")
    before = now - keep_days * _DAY_SECONDS
    events = _delete(database, _OLD_EVENTS, (before,))
    _delete(database, _OLD_ERRANDS, (before,))
    return Purged(events, _delete(database, _OLD_VERSIONS, (before, keep_versions)))


def _delete(database: Database, statement: str, values: tuple[float, ...]) -> int:
    deleted = 0
    while True:
        with database.writing() as connection:
            found = connection.execute(statement, (*values, _AT_ONCE)).rowcount
        deleted += found
        if found < _AT_ONCE:
            return deleted


def check(database: Database) -> None:
    """Read the whole file for damage; raises StoreError. It takes seconds for each gigabyte."""
    rows = database.all("PRAGMA quick_check(1)")
    if rows != [("ok",)]:
        raise StoreError(
            "corrupt", "the store is damaged; restore it from a back-up (docs/service-store.md)"
        )


def check_ready(database: Database) -> None:
    """Tell whether a delivery could be stored now; raises StoreError."""
    database.one("SELECT max(id) FROM events")
    with database.writing() as connection:
        _touch(connection)


def _touch(connection: sqlite3.Connection) -> None:
    """Write a page that is the same afterwards; taking the lock alone would not tell of a full disk."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.execute(f"PRAGMA user_version = {version}")


def counts(database: Database) -> Counts:
    """How much is in the store."""
    states = dict(database.all("SELECT state, count(*) FROM events GROUP BY state"))
    totals = database.one(
        "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM versions),"
        " (SELECT count(*) FROM reviews),"
        " (SELECT min(received_at) FROM events WHERE state IN ('queued', 'running'))"
    )
    named = (states.get(state, 0) for state in ("queued", "running", "done", "dead"))
    return Counts(*named, *totals)
