"""Sentences with their words and hits, and what the whole page is about: the engine's working values."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from claimlint.engine.match import Hit, Matcher
from claimlint.model.document import Block, Document
from claimlint.model.words import Words

# A clause ends at these, whatever follows.
_HARD = frozenset(
    [";", ":", "—", "–", "--", "-", "(", ")", "|", "•", "?", "!", "but", "yet", "however", "although",
     "though", "whereas", "while", "because"]
)  # fmt: skip
# A comma ends a clause when a new subject follows; in a list it does not.
_STARTERS = frozenset(
    ["it", "this", "these", "they", "that", "we", "our", "you", "your", "he", "she", "the", "a", "an",
     "i", "my", "so", "which", "who", "there", "patients", "people", "many", "most", "some", "in", "with",
     "by", "at", "on"]
)  # fmt: skip


class Statement(NamedTuple):
    """One sentence of a block: its prose indexes, its token numbers and the hits inside.

    `text` is the prose of the whole block.
    """

    block: int
    text: str
    start: int
    end: int
    words: Words
    first: int
    last: int
    hits: list[Hit]
    question: bool


class Topic(NamedTuple):
    """The treatments that a page is about: term numbers, most prominent first, and their classes."""

    terms: tuple[int, ...]
    classes: frozenset[str]


NO_TOPIC = Topic((), frozenset())


class Boundaries(NamedTuple):
    """Token numbers at which clauses end: `hard` always, `soft` for what is bound to its clause."""

    hard: tuple[int, ...]
    soft: tuple[int, ...]

    def between(self, start: int, end: int, *, soft: bool) -> bool:
        """Whether a clause ends at a token in start..end."""
        return any(start <= at < end for at in (self.soft if soft else self.hard))


def boundaries(statement: Statement, subjects: frozenset[int]) -> Boundaries:
    """Where the clauses of a sentence end; `subjects` are tokens at which a subject term begins."""
    tokens = statement.words.tokens
    hard = []
    soft = []
    for at in range(statement.first, statement.last):
        token = tokens[at]
        if token in _HARD:
            hard.append(at)
            soft.append(at)
        elif token == ",":  # noqa: S105  (a token of prose)
            after = at + 1
            if after < statement.last and tokens[after] in ("and", "or"):
                after += 1
            if after < statement.last and (tokens[after] in _STARTERS or after in subjects):
                soft.append(at)
    return Boundaries(tuple(hard), tuple(soft))


def find_topic(document: Document, hits: list[list[Hit]], matcher: Matcher) -> Topic:
    """The treatments named in a title or heading; without one, that which most mentions are of.

    A page that speaks of several treatments in turn is about none of them.
    """
    class_of = matcher.class_of
    treats = ["treatment" in classes for classes in matcher.class_sets]
    counts: Counter[int] = Counter()
    titled: Counter[int] = Counter()
    for block, found in zip(document.blocks, hits, strict=True):
        if not found or block.zone not in ("content", "header"):
            continue
        prominent = _is_title(block)
        for hit in found:
            wording = hit.wording
            if wording.kind == "term" and treats[class_of[wording.number]]:
                counts[wording.number] += 1
                titled[wording.number] += prominent
    chosen = [term for term in counts if titled[term]]
    if not chosen:
        chosen = [term for term, count in counts.items() if 2 * count >= counts.total()]
    chosen.sort(key=lambda term: (-titled[term], -counts[term], term))
    classes = frozenset[str]().union(*(matcher.classes(term) for term in chosen))
    return Topic(tuple(chosen), classes)


def _is_title(block: Block) -> bool:
    if block.kind == "metadata":
        return "title" in (block.key or "")
    return block.kind == "heading"
