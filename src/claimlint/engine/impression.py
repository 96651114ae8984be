"""The net impression of a sentence: what the claim model says where the rules leave a doubt."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from claimlint.engine import settle
from claimlint.engine.actors import Actor
from claimlint.engine.context import SAID_BY_OTHERS, asks, conceded
from claimlint.engine.page import Page, Tools, treatment_classes
from claimlint.engine.quoted import OF_ONESELF
from claimlint.engine.scene import Scene
from claimlint.engine.settle import Candidate
from claimlint.engine.statement import Statement
from claimlint.engine.together import Place, Standing
from claimlint.engine.weigh import objection, said_with
from claimlint.model.report import READS_AS_CLAIM, READS_AS_INFORMATION
from claimlint.model.rule import (
    SEVERITIES,
    ClaimRule,
    EvidenceRule,
    ListedRule,
    PatternRule,
    PhraseRule,
    Rule,
    Severity,
    WeighedRule,
)
from claimlint.model.words import is_strange

_DASHES, _ATTRIBUTION_WORDS = frozenset(["-", "–", "—", "--", "~"]), 5
_FRAGMENT_WORDS = 3  # fewer are flagged only where something is said to act
# Below the first a sentence reads as information, and a doubtful rule says one step less; below the
# second there is hardly a doubt left, and it has no more than a note.
_INFORMATION, _CLEAR_INFORMATION = 0.40, 0.20
_TOGETHER = {
    "list_of_claims": "half or more of the other items of its list are flagged",
    "paragraph_of_claims": "half or more of the other sentences of its paragraph are flagged",
}
_OPENING_WORDS = 4
_SPOKEN_TO = OF_ONESELF | {"you", "your", "yours"}
_DISTANCING = frozenset(["negated", "debunked", "attributed", "hypothetical"])
_MAY_DOUBT = (ClaimRule, PhraseRule, PatternRule, ListedRule, EvidenceRule)


class Opinion(msgspec.Struct, frozen=True):
    """What the claim model says of a sentence to which no rule has more than a note.

    `score` is from 0 (information) to 1 (a claim), `heard` what the model heard of the rules. `framed`:
    something is said to act there. `spoken` are the words that move the score most, where the sentence
    by itself is flagged; else they are worked out when they are wanted.
    """

    scene: Scene
    score: float
    heard: set[str]
    framed: bool
    spoken: tuple[str, ...] | None = None

    @property
    def place(self) -> Place:
        """The number of the block, and that of the sentence in it."""
        return self.scene.statement.block, self.scene.statement.number


class Impression:
    """How the sentences of one page read as a whole."""

    def __init__(self, tools: Tools, page: Page) -> None:
        self._tools = tools
        self._page = page
        self._rules = tools.ruleset.rules
        self._weighed = [
            (number, rule)
            for number, rule in enumerate(self._rules)
            if isinstance(rule, WeighedRule)
        ]
        self._least = min((_least(rule) for _, rule in self._weighed), default=1.0)

    def settled(
        self, scene: Scene, objected: list[Candidate], shapes: set[str]
    ) -> tuple[list[Candidate], Opinion | None]:
        """Settle what the rules leave in doubt about one sentence.

        What a doubtful rule says is one step milder where the sentence reads as information, or two, but of
        an unproven product no less than a warning, and a cure by one stays an error. Of a sentence to
        which no rule has more than a note the opinion comes second, where it may matter. `shapes` are its
        bare frames, as the model hears them.
        """
        spoken_for = any(one.severity != "note" for one in objected)
        doubtful = [one for one in objected if self._doubtful(scene, one)]
        speaks = not spoken_for and self._speaks(scene, framed=bool(shapes))
        if not speaks and not doubtful:
            return objected, None
        heard = heard_of(scene, objected, self._rules, shapes)
        features = self._tools.weigher.features(scene.statement, heard)
        score = self._tools.weigher.score(features)
        if score < _INFORMATION:
            classes = treatment_classes(self._tools, self._page, scene.statement)
            unproven = not settle.UNPROVEN.isdisjoint(classes)
            least: Severity = "warning" if unproven else "note"
            if unproven:
                doubtful = [one for one in doubtful if not self._promises_a_cure(one)]
            steps = 2 if score < _CLEAR_INFORMATION else 1
            objected = [
                _softened(one, steps, least) if one in doubtful else one for one in objected
            ]
        if not speaks or score < self._least or not self._tools.weigher.can_read(scene.statement):
            return objected, None
        opinion = Opinion(scene, score, heard, bool(shapes))
        if self.met(opinion, "usual"):
            spoken = self._tools.weigher.speaking(scene.statement, features)
            opinion = msgspec.structs.replace(opinion, spoken=spoken)
        return objected, opinion

    def _doubtful(self, scene: Scene, candidate: Candidate) -> bool:
        """Whether the tone of the sentence may soften what a rule objects to.

        No doubt is left by a plain yes to a question, by a concession ("While it has not been approved, it
        relieves pain"), and by a source that does not carry what it is put forward for.
        """
        rule = self._rules[candidate.rule]
        if candidate.severity == "note" or not isinstance(rule, _MAY_DOUBT) or not rule.doubtful:
            return False
        first = conceded(scene.statement.tokens)
        meant = scene.answered or candidate.evidence == "weak"
        return not meant and not (first and candidate.tokens[1] >= first)

    def _promises_a_cure(self, candidate: Candidate) -> bool:
        """Whether a rule found a cure, of what, and nothing that changes how it is meant."""
        rule = self._rules[candidate.rule]
        is_frame = isinstance(rule, ClaimRule) and rule.category == "cure"
        return is_frame and candidate.modality == "asserted"

    def _speaks(self, scene: Scene, *, framed: bool) -> bool:
        """Whether a sentence says something of its own, in a place where that counts.

        Page furniture, references, titles of papers and what is asked do not, nor does a heading in
        quotation marks, which the text takes up, a cell about others' doing ("Ibuprofen | Relieves pain"),
        a word or two or, in a footer, a line in which nothing is said to act. Of figures and other scripts
        the claim model knows nothing.
        """
        statement, zone = scene.statement, scene.block.zone
        return (
            zone != "nav"
            and not (scene.block.kind == "cell" and _is_of_others(scene.lead_in.actor))
            and not (scene.block.kind == "heading" and scene.is_quoted)
            and not (scene.quoted or _is_distanced(scene))
            and not any(one.modality in SAID_BY_OTHERS for one in scene.lead_in.readings)
            and _has_words(statement)
            and not _is_attribution(statement.tokens)
            and (framed or (zone != "footer" and _words(statement.tokens) >= _FRAGMENT_WORDS))
            and statement.block not in self._page.evidence.references
            and not self._is_title_of_paper(statement)
            and (scene.answered or not (statement.question and asks(statement.tokens)))
        )

    def _is_title_of_paper(self, statement: Statement) -> bool:
        """Whether a heading is the title of the paper below it: that speaks of no "us" and to no "you"."""
        is_title = statement.block in self._page.evidence.titles
        return is_title and _SPOKEN_TO.isdisjoint(statement.tokens)

    def met(self, opinion: Opinion, standing: Standing) -> list[int]:
        """The numbers of the weighed rules that a sentence meets as it stands."""
        scene, score = opinion.scene, opinion.score
        convinced = [
            (number, rule)
            for number, rule in self._weighed
            if score >= _threshold(rule, standing, framed=opinion.framed)
        ]
        if not convinced:
            return []
        classes = self._tools.matcher.classes
        held = {name for hit in scene.statement.terms for name in classes(hit.wording.number)}
        fitting = [(number, rule) for number, rule in convinced if self._fits(rule, scene, held)]
        of_quotes = [number for number, rule in fitting if rule.quoted]
        if of_quotes and scene.is_quoted:
            return of_quotes
        return [number for number, rule in fitting if not rule.quoted]

    def because(self, opinion: Opinion, standing: Standing) -> str:
        """Why a sentence is flagged: the score, the words that move it most, what stands around it."""
        statement, spoken = opinion.scene.statement, opinion.spoken
        if spoken is None:
            weigher = self._tools.weigher
            spoken = weigher.speaking(statement, weigher.features(statement, opinion.heard))
        words = ", ".join(f"“{words}”" for words in spoken)
        because = f"{READS_AS_CLAIM} ({opinion.score:.0%})"
        because += f", most of all {words}" if words else ""
        around = _TOGETHER.get(standing) if opinion.spoken is None else None
        return "; ".join(filter(None, [because, around]))

    def _fits(self, rule: WeighedRule, scene: Scene, held: set[str]) -> bool:
        return (
            (not rule.needs or not held.isdisjoint(ref[1:] for ref in rule.needs))
            and held.isdisjoint(ref[1:] for ref in rule.lacks)
            and (not rule.blocks or scene.block.kind in rule.blocks)
            and (not rule.topic or bool(self._page.topic.terms))
        )


def _threshold(rule: WeighedRule, standing: Standing, *, framed: bool) -> float:
    usual = rule.at_least if framed else rule.without_frame
    match standing:
        case "list_of_claims":
            return min(usual, rule.list_of_claims or usual)
        case "paragraph_of_claims":
            return min(usual, rule.paragraph_of_claims or usual)
        case "alone_in_list":
            return max(usual, rule.alone_in_list or usual)
        case "usual":
            return usual


def _least(rule: WeighedRule) -> float:
    """The lowest score that a rule may ever flag."""
    thresholds = (rule.at_least, rule.without_frame, rule.list_of_claims, rule.paragraph_of_claims)
    return min(one for one in thresholds if one is not None)


def heard_of(
    scene: Scene, objected: Iterable[Candidate], rules: tuple[Rule, ...], shapes: set[str]
) -> set[str]:
    """What the claim model hears of a sentence beside its words: frames, objections, cues."""
    objections = {objection(rules[one.rule]) for one in objected}
    is_open = scene.statement.question and not scene.answered
    return shapes | objections | said_with(scene.cues, asks=is_open)


def _is_distanced(scene: Scene) -> bool:
    """Whether a sentence opens with what takes back, reports or leaves open all of it.

    "Myth: …", "There is no evidence that …", "Researchers are studying whether …", as far as nothing else
    is said behind it.
    """
    return any(
        hit.start < _OPENING_WORDS
        and hit.cue.effect in _DISTANCING
        and hit.cue.bound == "sentence"
        and hit.cue.direction != "backward"
        and not any(at >= hit.end for at in scene.clauses.limits.turns)
        for hit in scene.cues
    )


def _is_of_others(actor: Actor | None) -> bool:
    return actor is not None and actor.kind == "other"


def _has_words(statement: Statement) -> bool:
    """Whether there is a word of three letters, and no more than half are in other scripts."""
    tokens = statement.tokens
    if not any(len(token) > 2 and token.isalpha() for token in tokens):
        return False
    if statement.text.isascii():
        return True
    strange = sum(is_strange(token) for token in tokens if token[0].isalpha())
    return 2 * strange <= _words(tokens)


def _is_attribution(tokens: list[str]) -> bool:
    """Whether this names who was quoted: "— Ron, 67, veteran"."""
    return tokens[0] in _DASHES and _words(tokens) <= _ATTRIBUTION_WORDS


def _words(tokens: list[str]) -> int:
    """How many tokens are words, and not marks."""
    return sum(token[0].isalnum() for token in tokens)


def _softened(candidate: Candidate, steps: int, least: Severity) -> Candidate:
    """What is left of an objection to a sentence that reads as information."""
    severity = max(settle.lowered(candidate.severity, steps), least, key=SEVERITIES.index)
    if severity == candidate.severity:
        return candidate
    said = "; ".join(filter(None, [candidate.because, READS_AS_INFORMATION]))
    return msgspec.structs.replace(candidate, severity=severity, because=said)
