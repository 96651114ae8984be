"""Whether a document is in a language that the rules know."""

from __future__ import annotations

from collections.abc import Sequence

from claimlint.engine.statement import Statement
from claimlint.model.document import Block

# Function words that other languages written in these letters do not share.
_ENGLISH = frozenset(
    ["the", "and", "that", "for", "it", "with", "by", "not", "this", "are", "from", "at", "which",
     "but", "have", "they", "you", "were", "their", "can", "has", "been", "more", "when", "would",
     "who", "our", "your", "these", "than", "other", "does", "how", "what", "about", "to"]
)  # fmt: skip
# Tokens that are no words.
_SIGNS = frozenset([*"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~—–•…·®™°“”‘’«»¿¡€£→✓✔★", "--"])
# Running English has 20-35 % of these words, lists of products a tenth; other languages share a few of
# them by chance.
_SHARE = 0.06
# A text of fewer words may be a headline without any: then the words of the lexicons must show it
# (one in four: endings such as "-itis" are at home in many languages).
_ENOUGH_WORDS = 40
_TOO_FEW_TO_TELL = 6


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
    foreign = [token for token in tokens if not token.isascii() and token.isalpha()]
    if 2 * sum("\uac00" <= token <= "\ud7a3" for token in foreign) > count:
        return "ko", count
    known = sum(len(statement.terms) for said in statements for statement in said)
    short = count < _TOO_FEW_TO_TELL or (count < _ENOUGH_WORDS and 4 * known >= count)
    return ("en" if short and 2 * len(foreign) <= count else "und"), count
