"""What holds for every Word document: exact spans, whatever the markup around the words."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.readers.docx_builder import (
    DocxBuilder,
    box,
    everything,
    field,
    from_library,
    item,
    p,
    picture,
    r,
    styled,
    tbl,
    tc,
    tr,
)
from tests.readers.invariants import check, undressed

from claimlint.model.document import Document
from claimlint.readers.docx import read_docx

_WORDS = st.sampled_from(
    "care pain “quoted” it’s non\u2011drug guaran\u00adteed 日本 🙂 a\u200bb &amp; <w:t> • – .".split()  # noqa: SIM905
)
_SPACES = st.sampled_from([" ", "  ", "\u00a0", "\t", " \u00a0 ", "\n"])
_TEXT = st.lists(st.tuples(_WORDS, _SPACES), max_size=8).map(
    lambda pairs: "".join(word + space for word, space in pairs)
)
_PHRASE = "can\u00a0cure  “arthri\u00adtis” today"
_PHRASE_WORDS = 'can cure "arthritis" today'
_PLACES = ["body", "cell", "header", "footer", "note", "box", "link", "insertion", "item"]


def read(builder: DocxBuilder) -> Document:
    document = read_docx(builder.data(), "draft.docx")
    check(document)
    return document


def split(text: str, cuts: list[int]) -> list[str]:
    """The text cut at these places."""
    edges = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    return [text[start:end] for start, end in pairwise(edges)]


def runs(text: str, cuts: list[int]) -> str:
    """A paragraph's content with a run for each part of the text, of which every other is bold."""
    return "".join(
        r(part, "<w:b/>" * (number % 2)) + "<w:proofErr/><w:bookmarkStart w:id='0'/>"
        for number, part in enumerate(split(text, cuts))
    )


def planted(place: str, content: str, fillers: list[str]) -> DocxBuilder:
    """A file with the content at one place and fillers around it."""
    builder = DocxBuilder(*(f"<w:p>{r(text)}</w:p>" for text in fillers))
    paragraph = f"<w:p>{content}</w:p>"
    if place in {"header", "footer"}:
        margin = builder.margin(place, p("before") + paragraph)
        builder.body.append(f"<w:sectPr>{margin}</w:sectPr>")
    elif place == "note":
        builder.notes("footnote", {})
        builder.body.append('<w:p><w:r><w:footnoteReference w:id="4"/></w:r></w:p>')
        name = "word/footnotes.xml"
        notes = str(builder.parts[name])
        note = f'<w:footnote w:id="4">{paragraph}</w:footnote></w:footnotes>'
        builder.parts[name] = notes.replace("</w:footnotes>", note)
    else:
        builder.body.insert(
            len(fillers) // 2,
            {
                "body": paragraph,
                "cell": tbl(tr(tc(p("Head"))), tr(tc(paragraph))),
                "box": f"<w:p>{r('around')}{box(paragraph)}</w:p>",
                "link": f'<w:p><w:hyperlink w:anchor="a">{content}</w:hyperlink></w:p>',
                "insertion": f"<w:p><w:ins w:id='1'>{content}</w:ins></w:p>",
                "item": f"<w:p><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr>{content}</w:p>",
            }[place],
        )
    return builder


@given(
    place=st.sampled_from(_PLACES),
    before=_TEXT,
    after=_TEXT,
    cuts=st.lists(st.integers(0, 200), max_size=12),
    fillers=st.lists(_TEXT, max_size=4),
)
def test_a_planted_phrase_is_found_at_its_place(
    place: str, before: str, after: str, cuts: list[int], fillers: list[str]
) -> None:
    content = runs(f"{before} {_PHRASE} {after}", cuts)
    document = read(planted(place, content, fillers))
    (found,) = [block for block in document.blocks if _PHRASE_WORDS in block.text]
    start = found.text.index(_PHRASE_WORDS)
    span = found.map.span(start, start + len(_PHRASE_WORDS))
    assert document.source.slice(span) == _PHRASE
    assert document.source.position(span.start).place is not None


