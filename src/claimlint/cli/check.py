"""`claimlint check`: findings as text, in short or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from claimlint.cli.choices import NearestChoice
from claimlint.cli.options import paths, rule_options, run_options

if TYPE_CHECKING:
    from claimlint.config import FailLevel
    from claimlint.model.report import Report

FORMATS = ("text", "concise", "json")
COLOURS = ("auto", "always", "never")


@click.command()
@paths
@click.option(
    "--format",
    "-f",
    "form",
    type=NearestChoice(FORMATS),
    default="text",
    help="How to show the findings.",
    show_default=True,
)
@click.option("--output", "-o", metavar="FILE", help="Write to this file instead.")
@run_options
@rule_options
@click.option(
    "--color",
    "colour",
    type=NearestChoice(COLOURS),
    default="auto",
    help="Colour on a terminal, always or never.",
    show_default=True,
)
def check(
    paths: tuple[str, ...],
    form: str,
    output: str | None,
    fail_on: FailLevel | None,
    jobs: int,
    stdin_filename: str | None,
    quiet: bool,
    config: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    market: tuple[str, ...],
    pack: tuple[str, ...],
    no_cache: bool,
    colour: str,
) -> int:
    """Check drafts and folders of drafts (Markdown, HTML, DOCX, text).

    Without PATHS the working directory is read; - is standard input (with --stdin-filename).
    """
    from claimlint.cli.output import colours, columns, emit, save
    from claimlint.cli.run import run
    from claimlint.cli.settings import cache_folder, configured
    from claimlint.cli.status import status

    settings = configured(
        config, select=select, ignore=ignore, market=market, pack=pack, fail_on=fail_on, quiet=quiet
    )
    result = run(
        settings,
        paths,
        cache=cache_folder(no_cache),
        jobs=jobs,
        quiet=quiet,
        stdin_filename=stdin_filename,
        keep_drafts=False,
    )
    painted = colours(colour) if output is None else colour == "always"
    width = columns() if output is None else 100
    text = _rendered(result.report, form, colour=painted, width=width, quiet=quiet)
    if output is None:
        emit(text, colour=painted, utf_8=form == "json")
    else:
        save(output, text)
    return status(result.report, settings.fail_on)


def _rendered(report: Report, form: str, *, colour: bool, width: int, quiet: bool) -> str:
    """Render a report; only the reporter that is needed is imported."""
    if form == "json":
        from claimlint.reporters import json_report

        return json_report.render(report)
    if form == "concise":
        from claimlint.reporters import concise

        return concise.render(report)
    from claimlint.reporters import text

    return text.render(report, colour=colour, width=width, quiet=quiet)
