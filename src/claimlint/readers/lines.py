"""The lines of a plain text, and which of them one paragraph was wrapped into."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from claimlint.expressions import compiled
from claimlint.readers.pasted import BULLETS

# Form feeds and the separators of word processors end a paragraph here, though not a line.
_BREAK = compiled(r"\r\n|[\n\r\f\v\x85\u2028\u2029]")
_BULLET = compiled(rf"(?:[{BULLETS}]|[-*+\u2013\u2014\u00b7](?=\s|$))\s*")
_NUMBER = compiled(r"\(?(\d{1,3})[.)](?:\s+|$)")
# What may stand behind the last stop of a line: closing marks, and the number of a reference.
_BEHIND = (
    r"[\"')\]\u2019\u201d]*"
    r"(?:\[\d[\d,\u2013-]{0,8}\]|[\u00b9\u00b2\u00b3\u2074-\u2079][\u00b9\u00b2\u00b3\u2070-\u207b,\u2013]{0,8})?$"
)
_SENTENCE_END = compiled(rf"[.!?:;\u3002\uff01\uff1f]{_BEHIND}")
_STATEMENT_END = compiled(rf"[.!;:,\u3002]{_BEHIND}")
_BROKEN_WORD = compiled(r"(?:^|[\s(\"'\u2018\u201c])([^\W\d_]+)-$")
_SHORTEST_BROKEN = 20
_LONGEST_ENDING = 16
_WIDEST_WRAP = 110
_NARROWEST_WRAP = 40
# A fragment that is a word of its own keeps its hyphen: "non-" / "surgical".
_COMPOUNDING = frozenset((
    "all", "anti", "auto", "bio", "co", "cross", "early", "evidence", "ex", "fast", "full",
    "half", "hand", "high", "in", "inter", "intra", "late", "life", "long", "low", "mid", "mind",
    "mini", "multi", "near", "neuro", "non", "off", "old", "on", "one", "open", "over", "part",
    "post", "pre", "pro", "quick", "re", "risk", "self", "semi", "short", "side", "single",
    "soft", "sub", "super", "time", "two", "ultra", "under", "well", "whole",
))  # fmt: skip


class Line(NamedTuple):
    """A line that is not blank: its text without the white space around it."""

    text: str
    start: int
    end: int
    indent: int
    after_blank: bool
    marker: str = ""  # "bullet", or the digits of a numbered line
    body: int = 0  # how many characters of the text the marker takes


def lines_of(text: str) -> list[Line]:
    """Split a text into its lines that are not blank."""
    found = []
    blank = True
    for start, end in _stretches(text):
        raw = text[start:end]
        shown = raw.strip()
        if not shown:
            blank = True
            continue
        left = len(raw) - len(raw.lstrip())
        marker, body = _marker(shown)
        first = start + left
        found.append(Line(shown, first, first + len(shown), left, blank, marker, body))
        blank = False
    return found


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for found in _BREAK.finditer(text):
        start, end = found.span()
        yield at, start
        at = end
        if text[start] == "\f":
            yield at, at
    yield at, len(text)


def _marker(shown: str) -> tuple[str, int]:
    bullet = _BULLET.match(shown)
    if bullet is not None:
        return "bullet", bullet.end()
    number = _NUMBER.match(shown)
    if number is not None:
        return number[1], number.end()
    return "", 0


def wrapped_with_next(lines: Sequence[Line]) -> list[bool]:
    """Say for each line whether the next one goes on with its paragraph."""
    joins = [False] * len(lines)
    first = 0
    while first < len(lines):
        last = first + 1
        while last < len(lines) and not lines[last].after_blank:
            last += 1
        _mark_run(lines, first, last, joins)
        first = last
    return joins


def _mark_run(lines: Sequence[Line], first: int, last: int, joins: list[bool]) -> None:
    """Mark the joins in a run of lines with no blank one between them."""
    for number in range(first, last - 1):
        following = lines[number + 1]
        joins[number] = not following.marker and _breaks_off(lines[number].text, following.text)
    width = max(len(line.text) + line.indent for line in lines[first:last])
    if width > _WIDEST_WRAP or width < _NARROWEST_WRAP:
        return
    full = [
        not lines[number + 1].marker and _is_full(lines[number], lines[number + 1], width)
        for number in range(first, last - 1)
    ]
    inner = sum(
        filled and not ends_sentence(lines[first + number].text)
        for number, filled in enumerate(full)
    )
    clearly = len(full) >= 2 and inner >= 2 and sum(full) * 3 >= len(full) * 2
    for number, filled in enumerate(full, first):
        if filled:
            joins[number] |= clearly or _runs_on(lines[number], lines[number + 1])


def _is_full(line: Line, following: Line, width: int) -> bool:
    """Whether the first word of the next line would have had no room on this one."""
    length = len(line.text) + line.indent
    if length < _NARROWEST_WRAP:
        return False
    word = following.text.split(maxsplit=1)[0]
    return length + 1 + len(word) > width * 0.85


def _runs_on(line: Line, following: Line) -> bool:
    """Whether a line breaks off in the middle of a sentence."""
    return following.text[0].islower() and not ends_sentence(line.text)


def _breaks_off(text: str, following: str) -> bool:
    """Whether a line ends inside a word."""
    if not following[0].islower() or len(text) < _SHORTEST_BROKEN:
        return False
    return text[-1] == "\u00ad" or (text[-1] == "-" and text[-2].isalpha())


def ends_sentence(text: str) -> bool:
    """Whether a line ends in punctuation that closes a sentence or opens a list."""
    return _SENTENCE_END.search(text[-_LONGEST_ENDING:]) is not None


def ends_statement(text: str) -> bool:
    """Whether a line ends as no heading does, which may ask but not state."""
    return _STATEMENT_END.search(text[-_LONGEST_ENDING:]) is not None


def broken_word(line: str, following: str) -> int | None:
    """Say how many characters at a line's end only show that a word is broken there.

    None when no word is; 0 when the hyphen belongs to the word.
    """
    if line.endswith("\u00ad"):
        return 1
    if not line.endswith("-") or not line[-2:-1].isalpha() or not following[:1].islower():
        return None
    found = _BROKEN_WORD.search(line[-40:])
    return 0 if found is None or found[1].lower() in _COMPOUNDING else 1
