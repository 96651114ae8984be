"""Whether a text can hold reference marks or an editor's brackets at all.

Most hold none, and the patterns of marks (`superscripts`) take time to load.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from claimlint.model.document import Link

FIGURES = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
_LONGEST_LINKED = 5  # "[123]"
_LONGEST_NUMBER = 3


def may_hold_marks(text: str, links: Sequence[Link] = ()) -> bool:
    """Whether a text has raised figures at all, links that are numbers, or a letter in brackets."""
    if not text.isascii() and any(map(text.__contains__, FIGURES)):
        return True
    if any(is_number(text, link) for link in links):
        return True
    return "[" in text and any(True for _ in bracketed_letters(text))


def bracketed_letters(text: str) -> Iterator[int]:
    """Where an editor changed the first letter of a word: "[S]upports" is the word "Supports"."""
    at = text.find("[")
    while at >= 0:
        letter, behind = text[at + 1 : at + 2], text[at + 3 : at + 4]
        if letter.isalpha() and text[at + 2 : at + 3] == "]" and behind.islower():
            yield at
        at = text.find("[", at + 1)


def is_number(text: str, link: Link) -> bool:
    """Whether the words of a link are a number, in brackets or not."""
    start, end, address = link
    if end - start > _LONGEST_LINKED or address.startswith("tel:"):
        return False
    number = text[start:end].removeprefix("[").removeprefix("(")
    number = number.removesuffix("]").removesuffix(")")
    return number.isdecimal() and len(number) <= _LONGEST_NUMBER
