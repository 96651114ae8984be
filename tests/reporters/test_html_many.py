"""Many drafts: the index, the folder of pages, and what changed since an earlier report."""

from __future__ import annotations

import datetime
import re

import msgspec
import pytest
from tests.reporters.fixed import clean, collect, knee, letter
from tests.reporters.page_parser import Page

from claimlint.model.document import Document
from claimlint.model.report import DocumentReport, Finding, Report
from claimlint.reporters import changes, html
from claimlint.reporters.page_names import page_name

TODAY = datetime.date(2026, 11, 20)


def renamed(document: DocumentReport, path: str) -> DocumentReport:
    return msgspec.structs.replace(document, path=path)


def numbered(count: int) -> tuple[Finding, ...]:
    base = knee()[0].findings[0]
    return tuple(msgspec.structs.replace(base, fingerprint=f"{n:016x}") for n in range(count))


def test_the_index_has_a_row_for_every_draft_that_leads_to_it(
    report: Report, drafts: tuple[Document, ...]
) -> None:
    page = html.render(report, drafts, today=TODAY)
    index = page[page.index('id="drafts"') : page.index("</table>")]
    index = index.replace("<wbr>", "")
    assert re.findall(r'<th scope="row"><a href="(#d\d)">([^<]+)</a>', index) == [
        (f"#d{number}", document.path) for number, document in enumerate(report.documents, start=1)
    ]
    assert re.findall(r'data-verdict="(\w+)"', index) == ["block", "review", "pass"]


def test_one_draft_has_no_index() -> None:
    page = Page(html.render(collect([knee()[0]]), (knee()[1],), today=TODAY))
    assert "drafts" not in page.ids


def test_a_folder_has_an_index_and_a_page_for_each_draft(
    report: Report, drafts: tuple[Document, ...]
) -> None:
    pages = dict(html.render_folder(report, drafts, today=TODAY))
    assert next(iter(pages)) == "index.html"
    assert len(pages) == 4
    index = Page(pages["index.html"])
    inside = [link for link in index.links if not link.startswith("#")]
    assert inside == [name for name in pages if name != "index.html"]
    assert [about["path"] for about in index.data["documents"]] == [
        d.path for d in report.documents
    ]
    assert "article" not in {tag for tag, _ in index.tags}
    for document, (name, text) in zip(report.documents, list(pages.items())[1:], strict=True):
        page = Page(text)
        assert document.path in page.text
        assert "index.html" in page.links
        assert [about["sha256"] for about in page.data["documents"]] == [document.sha256]
        assert name == page_name(document.path)
    assert "is encrypted" in index.text


def test_pages_of_a_folder_show_the_same_highlights(
    report: Report, drafts: tuple[Document, ...]
) -> None:
    whole = Page(html.render(report, drafts, today=TODAY)).marked
    pages = [Page(text) for name, text in html.render_folder(report, drafts, today=TODAY)][1:]
    apart = {
        (f"d{number}", at): words
        for number, page in enumerate(pages, start=1)
        for (_, at), words in page.marked.items()
    }
    assert apart == whole


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "con", "a" * 400, "שלום.md", "x\x00\ud800<y>.md", "", "A/B.md"]
)
def test_names_are_safe(path: str) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,79}\.html", page_name(path))


def test_names_differ_where_paths_differ() -> None:
    paths = ["a/b.md", "a-b.md", "A/b.md", "a/b.html", "a_b.md"]
    assert len({page_name(path) for path in paths}) == len(paths)


def test_a_path_that_comes_twice_gets_two_pages() -> None:
    report = collect([knee()[0], knee()[0]])
    names = [name for name, _ in html.render_folder(report, (knee()[1],) * 2, today=TODAY)]
    assert len(set(names)) == 3


def test_new_unchanged_and_fixed_are_told_apart_by_fingerprint() -> None:
    one, two, three = numbered(3)
    old = collect([msgspec.structs.replace(knee()[0], findings=(one, two))])
    new = collect([msgspec.structs.replace(knee()[0], findings=(three, two))])
    (change,) = changes.compare(old, new).documents
    assert change.states == ("new", "unchanged")
    assert change.fixed == (one,)
    assert change.before == change.now == changes.Tally(2, 0, 0)


def test_a_finding_that_stands_twice_counts_twice() -> None:
    (one,) = numbered(1)
    twice = collect([msgspec.structs.replace(knee()[0], findings=(one, one))])
    once = collect([msgspec.structs.replace(knee()[0], findings=(one,))])
    assert changes.compare(once, twice).documents[0].states == ("unchanged", "new")
    less = changes.compare(twice, once)
    assert less.documents[0].states == ("unchanged",)
    assert less.documents[0].fixed == (one,)
    assert (less.new, less.unchanged, less.fixed) == (0, 1, 1)


def test_a_draft_that_is_new_is_no_setback_of_the_trend() -> None:
    old = collect([knee()[0], letter()[0]])
    new = collect([knee()[0], clean()[0]])
    found = changes.compare(old, new)
    assert found.gone == (letter()[0].path,)
    assert found.documents[1].before is None
    assert found.before == found.now
    assert found.same_rules


def test_the_page_marks_what_is_new_and_lists_what_is_fixed() -> None:
    one, two, three = numbered(3)
    gone = msgspec.structs.replace(one, words="cured <b>overnight</b>")
    old = collect([msgspec.structs.replace(knee()[0], findings=(gone, two))])
    new = collect([msgspec.structs.replace(knee()[0], findings=(three, two))])
    text = html.render(new, (knee()[1],), today=TODAY, since=old)
    page = Page(text)
    cards = [names for names in page.classes("li") if "card" in names]
    assert ["new" in names for names in cards] == [True, False]
    assert ["unchanged" in names for names in cards] == [False, True]
    assert "cured &lt;b&gt;overnight&lt;/b&gt;" in text
    assert "1 new, 1 unchanged, 1 fixed. Errors 2 → 2" in page.text


def test_the_index_tells_the_trend(report: Report, drafts: tuple[Document, ...]) -> None:
    old = collect([renamed(knee()[0], "gone.md"), *report.documents[1:]])
    text = Page(html.render(report, drafts, today=TODAY, since=old)).text
    assert "1 draft of the earlier report is not in this one." in text
    assert "Not in the earlier report: every finding is new." in text
