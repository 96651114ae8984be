"""Reference marks above the line: set as superscripts, written as raised figures, or linked numbers.

They are found in the finished prose of a block, so that a mark is the same in every format.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from claimlint.expressions import compiled
from claimlint.model.document import Link, NoteMark
from claimlint.model.text import TextMap
from claimlint.readers.prose import without
from claimlint.readers.raised import FIGURES, bracketed_letters, is_number

_LOWERED = str.maketrans(FIGURES, "0123456789-")
_RAISED = compiled(
    r"[¹²³⁴-⁹](?<![⁰¹²³⁴-⁹⁺⁻].)[⁰¹²³⁴-⁹]{0,2}(?:[,⁻–-][⁰¹²³⁴-⁹]{1,3}){0,8}(?![\w/⁺⁻])"
)
_ONE = r"(?:\d{1,3}|[*\u2020\u2021\u00a7])"
_NOTE = compiled(rf"[\[(]?{_ONE}(?:(?:[\])]?\s*[,;\u2013-]\s*[\[(]?|[\])]\s*[\[(]){_ONE})*[\])]?")
_LABELS = compiled(r"(\d{1,3})\s*[\u2013-]\s*(\d{1,3})|(\d{1,3}|[*\u2020\u2021\u00a7])")
_JOINT = compiled(r"[,;\u2013-] ?")
_UNIT = compiled(
    r"(?<![a-z])(?:[kcmnd\u00b5]?m|(?:kilo|centi|milli)?met(?:er|re)s?|ft|feet|foot|in|inch(?:es)?|miles?"
    r"|kg|s|sec|min|hr|yd|yards?|acres?|chi|eta|tau|rho)$",
    re.IGNORECASE,
)
_STOP = r"[.,;:!?)\"'%\u00ae\u2122]"
_BEHIND_TEXT = compiled(rf"(?:[^\W\d_]|{_STOP})$")
# Of what is not marked up only this much is clear: "x²", "CO²" are no references.
_BEHIND_WORD = compiled(rf"(?:[^\W\d_]{{3}}|{_STOP})$")
_LONGEST_NOTE = 40
_LONGEST_BEFORE = 16
_LONGEST_WORD = 80
_MOST_LABELS = 10


class _Place(NamedTuple):
    """Prose that may be a mark; `set` says that it is marked up as raised."""

    start: int
    end: int
    set: bool


class _Cut(NamedTuple):
    """What is left out of the prose, with the labels of the mark."""

    start: int
    end: int
    labels: tuple[str, ...]


class Marked(NamedTuple):
    """The prose of a block without its reference marks, its links, and the marks."""

    map: TextMap
    links: list[Link]
    marks: list[NoteMark]


def marks_apart(
    prose: TextMap, links: list[Link], marks: list[NoteMark], raised: Sequence[tuple[int, int]]
) -> Marked:
    """Take the reference marks out of the prose, and the brackets around a first letter ("[S]upports").

    `raised` are the prose indexes of superscripts.
    """
    cuts = _with_spaces(prose.text, list(_cuts(prose.text, _places(prose.text, links, raised))))
    brackets = [at + side for at in bracketed_letters(prose.text) for side in (0, 2)]
    if brackets:
        cuts = sorted([*cuts, *(_Cut(at, at + 1, ()) for at in brackets)])
    if not cuts:
        return Marked(prose, links, marks)
    shorter = without(prose, [(start, end) for start, end, _ in cuts])
    borders = sorted({edge for link in links for edge in link[:2]} | {mark.index for mark in marks})
    moved = dict(zip(borders, _moved(borders, cuts), strict=True))
    starts = _moved([start for start, _, _ in cuts], cuts)
    found = [NoteMark(moved[mark.index], mark.label) for mark in marks]
    for at, (_, _, labels) in zip(starts, cuts, strict=True):
        found += (NoteMark(at, label) for label in labels)
    kept = [_link(shorter.text, moved[start], moved[end], address) for start, end, address in links]
    return Marked(shorter, sorted(kept), sorted(found, key=lambda mark: mark.index))


def _link(text: str, start: int, end: int, address: str) -> Link:
    """A link at its new place; of one that was a mark, the source stands by the word before."""
    if start == end and "://" in address:
        farthest = max(0, end - _LONGEST_WORD)
        start = max(farthest, text.rfind(" ", farthest, end) + 1)
    return Link(start, end, address)


def _places(
    text: str, links: list[Link], raised: Sequence[tuple[int, int]]
) -> Iterator[tuple[_Place, ...]]:
    """What may be a mark, in turn; parts that belong together ("[", "1", "]") as one."""
    places = [_Place(*one, True) for one in raised]
    if not text.isascii():
        places += (_Place(*found.span(), False) for found in _RAISED.finditer(text))
    # A link that is set in several runs is several links side by side: "B12" with a bold "12".
    edges = Counter((edge, link.address) for link in links for edge in link[:2])
    places += (
        _Place(link.start, link.end, False)
        for link in links
        if is_number(text, link)
        and edges[link.start, link.address] == edges[link.end, link.address] == 1
    )
    places.sort(key=lambda place: (place.start, -place.end, not place.set))
    group: list[_Place] = []
    for place in places:
        if group and place.start < group[-1].end:
            continue
        if group and not _belongs(text, group[-1].end, place.start):
            yield tuple(group)
            group = []
        group.append(place)
    if group:
        yield tuple(group)


def _belongs(text: str, end: int, start: int) -> bool:
    """Whether two places are one mark: a comma, a dash or a bracket keeps their numbers apart."""
    if start == end:
        return not (text[end - 1].isdigit() and text[start].isdigit())
    return _JOINT.fullmatch(text, end - (text[end] == " "), start) is not None


def _cuts(text: str, groups: Iterator[tuple[_Place, ...]]) -> Iterator[_Cut]:
    """Where marks stand, with their labels."""
    last = 0
    before = ""
    for group in groups:
        first = group[0]
        start, end = first.start, group[-1].end
        near = text[max(last, start - _LONGEST_BEFORE) : start]
        before = (near.rstrip(" ") if first.set else near) or before
        if not _is_mark(text, start, end, before, marked_up=first.set):
            continue
        yield _Cut(start, end, _labels(text[start:end].translate(_LOWERED)))
        last = end


def _with_spaces(text: str, cuts: Sequence[_Cut]) -> list[_Cut]:
    """The cuts with the space before them, unless it parts what is left: "pain ²eased" keeps it."""
    wider: list[_Cut] = []
    stop = 0  # of the cuts that touch each other
    for cut in reversed(cuts):
        start, end, labels = cut
        if not wider or wider[-1].start != end:
            stop = end
        if text[start - 1] == " " and not text[stop : stop + 1].isalnum():
            start -= 1
        wider.append(_Cut(start, end, labels))
    return wider[::-1]


def _is_mark(text: str, start: int, end: int, before: str, *, marked_up: bool) -> bool:
    if end - start > _LONGEST_NOTE or _NOTE.fullmatch(text[start:end].translate(_LOWERED)) is None:
        return False
    behind = _BEHIND_TEXT if marked_up else _BEHIND_WORD
    return behind.search(before) is not None and _UNIT.search(before) is None


def _labels(note: str) -> tuple[str, ...]:
    """The labels that a mark names: "2-4" names 2, 3 and 4."""
    found: dict[str, None] = {}
    for first, last, single in _LABELS.findall(note):
        if single:
            found[single] = None
        else:
            numbers = range(int(first), max(int(first), int(last)) + 1)
            found.update(dict.fromkeys(map(str, numbers[:_MOST_LABELS])))
    return tuple(found)[:_MOST_LABELS]


def _moved(indexes: Sequence[int], cuts: Sequence[_Cut]) -> list[int]:
    """Say where these indexes, which are sorted, are without the cuts."""
    moved = []
    number = gone = 0
    for index in indexes:
        while number < len(cuts) and cuts[number][1] <= index:
            gone += cuts[number][1] - cuts[number][0]
            number += 1
        inside = max(0, index - cuts[number][0]) if number < len(cuts) else 0
        moved.append(index - gone - inside)
    return moved
