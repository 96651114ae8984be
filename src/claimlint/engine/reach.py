"""Where the target of a verb may stand: behind it, before a passive, around a noun.

A strong verb may stand further from its target than a weak one.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from claimlint.engine.actors import VERB_OPENERS
from claimlint.engine.clauses import Boundaries
from claimlint.engine.match import Hit
from claimlint.engine.statement import Statement
from claimlint.model.rule import Surface

_WINDOW_WORDS = {"s": 9, "m": 7, "w": 5}
_NOMINAL_WORDS = 6
_ADJECTIVAL_WORDS = 4
_BE = frozenset(["is", "are", "was", "were", "be", "been", "being", "get", "gets", "got"])
_DETERMINERS = frozenset(
    ["a", "an", "the", "our", "your", "their", "its", "this", "these", "those", "my", "no", "any", "every",
     "each", "some", "of"]
)  # fmt: skip
# Behind one of these "that" points at something; behind a noun it begins what is said of it.
_BEFORE_POINTING = frozenset(
    ["and", "or", "but", "of", "for", "from", "in", "at", "on", "to", "with", "by", "is", "was", "see",
     "need", "want", "like", "do", "did", "does"]
)  # fmt: skip
_PREPOSITIONS = frozenset(["of", "for", "from", "in", "against", "to", "with", "on"])
_ARTICLES = frozenset(["a", "an", "the", "such"])  # none that can be a subject, as "these" can
_NOUN_FOLLOWERS = frozenset(
    ["and", "or", ",", ".", ":", ";", "!", "?", "of", "for", "in", "with", "through", "by", "is", "are",
     "may", "can", "from", "at"]
)  # fmt: skip


class Reach(msgspec.Struct, frozen=True):
    """Where a target may stand relative to a verb: token range and direction."""

    surface: Surface
    start: int
    end: int
    after: bool


def reaches(statement: Statement, verb: Hit, strength: str) -> Iterator[Reach]:
    """Where the target of a verb may stand, by the verb's form and what is beside it."""
    tokens, last = statement.tokens, len(statement.tokens)
    form = verb.wording.form
    before = tokens[verb.start - 1] if verb.start else ""
    after_end = min(last, verb.end + _WINDOW_WORDS[strength] + 1)
    if form in ("noun", "adjective"):
        if before in VERB_OPENERS and form == "noun" and before not in ("and", "or"):
            return  # "to relief" is rare, "to cure" is a verb
        yield from _nominal(statement, verb)
        if form == "noun":
            joined = before in _NOUN_FOLLOWERS or not before.isalpha()
            near = verb.start if joined else max(0, verb.start - 1)
            yield Reach("compound", near, verb.start, after=False)
        return
    if form == "phrase":
        yield Reach("active", verb.end, after_end, after=True)
        return
    if form in ("past", "participle"):
        be = _be_before(tokens, verb.start)
        if be is not None and form == "participle":
            yield Reach("passive", _subject_end(tokens, be) - 1, be, after=False)
            return
        if tokens[verb.end : verb.end + 1] == ["by"]:
            return  # "a study supported by …" says nothing of what follows
        if before in _ARTICLES:
            return  # "the activated drug": it describes what follows
        that = _points(tokens, verb.start - 1)
        if before == "" or before in _DETERMINERS or that or before in (",", "and", "•"):
            yield Reach("nominal", verb.end, min(last, verb.end + _ADJECTIVAL_WORDS), after=True)
            return
    if form in ("base", "s") and (before in _DETERMINERS or _points(tokens, verb.start - 1)):
        return  # "the support", "a treat", "with that support": a noun
    if form == "s" and before == "of":
        return
    yield Reach("active", verb.end, after_end, after=True)


def _points(tokens: list[str], at: int) -> bool:
    """Whether a token is a "that" which points, and does not begin a relative clause."""
    if at < 0 or tokens[at] != "that":
        return False
    return at == 0 or tokens[at - 1] in _BEFORE_POINTING or not tokens[at - 1].isalpha()


def _nominal(statement: Statement, verb: Hit) -> Iterator[Reach]:
    tokens = statement.tokens
    for at in range(verb.end, min(len(statement.tokens), verb.end + 2)):
        if tokens[at] in _PREPOSITIONS:
            end = min(len(statement.tokens), at + 2 + _NOMINAL_WORDS)
            yield Reach("nominal", at + 1, end, after=True)
            return


def is_noun(statement: Statement, verb: Hit, ends: set[int]) -> bool:
    """Whether a verb's plain form is a noun behind its target ("tissue repair and recovery")."""
    if verb.wording.form not in ("base", "s") or verb.start not in ends:
        return False
    return verb.end >= len(statement.tokens) or statement.tokens[verb.end] in _NOUN_FOLLOWERS


def _be_before(tokens: list[str], at: int) -> int | None:
    """The form of "be" up to three words before a participle ("can be effectively targeted")."""
    for number in range(at - 1, max(0, at - 4) - 1, -1):
        if tokens[number] in _BE:
            return number
        if tokens[number] in (",", ";", "and"):
            return None
    return None


def _subject_end(tokens: list[str], be: int) -> int:
    """The token behind the subject of a form of "be": auxiliaries and adverbs stand between."""
    while be > 0 and (tokens[be - 1] in VERB_OPENERS or tokens[be - 1].endswith("ly")):
        be -= 1
    return be


def reached(hit: Hit, verb: Hit, reach: Reach) -> bool:
    """Whether a target stands where a reach allows."""
    if reach.after:
        return reach.start <= hit.start < reach.end
    if reach.surface == "compound":
        return reach.start <= hit.end <= reach.end and hit.start < verb.start
    return reach.start < hit.end <= reach.end


def parted(hit: Hit, verb: Hit, limits: Boundaries) -> bool:
    """Whether a clause ends between a verb and its target."""
    start, end = (verb.end, hit.start) if hit.start >= verb.end else (hit.end, verb.start)
    return limits.between(start, end, soft=False)
