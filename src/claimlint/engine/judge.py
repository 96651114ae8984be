"""Judge the statements of a page: which rules object to which words, and how they are meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from claimlint.engine import settle
from claimlint.engine.actors import VERB_OPENERS
from claimlint.engine.claims import NO_LEAD_IN, Claim, LeadIn
from claimlint.engine.context import CueHit, Reading, cue_hits, inherited, readings, strongest
from claimlint.engine.evidence import Evidence
from claimlint.engine.page import Page, Tools
from claimlint.engine.settle import Candidate
from claimlint.engine.statement import NO_BOUNDARIES, Clauses, Statement, boundaries
from claimlint.model.document import Block
from claimlint.model.rule import EvidenceRule, PatternRule, PhraseRule, Rule
from claimlint.model.ruleset import FormName

# Statements of these kinds need support; the others are judged without it.
_SUPPORTED = frozenset(
    ["cure", "treatment", "efficacy", "mechanism", "safety", "evidence", "comparison"]
)
_LEAD_IN_DEPTH = 4
# Of the words before a verb those that leave it finite.
_NOT_MODAL = frozenset(["and", "or", "you", "we", "they", "is", "are", "has", "been"])

_VERBS = ("be ", "is ", "are ")


class _Scene(NamedTuple):
    """A statement in its block, with what decides how it is meant."""

    block: Block
    statement: Statement
    clauses: Clauses
    cues: list[CueHit]
    lead_in: LeadIn

    def readings(self, head: tuple[int, int], end: int) -> list[Reading]:
        """How the words whose head stands at the tokens `head` are meant."""
        passed_on = self.lead_in.readings
        return readings(self.statement, self.cues, self.clauses, head, end, passed_on)


class Judge:
    """Judges the statements of one page; `stopped` collects the rules that hit their time limit."""

    def __init__(self, tools: Tools, page: Page) -> None:
        self._tools = tools
        self._page = page
        self._rules = tools.ruleset.rules
        self._classes = tools.matcher.classes
        self._lead_ins: dict[int, LeadIn] = {}
        self._found: list[Candidate] = []
        self.stopped: set[str] = set()

    def candidates(self) -> list[Candidate]:
        """Every statement that some rule objects to, overlapping ones included; call it once."""
        for number in range(len(self._page.document.blocks)):
            self._block(number)
        return self._found

    def _block(self, number: int) -> None:
        said = self._page.statements[number]
        block = self._page.document.blocks[number]
        counted = self._tools.patterns.may_count(block.text)
        lead_in = self._lead_in(block)
        for statement in said:
            if statement.hits or counted:
                self._statement(block, statement, lead_in, counted=counted)

    def _statement(
        self, block: Block, statement: Statement, lead_in: LeadIn, *, counted: bool
    ) -> None:
        framer, hits = self._tools.framer, statement.hits
        framed = framer.may_claim(statement, lead_in)
        if not (framed or counted or "rule" in hits or "trigger" in hits):
            return
        cues = cue_hits(statement, self._tools.ruleset.cues) if "cue" in hits else []
        clauses = Clauses(statement, framer.actors.is_subject)
        scene = _Scene(block, statement, clauses, cues, lead_in)
        if framed:
            for claim in framer.claims(statement, clauses, self._page.topic, lead_in):
                self._claimed(scene, claim)
        for rule, start, end in self._worded(statement, counted=counted):
            self._phrased(scene, rule, start, end)

    def _worded(self, statement: Statement, *, counted: bool) -> Iterator[tuple[int, int, int]]:
        """Phrase, evidence and pattern hits as (rule, first token, token behind the last)."""
        for hit in statement.hits.get("rule", ()):
            yield hit.wording.number, hit.start, hit.end
        patterns, text = self._tools.patterns, statement.text
        triggers = statement.hits.get("trigger", ())
        for number in sorted({hit.wording.number for hit in triggers}):
            found, stopped = patterns.search(number, text, statement.start, statement.end)
            if stopped:
                self.stopped.add(self._rules[number].id)
            for start, end in found:
                yield number, *statement.covering(start, end)
        for number in patterns.statistics if counted else ():
            for start, end in patterns.shares(text, statement.start, statement.end):
                yield number, *statement.covering(start, end)

    def _claimed(self, scene: _Scene, claim: Claim) -> None:
        rule, statement = self._rules[claim.rule], scene.statement
        if self._shielded(statement, claim.rule, claim.head):
            return
        meant = scene.readings(claim.head, claim.end)
        if self._silenced(claim.rule, meant):
            return
        classes = self._classes(claim.treatment) if claim.treatment is not None else frozenset()
        because = f"{claim.surface} statement"
        if claim.treatment is not None:
            name = self._tools.ruleset.terms.names[claim.treatment]
            because += f" about {name}" if claim.named else f" on a page about {name}"
        suggestions = self._suggestions(rule, statement, claim)
        tokens = (claim.start, claim.end)
        self._candidate(scene, claim.rule, tokens, meant, classes, because, suggestions)

    def _phrased(self, scene: _Scene, number: int, start: int, end: int) -> None:
        rule, statement = self._rules[number], scene.statement
        if self._shielded(statement, number, (start, end)):
            return
        if isinstance(rule, PhraseRule | PatternRule):
            if rule.blocks and scene.block.kind not in rule.blocks:
                return
            if rule.near and not self._names(statement, rule.near):
                return
            if rule.if_topic and not {ref[1:] for ref in rule.if_topic} & self._page.topic.classes:
                return
        meant = scene.readings((start, end), end)
        if not self._silenced(number, meant):
            classes = self._page_classes(statement)
            suggestions = _fitting(rule.suggest, statement.tokens, start)
            self._candidate(scene, number, (start, end), meant, classes, "", suggestions)

    def _silenced(self, rule: int, meant: list[Reading]) -> bool:
        """Whether a statement is meant in a way that the rule leaves alone."""
        unless = self._tools.unless[rule]
        return bool(meant) and any(reading.modality in unless for reading in meant)

    def _candidate(
        self,
        scene: _Scene,
        number: int,
        tokens: tuple[int, int],
        meant: list[Reading],
        classes: frozenset[str],
        because: str,
        suggestions: tuple[str, ...],
    ) -> None:
        """Keep the candidate, unless its support suffices."""
        rule, statement = self._rules[number], scene.statement
        reading = strongest(meant)
        support = Evidence("not_needed", "")
        if rule.category in _SUPPORTED:
            support = self._page.evidence.support(statement.block, statement.start, statement.end)
            if isinstance(rule, EvidenceRule) and support.support in ("adequate", "weak"):
                return
        severity, moved = settle.severity_of(
            rule, reading.modality, support.support, classes, hidden=scene.block.zone == "hidden"
        )
        reasons = [because, reading.because, support.because, moved]
        start, end = statement.place(*tokens)
        self._found.append(Candidate(
            number, statement.block, (statement.number, *tokens), start, end,
            (statement.start, statement.end), severity,
            reading.modality, support.support, "; ".join(r for r in reasons if r), suggestions,
        ))  # fmt: skip

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
        block, statement = self._page.document.blocks[number], self._page.statements[number][-1]
        outer = self._lead_in(block, depth + 1)
        last = len(statement.tokens)
        limits = boundaries(statement.tokens, frozenset())
        passed_on = inherited(statement, cue_hits(statement, self._tools.ruleset.cues), limits)
        actor = self._tools.framer.actors.before(statement, NO_BOUNDARIES, last, active=False)
        return LeadIn(
            tuple(passed_on) + outer.readings,
            actor if actor.kind != "none" else outer.actor,
            self._tools.framer.open_verbs(statement),
        )

    def _shielded(self, statement: Statement, rule: int, words: tuple[int, int]) -> bool:
        """Whether the words stand inside a phrase that the rule says is none of its hits."""
        shields = statement.hits.get("shield")
        return shields is not None and any(
            hit.wording.number == rule and hit.start <= words[0] and words[1] <= hit.end
            for hit in shields
        )

    def _names(self, statement: Statement, references: tuple[str, ...]) -> bool:
        wanted = {reference[1:] for reference in references}
        return any(
            not wanted.isdisjoint(self._classes(hit.wording.number)) for hit in statement.terms
        )

    def _page_classes(self, statement: Statement) -> frozenset[str]:
        """The classes of the treatment named in the sentence, else of the page's topic."""
        for hit, label, _ in self._tools.framer.actors.subjects(statement):
            if label == "treatment":
                return self._classes(hit.wording.number)
        return self._classes(self._page.topic.terms[0]) if self._page.topic.terms else frozenset()

    def _suggestions(self, rule: Rule, statement: Statement, claim: Claim) -> tuple[str, ...]:
        """The rule's suggestions with the draft's own words in their slots."""

        def said(span: tuple[int, int] | None, otherwise: str) -> str:
            return statement.text[slice(*statement.place(*span))] if span else otherwise

        treatment = "this treatment"
        if claim.named:
            named = next((h for h in statement.terms if h.wording.number == claim.treatment), None)
            treatment = said((named.start, named.end) if named else None, treatment)
        slots = {
            "{treatment}": treatment,
            "{target}": said(claim.target, "this condition"),
            "{verb}": said(claim.head, "help"),
        }
        fitting = []
        for suggestion in rule.suggest:
            wording = _inflected(suggestion, claim.form, statement.tokens[: claim.head[0]])
            for slot, value in slots.items():
                wording = wording.replace(slot, value)
            fitting += [wording] if wording else []
        return tuple(fitting)


