"""The formulas agree with textstat on plain prose, and hold on the prose that misleads it."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
import textstat
from hypothesis import given
from hypothesis import strategies as st

from claimlint.cache import CacheFolder
from claimlint.engine import readability
from claimlint.engine.readability import TokenCounts, measure
from claimlint.engine.syllables import WordTable, open_word_table
from claimlint.model.report import Readability

EASY = """
The clinic is open from Monday to Friday. You can call us at any time of the day. A nurse will ask
you how you feel and what you need. Please bring a list of the pills that you take. We will talk
about your plan and answer your questions. You may bring a friend with you.
"""
PLAIN = """
Physical therapy helps many people return to their daily activities after an operation. Your
therapist will measure how far the joint moves and will choose exercises that suit you. Some
patients notice a change within three weeks, others need considerably more time. Tell your doctor
immediately if the swelling gets worse or if you develop a fever. Don't stop taking your medication
without asking first.
"""
HARD = """
Osteoarthritis is characterised by progressive deterioration of articular cartilage, accompanied by
inflammation of the surrounding synovial membrane. Pharmacological management traditionally
emphasises symptomatic improvement, although contemporary recommendations increasingly prioritise
individualised exercise and education. Considerable uncertainty remains regarding the comparative
effectiveness of injectable preparations, particularly among elderly participants with additional
cardiovascular conditions.
"""
LETTER = " ".join(f"We saw {name} in the garden and she was happy." for name in ("Ann", "Eve") * 20)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> WordTable:
    return open_word_table(CacheFolder(str(tmp_path_factory.mktemp("words"))))


@pytest.fixture
def counts(table: WordTable) -> TokenCounts:
    return TokenCounts(table)


def sentences(text: str) -> list[tuple[str, int, int]]:
    """Divide prose that has a stop at the end of its sentences and nowhere else."""
    found = re.finditer(r"\S[^.?!]*[.?!]+", " ".join(text.split()))
    return [(match[0], match.start(), match.end()) for match in found]


def measured(prose: list[str], counts: TokenCounts) -> Readability:
    """Measure sentences that are enough to measure."""
    result = measure([(one, 0, 0) for one in prose], counts, 8.0)
    assert result is not None
    return result


def same_words(first: Readability, second: Readability) -> bool:
    return all(
        getattr(first, name) == getattr(second, name)
        for name in Readability.__struct_fields__
        if name != "hardest"
    )


@pytest.mark.parametrize(
    "text", [EASY, PLAIN, HARD, LETTER], ids=["easy", "plain", "hard", "letter"]
)
def test_the_formulas_agree_with_textstat(text: str, counts: TokenCounts) -> None:
    text = " ".join(text.split())
    result = measure(sentences(text), counts, 8.0)
    assert result is not None
    assert result.words == textstat.lexicon_count(text)
    assert result.sentences == textstat.sentence_count(text)
    for name, theirs in {
        "flesch_reading_ease": textstat.flesch_reading_ease,
        "flesch_kincaid_grade": textstat.flesch_kincaid_grade,
        "smog_index": textstat.smog_index,
        "gunning_fog": textstat.gunning_fog,
        "coleman_liau_index": textstat.coleman_liau_index,
        "automated_readability_index": textstat.automated_readability_index,
        "dale_chall": textstat.dale_chall_readability_score,
    }.items():
        assert getattr(result, name) == pytest.approx(theirs(text), abs=0.00501), name


def test_the_formulas_rank_texts_as_a_reader_would(counts: TokenCounts) -> None:
    easy, plain, hard = (
        measured([one for one, _, _ in sentences(text)], counts) for text in (EASY, PLAIN, HARD)
    )
    assert (
        easy.flesch_kincaid_grade < 5 < plain.flesch_kincaid_grade < 12 < hard.flesch_kincaid_grade
    )
    assert easy.flesch_reading_ease > plain.flesch_reading_ease > hard.flesch_reading_ease
    assert easy.dale_chall < plain.dale_chall < hard.dale_chall


def test_smog_is_marked_as_unreliable_under_thirty_sentences(counts: TokenCounts) -> None:
    one = "We saw Ann in the garden."
    assert not measured([one] * 29, counts).smog_reliable
    assert measured([one] * 30, counts).smog_reliable


def test_a_text_of_a_few_words_is_not_measured(counts: TokenCounts) -> None:
    one = "We saw Ann in the garden today with her dog."
    assert measure([(one, 0, 0)] * 2, counts, 8.0) is None
    assert measure([], counts, 8.0) is None
    assert measure([("", 0, 0), ("\u2022 \u2014 \u2026", 0, 0)], counts, 8.0) is None
    assert measured([one] * 3, counts).words == 30


def test_a_list_is_read_item_by_item(counts: TokenCounts) -> None:
    items = ["Less pain at night", "Better sleep and more rest", "A walk with your dog"] * 4
    result = measured(items, counts)
    assert result.sentences == 12
    assert result.flesch_kincaid_grade < 3


def test_labels_do_not_make_a_text_look_easier(counts: TokenCounts) -> None:
    prose = [one for one, _, _ in sentences(HARD)]
    labels = ["Our team", "Contact", "45 %", "PRP", "$ 1,200"]
    assert same_words(measured(prose + labels * 9, counts), measured(prose, counts))


def test_short_sentences_count(counts: TokenCounts) -> None:
    prose = [one for one, _, _ in sentences(HARD)]
    short = ["It works.", 'She said "no."', "Why?", "(Call us!)"]
    assert measured(prose + short, counts).sentences == len(prose) + 4


@pytest.mark.parametrize(
    "citation",
    [
        "https://doi.org/10.1016/j.stem.2019.01.001",
        "(10.1002/sctm.17-0199)",
        "doi:10.1177/0363546514565770",
        "www.example.org/a-page",
        "clinic@example.org",
        "<https://clinicaltrials.gov/study/NCT01234567>",
        "ClinicalTrials.gov",
        "[12]",
        "[3,4\u20137]",
        "\u00b9\u00b2",
    ],
)
def test_a_citation_changes_no_figure(citation: str, counts: TokenCounts) -> None:
    prose = [one for one, _, _ in sentences(PLAIN)]
    cited = [one[:-1] + f" {citation}." for one in prose]
    plain = measured(prose, counts)
    with_citation = measured(cited, counts)
    # The full stop now stands with the citation, so that the strokes of ARI lack it.
    assert with_citation.flesch_kincaid_grade == plain.flesch_kincaid_grade
    assert with_citation.coleman_liau_index == plain.coleman_liau_index
    assert with_citation.dale_chall == plain.dale_chall
    assert measured([*prose, citation], counts).sentences == plain.sentences


def test_a_reference_number_glued_to_a_word_leaves_the_word(counts: TokenCounts) -> None:
    prose = [one for one, _, _ in sentences(PLAIN)]
    assert same_words(
        measured([one + "[12]" for one in prose], counts),
        measured([one + "\u00b9\u00b2" for one in prose], counts),
    )
    assert same_words(measured([one + "[12]" for one in prose], counts), measured(prose, counts))


def totals(words: str, counts: TokenCounts) -> tuple[int, int]:
    """Return the number of words and of syllables that are counted in `words`."""
    base = "the " * 30
    before, after = measured([base], counts), measured([base + words], counts)
    added = after.words - before.words
    per_word = (206.835 - 1.015 * after.words - after.flesch_reading_ease) / 84.6
    return added, round(per_word * after.words) - 30


@pytest.mark.parametrize(
    ("text", "words", "syllables"),
    [
        ("long-lasting", 1, 3),
        ("anti-inflammatory", 1, 7),
        ("long\u2011lasting", 1, 3),
        ("treatment\u2014which", 2, 3),
        ("pain--relief", 2, 3),
        ("water/sugar", 2, 4),
        ("garden:water", 2, 4),
        ("garden,water", 2, 4),
        ("1,000,000", 1, 1),
        ("3.5", 1, 1),
        ("24/7", 1, 1),
        ("10:30", 1, 1),
        ("12%", 1, 1),
        ("don't", 1, 1),
        ("don\u2019t", 1, 1),
        ("DON'T", 1, 1),
        ("'therapy'", 1, 3),
        ("injection(s)", 1, 3),
        ("\U0001f600", 0, 0),
        ("\u2022", 0, 0),
        ("-", 0, 0),
        ("&", 0, 0),
        ("wait...what", 2, 2),
    ],
)
def test_words_and_syllables_of_unusual_tokens(
    text: str, words: int, syllables: int, counts: TokenCounts
) -> None:
    assert totals(text, counts) == (words, syllables)


def test_a_compound_is_as_hard_as_its_hardest_part(counts: TokenCounts) -> None:
    base = "We saw Ann in the garden. " * 8
    plain = measured([one for one, _, _ in sentences(base)], counts)
    easy = measured([one for one, _, _ in sentences(base + "We saw a well-dressed man.")], counts)
    hard = measured([one for one, _, _ in sentences(base + "We saw a bio-chemical man.")], counts)
    assert easy.gunning_fog < plain.gunning_fog < hard.gunning_fog


def test_the_hardest_sentences_come_first_and_are_placed(counts: TokenCounts) -> None:
    parts = [*sentences(EASY), *sentences(HARD)]
    placed = [(prose, 100 * number, 100 * number + 9) for number, (prose, _, _) in enumerate(parts)]
    result = measure(placed, counts, 8.0)
    assert result is not None
    shown = [hard.text for hard in result.hardest]
    assert sorted(shown) == sorted(prose for prose, _, _ in sentences(HARD))
    grades = [hard.grade for hard in result.hardest]
    assert grades == sorted(grades, reverse=True)
    for hard in result.hardest:
        assert (hard.text, hard.start, hard.end) in placed
        assert hard.words == len(hard.text.split())


def test_equally_hard_sentences_are_shown_in_the_order_of_the_text(counts: TokenCounts) -> None:
    one = "The therapist will measure how far the painful joint can move today."
    result = measure([(one, start, start + 9) for start in (500, 10, 300, 40, 200)], counts, 8.0)
    assert result is not None
    assert [hard.start for hard in result.hardest] == [10, 40, 200]


def test_a_short_sentence_is_hardest_only_where_all_are_short(counts: TokenCounts) -> None:
    short = "Polydeoxyribonucleotide administration necessitates immunohistochemistry."
    long = "You can call us at any time of the day or night."
    result = measured([short, long, long, long], counts)
    assert [hard.text for hard in result.hardest] == [long] * 3
    assert measured([short] * 8, counts).hardest[0].text == short


def test_an_endless_sentence_is_shown_in_part(counts: TokenCounts) -> None:
    result = measured(["word " * 100_000], counts)
    assert result.words == 100_000
    assert len(result.hardest[0].text) < 1_000


def test_the_target_is_told(counts: TokenCounts) -> None:
    result = measure(sentences(PLAIN), counts, 6.5)
    assert result is not None
    assert result.target_grade == 6.5


def test_memory_of_words_is_bounded_and_changes_nothing(
    table: WordTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = measure(sentences(HARD), TokenCounts(table), 8.0)
    monkeypatch.setattr(readability, "_REMEMBERED_TOKENS", 5)
    counts = TokenCounts(table)
    for _ in range(3):
        assert measure(sentences(HARD), counts, 8.0) == expected
        assert len(counts) <= 5
    measure([("a" * 10_000, 0, 0)], counts, 8.0)
    assert "a" * 10_000 not in counts


@given(st.lists(st.text(max_size=80), max_size=12))
def test_any_text_gives_finite_figures_or_none(table: WordTable, texts: list[str]) -> None:
    lines = [*texts, *(one for one, _, _ in sentences(EASY))]
    for chosen in (lines, texts):
        result = measure([(one, 0, len(one)) for one in chosen], TokenCounts(table), 8.0)
        if result is not None:
            numbers = [getattr(result, name) for name in Readability.__struct_fields__[:-1]]
            assert all(math.isfinite(number) for number in numbers)
            assert 0 < result.sentences <= len(chosen)


@given(st.permutations([one for one, _, _ in sentences(EASY + PLAIN + HARD)]))
def test_the_order_of_sentences_changes_no_figure(table: WordTable, prose: list[str]) -> None:
    kept = [one for one, _, _ in sentences(EASY + PLAIN + HARD)]
    counts = TokenCounts(table)
    assert same_words(measured(prose, counts), measured(kept, counts))


def test_the_examples_of_the_rule_hold(counts: TokenCounts) -> None:
    pack = Path(__file__).parents[2] / "rulesets" / "readability" / "readability.yaml"
    text = " ".join(pack.read_text(encoding="utf-8").split("flag:")[1].split())
    flagged, passing = text.split(" pass: ")
    for example in flagged.split("- >- ")[1:]:
        (marked,) = re.findall(r"\[\[(.*?)\]\]", example)
        result = measure(sentences(example.replace("[[", "").replace("]]", "")), counts, 8.0)
        assert result is not None
        assert result.flesch_kincaid_grade > 8
        assert result.hardest[0].text == marked
    easy, short = passing.removeprefix("- >- ").split(" - ")
    result = measure(sentences(easy), counts, 8.0)
    assert result is not None
    assert result.flesch_kincaid_grade < 8
    assert measure(sentences(short), counts, 8.0) is None
