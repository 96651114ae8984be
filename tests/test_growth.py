"""Hostile drafts through reader and engine: four times the size takes about four times the work."""

from __future__ import annotations

import datetime
import gc
import time
from collections.abc import Callable, Iterator

import pytest
from benchmarks.hostile import CASES

from claimlint.model.document import Format
from claimlint.model.report import Report, RulesetInfo, Summary, Tool
from claimlint.reporters import concise, html, json_report, text
from claimlint.workshop import Checked
from tests.properties.pack import check

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


def test_quadratic_work_would_be_seen() -> None:
    def quadratic(size: int) -> Callable[[], object]:
        return lambda: sum(one == other for one in range(size) for other in range(size))

    assert not _is_linear(quadratic(300), quadratic(_TIMES * 300))
