"""From candidates to findings: severity by policy, overlaps, exact places, one deterministic order."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from claimlint.model import fingerprint
from claimlint.model.document import Document
from claimlint.model.report import (
    Context,
    Excerpt,
    Finding,
    LetOff,
    Objection,
    Point,
    Range,
    Sentence,
    Support,
)
from claimlint.model.rule import DOCUMENT_CATEGORIES, SEVERITIES, Modality, Rule, Severity
from claimlint.model.text import Source, Span

_EXCERPT_BEFORE = 80
_EXCERPT_LENGTH = 240
# What FDA calls intended use: true, cited or hedged sentences still count for such products.
UNPROVEN = frozenset(["unapproved", "compounded"])
_DISEASE_CATEGORIES = frozenset(
    ["cure", "treatment", "efficacy", "mechanism", "safety", "approval"]
)


class Candidate(msgspec.Struct, frozen=True):
    """A statement that a rule objects to: prose indexes of a block and what was decided about it.

    `tokens` are the number of the sentence in the block and the tokens in it.
    """

    rule: int
    block: int
    tokens: tuple[int, int, int]
    start: int
    end: int
    sentence: tuple[int, int]
    severity: Severity
    modality: Modality
    evidence: Support
    because: str
    suggestions: tuple[str, ...]


def lowered(severity: Severity, steps: int = 1) -> Severity:
    """A milder severity, never milder than a note."""
    return SEVERITIES[max(0, SEVERITIES.index(severity) - steps)]


def moved(severity: Severity, common: Severity, found: Severity) -> Severity:
    """A severity made milder by as many steps as `found` is milder than `common`."""
    return lowered(severity, max(0, SEVERITIES.index(common) - SEVERITIES.index(found)))


def severity_of(
    rule: Rule, modality: Modality, support: Support, classes: frozenset[str], *, hidden: bool
) -> tuple[Severity, str]:
    """The severity of a statement by the policy, and what moved it.

    A hedge or an attribution lowers by one step, but not a promised cure and never below a warning for
    an unapproved or compounded product. Adequate evidence lowers an ordinary benefit claim to a note
    and never an error. What is hidden on the page is a note.
    """
    if hidden:
        return "note", "it is hidden on the page"
    severity = rule.severity
    reasons = []
    unproven = bool(classes & UNPROVEN) and rule.category in _DISEASE_CATEGORIES
    if modality != "asserted" and rule.category != "cure":
        milder = lowered(severity)
        if unproven and milder == "note" and severity != "note":
            reasons.append("not lowered further: the product is not approved")
        elif milder != severity:
            severity = milder
            reasons.append(f"lowered one step because it is {modality}")
    if (
        support == "adequate"
        and severity == "warning"
        and rule.severity != "error"
        and not unproven
    ):
        severity = "note"
        reasons.append("lowered to a note because it is supported")
    return severity, "; ".join(reasons)


def settled(candidates: list[Candidate]) -> list[Candidate]:
    """Of overlapping statements the most severe, then the longest; in the order of the text."""
    kept: list[Candidate] = []
    by_sentence: dict[tuple[int, int], list[Candidate]] = {}
    for candidate in sorted(candidates, key=_order):
        beside = by_sentence.setdefault((candidate.block, candidate.sentence[0]), [])
        if not any(other.start < candidate.end and candidate.start < other.end for other in beside):
            beside.append(candidate)
            kept.append(candidate)
    return kept


def beneath(
    candidates: list[Candidate],
    kept: list[Candidate],
    rules: Sequence[Rule],
    markets: tuple[str, ...],
) -> dict[Candidate, list[Candidate]]:
    """What lies hidden beneath each statement and says more than it: a market's own law, or more markets.

    The most severe of each rule; notes are left out. `markets` are those of the run.
    """
    by_sentence: dict[tuple[int, int], list[Candidate]] = {}
    for candidate in candidates:
        if candidate.severity != "note":
            by_sentence.setdefault((candidate.block, candidate.sentence[0]), []).append(candidate)
    found: dict[Candidate, list[Candidate]] = {}
    for one in kept:
        beside = by_sentence.get((one.block, one.sentence[0]), ())
        shown = rules[one.rule]
        told = shown.markets or markets
        hidden: dict[int, Candidate] = {}
        for other in beside:
            rule = rules[other.rule]
            adds = bool(rule.markets and not shown.markets) or (rule.markets or markets) != told
            if adds and other.start < one.end and one.start < other.end:
                known = hidden.get(other.rule)
                if known is None or _order(other) < _order(known):
                    hidden[other.rule] = other
        if hidden:
            found[one] = sorted(hidden.values(), key=_order)
    return found


def _order(candidate: Candidate) -> tuple[int, int, int, int]:
    """The most severe first, then the longest."""
    severity = SEVERITIES.index(candidate.severity)
    return (-severity, candidate.start - candidate.end, candidate.start, candidate.rule)


def left_alone(candidates: list[Candidate], kept: list[Candidate]) -> list[Candidate]:
    """Of the statements that rules left alone those in which nothing was found, each once."""
    found: dict[tuple[int, int], list[Candidate]] = {}
    for candidate in kept:
        found.setdefault((candidate.block, candidate.sentence[0]), []).append(candidate)
    spared = [
        one
        for one in candidates
        if not any(
            other.start < one.end and one.start < other.end
            for other in found.get((one.block, one.sentence[0]), ())
        )
    ]
    return sorted(settled(spared), key=lambda one: (one.block, one.start, one.end))


def point(source: Source, offset: int) -> Point:
    """An offset with its line, column and place."""
    position = source.position(offset)
    return Point(offset, position.line, position.column, position.place)


def range_of(source: Source, span: Span) -> Range:
    """A span with the positions of both ends."""
    return Range(point(source, span.start), point(source, span.end))


def excerpt(source: Source, span: Span) -> Excerpt:
    """The source around a span, within its lines and bounded."""
    text = source.text
    first = max(_line_start(text, span.start), span.start - _EXCERPT_BEFORE)
    limit = min(len(text), max(first + _EXCERPT_LENGTH, span.start))
    ends = (text.find(sign, span.end, limit) for sign in "\n\r")
    stop = min((at for at in ends if at >= 0), default=limit)
    shown = text[first:stop]
    return Excerpt(
        shown, span.start - first, min(span.end - first, len(shown)), source.position(first).line
    )


def _line_start(text: str, offset: int) -> int:
    low = max(0, offset - _EXCERPT_BEFORE)
    return max(text.rfind("\n", low, offset), text.rfind("\r", low, offset), low - 1) + 1


class Pointed(msgspec.Struct, frozen=True):
    """Prose of a block that a finding points at, and its sentence, as indexes."""

    block: int
    start: int
    end: int
    sentence: tuple[int, int]


def finding(
    document: Document,
    rules: Sequence[Rule],
    markets: tuple[str, ...],
    candidate: Candidate,
    hidden: Sequence[Candidate] = (),
) -> Finding:
    """Make the finding of a candidate; `hidden` lies beneath it."""
    rule = rules[candidate.rule]
    at = Pointed(candidate.block, candidate.start, candidate.end, candidate.sentence)
    return _made(
        document,
        rule,
        markets,
        candidate.severity,
        at,
        Context(candidate.modality, candidate.evidence, candidate.because),
        candidate.suggestions,
        _mark(document, rule, at),
        tuple(_objection(rules[other.rule], markets, other) for other in hidden),
    )


def _objection(rule: Rule, markets: tuple[str, ...], candidate: Candidate) -> Objection:
    return Objection(
        rule.id, candidate.severity, rule.markets or markets, rule.message, rule.authorities
    )


def let_off(document: Document, rule: Rule, candidate: Candidate) -> LetOff:
    """Tell of a statement that a rule left alone."""
    source, block = document.source, document.blocks[candidate.block]
    where = block.map.span(*candidate.sentence)
    return LetOff(
        rule=rule.id,
        category=rule.category,
        words=block.text[candidate.start : candidate.end],
        span=range_of(source, block.map.span(candidate.start, candidate.end)),
        sentence=Sentence(block.text[slice(*candidate.sentence)], where.start, where.end),
        context=Context(candidate.modality, candidate.evidence, candidate.because),
    )


def document_finding(
    document: Document,
    name: str,
    rule: Rule,
    markets: tuple[str, ...],
    at: Pointed | None,
    because: str,
    suggestions: tuple[str, ...] = (),
) -> Finding:
    """Make a finding about the document of this name; without `at` it points at nothing, at 0..0."""
    context = Context("asserted", "not_needed", because)
    mark = fingerprint.of_document(rule.id, name)
    if at is not None and rule.category not in DOCUMENT_CATEGORIES:
        mark = _mark(document, rule, at)
    return _made(document, rule, markets, rule.severity, at, context, suggestions, mark)


def _mark(document: Document, rule: Rule, at: Pointed) -> str:
    """The fingerprint of what a finding points at."""
    text, (begin, end) = document.blocks[at.block].text, at.sentence
    words, before = text[at.start : at.end], text[begin : at.start]
    return fingerprint.of_statement(rule.id, text[begin:end], words, before)


def _made(
    document: Document,
    rule: Rule,
    markets: tuple[str, ...],
    severity: Severity,
    at: Pointed | None,
    context: Context,
    suggestions: tuple[str, ...],
    mark: str,
    also: tuple[Objection, ...] = (),
) -> Finding:
    """Put a finding together; every place is looked up in the block's map, never searched."""
    source = document.source
    span, words, sentence = Span(0, 0), "", None
    if at is not None:
        block = document.blocks[at.block]
        span = block.map.span(at.start, at.end)
        words = block.text[at.start : at.end]
        where = block.map.span(*at.sentence)
        sentence = Sentence(block.text[slice(*at.sentence)], where.start, where.end)
    return Finding(
        rule=rule.id,
        category=rule.category,
        severity=severity,
        markets=rule.markets or markets,
        message=rule.message,
        why=rule.why,
        text=source.slice(span),
        words=words,
        span=range_of(source, span),
        sentence=sentence,
        excerpt=excerpt(source, span),
        suggestions=suggestions,
        authorities=rule.authorities,
        context=context,
        fingerprint=mark,
        also=also,
    )
