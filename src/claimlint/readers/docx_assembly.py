"""From the lines of a .docx file to the linear text, its blocks and their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from claimlint.expressions import compiled
from claimlint.model.document import Block, Link, NoteMark
from claimlint.model.text import Place
from claimlint.readers.blocks import Blocks, Draft
from claimlint.readers.docx_lines import (
    Break,
    Close,
    Flow,
    Held,
    Line,
    Op,
    Open,
    Raised,
    Reference,
)

# A typed bullet, as in text pasted from a web page, is markup and no prose.
_BULLET = compiled(
    r"\s*(?:[\u2022\u2023\u2043\u204c\u204d\u25aa\u25ab\u25b8\u25ba\u25cf\u25cb\u25e6\u25a0\u25a1"
    r"\u27a2\u27a4\uf0b7\uf0a7]|[-*+\u2013\u2014\u00b7\u2713\u2714\u2705\u2756](?=\s))\s*"
)
_BULLETED = frozenset(("paragraph", "cell"))


class Assembler:
    """Gives lines their offsets, numbers and places, in the order in which they are added.

    `written` are the lines that have prose, each with the offset at which it begins.
    """

    def __init__(self) -> None:
        self.places: list[Place] = []
        self.written: list[tuple[int, Line]] = []
        self._blocks = Blocks()
        self._texts: list[str] = []
        self._offset = 0
        self._paragraphs = 0

    def text(self) -> str:
        """Give the linear text."""
        return "\n".join(self._texts)

    def blocks(self) -> tuple[Block, ...]:
        """Give the blocks."""
        return tuple(self._blocks.done)

    def add(self, lines: Iterable[Line]) -> None:
        """Append the lines that have prose."""
        for line in lines:
            at = self._offset
            texts: list[str] = []
            drafts: list[Draft] = []
            opened: list[tuple[int, str]] = []
            for ops in _parts(line):
                draft = Draft(line.kind, line.zone, at)
                draft.level = line.level
                texts.append(_fill(draft, ops, opened))
                at += len(texts[-1])
                if draft.prose.end:
                    drafts.append(draft)
            if drafts:
                self._write(line, drafts)
                self.written.append((self._offset, line))
                self._texts.append("".join(texts))
                self._offset = at + 1

    def _write(self, line: Line, drafts: list[Draft]) -> None:
        for draft in drafts:
            draft.key = line.key
            draft.note = line.flow.note
            self._introduce(line, draft, len(self._blocks.done))
            number = self._blocks.write(draft)
            if line.number is None:
                line.number = number
                self._place(line)

    def _introduce(self, line: Line, draft: Draft, number: int) -> None:
        """Say what introduces or heads the block, and let it introduce what follows."""
        if line.beside is not None:
            return
        draft.lead_in = line.flow.introduce(draft.kind, draft.level, number)
        header = _header(line.flow, number)
        if draft.lead_in is None:
            draft.header = header

    def _place(self, line: Line) -> None:
        name = self._name(line)
        if not self.places or self.places[-1].name != name:
            self.places.append(Place(self._offset, name))

    def _name(self, line: Line) -> str:
        flow = line.flow
        if flow.name:
            return flow.inside(line.what) if line.what else flow.name
        if line.beside is None:
            self._paragraphs += 1
            return f"paragraph {self._paragraphs}"
        if line.beside.number is not None:
            return f"paragraph {self._paragraphs}, {line.what}"
        if self._paragraphs:
            return f"{line.what} after paragraph {self._paragraphs}"
        return f"{line.what} before paragraph 1"


def _header(flow: Flow, number: int) -> int | None:
    """Find the block that heads the column; the first row's own blocks become the headers."""
    table = flow.table
    if table is None:
        return None
    if flow.row > 1:
        return table.headers.get(flow.column)
    for column in range(flow.column, flow.column + flow.span):
        table.headers.setdefault(column, number)
    return None


def _parts(line: Line) -> Iterator[list[Op]]:
    """Split a line into blocks: at two breaks in a row, and at a break before a typed bullet."""
    part: list[Op] = []
    breaks = 0
    bullets = line.kind in _BULLETED
    for op in _runs(line.ops):
        if isinstance(op, Break):
            breaks += 1
            part.append(" ")
            continue
        if isinstance(op, str) and not op.isspace():
            if breaks > 1 or (breaks and bullets and _BULLET.match(op)):
                yield part
                part = []
            breaks = 0
        part.append(op)
    yield part


def _runs(ops: list[Op]) -> Iterator[Op]:
    """Join neighbouring texts, so that a split word is one run."""
    kept = (op for op in map(settled, ops) if op != "")
    for kind, group in groupby(kept, key=_kind_of_text):
        if kind is None:
            yield from group
        else:
            yield kind("".join(op for op in group if isinstance(op, str)))


def _kind_of_text(op: Op) -> type[str] | None:
    if not isinstance(op, str):
        return None
    return Raised if isinstance(op, Raised) else str


def settled(op: Op) -> Op:
    """Give the text that was held against a field which turned out to be none, or nothing."""
    if isinstance(op, Held):
        return "" if op.field.resolved else op.text
    return op


def _fill(draft: Draft, ops: list[Op], opened: list[tuple[int, str]]) -> str:
    """Write the prose, links and marks of a block, and give its linear text.

    `opened` holds the links that are open, before and after.
    """
    prose = draft.prose
    texts: list[str] = []
    assert draft.start is not None
    at = draft.start
    for op in ops:
        if isinstance(op, str):
            skipped = 0 if texts else _take_bullet(draft, op)
            index = prose.length
            prose.add(op[skipped:], at + skipped)
            if isinstance(op, Raised):
                prose.raise_from(index)
            texts.append(op)
            at += len(op)
        elif isinstance(op, Open):
            opened.append((prose.length, op.address))
        elif isinstance(op, Reference):
            draft.marks.append(NoteMark(prose.end, op.label))
        elif isinstance(op, Close) and opened:
            start, address = opened.pop()
            draft.links.append(Link(start, prose.end, address))
    draft.links.extend(Link(start, prose.end, address) for start, address in opened)
    draft.links.sort()
    opened[:] = [(0, address) for _, address in opened[-1:]]
    text = "".join(texts)
    draft.end = draft.start + len(text.rstrip())
    return text


def _take_bullet(draft: Draft, text: str) -> int:
    """Make a paragraph that begins with a typed bullet an item; the length of the bullet."""
    found = _BULLET.match(text) if draft.kind in _BULLETED else None
    if found is None:
        return 0
    draft.kind, draft.level = "item", 1
    return found.end()
