"""Make the bytes of .docx files for tests, part by part."""

from __future__ import annotations

from html import escape
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx

TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PREFIXES = {
    "r": _RELATIONS,
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "v": "urn:schemas-microsoft-com:vml",
}
_STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Kop1"><w:name w:val="heading 1"/>
  <w:basedOn w:val="Normal"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="ClinicHead"><w:name w:val="Clinic Head"/>
  <w:basedOn w:val="Kop1"/></w:style>
<w:style w:type="paragraph" w:styleId="Flat"><w:name w:val="Flat"/><w:basedOn w:val="Kop1"/>
  <w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Deep"><w:name w:val="Deep"/>
  <w:pPr><w:outlineLvl w:val="7"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Bullets"><w:name w:val="Bullets"/>
  <w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="4"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Citaat"><w:name w:val="Intense Quote"/></w:style>
<w:style w:type="paragraph" w:styleId="Inhopg1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="character" w:styleId="Secret"><w:name w:val="Secret"/>
  <w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Raised"><w:name w:val="Raised"/>
  <w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Struck"><w:name w:val="Struck"/>
  <w:rPr><w:strike/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Loop"><w:name w:val="Loop"/>
  <w:basedOn w:val="Pool"/></w:style>
<w:style w:type="paragraph" w:styleId="Pool"><w:name w:val="Pool"/>
  <w:basedOn w:val="Loop"/></w:style>
"""


def t(text: str) -> str:
    """A text element."""
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>'


def r(text: str, properties: str = "") -> str:
    """A run of text."""
    return (
        f"<w:r><w:rPr>{properties}</w:rPr>{t(text)}</w:r>"
        if properties
        else f"<w:r>{t(text)}</w:r>"
    )


def p(content: str, properties: str = "") -> str:
    """A paragraph of runs, or of plain text."""
    inner = content if content.startswith("<") else r(content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>" if properties else f"<w:p>{inner}</w:p>"


def styled(style: str, text: str) -> str:
    """A paragraph in a style."""
    return p(text, f'<w:pStyle w:val="{style}"/>')


def item(text: str, level: int = 1) -> str:
    """A list item."""
    return p(text, f'<w:numPr><w:ilvl w:val="{level - 1}"/><w:numId w:val="2"/></w:numPr>')


def tc(content: str, properties: str = "") -> str:
    """A table cell."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    """A table row."""
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    """A table."""
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def box(content: str) -> str:
    """A run with a text box as Word writes it: once for new versions and once for old ones."""
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline>'
        f"<wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx></wp:inline></w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>{content}"
        "</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def picture(alternative: str) -> str:
    """A run with a picture."""
    words = escape(alternative)
    shown = f'<wp:inline><wp:docPr id="1" descr="{words}"/></wp:inline>'
    return f"<w:r><w:drawing>{shown}</w:drawing></w:r>"


def field(instruction: str, *content: str) -> str:
    """The runs of a complex field."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    code = f"<w:r><w:instrText>{escape(instruction)}</w:instrText></w:r>"
    return mark("begin") + code + mark("separate") + "".join(content) + mark("end")


class DocxBuilder:
    """Collects the parts of a file; attributes may be changed before `data`."""

    def __init__(self, *body: str, namespace: str = TRANSITIONAL) -> None:
        self.body = list(body)
        self.namespace = namespace
        self.parts: dict[str, str | bytes] = {}
        self.relations: dict[str, list[tuple[str, str, str, bool]]] = {}
        self.part("styles", "styles", "styles", _STYLES)

    def relate(
        self, kind: str, target: str, *, external: bool = False, of: str = "document"
    ) -> str:
        """Let a part refer to a target, and give the relationship's id."""
        found = self.relations.setdefault(of, [])
        key = f"rId{len(found) + 1}"
        found.append((key, kind, target, external))
        return key

    def part(self, kind: str, root: str, name: str, content: str) -> str:
        """Add a part of WordprocessingML that the document refers to, and give its id."""
        self.parts[f"word/{name}.xml"] = self._xml(root, content)
        return self.relate(kind, f"{name}.xml")

    def margin(self, kind: str, content: str, page: str = "default") -> str:
        """Add a header or footer, and give the reference for the section's properties."""
        name = f"{kind}{len(self.parts)}"
        key = self.part(kind, "hdr" if kind == "header" else "ftr", name, content)
        return f'<w:{kind}Reference w:type="{page}" r:id="{key}"/>'

    def notes(self, kind: str, notes: dict[int, str]) -> None:
        """Add footnotes or endnotes by id."""
        content = "".join(
            f'<w:{kind} w:id="{key}"><w:p><w:r><w:{kind}Ref/></w:r>{r(text)}</w:p></w:{kind}>'
            for key, text in notes.items()
        )
        separator = f'<w:{kind} w:type="separator" w:id="-1">{p("never")}</w:{kind}>'
        self.part(f"{kind}s", f"{kind}s", f"{kind}s", separator + content)

    def properties(self, **values: str) -> None:
        """Add document properties of Dublin Core."""
        content = "".join(f"<dc:{key}>{escape(value)}</dc:{key}>" for key, value in values.items())
        self.parts["docProps/core.xml"] = (
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/">{content}</cp:coreProperties>'
        )

    def files(self) -> dict[str, str | bytes]:
        """All parts by name."""
        document = self._xml("document", f"<w:body>{''.join(self.body)}</w:body>")
        return {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
            "_rels/.rels": self._rels([("rId1", "officeDocument", "word/document.xml", False)]),
            "word/document.xml": document,
            **{
                f"word/_rels/{part}.xml.rels": self._rels(found)
                for part, found in self.relations.items()
            },
            **self.parts,
        }

    def data(self) -> bytes:
        """The bytes of the file."""
        return zipped(self.files())

    def _xml(self, root: str, content: str) -> str:
        names = {**_PREFIXES, "w": self.namespace}
        if self.namespace == STRICT:
            names["r"] = _STRICT_RELATIONS
        spaces = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in names.items())
        return f"<?xml version='1.0' encoding='UTF-8'?><w:{root} {spaces}>{content}</w:{root}>"

    def _rels(self, found: list[tuple[str, str, str, bool]]) -> str:
        base = _STRICT_RELATIONS if self.namespace == STRICT else _RELATIONS
        content = "".join(
            f'<Relationship Id="{key}" Type="{base}/{kind}" Target="{escape(target)}"'
            + (' TargetMode="External"/>' if external else "/>")
            for key, kind, target, external in found
        )
        return f'<Relationships xmlns="{_PACKAGE}/relationships">{content}</Relationships>'


