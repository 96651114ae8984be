"""Whether a document is in a language that the rules know."""

from __future__ import annotations

from collections.abc import Sequence

from claimlint.engine.statement import Statement
from claimlint.model.document import Block

_ENGLISH = frozenset(
    ["the", "of", "and", "to", "in", "a", "is", "that", "for", "it", "as", "was", "with", "be", "by",
     "on", "not", "he", "this", "are", "or", "his", "from", "at", "which", "but", "have", "an", "had",
     "they", "you", "were", "their", "one", "all", "we", "can", "has", "there", "been", "if", "more",
     "when", "will", "would", "who", "so", "no", "our", "your", "may", "these", "than", "other", "do",
     "does", "also", "how", "what", "about", "us", "me", "my", "i"]
)  # fmt: skip
# Tokens that are no words.
_SIGNS = frozenset([*"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~—–•…·®™°“”‘’«»¿¡€£→✓✔★", "--"])
# Running English has 25-50 % of these words, lists of products a tenth; other languages share a few of
# them by chance. A short text without any may still be an English headline.
_SHARE = 0.06
_ENOUGH_WORDS = 40


def language_of(
    statements: Sequence[Sequence[Statement]], blocks: Sequence[Block]
) -> tuple[str, int]:
    """The language ("en", "ko" or "und") and the number of words of a document."""
    tokens = [
        token
        for said, block in zip(statements, blocks, strict=True)
        if block.zone not in ("nav", "hidden")
        for statement in said
        for token in statement.tokens
    ]
    count = len(tokens) - sum(map(_SIGNS.__contains__, tokens))
    english = sum(map(_ENGLISH.__contains__, tokens))
    if english and english >= _SHARE * count:
        return "en", count
    if sum("\uac00" <= token <= "\ud7a3" for token in tokens) * 2 > count:
        return "ko", count
    return ("en" if count < _ENOUGH_WORDS else "und"), count
