"""Whose words a sentence puts in quotation marks."""

from __future__ import annotations

import pytest

from claimlint.readers import read
from tests.engine.small_pack import engine_with

SPEAKERS = """
lexicons:
  - {name: speaker, about: who advertises, entries: [leaflet, seller]}
"""


def words(text: str) -> list[str]:
    document = read(text.encode(), "d", "markdown")
    found = engine_with(SPEAKERS).check(document).findings
    return [one.words for one in found if one.category in ("cure", "efficacy")]


@pytest.mark.parametrize(
    "text",
    [
        "The leaflet is about acupuncture that “cures pain”.",
        "Sellers of acupuncture “cures pain” patches were warned.",
        'Shop fined over "acupuncture cures pain" poster',
        '"Acupuncture cures pain" is an efficacy claim.',
        "| Submitted | Reason |\n|---|---|\n| “Acupuncture cures pain” | No trial |",
        "## Common scams\n\n“Acupuncture cures pain.” Nobody has shown that.",
        "## Wordings that draw our attention\n\n- “Acupuncture cures pain”",
    ],
)
def test_words_of_others_are_no_claim(text: str) -> None:
    assert words(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "“Acupuncture cures pain.”",
        "Friends say: “acupuncture cures pain”.",
        "Our leaflet is called “acupuncture cures pain”.",
        "The leaflet says it best: “acupuncture cures pain”.",
        "Download the leaflet “acupuncture cures pain”.",
        "“Acupuncture cures my pain” stands on the leaflet of a happy patient.",
        "The leaflet is about pain, and acupuncture cures pain “for good”.",
        "| Result | Patient |\n|---|---|\n| “Acupuncture cures pain” | Ann |",
    ],
)
def test_the_pages_own_quotations_stay_its_claims(text: str) -> None:
    assert words(text) != []
