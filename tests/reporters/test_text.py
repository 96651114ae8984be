"""What a person reads on a terminal and in the hook's output."""

from __future__ import annotations

import re
import unicodedata

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.reporters.fixed import collect, knee

from claimlint.model.report import Problem, Report
from claimlint.reporters import concise, text

HOSTILE = "\x1b]0;owned\x07 \x9b2J \u202egnp.exe \u2066\r\n"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def changed(report: Report, **changes: object) -> Report:
    """The report with its first draft's first finding changed."""
    document = report.documents[0]
    finding = msgspec.structs.replace(document.findings[0], **changes)
    documents = (msgspec.structs.replace(document, findings=(finding,)),)
    return msgspec.structs.replace(report, documents=documents)


def test_each_finding_says_where_what_why_and_what_instead(report: Report) -> None:
    shown = text.render(report)
    assert "content/knee.md:3:11: error: Promises a cure" in shown
    assert "Readers take it as a promise about their own case." in shown
    assert "PRP is being studied for arthritis; benefit is not established" in shown
    assert "cure/claims-a-cure" in shown


def test_a_secondary_authority_says_so(report: Report) -> None:
    shown = " ".join(text.render(report).split())
    assert "(seen in a secondary source; read the official text)" in shown


def test_a_format_without_lines_shows_the_place(report: Report) -> None:
    assert "letters/new patient.docx:paragraph 2: warning" in text.render(report)
    assert "letters/new patient.docx:paragraph 2: warning" in concise.render(report)


def test_context_is_told_where_it_softened(report: Report) -> None:
    shown = text.render(report)
    assert shown.count("context:") == 1
    assert "Softened by “may”." in shown


def test_nothing_is_called_compliant(report: Report) -> None:
    shown = text.render(report) + concise.render(report)
    assert "compliant" not in shown.lower()
    assert "content/visit.txt: pass, nothing found by these rules" in shown


def test_quiet_leaves_out_clean_drafts_and_totals(report: Report) -> None:
    shown = text.render(report, quiet=True)
    assert "content/visit.txt" not in shown
    assert "Checked" not in shown
    assert "scans/flyer.docx: problem: is encrypted" in shown


def test_colour_changes_nothing_else(report: Report) -> None:
    coloured = text.render(report, colour=True)
    assert COLOUR.search(coloured)
    assert COLOUR.sub("", coloured) == text.render(report)


def test_concise_prints_errors_warnings_and_readability_only(report: Report) -> None:
    lines = concise.render(report).splitlines()
    assert [line.split(": ")[1].split()[0] for line in lines] == [
        "error", "warning", "warning", "readability", "warning", "problem",
    ]  # fmt: skip
    assert lines[0].endswith(
        'suggestion "PRP is being studied for arthritis; benefit is not established"'
    )


def test_concise_says_nothing_about_clean_drafts(report: Report) -> None:
    clean = msgspec.structs.replace(report, documents=report.documents[2:], problems=())
    assert concise.render(clean) == ""
    notes = changed(report, severity="note")
    assert concise.render(msgspec.structs.replace(notes, problems=())) == ""


def test_suppressed_findings_are_shown_with_their_reason_but_not_in_the_hook(
    report: Report,
) -> None:
    shown = text.render(report)
    assert "suppressed error safety/no-risk" in shown
    assert "quoted from the old page, approved by A. Reviewer, until 2027-01-31" in shown
    assert "safety/no-risk" not in concise.render(report)


def test_escape_sequences_never_reach_the_terminal(report: Report) -> None:
    hostile = changed(
        report,
        words=HOSTILE,
        message=HOSTILE,
        why=HOSTILE,
        suggestions=(HOSTILE,),
        rule="x/\x1b[2J",
    )
    hostile = msgspec.structs.replace(hostile, problems=(Problem(HOSTILE, HOSTILE, 1, 2),))
    for shown in (text.render(hostile), concise.render(hostile)):
        bad = [c for c in shown if c != "\n" and unicodedata.category(c) in ("Cc", "Cf")]
        assert bad == []
        assert "\\x1b]0;owned\\x07" in shown


@given(words=st.text(max_size=120), message=st.text(min_size=1, max_size=60))
def test_one_line_per_finding_whatever_it_says(words: str, message: str) -> None:
    shown = concise.render(changed(collect([knee()[0]]), words=words, message=message))
    assert shown.count("\n") == 2
    shown.encode()
