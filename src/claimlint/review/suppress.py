"""Let findings off where people have decided so, and tell of decisions that no longer fit."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import date
from difflib import SequenceMatcher
from itertools import islice
from typing import NamedTuple

import msgspec

from claimlint.model.document import Document
from claimlint.model.report import (
    DocumentReport,
    Finding,
    Suppression,
    SuppressionNote,
    SuppressionStatus,
)
from claimlint.review import inline
from claimlint.review.baseline import Allowance, Baseline
from claimlint.review.waivers import Placed, Waiver, shortened

_ALIKE = 0.6  # sentences of which one is an edit of the other, by difflib's ratio
_COMPARED = 400  # code points; difflib is quadratic
_LOOKED_AT = 200  # findings of the rule among which the edited one is looked for
_QUOTED = 60


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """What people have decided for a project, and what its policy lets them decide.

    The paths are those of the files as shown. With `approvers` only these names approve.
    """

    waivers_path: str = ""
    waivers: tuple[Placed, ...] = ()
    baseline_path: str = ""
    baseline: Baseline = Baseline()
    inline: bool = True
    require_approver: bool = False
    approvers: tuple[str, ...] = ()


class Decided(NamedTuple):
    """The findings of a document, marked, and what is to be told."""

    findings: tuple[Finding, ...]
    notes: tuple[SuppressionNote, ...]


def decided(
    findings: tuple[Finding, ...],
    document: Document,
    name: str,
    project: Project,
    rules: Set[str],
    today: date,
) -> Decided:
    """Mark the findings of the document that is called `name`; nothing is left out.

    A waiver comes before a comment, a comment before the baseline. `rules` were applied: what is said
    of others may fit in another run.
    """
    said = inline.said(document)
    path = document.source.name
    notes = [_refused(path, one.line, one.message) for one in said.mistakes]
    barred = _barred(project)
    if barred and said.allowances:
        notes += [_refused(path, one.line, barred) for one in said.allowances]
    allowances = _Allowances(() if barred else said.allowances)
    waivers = _by_finding(project, name, today)
    known = Allowance(project.baseline.documents.get(name, ()))
    marked = []
    for finding in findings:
        suppression = waivers.get((finding.rule, finding.fingerprint))
        if suppression is None and (fits := allowances.take(finding)) is not None:
            suppression = Suppression("inline", fits.reason)
        elif suppression is None and known.take(finding):
            suppression = Suppression("baseline", "")
        marked.append(msgspec.structs.replace(finding, suppressed=suppression))
    applied = {*rules, *(f"{rule.partition('/')[0]}/" for rule in rules)}
    notes += [_unused_comment(path, one) for one in allowances.unused if one.rule in applied]
    if gone := known.unused(rules):
        notes.append(_shrunken(project.baseline_path, path, gone))
    return Decided(tuple(marked), tuple(notes))


class _Allowances:
    """What a draft lets off, looked up by rule and place."""

    def __init__(self, allowances: Iterable[inline.Allowance]) -> None:
        self._by_rule: dict[str, list[inline.Allowance]] = {}
        self._furthest: dict[
            str, list[inline.Allowance]
        ] = {}  # of those up to each, the one that ends last
        for one in sorted(allowances, key=lambda one: one.start):
            self._by_rule.setdefault(one.rule, []).append(one)
            reached = self._furthest.setdefault(one.rule, [])
            reached.append(one if not reached or one.end > reached[-1].end else reached[-1])
        self._used: set[inline.Allowance] = set()

    def take(self, finding: Finding) -> inline.Allowance | None:
        """The allowance within which the words or their sentence begin; it counts as used."""
        offsets = [finding.span.start.offset]
        if finding.sentence is not None:
            offsets.append(finding.sentence.start)
        for rule in (finding.rule, f"{finding.rule.partition('/')[0]}/"):
            for offset in offsets:
                if (found := self._at(rule, offset)) is not None:
                    self._used.add(found)
                    return found
        return None

    def _at(self, rule: str, offset: int) -> inline.Allowance | None:
        """The one that begins last before an offset, if it reaches it, else that which reaches furthest."""
        ours = self._by_rule.get(rule, [])
        number = bisect_right(ours, offset, key=lambda one: one.start) - 1
        if number < 0:
            return None
        both = ours[number], self._furthest[rule][number]
        return next((one for one in both if offset < one.end), None)

    @property
    def unused(self) -> Iterator[inline.Allowance]:
        """Those that let nothing off."""
        every = (one for ours in self._by_rule.values() for one in ours)
        return (one for one in every if one not in self._used)


def _barred(project: Project) -> str:
    """Why comments count for nothing here; empty when they count."""
    if not project.inline:
        return "the configuration forbids suppression in drafts; waive it with claimlint decide"
    if project.require_approver:
        return (
            "the configuration requires an approver, whom a comment does not have; "
            "waive it with claimlint decide"
        )
    return ""


def _by_finding(project: Project, name: str, today: date) -> dict[tuple[str, str], Suppression]:
    """The suppressions that hold for a document today; a waiver for it by name comes first."""
    found: dict[tuple[str, str], Suppression] = {}
    covering = [one.waiver for one in project.waivers if one.waiver.covers(name)]
    for waiver in sorted(covering, key=lambda one: one.document != name):
        if _holds(waiver, project, today):
            made = Suppression(waiver.kind, waiver.reason, waiver.approver, waiver.expires)
            found.setdefault((waiver.rule, waiver.fingerprint), made)
    return found


def _holds(waiver: Waiver, project: Project, today: date) -> bool:
    return not _is_expired(waiver, today) and _is_approved(waiver, project)


def _is_expired(waiver: Waiver, today: date) -> bool:
    return waiver.expires is not None and waiver.expires < today.isoformat()


def _is_approved(waiver: Waiver, project: Project) -> bool:
    return not project.approvers or waiver.approver in project.approvers


def notes(
    project: Project,
    reports: Mapping[str, DocumentReport],
    rules: Mapping[str, Set[str]],
    today: date,
) -> Iterator[SuppressionNote]:
    """Tell which waivers do not hold, and which are for a checked document and fit nothing in it.

    `reports` are the documents checked, by name; `rules` are those applied to each. What is said of
    other documents, or of rules that were not applied, may fit in another run.
    """
    keys = {name: {_key(one) for one in report.findings} for name, report in reports.items()}
    for placed in project.waivers:
        waiver = placed.waiver
        key = waiver.rule, waiver.fingerprint
        if any(key in keys[name] for name in _covered(waiver, reports)):
            if not _is_approved(waiver, project):
                message = f"does not count: {waiver.approver} is none of the approvers"
                yield _told(project, placed, "refused", message)
            elif _is_expired(waiver, today):
                message = f"expired on {waiver.expires}: decide again or change the text"
                yield _told(project, placed, "expired", message)
        elif waiver.document in reports and waiver.rule in rules[waiver.document]:
            yield _outdated(project, placed, reports[waiver.document].findings)


def _key(finding: Finding) -> tuple[str, str]:
    return finding.rule, finding.fingerprint


def _covered(waiver: Waiver, names: Iterable[str]) -> Iterator[str]:
    """The names of the documents that a waiver is for."""
    return (name for name in names if waiver.covers(name))


def _outdated(project: Project, placed: Placed, findings: Iterable[Finding]) -> SuppressionNote:
    edited = _edited(placed.waiver, findings)
    if edited is None:
        message = "is no longer needed: the rule finds nothing like it there; delete the entry"
        return _told(project, placed, "unused", message)
    now = f"“{_quoted(edited.sentence.text)}”" if edited.sentence else "another sentence"
    message = f"no longer holds: its sentence was edited and is now {now}; decide again"
    return _told(project, placed, "broken", message)


def _edited(waiver: Waiver, findings: Iterable[Finding]) -> Finding | None:
    """The open finding of the same rule whose sentence is most like the waived one."""
    if not waiver.sentence:
        return None
    matcher = SequenceMatcher(None, b=waiver.sentence[:_COMPARED].casefold(), autojunk=False)
    best, likeness = None, _ALIKE
    alike = (one for one in findings if one.rule == waiver.rule and one.suppressed is None)
    for finding in islice(alike, _LOOKED_AT):
        if finding.sentence is not None:
            matcher.set_seq1(finding.sentence.text[:_COMPARED].casefold())
            if matcher.quick_ratio() >= likeness and (ratio := matcher.ratio()) >= likeness:
                best, likeness = finding, ratio
    return best


def _told(
    project: Project, placed: Placed, status: SuppressionStatus, message: str
) -> SuppressionNote:
    waiver = placed.waiver
    said = f" of “{_quoted(waiver.sentence)}”" if waiver.sentence else ""
    kind = waiver.kind.replace("_", " ")
    return SuppressionNote(
        status=status,
        by=waiver.kind,
        message=f"the {kind}{said} in {waiver.document} {message}",
        path=placed.path or project.waivers_path,
        line=placed.line or None,
        document=waiver.document,
        rule=waiver.rule,
    )


def _refused(path: str, line: int, message: str) -> SuppressionNote:
    message = f"this comment lets nothing off: {message}"
    return SuppressionNote(
        status="refused", by="inline", message=message, path=path, line=line, document=path
    )


def _unused_comment(path: str, allowance: inline.Allowance) -> SuppressionNote:
    message = f"lets nothing off that {allowance.rule} would find; delete it"
    return SuppressionNote(
        status="unused", by="inline", message=f"this comment {message}", path=path,
        line=allowance.line, document=path, rule=allowance.rule,
    )  # fmt: skip


def _shrunken(path: str, document: str, number: int) -> SuppressionNote:
    known = "1 known finding is" if number == 1 else f"{number} known findings are"
    message = f"{known} no longer in {document}; run claimlint baseline --prune"
    return SuppressionNote(
        status="unused", by="baseline", message=message, path=path, document=document
    )


def _quoted(text: str) -> str:
    flat = " ".join(shortened(text).split())
    return flat if len(flat) <= _QUOTED else flat[: _QUOTED - 1] + "…"
