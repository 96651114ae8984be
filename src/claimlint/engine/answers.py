"""Whether a question of the draft is answered with a plain yes.

"Can PRP cure arthritis?" leaves it open; "Can PRP cure arthritis? It sure can." says that it does. In
doubt a question stays open: what the yes is said to must be the claim itself, and nothing may take it back.
"""

from __future__ import annotations

from collections.abc import Sequence

from claimlint.engine.context import cue_hits
from claimlint.engine.statement import Statement
from claimlint.model.rule import Cue

# With one of these a yes is said to more than the claim: "Is it wrong to say that …? Yes."
_BESIDES = frozenset(
    ["that", "to", "when", "before", "after", "if", "while", "as", "because", "since", "whether", "who",
     "which", "how", "why", "what", "where", "until", "unless", "than", "about", "against", "without"]
)  # fmt: skip
# Before "to" these leave the claim what is asked: "Is it possible to …?"
_OPENING_TO = frozenset(
    ["used", "able", "possible", "helps", "help", "known", "shown", "proven", "going", "likely", "out"]
)  # fmt: skip
_YES = frozenset(
    ["yes", "yep", "yup", "yeah", "absolutely", "definitely", "certainly", "totally", "undoubtedly", "sure",
     "indeed", "unquestionably"]
)  # fmt: skip
_YES_IN_WORDS = (
    ("of", "course"), ("you", "bet"), ("without", "a", "doubt"), ("without", "doubt"),
    ("without", "question"), ("no", "doubt"), ("no", "question"), ("there", "is", "now"),
    ("every", "time"), ("chances", "are", ",", "yes"), ("nine", "times", "out", "of", "ten"),
    ("more", "often", "than", "not"),
)  # fmt: skip
# What may stand before a yes: "The short answer is yes."
_BEFORE_YES = frozenset(
    ["the", "a", "our", "short", "simple", "quick", "honest", "happy", "answer", "is", "in", "word", "we",
     "say", "science", "says", "experience", ",", ":", "—", "–", "-", "…", "“", '"', "•", "oh", "well",
     "to", "heck"]
)  # fmt: skip
_YES_WITHIN = 7  # tokens
_WHO = frozenset(["it", "they", "you", "we", "this", "these", "that", "he", "she", "i"])
_SURELY = frozenset(["sure", "surely", "certainly", "really", "absolutely", "definitely", "truly"])
# How an answer takes up the verb that is asked with.
_DO = ("can", "could", "do", "does", "did", "has", "have", "will")
_ARE = ("is", "are", "was", "were")
_ECHOES = {**dict.fromkeys(_DO, _DO), **dict.fromkeys(_ARE, _ARE)}
# For whom it does: "For nearly everyone, it does." That some have it is no yes.
_FOR_WHOM = frozenset(
    ["for", "in", "with", "among", "most", "nearly", "almost", "virtually", "practically", "everyone",
     "everybody", "anyone", "every", "all", "of", "our", "the", "vast", "great", "majority", "people",
     "patients", "patient", "clients", "adults", "men", "women", "cases", "person", "many", "9", "10",
     "nine", "ten", "out", ","]
)  # fmt: skip
_FOR_WHOM_WITHIN = 9  # tokens
_ENDS = frozenset([".", "!", ";", ":", "—", "–", "-", "…", "and"])
# A yes with one of these is no plain one, or gives its support.
_BUT = frozenset(
    ["but", "however", "although", "though", "depends", "only", "sometimes", "some", "approved", "cleared",
     "licensed", "authorised", "authorized", "indicated", "recommend", "recommended", "recommends",
     "guideline", "guidelines", "trial", "trials", "study", "studies", "research", "evidence", "limited",
     "usually", "often", "partly", "partially", "mice", "rats", "animals", "animal", "lab", "laboratory",
     "dish", "according", "claim", "claims", "unless", "if", "theory", "false", "untrue", "wrong", "myth",
     "promise"]
)  # fmt: skip
_TAKEN_BACK = frozenset(["negated", "debunked", "attributed", "hypothetical"])


def affirmed(question: Statement, following: Sequence[Statement], cues: tuple[Cue, ...]) -> bool:
    """Whether the sentences behind a question answer it with an unqualified yes."""
    if not following or following[0].question or not _asks_the_claim(question.tokens):
        return False
    answer = following[0]
    echoes = next((_ECHOES[t] for t in question.tokens[:4] if t in _ECHOES), ())
    yes = _yes(answer.tokens, echoes)
    if not yes or not _BUT.isdisjoint(answer.tokens[yes:]):
        return False
    if any(hit.start >= yes for hit in cue_hits(answer, cues)):
        return False
    return not any(_takes_back(statement, cues) for statement in following[1:])


def _asks_the_claim(tokens: list[str]) -> bool:
    return all(
        word not in _BESIDES or (word == "to" and at > 0 and tokens[at - 1] in _OPENING_TO)
        for at, word in enumerate(tokens)
    )


def _takes_back(statement: Statement, cues: tuple[Cue, ...]) -> bool:
    """Whether a sentence behind the yes makes less of it."""
    return not _BUT.isdisjoint(statement.tokens) or any(
        hit.cue.effect in _TAKEN_BACK for hit in cue_hits(statement, cues)
    )


def _yes(tokens: list[str], echoes: tuple[str, ...]) -> int:
    """The token behind the yes with which a sentence begins, or 0."""
    at = 0
    while at < min(len(tokens), _YES_WITHIN) and tokens[at] in _BEFORE_YES:
        at += 1
    end = at + (tokens[at : at + 1] != [] and tokens[at] in _YES)
    for words in _YES_IN_WORDS:
        if tuple(tokens[at : at + len(words)]) == words:
            end = at + len(words)
    if end == at:
        return _it_does(tokens, at, echoes) or _it_does(tokens, _for_whom(tokens, at), echoes)
    if tokens[end : end + 2] == ["about", "it"]:
        end += 2
    behind = end + (tokens[end : end + 1] == [","])
    # "Yes, in most knees" and "Yes, it is" begin alike; "Sure Skin Clinic" is no yes at all.
    plain = behind > end and tokens[at] in ("yes", "yep", "yup", "yeah", "absolutely")
    return _it_does(tokens, behind, echoes) or (behind if plain or _ends(tokens, end) else 0)


def _for_whom(tokens: list[str], at: int) -> int:
    """The token behind those for whom the answer is yes ("in most people"), if it names any."""
    last = min(len(tokens), at + _FOR_WHOM_WITHIN)
    return next((end for end in range(at, last) if tokens[end] not in _FOR_WHOM), last)


def _it_does(tokens: list[str], at: int, echoes: tuple[str, ...]) -> int:
    """The token behind "it does" or "they certainly can" at a token, or 0."""
    if tokens[at : at + 1] == [] or tokens[at] not in _WHO:
        return 0
    at += 1
    while at < len(tokens) and tokens[at] in _SURELY:
        at += 1
    echoed = at < len(tokens) and tokens[at] in echoes
    return at + 1 if echoed and _ends(tokens, at + 1) else 0


def _ends(tokens: list[str], at: int) -> bool:
    """Whether what is said ends at a token."""
    return at >= len(tokens) or tokens[at] in _ENDS or tokens[at : at + 2] == [",", "and"]
