"""Names of products: by their writing, since no lexicon has them."""

from __future__ import annotations

import pytest

from claimlint.engine.names import Names
from claimlint.engine.statement import Statement
from claimlint.engine.syllables import open_word_table
from tests.engine.small_pack import flagged

NAMES = Names(open_word_table(None))


def coined(text: str) -> list[str]:
    said = Statement(0, 0, text, 0, len(text))
    return [said.written(at) for at in sorted(NAMES.coined(said))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Bermalin eases the morning.", ["Bermalin"]),
        ("Ask for HepaClear or XELANTRA.", ["HepaClear", "XELANTRA"]),
        ("The Relief® band is blue.", ["Relief"]),
        ("Bermalin's maker has gone.", ["Bermalin's"]),
        ("The doctor from Boston asked Anna about the MRI.", []),
        ("BERMALIN EASES THE MORNING.", []),
        ("the drug mirabegron relaxes the bladder", []),
    ],
)
def test_a_name_is_a_capital_on_a_word_that_no_dictionary_has(text: str, names: list[str]) -> None:
    assert coined(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Bermalin relieves pain.",
        "XELANTRA relieves pain.",
        "Every evening Bermalin relieves pain.",
        "The bands are designed to relieve pain.",
        "Cushions engineered to relieve pain.",
    ],
)
def test_what_is_named_or_made_for_it_is_on_offer(text: str) -> None:
    assert [found[1] for found in flagged(text)] == ["efficacy/relieves"]


@pytest.mark.parametrize(
    "text",
    [
        "Boston relieves pain.",
        "Walks can relieve pain.",
        "Telehealth relieves pain.",
        "Physiotherapists relieve pain.",
        "The Smith Trust relieves pain.",
        "The study was designed to relieve pain.",
        "The hospice is intended to relieve pain.",
    ],
)
def test_other_words_are_not(text: str) -> None:
    assert flagged(text) == []


@pytest.mark.parametrize(
    ("text", "readable"),
    [
        ("It helps your knees with every step you take.", True),
        ("HepaClear NeuroMax GlycoTrim Bermalin", True),
        ("RCCCPPm/cJrMPkOx/NKIPCw/EwYDnHg/XewdnDrlAvV/XParYYZuR/fzFiyzgN", False),
    ],
)
def test_codes_are_no_words(text: str, readable: bool) -> None:
    said = Statement(0, 0, text, 0, len(text))
    assert NAMES.are_words(said) is readable
