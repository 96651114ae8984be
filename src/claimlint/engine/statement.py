"""Sentences with their words and hits, and what the whole page is about: the engine's working values."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from typing import NamedTuple

import msgspec

from claimlint.engine.match import Hit, Hits, Matcher
from claimlint.model.document import Block, Document
from claimlint.model.rule import Subject
from claimlint.model.words import word_indexes, words

QUOTE = '"'  # the only quotation mark of the tokens: prose has its signs made plain


class Acting(NamedTuple):
    """A term that can be said to act: its class, and the subject that it makes."""

    hit: Hit
    label: str
    kind: Subject


class Statement:
    """One sentence of a block: its prose indexes, its tokens, and what was found in them.

    Hits are numbered by the sentence's own tokens. Where a token stands in the prose is worked out
    when it is first asked for, since most sentences have nothing to show.
    """

    __slots__ = ("_indexes", "acting", "block", "end", "hits", "number", "start", "text", "tokens")

    def __init__(self, block: int, number: int, text: str, start: int, end: int) -> None:
        """Take sentence `number` of a block whose whole prose is `text`."""
        self.block = block
        self.number = number
        self.text = text
        self.start = start
        self.end = end
        self.tokens = words(text[start:end])
        self.hits: Hits = {}
        self.acting: list[Acting] | None = None  # filled in by `Actors`
        self._indexes: list[int] | None = None

    @property
    def terms(self) -> list[Hit]:
        """The lexicon terms, by start."""
        return self.hits.get("term", [])

    @property
    def question(self) -> bool:
        """Whether the sentence asks."""
        return self.text[self.end - 1] in "?？"

    @property
    def indexes(self) -> list[int]:
        """The prose index at which each token begins."""
        if self._indexes is None:
            start = self.start
            self._indexes = [start + at for at in word_indexes(self.text[start : self.end])]
        return self._indexes

    def place(self, first: int, last: int) -> tuple[int, int]:
        """The prose indexes of the tokens first..last (end exclusive)."""
        return self.indexes[first], self.indexes[last - 1] + len(self.tokens[last - 1])

    def said(self, first: int, last: int) -> str:
        """The tokens first..last (end exclusive) as they stand in the prose."""
        start, end = self.place(first, last)
        return self.text[start:end]

    def called(self, term: int | None, at: int) -> str:
        """The words for a term that stand next before a token, else behind it; empty without any."""
        named = [hit for hit in self.terms if hit.wording.number == term]
        if not named:
            return ""
        before = [hit for hit in named if hit.end <= at]
        hit = before[-1] if before else named[0]
        return self.said(hit.start, hit.end)

    def shields(self, rule: int, first: int, last: int) -> bool:
        """Whether the tokens first..last stand inside a phrase that the rule says is none of its hits."""
        return any(
            hit.wording.number == rule and hit.start <= first and last <= hit.end
            for hit in self.hits.get("shield", ())
        )

    def written(self, token: int) -> str:
        """A token as it stands in the prose, with its capitals."""
        # The first is told without working out where the others stand.
        if token == 0 and self.text[self.start].isalnum():
            return self.text[self.start : self.start + len(self.tokens[0])]
        return self.said(token, token + 1)

    def covering(self, start: int, end: int) -> tuple[int, int]:
        """The tokens that cover the prose indexes start..end."""
        first = max(0, bisect_right(self.indexes, start) - 1)
        return first, max(first + 1, bisect_left(self.indexes, end))


class Topic(msgspec.Struct, frozen=True):
    """The treatments that a page is about: term numbers, most prominent first, and their classes.

    `words` are those by which the page calls the first, empty without one. `of_others`: surgery, the body
    or the like was named last, so that "it" stands for nothing on offer.
    """

    terms: tuple[int, ...]
    classes: frozenset[str]
    words: str
    of_others: bool = False


NO_TOPIC = Topic((), frozenset(), "")
OF_OTHERS = Topic((), frozenset(), "", of_others=True)


# A page without a title that names a treatment is about one when it is named so often at least.
_SENTENCES_PER_MENTION = 15
_PROSE = frozenset(["heading", "paragraph", "item", "cell", "quote"])


def find_topic(document: Document, statements: list[list[Statement]], matcher: Matcher) -> Topic:
    """The treatments named in a title or heading; without one, that which most mentions are of.

    A page that speaks of several treatments in turn is about none of them, and a long one that names a
    treatment in passing is not about it. What a treatment is made of, an ingredient, is the topic where
    a title names it and no treatment, or where no treatment is named at all and the ingredient more than
    once: a leaflet may well mention yogurt.
    """
    kinds = [("treatment" in names, "ingredient" in names) for names in matcher.class_sets]
    # The mentions of treatments, then those of ingredients.
    counts: tuple[Counter[int], Counter[int]] = (Counter(), Counter())
    titled: tuple[Counter[int], Counter[int]] = (Counter(), Counter())
    first: dict[tuple[int, bool], tuple[Statement, Hit]] = {}
    length = 0
    for block, said in zip(document.blocks, statements, strict=True):
        if block.zone not in ("content", "header"):
            continue
        prominent = _is_title(block)
        length += len(said) if block.kind in _PROSE else 0
        for statement in said:
            for hit in statement.terms:
                number = hit.wording.number
                treats, ingredient = kinds[matcher.class_of[number]]
                if treats:
                    counts[ingredient][number] += 1
                    first.setdefault((number, prominent), (statement, hit))
                    if prominent:
                        titled[ingredient][number] += 1
    named = titled[0] or titled[1]
    mentions = counts[0] or Counter({t: count for t, count in counts[1].items() if count > 1})
    chosen = list(named) or [
        term
        for term, count in mentions.items()
        if 2 * count >= mentions.total() and count * _SENTENCES_PER_MENTION >= length
    ]
    chosen.sort(key=lambda term: (-named[term], -(counts[0][term] + counts[1][term]), term))
    classes = frozenset[str]().union(*(matcher.classes(term) for term in chosen))
    if not chosen:
        return NO_TOPIC
    place = (chosen[0], True)
    statement, hit = first[place] if place in first else first[chosen[0], False]
    return Topic(tuple(chosen), classes, statement.said(hit.start, hit.end))


def _is_title(block: Block) -> bool:
    if block.kind == "metadata":
        return "title" in (block.key or "")
    return block.kind == "heading"
