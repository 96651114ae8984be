"""Statements that a page puts up only to answer them: slogans it warns of, myths it quotes, false ones.

"One product does it all. Be suspicious of …", "A tan protects you. False.", quotations in a row that the
sentence behind them rejects, and under "Five myths about detox" whatever stands in quotation marks. Of what
the page offers itself ("Our drip cures pain. Be wary of others.") a warning behind it takes nothing back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from claimlint.engine.actors import ON_OFFER, Actors
from claimlint.engine.context import Reading, cue_hits
from claimlint.engine.page import Page
from claimlint.engine.quoted import OF_ONESELF
from claimlint.engine.statement import Statement
from claimlint.engine.verdicts import calls_false, denies
from claimlint.expressions import compiled
from claimlint.model.rule import Cue

_SLOGAN_WORDS, _QUOTATION_WORDS = 10, 25
_WARNED_WITHIN = 2  # sentences of one paragraph
_QUOTED_IN_A_ROW = 8
_TITLE_WORDS = 12
_ANY_LEVEL = 99  # of a bold line that serves as a heading: any heading ends what it stands over
# What a heading, or the head of a column, says over statements that the text then answers.
_MYTHS = (
    r"\b(?:(?:health |medical )?(?:scams?|frauds?)|tip-?offs|red flags"
    r"|(?:phrases|wordings?|claims|slogans|statements|words|examples) (?:(?:that is |that are )?(?:not|un)"
    r"|to (?:avoid|watch|question|distrust|change)|that (?:draw|should|raise|cross|break|mislead)"
    r"|we (?:object|never|reject|do not|don't)|sellers|returned|rejected|submitted)|submitted wordings?"
    r"|(?:likely|sure|bound) to (?:be a problem|break the rules|mislead)|not acceptable|unacceptable"
    r"|myths?|misconceptions?|misbeliefs?|fallac(?:y|ies)|falsehoods?|true or false|fact or fiction"
    r"|facts? (?:and|or|from|vs\.?|versus) (?:fictions?|myths?)"
    r"|what (?:the )?(?:clinics|sellers|companies|ads|adverts|websites|marketers|labels)"
    r" (?:say|claim|promise|tell))\b"
)
# The head of a column of wordings.
_HEAD = (
    r"\b(?:myths?|submitted|wordings?|claims?|statements?|phrases?|slogans?|adverts?|ads?|avoid"
    r"|not allowed)\b"
)
# "Not a myth anymore", "The myth of incurable pain", "What clinics say about us".
_NO_MYTHS = (
    r"\b(?:(?:no|not|isn't|aren't|forget|beyond|enough)\W+(?:\w+\W+){0,2}(?:myths?|fictions?)"
    r"|about (?:us|our)"
    r"|(?:myth|fallacy) of (?:the )?(?:incurable|surgery|ageing|aging|chronic|permanent|inevitable))\b"
)
_QUOTED = r'(?:\W{0,3}\d{1,2}[.)] )?"[^"]{3,300}"[.!]?'

_SUCH = frozenset(["such", "this", "these", "those"])
_RIVALS = frozenset(
    ["copycats", "imitators", "cheap", "copy", "copies", "match", "compete", "need", "needs", "require",
     "lie", "lies", "pharma", "surgery", "surgeons", "drugs", "pills", "insulin", "needles", "imitations",
     "doubters", "skeptics", "sceptics", "anymore", "keeps", "keep"]
)  # fmt: skip
_TRUE = frozenset(["true", "fact", "yes", "correct", "right", "absolutely"])
_DASHES = frozenset(["-", "--", "–", "—", "~"])
_DENIED = Reading("debunked", "it is quoted, and denied in the next sentence")
_MYTH = Reading(
    "debunked",
    "it stands in quotation marks under a heading about myths, scams or wordings to avoid",
)


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
            return None if following and following[0].tokens[0] in _TRUE else _MYTH
        if not following:
            return None
        verdict = calls_false(following[0])
        if verdict:
            return Reading("debunked", f"“{verdict}” behind it: calls it false")
        if OF_ONESELF.isdisjoint(statement.tokens) and _is_quotation(statement):
            return self._quoted(statement, following)
        if len(statement.tokens) > _SLOGAN_WORDS or self._offers(statement):
            return None
        return self._warned_of(statement, following)

    def _quoted(self, quotation: Statement, following: list[Statement]) -> Reading | None:
        """How a quotation is meant in which nobody speaks of himself."""
        if denies(following[0]):
            return _DENIED
        if len(quotation.tokens) > _QUOTATION_WORDS:
            return None
        behind = self._page.following(self._last_in_row(quotation))
        return self._warned_of(quotation, behind, pointing=self._offers(quotation))

    def _offers(self, slogan: Statement) -> bool:
        """Whether a treatment is named, or what is the page's own."""
        return any(one.label in ON_OFFER for one in self._actors.subjects(slogan))

    def _last_in_row(self, quotation: Statement) -> Statement:
        """The last of the quotations that stand in a row: what is said behind it is said of all."""
        first = quotation.number
        said = self._page.statements[quotation.block][first : first + _QUOTED_IN_A_ROW]
        return list(takewhile(_is_quotation, said))[-1]

    def _warned_of(
        self, slogan: Statement, following: list[Statement], *, pointing: bool = False
    ) -> Reading | None:
        """How a slogan is meant with a warning behind it; `pointing`: only one that points back counts."""
        if not following:
            return None
        together = following[0].block == slogan.block
        for behind in following[: _WARNED_WITHIN if together else 1]:
            for hit in cue_hits(behind, self._cues):
                if hit.start > 0 or hit.cue.effect != "debunked" or _is_boast(behind):
                    continue
                if not pointing or _points_back(behind):
                    return Reading("debunked", f"“{hit.words}” behind it: {hit.cue.because}")
        return None


def _is_boast(warning: Statement) -> bool:
    """Whether what opens like a warning runs down rivals, doubters or usual care.

    "Don't believe it? Come and see.", "Scammers can't copy it.", "Beware of clinics that need ten."
    """
    rivals = not _points_back(warning) and not _RIVALS.isdisjoint(warning.tokens)
    return warning.question or rivals


def _points_back(warning: Statement) -> bool:
    return not _SUCH.isdisjoint(warning.tokens)


def _is_quotation(statement: Statement) -> bool:
    return compiled(_QUOTED).fullmatch(statement.text, statement.start, statement.end) is not None


def _under_myths(page: Page) -> Iterator[int]:
    """The numbers of the blocks under a heading, or a short line, that speaks of myths."""
    pattern, head = compiled(_MYTHS, re.IGNORECASE), compiled(_HEAD, re.IGNORECASE)
    level = 0
    for number, block in enumerate(page.document.blocks):
        is_heading = block.kind == "heading"
        if is_heading and level >= block.level:
            level = 0
        if block.header is not None and head.search(page.document.blocks[block.header].text):
            yield number
            continue
        is_title = is_heading or (
            block.kind == "paragraph"
            and block.text.count(" ") < _TITLE_WORDS
            and block.text[-1:] not in (".", '"')
        )
        if is_title and pattern.search(block.text) and not _is_no_myth(block.text):
            level = block.level if is_heading else level or _ANY_LEVEL
        elif level:
            yield number


def _is_no_myth(title: str) -> bool:
    return compiled(_NO_MYTHS, re.IGNORECASE).search(title) is not None
