"""`claimlint audit` and the file behind it: real processes, full disks, what is no log."""

from __future__ import annotations

import fcntl
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from tests.cli.conftest import COMMAND, Command

from claimlint import audit_file
from claimlint.errors import ReadError, UsageError
from claimlint.model.report import Report
from claimlint.review.audit import START, BaselineBody, DecisionBody, Head, report_body

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
KEY = "a key of more than sixteen bytes"
LOG = "claimlint-audit.jsonl"


def decision(number: int = 1, *, reason: str = "Seen by the medical board") -> DecisionBody:
    return DecisionBody(
        decision="waive",
        document=f"content/page-{number}.md",
        rule="cure/claims-a-cure",
        fingerprint=f"{number:016x}",
        sentence="Our therapy may ease “knee pain”.",
        reason=reason,
        expires="2027-05-20",
    )


def record(path: str | Path = LOG, number: int = 1, *, key: str | None = None) -> Head:
    return audit_file.record(
        str(path),
        decision(number),
        by="Dr. A. Example",
        now=NOON + timedelta(seconds=number),
        key=None if key is None else key.encode(),
    )


@pytest.fixture
def log(folder: Path) -> Path:
    """A log of twelve entries in the working directory."""
    for number in range(1, 13):
        record(number=number)
    return folder / LOG


Edit = Callable[[list[bytes]], list[bytes]]


def test_a_sound_log_is_told_with_its_head(claimlint: Command, log: Path) -> None:
    result = claimlint("audit", "verify", LOG)
    head = claimlint("audit", "head", LOG).stdout.strip()
    assert result.exit_code == 0
    assert result.stdout.startswith(f"sound: 12 entries, head {head};")
    assert "a cut end cannot be seen" in result.stdout
    assert head.startswith("12:")


def test_the_recorded_head_is_the_one_that_recording_told(claimlint: Command, log: Path) -> None:
    head = record(number=13)
    assert claimlint("audit", "head", LOG).stdout == f"{head}\n"
    result = claimlint("audit", "verify", LOG, "--head", str(head))
    assert result.exit_code == 0
    assert result.stdout == f"sound: 13 entries, head {head}, which is the recorded head\n"
    record(number=14)
    result = claimlint("audit", "verify", LOG, "--head", str(head))
    assert result.exit_code == 0
    assert "it holds the recorded head" in result.stdout


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda x: [*x[:4], x[4].replace(b"page-5", b"page-6"), *x[5:]], "line 5 (entry 5): "),
        (lambda x: [*x[:4], *x[5:]], "line 5 (entry 6): "),
        (lambda x: [*x[:4], x[5], x[4], *x[6:]], "reordered"),
        (lambda x: [*x[:5], *x[4:]], "line 5 holds it already"),
        (lambda x: [*x[:4], b"\n", *x[4:]], "line 5: the line is no entry"),
        (lambda x: [*x[:11], x[11][:-30]], "line 12: the line is torn"),
        (lambda x: [line[:-1] + b"\r\n" for line in x], "line 1: the line ends in \\r\\n"),
    ],
)
def test_each_way_of_tampering_is_told(
    claimlint: Command, log: Path, edit: Edit, told: str
) -> None:
    log.write_bytes(b"".join(edit(log.read_bytes().splitlines(keepends=True))))
    result = claimlint("audit", "verify", LOG)
    assert result.exit_code == 1
    assert result.stdout.startswith(f"not sound: {LOG}: ")
    assert told in result.stdout
    assert result.stdout.count("\n") == 1


def test_a_cut_end_is_found_with_the_head(claimlint: Command, log: Path) -> None:
    head = claimlint("audit", "head", LOG).stdout.strip()
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:9]))
    assert claimlint("audit", "verify", LOG).exit_code == 0
    result = claimlint("audit", "verify", LOG, "--head", head)
    assert result.exit_code == 1
    assert "ends with entry 9 and the recorded head is entry 12" in result.stdout


