"""What each event of the Markdown parser does to the flow of blocks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from claimlint.model.text import Source
from claimlint.readers.blocks import Draft
from claimlint.readers.flow import Context, Flow, Table
from claimlint.readers.offsets import Offsets
from claimlint.readers.pasted import FOREIGN_BULLETS, bullet_length, is_false_heading
from claimlint.readers.prose import ProseBuilder, foreign_characters, plain_copy

if TYPE_CHECKING:
    from claimlint.readers.elements import Elements

_LONE_RETURN = re.compile(r"\r(?!\n)")


class Handlers:
    """What each event of the parser does to the flow of blocks."""

    def __init__(self, source: Source, base: int, flow: Flow) -> None:
        text = source.text
        body = text[base:] if base else text
        foreign = foreign_characters(text)
        # The parser does not end every sort of block at a lone carriage return; a line feed is as
        # long. Guarded by test_line_ends_change_no_line_and_no_column.
        mixed = "\r" in body and body.count("\r") != body.count("\r\n")
        self.body = _LONE_RETURN.sub("\n", body) if mixed else body
        self._text = text
        self._flow = flow
        self._source = source
        self._elements: Elements | None = None
        self._offsets = Offsets(body, base)
        self._at = self._offsets.at if foreign else base.__add__
        self._plain = plain_copy(text, foreign)
        flow.knows_bare_hosts = "www." in text
        self._bulleted = not foreign.isdisjoint(FOREIGN_BULLETS)
        self._places: list[int] = []  # depths of the containers that Markdown opened
        self._tables: list[Table] = []
        self._image: Draft | None = None
        self._images = 0  # depth of images within images
        self._raw = False  # in code or in HTML
        self._html: list[tuple[int, int]] | None = None
        self._line_starts = False  # whether the next text begins a line of a paragraph
        # Text that stands in the source as it is and was not yet written, as more may follow: most
        # blocks are one such run.
        self.held: int | None = None  # the offset where it begins
        self._held_end = 0
        self._next = -1  # where text continues it; a line break takes one character
        self._bullet_lead: int | None = None
        self._lines_apart = False

    def elements(self) -> Elements:
        """Give the reader of raw HTML, which few drafts need and none should pay for in vain."""
        if self._elements is None:
            from claimlint.readers.elements import Elements

            self._elements = Elements(self._source, self._flow)
        return self._elements

    def finish(self) -> Elements | None:
        """End the last block; give the reader of raw HTML if there was any."""
        self._end_line()
        if self._elements is not None:
            self._elements.finish(len(self._text))
        return self._elements

    # Text

    def text(self, value: str, start: int, end: int) -> None:
        """Take text; what does not stand in the source as it is was an entity or an escape."""
        if self._raw:
            if self._html is not None and start < end:
                # Spaces that a tab stands for have no place of their own.
                self.html_line(value, start, end)
            return
        image = self._image
        if self._elements is not None and image is None and self._flow.context.dropped:
            return
        offsets = self._offsets
        offset = offsets.offset if offsets.byte == start else self._at(start)
        if self._bulleted and self._line_starts and image is None:
            bullet = self._take_bullet(value, offset)
            value = value[bullet:]
            offset += bullet
        length = len(value)
        if self._text.startswith(value, offset):
            if offset != self._next:
                self.settle()
                self.held = offset
            self._held_end = self._next = offset + length
            if end - start == length:
                offsets.byte = end
                offsets.offset = offset + length
            return
        self.settle()
        prose = self._flow.prose() if image is None else image.prose
        if start < end:
            prose.atom(value, offset, self._at(end))
        else:
            prose.space(offset, offset)

    def _prose(self) -> ProseBuilder:
        return self._flow.prose() if self._image is None else self._image.prose

    def settle(self) -> None:
        """Write the text that is held."""
        first = self.held
        if first is None:
            return
        prose = self._prose()
        shown = self._shown(first)
        if shown is not None:
            prose.run(shown, first)
        else:
            prose.add(self._text[first : self._held_end], first)
        if self._next > self._held_end:
            prose.gap()
        self.held = None
        self._next = -1

    def _shown(self, first: int) -> str | None:
        """Give the text held as the reader of the page sees it; None when that takes more work."""
        if self._plain is None:
            return None
        shown = self._plain[first : self._held_end]
        return None if "  " in shown or not shown else shown

    def _close(self, end: int) -> None:
        """Finish the open block, whose markup ends at the byte `end` or before its line end."""
        flow = self._flow
        first = self.held
        if first is None:
            flow.flush(self._trimmed(end) if flow.draft is not None else None)
            return
        if flow.draft is None and (shown := self._shown(first)) is not None:
            if flow.write_run(shown, first, self._trimmed(end)):
                self.held = None
                self._next = -1
                return
        self.settle()
        flow.flush(self._trimmed(end))

    def _take_bullet(self, value: str, offset: int) -> int:
        """Begin an item at a bullet that is not Markdown's, if there is one; give its length."""
        self._line_starts = False
        bullet = bullet_length(value)
        if not bullet or not self._text.startswith(value[:bullet], offset):
            return 0
        flow = self._flow
        context = flow.context
        lead = self._bullet_lead
        self._end_line()
        if lead is None:
            lead = flow.blocks.lead(context.zone)
            self._bullet_lead = -1 if lead is None else lead
        flow.begin_block(offset)
        prose_context = context._replace(
            kind="item", level=context.level + 1, lead_in=None if lead == -1 else lead, cell=None
        )
        flow.context = prose_context
        flow.prose()
        flow.context = context
        return bullet

    def bare(self, event: str) -> None:
        """Take a line break or a rule."""
        flow = self._flow
        if event == "Rule":
            flow.flush()
            flow.blocks.lead_by(None)
            return
        self._line_starts = True
        if self._lines_apart and self._image is None:
            self._end_line()
            return
        if self.held is not None and self._plain is not None and self._elements is None:
            self._next = self._held_end + 1
            return
        self.settle()
        draft = self._image or flow.draft
        if draft is not None:
            draft.prose.gap()

    def _end_line(self) -> None:
        self.settle()
        self._flow.flush()

    def leave_out(self, value: object, start: int, end: int) -> None:
        """Leave code and formulas out, but keep the words on both sides apart."""
        first = self._at(start)
        last = self._at(end)
        if self._image is not None:
            self._image.prose.space(first, last)
        elif self._flow.draft is not None:
            self._flow.prose().space(first, last)

    def note(self, label: str, start: int, end: int) -> None:
        if self._image is None:
            self._flow.note_mark(label)

    def tag(self, value: str, start: int, end: int) -> None:
        """Read a tag or comment in a paragraph; in an alternative text it is only a gap."""
        if self._image is not None:
            self._image.prose.gap()
            return
        first = self._at(start)
        self.elements().feed((first, self._at(end)))

    # Blocks

    def start_paragraph(self, detail: Any, start: int, end: int) -> None:
        self._flow.begin_block(self._at(start), within=self._flow.context.kind != "paragraph")
        self._line_starts = True

    def end_paragraph(self, end: int) -> None:
        flow = self._flow
        self._close(end)
        self._line_starts = False
        self._lines_apart = False
        if self._bullet_lead is not None:
            flow.blocks.lead_by(None if self._bullet_lead == -1 else self._bullet_lead)
            self._bullet_lead = None

    def start_heading(self, detail: Any, start: int, end: int) -> None:
        flow = self._flow
        first = self._at(start)
        flow.begin_block(first)
        level = int(detail["level"][1])
        self._line_starts = True
        if level == 2 and is_false_heading(self._text[first : self._at(end)]):
            self._lines_apart = True
            self._push(flow.context)
        else:
            self._push(flow.context.of_kind("heading", level))

    def end_heading(self, end: int) -> None:
        if self._lines_apart:
            self._end_line()
        else:
            self._close(end)
        self._pop()
        self.end_paragraph(end)

    def _trimmed(self, end: int) -> int:
        """Find the end of a block's markup, without the line ends after it."""
        last = self._at(end)
        text = self._text
        while last and text[last - 1] in "\r\n\t |":
            last -= 1
        return last

    def _push(self, context: Context) -> None:
        flow = self._flow
        self._places.append(flow.depth)
        flow.push("markdown", context, barrier=True)

    def _pop(self) -> None:
        self._flow.pop_to(self._places.pop())

    def start_list(self, detail: Any, start: int, end: int) -> None:
        self._flow.flush()
        self._push(self._flow.list_context(self._flow.context))

    def end_list(self, end: int) -> None:
        lead = self._flow.inside(self._places[-1]).lead_in
        self.end_container(end)
        self._flow.blocks.lead_by(lead)

    def start_item(self, detail: Any, start: int, end: int) -> None:
        self._flow.begin_block(self._at(start))
        self._push(self._flow.item_context(self._flow.context))
        self._line_starts = True

    def start_quote(self, detail: Any, start: int, end: int) -> None:
        self._flow.begin_block(self._at(start))
        self._push(self._flow.context._replace(kind="quote", level=0, sectioned=True))

    def start_note(self, label: str, start: int, end: int) -> None:
        self._flow.begin_block(self._at(start))
        self._push(self._flow.context._replace(kind="paragraph", level=0, note=label))
        self._flow.blocks.lead_by(None)

    def end_container(self, end: int) -> None:
        self._close(end)
        self._pop()
        self._line_starts = False
        self._bullet_lead = None

    def start_code(self, detail: Any, start: int, end: int) -> None:
        self._flow.flush()
        self._raw = True

    def end_code(self, end: int) -> None:
        self._raw = False

    # Tables

    def start_table(self, detail: Any, start: int, end: int) -> None:
        self._flow.flush()
        self._tables.append(Table())

    def end_table(self, end: int) -> None:
        self._flow.flush()
        self._tables.pop()
        self._flow.blocks.lead_by(None)

    def start_row(self, detail: Any, start: int, end: int) -> None:
        self._tables[-1].next_row()

    def start_cell(self, detail: Any, start: int, end: int) -> None:
        flow = self._flow
        flow.begin_block(self._at(start))
        table = self._tables[-1]
        self._push(flow.cell_context(flow.context, table, heads=table.row == 0))

    # Links and images

    def start_link(self, detail: Any, start: int, end: int) -> None:
        if self._image is None:
            self._flow.open_link(detail["dest_url"])

    def end_link(self, end: int) -> None:
        self.settle()
        if self._image is None:
            self._flow.close_link()

    def start_image(self, detail: Any, start: int, end: int) -> None:
        self._images += 1
        if self._image is None:
            self._image = Draft("alt", self._flow.context.zone, self._at(start))

    def end_image(self, end: int) -> None:
        self.settle()
        self._images -= 1
        image = self._image
        if image is None or self._images:
            return
        self._image = None
        image.end = self._at(end)
        if not self._flow.context.dropped:
            self._flow.beside(image)

    # Raw HTML

    def start_html(self, detail: Any, start: int, end: int) -> None:
        self._flow.flush()
        self._html = []
        self._raw = True

    def html_line(self, value: str, start: int, end: int) -> None:
        first = self._at(start)
        last = self._at(end)
        if self._html is None:
            self.elements().feed((first, last))
        elif self._html and self._html[-1][1] == first:
            self._html[-1] = (self._html[-1][0], last)
        else:
            self._html.append((first, last))

    def end_html(self, end: int) -> None:
        if self._html:
            self.elements().feed(*self._html)
        self._html = None
        self._raw = False
        self._flow.flush()


