"""What concerns the document as a whole: disclosures, readability, metadata, faults of citations."""

from __future__ import annotations

from collections.abc import Iterator

from claimlint.engine import disclosures as due
from claimlint.engine import settle
from claimlint.engine.page import Page, Tools
from claimlint.engine.readability import measure
from claimlint.engine.settle import Candidate
from claimlint.model.document import Block
from claimlint.model.report import Citation, Disclosure, Finding, Readability, Sentence
from claimlint.model.rule import EvidenceRule, MetadataRule, ReadabilityRule, RequireRule, Rule
from claimlint.model.text import Span

_READ_KINDS = frozenset(["heading", "paragraph", "item", "quote", "cell"])


class Whole:
    """Judges one page as a whole."""

    def __init__(self, tools: Tools, page: Page) -> None:
        self._tools = tools
        self._page = page
        self._document = page.document
        self._ruleset = tools.ruleset

    def readability(self) -> Readability | None:
        sentences = []
        for block, ranges in zip(self._document.blocks, self._page.ranges, strict=True):
            if block.zone == "content" and block.kind in _READ_KINDS and block.note is None:
                for start, end in ranges:
                    span = block.map.span(start, end)
                    sentences.append((block.text[start:end], span.start, span.end))
        return measure(sentences, self._tools.counts, self._tools.target_grade)

    def disclosures(self, candidates: list[Candidate]) -> list[due.Judged]:
        claims: dict[str, due.Words] = {}
        for candidate in sorted(candidates, key=lambda c: (c.block, c.start)):
            category = self._ruleset.rules[candidate.rule].category
            if category not in claims:
                indexes = self._page.words[candidate.block].indexes
                first = indexes.index(candidate.start)
                last = sum(index < candidate.end for index in indexes)
                claims[category] = due.Words(candidate.block, first, last)
        return due.judge(
            self._document,
            self._ruleset,
            self._tools.matcher,
            self._page.hits,
            self._page.topic,
            claims,
        )

    def _place(self, at: due.Words) -> tuple[Block, int, int]:
        tokens = self._page.words[at.block]
        block = self._document.blocks[at.block]
        if at.start >= at.end:
            return block, 0, len(block.text)
        return block, tokens.indexes[at.start], tokens.end(at.end - 1)

    def missing(self, judged: list[due.Judged]) -> Iterator[Finding]:
        for one in judged:
            if one.status not in ("missing", "misplaced") or one.at is None:
                continue
            rule = self._ruleset.rules[one.rule]
            assert isinstance(rule, RequireRule)
            block, start, end = self._place(one.at)
            because = (
                "these words make the disclosure necessary and it was not found"
                if one.status == "missing"
                else "the disclosure is there, but not where it counts"
            )
            first, last = next(
                (r for r in self._page.ranges[one.at.block] if r[0] <= start < r[1]), (start, end)
            )
            where = block.map.span(first, last)
            yield settle.document_finding(
                self._document, rule, self._ruleset.markets, block.map.span(start, end),
                block=block, words=(start, end),
                sentence=Sentence(block.text[first:last], where.start, where.end),
                because=because, suggestions=(rule.insert,) if rule.insert else (),
            )  # fmt: skip

    def disclosure(self, one: due.Judged) -> Disclosure:
        rule = self._ruleset.rules[one.rule]
        span = None
        if one.status in ("present", "misplaced") and one.at is not None:
            block, start, end = self._place(one.at)
            span = settle.range_of(self._document.source, block.map.span(start, end))
        return Disclosure(rule=rule.id, title=rule.title, status=one.status, span=span)

    def document_rules(self, readability: Readability | None) -> Iterator[Finding]:
        keys = {key for key, _ in self._document.metadata}
        for rule in self._ruleset.rules:
            if isinstance(rule, MetadataRule) and keys and not keys & set(rule.keys):
                yield settle.document_finding(
                    self._document, rule, self._ruleset.markets, Span(0, 0),
                    because="the front matter has none of: " + ", ".join(rule.keys),
                )  # fmt: skip
            elif isinstance(rule, ReadabilityRule) and readability and readability.hardest:
                if readability.flesch_kincaid_grade > self._tools.target_grade:
                    yield self._too_hard(rule, readability)
            elif isinstance(rule, EvidenceRule) and rule.fault == "malformed":
                yield from self._malformed(rule)

    def _too_hard(self, rule: Rule, readability: Readability) -> Finding:
        hardest = readability.hardest[0]
        span = Span(hardest.start, hardest.end)
        return settle.document_finding(
            self._document, rule, self._ruleset.markets, span,
            block=None, sentence=Sentence(hardest.text, hardest.start, hardest.end),
            because=f"Flesch-Kincaid grade {readability.flesch_kincaid_grade:.1f}, target "
            f"{readability.target_grade:g}; this is the hardest sentence (grade {hardest.grade:.1f})",
        )  # fmt: skip

    def _malformed(self, rule: Rule) -> Iterator[Finding]:
        for hit in self._page.evidence.citations:
            if not hit.well_formed:
                block = self._document.blocks[hit.block]
                yield settle.document_finding(
                    self._document, rule, self._ruleset.markets, block.map.span(hit.start, hit.end),
                    block=block, words=(hit.start, hit.end),
                    because=f"“{hit.value}” cannot be a {hit.kind.upper()}",
                    suggestions=rule.suggest,
                )  # fmt: skip

    def citations(self) -> Iterator[Citation]:
        for hit in self._page.evidence.citations:
            block = self._document.blocks[hit.block]
            span = block.map.span(hit.start, hit.end)
            yield Citation(
                kind=hit.kind,
                value=hit.value,
                well_formed=hit.well_formed,
                grade=hit.grade,
                span=settle.range_of(self._document.source, span),
            )
