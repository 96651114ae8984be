"""Strapi's "Rich text (Blocks)": an array of blocks with children."""

from __future__ import annotations

from collections.abc import Mapping

from claimlint.errors import ReadError
from claimlint.readers.rich_path import Path
from claimlint.readers.rich_tree import Node, Opener, Tree, Visit, nothing

_BLOCKS: Mapping[str, Opener] = {
    "heading": lambda page, node: page.heading(node.get("level")),
    "quote": lambda page, node: page.quote(),
    "list": lambda page, node: page.list(),
    "list-item": lambda page, node: page.item(),
}


class Strapi(Tree):
    """Strapi's nodes; a nested list stands in the list beside the items."""

    blocks = _BLOCKS
    inline = frozenset(("text", "link"))
    left_out = frozenset(("code",))

    def root(self, value: object) -> Visit:
        if value is None:
            return nothing()
        if not isinstance(value, list):
            raise ReadError("these are no Strapi blocks: the field has to be an array of blocks")
        return self.nodes(value, None, "", None)

    def leaf(self, kind: str, node: Node, path: Path, link: str | None) -> bool:
        if kind == "text":
            if node.get("code"):
                self.page.leave_out()
            elif not node.get("strikethrough"):
                self.page.text(self.string(node, "text", path), path, link=link)
        elif kind == "image":
            self._image(node, path)
        else:
            return False
        return True

    def _image(self, node: Node, path: Path) -> None:
        self.page.paragraph()
        image = node.get("image")
        if not isinstance(image, dict):
            return
        shown = image.get("alternativeText")
        caption = image.get("caption")
        for key, value in (("alternativeText", shown), ("caption", caption)):
            if isinstance(value, str) and (key != "caption" or value != shown):
                self.page.beside("alt", value, Path(Path(path, "image"), key))

    def special(self, kind: str, node: Node, path: Path, link: str | None) -> Visit | None:
        if kind == "paragraph":
            self.page.paragraph()
            return self.inside(node, path)
        if kind == "link":
            address = node.get("url")
            return self.inside(node, path, address if isinstance(address, str) else "")
        return None
