"""Write a file whole or not at all."""

# os.path throughout: pathlib would be imported for the file that most runs do not write.
# ruff: noqa: PTH101, PTH105, PTH108, PTH116, PTH123

from __future__ import annotations

import os
from contextlib import suppress

_DEFAULT_MODE = 0o666


def replace(target: str, data: bytes) -> None:
    """Put `data` in place of a file (no link), which keeps its permissions and its owner.

    The bytes are written beside it first, so that a reader sees the old file or the new one. Raises
    OSError.
    """
    from tempfile import mkstemp

    folder, name = os.path.split(target)
    handle, temporary = mkstemp(prefix=f".{name}.", dir=folder)
    try:
        with open(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(handle)
        _take_over(target, temporary)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _take_over(target: str, temporary: str) -> None:
    """Give the new file the owner and permissions of the old one, else those that a new file gets."""
    try:
        old = os.stat(target)
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, _DEFAULT_MODE & ~mask)
        return
    if hasattr(os, "chown"):
        new = os.stat(temporary)
        if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
            with suppress(OSError):  # only the superuser gives files away
                os.chown(temporary, old.st_uid, old.st_gid)
    os.chmod(temporary, old.st_mode & 0o7777)
