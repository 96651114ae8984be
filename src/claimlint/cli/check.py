"""`claimlint check`: findings as text, in short or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from claimlint.cli.choices import NearestChoice
from claimlint.cli.options import RuleFlags, RunFlags, not_empty, rule_options, run_options

if TYPE_CHECKING:
    from claimlint.model.report import Report

FORMATS = ("text", "concise", "json")
COLOURS = ("auto", "always", "never")
_FILE_COLUMNS = 100


@click.command()
@click.option(
    "--format",
    "-f",
    "form",
    type=NearestChoice(FORMATS),
    default="text",
    show_default=True,
    help="How to show the findings.",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(),
    metavar="FILE",
    default="-",
    callback=not_empty,
    help="Write to this file instead; - is standard output.",
)
@run_options
@rule_options
@click.option(
    "--color",
    "colour",
    type=NearestChoice(COLOURS),
    default="auto",
    show_default=True,
    help="Colour on a terminal, always or never.",
)
@click.option(
    "--explain-passed",
    is_flag=True,
    help="Also list the statements that rules let off, with the reason (text and json).",
)
def check(
    form: str,
    output: str,
    run_flags: RunFlags,
    rule_flags: RuleFlags,
    colour: str,
    explain_passed: bool,
) -> int:
    """Check drafts and folders of drafts (Markdown, HTML, DOCX, text).

    Without PATHS the working directory is read; - is standard input (with --stdin-filename).
    """
    from claimlint.cli.output import colours, columns, emit, save
    from claimlint.cli.run import run
    from claimlint.cli.settings import cache_folder, configured
    from claimlint.cli.status import status

    config = configured(rule_flags, fail_on=run_flags.fail_on, quiet=run_flags.quiet)
    cache = cache_folder(rule_flags.no_cache)
    report = run(config, run_flags, cache=cache, explain=explain_passed).report
    quiet = run_flags.quiet
    if output == "-":
        painted = colours(colour)
        text = _rendered(report, form, colour=painted, width=columns(), quiet=quiet)
        emit(text, colour=painted)
    else:
        painted = colour == "always"
        save(output, _rendered(report, form, colour=painted, width=_FILE_COLUMNS, quiet=quiet))
    return status(report, config.fail_on)


def _rendered(report: Report, form: str, *, colour: bool, width: int, quiet: bool) -> str | bytes:
    """Render a report; only the reporter that is needed is imported."""
    if form == "json":
        from claimlint.reporters import json_report

        return json_report.render(report)
    if form == "concise":
        from claimlint.reporters import concise

        return concise.render(report)
    from claimlint.reporters import text

    return text.render(report, colour=colour, width=width, quiet=quiet)
