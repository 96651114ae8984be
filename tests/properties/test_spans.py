"""Planted claims are found at their exact places, in drafts of every format."""

from __future__ import annotations

import os

import pytest

from claimlint.model.document import Format
from tests.properties.generate import FORMS, Draft, generate
from tests.properties.pack import check
from tests.properties.verify import incoherent, said, verify

# 300 by default; python -m tests.properties.generate --count 10000 tells which seeds fail.
_DRAFTS = int(os.environ.get("CLAIMLINT_EXAMPLES", "300"))


@pytest.mark.parametrize("form", FORMS)
def test_planted_findings_are_found_at_their_exact_places(form: Format) -> None:
    planted = 0
    for seed in range(_DRAFTS):
        draft = generate(form, seed)
        planted += len(draft.expected)
        assert verify(draft) == "", (
            f"python -m tests.properties.generate --format {form} --show {seed}"
        )
    assert planted > 5 * _DRAFTS


@pytest.mark.parametrize("form", FORMS)
def test_a_finding_that_is_one_character_off_would_be_seen(form: Format) -> None:
    draft = next(draft for seed in range(9) if (draft := generate(form, seed)).expected)
    first = draft.expected[0]
    for changed in (
        first._replace(start=first.start + 1),
        first._replace(end=first.end + 1),
        first._replace(sentence_end=first.sentence_end - 1),
        first._replace(words=f"{first.words}!"),
    ):
        wrong = draft._replace(expected=(changed, *draft.expected[1:]))
        assert "not found" in verify(wrong)


@pytest.mark.parametrize("form", FORMS)
def test_findings_of_the_shipped_rules_are_exactly_placed(form: Format) -> None:
    findings = 0
    for seed in range(100):
        draft = generate(form, seed)
        checked = check(draft.data, form, shipped=True)
        assert checked.document is not None
        assert checked.draft is not None
        assert incoherent(checked.document, checked.draft) == "", seed
        findings += len(checked.document.findings)
    assert findings > 500


@pytest.mark.parametrize("form", [form for form in FORMS if form != "docx"])
def test_line_ends_change_nothing_but_offsets(form: Format) -> None:
    for seed in range(100):
        told = [_told(generate(form, seed, newline=newline)) for newline in ("\n", "\r\n", "\r")]
        assert told[0] == told[1] == told[2], seed


def _told(draft: Draft) -> list[tuple[object, ...]]:
    report = check(draft.data, draft.form).document
    assert report is not None
    return [
        (
            one.rule, one.severity, one.words, one.span.start.line, one.span.start.column,
            one.span.end.line, one.span.end.column, one.sentence and one.sentence.text, one.context,
        )
        for one in report.findings
    ]  # fmt: skip


@pytest.mark.parametrize("form", [form for form in FORMS if form != "docx"])
def test_lines_before_a_draft_shift_its_findings(form: Format) -> None:
    before = (
        "\n\nGood day to you all.\n\n" if form != "html" else "<p>Good day to you all.</p>\n\n\n\n"
    )
    for seed in range(60):
        draft = generate(form, 2 * seed, newline="\n")
        plain = check(draft.text.encode(), form).document
        shifted = check((before + draft.text).encode(), form).document
        assert plain is not None
        assert shifted is not None
        lines = before.count("\n")
        assert [
            (one.rule, one.words, one.span.start.line + lines, one.span.start.column)
            for one in plain.findings
            if one.sentence
        ] == [
            (one.rule, one.words, one.span.start.line, one.span.start.column)
            for one in shifted.findings
            if one.sentence
        ], seed


def test_findings_of_the_same_words_are_told_apart() -> None:
    draft = "Our therapy can cure pain. Our therapy can cure pain. It can cure **pain**.\n"
    report = check(draft.encode(), "markdown").document
    assert report is not None
    spans = [said(one)[4] for one in report.findings if one.rule == "cure/cures"]
    assert spans == [(16, 25), (43, 52), (61, 72)]
