"""A line on standard error that says how far a long run is; on a terminal only."""

from __future__ import annotations

import sys
from time import monotonic

from claimlint.cli.output import is_terminal

_PATIENCE_SECONDS = 1.0
_INTERVAL_SECONDS = 0.1


class Progress:
    """Shows "412 of 1000 documents" after a second, and wipes it away at the end."""

    def __init__(self) -> None:
        self._next = monotonic() + _PATIENCE_SECONDS
        self._width = 0

    def __call__(self, done: int, total: int) -> None:
        """Note that `done` of `total` documents are checked."""
        now = monotonic()
        if now < self._next:
            return
        self._next = now + _INTERVAL_SECONDS
        line = f"{done} of {total} documents"
        self._width = max(self._width, len(line))
        sys.stderr.write(f"\r{line:<{self._width}}")
        sys.stderr.flush()

    def wipe(self) -> None:
        """Take the line away, if one was shown."""
        if self._width:
            sys.stderr.write(f"\r{'':<{self._width}}\r")
            sys.stderr.flush()
            self._width = 0


def progress(quiet: bool) -> Progress | None:
    """The progress of a run, where somebody may see it."""
    return None if quiet or not is_terminal(sys.stderr) else Progress()
