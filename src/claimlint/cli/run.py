"""One run of `check` or `report`: paths, standard input and flags to a result."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from claimlint.cli.options import RunFlags
from claimlint.cli.output import notice
from claimlint.cli.progress import progress
from claimlint.errors import UsageError

if TYPE_CHECKING:
    from claimlint.app import Run
    from claimlint.cache import CacheFolder
    from claimlint.config import Config

_SHOWN = 3  # excluded files that the notice names


def run(
    config: Config,
    flags: RunFlags,
    *,
    cache: CacheFolder | None,
    keep_drafts: bool = False,
    explain: bool = False,
) -> Run:
    """Check what is named; no paths mean the working directory, or only standard input."""
    return run_each(config, (), flags, cache=cache, keep_drafts=keep_drafts, explain=explain)[0]


def run_each(
    config: Config,
    also: tuple[Config, ...],
    flags: RunFlags,
    *,
    cache: CacheFolder | None,
    keep_drafts: bool = False,
    explain: bool = False,
) -> list[Run]:
    """Check what is named by one configuration, then by others; notices are those of the first."""
    from datetime import date

    from claimlint import app
    from claimlint.cli.settings import check_choice

    check_choice(config, cache)
    stdin = _stdin(flags.paths, flags.stdin_filename, config.max_bytes)
    paths = flags.paths or (("-",) if stdin is not None else (".",))
    results = []
    today = date.today()
    for each in (config, *also):
        shown = progress(flags.quiet)
        try:
            result = app.run(
                each,
                paths,
                today,
                cache=cache,
                jobs=flags.jobs or _cores(),
                keep_drafts=keep_drafts,
                explain=explain,
                progress=shown,
                stdin=stdin,
            )
        finally:
            if shown is not None:
                shown.wipe()
        results.append(result)
    result = results[0]
    if not flags.quiet and not result.report.documents and not result.report.problems:
        notice(_nothing_checked(result.excluded))
    return results


def _nothing_checked(excluded: tuple[str, ...]) -> str:
    if not excluded:
        return (
            "no documents found: claimlint reads Markdown, HTML, DOCX and text files, "
            "except those that the configuration excludes"
        )
    more = len(excluded) - _SHOWN
    names = ", ".join(excluded[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    return f"nothing was checked: excluded by the configuration or its defaults: {names}"


def _stdin(paths: tuple[str, ...], name: str | None, limit_bytes: int) -> tuple[str, bytes] | None:
    """Read standard input when it is asked for, no further than what tells that it is too large."""
    if name is None:
        if "-" in paths:
            raise UsageError(
                "standard input has no name: add --stdin-filename, for example "
                "claimlint check - --stdin-filename draft.md"
            )
        return None
    if paths and "-" not in paths:
        raise UsageError("--stdin-filename names standard input: add - to the paths")
    if sys.stdin is None:
        raise UsageError("standard input is closed: pipe the draft in, or name its file instead")
    try:
        return name, sys.stdin.buffer.read(limit_bytes + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"standard input cannot be read: {reason}") from error


def _cores() -> int:
    from claimlint.parallel import cores

    return cores()
