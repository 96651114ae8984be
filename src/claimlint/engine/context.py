"""What a statement is meant as: asserted, hedged, negated, asked, attributed or debunked, and why.

The algorithm is that of NegEx and ConText (Chapman 2001, Harkema 2009) with cues made for marketing:
a cue reaches forward or backward over a number of words, ends at its clause or its sentence, and is no
cue inside one of its exempt phrases.
"""

from __future__ import annotations

import msgspec

from claimlint.engine.clauses import Boundaries, Clauses
from claimlint.engine.match import Hit
from claimlint.engine.statement import Statement
from claimlint.model.rule import Cue, Modality
from claimlint.model.words import NEGATED

# When several cues apply, the first of these names the modality.
_ORDER: tuple[Modality, ...] = (
    "debunked", "negated", "questioned", "hypothetical", "attributed", "hedged", "asserted",
)  # fmt: skip


_CLOSED = (["."], ["!"])
_POINTING = frozenset(["following", "below"])

_ASKING = frozenset(
    ["is", "are", "can", "could", "does", "do", "did", "will", "would", "should", "may", "might", "has",
     "have", "was", "were", "what", "which", "when", "where", "who", "whether", "if", "isn't", "doesn't"]
)  # fmt: skip
_CONCEDING = frozenset(["although", "though", "while", "whilst", "despite"])
_JOINING = frozenset(["and", "but"])
SAID_BY_OTHERS = frozenset(["attributed", "debunked"])
_JOINING_CLAUSES = frozenset(["and", "or", "so", "as", "since", "while", "which", "because"])
_BACK = frozenset(["this", "it", "they", "these", "both"])
_POINTING_BACK = 3  # tokens between the sign and the cue
_COMPARED = frozenset(["unlike", "where", "whom", "who", "than"])
_PAST_BE = frozenset(["was", "were"])
_SUBORDINATE = frozenset(
    ["that", "whether", "if", "who", "which", "it", "they", "he", "she", "how", "say", "says", "claim",
     "think", "mean", "follow", "suggest", "imply", "prove", "believe", "promise", "promised", "told"]
)  # fmt: skip
_FINITE = frozenset(["will", "can"])
_AUXILIARIES = _FINITE | {"also", "now", "really", "actually", "even", "help", "helps"}
_BEHIND_NOUNS = frozenset(["for", "of", "and", "or", ",", "."])
_ASIDES = frozenset(["so", "but", "and", "or", "well", ",", '"', "“", "•", "…"])
# Who is asked so is invited: "Would you like to be free of pain?"
_INVITING = frozenset(
    [("did", "you"), ("would", "you"), ("are", "you"), ("what", "if"), ("isn't", "it"), ("who", "needs"),
     ("who", "wants")]
)  # fmt: skip


class Reading(msgspec.Struct, frozen=True):
    """One thing that changes how a statement is meant."""

    modality: Modality
    because: str


class CueHit(msgspec.Struct, frozen=True):
    """A cue that stands in a sentence and is not part of one of its exempt phrases."""

    start: int
    end: int
    cue: Cue
    words: str


def cue_hits(statement: Statement, cues: tuple[Cue, ...]) -> list[CueHit]:
    """The cues of a sentence."""
    exempt = statement.hits.get("exempt", ())
    return [
        CueHit(hit.start, hit.end, cues[hit.wording.number], _words(statement, hit))
        for hit in statement.hits.get("cue", ())
        if not any(
            other.wording.number == hit.wording.number
            and other.start < hit.end
            and hit.start < other.end
            for other in exempt
        )
    ]


