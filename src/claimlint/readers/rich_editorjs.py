"""Editor.js documents, as Directus' block editor stores them: `{blocks: [{type, data}, …]}`."""

from __future__ import annotations

from typing import Any

from claimlint.errors import ReadError
from claimlint.readers.rich_path import Path
from claimlint.readers.rich_tree import Node, Tree, Visit, nothing


class EditorJs(Tree):
    """The blocks of the usual tools; their strings hold inline HTML."""

    child_key = "blocks"
    left_out = frozenset(("code", "math"))

    def root(self, value: object) -> Visit:
        if value is None:
            return nothing()
        if not isinstance(value, dict) or not isinstance(value.get("blocks"), list):
            raise ReadError('this is no Editor.js document: it has to hold an array "blocks"')
        return self.nodes(value["blocks"], None, "blocks", None)

    def leaf(self, kind: str, node: Node, path: Path, link: str | None) -> bool:
        page = self.page
        data, at = _data(node), Path(path, "data")
        if kind == "paragraph":
            page.paragraph()
            self._inline(data, "text", at)
        elif kind == "header":
            page.heading(data.get("level"))
            self._inline(data, "text", at)
            page.close()
        elif kind == "quote":
            page.quote()
            self._inline(data, "text", at)
            page.paragraph()
            self._inline(data, "caption", at)
            page.close()
        elif kind == "delimiter":
            page.rule()
        elif kind == "raw":
            page.paragraph()
            page.beside("html", self.string(data, "html", at), Path(at, "html"))
        elif kind == "image":
            page.paragraph()
            for key in ("caption", "alt"):
                page.beside(
                    "html" if key == "caption" else "alt", self.string(data, key, at), Path(at, key)
                )
        else:
            return False
        return True

    def special(self, kind: str, node: Node, path: Path, link: str | None) -> Visit | None:
        data, at = _data(node), Path(path, "data")
        if kind in ("list", "nestedlist", "checklist"):
            return self._list(data, at)
        if kind == "table":
            return self._table(data, at)
        return None

    def _inline(self, data: Node, key: str, at: Path) -> None:
        self.page.inline_html(self.string(data, key, at), Path(at, key))

    def _list(self, data: Node, at: Path) -> Visit:
        self.page.list()
        values = data.get("items")
        for number, item in enumerate(values if isinstance(values, list) else ()):
            path = Path(at, "items", number)
            self.page.item()
            if isinstance(item, str):
                self.page.inline_html(item, path)
            elif isinstance(item, dict):
                self._inline(item, "content" if "content" in item else "text", path)
                if item.get("items"):
                    yield self._list(item, path)
            else:
                self.page.gap("what is no item of a list", path)
            self.page.close()
        self.page.close()

    def _table(self, data: Node, at: Path) -> Visit:
        heads = bool(data.get("withHeadings"))
        rows = data.get("content")
        self.page.table()
        for number, row in enumerate(rows if isinstance(rows, list) else ()):
            self.page.row()
            for column, cell in enumerate(row if isinstance(row, list) else ()):
                self.page.cell(heads=heads and number == 0)
                if isinstance(cell, str):
                    self.page.inline_html(cell, Path(Path(at, "content", number), "", column))
                self.page.close()
            self.page.close()
        self.page.close()
        yield from ()


def _data(node: Node) -> dict[str, Any]:
    value = node.get("data")
    return value if isinstance(value, dict) else {}
