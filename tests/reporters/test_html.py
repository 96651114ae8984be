"""The review page: highlights are exact, and nothing in a draft can act in the reader's browser."""

from __future__ import annotations

import datetime
import re
from base64 import b64encode
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reporters.fixed import block, collect, finding, knee, letter, place, prose
from tests.reporters.page_parser import Page

from claimlint.model.document import Block, BlockKind, Document, Link, NoteMark, Zone
from claimlint.model.report import (
    Citation,
    CitationKind,
    Context,
    DocumentReport,
    Finding,
    LetOff,
    Problem,
    Report,
    Sentence,
    SuppressionNote,
)
from claimlint.model.rule import Authority
from claimlint.model.text import Source, Span
from claimlint.readers import read
from claimlint.reporters import html
from claimlint.reporters.checked import coverage
from claimlint.reporters.highlight import OVERLAPS
from claimlint.reporters.visible import visible

TODAY = datetime.date(2026, 11, 20)
LINE_ENDS = re.compile(r"[\r\n]+")


def render(report: Report, drafts: tuple[Document, ...], **more: Any) -> str:
    return html.render(report, drafts, today=TODAY, **more)


def shown(report: Report, drafts: tuple[Document, ...], **more: Any) -> Page:
    return Page(render(report, drafts, **more))


def bare(report: DocumentReport, **changes: Any) -> DocumentReport:
    kept = {"findings": (), "disclosures": (), "citations": (), "readability": None, **changes}
    return msgspec.structs.replace(report, **kept)


def placed(source: Source, span: Span, words: str) -> Finding:
    base = finding(source, "", words, "cure/x", "warning", message="m")
    text = source.slice(span)
    return msgspec.structs.replace(base, span=place(source, *span), text=text)


def one_block(text: str) -> tuple[Source, Block]:
    source = Source(name="a.md", text=text, sha256="")
    made = prose(source, 0, len(text))
    return source, Block(kind="paragraph", zone="content", map=made, span=Span(0, len(text)))


def test_the_highlighted_text_equals_the_words_of_every_finding(
    report: Report, drafts: tuple[Document, ...]
) -> None:
    page = shown(report, drafts)
    for number, document in enumerate(report.documents, start=1):
        for at, found in enumerate(document.findings, start=1):
            assert page.marked.get((f"d{number}", at), "") == found.words
            assert page.sourced.get((f"d{number}", at), "") == LINE_ENDS.sub("", found.text)
    assert sum(bool(f.words) for d in report.documents for f in d.findings) == len(page.marked)


@given(
    st.lists(
        st.sampled_from(
            ["cure ", "pain", "&amp;", "**", " \n ", "é", "🦵", "&laquo;", "<b>", "a", "שלום ", "\r\n"]
        ),
        min_size=1, max_size=30,
    ),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=6),
)  # fmt: skip
def test_overlapping_highlights_each_show_their_words(
    parts: list[str], wanted: list[tuple[int, int]]
) -> None:
    source, whole = one_block("".join(parts))
    findings: list[Finding] = []
    for start, length in wanted:
        words = whole.text[start : start + length]
        if words.strip():
            findings.append(placed(source, whole.map.span(start, start + len(words)), words))
    report = bare(knee()[0], findings=tuple(findings))
    draft = Document(source=source, format="markdown", blocks=(whole,))
    page = shown(collect([report]), (draft,))
    for number, found in enumerate(findings, start=1):
        assert page.marked["d1", number] == visible(found.words)
        assert page.sourced["d1", number] == LINE_ENDS.sub("", found.text)


def test_the_source_stands_line_by_line_as_it_is(
    report: Report, drafts: tuple[Document, ...]
) -> None:
    lines = shown(report, drafts).source_lines
    assert "".join(lines["d1"]) == f"{drafts[0].source.text}\n"
    assert len(lines["d1"]) == drafts[0].source.text.count("\n") + 1


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_those_that_positions_count(end: str) -> None:
    source, whole = one_block(f"a{end}{end}b\u2028c\x0cd{end}")
    draft = Document(source=source, format="markdown", blocks=(whole,))
    lines = shown(collect([bare(knee()[0])]), (draft,)).source_lines["d1"]
    assert lines == ["a\n", "\n", "b\\u2028c\\x0cd\n", "\n"]


