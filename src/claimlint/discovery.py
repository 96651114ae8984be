"""Which documents a run reads: files as named, those of folders, and where standard input stands."""

# os.path throughout: a str path is what the report names, and pathlib is slow to import.
# ruff: noqa: PTH112, PTH117, PTH118, PTH122

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import msgspec

from claimlint.config import Config
from claimlint.model.document import Format
from claimlint.model.report import Problem
from claimlint.readers import FORMATS

# Folders that hold no drafts, whatever is configured.
_SKIPPED_FOLDERS = frozenset(["node_modules", "__pycache__", "venv"])
# What editors keep beside an open file: hidden files, and Word's ~$draft.docx.
_NO_DRAFTS = (".", "~$")


class Discovered(msgspec.Struct, frozen=True):
    """The documents under the given paths, each once.

    `files` includes `named`, those that were given themselves. Standard input comes before
    `files[piped_at]`; None when it was not given. `excluded` were given and the configuration
    leaves them out.
    """

    files: list[str]
    named: frozenset[str]
    piped_at: int | None
    excluded: tuple[str, ...]
    problems: list[Problem]


def discover(paths: tuple[str, ...], config: Config, piped: str | None) -> Discovered:
    """List the documents under some paths; `-` is standard input, whose name as shown is `piped`."""
    files: dict[str, None] = {}
    named: list[str] = []
    excluded: dict[str, None] = {}
    problems: list[Problem] = []
    piped_at: int | None = None
    for path in paths:
        if path == "-":
            if piped is not None and not _selected(config, piped):
                excluded[piped] = None
            elif piped is not None and piped_at is None:
                piped_at = len(files)
        elif os.path.isdir(path):
            found = _walk(path, problems.append)
            files.update((name, None) for name in found if _selected(config, name))
        elif problem := _missing(path):
            problems.append(problem)
        elif _selected(config, name := shown(path)):
            named.append(name)
            files[name] = None
        else:
            excluded[name] = None
    return Discovered(list(files), frozenset(named), piped_at, tuple(excluded), problems)


def shown(path: str) -> str:
    """The path as given, with / and relative to the working directory where it lies inside."""
    if os.path.isabs(path):
        relative = os.path.relpath(path)
        if not relative.startswith(".."):
            path = relative
    else:
        path = os.path.normpath(path)
    return path.replace(os.sep, "/")


def below(root: str, name: str) -> str:
    """The path relative to the configuration's folder, with /; it begins with ../ outside of that."""
    if not root:
        return name
    return os.path.relpath(name, root).replace(os.sep, "/")


def format_of(name: str) -> Format | None:
    """The format that a name's ending says."""
    return FORMATS.get(os.path.splitext(name)[1].lower())


def unreadable(path: str, error: OSError) -> Problem:
    """The problem of a file or folder that the system does not let us read."""
    return Problem(path, f"cannot be read: {error.strerror or error}")


def _selected(config: Config, name: str) -> bool:
    return config.selects(below(config.root, name))


def _missing(path: str) -> Problem | None:
    try:
        os.lstat(path)  # not stat: a link that leads nowhere is told when it is opened
    except FileNotFoundError:
        return Problem(shown(path), "does not exist; check the name")
    except OSError as error:
        return unreadable(shown(path), error)
    return None


def _walk(folder: str, tell: Callable[[Problem], None]) -> Iterator[str]:
    """List the drafts below a folder by name; tell of folders that cannot be listed."""

    def refused(error: OSError) -> None:
        tell(unreadable(shown(error.filename or folder), error))

    for parent, folders, files in os.walk(folder, onerror=refused):
        folders[:] = sorted(
            name for name in folders if name[0] != "." and name not in _SKIPPED_FOLDERS
        )
        for name in sorted(files):
            if not name.startswith(_NO_DRAFTS) and format_of(name) is not None:
                yield shown(os.path.join(parent, name))
