"""What a person sees in a Word document is what the reader yields, at its place."""

from __future__ import annotations

import hashlib
import sys

import pytest
from tests.readers.docx_builder import (
    STRICT,
    DocxBuilder,
    box,
    field,
    from_library,
    item,
    p,
    picture,
    r,
    styled,
    t,
    tbl,
    tc,
    tr,
    zipped,
)

from claimlint.errors import UsageError
from claimlint.model.document import Block, Document
from claimlint.readers.docx import read_docx


def read(*body: str) -> Document:
    return read_docx(DocxBuilder(*body).data(), "draft.docx")


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def block(document: Document, text: str) -> Block:
    """The only block with this prose."""
    (found,) = [one for one in document.blocks if one.text == text]
    return found


def place(document: Document, text: str) -> str | None:
    return document.source.position(block(document, text).span.start).place


def lead(document: Document, text: str) -> str | None:
    number = block(document, text).lead_in
    return None if number is None else document.blocks[number].text


def header(document: Document, text: str) -> str | None:
    number = block(document, text).header
    return None if number is None else document.blocks[number].text


def in_draft(content: str) -> str:
    return f"<w:p>{content}</w:p>"


# The linear text


def test_blocks_stand_on_lines_of_their_own() -> None:
    document = read(p("One."), p(""), p("  "), p("Two."))
    assert document.source.text == "One.\nTwo."
    assert document.format == "docx"
    assert document.gaps == ()


def test_the_hash_is_that_of_the_bytes() -> None:
    data = DocxBuilder(p("One.")).data()
    source = read_docx(data, "a b.docx").source
    assert source.sha256 == hashlib.sha256(data).hexdigest()
    assert source.name == "a b.docx"


def test_a_word_split_over_runs_is_one_word() -> None:
    document = read(
        in_draft(r("We c") + r("ur", "<w:b/>") + r("e pain") + "<w:proofErr/>" + r("."))
    )
    found = block(document, "We cure pain.")
    start = found.text.index("cure")
    span = found.map.span(start, start + 4)
    assert document.source.slice(span) == "cure"


def test_a_line_is_a_paragraph_whatever_breaks_it() -> None:
    document = read(
        p("before"),
        in_draft(f"<w:r>{t('a')}<w:br/>{t('b')}<w:cr/>{t('c')}<w:tab/>{t('d')}</w:r>"),
        in_draft("<w:r><w:t>e\nf\r\ng\u2028h</w:t></w:r>"),
        p("after"),
    )
    assert texts(document) == ["before", "a b c d", "e f g h", "after"]
    assert document.source.text.count("\n") == 3
    assert document.source.position(block(document, "after").span.start).line == 4


def test_a_tab_stop_is_no_tab() -> None:
    document = read(p("plain", '<w:tabs><w:tab w:val="left" w:pos="720"/></w:tabs>'))
    assert document.source.text == "plain"


def test_special_characters() -> None:
    document = read(
        in_draft(
            f"<w:r>{t('non')}<w:noBreakHyphen/>{t('drug guaran')}<w:softHyphen/>{t('teed TGF-')}"
            '<w:sym w:font="Symbol" w:char="F062"/><w:sym w:font="Odd" w:char="F0EE"/></w:r>'
        ),
    )
    assert texts(document) == ["non-drug guaranteed TGF-β"]
    assert document.source.text == "non-drug guaran\u00adteed TGF-β "


def test_paragraphs_are_counted_as_a_person_counts_them() -> None:
    document = read(p("one"), p(""), tbl(tr(tc(p("cell")))), item("two"), p("three"))
    assert [place(document, text) for text in ("one", "cell", "two", "three")] == [
        "paragraph 1",
        "table 1, row 1, cell 1",
        "paragraph 2",
        "paragraph 3",
    ]


