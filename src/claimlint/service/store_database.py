"""One connection to the store's file: how it is opened, its transactions, and its errors made ours."""

# os throughout: it is a matter of handles and modes.
# ruff: noqa: PTH101, PTH108, PTH116, PTH120

from __future__ import annotations

import os
import sqlite3
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from claimlint.service.schema import MIGRATIONS, migrate
from claimlint.service.store_values import ErrorKind, StoreError

_FILE_MODE = 0o600
_LOOSE = 0o077  # what anybody but the owner may do
_PRIMARY = 0xFF  # the rest of SQLite's error codes are details
_JOURNAL_LIMIT_BYTES = 64 << 20
_STATEMENTS = 256
_PAUSE_SECONDS = 0.02
_STEP_SECONDS = 0.0005
_KINDS: dict[int, tuple[ErrorKind, str]] = {
    sqlite3.SQLITE_FULL: ("full", "the disk is full"),
    sqlite3.SQLITE_READONLY: ("read_only", "the file or its folder is read-only"),
    sqlite3.SQLITE_BUSY: ("busy", "another process holds its lock for too long"),
    sqlite3.SQLITE_LOCKED: ("busy", "another connection holds its lock"),
    sqlite3.SQLITE_PROTOCOL: ("busy", "another process holds its lock for too long"),
    sqlite3.SQLITE_CORRUPT: ("corrupt", "the database is damaged; restore it from a back-up"),
    sqlite3.SQLITE_NOTADB: ("corrupt", "the file is no database; restore it from a back-up"),
    sqlite3.SQLITE_IOERR: ("io", "the disk cannot be read or written"),
    sqlite3.SQLITE_CANTOPEN: ("io", "the file cannot be opened; does its folder exist?"),
    sqlite3.SQLITE_PERM: ("io", "access is not permitted"),
}


class Database:
    """A connection for one thread of one process; every other one opens its own."""

    def __init__(
        self,
        path: str,
        *,
        busy_seconds: float,
        migrations: tuple[tuple[str, ...], ...] = MIGRATIONS,
    ) -> None:
        self._path = path
        self._pid = os.getpid()
        self._busy_seconds = busy_seconds
        file = os.path.realpath(path)  # a whole path is never one of SQLite's special names
        _make_private(file)
        with self._translated():
            self.connection = sqlite3.connect(
                file, timeout=busy_seconds, isolation_level=None, cached_statements=_STATEMENTS
            )
            # What damage made of a text is shown; it must not keep the rows beside it from being read.
            self.connection.text_factory = _text
            try:
                self._set_up(migrations)
            except (sqlite3.Error, StoreError):
                self.connection.close()
                raise

    def _set_up(self, migrations: tuple[tuple[str, ...], ...]) -> None:
        for pragma in ("synchronous = FULL", "foreign_keys = ON", "trusted_schema = OFF"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.execute(f"PRAGMA journal_size_limit = {_JOURNAL_LIMIT_BYTES}")
        self._write_ahead()
        migrate(self.connection, self._path, migrations)

    def _write_ahead(self) -> None:
        """Switch to WAL; SQLite does not wait for a lock there when several processes start at once."""
        end = time.monotonic() + self._busy_seconds
        while True:
            try:
                (mode,) = self.connection.execute("PRAGMA journal_mode").fetchone()
                if mode != "wal":
                    (mode,) = self.connection.execute("PRAGMA journal_mode = WAL").fetchone()
            except sqlite3.OperationalError as error:
                if _kind(error) != "busy" or time.monotonic() > end:
                    raise
                time.sleep(_PAUSE_SECONDS)
            else:
                break
        if mode != "wal":
            raise StoreError(
                "io", f"the store {self._path} is on a file system without shared memory; move it"
            )

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: on the disk when this ends without an error, else undone."""
        with self.reading() as connection:
            self._begin()
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                # SQLite has already rolled back after some errors; none may hide the first one.
                if connection.in_transaction:
                    with suppress(sqlite3.Error):
                        connection.execute("ROLLBACK")

    def _begin(self) -> None:
        """Take the write lock."""
        # In small steps: SQLite's own grow to 0.1 s, so that under load who has waited for long hardly
        # ever meets a free moment.
        end = time.monotonic() + self._busy_seconds
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    self.connection.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError as error:
                    if _kind(error) != "busy" or time.monotonic() > end:
                        raise
                    time.sleep(_STEP_SECONDS)
                else:
                    return
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {round(self._busy_seconds * 1000)}")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, with its errors made ours; each statement sees one moment."""
        if os.getpid() != self._pid:
            raise RuntimeError("a store does not survive a fork: open it in the new process")
        with self._translated():
            yield self.connection

    def one(self, statement: str, values: tuple[Any, ...] = ()) -> Any:
        """The first row, or None."""
        with self.reading() as connection:
            return connection.execute(statement, values).fetchone()

    def all(self, statement: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Every row."""
        with self.reading() as connection:
            return connection.execute(statement, values).fetchall()

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            kind = _kind(error)
            if kind is None:
                raise
            words = _KINDS[error.sqlite_errorcode & _PRIMARY][1]
            raise StoreError(kind, f"the store {self._path} is not usable: {words}") from error


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _kind(error: sqlite3.Error) -> ErrorKind | None:
    """What an error of SQLite is to us; None for a fault of this program."""
    code = getattr(error, "sqlite_errorcode", None)
    known = None if code is None else _KINDS.get(code & _PRIMARY)
    return known and known[0]


def _make_private(path: str) -> None:
    """Make the file for its owner alone before SQLite does; the files beside it get the same mode.

    It is never opened here under its own name: closing it would drop the locks that another thread's
    connection holds (POSIX; "How To Corrupt An SQLite Database File", 2.2).
    """
    with suppress(OSError):  # SQLite says what is wrong, or the file can be read at least
        try:
            found = os.stat(path)
        except FileNotFoundError:
            _create(path)
        else:
            if stat.S_ISREG(found.st_mode) and found.st_mode & _LOOSE and os.name == "posix":
                os.chmod(path, _FILE_MODE)


def _create(path: str) -> None:
    handle, made = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".claimlint-")
    os.close(handle)
    try:
        os.link(made, path)
    except FileExistsError:
        pass  # another process was first
    finally:
        os.unlink(made)
