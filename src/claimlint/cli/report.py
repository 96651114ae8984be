"""`claimlint report`: the review page for an editor."""

from __future__ import annotations

import click

from claimlint.cli.options import RuleFlags, RunFlags, not_empty, rule_options, run_options

DEFAULT_OUTPUT = "claimlint-report.html"


@click.command()
@click.option(
    "--output",
    "-o",
    type=click.Path(),
    metavar="FILE",
    callback=not_empty,
    default=DEFAULT_OUTPUT,
    show_default=True,
    help="The page to write; - is standard output.",
)
@run_options
@rule_options
def report(output: str, run_flags: RunFlags, rule_flags: RuleFlags) -> int:
    """Write one HTML page with the drafts, their findings and readability.

    The page needs nothing else: it can be mailed, opened without a network and printed. Findings
    give exit status 0 unless --fail-on is given.
    """
    from claimlint.cli.output import emit, save
    from claimlint.cli.run import run
    from claimlint.cli.settings import cache_folder, configured
    from claimlint.cli.status import status
    from claimlint.reporters import html, wording

    config = configured(rule_flags, fail_on=run_flags.fail_on, quiet=run_flags.quiet)
    result = run(
        config, run_flags, cache=cache_folder(rule_flags.no_cache), keep_drafts=True, explain=True
    )
    page = html.render(result.report, result.drafts)
    if output == "-":
        emit(page.encode())
    else:
        save(output, page)
        if not run_flags.quiet:
            emit(f"Wrote {output}. {wording.summary(result.report)}\n")
    return status(result.report, run_flags.fail_on or "never")
