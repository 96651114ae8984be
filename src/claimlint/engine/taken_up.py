"""Statements that a page puts up only to answer them: slogans it warns of, myths it quotes, false ones.

"One product does it all. Be suspicious of …", "A tan protects you. False.", and under "Five myths about
detox" whatever stands in quotation marks. Of what the page offers itself ("Our drip cures pain. Be wary of
others.") a warning behind it takes nothing back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from claimlint.engine.actors import Actors
from claimlint.engine.context import Reading, cue_hits
from claimlint.engine.page import Page
from claimlint.engine.statement import Statement
from claimlint.expressions import compiled
from claimlint.model.rule import Cue

_SLOGAN_WORDS = 10
_WARNED_WITHIN = 2  # sentences of one paragraph
_OFFERED = frozenset(["treatment", "ours"])
_FALSE = frozenset(
    ["false", "untrue", "wrong", "incorrect", "fiction", "nonsense", "myth", "rubbish"]
)
# A verdict on what stands before it says nothing else: "That is simply wrong.", never "Surgery is wrong."
_VERDICT = _FALSE | frozenset(
    ["it", "it's", "that", "that's", "this", "they", "these", "is", "are", "was", "were", "a", "an", "both",
     "all", "simply", "just", "plainly", "also", "quite", "completely", "totally", "utterly", "entirely",
     "again", "sadly", "alas", "the", "claim", "statement", "pure", "sheer", "dangerous", "dangerously",
     "plain", "flatly", "factually"]
)  # fmt: skip
_TITLE_WORDS = 12
_ANY_LEVEL = 99  # of a bold line that serves as a heading: any heading ends what it stands over
# What a heading says over statements that the text then answers.
_MYTHS = (
    r"\b(?:myths?|misconceptions?|misbeliefs?|fallac(?:y|ies)|falsehoods?|true or false|fact or fiction"
    r"|facts? (?:and|or|from|vs\.?|versus) (?:fictions?|myths?)"
    r"|what (?:the )?(?:clinics|sellers|companies|ads|adverts|websites|marketers|labels)"
    r" (?:say|claim|promise|tell))\b"
)
# "Not a myth anymore", "The myth of incurable pain", "What clinics say about us".
_NO_MYTHS = (
    r"\b(?:(?:no|not|isn't|aren't|forget|beyond|enough)\W+(?:\w+\W+){0,2}(?:myths?|fictions?)"
    r"|about (?:us|our)"
    r"|(?:myth|fallacy) of (?:the )?(?:incurable|surgery|ageing|aging|chronic|permanent|inevitable))\b"
)
_QUOTED = r'(?:\W{0,3}\d{1,2}[.)] )?"[^"]{3,300}"[.!]?'

# How somebody speaks of himself, who is quoted for that.
_OF_ONESELF = frozenset(
    ["i", "me", "my", "mine", "we", "us", "our", "i'm", "i've", "i'd", "we're", "we've"]
)
_NOT_TRUE = (["not", "true"], ["not", "so"], ["that's", "not", "true"], ["this", "is", "not", "true"],
             ["it", "is", "not", "true"], ["that", "is", "not", "true"], ["it", "isn't", "true"],
             ["this", "isn't", "true"], ["that", "isn't", "true"],
             ["we", "wish", "it", "did"], ["if", "only"])  # fmt: skip
_RIVALS = frozenset(
    ["copy", "copies", "match", "compete", "need", "needs", "require", "lie", "lies", "pharma", "surgery",
     "surgeons", "drugs", "pills", "insulin", "needles", "imitations", "doubters", "skeptics", "sceptics",
     "anymore", "keeps", "keep"]
)  # fmt: skip
_IT = frozenset(["it", "they", "this", "that", "these", "those"])
_NOT_SO = frozenset(
    ["cannot", "doesn't", "don't", "didn't", "isn't", "aren't", "wasn't", "weren't", "can't", "couldn't",
     "won't", "hasn't", "haven't", "wouldn't"]
)  # fmt: skip
_AUXILIARIES = frozenset(
    [
        "can",
        "could",
        "does",
        "do",
        "did",
        "is",
        "are",
        "was",
        "were",
        "will",
        "would",
        "has",
        "have",
    ]
)
_DENIAL_WORDS = 3
# How a denial goes on that is none: "It does not get simpler than that.", "No drug comes close."
_BOASTS = frozenset(
    ["than", "needed", "required", "necessary", "close", "match", "matches", "compares", "compare", "beats",
     "hype", "joke", "else", "other", "another", "again", "back", "longer", "doubt", "wonder", "secret",
     "lightly", "overnight", "until", "without", "but", "promise", "dream"]
)  # fmt: skip
_NEGATIONS = _NOT_SO | {"not", "no", "never"}
_NO_SUCH = frozenset(
    ["medicine", "medicines", "drug", "drugs", "treatment", "treatments", "product", "products",
     "vaccine", "supplement", "supplements", "food", "diet", "device", "study", "studies", "trial",
     "trials", "evidence", "such", "cosmetic", "herb", "operation", "procedure"]
)  # fmt: skip
_DASHES = frozenset(["-", "--", "–", "—", "~"])
_DENIED = Reading("debunked", "it is quoted, and denied in the next sentence")
_MYTH = Reading("debunked", "it stands in quotation marks under a heading about myths")


class TakenUp:
    """What one page takes up; asked for one statement after the other."""

    def __init__(self, page: Page, actors: Actors, cues: tuple[Cue, ...]) -> None:
        self._page = page
        self._actors = actors
        self._cues = cues
        self._mythical = frozenset(_under_myths(page))

    def reading(self, statement: Statement) -> Reading | None:
        """How a statement is meant that the page takes up; None when it is the page's own."""
        if statement.question:
            return None
        following = self._page.following(statement)
        if following and following[0].tokens[0] in _DASHES:  # "— Ron, 67": he said it of us
            return None
        if statement.block in self._mythical and _is_quotation(statement):
            return _MYTH
        if not following:
            return None
        return (
            _called_false(following[0])
            or _denied(statement, following[0])
            or self._warned_of(statement, following)
        )

    def _warned_of(self, slogan: Statement, following: list[Statement]) -> Reading | None:
        if len(slogan.tokens) > _SLOGAN_WORDS:
            return None
        if any(one.label in _OFFERED for one in self._actors.subjects(slogan)):
            return None
        together = following[0].block == slogan.block
        for behind in following[: _WARNED_WITHIN if together else 1]:
            for hit in cue_hits(behind, self._cues):
                if hit.start == 0 and hit.cue.effect == "debunked" and not _is_boast(behind):
                    return Reading("debunked", f"“{hit.words}” behind it: {hit.cue.because}")
        return None


