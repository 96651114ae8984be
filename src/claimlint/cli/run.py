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


def run(config: Config, flags: RunFlags, *, cache: CacheFolder | None, keep_drafts: bool) -> Run:
    """Check what is named; no paths mean the working directory, or only standard input."""
    from datetime import date

    from claimlint import app

    stdin = _stdin(flags.paths, flags.stdin_filename, config.max_bytes)
    paths = flags.paths
    if not paths and stdin is None:
        paths = (".",)
    shown = progress(flags.quiet)
    try:
        result = app.run(
            config,
            paths,
            date.today(),
            cache=cache,
            jobs=flags.jobs or _cores(),
            keep_drafts=keep_drafts,
            progress=shown,
            stdin=stdin,
        )
    finally:
        if shown is not None:
            shown.wipe()
    if not flags.quiet and not result.report.documents and not result.report.problems:
        notice(
            "no documents found: claimlint reads Markdown, HTML, DOCX and text files, "
            "except those that the configuration excludes"
        )
    return result


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
    return name, sys.stdin.buffer.read(limit_bytes + 1)


def _cores() -> int:
    from claimlint.parallel import cores

    return cores()
