"""The open elements of a marked-up text, and the block that text at this place belongs to.

Markdown and HTML drive the same flow: CommonMark defines each of its constructs by an HTML element.
Everything here takes amortised constant time for each call, however deep the nesting.
"""

from __future__ import annotations

from collections import defaultdict

import msgspec

from claimlint.model.document import Block, BlockKind, Link, NoteMark, Zone
from claimlint.model.text import Piece, Span, TextMap
from claimlint.readers.blocks import Blocks, Draft, with_bare_addresses
from claimlint.readers.prose import ProseBuilder
from claimlint.readers.raised import may_hold_marks

_new = tuple.__new__  # twice as fast as the constructor of a named tuple


class Table:
    """A table being read: which block heads each column."""

    __slots__ = ("column", "headers", "row")

    def __init__(self) -> None:
        self.row = -1
        self.column = -1
        self.headers: dict[int, int] = {}

    def next_row(self) -> None:
        """Begin a row."""
        self.row += 1
        self.column = -1


class Cell:
    """The cell that text belongs to."""

    __slots__ = ("columns", "heads", "table")

    def __init__(self, table: Table, columns: range, *, heads: bool) -> None:
        self.table = table
        self.columns = columns
        self.heads = heads


class Numbering:
    """The number of the next item of an ordered list."""

    __slots__ = ("next",)

    def __init__(self, first: int) -> None:
        self.next = first


class Context(msgspec.Struct, frozen=True):
    """What text at a place becomes."""

    kind: BlockKind = "paragraph"
    zone: Zone = "content"
    level: int = 0
    lead_in: int | None = None
    depth: int = 0
    numbering: Numbering | None = None  # of the innermost list
    cell: Cell | None = None
    note: str | None = None
    dropped: bool = False
    sectioned: bool = False
    collapsed: bool = False
    superscript: bool = False
    unread: bool = False  # struck out, or code: no prose, though what is inside is still markup

    def of_kind(self, kind: BlockKind, level: int) -> Context:
        """Give the context of a block of this kind at the same place."""
        return msgspec.structs.replace(self, kind=kind, level=level)


