"""Locks of files between processes; a lock ends with its process in any case."""

# os throughout: it is a matter of handles and flags.
# ruff: noqa: PTH108, PTH118

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PATIENCE_SECONDS = 10.0
_PAUSE_SECONDS = 0.02
_NEW_FILE_MODE = 0o666
# What some systems lack: a link is not followed, a handle is not inherited.
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NOINHERIT", 0)
_NO_LOCKS = frozenset((errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP))

if sys.platform == "win32":
    import msvcrt

    # A lock on Windows keeps others from reading what it covers: a byte where no file has any.
    _LOCKED_BYTE = 0x7FFF_FFFE

    def _try(handle: int, *, alone: bool) -> None:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def leave(handle: int) -> None:
        """Give a lock back."""
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try(handle: int, *, alone: bool) -> None:
        fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)

    def leave(handle: int) -> None:
        """Give a lock back."""
        fcntl.flock(handle, fcntl.LOCK_UN)


def take(handle: int, until: float, *, alone: bool) -> None:
    """Wait for the lock of an open file, alone or beside others who only read.

    Raises BlockingIOError when others hold it at `until` (of time.monotonic), OSError where there are
    no locks (some network file systems).
    """
    while True:
        try:
            _try(handle, alone=alone)
        except (BlockingIOError, PermissionError) as error:  # the second on Windows
            if time.monotonic() > until:
                raise BlockingIOError(error.errno, error.strerror) from None
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def is_at(path: str, handle: int) -> bool:
    """Whether an open file is still the one of that name: files are moved away while others wait."""
    try:
        return os.path.samestat(os.fstat(handle), os.lstat(path))
    except OSError:
        return False


@contextmanager
def alone_with(path: str, patience_seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Keep a file, which need not exist, from being changed by others who ask in this way.

    What is locked is a file beside it, since it is itself replaced; that is gone afterwards. Where the
    file system has no locks there is none. Raises BlockingIOError when others hold the lock for longer
    than the patience, else OSError.
    """
    folder, name = os.path.split(path)
    beside = os.path.join(folder, f".{name}.lock")
    until = time.monotonic() + patience_seconds
    while True:
        handle = os.open(beside, _FLAGS, _NEW_FILE_MODE)
        try:
            _take_if_there_are(handle, until)
            if is_at(beside, handle):
                try:
                    yield
                finally:
                    _remove(beside)  # while it is held: whoever waits for it looks for a new one
                return
        finally:
            os.close(handle)
            if sys.platform == "win32":  # where what is open stays
                _remove(beside)


def _take_if_there_are(handle: int, until: float) -> None:
    try:
        take(handle, until, alone=True)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise


def _remove(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)
