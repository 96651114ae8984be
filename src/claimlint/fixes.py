"""Which flagged words can be exchanged for the wording that their rule calls safe, and the exchange.

A rule's `fix` gives the wording; whether it fits depends on what stands around the flagged words. What
is in doubt is left to a person, who sees the finding.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from claimlint.model.document import Document
from claimlint.model.report import Finding
from claimlint.model.words import words

# Words that belong to the first flagged word ("the most amazing treatment", "safe and amazing
# treatment"): without that word they would make no sentence.
_BOUND = frozenset(
    ["most", "more", "less", "least", "very", "so", "such", "too", "quite", "rather", "as", "how", "not",
     "and", "or", "but", "yet", "nor", "than"]
)  # fmt: skip
_VOWELS = "aeio"  # "a unit" but "an urn", "a house" but "an hour": u and h are left alone
_SILENT = "hu"
_QUOTES = '"“”„«»‹›「」『』'
# At the edge of a word a stroke may be a quotation mark, inside of one it is none.
_STROKE = re.compile(r"(?<!\w)'|'(?!\w)")
_MARKS = "®™℠"  # a name that somebody owns

Wordings = Mapping[str, Mapping[tuple[str, ...], str]]


class Edit(NamedTuple):
    """An exchange: the offsets of the old words, the new words and the rule that wants it."""

    start: int
    end: int
    text: str
    rule: str


def wordings_of(fix: Mapping[str, str]) -> dict[tuple[str, ...], str]:
    """A rule's safe wordings by the words that they stand for."""
    return {tuple(words(flagged)): wording for flagged, wording in fix.items()}


def edits(document: Document, findings: Iterable[Finding], wordings: Wordings) -> tuple[Edit, ...]:
    """The exchanges that are safe in a document, in the order of the text; none overlap."""
    found: list[Edit] = []
    for finding in sorted(findings, key=lambda one: (one.span.start.offset, one.span.end.offset)):
        edit = _edit(document, finding, wordings)
        if edit is not None and (not found or found[-1].end <= edit.start):
            found.append(edit)
    return tuple(found)


def exchanged(text: str, found: Iterable[Edit]) -> str:
    """The text with the edits made; they are sorted and do not overlap."""
    parts = []
    done = 0
    for edit in found:
        parts += [text[done : edit.start], edit.text]
        done = edit.end
    return "".join((*parts, text[done:]))


def fixable(finding: Finding, wordings: Wordings) -> str | None:
    """The wording that the rule of a finding offers for its words, if there is one."""
    if finding.suppressed is not None or finding.rule not in wordings:
        return None
    return wordings[finding.rule].get(tuple(words(finding.words)))


def _edit(document: Document, finding: Finding, wordings: Wordings) -> Edit | None:
    wording = fixable(finding, wordings)
    start, end = finding.span.start.offset, finding.span.end.offset
    # Where the source has markup, an entity or a line break inside the words, they differ.
    if wording is None or document.source.text[start:end] != finding.words:
        return None
    said = _around(document, start, finding.words)
    if said is None:
        return None
    before, behind = said
    if _is_quoted(before, behind) or not (_fits(before, wording) and _stands_free(before, behind)):
        return None
    if not _is_shorter(finding.words, wording) and not _is_said(document, wording):
        return None
    if _says_twice(finding, wording):
        return None
    return Edit(start, end, _cased(finding.words, wording), finding.rule)


def _around(document: Document, offset: int, flagged: str) -> tuple[str, str] | None:
    """The prose before and behind the words at an offset, in their block; None in a quotation."""
    end = offset + len(flagged)
    blocks = [one for one in document.blocks if one.span.start <= offset and end <= one.span.end]
    blocks.sort(key=lambda block: block.span.end - block.span.start)
    for block in blocks:
        pieces = block.map.pieces
        number = bisect_right(pieces, offset, key=lambda piece: piece.start) - 1
        index = pieces[number].index + offset - pieces[number].start if number >= 0 else -1
        behind = index + len(flagged)
        if index >= 0 and block.text[index:behind] == flagged:
            return None if block.kind == "quote" else (block.text[:index], block.text[behind:])
    return None


def _is_quoted(before: str, behind: str) -> bool:
    """Whether quotation marks stand on both sides: somebody's own words are not ours to change."""
    return _has_quote(before) and _has_quote(behind)


def _has_quote(text: str) -> bool:
    return any(sign in text for sign in _QUOTES) or _STROKE.search(text) is not None


def _stands_free(before: str, behind: str) -> bool:
    """Whether no hyphen or sign ties the words to their neighbours."""
    return not before.endswith(("-", "‑", "/", "#", "@")) and not behind.startswith(
        ("-", "‑", "/", *_MARKS)
    )


def _fits(before: str, wording: str) -> bool:
    """Whether the wording can follow the words before it: an article that suits, no tied adverb."""
    said = words(before[-80:])
    if not said:
        return True
    last, first = said[-1], wording[0].lower()
    if last == "a":
        return first not in _VOWELS and first not in _SILENT
    if last == "an":
        return first in _VOWELS
    return last != "," and last != "&" and last not in _BOUND and not last.endswith("ly")


def _is_shorter(flagged: str, wording: str) -> bool:
    """Whether the wording is the end of the flagged words, so that nothing new is said."""
    new = words(wording)
    return words(flagged)[-len(new) :] == new


def _is_said(document: Document, wording: str) -> bool:
    """Whether the draft says the wording elsewhere, in one number or the other."""
    return any(_holds(block.text, wording) for block in document.blocks)


def _says_twice(finding: Finding, wording: str) -> bool:
    """Whether the sentence has the wording already: "this treatment is a treatment"."""
    if finding.sentence is None:
        return False
    sentence = finding.sentence.text.replace(finding.words, " ", 1)
    return _holds(sentence, wording)


def _holds(text: str, wording: str) -> bool:
    said = " ".join(("", *words(text)))
    return " ".join(("", *words(wording))).removesuffix("s") in said


def _cased(flagged: str, wording: str) -> str:
    """The wording in the case of the flagged words: all capitals, every word's, the first one's."""
    letters = [word for word in re.split(r"[\s-]+", flagged) if word]
    if flagged.isupper():
        return wording.upper()
    if len(letters) > 1 and all(word[0].isupper() for word in letters):
        return re.sub(r"(?<![\w'])[^\W\d_]", lambda found: found[0].upper(), wording)
    if flagged[0].isupper():
        return wording[0].upper() + wording[1:]
    return wording
