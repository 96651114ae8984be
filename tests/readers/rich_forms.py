"""Entries as the rich text of every CMS: the same words, in each one's own tree."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import NamedTuple

from tests.readers.rich_entries import Entry, Node, Run, group_of
from tests.readers.rich_flat_forms import editorjs, portable, prismic, wordpress

from claimlint.model.document import Format


def form_of(made: Sequence[Entry], form: Format) -> bytes:
    """Write entries in the form of a CMS."""
    tree = _WRITERS[form](made)
    return tree.encode() if isinstance(tree, str) else json.dumps(tree).encode()


# Trees whose blocks stand in one another


class _Words(NamedTuple):
    """A tree's names for its nodes; None where it has no such node."""

    text: Callable[[Run], Node]
    node: Callable[[str, list[Node], Entry | None], Node]
    paragraph_in_item: bool = True
    nested_list_in_item: bool = True


def _nested(made: Sequence[Entry], words: _Words) -> list[Node]:
    nodes: list[Node] = []
    for _, group in groupby(enumerate(made), key=group_of):
        run = [entry for _, entry in group]
        first = run[0]
        if first.kind == "item":
            nodes.append(_list(run, 1, words))
        elif first.kind == "cell":
            nodes.append(_table(run, words))
        elif first.kind == "quote":
            nodes += [words.node("quote", _paragraph(one, words), one) for one in run]
        else:
            nodes += [words.node(one.kind, [words.text(r) for r in one.runs], one) for one in run]
    return nodes


def _paragraph(entry: Entry, words: _Words) -> list[Node]:
    texts = [words.text(run) for run in entry.runs]
    return [words.node("paragraph", texts, entry)] if words.paragraph_in_item else texts


def _list(items: Sequence[Entry], level: int, words: _Words) -> Node:
    nodes: list[Node] = []
    for deeper, group in groupby(items, key=lambda one: one.level > level):
        if not deeper:
            nodes += [words.node("item", _paragraph(one, words), one) for one in group]
            continue
        inner = _list(list(group), level + 1, words)
        if words.nested_list_in_item and nodes:
            nodes[-1][next(key for key in ("content", "children") if key in nodes[-1])].append(
                inner
            )
        else:
            nodes.append(inner)
    return words.node("list", nodes, None)


def _table(cells: Sequence[Entry], words: _Words) -> Node:
    """Write a table; a row that begins with an empty cell has one."""
    width = max(len(list(row)) for _, row in groupby(cells, key=lambda one: one.row))
    rows = []
    for _, row in groupby(cells, key=lambda one: one.row):
        shown = [words.node("head" if one.heads else "cell", _cell(one, words), one) for one in row]
        missing = [
            words.node("head" if cells[0].heads else "cell", [], None)
            for _ in range(width - len(shown))
        ]
        rows.append(words.node("row", [*missing, *shown], None))
    return words.node("table", rows, None)


def _cell(entry: Entry, words: _Words) -> list[Node]:
    return [words.node("paragraph", [words.text(run) for run in entry.runs], entry)]


def _contentful(made: Sequence[Entry]) -> object:
    names = {
        "paragraph": "paragraph", "quote": "blockquote", "list": "unordered-list",
        "item": "list-item", "table": "table", "row": "table-row", "cell": "table-cell",
        "head": "table-header-cell",
    }  # fmt: skip

    def text(run: Run) -> Node:
        marks = [{"type": "bold"}] if run.bold else []
        leaf = {"nodeType": "text", "value": run.text, "marks": marks, "data": {}}
        if run.link is None:
            return leaf
        return {"nodeType": "hyperlink", "data": {"uri": run.link}, "content": [leaf]}

    def node(kind: str, content: list[Node], entry: Entry | None) -> Node:
        if kind == "alt" and entry is not None:
            fields = {
                "title": {"en-US": entry.runs[0].text},
                "file": {"en-US": {"url": "//x/y.png"}},
            }
            return {
                "nodeType": "embedded-asset-block",
                "data": {"target": {"sys": {"id": "a"}, "fields": fields}},
                "content": [],
            }
        if kind == "heading" and entry is not None:
            return {"nodeType": f"heading-{entry.level}", "data": {}, "content": content}
        return {"nodeType": names[kind], "data": {}, "content": content}

    return {"nodeType": "document", "data": {}, "content": _nested(made, _Words(text, node))}


