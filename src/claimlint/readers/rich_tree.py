"""The walk over a CMS tree, whatever its vocabulary: bounded in depth, tolerant of wrong types."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any, TypeAlias

from claimlint.errors import ReadError
from claimlint.expressions import compiled
from claimlint.readers.front_matter import is_prose
from claimlint.readers.rich_page import BesideKind, Page
from claimlint.readers.rich_path import Path

MOST_LEVELS = 100  # of nodes; what editors write has a dozen
_LONGEST_NAME = 100
_MARKUP = compiled(r"</?[a-zA-Z][^<>]*>|&#?[a-zA-Z0-9]{1,31};")
_KEY = compiled(r"[\w.:-]{1,64}", re.ASCII)
_WORDS = compiled(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
# Properties of nodes that say how something looks or where it comes from, never what a page says.
_TECHNICAL = frozenset((
    "align", "anchor", "assetid", "blockname", "blocktype", "class", "classname", "color",
    "component", "createdat", "css", "direction", "filename", "format", "hash", "height", "id",
    "indent", "key", "lang", "language", "linktype", "locale", "mark", "markdefs", "marks", "mime",
    "mimetype", "mode", "nodetype", "provider", "rel", "style", "tag", "target", "textformat",
    "textstyle", "type", "updatedat", "uuid", "version", "width",
))  # fmt: skip
_SILENT = _TECHNICAL - {"id", "uuid", "assetid", "target"} | {"_key", "_type", "_uid"}
_ALTERNATIVE = frozenset(("alt", "alternative", "caption"))
_BUTTON = frozenset(("button", "cta"))

Node: TypeAlias = dict[str, Any]
# A step of the walk: it yields the steps inside it, which are taken before it goes on.
Visit: TypeAlias = Generator["Visit", None, None]
Opener: TypeAlias = Callable[[Page, Node], None]


def parsed(text: str) -> object:
    """Parse the JSON of a tree, which some CMSs hand over as a string in a string."""
    value = _parsed(text)
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        value = _parsed(value)
    return value


def _parsed(text: str) -> object:
    try:
        return json.loads(text, parse_int=_number, parse_constant=_no_number)
    except RecursionError:
        raise too_deep() from None
    except json.JSONDecodeError as error:
        raise ReadError(
            f"the rich text is not valid JSON ({error.msg}); send the field as the CMS stores it",
            line=error.lineno,
            column=error.colno,
        ) from None


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) < 20 else float(digits)


def _no_number(name: str) -> object:
    raise ReadError(f"the rich text is not valid JSON ({name} is no value); send it as JSON")


def too_deep() -> ReadError:
    """The error for a tree without end."""
    return ReadError(
        f"the rich text is nested more than {MOST_LEVELS} levels; no editor writes such a tree"
    )


def walk(visit: Visit) -> None:
    """Take a step and all steps inside it, without recursion."""
    stack = [visit]
    while stack:
        inner = next(stack[-1], None)
        if inner is None:
            stack.pop()
        elif len(stack) == 2 * MOST_LEVELS:
            raise too_deep()
        else:
            stack.append(inner)


class Tree(ABC):
    """One CMS's vocabulary of nodes."""

    kind_key = "type"
    child_key = "children"
    blocks: Mapping[str, Opener] = {}  # what to open for nodes that hold others
    inline: frozenset[str] = frozenset()  # nodes that stand in a paragraph only
    left_out: frozenset[str] = frozenset()  # blocks of code and formulas

    def __init__(self, page: Page) -> None:
        self.page = page

    @abstractmethod
    def root(self, value: object) -> Visit:
        """Read a whole tree; raise ReadError when it is none."""

    @abstractmethod
    def leaf(self, kind: str, node: Node, path: Path, link: str | None) -> bool:
        """Read a node that holds no others; False when it is none of these."""

    def special(self, kind: str, node: Node, path: Path, link: str | None) -> Visit | None:
        """Read a node that takes more than opening and closing."""
        return None

    # Nodes

    def nodes(self, values: object, above: Path | None, name: str, link: str | None) -> Visit:
        """Read an array of nodes: what flows in one paragraph, or blocks that stand apart."""
        apart = not self._flows(values)
        for node, path in self.children(values, above, name):
            kind = self.kind_of(node)
            if not self.leaf(kind, node, path, link):
                yield self.node(kind, node, path, link)
            if apart:
                self.page.paragraph()

    def _flows(self, values: object) -> bool:
        return isinstance(values, list) and any(
            isinstance(one, dict) and self.kind_of(one) in self.inline for one in values
        )

    def inside(self, node: Node, path: Path, link: str | None = None) -> Visit:
        """Read the nodes inside a node."""
        return self.nodes(node.get(self.child_key), path, self.child_key, link)

    def node(self, kind: str, node: Node, path: Path, link: str | None) -> Visit:
        """Read a node of any kind."""
        if kind in self.left_out:
            self.page.paragraph()
            return
        opener = self.blocks.get(kind)
        if opener is not None:
            opener(self.page, node)
            yield self.inside(node, path)
            self.page.close()
            return
        special = self.special(kind, node, path, link)
        yield special if special is not None else self.other(kind, node, path)

    def kind_of(self, node: Node) -> str:
        kind = node.get(self.kind_key)
        return kind if isinstance(kind, str) else ""

    def children(
        self, values: object, above: Path | None, name: str
    ) -> Iterator[tuple[Node, Path]]:
        """Give the objects of an array with their paths; say so where there are none."""
        if values is None:
            return
        if not isinstance(values, list):
            self.page.gap("what is no list", Path(above, name) if name else above)
            return
        for number, value in enumerate(values):
            path = Path(above, name, number)
            if isinstance(value, dict):
                if value:
                    yield value, path
            elif value is not None and value != "":
                self.page.gap("what is no node", path)

    def keyed(self, values: object, above: Path | None, name: str) -> Iterator[tuple[Node, Path]]:
        """Give the objects of an array with paths by their `_key`, where that is good and its own."""
        seen: set[str] = set()
        for node, path in self.children(values, above, name):
            key = node.get("_key")
            if isinstance(key, str) and key not in seen and _KEY.fullmatch(key):
                seen.add(key)
                yield node, Path(above, name, key)
            else:
                yield node, path

    def string(self, node: Node, key: str, path: Path) -> str:
        """Give the text of a node, "" when it has none."""
        value = node.get(key)
        if isinstance(value, str):
            return value
        if value is not None:
            self.page.gap(f"a {key} that is no text", path)
        return ""

    # Nodes of unknown kinds

    def is_own(self, value: object) -> bool:
        """Whether a value is a list of nodes of this vocabulary."""
        return isinstance(value, list) and any(
            isinstance(one, dict) and isinstance(one.get(self.kind_key), str) for one in value
        )

    def own(self, value: object, above: Path, name: str) -> Visit:
        """Read what `is_own`."""
        return self.nodes(value, above, name, None)

    def other(self, kind: str, node: Node, path: Path) -> Visit:
        """Read the text in a node of unknown kind; say that it was not read when there is none."""
        before = self.page.written
        yield self.values(node, path)
        if self.page.written == before and _holds_something(node):
            self.unread(kind, path)

    def unread(self, kind: str, path: Path) -> None:
        """Say that what is embedded here was not read."""
        what = kind[:_LONGEST_NAME] if kind else "object"
        if not _KEY.fullmatch(what):
            what = "object"
        self.page.gap(f"an embedded {what}", path, "review it by hand")

    def values(self, node: Node, path: Path) -> Visit:
        """Read the strings, lists and objects in an object that look like prose."""
        for key, value in node.items():
            if not value or key.startswith("_") or key.lower() in _TECHNICAL:
                continue
            if len(key) > _LONGEST_NAME:
                self.page.gap("a property with a very long name", path)
            elif isinstance(value, str):
                self.value(key, value, Path(path, key))
            elif self.is_own(value):
                yield self.own(value, path, key)
            elif isinstance(value, dict):
                yield self.values(value, Path(path, key))
            elif isinstance(value, list):
                yield self.entries(key, value, path)

    def entries(self, key: str, values: list[object], above: Path) -> Visit:
        """Read a list in an object of unknown kind."""
        for number, value in enumerate(values):
            path = Path(above, key, number)
            if isinstance(value, str):
                self.value(key, value, path)
            elif isinstance(value, dict):
                yield self.values(value, path)
            elif isinstance(value, list):
                yield self.entries("", value, path)

    def value(self, key: str, value: str, path: Path) -> None:
        """Read a string whose property says what it may be."""
        if not is_prose(_snake(key), value):
            return
        words = frozenset(word.lower() for word in _WORDS.findall(key))
        kind: BesideKind = "paragraph"
        if _MARKUP.search(value):
            kind = "html"
        elif words & _ALTERNATIVE:
            kind = "alt"
        elif words & _BUTTON:
            kind = "button"
        self.page.beside(kind, value, path)


def _snake(key: str) -> str:
    """Part the words of a property's name as front matter does: `metaTitle` is `meta_title`."""
    return "_".join(_WORDS.findall(key)).lower()


def _holds_something(node: Node) -> bool:
    """Whether a node without prose has content, or leads to some, that nobody has seen."""
    return any(
        any(map(_is_content, value, value.values()))
        if isinstance(value, dict)
        else _is_content(key, value)
        for key, value in node.items()
    )


def _is_content(key: str, value: object) -> bool:
    return bool(value) and isinstance(value, str | list | dict) and key.lower() not in _SILENT


def nothing() -> Visit:
    """Give a step with none inside it, for a node that is read already."""
    yield from ()
