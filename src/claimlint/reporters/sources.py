"""The tables under a draft: citations, disclosures, statements let off, hard sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from claimlint.expressions import compiled
from claimlint.model.document import Document
from claimlint.model.report import Citation, Disclosure, HardSentence, LetOff, Range
from claimlint.reporters.cards import Card, Deck
from claimlint.reporters.highlight import Locator

_SHOWN_CARDS = 8  # findings that a citation names, before "and so many more"
# Whole values only: an address is made of nothing that a draft could steer.
_IDENTIFIERS = {
    "doi": (compiled(r"10\.\d{4,9}/[^\s\"<>\\^`{|}\x00-\x20\x7f-\U0010ffff]+"), "https://doi.org/{}"),
    "pmid": (compiled(r"\d{1,9}"), "https://pubmed.ncbi.nlm.nih.gov/{}/"),
    "pmcid": (compiled(r"PMC\d{1,9}"), "https://pmc.ncbi.nlm.nih.gov/articles/{}/"),
    "nct": (compiled(r"NCT\d{8}"), "https://clinicaltrials.gov/study/{}"),
    "isrctn": (compiled(r"ISRCTN\d{8}"), "https://www.isrctn.com/{}"),
}  # fmt: skip
_IN_ADDRESS = {"#": "%23", "?": "%3F", "%": "%25"}


class _Leaning(NamedTuple):
    """The findings that may rest on a citation: the first of them, and how many more there are."""

    cards: tuple[Card, ...]
    more: int


_NOTHING = _Leaning((), 0)


class CitationRow(NamedTuple):
    """A citation, where it stands, where it leads, and the findings in whose paragraph it counts.

    `through` is the label of the footnote by which those paragraphs refer to it.
    """

    citation: Citation
    block: int | None
    place: str
    address: str
    cards: tuple[Card, ...]
    more: int
    through: str | None


class DisclosureRow(NamedTuple):
    """A disclosure, where it stands, and the finding that says what to insert."""

    disclosure: Disclosure
    block: int | None
    place: str
    card: Card | None


class LetOffRow(NamedTuple):
    """A statement that a rule left alone, and where it stands."""

    let_off: LetOff
    block: int | None
    place: str


class HardRow(NamedTuple):
    """A sentence that is hard to read, and where it stands."""

    sentence: HardSentence
    block: int | None


def citation_rows(
    citations: Iterable[Citation], draft: Document, deck: Deck, locator: Locator
) -> Iterator[CitationRow]:
    """Tell for each citation which findings stand in a paragraph that holds or refers to it."""
    in_block: dict[int, list[Card]] = {}
    for card in deck.cards:
        block = deck.block_of.get(card.number)
        if block is not None and not card.whole:
            in_block.setdefault(block, []).append(card)
    referring: dict[tuple[int, str], _Leaning] = {}
    for number, cards in in_block.items():
        referrer = draft.blocks[number]
        for note in {(referrer.part, mark.label) for mark in referrer.marks}:
            referring[note] = _and_these(referring.get(note, _NOTHING), cards)
    for citation in citations:
        block = block_at(citation.span, locator)
        label = None
        leaning = _NOTHING
        if block is not None:
            part, label = draft.blocks[block].part, draft.blocks[block].note
            leaning = (
                _and_these(_NOTHING, in_block.get(block, ()))
                if label is None
                else referring.get((part, label), _NOTHING)
            )
        place, address = _place(citation.span), _address(citation)
        yield CitationRow(citation, block, place, address, *leaning, label)


def _and_these(leaning: _Leaning, cards: Sequence[Card]) -> _Leaning:
    """Add cards, of which only a few are kept: a paragraph can have as many notes as findings."""
    shown = (*leaning.cards, *cards[: _SHOWN_CARDS - len(leaning.cards)])
    number = len(leaning.cards) + leaning.more + len(cards)
    return _Leaning(shown, number - len(shown))


def _address(citation: Citation) -> str:
    """Where a well-formed identifier leads; nothing for what is only an address of the draft."""
    if not citation.well_formed or citation.kind not in _IDENTIFIERS:
        return ""
    shape, address = _IDENTIFIERS[citation.kind]
    if not shape.fullmatch(citation.value):
        return ""
    return address.format("".join(_IN_ADDRESS.get(sign, sign) for sign in citation.value))


def disclosure_rows(
    disclosures: Iterable[Disclosure], deck: Deck, locator: Locator
) -> Iterator[DisclosureRow]:
    """The disclosures, what is missing first, each with the finding of its rule."""
    card_of: dict[str, Card] = {}
    for card in deck.cards:
        card_of.setdefault(card.finding.rule, card)
    for disclosure in sorted(disclosures, key=_urgency):
        block = block_at(disclosure.span, locator) if disclosure.span else None
        place = _place(disclosure.span) if disclosure.span else ""
        due = disclosure.status in ("missing", "misplaced")
        yield DisclosureRow(disclosure, block, place, card_of.get(disclosure.rule) if due else None)


def _urgency(disclosure: Disclosure) -> int:
    return ("missing", "misplaced", "present", "not_required").index(disclosure.status)


def let_off_rows(let_off: Iterable[LetOff], locator: Locator) -> Iterator[LetOffRow]:
    """The statements let off, each with its place."""
    for one in let_off:
        yield LetOffRow(one, block_at(one.span, locator), _place(one.span))


def hard_rows(sentences: Iterable[HardSentence], locator: Locator) -> Iterator[HardRow]:
    """The hardest sentences, each with its block."""
    for sentence in sentences:
        parts = locator.parts(sentence.start, sentence.end)
        yield HardRow(sentence, parts[0].block if parts else None)


def block_at(span: Range, locator: Locator) -> int | None:
    """The block in which a range begins, if it holds prose."""
    parts = locator.parts(span.start.offset, span.end.offset)
    return parts[0].block if parts else None


def _place(span: Range) -> str:
    return span.start.place or f"line {span.start.line}"
