"""Hostile drafts through reader and engine: four times the size takes about four times the work."""

from __future__ import annotations

import datetime
import gc
import time
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import starmap

import pytest
from benchmarks.hostile import CASES

from claimlint.model.document import Format
from claimlint.model.report import Report, RulesetInfo, Summary, Tool
from claimlint.readers import read
from claimlint.readers.docx_comments import Comment, annotated
from claimlint.reporters import concise, html, json_report, text
from claimlint.reporters.cards import deal
from claimlint.reporters.highlight import Locator
from claimlint.reporters.sources import citation_rows
from claimlint.workshop import Checked
from tests.properties.pack import check
from tests.readers.docx_builder import DocxBuilder, p

_SIZE = 6_000
_TIMES = 4
_LEAST_SECONDS = 2e-3  # what is faster is not measured, but rounded up


@pytest.fixture(autouse=True)
def _no_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def _cost(work: Callable[[], object]) -> float:
    """Measure processor time; other work on the machine only ever adds to it."""
    start = time.process_time()
    assert work()
    return max(time.process_time() - start, _LEAST_SECONDS)


def _is_linear(small: Callable[[], object], large: Callable[[], object]) -> bool:
    """Whether four times the size costs 4 times as much, and not 16 times whenever it is tried."""
    ratios = (_cost(large) / min(_cost(small) for _ in range(2)) for _ in range(6))
    return any(ratio < 2 * _TIMES for ratio in ratios)


@pytest.mark.parametrize(
    ("form", "name"), CASES, ids=[f"{form}-{name.replace(' ', '-')}" for form, name in CASES]
)
def test_work_grows_with_the_size(form: Format, name: str) -> None:
    make = CASES[form, name]
    small, large = make(_SIZE), make(_TIMES * _SIZE)
    assert _is_linear(lambda: check(small, form).document, lambda: check(large, form).document)


_REPORTERS: dict[str, Callable[[Report, Checked], str | bytes]] = {
    "text": lambda report, checked: text.render(report),
    "concise": lambda report, checked: concise.render(report),
    "json": lambda report, checked: json_report.render(report),
    "html": lambda report, checked: html.render(
        report, [checked.draft] if checked.draft else [], today=datetime.date(2026, 11, 20)
    ),
}


@pytest.mark.parametrize("reporter", _REPORTERS)
@pytest.mark.parametrize(
    ("form", "name"),
    [("text", "sentences of claims"), ("text", "identifiers that cannot be"), ("html", "a table")],
)
def test_reports_grow_with_the_findings(reporter: str, form: Format, name: str) -> None:
    def render(size: int) -> Callable[[], str | bytes]:
        checked = check(CASES[form, name](size), form)
        assert checked.document is not None
        assert len(checked.document.findings) > size / 100
        report = Report(
            schema_version=1,
            tool=Tool(name="claimlint", version="1", ruleset=RulesetInfo((), ("us",), "")),
            documents=(checked.document,),
            problems=checked.problems,
            summary=Summary(1, 1, 1, 1, 0),
        )
        return lambda: _REPORTERS[reporter](report, checked)

    assert _is_linear(render(_SIZE), render(_TIMES * _SIZE))


def test_words_inside_a_sentence_are_found_without_a_walk_over_the_others() -> None:
    def find(size: int) -> Callable[[], object]:
        draft = read(CASES["html", "images in a sentence"](size), "a.html", "html")
        spans = [block.map.span(0, len(block.text)) for block in draft.blocks]
        assert len(spans) > size / 100
        return lambda: list(starmap(Locator(draft).parts, spans))

    assert _is_linear(find(_SIZE), find(_TIMES * _SIZE))


def test_a_paragraph_of_notes_does_not_keep_its_findings_for_each() -> None:
    def peak(size: int) -> int:
        checked = check(CASES["markdown", "notes of a paragraph"](size), "markdown")
        assert checked.document is not None
        assert checked.draft is not None
        locator = Locator(checked.draft)
        deck = deal(checked.document, checked.draft, locator, None)
        tracemalloc.start()
        rows = list(citation_rows(checked.document.citations, checked.draft, deck, locator))
        made = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert rows[-1].more == len(checked.document.findings) - len(rows[-1].cards)
        return made

    assert peak(_TIMES * _SIZE) < 2 * _TIMES * peak(_SIZE)


def test_comments_that_have_no_place_of_their_own_share_the_search_for_one() -> None:
    def annotate(size: int) -> Callable[[], object]:
        lines = size // 20
        draft = DocxBuilder("<w:p/>")
        header = draft.margin("header", p("cure pain") * lines)
        draft.body.append(f"<w:sectPr>{header}</w:sectPr>")
        starts = [len("cure pain\n") * line for line in range(lines)]
        comments = [Comment(start, start + len("cure pain"), ("a",)) for start in starts]
        data = draft.data()
        return lambda: annotated(data, comments, author="a", initials="a", date=None)

    assert _is_linear(annotate(_SIZE), annotate(_TIMES * _SIZE))


def test_quadratic_work_would_be_seen() -> None:
    def quadratic(size: int) -> Callable[[], object]:
        return lambda: sum(one == other for one in range(size) for other in range(size))

    assert not _is_linear(quadratic(300), quadratic(_TIMES * 300))