def _prosemirror(made: Sequence[Entry]) -> object:
    names = {
        "paragraph": "paragraph", "quote": "blockquote", "list": "bullet_list",
        "item": "list_item", "table": "table", "row": "tableRow", "cell": "tableCell",
        "head": "tableHeader",
    }  # fmt: skip

    def text(run: Run) -> Node:
        marks: list[Node] = [{"type": "bold"}] if run.bold else []
        if run.link is not None:
            marks.append({"type": "link", "attrs": {"href": run.link}})
        return {"type": "text", "text": run.text, "marks": marks}

    def node(kind: str, content: list[Node], entry: Entry | None) -> Node:
        if kind == "alt" and entry is not None:
            return {"type": "image", "attrs": {"src": "x.png", "alt": entry.runs[0].text}}
        if kind == "heading" and entry is not None:
            return {"type": "heading", "attrs": {"level": entry.level}, "content": content}
        return {"type": names[kind], "content": content}

    return {"type": "doc", "content": _nested(made, _Words(text, node))}


def _strapi(made: Sequence[Entry]) -> object:
    names = {"paragraph": "paragraph", "quote": "quote", "list": "list", "item": "list-item"}

    def text(run: Run) -> Node:
        leaf: Node = {"type": "text", "text": run.text}
        if run.bold:
            leaf["bold"] = True
        if run.link is None:
            return leaf
        return {"type": "link", "url": run.link, "children": [leaf]}

    def node(kind: str, children: list[Node], entry: Entry | None) -> Node:
        if kind == "alt" and entry is not None:
            image = {"url": "x.png", "alternativeText": entry.runs[0].text}
            return {"type": "image", "image": image, "children": [{"type": "text", "text": ""}]}
        if kind == "heading" and entry is not None:
            return {"type": "heading", "level": entry.level, "children": children}
        more = {"format": "unordered"} if kind == "list" else {}
        return {"type": names[kind], **more, "children": children}

    return _nested(made, _Words(text, node, paragraph_in_item=False, nested_list_in_item=False))


def _lexical(made: Sequence[Entry]) -> object:
    names = {
        "paragraph": "paragraph", "quote": "quote", "list": "list", "item": "listitem",
        "table": "table", "row": "tablerow", "cell": "tablecell", "head": "tablecell",
    }  # fmt: skip

    def text(run: Run) -> Node:
        leaf = {"type": "text", "text": run.text, "format": int(run.bold), "version": 1}
        if run.link is None:
            return leaf
        return {"type": "link", "fields": {"url": run.link}, "children": [leaf]}

    def node(kind: str, children: list[Node], entry: Entry | None) -> Node:
        if kind == "alt" and entry is not None:
            return {"type": "image", "src": "x.png", "altText": entry.runs[0].text}
        if kind == "heading" and entry is not None:
            return {"type": "heading", "tag": f"h{entry.level}", "children": children}
        if kind == "list":
            children = [
                {"type": "listitem", "children": [one]} if one["type"] == "list" else one
                for one in children
            ]
        head = {"headerState": 1} if kind == "head" else {}
        return {"type": names[kind], "children": children, "format": "", **head}

    words = _Words(text, node, paragraph_in_item=False, nested_list_in_item=False)
    return {"root": {"type": "root", "children": _nested(made, words)}}


_WRITERS: dict[Format, Callable[[Sequence[Entry]], object]] = {
    "contentful": _contentful,
    "portable_text": portable,
    "prosemirror": _prosemirror,
    "prismic": prismic,
    "strapi_blocks": _strapi,
    "lexical": _lexical,
    "editorjs": editorjs,
    "wordpress": wordpress,
}
