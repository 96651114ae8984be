"""The service's log: one JSON object a line, without content and without secrets."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections import Counter
from datetime import UTC, datetime
from typing import TextIO

from claimlint.service.store_values import StoreError

_TEXT_LIMIT = 300


class _Heard(logging.Handler):
    """Takes what a library logs into a journal, without tracebacks, which may quote anything."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(logging.WARNING)
        self._journal = journal

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        reason = record.getMessage().partition("\n")[0]
        self._journal.write("server", level=record.levelname, reason=reason, kind=kind)


def heard_by(journal: Journal, logger: str) -> None:
    """Let a journal have what a library logs from warnings on."""
    found = logging.getLogger(logger)
    found.handlers = [_Heard(journal)]
    found.setLevel(logging.WARNING)
    found.propagate = False


class Journal:
    """Writes lines and counts them, for the metrics."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream if stream is not None else sys.stderr
        self._lock = threading.Lock()
        self.counts: Counter[tuple[str, str]] = Counter()  # by (event, endpoint)

    def trouble(self, error: Exception) -> None:
        """Write what went wrong in work that goes on by itself: the store, or a fault of our own."""
        if isinstance(error, StoreError):
            self.write("store trouble", kind=error.kind, reason=error.message)
        else:
            # The kind alone: the words of an exception could be those of a draft, or a token.
            self.write("failure", reason=type(error).__name__)

    def write(self, event: str, **fields: str | int | float | None) -> None:
        """Write one line; a stream that takes nothing loses the line, not the request."""
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        shown = {
            key: value[:_TEXT_LIMIT] if isinstance(value, str) else value
            for key, value in fields.items()
            if value is not None
        }
        line = json.dumps({"time": now, "event": event, **shown})
        with self._lock:
            self.counts[event, str(fields.get("endpoint", ""))] += 1
            try:
                self._stream.write(line + "\n")
                self._stream.flush()
            except (OSError, ValueError):
                return
