"""Generated Word drafts: split runs, links, insertions, nested tables, notes, margins, text boxes."""

from __future__ import annotations

import random
from html import escape

from tests.properties.content import Part, Saying, Shape
from tests.properties.sheet import Expected, Sheet, Wrap, Writer
from tests.readers.docx_builder import DocxBuilder, box, field, item, p, picture, tbl, tc, tr

SHAPES: tuple[Shape, ...] = (
    "heading", "paragraph", "paragraph", "items", "quote", "table", "note", "alt", "hidden",
    "margin", "box",
)  # fmt: skip
_SIGNS = {
    "'": ("'", "’", "\u02bc"),
    "’": ("’", "'"),
    "“": ("“", '"'),
    "”": ("”", '"'),
    "-": ("-", "\u2011", "<w:noBreakHyphen/>"),
}
_SPACES = ("  ", "\u00a0", "<w:tab/>", "<w:br/>", "\u2009", " \u00a0 ", "\t", "\n", "<w:cr/>")
_SHOWN = {"<w:tab/>": "\t", "<w:br/>": " ", "<w:cr/>": " ", "<w:noBreakHyphen/>": "-"}
_UNSEEN = ("\u00ad", "<w:softHyphen/>", "\u200b")
_APART = (
    "", "<w:proofErr w:type='spellStart'/>", "<w:bookmarkStart w:id='0'/>",
    "<w:del w:id='1'><w:r><w:delText>gone</w:delText></w:r></w:del>",
    "<w:r><w:lastRenderedPageBreak/></w:r>",
)  # fmt: skip
_WRAPS = (
    Wrap("<w:hyperlink w:anchor='a'>", "</w:hyperlink>"),
    Wrap("<w:ins w:id='2' w:author='A'>", "</w:ins>"),
    Wrap("<w:smartTag w:element='x'>", "</w:smartTag>"),
    Wrap("<w:sdt><w:sdtPr/><w:sdtContent>", "</w:sdtContent></w:sdt>"),
    Wrap("<w:fldSimple w:instr='HYPERLINK &quot;https://x.example&quot;'>", "</w:fldSimple>"),
    Wrap(*field('HYPERLINK "https://x.example"', "|").split("|")),
)


class RunWriter(Writer):
    """Writes sentences as the runs of one paragraph; the sheet holds its linear text."""

    wraps = _WRAPS

    def __init__(self, rng: random.Random, *, properties: str = "") -> None:
        super().__init__(rng, Sheet())
        self._xml: list[str] = []
        self._run: list[str] = []
        self._fixed = properties

    @property
    def xml(self) -> str:
        """The runs."""
        self._cut()
        return "".join(self._xml)

    def _cut(self) -> None:
        """End the run; the next has other properties."""
        if self._run:
            look = self.rng.choice(("", "<w:b/>", "<w:i/><w:color w:val='FF0000'/>"))
            content = "".join(self._run)
            self._xml.append(f"<w:r><w:rPr>{self._fixed}{look}</w:rPr>{content}</w:r>")
            self._run.clear()

    def _put(self, source: str) -> str:
        """Write text or an element into the run and give what the linear text has for it."""
        if source.startswith("<w:"):
            self._run.append(source)
            return _SHOWN.get(source, "\u00ad")
        self._run.append(f'<w:t xml:space="preserve">{escape(source)}</w:t>')
        return source.replace("\n", " ")

    def open(self, wrap: Wrap) -> None:
        self._cut()
        self._xml.append(wrap.opening)

    def close(self, wrap: Wrap) -> None:
        self._cut()
        self._xml.append(wrap.closing)

    def sign(self, sign: str) -> None:
        if self.chance(0.03):
            self._cut()
            self._xml.append(self.rng.choice(_APART))
        self.sheet.show(self._put(sign))

    def dress(self, sign: str, following: str) -> None:
        ways = _SIGNS.get(sign)
        if ways is None:
            self.sign(sign)
        else:
            self.sheet.show(self._put(self.rng.choice(ways)))

    def space(self, before: str, following: str) -> None:
        source = self.rng.choice(_SPACES) if self.chance() else " "
        self.sheet.show(self._put(source))

    def between(self) -> None:
        self.sheet.skip(self._put(self.rng.choice(_UNSEEN)))


def write(rng: random.Random, parts: list[Part]) -> tuple[bytes, str, tuple[Expected, ...]]:
    """Write a whole file; give its bytes, its linear text and what must be found."""
    return _File(rng).written(parts)


