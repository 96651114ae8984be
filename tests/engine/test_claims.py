"""Frames: who acts, by which verb, on what, in which wording."""

from __future__ import annotations

import pytest

from tests.engine.small_pack import findings, flagged


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Stem cell therapy relieves pain.", "relieves pain"),
        ("Acupuncture quickly and gently relieves your knee pain.", "relieves your knee pain"),
        ("Pain can be effectively relieved by acupuncture.", "Pain can be effectively relieved"),
        ("Acupuncture offers lasting relief from chronic pain.", "relief from chronic pain"),
        ("# Acupuncture for pain relief", "pain relief"),
        ("Acupuncture rebuilt his disc.", "rebuilt his disc"),
        ("Acupuncture optimizes every cell.", "optimizes every cell"),
        ("Acupuncture relieves bursitis.", "relieves bursitis"),
        ("Acupuncture relieves anemia.", "relieves anemia"),
        ("Acupuncture relieves stiffness, pain and fatigue.", "relieves stiffness"),
        ("# Acupuncture\n\n- Lifts the mood and relieves pain", "relieves pain"),
    ],
)
def test_a_benefit_is_found_in_every_wording(text: str, words: str) -> None:
    assert flagged(text) == [("warning", "efficacy/relieves", words)]


@pytest.mark.parametrize(
    "text",
    [
        "Your immune system relieves pain by itself.",
        "Doctors relieve pain with many methods.",
        "Surgery relieves pain.",
        "Bursitis relieves stiffness.",
        "Acupuncture is offered on Mondays. Relief, however, is another word for pain.",
        "We rebuild cell towers.",
        "Visitis relieved.",
        "Yoga lifts the mood and relieves pain.",
        "Pain can be relieved with surgery.",
        "It happens when the cells that give pain its name are relieved.",
        "To relieve pain, rest for a day.",
        "A study supported by many shows how pain is relieved by surgery.",
        "Therapies relieve pain in several ways.",
        "Some therapies relieve pain.",
        "Tending a garden can relieve pain.",
    ],
)
def test_what_is_no_claim_of_ours_stays_quiet(text: str) -> None:
    assert flagged(text) == []


@pytest.mark.parametrize(
    ("sentence", "claims"),
    [
        ("The cured arthritis patients met in May.", []),
        ("The relieved pain came back.", []),
        ("These cured arthritis.", ["cured arthritis"]),
        ("Those relieved stiffness.", ["relieved stiffness"]),
    ],
)
def test_behind_an_article_a_participle_describes(sentence: str, claims: list[str]) -> None:
    assert [words for _, _, words in flagged(f"# Acupuncture\n\n{sentence}")] == claims


def test_a_pronoun_stands_for_the_target_named_before() -> None:
    text = "Stem cell therapy promises to not only relieve pain but potentially cure it."
    assert flagged(text) == [
        ("warning", "efficacy/relieves", "relieve pain"),
        ("error", "cure/cures", "cure it"),
    ]


def test_an_unnamed_treatment_is_the_topic_of_the_page() -> None:
    (found,) = [
        f
        for f in findings("# Stem cell therapy\n\nIt cures tennis elbow.")
        if f.rule == "cure/cures"
    ]
    assert "on a page about “Stem cell therapy”" in found.context.because


@pytest.mark.parametrize(
    ("before", "topic"),
    [
        ("# Acupuncture and magnesium", "Acupuncture"),
        ("# Magnesium\n\nSome try acupuncture.", "Magnesium"),
        ("Acupuncture comes with magnesium, zinc and vitamin C.", "Acupuncture"),
        ("Magnesium is a mineral. Magnesium is in nuts.", "Magnesium"),
    ],
)
def test_an_ingredient_is_the_topic_where_no_treatment_is(before: str, topic: str) -> None:
    (found,) = [
        f for f in findings(f"{before}\n\nIt cures tennis elbow.") if f.rule == "cure/cures"
    ]
    assert f"on a page about “{topic}”" in found.context.because


