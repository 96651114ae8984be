"""What takes back the sentence before it, and what only sounds like that."""

from __future__ import annotations

import pytest

from claimlint.engine.statement import Statement
from claimlint.engine.verdicts import calls_false, denies


def sentence(text: str) -> Statement:
    return Statement(0, 0, text, 0, len(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("False.", "false"),
        ("Wrong: the effect fades in a week.", "wrong"),
        ("Entirely false, doctors say.", "false"),
        ("That is wrong, and here is why.", "wrong"),
        ("This is a myth.", "myth"),
        ("Verdict: not true.", "not true"),
        ("This is simply not the case.", "not the case"),
        ("No, they do not.", "do not"),
        ("It can't.", "can't"),
        ("We wish it did.", "we wish it did"),
    ],
)
def test_a_verdict(text: str, words: str) -> None:
    assert calls_false(sentence(text)) == words


@pytest.mark.parametrize(
    "text",
    [
        "True.",
        "Is that false?",
        "Surgery is the wrong answer.",
        "Everyone else is wrong.",
        "Chronic pain is now a myth.",
        "Fiction no more.",
        "It does not hurt.",
        "Nothing wrong with that.",
    ],
)
def test_no_verdict(text: str) -> None:
    assert calls_false(sentence(text)) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It has not been shown in people.", True),
        ("There is no trial that says so.", True),
        ("We do not know.", True),
        ("No supplement can do that.", True),
        ("It does not get simpler than that.", False),
        ("It is not complicated.", False),
        ("There is no doubt about it.", False),
        ("No operation needed.", False),
        ("No supplement comes close.", False),
    ],
)
def test_a_denial_of_a_quotation(text: str, expected: bool) -> None:
    assert denies(sentence(text)) is expected
