"""Comments come into a Word file at the exact words, and nothing else in it changes."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.properties.generate import generate
from tests.readers.docx_anchors import anchors, local, parts, prose
from tests.readers.docx_builder import (
    STRICT,
    DocxBuilder,
    box,
    everything,
    field,
    from_library,
    p,
    picture,
    r,
    t,
    tbl,
    tc,
    tr,
    zipped,
)
from tests.readers.fuzz_docx import specimen

from claimlint.errors import ReadError, UsageError
from claimlint.readers.docx import read_docx
from claimlint.readers.docx_comments import Annotated, Comment, annotated
from claimlint.readers.docx_package import Limits

_DATE = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
_NEW_PARTS = ("word/comments.xml",)
_CHANGED_PARTS = ("word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml")


def commented(data: bytes, comments: Sequence[Comment]) -> Annotated:
    """The file with comments, of which everything that holds for all of them has been checked."""
    result = annotated(data, comments, author="claimlint", initials="cl", date=_DATE)
    before, after = parts(data), parts(result.data)
    assert list(after) == [*before, *(name for name in after if name not in before)]
    assert set(after) - set(before) <= {*_NEW_PARTS, "word/_rels/document.xml.rels"}
    for name, content in before.items():
        if name not in (*_CHANGED_PARTS, *_NEW_PARTS):
            assert after[name] == content
        elif name not in _NEW_PARTS:
            assert prose(after[name]) == prose(content)
    assert text_of(result.data) == text_of(data)
    return result


def text_of(data: bytes) -> str:
    return read_docx(data, "draft.docx").source.text


def at(data: bytes, words: str, *said: str) -> Comment:
    """A comment on these words, which stand once in the text."""
    text = text_of(data)
    assert text.count(words) == 1, text
    start = text.index(words)
    return Comment(start, start + len(words), said or ("Please check.",))


def on(words: str, *body: str, builder: DocxBuilder | None = None) -> Annotated:
    """A file of this body with one comment on these words."""
    data = (builder or DocxBuilder(*body)).data()
    return commented(data, [at(data, words)])


def said(result: Annotated) -> list[list[str]]:
    """What the comments say, as paragraphs."""
    root = etree.fromstring(parts(result.data)["word/comments.xml"])
    return [["".join(paragraph.itertext()) for paragraph in comment] for comment in root]


def document(result: Annotated) -> str:
    """The markup of the body."""
    return re.sub(
        r"^.*?<w:body>", "", parts(result.data)["word/document.xml"].decode(), flags=re.DOTALL
    )


# At the exact words

_PLACES = {
    "one run": p("We cure pain."),
    "several runs": f"<w:p>{r('We c')}{r('ur', '<w:b/>')}{r('e pa')}{r('in.', '<w:i/>')}</w:p>",
    "a link": f'<w:p>{r("We cu")}<w:hyperlink w:anchor="a">{r("re pain.")}</w:hyperlink></w:p>',
    "an insertion": f'<w:p>{r("We c")}<w:ins w:id="7">{r("ure p")}</w:ins>{r("ain.")}</w:p>',
    "a move": f'<w:p><w:moveTo w:id="7">{r("We cure p")}</w:moveTo>{r("ain.")}</w:p>',
    "around a deletion": f"<w:p>{r('We cure ')}<w:del w:id='7'><w:r><w:delText>no</w:delText></w:r>"
    f"</w:del>{r('pain.')}</w:p>",
    "smart tags": f'<w:p><w:smartTag w:element="x">{r("We cure")}</w:smartTag>{r(" pain")}</w:p>',
    "a control": f"<w:p><w:sdt><w:sdtPr/><w:sdtContent>{r('We cure pain')}</w:sdtContent></w:sdt>"
    "</w:p>",
    "a control of paragraphs": f"<w:sdt><w:sdtContent>{p('We cure pain')}</w:sdtContent></w:sdt>",
    "a field": f"<w:p>{r('We ')}{field('REF a', r('cure '))}{r('pain')}</w:p>",
    "a simple field": f"<w:p><w:fldSimple w:instr='REF a'>{r('We cure pain')}</w:fldSimple></w:p>",
    "a cell": tbl(tr(tc(p("Aim")), tc(p("We cure pain")))),
    "a nested table": tbl(tr(tc(tbl(tr(tc(p("We cure pain")))) + "<w:p/>"))),
    "several texts of a run": f"<w:p><w:r>{t('We c')}{t('ure ')}{t('pain')}</w:r></w:p>",
    "after a break": f"<w:p><w:r>{t('Hello')}<w:br/>{t('we cure pain')}</w:r></w:p>",
    "beside marks": "<w:p><w:bookmarkStart w:id='0' w:name='a'/>"
    f"{r('We cu')}<w:proofErr w:type='spellStart'/>{r('re pain')}<w:bookmarkEnd w:id='0'/></w:p>",
    "hidden text": f"<w:p>{r('Seen.')}{r('We cure pain', '<w:vanish/>')}</w:p>",
    "characters in pieces": "<w:p><w:r><w:t>We<!-- x --> <![CDATA[cu]]>re<?x y?> p&#97;in</w:t>"
    "</w:r></w:p>",
    "literal text": "<w:p><w:r><w:t><![CDATA[We cure pain & more]]></w:t></w:r></w:p>",
    "a run with white space": "<w:p>\n <w:r>\n  <w:rPr>\n<w:b/>\n<w:i/> </w:rPr>\n  <w:t>We cure pain"
    "</w:t>\n </w:r>\n</w:p>",
}


@pytest.mark.parametrize("place", _PLACES)
def test_a_comment_stands_at_the_exact_words(place: str) -> None:
    result = on("cure pain", _PLACES[place])
    assert anchors(result.data) == {0: "cure pain"}
    assert result.moved == ()
    assert said(result) == [["Please check."]]


@pytest.mark.parametrize(
    ("words", "content"),
    [
        ("a\tb", f"<w:r>{t('xa')}<w:tab/>{t('by')}</w:r>"),
        ("\t", f"<w:r>{t('xa')}<w:tab/>{t('by')}</w:r>"),
        ("a b", f"<w:r>{t('xa')}<w:cr/>{t('by')}</w:r>"),
        ("a  b", f'<w:r>{t("xa")}<w:br w:type="page"/>{t("by")}</w:r>'),
        ("non-drug", f"<w:r>{t('a non')}<w:noBreakHyphen/>{t('drug one')}</w:r>"),
        ("guaran\u00adteed", f"<w:r>{t('is guaran')}<w:softHyphen/>{t('teed now')}</w:r>"),
        ("R&D <w:t>", r("our R&D <w:t> team")),
        ("cures 🙂 \u00e9\u0301", r("It cures 🙂 \u00e9\u0301 日本")),
        ("علاج", r("هذا علاج جيد", "<w:rtl/>")),
        ("cures all", "<w:r><w:t>It\ncures\r\nall.</w:t></w:r>"),
        ("one  two", "<w:r><w:t>so one\r\n two.</w:t></w:r>"),
    ],
)
def test_characters_of_every_kind_are_counted_as_they_are_read(words: str, content: str) -> None:
    result = on(words, f"<w:p>{content}</w:p>")
    assert anchors(result.data) == {0: words}
    assert result.moved == ()


def test_a_symbol_is_held_as_a_whole() -> None:
    symbol = "<w:r><w:t>at</w:t><w:sym w:font='Symbol' w:char='F0B3'/><w:t>5</w:t></w:r>"
    result = on("≥5", f"<w:p>{symbol}</w:p>")
    assert document(result).startswith(
        '<w:p><w:r><w:t>at</w:t></w:r><w:commentRangeStart w:id="0"/><w:r><w:sym '
    )
    assert anchors(result.data) == {0: "5"}
    assert result.moved == ()


def test_a_range_may_begin_in_one_paragraph_and_end_in_another() -> None:
    result = on("cure\nAny pain\nat", p("We cure"), p("Any pain"), tbl(tr(tc(p("at once")))))
    assert anchors(result.data) == {0: "cureAny painat"}
    assert result.moved == ()


def test_ranges_may_overlap_and_touch() -> None:
    data = DocxBuilder(p("We cure all pain at once.")).data()
    phrases = ("cure all", "all pain", "all", "cure all pain at once.", " at", "We ", "l pain")
    result = commented(data, [at(data, phrase) for phrase in phrases])
    assert anchors(result.data) == dict(enumerate(phrases))


def test_the_parts_of_a_run_keep_its_properties_and_its_spaces() -> None:
    looks = '<w:b/><w:color w:val="FF0000"/>'
    builder = DocxBuilder(
        f'<w:p><w:r w:rsidR="00AA"><w:rPr>{looks}</w:rPr><w:t>We cure pain</w:t></w:r></w:p>'
    )
    run = f'<w:r w:rsidR="00AA"><w:rPr>{looks}</w:rPr>'
    small = '<w:rPr><w:sz w:val="16"/><w:szCs w:val="16"/></w:rPr>'
    assert document(on("cure", builder=builder)) == (
        f'<w:p>{run}<w:t xml:space="preserve">We </w:t></w:r>'
        '<w:commentRangeStart w:id="0"/>'
        f"{run}<w:t>cure</w:t></w:r>"
        '<w:commentRangeEnd w:id="0"/>'
        f'<w:r>{small}<w:commentReference w:id="0"/></w:r>'
        f'{run}<w:t xml:space="preserve"> pain</w:t></w:r></w:p></w:body></w:document>'
    )


def test_a_mark_beside_hidden_or_huge_text_is_neither() -> None:
    result = on(
        "cure",
        f"<w:p>{r('cure', '<w:vanish/><w:sz w:val=&quot;96&quot;/>')}</w:p>".replace("&quot;", '"'),
    )
    reference = document(result).partition("<w:commentRangeEnd")[2]
    assert "vanish" not in reference
    assert '"96"' not in reference


def test_generated_drafts_get_their_comments_and_keep_their_text() -> None:
    exact = moved = 0
    for seed in range(100):
        draft = generate("docx", seed)
        rng = random.Random(seed)
        spans = [(one.start, one.end) for one in draft.expected]
        for _ in range(12):
            start = rng.randrange(len(draft.text))
            spans.append((start, rng.randint(start + 1, len(draft.text))))
        result = commented(draft.data, [Comment(start, end, ("x",)) for start, end in spans])
        elsewhere = {one.comment for one in result.moved}
        found = anchors(result.data)
        assert sorted(found) == list(range(len(spans)))
        for number, (start, end) in enumerate(spans):
            if number not in elsewhere:
                words = draft.text[start:end].replace("\n", "")
                assert found[number] == words, f"seed {seed}, comment {number}"
        exact += len(spans) - len(elsewhere)
        moved += len(elsewhere)
    assert exact > moved > 100


_WORDS = st.lists(st.sampled_from(["cure", " ", "\u00a0", "é", "🙂", "&", "<", "\n", "pain "]))


@settings(deadline=None)
@given(
    texts=st.lists(_WORDS.map("".join), min_size=1, max_size=6),
    spans=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8),
)
def test_any_ranges_over_any_runs(texts: list[str], spans: list[tuple[int, int]]) -> None:
    runs = "".join(r(text, "<w:b/>" * (number % 2)) for number, text in enumerate(texts))
    data = DocxBuilder(f"<w:p>{r('Start')}{runs}</w:p>").data()
    text = text_of(data)
    edges = [sorted(edge % (len(text) + 1) for edge in span) for span in spans]
    result = commented(data, [Comment(start, end, ("x",)) for start, end in edges])
    assert anchors(result.data) == {
        number: text[start:end] or text for number, (start, end) in enumerate(edges)
    }


# Where Word takes no comments


def test_a_comment_on_a_note_stands_at_its_mark() -> None:
    for kind, place in (("footnote", "footnote 1"), ("endnote", "endnote 1")):
        mark = f'<w:r><w:t>here</w:t><w:{kind}Reference w:id="4"/><w:t>.</w:t></w:r>'
        builder = DocxBuilder(p("First."), f"<w:p>{mark}</w:p>")
        builder.notes(kind, {4: "Cured  all 30."})
        result = on("Cured  all", builder=builder)
        before, _, after = document(result).partition(f'<w:{kind}Reference w:id="4"/>')
        assert before.endswith('<w:t>here</w:t></w:r><w:commentRangeStart w:id="0"/><w:r>')
        assert after.startswith('</w:r><w:commentRangeEnd w:id="0"/>')
        ((about, rest),) = said(result)
        assert about.startswith(f"About “Cured all” ({place}). ")
        assert rest == "Please check."
        assert [one.comment for one in result.moved] == [0]
        assert "note's mark" in result.moved[0].reason


@pytest.mark.parametrize(
    ("words", "place"),
    [("Results", "footer"), ("Clinic", "header"), ("Knee pain", "document property title")],
)
def test_a_comment_outside_of_the_body_stands_at_its_first_paragraph(
    words: str, place: str
) -> None:
    data = from_library()
    result = commented(data, [at(data, words)])
    assert anchors(result.data) == {0: "Our programme"}
    assert said(result)[0][0].startswith(f"About “{words}” ({place}). ")
    assert "first paragraph" in result.moved[0].reason


def test_a_comment_on_a_picture_s_description_stands_at_the_picture() -> None:
    result = on("A cured knee", f"<w:p>{r('before')}{picture('A cured knee')}{r('after')}</w:p>")
    assert anchors(result.data) == {0: ""}
    assert re.search(r'commentRangeStart w:id="0"/><w:r><w:drawing>', document(result))
    assert said(result)[0][0].startswith("About “A cured knee” (paragraph 1, picture). ")


def test_a_comment_in_a_text_box_stands_at_the_outermost_box() -> None:
    inner = box(p("We cure"))
    result = on("cure", f"<w:p>{r('around ')}{box(f'<w:p>{inner}</w:p>')}{r('.')}</w:p>")
    assert anchors(result.data) == {0: "We cure"}  # all of the box
    start = document(result).index("commentRangeStart")
    assert start < document(result).index("txbxContent")
    assert said(result)[0][0].startswith("About “cure” (text box ")


def test_a_comment_ends_where_a_text_of_another_kind_begins() -> None:
    data = DocxBuilder(f"<w:p>{r('We cure')}{picture('pain')}</w:p>", p("and more")).data()
    text = text_of(data)
    result = commented(data, [Comment(3, len(text), ("x",))])
    assert anchors(result.data) == {0: "cureand more"}
    assert "ends" in result.moved[0].reason


@pytest.mark.parametrize(
    "around",
    [
        "<m:oMath><m:r><m:t>{}</m:t></m:r></m:oMath>",
        "<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent><w:r><w:t>{}</w:t></w:r></w:sdtContent></w:sdt>",
        "<w:r><w:ruby><w:rubyBase><w:r><w:t>{}</w:t></w:r></w:rubyBase></w:ruby></w:r>",
        "<mc:AlternateContent><mc:Choice><w:r><w:t>{}</w:t></w:r></mc:Choice></mc:AlternateContent>",
        "<w:r><w:t>{}</w:t><w:rPr><w:vanish/></w:rPr></w:r>",
        "<w:r><w:t>{}<w:lastRenderedPageBreak/></w:t></w:r>",
    ],
)
def test_what_comments_cannot_divide_is_held_as_a_whole(around: str) -> None:
    result = on("cure", f"<w:p>{r('It ')}{around.format('may cure it')}{r(' now')}</w:p>")
    held = re.sub(r"^.*?commentRangeStart[^>]*>|<w:commentRangeEnd.*", "", document(result))
    assert held == around.format("may cure it")
    assert "holds all of it" in result.moved[0].reason
    assert said(result)[0][0].startswith("About “cure” (paragraph 1). ")


def test_a_comment_on_no_words_is_about_the_document() -> None:
    builder = everything()
    data = builder.data()
    result = commented(data, [Comment(0, 0, ("No author is named.",))])
    assert anchors(result.data) == {0: "Knee care"}
    assert said(result) == [["No author is named."]]
    assert result.moved == ()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<w:p/>", "<w:p><w:commentRangeStart"),
        ("<w:p></w:p>", "<w:p><w:commentRangeStart"),
        ("<w:p><w:pPr><w:jc/></w:pPr></w:p>", "<w:p><w:pPr><w:jc/></w:pPr><w:commentRangeStart"),
    ],
)
def test_a_body_without_words_takes_comments_in_its_first_paragraph(
    body: str, expected: str
) -> None:
    builder = DocxBuilder(body)
    margin = builder.margin("header", p("We cure"))
    builder.body.append(f"<w:sectPr>{margin}</w:sectPr>")
    result = on("cure", builder=builder)
    assert document(result).startswith(expected)
    assert anchors(result.data) == {0: ""}


def test_a_body_without_a_paragraph_takes_none_and_says_so() -> None:
    builder = DocxBuilder()
    builder.properties(title="We cure")
    data = builder.data()
    result = annotated(data, [at(data, "cure")], author="a", initials="b", date=None)
    assert result.data == data
    assert "no paragraph" in result.moved[0].reason


def test_long_words_are_quoted_in_part() -> None:
    builder = DocxBuilder(p("Body."))
    builder.properties(title="long " * 60)
    data = builder.data()
    text = text_of(data)
    result = commented(data, [Comment(text.index("long"), len(text), ("x",))])
    assert len(said(result)[0][0]) < 260
    assert "long…” (document property title)" in said(result)[0][0]


# What is in the file already


def with_comment() -> bytes:
    """A file that has a comment of an editor's."""
    file = docx.Document(BytesIO(from_library()))
    file.add_comment(file.paragraphs[2].runs, "Who says so?", author="Editor", initials="E")
    out = BytesIO()
    file.save(out)
    return out.getvalue()


