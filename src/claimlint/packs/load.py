"""Pack files -> checked packs: each file by itself, then all of them together."""

from __future__ import annotations

from typing import NamedTuple

from claimlint.errors import DefinitionError, Mark
from claimlint.marked_yaml import Faults, load
from claimlint.marked_yaml.nodes import Marks
from claimlint.model.rule import Pack
from claimlint.packs.library import PackFile, PackText
from claimlint.packs.rule_checks import check_struct


class LoadedPack(NamedTuple):
    """A pack file that is whole, and the places of its parts."""

    file: PackFile
    pack: Pack
    marks: Marks

    @property
    def is_users(self) -> bool:
        """Tell a user's pack from a shipped one."""
        return not self.file.group


def load_texts(texts: tuple[PackText, ...]) -> tuple[LoadedPack, ...]:
    """Check every file by itself; raises DefinitionError with the mistakes of all files."""
    faults = Faults()
    found: list[LoadedPack] = []
    for file, data in texts:
        try:
            value, marks = load(_decoded(file, data), file.shown, Pack, check=check_struct)
        except DefinitionError as error:
            faults.extend(error.faults)
            continue
        found.append(LoadedPack(file, value, marks))
    faults.check()
    return tuple(found)


def _decoded(file: PackFile, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        faults = Faults()
        before = data[: error.start].decode("utf-8-sig")
        lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        mark = Mark(file.shown, len(lines), len(lines[-1]) + 1)
        faults.add(mark, "not UTF-8 text: save the file as UTF-8")
        faults.check()
        raise