class Flow:
    """Collects text into blocks while elements open and close."""

    __slots__ = (
        "_barriers", "_blocks_open", "_from", "_link", "_number", "_open", "_pending", "_places", "_side",
        "blocks", "context", "draft", "knows_bare_hosts",
    )  # fmt: skip

    def __init__(self) -> None:
        self.blocks = Blocks()
        self.context = Context()
        self.draft: Draft | None = None
        self.knows_bare_hosts = True  # whether a run may hold "www."
        self._open: list[tuple[str, Context]] = []  # an element and the context around it
        # Where in _open each name stands.
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        self._blocks_open: list[int] = []  # where in _open block elements stand
        self._barriers: list[int] = []  # where in _open those stand that end tags cannot cross
        self._pending: list[Draft] = []  # finished inside the open block, written after it
        self._side: Draft | None = None  # hidden text inside a visible block
        self._link: tuple[str, int] | None = None  # address, and the index where its text begins
        self._from: int | None = None  # where the markup of the next block begins
        self._number = 0  # of an item of an ordered list whose first block is still to come

    # Elements

    def push(
        self, name: str, context: Context, *, block: bool = True, barrier: bool = False
    ) -> None:
        """Open an element whose text has the context."""
        number = len(self._open)
        self._open.append((name, self.context))
        self._places[name].append(number)
        if block:
            self._blocks_open.append(number)
        if barrier:
            self._barriers.append(number)
        self.context = context

    @property
    def depth(self) -> int:
        """How many elements are open."""
        return len(self._open)

    def inside(self, place: int) -> Context:
        """Give the context of text directly in the open element at this depth."""
        return self._open[place + 1][1] if place + 1 < len(self._open) else self.context

    def around(self, place: int) -> Context:
        """Give the context in which the open element at this depth stands."""
        return self._open[place][1]

    def innermost(self, *names: str) -> int:
        """Say how deep the innermost open element of these names stands; -1 when none is."""
        places = self._places
        return max((places[name][-1] for name in names if places.get(name)), default=-1)

    def within_reach(self, place: int) -> bool:
        """Whether an end tag here may close the element at this depth."""
        return place >= 0 and (not self._barriers or place >= self._barriers[-1])

    def in_same_block(self, place: int) -> bool:
        """Whether no block element was opened after the element at this depth."""
        return place >= 0 and (not self._blocks_open or place > self._blocks_open[-1])

    def is_innermost_block(self, place: int) -> bool:
        """Whether the open element at this depth is the block that text here belongs to."""
        return bool(self._blocks_open) and self._blocks_open[-1] == place

    def pop_to(self, place: int) -> None:
        """Close the element at this depth and all inside it."""
        if place < 0:
            return
        opened = self._open
        while len(opened) > place:
            name, self.context = opened.pop()
            number = len(opened)
            self._places[name].pop()
            if self._blocks_open and self._blocks_open[-1] == number:
                self._blocks_open.pop()
            if self._barriers and self._barriers[-1] == number:
                self._barriers.pop()

    # Text

    def prose(self) -> ProseBuilder:
        """Give the builder for text that stands here."""
        draft = self.draft
        if draft is None:
            return self._begin().prose
        zone = self.context.zone
        if zone != draft.zone:
            if zone == "hidden":
                if self._side is None:
                    self._side = Draft("paragraph", "hidden")
                return self._side.prose
            self.flush()
            return self._begin().prose
        if self._side is not None:
            self._pending.append(self._side)
            self._side = None
        return draft.prose

    def gap(self) -> None:
        """Keep what stands before apart from what follows: a line ends."""
        hidden = self._side is not None and self.context.zone == "hidden"
        draft = self._side if hidden else self.draft
        if draft is not None:
            draft.prose.gap()

    def begin_block(self, start: int, *, within: bool = False) -> None:
        """End the open block; the markup of the next begins at `start`.

        A paragraph that opens an item, a cell or a quotation is `within` it: the markup of the next
        block then begins where that of the item does.
        """
        outer = self._from if within and self.draft is None else None
        if self.draft is not None or self._side is not None or self._pending:
            self.flush()
        self._from = start if outer is None else outer

    def _begin(self) -> Draft:
        context = self.context
        draft = Draft(context.kind, context.zone, self._from)
        self._from = None
        draft.level = context.level
        draft.note = context.note
        if context.kind == "metadata":
            draft.key = "title"
        draft.collapsed = context.collapsed
        if context.kind == "item":
            draft.lead_in = context.lead_in
            draft.number = self._number
        elif context.cell is not None and not context.cell.heads:
            draft.header = context.cell.table.headers.get(context.cell.columns[0])
        self._number = 0
        if self._link is not None:
            self._link = (self._link[0], 0)
        self.draft = draft
        return draft

    def flush(self, end: int | None = None) -> None:
        """Finish the open block; its markup ends at `end`."""
        self._from = None
        draft = self.draft
        if draft is not None:
            self._finish(draft, end)
        if self._side is not None:
            self._pending.append(self._side)
            self._side = None
        if self._pending:
            for pending in self._pending:
                self.blocks.write(pending, introduces=False)
            self._pending.clear()

    def _finish(self, draft: Draft, end: int | None) -> None:
        self.draft = None
        if self._link is not None:
            draft.links.append(Link(self._link[1], draft.prose.end, self._link[0]))
            self._link = (self._link[0], 0)
        if end is not None:
            draft.end = end
        number = self.blocks.write(draft)
        cell = self.context.cell
        if number is not None and cell is not None and cell.heads and draft.kind == "cell":
            for column in cell.columns:
                cell.table.headers.setdefault(column, number)

    def write_run(self, text: str, start: int, end: int) -> bool:
        """Write a block that is one run of `plain_copy` with single spaces, if all is fresh here.

        The quick way for what most blocks are: False when something open needs the long way. The
        block's markup ends at `end`.
        """
        context = self.context
        kind = context.kind
        if (
            context.cell is not None
            or kind == "metadata"
            or self._link is not None
            or self._side is not None
            or self._pending
        ):
            return False
        shown = text.strip(" ")
        if not shown or may_hold_marks(shown):
            return False
        start += text[0] == " "
        last = start + len(shown)
        first = start if self._from is None else self._from
        self._from = None
        may_address = "/" in shown or self.knows_bare_hosts
        self.blocks.append(
            Block(
                kind=kind,
                zone=context.zone,
                map=TextMap(shown, (_new(Piece, (0, start, last)),)),
                span=_new(Span, (first, max(end, last))),
                level=context.level,
                lead_in=context.lead_in if kind == "item" else None,
                note=context.note,
                links=tuple(with_bare_addresses([], shown)) if may_address else (),
                number=self._number if kind == "item" else 0,
                collapsed=context.collapsed,
            )
        )
        self._number = 0
        return True

    def beside(self, draft: Draft) -> None:
        """Write a block that stands inside the open one, after it."""
        draft.collapsed = self.context.collapsed
        if self.draft is None:
            self.blocks.write(draft)
        else:
            self._pending.append(draft)

    # Links and notes

    def open_link(self, address: str) -> None:
        """Begin a link; an open one ends, as links do not nest."""
        self.close_link()
        self._link = (address, self.draft.prose.length if self.draft else 0)

    def close_link(self) -> None:
        """End the open link."""
        if self._link is not None and self.draft is not None:
            self.draft.links.append(Link(self._link[1], self.draft.prose.end, self._link[0]))
        self._link = None

    def note_mark(self, label: str) -> None:
        """Record a reference mark after the last visible character."""
        if self.draft is not None:
            self.draft.marks.append(NoteMark(self.draft.prose.end, label))

    # Lists and tables, the same in Markdown and HTML

    def list_context(self, context: Context, first: int | None = None) -> Context:
        """Give the context inside a list that begins here, with the first number of an ordered one."""
        return msgspec.structs.replace(
            context,
            lead_in=self.blocks.lead(context.zone),
            depth=context.depth + 1,
            numbering=None if first is None else Numbering(first),
        )

    def item_context(self, context: Context, number: int | None = None) -> Context:
        """Give the context inside an item of the innermost list; `number` is one of its own."""
        self.blocks.lead_by(context.lead_in)
        numbering = context.numbering
        self._number = 0
        if numbering is not None:
            self._number = numbering.next if number is None else number
            numbering.next = self._number + 1
        return context.of_kind("item", max(context.depth, 1))

    def definition_context(self, context: Context) -> Context:
        """Give the context inside a definition: an item that its term introduces."""
        lead = self.blocks.lead(context.zone)
        if lead is not None and self.blocks.done[lead].kind == "item":
            lead = self.blocks.done[lead].lead_in
        return msgspec.structs.replace(context, kind="item", level=context.depth + 1, lead_in=lead)

    def cell_context(
        self, context: Context, table: Table, *, heads: bool, columns: int = 1
    ) -> Context:
        """Give the context inside the next cell of the row."""
        first = table.column + 1
        cell = Cell(table, range(first, first + columns), heads=heads)
        table.column += columns
        return msgspec.structs.replace(context, kind="cell", level=0, cell=cell)
