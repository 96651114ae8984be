"""Finding the configuration and reading it, from YAML or TOML, as marked nodes."""

# os.path throughout: importing pathlib costs more than this module's whole work without a file.
# ruff: noqa: PTH100, PTH110, PTH113, PTH118, PTH120, PTH123

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import msgspec

from claimlint.errors import DefinitionError, Fault, Mark
from claimlint.marked_yaml import (
    DEPTH_LIMIT,
    SIZE_LIMIT_BYTES,
    Faults,
    Loaded,
    convert,
    load,
)
from claimlint.packs.library import shown_path

if TYPE_CHECKING:
    from claimlint.config.file import ConfigFile
    from claimlint.marked_yaml.nodes import Node

YAML_NAME = "claimlint.yaml"
TOML_NAME = "pyproject.toml"
_RENAME = f"is not read: rename it to {YAML_NAME}"
_WRONG_NAMES = {
    **dict.fromkeys(
        ("claimlint.yml", ".claimlint.yaml", ".claimlint.yml", "claimlint.json", "Claimlint.yaml"),
        _RENAME,
    ),
    "claimlint.toml": f"is not read: write {YAML_NAME}, or [tool.claimlint] in {TOML_NAME}",
}
# Compiled when a TOML file is read.
_TABLE = r"\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?"
_KEY = r"\s*([A-Za-z0-9_.-]+|\"[^\"]*\"|'[^']*')\s*="
_TOOL = ("tool", "claimlint")


class Found(msgspec.Struct, frozen=True):
    """A configuration file, and what is to be told about others beside it."""

    path: str
    notices: tuple[str, ...] = ()


def find(folder: str) -> Found | None:
    """Look for the configuration from a folder up to the repository's root (the folder with .git).

    Outside of a repository only the folder itself counts. Raises DefinitionError for a file whose name
    is nearly right.
    """
    for place in _searched(os.path.abspath(folder)):
        if found := _found_in(place):
            return found
    return None


def _searched(folder: str) -> list[str]:
    folders = [folder]
    while not os.path.exists(os.path.join(folders[-1], ".git")):
        above = os.path.dirname(folders[-1])
        if above == folders[-1]:
            return folders[:1]  # what lies in /, /tmp or a home is nobody's choice for this folder
        folders.append(above)
    return folders


def _found_in(folder: str) -> Found | None:
    yaml_path, toml_path = os.path.join(folder, YAML_NAME), os.path.join(folder, TOML_NAME)
    has_toml = os.path.isfile(toml_path) and _has_tool(toml_path)
    if os.path.lexists(yaml_path):
        if not os.path.isfile(yaml_path):  # a pipe would be waited for
            message = "is no file that can be read: a folder, or a link that leads nowhere"
            raise DefinitionError((Fault(Mark(shown_path(yaml_path)), message),))
        notice = f"{YAML_NAME} is used; [tool.claimlint] in {TOML_NAME} beside it is not read"
        return Found(yaml_path, (notice,) if has_toml else ())
    for name, message in _WRONG_NAMES.items():
        if os.path.isfile(os.path.join(folder, name)):
            mark = Mark(shown_path(os.path.join(folder, name)))
            raise DefinitionError((Fault(mark, message),))
    return Found(toml_path) if has_toml else None


def _has_tool(path: str) -> bool:
    """Tell whether a TOML file has our table, or is broken and may have it."""
    try:
        with open(path, "rb") as stream:
            data = stream.read()
    except OSError:
        return False
    if b"claimlint" not in data:
        return False
    import tomllib

    try:
        return _has_table(tomllib.loads(data.decode("utf-8-sig")))
    except (ValueError, RecursionError):  # of UTF-8 or TOML: told with its place when it is read
        return True


def _has_table(data: dict[str, Any]) -> bool:
    tool = data.get("tool")
    return isinstance(tool, dict) and "claimlint" in tool


