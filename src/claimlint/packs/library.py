"""Where packs are: the shipped ones and a user's own, as files."""

# os.path throughout: importing pathlib costs more than this module's whole work on a warm cache.
# ruff: noqa: PTH100, PTH110, PTH112, PTH113, PTH116, PTH118, PTH119, PTH120, PTH123

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from claimlint.errors import DefinitionError, Fault, Mark
from claimlint.marked_yaml import SIZE_LIMIT_BYTES, Faults, nearest
from claimlint.packs.selection import Selection, all_markets

ONE_PACK = ("core", "lexicons", "readability")  # folders whose files are one pack
ALWAYS = (*ONE_PACK, "topics")
MARKETS = "markets"
_FILE_LIMIT = 500  # of a user's folder; more than that is a mistyped path
_DEPTH_LIMIT = 5
_BACKUPS = ("~", ".bak", ".orig")


class PackFile(msgspec.Struct, frozen=True):
    """One file: where to open it, how to show it, its folder in the library ("" for a user's)."""

    path: str
    shown: str
    group: str

    @property
    def stem(self) -> str:
        """The file's name without its ending."""
        return os.path.basename(self.path).removesuffix(".yaml")


class PackText(NamedTuple):
    """A file and its bytes."""

    file: PackFile
    data: bytes


def rulesets_folder() -> str:
    """The folder of the shipped packs: inside the package, in an editable install beside `src`."""
    # Not importlib.resources: an editable install has no such resource, and the import is slow.
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    inside = os.path.join(package, "rulesets")
    if os.path.isdir(inside):
        return inside
    return os.path.join(os.path.dirname(os.path.dirname(package)), "rulesets")


def weights_file(folder: str | None = None) -> str:
    """The path of the claim model's weights."""
    return os.path.join(folder or rulesets_folder(), "weights", "claims.bin")


def read_weights(folder: str | None = None) -> bytes:
    """The shipped weights of the claim model; raises DefinitionError when they cannot be read."""
    try:
        with open(weights_file(folder), "rb") as stream:
            return stream.read()
    except OSError as error:
        raise _no_weights(error) from None


def weights_stamp() -> tuple[str, ...]:
    """The stamp of the shipped weights; raises DefinitionError when there are none."""
    try:
        return _stamp(weights_file())
    except OSError as error:
        raise _no_weights(error) from None


def _no_weights(error: OSError) -> DefinitionError:
    reason = error.strerror or "system error"
    message = f"the shipped weights cannot be read ({reason}): install claimlint again"
    return DefinitionError((Fault(Mark("rulesets/weights/claims.bin"), message),))


def stamp(file: PackFile) -> tuple[str, ...]:
    """Tell one state of a shipped file from another without reading it, as Python does for its own modules.

    A file that is not there has a stamp too: reading it says what is wrong.
    """
    try:
        return (file.shown, *_stamp(file.path))
    except OSError as error:
        return (file.shown, str(error.errno))


def _stamp(path: str) -> tuple[str, ...]:
    about = os.stat(path)
    # The time of the last change of state too: but for Windows, which has none, it cannot be set back.
    return (str(about.st_size), str(about.st_mtime_ns), str(about.st_ctime_ns))


def library_files(folder: str) -> tuple[PackFile, ...]:
    """All shipped files in a fixed order; raises DefinitionError for a broken installation."""
    faults = Faults()
    found: list[PackFile] = []
    try:
        with os.scandir(folder) as entries:
            groups = sorted(entry.name for entry in entries if entry.is_dir())
    except OSError:
        groups = []
    if not groups:
        message = "the shipped rule packs are missing: install claimlint again"
        raise DefinitionError((Fault(Mark("rulesets"), message),))
    for group in groups:
        if not group.startswith((".", "_")):
            path, shown = os.path.join(folder, group), f"rulesets/{group}"
            found.extend(_folder_files(path, shown, group, faults))
    faults.check()
    return tuple(found)


def market_names(files: tuple[PackFile, ...]) -> tuple[str, ...]:
    """The markets of the library."""
    return tuple(file.stem for file in files if file.group == MARKETS)


def chosen_files(
    selection: Selection, library: tuple[PackFile, ...], faults: Faults
) -> tuple[PackFile, ...]:
    """List the files that a selection takes; note packs that are not there."""
    markets = all_markets(selection.markets)
    named = {name for name in selection.packs if not is_path(name)}
    found = [
        file
        for file in library
        if file.group in ALWAYS
        or (file.group == MARKETS and file.stem in markets)
        or (file.group not in (*ALWAYS, MARKETS) and file.stem in named)
    ]
    return (*found, *_named_files(selection.packs, selection, library, faults))


