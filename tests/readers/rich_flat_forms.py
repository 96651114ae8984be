"""Entries as flat lists of blocks, and as the markup of WordPress."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from tests.readers.rich_entries import Entry, Node, group_of


def portable(made: Sequence[Entry]) -> object:
    return list(_portable_blocks(made))


def _portable_blocks(made: Sequence[Entry]) -> Iterator[Node]:
    for number, entry in enumerate(made):
        if entry.kind == "alt":
            yield {"_type": "image", "_key": f"k{number}", "alt": entry.runs[0].text}
            continue
        links = sorted({run.link for run in entry.runs if run.link is not None})
        block: Node = {
            "_type": "block",
            "style": {"heading": f"h{entry.level}", "quote": "blockquote"}.get(
                entry.kind, "normal"
            ),
            "markDefs": [
                {"_key": f"l{at}", "_type": "link", "href": a} for at, a in enumerate(links)
            ],
            "children": [
                {
                    "_type": "span",
                    "_key": f"s{at}",
                    "text": run.text,
                    "marks": ["strong"] * run.bold
                    + ([f"l{links.index(run.link)}"] if run.link is not None else []),
                }
                for at, run in enumerate(entry.runs)
            ],
        }
        if number % 2:
            block["_key"] = f"k{number}"
        if entry.kind == "item":
            block |= {"listItem": "bullet", "level": entry.level}
        yield block


def prismic(made: Sequence[Entry]) -> object:
    blocks: list[Node] = []
    for entry in made:
        if entry.kind == "alt":
            blocks.append({"type": "image", "url": "x.png", "alt": entry.runs[0].text})
            continue
        kinds = {"heading": f"heading{entry.level}", "item": "list-item"}
        spans: list[Node] = []
        at = 0
        for run in entry.runs:
            end = at + len(run.text.encode("utf-16-le")) // 2
            if run.bold:
                spans.append({"start": at, "end": end, "type": "strong"})
            if run.link is not None:
                data = {"link_type": "Web", "url": run.link}
                spans.append({"start": at, "end": end, "type": "hyperlink", "data": data})
            at = end
        text = "".join(run.text for run in entry.runs)
        blocks.append({"type": kinds.get(entry.kind, "paragraph"), "text": text, "spans": spans})
    return blocks


def _markup(entry: Entry) -> str:
    shown = []
    for link, group in groupby(entry.runs, key=lambda run: run.link):
        texts = [(escape(run.text, quote=False), run.bold) for run in group]
        inner = "".join(f"<b>{text}</b>" if bold else text for text, bold in texts)
        shown.append(inner if link is None else f'<a href="{escape(link)}">{inner}</a>')
    return "".join(shown)


def editorjs(made: Sequence[Entry]) -> object:
    blocks: list[Node] = []

    def add(kind: str, **data: object) -> None:
        blocks.append({"id": f"b{len(blocks)}", "type": kind, "data": data})

    for _, group in groupby(enumerate(made), key=group_of):
        run = [entry for _, entry in group]
        one = run[0]
        if one.kind == "item":
            add("list", style="unordered", items=_items(run, 1))
        elif one.kind == "cell":
            rows = [[_markup(c) for c in row] for _, row in groupby(run, key=lambda c: c.row)]
            width = max(map(len, rows))
            rows = [[""] * (width - len(row)) + row for row in rows]
            add("table", withHeadings=one.heads, content=rows)
        elif one.kind == "heading":
            add("header", text=_markup(one), level=one.level)
        elif one.kind == "quote":
            add("quote", text=_markup(one), caption="")
        elif one.kind == "alt":
            add("image", file={"url": "x.png"}, alt=one.runs[0].text)
        else:
            add("paragraph", text=_markup(one))
    return {"time": 1, "blocks": blocks, "version": "2.30"}


def _items(run: Sequence[Entry], level: int) -> list[Node]:
    items: list[Node] = []
    for deeper, group in groupby(run, key=lambda one: one.level > level):
        if deeper and items:
            items[-1]["items"] = _items(list(group), level + 1)
        else:
            items += [{"content": _markup(one), "items": []} for one in group]
    return items


def wordpress(made: Sequence[Entry]) -> object:
    parts: list[str] = []

    def add(name: str, markup: str) -> None:
        parts.append(f"<!-- wp:{name} -->\n{markup}\n<!-- /wp:{name} -->")

    for _, group in groupby(enumerate(made), key=group_of):
        run = [entry for _, entry in group]
        one = run[0]
        if one.kind == "item":
            add("list", _html_list(_items(run, 1)))
        elif one.kind == "cell":
            add("table", f'<figure class="wp-block-table">{_html_table(run)}</figure>')
        elif one.kind == "heading":
            add("heading", f"<h{one.level}>{_markup(one)}</h{one.level}>")
        elif one.kind == "quote":
            add("quote", f"<blockquote><p>{_markup(one)}</p></blockquote>")
        elif one.kind == "alt":
            add("image", f'<figure><img src="x.png" alt="{escape(one.runs[0].text)}"/></figure>')
        else:
            add("paragraph", f"<p>{_markup(one)}</p>")
    return "\n\n".join(parts)


def _html_list(items: list[Node]) -> str:
    shown = (
        f"<li>{one['content']}{_html_list(one['items']) if one['items'] else ''}</li>"
        for one in items
    )
    return f"<ul>{''.join(shown)}</ul>"


def _html_table(cells: Sequence[Entry]) -> str:
    rows = [list(row) for _, row in groupby(cells, key=lambda one: one.row)]
    width = max(map(len, rows))
    shown = []
    for row in rows:
        name = "th" if row[0].heads else "td"
        empty = f"<{name}></{name}>" * (width - len(row))
        shown.append(f"<tr>{empty}{''.join(f'<{name}>{_markup(c)}</{name}>' for c in row)}</tr>")
    return f"<table>{''.join(shown)}</table>"
