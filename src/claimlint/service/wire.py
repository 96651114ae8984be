"""The HTTP server, with limits that uvicorn does not set: for heads, for silence, and for haste.

Without them a sender that never ends its headers, or never begins, holds memory or a connection for ever,
and one that sends requests without waiting for answers has as many of them in memory as it likes.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from claimlint.service.journal import Journal, heard_by

_CONNECTIONS = 800  # with the files of the store below 1,024, which a process may usually have open
_GRACE_SECONDS = 20  # for requests, when a signal ends the service

_HEAD_LIMIT_BYTES = 64 << 10
_HEAD_SECONDS = 15.0
_OVERHEAD = 8  # bytes on the wire for each byte of a body, which chunks of one byte need
_TOO_LONG = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


def listen(
    app: Starlette, listener: socket.socket, body_limit_bytes: int, journal: Journal
) -> bool:
    """Serve an application until a signal ends it; whether it started at all."""
    heard_by(journal, "uvicorn")
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            http=_bounded(body_limit_bytes),
            ws="none",
            access_log=False,  # addresses may hold secrets; what matters is in our own log
            log_config=None,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=_CONNECTIONS,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
    )
    with suppress(KeyboardInterrupt):  # once stopped, uvicorn sends itself the signal again
        server.run(sockets=[listener])
    return server.started


def _bounded(body_limit_bytes: int) -> type[asyncio.Protocol]:
    """The protocol for bodies up to so many bytes; larger ones are refused by whoever reads them."""

    class Bounded(BoundedProtocol):
        message_limit_bytes = _HEAD_LIMIT_BYTES + _OVERHEAD * body_limit_bytes

    return Bounded


class _FullError(Exception):
    """Ends the reading of a connection whose sender is too far ahead of its answers."""


class BoundedProtocol(HttpToolsProtocol):
    """One connection whose requests have to come whole and soon, and at most one ahead of its turn."""

    message_limit_bytes: int

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._in_head = True
        self._is_full = False
        self._size = 0
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Expect a request."""
        super().connection_made(transport)
        self._late = self.loop.call_later(_HEAD_SECONDS, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """Expect nothing more."""
        self._in_time()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes in, within the limits."""
        if self._is_full:
            return
        self._size += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._in_head and self._size > _HEAD_LIMIT_BYTES:
            self.transport.write(_TOO_LONG)
            self.transport.close()
        elif self._size > self.message_limit_bytes:
            self.transport.close()

    def on_message_begin(self) -> None:
        """A head begins, at once or on a connection that was kept."""
        if self.pipeline:
            # What is here is answered, the last answer says that the connection ends, and whoever sent
            # more sends it again on another one (RFC 9112, 9.3.2).
            self.cycle.keep_alive = False
            self._is_full = True
            raise _FullError
        super().on_message_begin()
        self._in_head = True
        self._size = 0
        if self._late is None:
            self._late = self.loop.call_later(_HEAD_SECONDS, self.transport.close)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header, but none that follows a body: nothing reads those."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._in_head = False
        self._in_time()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP; answers that are still due go before."""
        if not self._is_full:
            super().send_400_response(msg)

    def _in_time(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
