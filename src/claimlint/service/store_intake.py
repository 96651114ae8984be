"""Deliveries come in: which are new, which were seen before, which came too late."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from claimlint.service.store_database import Database
from claimlint.service.store_values import CLOCK_SLACK_SECONDS, Accepted, Incoming

_TITLE_LIMIT = 1000
_URL_LIMIT = 4096
_REVISION_DIGITS = 18  # below 2**63
_MS_FROM = 1e11  # seconds reach this in the year 5138, milliseconds did in 1973


class _Version(NamedTuple):
    """A stored version; `id` is 0 when there is none."""

    id: int
    revision: str
    updated: str
    digest: str
    received_at: float


_NONE = _Version(0, "", "", "", 0.0)


def accept(connection: sqlite3.Connection, incoming: Incoming, now: float) -> Accepted:
    """Store one document of a delivery, in the transaction that is open."""
    new = _storable(incoming)
    digest = content_digest(incoming)
    document_id, latest = _document(connection, new, now)
    key = _key(new, digest, latest)
    if key is not None and (seen := _seen(connection, new.endpoint, key)):
        return seen
    if key is None and latest.digest == digest:
        return _repeated(connection, document_id, latest.id)
    known = _known(connection, document_id, latest, new, digest)
    stale = known != latest.id if known else is_older(new, latest, now)
    version_id = known or _add_version(connection, document_id, new, digest, now, is_stale=stale)
    if not (known or stale):
        _show(connection, document_id, version_id, new, now)
    # Content alone has come again after another one: that is a delivery of its own.
    key = key or _hash("content", new.external_id, new.locale, version_id)
    event_id = _add_event(connection, new, key, document_id, version_id, now)
    return Accepted("stale" if stale else "stored", document_id, version_id, event_id)


def content_digest(incoming: Incoming) -> str:
    """The SHA-256 of all that is checked: the title, the format and the content."""
    head = json.dumps([incoming.title, incoming.format]).encode("ascii")
    return hashlib.sha256(b"%d:%b%b" % (len(head), head, incoming.content)).hexdigest()


def is_older(new: Incoming, latest: _Version, now: float) -> bool:
    """Whether a revision that comes now came late.

    One measure has to say so, the revision's number or the time of the update, and the other must not
    say the contrary: a CMS that was restored from a back-up counts its revisions once more.
    """
    pairs = [
        (_number(new.revision), _number(latest.revision)),
        (_happened(new.updated, now), _happened(latest.updated, latest.received_at)),
    ]
    signs = [(a > b) - (a < b) for a, b in pairs if a is not None and b is not None]
    return -1 in signs and 1 not in signs


def _happened(updated: str, received_at: float) -> float | None:
    """The time of an update; what cannot have been yet when it came happened when it came.

    Else one wrong year would make every later change of the document a late one.
    """
    seconds = _seconds(updated)
    if seconds is not None and seconds > received_at + CLOCK_SLACK_SECONDS:
        return received_at
    return seconds


def _number(revision: str) -> int | None:
    is_number = revision.isascii() and revision.isdigit() and len(revision) <= _REVISION_DIGITS
    return int(revision) if is_number else None


def _seconds(updated: str) -> float | None:
    """A time as CMSs write it: ISO 8601 (UTC when it names no zone), or a number of (milli)seconds."""
    number = _number(updated)
    if number is not None:
        return number / 1000 if number >= _MS_FROM else float(number)
    try:
        moment = datetime.fromisoformat(updated)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()


def _storable(incoming: Incoming) -> Incoming:
    """Text that UTF-8 can hold (JSON can carry half of a surrogate pair), of a bounded length."""
    return Incoming(
        endpoint=incoming.endpoint,
        external_id=_utf8(incoming.external_id),
        locale=_utf8(incoming.locale),
        title=_utf8(incoming.title)[:_TITLE_LIMIT],
        url=_utf8(incoming.url)[:_URL_LIMIT],
        format=incoming.format,
        content=incoming.content,
        delivery_id=None if incoming.delivery_id is None else _utf8(incoming.delivery_id),
        revision=_utf8(incoming.revision),
        updated=_utf8(incoming.updated),
    )


def _utf8(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _key(new: Incoming, digest: str, latest: _Version) -> bytes | None:
    """What a delivery is known by; None when it has nothing that tells but its content.

    A delivery can hold several documents, and the same one in several locales.
    """
    if new.delivery_id is not None:
        return _hash("delivery", new.delivery_id, new.external_id, new.locale)
    if _is_told_apart(new, latest):
        names = (new.external_id, new.locale, new.revision, new.updated)
        return _hash("revision", *names, digest)
    return None


def _is_told_apart(new: Incoming, latest: _Version) -> bool:
    """Whether a delivery says which version of its document it has.

    The time of the latest version does not: with it a text may be changed, and changed back.
    """
    return bool(new.revision) or new.updated not in ("", latest.updated)


def _hash(*parts: str | int) -> bytes:
    return hashlib.sha256(json.dumps(parts).encode("ascii")).digest()


def _seen(connection: sqlite3.Connection, endpoint: str, key: bytes) -> Accepted | None:
    row = connection.execute(
        "SELECT document_id, version_id, id FROM events WHERE endpoint = ? AND key = ?",
        (endpoint, key),
    ).fetchone()
    return row and Accepted("duplicate", *row)


def _repeated(connection: sqlite3.Connection, document_id: int, version_id: int) -> Accepted:
    (event_id,) = connection.execute(
        "SELECT coalesce(max(id), 0) FROM events WHERE version_id = ?", (version_id,)
    ).fetchone()
    return Accepted("duplicate", document_id, version_id, event_id)


def _document(connection: sqlite3.Connection, new: Incoming, now: float) -> tuple[int, _Version]:
    """The document, made if it is new, and its latest version."""
    row = connection.execute(
        "SELECT d.id, v.id, v.revision, v.updated, v.digest, v.received_at FROM documents d"
        " JOIN versions v ON v.id = d.latest_version_id"
        " WHERE d.endpoint = ? AND d.external_id = ? AND d.locale = ?",
        (new.endpoint, new.external_id, new.locale),
    ).fetchone()
    if row is not None:
        return row[0], _Version(*row[1:])
    made = connection.execute(
        "INSERT INTO documents (endpoint, external_id, locale, title, url, searched, changed_at)"
        " VALUES (?, ?, ?, '', '', '', ?)",
        (new.endpoint, new.external_id, new.locale, now),
    )
    assert made.lastrowid is not None
    return made.lastrowid, _NONE


def _known(
    connection: sqlite3.Connection, document_id: int, latest: _Version, new: Incoming, digest: str
) -> int | None:
    """The version that a delivery with a new id repeats; None when there is none."""
    if (latest.revision, latest.updated, latest.digest) == (new.revision, new.updated, digest):
        return latest.id
    if not _is_told_apart(new, latest):
        return latest.id if latest.digest == digest else None
    row = connection.execute(
        "SELECT max(id) FROM versions"
        " WHERE document_id = ? AND digest = ? AND revision = ? AND updated = ?",
        (document_id, digest, new.revision, new.updated),
    ).fetchone()
    found: int | None = row[0]
    return found


def _add_version(
    connection: sqlite3.Connection,
    document_id: int,
    new: Incoming,
    digest: str,
    now: float,
    *,
    is_stale: bool,
) -> int:
    made = connection.execute(
        "INSERT INTO versions (document_id, revision, updated, digest, is_stale, received_at,"
        " title, format, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(document_id, new.revision, new.updated, digest, is_stale, now),
            *(new.title, new.format, new.content),
        ),
    )
    assert made.lastrowid is not None
    return made.lastrowid


def _show(
    connection: sqlite3.Connection, document_id: int, version_id: int, new: Incoming, now: float
) -> None:
    """Make a version the document's latest."""
    connection.execute(
        "UPDATE documents SET title = ?, url = ?, searched = ?, latest_version_id = ?,"
        " changed_at = ? WHERE id = ?",
        (new.title, new.url, searched(new), version_id, now, document_id),
    )


