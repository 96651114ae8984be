"""Laying out the review page of a stored document: in a worker process, since it can take long."""

from __future__ import annotations

import datetime
import re
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from claimlint.errors import ReadError

if TYPE_CHECKING:
    from claimlint.service.payloads import Text

_HEAD_CHARACTERS = 2_000  # of a review page, where its policy stands
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">')


class Drawing(NamedTuple):
    """A review page to lay out: the texts that were checked, their report and an earlier one as JSON."""

    name: str
    texts: tuple[Text, ...]
    report: bytes
    since: bytes | None
    today: datetime.date


class Drawn(NamedTuple):
    """A review page as UTF-8 HTML, and the policy that it states for itself."""

    page: bytes
    policy: str


def drawn(drawing: Drawing) -> Drawn | None:
    """Lay out a page here and now; None when the draft or a report cannot be read any more."""
    from claimlint.model.report import Report
    from claimlint.reporters import html
    from claimlint.service.checking import draft_of

    since = None
    try:
        draft = draft_of(drawing.name, drawing.texts)
        report = msgspec.json.decode(drawing.report, type=Report)
        if drawing.since is not None:
            since = msgspec.json.decode(drawing.since, type=Report)
    except (ReadError, msgspec.MsgspecError):
        return None
    page = html.render(report, [draft], today=drawing.today, since=since)
    stated = _POLICY.search(page, 0, _HEAD_CHARACTERS)
    assert stated is not None  # our own template states one
    return Drawn(page.encode("utf-8", "replace"), unescape(stated[1]))
