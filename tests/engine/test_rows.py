"""A cell says something together with the first cell of its row."""

from __future__ import annotations

import pytest

from claimlint.readers import read
from tests.engine.small_pack import engine_with, findings

MORE = """
rules:
  - id: safety/none
    title: None
    category: safety
    severity: error
    kind: phrase
    match: ["side effects : none", "no side effects"]
    message: m
    why: w
"""
MARKDOWN = "|  | Acupuncture |\n|---|---|\n| Side effects | {} |\n| Parking | None |\n"
HTML = (
    "<table><tr><th>What</th><th>Acupuncture</th></tr>"
    "<tr><td>Side effects</td><td>{}</td></tr><tr><td>Parking</td><td>None</td></tr></table>"
)


@pytest.mark.parametrize(("table", "form"), [(MARKDOWN, "markdown"), (HTML, "html")])
def test_a_cell_is_read_with_the_label_of_its_row(table: str, form: str) -> None:
    def found(cell: str) -> list[tuple[str, str, str]]:
        document = read(table.format(cell).encode(), "d", form)  # type: ignore[arg-type]
        return [
            (one.rule, one.words, document.source.text[one.span.start.offset : one.span.end.offset])
            for one in engine_with(MORE).check(document).findings
            if one.category == "safety"
        ]

    assert found("None") == [("safety/none", "None", "None")]
    assert found("Bruises") == []
    assert found("No side effects") == [("safety/none", "No side effects", "No side effects")]


ROWS = """
| Treatment | What it does |
|---|---|
| Surgery | Cures pain |
| Stem cells | Cure arthritis |

| Said | True? |
|---|---|
| Acupuncture cures pain | No |
| Acupuncture cures arthritis | Yes |
"""


def test_a_row_is_about_its_label_and_may_be_denied() -> None:
    found = [(one.words, one.context.because) for one in findings(f"# Acupuncture\n{ROWS}")]
    assert [words for words, because in found if "statement" in because] == [
        "Cure arthritis",
        "cures arthritis",
    ]
    assert "about “Stem cells”" in dict(found)["Cure arthritis"]


def test_what_stands_in_the_row_of_another_or_under_no_header_is_not_joined() -> None:
    text = "| Side effects |\n|---|\n| None |\n"
    assert engine_with(MORE).check(read(text.encode(), "d", "markdown")).findings == ()


def test_a_sentence_in_the_first_cell_is_no_label() -> None:
    rows = "| What | More |\n|---|---|\n| {} | Ask us about relief from pain. |\n"
    found = findings(f"# Acupuncture\n\n{rows.format('There is no cure for arthritis.')}")
    assert [one.words for one in found if one.category == "efficacy"] == ["relief from pain"]
    found = findings(f"# Acupuncture\n\n{rows.format('Surgery for arthritis')}")
    assert [one.words for one in found if one.category == "efficacy"] == []
