"""ProseMirror documents, as Tiptap and Storyblok write them: `{type: "doc", content: […]}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from claimlint.errors import ReadError
from claimlint.readers.rich_path import Path
from claimlint.readers.rich_tree import Node, Opener, Tree, Visit, nothing

# Names without underscores: "bullet_list" and "bulletList" are the same.
_BLOCKS: Mapping[str, Opener] = {
    "heading": lambda page, node: page.heading(_attributes(node).get("level")),
    "blockquote": lambda page, node: page.quote(),
    "bulletlist": lambda page, node: page.list(),
    "orderedlist": lambda page, node: page.list(),
    "tasklist": lambda page, node: page.list(),
    "listitem": lambda page, node: page.item(),
    "taskitem": lambda page, node: page.item(),
    "table": lambda page, node: page.table(),
    "tablerow": lambda page, node: page.row(),
    "tableheader": lambda page, node: page.cell(heads=True, columns=_columns(node)),
    "tablecell": lambda page, node: page.cell(heads=False, columns=_columns(node)),
}  # fmt: skip
_FORMULAS = frozenset(("inlinemath", "mathinline"))
# Nodes that are a word of the sentence, and the attribute that shows it.
_WORDS = {"emoji": "emoji", "mention": "label"}


class ProseMirror(Tree):
    """The nodes of the usual schemas; others are read when they hold some of these."""

    child_key = "content"
    blocks = _BLOCKS
    inline = frozenset(("text", "hardbreak", "mention", "emoji"))
    left_out = frozenset(("codeblock", "blockmath", "mathblock", "mathdisplay"))

    def root(self, value: object) -> Visit:
        if value is None:
            return nothing()
        if not isinstance(value, dict) or value.get("type") != "doc":
            raise ReadError('this is no ProseMirror document: its root has to be of type "doc"')
        return self.nodes(value.get("content"), None, "content", None)

    def kind_of(self, node: Node) -> str:
        return super().kind_of(node).replace("_", "").lower()

    def leaf(self, kind: str, node: Node, path: Path, link: str | None) -> bool:
        page = self.page
        if kind == "text":
            self._text(node, path)
        elif kind == "hardbreak":
            page.line_break(path)
        elif kind in _FORMULAS:
            page.leave_out()
        elif kind == "horizontalrule":
            page.rule()
        elif kind == "image":
            attributes = _attributes(node)
            for key in ("alt", "title"):
                shown = attributes.get(key)
                if isinstance(shown, str) and (key == "alt" or shown != attributes.get("alt")):
                    page.beside("alt", shown, Path(Path(path, "attrs"), key))
        elif kind in _WORDS:
            shown = _attributes(node).get(_WORDS[kind])
            if isinstance(shown, str):
                page.text(shown, Path(Path(path, "attrs"), _WORDS[kind]), link=None)
        else:
            return False
        return True

    def _text(self, node: Node, path: Path) -> None:
        marks = _marks(node)
        text = self.string(node, "text", path)
        link = marks.get("link")
        if "strike" in marks:
            return
        if "code" in marks:
            self.page.leave_out()
        elif "superscript" in marks:
            self.page.superscript(text, path, link=link)
        else:
            self.page.text(text, path, link=link)

    def special(self, kind: str, node: Node, path: Path, link: str | None) -> Visit | None:
        if kind == "paragraph":
            self.page.paragraph()
            return self.inside(node, path)
        return None

    def values(self, node: Node, path: Path) -> Visit:
        """Read an unknown node; another vocabulary's block may stand around its strings."""
        if node.get("type") == "doc" and self.is_own(node.get("content")):
            return self.nodes(node.get("content"), path, "content", None)
        return super().values(node, path)


def _attributes(node: Node) -> dict[str, Any]:
    value = node.get("attrs")
    return value if isinstance(value, dict) else {}


def _columns(node: Node) -> object:
    return _attributes(node).get("colspan")


def _marks(node: Node) -> dict[str, str]:
    """Give the marks of a text by their type; a link's address is its value."""
    marks = node.get("marks")
    found: dict[str, str] = {}
    for mark in marks if isinstance(marks, list) else ():
        kind = mark.get("type") if isinstance(mark, dict) else None
        if isinstance(kind, str):
            address = _attributes(mark).get("href")
            found[kind] = address if isinstance(address, str) else ""
    return found