def test_a_word_document_shows_places_instead_of_line_numbers() -> None:
    page = render(collect([letter()[0]]), (letter()[1],))
    assert 'data-n="¶ 2"' in page
    assert 'class="places"' in page


def test_links_show_their_address_as_text(report: Report, drafts: tuple[Document, ...]) -> None:
    page = shown(report, drafts)
    assert "javascript:alert(1)" in page.text
    assert not any("javascript:" in link for link in page.links)


def test_the_page_loads_nothing(report: Report, drafts: tuple[Document, ...]) -> None:
    page = shown(report, drafts)
    assert not {"img", "iframe", "link", "object", "embed", "base"} & {tag for tag, _ in page.tags}
    for _, attributes in page.tags:
        assert not {"src", "style", "srcset", "action", "formaction"} & set(attributes)
        assert not any(name.startswith("on") for name in attributes)
    assert all(link.startswith(("#", "https://www.ftc.gov/")) for link in page.links)
    assert len(page.scripts) == 2


def digest(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()


def test_the_policy_allows_the_style_sheet_and_the_script_and_nothing_else(
    report: Report, drafts: tuple[Document, ...]
) -> None:
    page = render(report, drafts)
    style = page.split("<style>")[1].split("</style>")[0]
    script = page.split("<script>")[1].split("</script>")[0]
    assert script.startswith('"use strict";')
    assert (
        f"content=\"default-src 'none'; style-src 'sha256-{digest(style)}'; "
        f"script-src 'sha256-{digest(script)}'; base-uri 'none'; form-action 'none'\"" in page
    )


def test_the_script_makes_no_markup_of_texts() -> None:
    page = render(collect([]), ())
    script = page.split("<script>")[1].split("</script>")[0]
    for risky in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "<!--",
    ):
        assert risky not in script


HOSTILE = (
    "</script><script>alert(1)</script><!-- {{ 7*7 }} {% raw %} ]]> \u202e\x00\x1b\ud800 &amp;lt;"
)


def test_markup_of_a_draft_is_text_everywhere() -> None:
    source, whole = one_block(f"cure {HOSTILE} now")
    found = placed(source, Span(0, len(source.text)), whole.text)
    sentence = msgspec.structs.replace(found, message=HOSTILE, why=HOSTILE, suggestions=(HOSTILE,))
    report = bare(knee()[0], findings=(sentence,), path=HOSTILE)
    draft = Document(
        source=source, format="markdown", blocks=(whole,), metadata=((HOSTILE, HOSTILE),)
    )
    problem = Problem("other.md", HOSTILE)
    text = render(collect([report], (problem,)), (draft,), audit_head=HOSTILE)
    page = Page(text)
    assert len(page.scripts) == 2
    assert "alert(1)</script>" in page.text
    assert "{{ 7*7 }}" in page.text
    assert not set(text) & set("\u202e\x00\x1b\ud800")
    assert page.data["documents"][0]["path"] == HOSTILE


def test_the_data_holds_each_sentence_once_and_as_it_is() -> None:
    document, draft = knee()
    hostile = Sentence(HOSTILE, 0, 4)
    findings = [msgspec.structs.replace(f, sentence=hostile) for f in document.findings[:3]]
    data = shown(collect([bare(document, findings=tuple(findings))]), (draft,)).data
    about = data["documents"][0]
    assert about["sentences"] == [HOSTILE]
    assert [data["rules"][rule][0] for rule, *_ in about["findings"]] == [f.rule for f in findings]
    assert data["tool"] == {"version": "0.1.0", "ruleset": "9" * 64}


def test_every_link_inside_the_page_leads_somewhere(
    report: Report, drafts: tuple[Document, ...]
) -> None:
    page = shown(report, drafts)
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    named = {
        str(given[name]) for _, given in page.tags for name in given if name == "aria-labelledby"
    }
    assert named <= set(page.ids)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "http://[bad"])
def test_an_authority_is_linked_only_when_it_is_on_the_web(address: str) -> None:
    authority = Authority(name="A law", url=address, seen="primary", checked="2026-01-01")
    document, draft = knee()
    found = msgspec.structs.replace(document.findings[0], authorities=(authority,))
    page = shown(collect([msgspec.structs.replace(document, findings=(found,))]), (draft,))
    assert address not in page.links
    assert "A law" in page.text
    assert "checked 2026-01-01" in page.text


