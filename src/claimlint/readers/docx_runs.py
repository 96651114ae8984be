"""What stands inside a paragraph of a .docx file: text, links, marks and pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from claimlint.model.document import Zone
from claimlint.readers.docx_fields import FieldStack, link_address
from claimlint.readers.docx_lines import (
    Break,
    Close,
    Flow,
    Held,
    Line,
    Nested,
    Op,
    Open,
    Raised,
    Reference,
)
from claimlint.readers.docx_package import Attributes, Events, Relationship, attribute
from claimlint.readers.docx_styles import PLAIN, Look, StyleSheet, set_above, switched_on
from claimlint.readers.docx_symbols import symbol

_CHARACTERS = {
    "w:tab": "\t",
    "w:ptab": "\t",
    "w:noBreakHyphen": "-",
    "w:softHyphen": "\u00ad",
}
_SKIPPED = ("w:delText", "w:delInstrText", "w:rPrChange", "w:rt")
_SHAPES = ("v:shape", "v:rect", "v:roundrect", "v:oval", "v:group", "v:image")


class Notes:
    """The labels of the notes that the body refers to, in the order of their marks."""

    def __init__(self) -> None:
        self.footnotes: dict[str, str] = {}
        self.endnotes: dict[str, str] = {}
        self._numbered = {"footnote": 0, "endnote": 0}

    def refer(self, kind: str, key: str, *, numbered: bool) -> str:
        """Give the label of the note with this id, which is its number where it has one."""
        labels = self.footnotes if kind == "footnote" else self.endnotes
        if key not in labels:
            self._numbered[kind] += numbered
            count = self._numbered[kind] if numbered else f"with its own mark ({key})"
            labels[key] = f"{count}" if kind == "footnote" else f"endnote {count}"
        return labels[key]


class Paragraph:
    """A paragraph that is being read."""

    __slots__ = (
        "after", "depth", "hidden", "line", "look", "mark_deleted", "numbered", "outline", "splits",
    )  # fmt: skip

    def __init__(self, look: Look, line: Line) -> None:
        self.look = look
        self.line = line
        self.hidden: list[list[Op]] = []
        self.after: list[Nested] = []
        self.outline: int | None = None
        self.numbered: bool | None = None
        self.depth: int | None = None
        self.mark_deleted = False
        self.splits = True  # whether hidden text begins anew

    def take(self, pending: Paragraph) -> None:
        """Begin with the text of a paragraph whose end mark was deleted."""
        self.line = pending.line
        self.hidden = pending.hidden
        self.after = pending.after

    def is_empty(self) -> bool:
        """Say whether nothing at all stands in the paragraph."""
        return not (self.line.ops or self.hidden or self.after)

    def write(self, op: Op, *, hidden: bool) -> None:
        """Add what comes next."""
        if not hidden:
            self.line.ops.append(op)
            self.splits = self.splits or not isinstance(op, Open | Close)
            return
        if self.splits:
            self.hidden.append([])
            self.splits = False
        self.hidden[-1].append(op)


class RunEvents(Events):
    """Reads runs into the innermost open paragraph; what holds the paragraphs is the subclass's."""

    def __init__(
        self,
        starts: Mapping[str, Callable[[Attributes], None]],
        ends: Mapping[str, Callable[[], None]],
        *,
        name: str,
        zone: Zone,
        styles: StyleSheet,
        relationships: Mapping[str, Relationship],
        notes: Notes,
    ) -> None:
        super().__init__(
            {
                **{name: partial(self._character, text) for name, text in _CHARACTERS.items()},
                "w:br": self._break,
                "w:cr": self._break,
                **dict.fromkeys(_SKIPPED, self._start_skipped),
                **dict.fromkeys(_SHAPES, self._shape),
                "w:r": self._start_run,
                "w:rPr": partial(self._start_properties, "w:rPr"),
                "w:rStyle": self._run_style,
                "w:vanish": self._vanish,
                "w:vertAlign": self._align,
                "w:strike": self._strike,
                "w:dstrike": self._strike_twice,
                "w:t": self.listen,
                "m:t": self.listen,
                "w:sym": self._symbol,
                "w:fldChar": self._field_character,
                "w:fldSimple": self._start_simple_field,
                "w:instrText": self.listen,
                "w:hyperlink": self._start_link,
                "w:footnoteReference": partial(self._reference, "footnote"),
                "w:endnoteReference": partial(self._reference, "endnote"),
                "wp:docPr": self._picture,
                "v:textpath": self._word_art,
                "mc:AlternateContent": self._start_alternatives,
                "mc:Choice": self._start_alternative,
                "mc:Fallback": self._start_alternative,
                **starts,
            },
            {
                "w:r": self._end_run,
                "w:rPr": self._end_properties,
                "w:t": self._end_text,
                "m:t": self._end_text,
                "w:instrText": self._end_instruction,
                "w:fldSimple": self._end_link,
                "w:hyperlink": self._end_link,
                "mc:AlternateContent": self._end_alternatives,
                **ends,
            },
        )
        self._zone = zone
        self._styles = styles
        self._relationships = relationships
        self._notes = notes
        self._flows = [Flow(name)]
        self._paragraphs: list[Paragraph] = []
        self._properties: list[str] = []
        self._fields = FieldStack()
        self._runs: list[Look] = []
        self._linked: list[bool] = []
        self._chosen: list[bool] = []

    def _start_skipped(self, _attributes: Attributes) -> None:
        self.skip = 1

    def _start_properties(self, name: str, _attributes: Attributes) -> None:
        self._properties.append(name)

    def _end_properties(self) -> None:
        self._properties.pop()

    # Runs of text

    def _start_run(self, _attributes: Attributes) -> None:
        paragraph = self._paragraphs[-1] if self._paragraphs else None
        self._runs.append(paragraph.look if paragraph else PLAIN)

    def _end_run(self) -> None:
        self._runs.pop()

    def _run_style(self, attributes: Attributes) -> None:
        style = attribute(attributes, "w:val")
        if style is not None and self._describes_run():
            self._runs[-1] = self._styles.look(style).over(self._runs[-1])

    def _vanish(self, attributes: Attributes) -> None:
        if self._describes_run():
            self._runs[-1] = self._run._replace(hidden=switched_on(attributes))

    def _align(self, attributes: Attributes) -> None:
        if self._describes_run():
            self._runs[-1] = self._run._replace(raised=set_above(attributes))

    def _strike(self, attributes: Attributes) -> None:
        if self._describes_run():
            self._runs[-1] = self._run._replace(struck=switched_on(attributes))

    def _strike_twice(self, attributes: Attributes) -> None:
        if switched_on(attributes):  # else the single stroke, which stands before it, tells
            self._strike(attributes)

    def _describes_run(self) -> bool:
        """Whether properties are those of a run and not of a paragraph's end mark."""
        return self._properties == ["w:rPr"] and bool(self._runs)

    @property
    def _run(self) -> Look:
        """How the run looks that is being read."""
        return self._runs[-1] if self._runs else PLAIN

    def _write(self, op: Op) -> None:
        if self._paragraphs:
            self._paragraphs[-1].write(op, hidden=bool(self._run.hidden))

    def _write_text(self, text: str) -> None:
        """Add text; what is struck out is deleted."""
        field = self._fields.coded
        if self._run.struck:
            return
        if field is not None:
            self._write(Held(field, text))
        else:
            self._write(Raised(text) if self._run.raised else text)

    def _end_text(self) -> None:
        # White space at the ends counts even without xml:space="preserve": Word would drop it and
        # glue two words together, which no writer means.
        self._write_text(self.heard())

    def _character(self, text: str, _attributes: Attributes) -> None:
        if not self._properties:  # a w:tab in w:pPr is a tab stop
            self._write_text(text)

    def _break(self, attributes: Attributes) -> None:
        field = self._fields.coded
        # The end of a page or column is more than that of a line.
        times = 1 if attribute(attributes, "w:type") in {None, "textWrapping"} else 2
        for _ in range(times):
            self._write(Break() if field is None else Held(field, " "))

    def _symbol(self, attributes: Attributes) -> None:
        self._write_text(symbol(attribute(attributes, "w:font"), attribute(attributes, "w:char")))

    def _reference(self, kind: str, attributes: Attributes) -> None:
        key = attribute(attributes, "w:id")
        if key is None or not self._paragraphs:
            return
        own = attribute(attributes, "w:customMarkFollows") in {"1", "true", "on"}
        self._write(Reference(self._notes.refer(kind, key, numbered=not own)))

    # Fields and links

    def _field_character(self, attributes: Attributes) -> None:
        kind = attribute(attributes, "w:fldCharType")
        if kind == "begin":
            self._fields.begin()
        elif kind == "separate":
            address = self._fields.separate()
            if address is not None:
                self._write(Open(address))
        elif kind == "end" and self._fields.end():
            self._write(Close())

    def _end_instruction(self) -> None:
        self._fields.instruct(self.heard())

    def _start_simple_field(self, attributes: Attributes) -> None:
        self._open_link(link_address(attribute(attributes, "w:instr") or ""))

    def _start_link(self, attributes: Attributes) -> None:
        relationship = self._relationships.get(attribute(attributes, "r:id") or "")
        anchor = attribute(attributes, "w:anchor")
        address = relationship.target if relationship else ""
        self._open_link(f"{address}#{anchor}" if anchor else address or None)

    def _open_link(self, address: str | None) -> None:
        self._linked.append(address is not None)
        if address is not None and self._paragraphs:
            self._paragraphs[-1].line.ops.append(Open(address))

    def _end_link(self) -> None:
        if self._linked.pop() and self._paragraphs:
            self._paragraphs[-1].line.ops.append(Close())

    # Pictures

    def _picture(self, attributes: Attributes) -> None:
        hidden = attributes.get("hidden") in {"1", "true"}
        words, title = attributes.get("descr"), attributes.get("title")
        self._describe(words, hidden=hidden)
        if title != words:
            self._describe(title, hidden=hidden)

    def _shape(self, attributes: Attributes) -> None:
        self._describe(attributes.get("alt"), hidden=False)

    def _word_art(self, attributes: Attributes) -> None:
        self._describe(attributes.get("string"), hidden=False)

    def _describe(self, words: str | None, *, hidden: bool) -> None:
        if not words or not self._paragraphs:
            return
        paragraph = self._paragraphs[-1]
        text = words.replace("\r", " ").replace("\n", " ")
        zone: Zone = "hidden" if hidden else self._zone
        paragraph.after.append(
            Line("alt", zone, [text], self._flows[-1], what="picture", beside=paragraph.line)
        )

    # The same content for several versions of Word

    def _start_alternatives(self, _attributes: Attributes) -> None:
        self._chosen.append(False)

    def _start_alternative(self, _attributes: Attributes) -> None:
        if not self._chosen or self._chosen[-1]:
            self.skip = 1
        else:
            self._chosen[-1] = True

    def _end_alternatives(self) -> None:
        self._chosen.pop()
