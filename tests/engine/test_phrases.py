"""Phrases, templates, patterns: which words are hit, exactly."""

from __future__ import annotations

import pytest

from claimlint.engine.sentences import sentence_ranges
from claimlint.readers import read
from tests.engine.small_pack import engine_with, findings, flagged


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Miracles happen here.", "Miracles"),
        ("Our non-surgical wonder.", "non-surgical wonder"),
        ("Our nonsurgical wonder.", "nonsurgical wonder"),
        ("Our non surgical\u00a0wonder.", "non surgical wonder"),
        ("A life free of all your old pain.", "free of all your old pain"),
        ("Free of pain at last.", "Free of pain"),
        ("Hurry: only 3 spots left!", "only 3 spots"),
        ("Our spots nearly gone.", "spots nearly gone"),
        ("A mira\u00adcle.", "miracle"),
    ],
)
def test_words_are_exact(text: str, words: str) -> None:
    (found,) = findings(text)
    assert found.words == words
    assert found.text == text[found.span.start.offset : found.span.end.offset]


@pytest.mark.parametrize(
    "text",
    [
        "Mirac les.",
        "A wonder, non surgical.",
        "Free of all the many very old nasty pain.",
        "spots left",
    ],
)
def test_near_misses(text: str) -> None:
    assert flagged(text) == []


def test_of_overlapping_statements_the_most_severe_remains() -> None:
    assert flagged("A miracle cure for bursitis.") == [
        ("warning", "superlative/miracle", "miracle"),
        ("error", "cure/cures", "cure for bursitis"),
    ]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Dr. Lee et al. found it. Fig. 2 shows approx. 5 mL.", 2),
        ("It works.1 Next one. See [1].", 3),
        ("It works.[4–6] Next one.", 2),
        ("Take 3.5 mg b.i.d. with food.", 1),
        ("(Results vary.) Call us.", 2),
        ("Doctors may not use it for MS. Our clinic does.", 2),
        ("Ask for Ms. Kovacs at the desk.", 1),
        ("A heading without an end", 1),
        ("", 0),
    ],
)
def test_sentences(text: str, sentences: int) -> None:
    ranges = sentence_ranges(text)
    assert len(ranges) == sentences
    assert all(text[start:end].strip() == text[start:end] for start, end in ranges)


@pytest.mark.parametrize("letters", range(30, 70, 3))
def test_no_sentence_is_cut_in_a_long_paragraph(letters: int) -> None:
    filler = "The clinic is open on weekdays and has a car park behind it. "
    said = f"We park {'x' * letters}. "
    wanted = "We really can cure arthritis for good."
    text = filler * 64 + said + wanted + " " + filler * 3
    assert wanted in [text[start:end] for start, end in sentence_ranges(text)]


def test_a_sentence_without_an_end_is_cut() -> None:
    ranges = sentence_ranges("word " * 5000)
    assert max(end - start for start, end in ranges) <= 1200
    assert sum(end - start for start, end in ranges) > 5 * 4900


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("Our drip can detox the body.", ("be explained at your visit",)),
        ("Our drip detoxes the body.", ("is explained at your visit", "a visit")),
        ("We love detoxing the body.", ("a visit",)),
    ],
)
def test_a_suggestion_fits_the_words_before_it(text: str, suggested: tuple[str, ...]) -> None:
    assert [f.suggestions for f in findings(text) if f.rule == "promise/detox"] == [suggested]


@pytest.mark.parametrize(
    "text",
    [
        "https://clinic.example/acupuncture-cures-pain",
        "- https://clinic.example/miracle",
        "See www.acupuncture-cures-pain.example or https://x.example/no-side-effects today.",
        "https://clinic.example/x:\n\n- cures",
    ],
)
def test_an_address_says_nothing(text: str) -> None:
    assert flagged(text) == []


def test_what_stands_beside_an_address_is_judged() -> None:
    (found,) = findings("Acupuncture cures pain, see https://clinic.example/a-b. Call us.")
    assert (found.rule, found.words) == ("cure/cures", "cures pain")
    assert found.sentence is not None
    assert found.sentence.text == "Acupuncture cures pain, see https://clinic.example/a-b."


DENIAL = """
rules:
  - id: safety/safe
    title: Safe
    category: safety
    severity: error
    kind: phrase
    match: [totally safe]
    not_within: [no ... totally safe]
    unless: [debunked]
    message: m
    why: w
"""


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("No thing here is totally safe.", 0),
        ("No queue, totally safe.", 1),
        ("No wait: totally safe.", 1),
        ("No pills; totally safe.", 1),
    ],
)
def test_a_denial_runs_over_no_comma(text: str, count: int) -> None:
    found = engine_with(DENIAL).check(read(text.encode(), "d.md", "markdown")).findings
    assert len([one for one in found if one.rule == "safety/safe"]) == count


SUGGESTING = """
rules:
  - id: superlative/best
    title: Best
    category: superlative
    severity: warning
    kind: phrase
    match: [best clinic~, best in town, best]
    suggest: ["{noun}"]
    message: m
    why: w
  - id: safety/safe
    title: Safe
    category: safety
    severity: warning
    kind: phrase
    match: [totally safe, no risks, without risks]
    suggest: [not free of risk, some risks, with some risks]
    message: m
    why: w
"""


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("We run the best clinics.", ("clinics",)),
        ("Our massage is the best in town.", ()),
        ("It is totally safe.", ("not free of risk", "some risks")),
        ("Our totally safe laser.", ("some risks",)),
        ("It works without risks.", ("with some risks",)),
        ("It has no risks.", ("some risks",)),
    ],
)
def test_a_suggestion_fits_the_place_of_the_words(text: str, suggested: tuple[str, ...]) -> None:
    (found,) = engine_with(SUGGESTING).check(read(text.encode(), "d.md", "markdown")).findings
    assert found.suggestions == suggested


LAW = """
rules:
  - id: superlative/best
    title: Best
    category: superlative
    severity: warning
    kind: phrase
    match: [best clinic~]
    message: m
    why: w
  - id: x/law
    title: Law
    category: superlative
    severity: error
    kind: law
    of: [superlative]
    message: forbidden
    why: w
"""


def test_a_law_forbids_what_the_common_rules_find() -> None:
    text = "We run the best clinic. Acupuncture may relieve pain."
    found = engine_with(LAW).check(read(text.encode(), "d.md", "markdown")).findings
    assert [
        (one.rule, one.severity, one.words) for one in found if one.category == "superlative"
    ] == [("x/law", "error", "best clinic")]
