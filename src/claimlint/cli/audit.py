"""`claimlint audit`: verify the log of decisions and reports, tell its head, show its entries."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from claimlint.cli.options import not_empty
from claimlint.cli.status import CLEAN, FINDINGS, UNREAD

if TYPE_CHECKING:
    from claimlint.review.audit import Entry, Head, RecordedHead
    from claimlint.review.audit_check import Break, Verified

_AT_ONCE = 500
_BODY_CHARACTERS = 160

key_option = click.option(
    "--key-env",
    metavar="NAME",
    callback=not_empty,
    help="The environment variable that holds the key of a keyed log.",
)
_FILE = click.argument("file", type=click.Path(readable=False), metavar="FILE", callback=not_empty)


def key_of(name: str | None) -> bytes | None:
    """The key in an environment variable, None without a name; raises UsageError."""
    from claimlint.review.audit import checked_key

    if name is None:
        return None
    value = os.environ.get(name)
    return checked_key(None if value is None else os.fsencode(value))


def _reads_log(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the exit status of its own for a log that cannot be read."""

    @wraps(command)
    def guarded(**values: Any) -> int:
        from claimlint.cli.output import notice
        from claimlint.errors import ReadError

        try:
            return command(**values)
        except ReadError as error:
            notice(f"error: {error}")
            return UNREAD

    return guarded


@click.group()
def audit() -> None:
    """Verify and show the audit log of decisions and reports."""


@audit.command()
@_FILE
@click.option(
    "--head",
    "recorded",
    metavar="SEQ:HASH",
    help="A head that was recorded elsewhere; the log must hold that entry.",
)
@key_option
@_reads_log
def verify(file: str, recorded: str | None, key_env: str | None) -> int:
    """Find a changed, reordered, repeated or missing entry.

    A cut end is found only against a recorded --head (see `claimlint audit head`). Exit status: 0
    sound, 1 not sound, 2 usage error, 3 the file cannot be read.
    """
    from claimlint import audit_file
    from claimlint.cli.output import emit, notice
    from claimlint.review.audit import parse_head

    against = None if recorded is None else parse_head(recorded)
    found = audit_file.verify(file, key=key_of(key_env), recorded=against)
    for text in _warnings(found):
        notice(f"warning: {file}: {text}")
    if found.fault is not None:
        emit(_unsound(file, found.fault, found.head.seq))
        return FINDINGS
    emit(_sound(found.head, against))
    return CLEAN


@audit.command("head")
@_FILE
@key_option
@_reads_log
def show_head(file: str, key_env: str | None) -> int:
    """Print SEQ:HASH of the last entry, to be recorded elsewhere.

    Only the last entry is looked at. Exit status 1 when it is broken.
    """
    from claimlint import audit_file
    from claimlint.cli.output import emit, notice
    from claimlint.review.audit import EntryError

    try:
        head = audit_file.head(file, key=key_of(key_env))
    except EntryError as error:
        notice(f"error: {file}: the last line {error}")
        return FINDINGS
    emit(f"{head}\n")
    return CLEAN


@audit.command()
@_FILE
@click.option(
    "--last", type=click.IntRange(min=1), metavar="N", help="Show only the last N entries."
)
@_reads_log
def show(file: str, last: int | None) -> int:
    """List the entries, one a line, without verifying them.

    Exit status 1 when a line is no entry.
    """
    from collections import deque
    from itertools import islice

    from claimlint import audit_file
    from claimlint.cli.output import emit, notice

    rows = (_row(number, line) for number, line in enumerate(audit_file.lines(file), start=1))
    shown = rows if last is None else iter(deque(rows, maxlen=last))
    broken = False
    while block := list(islice(shown, _AT_ONCE)):
        broken = broken or not all(sound for sound, _ in block)
        emit("".join(f"{row}\n" for _, row in block))
    notice(f"note: shown, not verified; claimlint audit verify {file} verifies")
    return FINDINGS if broken else CLEAN


def _unsound(file: str, fault: Break, before: int) -> str:
    from claimlint.reporters.visible import one_line

    place = "" if fault.line is None else f"line {fault.line}: "
    if fault.seq is not None:
        place = f"line {fault.line} (entry {fault.seq}): "
    held = "the entry before it holds" if before == 1 else f"the {before:,} entries before it hold"
    end = f"; {held}" if before and place else ""
    return one_line(f"not sound: {file}: {place}{fault.message}{end}") + "\n"


def _sound(head: Head, recorded: RecordedHead | None) -> str:
    from claimlint.reporters.wording import counted

    begin = f"sound: {counted(head.seq, 'entry', 'entries')}, head {head}"
    if recorded is None:
        return f"{begin}; without a recorded head (--head) a cut end cannot be seen\n"
    if recorded.hash == head.hash:
        return f"{begin}, which is the recorded head\n"
    return f"{begin}; it holds the recorded head, and a cut end behind that cannot be seen\n"


def _warnings(found: Verified) -> Iterator[str]:
    """Entries that are older than the one before, by their times."""
    for seq in found.backwards:
        yield f"entry {seq} has an earlier time than entry {seq - 1} (a clock that was set back?)"
    more = found.backwards_count - len(found.backwards)
    if more:
        yield f"and {more} more entries with an earlier time than the one before"


def _row(number: int, line: bytes) -> tuple[bool, str]:
    """Whether a line is an entry, and how it looks in a list."""
    from claimlint.reporters.visible import one_line
    from claimlint.review.audit import EntryError, parse_line

    try:
        entry = parse_line(line)
    except EntryError as error:
        return False, f"line {number} {error}"
    by = entry.by or "-"
    told = _told(entry)
    return True, one_line(f"{entry.seq:>6}  {entry.time}  {entry.kind:<8}  {by}  {told}")


def _told(entry: Entry) -> str:
    """What an entry says, in short; as JSON where this version does not know its kind."""
    import json

    import msgspec

    from claimlint.reporters.visible import shortened
    from claimlint.review.audit import BaselineBody, DecisionBody, ReportBody

    known: dict[str, tuple[Any, Callable[[Any], str]]] = {
        DecisionBody.kind: (DecisionBody, _decision),
        ReportBody.kind: (ReportBody, _report),
        BaselineBody.kind: (BaselineBody, _baseline),
    }
    if entry.kind in known:
        kind, say = known[entry.kind]
        try:
            return say(msgspec.convert(entry.body, kind))
        except msgspec.ValidationError:
            pass
    return shortened(json.dumps(entry.body, ensure_ascii=False), _BODY_CHARACTERS)


def _decision(body: Any) -> str:
    until = f", until {body.expires}" if body.expires else ""
    reason = f": {body.reason}" if body.reason else ""
    return f"{body.decision} {body.rule} {body.fingerprint} in {body.document}{until}{reason}"


def _report(body: Any) -> str:
    from claimlint.reporters.wording import counted, listed

    verdicts = [document.verdict for document in body.documents]
    counts = [f"{verdicts.count(one)} {one}" for one in ("block", "review", "pass")]
    told = [text for text in counts if not text.startswith("0 ")]
    documents = counted(len(verdicts), "document")
    problems = f", {counted(len(body.problems), 'problem')}" if body.problems else ""
    return f"{documents}{': ' if told else ''}{listed(told)}{problems}"


def _baseline(body: Any) -> str:
    from claimlint.reporters.wording import counted

    accepted = f"{counted(body.findings, 'finding')} in {counted(body.documents, 'document')}"
    return f"{body.path}: {accepted} accepted"