@pytest.mark.parametrize("before", ["Acupuncture is new.", "Unlike surgery, acupuncture is new."])
def test_a_pronoun_is_explained_by_the_treatment_named_before_it(before: str) -> None:
    text = f"# Magnesium drips\n\n{before} It cures tennis elbow."
    (found,) = [f for f in findings(text) if f.rule == "cure/cures"]
    assert "about “acupuncture”" in found.context.because.lower()
    assert "on a page" not in found.context.because


def test_an_ingredient_named_in_passing_is_no_topic() -> None:
    text = "Magnesium is in nuts.\n\nIt cures tennis elbow."
    (found,) = [f for f in findings(text) if f.rule == "cure/cures"]
    assert "on a page about" not in found.context.because


def test_items_inherit_who_acts_and_how_it_is_meant_from_their_lead_in() -> None:
    listed = "\n\n- Relief from pain\n- Relief from stiffness\n"
    assert [f[0] for f in flagged("Acupuncture offers:" + listed)] == ["warning", "warning"]
    assert [f[0] for f in flagged("Acupuncture may offer:" + listed)] == ["note", "note"]
    assert flagged("Acupuncture does not offer:" + listed) == []
    assert flagged("Surgery offers:" + listed) == []


def test_a_verb_takes_hold_of_a_treatments_name() -> None:
    # "pain school" is a treatment in the small pack: its pain is no target, but it can be cured.
    assert flagged("Come to our pain school.") == []
    assert flagged("Cure pain school.") == [("error", "cure/cures", "Cure pain")]


def test_our_and_we_act() -> None:
    assert flagged("We relieve pain.") == [("warning", "efficacy/relieves", "relieve pain")]
    assert flagged("Our gentle wands relieve pain.")[0][0] == "warning"


def test_a_suggestion_speaks_the_drafts_own_words() -> None:
    (found,) = [f for f in findings("Acupuncture cures Tennis  Elbow.") if f.rule == "cure/cures"]
    assert found.suggestions == ("is discussed as Acupuncture for Tennis Elbow",)
    assert found.text == "cures Tennis  Elbow"


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("Acupuncture can cure pain.", ("be discussed as Acupuncture for pain",)),
        ("Acupuncture can fully cure pain.", ("be discussed as Acupuncture for pain",)),
        ("Acupuncture cures pain.", ("is discussed as Acupuncture for pain",)),
        ("These therapies cure pain.", ("are discussed as this treatment for pain",)),
        ("It helps by curing pain.", ()),
        ("A cure for pain.", ()),
    ],
)
def test_a_suggestion_takes_the_form_of_the_verb_it_replaces(
    text: str, suggested: tuple[str, ...]
) -> None:
    assert [f.suggestions for f in findings(text) if f.rule == "cure/cures"] == [suggested]


def test_two_statements_of_a_sentence_have_fingerprints_of_their_own() -> None:
    found = findings("Acupuncture cures pain and acupuncture cures bursitis.")
    assert len({f.fingerprint for f in found if f.rule == "cure/cures"}) == 2
    moved = findings("Hello.\n\nAcupuncture  cures pain and acupuncture cures bursitis.")
    assert {f.fingerprint for f in found} == {f.fingerprint for f in moved}


def test_hidden_text_is_a_note() -> None:
    hidden = '<p>Welcome.</p><p style="display:none">Acupuncture cures pain.</p>'
    assert flagged(hidden, "html") == [("note", "cure/cures", "cures pain")]


@pytest.mark.parametrize(
    ("text", "flagged_too"),
    [
        ("Zemtofix® numbs pain.", True),
        ("The new Zemtofix quickly numbs pain.", True),
        ("mVexa numbs pain.", True),
        ("Yesterday Dr. Zemtov numbs pain.", False),
        ("The committee numbs pain.", False),
    ],
)
def test_a_product_that_no_lexicon_knows_acts_too(text: str, flagged_too: bool) -> None:
    assert bool(flagged(text)) == flagged_too


