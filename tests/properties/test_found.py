"""What the fuzzer found once (`python -m tests.fuzz`) stays found: each file is checked without a fault."""

from __future__ import annotations

import pytest

from claimlint.readers import FORMATS
from tests.fuzz import FOUND, failure_of


@pytest.mark.parametrize("name", sorted(path.name for path in FOUND.iterdir()))
def test_what_was_found_is_checked_without_a_fault(name: str) -> None:
    path = FOUND / name
    assert failure_of(path.read_bytes(), FORMATS[path.suffix]) == ""
