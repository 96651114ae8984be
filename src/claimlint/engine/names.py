"""Names, mostly of products: nobody can list them, but how they are written tells them."""

from __future__ import annotations

from claimlint.engine.statement import Statement
from claimlint.engine.syllables import WordTable

# Fewer words than the first may all be names; of more the second share at least stands in a dictionary.
_ENOUGH_WORDS, _LEAST_KNOWN = 6, 0.5
REGISTERED = frozenset("®™")
_LEAST_LETTERS = 3
_LONG_LETTERS = 6  # of a name in capitals: shorter ones are mostly abbreviations
# Words that a dictionary of sounds may lack, though they are no names: "Telehealth", "Physiotherapists".
_ORDINARY_ENDINGS = (
    "ist", "ists", "therapy", "therapies", "health", "ics", "ology", "ogen", "ogens", "isation", "ising",
    "ised", "aemia", "ography", "scopy", "ectomy", "ness", "ment", "ments",
)  # fmt: skip
# Behind a name they say that it is no product's.
_BODIES = frozenset(
    ["trust", "foundation", "hospital", "university", "institute", "society", "college", "association",
     "charity", "council", "agency", "scotland", "wales", "england", "ireland"]
)  # fmt: skip
_TITLES = frozenset(["dr", "mr", "mrs", "ms", "prof", "professor", "doctor", "."])


class Names:
    """Tells names by their capitals and by the words that the dictionaries have."""

    def __init__(self, table: WordTable) -> None:
        self._table = table

    def coined(self, statement: Statement) -> set[int]:
        """The tokens of a sentence that are names which no dictionary has."""
        text, start = statement.text, statement.start
        said = text[start : statement.end]
        if said.isupper():
            return set()
        # Most sentences have no capital but their first letter.
        begins = enumerate([start] if said[1:].islower() else statement.indexes)
        capitals = [at for at, begin in begins if text[begin].isupper()]
        return {at for at in capitals if self.is_coined(statement, at)}

    def is_coined(self, statement: Statement, at: int) -> bool:
        """Whether a token is written like a name that no dictionary has: HepaClear, XELANTRA, Bermalin®."""
        word = statement.written(at)
        if len(word) < _LEAST_LETTERS or not word[0].isalpha():
            return False
        if not REGISTERED.isdisjoint(statement.tokens[at + 1 : at + 2]):
            return True
        if word.isupper():
            return len(word) >= _LONG_LETTERS and self._is_unknown(word)
        if any(sign.isupper() for sign in word[1:]):
            return True
        ordinary = at == 0 and word.lower().endswith(_ORDINARY_ENDINGS)
        return word[0].isupper() and not ordinary and self._is_unknown(word)

    def are_words(self, statement: Statement) -> bool:
        """Whether a sentence is made of words: not of codes and keys."""
        told = {at for hit in statement.terms for at in range(hit.start, hit.end)}
        words = [at for at, token in enumerate(statement.tokens) if token[0].isalpha()]
        known = sum(at in told or statement.tokens[at] in self._table for at in words)
        return len(words) < _ENOUGH_WORDS or known >= _LEAST_KNOWN * len(words)

    def is_product(self, statement: Statement, at: int) -> bool:
        """Whether a token that acts names something for sale: coined, or with a capital in the sentence."""
        word = statement.written(at)
        if word.isupper():
            return self.is_coined(statement, at)
        if any(sign.isupper() or sign.isdigit() for sign in word[1:]):
            return word[0].isalpha()
        if at == 0:
            return self.is_coined(statement, at)
        tokens = statement.tokens
        return word[0].isupper() and tokens[at] not in _BODIES and tokens[at - 1] not in _TITLES

    def _is_unknown(self, word: str) -> bool:
        return word.lower().removesuffix("'s") not in self._table
