"""Findings as comments in a copy of a Word draft."""

# ruff: noqa: PTH123

from __future__ import annotations

from typing import TYPE_CHECKING

from claimlint.errors import ReadError, UsageError
from claimlint.reporters import wording
from claimlint.reporters.visible import shortened

if TYPE_CHECKING:
    from claimlint.model.report import DocumentReport, Finding, Report

AUTHOR, INITIALS = "claimlint", "cl"
_SUGGESTION_LIMIT = 600


def annotate(report: Report, output: str, *, max_bytes: int) -> str:
    """Write the draft of a report on one Word draft with its findings as comments; say what was done.

    Raises UsageError when it is no such report or the file cannot be written, ReadError when the draft
    changed while it was checked.
    """
    from claimlint.cli.output import save
    from claimlint.readers.docx_comments import Comment, annotated

    document = _only_word_draft(report)
    data = _read(document.path, max_bytes)
    open_ = [finding for finding in document.findings if finding.suppressed is None]
    comments = [
        Comment(one.span.start.offset, one.span.end.offset, paragraphs(one)) for one in open_
    ]
    if _digest(data) != document.sha256:
        raise ReadError(f"{document.path} was changed while it was checked; run it again")
    made = annotated(data, comments, author=AUTHOR, initials=INITIALS, date=None)
    save(output, made.data, "name another file for --annotate")
    done = f"Wrote {output} with {wording.counted(len(comments), 'comment')}."
    if made.moved:
        many = wording.counted(len(made.moved), "comment stands", "comments stand")
        done += f" {many} beside the words, where Word takes no comment."
    return done


def paragraphs(finding: Finding) -> tuple[str, ...]:
    """What a comment says of a finding."""
    said = [f"{finding.severity.capitalize()}: {finding.message}", finding.why]
    if wording.told(finding.context):
        said.append(finding.context.because)
    label = "Add" if finding.category == "disclosure" else "Suggestion"
    said += [f"{label}: {shortened(one, _SUGGESTION_LIMIT)}" for one in finding.suggestions]
    said += [wording.authority(one) for one in finding.authorities]
    said += [f"Also {wording.objection(one)}" for one in finding.also]
    said.append(f"{finding.rule} · {finding.fingerprint}")
    return tuple(one for one in said if one)


def _only_word_draft(report: Report) -> DocumentReport:
    if len(report.documents) != 1 or report.documents[0].format != "docx":
        raise UsageError("--annotate is for one Word draft: name a single .docx file")
    return report.documents[0]


def _read(path: str, max_bytes: int) -> bytes:
    try:
        with open(path, "rb") as stream:
            return stream.read(max_bytes + 1)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read again: {error.strerror or error}") from error


def _digest(data: bytes) -> str:
    from claimlint.model.digest import sha256

    made: str = sha256(data).hexdigest()
    return made
