"""Pack files -> checked parts: every file by itself, keeping what is whole of a broken one."""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeVar

from claimlint.errors import DefinitionError, Fault, Mark
from claimlint.marked_yaml import DEPTH_LIMIT, SIZE_LIMIT_BYTES, Faults, convert
from claimlint.marked_yaml.nodes import Items, Marks, Node, Pairs, Scalar, compose
from claimlint.model.rule import Cue, Lexicon, Pack, Rule, RuleBase
from claimlint.packs.library import PackFile, PackText
from claimlint.packs.rule_checks import check_struct

T = TypeVar("T")


class Part(NamedTuple, Generic[T]):
    """A rule, cue or lexicon and the places of its parts."""

    value: T
    marks: Marks


class LoadedPack(NamedTuple):
    """A pack file; `pack` is None when it is broken, and then only its whole parts are here.

    `ids` and `classes` are all that the file means to define, in broken parts too, so that one mistake
    does not make every reference to them a second one.
    """

    file: PackFile
    pack: Pack | None
    marks: Marks
    rules: tuple[Part[Rule], ...]
    lexicons: tuple[Part[Lexicon], ...]
    cues: tuple[Part[Cue], ...]
    ids: frozenset[str]
    classes: frozenset[str]

    @property
    def is_users(self) -> bool:
        """Tell a user's pack from a shipped one."""
        return not self.file.group


def load_texts(texts: tuple[PackText, ...], faults: Faults) -> tuple[LoadedPack, ...]:
    """Check every file by itself and note its mistakes."""
    return tuple(_load(file, data, faults) for file, data in texts)


def _load(file: PackFile, data: bytes, faults: Faults) -> LoadedPack:
    rules: list[Part[Rule]] = []
    lexicons: list[Part[Lexicon]] = []
    cues: list[Part[Cue]] = []

    def check(value: object, marks: Marks, found: Faults) -> None:
        check_struct(value, marks, found, timed=not file.group)
        if isinstance(value, RuleBase):
            rules.append(Part(value, marks))  # type: ignore[arg-type]
        elif isinstance(value, Lexicon):
            lexicons.append(Part(value, marks))
        elif isinstance(value, Cue):
            cues.append(Part(value, marks))

    pack: Pack | None = None
    root: Node = Pairs((), Mark(file.shown, 1, 1))
    own = Faults()
    try:
        text = _decoded(file, data)
        root = compose(
            text, file.shown, own, size_limit_bytes=SIZE_LIMIT_BYTES, depth_limit=DEPTH_LIMIT
        )
        pack, _ = convert(root, Pack, own, check=check)
    except DefinitionError as error:
        faults.extend(error.faults)
    return LoadedPack(
        file, pack, Marks(root), tuple(rules), tuple(lexicons), tuple(cues), *_declared(root)
    )


def _declared(root: Node) -> tuple[frozenset[str], frozenset[str]]:
    """The rule ids and the class names that a file means to define."""
    ids = [_text(rule, "id") for rule in _list(root, "rules")]
    lexicons = _list(root, "lexicons")
    names = [_text(lexicon, "name") for lexicon in lexicons]
    topics = [_text(entry, "topic") for one in lexicons for entry in _list(one, "entries")]
    return frozenset(filter(None, ids)), frozenset(filter(None, [*names, *topics]))


def _list(node: Node, key: str) -> tuple[Node, ...]:
    found = _value(node, key)
    return found.nodes if isinstance(found, Items) else ()


def _text(node: Node, key: str) -> str:
    found = _value(node, key)
    return found.value if isinstance(found, Scalar) else ""


def _value(node: Node, key: str) -> Node | None:
    pairs = node.pairs if isinstance(node, Pairs) else ()
    return next((value for name, value in pairs if name.value == key), None)


def _decoded(file: PackFile, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        mark = Mark(file.shown, len(lines), len(lines[-1]) + 1)
        fault = Fault(mark, "not UTF-8 text: save the file as UTF-8")
        raise DefinitionError((fault,)) from None
