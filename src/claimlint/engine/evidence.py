"""Which sources stand by a statement, and how strong they are."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from claimlint.expressions import compiled
from claimlint.model.document import Document
from claimlint.model.report import Grade, Support

if TYPE_CHECKING:
    from claimlint.engine.citations import CitationHit

# One of these stands in every identifier, and in every reference by author or number (the gates).
_IDENTIFIER_HINTS = (
    "10.",
    "PM",
    "pm",
    "Pm",
    "NCT",
    "nct",
    "ISRCTN",
    "isrctn",
    "DOI",
    "doi:",
    "doi.org",
    "Doi",
)
_REFERENCE_HINTS = ("et al", "(19", "(20", "[", "CD0")
_REFERENCE_LINE = compiled(
    r"^\W*(?:scientific )?(?:references?|sources?|citations?|doi|pmid|pmcid|bibliography|see)\b",
    re.IGNORECASE,
)
# A sentence that only names the source of the one before it.
_SOURCE_SENTENCE = compiled(
    r"\W*(?:references?|sources?|citations?|doi|pmid|pmcid|see|trial registration|registered (?:as|at|with)"
    r"|registration|published in|(?:this|that|it) (?:was|were|is) (?:shown|reported|published|seen|found)"
    r"|as (?:an?|one|our|the) |read )\b",
    re.IGNORECASE,
)
_SOURCE_SENTENCE_LETTERS = 300
_REFERENCES = compiled(
    r"\W*(?:scientific |selected |key |further )?(?:references?|sources?|citations?|bibliography"
    r"|works cited|literature(?: cited)?|endnotes|footnotes|evidence)\W*",
    re.IGNORECASE,
)
_ENTRY_NUMBER = compiled(r"\W{0,2}(\d{1,3})[\].)]?\s")
_NUMBERED = compiled(r"\[[\d,–\s-]+\]")
_NUMBER_RANGE = compiled(r"(\d{1,3})(?:\s?[–-]\s?(\d{1,3}))?")
_YEAR = compiled(r"\b(?:19|20)\d{2}\b")
# What may stand behind an identifier: ", 2 May 2019", "(accessed 2019-05-02)". Most drafts cite nothing,
# so it is compiled for those that do.
_DATE = (
    r"\W{0,4}(?:(?:published|accessed|epub|online|retrieved)\W{1,3}(?:on\W)?)?(?:\d{1,2}\W{1,2})?"
    r"(?:(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\W{1,3}(?:\d{1,2}\W{1,3})?)?"
    r"(?:(?:19|20)\d{2}(?:-\d\d){0,2}\W{0,3})?"
)
_REFERENCE_WORDS = 6  # fewer do not let a reader find anything
_LIST_LIMIT = 500  # entries of a list of references
_FOLLOWING_LINES = 3
_STRONG: frozenset[Grade] = frozenset({"meta_analysis", "randomised_trial", "observational"})


_NOT_IN_PEOPLE: frozenset[Grade] = frozenset({"animal", "in_vitro", "case_report"})
# What a statement's own words can say that it rests on, and why that is not enough.
_FAULTS: dict[Grade, str] = {
    **dict.fromkeys(_NOT_IN_PEOPLE, "which does not show a benefit in people"),
    "uncontrolled": "which does not show that the treatment made the difference",
    "unpublished": "which nobody outside can check",
    "opinion": "which is no proof",
}

# One of these stands in every wording of such a study (the gate).
_OWN_HINTS = frozenset(
    ["rat", "rats", "mice", "mouse", "murine", "rodent", "rodents", "rabbit", "rabbits", "dogs",
     "horses", "sheep", "pigs", "zebrafish", "animal", "animals", "preclinical", "vitro", "case",
     "patient", "patients", "petri", "dish", "cell", "cultured", "test", "laboratory", "lab", "pilot",
     "uncontrolled", "feasibility", "open", "arm", "controls", "control", "small", "phase", "survey",
     "unpublished", "preprint", "file", "house", "internal", "own", "records", "poster", "abstract",
     "press", "vivo", "organoid", "organoids", "culture", "bench", "few", "handful", "anecdotal",
     "anecdotes", "nonrandomised", "nonrandomized", "unrandomised", "unrandomized", "unblinded",
     "randomised", "randomized", "concept", "preliminary", "exploratory", "early", "comparison",
     "medrxiv", "biorxiv", "submitted", "awaiting", "published", "conference", "presented", "users",
     "user", "consumer", "customer", "google", "trustpilot", "database", "website", "brochure", "blog",
     "podcast", "wikipedia", "newspaper", "magazine"]
)  # fmt: skip


class Evidence(msgspec.Struct, frozen=True):
    """What was decided about the support of a statement, and why."""

    support: Support
    because: str


_UNSUPPORTED = Evidence("none", "no source is given for it")


class Scope(NamedTuple):
    """Where a source may stand that counts for a statement, as prose indexes of its block.

    Between `start` and `end`, and at or behind the statement, which begins at `claim`; before it only up
    to `opening`, where the first thing is said to act: "In a trial [1], it relieves pain and …".
    """

    start: int
    end: int
    claim: int
    opening: int

    def holds(self, at: int) -> bool:
        """Whether a source at a place counts."""
        return at >= self.claim or at <= self.opening


def sentence_scope(start: int, end: int) -> Scope:
    """The whole sentence."""
    return Scope(start, end, start, start)


class _Entry(msgspec.Struct, frozen=True):
    """An entry of a list of references: what it stands for, and its words."""

    citation: CitationHit
    text: str


class EvidenceIndex:
    """The citations of a document and the statements that they stand by.

    Whatever cites, and however often, is looked at once: a note and the lines of references after a
    block stand for their best citation. `references` are the numbers of the blocks that only name sources,
    `titles` those of the headings right before one that identifies a paper, whose title they are.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self.citations: list[CitationHit] = []
        self._by_block: dict[int, list[CitationHit]] = {}
        self._notes: dict[tuple[int, str], CitationHit] = {}
        self._after: dict[int, Evidence] = {}
        self._known: dict[tuple[int, Scope], Evidence] = {}
        self.references = {
            number for number, block in enumerate(document.blocks) if block.note is not None
        }
        self._lists: dict[int, dict[int, _Entry]] = {}
        for number, block in enumerate(document.blocks):
            holds = block.map.text.__contains__
            identified = any(map(holds, _IDENTIFIER_HINTS))
            referred = any(map(holds, _REFERENCE_HINTS)) or (
                (holds(")") or holds(";")) and (holds(" 19") or holds(" 20"))
            )
            if not (identified or referred or block.links):
                continue
            # Most drafts cite nothing: the patterns are compiled only for those that may.
            from claimlint.engine.citations import block_citations

            found = block_citations(number, block, identified=identified, referred=referred)
            if found:
                self.citations.extend(found)
                self._by_block[number] = found
                if _REFERENCE_LINE.match(block.text) or _mostly_reference(found, block.text):
                    self.references.add(number)
                if block.note is not None:
                    note = block.part, block.note
                    known = self._notes.get(note)
                    self._notes[note] = _best(found if known is None else [known, *found])
        self._paper: Evidence | None = None
        if self._by_block or any(block.marks for block in document.blocks):
            self._read_lists()
        self.titles = frozenset[int]()
        if self._by_block:
            self._paper = self._only_paper()
            self.titles = frozenset(self._titles())

    def _titles(self) -> Iterator[int]:
        heading = -1
        for number, block in enumerate(self._document.blocks):
            if block.kind == "heading":
                heading = number
            elif block.text and block.zone != "nav":
                if heading >= 0 and self._identifies_a_paper(number):
                    yield heading
                heading = -1

    def _identifies_a_paper(self, number: int) -> bool:
        """Whether a block is a reference with a year that ends with where the paper is found, or when.

        "Lee J. Knees and needles. Pain 2019. doi:10.1000/p. 2 May 2019".
        """
        cited = self._by_block.get(number)
        text = self._document.blocks[number].text
        if not cited or _YEAR.search(text) is None:
            return False
        return compiled(_DATE, re.IGNORECASE).fullmatch(text, cited[-1].end) is not None

    def _only_paper(self) -> Evidence | None:
        """What supports a page about a single paper: its reference stands before any running text.

        A page that names another source anywhere is about more than that.
        """
        for number, block in enumerate(self._document.blocks):
            if block.text and block.kind not in ("heading", "metadata") and block.zone != "nav":
                alone = all(one.block == number for one in self.citations)
                if not alone or not self._identifies_a_paper(number):
                    return None
                return _judged(self._by_block[number], "")
        return None

    def _read_lists(self) -> None:
        """Number the entries of the lists of references, as they do themselves or by their order."""
        entry = part = 0
        inside = False
        for number, block in enumerate(self._document.blocks):
            if block.part != part:
                inside, part = False, block.part
            if _REFERENCES.fullmatch(block.text):
                inside, entry = True, 0
                continue
            if block.kind == "heading" or entry >= _LIST_LIMIT:
                inside = False
            if not inside or not block.text:
                continue
            said = _ENTRY_NUMBER.match(block.text)
            entry = block.number or (int(said[1]) if said else entry + 1)
            self.references.add(number)
            cited = self._cited_by_entry(number, block.text)
            self._lists.setdefault(part, {})[entry] = _Entry(cited, block.text)

    def _cited_by_entry(self, number: int, text: str) -> CitationHit:
        """An entry by its best identifier, else by its own words."""
        found = [one for one in self._by_block.get(number, []) if one.kind != "reference"]
        if found:
            return _best(found)
        from claimlint.engine.citations import CitationHit, grade_of

        enough = bool(_YEAR.search(text)) and len(text.split()) >= _REFERENCE_WORDS
        return CitationHit(number, 0, len(text), "reference", text[:80], enough, grade_of(text))

    def _resolved(self, citation: CitationHit) -> list[CitationHit]:
        """What a number or an author with a year stands for in the list of references."""
        listed = self._list_for(self._document.blocks[citation.block].part)
        if citation.kind != "reference":
            same = (
                entry.citation
                for entry in listed.values()
                if entry.citation.value == citation.value
            )
            return [next(same, citation)]
        value = citation.value
        if not self._lists:
            return [citation]
        if _NUMBERED.fullmatch(value):
            numbers: list[int] = []
            for first, last in _NUMBER_RANGE.findall(value):
                numbers += range(int(first), min(int(last or first), int(first) + _LIST_LIMIT) + 1)
            return [listed[number].citation for number in numbers if number in listed]
        author, year = compiled(r"\w[\w'-]+").search(citation.value), _YEAR.search(citation.value)
        if author and year:
            for entry in listed.values():
                if author[0] in entry.text and year[0] in entry.text:
                    return [entry.citation]
        return [citation]

    def _list_for(self, part: int) -> dict[int, _Entry]:
        """The list that a field refers to: its own, else the only one of the whole entry.

        Templates set the references of a page as one field; with several lists nobody could tell.
        """
        own = self._lists.get(part)
        if own is None and len(self._lists) == 1:
            (own,) = self._lists.values()
        return own or {}

    @property
    def cites(self) -> bool:
        """Whether the document names any source at all."""
        return bool(self._by_block or self._lists)

    def support(self, block: int, scope: Scope) -> Evidence:
        """The support of a statement in a block by the sources within its scope.

        A citation supports the sentence it stands in, the one right before it, and the last sentence of
        the block before a line of references; on a page about a single paper all of them.
        """
        if not self.cites:
            return _UNSUPPORTED
        known = self._known.get((block, scope))
        if known is None:
            known = self._known[block, scope] = self._supported(block, scope)
        return known

    def _supported(self, block: int, scope: Scope) -> Evidence:
        here = self._document.blocks[block]
        start, end, *_ = scope
        all_cited = _between(self._by_block.get(block, []), start, end + 2)
        cited = [one for one in all_cited if scope.holds(one.start)]
        behind = here.text[end : end + _SOURCE_SENTENCE_LETTERS]
        if not all_cited and _SOURCE_SENTENCE.match(behind):
            cited = _between(self._by_block.get(block, []), end, end + _SOURCE_SENTENCE_LETTERS)
            start, end = end, end + len(behind)
        near = [resolved for one in cited for resolved in self._resolved(one)]
        if cited and not near:
            return Evidence("none", f"“{cited[0].value}” points at no reference of the page")
        marks, notes = here.marks, self._notes
        range_ = range(bisect_left(marks, (start,)), bisect_right(marks, (end + 3,)))
        labels = dict.fromkeys(
            marks[number].label for number in range_ if scope.holds(marks[number].index)
        )
        near += [notes[here.part, label] for label in labels if (here.part, label) in notes]
        listed = self._list_for(here.part) if labels else {}
        near += [listed[int(label)].citation for label in labels if _listed(label, listed)]
        if near:
            return _judged(near, here.text[start:end], behind)
        after = self._after.get(block)
        if after is None:
            near = self._referenced_after(block)
            after = self._after[block] = (
                _judged(near, here.text) if near else self._paper or _UNSUPPORTED
            )
        return after

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