def test_a_replaced_log_is_found_with_the_head(claimlint: Command, log: Path) -> None:
    head = claimlint("audit", "head", LOG).stdout.strip()
    log.unlink()
    for number in range(2, 20):
        record(number=number)
    assert claimlint("audit", "verify", LOG).exit_code == 0
    result = claimlint("audit", "verify", LOG, "--head", head)
    assert result.exit_code == 1
    assert "entry 12 is not the one whose head was recorded" in result.stdout


def test_an_earlier_time_is_a_warning(claimlint: Command, log: Path) -> None:
    record(number=0)
    result = claimlint("audit", "verify", LOG)
    assert result.exit_code == 0
    assert "warning" in result.stderr
    assert "entry 13 has an earlier time than entry 12" in result.stderr


def test_a_keyed_log(claimlint: Command, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUR_KEY", KEY)
    monkeypatch.setenv("OTHER_KEY", KEY[::-1])
    monkeypatch.setenv("SHORT_KEY", "hush-hush")
    monkeypatch.setenv("EMPTY_KEY", "")
    head = [record(number=number, key=KEY) for number in range(3)][-1]
    result = claimlint("audit", "verify", LOG, "--key-env", "OUR_KEY", "--head", str(head))
    assert result.exit_code == 0
    assert claimlint("audit", "head", LOG, "--key-env", "OUR_KEY").stdout == f"{head}\n"
    for words, status, told in (
        (("verify",), 2, "--key-env"),
        (("verify", "--key-env", "OTHER_KEY"), 1, "the key is another one"),
        (("verify", "--key-env", "SHORT_KEY"), 2, "at least 16"),
        (("verify", "--key-env", "EMPTY_KEY"), 2, "at least 16"),
        (("verify", "--key-env", KEY), 2, "never the key itself"),
        (("head", "--key-env", "OTHER_KEY"), 1, "another key"),
    ):
        result = claimlint("audit", words[0], LOG, *words[1:])
        assert result.exit_code == status, words
        assert told in result.output
        assert KEY not in result.output
        assert "hush" not in result.output


def test_a_log_is_keyed_throughout_or_not_at_all(folder: Path) -> None:
    record(key=KEY)
    record("open.jsonl")
    for path, key, told in (
        (LOG, None, "--key-env"),
        (LOG, KEY[::-1], "another key"),
        ("open.jsonl", KEY, "begun without a key"),
    ):
        before = Path(path).read_bytes()
        with pytest.raises(UsageError, match=told):
            record(path, key=key)
        assert Path(path).read_bytes() == before


@pytest.mark.parametrize("head", ["", "12", "12:abc", "zz" * 32])
def test_a_malformed_head_is_a_usage_error(claimlint: Command, log: Path, head: str) -> None:
    result = claimlint("audit", "verify", LOG, "--head", head)
    assert result.exit_code == 2
    assert "SEQ:HASH" in result.stderr


@pytest.mark.parametrize("command", ["verify", "head", "show"])
def test_what_cannot_be_read_has_status_3(claimlint: Command, folder: Path, command: str) -> None:
    os.mkfifo("pipe")
    for path in ("missing.jsonl", ".", "pipe", os.devnull):
        result = claimlint("audit", command, path)
        assert result.exit_code == 3, path
        assert result.stderr.startswith(f"error: {path}: ")
        assert result.stdout == ""


def test_an_empty_log_is_sound_and_has_a_head(claimlint: Command, folder: Path) -> None:
    (folder / LOG).touch()
    assert claimlint("audit", "head", LOG).stdout == f"{START}\n"
    result = claimlint("audit", "verify", LOG, "--head", str(START))
    assert result.exit_code == 0
    assert "0 entries" in result.stdout
    assert record().seq == 1


def test_show_lists_what_was_decided(claimlint: Command, log: Path) -> None:
    body = decision(13, reason="Off\x1b[31m screen\nsecond line")
    audit_file.record(LOG, body, by="M\u202eallory", now=NOON)
    baseline = BaselineBody(path="base.json", sha256="0" * 64, documents=3, findings=1)
    audit_file.record(LOG, baseline, by=None, now=NOON)
    result = claimlint("audit", "show", LOG)
    rows = result.stdout.splitlines()
    assert result.exit_code == 0
    assert len(rows) == 14
    assert rows[0].split()[:3] == ["1", "2026-11-20T12:00:01Z", "decision"]
    assert "waive cure/claims-a-cure" in rows[0]
    assert "until 2027-05-20: Seen by the medical board" in rows[0]
    assert "M\\u202eallory" in rows[12]
    assert "Off\\x1b[31m screen second line" in rows[12]
    assert "base.json: 1 finding in 3 documents accepted" in rows[13]
    assert claimlint("audit", "show", LOG, "--last", "2").stdout.splitlines() == rows[12:]
    assert "not verified" in result.stderr


def test_show_tells_lines_that_are_no_entries(claimlint: Command, log: Path) -> None:
    log.write_bytes(b"hello\n" + log.read_bytes())
    result = claimlint("audit", "show", LOG)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0].startswith("line 1 is no entry")
    assert len(result.stdout.splitlines()) == 13