def test_earlier_comments_stay_and_new_ones_get_fresh_ids() -> None:
    data = with_comment()
    before = parts(data)
    result = commented(data, [at(data, "can ease"), at(data, "stiffness")])
    after = parts(result.data)
    assert set(after) == set(before)
    assert after["word/_rels/document.xml.rels"] == before["word/_rels/document.xml.rels"]
    assert after["[Content_Types].xml"] == before["[Content_Types].xml"]
    assert prose(after["word/comments.xml"]) == (
        prose(before["word/comments.xml"]) + "Please check." * 2
    )
    assert anchors(result.data) == {
        0: "This plan can ease stiffness", 1: "can ease", 2: "stiffness",
    }  # fmt: skip
    again = commented(result.data, [at(result.data, "This plan")])
    assert sorted(anchors(again.data)) == [0, 1, 2, 3]
    authors = [comment.author for comment in docx.Document(BytesIO(again.data)).comments]
    assert authors == ["Editor", "claimlint", "claimlint", "claimlint"]


def test_ids_of_marks_without_a_comment_are_not_used_again() -> None:
    stray = '<w:p><w:commentRangeStart w:id="0"/><w:commentRangeEnd w:id="1"/>'
    data = DocxBuilder(f"{stray}{r('We cure')}</w:p>").data()
    result = annotated(data, [at(data, "cure")], author="a", initials="b", date=None)
    assert '<w:commentRangeStart w:id="2"/>' in document(result)
    assert '<w:comment w:id="2"' in parts(result.data)["word/comments.xml"].decode()


