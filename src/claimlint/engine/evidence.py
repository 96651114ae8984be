"""Citations in a draft: what they are, how strong their own words make them, what leans on them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from claimlint.model.document import Block, Document
from claimlint.model.report import CitationKind, Grade, Support

# One pass finds every identifier. DOI: ISO 26324 prefix 10.NNNN and a suffix; PMID at most 8 digits;
# NCT and ISRCTN 8 digits. Looser digits are taken in so that a malformed one is seen and said.
_IDENTIFIER = re.compile(
    r"(?P<doi>\b10\.\d{1,9}/[^\s\"<>]{1,200})"
    r"|\bPMID:?\s?(?P<pmid>\d{1,12})\b"
    r"|\b(?P<pmcid>PMC\d{1,12})\b"
    r"|\b(?P<nct>NCT\s?\d{1,12})\b"
    r"|\b(?P<isrctn>ISRCTN\s?\d{1,12})\b",
    re.IGNORECASE,
)
_HINT = re.compile(r"10\.|pm|nct|isrctn|et al|\(\d{4}\)|, \d{4}\)|\[\d", re.IGNORECASE)
_REFERENCE = re.compile(
    r"[A-Z][\w'-]{1,30}(?:,? [A-Z]{1,3})?(?:,? (?:and|&) [A-Z][\w'-]{1,30})?,? et al\.?"
    r"[^()\n]{0,60}?\(?(?:19|20)\d{2}\)?"
    r"|\([A-Z][\w'-]{1,30}(?:,? (?:and|&|et al\.?)[^()]{0,40})?,? (?:19|20)\d{2}[a-z]?\)"
    r"|\[\d{1,3}(?:[,–-]\s?\d{1,3}){0,8}\]"
)
_STUDY_HOST = re.compile(
    r"^https?://(?:[\w-]+\.)*(?:doi\.org|pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov|pmc\.ncbi\.nlm\.nih\.gov|"
    r"clinicaltrials\.gov|isrctn\.com|cochranelibrary\.com|nejm\.org|jamanetwork\.com|bmj\.com|thelancet\.com|"
    r"nature\.com|sciencedirect\.com|springer\.com|wiley\.com|tandfonline\.com|sagepub\.com|plos\.org|"
    r"frontiersin\.org|mdpi\.com|oup\.com|who\.int|nih\.gov|cdc\.gov|fda\.gov|nice\.org\.uk|europepmc\.org)(?:[/:?#]|$)",
    re.IGNORECASE,
)
# Strongest first: a meta-analysis of rat studies is caught by the animal words, which come before.
_GRADE_WORDS: tuple[tuple[Grade, str], ...] = (
    (
        "animal",
        r"rats?|mice|mouse|murine|rabbits?|canine|equine|ovine|porcine|preclinical"
        r"|animal (?:model|stud|experiment)\w*",
    ),
    ("in_vitro", r"in vitro|cell (?:culture|line|stud)\w*|cultured cells|test[- ]tube|petri"),
    (
        "case_report",
        r"case (?:report|stud|series)\w*|(?:one|a single) (?:patient|case)|a patient with",
    ),
    ("meta_analysis", r"meta-?analys[ei]s|systematic review|cochrane"),
    ("randomised_trial", r"randomi[sz]ed|placebo|double[- ]blind|RCTs?"),
    (
        "observational",
        r"cohort|observational|retrospective|prospective|registry|case-control|cross-sectional"
        r"|survey of",
    ),
    ("opinion", r"editorial|opinion|commentary|letter to the editor|testimonial"),
)
_GRADES = tuple(
    (grade, re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)) for grade, pattern in _GRADE_WORDS
)
_REFERENCE_LINE = re.compile(
    r"^\W*(?:scientific )?(?:references?|sources?|citations?|doi|pmid|pmcid|bibliography|see)\b",
    re.IGNORECASE,
)
_FOLLOWING_LINES = 3
_STRONG: frozenset[Grade] = frozenset({"meta_analysis", "randomised_trial", "observational"})


class CitationHit(NamedTuple):
    """A citation at prose indexes of a block, graded from the block's words."""

    block: int
    start: int
    end: int
    kind: CitationKind
    value: str
    well_formed: bool
    grade: Grade


class Evidence(NamedTuple):
    """What was decided about the support of a statement, and why."""

    support: Support
    because: str


