"""`claimlint report`: the review page for an editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from claimlint.cli.options import paths, rule_options, run_options

if TYPE_CHECKING:
    from claimlint.config import FailLevel

DEFAULT_OUTPUT = "claimlint-report.html"


@click.command()
@paths
@click.option(
    "--output",
    "-o",
    metavar="FILE",
    default=DEFAULT_OUTPUT,
    show_default=True,
    help="The page to write; - is standard output.",
)
@run_options
@rule_options
def report(
    paths: tuple[str, ...],
    output: str,
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
) -> int:
    """Write one HTML page with the drafts, their findings and readability.

    The page needs nothing else: it can be mailed, opened without a network and printed. Findings
    give exit status 0 unless --fail-on is given.
    """
    from claimlint.cli.output import emit, save
    from claimlint.cli.run import run
    from claimlint.cli.settings import cache_folder, configured
    from claimlint.cli.status import status
    from claimlint.reporters import html, wording

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
        keep_drafts=True,
    )
    page = html.render(result.report, result.drafts)
    if output == "-":
        emit(page, utf_8=True)
    else:
        save(output, page)
        if not quiet:
            emit(f"Wrote {output}. {wording.summary(result.report)}\n")
    return status(result.report, fail_on or "never")