@pytest.mark.parametrize("root", ["<x:comments xmlns:x='{}'/>", "<comments xmlns='{}'></comments>"])
def test_a_comments_part_with_other_prefixes_is_added_to(root: str) -> None:
    builder = DocxBuilder(p("We cure"))
    builder.parts["word/notes.xml"] = root.format(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    )
    builder.relate("comments", "notes.xml")
    data = builder.data()
    result = annotated(data, [at(data, "cure")], author="a", initials="b", date=None)
    (comment,) = etree.fromstring(parts(result.data)["word/notes.xml"])
    assert etree.QName(comment).namespace.endswith("wordprocessingml/2006/main")
    assert "".join(comment.itertext()) == "Please check."


def test_a_reference_to_a_missing_part_stays_without_one() -> None:
    builder = DocxBuilder(p("We cure"))
    missing = "".join(f'<w:headerReference r:id="rId{number}"/>' for number in range(2, 9))
    builder.body.append(f"<w:sectPr>{missing}</w:sectPr>")
    assert anchors(on("cure", builder=builder).data) == {0: "cure"}


def test_a_strange_part_named_comments_stays() -> None:
    builder = DocxBuilder(p("We cure"))
    builder.parts["word/Comments.xml"] = "<mine/>"
    data = builder.data()
    result = annotated(data, [at(data, "cure")], author="a", initials="b", date=None)
    after = parts(result.data)
    assert after["word/Comments.xml"] == b"<mine/>"
    assert b"Please check." in after["word/comments1.xml"]
    assert b'Target="comments1.xml"' in after["word/_rels/document.xml.rels"]
    assert b'PartName="/word/comments1.xml"' in after["[Content_Types].xml"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_every_encoding_is_written_back(encoding: str) -> None:
    files = DocxBuilder(p("Café: we cure")).files()
    xml = str(files["word/document.xml"]).replace("UTF-8", encoding.removesuffix("-sig"))
    data = zipped({**files, "word/document.xml": xml.encode(encoding)})
    result = commented(data, [at(data, "é: we")])
    assert anchors(result.data) == {0: "é: we"}
    assert parts(result.data)["word/document.xml"].startswith(xml.encode(encoding)[:40])


def test_strict_files_and_files_without_prefixes_get_marks_of_their_own_vocabulary() -> None:
    strict = DocxBuilder(p("We cure"), namespace=STRICT).data()
    result = commented(strict, [at(strict, "cure")])
    assert anchors(result.data) == {0: "cure"}
    assert STRICT.encode() in parts(result.data)["word/comments.xml"]
    assert (
        b"ooxml/officeDocument/relationships/comments"
        in (parts(result.data)["word/_rels/document.xml.rels"])
    )
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    bare = f"<document xmlns='{space}'><body><p><r><t>We cure</t></r></p></body></document>"
    rebound = (
        f"<w:document xmlns:w='{space}'><w:body><w:p><x:r xmlns:x='{space}' xmlns:w='urn:other'>"
        "<x:t>We cure</x:t></x:r></w:p></w:body></w:document>"
    )
    for xml in (bare, rebound):
        data = zipped({**DocxBuilder().files(), "word/document.xml": xml})
        result = commented(data, [at(data, "cure")])
        assert anchors(result.data) == {0: "cure"}
        root = etree.fromstring(parts(result.data)["word/document.xml"])
        marks = [one for one in root.iter() if local(one).startswith("comment")]
        assert len(marks) == 3
        assert {etree.QName(mark).namespace for mark in marks} == {space}


def test_entries_keep_their_bytes_order_and_details_in_the_archive() -> None:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.comment = b"a note"
        for name, content in DocxBuilder(p("We cure")).files().items():
            info = ZipInfo(name, (2024, 5, 6, 7, 8, 10))
            info.extra = b"\x99\x99\x02\x00ab"
            info.external_attr = 0o600 << 16
            archive.writestr(info, content, ZIP_STORED)
        with archive.open("word/media/küche.png", "w", force_zip64=True) as stream:
            stream.write(b"\x89PNG" * 50)
    data = out.getvalue()
    result = annotated(data, [at(data, "cure")], author="a", initials="b", date=None)
    with ZipFile(BytesIO(data)) as before, ZipFile(BytesIO(result.data)) as after:
        assert after.testzip() is None
        assert after.comment == before.comment
        for old in before.infolist():
            new = after.getinfo(old.filename)
            assert (new.date_time, new.external_attr) == (old.date_time, old.external_attr)
            if old.filename not in _CHANGED_PARTS:
                assert (new.compress_type, new.CRC) == (old.compress_type, old.CRC)
                assert after.read(new) == before.read(old)
        assert [one.filename for one in after.infolist()] == [
            *(one.filename for one in before.infolist()), "word/comments.xml",
        ]  # fmt: skip


def test_an_entry_whose_sizes_follow_it_is_kept() -> None:
    class Unseekable(BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise OSError

        def tell(self) -> int:
            raise OSError

    out = Unseekable()
    with ZipFile(out, "w") as archive:
        for name, content in DocxBuilder(p("We cure")).files().items():
            archive.writestr(name, content)
    data = out.getvalue()
    with ZipFile(BytesIO(data)) as archive:
        assert archive.infolist()[0].flag_bits & 8
    assert anchors(commented(data, [at(data, "cure")]).data) == {0: "cure"}


# What comments say


def test_the_library_reads_who_says_what_and_when() -> None:
    data = from_library()
    comment = at(data, "ease", "First.", "", "Second\tline\nbreak.")
    (read,) = docx.Document(BytesIO(commented(data, [comment]).data)).comments
    assert (read.author, read.initials, read.timestamp) == ("claimlint", "cl", _DATE)
    assert [paragraph.text for paragraph in read.paragraphs] == [
        "First.", "", "Second\tline\nbreak.",
    ]  # fmt: skip


def test_dates_are_those_of_utc_and_may_be_missing() -> None:
    data = from_library()
    for date, expected in (
        (_DATE.astimezone(timezone(timedelta(hours=9))), b'w:date="2026-11-20T09:30:00Z"'),
        (datetime(2026, 11, 20, 9, 30, 1, 5), b'w:date="2026-11-20T09:30:01Z"'),
        (None, b'w:author="a" w:initials="b"'),
    ):
        result = annotated(data, [at(data, "ease")], author="a", initials="b", date=date)
        assert expected in parts(result.data)["word/comments.xml"]


def test_what_xml_cannot_hold_is_replaced_and_its_signs_are_words() -> None:
    data = from_library()
    wild = 'a\x00b\x1b\ufffe\ud800 ]]></w:t><w:p/> & "it\'s" {{x}} \u202e'
    result = annotated(
        data, [at(data, "ease", wild)], author='A "B" <C>\n\x07', initials="&", date=None
    )
    (read,) = docx.Document(BytesIO(result.data)).comments
    assert read.text == 'a\ufffdb\ufffd\ufffd\ufffd ]]></w:t><w:p/> & "it\'s" {{x}} \u202e'
    assert read.author == 'A "B" <C> \ufffd'
    assert read.initials == "&"


def test_a_comment_without_a_paragraph_is_empty() -> None:
    data = from_library()
    comment = at(data, "ease")._replace(paragraphs=())
    assert said(commented(data, [comment])) == [[""]]


def test_the_same_input_gives_the_same_bytes() -> None:
    data = everything().data()
    comments = [at(data, "boxed"), at(data, "sleep"), Comment(0, 0, ("x",))]
    assert commented(data, comments) == commented(data, comments)


def test_no_comments_change_nothing() -> None:
    data = everything().data()
    assert commented(data, []) == Annotated(data, ())


# Bad input


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no Word file",
        zipped({"word/document.xml": "<x/>"}),
        from_library()[:-900],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
    ],
)
def test_what_cannot_be_read_cannot_be_commented(data: bytes) -> None:
    with pytest.raises(ReadError):
        annotated(data, [], author="a", initials="b", date=None)


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("[Content_Types].xml", "<Types"),
        ("word/_rels/document.xml.rels", "<Relationships>"),
        ("word/comments.xml", "<w:comments>"),
        ("word/comments.xml", "<other/>"),
    ],
)
def test_a_damaged_part_that_would_have_to_change_is_refused(part: str, content: str) -> None:
    data = zipped({**parts(with_comment()), part: content})
    if part == "[Content_Types].xml":
        data = zipped({**parts(from_library()), part: content})
    with pytest.raises(ReadError, match=r"the part \S+ is damaged"):
        annotated(data, [at(data, "ease")], author="a", initials="b", date=None)


