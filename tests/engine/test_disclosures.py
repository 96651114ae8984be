"""Disclosures: due only when something makes them due, and only where they count."""

from __future__ import annotations

from claimlint.model.document import Format
from claimlint.readers import read
from tests.engine.small_pack import engine, engine_of


def judged(text: str, form: Format = "markdown") -> tuple[str, list[str]]:
    found = engine().check(read(text.encode(), "d", form))
    return found.disclosures[0].status, [
        f.words for f in found.findings if f.category == "disclosure"
    ]


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


def test_what_is_not_shown_still_makes_a_disclosure_due() -> None:
    document = read(CLAIM.encode(), "d.md", "markdown")
    alone = engine_of(select=("disclosure/",)).check(document)
    assert [f.rule for f in alone.findings] == ["disclosure/not-approved"]
    off = engine_of(rules=(("efficacy/", "off"), ("cure/", "off"))).check(document)
    assert [d.status for d in off.disclosures] == ["missing"]
    without = engine_of(ignore=("disclosure/",)).check(document)
    assert without.disclosures == ()
    assert {f.category for f in without.findings} == {"efficacy"}
