"""A document's page: values made from the store's rows and reports, ready for the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from claimlint.model.report import DocumentReport, Finding, Report, SuppressionNote
from claimlint.reporters.changes import DocumentChange, compare
from claimlint.review.decisions import said_in
from claimlint.service.decisions import in_force
from claimlint.service.pages_list import Moment, moment, state, trend
from claimlint.service.store import (
    DocumentRow,
    Review,
    Store,
    StoredDecision,
    VersionRow,
)

FINDINGS_SHOWN = 50
VERSIONS_SHOWN = 100
DECISIONS_SHOWN = 100
CHANGES_SHOWN = 20
_SEVERITIES = ("error", "warning", "note")
_DID: Mapping[str, str] = {
    "waive": "waived",
    "false_alarm": "called a false alarm",
    "accept": "will be fixed",
    "withdraw": "withdrawn",
}


class Stored(NamedTuple):
    """All that the store knows of a document for its page."""

    row: DocumentRow
    review: Review | None
    since: Review | None
    since_version: VersionRow | None
    history: tuple[VersionRow, ...]
    decisions: tuple[StoredDecision, ...]


def stored(store: Store, document_id: int, since_id: int | None) -> Stored | None:
    """Ask the store; `since_id` is the version to compare with, by default the one before."""
    row = store.document(document_id)
    if row is None:
        return None
    history = store.history(document_id, VERSIONS_SHOWN)
    review = store.latest(document_id)
    since_version = None
    if review is not None:
        since_version = earlier(history, review.version_id, since_id)
    since = store.review(since_version.id) if since_version is not None else None
    return Stored(row, review, since, since_version, history, store.decisions(document_id))


def earlier(
    history: Sequence[VersionRow], version_id: int, since_id: int | None
) -> VersionRow | None:
    """The version to compare with: the one that was asked for, else the last one checked before."""
    checked = [one for one in history if one.verdict is not None and one.id != version_id]
    if since_id is not None:
        return next((one for one in checked if one.id == since_id), None)
    return next((one for one in checked if one.id < version_id and not one.is_stale), None)


class Given(NamedTuple):
    """What was typed into a form that was refused, and why."""

    rule: str
    fingerprint: str
    decision: str
    reason: str
    expires: str
    complaint: str


class Item(NamedTuple):
    """A finding and what was decided about it; `places` of the draft share both."""

    finding: Finding
    number: int
    places: int
    is_new: bool
    decision: StoredDecision | None
    decided: Moment | None
    given: Given | None

    @property
    def key(self) -> str:
        """The name of its form on the page."""
        return f"{self.finding.rule.replace('/', '-')}-{self.finding.fingerprint}"

    @property
    def look(self) -> str:
        """Its letter in the style sheet."""
        return "s" if self.finding.suppressed is not None else self.finding.severity[0]

    @property
    def quote(self) -> tuple[str, str, str]:
        """The sentence around the words; empty parts for a finding about the whole document."""
        words = self.finding.words
        said = said_in(self.finding)
        before, found, after = said.partition(words) if words else (said, "", "")
        return before, found, after

    @property
    def is_foreign(self) -> bool:
        """Whether it was let off elsewhere: in the project's files or in the draft."""
        off = self.finding.suppressed
        if off is None:
            return False
        decision = self.decision
        return decision is None or off.by != _SUPPRESSORS.get(decision.decision)


_SUPPRESSORS: Mapping[str, str] = {"waive": "waiver", "false_alarm": "false_alarm"}


class Past(NamedTuple):
    """A decision in the list of all of them."""

    decision: StoredDecision
    did: str
    at: Moment
    holds: bool


class Version(NamedTuple):
    """A version in the history."""

    row: VersionRow
    received: Moment
    is_shown: bool


class Whole(NamedTuple):
    """The page of a document."""

    row: DocumentRow
    trend: str
    state: str
    changed: Moment
    checked: Moment | None
    address: str
    report: DocumentReport | None
    counts: tuple[tuple[str, int], ...]
    problems: tuple[str, ...]
    notes: tuple[SuppressionNote, ...]
    items: tuple[Item, ...]
    items_of: int
    page: int
    pages: int
    change: DocumentChange | None
    new: tuple[Finding, ...]
    fixed: tuple[Finding, ...]
    same_rules: bool
    since: Version | None
    history: tuple[Version, ...]
    decisions: tuple[Past, ...]
    decisions_of: int
    is_behind: bool
    done: Past | None


class Asked(NamedTuple):
    """What of a document's page was asked for; `done` is the decision that was just made."""

    page: int = 1
    done: int = 0
    given: Given | None = None


