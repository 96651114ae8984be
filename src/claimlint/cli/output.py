"""Where output goes: a terminal, a pipe that may close, a file that is never half written."""

# os.path throughout: pathlib would be imported for the file that most runs do not write.
# ruff: noqa: PTH110, PTH113, PTH116, PTH123

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import IO, TYPE_CHECKING

import click

from claimlint.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from claimlint.model.report import Report


def is_terminal(stream: IO[str] | None) -> bool:
    """Whether a stream is a terminal; a closed one (None when it was closed from the start) is none."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def colours(choice: str) -> bool:
    """Decide on colour: as told, else on a terminal without NO_COLOR (no-color.org)."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return is_terminal(sys.stdout)


def columns() -> int:
    """The width to lay text out in: that of the terminal within reason, else 100."""
    if not is_terminal(sys.stdout):
        return 100
    from shutil import get_terminal_size

    return min(max(get_terminal_size((100, 24)).columns, 60), 120)


def emit(text: str | bytes, *, colour: bool = False) -> None:
    """Write to standard output; a reader that has gone away is no error.

    Bytes are for formats that are UTF-8 by their definition, whatever the terminal's encoding. Raises
    UsageError when standard output is closed or takes no more.
    """
    if not text:
        return
    if sys.stdout is None:
        raise UsageError("standard output is closed: redirect it to a file or a pipe")
    _forgive_encoding()
    try:
        click.echo(text, nl=False, color=colour)
        sys.stdout.flush()
    except BrokenPipeError:
        _close_quietly()
    except OSError as error:
        _close_quietly()
        reason = error.strerror or str(error)
        raise UsageError(f"standard output cannot be written: {reason}") from error


def notice(text: str) -> None:
    """Tell the person at the keyboard something that is not the result, if that is possible."""
    from claimlint.reporters.visible import visible

    # Where standard error takes nothing there is no other place to tell it; the exit status stands.
    with suppress(OSError, ValueError):
        click.echo(visible(text), err=True)


def tell_problems(report: Report) -> None:
    """Tell what could not be read or judged, where the output itself is not on the screen."""
    from claimlint.reporters.paint import Painter
    from claimlint.reporters.text import problem_line

    for problem in report.problems:
        notice(problem_line(problem, Painter(False)))


def save(path: str, text: str | bytes, remedy: str = "name another --output") -> None:
    """Write a file whole or not at all (UTF-8); raises UsageError with the remedy when that fails.

    What is no ordinary file (/dev/stdout, a named pipe) is written into, never replaced.
    """
    from claimlint.files import replace

    data = text if isinstance(text, bytes) else text.encode("utf-8", "backslashreplace")
    try:
        target = os.path.realpath(path)
        if os.path.exists(target) and not os.path.isfile(target):
            with open(target, "wb") as stream:
                stream.write(data)
        else:
            replace(target, data)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"{path}: cannot be written: {reason}; {remedy}") from error


def spare(report: Report, option: str, path: str) -> None:
    """Refuse a file to write that is a draft which was checked, or could not be; raises UsageError."""
    try:
        target = os.stat(path)
    except OSError:  # it is not there yet
        return
    drafts = [one.path for one in report.documents] + [one.path for one in report.problems]
    for draft in drafts:
        with suppress(OSError):  # standard input, or a draft that went meanwhile
            if os.path.samestat(target, os.stat(draft)):
                raise UsageError(
                    f"{option} {path}: is one of the drafts that were checked, and would be lost; "
                    "name another file, or leave it out of the check"
                )


def keep_apart(option: str, path: str, kept: Mapping[str, str | None]) -> None:
    """Refuse a file to write that is one to keep (by what it is, with its path); raises UsageError."""
    target = os.path.realpath(path)
    for what, own in kept.items():
        if own is None:
            continue
        place = os.path.realpath(own)
        # Of a folder of rules the rules: it may be the whole project's.
        if target == place or (target.startswith(place + os.sep) and target.endswith(".yaml")):
            raise UsageError(f"{option} {path}: is {what}, and would be lost; name another file")


def _forgive_encoding() -> None:
    """Show what the terminal's encoding lacks as an escape instead of failing."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _close_quietly() -> None:
    """Give the interpreter something to flush at its end that cannot fail."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = None
