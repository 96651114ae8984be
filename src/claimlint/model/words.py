"""The one division of prose into words that packs are compiled with and drafts are matched by."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import NamedTuple

# A word keeps its apostrophe ("isn't"); a hyphen inside a word divides it without leaving a token, so
# that "long-lasting" and "long lasting" are the same two words. A dash that stands free, and every
# other visible sign, is a token of its own. Hangul, kana and Han characters are one token each, since
# their words carry particles that no space divides. \u0300-\u036f are combining accents.
_TOKEN = re.compile(
    r"((?:[^\W\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3_]|[\u0300-\u036f])+"
    r"(?:'[^\W\d_]+)*"
    r"|[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]"
    r"|-{2,}|(?<!\w)-|[^\w\s-])"
)


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
    parts = _TOKEN.split(lowered(text))
    begins = list(accumulate(map(len, parts), initial=0))
    return Words(parts[1::2], begins[1:-1:2])