def mentioned_files(
    selection: Selection, library: tuple[PackFile, ...], faults: Faults
) -> tuple[PackFile, ...]:
    """List the files of packs that the selection only mentions; note those that are not there."""
    names = tuple(name for name in selection.mentioned_packs if name not in selection.packs)
    return _named_files(names, selection, library, faults)


def _named_files(
    names: tuple[str, ...], selection: Selection, library: tuple[PackFile, ...], faults: Faults
) -> tuple[PackFile, ...]:
    found: list[PackFile] = []
    for name in dict.fromkeys(names):
        if is_path(name):
            found.extend(_user_files(name, selection, faults))
        else:
            _check_name(name, selection, library, faults)
    return tuple(found)


def is_path(name: str) -> bool:
    """Tell a local path from a pack's name."""
    return "/" in name or os.sep in name or name.startswith((".", "~")) or name.endswith(".yaml")


def read_files(files: tuple[PackFile, ...], faults: Faults) -> tuple[PackText, ...]:
    """Read files; note those that are too large or cannot be read."""
    texts: list[PackText] = []
    for file in files:
        try:
            with open(file.path, "rb") as stream:
                data = stream.read(SIZE_LIMIT_BYTES + 1)
        except OSError as error:
            faults.add(Mark(file.shown), f"cannot be read: {error.strerror or 'system error'}")
            continue
        if len(data) > SIZE_LIMIT_BYTES:
            faults.add(Mark(file.shown, 1, 1), f"larger than {SIZE_LIMIT_BYTES:,} bytes; divide it")
            continue
        texts.append(PackText(file, data))
    return tuple(texts)


def _check_name(
    name: str, selection: Selection, library: tuple[PackFile, ...], faults: Faults
) -> None:
    mark = selection.mark("pack", name)
    names = {
        file.group if file.group in ONE_PACK else file.stem
        for file in library
        if file.group != MARKETS
    }
    if name in names:
        return
    if name in market_names(library):
        faults.add(mark, f'"{name}" is a market, not a pack: choose it with market: [{name}]')
    elif os.path.exists(os.path.join(selection.root, name)):
        faults.add(mark, f'unknown pack "{name}"; for the local folder write "./{name}"')
    else:
        faults.add(mark, f'unknown pack "{name}"{nearest(name, names)}')


def _user_files(name: str, selection: Selection, faults: Faults) -> list[PackFile]:
    mark = selection.mark("pack", name)
    if "://" in name:
        faults.add(mark, f'"{name}" is an address: packs come from a local path, never from a URL')
        return []
    path = os.path.normpath(os.path.join(selection.root, name))
    shown = shown_path(path)
    if os.path.isfile(path):
        if not path.endswith(".yaml"):
            faults.add(mark, f'the pack file "{name}" must end in .yaml: rename it')
        return [PackFile(path, shown, "")]
    if not os.path.isdir(path):
        faults.add(mark, f'the pack "{name}" does not exist: no such file or folder')
        return []
    found = list(_folder_files(path, shown, "", faults))
    if not found:
        faults.add(mark, f'the pack "{name}" holds no .yaml file')
    if len(found) > _FILE_LIMIT:
        faults.add(
            mark, f'the pack "{name}" holds more than {_FILE_LIMIT} files: is it the folder?'
        )
        return []
    return found


def shown_path(path: str) -> str:
    """Show a path relative to the working directory when it lies below it, with `/`."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        relative = path
    chosen = path if relative.startswith("..") else relative
    return chosen.replace(os.sep, "/")


def _folder_files(
    folder: str, shown: str, group: str, faults: Faults, depth: int = 1
) -> Iterator[PackFile]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        faults.add(Mark(shown), f"cannot be read: {error.strerror or 'system error'}")
        return
    for entry in entries[: 4 * _FILE_LIMIT]:
        place = f"{shown}/{entry.name}"
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            if depth >= _DEPTH_LIMIT:
                faults.add(Mark(place), f"packs may lie at most {_DEPTH_LIMIT} folders deep")
                continue
            yield from _folder_files(entry.path, place, group, faults, depth + 1)
        elif entry.name.endswith(".yaml"):
            yield PackFile(entry.path, place, group)
        elif _looks_like_yaml(entry.name):
            faults.add(Mark(place), "wrong file extension: pack files end in .yaml; rename it")


def _looks_like_yaml(name: str) -> bool:
    low = name.lower()
    return (".yml" in low or ".yaml" in low or low.endswith(".json")) and not low.endswith(_BACKUPS)
