"""Read Markdown: CommonMark with tables, footnotes, strike-through, task lists and front matter."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from claimlint.model.document import Document
from claimlint.model.text import Source
from claimlint.readers.blocks import Draft
from claimlint.readers.elements import Elements
from claimlint.readers.flow import Context, Flow, Table
from claimlint.readers.front_matter import read_front_matter
from claimlint.readers.lines import BULLETS
from claimlint.readers.offsets import Offsets

# Bullets of other programs, which are not Markdown's own.
_BULLET = re.compile(rf"[{BULLETS}][ \t\u00a0]*|\u00b7[ \t\u00a0]+")
_LONE_DASH = re.compile(r"(?:\r\n|\n|\r)[ \t>]*-[ \t]*\Z")
_LONGEST_HEADING = 120
_LONGEST_UNDERLINE = 80


def read_markdown(source: Source) -> Document:
    """Read a Markdown draft."""
    return _Reader(source).read()


class _Reader:
    """One draft being read."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._text = source.text
        self._flow = Flow()
        self._elements = Elements(source, self._flow)
        self._at: Callable[[int], int] = int
        self._places: list[int] = []  # depths of the containers that Markdown opened
        self._tables: list[Table] = []
        self._image: Draft | None = None
        self._images = 0  # depth of images within images
        self._code = False
        self._html: list[tuple[int, int]] | None = None
        self._line_starts = False  # whether the next text begins a line of a paragraph
        self._bulleted = False
        self._bullet_lead: int | None = None
        self._lines_apart = False

    def read(self) -> Document:
        """Go through the events of the parser."""
        flow, elements = self._flow, self._elements
        front = read_front_matter(self._source, flow.blocks)
        flow.blocks.lead_by(None)
        self._walk(front.end)
        flow.flush()
        elements.finish(len(self._text))
        gaps = ((front.gap,) if front.gap else ()) + tuple(elements.gaps)
        return Document(
            source=self._source,
            format="markdown",
            blocks=tuple(flow.blocks.done),
            directives=tuple(elements.directives),
            metadata=front.metadata + tuple(elements.metadata),
            gaps=gaps,
        )

    def _walk(self, base: int) -> None:
        from pyromark import Options, events_with_range

        options = (
            Options.ENABLE_TABLES
            | Options.ENABLE_FOOTNOTES
            | Options.ENABLE_STRIKETHROUGH
            | Options.ENABLE_TASKLISTS
        )
        body = self._text[base:] if base else self._text
        self._at = base.__add__ if body.isascii() else Offsets(body, base).at
        self._bulleted = not body.isascii() and _BULLET.search(body) is not None
        event: Any
        for event, where in events_with_range(body, options=options):
            if event.__class__ is str:
                self._bare(event, where["start"], where["end"])
                continue
            ((name, value),) = event.items()
            if name == "Text":
                if not self._code:
                    self._add(value, where["start"], where["end"])
            elif name == "Start":
                if value.__class__ is not str:
                    ((value, detail),) = value.items()
                else:
                    detail = None
                handler = _STARTS.get(value)
                if handler is not None:
                    handler(self, detail, where["start"], where["end"])
            elif name == "End":
                if value.__class__ is not str:
                    (value,) = value
                ending = _ENDS.get(value)
                if ending is not None:
                    ending(self, where["end"])
            else:
                leaf = _LEAVES.get(name)
                if leaf is not None:
                    leaf(self, value, where["start"], where["end"])

    # Text

    def _add(self, value: str, start: int, end: int) -> None:
        offset = self._at(start)
        if self._image is not None:
            prose = self._image.prose
        else:
            if self._flow.context.dropped:
                return
            if self._line_starts:
                self._line_starts = False
                if self._bulleted:
                    bullet = _BULLET.match(value)
                    if bullet is not None and self._text.startswith(bullet[0], offset):
                        self._begin_bullet(offset)
                        value = value[bullet.end() :]
                        start = -1
                        offset += bullet.end()
            prose = self._flow.prose(offset)
        if self._text.startswith(value, offset):
            prose.add(value, offset)
        elif start < end:
            prose.atom(value, offset, self._at(end))
        else:
            prose.space(offset, offset)

    def _begin_bullet(self, offset: int) -> None:
        """Begin an item at a bullet that is not Markdown's."""
        flow = self._flow
        context = flow.context
        lead = self._bullet_lead
        flow.flush()
        if lead is None:
            lead = flow.blocks.lead(context.zone)
            self._bullet_lead = -1 if lead is None else lead
        flow.begin_block(offset)
        prose_context = context._replace(
            kind="item", level=context.level + 1, lead_in=None if lead == -1 else lead, cell=None
        )
        flow.context = prose_context
        flow.prose(offset)
        flow.context = context

    def _bare(self, event: str, start: int, end: int) -> None:
        flow = self._flow
        if event == "Rule":
            flow.flush()
            flow.blocks.lead_by(None)
            return
        self._line_starts = True
        if self._lines_apart and self._image is None:
            flow.flush()
            return
        draft = self._image or flow.draft
        if draft is not None:
            draft.prose.gap()

    def leave_out(self, value: object, start: int, end: int) -> None:
        """Leave code and formulas out, but keep the words on both sides apart."""
        first = self._at(start)
        last = self._at(end)
        if self._image is not None:
            self._image.prose.space(first, last)
        elif self._flow.draft is not None:
            self._flow.prose(first).space(first, last)

    def note(self, label: str, start: int, end: int) -> None:
        if self._image is None:
            self._flow.note_mark(label)

    def tag(self, value: str, start: int, end: int) -> None:
        """Read a tag or comment in a paragraph."""
        if self._image is None:
            first = self._at(start)
            self._elements.feed(first, self._at(end))

    # Blocks

    def start_paragraph(self, detail: Any, start: int, end: int) -> None:
        self._flow.begin_block(self._at(start), within=self._flow.context.kind != "paragraph")
        self._line_starts = True

    def end_paragraph(self, end: int) -> None:
        flow = self._flow
        flow.flush(self._trimmed(end))
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
        if level == 2 and self._is_false_heading(first, end):
            self._lines_apart = True
            self._push(flow.context)
        else:
            self._push(flow.context._replace(kind="heading", level=level))

    def _is_false_heading(self, start: int, end: int) -> bool:
        """Whether a text's underline is a single dash below a paragraph, as CMS exports leave it."""
        markup = self._text[start : self._at(end)].rstrip()
        dash = _LONE_DASH.search(markup[-_LONGEST_UNDERLINE:])
        if dash is None:
            return False
        above = markup[: dash.start() - len(dash.string)].strip()
        return len(above) > _LONGEST_HEADING or "\n" in above or "\r" in above

    def end_heading(self, end: int) -> None:
        self._flow.flush(None if self._lines_apart else self._trimmed(end))
        self._pop()
        self.end_paragraph(end)

    def _trimmed(self, end: int) -> int | None:
        """Find the end of the open block's markup, without the line ends after it."""
        if self._flow.draft is None:
            return None
        last = self._at(end)
        while last and self._text[last - 1] in "\r\n\t |":
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
        self._flow.flush(self._trimmed(end))
        self._pop()
        self._line_starts = False
        self._bullet_lead = None

    def start_code(self, detail: Any, start: int, end: int) -> None:
        self._flow.flush()
        self._code = True

    def end_code(self, end: int) -> None:
        self._code = False

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
        if self._image is None:
            self._flow.close_link()

    def start_image(self, detail: Any, start: int, end: int) -> None:
        self._images += 1
        if self._image is None:
            self._image = Draft("alt", self._flow.context.zone, self._at(start))

    def end_image(self, end: int) -> None:
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

    def html_line(self, value: str, start: int, end: int) -> None:
        first = self._at(start)
        last = self._at(end)
        if self._html is None:
            self._elements.feed(first, last)
        elif self._html and self._html[-1][1] == first:
            self._html[-1] = (self._html[-1][0], last)
        else:
            self._html.append((first, last))

    def end_html(self, end: int) -> None:
        for first, last in self._html or ():
            self._elements.feed(first, last)
        self._html = None
        self._flow.flush()


