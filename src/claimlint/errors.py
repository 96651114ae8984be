"""Marks and the typed errors; everything may import this module and it imports nothing of ours."""

from __future__ import annotations

from typing import NamedTuple


class Mark(NamedTuple):
    """Where something is wrong: a path as given, a line and a column that count from 1 (0: unknown)."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.path
        return f"{self.path}:{self.line}:{self.column}"


class Fault(NamedTuple):
    """One mistake: its place and one clear sentence with the remedy."""

    mark: Mark
    message: str

    def __str__(self) -> str:
        return f"{self.mark}: {self.message}"


class ClaimlintError(Exception):
    """The base of every error that a user is meant to read; the text is the whole explanation."""


class ReadError(ClaimlintError):
    """A document that could not be read; the others are still checked and the exit status is 3."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


class UsageError(ClaimlintError):
    """A mistake in the command's words (exit status 2), or an extra that is not installed.

    Of a document that needs the extra it becomes a problem, as a ReadError does.
    """


class DefinitionError(ClaimlintError):
    """All mistakes found in packs or configuration, in the order of their places; exit status 2."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults
