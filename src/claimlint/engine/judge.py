"""Judge the statements of a page: which rules object to which words, and how they are meant."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from claimlint.engine import settle
from claimlint.engine.claims import NO_LEAD_IN, Claim, LeadIn
from claimlint.engine.context import CueHit, Reading, cue_hits, inherited, readings, strongest
from claimlint.engine.evidence import Evidence
from claimlint.engine.page import Page, Tools
from claimlint.engine.settle import Candidate
from claimlint.engine.statement import Boundaries, Statement, boundaries
from claimlint.model.document import Block
from claimlint.model.rule import (
    EvidenceRule,
    MetadataRule,
    PatternRule,
    PhraseRule,
    ReadabilityRule,
    RequireRule,
    Rule,
    WordingKind,
)

# Statements of these kinds need support; the others are judged without it.
_SUPPORTED = frozenset(
    ["cure", "treatment", "efficacy", "mechanism", "safety", "evidence", "comparison"]
)
_LEAD_IN_DEPTH = 4


class Judge:
    """Judges the statements of one page; `stopped` collects the rules that hit their time limit."""

    def __init__(self, tools: Tools, page: Page) -> None:
        self._tools = tools
        self._page = page
        self._rules = tools.ruleset.rules
        self._classes = tools.matcher.classes
        self._lead_ins: dict[int, LeadIn] = {}
        self.stopped: set[str] = set()

    def candidates(self) -> list[Candidate]:
        """Every statement that some rule objects to, overlapping ones included."""
        return [c for number in range(len(self._page.document.blocks)) for c in self._block(number)]

    def _block(self, number: int) -> Iterator[Candidate]:
        hits = self._page.hits[number]
        block, block_words = self._page.document.blocks[number], self._page.words[number]
        counted = self._tools.patterns.may_count(block.text)
        if not hits and not counted:
            return
        indexes = block_words.indexes
        at = token = 0
        for start, end in self._page.ranges[number]:
            first, token = token, bisect_left(indexes, end, token)
            begin = at
            while at < len(hits) and hits[at].start < token:
                at += 1
            if at > begin or counted:
                question = block.text[end - 1] in "?？"
                inside = [hit for hit in hits[begin:at] if hit.end <= token]
                statement = Statement(
                    number, block.text, start, end, block_words, first, token, inside, question
                )
                yield from self._statement(block, statement, counted=counted)

    def _statement(
        self, block: Block, statement: Statement, *, counted: bool
    ) -> Iterator[Candidate]:
        kinds = {hit.wording.kind for hit in statement.hits}
        lead_in = self._lead_in(block)
        framed = "term" in kinds and (bool(lead_in.verbs) or self._tools.framer.has_verb(statement))
        if not framed and not counted and not kinds & {"rule", "trigger"}:
            return
        is_subject = self._tools.framer.actors.is_subject
        subjects = frozenset(
            hit.start
            for hit in statement.hits
            if hit.wording.kind == "term" and is_subject(hit.wording.number)
        )
        limits = boundaries(statement, subjects)
        cues = cue_hits(statement, self._tools.ruleset.cues) if "cue" in kinds else []
        passed_on = list(lead_in.readings)
        if framed:
            for claim in self._tools.framer.claims(statement, limits, self._page.topic, lead_in):
                yield from self._claimed(block, statement, limits, cues, passed_on, claim)
        for rule, start, end in self._worded(statement, kinds, counted=counted):
            yield from self._phrased(block, statement, limits, cues, passed_on, rule, start, end)

    def _worded(
        self, statement: Statement, kinds: set[WordingKind], *, counted: bool
    ) -> Iterator[tuple[int, int, int]]:
        """Phrase, evidence and pattern hits as (rule, first token, token behind the last)."""
        for hit in statement.hits:
            if hit.wording.kind == "rule":
                yield hit.wording.number, hit.start, hit.end
        patterns = self._tools.patterns
        text = statement.text
        if "trigger" in kinds:
            numbers = sorted(
                {h.wording.number for h in statement.hits if h.wording.kind == "trigger"}
            )
            for number in numbers:
                found, stopped = patterns.search(number, text, statement.start, statement.end)
                if stopped:
                    self.stopped.add(self._rules[number].id)
                for start, end in found:
                    yield number, *_tokens(statement, start, end)
        for number in patterns.statistics if counted else ():
            for start, end in patterns.shares(text, statement.start, statement.end):
                yield number, *_tokens(statement, start, end)

    def _claimed(
        self,
        block: Block,
        statement: Statement,
        limits: Boundaries,
        cues: list[CueHit],
        passed_on: list[Reading],
        claim: Claim,
    ) -> Iterator[Candidate]:
        rule = self._rules[claim.rule]
        if self._shielded(statement, claim.rule, claim.head):
            return
        meant = readings(statement, cues, limits, claim.head, claim.end) + passed_on
        classes = self._classes(claim.treatment) if claim.treatment is not None else frozenset()
        because = f"{claim.surface} statement"
        if claim.treatment is not None:
            name = self._tools.ruleset.terms.names[claim.treatment]
            because += f" about {name}" if claim.named else f" on a page about {name}"
        yield from self._candidate(
            block, statement, claim.rule, (claim.start, claim.end), meant, classes, because,
            self._suggestions(rule, statement, claim),
        )  # fmt: skip

    def _phrased(
        self,
        block: Block,
        statement: Statement,
        limits: Boundaries,
        cues: list[CueHit],
        passed_on: list[Reading],
        number: int,
        start: int,
        end: int,
    ) -> Iterator[Candidate]:
        rule = self._rules[number]
        if self._shielded(statement, number, (start, end)):
            return
        if isinstance(rule, PhraseRule | PatternRule):
            if rule.blocks and block.kind not in rule.blocks:
                return
            if rule.near and not self._names(statement, rule.near):
                return
            if rule.if_topic and not {ref[1:] for ref in rule.if_topic} & self._page.topic.classes:
                return
        meant = readings(statement, cues, limits, (start, end), end) + passed_on
        classes = self._page_classes(statement)
        yield from self._candidate(
            block, statement, number, (start, end), meant, classes, "", rule.suggest
        )

    def _candidate(
        self,
        block: Block,
        statement: Statement,
        number: int,
        tokens: tuple[int, int],
        meant: list[Reading],
        classes: frozenset[str],
        because: str,
        suggestions: tuple[str, ...],
    ) -> Iterator[Candidate]:
        """The candidate, unless its modality silences the rule or its support suffices."""
        rule = self._rules[number]
        if {reading.modality for reading in meant} & set(_unless(rule)):
            return
        reading = strongest(meant)
        support = Evidence("not_needed", "")
        if rule.category in _SUPPORTED:
            support = self._page.evidence.support(statement.block, statement.start, statement.end)
            if isinstance(rule, EvidenceRule) and support.support in ("adequate", "weak"):
                return
        severity, moved = settle.severity_of(
            rule, reading.modality, support.support, classes, hidden=block.zone == "hidden"
        )
        reasons = [because, reading.because, support.because, moved]
        start = statement.words.indexes[tokens[0]]
        end = statement.words.end(tokens[1] - 1)
        yield Candidate(
            number, statement.block, start, end, (statement.start, statement.end), severity,
            reading.modality, support.support, "; ".join(r for r in reasons if r), suggestions,
        )  # fmt: skip

    def _lead_in(self, block: Block, depth: int = 0) -> LeadIn:
        """What the block that introduces this one passes on: its cues and who is said to act."""
        number = block.lead_in if block.lead_in is not None else block.header
        if number is None or depth > _LEAD_IN_DEPTH:
            return NO_LEAD_IN
        known = self._lead_ins.get(number)
        if known is None:
            known = self._read_lead_in(number, depth)
            self._lead_ins[number] = known
        return known

    def _read_lead_in(self, number: int, depth: int) -> LeadIn:
        block, block_words = self._page.document.blocks[number], self._page.words[number]
        start, end = self._page.ranges[number][-1]
        first = sum(index < start for index in block_words.indexes)
        last = len(block_words.tokens)
        inside = [hit for hit in self._page.hits[number] if hit.start >= first]
        statement = Statement(
            number, block.text, start, end, block_words, first, last, inside, question=False
        )
        limits = boundaries(statement, frozenset())
        outer = self._lead_in(block, depth + 1)
        passed_on = inherited(cue_hits(statement, self._tools.ruleset.cues), limits, last)
        actor = self._tools.framer.actors.before(statement, Boundaries((), ()), last, active=False)
        return LeadIn(
            tuple(passed_on) + outer.readings,
            actor if actor.kind != "none" else outer.actor,
            self._tools.framer.open_verbs(statement),
        )

    def _shielded(self, statement: Statement, rule: int, words: tuple[int, int]) -> bool:
        """Whether the words stand inside a phrase that the rule says is none of its hits."""
        return any(
            hit.wording.kind == "shield"
            and hit.wording.number == rule
            and hit.start <= words[0]
            and words[1] <= hit.end
            for hit in statement.hits
        )

    def _names(self, statement: Statement, references: tuple[str, ...]) -> bool:
        wanted = {reference[1:] for reference in references}
        return any(
            hit.wording.kind == "term" and self._classes(hit.wording.number) & wanted
            for hit in statement.hits
        )

    def _page_classes(self, statement: Statement) -> frozenset[str]:
        """The classes of the treatment named in the sentence, else of the page's topic."""
        for hit in statement.hits:
            if hit.wording.kind == "term":
                classes = self._classes(hit.wording.number)
                if "treatment" in classes:
                    return classes
        return self._classes(self._page.topic.terms[0]) if self._page.topic.terms else frozenset()

    def _suggestions(self, rule: Rule, statement: Statement, claim: Claim) -> tuple[str, ...]:
        """The rule's suggestions with the draft's own words in their slots."""
        if not any("{" in suggestion for suggestion in rule.suggest):
            return rule.suggest
        text, tokens = statement.text, statement.words

        def said(span: tuple[int, int] | None, otherwise: str) -> str:
            return text[tokens.indexes[span[0]] : tokens.end(span[1] - 1)] if span else otherwise

        treatment = "this treatment"
        if claim.named:
            named = next(
                (h for h in statement.hits
                 if h.wording.kind == "term" and h.wording.number == claim.treatment),
                None,
            )  # fmt: skip
            treatment = said((named.start, named.end) if named else None, treatment)
        slots = {
            "{treatment}": treatment,
            "{target}": said(claim.target, "this condition"),
            "{verb}": said(claim.head, "help"),
        }
        filled = []
        for suggestion in rule.suggest:
            wording = suggestion
            for slot, value in slots.items():
                wording = wording.replace(slot, value)
            filled.append(wording)
        return tuple(filled)


def _unless(rule: Rule) -> tuple[str, ...]:
    match rule:
        case RequireRule() | ReadabilityRule() | MetadataRule():
            return ()
        case _:
            return rule.unless


def _tokens(statement: Statement, start: int, end: int) -> tuple[int, int]:
    """The tokens that cover the prose indexes start..end of a statement's block."""
    indexes = statement.words.indexes
    first = max(statement.first, bisect_right(indexes, start, statement.first, statement.last) - 1)
    return first, max(first + 1, bisect_left(indexes, end, statement.first, statement.last))
