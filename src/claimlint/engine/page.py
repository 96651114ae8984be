"""A page made ready for judging, and the tools that a ruleset gives for it."""

from __future__ import annotations

from typing import NamedTuple

from claimlint.engine.claims import Framer
from claimlint.engine.evidence import EvidenceIndex
from claimlint.engine.match import Hit, Matcher
from claimlint.engine.patterns import Patterns
from claimlint.engine.readability import TokenCounts
from claimlint.engine.sentences import sentence_ranges
from claimlint.engine.statement import Topic, find_topic
from claimlint.model.document import Document
from claimlint.model.rule import Ruleset
from claimlint.model.words import Words, words


class Tools(NamedTuple):
    """A ruleset made ready; serves any number of pages."""

    ruleset: Ruleset
    matcher: Matcher
    framer: Framer
    patterns: Patterns
    counts: TokenCounts
    target_grade: float


class Page(NamedTuple):
    """A document with, for each of its blocks, its words, its hits and the ranges of its sentences."""

    document: Document
    words: list[Words]
    hits: list[list[Hit]]
    ranges: list[list[tuple[int, int]]]
    topic: Topic
    evidence: EvidenceIndex


def make_page(document: Document, matcher: Matcher) -> Page:
    """Divide a document into words and sentences and look every word up, once."""
    found = [words(block.text) for block in document.blocks]
    hits = [matcher.hits(tokens.tokens) for tokens in found]
    ranges = [sentence_ranges(block.text) for block in document.blocks]
    topic = find_topic(document, hits, matcher)
    return Page(document, found, hits, ranges, topic, EvidenceIndex(document))
