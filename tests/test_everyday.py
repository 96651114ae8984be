"""What clinics write every day: stock lines of advertising are flagged, honest ones are left alone.

`everyday/claims.txt` and `everyday/honest.txt` hold one statement a line; each is checked as a page of its
own. They were written beside the rules, so they show that nothing is lost again, not how good the rules
are: for that there is `corpus/`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.accuracy.measure import Judge, flagging

from claimlint.model.document import Format

LINES = Path(__file__).parent / "everyday"


def said(name: str) -> list[str]:
    return (LINES / name).read_text("utf-8").splitlines()


def test_stock_lines_of_advertising_are_flagged() -> None:
    judge = Judge()
    missed = [line for line in said("claims.txt") if not flagging(judge(line + "\n").findings)]
    assert len(said("claims.txt")) > 1_000
    assert missed == []


def test_honest_lines_are_left_alone() -> None:
    judge = Judge()
    flagged = [line for line in said("honest.txt") if flagging(judge(line + "\n").findings)]
    assert len(said("honest.txt")) > 180
    assert flagged == []


TITLES = (
    "Prolotherapy for Back Pain",
    "Ketamine Infusions for Depression",
    "Shockwave for Heel Pain",
)


@pytest.mark.parametrize("form", ["markdown", "text"])
def test_a_title_that_only_names_is_no_claim(form: Format) -> None:
    judge = Judge()
    mark = "# " if form == "markdown" else ""
    assert [title for title in TITLES if judge.flags(f"{mark}{title}\n", form)] == []