STARTS: Final[dict[str, Callable[[Handlers, Any, int, int], None]]] = {
    "Paragraph": Handlers.start_paragraph,
    "Heading": Handlers.start_heading,
    "List": Handlers.start_list,
    "Item": Handlers.start_item,
    "BlockQuote": Handlers.start_quote,
    "FootnoteDefinition": Handlers.start_note,
    "CodeBlock": Handlers.start_code,
    "Table": Handlers.start_table,
    "TableHead": Handlers.start_row,
    "TableRow": Handlers.start_row,
    "TableCell": Handlers.start_cell,
    "Link": Handlers.start_link,
    "Image": Handlers.start_image,
    "HtmlBlock": Handlers.start_html,
}
ENDS: Final[dict[str, Callable[[Handlers, int], None]]] = {
    "Paragraph": Handlers.end_paragraph,
    "Heading": Handlers.end_heading,
    "List": Handlers.end_list,
    "Item": Handlers.end_container,
    "BlockQuote": Handlers.end_container,
    "FootnoteDefinition": Handlers.end_container,
    "CodeBlock": Handlers.end_code,
    "Table": Handlers.end_table,
    "TableCell": Handlers.end_container,
    "Link": Handlers.end_link,
    "Image": Handlers.end_image,
    "HtmlBlock": Handlers.end_html,
}
LEAVES: Final[dict[str, Callable[[Handlers, Any, int, int], None]]] = {
    "Code": Handlers.leave_out,
    "InlineMath": Handlers.leave_out,
    "DisplayMath": Handlers.leave_out,
    "FootnoteReference": Handlers.note,
    "Html": Handlers.html_line,
    "InlineHtml": Handlers.tag,
}
