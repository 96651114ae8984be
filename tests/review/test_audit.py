"""The audit log's chain: every later change shows, and a sound log is never called broken."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.reporters.fixed import clean, collect, knee, letter

from claimlint.errors import UsageError
from claimlint.model.report import Problem
from claimlint.review.audit import (
    LINE_LIMIT_BYTES,
    START,
    DecisionBody,
    EntryError,
    Head,
    RecordedHead,
    ReportBody,
    checked_key,
    last_entry,
    parse_head,
    parse_line,
    report_body,
    sealed,
)
from claimlint.review.audit_check import Break, verify

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
KEY = b"a key of more than sixteen bytes"
PAGE = Path(__file__).parents[2] / "docs" / "audit-log.md"


def decision(number: int = 1, *, reason: str = "Seen by the medical board") -> DecisionBody:
    return DecisionBody(
        decision="waive",
        document=f"content/page-{number}.md",
        rule="cure/claims-a-cure",
        fingerprint=f"{number:016x}",
        sentence="Our therapy may ease “knee pain” \N{SYRINGE}.",
        reason=reason,
    )


def chain(length: int, key: bytes | None = None, *, reason: str = "Seen") -> list[bytes]:
    """A log of some entries, a second apart."""
    lines, head = [], START
    for number in range(length):
        now = NOON + timedelta(seconds=number)
        line, head = sealed(
            head, decision(number, reason=reason), by="Dr. A. Example", now=now, key=key
        )
        lines.append(line)
    return lines


def fault(
    lines: Sequence[bytes], key: bytes | None = None, recorded: RecordedHead | None = None
) -> Break:
    found = verify(lines, key=key, recorded=recorded).fault
    assert found is not None, "the log passed for sound"
    return found


def recorded(line: bytes) -> RecordedHead:
    return RecordedHead(*parse_line(line).head)


def anew(line: bytes, **changes: Any) -> bytes:
    """An entry with some fields changed and a hash that fits them (no key)."""
    fields = json.loads(line) | changes
    del fields["hash"]
    data = json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()
    fields["hash"] = hashlib.sha256(data).hexdigest()
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode() + b"\n"


@pytest.mark.parametrize("key", [None, KEY])
@pytest.mark.parametrize("length", [0, 1, 2, 50])
def test_a_log_is_sound_and_ends_with_its_last_entry(length: int, key: bytes | None) -> None:
    lines = chain(length, key)
    found = verify(lines, key=key)
    assert found.fault is None
    assert found.head == (parse_line(lines[-1]).head if lines else START)
    assert found.head.seq == length


@pytest.mark.parametrize("key", [None, KEY])
def test_no_byte_can_be_changed(key: bytes | None) -> None:
    lines = chain(2, key)
    data = b"".join(lines)
    for place in range(len(data)):
        for bit in (0x01, 0x20, 0x80):
            changed = data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :]
            pieces = changed.splitlines(keepends=True)
            assert verify(pieces, key=key).fault is not None, changed


def test_a_changed_entry_is_told_with_its_line_and_number() -> None:
    lines = chain(9)
    lines[4] = lines[4].replace(b'"reason":"Seen"', b'"reason":"Sent"')
    found = verify(lines)
    assert found.fault is not None
    assert found.fault[:2] == (5, 5)
    assert "was changed" in found.fault.message
    assert found.head.seq == 4


def test_a_changed_entry_with_a_new_hash_breaks_the_next_link() -> None:
    lines = chain(9)
    lines[4] = anew(lines[4], by="Somebody Else")
    found = fault(lines)
    assert found.line == 6
    assert "does not name the hash of entry 5" in found.message


@pytest.mark.parametrize("gone", [0, 4, 7])
def test_a_missing_entry_is_named(gone: int) -> None:
    lines = chain(9)
    del lines[gone]
    found = fault(lines)
    assert found[:2] == (gone + 1, gone + 2)
    assert f"entry {gone + 1} is missing" in found.message


def test_reordered_entries_are_told_from_missing_ones() -> None:
    lines = chain(9)
    lines[3], lines[6] = lines[6], lines[3]
    found = fault(lines)
    assert found[:2] == (4, 7)
    assert "entry 4 belongs, which stands in line 7" in found.message
    assert "reordered" in found.message
    assert "missing" not in found.message


@pytest.mark.parametrize("behind", [4, 9])
def test_a_repeated_entry_is_told_with_its_first_line(behind: int) -> None:
    lines = chain(9)
    lines.insert(behind, lines[2])
    found = fault(lines)
    assert found[:2] == (behind + 1, 3)
    assert "line 3 holds it already" in found.message


def test_an_entry_with_a_false_number_is_found() -> None:
    lines = chain(9)
    lines[4] = anew(lines[4], seq=7)
    assert fault(lines).line == 5


def test_entries_of_another_log_do_not_fit() -> None:
    ours, theirs = chain(9), chain(9, reason="Another")
    assert fault([*ours[:5], *theirs[5:]]).line == 6
    begun_later = anew(ours[0], previous="1" * 64)
    assert "names one before it" in fault([begun_later]).message


def test_a_cut_end_shows_against_a_recorded_head_only() -> None:
    lines = chain(9)
    head = recorded(lines[8])
    assert verify(lines[:6]).fault is None
    found = fault(lines[:6], recorded=head)
    assert found.line is None
    assert "ends with entry 6" in found.message
    assert "entry 9" in found.message
    assert "cut off" in fault(lines[:6], recorded=RecordedHead(None, head.hash)).message
    assert "cut off" in fault([], recorded=head).message


def test_a_log_that_grew_holds_its_earlier_heads() -> None:
    lines = chain(9)
    for line in lines:
        assert verify(lines, recorded=recorded(line)).fault is None
        by_hash_alone = RecordedHead(None, recorded(line).hash)
        assert verify(lines, recorded=by_hash_alone).fault is None
    assert verify(lines, recorded=RecordedHead(*START)).fault is None


def test_a_log_made_anew_shows_against_a_recorded_head() -> None:
    ours, theirs = chain(9), chain(12, reason="Another")
    assert verify(theirs).fault is None
    assert "replaced" in fault(theirs, recorded=recorded(ours[8])).message
    assert "replaced" in fault(theirs, recorded=RecordedHead(None, recorded(ours[8]).hash)).message


def test_only_the_right_key_verifies() -> None:
    lines = chain(5, KEY)
    found = fault(lines, b"another key of sixteen bytes")
    assert found.line == 1
    assert "key is another one" in found.message
    with pytest.raises(UsageError, match="--key-env"):
        verify(lines)


def test_a_keyed_log_takes_no_entry_without_the_key() -> None:
    lines = chain(5, KEY)
    forged = anew(lines[4], keyed=False)
    assert "without a key" in fault([*lines[:4], forged], KEY).message
    assert "without a key" in fault(chain(5), KEY).message
    other, _ = sealed(parse_line(lines[3]).head, decision(), by=None, now=NOON, key=KEY[::-1])
    found = fault([*lines[:4], other], KEY)
    assert found.line == 5
    assert "another key" in found.message


def test_a_log_cannot_become_keyed_in_its_middle() -> None:
    lines = chain(3)
    keyed, _ = sealed(parse_line(lines[2]).head, decision(), by=None, now=NOON, key=KEY)
    assert fault([*lines, keyed]).line == 4


def test_a_clock_that_was_set_back_is_no_break() -> None:
    lines, head = [], START
    for seconds in (0, 60, 30, 30, 90, 0):
        now = NOON + timedelta(seconds=seconds)
        line, head = sealed(head, decision(), by=None, now=now)
        lines.append(line)
    found = verify(lines)
    assert found.fault is None
    assert found.backwards == (3, 6)
    assert found.backwards_count == 2


def test_many_earlier_times_are_counted_and_not_all_kept() -> None:
    lines, head = [], START
    for number in range(40):
        line, head = sealed(head, decision(), by=None, now=NOON - timedelta(seconds=number))
        lines.append(line)
    found = verify(lines)
    assert found.backwards_count == 39
    assert found.backwards == tuple(range(2, 12))


_ENTRY = chain(1)[0]
_TEXT = _ENTRY[:-1]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (_TEXT, "line end is missing"),
        (_TEXT[:-9], "torn"),
        (_TEXT[:1], "torn"),
        (_TEXT[:30] + b"\0" * 50, "torn"),
        (b"\0" * 50, "torn"),
        (b"# A draft", "is no entry of an audit log"),
        (_TEXT + b"\r\n", r"ends in \\r\\n"),
        (b"\n", "is no entry"),
        (b"\xef\xbb\xbf" + _ENTRY, "is no entry"),
        (b" " + _ENTRY, "is no entry"),
        (_ENTRY.replace(b'"seq":1', b'"seq":1,"seq":1'), "is no entry"),
        (_ENTRY.replace(b'"seq":1', b'"seq":1.0'), "is no entry"),
        (_ENTRY.replace(b'"seq":1', b'"seq":true'), "is no entry"),
        (_ENTRY.replace(b'"seq":1', b'"seq":-1'), "is no entry"),
        (_ENTRY.replace(b'"seq":1', b'"seq":NaN'), "is no entry"),
        (_ENTRY.replace(b'"seq":1', b'"seq":' + b"9" * 30), "is no entry"),
        (_ENTRY.replace(b'"seq":1', b'"seq":' + b"9" * 9000), "is no entry"),
        (_ENTRY.replace(b'"seq":1', b'"more":1,"seq":1'), "is no entry"),
        (_ENTRY.replace(b'"keyed":false,', b""), "is no entry"),
        (_ENTRY.replace(b"2026-11-20T", b"2026-11-20 "), "is no entry"),
        (_ENTRY.replace(b"\\u201c", "“".encode()), "is no entry"),
        (_ENTRY.replace(b"\\u201c", b"\\u201C"), "is no entry"),
        (b"[" * 2_000_000 + b"\n", "is no entry"),
        (b'{"' + b"\\ud800" + b'":1}\n', "is no entry"),
        (b'{"body":' * 100_000 + b"\n", "is no entry"),
        (b"[]\n", "is no entry"),
        (b"7\n", "is no entry"),
        (b" " * (LINE_LIMIT_BYTES + 1), "longer than"),
    ],
    ids=lambda value: repr(value[:24]),
)
def test_what_is_no_entry_is_told(line: bytes, told: str) -> None:
    with pytest.raises(EntryError, match=told):
        parse_line(line)
    assert fault([_ENTRY, line])[:2] == (2, None)


def test_any_text_of_a_person_comes_back() -> None:
    texts = ["", "\x1b[31m\0", "\u202eabc", "</script>", "\\u0041", "\ud800", "é\n\r\t", "🧪" * 300]
    head, lines = START, []
    for text in texts:
        line, head = sealed(head, decision(reason=text), by=text, now=NOON)
        assert line.isascii()
        assert line.count(b"\n") == 1
        lines.append(line)
    assert verify(lines).fault is None
    entries = [parse_line(line) for line in lines]
    assert [entry.by for entry in entries] == texts
    assert [entry.body["reason"] for entry in entries] == texts


def test_the_time_is_utc_in_seconds() -> None:
    seoul = timezone(timedelta(hours=9))
    now = datetime(2026, 11, 21, 1, 30, 5, 999, tzinfo=seoul)
    line, _ = sealed(START, decision(), by=None, now=now)
    assert parse_line(line).time == "2026-11-20T16:30:05Z"
    with pytest.raises(ValueError, match="time zone"):
        sealed(START, decision(), by=None, now=now.replace(tzinfo=None))


def test_an_entry_that_is_too_long_is_refused() -> None:
    with pytest.raises(UsageError, match="more than the limit"):
        sealed(START, decision(reason="x" * LINE_LIMIT_BYTES), by=None, now=NOON)


def test_a_last_entry_must_fit_its_hash() -> None:
    [line] = chain(1, KEY)
    assert last_entry(line, KEY).seq == 1
    assert last_entry(line, None).seq == 1  # without the key there is nothing to compare with
    with pytest.raises(EntryError, match="another key"):
        last_entry(line, KEY[::-1])
    [line] = chain(1)
    with pytest.raises(EntryError, match="does not fit its hash: it was changed"):
        last_entry(line.replace(b'"Seen"', b'"Sent"'), None)


def test_a_key_is_never_shown() -> None:
    assert checked_key(KEY) == KEY
    for value in (b"", b"hush-hush", None):
        with pytest.raises(UsageError) as caught:
            checked_key(value)
        assert "hush" not in str(caught.value)


def test_a_head_is_read_as_it_is_printed() -> None:
    head = Head(12, "0f" * 32)
    assert parse_head(str(head)) == RecordedHead(12, "0f" * 32)
    assert parse_head(f" {'0F' * 32}\n") == RecordedHead(None, "0f" * 32)
    for text in ("", "12", "12:", f"x:{'0f' * 32}", "0f" * 31, f"{'0f' * 32}:12", "٣:" + "0f" * 32):
        with pytest.raises(UsageError, match="SEQ:HASH"):
            parse_head(text)


def test_a_report_is_kept_without_the_text_of_drafts() -> None:
    unread = Problem("scan.docx", "is encrypted")
    report = collect((knee()[0], letter()[0], clean()[0]), (unread, unread))
    line, _ = sealed(START, report_body(report), by=None, now=NOON)
    kept = parse_line(line).body
    for document, result in zip(report.documents, kept["documents"], strict=True):
        assert result["path"] == document.path
        assert result["sha256"] == document.sha256
        assert result["verdict"] == document.verdict
        for finding in document.findings:
            if finding.sentence is not None:
                assert json.dumps(finding.sentence.text)[1:-1].encode() not in line
    for name in ("errors", "warnings", "notes", "suppressed"):
        counted = sum(result[name] for result in kept["documents"])
        assert counted == getattr(report.summary, name) > 0
    assert kept["problems"] == [{"path": "scan.docx", "kind": "unread"}]
    assert kept["ruleset"] == report.tool.ruleset.sha256
    assert kept["markets"] == list(report.tool.ruleset.markets)


def test_a_report_on_thousands_of_documents_fits_in_an_entry() -> None:
    report = collect((clean()[0],) * 5_000, ())
    line, head = sealed(START, report_body(report), by=None, now=NOON)
    assert verify([line]).head == head


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def test_the_example_of_the_page_is_sound() -> None:
    [example] = _blocks("json")
    found = verify(example.encode().splitlines(keepends=True))
    assert found.fault is None
    assert found.head.seq == 2
    assert f"Its head is `{found.head}`." in PAGE.read_text("utf-8")
    report, waiver = (parse_line(line) for line in example.encode().splitlines(keepends=True))
    assert msgspec.convert(report.body, ReportBody, strict=True).documents[0].errors == 1
    assert msgspec.convert(waiver.body, DecisionBody, strict=True).decision == "waive"


def test_the_program_of_the_page_verifies_as_ours_does(tmp_path: Path) -> None:
    [program] = _blocks("python")
    log = tmp_path / "log.jsonl"
    lines = chain(5, reason="“Ä” \N{SYRINGE} \x1b \ud800")

    def run() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", program, str(log)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    log.write_bytes(b"".join(lines))
    assert run().stdout == f"sound, head {verify(lines).head}\n"
    log.write_bytes(b"".join(lines).replace(b"page-3", b"page-4"))
    assert "line 4" in run().stderr
