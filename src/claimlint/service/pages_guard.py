"""Which requests the pages answer at all: the right host, the right origin, somebody known."""

from __future__ import annotations

import hmac
import time
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from claimlint.service.pages_settings import PagesSettings
from claimlint.service.problems import Problem
from claimlint.service.requests import body_of
from claimlint.service.signin import SESSION_SECONDS, HeaderError, Session, Sessions, named_by

_FORM_LIMIT_BYTES = 64 << 10
_FORM_FIELDS = 30
_FORM = "application/x-www-form-urlencoded"
_FORWARDED = "x-forwarded-for"


class Person(NamedTuple):
    """Who asks; the cookie of a new session has to be set."""

    session: Session
    is_new: bool


class Guard:
    """Asks each request who sends it and from where."""

    def __init__(self, settings: PagesSettings, sessions: Sessions) -> None:
        self._settings = settings
        self._sessions = sessions
        # The prefix makes browsers refuse it from anything but this host by https.
        self._cookie = "__Host-claimlint" if settings.is_secure else "claimlint"

    def check_host(self, request: Request) -> None:
        """Refuse names that anybody could point at this address (DNS rebinding); raises Problem."""
        hosts = request.headers.getlist("host")
        name = _hostname(hosts[0]) if len(hosts) == 1 else None
        if name is None:
            raise Problem(400, "the request names no host")
        if name != "localhost" and not _is_address(name) and name != self._own_name:
            raise Problem(
                421, "the service is not known by this name: say its address in serve.public_url"
            )

    def check_origin(self, request: Request) -> None:
        """Refuse what another site's page sends; raises Problem."""
        said = request.headers.get("sec-fetch-site", "same-origin")
        origins = request.headers.getlist("origin")
        if said != "same-origin" or len(origins) != 1 or origins[0] not in self._origins(request):
            raise Problem(403, "the request does not come from a page of this service")

    def _origins(self, request: Request) -> tuple[str, ...]:
        """What is our own origin: the configured one, or the address that was asked."""
        host = request.headers["host"].lower()
        if _hostname(host) == self._own_name:
            return (self._settings.site,)
        return (f"http://{host}", *([self._settings.site] if self._settings.site else ()))

    @property
    def _own_name(self) -> str | None:
        return urlsplit(self._settings.site).hostname

    def person(self, request: Request) -> Person | None:
        """Who is signed in; the proxy's word comes before a cookie. Raises Problem."""
        now = time.time()
        session = self._sessions.opened(request.cookies.get(self._cookie, ""), now)
        proxy = self._settings.proxy
        if proxy is not None:
            try:
                name = named_by(proxy, _peer(request), request.headers.getlist(proxy.header))
            except HeaderError as error:
                raise Problem(400, str(error)) from None
            if name is not None:
                if session is not None and (session.name, session.way) == (name, "proxy"):
                    return Person(session, is_new=False)
                return Person(self._sessions.begin(name, "proxy", now), is_new=True)
        if session is None or session.way == "proxy":
            return None
        return Person(session, is_new=False)

    def address(self, request: Request) -> str:
        """Where a request comes from: the peer, or whom a proxy of ours names as its own."""
        peer = _peer(request)
        proxy = self._settings.proxy
        if proxy is not None and proxy.covers(peer):
            forwarded = ",".join(request.headers.getlist(_FORWARDED)).rpartition(",")[2].strip()
            return forwarded or peer
        return peer

    def check_form(self, session: Session, form: dict[str, str]) -> None:
        """Refuse a form that was not made for this session; raises Problem."""
        token = form.get("form_token", "").encode("utf-8", "replace")
        if not hmac.compare_digest(token, self._sessions.form_token(session).encode()):
            raise Problem(403, "the form is no longer valid: open the page again")

    def set_cookie(self, response: Response, session: Session) -> None:
        """Give the browser its session."""
        response.set_cookie(
            self._cookie,
            self._sessions.cookie(session),
            max_age=SESSION_SECONDS,
            path="/",
            secure=self._settings.is_secure,
            httponly=True,
            samesite="strict",
        )

    def delete_cookie(self, response: Response) -> None:
        """Take the browser's session away."""
        response.delete_cookie(
            self._cookie, "/", secure=self._settings.is_secure, httponly=True, samesite="strict"
        )


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form, each once; raises Problem."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != _FORM:
        raise Problem(415, "the body is no form")
    body = await body_of(request, _FORM_LIMIT_BYTES)
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            max_num_fields=_FORM_FIELDS,
            errors="replace",
        )
    except ValueError:
        raise Problem(400, "the body is no form") from None
    if len(dict(pairs)) != len(pairs):
        raise Problem(400, "a field of the form came twice")
    return dict(pairs)


def _peer(request: Request) -> str:
    return request.client.host if request.client is not None else ""


def _hostname(host: str) -> str | None:
    """The name in a Host header, lower case; None when it is none."""
    try:
        found = urlsplit(f"//{host}")
        return found.hostname if found.netloc == host and found.username is None else None
    except ValueError:
        return None


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
