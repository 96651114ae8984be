"""Judge the statements of a page: which rules object to which words, and how they are meant."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import msgspec

from claimlint.engine import settle
from claimlint.engine.answers import affirmed
from claimlint.engine.antecedent import meant_by_it
from claimlint.engine.claims import Claim, LeadIn, Shape
from claimlint.engine.clauses import Clauses
from claimlint.engine.context import Reading, cue_hits, strongest
from claimlint.engine.evidence import Evidence, by_own_words, sentence_scope
from claimlint.engine.impression import Impression, Opinion
from claimlint.engine.laws import forbidden
from claimlint.engine.lead_ins import LeadIns
from claimlint.engine.page import Page, Tools, treatment_classes
from claimlint.engine.quoted import quoted_of_others
from claimlint.engine.rows import Rows, label_hits
from claimlint.engine.scene import Scene
from claimlint.engine.settle import Candidate
from claimlint.engine.statement import Statement
from claimlint.engine.suggest import filled, fitting
from claimlint.engine.taken_up import TakenUp
from claimlint.engine.together import Standing, standings
from claimlint.model.document import Block
from claimlint.model.rule import (
    EvidenceRule,
    ListedRule,
    PatternRule,
    PhraseRule,
    Rule,
)

# Statements of these kinds need support; the others are judged without it.
_SUPPORTED = frozenset(
    ["cure", "treatment", "efficacy", "mechanism", "safety", "evidence", "comparison"]
)
_SENTENCE_WORDS = 4
_ASKED_WORDS = (
    5  # of a question that is a label ("Side effects?"); its answer has at most twice as many
)
# At the head of a sentence this stands for what the page is about.
_STANDS_IN = "it"
_OF_USUAL_CARE = Reading("asserted", "it is said of usual care, which is not what is on offer")
_ROUTE = "route"
_BRACKETS = (("(", ")"), ("[", "]"))
_PRAISING = frozenset(["treatment", "efficacy", "superlative"])
_DENIED = frozenset(["negated", "debunked"])


class Judge:
    """Judges the statements of one page.

    `stopped` collects the rules that hit their time limit, `let_off` what rules left alone because of
    how it is meant or supported.
    """

    def __init__(self, tools: Tools, page: Page) -> None:
        self._tools = tools
        self._page = page
        self._rules = tools.ruleset.rules
        self._classes = tools.matcher.classes
        self._impression = Impression(tools, page)
        self._lead_ins = LeadIns(tools, page)
        self._rows = Rows(tools, page)
        self._taken_up = TakenUp(page, tools.framer.actors, tools.ruleset.cues)
        self._found: list[Candidate] = []
        self._opinions: list[Opinion] = []  # of sentences that no rule objects to
        self.stopped: set[str] = set()
        self.let_off: list[Candidate] = []

    def candidates(self) -> list[Candidate]:
        """Every statement that some rule objects to, overlapping ones included; call it once."""
        for number in range(len(self._page.document.blocks)):
            self._block(number)
        self._weigh_together()
        self._found += forbidden(self._found, self._rules)
        return self._found

    def _block(self, number: int) -> None:
        said = self._page.statements[number]
        block = self._page.document.blocks[number]
        counted = self._tools.patterns.may_count(block.text)
        lead_in = self._lead_ins.of_lines(number)
        if block.kind == "cell":
            lead_in = self._rows.told(number, lead_in)
        for statement in said:
            if statement.hits or counted or lead_in.listed or _is_sentence(statement):
                self._statement(block, statement, lead_in, counted=counted)
        for question, answer in pairwise(said):
            if _is_asked(question, answer):
                self._asked(block, question, answer, lead_in)
        others = lead_in.actor is not None and lead_in.actor.kind == "other"
        if block.kind == "cell" and block.header is not None and said and not others:
            self._row(block, said[0], lead_in)

    def _row(self, block: Block, statement: Statement, lead_in: LeadIn) -> None:
        """Judge a cell together with the first of its row."""
        clauses = Clauses(statement, self._tools.framer.actors.beginnings)
        scene = Scene(block, statement, clauses, [], lead_in, self._page.topic)
        for number, label in self._rows.objections(statement.block):
            words = (_first(statement.tokens), len(statement.tokens))
            classes = treatment_classes(self._tools, self._page, statement)
            self._candidate(scene, number, words, [], classes, f"in the row of “{label}”", ())

    def _asked(self, block: Block, question: Statement, answer: Statement, lead_in: LeadIn) -> None:
        """Judge an answer together with what is asked in a word or two: "Gout? Cherry extract."."""
        clauses = Clauses(answer, self._tools.framer.actors.beginnings)
        scene = Scene(block, answer, clauses, [], lead_in, self._page.topic)
        asked = question.text[question.start : question.end].rstrip("? ")
        said = answer.text[answer.start : answer.end]
        rules = label_hits(self._tools, f"{asked}: ", said)
        if not cue_hits(answer, self._tools.ruleset.cues):
            rules |= label_hits(self._tools, f"{asked}? ", said)
        words = (_first(answer.tokens), _spoken(answer.tokens))
        classes = treatment_classes(self._tools, self._page, answer)
        for number in sorted(rules):
            self._candidate(scene, number, words, [], classes, f"the answer to “{asked}?”", ())

    def _statement(
        self, block: Block, statement: Statement, lead_in: LeadIn, *, counted: bool
    ) -> None:
        framer, hits = self._tools.framer, statement.hits
        framed = framer.may_claim(statement, lead_in)
        weighable = "term" in hits or "rule" in hits or _is_sentence(statement)
        listed = lead_in.listed if statement.number == 0 else ()
        if not (framed or counted or weighable or listed or "rule" in hits or "trigger" in hits):
            return
        cues = cue_hits(statement, self._tools.ruleset.cues) if "cue" in hits else []
        clauses = Clauses(statement, framer.actors.beginnings)
        answered = statement.question and self._answered(statement)
        taken_up = self._taken_up.reading(statement)
        if taken_up is not None:
            lead_in = msgspec.structs.replace(lead_in, readings=(*lead_in.readings, taken_up))
        topic = meant_by_it(self._page, framer.actors, statement)
        quoted = quoted_of_others(statement, self._classes)
        scene = Scene(block, statement, clauses, cues, lead_in, topic, answered, quoted)
        before, spared, shapes = len(self._found), len(self.let_off), set[str]()
        if framed:
            for claim in framer.claims(statement, clauses, topic, lead_in):
                if claim.shape is None:
                    self._claimed(scene, claim)
                else:
                    shapes |= self._shaped(scene, claim, claim.shape)
        for rule, start, end in self._worded(statement, counted=counted):
            self._phrased(scene, rule, start, end)
        for number in listed:
            self._listed(scene, number)
        # What rules leave alone for its lead-in ("It does not:") says nothing by its words alone, nor does
        # what "it" does that is surgery or the body.
        denied = _denies(lead_in) and any(one.modality in _DENIED for one in self.let_off[spared:])
        if (weighable or listed) and not denied and not topic.of_others:
            self.weigh(scene, before, shapes)

    def _answered(self, question: Statement) -> bool:
        """Whether a question is answered with a yes for which the answer gives no source."""
        following = self._page.following(question)
        if not affirmed(question, following, self._tools.ruleset.cues):
            return False
        answer = following[0]
        support = self._page.evidence.support(
            answer.block, sentence_scope(answer.start, answer.end)
        )
        return support.support == "none"

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

    def _claimed(self, scene: Scene, claim: Claim) -> None:
        rule, statement = self._rules[claim.rule], scene.statement
        if statement.shields(claim.rule, *claim.head):
            return
        meant = scene.readings(claim.head, claim.end)
        if self._silenced(claim.rule, meant):
            self._leave(scene, claim.rule, (claim.start, claim.end), meant)
            return
        classes = self._classes(claim.treatment) if claim.treatment is not None else frozenset()
        if _ROUTE in classes:  # what is given so is what the page is about
            classes |= scene.topic.classes
        because = f"{claim.surface} statement"
        if claim.treatment is not None:
            words, about = scene.topic.words, "on a page about"
            if claim.named:
                words = statement.called(claim.treatment, claim.head[0]) or scene.lead_in.treatment
            if claim.named or scene.topic is not self._page.topic:
                about = "about"
            because += f" {about} “{words}”"
        suggestions = filled(rule.suggest, statement, claim)
        tokens = (claim.start, claim.end)
        self._candidate(scene, claim.rule, tokens, meant, classes, because, suggestions)

    def _phrased(self, scene: Scene, number: int, start: int, end: int) -> None:
        rule, statement = self._rules[number], scene.statement
        if statement.shields(number, start, end):
            return
        if isinstance(rule, PhraseRule | PatternRule):
            if rule.blocks and scene.block.kind not in rule.blocks:
                return
            if rule.near and not self._names(scene, rule.near):
                return
            if not self._is_about(rule):
                return
            if isinstance(rule, PhraseRule) and rule.answered and not scene.answered:
                return
        meant = scene.readings((start, end), end)
        if _is_praise(rule) and self._tools.framer.actors.is_usual_care(statement, start):
            self._leave(scene, number, (start, end), [_OF_USUAL_CARE])
        elif self._silenced(number, meant):
            self._leave(scene, number, (start, end), meant)
        else:
            classes = treatment_classes(self._tools, self._page, statement)
            suggestions = fitting(rule.suggest, statement, start, end)
            self._candidate(scene, number, (start, end), meant, classes, "", suggestions)

    def _shaped(self, scene: Scene, claim: Claim, shape: Shape) -> set[str]:
        """What the claim model hears of a bare frame: who does what to what, how it is meant."""
        meant = strongest(scene.readings(claim.head, claim.end)).modality
        classes = self._classes(claim.treatment) if claim.treatment is not None else frozenset()
        unproven = not settle.UNPROVEN.isdisjoint(classes)
        actor: str = "unproven" if unproven else claim.subject
        if claim.subject == "treatment" and not claim.named:
            actor = "topic"
        return {
            f"shape {actor} {shape.verb} {meant}",
            f"shape {actor} {shape.target} {meant}",
            f"shape {shape.verb} {shape.target} {meant}",
            f"shape {actor} {claim.surface} {meant}",
        }

    def weigh(self, scene: Scene, before: int, shapes: set[str]) -> None:
        """Let the claim model settle what the rules leave in doubt about one sentence."""
        objected = self._found[before:]
        self._found[before:], opinion = self._impression.settled(scene, objected, shapes)
        if opinion is not None:
            self._opinions.append(opinion)

    def _weigh_together(self) -> None:
        """Judge what no rule objects to, each sentence as it stands among the others."""
        flagged = {(one.block, one.tokens[0]) for one in self._found if one.severity != "note"}
        flagged.update(one.place for one in self._opinions if one.spoken is not None)
        noted = {(one.block, one.tokens[0]) for one in self._found if one.severity == "note"}
        blocks, lengths = self._page.document.blocks, [len(one) for one in self._page.statements]
        places = [one.place for one in self._opinions]
        around = standings(blocks, lengths, flagged, places)
        for opinion, standing in zip(self._opinions, around, strict=True):
            self._read_as_claim(opinion, standing, noted=opinion.place in noted)

    def _read_as_claim(self, opinion: Opinion, standing: Standing, *, noted: bool) -> None:
        """Let the weighed rules object to a sentence; `noted`: some rule has a note about it."""
        met = self._impression.met(opinion, standing)
        because = self._impression.because(opinion, standing) if met else ""
        for number in met:
            scene, suggestions = opinion.scene, self._rules[number].suggest
            classes = treatment_classes(self._tools, self._page, scene.statement)
            words = (_first(scene.statement.tokens), _spoken(scene.statement.tokens))
            self._candidate(scene, number, words, [], classes, because, suggestions)
            # A note of the claim model says no more than the note of the rule that it would cover.
            if noted and self._found[-1].severity == "note":
                self._found.pop()

    def _listed(self, scene: Scene, number: int) -> None:
        """Judge an item by its lead-in."""
        statement, rule = scene.statement, self._rules[number]
        assert isinstance(rule, ListedRule)
        if not self._is_about(rule) or (rule.near and not self._names(scene, rule.near)):
            return
        if scene.block.kind == "heading" and not rule.near:  # "Final thoughts"
            return
        actor = scene.lead_in.actor
        if actor is not None and actor.kind == "other":  # what surgery or the body does is no claim
            return
        last = _spoken(statement.tokens)
        meant = scene.readings((0, 1), last)
        if self._silenced(number, meant):
            self._leave(scene, number, (0, last), meant)
            return
        lead = self._lead_ins.over(statement.block)
        assert lead is not None
        said = self._page.statements[lead][-1]
        because = f"listed under “{said.text[said.start : said.end].rstrip(' :')}”"
        classes = treatment_classes(self._tools, self._page, statement)
        self._candidate(scene, number, (0, last), meant, classes, because, rule.suggest)

    def _silenced(self, rule: int, meant: list[Reading]) -> bool:
        """Whether a statement is meant in a way that the rule leaves alone."""
        unless = self._tools.unless[rule]
        return bool(meant) and any(reading.modality in unless for reading in meant)

    def _candidate(
        self,
        scene: Scene,
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
            evidence, scope = self._page.evidence, sentence_scope(statement.start, statement.end)
            if evidence.cites:
                scope = self._tools.framer.cited_for(statement, scene.clauses, *tokens)
            support = evidence.support(statement.block, scope)
            if support.support == "none" and not isinstance(rule, EvidenceRule):
                said = statement.text[statement.start : statement.end]
                own = by_own_words(statement.tokens, said)
                support = support if own.support == "none" else own
            if isinstance(rule, EvidenceRule) and support.support in ("adequate", "weak"):
                self._leave(scene, number, tokens, meant, support)
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

    def _leave(
        self,
        scene: Scene,
        number: int,
        tokens: tuple[int, int],
        meant: list[Reading],
        support: Evidence | None = None,
    ) -> None:
        """Note a statement that a rule leaves alone, with the reason."""
        statement, reading = scene.statement, strongest(meant)
        start, end = statement.place(*tokens)
        because = support.because if support is not None else reading.because
        self.let_off.append(Candidate(
            number, statement.block, (statement.number, *tokens), start, end,
            (statement.start, statement.end), self._rules[number].severity, reading.modality,
            support.support if support is not None else "not_needed", because, (),
        ))  # fmt: skip

    def _is_about(self, rule: PhraseRule | PatternRule | ListedRule) -> bool:
        """Whether the page is about what the rule demands."""
        classes = self._page.topic.classes
        return not rule.if_topic or any(reference[1:] in classes for reference in rule.if_topic)

    def _names(self, scene: Scene, references: tuple[str, ...]) -> bool:
        """Whether a sentence has one of these terms, or "it" that stands for one."""
        statement = scene.statement
        wanted = {reference[1:] for reference in references}
        if statement.tokens[0] == _STANDS_IN and not wanted.isdisjoint(scene.topic.classes):
            return True
        return any(
            not wanted.isdisjoint(self._classes(hit.wording.number)) for hit in statement.terms
        )


def _is_praise(rule: Rule) -> bool:
    """Whether a rule objects to words of praise, and not to a figure or a broken identifier."""
    if isinstance(rule, EvidenceRule):
        return rule.fault == "unsupported"
    return isinstance(rule, PhraseRule | PatternRule) and (
        rule.category == "evidence" or (rule.doubtful and rule.category in _PRAISING)
    )


def _is_asked(question: Statement, answer: Statement) -> bool:
    """Whether two sentences are a question of a word or two and a short answer to it."""
    if not question.question or answer.question:
        return False
    return len(question.tokens) <= _ASKED_WORDS and len(answer.tokens) <= 2 * _ASKED_WORDS


def _denies(lead_in: LeadIn) -> bool:
    """Whether a lead-in calls its items false, or says of what is on offer that it does not do them.

    "You need not put up with:" denies nothing of the kind.
    """
    modalities = {reading.modality for reading in lead_in.readings}
    offered = lead_in.actor is not None and lead_in.actor.kind != "other"
    return "debunked" in modalities or ("negated" in modalities and offered)


def _first(tokens: list[str]) -> int:
    """The first word: the marks before it, such as a quotation's, are none."""
    return next((at for at, token in enumerate(tokens) if token[0].isalnum()), 0)


def _spoken(tokens: list[str]) -> int:
    """The token behind the last word: the marks and raised figures that end a sentence are none."""
    last = len(tokens)
    while last > 1 and not (tokens[last - 1][-1].isalpha() or tokens[last - 1][0].isdecimal()):
        last -= 1
    for (
        opened,
        closed,
    ) in _BRACKETS:  # those around the last words belong to them: "pain (Smith 2019)"
        behind = tokens[last : last + 1] == [closed]
        if behind and tokens[:last].count(opened) > tokens[:last].count(closed):
            last += 1
    return last


def _is_sentence(statement: Statement) -> bool:
    """Whether words of which the rules know none may still say something to the claim model."""
    return len(statement.tokens) >= _SENTENCE_WORDS
