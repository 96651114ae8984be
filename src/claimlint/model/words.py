"""The one division of prose into words that packs are compiled with and drafts are matched by."""

from __future__ import annotations

import re
from itertools import accumulate, groupby
from typing import NamedTuple

# A word keeps its apostrophe ("isn't"); a hyphen inside a word divides it without leaving a token, so
# that "long-lasting" and "long lasting" are the same two words. A dash that stands free, and every
# other visible sign, is a token of its own.
_TOKEN = re.compile(r"([^\W_]+(?:'[^\W\d_]+)*|-{2,}|(?<!\w)-|[^\w\s-])")
# The same for ASCII in lower case, which most blocks are, and faster.
_ASCII_TOKEN = re.compile(r"([a-z0-9]+(?:'[a-z]+)*|-{2,}|(?<![a-z0-9_])-|[^\w\s-])")
# Kana, Han and Hangul are divided into characters, since their words carry particles that no space
# divides. (As a class of a regular expression these ranges take milliseconds to compile.)
_FIRST_SYLLABIC, _LAST_SYLLABIC = "\u3040", "\ud7a3"


class Words(NamedTuple):
    """The tokens of a text in lower case and the index at which each begins."""

    tokens: list[str]
    indexes: list[int]

    def end(self, number: int) -> int:
        """The index just behind token `number`."""
        return self.indexes[number] + len(self.tokens[number])


def lowered(text: str) -> str:
    """Lower case of the same length as `text`, so that indexes hold (U+0130 grows in str.lower)."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


def words(text: str) -> Words:
    """Divide prose into words; plain quotes and spaces are expected (see `TextMap`)."""
    plain = text.isascii()
    parts = (_ASCII_TOKEN if plain else _TOKEN).split(lowered(text))
    begins = list(accumulate(map(len, parts), initial=0))
    tokens, indexes = parts[1::2], begins[1:-1:2]
    if plain or not any(map(_is_syllabic, tokens)):
        return Words(tokens, indexes)
    return _by_character(tokens, indexes)


def _is_syllabic(token: str) -> bool:
    return not token.isascii() and any(map(_in_range, token))


def _by_character(tokens: list[str], indexes: list[int]) -> Words:
    """Part the syllabic characters of every token from one another and from their neighbours."""
    found: list[str] = []
    begins: list[int] = []
    for token, index in zip(tokens, indexes, strict=True):
        at = index
        for syllabic, signs in groupby(token, _in_range):
            run = "".join(signs)
            found += run if syllabic else [run]
            begins += range(at, at + len(run)) if syllabic else [at]
            at += len(run)
    return Words(found, begins)


def _in_range(sign: str) -> bool:
    return _FIRST_SYLLABIC <= sign <= _LAST_SYLLABIC
