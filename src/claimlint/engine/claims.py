"""Claim frames: a treatment is said to act on a condition, symptom, tissue or function.

Surfaces: active ("repairs damaged discs"), passive ("pain is relieved"), nominal ("relief from pain"),
compound ("disc regeneration"). The slots and windows are those that `facts` of the field showed to
work: a strong verb may stand further from its target than a weak one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from claimlint.engine.match import Hit, Matcher
from claimlint.engine.statement import Boundaries, Statement, Topic
from claimlint.model.rule import ClaimRule, Rule, Ruleset, Subject, Surface

_WINDOW_WORDS = {"strong": 9, "medium": 7, "weak": 5}
_PASSIVE_WORDS = 6
_NOMINAL_WORDS = 6
_ADJECTIVAL_WORDS = 4
_BE = frozenset(["is", "are", "was", "were", "be", "been", "being", "get", "gets", "got"])
_DETERMINERS = frozenset(
    ["a", "an", "the", "our", "your", "their", "its", "this", "that", "these", "those", "my", "no",
     "any", "every", "each", "some", "of"]
)  # fmt: skip
_MODALS = frozenset(
    ["to", "can", "could", "may", "might", "will", "would", "shall", "should", "must", "does", "do",
     "did", "helps", "help", "not", "and", "or", "you", "we", "they", "effectively", "naturally",
     "safely", "quickly", "also", "even"]
)  # fmt: skip
_PREPOSITIONS = frozenset(["of", "for", "from", "in", "against", "to", "with", "on"])
_PRONOUNS = frozenset(["it", "this", "these", "they"])
_BACK_REFERENCES = frozenset(["it", "them", "these"])
_ACTORS: tuple[tuple[str, Subject], ...] = (
    ("treatment", "treatment"), ("ours", "ours"), ("generic", "generic"), ("standard_care", "other"),
    ("body", "other"), ("person", "other"), ("condition", "other"),
)  # fmt: skip
# Somebody who merely experiences ("patients enjoy relief") does not make a statement harmless.
_ONLY_ACTIVE = frozenset(["body", "person", "condition"])


class Claim(NamedTuple):
    """A filled frame, in token numbers of the block: the whole statement, its head, its target."""

    rule: int
    start: int
    end: int
    head: tuple[int, int]
    target: tuple[int, int] | None
    surface: Surface
    subject: Subject
    treatment: int | None
    named: bool


class Actor(NamedTuple):
    """Who is said to act: the kind, and the treatment's term when there is one."""

    kind: Subject
    treatment: int | None


class _Reach(NamedTuple):
    """Where a target may stand relative to a verb: token range and direction."""

    surface: Surface
    start: int
    end: int
    after: bool


