"""A page made ready for judging, and the tools that a ruleset gives for it."""

from __future__ import annotations

import re

import msgspec

from claimlint.engine.claims import Framer
from claimlint.engine.evidence import EvidenceIndex
from claimlint.engine.match import Matcher
from claimlint.engine.names import Names
from claimlint.engine.network import Network
from claimlint.engine.patterns import Patterns
from claimlint.engine.readability import TokenCounts
from claimlint.engine.sentences import sentence_ranges
from claimlint.engine.statement import Statement, Topic, find_topic
from claimlint.engine.syllables import WordTable
from claimlint.engine.weigh import Weigher
from claimlint.model.document import Document
from claimlint.model.ruleset import Ruleset


class Tools(msgspec.Struct, frozen=True):
    """A ruleset made ready; serves any number of pages.

    `unless` are, by rule number, the modalities that silence the rule.
    """

    ruleset: Ruleset
    matcher: Matcher
    framer: Framer
    patterns: Patterns
    weigher: Weigher
    counts: TokenCounts
    target_grade: float
    unless: tuple[frozenset[str], ...]


def make_tools(
    ruleset: Ruleset, table: WordTable, target_grade: float, network: Network | None
) -> Tools:
    """Prepare what every page needs of a ruleset."""
    matcher, names = Matcher(ruleset), Names(table)
    return Tools(
        ruleset,
        matcher,
        Framer(ruleset, matcher, names),
        Patterns(ruleset),
        Weigher(matcher, names, network),
        TokenCounts(table),
        target_grade,
        tuple(frozenset(getattr(rule, "unless", ())) for rule in ruleset.rules),
    )


_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"]{1,2000}", re.IGNORECASE)
_FOLLOWING = 3  # sentences, and blocks that are looked at for them
_RUNNING = frozenset(["heading", "paragraph", "quote"])


class Page(msgspec.Struct, frozen=True):
    """A document with the statements of each of its blocks, its topic and its citations."""

    document: Document
    statements: list[list[Statement]]
    topic: Topic
    evidence: EvidenceIndex

    def following(self, statement: Statement) -> list[Statement]:
        """The next sentences of running text behind one, three at most.

        Those of its block come first, then those of the paragraph behind it: nothing stands between but a
        picture, and neither a list, a table nor a footnote is entered.
        """
        block = statement.block
        found = self.statements[block][statement.number + 1 : statement.number + 1 + _FOLLOWING]
        here = self.document.blocks[block]
        if here.kind not in _RUNNING:
            return found
        for number in range(block + 1, min(len(self.statements), block + 1 + _FOLLOWING)):
            there = self.document.blocks[number]
            if there.kind == "alt":
                continue
            if there.kind != "paragraph" or (there.zone, there.note) != (here.zone, here.note):
                break
            found += self.statements[number][: _FOLLOWING - len(found)]
        return found


def without_addresses(text: str) -> str:
    """The text with a line in place of every address, as long as it: what stands in one is not said."""
    return _ADDRESS.sub(lambda found: "_" * len(found[0]), text)


def make_page(document: Document, matcher: Matcher) -> Page:
    """Divide a document into sentences and words, and look every word up, once."""
    statements = []
    for block, source in enumerate(document.blocks):
        text = source.map.text
        ranges = sentence_ranges(text)
        if "://" in text or "www." in text.lower():
            text = without_addresses(text)
        said = [
            Statement(block, number, text, start, end) for number, (start, end) in enumerate(ranges)
        ]
        for statement in said:
            statement.hits = matcher.hits(statement.tokens)
        statements.append(said)
    topic = find_topic(document, statements, matcher)
    return Page(document, statements, topic, EvidenceIndex(document))


def treatment_classes(tools: Tools, page: Page, statement: Statement) -> frozenset[str]:
    """The classes of the treatment named in a sentence, else of the page's topic."""
    classes = tools.matcher.classes
    for hit, label, _ in tools.framer.actors.subjects(statement):
        if label == "treatment":
            return classes(hit.wording.number)
    return classes(page.topic.terms[0]) if page.topic.terms else frozenset()
