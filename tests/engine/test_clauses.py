"""A page that reports what others say may go on to speak for itself."""

from __future__ import annotations

import pytest

from claimlint.readers import read
from tests.engine.small_pack import engine_with

OTHERS = """
cues:
  - id: more/sellers
    effect: attributed
    because: reports what sellers say
    direction: both
    bound: sentence
    reach_words: 30
    match: [ads say, was fined, said so]
    exempt: [our ads]
  - id: more/scams
    effect: debunked
    because: speaks of fraud
    direction: both
    reach_words: 30
    match: [scammers]
"""


def words(text: str) -> list[str]:
    document = read(text.encode(), "d", "markdown")
    return [one.words for one in engine_with(OTHERS).check(document).findings]


@pytest.mark.parametrize(
    "text",
    [
        "The ads say that acupuncture cures pain.",
        "The ads say “our acupuncture cures pain”.",
        "Acupuncture cures pain, the seller said so.",
        "Acupuncture cures pain, and it was fined.",
        "Acupuncture cures pain, which said so.",
        "The ads say that while acupuncture cures pain, surgery does not.",
        "Scammers say acupuncture cures pain.",
    ],
)
def test_what_others_say_is_no_claim_of_the_page(text: str) -> None:
    assert words(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The ads say little: our acupuncture cures pain.",
        "The maker was fined, and our acupuncture cures pain.",
        "The maker was fined; acupuncture cures pain.",
        "The maker was fined, since acupuncture cures pain.",
        "The maker was fined, as our acupuncture cures pain.",
        "The maker was fined and now acupuncture cures pain.",
        "Acupuncture cures pain, and nobody here was fined.",
        "Acupuncture cures pain, which is why the maker of pills was fined.",
        "Acupuncture cures pain and scammers hate it.",
        "Our ads say that acupuncture cures pain.",
        "The ads say that our acupuncture cures pain.",
        "The ads say that acupuncture cures pain, and they are right.",
    ],
)
def test_what_the_page_says_itself_stays_its_claim(text: str) -> None:
    assert words(text) == ["cures pain"]


def test_what_follows_a_reason_is_no_object_of_the_verb() -> None:
    assert words("Acupuncture takes a day to cure, so pain moves to Friday.") == []
