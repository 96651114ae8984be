"""Whole drafts against the blocks that a person expects of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.readers.invariants import check
from tests.readers.outline import outline

from claimlint.model.document import Format
from claimlint.readers import read

_FIXTURES = Path(__file__).parent / "fixtures"
_CASE, _EXPECTED = "=====", "-----"


def _cases() -> list[tuple[str, Format, str, str]]:
    """Read the fixture files: a title line, the draft, a line of dashes, the expected blocks."""
    found: list[tuple[str, Format, str, str]] = []
    forms: tuple[Format, ...] = ("markdown", "html", "text")
    for form in forms:
        content = (_FIXTURES / f"{form}.cases").read_text(encoding="utf-8")
        for case in content.split(f"\n{_CASE} ")[1:]:
            title, _, rest = case.partition("\n")
            draft, _, expected = rest.partition(f"\n{_EXPECTED}\n")
            found.append((title.strip(), form, draft, expected.strip("\n")))
    return found


@pytest.mark.parametrize(
    ("form", "draft", "expected"),
    [pytest.param(*case[1:], id=f"{case[1]}: {case[0]}") for case in _cases()],
)
def test_blocks(form: Format, draft: str, expected: str) -> None:
    document = read(draft.encode(), "draft", form)
    check(document)
    assert outline(document) == expected