def readings(
    statement: Statement,
    found: list[CueHit],
    clauses: Clauses,
    head: tuple[int, int],
    reach_to: int,
    passed_on: tuple[Reading, ...],
) -> list[Reading]:
    """Everything that changes the statement whose head stands at the tokens `head`.

    `reach_to` is the token behind the whole statement; a cue between the head and that token
    ("relieves no pain") counts as well. `passed_on` comes from the lead-in.
    """
    if not (found or passed_on or statement.question):
        return []
    applied = [hit for hit in found if _applies(hit, statement, clauses, head, reach_to)]
    result = [
        Reading(hit.cue.effect, f"“{hit.words}”: {hit.cue.because}")
        for hit in _uncancelled(applied, head[0])
    ]
    result += passed_on
    if statement.question and asks(statement.tokens):
        result.append(Reading("questioned", "it is asked, not said"))
    return result


def asks(tokens: list[str]) -> bool:
    """Whether a sentence with a question mark leaves open what it says.

    "Can PRP cure arthritis?" does; "Did you know that it does?", "Ready to be cured?" and "Why does it
    work so well?" take it for granted.
    """
    label = next((at for at in range(min(3, len(tokens))) if tokens[at] == ":"), -1)
    if tokens[0] == "if" and "," in tokens:  # "If it hurts, why wait?" asks behind the comma
        label = tokens.index(",")
    words = [token for token in tokens[label + 1 : label + 5] if token not in _ASIDES]
    return bool(words) and words[0] in _ASKING and tuple(words[:2]) not in _INVITING


def conceded(tokens: list[str]) -> int:
    """The token behind the comma of a concession that opens a sentence ("Though it is new, …"), else 0."""
    if tokens[0] not in _CONCEDING and tokens[:2] != ["even", "though"]:
        return 0
    return tokens.index(",") + 1 if "," in tokens else 0


def _uncancelled(found: list[CueHit], head: int) -> list[CueHit]:
    """Without a denial and what calls it false: "It is a myth that PRP cannot heal" says that it can."""
    before = [hit for hit in found if hit.end <= head]
    false = [hit for hit in before if hit.cue.effect == "debunked"]
    denied = [hit for hit in before if hit.cue.effect == "negated"]
    if not false or not denied:
        return found
    first = min(hit.start for hit in denied)
    once = first <= max(hit.start for hit in denied) < min(hit.end for hit in denied)
    if not once or max(hit.end for hit in false) > first:
        return found
    return [hit for hit in found if hit not in false and hit not in denied]


def _applies(
    hit: CueHit, statement: Statement, clauses: Clauses, head: tuple[int, int], reach_to: int
) -> bool:
    cue, limits, tokens = hit.cue, clauses.limits, statement.tokens
    if cue.direction in ("forward", "both"):
        if hit.end <= head[0]:
            near = head[0] - hit.end <= cue.reach_words
            if near and _reaches_forward(hit, tokens, clauses, head[0]):
                return not _is_second_predicate(hit, statement, head[0])
        elif head[1] <= hit.start < reach_to:
            return True
    if cue.direction in ("backward", "both") and hit.start >= head[1]:
        distance = hit.start - reach_to
        # "It cures pain and is not proven for sleep" joins a second statement.
        narrow = cue.direction == "backward" or cue.bound != "sentence"
        joined = narrow and tokens[hit.start - 1] in _JOINING
        return (
            distance <= cue.reach_words
            and not joined
            and (
                _reaches_backward(hit, tokens, limits, reach_to)
                if cue.bound == "sentence"
                else not limits.between(min(reach_to, hit.start), hit.start, soft=True)
            )
        )
    return False


def _reaches_forward(hit: CueHit, tokens: list[str], clauses: Clauses, head: int) -> bool:
    """Whether no clause ends between a cue and the head behind it.

    None that is bound to its sentence goes beyond a "but", another subject behind an "and", the concession
    in which it stands, or an aside: "Exosomes, which are not approved, reverse hair loss".
    """
    limits = clauses.limits
    if any(start < hit.start and hit.end <= end <= head for start, end in limits.asides):
        return False
    if hit.end <= conceded(tokens) <= head:
        return False
    # What others are said to say of "our" drip is the page's own claim, and so is what it agrees with.
    if hit.cue.effect == "attributed" and clauses.is_own(hit.end, head):
        return False
    if hit.cue.bound != "sentence":
        return not limits.between(hit.end, head, soft=True)
    return not any(hit.end <= at < head for at in limits.turns)


