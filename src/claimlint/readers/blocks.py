"""The blocks of a document as they are being written."""

from __future__ import annotations

from claimlint.expressions import compiled
from claimlint.model.document import Block, BlockKind, Link, NoteMark, Zone
from claimlint.model.text import Span
from claimlint.readers.prose import ProseBuilder
from claimlint.readers.raised import may_hold_marks

_BARE_ADDRESS = r"(?:https?://|\bwww\.)[^\s<>\"']+"  # compiled when a draft needs it
_AFTER_ADDRESS = ".,;:!?]}*_'"
_INTRODUCING = frozenset(("paragraph", "heading", "quote", "item"))


class Draft:
    """One block before it is finished."""

    __slots__ = (
        "collapsed", "end", "header", "key", "kind", "lead_in", "level", "links", "marks", "note",
        "number", "prose", "start", "zone",
    )  # fmt: skip

    def __init__(self, kind: BlockKind, zone: Zone, start: int | None = None) -> None:
        self.prose = ProseBuilder()
        self.kind = kind
        self.zone = zone
        self.start = start  # of the markup, where there is any
        self.end = 0
        self.level = 0
        self.lead_in: int | None = None
        self.header: int | None = None
        self.key: str | None = None
        self.note: str | None = None
        self.number = 0
        self.collapsed = False
        self.links: list[Link] = []
        self.marks: list[NoteMark] = []


class Blocks:
    """The finished blocks, and the one that would introduce a list beginning here."""

    __slots__ = ("_lead", "done")

    def __init__(self) -> None:
        self.done: list[Block] = []
        self._lead: int | None = None

    def lead(self, zone: Zone) -> int | None:
        """Find the block that introduces a list beginning here, by its number."""
        number = self._lead
        return number if number is not None and self.done[number].zone == zone else None

    def lead_by(self, number: int | None) -> None:
        """Say which block introduces a list that begins here."""
        self._lead = number

    def write(self, draft: Draft, *, introduces: bool = True) -> int | None:
        """Finish a block and give its number; None when it has no prose."""
        prose = draft.prose.build()
        text = prose.text
        if not text:
            return None
        kind = draft.kind
        links, marks = draft.links, draft.marks
        if links:
            links = _trimmed(links, text)
            if kind == "paragraph" and _is_link_only(links, text):
                kind = "link"
        first = prose.pieces[0].start if draft.start is None else draft.start
        last = max(draft.end, prose.pieces[-1].end)
        if draft.prose.raised or may_hold_marks(text, links):
            from claimlint.readers.superscripts import marks_apart

            prose, links, marks = marks_apart(prose, links, marks, draft.prose.raised)
            text = prose.text
            links = _trimmed(links, text)
        links = with_bare_addresses(links, text)
        block = Block(
            kind=kind,
            zone=draft.zone,
            map=prose,
            span=Span(first, last),
            level=draft.level,
            lead_in=draft.lead_in,
            header=draft.header,
            key=draft.key,
            note=draft.note,
            links=tuple(links),
            marks=tuple(marks),
            number=draft.number,
            collapsed=draft.collapsed,
        )
        return self.append(block, introduces=introduces)

    def append(self, block: Block, *, introduces: bool = True) -> int:
        """Append a finished block and give its number."""
        number = len(self.done)
        self.done.append(block)
        if introduces:
            if block.kind in _INTRODUCING:
                self._lead = number
            elif block.kind == "cell":
                self._lead = None
        return number


def _trimmed(links: list[Link], text: str) -> list[Link]:
    """Leave out the space before a link's first word, and links that show no text."""
    kept = []
    for first, end, address in links:
        start = first + (first < end and text[first] == " ")
        if start < end:
            kept.append(Link(start, end, address))
    return sorted(kept)  # links in links can change their order


def _is_link_only(links: list[Link], text: str) -> bool:
    """Whether a paragraph is one link, other than an address that shows itself."""
    return (
        len(links) == 1
        and links[0][:2] == (0, len(text))
        and links[0].address.removeprefix("mailto:") != text
    )


def with_bare_addresses(links: list[Link], text: str) -> list[Link]:
    """Add the addresses that stand in the text as they are."""
    if "://" not in text and "www." not in text:
        return links
    found = list(links)
    number = 0
    for match in compiled(_BARE_ADDRESS).finditer(text):
        start = match.start()
        address = _without_punctuation(match[0])
        end = start + len(address)
        while number < len(links) and links[number].end <= start:
            number += 1
        if number == len(links) or links[number].start >= end:
            found.append(Link(start, end, address))
    found.sort()
    return found


def _without_punctuation(address: str) -> str:
    """Leave the punctuation of the sentence out of an address; brackets inside it are its own."""
    spare = address.count(")") - address.count("(")
    end = len(address)
    while end and (address[end - 1] in _AFTER_ADDRESS or (address[end - 1] == ")" and spare > 0)):
        end -= 1
        spare -= address[end] == ")"
    return address[:end]
