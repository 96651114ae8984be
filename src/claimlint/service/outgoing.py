"""The one HTTP client of the service: it asks listed hosts only, at the very address that was checked."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import NamedTuple

from claimlint import __version__
from claimlint.service.outgoing_guard import (
    Allowed,
    Destination,
    OutgoingError,
    Resolve,
    checked_addresses,
    destination_of,
    resolved,
)

Connect = Callable[[str, int, float], socket.socket]

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_HEADER_VALUE = re.compile(r"[ -~]{0,8000}")
_CHUNK_BYTES = 64 << 10
_SUCCESS = range(200, 300)
_REDIRECT = range(300, 400)
_TRANSIENT = frozenset([408, 425, 429])
_LONGEST_PAUSE_SECONDS = 3600.0
_MEANING = {
    401: "the token is missing, wrong or has expired",
    403: "the token may not do this",
    404: "there is nothing (any more)",
    410: "there is nothing any more",
}


class Limits(NamedTuple):
    """How long a request may take, in all and until it is connected, and how large an answer may be."""

    connect_seconds: float = 5.0
    total_seconds: float = 20.0
    answer_bytes: int = 2 << 20


class Request(NamedTuple):
    """A request to be made; its query string, headers and body may hold secrets."""

    url: str
    headers: Mapping[str, str]
    body: bytes | None = None  # None: GET, otherwise POST


class Answer(NamedTuple):
    """A successful answer."""

    status: int
    body: bytes


def connected(address: str, port: int, seconds: float) -> socket.socket:
    """Connect to an address, which is not looked up."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.settimeout(seconds)
        made.connect((address, port))
    except BaseException:
        made.close()
        raise
    return made


class Client:
    """Makes requests, each over a connection of its own; knows no proxies and follows no redirects."""

    def __init__(
        self,
        *,
        limits: Limits = Limits(),  # noqa: B008  (a value)
        trust: ssl.SSLContext | None = None,
        resolve: Resolve = resolved,
        connect: Connect = connected,
    ) -> None:
        self._limits = limits
        self._trust = trust
        self._resolve = resolve
        self._connect = connect
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._closed = False

    def close(self) -> None:
        """Cut off what is under way in other threads, and make no request any more."""
        with self._lock:
            self._closed = True
            for kept in self._open:
                _cut(kept)

    def ask(self, request: Request, allowed: Allowed) -> Answer:
        """Make a request; raises OutgoingError for everything but a success. It blocks: not for a loop."""
        destination = destination_of(request.url, allowed)
        headers = _headers(request, destination)
        end = time.monotonic() + self._limits.total_seconds
        addresses = checked_addresses(
            destination, self._resolve, allow_private=allowed.allow_private
        )
        plain = self._reached(destination, addresses, end)
        try:
            return self._asked(destination, request, headers, plain, end)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise self._told(destination, error, end) from None
        finally:
            plain.close()

    def _reached(
        self, destination: Destination, addresses: tuple[str, ...], end: float
    ) -> socket.socket:
        """A connection to the first of the checked addresses that takes one."""
        for address in addresses:
            left = end - time.monotonic()
            if left <= 0:
                break
            with suppress(OSError):
                return self._connect(
                    address, destination.port, min(left, self._limits.connect_seconds)
                )
        raise OutgoingError(f"{destination.host} cannot be reached")

    def _asked(
        self,
        destination: Destination,
        request: Request,
        headers: Mapping[str, str],
        plain: socket.socket,
        end: float,
    ) -> Answer:
        plain.settimeout(max(0.001, end - time.monotonic()))
        kept = self._wrapped(destination, plain)
        # The time-out of a socket is for one read each; this one is for all of them.
        watch = threading.Timer(max(0.0, end - time.monotonic()), _cut, [kept])
        watch.daemon = True
        watch.start()
        with self._lock:
            self._open.add(kept)
            if self._closed:
                _cut(kept)
        connection = http.client.HTTPConnection(destination.host, destination.port)
        connection.auto_open = 0  # never to another address than the one that was checked
        connection.sock = kept
        try:
            if isinstance(kept, ssl.SSLSocket):
                kept.do_handshake()
            method = "GET" if request.body is None else "POST"
            connection.request(method, destination.path, request.body, dict(headers))
            with connection.getresponse() as answer:
                _check(destination, answer)
                body = _body(destination, answer, self._limits.answer_bytes)
            if time.monotonic() >= end:  # an answer without a length looks complete when it is cut
                raise TimeoutError
            return Answer(answer.status, body)
        finally:
            watch.cancel()
            connection.close()
            with self._lock:
                self._open.discard(kept)
                kept.close()

    def _wrapped(self, destination: Destination, plain: socket.socket) -> socket.socket:
        """The connection, made ready for encryption where it is to be encrypted."""
        if destination.scheme == "http":
            return plain
        trust = self._trust or ssl.create_default_context()
        return trust.wrap_socket(
            plain, server_hostname=destination.host.strip("[]"), do_handshake_on_connect=False
        )

    def _told(self, destination: Destination, error: Exception, end: float) -> OutgoingError:
        """What went wrong on the way, without the words of the other side."""
        host = destination.host
        if isinstance(error, ssl.SSLCertVerificationError):
            return OutgoingError(f"the certificate of {host} is not valid: {error.verify_message}")
        if isinstance(error, TimeoutError) or time.monotonic() >= end:
            seconds = round(self._limits.total_seconds)
            return OutgoingError(f"{host} took longer than {seconds} seconds")
        if isinstance(error, ssl.SSLError):
            return OutgoingError(f"no encrypted connection to {host} came about")
        if isinstance(error, OSError):
            return OutgoingError(f"the connection to {host} broke")
        return OutgoingError(f"{host} did not answer as HTTP has it")


