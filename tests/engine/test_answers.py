"""A question that the draft answers with yes says what it asks."""

from __future__ import annotations

import pytest

from tests.engine.small_pack import findings, flagged


@pytest.mark.parametrize(
    "answer",
    [
        "Yes!",
        "Yes, and we show you how.",
        "Yes, it can.",
        "Absolutely.",
        "It certainly can.",
        "Of course.",
        "You bet.",
        "Without a doubt.",
        "The short answer is yes.",
        "In a word: yes.",
    ],
)
def test_a_question_answered_with_yes_is_a_claim(answer: str) -> None:
    (found,) = findings(f"Can acupuncture cure pain? {answer}")
    assert (found.severity, found.words) == ("error", "cure pain")
    assert "answered with yes" in found.context.because


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "No.",
        "It does not.",
        "It depends on the person.",
        "Yes, but the evidence is limited.",
        "Yes. However, it may be some time before we know.",
        "Yes, some studies say so.",
        "Yesterday we asked.",
        "We do not know.",
        "Ask your doctor.",
    ],
)
def test_any_other_answer_leaves_it_open(answer: str) -> None:
    assert flagged(f"Can acupuncture cure pain? {answer}") == []


def test_the_answer_may_stand_under_the_question() -> None:
    assert ("error", "cure/cures", "cure pain") in flagged("## Can acupuncture cure pain?\n\nYes.")
    assert flagged("## Can acupuncture cure pain?\n\nNo.") == []


def test_the_next_question_does_not_answer_the_last() -> None:
    text = "## Can acupuncture cure pain?\n\n## Is it offered here?\n\nYes."
    assert flagged(text) == []
