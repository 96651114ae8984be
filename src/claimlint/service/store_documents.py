"""What people and the CMS ask of the store: documents, their reviews, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence

from claimlint.model.report import Verdict
from claimlint.service import store_errands
from claimlint.service.store_database import Database
from claimlint.service.store_values import (
    Content,
    Cursor,
    DocumentRow,
    NewDecision,
    NewReview,
    Review,
    StoredDecision,
    VersionRow,
)

_DOCUMENT = (
    "SELECT d.id, d.endpoint, d.external_id, d.locale, d.title, d.url, d.changed_at,"
    " d.latest_version_id, d.reviewed_version_id,"
    " CASE WHEN d.latest_version_id = d.reviewed_version_id THEN 'done' ELSE"
    " coalesce((SELECT state FROM events WHERE version_id = d.latest_version_id"
    "  ORDER BY id DESC LIMIT 1), 'dead') END,"
    " r.verdict, r.errors, r.warnings, r.notes, r.suppressed, r.made_at,"
    " (SELECT p.verdict FROM versions v JOIN reviews p ON p.version_id = v.id"
    "  WHERE v.document_id = d.id AND v.id < d.reviewed_version_id AND v.is_stale = 0"
    "  ORDER BY v.id DESC LIMIT 1)"
    " FROM documents d LEFT JOIN reviews r ON r.version_id = d.reviewed_version_id"
)
_REVIEW = (
    "SELECT version_id, report, verdict, errors, warnings, notes, suppressed, ruleset, made_at,"
    " decision_id FROM reviews"
)


def documents(
    database: Database,
    query: str,
    verdict: Verdict | None,
    limit: int,
    after: Cursor | None,
) -> tuple[DocumentRow, ...]:
    """Documents whose title, identifier or address holds the query, the latest change first."""
    conditions = ["1"]
    values: list[str | float] = []
    if query.strip():
        conditions.append("instr(d.searched, ?)")
        values.append(query.strip().casefold().encode("utf-8", "replace").decode("utf-8"))
    if verdict is not None:
        conditions.append("r.verdict = ?")
        values.append(verdict)
    if after is not None:
        conditions.append("(d.changed_at, d.id) < (?, ?)")
        values += after
    rows = database.all(
        f"{_DOCUMENT} WHERE {' AND '.join(conditions)}"
        " ORDER BY d.changed_at DESC, d.id DESC LIMIT ?",
        (*values, limit),
    )
    return tuple(DocumentRow(*row) for row in rows)


def document(database: Database, document_id: int) -> DocumentRow | None:
    """One document."""
    row = database.one(f"{_DOCUMENT} WHERE d.id = ?", (document_id,))
    return row and DocumentRow(*row)


def status(database: Database, external_id: str, endpoint: str, locale: str) -> DocumentRow | None:
    """One document by what its CMS calls it."""
    row = database.one(
        f"{_DOCUMENT} WHERE d.endpoint = ? AND d.external_id = ? AND d.locale = ?",
        tuple(name.encode("utf-8", "replace").decode() for name in (endpoint, external_id, locale)),
    )
    return row and DocumentRow(*row)


def latest(database: Database, document_id: int) -> Review | None:
    """The review of the latest version that has one."""
    row = database.one(
        f"{_REVIEW} WHERE version_id ="  # noqa: S608 - constants only
        " (SELECT reviewed_version_id FROM documents WHERE id = ?)",
        (document_id,),
    )
    return row and Review(*row)


def review(database: Database, version_id: int) -> Review | None:
    """The review of one version."""
    row = database.one(f"{_REVIEW} WHERE version_id = ?", (version_id,))
    return row and Review(*row)


def history(database: Database, document_id: int, limit: int) -> tuple[VersionRow, ...]:
    """The versions of a document, the one that came last first."""
    rows = database.all(
        "SELECT v.id, v.revision, v.updated, v.digest, v.title, v.format, v.received_at, v.is_stale,"
        " r.verdict, r.errors, r.warnings, r.notes, r.suppressed, r.made_at"
        " FROM versions v LEFT JOIN reviews r ON r.version_id = v.id"
        " WHERE v.document_id = ? ORDER BY v.id DESC LIMIT ?",
        (document_id, limit),
    )
    return tuple(VersionRow(*row)._replace(is_stale=bool(row[7])) for row in rows)


def content(database: Database, version_id: int) -> Content | None:
    """A version as it was given."""
    row = database.one("SELECT title, format, content FROM versions WHERE id = ?", (version_id,))
    return row and Content(*row)


def decide(database: Database, document_id: int, decision: NewDecision, now: float) -> int:
    """Record a decision and tell its id; raises KeyError when there is no such document."""
    with database.writing() as connection:
        if not connection.execute(
            "SELECT 1 FROM documents WHERE id = ?", (document_id,)
        ).fetchone():
            raise KeyError(document_id)
        made = connection.execute(
            "INSERT INTO decisions (document_id, rule, fingerprint, decision, reason, approver, date,"
            " expires, by, at, sentence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(document_id, decision.rule, decision.fingerprint, decision.decision),
                *(decision.reason, decision.approver, decision.date, decision.expires),
                *(decision.by, now, decision.sentence),
            ),
        )
        assert made.lastrowid is not None
        return made.lastrowid


def decisions(database: Database, document_id: int) -> tuple[StoredDecision, ...]:
    """Everything that was decided about a document, in that order; nothing is ever overwritten."""
    rows = database.all(
        "SELECT id, rule, fingerprint, decision, reason, approver, date, expires, by, at, sentence"
        " FROM decisions WHERE document_id = ? ORDER BY id",
        (document_id,),
    )
    return tuple(StoredDecision(*row) for row in rows)


def revise(
    database: Database,
    version_id: int,
    review: NewReview,
    now: float,
    tellings: Sequence[store_errands.Telling],
) -> bool:
    """Exchange the review of a version for one that heeds later decisions (or as many)."""
    with database.writing() as connection:
        previous = connection.execute(
            "SELECT r.verdict FROM reviews r JOIN documents d ON d.reviewed_version_id = r.version_id"
            " WHERE r.version_id = ?",
            (version_id,),
        ).fetchone()
        changed = connection.execute(
            "UPDATE reviews SET verdict = ?, errors = ?, warnings = ?, notes = ?, suppressed = ?,"
            " ruleset = ?, report = ?, decision_id = ?, made_at = ?"
            " WHERE version_id = ? AND decision_id <= ?",
            (
                *(review.verdict, review.errors, review.warnings, review.notes, review.suppressed),
                *(review.ruleset, review.report, review.decision_id, now),
                *(version_id, review.decision_id),
            ),
        )
        if changed.rowcount == 1 and previous is not None:
            store_errands.tell(
                connection, tellings, version_id, review, previous[0], now, only_changes=True
            )
        return changed.rowcount == 1


def outdated(database: Database, now: float, limit: int) -> tuple[int, ...]:
    """Documents whose shown review is behind what was decided, or heeds what has expired since."""
    rows = database.all(
        "SELECT d.id FROM documents d JOIN reviews r ON r.version_id = d.reviewed_version_id"
        " JOIN decisions x ON x.document_id = d.id"
        " WHERE x.id > r.decision_id OR (x.expires >= date(r.made_at, 'unixepoch')"
        " AND x.expires < date(?, 'unixepoch'))"
        " GROUP BY d.id ORDER BY max(x.id) LIMIT ?",
        (now, limit),
    )
    return tuple(document_id for (document_id,) in rows)