def test_a_report_is_recorded_and_shown(claimlint: Command, folder: Path) -> None:
    found = claimlint("check", "--format", "json", "bad.md", "good.md").stdout
    report = msgspec.json.decode(found, type=Report)
    audit_file.record(LOG, report_body(report), by=None, now=NOON)
    assert claimlint("audit", "verify", LOG).exit_code == 0
    assert "2 documents: 1 block and 1 pass" in claimlint("audit", "show", LOG).stdout


WRITER = """
import sys
from datetime import UTC, datetime
from claimlint import audit_file
from claimlint.review.audit import DecisionBody
name, path, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
for number in range(times):
    body = DecisionBody(decision="accept", document=name, rule="cure/claims-a-cure",
                        fingerprint=f"{number:016x}", sentence="x" * 9000, reason="")
    audit_file.record(path, body, by=name, now=datetime.now(UTC), patience_seconds=120)
"""


def test_processes_that_append_at_once_make_one_chain(
    folder: Path, environment: dict[str, str]
) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, f"writer {number}", LOG, "25"], env=environment
        )
        for number in range(6)
    ]
    assert [writer.wait(timeout=300) for writer in writers] == [0] * 6
    found = audit_file.verify(LOG)
    assert found.fault is None
    assert found.head.seq == 150
    lines = (folder / LOG).read_text("ascii").splitlines()
    for number in range(6):
        assert sum(f'"by":"writer {number}"' in line for line in lines) == 25


def test_several_entries_are_recorded_together_or_not_at_all(log: Path) -> None:
    before = log.read_bytes()
    both = [(decision(13), "Dr. B"), (decision(14), None)]
    too_long = (decision(reason="x" * 5_000_000), None)
    with pytest.raises(UsageError, match="more than the limit"):
        audit_file.record_all(LOG, [*both, too_long], now=NOON)
    assert log.read_bytes() == before
    head = audit_file.record_all(LOG, both, now=NOON)
    found = audit_file.verify(LOG)
    assert found.fault is None
    assert found.head == head
    assert head.seq == 14
    assert audit_file.record_all(LOG, [], now=NOON) == head


def test_a_log_that_is_in_use_is_waited_for_and_then_left(log: Path) -> None:
    before = log.read_bytes()
    with log.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(UsageError, match="lock"):
            audit_file.record(LOG, decision(), by=None, now=NOON, patience_seconds=0.05)
    assert log.read_bytes() == before
    assert record(number=13).seq == 13


def test_a_log_moved_away_while_waiting_gets_no_entry(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = log.read_bytes()
    with log.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)

        def move_away(seconds: float) -> None:
            log.rename("old.jsonl")
            fcntl.flock(other, fcntl.LOCK_UN)

        monkeypatch.setattr("claimlint.audit_file.time.sleep", move_away)
        assert record().seq == 1
    assert Path("old.jsonl").read_bytes() == before
    assert audit_file.verify(LOG).head.seq == 1


FULL = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from claimlint import audit_file
from claimlint.errors import UsageError
from claimlint.review.audit import DecisionBody
path = sys.argv[1]
room = Path(path).stat().st_size + int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
body = DecisionBody(decision="accept", document="d", rule="r/r", fingerprint="0" * 16,
                    sentence="s" * 500, reason="")
try:
    audit_file.record(path, body, by=None, now=datetime.now(UTC))
