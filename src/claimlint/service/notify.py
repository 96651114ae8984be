"""Telling others of a review: a signed message (Standard Webhooks), or one that Slack shows."""

from __future__ import annotations

import base64
import hmac
import re
from datetime import UTC, datetime
from typing import Literal, NamedTuple

import msgspec

from claimlint.service.outgoing import Client, Request
from claimlint.service.outgoing_guard import Allowed
from claimlint.service.store_errands import Occasion, Telling, Told

_PLAIN_URL = re.compile(r"https?://[!-;=?-{}~]{1,2000}")  # no < > |, which have a meaning in Slack
_SLACK_TITLE = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_VERDICTS = {"block": "blocked", "review": "needs review", "pass": "nothing found"}


class Notifying(NamedTuple):
    """Whom to tell; `url` may be a secret itself, and `key` signs."""

    name: str
    kind: Literal["standard", "slack"]
    url: str
    key: bytes
    on: tuple[Occasion, ...]
    allowed: Allowed

    @property
    def telling(self) -> Telling:
        """What the store has to know of it."""
        return Telling(self.name, self.on)


def notified(client: Client, whom: Notifying, told: Told, page: str, now: float) -> None:
    """Send a message; it blocks. Raises OutgoingError. `page` is the review's address, or empty."""
    request = _slack(whom, told, page) if whom.kind == "slack" else _standard(whom, told, page, now)
    client.ask(request, whom.allowed)


def _standard(whom: Notifying, told: Told, page: str, now: float) -> Request:
    made = datetime.fromtimestamp(told.made_at, UTC).isoformat(timespec="milliseconds")
    data = {
        "endpoint": told.endpoint,
        "id": told.external_id,
        "locale": told.locale,
        "title": told.title,
        "url": told.url,
        "page": page,
        "verdict": told.verdict,
        "previous_verdict": told.previous_verdict,
        "errors": told.errors,
        "warnings": told.warnings,
        "notes": told.notes,
        "suppressed": told.suppressed,
    }
    body = msgspec.json.encode({"type": "review.made", "timestamp": made, "data": data})
    at = str(int(now))
    message = b"%b.%b.%b" % (told.review.encode(), at.encode(), body)
    proof = base64.b64encode(hmac.digest(whom.key, message, "sha256")).decode("ascii")
    headers = {
        "Content-Type": "application/json",
        "webhook-id": told.review,
        "webhook-timestamp": at,
        "webhook-signature": f"v1,{proof}",
    }
    return Request(whom.url, headers, body)


def _slack(whom: Notifying, told: Told, page: str) -> Request:
    name = f"{told.endpoint}:{told.external_id}" + (f":{told.locale}" if told.locale else "")
    title = _CONTROL.sub(" ", told.title)[:_SLACK_TITLE].strip() or name
    before = ""
    if told.previous_verdict is not None and told.previous_verdict != told.verdict:
        before = f" (before: {_VERDICTS[told.previous_verdict]})"
    counts = ", ".join(
        f"{number} {word if number == 1 else word + 's'}"
        for number, word in (
            (told.errors, "error"), (told.warnings, "warning"), (told.notes, "note"),
        )
    )  # fmt: skip
    lines = [
        f"{_escaped(title)}: {_VERDICTS[told.verdict]}{before}",
        f"{counts} – {_escaped(_CONTROL.sub(' ', name))}",
    ]
    lines += [f"<{_escaped(one)}>" for one in (page, told.url) if _PLAIN_URL.fullmatch(one)]
    body = msgspec.json.encode({"text": "\n".join(lines)})
    return Request(whom.url, {"Content-Type": "application/json"}, body)


def _escaped(text: str) -> str:
    """Text in which Slack sees neither a mention nor a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
