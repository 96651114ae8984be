"""What a draft may say of its own suppression, in comments and front matter."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from claimlint import app
from claimlint.cache import CacheFolder
from claimlint.config import Config, Suppressions
from claimlint.model.report import DocumentReport, Report
from claimlint.readers.parts import Part, joined
from claimlint.workshop import Plan, Workshop

DAY = datetime.date(2026, 11, 20)
CLAIM = "Our stem cells cure arthritis for good."
RULE = "cure/claims-a-cure"


Check = Callable[..., Report]


@pytest.fixture
def report(cache: CacheFolder) -> Check:
    """Check a draft under a policy."""

    def check(text: str, name: str = "a.md", policy: Suppressions | None = None) -> Report:
        config = Config(root="", suppressions=policy or Suppressions())
        return app.check_source(text.encode(), name, config, DAY, cache=cache).report

    return check


def let_off(document: DocumentReport) -> list[tuple[str, str]]:
    return [
        (finding.rule, finding.suppressed.reason)
        for finding in document.findings
        if finding.suppressed is not None and finding.suppressed.by == "inline"
    ]


def test_the_next_line_is_let_off_with_its_reason_and_stays_in_the_report(report: Check) -> None:
    made = report(f"<!-- claimlint-disable-next-line {RULE} -- a quotation -->\n{CLAIM}\n")
    assert let_off(made.documents[0]) == [(RULE, "a quotation")]
    assert made.summary.errors == 0
    assert made.summary.suppressed == 1
    assert made.documents[0].verdict == "review"  # disclosures are missing all the same
    assert made.suppression_notes == ()


@pytest.mark.parametrize(
    "text",
    [
        f"<!-- claimlint-disable-next-line {RULE} -- why -->\n\n{CLAIM}\n",
        f"<!-- claimlint-disable-next-line {RULE} -- why -->\n\n- One.\n",
        f"- a\n  <!-- claimlint-disable-next-line cure/ -- why -->\n  {CLAIM}\n",
        f"> <!-- claimlint-disable-next-line cure/, pressure/ -- why -->\n> {CLAIM}\n",
        f"<!-- claimlint-disable {RULE} -- why -->\n\nA word.\n\n{CLAIM}\n",
        f"Text <!-- claimlint-disable {RULE} -- why --> and: {CLAIM} <!-- claimlint-enable -->\n",
        f"---\nclaimlint-disable: {RULE} -- why\n---\n{CLAIM}\n",
        f"---\nclaimlint-disable: [{RULE} -- why]\n---\n{CLAIM}\n",
    ],
)
def test_it_holds_wherever_a_comment_can_stand(report: Check, text: str) -> None:
    wanted = [(RULE, "why")] if CLAIM in text else []
    assert let_off(report(text).documents[0]) == wanted


def test_html_has_the_same_comments(report: Check) -> None:
    made = report(f"<p>x</p><!-- claimlint-disable {RULE} -- why --><p>{CLAIM}</p>", "a.html")
    assert let_off(made.documents[0]) == [(RULE, "why")]


def test_a_range_ends_where_it_is_ended(report: Check) -> None:
    begun, ended = f"<!-- claimlint-disable {RULE} -- why -->", f"<!-- claimlint-enable {RULE} -->"
    text = f"{begun}\n\n{CLAIM}\n\n{ended}\n\nIt cures cancer.\n"
    made = report(text)
    assert let_off(made.documents[0]) == [(RULE, "why")]
    assert made.summary.errors == 1


def test_the_line_after_the_next_is_not_let_off(report: Check) -> None:
    made = report(f"<!-- claimlint-disable-next-line {RULE} -- why -->\nA word.\n\n{CLAIM}\n")
    assert made.summary.errors == 1
    assert [note.status for note in made.suppression_notes] == ["unused"]
    assert made.suppression_notes[0].line == 1


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        (f"claimlint-disable-next-line {RULE}", "gives no reason"),
        (f"claimlint-disable-next-line {RULE} --", "gives no reason"),
        ("claimlint-disable-next-line -- why", "names no rule"),
        ("claimlint-disable-next-line", "names no rule"),
        ("claimlint-disable all -- why", '"all" is no rule'),
        (f"claimlint-ignore {RULE} -- why", "claimlint-ignore is no instruction"),
        (f"claimlint-disable-next-line {RULE} why not", "cannot be read"),
        ("claimlint-enable cure/claims-a-cure", "ends nothing"),
    ],
)
def test_a_comment_with_a_mistake_lets_nothing_off_and_is_told(
    report: Check, comment: str, said: str
) -> None:
    made = report(f"Hello there.\n\n<!-- {comment} -->\n{CLAIM}\n")
    assert made.summary.errors == 1
    (note,) = made.suppression_notes
    assert (note.status, note.by, note.path, note.line) == ("refused", "inline", "a.md", 3)
    assert said in note.message


@pytest.mark.parametrize(
    "policy", [Suppressions(inline=False), Suppressions(require_approver=True)]
)
def test_the_policy_can_forbid_it(report: Check, policy: Suppressions) -> None:
    made = report(f"<!-- claimlint-disable-next-line {RULE} -- why -->\n{CLAIM}\n", policy=policy)
    assert made.summary.errors == 1
    assert "the configuration" in made.suppression_notes[0].message


def test_an_audit_hears_nothing_of_it(report: Check) -> None:
    text = f"<!-- claimlint-disable-next-line {RULE} -- why -->\n{CLAIM}\n"
    made = report(text, policy=Suppressions(heeded=False))
    assert (made.summary.errors, made.suppression_notes) == (1, ())


def test_the_reason_in_front_matter_is_not_read_as_prose(report: Check) -> None:
    made = report("---\nclaimlint-disable: pressure/ -- we cure arthritis for good\n---\nHello.\n")
    assert made.summary.errors == 0


def test_thousands_of_comments_stay_linear_in_their_growth(report: Check) -> None:
    # Counted in work, not seconds: the number of lines looked at grows with the text.
    text = f"<!-- claimlint-disable-next-line {RULE} -- why -->\n{CLAIM}\n\n" * 400
    made = report(text)
    assert made.summary.suppressed == 400


def test_a_range_reaches_no_further_than_its_end_within_a_sentence(report: Check) -> None:
    begun, ended = f"<!-- claimlint-disable {RULE} -- why -->", "<!-- claimlint-enable -->"
    made = report(f"{begun}\n\nAsk us {ended} how stem cells cure arthritis for good.\n")
    assert made.summary.errors == 1
    assert [note.status for note in made.suppression_notes] == ["unused"]


def test_a_comment_with_no_line_behind_it_is_told(report: Check) -> None:
    made = report(f"{CLAIM}\n\n<!-- claimlint-disable-next-line {RULE} -- why -->\n\n")
    assert made.summary.errors == 1
    (note,) = made.suppression_notes
    assert (note.status, note.line) == ("refused", 3)
    assert "no line follows" in note.message


def test_a_mistake_in_front_matter_is_told_with_its_line(report: Check) -> None:
    made = report(f"---\ntitle: Knees\nclaimlint-enable: {RULE}\n---\n{CLAIM}\n")
    (note,) = made.suppression_notes
    assert (note.status, note.line) == ("refused", 3)
    assert 'the key "claimlint-enable" means nothing' in note.message


def test_front_matter_lets_off_what_is_said_of_the_whole_draft(report: Check) -> None:
    made = report("---\nclaimlint-disable: metadata/ -- no byline\n---\nHello.\n")
    assert {rule.partition("/")[0] for rule, _ in let_off(made.documents[0])} == {"metadata"}


@pytest.fixture
def entry(cache: CacheFolder) -> Check:
    """Check an entry of a CMS with these texts in its fields."""

    def check(*texts: str) -> Report:
        parts = [
            Part(f"field{number}", "markdown", text.encode()) for number, text in enumerate(texts)
        ]
        workshop = Workshop(Plan(Config(root=""), cache, today=DAY))
        return app.reported(workshop, [workshop.judge(joined(parts, "entry", "0" * 64))])

    return check


def test_a_range_without_an_end_ends_with_its_field(entry: Check) -> None:
    made = entry(f"<!-- claimlint-disable {RULE} -- why -->\n\n{CLAIM}", CLAIM)
    assert [field for _, field in cures(made)] == ["field1"]
    assert made.suppression_notes == ()


def test_an_end_in_another_field_ends_nothing(entry: Check) -> None:
    begun, ended = f"<!-- claimlint-disable {RULE} -- why -->", "<!-- claimlint-enable -->"
    made = entry(f"{begun}\n\n{CLAIM}", f"{ended}\n\n{CLAIM}")
    assert [field for _, field in cures(made)] == ["field1"]
    assert ["ends nothing" in note.message for note in made.suppression_notes] == [True]


def test_the_next_line_is_one_of_its_field(entry: Check) -> None:
    made = entry(f"Hello.\n\n<!-- claimlint-disable-next-line {RULE} -- why -->", CLAIM)
    assert [field for _, field in cures(made)] == ["field1"]
    assert ["no line follows" in note.message for note in made.suppression_notes] == [True]


def test_front_matter_lets_off_its_own_field_and_what_is_said_of_the_whole(entry: Check) -> None:
    said = f"claimlint-disable: [{RULE} -- why, metadata/ -- no byline]"
    made = entry(CLAIM, f"---\n{said}\n---\n{CLAIM} {CLAIM}\n", CLAIM)
    assert [field for _, field in cures(made)] == ["field0", "field2"]
    assert {rule.partition("/")[0] for rule, _ in let_off(made.documents[0])} == {
        "cure",
        "metadata",
    }


def cures(report: Report) -> list[tuple[str, str]]:
    """The open claims of a cure and the fields in which they stand."""
    return [
        (finding.words, (finding.span.start.place or "").partition(",")[0].partition("+")[0])
        for finding in report.documents[0].findings
        if finding.rule == RULE and finding.suppressed is None
    ]