def _inflected(suggestion: str, form: FormName, before: list[str]) -> str:
    """A suggestion in the form of the verb that it replaces; empty when it has none.

    They are written as "be …" or "is …". "It can [cure X]" wants the first, "it [cures X]" the second,
    "they [cure X]" "are …"; for "by [curing X]" and for nouns there is no such wording.
    """
    first, _, rest = suggestion.partition(" ")
    if first not in ("be", "is"):
        return suggestion
    if form == "base" and (_is_modal(before) or (len(before) > 1 and before[-1].endswith("ly"))):
        return f"be {rest}" if first == "be" else ""
    if form == "s":
        return f"is {rest}" if first == "is" else ""
    if form == "base" and before:
        return f"are {rest}" if first == "is" else ""
    return ""


def _fitting(suggestions: tuple[str, ...], tokens: list[str], start: int) -> tuple[str, ...]:
    """The suggestions of a phrase that can follow the words before it.

    A listed phrase has no form: "is" takes the place of a word in -s ("kills cancer cells"), "be" follows
    a modal verb; elsewhere a wording with a verb would make no sentence and is not offered.
    """
    if not any(suggestion.startswith(_VERBS) for suggestion in suggestions):
        return suggestions
    verb = "be" if _is_modal(tokens[:start]) else ""
    if not verb and tokens[start].endswith("s") and not tokens[start].endswith("ss"):
        verb = "is"
    said = (
        f"{verb} {suggestion.partition(' ')[2]}" if suggestion.startswith(_VERBS) else suggestion
        for suggestion in suggestions
        if verb or not suggestion.startswith(_VERBS)
    )
    return tuple(dict.fromkeys(said))


def _is_modal(before: list[str]) -> bool:
    return bool(before) and before[-1] in VERB_OPENERS and before[-1] not in _NOT_MODAL
