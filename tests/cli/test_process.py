"""The command as a process of its own: pipes that close, signals, encodings, both ways to call it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.conftest import BAD, COMMAND, SOURCE


def run(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: PLW1510  (the status is what is tested)
        [*COMMAND, *words], env=environment, capture_output=True, timeout=120
    )


def patch_start(environment: dict[str, str], place: Path, program: str) -> None:
    """Let a program run as the command's process starts."""
    (place / "sitecustomize.py").write_text(program, "utf-8")
    environment["PYTHONPATH"] = os.pathsep.join([str(place), str(SOURCE)])


def test_the_module_is_the_command(environment: dict[str, str]) -> None:
    result = run(environment, "--version")
    assert result.returncode == 0
    assert result.stdout.startswith(b"claimlint ")
    assert run(environment, "check", "bad.md").returncode == 1


def test_a_closed_pipe_ends_quietly(environment: dict[str, str], folder: Path) -> None:
    (folder / "long.md").write_text(BAD * 400, "utf-8")
    process = subprocess.Popen(
        [*COMMAND, "check", "long.md"],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    with process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_gives_one_line(
    environment: dict[str, str], folder: Path, tmp_path: Path, jobs: str
) -> None:
    # Every draft takes ten minutes here, and the first one tells that it has begun.
    begun = tmp_path / "begun"
    patch_start(
        environment,
        tmp_path,
        "import time, pathlib, claimlint.workshop as app\n"
        "def slow(*_, **__):\n"
        f"    pathlib.Path({str(begun)!r}).touch()\n"
        "    time.sleep(600)\n"
        "app.check_file = slow\n",
    )
    process = subprocess.Popen(
        [*COMMAND, "check", "bad.md", "good.md", "--jobs", jobs],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    with process:
        try:
            while not begun.exists():
                assert process.poll() is None
                time.sleep(0.02)
            os.killpg(process.pid, signal.SIGINT)
            out, err = process.communicate(timeout=60)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    assert out == b""
    assert err.strip() == b"claimlint: interrupted"
    assert process.returncode == 130


def test_output_that_the_terminal_cannot_show_is_escaped(
    environment: dict[str, str], folder: Path
) -> None:
    (folder / "ko.md").write_text("# 무릎\n\nStem cell therapy can cure 관절염 pain.\n", "utf-8")
    result = run(environment | {"PYTHONIOENCODING": "latin-1"}, "check", "ko.md", "--market", "us")
    assert result.stderr == b""
    assert "can cure \\uad00\\uc808\\uc5fc pain" in result.stdout.decode("latin-1")


def test_json_is_utf_8_everywhere(environment: dict[str, str], folder: Path) -> None:
    (folder / "ko.md").write_text("Our “stem cell” therapy can cure pain: 완치 🦵\n", "utf-8")
    environment |= {"PYTHONIOENCODING": "ascii"}
    result = run(environment, "check", "ko.md", "--format", "json")
    assert "완치" in result.stdout.decode("utf-8")


def test_a_file_name_that_is_no_text_is_still_checked(
    environment: dict[str, str], folder: Path
) -> None:
    name = os.fsencode(folder) + b"/caf\xe9.md"
    Path(os.fsdecode(name)).write_text(BAD, "utf-8")
    for form in ("text", "concise", "json"):
        result = run(environment, "check", "--format", form)
        assert result.returncode == 1
        assert result.stderr == b""


def test_our_own_fault_is_told_in_a_sentence(
    environment: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    patch_start(
        environment,
        tmp_path,
        "import claimlint.reporters.text as t\n"
        "def fail(*_, **__): raise RuntimeError('deep inside')\n"
        "t.render = fail\n",
    )
    result = run(environment, "check", "bad.md")
    assert result.returncode == 2
    assert result.stderr.count(b"\n") == 1
    assert b"claimlint failed (RuntimeError: deep inside)" in result.stderr
    told = run(environment | {"CLAIMLINT_TRACEBACK": "1"}, "check", "bad.md")
    assert told.returncode == 2
    assert b"Traceback" in told.stderr


def test_starting_up_imports_nothing_heavy(environment: dict[str, str]) -> None:
    program = (
        "import sys, claimlint.cli.check, claimlint.cli.program;"
        "print([m for m in ('yaml', 'jinja2', 'textstat', 'docx', 'claimlint.app') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=True
    )
    assert result.stdout.strip() == b"[]"
