"""Build a block's prose from runs of source text, keeping every position exact."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from claimlint.expressions import compiled
from claimlint.model.text import Piece, TextMap
from claimlint.model.words import PLAIN_SIGNS

# One source character, one character of prose.
_SPACES = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005"
    "\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_PLAIN = {
    **dict.fromkeys(_SPACES, " "),
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # full-width ASCII
    **PLAIN_SIGNS,
}
# Dropped without a trace: soft hyphen, zero-width and bidi-control characters, byte-order mark,
# variation selectors; NUL, which no reader shows.
_UNSEEN = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063"
    "\u2064\u2066\u2067\u2068\u2069\ufeff\ufe0e\ufe0f\x00"
)
_WITHOUT_UNSEEN = dict.fromkeys(map(ord, _UNSEEN))
_ASCII_SPACES = "\n\t\r\x0b\x0c\x1c\x1d\x1e\x1f"
_UP_TO_NEXT = -1
_new = tuple.__new__  # twice as fast as the constructor of a named tuple


# Plain sets of characters: several times faster than alternatives or a table for str.translate. They
# take a millisecond to compile, which a draft of simple Markdown need not pay for.
@cache
def _dressed() -> re.Pattern[str]:
    return compiled(f"[{''.join(_PLAIN)}]")


@cache
def _uneven() -> re.Pattern[str]:
    return compiled(f"[{_UNSEEN}{_SPACES}]")


@cache
def _irregular() -> re.Pattern[str]:
    return compiled(rf"(\s{{2,}}|[{_UNSEEN}]+)")


def _plain(text: str) -> str:
    """Make quotes, hyphens, full-width letters and spaces plain, each in its place."""
    return text if text.isascii() and text.isprintable() else _dressed().sub(_undress, text)


def _undress(found: re.Match[str]) -> str:
    return _PLAIN[found[0]]


def plain_copy(text: str, foreign: frozenset[str]) -> str | None:
    """Make quotes, hyphens, full-width letters and spaces plain, each in its place, for a run.

    `foreign` are the characters of the text that are not ASCII. None when there are characters that
    do not show, as those have no place in a run.
    """
    if "\x00" in text or not foreign.isdisjoint(_UNSEEN):
        return None
    for character in (*_ASCII_SPACES, *foreign.intersection(_PLAIN)):
        text = text.replace(character, _PLAIN[character])
    return text


class ProseBuilder:
    """Collects runs in source order and yields a `TextMap`.

    White space is collapsed over run borders and trimmed at both ends.
    """

    __slots__ = (
        "_first",
        "_gap",
        "_in_step",
        "_index",
        "_last",
        "_length",
        "_parts",
        "_pieces",
        "raised",
    )

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._pieces: list[Piece] = []
        self._length = 0
        self._index = self._first = self._last = 0  # the last piece, which may still grow
        self._in_step = False
        self._gap: tuple[int, int] | None = None  # white space seen and not yet written
        self.raised: list[tuple[int, int]] = []  # indexes of what is set above the line

    @property
    def length(self) -> int:
        """The index at which the next visible character will stand."""
        return self._length + (self._gap is not None and self._length > 0)

    @property
    def end(self) -> int:
        """The index just after the last visible character."""
        return self._length

    def raise_from(self, index: int) -> None:
        """Say that what was added from this index on is set above the line."""
        if index < self._length:
            self.raised.append((index, self._length))

    def add(self, text: str, start: int) -> None:
        """Add a run that stands in the source verbatim, from the offset `start`."""
        if not text:
            return
        if "  " not in text:
            if text.isascii() and text.isprintable():
                self.run(text, start)
                return
            if _uneven().search(text) is None:
                self.run(_dressed().sub(_undress, text), start)
                return
        at = start
        for number, part in enumerate(_irregular().split(text)):
            if not part:
                continue
            if number % 2 == 0:
                self.run(_plain(part), at)
            elif part[0].isspace():
                self.space(at, at + len(part))
            at += len(part)

    def run(self, text: str, start: int) -> None:
        """Add a run of `plain_copy`, not empty and without two spaces side by side."""
        end = start + len(text)
        spaced = text[-1] == " "
        if spaced:
            end -= 1
            if start == end:
                self.space(start, start + 1)
                return
            text = text[:-1]
        if self._gap is not None or not self._length:
            if text[0] == " ":
                self.space(start, start + 1)
                text = text[1:]
                start += 1
            if self._gap is not None:
                self._close_gap(start)
        length = self._length
        if not self._in_step or start != self._last:
            if length:
                self._pieces.append(_new(Piece, (self._index, self._first, self._last)))
            self._index = length
            self._first = start
            self._in_step = True
        self._last = end
        self._parts.append(text)
        self._length = length + len(text)
        if spaced:
            self._gap = (end, end + 1)

    def atom(self, text: str, start: int, end: int) -> None:
        """Add what the source range start..end stands for: a decoded entity, an escape."""
        text = _plain(text.translate(_WITHOUT_UNSEEN))
        if not text:
            return
        words = text.split(" ")
        if words[0] == "":
            self.space(start, end)
        shown = " ".join(filter(None, words))
        if shown:
            if self._gap is not None:
                self._close_gap(start)
            self._append(shown, start, end)
            if words[-1] == "":
                self.space(end, end)

    def space(self, start: int, end: int) -> None:
        """Add white space, whatever its length: a line break, a run of spaces."""
        self._gap = (self._gap[0] if self._gap else start, end)

    def gap(self) -> None:
        """Add the white space between the last run and the next, wherever that will stand."""
        if self._length:
            self._gap = (self._last, _UP_TO_NEXT)

    def build(self) -> TextMap:
        """Finish the map; white space at the end is left out."""
        last = (_new(Piece, (self._index, self._first, self._last)),) if self._length else ()
        return TextMap("".join(self._parts), (*self._pieces, *last))

    def _close_gap(self, start: int) -> None:
        """Write the white space seen, which text at `start` follows; none before the first text."""
        if self._length and self._gap is not None:
            first, last = self._gap
            self._append(" ", first, start if last == _UP_TO_NEXT else last)
        self._gap = None

    def _append(self, text: str, start: int, end: int) -> None:
        """Add a piece, or lengthen the last one when both run in step with the source."""
        in_step = end - start == len(text)
        if not (in_step and self._in_step and start == self._last):
            if self._length:
                self._pieces.append(Piece(self._index, self._first, self._last))
            self._index = self._length
            self._first = start
            self._in_step = in_step
        self._last = end
        self._parts.append(text)
        self._length += len(text)


def without(prose: TextMap, cuts: Sequence[tuple[int, int]]) -> TextMap:
    """Leave these indexes out of a prose; the cuts are sorted, apart, and not the whole of it."""
    text = prose.text
    edges = [0, *(edge for cut in cuts for edge in cut), len(text)]
    kept = [(edges[at], edges[at + 1]) for at in range(0, len(edges), 2)]
    stops = [*(piece.index for piece in prose.pieces[1:]), len(text)]
    pieces: list[Piece] = []
    number = length = 0
    for start, end in kept:
        while number < len(stops):
            index, first, last = prose.pieces[number]
            stop = stops[number]
            begin, finish = max(index, start), min(stop, end)
            if begin < finish:
                at = length + begin - start
                if last - first == stop - index:
                    first, last = first + begin - index, first + finish - index
                pieces.append(Piece(at, first, last))
            if stop > end:
                break
            number += 1
        length += end - start
    return TextMap("".join(text[start:end] for start, end in kept), tuple(pieces))
