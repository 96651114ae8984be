"""The values behind the HTML review: the template only lays them out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from claimlint.model.document import Block, Document
from claimlint.model.report import (
    Citation,
    Disclosure,
    DocumentReport,
    Finding,
    HardSentence,
    LetOff,
    Problem,
    Range,
    Report,
)
from claimlint.model.rule import DOCUMENT_CATEGORIES
from claimlint.reporters import wording
from claimlint.reporters.highlight import Locator, Mark, Segment, segments

SCALE_GRADES = 20.0  # the readability scale ends here; harder texts stand at its end
_FOLDED_UNITS = 3  # runs of page furniture from this length on are folded when nothing was found
_RANK = {"error": 3, "warning": 2, "note": 1}


class Card(NamedTuple):
    """A finding with what is said beside it.

    `located`: its words stand in the draft as shown. `told`: its context is worth telling.
    `repeated`: a card before it has given the reason of its rule.
    """

    number: int
    finding: Finding
    place: str
    located: bool
    told: bool
    repeated: bool


class MarkedSegment(NamedTuple):
    """A segment with the finding that gives it its look: the most severe that nobody let off."""

    segment: Segment
    leading: Card | None


class BlockView(NamedTuple):
    """A block with its highlighted prose."""

    number: int
    block: Block
    segments: tuple[MarkedSegment, ...]


class Unit(NamedTuple):
    """What stands in one row of the page: a block, or a table's rows of blocks, with its cards."""

    blocks: tuple[BlockView, ...]
    table: tuple[tuple[BlockView, ...], ...]
    cards: tuple[Card, ...]


class Section(NamedTuple):
    """A run of units in one zone; `folded` when it is page furniture in which nothing was found."""

    zone: str
    units: tuple[Unit, ...]
    folded: bool


class Linked(NamedTuple):
    """Something with the number of the block in which it stands, if it has one."""

    value: Disclosure | Citation | HardSentence | LetOff
    block: int | None
    place: str | None


class DocumentView(NamedTuple):
    """One draft of the page."""

    number: int
    report: DocumentReport
    reason: str
    counts: tuple[tuple[str, int], ...]
    categories: tuple[tuple[str, int], ...]
    grade_share: float
    target_share: float
    cards: tuple[Card, ...]
    by_weight: tuple[Card, ...]
    loose: tuple[Card, ...]
    sections: tuple[Section, ...]
    hardest: tuple[Linked, ...]
    disclosures: tuple[Linked, ...]
    citations: tuple[Linked, ...]
    let_off: tuple[Linked, ...]
    problems: tuple[Problem, ...]


class Page(NamedTuple):
    """The whole page."""

    report: Report
    summary: str
    documents: tuple[DocumentView, ...]
    problems: tuple[Problem, ...]  # those that belong to no draft of the page


def page(report: Report, drafts: Sequence[Document]) -> Page:
    """Decide everything that the page shows; `drafts` stand in the order of `report.documents`."""
    pairs = zip(report.documents, drafts, strict=True)
    views = tuple(
        _document(number, document, draft, report.problems)
        for number, (document, draft) in enumerate(pairs, start=1)
    )
    shown = {document.path for document in report.documents}
    apart = tuple(problem for problem in report.problems if problem.path not in shown)
    return Page(report, wording.summary(report), views, apart)


def _document(
    number: int, report: DocumentReport, draft: Document, problems: Iterable[Problem]
) -> DocumentView:
    locator = Locator(draft)
    cards: list[Card] = []
    marks: dict[int, list[Mark]] = {}
    beside: dict[int, list[Card]] = {}
    loose: list[Card] = []
    seen: set[str] = set()
    for place, finding in enumerate(report.findings, start=1):
        parts = locator.places(finding)
        card = _card(place, finding, bool(parts), finding.rule in seen)
        seen.add(finding.rule)
        cards.append(card)
        for part in parts:
            marks.setdefault(part.block, []).append(Mark(place, part.start, part.end))
        is_local = parts and finding.category not in DOCUMENT_CATEGORIES
        (beside.setdefault(parts[0].block, []) if is_local else loose).append(card)
    blocks = [_block(at, block, marks.get(at, []), cards) for at, block in enumerate(draft.blocks)]
    readability = report.readability
    disclosures = sorted(report.disclosures, key=_urgency)
    return DocumentView(
        number=number,
        report=report,
        reason=wording.verdict(report),
        counts=_counts(report),
        categories=tuple(Counter(card.finding.category for card in cards).most_common()),
        grade_share=_share(readability.flesch_kincaid_grade) if readability else 0.0,
        target_share=_share(readability.target_grade) if readability else 0.0,
        cards=tuple(cards),
        by_weight=tuple(sorted(cards, key=_weight, reverse=True)),
        loose=tuple(loose),
        sections=tuple(_sections(blocks, beside)),
        hardest=tuple(_hardest(readability.hardest if readability else (), locator)),
        disclosures=tuple(_linked(disclosures, locator)),
        citations=tuple(_linked(report.citations, locator)),
        let_off=tuple(_linked(report.let_off or (), locator)),
        problems=tuple(problem for problem in problems if problem.path == report.path),
    )


