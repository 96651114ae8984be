"""Let findings off where people have decided so, and tell of decisions that no longer fit."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
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
from claimlint.review.approval import is_approved
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

    def accepts(self, approver: str) -> bool:
        """Tell whether what this person (`""` for nobody) let off is let off."""
        return is_approved(approver, self.approvers, required=self.require_approver)


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
    exists: Callable[[str], bool],
) -> Decided:
    """Mark the findings of the document that is called `name`; nothing is left out.

    A waiver comes before a comment, a comment before the baseline. `rules` were applied: what is said
    of others may fit in another run, if a rule of that name `exists`.
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
    unapproved = 0
    for finding in findings:
        accepted = known.take(finding)  # also when it is let off otherwise: it still stands there
        suppression = waivers.get((finding.rule, finding.fingerprint))
        if suppression is None and (fits := allowances.take(finding)) is not None:
            suppression = Suppression("inline", fits.reason)
        elif suppression is None and accepted is not None:
            if project.accepts(accepted.approver):
                suppression = Suppression("baseline", "", accepted.approver or None)
            else:
                unapproved += 1
        marked.append(msgspec.structs.replace(finding, suppressed=suppression))
    applied = {*rules, *(f"{rule.partition('/')[0]}/" for rule in rules)}
    for one in allowances.unused:
        if one.rule in applied:
            notes.append(_unused_comment(path, one))
        elif not exists(one.rule):
            message = (
                f"there is no rule {one.rule}; claimlint rules list shows those that there are"
            )
            notes.append(_refused(path, one.line, message))
    if unapproved:
        notes.append(_unapproved(project.baseline_path, path, unapproved))
    if gone := known.unused(rules):
        notes.append(_shrunken(project.baseline_path, path, gone))
    return Decided(tuple(marked), tuple(notes))


_Key = tuple[str, inline.Reach]


class _Allowances:
    """What a draft lets off, looked up by rule and place."""

    def __init__(self, allowances: Iterable[inline.Allowance]) -> None:
        self._by_key: dict[_Key, list[inline.Allowance]] = {}
        # Of those up to each, the one that ends last.
        self._furthest: dict[_Key, list[inline.Allowance]] = {}
        for one in sorted(allowances, key=lambda one: one.start):
            key = one.rule, one.reach
            self._by_key.setdefault(key, []).append(one)
            reached = self._furthest.setdefault(key, [])
            reached.append(one if not reached or one.end > reached[-1].end else reached[-1])
        self._used: set[inline.Allowance] = set()

    def take(self, finding: Finding) -> inline.Allowance | None:
        """The allowance that reaches a finding; it counts as used."""
        for rule in (finding.rule, f"{finding.rule.partition('/')[0]}/"):
            if (found := self._reaching(finding, rule)) is not None:
                self._used.add(found)
                return found
        return None

    def _reaching(self, finding: Finding, rule: str) -> inline.Allowance | None:
        if finding.sentence is None:
            return next(iter(self._by_key.get((rule, "part"), ())), None)
        words, sentence = finding.span.start.offset, finding.sentence.start
        places: tuple[tuple[inline.Reach, int], ...] = (
            ("line", words), ("line", sentence), ("range", words), ("part", words),
        )  # fmt: skip
        found = (self._at((rule, reach), offset) for reach, offset in places)
        return next((one for one in found if one is not None), None)

    def _at(self, key: _Key, offset: int) -> inline.Allowance | None:
        """The one that begins last before an offset, if it reaches it, else that which reaches furthest."""
        ours = self._by_key.get(key, [])
        number = bisect_right(ours, offset, key=lambda one: one.start) - 1
        if number < 0:
            return None
        both = ours[number], self._furthest[key][number]
        return next((one for one in both if offset < one.end), None)

    @property
    def unused(self) -> Iterator[inline.Allowance]:
        """Those that let nothing off."""
        every = (one for ours in self._by_key.values() for one in ours)
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
    for waiver in sorted(covering, key=lambda one: not one.is_for(name)):
        if _holds(waiver, project, today):
            made = Suppression(waiver.kind, waiver.reason, waiver.approver, waiver.expires)
            found.setdefault((waiver.rule, waiver.fingerprint), made)
    return found


