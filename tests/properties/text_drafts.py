"""Generated plain-text drafts: hard-wrapped paragraphs, bullets, odd spaces, soft hyphens."""

from __future__ import annotations

import random

from tests.properties.content import Part, Shape
from tests.properties.sheet import Sheet, Writer

SHAPES: tuple[Shape, ...] = ("heading", "paragraph", "paragraph", "paragraph", "items")
_SIGNS = {
    "'": ("'", "’", "\u02bc"),
    "’": ("’", "'"),
    "“": ("“", '"', "„"),
    "”": ("”", '"'),
    "-": ("-", "\u2011", "\u2010"),
}
_SPACES = ("  ", "\u00a0", "\t", "\u2009", " \u00a0 ", "\u3000", "\u202f ")
_UNSEEN = ("\u00ad", "\u200b", "\ufeff", "\u2060")
_WIDTH = 72
_NARROWEST = 64


class TextWriter(Writer):
    """Writes sentences as plain text."""

    def dress(self, sign: str, following: str) -> None:
        ways = _SIGNS.get(sign)
        self.sheet.show(sign if ways is None else self.rng.choice(ways))

    def space(self, before: str, following: str) -> None:
        self.sheet.show(self.rng.choice(_SPACES) if self.chance() else " ")

    def between(self) -> None:
        self.sheet.skip(self.rng.choice(_UNSEEN))


class _WrappedWriter(Writer):
    """Writes sentences on lines of a fixed width."""

    def __init__(self, rng: random.Random, sheet: Sheet, ends: frozenset[int]) -> None:
        super().__init__(rng, sheet)
        self._ends = ends
        self._at = -1

    def sign(self, sign: str) -> None:
        self._at += 1
        self.sheet.show(sign)

    def space(self, before: str, following: str) -> None:
        self._at += 1
        self.sheet.show("\n" if self._at in self._ends else " ")


def write(rng: random.Random, parts: list[Part], newline: str) -> Sheet:
    """Write a whole draft."""
    sheet = Sheet(newline)
    for part in parts:
        _SHAPES[part.shape](rng, sheet, part)
    return sheet


def _heading(rng: random.Random, sheet: Sheet, part: Part) -> None:
    TextWriter(rng, sheet).prose(part.texts[0])
    sheet.skip("\n\n")


def _paragraph(rng: random.Random, sheet: Sheet, part: Part) -> None:
    sayings = part.texts[0]
    ends = _line_ends(" ".join(saying.text for saying in sayings))
    if ends and rng.random() < 0.7:
        _WrappedWriter(rng, sheet, ends).prose(sayings)
    else:
        TextWriter(rng, sheet).prose(sayings)
    sheet.skip(rng.choice(("\n\n", "\n\n\n", "\n \n")))


def _line_ends(text: str) -> frozenset[int]:
    """The spaces at which a text is wrapped, none when a line would end where a sentence does."""
    ends: list[int] = []
    first = 0
    while len(text) - first > _WIDTH:
        space = text.rfind(" ", first, first + _WIDTH + 1)
        if space - first < _NARROWEST or text[space - 1] in ".:?" or not text[space + 1].islower():
            return frozenset()
        ends.append(space)
        first = space + 1
    return frozenset(ends)


def _items(rng: random.Random, sheet: Sheet, part: Part) -> None:
    TextWriter(rng, sheet).prose(part.lead)
    sheet.skip("\n")
    mark = rng.choice(("• ", "- ", "* ", "  • ", "– ", "●", "▪ "))
    for item in part.texts:
        sheet.skip(mark)
        TextWriter(rng, sheet).prose(item)
        sheet.skip("\n")
    sheet.skip("\n")


_SHAPES = {"heading": _heading, "paragraph": _paragraph, "items": _items}
