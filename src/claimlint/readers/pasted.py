"""What text pasted from other programs brings along."""

from __future__ import annotations

from claimlint.expressions import compiled

# Bullets that word processors leave in pasted text; the last two are those of a symbol font.
BULLETS = (
    "\u2022\u2023\u2043\u204c\u204d\u25aa\u25ab\u25b8\u25ba\u25cf\u25cb\u25e6"
    "\u25a0\u25a1\u27a2\u27a4\uf0b7\uf0a7"
)
_MIDDLE_DOT = "\u00b7"
FOREIGN_BULLETS = frozenset((*BULLETS, _MIDDLE_DOT))
_LONE_DASH = r"(?:\r\n|\n|\r)[ \t>]*-[ \t]*\Z"  # compiled when a draft needs it
_LONGEST_HEADING = 120
_LONGEST_UNDERLINE = 80


def bullet_length(line: str) -> int:
    """Measure the bullet of another program at the start of a line, with the space after it."""
    first = line[:1]
    if first not in FOREIGN_BULLETS:
        return 0
    length = len(line) - len(line[1:].lstrip(" \t\u00a0"))
    return 0 if first == _MIDDLE_DOT and length == 1 else length


def is_false_heading(markup: str) -> bool:
    """Whether a heading is a paragraph above a lone dash, as exports of a CMS leave it."""
    markup = markup.rstrip()
    if not markup.endswith("-"):
        return False
    dash = compiled(_LONE_DASH).search(markup[-_LONGEST_UNDERLINE:])
    if dash is None:
        return False
    above = markup[: dash.start() - len(dash.string)].strip()
    return len(above) > _LONGEST_HEADING or "\n" in above or "\r" in above
