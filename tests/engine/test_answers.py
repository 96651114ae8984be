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
        "Well, it can.",
        "Yup.",
        "Yes! Book your visit today.",
        "In most people it does.",
        "In our experience, it does.",
        "A: It does.",
        "Answer: It certainly can.",
        "For nearly everyone, it has.",
        "In the vast majority of adults, it can.",
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
        "Yes?",
        "Yes, in mice.",
        "Yes. That is the promise. It is a false one.",
        "Yes, that is what many will tell you. It is not true.",
        "Definitely ask your doctor before you decide.",
        "Certainly a question we hear every day.",
        "Of course you will want to know.",
        "This is, we think, a fair question.",
        "We do, now and then, hear this.",
        "It is late.",
        "Yes (Smith et al., 2019).",
        "Yes, according to its makers.",
        "Yes, it is FDA-cleared for this.",
        "In some people it does.",
        "For most people, it does not.",
        "In most people it does, but trials disagree.",
        "In most people, pain comes and goes.",
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


@pytest.mark.parametrize(
    "question",
    [
        "Is it wrong to say that acupuncture cures pain?",
        "Is it against the law to advertise that acupuncture cures pain?",
        "Are there risks when acupuncture cures pain?",
        "Do I need a referral before acupuncture cures pain?",
        "Can pain come back after acupuncture cures pain?",
    ],
)
def test_a_yes_to_something_else_leaves_the_claim_open(question: str) -> None:
    assert flagged(f"{question} Yes.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Can acupuncture cure pain?\n\n- Yes\n- No\n- I do not know",
        "| Statement | Yes | No |\n|---|---|---|\n| Can acupuncture cure pain? | yes | no |",
        "Can acupuncture cure pain?[^1]\n\n[^1]: Yes, it can.",
        "---\ntitle: Can acupuncture cure pain?\nindexed: Yes please\n---\n\nText.",
        "## Can acupuncture cure pain?\n\n## Sure Clinic",
        "Can acupuncture cure pain? Yes.\n\nBut only in mice.",
    ],
)
def test_what_only_stands_behind_a_question_is_no_answer(text: str) -> None:
    assert flagged(text) == []


def test_a_picture_may_stand_between() -> None:
    text = "## Can acupuncture cure pain?\n\n![A knee](knee.jpg)\n\nYes, it can."
    assert ("error", "cure/cures", "cure pain") in flagged(text)
