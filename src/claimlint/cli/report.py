"""`claimlint report`: the review page for an editor."""

# os.path and open throughout: a str path is what the user wrote and is told.
# ruff: noqa: PTH103, PTH112, PTH113, PTH118, PTH123

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from claimlint.cli.auditing import AuditFlags, append, audit_options, keep_log_apart
from claimlint.cli.options import RuleFlags, RunFlags, not_empty, rule_options, run_options
from claimlint.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimlint.model.report import Report

DEFAULT_OUTPUT = "claimlint-report.html"
_EARLIER_LIMIT_BYTES = 512 << 20


@click.command()
@click.option(
    "--output",
    "-o",
    type=click.Path(readable=False),
    metavar="FILE",
    callback=not_empty,
    default=DEFAULT_OUTPUT,
    show_default=True,
    help="The page to write; - is standard output, a name with / at its end a folder of pages.",
)
@click.option(
    "--since",
    type=click.Path(readable=False),
    metavar="FILE",
    callback=not_empty,
    help="An earlier report (check --format json): marks what is new and lists what was fixed.",
)
@click.option(
    "--annotate",
    type=click.Path(readable=False),
    metavar="FILE",
    callback=not_empty,
    help="Write a copy of the one Word draft with the findings as comments, instead of a page.",
)
@audit_options
@run_options
@rule_options
def report(
    output: str,
    since: str | None,
    annotate: str | None,
    audit_flags: AuditFlags,
    run_flags: RunFlags,
    rule_flags: RuleFlags,
) -> int:
    """Write one HTML page with the drafts, their findings and readability.

    The page needs nothing else: it can be mailed, opened without a network, worked through and
    printed. Findings give exit status 0 unless --fail-on is given.
    """
    from datetime import date

    from claimlint.cli.output import emit, keep_apart, save, spare, tell_problems
    from claimlint.cli.run import run
    from claimlint.cli.settings import cache_folder, configured
    from claimlint.cli.status import status
    from claimlint.project import own_files
    from claimlint.reporters import html, wording
    from claimlint.review.audit import report_body

    if annotate is not None and (since is not None or output != DEFAULT_OUTPUT):
        raise UsageError("--annotate writes a Word file: leave out --output and --since")
    if annotate is not None and (run_flags.stdin_filename is not None or "-" in run_flags.paths):
        raise UsageError("--annotate works on a file: save the draft and name it, instead of -")
    if annotate is not None and not annotate.lower().endswith(".docx"):
        raise UsageError(
            f"--annotate {annotate}: writes a Word file: give it a name that ends in .docx"
        )
    earlier = _earlier(since) if since is not None else None
    config = configured(rule_flags, fail_on=run_flags.fail_on, quiet=run_flags.quiet)
    keep_log_apart(audit_flags, config)
    result = run(
        config, run_flags, cache=cache_folder(rule_flags.no_cache), keep_drafts=True, explain=True
    )
    made = result.report
    option, target = ("--output", output) if annotate is None else ("--annotate", annotate)
    kept = {"the audit log": audit_flags.audit_log, "the earlier report": since}
    keep_apart(option, target, {**own_files(config), **kept})
    spare(made, option, target)
    logged = append(audit_flags, [(report_body(made), None)])  # before anything is written
    if annotate is not None and made.problems and not made.documents:
        tell_problems(made)
        return status(made, run_flags.fail_on or "never")
    if annotate is not None:
        from claimlint.cli.annotate import annotate as annotated

        said = annotated(made, annotate, max_bytes=config.max_bytes)
        if not run_flags.quiet:
            emit(f"{said} {wording.concluded(made)}\n")
        tell_problems(made)
        return status(made, run_flags.fail_on or "never")
    head = str(logged) if logged is not None else None
    today = date.today()
    if _is_folder(output):
        pages = html.render_folder(made, result.drafts, today=today, since=earlier, audit_head=head)
        _save_folder(output, pages, made)
    else:
        page = html.render(made, result.drafts, today=today, since=earlier, audit_head=head)
        if output == "-":
            emit(page.encode())
        else:
            save(output, page)
    if not run_flags.quiet and output != "-":
        emit(f"Wrote {output}. {wording.concluded(made)}\n")
    tell_problems(made)
    return status(made, run_flags.fail_on or "never")


def _is_folder(output: str) -> bool:
    return output.endswith(("/", os.sep)) or os.path.isdir(output)


def _save_folder(folder: str, pages: Iterable[tuple[str, str]], report: Report) -> None:
    """Write pages into a folder, the index last, so that it never names a page that is not there."""
    from claimlint.cli.output import save

    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"{folder}: cannot be made: {reason}; name another --output") from error
    index = None
    for name, text in pages:
        path = os.path.join(folder, name)
        _refuse_foreign(path, report)  # the index, which comes first, before anything is written
        if index is None:
            index = path, text
        else:
            save(path, text)
    if index is not None:
        save(*index)


def _refuse_foreign(path: str, report: Report) -> None:
    """Refuse to write over a draft, or over a page that is not ours; raises UsageError."""
    from claimlint.cli.output import spare
    from claimlint.workshop import HEAD_BYTES, OWN_PAGE

    spare(report, "--output", path)
    if not os.path.isfile(path):
        return
    try:
        with open(path, "rb") as stream:
            ours = OWN_PAGE in stream.read(HEAD_BYTES)
    except OSError:  # nobody can tell whose it is
        ours = False
    if not ours:
        message = "is no page that claimlint wrote, and would be lost; name another folder"
        raise UsageError(f"--output: {path} {message}")


def _earlier(path: str) -> Report:
    """Read an earlier report; raises UsageError when it is none."""
    import msgspec

    from claimlint.model.report import SCHEMA_VERSION, Report

    try:
        with open(path, "rb") as stream:
            data = stream.read(_EARLIER_LIMIT_BYTES + 1)
    except OSError as error:
        raise UsageError(f"--since {path}: cannot be read: {error.strerror or error}") from error
    if len(data) > _EARLIER_LIMIT_BYTES:
        raise UsageError(f"--since {path}: larger than {_EARLIER_LIMIT_BYTES:,} bytes")
    try:
        report = msgspec.json.decode(data, type=Report)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(
            f"--since {path}: is no report of claimlint check --format json ({error})"
        ) from None
    if report.schema_version != SCHEMA_VERSION:
        raise UsageError(
            f"--since {path}: has schema_version {report.schema_version}, and this claimlint compares "
            f"with {SCHEMA_VERSION}; make it anew with claimlint check --format json"
        )
    return report
