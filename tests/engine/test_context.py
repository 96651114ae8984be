"""Cues: what silences a statement, what lowers it, what only looks like a cue."""

from __future__ import annotations

import pytest

from tests.engine.small_pack import findings, flagged


@pytest.mark.parametrize(
    "text",
    [
        "Acupuncture does not cure pain.",
        "There is no cure for bursitis.",
        "Acupuncture as a cure for bursitis is unproven.",
        "Can acupuncture cure pain?",
        "We ask whether, after many years, acupuncture can cure pain.",
        "It does not cure bursitis, pain, or stiffness.",
        "Acupuncture is not a drug that heals and cures pain.",
        "Acupuncture was not meant to say that it cures pain.",
        "It does not mean that it soothes and cures pain.",
        "It does not follow the tea is good and cures pain.",
        "There is not a drug that relieves and cures pain.",
        "We do not sell pills and cures for pain.",
    ],
)
def test_silenced(text: str) -> None:
    assert flagged(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Acupuncture not only cures pain.",
        "Surgery is not needed; acupuncture cures pain.",
        "It is not expensive, and acupuncture cures pain.",
        "Acupuncture cures pain with no side effects.",
        "Stem cells, which are not approved for it, cure arthritis and acupuncture cures pain.",
        "Although critics call it a myth, acupuncture cures pain.",
        "It is a myth that acupuncture costs much, but acupuncture cures pain.",
        "It is a myth that surgery is better, and acupuncture cures pain.",
        "Acupuncture cures pain and is unproven for sleep.",
        "Acupuncture is not a drug and cures pain.",
        "It isn't a drug and cures pain.",
        "It is not a drug and also cures pain.",
        "It is a myth that acupuncture not cures pain.",
        "While it does not suit everyone, 95% say that it cures pain.",
        "While it does not suit everyone, nearly all say that it cures pain.",
    ],
)
def test_a_cue_reaches_no_further_than_its_clause(text: str) -> None:
    assert ("error", "cure/cures", "cures pain") in flagged(text)


def test_a_hedge_lowers_a_benefit_by_a_step_and_says_so() -> None:
    (found,) = findings("Acupuncture may relieve pain.")
    assert (found.severity, found.context.modality) == ("note", "hedged")
    assert "“may”" in found.context.because


def test_a_hedge_covers_its_own_clause() -> None:
    text = "Acupuncture relieves pain; it may do so."
    assert flagged(text) == [("warning", "efficacy/relieves", "relieves pain")]


def test_a_hedge_never_lowers_a_promised_cure() -> None:
    assert flagged("Acupuncture may cure pain.") == [("error", "cure/cures", "cure pain")]


def test_an_unapproved_product_is_never_below_a_warning() -> None:
    assert flagged("Stem cell therapy may relieve pain.")[0][0] == "warning"


def test_a_phrase_that_holds_a_cue_is_a_statement_of_its_own() -> None:
    assert flagged("There are no side effects.") == [
        ("warning", "superlative/miracle", "no side effects")
    ]


def test_a_closed_sentence_before_a_list_says_nothing_of_its_items() -> None:
    items = "\n\n- Cure arthritis with our therapy\n"
    assert flagged(f"It does not hurt.{items}") == [("error", "cure/cures", "Cure arthritis")]
    assert flagged(f"It does not:{items}") == []
    assert flagged(f"The therapy does not do the following.{items}") == []


@pytest.mark.parametrize(
    "text",
    [
        "Did you know that acupuncture cures pain?",
        "Ready to cure your pain?",
        "Why does acupuncture cure pain so well?",
        "Would you like to know that acupuncture cures pain?",
        "Acupuncture cures pain, right?",
        "If pills have failed, why does acupuncture cure pain?",
    ],
)
def test_a_question_that_takes_it_for_granted_is_a_statement(text: str) -> None:
    assert [f[0] for f in flagged(text)] == ["error"]


@pytest.mark.parametrize(
    "text",
    [
        "Q: Does acupuncture cure pain?",
        "But can acupuncture cure pain?",
        "Who can cure pain?",
        "If pills have failed, can acupuncture cure pain?",
    ],
)
def test_a_real_question_is_none(text: str) -> None:
    assert flagged(text) == []