def read_bytes(path: str) -> bytes:
    """Read a configuration file; raises DefinitionError when it cannot be read or is too large."""
    if os.path.exists(path) and not os.path.isfile(path):  # a pipe would be waited for
        message = "cannot be read: is no regular file"
        raise DefinitionError((Fault(Mark(shown_path(path)), message),))
    try:
        with open(path, "rb") as stream:
            data = stream.read(SIZE_LIMIT_BYTES + 1)
    except OSError as error:
        message = f"cannot be read: {error.strerror or 'system error'}"
        raise DefinitionError((Fault(Mark(shown_path(path)), message),)) from None
    if len(data) > SIZE_LIMIT_BYTES:
        message = f"larger than {SIZE_LIMIT_BYTES:,} bytes"
        raise DefinitionError((Fault(Mark(shown_path(path), 1, 1), message),))
    return data


def parse(data: bytes, path: str) -> Loaded[ConfigFile] | None:
    """Check what a configuration file says; None for a TOML file without our table.

    Raises DefinitionError with all mistakes.
    """
    from claimlint.config.checks import check_part
    from claimlint.config.file import ConfigFile

    place = shown_path(path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        message = "not UTF-8 text: save the file as UTF-8"
        raise DefinitionError((Fault(Mark(place, 1, 1), message),)) from None
    if not path.endswith(".toml"):
        return load(text, place, ConfigFile, check=check_part)
    node = _toml_node(text, place)
    return convert(node, ConfigFile, Faults(), check=check_part) if node else None


def _toml_node(text: str, place: str) -> Node | None:
    import tomllib

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line, column = map(int, found.groups()) if found else (1, 1)
        message = f"not valid TOML: {str(error).split(' (at ')[0]}"
        raise DefinitionError((Fault(Mark(place, line, column), message),)) from None
    except RecursionError:
        message = f"nested more than {DEPTH_LIMIT} levels deep"
        raise DefinitionError((Fault(Mark(place, 1, 1), message),)) from None
    if not _has_table(data):
        return None
    marks = _toml_marks(text, place)
    return _node(data["tool"]["claimlint"], _TOOL, marks, marks.get(_TOOL, Mark(place, 1, 1)))


def _toml_marks(text: str, place: str) -> dict[tuple[str, ...], Mark]:
    """Find the keys that stand at the beginning of a line; others take the mark around them."""
    marks: dict[tuple[str, ...], Mark] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), 1):
        column = len(line) - len(line.lstrip()) + 1
        if header := re.fullmatch(_TABLE, line.rstrip("\r")):
            table = _parts(header[1])
            marks.setdefault(table, Mark(place, number, column))
        elif key := re.match(_KEY, line):
            marks.setdefault((*table, *_parts(key[1])), Mark(place, number, column))
    return marks


def _parts(name: str) -> tuple[str, ...]:
    if name[:1] in "\"'":
        return (name[1:-1],)
    return tuple(part.strip().strip("\"'") for part in name.split("."))


def _node(value: Any, key: tuple[str, ...], marks: dict[tuple[str, ...], Mark], mark: Mark) -> Node:
    from claimlint.marked_yaml.nodes import Items, Pairs, Scalar

    if isinstance(value, dict):
        pairs = []
        for name, child in value.items():
            place = marks.get((*key, name), mark)
            owner = Scalar(name, "str", False, place, 0, 0)
            pairs.append((owner, _node(child, (*key, name), marks, place)))
        return Pairs(tuple(pairs), mark)
    if isinstance(value, list):
        return Items(tuple(_node(child, key, marks, mark) for child in value), mark)
    if isinstance(value, bool):
        return Scalar("true" if value else "false", "bool", True, mark, 0, 0)
    if isinstance(value, int | float):
        kind = "int" if isinstance(value, int) else "float"
        return Scalar(str(value), kind, True, mark, 0, 0)
    return Scalar(str(value), "str", False, mark, 0, 0)