def test_a_label_without_a_subject_speaks_of_the_product() -> None:
    assert flagged("Use: relieves pain.") == [("warning", "efficacy/relieves", "relieves pain")]
    assert flagged("Relieves pain.") == [("warning", "efficacy/relieves", "Relieves pain")]


def test_an_item_completes_the_verb_of_its_lead_in() -> None:
    text = "Acupuncture relieves:\n\n- Tennis elbow\n- Knee pain\n- Parking tickets\n"
    assert [f[2] for f in flagged(text)] == ["Tennis elbow", "pain"]
    assert flagged("Acupuncture does not relieve:\n\n- Tennis elbow\n") == []


def test_a_treatment_is_called_as_the_draft_calls_it() -> None:
    # Zinc is another name in the entry of magnesium.
    (named,) = findings("Zinc cures tennis elbow.")
    assert "about “Zinc”" in named.context.because
    (listed,) = [
        f for f in findings("Zinc cures:\n\n- tennis elbow\n") if f.context.because[:4] == "item"
    ]
    assert "about “Zinc”" in listed.context.because
    (acting,) = findings("Zinc is cheap, but magnesium cures tennis elbow.")
    assert "about “magnesium”" in acting.context.because
    unnamed = findings("# A guide to zinc\n\nIt cures tennis elbow.")
    assert "on a page about “zinc”" in unnamed[-1].context.because


def test_a_second_verb_of_a_sentence_that_does_not_begin_with_one_is_not_ours() -> None:
    page = "# Acupuncture\n\n"
    assert flagged(f"{page}Gloves warm the hand, and a towel warms and relieves pain.") == []
    assert flagged(f"{page}Besides, a brisk walk lifts the mood and relieves pain.") == []


def test_a_long_page_that_names_a_treatment_in_passing_is_not_about_it() -> None:
    page = "A study of acupuncture is due. " + "The sea is blue. " * 20
    (found,) = [f for f in findings(f"{page}\n\nIt cures tennis elbow.") if f.rule == "cure/cures"]
    assert "on a page about" not in found.context.because


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("We cure arthritis with stem cells.", "stem cells"),
        ("Cure your arthritis with stem cells today.", "stem cells"),
        ("Using stem cells, we cure arthritis.", "stem cells"),
        ("We cure arthritis, and our doctors work with stem cells.", None),
    ],
)
def test_who_acts_may_act_with_a_treatment(text: str, about: str | None) -> None:
    (found,) = [one for one in findings(text) if one.category == "cure"]
    assert (f"about “{about}”" in found.context.because) == (about is not None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Surgery relieves pain. It rebuilds the disc.", []),
        (
            "Acupuncture relieves pain. It rebuilds the disc.",
            ["relieves pain", "rebuilds the disc"],
        ),
        ("The immune system is busy. It rebuilds the disc.", []),
        ("## Surgery instead\n\nIt rebuilds the disc.", []),
        ("We opened in May. It rebuilds the disc.", ["rebuilds the disc"]),
    ],
)
def test_it_is_what_was_named_before(text: str, words: list[str]) -> None:
    assert [one[2] for one in flagged(f"# Stem cells\n\n{text}")] == words


def test_a_heading_that_only_says_myth_denies_what_stands_under_it() -> None:
    assert flagged("## Myth #1\n\nAcupuncture cures pain.") == []
    (answer,) = flagged("## Myth: acupuncture hurts\n\nAcupuncture cures pain.")
    assert answer[2] == "cures pain"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Our therapy is an approach that cures arthritis.", ["cures arthritis"]),
        ("Acupuncture is care that relieves pain.", ["relieves pain"]),
        ("We help with that relief from home.", []),
    ],
)
def test_a_relative_clause_has_a_verb(text: str, words: list[str]) -> None:
    assert [one[2] for one in flagged(text)] == words