def _card(number: int, finding: Finding, located: bool, repeated: bool) -> Card:
    start = finding.span.start
    place = start.place if start.place is not None else f"line {start.line}"
    return Card(number, finding, place, located, wording.told(finding.context), repeated)


def _counts(report: DocumentReport) -> tuple[tuple[str, int], ...]:
    severities = ("error", "warning", "note")
    made = [(severity, wording.tally(report.findings, severity)) for severity in severities]
    return (*made, ("suppressed", wording.suppressed(report.findings)))


def _share(grade: float) -> float:
    """Where a grade stands on the scale, in per cent."""
    return round(100 * min(max(grade, 0.0), SCALE_GRADES) / SCALE_GRADES, 1)


def _block(number: int, block: Block, marks: list[Mark], cards: list[Card]) -> BlockView:
    return BlockView(
        number,
        block,
        tuple(MarkedSegment(part, _leading(part, cards)) for part in segments(block, marks)),
    )


def _leading(segment: Segment, cards: list[Card]) -> Card | None:
    here = [cards[number - 1] for number in segment.numbers]
    return max(here, key=_weight, default=None)


def _weight(card: Card) -> tuple[bool, int, int]:
    finding = card.finding
    return finding.suppressed is None, _RANK[finding.severity], -card.number


def _sections(blocks: list[BlockView], beside: dict[int, list[Card]]) -> Iterator[Section]:
    for zone, run in groupby(blocks, key=_section_zone):
        units = tuple(_units(list(run), beside))
        quiet = zone != "content" and not any(unit.cards for unit in units)
        yield Section(zone, units, quiet and len(units) >= _FOLDED_UNITS)


def _section_zone(view: BlockView) -> str:
    return "metadata" if view.block.kind == "metadata" else view.block.zone


def _units(blocks: list[BlockView], beside: dict[int, list[Card]]) -> Iterator[Unit]:
    for is_table, run in groupby(blocks, key=lambda view: view.block.kind == "cell"):
        views = tuple(run)
        for group in [views] if is_table else [(view,) for view in views]:
            cards = tuple(card for view in group for card in beside.get(view.number, ()))
            yield Unit(group, tuple(_table(group)) if is_table else (), cards)


def _table(cells: Sequence[BlockView]) -> Iterator[tuple[BlockView, ...]]:
    """Divide cells into rows: a row ends where the column of the header steps back."""
    columns = {
        view.number: at for at, view in enumerate(v for v in cells if v.block.header is None)
    }
    row: list[BlockView] = []
    column = -1
    for view in cells:
        header = view.block.header
        at = columns.get(view.number if header is None else header, column + 1)
        if row and (at <= column or (header is None) != (row[-1].block.header is None)):
            yield tuple(row)
            row = []
        row.append(view)
        column = at
    if row:
        yield tuple(row)


def _urgency(disclosure: Disclosure) -> int:
    return ("missing", "misplaced", "present", "not_required").index(disclosure.status)


def _linked(values: Iterable[Disclosure | Citation | LetOff], locator: Locator) -> Iterator[Linked]:
    for value in values:
        span = value.span
        if span is None:
            yield Linked(value, None, None)
        else:
            yield Linked(value, _block_at(span, locator), wording.place(span.start))


def _block_at(span: Range, locator: Locator) -> int | None:
    parts = locator.parts(span.start.offset, span.end.offset)
    return parts[0].block if parts else None


def _hardest(sentences: Iterable[HardSentence], locator: Locator) -> Iterator[Linked]:
    for sentence in sentences:
        parts = locator.parts(sentence.start, sentence.end)
        yield Linked(sentence, parts[0].block if parts else None, None)