def _listed(label: str, listed: dict[int, _Entry]) -> bool:
    """Whether a mark is the number of an entry in a list of references."""
    return label.isdecimal() and int(label) in listed


def by_own_words(tokens: list[str], text: str) -> Evidence:
    """The support of a statement without a source: weak when it says itself what it rests on."""
    if _OWN_HINTS.isdisjoint(tokens):
        return _UNSUPPORTED
    from claimlint.engine.citations import grade_of

    grade = grade_of(text)
    if grade not in _FAULTS or grade == "opinion":  # "in our opinion" is no support at all
        return _UNSUPPORTED
    reason = f"by its own words it rests on {_NAMES[grade]}, {_FAULTS[grade]}"
    return Evidence("weak", f"{reason}, and no source is given")


def _between(citations: list[CitationHit], start: int, end: int) -> list[CitationHit]:
    """Those that begin at start..end; they are sorted by where they begin."""
    first = bisect_left(citations, start, key=_begin)
    return citations[first : bisect_right(citations, end, key=_begin)]


def _begin(citation: CitationHit) -> int:
    return citation.start


def _best(citations: list[CitationHit]) -> CitationHit:
    """The first of those that count most; without a well-formed one, the first of all."""
    return max(
        citations, key=lambda one: one.well_formed + (one.well_formed and one.grade in _STRONG)
    )


