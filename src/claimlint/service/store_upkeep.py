"""The store's upkeep: what is deleted when, whether it is sound, how much is in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import NamedTuple

from claimlint.service.store_database import Database
from claimlint.service.store_values import Counts, Purged, StoreError

_DAY_SECONDS = 86_400.0
_AT_ONCE = 200  # rows of a transaction: deliveries that arrive meanwhile wait for one only
_LOOKED_UP = 10_000  # rows that are looked up together


class _Old(NamedTuple):
    """What goes: how its rows are found, and how one is deleted if it is still of that kind.

    Looking takes long in a large store and is done without the lock that every delivery needs.
    """

    found: str
    delete: str


_EVENTS = _Old(
    "SELECT id FROM events WHERE state = 'done' AND due_at < ? LIMIT ?",
    "DELETE FROM events WHERE id = ? AND state = 'done'",
)
_ERRANDS = _Old(
    "SELECT id FROM errands WHERE state = 'dead' AND due_at < ? LIMIT ?",
    "DELETE FROM errands WHERE id = ? AND state = 'dead'",
)
# An old version goes with its review. The newest of each document stay, and so do those that are shown,
# wait for their check, or were delivered again lately, which alone can change after the look.
_VERSIONS = _Old(
    # By documents, so that nothing is read of the versions that stay; CROSS JOIN keeps this order.
    "SELECT v.id FROM documents d CROSS JOIN versions v ON v.document_id = d.id"
    " WHERE v.received_at < ? AND v.id < (SELECT n.id FROM versions n WHERE n.document_id = d.id"
    " ORDER BY n.id DESC LIMIT 1 OFFSET ?)"
    " AND v.id <> d.latest_version_id AND v.id IS NOT d.reviewed_version_id"
    " AND NOT EXISTS (SELECT 1 FROM events e WHERE e.version_id = v.id) LIMIT ?",
    "DELETE FROM versions WHERE id = ?"
    " AND NOT EXISTS (SELECT 1 FROM events e WHERE e.version_id = versions.id)",
)


def purge(
    database: Database,
    now: float,
    keep_days: float,
    keep_versions: int,
    is_over: Callable[[], bool],
) -> Purged:
    """Delete what is older than so many days and not among so many newest versions of its document.

    Checks that were given up, decisions and the documents themselves stay.
    """
    if keep_days < 0 or keep_versions < 1:
        raise ValueError("a store keeps at least one version of each document")
    before = now - keep_days * _DAY_SECONDS
    events = _delete(database, _EVENTS, is_over, before)
    _delete(database, _ERRANDS, is_over, before)
    return Purged(events, _delete(database, _VERSIONS, is_over, before, keep_versions - 1))


def _delete(database: Database, old: _Old, is_over: Callable[[], bool], *values: float) -> int:
    deleted = 0
    while found := database.all(old.found, (*values, _LOOKED_UP)):
        for begin in range(0, len(found), _AT_ONCE):
            if is_over():
                return deleted
            with database.writing() as connection:
                rows = found[begin : begin + _AT_ONCE]
                deleted += connection.executemany(old.delete, rows).rowcount
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
