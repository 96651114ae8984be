"""Lexical editor states, as Payload and Ghost store them: `{root: {children: […]}}`."""

from __future__ import annotations

from collections.abc import Mapping

from claimlint.errors import ReadError
from claimlint.readers.rich_path import Path
from claimlint.readers.rich_tree import Node, Opener, Tree, Visit, nothing

_STRUCK, _CODE, _SUPERSCRIPT = 4, 16, 64  # bits of a text's format
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS: Mapping[str, Opener] = {
    "heading": lambda page, node: page.heading(_level(node)),
    "extended-heading": lambda page, node: page.heading(_level(node)),
    "quote": lambda page, node: page.quote(),
    "extended-quote": lambda page, node: page.quote(),
    "aside": lambda page, node: page.quote(),
    "list": lambda page, node: page.list(),
    "table": lambda page, node: page.table(),
    "tablerow": lambda page, node: page.row(),
    "tablecell": lambda page, node: page.cell(
        heads=bool(node.get("headerState")), columns=node.get("colSpan")
    ),
}
_TEXTS = frozenset(("text", "extended-text", "hashtag", "mention", "emoji", "overflow"))
_LINKS = frozenset(("link", "autolink"))


class Lexical(Tree):
    """Lexical's nodes and Payload's and Ghost's; other blocks are read property by property."""

    blocks = _BLOCKS
    inline = _TEXTS | _LINKS | {"linebreak"}
    left_out = frozenset(("code", "codeblock", "code-block"))

    def root(self, value: object) -> Visit:
        if value is None:
            return nothing()
        above: Path | None = None
        if isinstance(value, dict) and isinstance(value.get("root"), dict):
            value, above = value["root"], Path(None, "root")
        if not isinstance(value, dict) or value.get("type", "root") != "root":
            raise ReadError(
                'this is no Lexical editor state: it has to hold a "root" with children'
            )
        return self.nodes(value.get("children"), above, "children", None)

    def leaf(self, kind: str, node: Node, path: Path, link: str | None) -> bool:
        page = self.page
        if kind in _TEXTS and "children" not in node:
            style = node.get("format")
            bits = style if isinstance(style, int) else 0
            if bits & _STRUCK:
                return True
            if bits & _CODE:
                page.leave_out()
            elif bits & _SUPERSCRIPT:
                page.superscript(self.string(node, "text", path), path, link=link)
            else:
                page.text(self.string(node, "text", path), path, link=link)
        elif kind == "linebreak":
            page.line_break(path)
        elif kind in ("tab", "equation"):
            page.leave_out()
        elif kind in ("horizontalrule", "pagebreak", "page-break"):
            page.rule()
        else:
            return False
        return True

    def special(self, kind: str, node: Node, path: Path, link: str | None) -> Visit | None:
        page = self.page
        if kind == "paragraph":
            page.paragraph()
            return self.inside(node, path)
        if kind == "listitem":
            return self._item(node, path)
        if kind in _LINKS:
            return self.inside(node, path, _address(node))
        if kind == "html" and isinstance(node.get("html"), str):
            page.paragraph()
            page.beside("html", node["html"], Path(path, "html"))
            return nothing()
        if kind == "image":
            return self._image(node, path)
        return None

    def _item(self, node: Node, path: Path) -> Visit:
        """Read an item; one that only holds a list belongs to the item before it."""
        inner = node.get("children")
        if isinstance(inner, list) and inner and all(map(_is_list, inner)):
            yield self.inside(node, path)
            return
        self.page.item()
        yield self.inside(node, path)
        self.page.close()

    def _image(self, node: Node, path: Path) -> Visit:
        """Read what is said of a picture; its caption may be an editor state of its own."""
        if any(key in node for key in ("children", "fields", "value")):
            yield self.other("image", node, path)
            return
        shown = {key: node.get(key) for key in ("altText", "alt", "title", "caption")}
        before: set[str] = set()
        for key, value in shown.items():
            if isinstance(value, str) and value not in before:
                before.add(value)
                markup = key == "caption" and "<" in value
                self.page.beside("html" if markup else "alt", value, Path(path, key))
            elif isinstance(value, dict):
                yield self.values(value, Path(path, key))

    def is_own(self, value: object) -> bool:
        if isinstance(value, dict):
            return isinstance(value.get("root"), dict)
        return super().is_own(value)

    def own(self, value: object, above: Path, name: str) -> Visit:
        if isinstance(value, dict):
            root = value["root"]
            path = Path(Path(above, name), "root")
            return self.nodes(root.get("children"), path, "children", None)
        return super().own(value, above, name)


def _level(node: Node) -> int | None:
    tag = node.get("tag")
    return _HEADINGS.get(tag) if isinstance(tag, str) else None


def _is_list(node: object) -> bool:
    return isinstance(node, dict) and node.get("type") == "list"


def _address(node: Node) -> str:
    fields = node.get("fields")
    for holder in (node, fields if isinstance(fields, dict) else {}):
        address = holder.get("url")
        if isinstance(address, str):
            return address
    return ""
