"""Where the text of one element can be cut in two, byte by byte."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import pairwise
from typing import NamedTuple

_PIECE = re.compile(
    rb"(?P<nothing><!--.*?-->|<\?.*?\?>)|<!\[CDATA\[(?P<literal>.*?)\]\]>|(?P<element><)"
    rb"|(?P<entity>&[^;]*;)|(?P<line>\r\n?)|(?P<plain>[^<&\r]+)",
    re.DOTALL,
)
_LITERAL_OPENS, _LITERAL_CLOSES = b"<![CDATA[", b"]]>"
_XML_SPACE = re.compile(rb"\sxml:space\s*=")


class TextCut(NamedTuple):
    """A cut at a byte of an element's content, what ends and begins anew there, and the tags.

    `tag` is the start tag for what follows.
    """

    at: int
    closes: bytes
    opens: bytes
    tag: bytes


class TextCuts(NamedTuple):
    """The cuts of one text element by index, and what must come into its own start tag."""

    cuts: dict[int, TextCut]
    addition: bytes


class _Place(NamedTuple):
    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody needs here
    at: int
    literal: bool


class _Piece(NamedTuple):
    start: int
    text: str
    literal: bool
    whole: bool  # stands for its one character with several bytes of another kind


def text_cuts(tag: bytes, content: bytes, indexes: Iterable[int]) -> TextCuts | None:
    """Find the cuts before these characters of a text element, as far as they are inside of it.

    The parts keep the white space at the cuts. None when the content is more than text.
    """
    pieces = _pieces(content)
    if pieces is None:
        return None
    text = "".join(piece.text for piece in pieces)
    wanted = sorted({index for index in indexes if 0 < index < len(text)})
    places = list(_places(pieces, wanted))
    edges = [0, *wanted, len(text)]
    spaced = [
        (first > 0 and text[first].isspace()) or (last < len(text) and text[last - 1].isspace())
        for first, last in pairwise(edges)
    ]
    keeping = b"" if _XML_SPACE.search(tag) else b' xml:space="preserve"'
    end = len(tag) - 1
    kept_tag = tag[:end] + keeping + tag[end:]
    cuts = {
        place.index: TextCut(
            place.at,
            _LITERAL_CLOSES if place.literal else b"",
            _LITERAL_OPENS if place.literal else b"",
            kept_tag if keeps else tag,
        )
        for place, keeps in zip(places, spaced[1:], strict=True)
    }
    return TextCuts(cuts, keeping if spaced[0] else b"")


def _pieces(content: bytes) -> list[_Piece] | None:
    found = []
    for match in _PIECE.finditer(content):
        kind = match.lastgroup
        if kind == "element":
            return None
        if kind == "plain":
            found.append(_Piece(match.start(), match[0].decode(), literal=False, whole=False))
        elif kind == "entity":
            found.append(_Piece(match.start(), _shown(match[0]), literal=False, whole=True))
        elif kind == "line":
            found.append(_Piece(match.start(), "\n", literal=False, whole=True))
        elif kind == "literal":
            if b"\r" in match["literal"]:
                return None  # an end of line of two bytes is one character
            start = match.start() + len(_LITERAL_OPENS)
            found.append(_Piece(start, match["literal"].decode(), literal=True, whole=False))
    return found


def _shown(entity: bytes) -> str:
    """Give the one character of an entity; which one only matters as far as it is a space."""
    return unescape(entity.decode())[:1]


def _places(pieces: list[_Piece], wanted: list[int]) -> Iterator[_Place]:
    """Find the byte of every wanted index, in one pass."""
    waiting = iter(wanted)
    index = next(waiting, None)
    count = 0
    for piece in pieces:
        done, at = 0, piece.start
        while index is not None and count <= index < count + len(piece.text):
            at += len(piece.text[done : index - count].encode())
            done = index - count
            # At its beginning a literal need not be cut, only what stands before it.
            opening = piece.literal and not done
            yield _Place(index, at - len(_LITERAL_OPENS) * opening, piece.literal and done > 0)
            index = next(waiting, None)
        count += len(piece.text)
