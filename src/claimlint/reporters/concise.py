"""One line for each thing a writer must act on; nothing for a clean draft. The hook prints this."""

from __future__ import annotations

from collections.abc import Iterator

from claimlint.model.report import DocumentReport, Finding, Problem, Report
from claimlint.reporters import wording
from claimlint.reporters.visible import one_line, shortened

_WORDS_LIMIT = 80
_SUGGESTION_LIMIT = 200


def render(report: Report) -> str:
    """Render the errors and warnings, one line each, and a readability line per draft with any."""
    lines = [line for document in report.documents for line in _document(document)]
    lines.extend(map(_problem, report.problems))
    lines.extend(map(wording.suppression, report.suppression_notes))
    lines.extend(map(wording.fix, report.fixes))
    return "".join(f"{one_line(line)}\n" for line in lines)


def _document(document: DocumentReport) -> Iterator[str]:
    acute = [
        finding
        for finding in document.findings
        if finding.suppressed is None and finding.severity != "note"
    ]
    for finding in acute:
        yield _finding(document.path, finding)
    if acute and document.readability:
        yield f"{document.path}: readability: {wording.grade(document.readability)}"


def _finding(path: str, finding: Finding) -> str:
    place = wording.place(finding.span.start)
    words = f'"{shortened(finding.words, _WORDS_LIMIT)}" — ' if finding.words else ""
    line = f"{path}:{place}: {finding.severity} {finding.rule}: {words}{finding.message}"
    if finding.suggestions:
        line += f'; suggestion "{shortened(finding.suggestions[0], _SUGGESTION_LIMIT)}"'
    return line


def _problem(problem: Problem) -> str:
    at = f":{problem.line}:{problem.column or 1}" if problem.line is not None else ""
    return f"{problem.path}{at}: problem: {problem.message}"
