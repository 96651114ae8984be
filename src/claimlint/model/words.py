"""The one division of prose into words that packs are compiled with and drafts are matched by."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from claimlint.expressions import compiled

# A word keeps its apostrophe ("isn't"); a hyphen inside a word divides it without leaving a token, so
# that "long-lasting" and "long lasting" are the same two words. A dash that stands free, and every
# other visible sign, is a token of its own.
_TOKEN = compiled(r"[^\W_]+(?:'[^\W\d_]+)*|-{2,}|(?<!\w)-|[^\w\s-]")
# The same for ASCII in lower case, which most blocks are, and faster.
_ASCII_TOKEN = compiled(r"[a-z0-9]+(?:'[a-z]+)*|-{2,}|(?<![a-z0-9_])-|[^\w\s-]")
_LAST_LATIN = "\u024f"  # Latin Extended-B ends here
# Kana, Han and Hangul are divided into characters, since their words carry particles that no space
# divides. (As a class of a regular expression these ranges take milliseconds to compile.)
_FIRST_SYLLABIC, _LAST_SYLLABIC = "\u3040", "\ud7a3"


# One sign for all that people type or paste: apostrophes, quotation marks, hyphens.
PLAIN_SIGNS = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u02b9\u02bb\u00b4\uff40", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
    **dict.fromkeys("\u2010\u2011", "-"),
}
# Each contraction with the word that it holds beside a "not"; many write them without the apostrophe.
_FULL = {
    "ain't": "is", "aren't": "are", "can't": "can", "couldn't": "could", "didn't": "did",
    "doesn't": "does", "don't": "do", "hadn't": "had", "hasn't": "has", "haven't": "have",
    "isn't": "is", "mightn't": "might", "mustn't": "must", "needn't": "need", "shouldn't": "should",
    "wasn't": "was", "weren't": "were", "won't": "will", "wouldn't": "would",
}  # fmt: skip
NEGATED = _FULL | {word.replace("'", ""): held for word, held in _FULL.items()} | {"cannot": "can"}


def words(text: str) -> list[str]:
    """The tokens of prose in lower case; plain quotes and spaces are expected (see `TextMap`)."""
    if text.isascii():
        return _ASCII_TOKEN.findall(text.lower())
    tokens = _TOKEN.findall(lowered(text))
    if any(map(is_syllabic, tokens)):
        return [part for token in tokens for part, _ in _parted(token, 0)]
    return tokens


def word_indexes(text: str) -> list[int]:
    """The index at which each token of `words` begins."""
    if text.isascii():
        return [found.start() for found in _ASCII_TOKEN.finditer(text.lower())]
    return [
        index
        for found in _TOKEN.finditer(lowered(text))
        for _, index in _parted(found.group(), found.start())
    ]


def lowered(text: str) -> str:
    """Lower case of the same length as `text`, so that indexes hold (U+0130 grows in str.lower)."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


def is_strange(token: str) -> bool:
    """Whether a word is written in letters beyond the Latin ones."""
    return max(token) > _LAST_LATIN


def is_syllabic(token: str) -> bool:
    """Whether a token is of a script that is divided into characters, or holds one of its signs."""
    return not token.isascii() and any(map(_in_range, token))


def _in_range(sign: str) -> bool:
    return _FIRST_SYLLABIC <= sign <= _LAST_SYLLABIC


def _parted(token: str, index: int) -> Iterator[tuple[str, int]]:
    """Part the syllabic characters of a token from one another and from their neighbours."""
    for syllabic, signs in groupby(token, _in_range):
        run = "".join(signs)
        if syllabic:
            yield from zip(run, range(index, index + len(run)), strict=True)
        else:
            yield run, index
        index += len(run)
