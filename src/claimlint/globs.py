"""File patterns like those of .gitignore, in bounded time."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

_ANY_FOLDERS = "**"


class PathPattern(msgspec.Struct, frozen=True):
    """A compiled pattern: one expression for each part between slashes, None for `**`."""

    parts: tuple[re.Pattern[str] | None, ...]


def matches(pattern: str, path: str) -> bool:
    """Tell whether a pattern fits a relative, `/`-separated path or a folder above it.

    As in .gitignore: a pattern without a slash fits at any depth, one with a slash from the root;
    `*` and `?` stay inside one name, `**` spans folders.
    """
    return _fits(_compiled(pattern).parts, path.split("/"))


def never_fits(pattern: str) -> str:
    """Say why a pattern fits no file that it can be meant for, with the remedy; empty when it may."""
    body = pattern.removeprefix("!").replace("\\", "/").removeprefix("./")
    names = body.strip("/").split("/")
    if ".." in names:
        return "leads out of the folder that it is relative to: name what lies below, without .."
    if "." in names or not body.strip("/ "):
        return "fits no file: write the path without a part . and with a name"
    if any(_is_open(name) for name in names):
        return "has a [ that no ] closes: close it, or write [[] for the sign itself"
    if re.search(r"\{[^{}/]*,[^{}]*\}", body):
        return "has braces, which stand for themselves: write a pattern for each of their words"
    return ""


def _is_open(name: str) -> bool:
    """Whether a bracket is left when the closed ones are taken out."""
    return "[" in re.sub(r"\[!?\]?[^\]]*\]", "", name)


def chosen(path: str, patterns: tuple[str, ...]) -> bool:
    """Tell whether the last pattern that fits is one without `!`."""
    for pattern in reversed(patterns):
        if matches(pattern.removeprefix("!"), path):
            return not pattern.startswith("!")
    return False


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> PathPattern:
    text = pattern.replace("\\", "/").removeprefix("./")
    names = [name for name in text.split("/") if name]
    anchored = "/" in text.rstrip("/")
    if not anchored:
        names.insert(0, _ANY_FOLDERS)
    parts: list[re.Pattern[str] | None] = []
    for name in names:
        if name != _ANY_FOLDERS:
            parts.append(_name_pattern(name))
        elif not parts or parts[-1] is not None:
            parts.append(None)
    return PathPattern(tuple(parts))


def _name_pattern(name: str) -> re.Pattern[str]:
    from fnmatch import translate  # its stars are atomic: linear in the length of a name

    return re.compile(translate(name))


def _fits(parts: tuple[re.Pattern[str] | None, ...], names: list[str]) -> bool:
    """Match greedily, going back to the last `**` only: at most len(parts) * len(names) steps."""
    place = number = 0
    back: tuple[int, int] | None = None
    while True:
        if place == len(parts):
            # A pattern that fits a folder holds for all that is in it.
            return True
        part = parts[place]
        if part is None:
            if place == len(parts) - 1:
                return number < len(names)
            back = (place, number)
            place += 1
        elif number < len(names) and part.match(names[number]):
            place += 1
            number += 1
        elif back and back[1] < len(names):
            back = (back[0], back[1] + 1)
            place, number = back[0] + 1, back[1]
        else:
            return False