class _File:
    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._builder = DocxBuilder()
        # The linear text: headers, the body, notes, footers, properties.
        self._headers: list[Sheet] = []
        self._body: list[Sheet] = []
        self._notes: list[Sheet] = []
        self._footers: list[Sheet] = []
        self._properties: list[Sheet] = []
        self._note_xml: dict[int, str] = {}
        self._margins: list[str] = []

    def written(self, parts: list[Part]) -> tuple[bytes, str, tuple[Expected, ...]]:
        for part in parts:
            _SHAPES[part.shape](self, part)
        builder = self._builder
        if self._note_xml:
            notes = "".join(
                f'<w:footnote w:id="{key}">{xml}</w:footnote>'
                for key, xml in self._note_xml.items()
            )
            builder.part("footnotes", "footnotes", "footnotes", notes)
        builder.body.append(f"<w:sectPr>{''.join(self._margins)}</w:sectPr>")
        sheets = [
            *self._headers, *self._body, *self._notes, *self._footers, *self._properties,
        ]  # fmt: skip
        expected: list[Expected] = []
        at = 0
        for sheet in sheets:
            expected += sheet.expected(at)
            at += sheet.length + 1
        expected.sort(key=lambda one: (one.start, one.end))
        return builder.data(), "\n".join(sheet.text for sheet in sheets), tuple(expected)

    def _runs(
        self, sayings: tuple[Saying, ...], sheets: list[Sheet], *, properties: str = ""
    ) -> str:
        writer = RunWriter(self._rng, properties=properties)
        writer.prose(sayings)
        sheets.append(writer.sheet)
        return writer.xml

    def _heading(self, part: Part) -> None:
        style = self._rng.choice(("Kop1", "ClinicHead"))
        self._builder.body.append(
            p(self._runs(part.texts[0], self._body), f'<w:pStyle w:val="{style}"/>')
        )

    def _paragraph(self, part: Part) -> None:
        self._builder.body.append(p(self._runs(part.texts[0], self._body)))

    def _items(self, part: Part) -> None:
        self._builder.body.append(p(self._runs(part.lead, self._body)))
        for text in part.texts:
            around, end = item("|").split("<w:r>")[0], "</w:p>"
            self._builder.body.append(around + self._runs(text, self._body) + end)

    def _quote(self, part: Part) -> None:
        self._builder.body.append(
            p(self._runs(part.texts[0], self._body), '<w:pStyle w:val="Citaat"/>')
        )

    def _table(self, part: Part) -> None:
        cells = [tc(p(self._runs(text, self._body))) for text in part.texts]
        rows = [
            tr(*cells[first : first + part.columns]) for first in range(0, len(cells), part.columns)
        ]
        table = tbl(*rows)
        if self._rng.random() < 0.3:
            table = tbl(tr(tc(table + "<w:p/>")))
        self._builder.body.append(table)

    def _note(self, part: Part) -> None:
        key = len(self._note_xml) + 1
        runs = self._runs(part.texts[0], self._body)
        mark = f'<w:r><w:footnoteReference w:id="{key}"/></w:r>'
        self._builder.body.append(p(runs + mark))
        self._note_xml[key] = p(self._runs(part.texts[1], self._notes))

    def _alt(self, part: Part) -> None:
        text = " ".join(saying.text for saying in part.texts[0])
        sheet = Sheet()
        Writer(self._rng, sheet).prose(part.texts[0])
        self._body.append(sheet)
        self._builder.body.append(p(picture(text)))

    def _hidden(self, part: Part) -> None:
        runs = self._runs(part.texts[0], self._body, properties="<w:vanish/>")
        self._builder.body.append(p(runs))

    def _margin(self, part: Part) -> None:
        kind = "footer" if self._footers or self._rng.random() < 0.5 else "header"
        if self._footers or self._headers:
            self._paragraph(part)
            return
        sheets = self._footers if kind == "footer" else self._headers
        self._margins.append(self._builder.margin(kind, p(self._runs(part.texts[0], sheets))))

    def _box(self, part: Part) -> None:
        self._builder.body.append(p(box(p(self._runs(part.texts[0], self._body)))))

    def _title(self, part: Part) -> None:
        if self._properties:
            return
        sheet = Sheet()
        Writer(self._rng, sheet).prose(part.texts[0])
        self._properties.append(sheet)
        self._builder.properties(title=sheet.text)


_SHAPES = {
    "heading": _File._heading,
    "paragraph": _File._paragraph,
    "items": _File._items,
    "quote": _File._quote,
    "table": _File._table,
    "note": _File._note,
    "alt": _File._alt,
    "hidden": _File._hidden,
    "margin": _File._margin,
    "box": _File._box,
    "title": _File._title,
}
