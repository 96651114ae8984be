"""Streams that are closed or full, a working directory that is gone, signals and lost processes."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest
from tests.cli.conftest import BAD, COMMAND, Command
from tests.cli.test_process import patch_start

CLAIMLINT = shlex.join(COMMAND)


def in_shell(environment: dict[str, str], script: str) -> subprocess.CompletedProcess[bytes]:
    script = script.replace("claimlint", CLAIMLINT)
    return subprocess.run(  # noqa: PLW1510  (the status is what is tested)
        ["/bin/sh", "-c", script], env=environment, capture_output=True, timeout=120
    )


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("claimlint check bad.md >&-", b"standard output is closed"),
        ("claimlint rules list >&-", b"standard output is closed"),
        ("claimlint check - --stdin-filename a.md <&-", b"standard input is closed"),
        ("claimlint check bad.md >/dev/full", b"standard output cannot be written: No space left"),
        (
            "claimlint check bad.md -f json >/dev/full",
            b"standard output cannot be written: No space",
        ),
        ("claimlint --help >/dev/full", b"the system refused: No space left"),
        (
            "mkdir d; cd d; rmdir ../d; claimlint check a.md",
            b"the working directory cannot be used",
        ),
        ("mkdir d; cd d; rmdir ../d; claimlint init", b"claimlint.yaml: cannot be written"),
    ],
)
def test_a_stream_or_folder_that_is_not_there_is_told_in_a_sentence(
    environment: dict[str, str], script: str, said: bytes
) -> None:
    result = in_shell(environment, script)
    assert result.returncode == 2
    assert said in result.stderr
    assert result.stderr.count(b"\n") == 1
    assert result.stdout == b""


@pytest.mark.parametrize("where", ["2>&-", "2>/dev/full"])
def test_without_standard_error_the_status_still_tells(
    environment: dict[str, str], where: str
) -> None:
    assert in_shell(environment, f"claimlint check bad.md {where}").returncode == 1
    assert in_shell(environment, f"claimlint check --market usa bad.md {where}").returncode == 2
    assert in_shell(environment, f"claimlint chekc {where}").returncode == 2


def test_a_minus_as_output_is_standard_output(claimlint: Command, folder: Path) -> None:
    for form in ("text", "concise", "json"):
        words = ["check", "bad.md", "--format", form]
        assert claimlint(*words, "-o", "-").stdout == claimlint(*words).stdout != ""
    assert not (folder / "-").exists()


def _begun(environment: dict[str, str], place: Path) -> subprocess.Popen[bytes]:
    """Start a run in two processes that both stay at their first draft."""
    patch_start(
        environment,
        place,
        "import os, time, pathlib, claimlint.workshop as app\n"
        "def slow(*_, **__):\n"
        f"    pathlib.Path({str(place)!r}, f'begun-{{os.getpid()}}').touch()\n"
        "    time.sleep(600)\n"
        "app.check_file = slow\n",
    )
    process = subprocess.Popen(
        [*COMMAND, "check", "bad.md", "good.md", "--jobs", "2"],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    while len(list(place.glob("begun-*"))) < 2:
        assert process.poll() is None
        time.sleep(0.02)
    return process


@pytest.mark.parametrize(
    ("sign", "status", "said"),
    [(signal.SIGTERM, 143, b"claimlint: terminated\n"), (signal.SIGKILL, -signal.SIGKILL, b"")],
)
def test_no_process_is_left_when_the_first_one_is_ended(
    environment: dict[str, str], folder: Path, tmp_path: Path, sign: int, status: int, said: bytes
) -> None:
    process = _begun(environment, tmp_path)
    try:
        os.kill(process.pid, sign)
        # The pipes end when the last process that holds them has ended.
        out, err = process.communicate(timeout=60)
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    assert (out, err.lstrip(b"\n"), process.returncode) == (b"", said, status)


def test_a_group_that_is_ended_ends_quietly(environment: dict[str, str], folder: Path) -> None:
    # As a service manager ends it: the workers get the signal too, at any moment of the run.
    for number in range(200):
        (folder / f"{number}.md").write_text(BAD * 20, "utf-8")
    for delay_s in (0.6, 0.9, 1.2, 1.5):
        process = subprocess.Popen(
            [*COMMAND, "check", "-q", "--fail-on", "never", "-o", "out.txt", "--jobs", "2", "."],
            env=environment,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        time.sleep(delay_s)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        _, err = process.communicate(timeout=60)
        ended = (process.returncode, err.lstrip(b"\n"))
        assert ended in ((143, b"claimlint: terminated\n"), (0, b""))


def test_a_lost_worker_is_told_with_a_remedy(
    environment: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    patch_start(
        environment,
        tmp_path,
        "import os, signal, claimlint.workshop as app\n"
        "app.check_file = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)\n",
    )
    result = in_shell(environment, "claimlint check bad.md good.md --jobs 2")
    assert result.returncode == 2
    assert result.stderr.count(b"\n") == 1
    assert b"a worker process was ended" in result.stderr
    assert b"--jobs 1" in result.stderr


@pytest.mark.parametrize("quiet", [(), ("-q",)])
@pytest.mark.parametrize(
    "words",
    [
        ("report", "-o", "r.html"),
        ("report", "-o", "pages/"),
        ("check", "-o", "out.txt"),
        ("check", "-f", "json", "-o", "out.json"),
        ("report", "--annotate", "with-comments.docx"),
        ("check", "--diff"),
        ("baseline",),
    ],
)
def test_what_cannot_be_read_is_told_where_the_output_does_not_show_it(
    claimlint: Command, folder: Path, words: tuple[str, ...], quiet: tuple[str, ...]
) -> None:
    (folder / "bad.docx").write_bytes(b"no Word file")
    result = claimlint(*words, *quiet, "bad.docx")
    assert result.exit_code == 3
    assert "bad.docx: problem: " in result.stderr
    assert "nothing found" not in result.output


def test_a_run_that_could_check_nothing_finds_nothing_clean(
    claimlint: Command, folder: Path
) -> None:
    (folder / "bad.docx").write_bytes(b"no Word file")
    result = claimlint("check", "bad.docx")
    assert result.exit_code == 3
    assert result.stdout.endswith("\nNothing was checked.\n")
