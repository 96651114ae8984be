"""Which disclosures a document owes, which it has, and whether they stand where they count."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from claimlint.engine.match import Hit, Matcher
from claimlint.engine.statement import Statement, Topic
from claimlint.model.document import Document
from claimlint.model.report import DisclosureStatus
from claimlint.model.rule import RequireRule
from claimlint.model.ruleset import Ruleset


class Words(NamedTuple):
    """Tokens start..end of a sentence of a block; none at all stands for the whole block."""

    block: int
    sentence: int
    start: int
    end: int


class Judged(msgspec.Struct, frozen=True):
    """A disclosure as judged; `at` is where it stands, or the words that made it due."""

    rule: int
    status: DisclosureStatus
    at: Words | None


class _Said(msgspec.Struct, frozen=True):
    """What a document says that disclosures turn on; terms by the name of a class."""

    content: dict[tuple[int, int], list[Words]]
    mentions: dict[int, Words]
    terms: dict[str, Words]


def judge(
    document: Document,
    ruleset: Ruleset,
    matcher: Matcher,
    statements: list[list[Statement]],
    topic: Topic,
    claims: dict[str, Words],
) -> list[Judged]:
    """Judge every disclosure; `claims` holds the first statement found of each category."""
    said = _read(document, matcher, statements)
    judged = []
    for number, rule in enumerate(ruleset.rules):
        if not isinstance(rule, RequireRule):
            continue
        due = _due(rule, said.mentions.get(number), said.terms, topic, claims)
        if due is None:
            judged.append(Judged(number, "not_required", None))
        else:
            found = _found(document, number, rule, said.content)
            judged.append(found or Judged(number, "missing", due))
    return judged


def _read(document: Document, matcher: Matcher, statements: list[list[Statement]]) -> _Said:
    """The disclosures' wordings wherever they stand, and the first mentions in the content."""
    said = _Said({}, {}, {})
    terms: dict[int, Words] = {}  # by set of classes, of which there are few
    for block, within in zip(document.blocks, statements, strict=True):
        for statement in within:
            for hit in statement.hits.get("content", ()):
                key = (hit.wording.number, hit.wording.group)
                said.content.setdefault(key, []).append(_at(statement, hit))
            if block.zone == "content":
                for hit in statement.hits.get("mention", ()):
                    said.mentions.setdefault(hit.wording.number, _at(statement, hit))
                for hit in statement.terms:
                    classes = matcher.class_of[hit.wording.number]
                    if classes not in terms:
                        terms[classes] = _at(statement, hit)
    for number, at in sorted(terms.items(), key=lambda item: item[1]):
        for name in matcher.class_sets[number]:
            said.terms.setdefault(name, at)
    return said


def _at(statement: Statement, hit: Hit) -> Words:
    return Words(statement.block, statement.number, hit.start, hit.end)


def _due(
    rule: RequireRule,
    mention: Words | None,
    terms: dict[str, Words],
    topic: Topic,
    claims: dict[str, Words],
) -> Words | None:
    """The words that make a disclosure necessary, or None when it is not."""
    places: list[Words] = []
    if rule.when.claims:
        made = [claims[category] for category in rule.when.claims if category in claims]
        if not made:
            return None
        places.append(min(made))
    if rule.when.mentions:
        named = [terms[m[1:]] for m in rule.when.mentions if m[0] == "@" and m[1:] in terms]
        if mention is not None:
            named.append(mention)
        if not named:
            return None
        places.append(min(named))
    if rule.when.topic:
        about = [ref[1:] for ref in rule.when.topic if ref[1:] in topic.classes]
        if not about:
            return None
        spoken = [terms[name] for name in about if name in terms]
        places.extend([min(spoken)] if spoken else [])
    return places[0] if places else Words(0, 0, 0, 0)


def _found(
    document: Document,
    number: int,
    rule: RequireRule,
    content: dict[tuple[int, int], list[Words]],
) -> Judged | None:
    """The disclosure when every group of its content is said; misplaced when only elsewhere."""
    first: Words | None = None
    misplaced: Words | None = None
    for group in range(len(rule.content)):
        said = content.get((number, group), [])
        well = [at for at in said if document.blocks[at.block].zone in rule.place]
        if not said:
            return None
        if not well:
            misplaced = misplaced or said[0]
        first = first or (well or said)[0]
    if misplaced is not None:
        return Judged(number, "misplaced", misplaced)
    return Judged(number, "present", first)
