"""The command line: flags to a configuration, a run, its output and the exit status."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command `claimlint` with the words of this process, and exit."""
    # Imports stand inside so that Ctrl-C while they load gives one line as well.
    try:
        from claimlint.cli.program import program

        program.main(prog_name="claimlint")
    except KeyboardInterrupt:
        sys.stderr.write("claimlint: interrupted\n")
        sys.exit(130)