except UsageError as error:
    print(error)
"""


@pytest.mark.parametrize("room", [0, 1, 100])
def test_a_full_disk_leaves_the_log_as_it_was(
    log: Path, environment: dict[str, str], room: int
) -> None:
    before = log.read_bytes()
    command = [sys.executable, "-c", FULL, LOG, str(room)]
    result = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert "cannot be written" in result.stdout
    assert "nothing was recorded" in result.stdout
    assert log.read_bytes() == before


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda data: data[:-30], "torn"),
        (lambda data: data + b"\0" * 100, "torn"),
        (lambda data: data[:-1], "line end is missing"),
        (lambda data: data + b"\n", "no entry"),
        (lambda data: data[:-200] + data[-200:].replace(b"12", b"13"), "does not fit its hash"),
        (lambda data: data + b"x" * 9_000_000, "longer than"),
        (lambda data: b"# A draft\n\nWhich is no log.\n", "no entry of an audit log"),
        (lambda data: b"# A draft", "no entry of an audit log"),
    ],
)
def test_nothing_is_added_behind_a_broken_line(
    claimlint: Command, log: Path, spoil: Callable[[bytes], bytes], told: str
) -> None:
    broken = spoil(log.read_bytes())
    log.write_bytes(broken)
    with pytest.raises(UsageError, match=told) as caught:
        record()
    assert str(caught.value).startswith(f"{LOG}: nothing was added")
    assert log.read_bytes() == broken
    result = claimlint("audit", "head", LOG)
    assert result.exit_code == 1
    assert told in result.stderr


def test_the_repair_that_is_told_works(claimlint: Command, log: Path) -> None:
    log.write_bytes(log.read_bytes()[:-30])
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:-1]))
    assert record(number=12).seq == 12
    assert claimlint("audit", "verify", LOG).exit_code == 0


def test_long_last_entries_are_read_from_the_end(folder: Path) -> None:
    for size in (10, 70_000, 300_000, 2_000_000, 10):
        body = decision(reason="r" * size)
        audit_file.record(LOG, body, by=None, now=NOON)
    assert audit_file.verify(LOG).head == audit_file.head(LOG)
    assert audit_file.head(LOG).seq == 5


def test_only_an_ordinary_file_is_a_log(log: Path) -> None:
    before = log.read_bytes()
    Path("link.jsonl").symlink_to(log)
    Path("nowhere.jsonl").symlink_to("elsewhere.jsonl")
    os.mkfifo("pipe")
    for path, told in (
        ("link.jsonl", "symbolic link"),
        ("nowhere.jsonl", "symbolic link"),
        ("pipe", "not an ordinary file"),
        (os.devnull, "not an ordinary file"),
        (".", "not an ordinary file"),
        ("no such folder/log.jsonl", "cannot be opened"),
    ):
        with pytest.raises(UsageError, match=told):
            record(path)
    assert log.read_bytes() == before
    assert not Path("elsewhere.jsonl").exists()
    assert stat.S_ISFIFO(Path("pipe").stat().st_mode)


def test_reading_a_log_while_it_grows_gives_one_moment(log: Path) -> None:
    lines = audit_file.lines(LOG)
    first = next(lines)
    record(number=13)
    assert len([first, *lines]) == 12
    with pytest.raises(ReadError):
        next(audit_file.lines("missing.jsonl"))


def test_a_long_line_is_read_in_part(folder: Path) -> None:
    (folder / LOG).write_bytes(b"x" * 20_000_000 + b"\nlast\n")
    assert [len(line) for line in audit_file.lines(LOG)] == [(4 << 20) + 1, 5]


def test_the_command_as_a_process(log: Path, environment: dict[str, str]) -> None:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [*COMMAND, "audit", *words]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=60, check=False
        )

    head = run("head", LOG).stdout.strip()
    sound = run("verify", LOG, "--head", head)
    assert (sound.returncode, sound.stderr) == (0, "")
    log.write_bytes(log.read_bytes().replace(b"page-7", b"page-8"))
    broken = run("verify", LOG, "--head", head)
    assert (broken.returncode, broken.stderr) == (1, "")
    assert run("verify", "missing").returncode == 3
