"""The other side of the service's requests: a server on loopback that answers as a test says."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit


class Asked(NamedTuple):
    """A request as it arrived."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


class Says(NamedTuple):
    """An answer."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = {}

    @classmethod
    def json(cls, value: Any) -> Says:
        return cls(200, json.dumps(value).encode(), {"Content-Type": "application/json"})


class Other:
    """The server and what it was asked; `answers` may be exchanged while it runs."""

    def __init__(self, answers: Callable[[Asked], Says]) -> None:
        self.answers = answers
        self.asked: list[Asked] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                asked = Asked(
                    self.command,
                    parts.path,
                    {name: values[0] for name, values in parse_qs(parts.query).items()},
                    {name.lower(): value for name, value in self.headers.items()},
                    body,
                )
                outer.asked.append(asked)
                says = outer.answers(asked)
                self.send_response(says.status)
                for name, value in says.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(says.body)))
                self.end_headers()
                self.wfile.write(says.body)

            do_GET = do_POST = _answer  # noqa: N815

            def log_message(self, *arguments: object) -> None:
                return

        class Server(ThreadingHTTPServer):
            def handle_error(self, *arguments: object) -> None:
                return  # whoever asked has gone, as some tests want

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = int(self.server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def other_side(answers: Callable[[Asked], Says] = lambda _: Says()) -> Iterator[Other]:
    """A server that is ended afterwards."""
    other = Other(answers)
    thread = threading.Thread(target=other.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield other
    finally:
        other.server.shutdown()
        other.server.server_close()
        thread.join()


@contextmanager
def bare(speak: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port where each connection is given to `speak`, which says what HTTP would not."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def take() -> None:
            while True:
                try:
                    kept, _ = listener.accept()
                except OSError:
                    return
                with closing(kept):
                    try:
                        speak(kept)
                    except OSError:
                        continue

        threading.Thread(target=take, daemon=True).start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            # Closing alone does not wake the thread that accepts.
            listener.shutdown(socket.SHUT_RDWR)
