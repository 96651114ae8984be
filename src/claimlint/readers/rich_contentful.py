"""Contentful Rich Text: `{nodeType: "document", content: […]}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from claimlint.errors import ReadError
from claimlint.readers.rich_path import Path
from claimlint.readers.rich_tree import Node, Opener, Tree, Visit, nothing

_HEADINGS = {f"heading-{level}": level for level in range(1, 7)}
_BLOCKS: Mapping[str, Opener] = {
    "blockquote": lambda page, node: page.quote(),
    "unordered-list": lambda page, node: page.list(),
    "ordered-list": lambda page, node: page.list(),
    "list-item": lambda page, node: page.item(),
    "table": lambda page, node: page.table(),
    "table-row": lambda page, node: page.row(),
    "table-cell": lambda page, node: page.cell(heads=False, columns=_columns(node)),
    "table-header-cell": lambda page, node: page.cell(heads=True, columns=_columns(node)),
    **{
        name: lambda page, node: page.heading(_HEADINGS[node["nodeType"]])
        for name in _HEADINGS
    },
}  # fmt: skip


class Contentful(Tree):
    """Contentful's nodes; what is embedded is a link, unless the sender has put its fields in."""

    kind_key = "nodeType"
    child_key = "content"
    blocks = _BLOCKS
    inline = frozenset(("text", "hyperlink", "entry-hyperlink", "asset-hyperlink"))

    def root(self, value: object) -> Visit:
        if value is None:
            return nothing()
        if not isinstance(value, dict) or value.get("nodeType") != "document":
            raise ReadError(
                'this is no Contentful rich text: its root has to be a node of nodeType "document"'
            )
        return self.nodes(value.get("content"), None, "content", None)

    def leaf(self, kind: str, node: Node, path: Path, link: str | None) -> bool:
        if kind == "text":
            marks = _marks(node)
            if "strikethrough" in marks:
                return True
            if "code" in marks:
                self.page.leave_out()
            elif "superscript" in marks:
                self.page.superscript(self.string(node, "value", path), path, link=link)
            else:
                self.page.text(self.string(node, "value", path), path, link=link)
        elif kind == "hr":
            self.page.rule()
        else:
            return False
        return True

    def special(self, kind: str, node: Node, path: Path, link: str | None) -> Visit | None:
        if kind == "paragraph":
            self.page.paragraph()
            return self.inside(node, path)
        if kind.endswith("hyperlink"):
            uri = _inner(node, "data").get("uri")
            return self.inside(node, path, uri if isinstance(uri, str) else "")
        if kind.startswith("embedded-"):
            return self._embedded(kind, node, path)
        return None

    def _embedded(self, kind: str, node: Node, path: Path) -> Visit:
        page = self.page
        what = kind.removeprefix("embedded-").removesuffix("-block").removesuffix("-inline")
        if kind.endswith("-block"):
            page.paragraph()
        target = Path(Path(path, "data"), "target")
        fields = _inner(_inner(node, "data"), "target").get("fields")
        if isinstance(fields, dict) and fields:
            before = page.written
            if what == "asset":
                self._describe(fields, Path(target, "fields"))
            else:
                yield self.values(fields, Path(target, "fields"))
            if page.written != before:
                return
        self.unread(what, path)

    def _describe(self, fields: Node, path: Path) -> None:
        """Read what is said of a picture or file, in one language or in several."""
        for key in ("title", "description"):
            value = fields.get(key)
            if isinstance(value, str):
                self.page.beside("alt", value, Path(path, key))
            for locale, words in value.items() if isinstance(value, dict) else ():
                if isinstance(words, str):
                    self.page.beside("alt", words, Path(Path(path, key), locale))

    def is_own(self, value: object) -> bool:
        if isinstance(value, dict):
            return value.get("nodeType") == "document"
        return super().is_own(value)

    def own(self, value: object, above: Path, name: str) -> Visit:
        if isinstance(value, dict):
            return self.nodes(value.get("content"), Path(above, name), "content", None)
        return super().own(value, above, name)


def _inner(node: Node, key: str) -> dict[str, Any]:
    value = node.get(key)
    return value if isinstance(value, dict) else {}


def _columns(node: Node) -> object:
    return _inner(node, "data").get("colspan")


def _marks(node: Node) -> set[str]:
    marks = node.get("marks")
    if not marks or not isinstance(marks, list):
        return set()
    return {
        mark["type"]
        for mark in marks
        if isinstance(mark, dict) and isinstance(mark.get("type"), str)
    }