def test_each_draft_tells_its_verdict_with_a_reason(
    report: Report, drafts: tuple[Document, ...]
) -> None:
    words = " ".join(shown(report, drafts).text.split())
    assert "Blocked 1 error to put right before publishing" in words
    assert "For review 1 warning for a reviewer to decide" in words
    assert "Pass nothing found by these rules" in words
    assert "compliant" not in words.lower()


def test_a_part_that_was_not_checked_is_told_with_its_draft() -> None:
    document, draft = knee()
    problems = (Problem(document.path, "two images have no text", 4, 1), Problem("x.md", "is gone"))
    text = shown(collect([document], problems), (draft,)).text
    assert "two images have no text" in text
    assert "x.md" in text


def test_suppressions_that_do_not_hold_stand_with_their_draft_or_on_top() -> None:
    document, draft = knee()
    notes = (
        SuppressionNote(
            status="expired", by="waiver", message="ended on 2026-01-31", line=3,
            path="claimlint-waivers.yaml", document=document.path, rule="cure/claims-a-cure",
        ),
        SuppressionNote(status="unused", by="baseline", message="fits nothing", path="base.json"),
    )  # fmt: skip
    report = msgspec.structs.replace(collect([document]), suppression_notes=notes)
    text = render(report, (draft,))
    assert text.index("fits nothing") < text.index("<article") < text.index("ended on 2026-01-31")


def test_hidden_characters_are_shown_as_escapes() -> None:
    document, draft = knee()
    document = msgspec.structs.replace(document, path="a\u202e\x1b.md")
    page = render(collect([document]), (draft,))
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert "a\\u202e\\x1b.md" in page


def cells(text: str, columns: int) -> Document:
    source = Source(name="t.md", text=text, sha256="")
    made = []
    at = 0
    for number, cell in enumerate(text.split("|")):
        span = Span(at, at + len(cell))
        header = None if number < columns else number % columns
        made.append(
            Block(kind="cell", zone="content", map=prose(source, *span), span=span, header=header)
        )
        at = span.end + 1
    return Document(source=source, format="markdown", blocks=tuple(made))


def test_table_cells_stand_in_rows_under_their_headers() -> None:
    draft = cells("Name|Use|PRP|Knee|BPC|Gut", 2)
    tags = [tag for tag, _ in shown(collect([bare(knee()[0])]), (draft,)).tags]
    table = tags[tags.index("tr") :]
    assert table[:9] == ["tr", "th", "th", "tr", "td", "td", "tr", "td", "td"]


def blocks(*given: tuple[str, BlockKind, Zone]) -> Document:
    source = Source(name="t.md", text="\n".join(text for text, _, _ in given), sha256="")
    made = tuple(block(source, text, kind, zone) for text, kind, zone in given)
    return Document(source=source, format="markdown", blocks=made)


def test_page_furniture_without_findings_is_folded_away() -> None:
    draft = blocks(
        ("Home", "link", "nav"), ("About", "link", "nav"), ("Contact", "link", "nav"),
        ("Cure", "paragraph", "content"),
    )  # fmt: skip
    page = render(collect([bare(knee()[0])]), (draft,))
    assert '<details class="zone nav">' in page
    assert "Navigation, 3 lines: nothing found by these rules" in page


def test_items_stand_in_a_list_with_the_numbers_of_the_draft() -> None:
    source = Source(name="t.md", text="1. Rest\n2. Walk\n- Swim", sha256="")
    made = tuple(
        msgspec.structs.replace(block(source, words, "item", level=1), span=Span(start, end))
        for words, start, end in (("Rest", 0, 7), ("Walk", 8, 15), ("Swim", 16, 22))
    )
    draft = Document(source=source, format="markdown", blocks=made)
    page = shown(collect([bare(knee()[0])]), (draft,))
    items = [given for tag, given in page.tags if tag == "li" and "d1-b" in str(given.get("id"))]
    assert [given.get("data-n") for given in items] == ["1.", "2.", None]


def test_headings_of_a_draft_make_an_outline_that_skips_no_level() -> None:
    draft = blocks(("One", "heading", "content"), ("Two", "heading", "content"))
    deep = tuple(
        msgspec.structs.replace(each, level=level)
        for each, level in zip(draft.blocks, (2, 5), strict=True)
    )
    page = shown(collect([bare(knee()[0])]), (msgspec.structs.replace(draft, blocks=deep),))
    assert [g["aria-level"] for _, g in page.tags if g.get("role") == "heading"] == ["3", "4"]


