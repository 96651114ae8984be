"""The audit log's entries: one JSON object a line, each bound to the one before by its hash.

The format is described in docs/audit-log.md; `audit_file` keeps the file, `audit_check` verifies it.
"""

from __future__ import annotations

import hmac
import json
import re
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

import msgspec
from msgspec import Meta

from claimlint.errors import ClaimlintError, UsageError
from claimlint.model.digest import sha256
from claimlint.model.report import DocumentReport, PackInfo, Problem, Report, Verdict

LINE_LIMIT_BYTES = 4 << 20  # a report on some 15,000 documents
KEY_LEAST_BYTES = 16
_LAST_SEQ = 1 << 53  # whole numbers are exact up to here in every JSON library
_NO_HASH = "0" * 64
_BEGIN = b'{"body":'
_HEAD = re.compile(r"(?:([0-9]{1,18}):)?([0-9a-f]{64})")

Hash = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Time = Annotated[str, Meta(pattern=r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z")]
Decision = Literal["accept", "waive", "false_alarm", "withdraw"]


class EntryError(ClaimlintError):
    """A line that is no entry; the text says why and follows on "the line …"."""


class Head(NamedTuple):
    """A log's last entry: its number (0: the log is empty) and its hash (64 hexadecimal digits)."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


START = Head(0, _NO_HASH)


class RecordedHead(NamedTuple):
    """A head that was noted elsewhere; `seq` is None when only its hash was."""

    seq: int | None
    hash: str


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the log; `time` is UTC in seconds (RFC 3339), `by` a name as it was stated."""

    seq: Annotated[int, Meta(ge=1, le=_LAST_SEQ)]
    time: Time
    kind: str
    by: str | None
    body: dict[str, Any]
    previous: Hash
    hash: Hash
    keyed: bool

    @property
    def head(self) -> Head:
        """The head of a log that ends with this entry."""
        return Head(self.seq, self.hash)


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry is about; `kind` is the entry's kind. Texts, whole numbers and lists only."""

    kind: ClassVar[str]


class DocumentResult(msgspec.Struct, frozen=True, kw_only=True):
    """One document of a report; the counts are of findings that nobody has let off."""

    path: str
    sha256: str
    verdict: Verdict
    errors: int
    warnings: int
    notes: int
    suppressed: int


class ProblemResult(msgspec.Struct, frozen=True):
    """A document that was not read or not judged in full."""

    path: str
    kind: Literal["unread", "unchecked"]


class ReportBody(Body, frozen=True, kw_only=True):
    """A report that was made: what was judged, by which rules, with what result; no text of a draft."""

    kind: ClassVar[str] = "report"
    version: str
    ruleset: str
    packs: tuple[PackInfo, ...]
    markets: tuple[str, ...]
    documents: tuple[DocumentResult, ...]
    problems: tuple[ProblemResult, ...]


class DecisionBody(Body, frozen=True, kw_only=True):
    """What a person decided about a finding; `by` of the entry is who.

    `document` is as the waiver names it (a path, a CMS id, a pattern, `any`), `document_sha256` the
    version that lay before the person. `date` and `expires` are days, as the person stated them.
    """

    kind: ClassVar[str] = "decision"
    decision: Decision
    document: str
    rule: str
    fingerprint: str
    sentence: str
    reason: str
    date: str | None = None
    expires: str | None = None
    document_sha256: str | None = None


class BaselineBody(Body, frozen=True, kw_only=True):
    """A baseline that was written: the digest of its file and how much it accepts."""

    kind: ClassVar[str] = "baseline"
    path: str
    sha256: str
    documents: int
    findings: int


def report_body(report: Report) -> ReportBody:
    """What the log keeps of a report."""
    problems = {_problem(problem) for problem in report.problems}
    return ReportBody(
        version=report.tool.version,
        ruleset=report.tool.ruleset.sha256,
        packs=report.tool.ruleset.packs,
        markets=report.tool.ruleset.markets,
        documents=tuple(map(_result, report.documents)),
        problems=tuple(ProblemResult(*problem) for problem in sorted(problems)),
    )


def _result(document: DocumentReport) -> DocumentResult:
    open_ = [finding.severity for finding in document.findings if finding.suppressed is None]
    return DocumentResult(
        path=document.path,
        sha256=document.sha256,
        verdict=document.verdict,
        errors=open_.count("error"),
        warnings=open_.count("warning"),
        notes=open_.count("note"),
        suppressed=len(document.findings) - len(open_),
    )


def _problem(problem: Problem) -> tuple[str, Literal["unread", "unchecked"]]:
    return problem.path, problem.kind


def sealed(
    after: Head, body: Body, *, by: str | None, now: datetime, key: bytes | None = None
) -> tuple[bytes, Head]:
    """The line of a new entry that follows `after`, and the log's new head.

    Raises UsageError when the line would be too long, ValueError when `now` has no time zone.
    """
    if now.tzinfo is None:
        raise ValueError("the time of an entry needs a time zone")
    fields: dict[str, Any] = {
        "seq": after.seq + 1,
        "time": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "kind": body.kind,
        "by": by,
        "body": msgspec.to_builtins(body),
        "previous": after.hash,
        "keyed": key is not None,
    }
    digest = _hash(fields, key)
    line = _canonical({**fields, "hash": digest}) + b"\n"
    if len(line) > LINE_LIMIT_BYTES:
        raise UsageError(
            f"the entry for the audit log has {len(line):,} bytes, more than the limit of "
            f"{LINE_LIMIT_BYTES:,}; report on fewer documents at once"
        )
    return line, Head(after.seq + 1, digest)


def parse_line(line: bytes) -> Entry:
    """Read a line with its line end; raises EntryError for any but an entry in the canonical form."""
    if len(line) > LINE_LIMIT_BYTES:
        raise EntryError(f"is longer than {LINE_LIMIT_BYTES:,} bytes, so it is no entry")
    if not line.endswith(b"\n"):
        raise EntryError(_unended(line))
    if line.endswith(b"\r\n"):
        raise EntryError(
            "ends in \\r\\n where an entry ends in \\n: a program changed the line ends of the file "
            "(for git, say `-text` for it in .gitattributes)"
        )
    entry = _entry(line[:-1])
    if entry is None:
        raise EntryError("is no entry of an audit log in the form that claimlint writes")
    return entry


def _entry(text: bytes) -> Entry | None:
    """An entry from its canonical bytes; None for any others."""
    try:
        fields = json.loads(text.decode("ascii"))
        entry = msgspec.convert(fields, Entry)
        return entry if _canonical(fields) == text else None
    except (ValueError, RecursionError, msgspec.ValidationError):
        return None


def _unended(line: bytes) -> str:
    """Why a line without a line end is no entry."""
    if _entry(line) is not None:
        return "is whole but its line end is missing: add a line feed (\\n) behind it"
    begin = line.rstrip(b"\0")
    if not _BEGIN.startswith(begin[: len(_BEGIN)]):
        return "is no entry of an audit log"
    return (
        "is torn: writing it was cut off (a crash, a full disk), so nothing was recorded by it; keep "
        "a copy of the file, then delete this unfinished last line and nothing else"
    )


def fits(entry: Entry, key: bytes | None) -> bool:
    """Tell whether an entry's hash is that of its other fields, under the key that made it."""
    fields = msgspec.to_builtins(entry)
    stated = fields.pop("hash")
    return hmac.compare_digest(stated, _hash(fields, key if entry.keyed else None))


def last_entry(line: bytes, key: bytes | None) -> Entry:
    """Read the last line of a log that is to be continued or quoted.

    Raises EntryError when it is no sound entry.
    """
    entry = parse_line(line)
    if not (entry.keyed and key is None) and not fits(entry, key):
        reason = "it was changed, or made with another key" if entry.keyed else "it was changed"
        raise EntryError(f"(entry {entry.seq}) does not fit its hash: {reason}")
    return entry


def check_keys_agree(entry: Entry, key: bytes | None) -> None:
    """Raise UsageError when a log would become keyed or cease to be so in its middle."""
    if entry.keyed and key is None:
        raise UsageError(NEEDS_KEY)
    if key is not None and not entry.keyed:
        raise UsageError(
            "the audit log was begun without a key, and a log is keyed from its first entry or not at "
            "all: begin a new file for the key, or leave the key out"
        )


NEEDS_KEY = (
    "the audit log is keyed: name the environment variable that holds its key with --key-env"
)


def checked_key(value: bytes | None) -> bytes:
    """A key as it was found in the environment; raises UsageError, which never shows it."""
    if value is None:
        raise UsageError(
            "no environment variable has the name given for the audit log's key (give the name of the "
            "variable there, never the key itself)"
        )
    if len(value) < KEY_LEAST_BYTES:
        raise UsageError(
            f"the audit log's key has {len(value)} bytes, and at least {KEY_LEAST_BYTES} are needed; "
            "make one with: openssl rand -hex 32"
        )
    return value


def parse_head(text: str) -> RecordedHead:
    """Read SEQ:HASH, or HASH alone; raises UsageError."""
    found = _HEAD.fullmatch(text.strip().lower())
    if found is None:
        raise UsageError(
            "the recorded head is not of the form SEQ:HASH, a number and 64 hexadecimal digits as "
            "`claimlint audit head` prints them"
        )
    return RecordedHead(int(found[1]) if found[1] else None, found[2])


def _canonical(fields: dict[str, Any]) -> bytes:
    """The one encoding of an object: keys sorted by code point, no spaces, ASCII, no NaN."""
    text = json.dumps(
        fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    )
    return text.encode("ascii")


def _hash(fields: dict[str, Any], key: bytes | None) -> str:
    """The hash over all fields but `hash` itself: SHA-256, with a key HMAC-SHA-256 (RFC 2104)."""
    data = _canonical(fields)
    if key is None:
        return sha256(data).hexdigest()
    return hmac.digest(key, data, "sha256").hex()
