"""Findings as the cards beside a draft, and how their highlights look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from claimlint.model.document import Document
from claimlint.model.report import DocumentReport, Finding
from claimlint.model.rule import DOCUMENT_CATEGORIES
from claimlint.reporters import wording
from claimlint.reporters.changes import State
from claimlint.reporters.highlight import Cut, Locator, Mark, Place, Segment, thinned
from claimlint.reporters.visible import shortened

_RANK = {"error": 3, "warning": 2, "note": 1}
_LONGEST_WORDS = 300
_AROUND = 160  # code points of the sentence on either side of the flagged words
_LETTER = {"error": "e", "warning": "w", "note": "n"}


class Card(NamedTuple):
    """A finding with what is said beside it.

    `marked`: its words are highlighted in the draft; `crowded`: they are there, under too many others.
    `whole`: it is about the draft as a whole. `told`: its context is worth telling. `first` is the
    number of the first card of its rule, which names the law. `quote` is the sentence in three parts,
    of which the second is the flagged words.
    """

    number: int
    finding: Finding
    place: str
    marked: bool
    crowded: bool
    whole: bool
    told: bool
    first: int
    state: State | None
    quote: tuple[str, str, str] | None

    @property
    def look(self) -> str:
        """How its mark looks: the letter of its severity; s when somebody let it off."""
        return "s" if self.finding.suppressed else self.letter

    @property
    def letter(self) -> str:
        """The letter of its severity."""
        return _LETTER[self.finding.severity]


class Drawn(NamedTuple):
    """A run of text as the page draws it: `lead` is the finding that gives it its look, if any."""

    text: str
    lead: Card | None
    numbers: str
    several: bool
    anchor: int | None  # the one mark that begins here
    anchors: tuple[int, ...]  # when several begin here
    ends: tuple[Card, ...]
    link: bool = False
    addresses: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Deck(NamedTuple):
    """The cards of a document, the marks of each block, and those of the source."""

    cards: tuple[Card, ...]
    blocks: dict[int, list[Mark]]
    source: list[Mark]
    block_of: dict[int, int]  # by number of the card: the block in which its words begin


def deal(
    report: DocumentReport, draft: Document, locator: Locator, states: Sequence[State] | None
) -> Deck:
    """Make a card of every finding and find where its words stand."""
    findings = report.findings
    wanted: dict[int, list[Mark]] = {}
    begin: dict[int, Place] = {}
    for number, finding in enumerate(findings, start=1):
        for part in locator.places(finding):
            begin.setdefault(number, part)
            wanted.setdefault(part.block, []).append(Mark(number, part.start, part.end))

    def rank(number: int) -> int:
        return weight(findings[number - 1])

    blocks = {}
    drawn: set[int] = set()
    for block, marks in wanted.items():
        blocks[block], _ = thinned(marks, rank)
        drawn.update(mark.number for mark in blocks[block])
    length = len(draft.source.text)
    spans = [
        Mark(number, max(f.span.start.offset, 0), min(f.span.end.offset, length))
        for number, f in enumerate(findings, start=1)
        if f.span.start.offset < f.span.end.offset
    ]
    source, _ = thinned(spans, rank)
    first: dict[str, int] = {}
    cards = []
    for number, finding in enumerate(findings, start=1):
        cards.append(
            Card(
                number=number,
                finding=finding,
                place=_place(finding),
                marked=number in drawn,
                crowded=number in begin and number not in drawn,
                whole=finding.category in DOCUMENT_CATEGORIES,
                told=wording.told(finding.context),
                first=first.setdefault(finding.rule, number),
                state=states[number - 1] if states is not None else None,
                quote=_quote(finding, _index_in_sentence(finding, begin.get(number), locator)),
            )
        )
    block_of = {number: place.block for number, place in begin.items()}
    return Deck(tuple(cards), blocks, source, block_of)


def weight(finding: Finding) -> int:
    """How much a finding weighs; one that was let off weighs least."""
    return 0 if finding.suppressed else _RANK[finding.severity]


def by_weight(cards: Iterable[Card]) -> list[Card]:
    """The cards by severity, then by place."""
    return sorted(cards, key=lambda card: (-weight(card.finding), card.number))


def _place(finding: Finding) -> str:
    start = finding.span.start
    return start.place if start.place is not None else f"line {start.line}"


def _index_in_sentence(finding: Finding, begin: Place | None, locator: Locator) -> int:
    """Where the flagged words, which may stand in their sentence twice, begin in it; -1: nowhere."""
    sentence = finding.sentence
    if sentence is None:
        return -1
    first = locator.parts(sentence.start, sentence.start + 1)
    if begin is not None and first and first[0].block == begin.block:
        index = begin.start - first[0].start
        if index >= 0 and sentence.text.startswith(finding.words, index):
            return index
    return sentence.text.find(finding.words)


def _quote(finding: Finding, index: int) -> tuple[str, str, str] | None:
    if not finding.words:
        return None
    words = shortened(finding.words, _LONGEST_WORDS)
    if finding.sentence is None or index < 0:
        return "", words, ""
    sentence = finding.sentence.text
    before, after = sentence[:index], sentence[index + len(finding.words) :]
    if len(before) > _AROUND:
        before = f"… {before[-_AROUND:].partition(' ')[2]}"
    if len(after) > _AROUND:
        after = f"{after[:_AROUND].rpartition(' ')[0]} …"
    return before, words, after


def drawn_segment(segment: Segment, cards: Sequence[Card]) -> Drawn:
    """How a run of prose looks."""
    cut = Cut(0, 0, segment.numbers, segment.starts, segment.ends)
    return drawn_cut(segment.text, cut, cards)._replace(
        link=segment.link, addresses=segment.addresses, notes=segment.notes
    )


def drawn_cut(text: str, cut: Cut, cards: Sequence[Card]) -> Drawn:
    """How a run of text under some marks looks."""
    if not cut.numbers:
        return Drawn(text, None, "", False, None, (), ())
    lead = max(
        (cards[number - 1] for number in cut.numbers),
        key=lambda card: (weight(card.finding), -card.number),
    )
    alone = len(cut.begun) == 1
    return Drawn(
        text,
        lead,
        " ".join(map(str, cut.numbers)),
        len(cut.numbers) > 1,
        cut.begun[0] if alone else None,
        () if alone else cut.begun,
        tuple(cards[number - 1] for number in cut.ended),
    )
