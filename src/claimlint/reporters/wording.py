"""The sentences that every output for people shares, so that no two doors say it differently."""

from __future__ import annotations

from claimlint.model.report import (
    Context,
    DocumentReport,
    Finding,
    Fix,
    Objection,
    Point,
    Readability,
    Report,
    SuppressionNote,
)
from claimlint.model.rule import Authority

_NAMED = 12  # rules that a sentence names
NOTHING = "nothing found by these rules"
SECONDARY = "seen in a secondary source; read the official text"
NOT_ADVICE = "This is a reading aid for reviewers, not legal advice."


def counted(number: int, noun: str, plural: str = "") -> str:
    """Say a number with its noun: "1 error", "2 errors"; `plural` where an s does not make it."""
    return f"{number} {noun}" if number == 1 else f"{number} {plural or f'{noun}s'}"


def listed(parts: list[str]) -> str:
    """Join parts as a sentence does: "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def place(point: Point) -> str:
    """Name a place for people: the paragraph of a format without lines, else line and column."""
    return point.place if point.place is not None else f"{point.line}:{point.column}"


def tally(findings: tuple[Finding, ...], severity: str) -> int:
    """Count the findings of a severity that nobody has let off."""
    return sum(f.severity == severity and f.suppressed is None for f in findings)


def suppressed(findings: tuple[Finding, ...]) -> int:
    """Count the findings that somebody has let off."""
    return sum(f.suppressed is not None for f in findings)


def counts(errors: int, warnings: int, notes: int) -> str:
    """Say what was found, by severity; what is not there is left out."""
    parts = ((errors, "error"), (warnings, "warning"), (notes, "note"))
    return listed([counted(number, noun) for number, noun in parts if number])


def found(document: DocumentReport) -> str:
    """Say what was found in a document, by severity."""
    severities = ("error", "warning", "note")
    return counts(*(tally(document.findings, severity) for severity in severities))


def verdict(document: DocumentReport) -> str:
    """Give the reason of a document's verdict in a few words."""
    off = suppressed(document.findings)
    let_off = f" ({off} suppressed)" if off else ""
    if document.verdict == "block":
        errors = tally(document.findings, "error")
        return f"{counted(errors, 'error')} to put right before publishing{let_off}"
    if document.verdict == "review":
        warnings = tally(document.findings, "warning")
        if warnings:
            return f"{counted(warnings, 'warning')} for a reviewer to decide{let_off}"
        return f"not everything could be checked, so a reviewer must read it{let_off}"
    notes = tally(document.findings, "note")
    if notes:
        return f"nothing above a note found by these rules{let_off}"
    return f"{NOTHING}{let_off}"


def grade(readability: Readability) -> str:
    """Say how hard a text is to read against its target."""
    return (
        f"Flesch-Kincaid grade {readability.flesch_kincaid_grade:.1f} "
        f"(target {readability.target_grade:g}), "
        f"reading ease {readability.flesch_reading_ease:.1f}"
    )


def told(context: Context) -> bool:
    """Whether the context raised or softened a finding, so that a reader wants to know why."""
    settled = context.modality != "asserted" or context.evidence in (
        "weak",
        "adequate",
        "malformed",
    )
    return settled or context.weighed


def authority(given: Authority) -> str:
    """Name an authority, and say so when its text was not read at the source."""
    cited = f"{given.name}, {given.cite}" if given.cite else given.name
    return f"{cited} ({SECONDARY})" if given.seen == "secondary" else cited


def objection(also: Objection) -> str:
    """Say what another market's rule says of the same words."""
    law = "; ".join(authority(one) for one in also.authorities)
    told = f"{also.severity} in {listed(list(also.markets))}: {also.message} ({also.rule})"
    return f"{told}: {law}" if law else told


def fix(made: Fix) -> str:
    """Say where which words were exchanged, and for what."""
    return f'{made.path}:{made.line}: fixed {made.rule}: "{made.before}" is now "{made.after}"'


def suppression(note: SuppressionNote) -> str:
    """Say where something suppresses nothing, or no longer needs to, and why."""
    at = f":{note.line}" if note.line is not None else ""
    return f"{note.path}{at}: {note.status}: {note.message}"


def choice(report: Report) -> str:
    """Say that not all rules ran, and which; empty when all did."""
    rules = report.tool.ruleset
    only = f"Only these rules ran: {_few(rules.only)}." if rules.only else ""
    without = f"These rules did not run: {_few(rules.without)}." if rules.without else ""
    return " ".join(filter(None, (only, without)))


def concluded(report: Report) -> str:
    """The summary, and what rules it does not speak of."""
    return " ".join(filter(None, (summary(report), choice(report))))


def _few(names: tuple[str, ...]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:_NAMED])} and {more} more"


def summary(report: Report) -> str:
    """Say in one sentence what was checked and what came of it."""
    total = report.summary
    if not total.documents:
        return "Nothing was checked."
    result = counts(total.errors, total.warnings, total.notes) or NOTHING
    off = f", {total.suppressed} suppressed" if total.suppressed else ""
    fixed = f" Applied {counted(len(report.fixes), 'fix', 'fixes')}." if report.fixes else ""
    markets = ", ".join(report.tool.ruleset.markets)
    rules = f" (market {markets})" if markets else ""
    return f"Checked {counted(total.documents, 'document')}{rules}: {result}{off}.{fixed}"
