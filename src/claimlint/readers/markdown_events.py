"""What each event of the Markdown parser does to the flow of blocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import msgspec

from claimlint.model.text import Source
from claimlint.readers.blocks import Draft
from claimlint.readers.flow import Context, Flow, Table
from claimlint.readers.markdown_text import TextHandlers
from claimlint.readers.pasted import is_false_heading

if TYPE_CHECKING:
    from claimlint.readers.elements import Elements


_TITLE_ENDS = frozenset("\"')")


class Handlers(TextHandlers):
    """What each event of the parser does to the flow of blocks."""

    def __init__(self, source: Source, base: int, flow: Flow) -> None:
        super().__init__(source, base, flow)
        self._places: list[int] = []  # depths of the containers that Markdown opened
        self._tables: list[Table] = []
        self._titled = ("", 0)  # the title of the open link, and where the link begins
        self._image_title = ""

    def finish(self) -> Elements | None:
        """End the last block; give the reader of raw HTML if there was any."""
        self._end_line()
        if self._elements is not None:
            self._elements.finish(len(self._text))
        return self._elements

    # Words that are no text

    def leave_out(self, value: object, start: int, end: int) -> None:
        """Leave code and formulas out, but keep the words on both sides apart."""
        first = self._at(start)
        last = self._at(end)
        if self._image is not None:
            self._image.prose.space(first, last)
        elif self._flow.draft is not None:
            self._flow.prose().space(first, last)

    def note(self, label: str, start: int, end: int) -> None:
        if self._image is None and not self._flow.context.unread:
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

    def _push(self, context: Context) -> None:
        flow = self._flow
        self._places.append(flow.depth)
        flow.push("markdown", context, barrier=True)

    def _pop(self) -> None:
        self._flow.pop_to(self._places.pop())

    def start_list(self, detail: Any, start: int, end: int) -> None:
        self._flow.flush()
        self._push(self._flow.list_context(self._flow.context, detail))

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
        self._push(
            msgspec.structs.replace(self._flow.context, kind="quote", level=0, sectioned=True)
        )

    def start_note(self, label: str, start: int, end: int) -> None:
        self._flow.begin_block(self._at(start))
        self._push(
            msgspec.structs.replace(self._flow.context, kind="paragraph", level=0, note=label)
        )
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
            title = detail["title"]
            self._titled = title, self._at(start) if title else 0

    def end_link(self, end: int) -> None:
        self.settle()
        if self._image is None:
            self._flow.close_link()
            title, first = self._titled
            if title:
                self._title(title, first, self._at(end))

    def start_image(self, detail: Any, start: int, end: int) -> None:
        self._images += 1
        if self._image is None:
            self._image = Draft("alt", self._flow.context.zone, self._at(start))
            self._image_title = detail["title"]

    def end_image(self, end: int) -> None:
        self.settle()
        self._images -= 1
        image = self._image
        if image is None or self._images:
            return
        self._image = None
        image.end = self._at(end)
        context = self._flow.context
        if not (context.dropped or context.unread):
            self._flow.beside(image)
        assert image.start is not None
        self._title(self._image_title, image.start, image.end)

    def _title(self, title: str, first: int, end: int) -> None:
        """Read the title of a link or image that stands there, if it says more than the words do.

        One with escapes or entities, or that stands with the address elsewhere, has no exact place here.
        """
        context = self._flow.context
        if not title or context.dropped or context.unread:
            return
        text = self._text
        closing = end - 1
        while closing > first and text[closing - 1].isspace():
            closing -= 1
        start = closing - 1 - len(title)
        if text[closing - 1] not in _TITLE_ENDS or not text.startswith(title, start, closing - 1):
            return
        if text.find(title, first, start) < 0:
            draft = Draft("alt", context.zone)
            draft.prose.add(title, start)
            self._flow.beside(draft)

    # Deleted text

    def start_struck(self, detail: Any, start: int, end: int) -> None:
        flow = self._flow
        flow.push("~~", msgspec.structs.replace(flow.context, unread=True), block=False)

    def end_struck(self, end: int) -> None:
        self._flow.pop_to(self._flow.innermost("~~"))

    # Raw HTML

    def start_html(self, detail: Any, start: int, end: int) -> None:
        self._flow.flush()
        self._html = []
        self._raw = True

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
    "Strikethrough": Handlers.start_struck,
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
    "Strikethrough": Handlers.end_struck,
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
