"""The audit log as a file: appended to under a lock, read as it was at one moment."""

# os throughout: it is a matter of handles and flags.
# ruff: noqa: PTH116

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from claimlint.errors import ReadError, UsageError
from claimlint.locks import PATIENCE_SECONDS, is_at, leave, take
from claimlint.review.audit import (
    LINE_LIMIT_BYTES,
    START,
    Body,
    EntryError,
    Head,
    RecordedHead,
    check_keys_agree,
    last_entry,
    sealed,
)
from claimlint.review.audit_check import Verified
from claimlint.review.audit_check import verify as verify_lines

_BLOCK_BYTES = 1 << 16
_NEW_FILE_MODE = 0o666
# What some systems lack: a link is not followed, a named pipe is not waited for, bytes stay bytes.
_FLAGS = (
    getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOINHERIT", 0)
)
_APPENDING = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | _FLAGS


def record(
    path: str,
    body: Body,
    *,
    by: str | None,
    now: datetime,
    key: bytes | None = None,
    patience_seconds: float = PATIENCE_SECONDS,
) -> Head:
    """Append an entry to a log, which is begun when there is none, and tell its new head.

    `now` has a time zone; `key` comes from `review.audit.checked_key`. When this returns, the entry is
    on the disk; when it raises, the file is as before. Raises UsageError when the log is no ordinary
    file, is in use by others for longer than the patience, ends with a broken entry, was made with
    another key (or none), or cannot be written.
    """
    return record_all(path, [(body, by)], now=now, key=key, patience_seconds=patience_seconds)


def record_all(
    path: str,
    bodies: Iterable[tuple[Body, str | None]],
    *,
    now: datetime,
    key: bytes | None = None,
    patience_seconds: float = PATIENCE_SECONDS,
) -> Head:
    """Append entries, each with who it is by, all or none of them and with nothing between.

    Raises as `record`.
    """
    with _appending(path, patience_seconds) as handle:
        size = os.fstat(handle).st_size
        last = _end(path, handle, size, key)
        made = []
        for body, by in bodies:
            line, last = sealed(last, body, by=by, now=now, key=key)
            made.append(line)
        if made:
            _write(path, handle, size, b"".join(made))
    return last


def head(path: str, *, key: bytes | None = None) -> Head:
    """The head of a log as it is now; its last entry alone is verified (a keyed one with the key only).

    Raises ReadError when the file cannot be read, EntryError when its last line is no sound entry,
    UsageError when the log is in use for long.
    """
    with _reading(path) as (handle, size):
        if size == 0:
            return START
        entry = last_entry(_last_line(handle, size), key)
    if key is not None:
        check_keys_agree(entry, key)
    return entry.head


def verify(
    path: str, *, key: bytes | None = None, recorded: RecordedHead | None = None
) -> Verified:
    """Verify a log as it is now, line by line in bounded memory.

    Raises ReadError when the file cannot be read, UsageError for a keyed log without its key.
    """
    with _reading(path) as (handle, size):
        return verify_lines(_lines(handle, size), key=key, recorded=recorded)


def lines(path: str) -> Iterator[bytes]:
    """The lines of a log as it is now, each with its line end; raises ReadError as it goes."""
    with _reading(path) as (handle, size):
        yield from _lines(handle, size)


@contextmanager
def _appending(path: str, patience_seconds: float) -> Iterator[int]:
    """Open a log for appending, alone; raises UsageError."""
    until = time.monotonic() + patience_seconds
    while True:
        handle = _open_for_appending(path)
        try:
            with _locked(path, handle, until, alone=True):
                if is_at(path, handle):
                    yield handle
                    return
        finally:
            os.close(handle)
        if time.monotonic() > until:
            raise _in_use(path)


def _open_for_appending(path: str) -> int:
    try:
        with suppress(FileNotFoundError):
            _check_ordinary(
                path, os.lstat(path)
            )  # before it is opened: opening a device may do things
        handle = os.open(path, _APPENDING, _NEW_FILE_MODE)
    except OSError as error:
        raise UsageError(
            f"{path}: the audit log cannot be opened for appending: {_reason(error)}; name a file in "
            "a folder that exists and is writable"
        ) from error
    try:
        _check_ordinary(path, os.fstat(handle))
    except UsageError:
        os.close(handle)
        raise
    return handle


def _check_ordinary(path: str, about: os.stat_result) -> None:
    if stat.S_ISLNK(about.st_mode):
        raise UsageError(
            f"{path}: is a symbolic link; name the file of the audit log itself, so that nobody can "
            "make entries go elsewhere by changing the link"
        )
    if not stat.S_ISREG(about.st_mode):
        raise UsageError(f"{path}: is not an ordinary file, so it cannot hold an audit log")


