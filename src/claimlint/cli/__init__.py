"""The command line: flags to a configuration, a run, its output and the exit status."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress
from typing import Any, NoReturn

# Collections of the garbage collector, which finds nothing while rules load, take a tenth of a short
# run with Python's own threshold of 700.
_ALLOCATIONS_BETWEEN_COLLECTIONS = 100_000


def main() -> NoReturn:
    """Run the command `claimlint` with the words of this process, and exit."""
    gc.set_threshold(_ALLOCATIONS_BETWEEN_COLLECTIONS, 20, 20)
    # Imports stand inside so that Ctrl-C while they load gives one line as well.
    try:
        if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
            signal.signal(signal.SIGTERM, _terminate)
        from claimlint.cli.program import program

        program.main(prog_name="claimlint")
    except KeyboardInterrupt:
        with suppress(OSError, ValueError, AttributeError):  # closed: nobody to tell
            sys.stderr.write("claimlint: interrupted\n")
        _leave(130)
    except SystemExit as leaving:
        _leave(leaving.code if isinstance(leaving.code, int) else 0)
    _leave(0)


def _leave(status: int) -> NoReturn:
    """Exit without taking the interpreter apart, which would take as long as reading a draft."""
    for stream in (sys.stdout, sys.stderr):
        # None when it was closed from the start; whoever read our output and has gone was told so by
        # the status.
        if stream is not None:
            with suppress(OSError, ValueError):
                stream.flush()
    os._exit(status)


def _terminate(number: int, frame: Any) -> NoReturn:
    from claimlint.cli.status import Terminated

    raise Terminated
