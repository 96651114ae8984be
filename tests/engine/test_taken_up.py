"""What stands right before or behind a claim can say that it is none of the page's own."""

from __future__ import annotations

import pytest

from claimlint.readers import read
from tests.engine.small_pack import engine_with

WARNINGS = """
cues:
  - id: more/beware
    effect: debunked
    because: warns the reader
    match: [be wary of, beware]
    bound: sentence
    reach_words: 20
  - id: more/quoted
    effect: attributed
    because: reports what sellers say
    match: [letters quote, ads say]
    bound: sentence
    reach_words: 20
"""


def words(text: str) -> list[str]:
    document = read(text.encode(), "d", "markdown")
    found = engine_with(WARNINGS).check(document).findings
    return [one.words for one in found if one.category in ("cure", "efficacy")]


@pytest.mark.parametrize(
    "text",
    [
        "Cures all pain. Be wary of such products.",
        "**Cures all pain.** Beware.",
        "Cures all pain. Few things do. Be wary of such products.",
        "## Cures all pain\n\nBe wary of such products.",
        "The letters quote some pages. Among them:\n\n- cures pain\n- relieves stiffness",
        "Ads say much of that kind. Examples:\n\n- cures pain",
        "Acupuncture cures pain. False.",
        "Acupuncture cures pain. That's simply wrong.",
        "Acupuncture cures pain. Not true.",
        '## Five myths\n\n1. "Acupuncture cures pain." Nobody has shown that.',
        "**Pain myths**\n\n“Acupuncture cures pain.” Trials are small.",
        '### What clinics say and what we know\n\n> "Acupuncture cures pain."\n\nTrials are small.',
        '**"Acupuncture cures pain."**\n\nIt doesn\'t.',
        '"Acupuncture cures pain." No treatment does.',
        "Acupuncture cures pain. It does not.",
        "Acupuncture cures pain. This is a myth.",
        "Acupuncture cures pain. We wish it did.",
        "“Cures all pain.” “Relieves it in ten minutes or your money back.” “It just cures.” Beware.",
        "“Acupuncture cures pain.” “It just works.” Be wary of such promises.",
    ],
)
def test_a_slogan_that_is_warned_of_is_no_claim(text: str) -> None:
    assert words(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Acupuncture cures pain. Be wary of others.",
        "Cures all pain. Few things do. Nothing else helps. Be wary of others.",
        "## Cures all pain\n\nFew things do. Be wary of others.",
        "Cures all pain. You need not be wary of anything.",
        "Cures all pain. Ads say less.",
        "Acupuncture cures pain. True.",
        "Acupuncture cures pain. Is that false?",
        "Acupuncture cures pain. Nothing wrong with that.",
        "## Five myths\n\nAcupuncture cures pain.",
        '## Five myths\n\n"Acupuncture cures pain." — Ron, 67',
        "Acupuncture cures pain. Everyone else is wrong.",
        "Acupuncture cures pain. Chronic pain is now a myth.",
        "Acupuncture cures pain. Science, where others sell fiction.",
        '"Acupuncture cures pain." It does not get simpler than that.',
        '"Acupuncture cures pain." Not our words, but those of our patients.',
        '## Not a myth anymore\n\n"Acupuncture cures pain."',
        '## What clinics say about us\n\n"Acupuncture cures pain."',
        "Cures all pain. Beware of clinics that need ten visits.",
        "“Cures all pain.” “It just works.” Call us.",
        "“Acupuncture cures pain.” “It just works.” Beware: places are few.",
        "“Cures all pain.” " + "“It just works.” " * 9 + "Beware.",
        "“Acupuncture cures my pain.” “It just works.” “I love it.” Beware.",
        "Cures all pain. Beware? Come and see.",
        "Ads say much of that kind. Our facts:\n\n- cures pain",
        '## Five myths\n\nNo.\n\n## Results\n\n"Acupuncture cures pain." They know it.',
        '"Acupuncture cures my pain." It doesn\'t come back.',
        '"Acupuncture cures pain." No other clinic has it.',
        "The letters quote some pages. Here is what you can expect of our own therapy:\n\n- cures pain",
        "The letters quote some pages.\n\nAmong them:\n\n- cures pain",
    ],
)
def test_what_the_page_offers_stays_its_claim(text: str) -> None:
    assert words(text) != []


def test_a_slogan_that_is_let_off_says_why() -> None:
    document = read(b"Cures all pain. Be wary of such products.", "d", "markdown")
    checked = engine_with(WARNINGS).check(document, explain=True)
    (spared,) = checked.let_off or ()
    assert spared.context.modality == "debunked"
    assert "“be wary of” behind it: warns the reader" in spared.context.because
