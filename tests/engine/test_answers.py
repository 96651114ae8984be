"""A question that the draft answers with yes says what it asks."""

from __future__ import annotations

import pytest

from claimlint.readers import read
from tests.engine.small_pack import engine_with, findings, flagged


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


ANSWERS = """
rules:
  - id: more/answer
    title: A complaint and its answer
    category: efficacy
    severity: warning
    kind: phrase
    match: ["@symptom ? @treatment", "pain : none"]
    message: m
    why: w
"""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Pain? Acupuncture.", ["Acupuncture"]),
        ("Pain? None!", ["None"]),
        ("Pain? Ask about acupuncture.", []),
        ("Pain? Acupuncture?", []),
        ("Is it the pain of the old days? Acupuncture.", []),
        ("Pain? Acupuncture may not help.", []),
    ],
)
def test_a_complaint_is_read_with_its_answer(text: str, words: list[str]) -> None:
    document = read(text.encode(), "d", "markdown")
    found = engine_with(ANSWERS).check(document).findings
    assert [one.words for one in found if one.rule == "more/answer"] == words


PRAISE = """
rules:
  - id: more/proven
    title: Proven
    category: evidence
    severity: error
    kind: evidence
    fault: unsupported
    match: [proven]
    message: m
    why: w
"""


@pytest.mark.parametrize(
    ("text", "praises"),
    [
        ("Surgery is proven.", False),
        ("Surgery is proven to relieve pain.", False),
        ("Our surgery is proven.", True),
        ("After surgery, the sleeve is proven.", True),
        ("Surgery helps, but the sleeve is proven.", True),
        ("Unlike surgery, acupuncture is proven.", True),
        ("It is proven, unlike surgery.", True),
    ],
)
def test_of_usual_care_it_may_be_said_that_it_is_proven(text: str, praises: bool) -> None:
    document = read(text.encode(), "d", "markdown")
    checked = engine_with(PRAISE).check(document, explain=True)
    assert any(one.rule == "more/proven" for one in checked.findings) == praises
    if not praises:
        [spared] = [one for one in checked.let_off or () if one.rule == "more/proven"]
        assert "usual care" in spared.context.because
