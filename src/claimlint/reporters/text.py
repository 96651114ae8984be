"""The report for a terminal: each draft with its findings, the words underlined in the source."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import TextWrapper

from claimlint.model.report import DocumentReport, Finding, Problem, Report
from claimlint.model.rule import Severity
from claimlint.reporters import wording
from claimlint.reporters.excerpt import rows
from claimlint.reporters.paint import Painter
from claimlint.reporters.visible import one_line, shortened

_SIGNS: dict[Severity, str] = {"error": "^", "warning": "~", "note": "-"}
_VERDICT_COLOURS = {"block": "error", "review": "warning", "pass": "pass"}
_SUMMARY_NOTICE = "Not everything was checked: "


def render(report: Report, *, colour: bool = False, width: int = 100, quiet: bool = False) -> str:
    """Render a report in lines of about `width` columns; `quiet` drops clean drafts and totals."""
    paint = Painter(colour)
    markets = report.tool.ruleset.markets
    parts = [
        "\n".join(_document(document, paint, width, markets))
        for document in report.documents
        if document.findings or document.let_off or not quiet
    ]
    if report.problems:
        parts.append("\n".join(problem_line(problem, paint) for problem in report.problems))
    if report.suppression_notes:
        parts.append("\n".join(map(one_line, map(wording.suppression, report.suppression_notes))))
    if report.fixes:
        parts.append("\n".join(one_line(wording.fix(fix)) for fix in report.fixes))
    if not quiet and (report.documents or report.problems):
        parts.append("\n".join(_summary(report, paint)))
    return "".join(f"{part}\n" for part in _spaced(parts))


def _spaced(parts: list[str]) -> Iterator[str]:
    """Put an empty line between parts, but none between the single lines of clean drafts."""
    for number, part in enumerate(parts):
        joined = number + 1 < len(parts) and not ("\n" in part or "\n" in parts[number + 1])
        last = number + 1 == len(parts)
        yield part if joined or last else f"{part}\n"


def _document(
    document: DocumentReport, paint: Painter, width: int, markets: tuple[str, ...]
) -> Iterator[str]:
    path = one_line(document.path)
    verdict = _verdict(document, paint)
    yield from _let_off(path, document, paint)
    if not document.findings:
        readability = f"; {wording.grade(document.readability)}" if document.readability else ""
        yield f"{paint(path, 'bold')}: {verdict}{readability}"
        return
    explained: dict[str, Finding] = {}  # the first finding of each rule: it names the sources
    for finding in document.findings:
        if finding.suppressed is None:
            first = explained.setdefault(finding.rule, finding)
            yield from _finding(path, finding, paint, width)
            yield from _details(finding, first, markets, paint, width)
            yield ""
    for finding in document.findings:
        if finding.suppressed is not None:
            yield _suppressed(path, finding, paint)
    if document.readability:
        yield f"{paint(path, 'bold')}: {wording.grade(document.readability)}"
    for disclosures in _disclosures(document):
        yield f"{paint(path, 'bold')}: disclosures {disclosures}"
    yield f"{paint(path, 'bold')}: {verdict}"


def _verdict(document: DocumentReport, paint: Painter) -> str:
    name = paint(document.verdict, _VERDICT_COLOURS[document.verdict])
    return f"{name}, {wording.verdict(document)}"


def _disclosures(document: DocumentReport) -> Iterator[str]:
    """List the disclosures that are due here, a line for each status; those not required are left out."""
    for status in ("missing", "misplaced", "present"):
        titles = [one_line(d.title) for d in document.disclosures if d.status == status]
        if titles:
            yield f"{status}: {'; '.join(titles)}"


def _finding(path: str, finding: Finding, paint: Painter, width: int) -> Iterator[str]:
    severity = paint(finding.severity, finding.severity)
    place = one_line(wording.place(finding.span.start))
    yield f"{paint(f'{path}:{place}:', 'bold')} {severity}: {one_line(finding.message)}"
    if finding.category != "disclosure":
        yield from _excerpt(finding, paint, width)


def _details(
    finding: Finding, first: Finding, markets: tuple[str, ...], paint: Painter, width: int
) -> Iterator[str]:
    fill = TextWrapper(width=max(width, 40), break_long_words=False, break_on_hyphens=False)
    for label, text in _told(finding, first, markets):
        fill.initial_indent = f"  {label + ':':<9} "
        fill.subsequent_indent = " " * 12
        lines = fill.wrap(one_line(text)) or [fill.initial_indent]
        yield lines[0].replace(f"{label}:", paint(f"{label}:", "dim"), 1)
        yield from lines[1:]


def _excerpt(finding: Finding, paint: Painter, width: int) -> Iterator[str]:
    has_lines = finding.span.start.place is None
    sign = _SIGNS[finding.severity]
    drawn = rows(finding.excerpt, max(width - 9, 30), sign)
    for row in drawn:
        number = str(row.line) if has_lines and row.line is not None else ""
        yield f"{paint(f'{number:>5} |', 'dim')} {row.text}".rstrip()
        yield f"{paint('      |', 'dim')} {paint(row.underline, finding.severity)}"


def _told(finding: Finding, first: Finding, markets: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    is_absence = finding.category == "disclosure"
    if is_absence and finding.words:
        # Underlined they would look at fault, and they only are what makes the disclosure due.
        yield "due to", f"“{shortened(finding.words, 80)}”"
    yield "why", finding.why
    if wording.told(finding.context):
        yield "context", finding.context.because
    for suggestion in finding.suggestions:
        yield "add" if is_absence else "suggest", suggestion
    if first is not finding and first.authorities == finding.authorities:
        if finding.authorities:
            yield "source", f"as at {wording.place(first.span.start)}"
    else:
        for authority in finding.authorities:
            yield "source", f"{wording.authority(authority)} {authority.url}"
    for also in finding.also:
        yield "also", wording.objection(also)
    # With the markets of the whole run the name of a market tells nothing.
    given = finding.markets if finding.markets != markets else ()
    yield "rule", f"{finding.rule} (market {', '.join(given)})" if given else finding.rule


def _suppressed(path: str, finding: Finding, paint: Painter) -> str:
    assert finding.suppressed is not None
    off = finding.suppressed
    by = off.by.replace("_", " ")
    approver = f", approved by {off.approver}" if off.approver else ""
    expires = f", until {off.expires}" if off.expires else ""
    place = wording.place(finding.span.start)
    words = shortened(finding.words, 60)
    reason = f": {off.reason}" if off.reason else ""
    told = one_line(f"{by}{reason}{approver}{expires}")
    line = f"{path}:{place}: suppressed {finding.severity} {finding.rule}"
    quoted = f' "{words}"' if words else ""
    return paint(f"{one_line(line)}{one_line(quoted)} ({told})", "dim")


def _let_off(path: str, document: DocumentReport, paint: Painter) -> Iterator[str]:
    """List the statements that rules left alone, a line each."""
    for one in document.let_off or ():
        place = one_line(f"{path}:{wording.place(one.span.start)}")
        because = one_line(one.context.because or one.context.modality)
        said = f'left alone "{shortened(one.words, 60)}" ({one.rule}): {because}'
        yield f"{paint(place, 'bold')}: {one_line(said)}"


def problem_line(problem: Problem, paint: Painter) -> str:
    """Tell a problem, as every text for a terminal does."""
    at = f":{problem.line}:{problem.column or 1}" if problem.line is not None else ""
    place = paint(f"{one_line(problem.path)}{at}:", "bold")
    return f"{place} {paint('problem', 'error')}: {one_line(problem.message)}"


def _summary(report: Report, paint: Painter) -> Iterator[str]:
    yield paint(wording.summary(report), "bold")
    if choice := wording.choice(report):
        yield one_line(choice)
    if report.problems and report.documents:
        yield f"{_SUMMARY_NOTICE}{wording.counted(len(report.problems), 'problem')}, see above."
