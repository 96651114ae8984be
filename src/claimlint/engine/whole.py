"""What concerns the document as a whole: disclosures, readability, metadata, faults of citations."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

import msgspec

from claimlint.engine import disclosures as due
from claimlint.engine import settle
from claimlint.engine.page import Page, Tools
from claimlint.engine.readability import measure
from claimlint.engine.settle import Candidate, Pointed
from claimlint.engine.statement import Statement
from claimlint.model.report import Citation, Disclosure, Finding, HardSentence, Readability
from claimlint.model.rule import EvidenceRule, MetadataRule, ReadabilityRule, RequireRule, Rule

_READ_KINDS = frozenset(["heading", "paragraph", "item", "quote", "cell"])


class Whole:
    """Judges one page as a whole; `name` is what its findings know the document by."""

    def __init__(self, tools: Tools, page: Page, name: str) -> None:
        self._tools = tools
        self._page = page
        self._name = name
        self._document = page.document
        self._ruleset = tools.ruleset
        self._read: list[Statement] = []  # what was measured
        self._hardest: list[Statement] = []

    def readability(self) -> Readability | None:
        """Measure the prose of the content."""
        self._read = [
            statement
            for block, said in zip(self._document.blocks, self._page.statements, strict=True)
            if block.zone == "content" and block.kind in _READ_KINDS and block.note is None
            for statement in said
        ]
        # Numbered here: where a sentence stands in the source is only asked of the hardest.
        prose = ((s.text[s.start : s.end], number, number) for number, s in enumerate(self._read))
        measured = measure(prose, self._tools.counts, self._tools.target_grade)
        if measured is None:
            return None
        self._hardest = [self._read[sentence.start] for sentence in measured.hardest]
        hardest = tuple(map(self._placed, measured.hardest))
        return msgspec.structs.replace(measured, hardest=hardest)

    def _placed(self, sentence: HardSentence) -> HardSentence:
        said = self._read[sentence.start]
        span = self._document.blocks[said.block].map.span(said.start, said.end)
        return msgspec.structs.replace(sentence, start=span.start, end=span.end)

    def disclosures(self, candidates: list[Candidate]) -> list[due.Judged]:
        """Judge the disclosures; only statements of weight (no notes) make one due.

        Those that others hide count too, or one more rule could lower what is due.
        """
        weighty = [one for one in candidates if one.severity != "note"]
        in_order = (
            sorted(some, key=lambda one: (one.block, one.start))
            for some in (settle.settled(weighty), weighty)
        )
        objected = (
            (self._ruleset.rules[one.rule].category, due.Words(one.block, *one.tokens))
            for some in in_order
            for one in some
        )
        return due.judge(self._tools, self._page, objected)

    def disclosure(self, one: due.Judged) -> Disclosure:
        """A judged disclosure as the report shows it."""
        rule = self._ruleset.rules[one.rule]
        span = None
        if one.status in ("present", "misplaced") and one.at is not None:
            at = self._pointed(one.at)
            place = self._document.blocks[at.block].map.span(at.start, at.end)
            span = settle.range_of(self._document.source, place)
        return Disclosure(rule=rule.id, title=rule.title, status=one.status, span=span)

    def citations(self) -> Iterator[Citation]:
        """The citations as the report shows them."""
        for hit in self._page.evidence.citations:
            span = self._document.blocks[hit.block].map.span(hit.start, hit.end)
            yield Citation(
                kind=hit.kind,
                value=hit.value,
                well_formed=hit.well_formed,
                grade=hit.grade,
                span=settle.range_of(self._document.source, span),
            )

    def findings(
        self, judged: list[due.Judged], readability: Readability | None
    ) -> Iterator[Finding]:
        """Everything that is wrong with the document as a whole."""
        for one in judged:
            if one.status in ("missing", "misplaced") and one.at is not None:
                yield self._missing(one, one.at)
        # Only Markdown has front matter; a page's meta elements and Word's properties are no such thing.
        told = self._document.metadata if self._document.format == "markdown" else ()
        keys = {key for key, _ in told}
        for rule in self._ruleset.rules:
            if isinstance(rule, MetadataRule) and keys and not keys & set(rule.keys):
                wanted = ", ".join(rule.keys)
                yield self._finding(rule, None, f"the front matter has none of: {wanted}")
            elif isinstance(rule, ReadabilityRule) and readability is not None:
                yield from self._too_hard(rule, readability)
            elif isinstance(rule, EvidenceRule) and rule.fault == "malformed":
                yield from self._malformed(rule)

    def _missing(self, one: due.Judged, at: due.Words) -> Finding:
        rule = self._ruleset.rules[one.rule]
        assert isinstance(rule, RequireRule)
        because = (
            "these words make the disclosure necessary and it was not found"
            if one.status == "missing"
            else "the disclosure is there, but not where it counts"
        )
        insert = (rule.insert,) if rule.insert else ()
        return self._finding(rule, self._pointed(at), because, insert)

    def _too_hard(self, rule: Rule, readability: Readability) -> Iterator[Finding]:
        if not readability.hardest or readability.flesch_kincaid_grade <= self._tools.target_grade:
            return
        hardest = readability.hardest[0]
        because = (
            f"Flesch-Kincaid grade {readability.flesch_kincaid_grade:.1f}, target "
            f"{readability.target_grade:g}; this is the hardest sentence (grade {hardest.grade:.1f})"
        )
        at = self._hardest[0]
        yield self._finding(rule, self._within(at.block, at.start, at.end), because)

    def _malformed(self, rule: Rule) -> Iterator[Finding]:
        for hit in self._page.evidence.citations:
            if not hit.well_formed:
                at = self._within(hit.block, hit.start, hit.end)
                because = f"“{hit.value}” cannot be a {hit.kind.upper()}"
                yield self._finding(rule, at, because, rule.suggest)

    def _finding(
        self, rule: Rule, at: Pointed | None, because: str, suggestions: tuple[str, ...] = ()
    ) -> Finding:
        markets = self._ruleset.markets
        return settle.document_finding(
            self._document, self._name, rule, markets, at, because, suggestions
        )

    def _pointed(self, at: due.Words) -> Pointed:
        """Words by their tokens; no token at all stands for the whole block."""
        if at.start >= at.end:
            return self._within(at.block, 0, len(self._document.blocks[at.block].text))
        statement = self._page.statements[at.block][at.sentence]
        return self._within(at.block, *statement.place(at.start, at.end))

    def _within(self, block: int, start: int, end: int) -> Pointed:
        said = self._page.statements[block]
        number = bisect_right(said, start, key=_begin) - 1
        within = number >= 0 and start < said[number].end
        sentence = (said[number].start, said[number].end) if within else (start, end)
        return Pointed(block, start, end, sentence)


def _begin(statement: Statement) -> int:
    return statement.start
