"""Hostile drafts through reader and engine: four times the size takes about four times the work."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator

import pytest
from benchmarks.hostile import CASES, Case

from claimlint.model.document import Format
from tests.properties.pack import check

_SIZE = 6_000
_TIMES = 4


@pytest.fixture(autouse=True)
def _no_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def _cost(data: bytes, form: Format) -> float:
    """Measure processor time; other work on the machine only ever adds to it."""
    start = time.process_time()
    checked = check(data, form)
    cost = time.process_time() - start
    assert checked.document is not None, checked.problems
    return max(cost, 2e-3)


@pytest.mark.parametrize(
    ("form", "name"), CASES, ids=[f"{form}-{name.replace(' ', '-')}" for form, name in CASES]
)
def test_work_grows_with_the_size(form: Format, name: str) -> None:
    make: Case = CASES[form, name]
    small, large = make(_SIZE), make(_TIMES * _SIZE)
    # Linear work costs 4 times as much, quadratic work 16 times, and that every time.
    ratios = (_cost(large, form) / min(_cost(small, form) for _ in range(2)) for _ in range(6))
    assert any(ratio < 2 * _TIMES for ratio in ratios)


def test_quadratic_work_would_be_seen() -> None:
    def cost(size: int) -> float:
        start = time.process_time()
        assert sum(1 for one in range(size) for other in range(size) if one == other) == size
        return time.process_time() - start

    assert cost(1600) / cost(400) > 2 * _TIMES
