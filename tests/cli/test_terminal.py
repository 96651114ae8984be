"""What only somebody at a terminal sees: colour, progress, completion."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import COMMAND

from claimlint.cli import progress as progress_module
from claimlint.cli.progress import Progress


def on_a_terminal(environment: dict[str, str], *words: str) -> str:
    """Run the command with a pseudo-terminal as its output and return what is shown there."""
    ours, theirs = pty.openpty()
    try:
        process = subprocess.Popen([*COMMAND, *words], env=environment, stdout=theirs)
        os.close(theirs)
        shown = b""
        while part := _read(ours):
            shown += part
        process.wait(60)
    finally:
        os.close(ours)
    return shown.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the other side is closed
        return b""


def test_a_terminal_gets_colour(environment: dict[str, str]) -> None:
    environment |= {"TERM": "xterm-256color"}
    assert "\x1b[1;31merror\x1b[0m" in on_a_terminal(environment, "check", "bad.md")


@pytest.mark.parametrize("variable", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_a_terminal_that_wants_no_colour_gets_none(
    environment: dict[str, str], variable: dict[str, str]
) -> None:
    shown = on_a_terminal(environment | {"TERM": "xterm"} | variable, "check", "bad.md")
    assert "error: " in shown
    assert "\x1b" not in shown


def test_no_color_that_is_empty_counts_as_unset(environment: dict[str, str]) -> None:
    environment |= {"TERM": "xterm", "NO_COLOR": ""}
    assert "\x1b[" in on_a_terminal(environment, "check", "bad.md")


def test_progress_waits_a_second_and_wipes_its_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = [0.0]
    monkeypatch.setattr(progress_module, "monotonic", lambda: clock[0])
    progress = Progress()
    clock[0] = 0.9
    progress(1, 20)
    assert capsys.readouterr().err == ""
    clock[0] = 1.5
    progress(9, 20)
    clock[0] = 1.55
    progress(10, 20)
    assert capsys.readouterr().err == "\r9 of 20 documents"
    progress.wipe()
    assert capsys.readouterr().err == "\r                 \r"


def test_a_short_run_shows_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress()
    progress(1, 1)
    progress.wipe()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("claimlint che", "check"),
        ("claimlint check --fail-on w", "warning"),
        ("claimlint rules show cure/claims", "cure/claims-a-cure"),
        ("claimlint check --select cur", "cure/"),
    ],
)
def test_words_are_completed_in_the_shell(
    environment: dict[str, str], line: str, expected: str
) -> None:
    words = line.split()
    result = subprocess.run(
        [sys.executable, "-c", "from claimlint.cli import main; main()"],
        env=environment
        | {
            "_CLAIMLINT_COMPLETE": "bash_complete",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(words) - 1),
        },
        capture_output=True,
        check=True,
        text=True,
    )
    assert f"plain,{expected}" in result.stdout.splitlines()


def test_the_completion_script_is_printed(environment: dict[str, str], folder: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", "from claimlint.cli import main; main()"],
        env=environment | {"_CLAIMLINT_COMPLETE": "bash_source"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert "_CLAIMLINT_COMPLETE=bash_complete" in result.stdout
