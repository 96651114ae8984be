"""Verify an audit log: the first place at which it is not what was written, or that there is none."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from claimlint.errors import UsageError
from claimlint.review.audit import (
    NEEDS_KEY,
    START,
    Entry,
    EntryError,
    Head,
    RecordedHead,
    fits,
    parse_line,
)

_TIMES_KEPT = 10


class Break(NamedTuple):
    """Where a log ceases to be sound: line and stated number of the entry, and what is wrong.

    `line` is None when it is what the log as a whole lacks, `seq` when the line is no entry.
    """

    line: int | None
    seq: int | None
    message: str


class Verified(NamedTuple):
    """How far a log is sound: up to `head`, which is its end unless there is a break.

    `backwards` are the first entries with an earlier time than the one before, `backwards_count` is the
    number of all: a clock that was set back, no break.
    """

    head: Head
    fault: Break | None
    backwards: tuple[int, ...] = ()
    backwards_count: int = 0


def verify(
    lines: Iterable[bytes], *, key: bytes | None = None, recorded: RecordedHead | None = None
) -> Verified:
    """Verify the lines of a log, each with its line end, up to the first break.

    With a key every entry must be made with it. Raises UsageError for a keyed log without its key.
    """
    numbered = enumerate(lines, start=1)
    last: Entry | None = None
    times: list[int] = []
    count = 0
    met = recorded is None or _is(recorded, START)
    for number, line in numbered:
        try:
            entry = parse_line(line)
        except EntryError as error:
            return _broken(last, Break(number, None, f"the line {error}"), times, count)
        wrong = _wrong(entry, last, key)
        if wrong is None and _is_other(entry, recorded):
            return _broken(last, Break(None, None, _replaced(entry)), times, count)
        if wrong is None and entry.seq > _seq(last) + 1:
            wrong = _gap(entry, last, numbered)
        if wrong is None:
            wrong = _unlinked(entry, last)
        if wrong is not None:
            return _broken(last, Break(number, entry.seq, wrong), times, count)
        if last is not None and entry.time < last.time:
            count += 1
            times += [entry.seq] if count <= _TIMES_KEPT else []
        met = met or (recorded is not None and _is(recorded, entry.head))
        last = entry
    if recorded is not None and not met:
        return _broken(last, Break(None, None, _cut(recorded, _seq(last))), times, count)
    return Verified(_head(last), None, tuple(times), count)


def _broken(last: Entry | None, fault: Break, times: list[int], count: int) -> Verified:
    return Verified(_head(last), fault, tuple(times), count)


def _head(last: Entry | None) -> Head:
    return START if last is None else last.head


def _seq(last: Entry | None) -> int:
    return 0 if last is None else last.seq


def _is(recorded: RecordedHead, head: Head) -> bool:
    return recorded.seq in (None, head.seq) and hmac.compare_digest(recorded.hash, head.hash)


def _wrong(entry: Entry, last: Entry | None, key: bytes | None) -> str | None:
    """What is wrong with an entry by itself."""
    if entry.keyed and key is None:
        if last is None:
            raise UsageError(NEEDS_KEY)
        return "the entry is keyed and those before it are not: it comes from another log"
    if key is not None and not entry.keyed:
        return (
            "the entry was made without a key, so that anybody who can write the file could have made "
            "it"
        )
    if fits(entry, key):
        return None
    if not entry.keyed:
        return "the entry was changed: it does not fit its hash"
    return (
        "the entry does not fit its hash: "
        f"{'the key is another one' if last is None else 'it was made with another key'}, or it was "
        "changed"
    )


def _is_other(entry: Entry, recorded: RecordedHead | None) -> bool:
    """Whether an entry has the number of the recorded head and is another one."""
    return recorded is not None and recorded.seq == entry.seq and not _is(recorded, entry.head)


def _replaced(entry: Entry) -> str:
    return (
        f"entry {entry.seq} is not the one whose head was recorded: the log was replaced, or written "
        "anew from that entry or an earlier one on"
    )


def _gap(entry: Entry, last: Entry | None, rest: Iterator[tuple[int, bytes]]) -> str:
    """Tell a missing entry from one that was moved towards the end."""
    due = _seq(last) + 1
    begin = f"entry {entry.seq} stands where entry {due} belongs"
    for number, line in rest:
        try:
            if parse_line(line).seq == due:
                return f"{begin}, which stands in line {number}: the entries were reordered"
        except EntryError:
            continue
    return f"{begin}, which is nowhere after it: entry {due} is missing"


def _unlinked(entry: Entry, last: Entry | None) -> str | None:
    """What is wrong with the place of an entry whose number is not too high."""
    if entry.seq <= _seq(last):
        return f"entry {entry.seq} stands here again: line {entry.seq} holds it already"
    if hmac.compare_digest(entry.previous, _head(last).hash):
        return None
    if last is None:
        return "the first entry names one before it: it comes from another log"
    return (
        f"the entry does not name the hash of entry {last.seq}: that one was changed and hashed anew, "
        "or the entries from here on come from another log"
    )


def _cut(recorded: RecordedHead, ends: int) -> str:
    """Tell what became of a recorded head that no entry has."""
    if recorded.seq is None:
        return "no entry has the recorded hash: the end of the log was cut off, or the log was replaced"
    if ends < recorded.seq:
        return (
            f"the log ends with entry {ends} and the recorded head is entry {recorded.seq}: the end "
            "was cut off"
        )
    return "the recorded head is not that of an empty log"