def test_the_limits_of_reading_hold() -> None:
    data = from_library()
    comment = at(data, "ease")
    for limits in (Limits(entries=3), Limits(expanded_bytes=9_000)):
        with pytest.raises(ReadError, match="looks like an attack"):
            annotated(data, [comment], author="a", initials="b", date=None, limits=limits)


def test_copies_of_huge_properties_are_limited() -> None:
    huge = "".join(f'<w:lang w:val="{number:x}"/>' for number in range(2_000))
    data = DocxBuilder(f"<w:p>{r('cure ' * 50, huge)}</w:p>").data()
    comments = [Comment(5 * number, 5 * number + 4, ("x",)) for number in range(50)]
    few = annotated(data, comments[:2], author="a", initials="b", date=None)
    assert anchors(few.data) == {0: "cure", 1: "cure"}
    with pytest.raises(ReadError, match="too large"):
        annotated(
            data,
            comments,
            author="a",
            initials="b",
            date=None,
            limits=Limits(expanded_bytes=900_000),
        )


def test_a_file_with_a_document_type_is_refused() -> None:
    files = DocxBuilder(p("We cure")).files()
    bomb = "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"
    with_comments = parts(with_comment())
    data = zipped({**with_comments, "word/comments.xml": bomb})
    with pytest.raises(ReadError, match="document type"):
        annotated(data, [Comment(0, 2, ("x",))], author="a", initials="b", date=None)
    for part in ("word/document.xml", "[Content_Types].xml"):
        data = zipped({**files, part: bomb})
        with pytest.raises(ReadError, match="document type"):
            annotated(data, [Comment(0, 2, ("x",))], author="a", initials="b", date=None)


