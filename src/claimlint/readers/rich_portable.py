"""Portable Text, as Sanity stores it: an array of blocks and other objects."""

from __future__ import annotations

from typing import Any

from claimlint.errors import ReadError
from claimlint.readers.rich_path import Path
from claimlint.readers.rich_tree import Node, Tree, Visit, nothing

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_RULES = frozenset(("break", "divider", "horizontalrule", "hr", "pagebreak"))
_LEFT_OUT = frozenset(("code", "codeblock", "math", "latex"))
_RAISED = frozenset(("sup", "superscript"))


class PortableText(Tree):
    """Blocks of spans with marks; lists are blocks that name their kind and depth."""

    kind_key = "_type"

    def root(self, value: object) -> Visit:
        if value is None:
            return nothing()
        if isinstance(value, dict) and value.get("_type") == "block":
            value = [value]
        if not isinstance(value, list):
            raise ReadError("this is no Portable Text: the field has to be an array of blocks")
        return self.nodes(value, None, "", None)

    def nodes(self, values: object, above: Path | None, name: str, link: str | None) -> Visit:
        """Read an array of blocks."""
        page = self.page
        for node, path in self.keyed(values, above, name):
            kind = self.kind_of(node)
            if kind == "block" or (not kind and "children" in node):
                yield self._block(node, path)
                continue
            page.end_lists()
            if kind.lower() in _RULES:
                page.rule()
            elif kind.lower() in _LEFT_OUT:
                page.paragraph()
            elif not self.leaf(kind, node, path, link):
                page.paragraph()
                yield self.other(kind, node, path)
        page.end_lists()

    def leaf(self, kind: str, node: Node, path: Path, link: str | None) -> bool:
        """Read a picture; without words it holds nothing that could be read."""
        if kind != "image":
            return False
        shown = [node.get(key) for key in ("alt", "caption", "title")]
        for key, value in zip(("alt", "caption", "title"), shown, strict=True):
            if isinstance(value, str) and (key == "alt" or value != shown[0]):
                self.page.beside("alt", value, Path(path, key))
        # A caption may be blocks of its own.
        return not any(isinstance(value, list | dict) for value in shown)

    def _block(self, node: Node, path: Path) -> Visit:
        page = self.page
        style, item = node.get("style"), node.get("listItem")
        level = node.get("level")
        opened = True
        if isinstance(item, str) and item:
            page.flat_item(item, level if isinstance(level, int) else 1)
        else:
            page.end_lists()
            if isinstance(style, str) and style.lower() in _HEADINGS:
                page.heading(_HEADINGS[style.lower()])
            elif style == "blockquote":
                page.quote()
            else:
                page.paragraph()
                opened = False
        links, notes = self._definitions(node, path)
        for span, at in self.keyed(node.get("children"), path, "children"):
            if self.kind_of(span) == "span" or (not self.kind_of(span) and "text" in span):
                self._span(span, at, links)
            elif not self.leaf(self.kind_of(span), span, at, None):
                yield self.other(self.kind_of(span), span, at)
        if opened:
            page.close()
        for note, at in notes:
            page.paragraph()
            yield self.other(self.kind_of(note), note, at)

    def _span(self, span: Node, path: Path, links: dict[str, str]) -> None:
        given = span.get("marks")
        marks = [mark for mark in given if isinstance(mark, str)] if isinstance(given, list) else []
        text = self.string(span, "text", path)
        link = next((links[mark] for mark in marks if mark in links), None)
        if "strike-through" in marks:
            return
        if "code" in marks:
            self.page.leave_out()
        elif not _RAISED.isdisjoint(marks):
            self.page.superscript(text, path, link=link)
        else:
            self.page.text(text, path, link=link)

    def _definitions(
        self, node: Node, path: Path
    ) -> tuple[dict[str, str], list[tuple[Node, Path]]]:
        """Give the addresses that the marks of a block name, and what else is noted of its words."""
        links: dict[str, str] = {}
        notes: list[tuple[Node, Path]] = []
        for definition, at in self.keyed(node.get("markDefs"), path, "markDefs"):
            key, address = definition.get("_key"), _address(definition)
            if isinstance(key, str) and address is not None:
                links[key] = address
            elif self._says_more(definition):
                notes.append((definition, at))
        return links, notes

    def _says_more(self, definition: Node) -> bool:
        return any(
            (isinstance(value, str) and " " in value) or self.is_own(value)
            for key, value in definition.items()
            if not key.startswith("_")
        )


def _address(definition: dict[str, Any]) -> str | None:
    for key in ("href", "url"):
        if isinstance(definition.get(key), str):
            return str(definition[key])
    return "" if definition.get("_type") in ("link", "internalLink") else None
