"""Front matter of the usual kind, read without the YAML library, which costs more than the rest.

Only what has one reading is taken: lines `key: value` with a plain, quoted or short listed value.
Everything else is left to the strict way; a test compares the two on generated front matter.
"""

from __future__ import annotations

import re

from claimlint.expressions import compiled

# Printable, as far as a class of a regular expression can say it cheaply: one with high ranges takes
# milliseconds to compile, so the few high signs that YAML 1.1 treats apart are looked for before.
_SIGN = r"^\x00-\x1f\x7f-\x9f"
_APART = ("\x85", "\u2028", "\u2029", "\ufeff", "\ufffe", "\uffff")
_INSIDE = rf"(?:(?![:#])[{_SIGN}]|:(?![ \r\n]|\Z)|(?<! )#)"
_ITEM = r"[A-Za-z0-9](?:[A-Za-z0-9 _.-]*[A-Za-z0-9])?"
_LINE = compiled(
    r"(?:(?P<key>[A-Za-z_][A-Za-z0-9_-]{0,63}): +"
    rf"(?:(?P<plain>[A-Za-z0-9]{_INSIDE}*)"
    rf"|\"(?P<double>(?![\\\"])(?:(?![\\\"])[{_SIGN}])*)\" *"
    rf"|'(?P<single>(?:(?!')[{_SIGN}])*)' *"
    rf"|\[(?P<list> *{_ITEM}(?:, *{_ITEM})* *)\] *))?"
    r"(?:\r?\n|\Z)"
)
_ITEMS = compiled(_ITEM)
_NULLS = frozenset(("null", "Null", "NULL"))

Scalars = tuple[tuple[str, str, int, int], ...]


def simple_scalars(text: str) -> Scalars | None:
    """List (key, value, start, end) when all of the text is simple, else None."""
    if not text.isascii() and any(sign in text for sign in _APART):
        return None
    found: list[tuple[str, str, int, int]] = []
    keys: set[str] = set()
    place = 0
    while place < len(text):
        line = _LINE.match(text, place)
        if line is None:
            return None
        place = line.end()
        key = line["key"]
        if key is None:
            continue
        if key in keys:
            return None
        keys.add(key)
        found.extend(_values(key, line))
    return tuple(found)


def _values(key: str, line: re.Match[str]) -> list[tuple[str, str, int, int]]:
    if (plain := line["plain"]) is not None:
        value = plain.rstrip(" ")
        start = line.start("plain")
        return [(key, "" if value in _NULLS else value, start, start + len(value))]
    if line["list"] is not None:
        items = _ITEMS.finditer(line.string, *line.span("list"))
        return [
            (f"{key}[{n}]", "" if i[0] in _NULLS else i[0], *i.span()) for n, i in enumerate(items)
        ]
    group = "double" if line["double"] is not None else "single"
    start, end = line.span(group)
    return [(key, line[group], start - 1, end + 1)]