def test_front_matter_is_a_table_in_which_prose_is_highlighted() -> None:
    source, _ = one_block("title: A cure\ndate: 2026-01-01\n")
    title = msgspec.structs.replace(block(source, "A cure", "metadata"), key="title")
    found = placed(source, Span(9, 13), "cure")
    draft = Document(
        source=source, format="markdown", blocks=(title,),
        metadata=(("title", "A cure"), ("date", "2026-01-01")),
    )  # fmt: skip
    page = shown(collect([bare(knee()[0], findings=(found,))]), (draft,))
    assert page.marked["d1", 1] == "cure"
    assert "2026-01-01" in page.text
    assert "matter" in {name for names in page.classes("table") for name in names}


def test_what_was_let_off_is_told_with_its_reason_and_escaped() -> None:
    report, draft = knee()
    there = report.findings[0]
    assert there.sentence is not None
    spared = LetOff(
        rule="cure/claims-a-cure", category="cure", words="<b>cure</b> arthritis",
        span=there.span, sentence=there.sentence,
        context=Context("negated", "not_needed", "“not”: turns the statement round"),
    )  # fmt: skip
    page = render(collect([msgspec.structs.replace(report, let_off=(spared,))]), (draft,))
    assert "1 statement that a rule left alone" in page
    assert "&lt;b&gt;cure&lt;/b&gt; arthritis" in page
    assert "“not”: turns the statement round (cure/claims-a-cure)" in page
    assert "Left alone <b>1</b>" in page
    assert "Left alone" not in render(collect([report]), (draft,))


def test_a_missing_disclosure_gives_the_text_to_insert(
    report: Report, drafts: tuple[Document, ...]
) -> None:
    text = render(report, drafts)
    checklist = text[text.index('class="checklist"') : text.index("Educational only")]
    assert "Every procedure has risks; ask your clinician about yours." in checklist
    assert 'href="#d1-f5"' in checklist


IDENTIFIERS: list[tuple[CitationKind, str, str]] = [
    ("doi", "10.1001/jama.2021.19415", "https://doi.org/10.1001/jama.2021.19415"),
    ("doi", "10.1002/(sici)1<1::aid>3", ""),
    ("doi", "10.1000/a?b#c%d", "https://doi.org/10.1000/a%3Fb%23c%25d"),
    ("pmid", "26686874", "https://pubmed.ncbi.nlm.nih.gov/26686874/"),
    ("pmid", '26686874"><b>', ""),
    ("nct", "NCT01234567", "https://clinicaltrials.gov/study/NCT01234567"),
    ("link", "https://example.org/", ""),
    ("link", "javascript:alert(1)", ""),
]


@pytest.mark.parametrize(("kind", "value", "address"), IDENTIFIERS)
def test_only_whole_identifiers_become_addresses(
    kind: CitationKind, value: str, address: str
) -> None:
    document, draft = knee()
    span = document.findings[0].span
    citation = Citation(kind=kind, value=value, well_formed=True, grade="unknown", span=span)
    page = shown(collect([bare(document, citations=(citation,))]), (draft,))
    outside = [link for link in page.links if not link.startswith("#")]
    assert outside == ([address] if address else [])
    assert value in page.text


def test_a_citation_names_the_findings_of_the_paragraphs_that_refer_to_it() -> None:
    source, _ = one_block("It can cure pain.\nBennell, 10.1001/abc\nNothing else")
    text = msgspec.structs.replace(
        block(source, "It can cure pain.", "paragraph"), marks=(NoteMark(17, "1"),)
    )
    note = msgspec.structs.replace(block(source, "Bennell, 10.1001/abc", "paragraph"), note="1")
    found = placed(source, Span(7, 16), "cure pain")
    start = source.text.index("10.")
    citation = Citation(
        kind="doi", value="10.1001/abc", well_formed=True, grade="unknown",
        span=place(source, start, start + 11),
    )  # fmt: skip
    draft = Document(source=source, format="markdown", blocks=(text, note))
    report = bare(knee()[0], findings=(found,), citations=(citation,))
    page = render(collect([report]), (draft,))
    row = page[page.index("<td>DOI") : page.index("line 2</a>")]
    assert '<a href="#d1-f1">1</a>' in row
    assert "through note 1" in row
    assert "[1]</sup>" in page


