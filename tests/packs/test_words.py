"""Inflection, spelling and the wording syntax, as an author sees them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimlint.model.words import words
from claimlint.packs.inflect import all_forms, plural, verb_forms
from claimlint.packs.spelling import variants
from claimlint.packs.wording import EXPANSION_LIMIT, WordingError, expand

VERBS = """
cure cures curing cured cured
heal heals healing healed healed
stop stops stopping stopped stopped
carry carries carrying carried carried
play plays playing played played
fix fixes fixing fixed fixed
relax relaxes relaxing relaxed relaxed
die dies dying died died
free frees freeing freed freed
prefer prefers preferring preferred preferred
heighten heightens heightening heightened heightened
panic panics panicking panicked panicked
undergo undergoes undergoing underwent undergone
overcome overcomes overcoming overcame overcome
regrow regrows regrowing regrew regrown
rebuild rebuilds rebuilding rebuilt rebuilt
prove proves proving proved proven
get gets getting got got
have has having had had
cancel cancels cancelling cancelled cancelled
quit quits quitting quit quit
symptom symptoms symptoming symptomed symptomed
"""
PLURALS = {
    "cell": "cells", "therapy": "therapies", "day": "days", "process": "processes",
    "diagnosis": "diagnoses", "woman": "women", "human": "humans", "child": "children",
    "vertebra": "vertebrae", "knife": "knives", "virus": "viruses", "stomach": "stomachs",
    "arthritis": "arthritis", "symptoms": "symptoms", "diabetes": "diabetes", "tooth": "teeth",
    "meniscus": "menisci", "illness": "illnesses", "box": "boxes", "potato": "potatoes",
    "aesthetics": "aesthetics", "gas": "gases",
}  # fmt: skip
SPELLINGS = [
    ("tumour", "tumor"), ("behavioural", "behavioral"), ("odourless", "odorless"),
    ("organisation", "organization"), ("optimised", "optimized"), ("analyse", "analyze"),
    ("catalysing", "catalyzing"), ("anaemia", "anemia"), ("haematoma", "hematoma"),
    ("haemorrhoids", "hemorrhoids"), ("paediatric", "pediatric"), ("orthopaedic", "orthopedic"),
    ("oedema", "edema"), ("lymphoedema", "lymphedema"), ("oesophagus", "esophagus"),
    ("oestrogen", "estrogen"), ("diarrhoea", "diarrhea"), ("gynaecology", "gynecology"),
    ("leukaemia", "leukemia"), ("anaesthetic", "anesthetic"), ("caesarean", "cesarean"),
    ("foetus", "fetus"), ("centre", "center"), ("fibres", "fibers"), ("litre", "liter"),
    ("labelled", "labeled"), ("travelling", "traveling"), ("ageing", "aging"),
    ("defence", "defense"), ("licence", "license"), ("programme", "program"), ("grey", "gray"),
    ("practise", "practice"), ("apnoea", "apnea"), ("hypoglycaemia", "hypoglycemia"),
]  # fmt: skip
_ONE = """
exercise promise advertised surprising size prized raised treatment disease rise wise our hour
detour pour source course seized supervised premise expertise noise color's theme chemical
"""
ONE_SPELLING = _ONE.split()


@pytest.mark.parametrize("line", VERBS.strip().splitlines(), ids=lambda line: line.split()[0])
def test_verb_forms(line: str) -> None:
    assert list(verb_forms(line.split(maxsplit=1)[0])) == line.split()


def test_given_irregular_forms_win() -> None:
    assert verb_forms("shine", "shone").participle == "shone"
    assert verb_forms("prove", participle="proved") == (
        "prove", "proves", "proving", "proved", "proved",
    )  # fmt: skip


@pytest.mark.parametrize(("noun", "expected"), PLURALS.items())
def test_plurals(noun: str, expected: str) -> None:
    assert plural(noun) == expected


def test_a_tilde_stands_for_noun_and_verb_forms() -> None:
    assert set(all_forms("treat")) == {"treat", "treats", "treating", "treated"}
    assert set(all_forms("study")) == {"study", "studies", "studying", "studied"}
    assert set(all_forms("treatment")) == {"treatment", "treatments"}
    assert set(all_forms("be")) >= {"is", "are", "was", "been"}


@pytest.mark.parametrize(("british", "american"), SPELLINGS)
def test_spellings_in_both_directions(british: str, american: str) -> None:
    assert american in variants(british)
    assert british in variants(american)


@pytest.mark.parametrize("word", ONE_SPELLING)
def test_words_with_one_spelling(word: str) -> None:
    assert variants(word) == ()


@given(st.text("abcdeilmnoprstuyz", min_size=1, max_size=14))
def test_a_word_has_few_spellings_and_never_itself(word: str) -> None:
    found = variants(word)
    assert len(found) <= 3
    assert word not in found
    assert len(set(all_forms(word))) <= 8


@pytest.mark.parametrize(
    ("wording", "surfaces"),
    [
        ("Stem Cell", {("stem", "cell")}),
        ("non-surgical", {("non", "surgical"), ("nonsurgical",)}),
        ("cure~ all", {("cure", "all"), ("cures", "all"), ("curing", "all"), ("cured", "all")}),
        ("stem-cell~", {("stem", "cell"), ("stemcell",), ("stem", "cells"), ("stemcells",),
                        ("stem", "celling"), ("stemcelling",), ("stem", "celled"), ("stemcelled",)}),
        ("no ... @cure", {("no", "...", "@cure")}),
        ("no … cure", {("no", "...", "cure")}),
        ("tumour", {("tumour",), ("tumor",)}),
        ("100%", {("100", "%")}),
    ],
)  # fmt: skip
def test_expansion(wording: str, surfaces: set[tuple[str, ...]]) -> None:
    assert set(expand(wording)) == surfaces


@pytest.mark.parametrize("wording", ["", "... x", "x ...", "x ... ... y", "~x", "@Cure", "a @b~"])
def test_wordings_that_cannot_be_read(wording: str) -> None:
    with pytest.raises(WordingError):
        expand(wording)


@given(st.text(max_size=60))
def test_any_text_expands_within_the_limit_or_is_refused(text: str) -> None:
    try:
        found = expand(text)
    except WordingError:
        return
    assert 0 < len(found) <= EXPANSION_LIMIT
    assert all(elements and all(elements) for elements in found)


@given(
    st.lists(
        st.sampled_from(["the", "pain", "relief", "clinic's", "first-rate", "3", "weeks"]),
        min_size=1,
    )
)
def test_plain_words_match_themselves(parts: list[str]) -> None:
    text = " ".join(parts)
    assert tuple(words(text)) in expand(text)


@pytest.mark.parametrize(("compound", "word"), [("SAM-e", "same"), ("CAR-T", "cart")])
def test_a_compound_is_not_joined_into_another_word(compound: str, word: str) -> None:
    assert (word,) not in expand(compound)
    assert ("followup",) in expand("follow-up")