def _is_second_predicate(hit: CueHit, statement: Statement, head: int) -> bool:
    """Whether the verb at the token `head`, behind an "and", has its own say after a denial.

    "It is not a drug and cures pain", "It was first used in 1967 and cures pain". Not in what is
    subordinate to the denial ("not shown that it eases pain and cures it"), nor behind a verb like it.
    """
    tokens = statement.tokens
    joint = head - 1
    while tokens[joint] in _AUXILIARIES and joint > hit.end:
        joint -= 1
    is_verb = tokens[head][-1] == "s" and _BEHIND_NOUNS.isdisjoint(tokens[head + 1 : head + 2])
    if tokens[joint] != "and" or not (is_verb or not _FINITE.isdisjoint(tokens[joint + 1 : head])):
        return False
    cue = tokens[hit.start : hit.end]
    once = hit.cue.effect == "attributed" and cue[0] in _PAST_BE
    denied = hit.cue.effect == "negated" and any(one == "not" or one in NEGATED for one in cue)
    if not (once or denied) or not _SUBORDINATE.isdisjoint(tokens[hit.start : head]):
        return False
    return not any(
        one.wording.form == "s" and hit.end <= one.start < joint for one in statement.terms
    )


def _reaches_backward(hit: CueHit, tokens: list[str], limits: Boundaries, reach_to: int) -> bool:
    """Whether a cue that is bound to its sentence speaks of what stands before it.

    A limit of what is known ("…, and trials are needed") always does. A verdict of others does not behind
    a comma that joins something else, "…, and nobody has been fined for that", behind what it is compared
    with, nor, when it calls a thing false, behind a semicolon. What points back does: "…, and that is
    false".
    """
    if hit.cue.effect not in SAID_BY_OTHERS:
        return True
    if any(reach_to <= at < hit.start for at in limits.turns):
        return False
    if not _COMPARED.isdisjoint(tokens[reach_to : hit.start]):
        return False
    for sign in range(reach_to, hit.start - 1):
        joins = tokens[sign] == "," and tokens[sign + 1] in _JOINING_CLAUSES
        if joins or (tokens[sign] == ";" and hit.cue.effect == "debunked"):
            return _points_back(tokens[sign + 1 : hit.start])
    return True


def _points_back(between: list[str]) -> bool:
    """Whether what stands between a sign and a cue takes up what was said: "and that", "which"."""
    if between[:1] == ["which"]:
        return len(between) <= _POINTING_BACK
    place = between[1:2] if between[:1] and between[0] in _JOINING_CLAUSES else between[:1]
    if place == ["that"]:
        return True
    return not _BACK.isdisjoint(place) and len(between) <= _POINTING_BACK


def inherited(statement: Statement, found: list[CueHit], limits: Boundaries) -> list[Reading]:
    """What a lead-in ("It has not been shown to:") passes on to the items under it.

    A sentence that is closed ("It does not hurt.") says nothing of them, unless it points at them.
    """
    tokens = statement.tokens
    last = len(tokens)
    if tokens[-1:] in _CLOSED and _POINTING.isdisjoint(tokens):
        return []
    result = []
    for hit in found:
        if hit.cue.direction == "backward":
            continue
        colon = last - hit.end
        open_end = not any(hit.end <= at < last - 1 for at in limits.soft)
        if colon <= hit.cue.reach_words and (hit.cue.bound == "sentence" or open_end):
            result.append(
                Reading(hit.cue.effect, f"“{hit.words}” in the lead-in: {hit.cue.because}")
            )
    return result


def strongest(found: list[Reading]) -> Reading:
    """The reading that names the modality."""
    if not found:
        return Reading("asserted", "")
    return min(found, key=lambda reading: _ORDER.index(reading.modality))


def _words(statement: Statement, hit: Hit) -> str:
    return " ".join(statement.tokens[hit.start : hit.end])
