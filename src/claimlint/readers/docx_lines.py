"""The lines of a .docx file as its parts yield them: what stands in each, and where it is found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from claimlint.model.document import BlockKind, Zone

_INTRODUCING = frozenset(("paragraph", "heading", "quote", "cell"))
# Of the tables around a cell only the outer ones are named; a file may nest them hundreds deep.
_NAMED_TABLES = 8
_MOST_COLUMNS = 63  # Word's own limit; a cell may claim to span any number


class Field:
    """A field code; resolved once its instruction has properly come to an end."""

    __slots__ = ("address", "instruction", "resolved")

    def __init__(self) -> None:
        self.instruction: list[str] = []
        self.resolved = False
        self.address: str | None = None


class Held(NamedTuple):
    """Text inside a field's instruction: prose only if the field turns out to be broken."""

    field: Field
    text: str


class Open(NamedTuple):
    """A link begins."""

    address: str


class Close(NamedTuple):
    """The innermost link ends."""


class Break(NamedTuple):
    """A line break inside a paragraph."""


class Reference(NamedTuple):
    """A footnote's or endnote's mark stands here."""

    label: str


Op: TypeAlias = str | Held | Open | Close | Break | Reference


class Raised(str):
    """Text that is set above the line."""

    __slots__ = ()


class Table:
    """A table being read: where the next cell stands, and the blocks of its first row by column."""

    __slots__ = ("cell", "column", "depth", "headers", "name", "row", "row_deleted")

    def __init__(self, around: Flow, depth: int) -> None:
        around.tables += 1
        named = depth <= _NAMED_TABLES
        self.name = around.inside(f"table {around.tables}") if named else around.name
        self.depth = depth
        self.row = 0
        self.cell = 0
        self.column = 0
        self.row_deleted = False
        self.headers: dict[int, int] = {}

    def next_cell(self) -> str:
        """Go to the next cell of the row and give its name."""
        self.cell += 1
        if self.depth > _NAMED_TABLES:
            return self.name
        return f"{self.name}, row {self.row}, cell {self.cell}"

    def shift(self, columns: int) -> None:
        """Leave columns empty before the next cell."""
        self.column += min(columns, _MOST_COLUMNS)


class Flow:
    """A run of paragraphs of its own: the body, a cell, a header, a note, a text box.

    `name` is where it is found; "" for the body, whose paragraphs are counted instead.
    """

    __slots__ = (
        "column",
        "deleted",
        "items",
        "lead",
        "name",
        "note",
        "row",
        "span",
        "table",
        "tables",
    )

    def __init__(
        self,
        name: str,
        *,
        table: Table | None = None,
        note: str | None = None,
        deleted: bool = False,
    ) -> None:
        self.name = name
        self.table = table
        self.row = table.row if table else 0
        self.column = table.column if table else 0
        self.span = 1
        self.note = note
        self.deleted = deleted
        self.tables: int = 0
        self.lead: int | None = None
        self.items: list[tuple[int, int]] = []  # open list levels, and the last item of each

    def widen(self, columns: int) -> None:
        """Let the cell span this many columns."""
        self.span = max(1, min(columns, _MOST_COLUMNS))

    def introduce(self, kind: BlockKind, level: int, number: int) -> int | None:
        """Note that a block stands here and give the block that introduces it, if it is an item."""
        if kind != "item":
            self.items.clear()
            self.lead = number if kind in _INTRODUCING else None
            return None
        while self.items and self.items[-1][0] >= level:
            self.items.pop()
        lead = self.items[-1][1] if self.items else self.lead
        self.items.append((level, number))
        return lead

    def inside(self, what: str) -> str:
        """Name something inside this flow."""
        return f"{self.name}, {what}" if self.name else what


class Line:
    """One line of the linear text before it has an offset.

    `beside` is the line of the paragraph in which this one was found (hidden text, a picture).
    """

    __slots__ = ("beside", "flow", "key", "kind", "level", "number", "ops", "what", "zone")

    def __init__(
        self,
        kind: BlockKind,
        zone: Zone,
        ops: list[Op],
        flow: Flow,
        *,
        level: int = 0,
        key: str | None = None,
        what: str = "",
        beside: Line | None = None,
    ) -> None:
        self.kind = kind
        self.zone = zone
        self.ops = ops
        self.flow = flow
        self.level = level
        self.key = key
        self.what = what
        self.beside = beside
        self.number: int | None = None  # of its block


# Lines with those of text boxes inside them, which may be nested without end.
Nested: TypeAlias = "Line | list[Nested]"


def flattened(nested: list[Nested]) -> Iterator[Line]:
    """Give the lines in order, without recursion."""
    stack = [iter(nested)]
    while stack:
        for one in stack[-1]:
            if isinstance(one, list):
                stack.append(iter(one))
                break
            yield one
        else:
            stack.pop()
