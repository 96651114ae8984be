"""The review page: highlights are exact, and nothing in a draft can act in the reader's browser."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reporters.fixed import collect, finding, knee, prose
from tests.reporters.page_parser import Page

from claimlint.model.document import Block, Document
from claimlint.model.report import Context, DocumentReport, Finding, LetOff, Problem, Report
from claimlint.model.rule import Authority
from claimlint.model.text import Source, Span
from claimlint.reporters import html


def shown(report: Report, drafts: tuple[Document, ...]) -> Page:
    return Page(html.render(report, drafts))


def test_the_highlighted_text_equals_the_words_of_every_finding(
    report: Report, drafts: tuple[Document, ...]
) -> None:
    marked = shown(report, drafts).marked
    for number, document in enumerate(report.documents, start=1):
        for place, found in enumerate(document.findings, start=1):
            assert marked.get((f"d{number}", place), "") == found.words
    assert sum(bool(found.words) for d in report.documents for found in d.findings) == len(marked)


@given(
    st.lists(
        st.sampled_from(["cure ", "pain", "&amp;", "**", " \n ", "é", "🦵", "&laquo;", "<b>", "a"]),
        min_size=1, max_size=30,
    ),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=6),
)  # fmt: skip
def test_overlapping_highlights_each_show_their_words(
    parts: list[str], wanted: list[tuple[int, int]]
) -> None:
    source = Source(name="a.md", text="".join(parts), sha256="")
    made = prose(source, 0, len(source.text))
    block = Block(kind="paragraph", zone="content", map=made, span=Span(0, len(source.text)))
    findings: list[Finding] = []
    for start, length in wanted:
        words = made.text[start : start + length]
        if words:
            span = made.span(start, start + len(words))
            findings.append(placed(source, span, words))
    report, _ = knee()
    report = msgspec.structs.replace(
        report, findings=tuple(findings), disclosures=(), citations=(), readability=None
    )
    draft = Document(source=source, format="markdown", blocks=(block,))
    marked = shown(collect([report]), (draft,)).marked
    for number, found in enumerate(findings, start=1):
        assert marked["d1", number] == found.words


def placed(source: Source, span: Span, words: str) -> Finding:
    base = finding(source, "", words, "cure/x", "warning", message="m")
    first, last = source.position(span.start), source.position(span.end)
    start = msgspec.structs.replace(base.span.start, offset=span.start, line=first.line)
    end = msgspec.structs.replace(base.span.end, offset=span.end, line=last.line)
    return msgspec.structs.replace(
        base, span=msgspec.structs.replace(base.span, start=start, end=end)
    )


def test_the_page_loads_and_runs_nothing(report: Report, drafts: tuple[Document, ...]) -> None:
    page = shown(report, drafts)
    assert not {"script", "img", "iframe", "link", "form", "object"} & {tag for tag, _ in page.tags}
    for _, attributes in page.tags:
        assert not {"src", "style", "srcset", "action"} & set(attributes)
        assert not any(name.startswith("on") for name in attributes)
    assert all(link.startswith(("#", "https://www.ftc.gov/")) for link in page.links)


def test_the_policy_allows_the_one_style_sheet(
    report: Report, drafts: tuple[Document, ...]
) -> None:
    page = html.render(report, drafts)
    style = page.split("<style>")[1].split("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in page


def test_markup_of_a_draft_is_text(report: Report, drafts: tuple[Document, ...]) -> None:
    page = shown(report, drafts)
    assert "<script>alert(1)</script>" in page.text
    assert not any("javascript:" in link for link in page.links)


def test_every_link_inside_the_page_leads_somewhere(
    report: Report, drafts: tuple[Document, ...]
) -> None:
    page = shown(report, drafts)
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "http://[bad"])
def test_an_authority_is_linked_only_when_it_is_on_the_web(address: str) -> None:
    authority = Authority(name="A law", url=address, seen="primary", checked="2026-01-01")
    document, draft = knee()
    found = msgspec.structs.replace(document.findings[0], authorities=(authority,))
    document = msgspec.structs.replace(document, findings=(found,))
    page = shown(collect([document]), (draft,))
    assert address not in page.links
    assert "A law" in page.text


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


def test_hidden_characters_are_shown_as_escapes() -> None:
    document, draft = knee()
    document = msgspec.structs.replace(document, path="a\u202e\x1b.md")
    page = html.render(collect([document]), (draft,))
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert "a\\u202e\\x1b.md" in page


def test_table_cells_stand_in_rows_under_their_headers() -> None:
    source = Source(name="t.md", text="Name|Use|PRP|Knee|BPC|Gut", sha256="")
    cells = []
    at = 0
    for number, cell in enumerate(source.text.split("|")):
        span = Span(at, at + len(cell))
        header = None if number < 2 else number % 2
        made = prose(source, *span)
        cells.append(Block(kind="cell", zone="content", map=made, span=span, header=header))
        at = span.end + 1
    report = bare(knee()[0])
    draft = Document(source=source, format="markdown", blocks=tuple(cells))
    tags = [tag for tag, _ in shown(collect([report]), (draft,)).tags]
    draft_tags = tags[tags.index("tr") :]
    assert draft_tags[:9] == ["tr", "th", "th", "tr", "td", "td", "tr", "td", "td"]


def test_page_furniture_without_findings_is_folded_away() -> None:
    source = Source(name="t.html", text="Home\nAbout\nContact\nCure", sha256="")
    blocks = []
    at = 0
    for line in source.text.split("\n"):
        span = Span(at, at + len(line))
        zone = "content" if line == "Cure" else "nav"
        blocks.append(Block(kind="link", zone=zone, map=prose(source, *span), span=span))  # type: ignore[arg-type]
        at = span.end + 1
    draft = Document(source=source, format="html", blocks=tuple(blocks))
    page = html.render(collect([bare(knee()[0])]), (draft,))
    assert '<details class="zone nav">' in page
    assert "Navigation, 3 lines: nothing found by these rules" in page


def bare(report: DocumentReport) -> DocumentReport:
    return msgspec.structs.replace(
        report, findings=(), disclosures=(), citations=(), readability=None
    )


def test_what_was_let_off_is_told_with_its_reason_and_escaped() -> None:
    report, draft = knee()
    there = report.findings[0]
    assert there.sentence is not None
    spared = LetOff(
        rule="cure/claims-a-cure",
        category="cure",
        words="<b>cure</b> arthritis",
        span=there.span,
        sentence=there.sentence,
        context=Context("negated", "not_needed", "“not”: turns the statement round"),
    )
    page = html.render(collect([msgspec.structs.replace(report, let_off=(spared,))]), (draft,))
    assert "1 statement that a rule left alone" in page
    assert "&lt;b&gt;cure&lt;/b&gt; arthritis" in page
    assert "“not”: turns the statement round (cure/claims-a-cure)" in page
    assert "Let off" not in html.render(collect([report]), (draft,))