@given(text=_TEXT, cuts=st.lists(st.integers(0, 200), max_size=12))
def test_how_a_text_is_split_into_runs_changes_nothing(text: str, cuts: list[int]) -> None:
    whole = read(DocxBuilder(f"<w:p>{r(text)}</w:p>"))
    parts = read(DocxBuilder(f"<w:p>{runs(text, cuts)}</w:p>"))
    assert parts.blocks == whole.blocks
    assert parts.source.text == whole.source.text


_RUN = st.builds(
    r, _TEXT, st.sampled_from(["", "<w:vanish/>", "<w:b/>", '<w:rStyle w:val="Secret"/>'])
)
_INLINE = st.recursive(
    _RUN
    | st.builds(picture, _TEXT)
    | st.sampled_from(
        [
            "<w:r><w:br/></w:r>",
            "<w:r><w:br w:type='page'/></w:r>",
            "<w:r><w:tab/></w:r>",
            "<w:r><w:fldChar w:fldCharType='begin'/></w:r>",
            "<w:r><w:fldChar w:fldCharType='separate'/></w:r>",
            "<w:r><w:fldChar w:fldCharType='end'/></w:r>",
            "<w:r><w:instrText>HYPERLINK x</w:instrText></w:r>",
            "<w:r><w:footnoteReference w:id='1'/></w:r>",
            "<w:r><w:sym w:font='Symbol' w:char='F0B7'/></w:r>",
        ]
    ),
    lambda inner: st.builds(
        lambda wrap, parts: wrap.replace("|", "".join(parts)),
        st.sampled_from(
            [
                "<w:ins>|</w:ins>",
                "<w:del>|</w:del>",
                "<w:smartTag>|</w:smartTag>",
                "<w:hyperlink w:anchor='a'>|</w:hyperlink>",
                "<w:fldSimple w:instr='HYPERLINK y'>|</w:fldSimple>",
                field("HYPERLINK z", "|"),
                field("IF", "|"),
                box("<w:p>|</w:p>"),
            ]
        ),
        st.lists(inner, max_size=4),
    ),
    max_leaves=8,
)
_PROPERTIES = st.sampled_from(
    [
        "",
        '<w:pStyle w:val="Kop1"/>',
        '<w:pStyle w:val="Bullets"/>',
        '<w:numPr><w:ilvl w:val="3"/><w:numId w:val="1"/></w:numPr>',
        "<w:rPr><w:del/></w:rPr>",
        "<w:rPr><w:vanish/></w:rPr>",
    ]
)
_PARAGRAPH = st.builds(
    lambda properties, inner: f"<w:p><w:pPr>{properties}</w:pPr>{''.join(inner)}</w:p>",
    _PROPERTIES,
    st.lists(_INLINE, max_size=4),
)
_BLOCK = st.recursive(
    _PARAGRAPH,
    lambda inner: st.builds(
        lambda rows: tbl(*(tr(*(tc("".join(cell)) for cell in row)) for row in rows)),
        st.lists(st.lists(st.lists(inner, max_size=2), max_size=3), max_size=3),
    ),
    max_leaves=8,
)


@given(st.lists(_BLOCK, max_size=6))
def test_whatever_stands_in_the_body_keeps_the_promises(body: list[str]) -> None:
    builder = DocxBuilder(*body)
    builder.notes("footnote", {1: "A note."})
    document = read(builder)
    assert document.gaps == ()
    # A line for each paragraph, hidden stretch and picture: never a newline inside one.
    for block in document.blocks:
        assert "\n" not in document.source.slice(block.span)
    assert document.source.text.count("\n") < max(1, len(document.blocks))


@given(lines=st.integers(0, 5))
def test_paragraphs_before_shift_lines_and_places(lines: int) -> None:
    document = read(DocxBuilder(*[p("filler")] * lines, item("point"), styled("Kop1", "Head")))
    position = document.source.position(document.blocks[-1].span.start)
    assert position == (lines + 2, 1, f"paragraph {lines + 2}")


def test_the_sample_files_keep_the_promises() -> None:
    for data in (everything().data(), from_library()):
        document = read_docx(data, "draft.docx")
        check(document)
        assert document.gaps == ()
        for block in document.blocks:
            shown = document.source.slice(block.map.span(0, len(block.text)))
            assert " ".join(undressed(shown).replace("\u00ad", "").split()) == block.text
