"""What the events of a CMS tree do to the flow of blocks that Markdown and HTML drive too."""

from __future__ import annotations

import msgspec

from claimlint.expressions import compiled
from claimlint.model.document import BlockKind, Directive, Gap
from claimlint.model.text import Source
from claimlint.readers.blocks import Draft
from claimlint.readers.flow import Context, Flow, Table
from claimlint.readers.pasted import bullet_length

# An empty line inside the string of one node ends a paragraph, as two line breaks do.
_LINE_BREAK = compiled(r"\n[^\S\n]*\n\s*|\n")
_TYPED_BULLET = compiled(r"[-*+]\s+")
_BULLETED = frozenset(("paragraph", "cell"))
_NAME = "tree"  # no HTML element, so that no end tag closes it


class Assembly:
    """Turns events, given in order, into blocks; offsets are those of the whole linear text."""

    def __init__(self, source: Source) -> None:
        self.flow = Flow()
        self.directives: list[Directive] = []
        self.metadata: list[tuple[str, str]] = []
        self.gaps: list[Gap] = []
        self._source = source
        self._text = source.text
        self._open: list[tuple[str, int]] = []  # what was opened, and how deep it stands
        self._tables: list[Table] = []
        self._line_starts = True
        self._bullet_lead: int | None = None  # what introduces the typed items of this block
        self._broken: tuple[Draft | None, int] = (None, 0)  # where the last line break stands

    # Blocks

    def paragraph(self) -> None:
        """End the block; the next is of the kind of what is open."""
        self.flow.close_link()
        self.flow.flush()
        self._line_starts = True
        if self._bullet_lead is not None:
            self.flow.blocks.lead_by(None if self._bullet_lead == -1 else self._bullet_lead)
            self._bullet_lead = None

    def _push(self, what: str, context: Context) -> None:
        self._open.append((what, self.flow.depth))
        self.flow.push(_NAME, context, barrier=True)

    def heading(self, level: int) -> None:
        self.paragraph()
        self._push("heading", self.flow.context.of_kind("heading", level))

    def quote(self) -> None:
        self.paragraph()
        self._push(
            "quote",
            msgspec.structs.replace(self.flow.context, kind="quote", level=0, sectioned=True),
        )

    def list(self) -> None:
        self.paragraph()
        self._push("list", self.flow.list_context(self.flow.context))

    def item(self) -> None:
        self.paragraph()
        self._push("item", self.flow.item_context(self.flow.context))

    def table(self) -> None:
        self.paragraph()
        self._tables.append(Table())
        self._push(
            "table",
            msgspec.structs.replace(self.flow.context, kind="paragraph", level=0, cell=None),
        )

    def row(self) -> None:
        self.paragraph()
        if self._tables:
            self._tables[-1].next_row()
        self._push("row", self.flow.context)

    def cell(self, heads: bool, columns: int) -> None:
        self.paragraph()
        context = self.flow.context
        if self._tables:
            table = self._tables[-1]
            heads = heads and table.row <= 0
            context = self.flow.cell_context(context, table, heads=heads, columns=columns)
        self._push("cell", context)

    def close(self) -> None:
        """End what was opened last."""
        self.paragraph()
        what, depth = self._open.pop()
        flow = self.flow
        lead = flow.inside(depth).lead_in
        flow.pop_to(depth)
        if what == "list":
            flow.blocks.lead_by(lead)
        elif what == "table":
            self._tables.pop()
            flow.blocks.lead_by(None)

    def rule(self) -> None:
        self.paragraph()
        self.flow.blocks.lead_by(None)

    # Text

    def text(self, start: int, end: int) -> None:
        """Add the text of a node, which may hold line breaks and typed bullets."""
        text = self._text
        if text.find("\n", start, end) < 0:
            self._line(start, end)
            return
        at = start
        for found in _LINE_BREAK.finditer(text, start, end):
            self._line(at, found.start())
            at = found.end()
            if found[0] == "\n":
                self.line_break(found.start(), at)
            elif self.flow.draft is not None:
                self._end_part()
            self._line_starts = True
        self._line(at, end)

    def _line(self, start: int, end: int) -> None:
        if start == end:
            return
        # Several bullets in one node as each in a node of its own.
        while self._line_starts and start < end and (length := self._take_bullet(start, end)):
            start += length
        flow = self.flow
        shown = self._text[start:end]
        if flow.draft is None and shown.isspace():
            return
        if shown:
            self._line_starts = False
            flow.prose().add(shown, start)

    def _take_bullet(self, start: int, end: int) -> int:
        """Begin an item at a bullet that was typed, as Markdown does; give its length."""
        line = self._text[start : min(end, start + 100)]
        flow = self.flow
        context = flow.context
        length = bullet_length(line)
        if not length and context.kind in _BULLETED:
            typed = _TYPED_BULLET.match(line)
            length = typed.end() if typed else 0
        if not length:
            return 0
        lead = self._bullet_lead
        self._end_part()
        if lead is None:
            found = flow.blocks.lead(context.zone)
            lead = -1 if found is None else found
            self._bullet_lead = lead
        flow.context = msgspec.structs.replace(
            context,
            kind="item",
            level=context.level + 1,
            lead_in=None if lead == -1 else lead,
            cell=None,
        )
        flow.prose()
        flow.context = context
        return length

    def _end_part(self) -> None:
        """End a block in the middle of a paragraph."""
        self.flow.flush()

    def superscript(self, start: int, end: int) -> None:
        """Add raised text, which may be a reference mark."""
        draft = self.flow.draft
        index = draft.prose.length if draft is not None else 0
        self.text(start, end)
        if draft is not None and draft is self.flow.draft:
            draft.prose.raise_from(index)

    def line_break(self, start: int, end: int) -> None:
        """Add a line break; two in a row end the paragraph."""
        self._line_starts = True
        draft = self.flow.draft
        if draft is None:
            return
        if self._broken == (draft, draft.prose.end):
            self._end_part()
        else:
            self._broken = (draft, draft.prose.end)
            draft.prose.space(start, end)

    def space(self, at: int) -> None:
        """Keep the words on both sides of what is left out apart."""
        if self.flow.draft is not None:
            self.flow.draft.prose.space(at, at)

    def link(self, address: str) -> None:
        self.flow.open_link(address)

    def unlink(self) -> None:
        self.flow.close_link()

    # What is no text of a paragraph

    def beside(self, kind: BlockKind, start: int, end: int) -> None:
        """Write a block of its own: an alternative text, the label of a button."""
        self.paragraph()
        draft = Draft(kind, self.flow.context.zone)
        draft.prose.add(self._text[start:end], start)
        self.flow.blocks.write(draft)

    def html(self, start: int, end: int) -> None:
        """Read markup that stands inside the tree; nothing that it leaves open stays open."""
        from claimlint.readers.elements import Elements

        flow = self.flow
        depth = flow.depth
        flow.push(_NAME, flow.context, barrier=True)
        elements = Elements(self._source, flow)
        elements.feed((start, end))
        flow.close_link()
        elements.finish(end)
        flow.pop_to(depth)
        self._line_starts = True
        self.directives += elements.directives
        self.metadata += elements.metadata
        self.gaps += elements.gaps
