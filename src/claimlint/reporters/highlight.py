"""Where findings stand in a draft's blocks, and how their highlights divide its prose."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

from claimlint.model.document import Block, Document
from claimlint.model.report import Finding

OVERLAPS = 12  # findings that are drawn over one another; the page says when there are more


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


class Cut(NamedTuple):
    """A stretch start..end of a text under the marks `numbers`; some of them begin or end with it."""

    start: int
    end: int
    numbers: tuple[int, ...]
    begun: tuple[int, ...]
    ended: tuple[int, ...]


class Segment(NamedTuple):
    """A run of prose under the same findings; `starts` and `ends`: those that begin or end here.

    `addresses` are those of links that end here, `notes` the labels of reference marks that follow.
    """

    text: str
    numbers: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    link: bool
    addresses: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class _Runs(NamedTuple):
    """The runs of one block's prose: where each begins and ends in the source and in the prose."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    indexes: tuple[int, ...]  # of the prose, with the end of the last run behind them


class Locator:
    """Finds the prose that stands for a range of the source; built once per draft.

    Blocks stand inside one another, but their words do not: a query looks only at the stretches of
    the source in its range, each of words of one block.
    """

    def __init__(self, document: Document) -> None:
        self._blocks = document.blocks
        self._runs = [_runs(block) for block in document.blocks]
        words = sorted(
            (start, number, end)
            for number, block in enumerate(document.blocks)
            for start, end in _words(block, self._runs[number])
        )
        stretches = [list(own) for _, own in groupby(words, key=lambda run: run[1])]
        self._starts = [own[0][0] for own in stretches]
        self._owners = [own[0][1] for own in stretches]
        self._furthest = list(accumulate((own[-1][2] for own in stretches), max))

    def places(self, finding: Finding) -> list[Place]:
        """The prose of a finding's words: one place where a block has them whole, else parts."""
        parts = self.parts(finding.span.start.offset, finding.span.end.offset)
        for part in parts:
            length = part.end - part.start
            if length == len(finding.words) and self._blocks[part.block].text.startswith(
                finding.words, part.start
            ):
                return [part]
        return parts

    def parts(self, start: int, end: int) -> list[Place]:
        """The prose of a range of offsets, block by block; none where the range holds no prose."""
        blocks = set()
        number = bisect_left(self._starts, end) - 1
        while number >= 0 and self._furthest[number] > start:
            blocks.add(self._owners[number])
            number -= 1
        return [
            Place(block, *found)
            for block in sorted(blocks)
            if (found := _within(self._runs[block], start, end)) is not None
        ]


def _runs(block: Block) -> _Runs:
    pieces = block.map.pieces
    return _Runs(
        tuple(piece.start for piece in pieces),
        tuple(piece.end for piece in pieces),
        (*(piece.index for piece in pieces), len(block.text)),
    )


def _words(block: Block, runs: _Runs) -> Iterator[tuple[int, int]]:
    """Where the runs stand that are no white space.

    White space stands for all markup between two words, such as a picture, which is a block too.
    """
    for start, end, (index, stop) in zip(
        runs.starts, runs.ends, pairwise(runs.indexes), strict=True
    ):
        if not block.text[index:stop].isspace():
            yield start, end


def _within(runs: _Runs, start: int, end: int) -> tuple[int, int] | None:
    """The prose of a block in a range; a run that is not as long as its source is indivisible."""
    first = bisect_right(runs.ends, start)
    last = bisect_left(runs.starts, end) - 1
    if first > last:
        return None
    low, high = runs.indexes[first], runs.indexes[last + 1]
    if _is_aligned(runs, first):
        low += max(start - runs.starts[first], 0)
    if _is_aligned(runs, last):
        high -= max(runs.ends[last] - end, 0)
    return low, high


def _is_aligned(runs: _Runs, at: int) -> bool:
    length = runs.indexes[at + 1] - runs.indexes[at]
    return length == runs.ends[at] - runs.starts[at]


def thinned(marks: Sequence[Mark], rank: Callable[[int], int]) -> tuple[list[Mark], set[int]]:
    """Leave out marks where more than OVERLAPS stand over one another, the least of rank first.

    Returns the marks to draw and the numbers of those left out; the work stays linear for any draft.
    """
    kept: dict[Mark, None] = {}
    dropped: set[int] = set()
    active: list[Mark] = []
    for mark in sorted(marks, key=lambda each: (each.start, each.end)):
        active = [other for other in active if other.end > mark.start]
        active.append(mark)
        kept[mark] = None
        if len(active) > OVERLAPS:
            least = min(active, key=lambda each: rank(each.number))
            active.remove(least)
            del kept[least]
            dropped.add(least.number)
    return list(kept), dropped


def divided(length: int, marks: Sequence[Mark], borders: Iterable[int] = ()) -> Iterator[Cut]:
    """Divide a text at the borders of its marks and at `borders`; overlaps stay apart."""
    opened, closed = _by_border(marks)
    cuts = {0, length, *opened, *closed, *borders}
    active: list[int] = []
    for start, end in pairwise(sorted(cut for cut in cuts if 0 <= cut <= length)):
        for number in closed.get(start, ()):
            active.remove(number)
        begun = sorted(opened.get(start, ()))
        if begun:
            active = sorted([*active, *begun])
        yield Cut(start, end, tuple(active), tuple(begun), tuple(sorted(closed.get(end, ()))))


def segments(block: Block, marks: Sequence[Mark]) -> Iterator[Segment]:
    """Divide a block's prose at the borders of its highlights, links and reference marks."""
    text = block.text
    links = [link for link in block.links if link.start < link.end]
    begin, stop = {link.start for link in links}, {link.end for link in links}
    addresses: dict[int, list[str]] = {}
    for found in links:
        addresses.setdefault(found.end, []).append(found.address)
    notes: dict[int, list[str]] = {}
    for note in block.marks:
        notes.setdefault(note.index, []).append(note.label)
    link = False
    for cut in divided(len(text), marks, [*begin, *stop, *notes]):
        link = cut.start in begin or (link and cut.start not in stop)
        yield Segment(
            text[cut.start : cut.end],
            cut.numbers,
            cut.begun,
            cut.ended,
            link,
            tuple(addresses.get(cut.end, ())),
            tuple(notes.get(cut.end, ())),
        )


def _by_border(marks: Sequence[Mark]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    opened: dict[int, list[int]] = {}
    closed: dict[int, list[int]] = {}
    for number, start, end in marks:
        if start < end:
            opened.setdefault(start, []).append(number)
            closed.setdefault(end, []).append(number)
    return opened, closed