def searched(new: Incoming) -> str:
    """What a search for a document looks through."""
    return "\n".join((new.title, new.external_id, new.url)).casefold()


def _add_event(
    connection: sqlite3.Connection,
    new: Incoming,
    key: bytes,
    document_id: int,
    version_id: int,
    now: float,
) -> int:
    """Queue the check of a version; one that has its review already is done."""
    made = connection.execute(
        "INSERT INTO events (endpoint, key, delivery_id, document_id, version_id, due_at, since,"
        " received_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?,"
        " CASE WHEN EXISTS (SELECT 1 FROM reviews WHERE version_id = ?)"
        " THEN 'done' ELSE 'queued' END)",
        (
            *(new.endpoint, key, new.delivery_id, document_id, version_id, now, now, now),
            version_id,
        ),
    )
    assert made.lastrowid is not None
    return made.lastrowid


def newest_version(database: Database) -> int:
    """The number of the version that was stored last, 0 before any."""
    row = database.one("SELECT coalesce(max(id), 0) FROM versions")
    return int(row[0])


def accept_all(
    connection: sqlite3.Connection, incoming: Iterable[Incoming], now: float
) -> tuple[Accepted, ...]:
    """Store documents of one delivery or several, in the transaction that is open."""
    return tuple(accept(connection, one, now) for one in incoming)