def _holds(waiver: Waiver, project: Project, today: date) -> bool:
    return not _is_expired(waiver, today) and project.accepts(waiver.approver)


def _is_expired(waiver: Waiver, today: date) -> bool:
    return waiver.expires is not None and waiver.expires < today.isoformat()


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
    found = {name: _Found(report.findings) for name, report in reports.items()}
    for placed in project.waivers:
        waiver = placed.waiver
        covered = [name for name in reports if waiver.covers(name)]
        if any(found[name].has(waiver) for name in covered):
            if not project.accepts(waiver.approver):
                message = f"does not count: {waiver.approver} is none of the approvers"
                yield _told(project, placed, "refused", message)
            elif _is_expired(waiver, today):
                message = f"expired on {waiver.expires}: decide again or change the text"
                yield _told(project, placed, "expired", message)
        elif read := [name for name in covered if waiver.rule in rules[name]]:
            its_own = any(waiver.is_for(name) for name in read)
            edited = _edited(waiver, (one for name in read for one in found[name].open(waiver)))
            yield from _outdated(project, placed, edited, today, its_own=its_own)


class _Found:
    """The findings of a document, looked up by what a waiver says of one."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._keys = set()
        self._open: dict[str, list[str]] = {}
        for one in findings:
            self._keys.add((one.rule, one.fingerprint))
            if one.suppressed is None and one.sentence is not None:
                self._open.setdefault(one.rule, []).append(one.sentence.text)

    def has(self, waiver: Waiver) -> bool:
        """Tell whether the finding stands there, open or not."""
        return (waiver.rule, waiver.fingerprint) in self._keys

    def open(self, waiver: Waiver) -> Sequence[str]:
        """The sentences to which its rule objects."""
        return self._open.get(waiver.rule, ())


def _outdated(
    project: Project, placed: Placed, edited: str | None, today: date, *, its_own: bool
) -> Iterator[SuppressionNote]:
    """Tell of a waiver that fits nothing; one for more documents than its own may fit elsewhere."""
    waiver = placed.waiver
    if its_own and edited is not None:
        now = f"its sentence was edited and is now “{_quoted(edited)}”"
        yield _told(project, placed, "broken", f"no longer holds: {now}; decide again")
    elif its_own:
        message = "is no longer needed: the rule finds nothing like it there; delete the entry"
        yield _told(project, placed, "unused", message)
    elif _is_expired(waiver, today):
        message = f"expired on {waiver.expires} and fits nothing that was checked; delete the entry"
        yield _told(project, placed, "expired", message)
    elif edited is not None:
        like = f"fits nothing that was checked, but “{_quoted(edited)}” is like it"
        message = f"{like}: if that is the same sentence, edited, decide again"
        yield _told(project, placed, "broken", message)


def _edited(waiver: Waiver, sentences: Iterable[str]) -> str | None:
    """The sentence that is most like the waived one."""
    if not waiver.sentence:
        return None
    matcher = SequenceMatcher(None, b=waiver.sentence[:_COMPARED].casefold(), autojunk=False)
    best, likeness = None, _ALIKE
    for sentence in islice(sentences, _LOOKED_AT):
        matcher.set_seq1(sentence[:_COMPARED].casefold())
        if matcher.quick_ratio() >= likeness and (ratio := matcher.ratio()) >= likeness:
            best, likeness = sentence, ratio
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


def _unapproved(path: str, document: str, number: int) -> SuppressionNote:
    known = "1 known finding" if number == 1 else f"{number} known findings"
    message = (
        f"{known} in {document} stayed open: nobody who may has approved; "
        "run claimlint baseline --approver NAME"
    )
    return SuppressionNote(
        status="refused", by="baseline", message=message, path=path, document=document
    )


def _shrunken(path: str, document: str, number: int) -> SuppressionNote:
    known = "1 known finding is" if number == 1 else f"{number} known findings are"
    message = f"{known} no longer in {document}; run claimlint baseline --prune"
    return SuppressionNote(
        status="unused", by="baseline", message=message, path=path, document=document
    )


def _quoted(text: str) -> str:
    flat = " ".join(shortened(text).split())
    return flat if len(flat) <= _QUOTED else flat[: _QUOTED - 1] + "…"
