"""The list of documents as it is shown, and how times and verdicts are told on every page."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlencode

from claimlint.model.report import Verdict
from claimlint.reporters.wording import counted
from claimlint.service.store import Cursor, DocumentRow

_VERDICTS: Mapping[Verdict, str] = {"pass": "Pass", "review": "For review", "block": "Blocked"}
_RANKS: Mapping[Verdict, int] = {"pass": 0, "review": 1, "block": 2}
_STATES = {
    "queued": "a newer version waits for its check",
    "running": "a newer version is being checked",
    "dead": "the newest version could not be checked",
}
_FIRST = {
    "queued": "waits for its check",
    "running": "is being checked",
    "dead": "could not be checked",
}


class Moment(NamedTuple):
    """A time for machines, for people, and as an age."""

    iso: str
    text: str
    age: str


def moment(at: float, now: float) -> Moment:
    """A time (UTC seconds) as the pages show it."""
    found = datetime.fromtimestamp(at, UTC)
    return Moment(
        found.strftime("%Y-%m-%dT%H:%M:%SZ"), found.strftime("%d %b %Y, %H:%M UTC"), age(now - at)
    )


def age(seconds: float) -> str:
    """How long ago something was, in its largest unit."""
    number, unit = max(0.0, seconds) / 60, "minute"
    if number < 1:
        return "just now"
    for size, larger in ((60, "hour"), (24, "day")):
        if number < size:
            break
        number, unit = number / size, larger
    return f"{counted(int(number), unit)} ago"


class Line(NamedTuple):
    """A document in the list."""

    row: DocumentRow
    changed: Moment
    trend: str
    state: str


def line(row: DocumentRow, now: float) -> Line:
    """A document as the list shows it."""
    return Line(row, moment(row.changed_at, now), trend(row), state(row))


def trend(row: DocumentRow) -> str:
    """The verdict against that of the version before."""
    before, now = row.previous_verdict, row.verdict
    if now is None:
        return ""
    if before is None:
        return "first version"
    if before == now:
        return "as before"
    step = "better" if _RANKS[now] < _RANKS[before] else "worse"
    return f"{step}: was {_VERDICTS[before].lower()}"


def state(row: DocumentRow) -> str:
    """What is to be known beside the verdict, which may be that of an earlier version."""
    said = _STATES if row.verdict is not None else _FIRST
    return said.get(row.state, "")


class Listing(NamedTuple):
    """A page of the list; `older` and `newest` are the queries of the next and the first one."""

    lines: tuple[Line, ...]
    query: str
    verdict: str
    older: str
    newest: str
    is_first: bool


def listing(
    rows: Sequence[DocumentRow], query: str, verdict: str, limit: int, *, is_first: bool, now: float
) -> Listing:
    """A page of the list from one row more than it shows."""
    shown = rows[:limit]
    asked = {"q": query, "verdict": verdict}
    after = written(shown[-1].cursor) if len(rows) > limit else ""
    older = _query({**asked, "after": after}) if after else ""
    lines = tuple(line(row, now) for row in shown)
    return Listing(lines, query, verdict, older, _query(asked), is_first)


def _query(asked: Mapping[str, str]) -> str:
    given = urlencode({key: value for key, value in asked.items() if value})
    return f"?{given}" if given else ""


def written(cursor: Cursor) -> str:
    """A cursor in an address."""
    return f"{cursor.changed_at!r}_{cursor.id}"


def cursor_of(text: str) -> Cursor | None:
    """A cursor from an address; None for none that we wrote."""
    at, _, number = text.partition("_")
    try:
        cursor = Cursor(float(at), int(number))
    except ValueError:
        return None
    is_ours = math.isfinite(cursor.changed_at) and 0 <= cursor.id < 1 << 63
    return cursor if is_ours and written(cursor) == text else None