def _cut(kept: socket.socket) -> None:
    """End a connection that a thread is reading from, without the farewell of an encrypted one."""
    with suppress(OSError):
        socket.socket.shutdown(kept, socket.SHUT_RDWR)


def _headers(request: Request, destination: Destination) -> dict[str, str]:
    made = {
        "Host": destination.shown,
        "User-Agent": f"claimlint/{__version__}",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Connection": "close",
        **request.headers,
    }
    for name, value in made.items():
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            raise OutgoingError(
                "a header of the request holds characters that do not belong there", is_final=True
            )
    return made


def _check(destination: Destination, answer: http.client.HTTPResponse) -> None:
    """Raise OutgoingError for everything but a success that can be read."""
    status, host = answer.status, destination.host
    if status in _REDIRECT:
        raise OutgoingError(
            f"{host} answered with a redirect, which is not followed", is_final=True, status=status
        )
    if status not in _SUCCESS:
        meaning = _MEANING.get(status)
        raise OutgoingError(
            f"{host} answered {status}" + (f": {meaning}" if meaning else ""),
            is_final=status < 500 and status not in _TRANSIENT,
            after_seconds=_pause(answer.headers.get("retry-after", "")),
            status=status,
        )
    coding = answer.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("", "identity"):
        raise OutgoingError(f"{host} compressed its answer unasked", is_final=True)


def _pause(text: str) -> float:
    """How long the other side asks to wait; a date is not heeded."""
    seconds = float(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0.0
    return min(seconds, _LONGEST_PAUSE_SECONDS)


def _body(destination: Destination, answer: http.client.HTTPResponse, limit_bytes: int) -> bytes:
    """The body, of which no more than the limit is ever held."""
    parts = []
    left = limit_bytes
    said = answer.length
    if said is None or said <= limit_bytes:
        while chunk := answer.read(min(_CHUNK_BYTES, left + 1)):
            left -= len(chunk)
            if left < 0:
                break
            parts.append(chunk)
    else:
        left = -1
    if left < 0:
        raise OutgoingError(
            f"the answer of {destination.host} is larger than {limit_bytes:,} bytes", is_final=True
        )
    if answer.length:
        raise http.client.IncompleteRead(b"")
    return b"".join(parts)