def zipped(files: dict[str, str | bytes]) -> bytes:
    """A zip of these files."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def everything() -> DocxBuilder:
    """A file that has a little of all that the reader knows."""
    builder = DocxBuilder()
    away = builder.relate("hyperlink", "https://example.org/trial", external=True)
    mark = '<w:r><w:{}Reference w:id="{}"/></w:r>'.format
    builder.body = [
        styled("Kop1", "Knee care"),
        f"<w:p>{r('We c')}{r('ur', '<w:b/>')}{r('e pain.')}{mark('footnote', 1)}</w:p>",
        p("Patients may experience:"),
        item("less pain"),
        item("at night", 2),
        p("•\tbetter sleep"),
        styled("Citaat", "It \u201cchanged\u201d my\u00a0week."),
        tbl(
            tr(tc(p("Service")), tc(p("Aim"), '<w:gridSpan w:val="2"/>')),
            tr(tc(p("Massage") + tbl(tr(tc(p("inner"))))), tc(p("Com\u00adfort"))),
        ),
        f"<w:p>{r('around ')}{box(p('boxed') + p('twice'))}{picture('A knee')}</w:p>",
        f'<w:p>{r("See ")}<w:hyperlink r:id="{away}">{r("the trial")}</w:hyperlink></w:p>',
        "<w:p>" + field(' HYPERLINK "https://example.org" ', r("or this")) + r(" one") + "</w:p>",
        f"<w:p><w:del>{r('never ')}</w:del><w:ins>{r('once ')}</w:ins>{r('more')}</w:p>",
        p("joined ", "<w:rPr><w:del/></w:rPr>"),
        f"<w:p>{r('up ')}{r('not seen', '<w:vanish/>')}{mark('endnote', 1)}</w:p>",
        f"<w:p><w:r>{t('one')}<w:br/><w:br/>{t('two')}<w:tab/>{t('three')}</w:r></w:p>",
        f"<w:sdt><w:sdtContent>{p('control')}</w:sdtContent></w:sdt>",
    ]
    builder.notes("footnote", {1: "A trial of 30 people."})
    builder.notes("endnote", {1: "A letter."})
    margins = builder.margin("header", p("Harbour Clinic")) + builder.margin(
        "footer", p("Results may vary.")
    )
    builder.body.append(f"<w:sectPr>{margins}</w:sectPr>")
    builder.properties(title="Knee care", subject="Pain", creator="A. Writer")
    return builder


def from_library() -> bytes:
    """A file as python-docx writes it: headings, lists, a table, a header and a footer."""
    document = docx.Document()
    document.core_properties.title = "Knee pain"
    document.add_heading("Our programme", 0)
    document.add_heading("Disc care", 2)
    paragraph = document.add_paragraph("This plan ")
    paragraph.add_run("can").bold = True
    paragraph.add_run(" ease stiffness")
    document.add_paragraph("You may notice:")
    document.add_paragraph("less swelling", style="List Bullet")
    document.add_paragraph("at rest", style="List Bullet 2")
    document.add_paragraph("better sleep", style="List Number")
    document.add_paragraph("It changed my week.", style="Quote")
    table = document.add_table(2, 2)
    for number, words in enumerate(("Service", "Aim", "Massage", "Comfort")):
        table.cell(number // 2, number % 2).text = words
    document.sections[0].header.paragraphs[0].text = "Harbour Clinic"
    document.sections[0].footer.paragraphs[0].text = "Results may vary."
    out = BytesIO()
    document.save(out)
    return out.getvalue()
