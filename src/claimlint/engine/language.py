"""Whether a document is in a language that the rules know."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from claimlint.engine.statement import Statement
from claimlint.model.document import Block
from claimlint.model.words import is_strange, is_syllabic

# Function words that other languages written in these letters do not share.
_ENGLISH = frozenset(
    ["the", "and", "that", "for", "it", "with", "by", "not", "this", "are", "from", "at", "which",
     "but", "have", "they", "you", "were", "their", "can", "has", "been", "more", "when", "would",
     "who", "our", "your", "these", "than", "other", "does", "how", "what", "about", "to",
     "every", "each", "its", "them", "there", "any", "my", "she", "his", "her", "should", "could", "after",
     "before", "without", "because"]
)  # fmt: skip
# Tokens that are no words.
_SIGNS = frozenset([*"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~—–•…·®™°“”‘’«»¿¡€£→✓✔★", "--"])
# Running English has 20-35 % of these words, lists of products a tenth; other languages share a few of
# them by chance.
_SHARE = 0.06
# A text of fewer words may be a headline without any; a list of products may be, too. Then the words that
# the rules know must show it (one in four: endings such as "-itis" are at home in many languages).
_TOO_FEW_TO_TELL = 6
_KNOWN = 0.25
# Function words of the languages that neighbours of English-speaking clinics speak, none of them English.
_FOREIGN = frozenset(
    ["el", "la", "las", "los", "del", "una", "que", "para", "con", "por", "sin", "su", "sus", "y", "es",
     "nuestra", "nuestras", "nuestro", "nuestros", "como", "más", "le", "les", "des", "une", "est", "pour",
     "avec", "dans", "nos", "notre", "sans", "et", "sont", "der", "das", "und", "ist", "mit", "für",
     "nicht", "ein", "eine", "von", "wir", "unsere", "den", "dem", "il", "gli", "della", "delle", "che",
     "di", "sono", "nostra", "nostre", "senza", "os", "dos", "uma", "com", "não", "nossa", "nossas", "sem",
     "het", "een", "niet", "wij", "onze", "zonder", "zijn", "ang", "ng", "mga", "và", "của", "không",
     "dan", "yang", "untuk", "nie", "jest", "się", "bez", "ve", "bir", "için"]
)  # fmt: skip
_FOREIGN_WORDS = 2  # of a sentence without an English one
_SYLLABLES = 3  # of a word, about
_STRETCH = 12  # words in foreign sentences: fewer are a name or a quotation


class Language(msgspec.Struct, frozen=True):
    """The language of a document ("en", "ko" or "und"), its words, and where it is in another one.

    `foreign` are the numbers of the block and of the sentence with which that begins; None where all of
    the document is in its language.
    """

    name: str
    words: int
    foreign: tuple[int, int] | None = None


def language_of(statements: Sequence[Sequence[Statement]], blocks: Sequence[Block]) -> Language:
    """The language of a document by its sentences."""
    said = [
        statement
        for within, block in zip(statements, blocks, strict=True)
        if block.zone not in ("nav", "hidden")
        for statement in within
    ]
    tokens = [token for statement in said for token in statement.tokens]
    count = len(tokens) - sum(map(_SIGNS.__contains__, tokens))
    spoken = count - sum(map(str.isdecimal, tokens))
    english = sum(map(_ENGLISH.__contains__, tokens))
    foreign = [token for token in tokens if not token.isascii() and token.isalpha()]
    if not (english and english >= _SHARE * spoken):
        if 2 * sum("\uac00" <= token <= "\ud7a3" for token in foreign) > count:
            return Language("ko", count)
        known = sum(len(one.terms) + len(one.hits.get("rule", ())) for one in said)
        told = spoken < _TOO_FEW_TO_TELL or known >= _KNOWN * spoken
        if not told or 2 * len(foreign) > count or any(map(_is_foreign, said)):
            return Language("und", count)
    others = [statement for statement in said if _is_foreign(statement)]
    if sum(map(_length, others)) < _STRETCH:
        return Language("en", count)
    return Language("en", count, (others[0].block, others[0].number))


def _is_foreign(statement: Statement) -> bool:
    """Whether a sentence is in another language, by its function words or its script."""
    tokens = statement.tokens
    if not _ENGLISH.isdisjoint(tokens):
        return False
    if not statement.text.isascii():
        strange = sum(is_strange(token) for token in tokens if token.isalpha())
        if 2 * strange > len(tokens):
            return True
    return sum(map(_FOREIGN.__contains__, tokens)) >= _FOREIGN_WORDS


def _length(statement: Statement) -> float:
    """The words of a sentence; of scripts that are divided into characters three make one."""
    syllables = sum(is_syllabic(token) for token in statement.tokens)
    return len(statement.tokens) - syllables + syllables / _SYLLABLES
