"""Collecting mistakes, and the nearest valid name for a wrong one."""

from __future__ import annotations

from collections.abc import Iterable

from claimlint.errors import DefinitionError, Fault, Mark

FAULT_LIMIT = 200  # a file with more mistakes is not mended by reading on
_LONGEST_NAME = 64  # difflib is quadratic in the length of what it compares


class Faults:
    """All mistakes found so far."""

    def __init__(self) -> None:
        self._found: list[Fault] = []

    def add(self, mark: Mark, message: str) -> None:
        """Note a mistake; raises DefinitionError when there are too many."""
        self._found.append(Fault(mark, message))
        if len(self._found) >= FAULT_LIMIT:
            self.check()

    def extend(self, faults: Iterable[Fault]) -> None:
        """Note the mistakes that another check found; raises DefinitionError as `add` does."""
        for fault in faults:
            self.add(*fault)

    def __bool__(self) -> bool:
        return bool(self._found)

    def check(self) -> None:
        """Raise DefinitionError when there is any mistake, sorted by place, none told twice."""
        if self._found:
            raise DefinitionError(tuple(sorted(set(self._found))))


def nearest(word: str, names: Iterable[str]) -> str:
    """End a message about an unknown name: with the nearest valid one, or all when few."""
    from difflib import get_close_matches

    known = sorted(set(names))
    close = get_close_matches(word, known, 1, 0.6) if len(word) <= _LONGEST_NAME else []
    if close:
        return f'; did you mean "{close[0]}"?'
    if 0 < len(known) <= 24:
        return f"; known: {', '.join(known)}"
    return ""


def shorten(text: str, limit: int = 48) -> str:
    """A text as it may stand in a message: on one line and not too long."""
    flat = " ".join(text[: 4 * limit].split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
