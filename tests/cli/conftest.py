"""A scratch working directory with drafts, and the command run in this process."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from claimlint.cli.program import program

GOOD = "# Your first visit\n\nBring your insurance card and a list of your medicines.\n"
BAD = "# Knee pain\n\nOur stem cell therapy can cure arthritis at its source. Results are guaranteed.\n"

COMMAND = [sys.executable, "-m", "claimlint"]
SOURCE = Path(__file__).parents[2] / "src"

Command = Callable[..., Result]


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder for the whole session, so that packs are compiled once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def folder(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a good and a bad draft; nothing of the user's own is used."""
    place = tmp_path / "a clinic"
    place.mkdir()
    (place / "good.md").write_text(GOOD, "utf-8")
    (place / "bad.md").write_text(BAD, "utf-8")
    (place / ".git").mkdir()  # where the search for a configuration ends
    monkeypatch.chdir(place)
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    for name in ("NO_COLOR", "CLAIMLINT_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)
    return place


@pytest.fixture
def claimlint(folder: Path) -> Command:
    """Run `claimlint` with the given words (and `input` for standard input)."""

    def run(*words: str, input: bytes | None = None) -> Result:  # noqa: A002  (as the runner calls it)
        return CliRunner().invoke(program, list(words), input=input, prog_name="claimlint")

    return run


@pytest.fixture
def environment(folder: Path) -> dict[str, str]:
    """The environment of a run in `folder`."""
    return {**os.environ, "PYTHONPATH": str(SOURCE)}