class Framer:
    """Finds the claim frames of sentences by the claim rules of a ruleset."""

    def __init__(self, ruleset: Ruleset, matcher: Matcher) -> None:
        self._rules: list[tuple[int, ClaimRule]] = [
            (number, rule)
            for number, rule in enumerate(ruleset.rules)
            if isinstance(rule, ClaimRule)
        ]
        self._terms = ruleset.terms
        self._classes = matcher.classes
        by_class: dict[str, list[int]] = {}
        targets: set[str] = set()
        for place, (_, rule) in enumerate(self._rules):
            for reference in rule.when.verb:
                by_class.setdefault(reference[1:], []).append(place)
            targets.update(reference[1:] for reference in rule.when.target)
        self._wanted = [
            tuple(sorted({place for name in classes for place in by_class.get(name, ())}))
            for classes in self._classes
        ]
        self._is_target = [bool(classes & targets) for classes in self._classes]
        self._actor_kinds = [_actor_kind(classes) for classes in self._classes]

    def is_subject(self, term: int) -> bool:
        """Whether a term can be said to act."""
        return self._actor_kinds[term] is not None

    def has_verb(self, statement: Statement) -> bool:
        """Whether any claim rule's verb stands in the sentence (the gate)."""
        wanted = self._wanted
        return any(
            hit.wording.kind == "term" and wanted[hit.wording.number] for hit in statement.hits
        )

    def claims(
        self,
        statement: Statement,
        limits: Boundaries,
        topic: Topic,
        lead_in: Actor | None,
    ) -> Iterator[Claim]:
        """Every filled frame of every claim rule in a sentence."""
        terms = [hit for hit in statement.hits if hit.wording.kind == "term"]
        shields = [
            h for h in terms if self._classes[h.wording.number] & {"treatment", "standard_care"}
        ]
        targets = [
            hit
            for hit in terms
            if self._is_target[hit.wording.number] and not _inside(hit, shields)
        ]
        for verb in terms:
            places = self._wanted[verb.wording.number]
            if not places:
                continue
            for reach in self._reaches(statement, verb, limits):
                yield from self._filled(
                    statement, limits, topic, lead_in, verb, reach, targets, places
                )

    def actor(self, statement: Statement, limits: Boundaries, at: int, *, active: bool) -> Actor:
        """Who acts in the statement whose head begins at token `at`: the nearest candidate before it."""
        clause = max((b + 1 for b in limits.soft if b < at), default=statement.first)
        for first in dict.fromkeys((clause, statement.first)):
            found = self._nearest(statement, first, at, active=active)
            if found is not None:
                return found
        return Actor("none", None)

    def _nearest(self, statement: Statement, first: int, at: int, *, active: bool) -> Actor | None:
        best: tuple[int, int, Actor] | None = None
        other = False
        for hit in statement.hits:
            if hit.wording.kind != "term" or hit.start < first or hit.end > at:
                continue
            name = self._actor_kinds[hit.wording.number]
            if name is None:
                continue
            label, kind = name
            if label in _ONLY_ACTIVE:
                other = other or active
                continue
            term = hit.wording.number if kind == "treatment" else None
            key = (hit.end, hit.end - hit.start, Actor(kind, term))
            if best is None or key[:2] > best[:2]:
                best = key
        tokens = statement.words.tokens
        pronoun = next((n for n in range(at - 1, first - 1, -1) if tokens[n] in _PRONOUNS), None)
        if pronoun is not None and (best is None or pronoun >= best[0]) and not other:
            return Actor("pronoun", None)
        if best is not None:
            return best[2]
        return Actor("other", None) if other else None

    def _reaches(self, statement: Statement, verb: Hit, limits: Boundaries) -> Iterator[_Reach]:
        tokens, first, last = statement.words.tokens, statement.first, statement.last
        form = verb.wording.form
        before = tokens[verb.start - 1] if verb.start > first else ""
        strength = self._terms[verb.wording.number].strength
        after_end = min(last, verb.end + _WINDOW_WORDS[strength] + 1)
        if form in ("noun", "adjective"):
            if before in _MODALS and form == "noun" and before not in ("and", "or", "of"):
                return  # "to relief" is rare, "to cure" is a verb
            yield from self._nominal(statement, verb)
            if form == "noun":
                yield _Reach("compound", max(first, verb.start - 1), verb.start, after=False)
            return
        if form == "phrase":
            yield _Reach("active", verb.end, after_end, after=True)
            return
        if form in ("past", "participle"):
            be = _be_before(tokens, first, verb.start)
            if be is not None and form == "participle":
                start = max(first, be - _PASSIVE_WORDS)
                yield _Reach("passive", start, be, after=False)
                return
            if before == "" or before in _DETERMINERS or before in (",", "and", "•"):
                yield _Reach(
                    "nominal", verb.end, min(last, verb.end + _ADJECTIVAL_WORDS), after=True
                )
                return
        if form in ("base", "s") and before in _DETERMINERS:
            return  # "the support", "a treat": a noun
        if form == "s" and before == "of":
            return
        yield _Reach("active", verb.end, after_end, after=True)

    def _nominal(self, statement: Statement, verb: Hit) -> Iterator[_Reach]:
        tokens = statement.words.tokens
        for at in range(verb.end, min(statement.last, verb.end + 2)):
            if tokens[at] in _PREPOSITIONS:
                end = min(statement.last, at + 2 + _NOMINAL_WORDS)
                yield _Reach("nominal", at + 1, end, after=True)
                return

    def _filled(
        self,
        statement: Statement,
        limits: Boundaries,
        topic: Topic,
        lead_in: Actor | None,
        verb: Hit,
        reach: _Reach,
        targets: list[Hit],
        places: tuple[int, ...],
    ) -> Iterator[Claim]:
        near = [
            hit for hit in targets if _reached(hit, verb, reach) and not _parted(hit, verb, limits)
        ]
        if not near:
            referred = self._referred(statement, verb, reach, targets)
            if referred is None:
                near = []
            else:
                near = [referred]
        if not near and all(self._rules[place][1].when.target for place in places):
            return
        actor = self.actor(statement, limits, verb.start, active=reach.surface == "active")
        if actor.kind == "none" and lead_in is not None:
            actor = lead_in
        if actor.kind in ("none", "generic") and reach.surface != "active":
            actor = self._behind(statement, verb) or actor
        for place in places:
            number, rule = self._rules[place]
            if reach.surface not in rule.when.surface:
                continue
            if not self._acts(rule, actor, topic):
                continue
            target = self._target(rule, near, reach)
            if target is None and rule.when.target:
                continue
            start = min(verb.start, target.start) if target else verb.start
            end = max(verb.end, target.end) if target else verb.end
            treatment = actor.treatment
            named = treatment is not None
            if treatment is None and actor.kind != "other" and topic.terms:
                treatment = topic.terms[0]
            yield Claim(
                number, start, end, (verb.start, verb.end),
                (target.start, target.end) if target else None,
                reach.surface, actor.kind, treatment, named,
            )  # fmt: skip

    def _behind(self, statement: Statement, verb: Hit) -> Actor | None:
        """The treatment named after a noun: "relief from pain with PRP"."""
        for hit in statement.hits:
            if (
                hit.start >= verb.end
                and hit.wording.kind == "term"
                and "treatment" in self._classes[hit.wording.number]
            ):
                return Actor("treatment", hit.wording.number)
        return None

    def _referred(
        self, statement: Statement, verb: Hit, reach: _Reach, targets: list[Hit]
    ) -> Hit | None:
        """A pronoun for a target named before: "alleviate chronic pain but potentially cure it"."""
        tokens = statement.words.tokens
        if reach.surface != "active" or verb.end >= statement.last:
            return None
        if tokens[verb.end] not in _BACK_REFERENCES:
            return None
        for hit in reversed(targets):
            if hit.end <= verb.start:
                return Hit(verb.end, verb.end + 1, hit.wording)
        return None

    def _target(self, rule: ClaimRule, near: list[Hit], reach: _Reach) -> Hit | None:
        wanted = {reference[1:] for reference in rule.when.target}
        fitting = [hit for hit in near if self._classes[hit.wording.number] & wanted]
        if not fitting:
            return None
        if reach.after:
            start = min(hit.start for hit in fitting)
            return max((h for h in fitting if h.start == start), key=lambda h: h.end)
        end = max(hit.end for hit in fitting)
        return min((h for h in fitting if h.end == end), key=lambda h: h.start)

    def _acts(self, rule: ClaimRule, actor: Actor, topic: Topic) -> bool:
        """Whether the rule accepts who is said to act."""
        classes = (
            self._classes[actor.treatment]
            if actor.treatment is not None
            else (frozenset() if actor.kind == "other" else topic.classes)
        )
        if rule.when.topic and not classes:
            return False
        for accepted in rule.when.subject:
            if accepted == actor.kind or (accepted[0] == "@" and accepted[1:] in classes):
                return True
        return False