def test_entries_that_share_their_bytes_are_refused() -> None:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        for name, content in DocxBuilder(p("We cure")).files().items():
            archive.writestr(name, content)
        archive.writestr("word/media/a.bin", bytes(100_000))
        for number in range(9):
            info = archive.getinfo("word/media/a.bin")
            twin = ZipInfo(f"word/media/{number}.bin")
            for detail in ("header_offset", "CRC", "file_size", "compress_size"):
                setattr(twin, detail, getattr(info, detail))
            archive.filelist.append(twin)
    data = out.getvalue()
    with pytest.raises(ReadError, match="damaged"):
        annotated(data, [at(data, "cure")], author="a", initials="b", date=None)


def test_offsets_of_another_text_are_a_mistake_of_the_caller() -> None:
    for start, end in ((0, 10_000), (-1, 2), (5, 4)):
        with pytest.raises(ValueError, match="the same file"):
            annotated(
                from_library(), [Comment(start, end, ())], author="a", initials="b", date=None
            )


def test_without_the_extra_the_message_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    data = from_library()
    monkeypatch.setitem(sys.modules, "lxml", None)
    with pytest.raises(UsageError, match=r"extra \"docx\""):
        annotated(data, [], author="a", initials="b", date=None)


def test_damaged_files_are_commented_soundly_or_refused() -> None:
    bases = [everything().data(), from_library(), with_comment()]
    done = 0
    for seed in range(400):
        rng = random.Random(seed)
        data = specimen(bases, rng)
        try:
            text = text_of(data)
            edges = [sorted(rng.randint(0, len(text)) for _ in range(2)) for _ in range(5)]
            comments = [Comment(start, end, ("x",)) for start, end in edges]
            result = annotated(data, comments, author="a", initials="b", date=None)
        except ReadError:
            continue
        assert text_of(result.data) == text
        done += 1
    assert done > 100
