"""Whether a question of the draft is answered with yes.

"Can PRP cure arthritis?" leaves it open; "Can PRP cure arthritis? It sure can." says that it does.
"""

from __future__ import annotations

from collections.abc import Sequence

from claimlint.engine.statement import Statement

_YES = frozenset(
    ["yes", "yep", "yeah", "absolutely", "definitely", "certainly", "indeed", "totally", "undoubtedly",
     "sure", "naturally", "positively", "unquestionably"]
)  # fmt: skip
_IN_WORDS = {
    "of": (("of", "course"),),
    "you": (("you", "bet"), ("you", "can", "bet")),
    "without": (("without", "a", "doubt"), ("without", "doubt"), ("without", "question")),
    "no": (("no", "doubt"), ("no", "question")),
    "there": (("there", "is", "now"), ("there", "is", ".")),
}
# What may stand before a yes: "The short answer is yes."
_BEFORE_YES = frozenset(
    ["the", "a", "our", "short", "simple", "quick", "honest", "happy", "answer", "is", "in", "word", "we",
     "say", "science", "says", ",", ":", "—", "–", "-", "…", "“", '"', "•", "oh", "well", "to", "that"]
)  # fmt: skip
_YES_WITHIN = 7  # tokens
_WHO = frozenset(["it", "they", "you", "we", "this", "these", "that", "he", "she", "i"])
_DOES = frozenset(["does", "do", "can", "will", "is", "are", "did", "has", "have"])
_SURELY = frozenset(
    ["sure", "surely", "certainly", "really", "absolutely", "definitely", "indeed", "truly"]
)
_ENDS = frozenset([".", "!", ",", ";", "—", "–", "…", "and", "now", "today", "indeed", "so"])
# A yes with one of these is no plain one, or gives its support.
_BUT = frozenset(
    ["but", "however", "although", "though", "depends", "only", "sometimes", "some", "approved",
     "licensed", "recommend", "recommended", "recommends", "guideline", "guidelines", "trial", "trials",
     "study", "studies", "research", "evidence", "limited", "usually", "often", "partly", "partially"]
)  # fmt: skip
_SHORT = 5  # tokens of an answer so short that the sentence behind it belongs to it


def affirmed(following: Sequence[Statement]) -> bool:
    """Whether the sentences behind a question answer it with an unqualified yes."""
    if not following:
        return False
    answer = following[0]
    yes = _yes(answer.tokens)
    if not yes or _qualified(answer, yes):
        return False
    # The sentence behind a mere "Yes." belongs to the answer.
    short = len(answer.tokens) <= _SHORT
    return not (short and len(following) > 1 and _qualified(following[1], 0))


def _yes(tokens: list[str]) -> int:
    """The token behind the yes with which a sentence begins, or 0."""
    for at, token in enumerate(tokens[:_YES_WITHIN]):
        if token in _YES:
            behind = at + 1 + (tokens[at + 1 : at + 2] == [","])
            return _it_does(tokens, behind) or behind
        known = _IN_WORDS.get(token, ())
        for words in known:
            if tuple(tokens[at : at + len(words)]) == words:
                return at + len(words)
        if token not in _BEFORE_YES:
            break
    return _it_does(tokens, 0)


def _it_does(tokens: list[str], start: int) -> int:
    """The token behind "it does", "they certainly can" at a token, or 0."""
    if tokens[start : start + 1] == [] or tokens[start] not in _WHO:
        return 0
    at = start + 1
    while at < len(tokens) and tokens[at] in _SURELY:
        at += 1
    ends = tokens[at + 1 : at + 2]
    return at + 1 if tokens[at : at + 1] and tokens[at] in _DOES and _ENDS.issuperset(ends) else 0


def _qualified(answer: Statement, start: int) -> bool:
    """Whether a token from `start` on takes something back, or names the support."""
    return any(hit.start >= start for hit in answer.hits.get("cue", ())) or not _BUT.isdisjoint(
        answer.tokens[start:]
    )
