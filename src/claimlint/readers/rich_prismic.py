"""Prismic rich text: a flat array of blocks whose spans are offsets into their text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from claimlint.errors import ReadError
from claimlint.readers.rich_path import Path
from claimlint.readers.rich_tree import Node, Tree, Visit, nothing

_HEADINGS = {f"heading{level}": level for level in range(1, 7)}
_ITEMS = frozenset(("list-item", "o-list-item"))
_LAST_OF_ONE_UNIT = "\uffff"


class Prismic(Tree):
    """Blocks of plain text with spans for links; slices are read property by property."""

    left_out = frozenset(("preformatted",))

    def root(self, value: object) -> Visit:
        if value is None:
            return nothing()
        if not isinstance(value, list):
            raise ReadError("this is no Prismic rich text: the field has to be an array of blocks")
        return self.nodes(value, None, "", None)

    def nodes(self, values: object, above: Path | None, name: str, link: str | None) -> Visit:
        """Read an array of blocks."""
        page = self.page
        for node, path in self.children(values, above, name):
            kind = self.kind_of(node)
            if kind in _ITEMS:
                page.flat_item(kind, 1)
                self._text(node, path)
                page.close()
                continue
            page.end_lists()
            if kind in _HEADINGS:
                page.heading(_HEADINGS[kind])
                self._text(node, path)
                page.close()
            elif kind == "paragraph":
                page.paragraph()
                self._text(node, path)
            elif not self.leaf(kind, node, path, link):
                page.paragraph()
                yield self.node(kind or _slice_kind(node), node, path, link)
        page.end_lists()

    def leaf(self, kind: str, node: Node, path: Path, link: str | None) -> bool:
        if kind != "image":
            return False
        self.page.paragraph()
        data = node.get("data")
        for holder, at in ((node, path), (data, Path(path, "data"))):
            shown = holder.get("alt") if isinstance(holder, dict) else None
            if isinstance(shown, str):
                self.page.beside("alt", shown, Path(at, "alt"))
        return True

    def _text(self, node: Node, path: Path) -> None:
        """Write a block's text, cut where links begin and end."""
        inner = node.get("content")
        if "text" not in node and isinstance(inner, dict):  # as the Migration API has it
            node, path = inner, Path(path, "content")
        text = self.string(node, "text", path)
        at = 0
        for start, end, address in _links(node.get("spans"), text):
            if start >= at:
                self.page.text(text, path, at, start, link=None)
                self.page.text(text, path, start, end, link=address)
                at = end
        self.page.text(text, path, at, len(text), link=None)

    def is_own(self, value: object) -> bool:
        return isinstance(value, list) and any(
            isinstance(one, dict) and "type" in one and ("text" in one or "content" in one)
            for one in value
        )


def _links(spans: object, text: str) -> Iterator[tuple[int, int, str]]:
    """Give the links among the spans in order, counted in code points."""
    found = []
    for span in spans if isinstance(spans, list) else ():
        if not isinstance(span, dict) or span.get("type") != "hyperlink":
            continue
        start, end, data = span.get("start"), span.get("end"), span.get("data")
        if type(start) is int and type(end) is int and 0 <= start < end:
            address = data.get("url") if isinstance(data, dict) else None
            found.append((start, end, address if isinstance(address, str) else ""))
    if found and max(text, default="") > _LAST_OF_ONE_UNIT:
        wide = [index for index, sign in enumerate(text) if sign > _LAST_OF_ONE_UNIT]
        units = [index + number for number, index in enumerate(wide)]
        found = [(s - bisect_left(units, s), e - bisect_left(units, e), a) for s, e, a in found]
    for start, end, address in sorted(found):
        if start < min(end, len(text)):
            yield start, min(end, len(text)), address


def _slice_kind(node: Node) -> str:
    kind = node.get("slice_type")
    return kind if isinstance(kind, str) else ""