def test_a_file_of_python_docx() -> None:
    document = read_docx(from_library(), "draft.docx")
    assert [(one.kind, one.zone, one.level, one.text) for one in document.blocks] == [
        ("paragraph", "header", 0, "Harbour Clinic"),
        ("heading", "content", 1, "Our programme"),
        ("heading", "content", 2, "Disc care"),
        ("paragraph", "content", 0, "This plan can ease stiffness"),
        ("paragraph", "content", 0, "You may notice:"),
        ("item", "content", 1, "less swelling"),
        ("item", "content", 2, "at rest"),
        ("item", "content", 1, "better sleep"),
        ("quote", "content", 0, "It changed my week."),
        ("cell", "content", 0, "Service"),
        ("cell", "content", 0, "Aim"),
        ("cell", "content", 0, "Massage"),
        ("cell", "content", 0, "Comfort"),
        ("paragraph", "footer", 0, "Results may vary."),
        ("metadata", "content", 0, "Knee pain"),
    ]
    assert lead(document, "better sleep") == "You may notice:"
    assert lead(document, "at rest") == "less swelling"
    assert header(document, "Comfort") == "Aim"


def test_a_strict_document_is_read_like_any_other() -> None:
    body = (styled("Kop1", "Heading"), item("point"), in_draft(box(p("boxed"))))
    builder = DocxBuilder(*body, namespace=STRICT)
    builder.body.append(f"<w:sectPr>{builder.margin('footer', p('Foot'))}</w:sectPr>")
    strict = read_docx(builder.data(), "draft.docx")
    assert [(one.kind, one.zone, one.text) for one in strict.blocks] == [
        ("heading", "content", "Heading"),
        ("item", "content", "point"),
        ("paragraph", "content", "boxed"),
        ("paragraph", "footer", "Foot"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_parts_may_be_written_in_any_encoding_of_xml(encoding: str) -> None:
    files = DocxBuilder(p("Café care")).files()
    name = encoding.removesuffix("-sig")
    document = str(files["word/document.xml"]).replace("UTF-8", name)
    files["word/document.xml"] = document.encode(encoding)
    assert texts(read_docx(zipped(files), "draft.docx")) == ["Café care"]


def test_separators_of_windows_and_any_case_are_understood() -> None:
    files = DocxBuilder(styled("Kop1", "Head")).files()
    odd = {name.replace("/", "\\").upper(): content for name, content in files.items()}
    (found,) = read_docx(zipped(odd), "draft.docx").blocks
    assert (found.kind, found.text) == ("heading", "Head")


def test_a_document_with_macros_is_read_like_any_other() -> None:
    builder = DocxBuilder(p("One."))
    builder.parts["word/vbaProject.bin"] = b"\xd0\xcf\x11\xe0"
    builder.relate("vbaProject", "vbaProject.bin")
    assert texts(read_docx(builder.data(), "draft.docx")) == ["One."]


# Kinds


@pytest.mark.parametrize(
    ("style", "kind", "level"),
    [
        ("Kop1", "heading", 1),
        ("ClinicHead", "heading", 1),
        ("Flat", "paragraph", 0),
        ("Deep", "heading", 6),
        ("Bullets", "item", 2),
        ("Citaat", "quote", 0),
        ("Loop", "paragraph", 0),
        ("Heading3", "heading", 3),  # not in the styles part: other programs leave it out
        ("ListBullet2", "item", 2),
        ("Unknown", "paragraph", 0),
    ],
)
def test_styles_make_kinds(style: str, kind: str, level: int) -> None:
    found = block(read(styled(style, "words")), "words")
    assert (found.kind, found.level) == (kind, level)


def test_a_paragraph_goes_before_its_style() -> None:
    document = read(
        p("made one", '<w:outlineLvl w:val="1"/>'),
        p("no longer", '<w:pStyle w:val="Kop1"/><w:outlineLvl w:val="9"/>'),
        p("no item", '<w:pStyle w:val="Bullets"/><w:numPr><w:numId w:val="0"/></w:numPr>'),
    )
    assert [(one.kind, one.level) for one in document.blocks] == [
        ("heading", 2),
        ("paragraph", 0),
        ("paragraph", 0),
    ]


def test_a_table_of_contents_is_navigation() -> None:
    assert block(read(styled("Inhopg1", "Pain\t3")), "Pain 3").zone == "nav"


def test_items_know_what_introduces_them() -> None:
    document = read(
        p("Patients may experience:"),
        item("less pain"),
        item("at night", 2),
        item("in the morning", 2),
        item("better sleep"),
        p("And:"),
        item("comfort", 2),
    )
    assert lead(document, "less pain") == "Patients may experience:"
    assert lead(document, "at night") == "less pain"
    assert lead(document, "in the morning") == "less pain"
    assert lead(document, "better sleep") == "Patients may experience:"
    assert lead(document, "comfort") == "And:"


def test_a_typed_bullet_makes_an_item_and_is_no_prose() -> None:
    document = read(p("We offer:"), p("•\tless pain"), in_draft(r("✓ ") + r("better sleep")))
    assert [one.kind for one in document.blocks] == ["paragraph", "item", "item"]
    assert texts(document)[1:] == ["less pain", "better sleep"]
    assert lead(document, "better sleep") == "We offer:"
    assert document.source.slice(block(document, "less pain").span) == "•\tless pain"


# Tables


def test_cells_know_their_place_and_header() -> None:
    inner = tbl(tr(tc(p("inner"))))
    document = read(
        tbl(
            tr(tc(p("Service")), tc(p("Aim"), '<w:gridSpan w:val="2"/>')),
            tr(tc(p("Massage") + p("weekly")), tc(p("Comfort")), tc(inner + p("outer"))),
        ),
        tbl(tr(tc(p("second")))),
    )
    assert {one.kind for one in document.blocks} == {"cell"}
    assert header(document, "Service") is None
    assert header(document, "weekly") == "Service"
    assert header(document, "Comfort") == "Aim"
    assert header(document, "outer") == "Aim"
    assert place(document, "weekly") == "table 1, row 2, cell 1"
    assert place(document, "inner") == "table 1, row 2, cell 3, table 1, row 1, cell 1"
    assert place(document, "outer") == "table 1, row 2, cell 3"
    assert place(document, "second") == "table 2, row 1, cell 1"


def test_a_row_that_begins_late_keeps_its_columns() -> None:
    document = read(
        tbl(
            tr(tc(p("Service")), tc(p("Aim"))),
            tr(tc(p("Comfort")), properties='<w:gridBefore w:val="1"/>'),
        )
    )
    assert header(document, "Comfort") == "Aim"


def test_a_list_in_a_cell_stays_a_list() -> None:
    document = read(tbl(tr(tc(p("It helps with:") + item("sleep")))))
    assert block(document, "sleep").kind == "item"
    assert lead(document, "sleep") == "It helps with:"


# Other parts


def test_headers_and_footers_are_zones_and_come_once() -> None:
    builder = DocxBuilder()
    top, bottom = builder.margin("header", p("Top")), builder.margin("footer", p("Bottom"))
    builder.body = [
        p("one"),
        f"<w:p><w:pPr><w:sectPr>{top}{bottom}</w:sectPr></w:pPr></w:p>",
        p("two"),
        f"<w:sectPr>{top}{builder.margin('footer', p('Other'))}</w:sectPr>",
    ]
    document = read_docx(builder.data(), "draft.docx")
    assert texts(document) == ["Top", "one", "two", "Bottom", "Other"]
    assert block(document, "Top").zone == "header"
    assert block(document, "Bottom").zone == "footer"
    assert place(document, "Top") == "header of section 1"
    assert place(document, "Other") == "footer of section 2"


def test_a_footer_that_no_page_shows_is_hidden() -> None:
    builder = DocxBuilder(p("one"))
    first = builder.margin("footer", p("First"), "first")
    even = builder.margin("footer", p("Even"), "even")
    builder.body.append(f"<w:sectPr>{first}{even}</w:sectPr>")
    builder.part("settings", "settings", "settings", "")
    document = read_docx(builder.data(), "draft.docx")
    assert block(document, "First").zone == block(document, "Even").zone == "hidden"
    builder.body[-1] = f"<w:sectPr>{first}{even}<w:titlePg/></w:sectPr>"
    builder.part("settings", "settings", "settings", "<w:evenAndOddHeaders/>")
    document = read_docx(builder.data(), "draft.docx")
    assert block(document, "First").zone == block(document, "Even").zone == "footer"
    assert place(document, "First") == "first-page footer"


def test_notes_are_numbered_as_word_shows_them() -> None:
    reference = '<w:r><w:{}Reference w:id="{}"/></w:r>'.format
    builder = DocxBuilder(
        in_draft(r("It helps") + reference("footnote", 7) + r(".")),
        in_draft(r("So it seems.") + reference("footnote", 3) + reference("endnote", 2)),
    )
    builder.notes("footnote", {3: "A trial.", 5: "Removed.", 7: "A review."})
    builder.notes("endnote", {2: "A letter."})
    document = read_docx(builder.data(), "draft.docx")
    assert texts(document) == ["It helps.", "So it seems.", "A review.", "A trial.", "A letter."]
    assert [one.note for one in document.blocks] == [None, None, "1", "2", "endnote 1"]
    assert [(mark.index, mark.label) for mark in document.blocks[0].marks] == [(8, "1")]
    assert [mark.label for mark in document.blocks[1].marks] == ["2", "endnote 1"]
    assert place(document, "A trial.") == "footnote 2"
    assert place(document, "A letter.") == "endnote 1"


def test_a_note_with_its_own_mark_has_no_number() -> None:
    own = '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="1"/><w:t>*</w:t></w:r>'
    numbered = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    builder = DocxBuilder(in_draft(r("a") + own), in_draft(r("b") + numbered))
    builder.notes("footnote", {1: "Starred.", 2: "Numbered."})
    document = read_docx(builder.data(), "draft.docx")
    assert block(document, "Numbered.").note == "1"
    assert block(document, "Starred.").note == document.blocks[0].marks[0].label != "1"


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    document = read(
        in_draft(r("around ") + box(p("boxed") + tbl(tr(tc(p("in a table"))))) + r("it")),
        p("next"),
        in_draft(box(p("second"))),
    )
    assert texts(document) == ["around it", "boxed", "in a table", "next", "second"]
    assert place(document, "boxed") == "text box 1"
    assert place(document, "in a table") == "text box 1, table 1, row 1, cell 1"
    assert place(document, "next") == "paragraph 2"
    assert place(document, "second") == "text box 2"


def test_an_old_text_box_is_read_too() -> None:
    inner = f"<w:txbxContent>{p('old')}</w:txbxContent>"
    old = f"<w:r><w:pict><v:textbox>{inner}</v:textbox></w:pict></w:r>"
    assert texts(read(in_draft(old))) == ["old"]


def test_alternative_text_of_pictures() -> None:
    document = read(
        in_draft(picture("Logo")),
        in_draft(r("See: ") + picture("A knee\nthat is cured")),
        in_draft('<w:r><w:pict><v:shape alt="A spine"/></w:pict></w:r>'),
        in_draft('<w:r><w:pict><v:shape><v:textpath string="Heals"/></v:shape></w:pict></w:r>'),
        tbl(tr(tc(in_draft(picture("A hip"))))),
    )
    assert texts(document) == ["Logo", "See:", "A knee that is cured", "A spine", "Heals", "A hip"]
    assert block(document, "Logo").kind == "alt"
    assert place(document, "Logo") == "picture before paragraph 1"
    assert place(document, "A knee that is cured") == "paragraph 1, picture"
    assert place(document, "A spine") == "picture after paragraph 1"
    assert place(document, "A hip") == "table 1, row 1, cell 1, picture"


def test_a_picture_has_a_title_beside_its_description() -> None:
    shown = '<w:drawing><wp:docPr id="1" title="{}" descr="{}"/></w:drawing>'.format
    document = read(in_draft(f"<w:r>{shown('Scan', 'A knee')}{shown('Hip', 'Hip')}</w:r>"))
    assert texts(document) == ["A knee", "Scan", "Hip"]


def test_words_in_charts_and_diagrams() -> None:
    builder = DocxBuilder(p("before"))
    names = "<c:pt><c:v>Pain</c:v></c:pt><c:pt><c:v>Sleep</c:v></c:pt>"
    builder.parts["word/charts/chart1.xml"] = builder._xml(
        "chartSpace",
        "<c:title><a:p><a:r><a:t>Relief in </a:t></a:r><a:r><a:t>weeks</a:t></a:r></a:p></c:title>"
        f"<c:cat><c:strCache>{names}</c:strCache></c:cat><c:cat><c:strCache>{names}</c:strCache>"
        "</c:cat><c:numCache><c:pt><c:v>17</c:v></c:pt></c:numCache>",
    )
    builder.parts["word/diagrams/data1.xml"] = builder._xml(
        "model", "<dgm:t><a:p><a:r><a:t>Step one</a:t></a:r></a:p></dgm:t>"
    )
    chart = builder.relate("chart", "charts/chart1.xml")
    diagram = builder.relate("diagramData", "/word/diagrams/data1.xml")
    builder.body.append(
        in_draft(
            f'<w:r><c:chart r:id="{chart}"/><c:chart r:id="{chart}"/>'
            f'<dgm:relIds r:dm="{diagram}"/></w:r>'
        )
    )
    document = read_docx(builder.data(), "draft.docx")
    assert texts(document) == ["before", "Relief in weeks", "Pain", "Sleep", "Step one"]
    assert place(document, "Sleep") == "chart 1"
    assert place(document, "Step one") == "diagram 1"


def test_document_properties() -> None:
    builder = DocxBuilder(p("Words."))
    builder.properties(
        title="Knee care", subject="", description="About knees", creator="A. Writer"
    )
    document = read_docx(builder.data(), "draft.docx")
    assert document.metadata == (
        ("title", "Knee care"),
        ("description", "About knees"),
        ("author", "A. Writer"),
    )
    assert [(one.kind, one.key, one.text) for one in document.blocks[1:]] == [
        ("metadata", "title", "Knee care"),
        ("metadata", "description", "About knees"),
    ]
    assert place(document, "Knee care") == "document property title"


def test_stock_properties_are_no_words_of_the_draft() -> None:
    builder = DocxBuilder(p("Words."))
    builder.properties(title="Word Document", description="generated by python-docx")
    document = read_docx(builder.data(), "draft.docx")
    assert texts(document) == ["Words."]
    assert document.metadata == ()


# What is and is not prose


def test_tracked_changes_are_read_as_accepted() -> None:
    document = read(
        in_draft(
            r("It may ")
            + f"<w:del w:id='1'><w:r><w:delText>cure </w:delText></w:r>{r('really ')}</w:del>"
            + f"<w:ins w:id='2'>{r('ease ')}</w:ins>"
            + f"<w:moveFrom w:id='3'>{r('gone ')}</w:moveFrom>"
            + f"<w:moveTo w:id='4'>{r('pain.')}</w:moveTo>"
        ),
        tbl(
            tr(tc(p("dropped row")), properties="<w:del w:id='5'/>"),
            tr(tc(p("dropped cell"), "<w:cellDel w:id='6'/>"), tc(p("kept"))),
        ),
    )
    assert texts(document) == ["It may ease pain.", "kept"]
    assert place(document, "kept") == "table 1, row 1, cell 2"


def test_former_properties_do_not_count() -> None:
    former = '<w:pPrChange w:id="1"><w:pPr><w:pStyle w:val="Kop1"/></w:pPr></w:pPrChange>'
    was_hidden = '<w:rPrChange w:id="2"><w:rPr><w:vanish/></w:rPr></w:rPrChange>'
    document = read(f"<w:p><w:pPr>{former}</w:pPr>{r('shown', was_hidden)}</w:p>")
    assert [(one.kind, one.zone) for one in document.blocks] == [("paragraph", "content")]


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    mark = "<w:rPr><w:del w:id='1'/></w:rPr>"
    document = read(
        p("This can ", mark),
        styled("Kop1", "cure arthritis."),
        p("Last", mark),
        tbl(tr(tc(p("Also last", mark)))),
        p("End", mark),
    )
    assert texts(document) == ["This can cure arthritis.", "Last", "Also last", "End"]
    assert block(document, "This can cure arthritis.").kind == "heading"
    assert place(document, "End") == "paragraph 3"


def test_raised_numbers_are_reference_marks() -> None:
    raised = '<w:vertAlign w:val="superscript"/>'
    document = read(
        in_draft(
            r("Sure results") + r("1", raised) + r(",2", raised) + r(". Less pain.³ ") + r("So.")
        ),
        in_draft(r("A room of 20 m") + r("2", raised) + r(" on the 1") + r("st", raised) + r(".")),
        in_draft(r("It helps.") + r("4", '<w:rStyle w:val="Raised"/>') + r(" Fine.")),
        in_draft(r("It helps.") + r("4", f'{raised}<w:vertAlign w:val="baseline"/>')),
    )
    assert texts(document) == [
        "Sure results. Less pain. So.",
        "A room of 20 m2 on the 1st.",
        "It helps. Fine.",
        "It helps.4",
    ]
    assert [mark.label for mark in document.blocks[0].marks] == ["1", "2", "3"]
    assert [tuple(mark) for mark in document.blocks[2].marks] == [(9, "4")]
    assert document.source.text.startswith("Sure results1,2. Less pain.³ So.")


def test_struck_out_text_is_deleted() -> None:
    document = read(
        in_draft(r("It may ") + r("cure ", "<w:strike/>") + r("ease ") + r("all ", "<w:dstrike/>")),
        in_draft(
            r("gone", '<w:strike/><w:dstrike w:val="0"/>') + r("kept", '<w:strike w:val="0"/>')
        ),
        in_draft(r("by style", '<w:rStyle w:val="Struck"/>')),
    )
    assert texts(document) == ["It may ease", "kept"]


def test_hidden_text_is_split_out() -> None:
    document = read(
        in_draft(r("Seen ") + r("not ", "<w:vanish/>") + r("here", "<w:vanish/>") + r("and heard")),
        in_draft(r("by style", '<w:rStyle w:val="Secret"/>')),
        in_draft(r("back again", '<w:rStyle w:val="Secret"/><w:vanish w:val="0"/>')),
        p("mark only", "<w:rPr><w:vanish/></w:rPr>"),
    )
    assert [(one.zone, one.text) for one in document.blocks] == [
        ("content", "Seen and heard"),
        ("hidden", "not here"),
        ("hidden", "by style"),
        ("content", "back again"),
        ("content", "mark only"),
    ]
    assert place(document, "not here") == "paragraph 1, hidden text"
    assert place(document, "by style") == "hidden text after paragraph 1"


def test_wrappers_are_looked_through() -> None:
    document = read(
        "<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr>"
        f"<w:sdtContent>{p('control')}</w:sdtContent></w:sdt>",
        in_draft(f"<w:smartTag>{r('smart ')}</w:smartTag><w:bdo>{r('tag')}</w:bdo>"),
        in_draft(
            f"<w:r><w:ruby><w:rt>{r('kan')}</w:rt><w:rubyBase>{r('base')}</w:rubyBase></w:ruby></w:r>"
        ),
        in_draft(r("n ") + "<m:oMath><m:r><m:t>= 30</m:t></m:r></m:oMath>"),
    )
    assert texts(document) == ["control", "smart tag", "base", "n = 30"]


def test_links_have_addresses_and_are_never_fetched() -> None:
    builder = DocxBuilder()
    away = builder.relate("hyperlink", "https://example.org/trial", external=True)
    builder.body = [
        in_draft(
            r("See ")
            + f'<w:hyperlink r:id="{away}">{r("the ")}{r("trial", "<w:b/>")}</w:hyperlink>'
            + r(" and ")
            + f'<w:hyperlink w:anchor="refs">{r("references")}</w:hyperlink>'
            + field(' HYPERLINK "https://example.org/a b" \\l "top" \\o "Tip"', r(" or this "))
            + f'<w:fldSimple w:instr=" HYPERLINK example.org ">{r("one")}</w:fldSimple>'
        )
    ]
    (found,) = read_docx(builder.data(), "draft.docx").blocks
    assert found.text == "See the trial and references or this one"
    assert [(found.text[link.start : link.end], link.address) for link in found.links] == [
        ("the trial", "https://example.org/trial"),
        ("references", "#refs"),
        ("or this", "https://example.org/a b#top"),
        ("one", "example.org"),
    ]


def test_a_link_field_may_run_over_paragraphs() -> None:
    begin, _, rest = field('HYPERLINK "https://example.org"', "|").partition("|")
    document = read(in_draft(begin + r("one")), in_draft(r("two") + rest + r(" three")))
    assert [(one.text, one.links) for one in document.blocks] == [
        ("one", ((0, 3, "https://example.org"),)),
        ("two three", ((0, 3, "https://example.org"),)),
    ]


def test_instructions_of_fields_are_no_prose() -> None:
    inner = field("MERGEFIELD kind", r("inner result"))
    nested = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF </w:instrText></w:r>'
        + inner
        + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + r("shown")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    document = read(in_draft(r("Page ") + field("PAGE", r("7"))), in_draft(nested))
    assert texts(document) == ["Page 7", "shown"]


def test_a_field_that_never_ends_hides_nothing() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    document = read(in_draft(begin + r("This cures")), p("all of it"))
    assert texts(document) == ["This cures", "all of it"]


def test_the_extra_is_named_when_it_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    data = DocxBuilder(p("One.")).data()
    monkeypatch.setitem(sys.modules, "lxml", None)
    with pytest.raises(UsageError, match=r"extra \"docx\".*pip install '\.\[docx\]'"):
        read_docx(data, "draft.docx")


def test_two_breaks_in_a_row_end_a_block_but_no_line() -> None:
    lines = f"<w:r>{t('one')}<w:br/>{t('still one')}<w:br/>{t(' ')}<w:br/>{t('two')}</w:r>"
    page = f"<w:r><w:br w:type='page'/>{t('three')}</w:r>"
    document = read(in_draft(lines + page), p("four"))
    assert texts(document) == ["one still one", "two", "three", "four"]
    assert [document.source.slice(one.span) for one in document.blocks] == texts(document)
    assert place(document, "three") == "paragraph 1"
    assert place(document, "four") == "paragraph 2"
    assert document.source.position(block(document, "four").span.start).line == 2


def test_bullets_after_breaks_are_items() -> None:
    document = read(
        in_draft(f"<w:r>{t('It helps with:')}<w:br/>{t('- sleep')}<w:br/>{t('• pain at')}</w:r>")
    )
    assert [(one.kind, one.text) for one in document.blocks] == [
        ("paragraph", "It helps with:"),
        ("item", "sleep"),
        ("item", "pain at"),
    ]
    assert lead(document, "pain at") == "It helps with:"


def test_a_link_over_two_blocks_of_a_paragraph_is_in_both() -> None:
    content = f"<w:r>{t('one')}<w:br/><w:br/>{t('two')}</w:r>"
    document = read(
        in_draft(r("to ") + f'<w:hyperlink w:anchor="x">{content}</w:hyperlink>' + r(" more"))
    )
    assert [(one.text, one.links) for one in document.blocks] == [
        ("to one", ((3, 6, "#x"),)),
        ("two more", ((0, 3, "#x"),)),
    ]


def test_links_in_links_stay_in_order() -> None:
    inner = f"<w:hyperlink w:anchor='a'><w:r>{t('care ')}</w:r></w:hyperlink>"
    outer = (
        f"<w:hyperlink w:anchor='a'><w:r><w:br/></w:r>{inner}<w:r>{t('care')}</w:r></w:hyperlink>"
    )
    (block,) = read(f"<w:p><w:r>{t('•')}</w:r>{outer}</w:p>").blocks
    assert len(block.links) == 2
    assert list(block.links) == sorted(block.links)
