"""Where findings stand in a draft's blocks, and how their highlights divide its prose."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from claimlint.model.document import Block, Document
from claimlint.model.report import Finding


class Place(NamedTuple):
    """The prose indexes start..end of block number `block`."""

    block: int
    start: int
    end: int


class Mark(NamedTuple):
    """A finding's words in one block: the finding's number and the prose indexes start..end."""

    number: int
    start: int
    end: int


class Segment(NamedTuple):
    """A run of prose under the same findings; `starts` and `ends`: those that begin or end here."""

    text: str
    numbers: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    link: bool


class _Run(NamedTuple):
    start: int
    end: int
    block: int
    first: int
    length: int
    aligned: bool


class Locator:
    """Finds the prose that stands for a range of the source; built once per draft."""

    def __init__(self, document: Document) -> None:
        self._blocks = document.blocks
        runs = [run for number, block in enumerate(document.blocks) for run in _runs(number, block)]
        runs.sort()
        self._runs = runs
        self._starts = [run.start for run in runs]
        self._furthest: list[int] = []  # the furthest end of the runs up to each
        furthest = 0
        for run in runs:
            furthest = max(furthest, run.end)
            self._furthest.append(furthest)

    def places(self, finding: Finding) -> list[Place]:
        """The prose of a finding's words: one place where a block has them whole, else parts."""
        parts = self.parts(finding.span.start.offset, finding.span.end.offset)
        for part in parts:
            if self._blocks[part.block].text[part.start : part.end] == finding.words:
                return [part]
        return parts

    def parts(self, start: int, end: int) -> list[Place]:
        """The prose of a range of offsets, block by block; none where the range holds no prose."""
        found: dict[int, tuple[int, int]] = {}
        number = bisect_left(self._starts, end) - 1
        while number >= 0 and self._furthest[number] > start:
            run = self._runs[number]
            number -= 1
            if run.end <= start:
                continue
            first, last = _overlap(run, start, end)
            low, high = found.get(run.block, (first, last))
            found[run.block] = min(low, first), max(high, last)
        return [Place(block, *found[block]) for block in sorted(found)]


def _runs(number: int, block: Block) -> Iterable[_Run]:
    pieces = block.map.pieces
    for at, piece in enumerate(pieces):
        stop = pieces[at + 1].index if at + 1 < len(pieces) else len(block.text)
        length = stop - piece.index
        aligned = length == piece.end - piece.start
        yield _Run(piece.start, piece.end, number, piece.index, length, aligned)


def _overlap(run: _Run, start: int, end: int) -> tuple[int, int]:
    """The prose indexes of what a run and a source range share; an atomic run is indivisible."""
    if not run.aligned:
        return run.first, run.first + run.length
    first = max(start - run.start, 0)
    last = min(end, run.end) - run.start
    return run.first + first, run.first + last


def segments(block: Block, marks: Sequence[Mark]) -> list[Segment]:
    """Divide a block's prose at the borders of its highlights and links; overlaps stay apart."""
    text = block.text
    links = [(link.start, link.end) for link in block.links]
    borders = {0, len(text)}
    for _, start, end in marks:
        borders.update((start, end))
    for start, end in links:
        borders.update((start, end))
    ordered = sorted(border for border in borders if 0 <= border <= len(text))
    opened, closed = _by_border(marks)
    linked, unlinked = {start for start, _ in links}, {end for _, end in links}
    made: list[Segment] = []
    active: dict[int, None] = {}
    link = False
    for start, end in pairwise(ordered):
        for number in closed.get(start, ()):
            active.pop(number, None)
        active.update(dict.fromkeys(opened.get(start, ())))
        link = start in linked or (link and start not in unlinked)
        begun = tuple(sorted(opened.get(start, ())))
        ended = tuple(sorted(closed.get(end, ())))
        made.append(Segment(text[start:end], tuple(sorted(active)), begun, ended, link))
    return made


def _by_border(marks: Sequence[Mark]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    opened: dict[int, list[int]] = {}
    closed: dict[int, list[int]] = {}
    for number, start, end in marks:
        opened.setdefault(start, []).append(number)
        closed.setdefault(end, []).append(number)
    return opened, closed
