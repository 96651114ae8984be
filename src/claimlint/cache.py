"""A folder of the user's own for what can be computed again: written atomically, never trusted."""

# os.path throughout: importing pathlib costs more than reading an entry.
# ruff: noqa: PTH103, PTH105, PTH108, PTH111, PTH117, PTH118, PTH123

from __future__ import annotations

import os
import stat
import sys
from zlib import crc32

_FOLDER = "claimlint-health"
_MAGIC = b"claimlint-cache 2 "
_HEADER_BYTES = len(_MAGIC) + len(b"00000000\n")
_KEPT = 20
_SIZE_LIMIT_BYTES = 64 << 20
_PRIVATE_FOLDER = 0o700
_PRIVATE_FILE = 0o600
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


def default_folder() -> CacheFolder | None:
    """The user's own cache folder; None where there is no home."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    else:
        base = os.environ.get("XDG_CACHE_HOME", "")
        if not os.path.isabs(base):  # the XDG specification says to ignore relative paths
            home = os.path.expanduser("~")
            base = os.path.join(home, ".cache") if os.path.isabs(home) else ""
    return CacheFolder(os.path.join(base, _FOLDER)) if base else None


class CacheFolder:
    """Entries by name; whatever is wrong with folder or file only means that there is no entry."""

    def __init__(self, path: str) -> None:
        self.path = path

    def read(self, name: str) -> bytes | None:
        """The payload of an entry, when all about it is in order."""
        if not self._is_ours():
            return None
        try:
            handle = os.open(os.path.join(self.path, name), os.O_RDONLY | _NO_FOLLOW)
        except OSError:
            return None
        try:
            about = os.fstat(handle)
            if not _private(about) or not stat.S_ISREG(about.st_mode):
                return None
            if about.st_size > _SIZE_LIMIT_BYTES:
                return None
            # Not a stream, whose buffers would copy these megabytes twice.
            header = os.read(handle, _HEADER_BYTES)
            payload = os.read(handle, about.st_size)
        except OSError:
            return None
        finally:
            os.close(handle)
        return payload if header == _header(name, payload) else None

    def write(self, name: str, payload: bytes) -> None:
        """Store an entry, if that is possible, and drop the oldest of its kind."""
        temporary = os.path.join(self.path, f".{name}.{os.getpid()}.{os.urandom(6).hex()}")
        try:
            os.makedirs(self.path, _PRIVATE_FOLDER, exist_ok=True)
            if not self._is_ours():
                return
            handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_FILE)
            with open(handle, "wb") as stream:
                stream.write(_header(name, payload) + payload)
            os.replace(temporary, os.path.join(self.path, name))
            self._prune(name)
        except OSError:
            _remove(temporary)

    def _is_ours(self) -> bool:
        try:
            about = os.lstat(self.path)
        except OSError:
            return False
        return stat.S_ISDIR(about.st_mode) and _private(about)

    def _prune(self, name: str) -> None:
        kind = name.split("-", maxsplit=1)[0]
        with os.scandir(self.path) as entries:
            ours = [e.path for e in entries if e.name.lstrip(".").startswith(f"{kind}-")]
        for path in sorted(ours, key=_written_at, reverse=True)[_KEPT:]:
            _remove(path)


def _written_at(path: str) -> int:
    try:
        return os.lstat(path).st_mtime_ns
    except OSError:  # another run has just replaced or removed it
        return 0


# No link is followed, and a named pipe in the place of a file keeps nobody waiting.
_NO_FOLLOW = (
    getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
)


def _private(about: os.stat_result) -> bool:
    """Tell whether nobody else owns or may write it."""
    if sys.platform == "win32":
        return True  # the profile folder's access list does it there
    return about.st_uid == os.getuid() and not about.st_mode & _OTHERS_MAY_WRITE


def _checksum(name: str, payload: bytes) -> bytes:
    # Against damage, not against people: those are kept out by owner and mode, and whoever gets past
    # that could write any digest as well.
    return b"%08x" % crc32(payload, crc32(name.encode()))


def _header(name: str, payload: bytes) -> bytes:
    return _MAGIC + _checksum(name, payload) + b"\n"


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return