@contextmanager
def _reading(path: str) -> Iterator[tuple[int, int]]:
    """Open a log for reading, with its size at a moment when no entry was half written."""
    try:
        about = os.stat(path)
        if not stat.S_ISREG(about.st_mode):
            raise ReadError(f"{path}: is not an ordinary file, so it holds no audit log")
        handle = os.open(path, os.O_RDONLY | _FLAGS)
    except OSError as error:
        raise ReadError(f"{path}: cannot be read: {_reason(error)}") from error
    try:
        with _locked(path, handle, time.monotonic() + PATIENCE_SECONDS, alone=False):
            size = os.fstat(handle).st_size
        yield handle, size
    except OSError as error:
        raise ReadError(f"{path}: cannot be read: {_reason(error)}") from error
    finally:
        os.close(handle)


@contextmanager
def _locked(path: str, handle: int, until: float, *, alone: bool) -> Iterator[None]:
    """Hold a file's lock, which ends with the process in any case; raises UsageError.

    A reader goes on without one where there are no locks (some network file systems).
    """
    held = False
    try:
        take(handle, until, alone=alone)
        held = True
    except BlockingIOError:
        raise _in_use(path) from None
    except OSError as error:
        if alone:
            raise UsageError(
                f"{path}: the audit log cannot be locked: {_reason(error)}; keep it on a file system "
                "that has locks"
            ) from error
    try:
        yield
    finally:
        if held:
            leave(handle)


def _in_use(path: str) -> UsageError:
    return UsageError(
        f"{path}: another process holds the audit log's lock; try again when it has ended"
    )


def _end(path: str, handle: int, size: int, key: bytes | None) -> Head:
    """The head of a log that is to be continued; raises UsageError."""
    if size == 0:
        return START
    try:
        entry = last_entry(_last_line(handle, size), key)
    except EntryError as error:
        raise UsageError(
            f"{path}: nothing was added to the audit log, since its last line {error}; "
            "`claimlint audit verify` shows whether the rest is sound"
        ) from error
    except OSError as error:
        raise UsageError(f"{path}: the audit log cannot be read: {_reason(error)}") from error
    check_keys_agree(entry, key)
    return entry.head


def _last_line(handle: int, size: int) -> bytes:
    """The last line with its line end, at most the limit and a block of it; `size` is not 0."""
    length = min(size, _BLOCK_BYTES)
    while True:
        tail = _read(handle, size - length, length)
        begin = tail.rfind(b"\n", 0, -1) + 1
        if begin or length in (size, LINE_LIMIT_BYTES + 1):
            return tail[begin:]
        length = min(size, 4 * length, LINE_LIMIT_BYTES + 1)


def _read(handle: int, begin: int, length: int) -> bytes:
    os.lseek(handle, begin, os.SEEK_SET)
    parts = []
    while length > 0 and (part := os.read(handle, length)):
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _lines(handle: int, size: int) -> Iterator[bytes]:
    """The lines of the first `size` bytes; one that is too long is given in part, as too long."""
    os.lseek(handle, 0, os.SEEK_SET)
    with os.fdopen(handle, "rb", buffering=_BLOCK_BYTES, closefd=False) as stream:
        while size > 0 and (line := stream.readline(min(size, LINE_LIMIT_BYTES + 1))):
            yield line
            size -= len(line)
            while size > 0 and not line.endswith(b"\n"):
                line = stream.readline(min(size, LINE_LIMIT_BYTES))
                size = size - len(line) if line else 0


def _write(path: str, handle: int, size: int, added: bytes) -> None:
    """Add lines in one write and wait for the disk; the file is as before when that fails."""
    try:
        written = os.write(handle, added)
        if written != len(added):
            raise OSError(f"only {written} of {len(added)} bytes were taken (is the disk full?)")
        os.fsync(handle)
    except OSError as error:
        with suppress(OSError):  # what cannot be taken back is told as torn by the next command
            os.ftruncate(handle, size)
        raise UsageError(
            f"{path}: the audit log cannot be written: {_reason(error)}; nothing was recorded"
        ) from error
    if size == 0:
        _keep_name(path)


def _keep_name(path: str) -> None:
    """Wait until a new file's name is on the disk too, where a folder can be opened for that."""
    with suppress(OSError):
        folder = os.open(os.path.dirname(path) or ".", os.O_RDONLY)  # noqa: PTH120
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
