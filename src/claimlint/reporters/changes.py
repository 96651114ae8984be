"""What changed between an earlier report and this one: new, unchanged and fixed findings."""

from __future__ import annotations

from collections import Counter
from typing import Literal, NamedTuple

from claimlint.model.report import DocumentReport, Finding, Report

State = Literal["new", "unchanged"]
_Key = tuple[str, str]


class Tally(NamedTuple):
    """Findings that nobody let off, by severity."""

    errors: int = 0
    warnings: int = 0
    notes: int = 0


class DocumentChange(NamedTuple):
    """One document against its earlier self; `before` is None when it was not in the earlier report.

    `states` stand in the order of the document's findings; `fixed` are the findings that are gone.
    """

    path: str
    states: tuple[State, ...]
    fixed: tuple[Finding, ...]
    before: Tally | None
    now: Tally

    @property
    def new(self) -> int:
        """The number of new findings."""
        return self.states.count("new")


class Changes(NamedTuple):
    """A report against an earlier one; `gone` are documents that only the earlier one has."""

    documents: tuple[DocumentChange, ...]
    gone: tuple[str, ...]
    before: Tally
    now: Tally
    new: int
    unchanged: int
    fixed: int
    same_rules: bool


def compare(old: Report, new: Report) -> Changes:
    """Compare two reports by path and fingerprint; a finding that stood there twice counts twice.

    The totals are those of the documents that both reports have, so that a page more is no setback.
    """
    earlier = {document.path: document for document in old.documents}
    changed = tuple(_compared(earlier.get(now.path), now) for now in new.documents)
    shown = {document.path for document in new.documents}
    both = [change for change in changed if change.before is not None]
    return Changes(
        documents=changed,
        gone=tuple(path for path in earlier if path not in shown),
        before=_sum([change.before for change in both if change.before is not None]),
        now=_sum([change.now for change in both]),
        new=sum(change.new for change in changed),
        unchanged=sum(len(change.states) - change.new for change in changed),
        fixed=sum(len(change.fixed) for change in changed),
        same_rules=old.tool.ruleset.sha256 == new.tool.ruleset.sha256,
    )


def _compared(old: DocumentReport | None, new: DocumentReport) -> DocumentChange:
    left = Counter(map(_key, old.findings)) if old is not None else Counter[_Key]()
    states: list[State] = []
    for finding in new.findings:
        key = _key(finding)
        known = left[key] > 0
        left[key] -= known
        states.append("unchanged" if known else "new")
    fixed = []
    for finding in reversed(old.findings if old is not None else ()):
        key = _key(finding)
        if left[key] > 0:
            left[key] -= 1
            fixed.append(finding)
    before = _tally(old) if old is not None else None
    return DocumentChange(new.path, tuple(states), tuple(reversed(fixed)), before, _tally(new))


def _key(finding: Finding) -> _Key:
    return finding.rule, finding.fingerprint


def _tally(document: DocumentReport) -> Tally:
    live = Counter(f.severity for f in document.findings if f.suppressed is None)
    return Tally(live["error"], live["warning"], live["note"])


def _sum(tallies: list[Tally]) -> Tally:
    return Tally(
        sum(each.errors for each in tallies),
        sum(each.warnings for each in tallies),
        sum(each.notes for each in tallies),
    )
