"""The draft as a reader sees it: zones, headings, lists, tables and highlights."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from claimlint.expressions import compiled
from claimlint.model.document import Block, Document
from claimlint.reporters.cards import Deck, Drawn, drawn_segment
from claimlint.reporters.highlight import segments

_FOLDED_BLOCKS = 3  # runs of page furniture from this length on are folded when nothing was found
_ORDINAL = compiled(r"\s*(\d{1,4}[.)])(?=\s)")


class BlockView(NamedTuple):
    """A block with its highlighted prose; `ordinal` is the number of an item of an ordered list.

    `level` is that of a heading, where none is skipped.
    """

    number: int
    block: Block
    parts: tuple[Drawn, ...]
    ordinal: str = ""
    level: int = 0


class Unit(NamedTuple):
    """What stands together: a block alone, the items of a list, the rows of a table."""

    kind: str  # "block", "list" or "table"
    blocks: tuple[BlockView, ...]
    rows: tuple[tuple[BlockView, ...], ...] = ()
    has_head: bool = False


class Section(NamedTuple):
    """A run of units in one zone; `folded` when it is page furniture in which nothing was found."""

    zone: str
    units: tuple[Unit, ...]
    blocks: int
    folded: bool


class Entry(NamedTuple):
    """A value of the front matter, highlighted when it is prose."""

    key: str
    value: str
    view: BlockView | None


class DraftView(NamedTuple):
    """The whole draft."""

    entries: tuple[Entry, ...]
    sections: tuple[Section, ...]


def draft_view(draft: Document, deck: Deck) -> DraftView:
    """Lay out a draft with the marks of its findings."""
    views = [
        BlockView(
            number,
            block,
            tuple(
                drawn_segment(segment, deck.cards)
                for segment in segments(block, deck.blocks.get(number, ()))
            ),
            _ordinal(draft, block),
            level,
        )
        for number, (block, level) in enumerate(zip(draft.blocks, _levels(draft), strict=True))
    ]
    flagged = set(deck.blocks)
    entries = tuple(_entries(draft, [view for view in views if view.block.kind == "metadata"]))
    body = [view for view in views if view.block.kind != "metadata"]
    return DraftView(entries, tuple(_sections(body, flagged)))


def _levels(draft: Document) -> Iterator[int]:
    """The levels of the headings as an outline, in which each is at most one below the last."""
    last = 0
    for block in draft.blocks:
        if block.kind == "heading":
            last = min(max(block.level, 1), last + 1)
        yield last


def _ordinal(draft: Document, block: Block) -> str:
    if block.kind != "item" or draft.format not in ("markdown", "text"):
        return ""
    found = _ORDINAL.match(draft.source.text, block.span.start, block.span.end)
    return found[1] if found else ""


def _entries(draft: Document, views: Sequence[BlockView]) -> Iterator[Entry]:
    """The flat pairs in order, each with its block; then blocks that no pair has."""
    waiting: dict[str, deque[BlockView]] = {}
    for view in views:
        waiting.setdefault(view.block.key or "", deque()).append(view)
    for key, value in draft.metadata:
        yield Entry(key, value, waiting[key].popleft() if waiting.get(key) else None)
    for key, left in waiting.items():
        for view in left:
            yield Entry(key or "metadata", view.block.text, view)


def _sections(views: list[BlockView], flagged: set[int]) -> Iterator[Section]:
    for zone, run in groupby(views, key=lambda view: view.block.zone):
        blocks = list(run)
        quiet = zone != "content" and not any(view.number in flagged for view in blocks)
        folded = quiet and len(blocks) >= _FOLDED_BLOCKS
        yield Section(zone, tuple(_units(blocks)), len(blocks), folded)


def _units(blocks: list[BlockView]) -> Iterator[Unit]:
    for kind, run in groupby(blocks, key=lambda view: view.block.kind):
        views = tuple(run)
        if kind == "cell":
            rows = tuple(_rows(views))
            yield Unit("table", views, rows, len(rows) > 1 and _is_head(rows[0]))
        elif kind == "item":
            yield Unit("list", views)
        else:
            for view in views:
                yield Unit("block", (view,))


def _is_head(row: tuple[BlockView, ...]) -> bool:
    return all(view.block.header is None for view in row)


def _rows(cells: Sequence[BlockView]) -> Iterator[tuple[BlockView, ...]]:
    """Divide cells into rows: a row ends where the column of the header steps back."""
    columns = {
        view.number: at for at, view in enumerate(v for v in cells if v.block.header is None)
    }
    row: list[BlockView] = []
    column = -1
    for view in cells:
        header = view.block.header
        at = columns.get(view.number if header is None else header, column + 1)
        if row and (at <= column or (header is None) != (row[-1].block.header is None)):
            yield tuple(row)
            row = []
        row.append(view)
        column = at
    if row:
        yield tuple(row)
