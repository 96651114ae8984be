"""The group of commands: each imported when it is called, every error told in a sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import Any

import click

from claimlint import __version__
from claimlint.cli.output import notice
from claimlint.cli.status import INTERRUPTED, TERMINATED, USAGE, Terminated
from claimlint.errors import ClaimlintError, DefinitionError

_COMMANDS = {
    "check": "claimlint.cli.check",
    "report": "claimlint.cli.report",
    "rules": "claimlint.cli.rules",
    "init": "claimlint.cli.init",
    "decide": "claimlint.cli.decide",
    "baseline": "claimlint.cli.baseline",
    "audit": "claimlint.cli.audit",
    "serve": "claimlint.cli.serve",
}


class Program(click.Group):
    """Loads a command's module when it is named and turns what goes wrong into an exit status."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of a first visit."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(import_module(_COMMANDS[cmd_name]), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of the first word; a path there is a forgotten `check`."""
        name = args[0]
        if name not in _COMMANDS and not name.startswith("-") and os.path.lexists(name):
            ctx.fail(f"No such command {name!r}. To check it: {ctx.command_path} check {name}")
        if name not in _COMMANDS and not name.startswith("-"):
            from claimlint.marked_yaml import nearest

            ctx.fail(f"No such command {name!r}{nearest(name, _COMMANDS)}")
        return super().resolve_command(ctx, args)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command and exit with its status."""
        run = partial(super().main, args, prog_name, complete_var, False, windows_expand_args)
        sys.exit(_guarded(partial(run, **extra)))


def _guarded(command: Any) -> int:
    """Run a command; whatever it raises becomes a message and a status."""
    try:
        result = command()
    except click.ClickException as error:
        with suppress(OSError, ValueError):  # a standard error that takes nothing
            error.show()
        return USAGE
    except DefinitionError as error:
        for fault in error.faults:
            _complain(str(fault))
        return USAGE
    except ClaimlintError as error:
        _complain(str(error))
        return USAGE
    except (click.Abort, KeyboardInterrupt) as error:
        # click makes an Abort of every KeyboardInterrupt
        if isinstance(error, Terminated) or isinstance(error.__cause__, Terminated):
            notice("claimlint: terminated")
            return TERMINATED
        notice("claimlint: interrupted")
        return INTERRUPTED
    except OSError as error:
        if error.filename is not None:  # files are asked for elsewhere, with a message of their own
            _admit(error)
        else:
            _complain(f"the system refused: {error.strerror or error}")
        return USAGE
    except Exception as error:  # noqa: BLE001  (the outermost edge)
        _admit(error)
        return USAGE
    return result if isinstance(result, int) else 0


def _admit(error: Exception) -> None:
    """Tell of a fault of our own."""
    if os.environ.get("CLAIMLINT_TRACEBACK"):
        from traceback import print_exception

        print_exception(error)
        return
    _complain(
        f"claimlint failed ({type(error).__name__}: {error}); please report this with what the "
        "same command prints when CLAIMLINT_TRACEBACK=1 is set"
    )


def _complain(message: str) -> None:
    notice(f"error: {message}")


@click.command(
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 nothing at or above the fail level, 1 findings, 2 usage or "
    "configuration error, 3 something could not be read (the rest was checked).",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def program() -> None:
    """Read clinic health content before it is published.

    claimlint says, sentence by sentence, what a marketing-compliance reviewer would say. It is a
    reading aid, not legal advice.
    """