def _judged(near: list[CitationHit], words: str, behind: str = "") -> Evidence:
    """Grade what stands by the words of a statement; `behind` is the text that follows them."""
    best = _best(near)
    if not best.well_formed:
        fault = "does not say enough to be found"
        if best.kind != "reference":
            fault = "cannot be an identifier that exists"
        return Evidence("malformed", f"its source “{best.value}” {fault}")
    from claimlint.engine.citations import found_nothing, grade_of

    own = grade_of(words)
    grade = own if own in _NOT_IN_PEOPLE else best.grade
    if grade == "unknown":
        grade = own
    if grade in _STRONG and found_nothing(f"{words} {behind.partition('. ')[0]}"):
        return Evidence(
            "weak", "a source is given, and the words beside it say that it found nothing"
        )
    if grade in _STRONG:
        return Evidence("adequate", f"a source is given ({_NAMES[grade]})")
    if grade == "unknown":
        return Evidence(
            "weak", "a source is given, but its words do not say what kind of study it is"
        )
    return Evidence("weak", f"its source is {_NAMES[grade]}, {_FAULTS[grade]}")


_NAMES: dict[Grade, str] = {
    "meta_analysis": "a systematic review",
    "randomised_trial": "a randomised trial",
    "observational": "an observational study",
    "uncontrolled": "a small or uncontrolled study",
    "case_report": "a case report",
    "animal": "an animal study",
    "in_vitro": "a laboratory study",
    "opinion": "an opinion",
    "unpublished": "unpublished data",
    "unknown": "a source of unknown kind",
}


def _mostly_reference(found: list[CitationHit], text: str) -> bool:
    return 2 * sum(citation.end - citation.start for citation in found) >= len(text)
