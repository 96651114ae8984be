"""`claimlint check`: findings as text, in short or as JSON."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
import msgspec

from claimlint.cli.choices import NearestChoice
from claimlint.cli.options import RuleFlags, RunFlags, not_empty, rule_options, run_options
from claimlint.errors import UsageError

if TYPE_CHECKING:
    from claimlint.app import Run
    from claimlint.cache import CacheFolder
    from claimlint.config import Config
    from claimlint.fixing import Fixed
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
    type=click.Path(readable=False),
    metavar="FILE",
    default="-",
    callback=not_empty,
    help="Write to this file instead; - is standard output.",
)
@click.option(
    "--fix",
    is_flag=True,
    help="Put the wordings that rules mark as safe into the drafts, then check those again.",
)
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option("--grid", is_flag=True, help="Show each statement with its severity in every market.")
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
    help="Also list the statements that rules leave alone, with the reason (text and json).",
)
def check(
    form: str,
    output: str,
    fix: bool,
    diff: bool,
    grid: bool,
    run_flags: RunFlags,
    rule_flags: RuleFlags,
    colour: str,
    explain_passed: bool,
) -> int:
    """Check drafts and folders of drafts (Markdown, HTML, DOCX, text).

    Without PATHS the working directory is read; - is standard input (with --stdin-filename).
    """
    from claimlint.cli.output import (
        colours,
        columns,
        emit,
        keep_apart,
        save,
        spare,
        tell_problems,
    )
    from claimlint.cli.settings import cache_folder, configured
    from claimlint.cli.status import status
    from claimlint.expressions import keep, recall
    from claimlint.project import own_files

    _check_modes({"--fix": fix, "--diff": diff, "--grid": grid}, form, run_flags)
    cache = cache_folder(rule_flags.no_cache)
    recall(cache)  # first, since what is imported from here on compiles expressions
    config = configured(rule_flags, fail_on=run_flags.fail_on, quiet=run_flags.quiet)
    on_screen = output == "-"
    painted = colours(colour) if on_screen else colour == "always"
    page = Page(painted, columns() if on_screen else _FILE_COLUMNS, run_flags.quiet)
    report: Report
    shown: str | bytes
    if grid:
        report, shown = _gridded(config, run_flags, cache, page)
    elif diff:
        report, shown = _diffed(config, run_flags, cache, on_screen=on_screen)
    else:
        report = _checked(config, run_flags, cache, fix=fix, explain=explain_passed).report
        shown = _rendered(report, form, page)
    if on_screen:
        emit(shown, colour=painted)
    else:
        keep_apart("--output", output, own_files(config))
        spare(report, "--output", output)
        save(output, shown)
    if diff or not on_screen:
        tell_problems(report)
    keep(cache)
    return status(report, config.fail_on)


class Page(msgspec.Struct, frozen=True):
    """How text is laid out."""

    colour: bool
    width: int
    quiet: bool


def _check_modes(modes: dict[str, bool], form: str, flags: RunFlags) -> None:
    """Refuse what does not go together; raises UsageError."""
    chosen = [name for name, given in modes.items() if given]
    if len(chosen) > 1:
        raise UsageError(f"{chosen[0]} and {chosen[1]} do not go together: choose one")
    if not chosen:
        return
    if form != "text" and chosen != ["--fix"]:
        raise UsageError(f"{chosen[0]} has a form of its own: leave out --format {form}")
    if chosen != ["--grid"] and (flags.stdin_filename is not None or "-" in flags.paths):
        raise UsageError(f"{chosen[0]} works on files: save the draft and name it, instead of -")


def _checked(
    config: Config, flags: RunFlags, cache: CacheFolder | None, *, fix: bool, explain: bool
) -> Run:
    from claimlint.cli.run import run

    done = run(config, flags, cache=cache, explain=explain)
    return _fixed(config, done, cache, flags, write=True, explain=explain).run if fix else done


def _diffed(
    config: Config, flags: RunFlags, cache: CacheFolder | None, *, on_screen: bool
) -> tuple[Report, str | bytes]:
    """The report of the drafts as they are, and what `--fix` would change in them."""
    from claimlint.cli.output import is_terminal, notice
    from claimlint.cli.run import run
    from claimlint.reporters import diff
    from claimlint.reporters.visible import visible

    done = run(config, flags, cache=cache, keep_drafts=False)
    found = _fixed(config, done, cache, flags, write=False)
    text = "".join(diff.render(one.path, one.before, one.after) for one in found.changes)
    for one in found.changes:
        if one.utf16 and not flags.quiet:
            notice(f"{one.path} is UTF-16: its change is shown, and only --fix can make it")
    if on_screen and is_terminal(sys.stdout):
        return done.report, visible(text)
    # For programs that apply it every character stands as in the draft.
    return done.report, text.encode("utf-8", "surrogateescape")


def _fixed(
    config: Config,
    done: Run,
    cache: CacheFolder | None,
    flags: RunFlags,
    *,
    write: bool,
    explain: bool = False,
) -> Fixed:
    from datetime import date

    from claimlint.cli.output import notice
    from claimlint.fixing import fix

    found = fix(config, done, date.today(), cache=cache, write=write, explain=explain)
    if not flags.quiet:
        if not found.fixes:
            notice("no flagged words have a replacement that is safe where they stand")
        if found.left:
            notice(f"Word drafts are never changed by --fix: {', '.join(found.left)}")
    return found


def _gridded(
    config: Config, flags: RunFlags, cache: CacheFolder | None, page: Page
) -> tuple[Report, str]:
    """The report of all markets together, and each statement in every one of them.

    Each market is a run of its own: where statements overlap, the report of all markets together shows
    the most severe only, which may count in one of them.
    """
    from claimlint.cli.run import run_each
    from claimlint.discovery import below
    from claimlint.reporters import grid

    markets = config.named_markets
    alone = tuple(config.for_market(market) for market in markets)
    done = run_each(config, alone, flags, cache=cache)
    report = done[0].report
    set_for = {
        document.path: config.for_path(below(config.root, document.path)).selection.markets
        for document in report.documents
    }
    columns = tuple(
        grid.Column(
            market, each.report, frozenset(path for path in set_for if market not in set_for[path])
        )
        for market, each in zip(markets, done[1:], strict=True)
    ) or (grid.Column("any", report),)
    return report, grid.render(
        report, columns, colour=page.colour, width=page.width, quiet=page.quiet
    )


def _rendered(report: Report, form: str, page: Page) -> str | bytes:
    """Render a report; only the reporter that is needed is imported."""
    if form == "json":
        from claimlint.reporters import json_report

        return json_report.render(report)
    if form == "concise":
        from claimlint.reporters import concise

        return concise.render(report)
    from claimlint.reporters import text

    return text.render(report, colour=page.colour, width=page.width, quiet=page.quiet)