def _is_boast(warning: Statement) -> bool:
    """Whether what opens like a warning runs down rivals, doubters or usual care.

    "Don't believe it? Come and see.", "Scammers can't copy it.", "Beware of clinics that need ten."
    """
    return warning.question or not _RIVALS.isdisjoint(warning.tokens)


def _called_false(verdict: Statement) -> Reading | None:
    """What a verdict of a word or two makes of the statement before it: "False.", "It can't."."""
    words = [token for token in verdict.tokens if token[0].isalpha()]
    if verdict.question or not words:
        return None
    said = next((word for word in words if word in _FALSE), None)
    if (said is not None and _VERDICT.issuperset(words)) or words in _NOT_TRUE or _denies_it(words):
        return Reading("debunked", f"“{said or ' '.join(words)}” behind it: calls it false")
    return None


def _denies_it(words: list[str]) -> bool:
    """Whether a sentence says no more than that it is not so: "It doesn't.", "They have not."."""
    if words[0] not in _IT or len(words) > _DENIAL_WORDS:
        return False
    return words[-1] in _NOT_SO or (words[-1] == "not" and words[1] in _AUXILIARIES)


def _denied(statement: Statement, answer: Statement) -> Reading | None:
    """What an answer that denies makes of a quotation: "“It melts fat.” It doesn't."."""
    if not _OF_ONESELF.isdisjoint(statement.tokens) or not _is_quotation(statement):
        return None
    first, second, *rest = [*answer.tokens[:4], "", ""]
    denies = (
        (first in _IT and not _NEGATIONS.isdisjoint([second, *rest[:1]]))
        or (first == "no" and second in _NO_SUCH)
        or (first in ("perhaps", "probably") and second == "not")
    )
    return _DENIED if denies and _BOASTS.isdisjoint(answer.tokens) else None


def _is_quotation(statement: Statement) -> bool:
    return compiled(_QUOTED).fullmatch(statement.text, statement.start, statement.end) is not None


def _under_myths(page: Page) -> Iterator[int]:
    """The numbers of the blocks under a heading, or a short line, that speaks of myths."""
    pattern, no_myths = compiled(_MYTHS, re.IGNORECASE), compiled(_NO_MYTHS, re.IGNORECASE)
    level = 0
    for number, block in enumerate(page.document.blocks):
        is_heading = block.kind == "heading"
        if is_heading and level >= block.level:
            level = 0
        is_title = is_heading or (
            block.kind == "paragraph"
            and block.text.count(" ") < _TITLE_WORDS
            and block.text[-1:] not in (".", '"')
        )
        if is_title and pattern.search(block.text) and not no_myths.search(block.text):
            level = block.level if is_heading else level or _ANY_LEVEL
        elif level:
            yield number
