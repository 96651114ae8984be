"""Text and positions: the only coordinates of the program.

An *offset* counts code points of `Source.text`; an *index* counts code points of a block's prose
(`TextMap.text`). Nothing else is ever called offset or index.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple

import msgspec

from claimlint.expressions import compiled

# Lines end at \n, \r\n or a lone \r and nowhere else; str.splitlines also breaks at form feeds and
# U+2028, where editors do not.
_LINE_END = compiled(r"\r\n|\n|\r")


def is_utf8(text: str) -> bool:
    """Whether UTF-8 can hold a text: a file's name, which may be any bytes, can bring lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class Span(NamedTuple):
    """A half-open range of offsets in the source text."""

    start: int
    end: int


class Position(NamedTuple):
    """A place for people: line and column count from 1; `place` names it where there are no lines."""

    line: int
    column: int
    place: str | None


class Place(msgspec.Struct, frozen=True):
    """A stretch of the linear text that has a name of its own, such as "paragraph 12"."""

    start: int
    name: str


class Source(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The decoded text of one document.

    `text` has no byte-order mark and its newlines are untouched; where the format has no text of its
    own (DOCX, CMS trees) it is the reader's linear text. `sha256` is that of the input bytes, in hex.
    `places` (sorted by start) name stretches of a linear text; empty for text formats.
    """

    name: str
    text: str
    sha256: str
    places: tuple[Place, ...] = ()

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(found.end() for found in _LINE_END.finditer(self.text))]

    @cached_property
    def _place_starts(self) -> list[int]:
        return [place.start for place in self.places]

    def position(self, offset: int) -> Position:
        """Turn an offset into line, column and place."""
        starts = self._line_starts
        line = bisect_right(starts, offset)
        found = bisect_right(self._place_starts, offset) - 1
        name = self.places[found].name if found >= 0 else None
        return Position(line, offset - starts[line - 1] + 1, name)

    def part(self, offset: int) -> Span:
        """The part with an offset that was written by itself, with its end: here the whole text."""
        return Span(0, len(self.text) + 1)

    def slice(self, span: Span) -> str:
        """The verbatim text at a span."""
        return self.text[span.start : span.end]


class Piece(NamedTuple):
    """A run of prose that knows where it comes from.

    `index` is where the run begins in the prose. When the run is as long as its source range the two
    run in step, code point by code point; otherwise (an entity, collapsed white space) the run is
    atomic and stands for the whole of `start..end`.
    """

    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody needs here
    start: int
    end: int


class TextMap(msgspec.Struct, frozen=True, dict=True):
    """The prose of a block for matching, and where each part of it stands in the source.

    Entities are decoded, no-break spaces and curly quotes made plain, soft hyphens dropped, white
    space collapsed to single spaces, none at the ends. Pieces are sorted by index, cover the prose
    without a gap, and their source ranges never go backwards.
    """

    text: str
    pieces: tuple[Piece, ...]

    @cached_property
    def _indexes(self) -> list[int]:
        return [piece.index for piece in self.pieces]

    def span(self, start: int, end: int) -> Span:
        """The source span of the prose at the indexes start..end (not empty)."""
        pieces = self.pieces
        if len(pieces) == 1:
            index, first, last = pieces[0]
            if last - first == len(self.text):
                return Span(first + start - index, first + end - index)
        return Span(self._edge(start, after=False), self._edge(end - 1, after=True))

    def _edge(self, index: int, *, after: bool) -> int:
        number = bisect_right(self._indexes, index) - 1
        piece = self.pieces[number]
        following = self._indexes[number + 1] if number + 1 < len(self.pieces) else len(self.text)
        if piece.end - piece.start == following - piece.index:
            return piece.start + index - piece.index + after
        return piece.end if after else piece.start
