"""Whether a text can hold reference marks at all.

Most hold none, and the patterns of marks (`superscripts`) take time to load.
"""

from __future__ import annotations

from collections.abc import Sequence

from claimlint.model.document import Link

FIGURES = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
_LONGEST_LINKED = 5  # "[123]"
_LONGEST_NUMBER = 3


def may_hold_marks(text: str, links: Sequence[Link] = ()) -> bool:
    """Whether a text has raised figures at all, or links that are numbers."""
    if not text.isascii() and any(map(text.__contains__, FIGURES)):
        return True
    return any(is_number(text, link) for link in links)


def is_number(text: str, link: Link) -> bool:
    """Whether the words of a link are a number, in brackets or not."""
    start, end, address = link
    if end - start > _LONGEST_LINKED or address.startswith("tel:"):
        return False
    number = text[start:end].removeprefix("[").removeprefix("(")
    number = number.removesuffix("]").removesuffix(")")
    return number.isdecimal() and len(number) <= _LONGEST_NUMBER
