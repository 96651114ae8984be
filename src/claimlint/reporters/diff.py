"""A change of a draft as a unified diff, which `patch -p0` can apply."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

_NO_END = "\n\\ No newline at end of file\n"


def render(path: str, before: str, after: str) -> str:
    """Show what changes in a draft; its lines end at a line feed, as for every tool that reads diffs."""
    return "".join(_lines(path, before, after))


def _lines(path: str, before: str, after: str) -> Iterator[str]:
    name = f"{path}\t" if " " in path else path  # as git does: a tab ends a name with spaces
    for line in difflib.unified_diff(_cut(before), _cut(after), name, name):
        yield line if line.endswith("\n") else f"{line}{_NO_END}"


def _cut(text: str) -> list[str]:
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]