_STARTS: Final[dict[str, Callable[[_Reader, Any, int, int], None]]] = {
    "Paragraph": _Reader.start_paragraph,
    "Heading": _Reader.start_heading,
    "List": _Reader.start_list,
    "Item": _Reader.start_item,
    "BlockQuote": _Reader.start_quote,
    "FootnoteDefinition": _Reader.start_note,
    "CodeBlock": _Reader.start_code,
    "Table": _Reader.start_table,
    "TableHead": _Reader.start_row,
    "TableRow": _Reader.start_row,
    "TableCell": _Reader.start_cell,
    "Link": _Reader.start_link,
    "Image": _Reader.start_image,
    "HtmlBlock": _Reader.start_html,
}
_ENDS: Final[dict[str, Callable[[_Reader, int], None]]] = {
    "Paragraph": _Reader.end_paragraph,
    "Heading": _Reader.end_heading,
    "List": _Reader.end_list,
    "Item": _Reader.end_container,
    "BlockQuote": _Reader.end_container,
    "FootnoteDefinition": _Reader.end_container,
    "CodeBlock": _Reader.end_code,
    "Table": _Reader.end_table,
    "TableCell": _Reader.end_container,
    "Link": _Reader.end_link,
    "Image": _Reader.end_image,
    "HtmlBlock": _Reader.end_html,
}
_LEAVES: Final[dict[str, Callable[[_Reader, Any, int, int], None]]] = {
    "Code": _Reader.leave_out,
    "InlineMath": _Reader.leave_out,
    "DisplayMath": _Reader.leave_out,
    "FootnoteReference": _Reader.note,
    "Html": _Reader.html_line,
    "InlineHtml": _Reader.tag,
}