class EvidenceIndex:
    """The citations of a document and the statements that they stand by."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.citations: list[CitationHit] = []
        self._by_block: dict[int, list[CitationHit]] = {}
        self._notes: dict[str, list[CitationHit]] = {}
        for number, block in enumerate(document.blocks):
            found = _block_citations(number, block)
            if found:
                self.citations.extend(found)
                self._by_block[number] = found
                if block.note is not None:
                    self._notes.setdefault(block.note, []).extend(found)

    def support(self, block: int, start: int, end: int) -> Evidence:
        """The support of the sentence at the prose indexes start..end of a block.

        A citation supports the sentence it stands in, the one right before it, and the last sentence of
        the block before a line of references.
        """
        if not self._by_block:
            return Evidence("none", "no source is given for it")
        here = self._document.blocks[block]
        near = _between(self._by_block.get(block, []), start, end + 2)
        marks = here.marks
        for number in range(bisect_left(marks, (start,)), bisect_right(marks, (end + 3,))):
            near = near + self._notes.get(marks[number].label, [])
        words = here.text[start:end]
        if not near:
            near = self._referenced_after(block)
            words = here.text if near else words
        if not near:
            return Evidence("none", "no source is given for it")
        return _judged(near, words)

    def _referenced_after(self, block: int) -> list[CitationHit]:
        """The citations of the lines of references right after a block."""
        blocks = self._document.blocks
        found: list[CitationHit] = []
        for number in range(block + 1, min(len(blocks), block + 1 + _FOLLOWING_LINES)):
            text = blocks[number].text
            if number not in self._by_block and not _REFERENCE_LINE.match(text):
                break
            if blocks[number].kind == "heading" or blocks[number].note is not None:
                break
            if not (_REFERENCE_LINE.match(text) or _mostly_reference(self._by_block[number], text)):
                break
            found += self._by_block.get(number, [])
        return found


def _between(citations: list[CitationHit], start: int, end: int) -> list[CitationHit]:
    """Those that begin at start..end; they are sorted by where they begin."""
    first = bisect_left(citations, start, key=_begin)
    return citations[first : bisect_right(citations, end, key=_begin)]


def _begin(citation: CitationHit) -> int:
    return citation.start


def _judged(near: list[CitationHit], words: str) -> Evidence:
    if not any(citation.well_formed for citation in near):
        return Evidence(
            "malformed", f"its source “{near[0].value}” cannot be an identifier that exists"
        )
    own = _grade(words)
    best = min(near, key=lambda citation: (not citation.well_formed, citation.grade not in _STRONG))
    grade = own if own in ("animal", "in_vitro", "case_report") else best.grade
    if grade == "unknown":
        grade = own
    if grade in _STRONG:
        return Evidence("adequate", f"a source is given ({_NAMES[grade]})")
    if grade == "unknown":
        return Evidence(
            "weak", "a source is given, but its words do not say what kind of study it is"
        )
    return Evidence(
        "weak", f"its source is {_NAMES[grade]}, which does not show a benefit in people"
    )


_NAMES: dict[Grade, str] = {
    "meta_analysis": "a systematic review",
    "randomised_trial": "a randomised trial",
    "observational": "an observational study",
    "case_report": "a case report",
    "animal": "an animal study",
    "in_vitro": "a laboratory study",
    "opinion": "an opinion",
    "unknown": "a source of unknown kind",
}


def _grade(words: str) -> Grade:
    return next((grade for grade, pattern in _GRADES if pattern.search(words)), "unknown")


def _mostly_reference(found: list[CitationHit], text: str) -> bool:
    return 2 * sum(citation.end - citation.start for citation in found) >= len(text)


def _block_citations(number: int, block: Block) -> list[CitationHit]:
    text = block.text
    found: list[CitationHit] = []
    taken: list[int] = []  # where the identifiers begin and end, alternately
    if _HINT.search(text):
        grade = _grade(text)
        for match in _IDENTIFIER.finditer(text):
            kind = match.lastgroup
            assert kind is not None
            value = match[kind].rstrip(".,;:)]}'\"") if kind == "doi" else match[kind]
            start = match.start(kind)
            taken += match.span()
            found.append(  # noqa: PERF401
                CitationHit(
                    number,
                    start,
                    start + len(value),
                    _KINDS[kind],
                    value,
                    _well_formed(kind, value),
                    grade,
                )
            )
        for match in _REFERENCE.finditer(text):
            before, after = bisect_right(taken, match.start()), bisect_left(taken, match.end())
            if before == after and before % 2 == 0:
                found.append(
                    CitationHit(
                        number, match.start(), match.end(), "reference", match[0], True, grade
                    )
                )
    for link in block.links:
        if _STUDY_HOST.match(link.address) and link.end > link.start:
            found.append(  # noqa: PERF401
                CitationHit(number, link.start, link.end, "link", link.address, True, _grade(text))
            )
    found.sort(key=lambda citation: (citation.start, citation.end))
    return found


_KINDS: dict[str, CitationKind] = {
    "doi": "doi", "pmid": "pmid", "pmcid": "pmcid", "nct": "nct", "isrctn": "isrctn",
}  # fmt: skip


def _well_formed(kind: str, value: str) -> bool:
    if kind == "doi":
        return re.fullmatch(r"10\.\d{4,9}/\S+", value) is not None
    digits = re.sub(r"\D", "", value)
    if kind in ("nct", "isrctn"):
        return len(digits) == 8
    return len(digits) <= 8 and int(digits) > 0
