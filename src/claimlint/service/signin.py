"""Who is signed in: tokens, sessions in a signed cookie, a proxy's header, and limits on guessing."""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import deque
from collections.abc import Sequence
from ipaddress import IPv6Address
from typing import Literal, NamedTuple

import msgspec

from claimlint.config.serve import ReviewerPart
from claimlint.service.pages_settings import PagesSettings, Proxy, parsed_address

SESSION_SECONDS = 8 * 3600
_WINDOW_SECONDS = 900.0
_FAILURES_OF_ONE = 10
_FAILURES_OF_ALL = 200
_ENDED_KEPT = 10_000
_COOKIE_LIMIT = 2_048
_KEY_BYTES = 32
_ID_BYTES = 16
_NAME_LIMIT = 100
_NETWORK_BITS_OF_ONE = 64  # whoever has one address of version 6 has all of its network

Way = Literal["token", "proxy"]


class Session(NamedTuple):
    """A signed-in person until `ends_at` (UTC seconds); `way` is who vouches for the name."""

    name: str
    way: Way
    ends_at: int
    id: str


class HeaderError(ValueError):
    """What the proxy says is no name, or several."""


def reviewer_of(token: str, reviewers: Sequence[ReviewerPart]) -> ReviewerPart | None:
    """The reviewer whose token this is; all are compared, in constant time."""
    digest = hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
    fits = [hmac.compare_digest(digest, one.token_sha256) for one in reviewers]
    return reviewers[fits.index(True)] if any(fits) else None


def named_by(proxy: Proxy, peer: str, values: Sequence[str]) -> str | None:
    """The person whom a proxy names; None when the peer is no proxy or it names nobody.

    `values` are those of its header as they came (Latin-1). Raises HeaderError.
    """
    if not values or not proxy.covers(peer):
        return None
    if len(values) > 1:
        raise HeaderError("the header that names the person came more than once")
    raw = values[0].strip()
    try:
        name = raw.encode("latin-1").decode("utf-8")
    except UnicodeError:
        name = raw
    if len(name) > _NAME_LIMIT or not name.isprintable():
        raise HeaderError("the header that names the person holds no name")
    return name or None


class Sessions:
    """Makes and reads session cookies; what was signed out is remembered until it would have ended."""

    def __init__(self, settings: PagesSettings) -> None:
        self._tokens = {one.name: one.token_sha256 for one in settings.reviewers}
        self._key = settings.session_key or secrets.token_bytes(_KEY_BYTES)
        self._ended: dict[str, int] = {}

    def begin(self, name: str, way: Way, now: float) -> Session:
        """Begin a session."""
        return Session(name, way, int(now) + SESSION_SECONDS, secrets.token_urlsafe(_ID_BYTES))

    def cookie(self, session: Session) -> str:
        """The session as a cookie's value."""
        payload = urlsafe_b64encode(msgspec.json.encode(session)).decode().rstrip("=")
        return f"{payload}.{self._sign('session', session, payload)}"

    def opened(self, value: str, now: float) -> Session | None:
        """The session of a cookie; None when it is not ours, has ended, or its token was withdrawn."""
        payload, _, sign = value.partition(".")
        if len(value) > _COOKIE_LIMIT or not sign.isascii():
            return None
        try:
            data = urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
            session = msgspec.json.decode(data, type=Session)
        except (ValueError, msgspec.MsgspecError):
            return None
        if not hmac.compare_digest(sign, self._sign("session", session, payload)):
            return None
        if now >= session.ends_at or session.id in self._ended:
            return None
        if session.way == "token" and session.name not in self._tokens:
            return None
        return session

    def form_token(self, session: Session) -> str:
        """What a form of this session carries, and no other site can know."""
        return self._sign("form", session, session.id)

    def end(self, session: Session, now: float) -> None:
        """Let a session's cookie count no longer."""
        for one in [one for one, ends_at in self._ended.items() if ends_at <= now]:
            del self._ended[one]
        while len(self._ended) >= _ENDED_KEPT:
            del self._ended[next(iter(self._ended))]
        self._ended[session.id] = session.ends_at

    def _sign(self, purpose: str, session: Session, text: str) -> str:
        """The signature; it holds as long as the reviewer has the same token."""
        token = self._tokens.get(session.name, "") if session.way == "token" else ""
        data = "\0".join((purpose, session.way, token, text))
        return hmac.digest(self._key, data.encode("utf-8", "replace"), "sha256").hex()


class Failures:
    """Sign-ins that failed lately, of one address and of all; no more of them are kept than count.

    They hinder further failures only, never who has a right token.
    """

    def __init__(self) -> None:
        self._lately: deque[tuple[float, str]] = deque()

    def wait_seconds(self, address: str, now: float) -> int:
        """How long this address has to wait before another failure is taken; 0 when it may fail now."""
        while self._lately and self._lately[0][0] <= now - _WINDOW_SECONDS:
            self._lately.popleft()
        whose = _whose(address)
        own = [at for at, one in self._lately if one == whose]
        waits = [0.0]
        if len(own) >= _FAILURES_OF_ONE:
            waits.append(own[-_FAILURES_OF_ONE] + _WINDOW_SECONDS - now)
        if len(self._lately) >= _FAILURES_OF_ALL:
            waits.append(self._lately[-_FAILURES_OF_ALL][0] + _WINDOW_SECONDS - now)
        return math.ceil(max(waits))

    def add(self, address: str, now: float) -> None:
        """Note a failure; nobody who has to wait gets here, so at most the limit of all is kept."""
        self._lately.append((now, _whose(address)))


def _whose(address: str) -> str:
    found = parsed_address(address)
    if isinstance(found, IPv6Address):
        return str(int(found) >> _NETWORK_BITS_OF_ONE)
    return str(found) if found is not None else ""
