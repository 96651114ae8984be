"""The values behind the HTML review: the templates only lay them out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from claimlint.model.document import Document
from claimlint.model.report import DocumentReport, Finding, Problem, Report, SuppressionNote
from claimlint.model.rule import Authority, Category
from claimlint.reporters import wording
from claimlint.reporters.cards import Card, Drawn, deal, drawn_cut
from claimlint.reporters.changes import Changes, DocumentChange
from claimlint.reporters.checked import Coverage, coverage, quiet_categories
from claimlint.reporters.draft_view import DraftView, draft_view
from claimlint.reporters.highlight import Locator
from claimlint.reporters.source_view import lines
from claimlint.reporters.sources import (
    CitationRow,
    DisclosureRow,
    HardRow,
    LetOffRow,
    citation_rows,
    disclosure_rows,
    hard_rows,
    let_off_rows,
)

LawKey = tuple[str, tuple[Authority, ...]]
SCALE_GRADES = 20.0  # the readability scale ends here; harder texts stand at its end


_WITH_LINES = frozenset(["markdown", "html", "text"])  # formats whose source people see as lines


class Count(NamedTuple):
    """How often something was found, by its name."""

    name: str
    number: int


class SourceLine(NamedTuple):
    """A line of the source with its highlights; `label` stands in place of its number."""

    label: str
    parts: tuple[Drawn, ...]


class Scale(NamedTuple):
    """Where grade and target stand on the readability scale, in per cent."""

    grade: float
    target: float


class DocumentView(NamedTuple):
    """One draft of the page."""

    number: int
    report: DocumentReport
    reason: str
    counts: tuple[Count, ...]
    categories: tuple[Count, ...]
    scale: Scale | None
    cards: tuple[Card, ...]
    draft: DraftView
    source: tuple[SourceLine, ...]
    linear: bool  # the source is the reader's linear text
    hardest: tuple[HardRow, ...]
    disclosures: tuple[DisclosureRow, ...]
    citations: tuple[CitationRow, ...]
    let_off: tuple[LetOffRow, ...]
    quiet: tuple[Category, ...]
    coverage: Coverage
    problems: tuple[Problem, ...]
    notes: tuple[SuppressionNote, ...]
    change: DocumentChange | None

    @property
    def crowded(self) -> int:
        """The number of findings whose words stand under too many others to be highlighted."""
        return sum(card.crowded for card in self.cards)


class IndexRow(NamedTuple):
    """One draft in the table of all; `address` leads to its part of the page or its own page."""

    report: DocumentReport
    address: str
    counts: tuple[Count, ...]
    change: DocumentChange | None


class Law(NamedTuple):
    """What stands behind a rule, told once for a page of many drafts."""

    number: int
    rule: str
    authorities: tuple[Authority, ...]


class Page(NamedTuple):
    """A page: an index, drafts (`has_drafts`), or both. `home` is the address of a folder's index."""

    report: Report
    title: str
    rows: tuple[IndexRow, ...]
    documents: Iterable[DocumentView]
    has_drafts: bool
    problems: tuple[Problem, ...]  # those that belong to no draft of the report
    notes: tuple[SuppressionNote, ...]
    changes: Changes | None
    home: str | None = None
    laws: Collection[Law] = ()
    law_numbers: Mapping[LawKey, int] = MappingProxyType({})

    def law_of(self, finding: Finding) -> int:
        """The number of the law behind a finding."""
        return self.law_numbers[finding.rule, finding.authorities]


class About(NamedTuple):
    """The parts of a report that belong to a draft, by its path."""

    problems: dict[str, list[Problem]]
    notes: dict[str, list[SuppressionNote]]

    @classmethod
    def of(cls, report: Report) -> About:
        """Sort problems and notes by the draft that they are about."""
        paths = {document.path for document in report.documents}
        problems: dict[str, list[Problem]] = {"": []}
        for problem in report.problems:
            problems.setdefault(problem.path if problem.path in paths else "", []).append(problem)
        notes: dict[str, list[SuppressionNote]] = {"": []}
        for note in report.suppression_notes:
            about = next(
                (p for p in (note.document, note.path) if p is not None and p in paths), ""
            )
            notes.setdefault(about, []).append(note)
        return cls(problems, notes)


def law_numbers(report: Report) -> dict[LawKey, int]:
    """A number for each rule with authorities of which something was found."""
    keys = {
        (finding.rule, finding.authorities)
        for document in report.documents
        for finding in document.findings
        if finding.authorities
    }
    return {key: number for number, key in enumerate(sorted(keys, key=lambda k: k[0]), start=1)}


def index_row(report: DocumentReport, address: str, change: DocumentChange | None) -> IndexRow:
    """A draft's row in the table of all."""
    return IndexRow(report, address, counts(report), change)


def view(
    number: int,
    report: DocumentReport,
    draft: Document,
    about: About,
    change: DocumentChange | None,
) -> DocumentView:
    """Decide everything that the page shows of one draft."""
    locator = Locator(draft)
    deck = deal(report, draft, locator, change.states if change else None)
    ease = report.readability
    return DocumentView(
        number=number,
        report=report,
        reason=wording.verdict(report),
        counts=counts(report),
        categories=tuple(
            Count(name, found)
            for name, found in Counter(f.category for f in report.findings).most_common()
        ),
        scale=Scale(_share(ease.flesch_kincaid_grade), _share(ease.target_grade)) if ease else None,
        cards=deck.cards,
        draft=draft_view(draft, deck),
        source=tuple(
            SourceLine(line.label, tuple(drawn_cut(*part, deck.cards) for part in line.parts))
            for line in lines(draft.source, deck.source)
        ),
        linear=draft.format not in _WITH_LINES,
        hardest=tuple(hard_rows(ease.hardest if ease else (), locator)),
        disclosures=tuple(disclosure_rows(report.disclosures, deck, locator)),
        citations=tuple(citation_rows(report.citations, draft, deck, locator)),
        let_off=tuple(let_off_rows(report.let_off or (), locator)),
        quiet=quiet_categories(report),
        coverage=coverage(report, draft),
        problems=tuple(about.problems.get(report.path, ())),
        notes=tuple(about.notes.get(report.path, ())),
        change=change,
    )


def counts(report: DocumentReport) -> tuple[Count, ...]:
    """How much was found, by severity, and how much was let off."""
    made = [
        Count(name, wording.tally(report.findings, name)) for name in ("error", "warning", "note")
    ]
    return (*made, Count("suppressed", wording.suppressed(report.findings)))


def _share(grade: float) -> float:
    """Where a grade stands on the scale, in per cent."""
    return round(100 * min(max(grade, 0.0), SCALE_GRADES) / SCALE_GRADES, 1)
