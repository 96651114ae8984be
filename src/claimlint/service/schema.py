"""The tables, and how a file of an earlier version becomes one of this version."""

from __future__ import annotations

import sqlite3

from claimlint.service.store_values import StoreError

APPLICATION_ID = 0x436C6D4C  # "ClmL", in the file's header: the database is ours

_DOCUMENTS = """
CREATE TABLE documents (
  id INTEGER PRIMARY KEY,
  endpoint TEXT NOT NULL,
  external_id TEXT NOT NULL,
  locale TEXT NOT NULL,
  title TEXT NOT NULL,
  url TEXT NOT NULL,
  searched TEXT NOT NULL,
  latest_version_id INTEGER REFERENCES versions (id) DEFERRABLE INITIALLY DEFERRED,
  reviewed_version_id INTEGER REFERENCES versions (id) DEFERRABLE INITIALLY DEFERRED,
  changed_at REAL NOT NULL,
  UNIQUE (endpoint, external_id, locale)
)
"""
_VERSIONS = """
CREATE TABLE versions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  revision TEXT NOT NULL,
  updated TEXT NOT NULL,
  digest TEXT NOT NULL,
  is_stale INTEGER NOT NULL CHECK (is_stale IN (0, 1)),
  received_at REAL NOT NULL,
  title TEXT NOT NULL,
  format TEXT NOT NULL,
  content BLOB NOT NULL
)
"""
_EVENTS = """
CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  endpoint TEXT NOT NULL,
  key BLOB NOT NULL,
  delivery_id TEXT,
  document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  version_id INTEGER NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'dead')),
  attempts INTEGER NOT NULL DEFAULT 0,
  owner TEXT,
  due_at REAL NOT NULL,
  since REAL NOT NULL,
  received_at REAL NOT NULL,
  error TEXT,
  UNIQUE (endpoint, key)
)
"""
_REVIEWS = """
CREATE TABLE reviews (
  version_id INTEGER PRIMARY KEY REFERENCES versions (id) ON DELETE CASCADE,
  verdict TEXT NOT NULL CHECK (verdict IN ('pass', 'review', 'block')),
  errors INTEGER NOT NULL,
  warnings INTEGER NOT NULL,
  notes INTEGER NOT NULL,
  suppressed INTEGER NOT NULL,
  ruleset TEXT NOT NULL,
  made_at REAL NOT NULL,
  report BLOB NOT NULL
)
"""
_DECISIONS = """
CREATE TABLE decisions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  rule TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('accept', 'waive', 'false_alarm', 'withdraw')),
  reason TEXT NOT NULL,
  approver TEXT,
  date TEXT NOT NULL,
  expires TEXT,
  by TEXT NOT NULL,
  at REAL NOT NULL
)
"""
_ERRANDS = """
CREATE TABLE errands (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('fetch', 'notify')),
  endpoint TEXT NOT NULL,
  target TEXT NOT NULL,
  body BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'dead')),
  attempts INTEGER NOT NULL DEFAULT 0,
  owner TEXT,
  due_at REAL NOT NULL,
  since REAL NOT NULL,
  error TEXT
)
"""

# One tuple of statements for each version of the schema; a released one is never changed.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        _DOCUMENTS,
        _VERSIONS,
        _EVENTS,
        _REVIEWS,
        _DECISIONS,
        "CREATE INDEX documents_changed ON documents (changed_at DESC, id DESC)",
        "CREATE INDEX documents_latest ON documents (latest_version_id)",
        "CREATE INDEX documents_reviewed ON documents (reviewed_version_id)",
        "CREATE INDEX versions_document ON versions (document_id, digest)",
        "CREATE INDEX versions_received ON versions (received_at)",
        "CREATE INDEX events_due ON events (state, due_at)",
        "CREATE INDEX events_version ON events (version_id)",
        "CREATE INDEX events_document ON events (document_id)",
        "CREATE INDEX decisions_document ON decisions (document_id)",
    ),
    (
        # The last decision that a review heeds, by which one that is behind shows.
        "ALTER TABLE reviews ADD COLUMN decision_id INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE decisions ADD COLUMN sentence TEXT NOT NULL DEFAULT ''",
    ),
    (
        _ERRANDS,
        "CREATE INDEX errands_due ON errands (kind, state, due_at)",
        "CREATE INDEX errands_target ON errands (endpoint, kind, target)",
    ),
    (
        # The newest versions of a document, of however many it has, and those that are old.
        "CREATE INDEX versions_newest ON versions (document_id, id, received_at)",
        "DROP INDEX versions_received",
    ),
)


def migrate(
    connection: sqlite3.Connection, path: str, migrations: tuple[tuple[str, ...], ...] = MIGRATIONS
) -> None:
    """Bring a database to the version of the last migration, all of it or nothing.

    Raises StoreError when it belongs to another program or is of a later version.
    """
    # In one transaction: what another process writes between the questions would look like a stranger's.
    connection.execute("BEGIN")
    try:
        version = _version(connection, path, len(migrations))
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    if version == len(migrations):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have been first.
        version = _version(connection, path, len(migrations))
        for statements in migrations[version:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _version(connection: sqlite3.Connection, path: str, ours: int) -> int:
    """The version of a database's schema, 0 for an empty file."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (owner,) = connection.execute("PRAGMA application_id").fetchone()
    if owner != APPLICATION_ID:
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if version or tables:
            raise StoreError("foreign", f"{path} is a database of another program")
    if version > ours:
        raise StoreError(
            "newer",
            f"{path} was written by a newer claimlint (schema {version}, this one knows {ours}); "
            "install that version or take another file",
        )
    return int(version)