def test_a_citation_does_not_name_findings_of_another_field_with_a_note_of_that_number() -> None:
    source, _ = one_block("It can cure pain.\nBennell, 10.1001/abc")
    text = msgspec.structs.replace(
        block(source, "It can cure pain.", "paragraph"), marks=(NoteMark(17, "1"),)
    )
    note = block(source, "Bennell, 10.1001/abc", "paragraph")
    note = msgspec.structs.replace(note, note="1", part=1)
    start = source.text.index("10.")
    citation = Citation(
        kind="doi", value="10.1001/abc", well_formed=True, grade="unknown",
        span=place(source, start, start + 11),
    )  # fmt: skip
    draft = Document(source=source, format="markdown", blocks=(text, note))
    found = placed(source, Span(7, 16), "cure pain")
    report = bare(knee()[0], findings=(found,), citations=(citation,))
    page = render(collect([report]), (draft,))
    row = page[page.index("<td>DOI") : page.index("line 2</a>")]
    assert "no finding" in row


def test_a_card_quotes_the_words_where_they_stand_in_the_sentence() -> None:
    text = "Some say it &amp; rest relieves pain, but it   relieves pain now."
    source, whole = one_block(text)
    start = whole.text.rindex("relieves pain")
    found = placed(source, whole.map.span(start, start + 13), "relieves pain")
    found = msgspec.structs.replace(found, sentence=Sentence(whole.text, 0, len(text)))
    draft = Document(source=source, format="markdown", blocks=(whole,))
    page = render(collect([bare(knee()[0], findings=(found,))]), (draft,))
    quoted = "Some say it &amp; rest relieves pain, but it <b>relieves pain</b> now."
    assert f'<p class="quote" dir="auto">{quoted}</p>' in page


def test_more_overlaps_than_can_be_drawn_are_told_and_the_severe_ones_stay() -> None:
    source, whole = one_block("cure pain now")
    mild = placed(source, Span(0, 9), "cure pain")
    severe = msgspec.structs.replace(mild, severity="error")
    findings = (*[mild] * (OVERLAPS + 3), severe)
    draft = Document(source=source, format="markdown", blocks=(whole,))
    page = shown(collect([bare(knee()[0], findings=findings)]), (draft,))
    assert len(page.marked) == len(page.sourced) == OVERLAPS
    assert page.marked["d1", len(findings)] == "cure pain"
    assert "4 findings are not highlighted" in page.text
    assert sum("card" in names for names in page.classes("li")) == len(findings)


def test_a_link_that_ends_inside_a_highlight_leaves_the_words_whole() -> None:
    source, whole = one_block("cure knee pain now")
    linked = msgspec.structs.replace(whole, links=(Link(5, 9, "https://e.org/x"),))
    found = placed(source, Span(0, 14), "cure knee pain")
    draft = Document(source=source, format="markdown", blocks=(linked,))
    page = shown(collect([bare(knee()[0], findings=(found,))]), (draft,))
    assert page.marked["d1", 1] == "cure knee pain"
    assert "https://e.org/x" in page.text


def test_an_empty_report_says_that_nothing_was_checked() -> None:
    page = shown(collect([], (Problem("a.md", "is gone"),)), ())
    assert "No draft was checked." in page.text
    assert "is gone" in page.text


def test_date_and_audit_head_are_printed(report: Report, drafts: tuple[Document, ...]) -> None:
    text = shown(report, drafts, audit_head="ab12" * 16).text
    assert "2026-11-20" in text
    assert "ab12" * 16 in text
    assert "Audit log head" not in shown(report, drafts).text


def test_how_many_values_of_the_front_matter_were_read_as_prose_is_told_of_all() -> None:
    data = b"---\ntitle: Knees\nauthor: A. Writer\ndate: 2026-01-01\n---\n\n# Knees\n\nText of a page.\n"
    draft = read(data, "knee.md", "markdown")
    report = msgspec.structs.replace(knee()[0], path="knee.md", findings=())
    shown = sum(block.kind == "metadata" for block in draft.blocks)
    said = f"{shown} of 3 values of the front matter or page head"
    assert 0 < shown < 3
    assert said in coverage(report, draft).read
