"""A page made ready for judging, and the tools that a ruleset gives for it."""

from __future__ import annotations

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
from claimlint.model.document import Block, Document
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


_ADDRESSES = ("http://", "https://", "www.")  # the beginnings of what readers take for an address
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


def _without_addresses(block: Block) -> str:
    """The prose with a line in place of every address, as long as it: what stands in one is not said."""
    text = block.map.text
    parts, last = [], 0
    for start, end, _ in block.links:
        if start >= last and text.startswith(_ADDRESSES, start) and " " not in text[start:end]:
            parts += [text[last:start], "_" * (end - start)]
            last = end
    return "".join((*parts, text[last:])) if parts else text


def make_page(document: Document, matcher: Matcher) -> Page:
    """Divide a document into sentences and words, and look every word up, once."""
    statements = []
    for block, source in enumerate(document.blocks):
        ranges = sentence_ranges(source.map.text)
        text = _without_addresses(source)
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
