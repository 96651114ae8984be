"""Read one part of a .docx file that holds paragraphs: the body, a header, the notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from claimlint.model.document import BlockKind, Zone
from claimlint.readers.docx_fields import FieldStack
from claimlint.readers.docx_lines import Flow, Line, Nested, Open, Table, flattened
from claimlint.readers.docx_package import Attributes, Relationship, attribute
from claimlint.readers.docx_runs import Notes, Paragraph, RunEvents
from claimlint.readers.docx_styles import BODY_TEXT, Look, StyleSheet, number, switched_on

_DEEPEST_HEADING = 6
_SKIPPED = (
    "w:pPrChange",
    "w:tblPrChange",
    "w:tblGridChange",
    "w:trPrChange",
    "w:tcPrChange",
    "w:sectPrChange",
    "w:tblPrExChange",
    "w:sdtPr",
    "w:sdtEndPr",
)
_FOREIGN = {
    "w:altChunk": "the document holds a file of another format that was not read; open it in Word "
    "and save it again, so that its text becomes part of the document",
    "w:subDoc": "the document includes another document that was not read; check that one too",
}


class Section:
    """A section: its headers and footers as (part kind, page kind, relationship id)."""

    def __init__(self) -> None:
        self.parts: list[tuple[str, str, str]] = []
        self.has_first_page = False


class StoryEvents(RunEvents):
    """Reads paragraphs, tables and text boxes into lines, without recursion.

    `drawn` gives the texts of a chart or diagram that the story shows, by relationship id.
    """

    def __init__(
        self,
        *,
        name: str,
        zone: Zone,
        styles: StyleSheet,
        relationships: Mapping[str, Relationship],
        notes: Notes,
        drawn: Callable[[Relationship], list[str]],
    ) -> None:
        super().__init__(
            {
                **dict.fromkeys(_SKIPPED, self._start_skipped),
                **{name: partial(self._foreign, text) for name, text in _FOREIGN.items()},
                "w:document": self._root,
                "w:p": self._start_paragraph,
                "w:pPr": partial(self._start_properties, "w:pPr"),
                "w:pStyle": self._style,
                "w:outlineLvl": self._outline,
                "w:numId": self._number,
                "w:ilvl": self._depth,
                "w:del": self._start_deletion,
                "w:moveFrom": self._start_deletion,
                "w:cellDel": self._delete_cell,
                "w:tbl": self._start_table,
                "w:tr": self._start_row,
                "w:trPr": partial(self._start_properties, "w:trPr"),
                "w:gridBefore": self._shift,
                "w:tc": self._start_cell,
                "w:tcPr": partial(self._start_properties, "w:tcPr"),
                "w:gridSpan": self._span,
                "w:txbxContent": self._start_box,
                "w:footnote": partial(self._start_note, "footnote"),
                "w:endnote": partial(self._start_note, "endnote"),
                "w:sectPr": self._start_section,
                "w:headerReference": partial(self._margin, "header"),
                "w:footerReference": partial(self._margin, "footer"),
                "w:titlePg": self._first_page,
                "c:chart": partial(self._draw, "chart", "r:id"),
                "dgm:relIds": partial(self._draw, "diagram", "r:dm"),
            },
            {
                "w:p": self._end_paragraph,
                "w:pPr": self._end_properties,
                "w:tbl": self._end_table,
                "w:tr": self._end_row,
                "w:trPr": self._end_properties,
                "w:tc": self._end_cell,
                "w:tcPr": self._end_properties,
                "w:txbxContent": self._end_box,
                "w:footnote": self._end_flow,
                "w:endnote": self._end_flow,
            },
            name=name,
            zone=zone,
            styles=styles,
            relationships=relationships,
            notes=notes,
        )
        self._lines: list[Nested] = []
        self.sections: list[Section] = []
        self.unread: list[str] = []
        self.is_document = False
        self._drawn = drawn
        self._base = self._flows[0]
        self._pending: dict[Flow, Paragraph] = {}
        self._tables: list[Table] = []
        self._fields_outside: list[FieldStack] = []
        self._counts = {"text box": 0, "chart": 0, "diagram": 0}

    def close(self) -> None:
        """Bring out a last paragraph whose end mark was deleted."""
        while self._flows:
            self._end_flow()

    def lines(self) -> Iterator[Line]:
        """Give the lines that have been read, in reading order."""
        return flattened(self._lines)

    def _root(self, _attributes: Attributes) -> None:
        self.is_document = True

    def _foreign(self, message: str, _attributes: Attributes) -> None:
        if message not in self.unread:
            self.unread.append(message)

    def _end_flow(self) -> None:
        self._settle()
        self._flows.pop()

    # Paragraphs

    def _start_paragraph(self, _attributes: Attributes) -> None:
        flow = self._flows[-1]
        paragraph = Paragraph(self._styles.look(None), Line("paragraph", self._zone, [], flow))
        pending = self._pending.pop(flow, None)
        if pending is not None:
            paragraph.take(pending)
        elif self._fields.address is not None:
            paragraph.line.ops.append(Open(self._fields.address))
        self._paragraphs.append(paragraph)

    def _end_paragraph(self) -> None:
        paragraph = self._paragraphs.pop()
        if paragraph.mark_deleted:
            self._pending[self._flows[-1]] = paragraph
        else:
            self._emit(paragraph)

    def _settle(self) -> None:
        """End a paragraph whose end mark was deleted but which no other one continues."""
        pending = self._pending.pop(self._flows[-1], None)
        if pending is not None:
            self._emit(pending)

    def _emit(self, paragraph: Paragraph) -> None:
        flow = self._flows[-1]
        if flow.deleted or paragraph.is_empty():
            return
        line = paragraph.line
        line.kind, line.level = _kind(paragraph, in_cell=flow.table is not None)
        if paragraph.look.role == "nav" and self._zone == "content":
            line.zone = "nav"
        hidden = [
            Line("paragraph", "hidden", ops, flow, what="hidden text", beside=line)
            for ops in paragraph.hidden
        ]
        self._bring([line, *hidden, paragraph.after] if paragraph.after else [line, *hidden])

    def _bring(self, lines: Iterable[Nested]) -> None:
        """Add lines, or let them wait for the end of the paragraph around their text box."""
        (self._paragraphs[-1].after if self._paragraphs else self._lines).extend(lines)

    def _style(self, attributes: Attributes) -> None:
        style = attribute(attributes, "w:val")
        if style is not None and self._paragraphs:
            self._paragraphs[-1].look = self._styles.look(style)

    def _outline(self, attributes: Attributes) -> None:
        if self._paragraphs:
            self._paragraphs[-1].outline = number(attribute(attributes, "w:val"))

    def _number(self, attributes: Attributes) -> None:
        if self._paragraphs:
            self._paragraphs[-1].numbered = attribute(attributes, "w:val") != "0"

    def _depth(self, attributes: Attributes) -> None:
        if self._paragraphs:
            self._paragraphs[-1].depth = number(attribute(attributes, "w:val"))

    # Tracked deletions

    def _start_deletion(self, _attributes: Attributes) -> None:
        properties = self._properties
        if not properties:
            self.skip = 1
        elif properties[0] == "w:pPr" and self._paragraphs:
            self._paragraphs[-1].mark_deleted = True
        elif properties[0] == "w:trPr" and self._tables:
            self._tables[-1].row_deleted = True

    def _delete_cell(self, _attributes: Attributes) -> None:
        if self._flows[-1].table is not None:
            self._flows[-1].deleted = True

    # Tables

    def _start_table(self, _attributes: Attributes) -> None:
        self._settle()
        self._tables.append(Table(self._flows[-1], len(self._tables) + 1))

    def _end_table(self) -> None:
        self._tables.pop()

    def _start_row(self, _attributes: Attributes) -> None:
        if self._tables:
            table = self._tables[-1]
            table.row += 1
            table.cell = table.column = 0
            table.row_deleted = False

    def _end_row(self) -> None:
        if self._tables and self._tables[-1].row_deleted:
            self._tables[-1].row -= 1

    def _shift(self, attributes: Attributes) -> None:
        if self._tables:
            self._tables[-1].shift(number(attribute(attributes, "w:val")) or 0)

    def _start_cell(self, _attributes: Attributes) -> None:
        around = self._flows[-1]
        table = self._tables[-1] if self._tables else None
        if table is not None and table.row_deleted:
            self.skip = 1
            return
        name = around.name if table is None else table.next_cell()
        self._flows.append(Flow(name, table=table, note=around.note, deleted=around.deleted))

    def _span(self, attributes: Attributes) -> None:
        self._flows[-1].widen(number(attribute(attributes, "w:val")) or 1)

    def _end_cell(self) -> None:
        flow = self._flows[-1]
        if flow.table is not None:
            flow.table.column += flow.span
        self._end_flow()

    # Text boxes, notes, drawings

    def _start_box(self, _attributes: Attributes) -> None:
        around = self._flows[-1]
        name = self._base.inside(self._counted("text box"))
        self._flows.append(Flow(name, note=around.note, deleted=around.deleted))
        self._fields_outside.append(self._fields)
        self._fields = FieldStack()

    def _end_box(self) -> None:
        self._end_flow()
        self._fields = self._fields_outside.pop()

    def _counted(self, what: str) -> str:
        self._counts[what] += 1
        return f"{what} {self._counts[what]}"

    def _start_note(self, kind: str, attributes: Attributes) -> None:
        labels = self._notes.footnotes if kind == "footnote" else self._notes.endnotes
        label = labels.get(attribute(attributes, "w:id") or "")
        if label is None:
            self.skip = 1  # a separator line, or a note whose mark was deleted
            return
        name = f"footnote {label}" if kind == "footnote" else label
        self._base = Flow(name, note=label)
        self._flows.append(self._base)

    def _draw(self, kind: str, key: str, attributes: Attributes) -> None:
        relationship = self._relationships.get(attribute(attributes, key) or "")
        if relationship is None or self._flows[-1].deleted:
            return
        flow = Flow(self._base.inside(self._counted(kind)))
        for text in self._drawn(relationship):
            self._bring([Line("paragraph", self._zone, [text], flow)])

    # Sections

    def _start_section(self, _attributes: Attributes) -> None:
        self.sections.append(Section())

    def _margin(self, kind: str, attributes: Attributes) -> None:
        key = attribute(attributes, "r:id")
        if self.sections and key is not None:
            page = attribute(attributes, "w:type") or "default"
            self.sections[-1].parts.append((kind, page, key))

    def _first_page(self, attributes: Attributes) -> None:
        if self.sections and switched_on(attributes):
            self.sections[-1].has_first_page = True


def _kind(paragraph: Paragraph, *, in_cell: bool) -> tuple[BlockKind, int]:
    """Decide what a paragraph is, and its level."""
    look = paragraph.look
    level = _heading_level(paragraph.outline, look)
    if level:
        return "heading", level
    listed = look.role == "item" if look.numbered is None else look.numbered
    if listed if paragraph.numbered is None else paragraph.numbered:
        depth = look.depth if paragraph.depth is None else paragraph.depth
        return "item", max((depth or 0) + 1, look.level if look.role == "item" else 1)
    if in_cell:
        return "cell", 0
    return ("quote" if look.role == "quote" else "paragraph"), 0


def _heading_level(outline: int | None, look: Look) -> int:
    """Give a heading's level, or 0; the paragraph's own outline level goes before its style."""
    if outline is None:
        if look.role == "heading":
            return look.level
        outline = look.outline
    if outline is None or outline >= BODY_TEXT:
        return 0
    return min(outline + 1, _DEEPEST_HEADING)
