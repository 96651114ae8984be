"""Answers that take back the sentence before them: "False.", "It doesn't.", "No trial shows it."."""

from __future__ import annotations

import re

from claimlint.engine.statement import Statement
from claimlint.expressions import compiled

_SIMPLY = r"(?:simply |just |plainly |quite |completely |totally |utterly |entirely |flatly |also )"
_IT = r"(?:it|that|this|they|these|those|the claim|the statement|both|all of (?:it|them))"
_NOT = r"(?:n't| not)"
_AUXILIARY = r"(?:can|could|do|does|did|is|are|was|were|will|would|has|have|wo|ca)"
# A verdict says nothing else: "That is simply wrong.", "False, says the agency", never "Surgery is wrong".
_CALLS_FALSE = (
    r"(?:(?:no|alas|well|sadly|sorry|unfortunately|verdict|rating|answer|fact.check|ruling|reality)[,:] )?"
    rf"(?:{_IT}(?:'s| is| are| was| were) )?{_SIMPLY}{{0,2}}"
    r"(?:an? )?(?:pure |sheer |plain |dangerous(?:ly)? )?"
    r"(?P<verdict>false|untrue|wrong|incorrect|fiction|nonsense|(?:a )?myth|rubbish"
    r"|not (?:true|so|the case)|(?:isn't|aren't) (?:true|the case))"
    r"(?: of course| again)?(?=[.,:;!—–-]|$)"
    rf"|(?:(?:no|alas|sadly), )?{_IT} (?P<denial>cannot|{_AUXILIARY}{_NOT})[.!]?$"
    r"|(?P<wish>we wish it did|if only|there is nothing (?:to this|in (?:it|this)))\b"
)
# What may stand behind a quotation, and says more: "“It melts fat.” There is no evidence of that."
_DENIES = (
    rf"(?:{_IT} (?:cannot|{_AUXILIARY}{_NOT}|(?:has |have )?never)\b.{{0,120}}\b(?:true|the case|shown"
    r"|proven|proved|evidence|stud(?:y|ies)|trials?|tested|works?|supported|approved|likely|possible"
    r"|established|known)\b"
    r"|there (?:is|are|'s) (?:no|not)\b.{0,120}\b(?:evidence|trials?|stud(?:y|ies)|proof|data|research"
    r"|reason|such)\b"
    r"|we (?:do not|don't|cannot|can't) (?:know|say)\b"
    r"|no (?:such )?(?:medicine|drug|treatment|product|vaccine|supplement|food|diet|device|stud(?:y|ie)"
    r"|trial|evidence|cosmetic|herb|operation|procedure)s? (?:has|have|can|does|do|is|are|was|were|shows?"
    r"|proves?|supports?|could|will)\b"
    r"|(?:perhaps|probably) not\b)"
)
# How a denial goes on that is none: "It does not get simpler than that.", "No drug is needed."
_BOASTS = (
    r"\b(?:than|needed|required|necessary|close|match|matches|compares?|beats|hype|joke|else|others?|another"
    r"|again|back|longer|doubt|wonder|secret|lightly|overnight|until|without|but|promise|dream)\b"
)


def calls_false(answer: Statement) -> str:
    """The words with which a sentence says no more than that the one before it is false; else empty."""
    if answer.question:
        return ""
    text = answer.text[answer.start : answer.end]
    found = compiled(_CALLS_FALSE, re.IGNORECASE).match(text)
    return next(filter(None, found.groups()), "").lower() if found else ""


def denies(answer: Statement) -> bool:
    """Whether a sentence denies a quotation that stands before it."""
    text = answer.text[answer.start : answer.end]
    if compiled(_DENIES, re.IGNORECASE).match(text) is None:
        return False
    return compiled(_BOASTS, re.IGNORECASE).search(text) is None
