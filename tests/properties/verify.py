"""What holds for the findings of every draft, and for those of one whose findings are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimlint.model.document import Document
from claimlint.model.report import DocumentReport, Finding, Point, Range
from claimlint.model.rule import DOCUMENT_CATEGORIES
from tests.properties.pack import check

if TYPE_CHECKING:
    from tests.properties.generate import Draft

_LONGEST_EXCERPT = 240


def verify(draft: Draft) -> str:
    """Check a draft and say what is wrong with its findings; empty when nothing is."""
    checked = check(draft.data, draft.form)
    if checked.document is None or checked.draft is None or checked.problems:
        return f"problems: {checked.problems}"
    if checked.draft.source.text != draft.text:
        return f"the text is {checked.draft.source.text!r}"
    fault = incoherent(checked.document, checked.draft)
    if fault:
        return fault
    found = [said(one) for one in checked.document.findings if is_about_words(one)]
    expected = [
        (one.fault.rule, one.fault.severity, one.fault.modality, one.words, (one.start, one.end),
         (one.sentence, one.sentence_start, one.sentence_end))
        for one in draft.expected
    ]  # fmt: skip
    if found == expected:
        return ""
    lacking = [one for one in expected if one not in found]
    more = [one for one in found if one not in expected]
    return f"not found: {lacking}; found instead: {more}"


def is_about_words(finding: Finding) -> bool:
    """Whether a finding is about a statement and not about the whole document."""
    return finding.category not in DOCUMENT_CATEGORIES


def said(finding: Finding) -> tuple[Any, ...]:
    """A finding as it is expected: rule, judgement, words, their place, their sentence."""
    sentence = finding.sentence
    assert sentence is not None
    return (
        finding.rule, finding.severity, finding.context.modality, finding.words,
        (finding.span.start.offset, finding.span.end.offset),
        (sentence.text, sentence.start, sentence.end),
    )  # fmt: skip


def incoherent(report: DocumentReport, document: Document) -> str:
    """Say what does not fit together in a report about a document; empty when all does."""
    text = document.source.text
    for finding in report.findings:
        fault = _incoherent_finding(finding, text)
        if fault:
            return f"{finding.rule} at {finding.span.start.offset}: {fault}"
    spans = [one.span for one in report.disclosures] + [one.span for one in report.citations]
    if any(_misplaced(span, text) for span in spans if span is not None):
        return "the place of a disclosure or citation is wrong"
    hardest = report.readability.hardest if report.readability else ()
    if any(not 0 <= one.start < one.end <= len(text) for one in hardest):
        return "a hard sentence stands nowhere"
    order = [(one.span.start.offset, one.span.end.offset, one.rule) for one in report.findings]
    return "" if order == sorted(set(order)) else "the findings are not in order, or one is double"


def _incoherent_finding(finding: Finding, text: str) -> str:
    start, end = finding.span.start.offset, finding.span.end.offset
    if text[start:end] != finding.text:
        return f"the source at the span is {text[start:end]!r}, not {finding.text!r}"
    if _misplaced(finding.span, text):
        return f"wrong line or column: {finding.span}"
    sentence = finding.sentence
    if sentence is not None:
        if not (sentence.start <= start and end <= sentence.end <= len(text)):
            return "the sentence does not hold the words"
        if finding.words and finding.words not in sentence.text:
            return f"{finding.words!r} is not in {sentence.text!r}"
    return _incoherent_excerpt(finding, text)


def _incoherent_excerpt(finding: Finding, text: str) -> str:
    excerpt, start = finding.excerpt, finding.span.start.offset
    first = start - excerpt.start
    if first < 0 or text[first : first + len(excerpt.text)] != excerpt.text:
        return "the excerpt is not the source around the words"
    if len(excerpt.text) > _LONGEST_EXCERPT:
        return "the excerpt is too long"
    if excerpt.line != line_and_column(text, first)[0]:
        return f"the excerpt does not begin in line {excerpt.line}"
    shown = excerpt.text[excerpt.start : excerpt.end]
    if not finding.text.startswith(shown) or (finding.text and not shown):
        return f"the excerpt shows {shown!r}"
    return ""


def _misplaced(span: Range, text: str) -> bool:
    return not all(_is_placed(point, text) for point in (span.start, span.end))


def _is_placed(point: Point, text: str) -> bool:
    return (point.line, point.column) == line_and_column(text, point.offset)


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Count lines and columns as editors do: with \\n, \\r\\n or \\r at the end of each line."""
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - before.rfind("\n")
