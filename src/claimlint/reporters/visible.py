"""Make foreign text safe on a terminal: a draft must never steer the reader's screen."""

from __future__ import annotations

import re
import unicodedata

from claimlint.expressions import compiled

# What is shown as an escape: control characters (escape sequences begin with one), line
# separators, bidirectional controls (they reorder what is read), invisible characters and lone
# surrogates. Tab and line feed are the caller's to lay out; zero-width (non-)joiners belong to
# emoji and scripts.
_HIDDEN = (
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e"
    r"\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_BREAKS = compiled(r"\s*[\n\r\t]\s*")
TAB_CELLS = 4
_NEAR = 14


def visible(text: str) -> str:
    r"""Show control and invisible characters as escapes (`\x1b`, `\u202e`)."""
    if text.isprintable():
        return text
    return compiled(_HIDDEN).sub(_escaped, text)  # compiled when first needed: it takes a while


def one_line(text: str) -> str:
    """Show a text on one line: line breaks and tabs as a space, hidden characters as escapes."""
    return visible(_BREAKS.sub(" ", text))


def shortened(text: str, limit: int) -> str:
    """Cut a text in its middle to at most `limit` code points, at spaces where there are any near."""
    if len(text) <= limit:
        return text
    tail = limit // 3
    begin, end = text[: limit - tail - 2], text[-tail:]
    space = begin.rfind(" ")
    if space > len(begin) - _NEAR:
        begin = begin[:space]
    space = end.find(" ", 0, _NEAR)
    return f"{begin.rstrip()} … {end[space + 1 :].lstrip()}"


def cells(character: str) -> int:
    """The columns that a character takes on a terminal (Unicode Standard Annex 11)."""
    if " " <= character <= "~":
        return 1
    if character == "\t":
        return TAB_CELLS
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
