"""The blocks of a draft as entries that every CMS can write in its own form."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from claimlint.model.document import Block, BlockKind, Format

Node = dict[str, Any]
FORMS: tuple[Format, ...] = (
    "contentful", "portable_text", "prosemirror", "prismic", "strapi_blocks", "lexical", "editorjs",
    "wordpress",
)  # fmt: skip
# What the editors of a CMS have no node for.
_LACKS: dict[Format, frozenset[BlockKind]] = {
    "portable_text": frozenset(("cell",)),
    "prismic": frozenset(("cell", "quote")),
    "strapi_blocks": frozenset(("cell",)),
}
_FLAT: frozenset[Format] = frozenset(("prismic",))  # has no lists in lists

# The property of a node that holds its own string, which places do not name.
_OWN_STRINGS = frozenset(("value", "text"))
_KINDS = frozenset(("type", "nodeType", "_type"))


class Run(NamedTuple):
    """Text of one node: bold or not, and where it leads to."""

    text: str
    bold: bool = False
    link: str | None = None


class Entry(NamedTuple):
    """One block: `columns` is the row's number and whether the cell heads its column."""

    kind: BlockKind
    runs: tuple[Run, ...]
    level: int = 0
    row: int = 0
    heads: bool = False


def expressible(blocks: Sequence[Block], form: Format) -> list[int]:
    """The numbers of the blocks that a CMS's editor can write: content, without notes."""
    lacks = _LACKS.get(form, frozenset())
    return [
        number
        for number, block in enumerate(blocks)
        if block.zone == "content"
        and block.note is None
        and block.kind not in lacks
        and block.kind in ("heading", "paragraph", "link", "item", "quote", "cell", "alt")
        and not (block.level > 1 and block.kind == "item" and form in _FLAT)
    ]


def entries(blocks: Sequence[Block], form: Format, rng: random.Random) -> list[Entry]:
    """Turn blocks into entries, their text divided over nodes at random places."""
    made = []
    rows = _rows(blocks)
    for number in expressible(blocks, form):
        block = blocks[number]
        row, heads = rows.get(number, (0, False))
        kind: BlockKind = "paragraph" if block.kind == "link" else block.kind
        made.append(Entry(kind, _runs(block, rng), block.level, row, heads))
    return made


def _runs(block: Block, rng: random.Random) -> tuple[Run, ...]:
    """Cut a text at the borders of its links and anywhere else; every second run is bold."""
    text = block.text
    linked = [link for link in block.links if text[link.start : link.end] != link.address]
    cuts = {0, len(text)} | {edge for link in linked for edge in (link.start, link.end)}
    if block.kind != "alt":
        cuts |= {rng.randrange(len(text)) for _ in range(rng.choice((0, 1, 2, 4)))}
    edges = sorted(cuts)
    runs = []
    for count, (start, end) in enumerate(pairwise(edges)):
        link = next((one.address for one in linked if one.start <= start < one.end), None)
        runs.append(Run(text[start:end], bool(count % 2), link))
    return tuple(runs)


def _rows(blocks: Sequence[Block]) -> dict[int, tuple[int, bool]]:
    """Find the row of each cell, and whether it heads a column."""
    found: dict[int, tuple[int, bool]] = {}
    heads = {block.header for block in blocks if block.header is not None}
    row, last = 0, -1
    for number, block in enumerate(blocks):
        if block.kind != "cell":
            continue
        if number in heads:
            found[number] = (0, True)
            row, last = 0, len(blocks)
            continue
        column = -1 if block.header is None else block.header
        if column <= last:
            row += 1
        last = column
        found[number] = (row, False)
    return found


def group_of(numbered: tuple[int, Entry]) -> object:
    number, entry = numbered
    return entry.kind if entry.kind in ("item", "cell") else number


def strings(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Give every string in a tree with the place that a CMS would look it up by."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            own = key in _OWN_STRINGS and not _KINDS.isdisjoint(value)
            step = f".{key}" if key.isidentifier() else f'["{key}"]'
            yield from strings(inner, path if own else f"{path}{step}".removeprefix("."))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            key = inner.get("_key") if isinstance(inner, dict) else None
            yield from strings(inner, path + (f'[_key=="{key}"]' if key else f"[{number}]"))