def whole(
    found: Stored, reports: tuple[Report | None, Report | None], asked: Asked, now: float
) -> Whole:
    """The page of a document; `reports` are the one that is shown and the one to compare with."""
    row = found.row
    report, since = reports
    document = report.documents[0] if report is not None and report.documents else None
    change, same_rules = None, True
    if report is not None and since is not None:
        changes = compare(since, report)
        change, same_rules = changes.documents[0], changes.same_rules
    decided = in_force(found.decisions)
    items = _items(document, change, decided, asked.given, now) if document is not None else ()
    pages = max(1, -(-len(items) // FINDINGS_SHOWN))
    page = min(max(1, asked.page), pages)
    if asked.given is not None:  # a form that was refused is shown wherever it is
        at = next((n for n, item in enumerate(items) if item.given is not None), 0)
        page = at // FINDINGS_SHOWN + 1
    past = tuple(_past(one, decided, now) for one in reversed(found.decisions))
    states = change.states if change is not None else ()
    shown_id = found.review.version_id if found.review is not None else None
    return Whole(
        row=row,
        trend=trend(row),
        state=state(row),
        changed=moment(row.changed_at, now),
        checked=None if row.made_at is None else moment(row.made_at, now),
        address=row.url if _is_web(row.url) else "",
        report=document,
        counts=_counts(row),
        problems=tuple(one.message for one in report.problems) if report is not None else (),
        notes=report.suppression_notes if report is not None else (),
        items=items[(page - 1) * FINDINGS_SHOWN : page * FINDINGS_SHOWN],
        items_of=len(items),
        page=page,
        pages=pages,
        change=change,
        new=_new(document, states),
        fixed=change.fixed if change is not None else (),
        same_rules=same_rules,
        since=None if found.since_version is None else _version(found.since_version, now, None),
        history=tuple(_version(one, now, shown_id) for one in found.history),
        decisions=past[:DECISIONS_SHOWN],
        decisions_of=len(past),
        is_behind=_is_behind(found),
        done=next((one for one in past if one.decision.id == asked.done), None),
    )


def _is_behind(found: Stored) -> bool:
    """Whether the shown review does not heed the last decision yet."""
    if found.review is None or not found.decisions:
        return False
    return found.review.decision_id < found.decisions[-1].id


def _items(
    document: DocumentReport,
    change: DocumentChange | None,
    decided: Mapping[tuple[str, str], StoredDecision],
    given: Given | None,
    now: float,
) -> tuple[Item, ...]:
    """The findings, each once: what is open first, by severity, then by place."""
    first: dict[tuple[str, str], int] = {}
    places: dict[tuple[str, str], int] = {}
    for number, finding in enumerate(document.findings, start=1):
        key = finding.rule, finding.fingerprint
        first.setdefault(key, number)
        places[key] = places.get(key, 0) + 1
    made = []
    for key, number in first.items():
        decision = decided.get(key)
        if decision is not None and decision.decision == "withdraw":
            decision = None
        made.append(
            Item(
                finding=document.findings[number - 1],
                number=number,
                places=places[key],
                is_new=change is not None and change.states[number - 1] == "new",
                decision=decision,
                decided=None if decision is None else moment(decision.at, now),
                given=given
                if given is not None and key == (given.rule, given.fingerprint)
                else None,
            )
        )
    return tuple(sorted(made, key=_urgency))


def _urgency(item: Item) -> tuple[bool, int, int]:
    finding = item.finding
    return finding.suppressed is not None, _SEVERITIES.index(finding.severity), item.number


def _new(document: DocumentReport | None, states: Sequence[str]) -> tuple[Finding, ...]:
    if document is None:
        return ()
    return tuple(
        finding for finding, state in zip(document.findings, states, strict=False) if state == "new"
    )


def _past(
    decision: StoredDecision, decided: Mapping[tuple[str, str], StoredDecision], now: float
) -> Past:
    holds = decided[decision.rule, decision.fingerprint].id == decision.id
    return Past(decision, _DID[decision.decision], moment(decision.at, now), holds)


def _version(row: VersionRow, now: float, shown_id: int | None) -> Version:
    return Version(row, moment(row.received_at, now), row.id == shown_id)


def _counts(row: DocumentRow) -> tuple[tuple[str, int], ...]:
    found = zip(_SEVERITIES, (row.errors, row.warnings, row.notes), strict=True)
    counts = [(name if number == 1 else f"{name}s", number) for name, number in found if number]
    if row.suppressed:
        counts.append(("let off", row.suppressed))
    return tuple(counts)


def _is_web(address: str) -> bool:
    try:
        return urlsplit(address).scheme in ("http", "https")
    except ValueError:
        return False
