"""Claim frames: a treatment is said to act on a condition, symptom, tissue or function.

Surfaces: active ("repairs damaged discs"), passive ("pain is relieved"), nominal ("relief from pain"),
compound ("disc regeneration").
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from claimlint.engine.actors import LABEL_ENDS, NOBODY, SOMEBODY, Actor, Actors
from claimlint.engine.clauses import Boundaries, Clauses
from claimlint.engine.context import Reading
from claimlint.engine.evidence import Scope
from claimlint.engine.match import Hit, HitRow, Matcher
from claimlint.engine.names import Names
from claimlint.engine.reach import Reach, is_noun, parted, reached, reaches
from claimlint.engine.statement import Statement, Topic
from claimlint.model.rule import ClaimRule, Frame, Subject, Surface
from claimlint.model.ruleset import FormName, Ruleset

_BACK_REFERENCES = frozenset(["it", "them", "these"])
# A lead-in's verb stands this near to its end, an item's target this near to the item's start.
_OPEN_WORDS = 3
_ITEM_WORDS = 4


# Every verb of benefit with every target, whoever acts: what the claim model hears of a sentence.
_VERBS = (
    "cure",
    "reverse",
    "treat",
    "prevent",
    "relieve",
    "improve",
    "increase",
    "regenerate",
    "aid",
)
_TARGETS: tuple[tuple[str, ...], ...] = (
    ("condition", "pathogen"),
    ("symptom",),
    ("tissue",),
    ("function", "state"),
    ("universal", "population"),
)
_ANYBODY: tuple[Subject, ...] = ("treatment", "ours", "generic", "pronoun", "none", "other")

# Before "you" and a verb these begin what the reader does, not what something does for the reader.
_READER_CLAUSES = frozenset(
    ["when", "whenever", "while", "if", "as", "that", "how", "before", "after", "once"]
)

# What a term can be in a frame.
_VERB, _TARGET, _NAME = 1, 2, 4


class Shape(msgspec.Struct, frozen=True):
    """The bare kind of a frame: a class of verbs, and the first of the classes of its target."""

    verb: str
    target: str


class Claim(msgspec.Struct, frozen=True):
    """A filled frame, in token numbers of the block: the whole statement, its head, its target.

    `rule` is the rule whose frame it is, or -1 for a bare `shape`, to which no rule objects.
    """

    rule: int
    start: int
    end: int
    head: tuple[int, int]
    form: FormName
    target: tuple[int, int] | None
    surface: Surface
    subject: Subject
    treatment: int | None
    named: bool
    shape: Shape | None = None


class LeadIn(msgspec.Struct, frozen=True):
    """What a lead-in passes on to its items: how it is meant, who acts, verbs that await a target.

    `listed` are the rules to which every item of such a list is a claim. `treatment` are the words for
    the treatment that acts, when there is one.
    """

    readings: tuple[Reading, ...]
    actor: Actor | None
    verbs: tuple[Hit, ...]
    listed: tuple[int, ...] = ()
    treatment: str = ""


class _Slots(msgspec.Struct, frozen=True):
    """A frame to fill, and whose it is."""

    rule: int
    frame: Frame
    shape: Shape | None


def _reader_acts(tokens: list[str], at: int) -> bool:
    """Whether the verb at a token is what the reader does: "when you tighten your jaw"."""
    return at > 1 and tokens[at - 1] == "you" and tokens[at - 2] in _READER_CLAUSES


def _bare_frames() -> list[_Slots]:
    return [
        _Slots(
            -1,
            Frame(
                verb=(f"@{verb}",),
                target=tuple(f"@{name}" for name in targets),
                subject=_ANYBODY,
            ),
            Shape(verb, targets[0]),
        )
        for verb in _VERBS
        for targets in _TARGETS
    ]


NO_LEAD_IN = LeadIn((), None, ())


class Framer:
    """Finds the claim frames of sentences by the claim rules of a ruleset."""

    def __init__(self, ruleset: Ruleset, matcher: Matcher, names: Names) -> None:
        self._frames: list[_Slots] = [
            _Slots(number, rule.when, None)
            for number, rule in enumerate(ruleset.rules)
            if isinstance(rule, ClaimRule)
        ]
        self._frames += _bare_frames()
        self._terms = ruleset.terms
        self._classes = matcher.classes
        by_class: dict[str, list[int]] = {}
        targets: set[str] = set()
        for place, slots in enumerate(self._frames):
            for reference in slots.frame.verb:
                by_class.setdefault(reference[1:], []).append(place)
            targets.update(reference[1:] for reference in slots.frame.target)
        self._wanted = [
            tuple(sorted({place for name in classes for place in by_class.get(name, ())}))
            for classes in matcher.class_sets
        ]
        named = frozenset(["treatment", "standard_care"])
        self._roles = [
            bool(wanted) * _VERB + bool(classes & targets) * _TARGET + bool(classes & named) * _NAME
            for wanted, classes in zip(self._wanted, matcher.class_sets, strict=True)
        ]
        self._class_of = matcher.class_of
        # With a rule that needs no target, a verb alone can make a claim.
        self._needed = (
            _VERB if any(not slots.frame.target for slots in self._frames) else _VERB | _TARGET
        )
        self.actors = Actors(matcher, names)

    def may_claim(self, statement: Statement, lead_in: LeadIn) -> bool:
        """Whether a sentence holds what a claim needs at least (the gate)."""
        roles, class_of = self._roles, self._class_of
        held = _VERB if lead_in.verbs else 0
        for hit in statement.terms:
            held |= roles[class_of[hit.wording.number]]
        return held & self._needed == self._needed

    def claims(
        self, statement: Statement, clauses: Clauses, topic: Topic, lead_in: LeadIn
    ) -> Iterator[Claim]:
        """Every filled frame of every claim rule in a sentence."""
        roles, class_of = self._roles, self._class_of
        verbs, targets, shields = [], [], []
        for hit in statement.terms:
            role = roles[class_of[hit.wording.number]]
            if role & _VERB:
                verbs.append(hit)
            if role & _TARGET:
                targets.append(hit)
            if role & _NAME:
                shields.append(hit)
        # What stands inside a treatment's name is no target ("pain" in "pain program"), unless the verb
        # takes hold of the name itself ("cure back pain program").
        spoken = HitRow(targets)
        if shields:
            around = HitRow(shields).around
            targets = [hit for hit in targets if not around(hit)]
        if lead_in.verbs:
            yield from self._listed(statement, topic, lead_in, targets)
        in_name = HitRow([hit for hit in shields if hit.end - hit.start > 1]).around
        free = HitRow(targets)
        ends = {hit.end for hit in targets}
        for verb in verbs:
            if in_name(verb) or is_noun(statement, verb, ends):
                continue
            for reach in reaches(statement, verb, self._terms.strengths[verb.wording.number]):
                first = reach.start if reach.after else reach.start - free.longest
                near = [h for h in free.between(first, reach.end) if reached(h, verb, reach)]
                if not near and reach.surface == "active":
                    near = spoken.between(verb.end, verb.end + 1)
                yield from self._filled(
                    statement, clauses, topic, lead_in.actor, verb, reach, near, targets
                )

    def cited_for(self, statement: Statement, clauses: Clauses, start: int, end: int) -> Scope:
        """Where a source counts for the tokens start..end of a sentence."""
        first, last = self.actors.clauses_about(statement, clauses.limits, start, end)
        claim = statement.place(start, end)[0]
        verbs = (
            hit
            for hit in statement.terms
            if self._roles[self._class_of[hit.wording.number]] & _VERB
        )
        opening = next((statement.indexes[hit.start] for hit in verbs), first)
        return Scope(first, last, claim, min(opening, claim))

    def open_verbs(self, statement: Statement) -> tuple[Hit, ...]:
        """The verbs at the end of a lead-in ("It is effective for:") that its items complete."""
        if not LABEL_ENDS.intersection(statement.tokens[-1:]):  # there may be none at all: "_"
            return ()
        return tuple(
            hit
            for hit in statement.terms
            if self._wanted[self._class_of[hit.wording.number]]
            and 1 <= len(statement.tokens) - hit.end <= _OPEN_WORDS
        )

    def _listed(
        self, statement: Statement, topic: Topic, lead_in: LeadIn, targets: list[Hit]
    ) -> Iterator[Claim]:
        """Targets at the start of an item whose lead-in holds the verb."""
        near = [hit for hit in targets if hit.start < _ITEM_WORDS]
        actor = lead_in.actor or NOBODY
        reach = Reach("item", 0, len(statement.tokens), after=True)
        for verb in lead_in.verbs:
            for place in self._wanted[self._class_of[verb.wording.number]]:
                slots = self._frames[place]
                target = self._target(slots.frame, near, reach)
                accepted = "item" in slots.frame.surface and self._acts(slots.frame, actor, topic)
                if target is not None and accepted:
                    yield self._claim(slots, target, target, "item", actor, topic)

    def _filled(
        self,
        statement: Statement,
        clauses: Clauses,
        topic: Topic,
        lead_in: Actor | None,
        verb: Hit,
        reach: Reach,
        near: list[Hit],
        targets: list[Hit],
    ) -> Iterator[Claim]:
        places = self._wanted[self._class_of[verb.wording.number]]
        if near:
            near = [hit for hit in near if not parted(hit, verb, clauses.limits)]
        if not near:
            referred = self._referred(statement, verb, reach, targets)
            near = [] if referred is None else [referred]
        if not near and all(self._frames[place].frame.target for place in places):
            return
        actor = self._actor(statement, clauses.limits, lead_in, verb, reach)
        for place in places:
            slots = self._frames[place]
            frame = slots.frame
            if reach.surface not in frame.surface or not self._acts(frame, actor, topic):
                continue
            target = self._target(frame, near, reach)
            if target is not None or not frame.target:
                yield self._claim(slots, verb, target, reach.surface, actor, topic)

    def _actor(
        self,
        statement: Statement,
        limits: Boundaries,
        lead_in: Actor | None,
        verb: Hit,
        reach: Reach,
    ) -> Actor:
        """Who acts in a frame, by its surface."""
        active = reach.surface == "active"
        if active and _reader_acts(statement.tokens, verb.start):
            return SOMEBODY
        if reach.surface == "passive":
            agent = self.actors.agent(statement, verb.end)
            if agent is not None:
                return agent
        actor = self.actors.before(statement, limits, verb.start, active=active)
        if actor.kind == "none" and lead_in is not None:
            actor = lead_in
        if actor.kind == "none" and active:
            actor = self.actors.unnamed(statement, limits, verb)
        if actor.kind in ("none", "generic") and not active:
            actor = self.actors.behind(statement, verb.end) or actor
        if actor.kind in ("none", "ours") and active:
            actor = self.actors.means(statement, limits, verb.end) or actor
        return actor

    def _claim(
        self,
        slots: _Slots,
        head: Hit,
        target: Hit | None,
        surface: Surface,
        actor: Actor,
        topic: Topic,
    ) -> Claim:
        treatment = actor.treatment
        if treatment is None and actor.kind != "other" and not actor.product and topic.terms:
            treatment = topic.terms[0]
        return Claim(
            slots.rule,
            min(head.start, target.start) if target else head.start,
            max(head.end, target.end) if target else head.end,
            (head.start, head.end),
            head.wording.form,
            (target.start, target.end) if target else None,
            surface,
            actor.kind,
            treatment,
            actor.treatment is not None,
            slots.shape,
        )

    def _referred(
        self, statement: Statement, verb: Hit, reach: Reach, targets: list[Hit]
    ) -> Hit | None:
        """A pronoun for a target named before: "alleviate chronic pain but potentially cure it"."""
        tokens = statement.tokens
        if reach.surface != "active" or verb.end >= len(statement.tokens):
            return None
        if tokens[verb.end] not in _BACK_REFERENCES:
            return None
        for hit in reversed(targets):
            if hit.end <= verb.start:
                return Hit(verb.end, verb.end + 1, hit.wording)
        return None

    def _target(self, frame: Frame, near: list[Hit], reach: Reach) -> Hit | None:
        wanted = {reference[1:] for reference in frame.target}
        fitting = [hit for hit in near if self._classes(hit.wording.number) & wanted]
        if not fitting:
            return None
        if reach.after:
            start = min(hit.start for hit in fitting)
            return max((h for h in fitting if h.start == start), key=lambda h: h.end)
        end = max(hit.end for hit in fitting)
        return min((h for h in fitting if h.end == end), key=lambda h: h.start)

    def _acts(self, frame: Frame, actor: Actor, topic: Topic) -> bool:
        """Whether a frame accepts who is said to act."""
        if actor.kind == "pronoun" and topic.of_others:
            return False
        classes = (
            self._classes(actor.treatment)
            if actor.treatment is not None
            else (frozenset() if actor.kind in ("other", "ours") else topic.classes)
        )
        if frame.topic and not classes and not actor.product:
            return False
        for accepted in frame.subject:
            if accepted == actor.kind or (accepted[0] == "@" and accepted[1:] in classes):
                return True
        return False
