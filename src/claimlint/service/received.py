"""A request as it came in, and its headers read with suspicion."""

from __future__ import annotations

import re
from typing import NamedTuple

from claimlint.errors import ClaimlintError

HEADER_LIMIT_BYTES = 4096


class Refused(ClaimlintError):  # noqa: N818 - what happened to a delivery, not to us
    """A delivery that is not proven genuine; the text is for the log and holds no secret or signature."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Received(NamedTuple):
    """A request as it came in.

    `url` is the endpoint's public URL from the configuration, `path` the request target as sent (with
    its query string), `headers` pairs of a lower-case name and a value, `body` the raw bytes.
    """

    method: str
    url: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


def header_value(received: Received, name: str) -> str:
    """The trimmed value of a header that is there once; raises Refused."""
    values = [value for given, value in received.headers if given == name]
    if not values:
        raise Refused(f"the header {name} is missing")
    if len(values) > 1:
        raise Refused(f"the header {name} is there more than once")
    if len(values[0]) > HEADER_LIMIT_BYTES:
        raise Refused(f"the header {name} is longer than {HEADER_LIMIT_BYTES} bytes")
    if not values[0].isascii():
        raise Refused(f"the header {name} holds more than ASCII")
    return values[0].strip()


def header_parts(received: Received, name: str, form: re.Pattern[str]) -> tuple[str, ...]:
    """The groups of a header's form (the whole value when it has none); raises Refused."""
    found = form.fullmatch(header_value(received, name))
    if found is None:
        raise Refused(f"the header {name} is malformed")
    return found.groups() or (found.group(),)