def claim_rules(rules: tuple[Rule, ...]) -> bool:
    """Whether there is any claim rule."""
    return any(isinstance(rule, ClaimRule) for rule in rules)


def _actor_kind(classes: frozenset[str]) -> tuple[str, Subject] | None:
    return next(((name, kind) for name, kind in _ACTORS if name in classes), None)


def _inside(hit: Hit, others: list[Hit]) -> bool:
    return any(
        other.start <= hit.start and hit.end <= other.end and other is not hit for other in others
    )


def _be_before(tokens: list[str], first: int, at: int) -> int | None:
    """The form of "be" up to three words before a participle ("can be effectively targeted")."""
    for number in range(at - 1, max(first, at - 4) - 1, -1):
        if tokens[number] in _BE:
            return number
        if tokens[number] in (",", ";", "and"):
            return None
    return None


def _reached(hit: Hit, verb: Hit, reach: _Reach) -> bool:
    if reach.after:
        return reach.start <= hit.start < reach.end
    if reach.surface == "compound":
        return reach.start <= hit.end <= reach.end and hit.start < verb.start
    return reach.start < hit.end <= reach.end


def _parted(hit: Hit, verb: Hit, limits: Boundaries) -> bool:
    start, end = (verb.end, hit.start) if hit.start >= verb.end else (hit.end, verb.start)
    return limits.between(start, end, soft=False)
