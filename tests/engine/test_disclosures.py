"""Disclosures: due only when something makes them due, and only where they count."""

from __future__ import annotations

import pytest

from claimlint.model.document import Format
from claimlint.readers import read
from tests.engine.small_pack import engine, engine_of, engine_with


def judged(text: str, form: Format = "markdown") -> tuple[str, list[str]]:
    found = engine().check(read(text.encode(), "d", form))
    return found.disclosures[0].status, [
        f.words for f in found.findings if f.category == "disclosure"
    ]


MORE = """
rules:
  - id: disclosure/bruises
    title: Bruises
    category: disclosure
    severity: warning
    kind: require
    when: {claims: [efficacy]}
    content: [[risks include bruises]]
    together: [["bruise~"], [common, rare]]
    under: [side effects, "afterwards you may have"]
    not_within: ["no bruise~", "not ... bruise~", no side effects]
    message: m
    why: w
  - id: disclosure/cream
    title: Cream
    category: disclosure
    severity: warning
    kind: require
    when: {mentions: [bruise cream]}
    content: [[cream has risks]]
    message: m
    why: w
"""


def status_of(rule: str, text: str) -> str:
    found = engine_with(MORE).check(read(text.encode(), "d", "markdown"))
    return next(one.status for one in found.disclosures if one.rule == rule)


CLAIM = "# Stem cell therapy\n\nIt relieves pain.\n\n"


def test_missing_points_at_the_words_that_made_it_due() -> None:
    assert judged(CLAIM) == ("missing", ["relieves pain"])


def test_not_due_without_a_claim_or_the_topic() -> None:
    assert judged("# Stem cell therapy\n\nWe open at nine.") == ("not_required", [])
    assert judged("# Acupuncture\n\nIt relieves pain.") == ("not_required", [])


def test_present_in_the_content() -> None:
    assert judged(CLAIM + "It is not approved by the FDA.") == ("present", [])
    assert judged(CLAIM + "It is not FDA-approved.") == ("present", [])
    assert judged(CLAIM + "It isn't approved by the FDA.") == ("present", [])


FOLDED = "<summary>Fine print</summary><p>It is not approved by the FDA.</p></details>"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (f"<details>{FOLDED}", "misplaced"),
        (f"<details open>{FOLDED}", "present"),
        ("<details><summary>It is not approved by the FDA.</summary>More</details>", "present"),
        (f"<details><summary>All</summary><details open>{FOLDED}</details>", "misplaced"),
        (f"<details>{FOLDED}\n\nIt is not approved by the FDA.", "present"),
    ],
)
def test_what_is_folded_away_is_no_disclosure(text: str, status: str) -> None:
    assert judged(CLAIM + text)[0] == status


def test_what_is_folded_away_is_still_judged() -> None:
    page = "<h1>Acupuncture</h1><details><summary>More</summary>It relieves pain.</details>"
    found = engine().check(read(page.encode(), "d", "html")).findings
    assert [one.words for one in found if one.category == "efficacy"] == ["relieves pain"]


def test_a_link_in_the_navigation_is_no_disclosure() -> None:
    page = (
        "<nav><a href='/d'>not approved by the FDA</a></nav>"
        "<main><h1>Stem cell therapy</h1><p>It relieves pain.</p></main>"
    )
    assert judged(page, "html") == ("misplaced", ["not approved by the FDA"])


def test_the_footer_counts() -> None:
    page = (
        "<main><h1>Stem cell therapy</h1><p>It relieves pain.</p></main>"
        "<footer>This treatment is not approved by the FDA.</footer>"
    )
    assert judged(page, "html") == ("present", [])


def test_a_topic_that_is_not_to_be_had_makes_nothing_due() -> None:
    said = "# Our clinic\n\nWe do not offer stem cell therapy. Acupuncture relieves pain. "
    assert judged(said)[0] == "not_required"
    assert (
        judged(f"{said}Others sell stem cell therapy. Stem cell therapy relieves pain.")[0]
        == "missing"
    )


def test_what_is_not_shown_still_makes_a_disclosure_due() -> None:
    document = read(CLAIM.encode(), "d.md", "markdown")
    alone = engine_of(select=("disclosure/",)).check(document)
    assert [f.rule for f in alone.findings] == ["disclosure/not-approved"]
    off = engine_of(rules=(("efficacy/", "off"), ("cure/", "off"))).check(document)
    assert [d.status for d in off.disclosures] == ["missing"]
    without = engine_of(ignore=("disclosure/",)).check(document)
    assert without.disclosures == ()
    assert {f.category for f in without.findings} == {"efficacy"}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Bruises are common after it.", "present"),
        ("It leaves no bruises, and results are common.", "missing"),
        ("It doesn't leave bruises, and results are common.", "missing"),
        ("It cures the common cold, but not rare bruises.", "missing"),  # rules object to it
        ("Bruises. Common sense.", "missing"),
    ],
)
def test_a_sentence_that_holds_all_parts_makes_a_disclosure(said: str, status: str) -> None:
    assert status_of("disclosure/bruises", CLAIM + said) == status


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("We prescribe bruise cream.", "missing"),
        ("We do not prescribe bruise cream.", "not_required"),
        ("We don't sell bruise cream.", "not_required"),
        ("Never pay full price for bruise cream again.", "missing"),
        ("Without insurance, bruise cream costs nine dollars.", "missing"),
        ("We do not wait, and sell bruise cream.", "missing"),
    ],
)
def test_only_what_is_said_not_to_be_had_makes_nothing_due(said: str, status: str) -> None:
    assert status_of("disclosure/cream", said) == status


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("## Side effects\n\n- A lump\n- Sleepiness", "present"),
        ("## Side effects\n\nA lump.", "present"),
        ("Afterwards you may have:\n\n- A lump", "present"),
        ("## Side effects\n\nNone.", "missing"),
        ("## No side effects\n\n- Happy people", "missing"),
        ("## Side effects\n\n## Prices\n\nAsk us.", "missing"),
        ("- Side effects\n- A lump", "missing"),
    ],
)
def test_what_stands_under_a_heading_makes_a_disclosure(said: str, status: str) -> None:
    assert status_of("disclosure/bruises", f"Acupuncture relieves pain.\n\n{said}") == status


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: Knees\nnotes: Say that it is not approved by the FDA.\n---\n\n" + CLAIM,
        CLAIM + "![not approved by the FDA](a.png)",
        CLAIM + "Is it not approved by the FDA?",
        CLAIM + "More: https://clinic.example/not-approved-by-the-fda",
    ],
)
def test_what_no_reader_of_the_page_is_told_is_no_disclosure(text: str) -> None:
    assert judged(text)[0] == "missing"
