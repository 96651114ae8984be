"""Find the citations of a block and grade them from the words around them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from claimlint.expressions import compiled
from claimlint.model.document import Block
from claimlint.model.report import CitationKind, Grade
from claimlint.model.words import lowered, words

# One pass finds every identifier. DOI: ISO 26324 prefix 10.NNNN and a suffix; PMID at most 8 digits;
# NCT and ISRCTN 8 digits. Looser digits are taken in so that a malformed one is seen and said.
# A short DOI (shortdoi.org) is 10/ and a few letters and digits.
_SHORT_DOI = r"10/[a-z0-9]{2,20}(?![\w.-]{0,60}\w)"
_IDENTIFIER = compiled(
    r"(?P<doi>\b10\.\d{1,9}/[^\s\"<>]{1,200})"
    r"|\bPMID:?\s?(?P<pmid>\d{1,12})\b"
    r"|\b(?P<pmcid>PMC\d{1,12})\b"
    r"|\b(?P<nct>NCT\s?\d{1,12})\b"
    r"|\b(?P<isrctn>ISRCTN\s?\d{1,12})\b"
    rf"|\bDOI:?\s?(?P<shortdoi>{_SHORT_DOI})"
    rf"|\b(?:(?P<baddoi>DOI:\s?(?!10\.|{_SHORT_DOI}|https?:|\[)[^\s,;)\]]{{1,60}}"
    # without a number behind the prefix, or with a slash for its point; a link to nothing
    rf"|(?:DOI:?\s?|https?://(?:dx\.)?doi\.org/)(?!{_SHORT_DOI})10(?:\.(?!\d{{1,9}}/\S)|/)"
    r"[^\s,;)\]]{0,60}|https?://(?:dx\.)?doi\.org/?(?![\w/]))"
    r"|(?P<badpmid>(?:PMID|PMCID|PMC|NCT|ISRCTN|DOI)(?: number| no\.?| ID)?[\s:-]{0,2}"
    r"(?:TBD|TBA|N/?A|pending|forthcoming|to be (?:added|assigned|confirmed)|x{3,})\b))",
    re.IGNORECASE,
)
_REFERENCE = compiled(
    r"[A-Z][\w'-]{1,30}(?:,? [A-Z]{1,3})?(?:,? (?:and|&) [A-Z][\w'-]{1,30})?,? et al\.?"
    r"[^\n]{0,80}?\(?(?:19|20)\d{2}\)?"
    r"|[A-Z][\w'-]{1,30}(?: (?:and|&) (?:[A-Z][\w'-]{1,30}|colleagues|co-?workers))?"
    r" \((?:19|20)\d{2}[a-z]?\)"
    r"|\([A-Z][\w'-]{1,30}(?:,? (?:and|&|et al\.?)[^()]{0,40})?,? (?:19|20)\d{2}[a-z]?\)"
    r"|\[\d{1,3}(?:(?:,|–|-)\s?\d{1,3}){0,8}\]"
    # where a journal has it, "2010;67(5):507", and the number of a Cochrane review
    r"|\b(?:19|20)\d{2}(?:\s[A-Z][a-z]{2,8}\.?(?:\s\d{1,2})?)?;\s?\d{1,4}(?:\s?\(\w{1,8}\))?:\s?[A-Za-z]{0,2}\d{1,6}"
    r"|\bCD\d{6}\b"
)
_STUDY_HOSTS = frozenset((
    "doi.org", "ncbi.nlm.nih.gov", "clinicaltrials.gov", "isrctn.com", "cochranelibrary.com",
    "nejm.org", "jamanetwork.com", "bmj.com", "thelancet.com", "nature.com",
    "sciencedirect.com", "springer.com", "wiley.com", "tandfonline.com", "sagepub.com",
    "plos.org", "frontiersin.org", "mdpi.com", "oup.com", "who.int",
    "nice.org.uk", "europepmc.org",
    # authorities, and societies that publish guidelines
    "gov", "gov.uk", "nhs.uk", "nhs.scot", "gov.au", "gov.sg", "go.kr", "europa.eu", "canada.ca",
    "aad.org", "aan.com", "aao.org", "aaos.org", "acog.org", "ada.org", "auanet.org", "cancer.org",
    "diabetes.org", "eular.org", "heart.org", "menopause.org", "psychiatry.org", "rheumatology.org",
))  # fmt: skip
# Strongest first: a meta-analysis of rat studies is caught by the animal words, which come before.
# Single words stand alone; of the phrases the text need only hold the letters.
_GRADES: tuple[tuple[Grade, frozenset[str], tuple[str, ...]], ...] = (
    (
        "animal",
        frozenset(
            ["rat", "rats", "mice", "mouse", "murine", "rodent", "rodents", "rabbit", "rabbits", "canine",
             "dogs", "beagles", "equine", "horses", "ovine", "sheep", "goats", "porcine", "pigs", "piglets",
             "minipigs", "feline", "bovine", "calves", "hamsters", "gerbils", "zebrafish", "drosophila",
             "elegans", "macaques", "primates", "preclinical"]
        ),
        ("animal model", "animal stud", "animal experiment", "animal trial", "in animals", "guinea pig",
         "fruit fl"),
    ),
    ("in_vitro", frozenset(["petri"]), ("in vitro", "cell cultur", "cell line", "cell stud",
                                       "cultured cells", "cultured human", "test tube", "test-tube",
                                       "in a dish", "laboratory stud", "lab stud", "toxicolog",
                                       "ex vivo", "organoid", "cells in culture", "tissue cultur",
                                       "bench stud")),
    ("case_report", frozenset(), ("case report", "case stud", "case series", "one patient",
                                  "two patients", "single patient", "single case", "a patient with",
                                  "case histor", "n-of-1", "a few patients", "a handful of patients")),
    ("meta_analysis", frozenset(["cochrane"]), ("meta-analys", "metaanalys", "systematic review",
                                                "cd00", "cd01")),
    (
        "uncontrolled",
        frozenset(["nonrandomised", "nonrandomized", "unrandomised", "unrandomized", "unblinded"]),
        ("non-randomi", "not randomi", "without randomi", "no sham arm", "no sham group",
         "no sham control", "without a sham", "no placebo arm"),
    ),
    # Randomised or not, nobody has reviewed it.
    ("unpublished", frozenset(["unpublished", "preprint"]),
     ("not peer-reviewed", "not been peer-reviewed", "not peer reviewed", "not been peer reviewed",
      "medrxiv", "biorxiv", "research square", "submitted for publication", "awaiting publication",
      "yet to be published", "not yet published")),
    (
        "randomised_trial",
        frozenset(["randomised", "randomized", "placebo", "rct", "rcts"]),
        ("double-blind", "double blind"),
    ),
    # Too small, or with nobody to compare with: what got better may have done so anyhow.
    (
        "uncontrolled",
        frozenset(["uncontrolled"]),
        ("pilot stud", "pilot trial", "feasibility stud", "feasibility trial", "open-label", "open label",
         "single-arm", "single arm", "no control group", "without a control", "without controls",
         "no placebo group", "phase 1 ", "phase i ", "first-in-human", "before-and-after study",
         "small study of", "small trial of", "small sample", "small clinical", "proof of concept",
         "proof-of-concept", "preliminary stud", "preliminary trial", "preliminary data",
         "preliminary result", "exploratory stud", "exploratory trial", "early-phase", "phase 1/2",
         "phase i/ii", "no controls", "no control arm", "no comparison group",
         "without a comparison", "one-arm"),
    ),
    ("unpublished", frozenset(["recruiting"]),
     ("data on file", "conference abstract", "poster presentation", "no results posted",
      "our own survey", "survey of our", "survey of client", "client survey", "customer survey",
      "patient survey", "survey among our", "in-house", "internal data", "internal study",
      "manufacturer's data", "manufacturer's own", "company data", "our own data", "our own study",
      "our own records", "our records", "our chart review", "white paper", "press release",
      "meeting abstract", "conference presentation", "presented at a conference",
      "presented at the annual", "user survey", "consumer survey", "consumer study",
      "consumer perception", "customer review", "google review", "trustpilot", "our database",
      "company website", "manufacturer's website", "brochure", "sponsored post", "blog post",
      "podcast", "wikipedia", "newspaper", "magazine article")),
    ("uncontrolled", frozenset(["survey", "surveys", "questionnaire"]), ()),
    (
        "observational",
        frozenset(["cohort", "observational", "retrospective", "prospective", "registry"]),
        ("case-control", "cross-sectional"),
    ),
    ("opinion", frozenset(["editorial", "opinion", "commentary", "testimonial", "perspective"]),
     ("letter to the editor", "narrative review", "expert consensus", "personal communication",
      "clinical experience", "our experience", "anecdot")),
)  # fmt: skip


# What is said beside a source that found nothing: it does not support what it is cited for.
_NOTHING = (
    r"\bno (?:significant |clear |measurable |statistically significant )?"
    r"(?:differences?|benefit|effect|improvement|advantage)\b"
    r"|\bno (?:more effective|better) than\b|\bno evidence (?:of|for|that)\b"
    r"|\bnot (?:superior|better than)\b|\bfailed to (?:show|reduce|improve|beat)\b"
    r"|\bdid not (?:improve|reduce|help|differ|work|show|beat|outperform)\b"
    r"|\bcould not (?:recommend|show|confirm)\b|\bwithdrawn\b|\bretracted\b"
)


class CitationHit(msgspec.Struct, frozen=True):
    """A citation at prose indexes of a block, graded from the block's words."""

    block: int
    start: int
    end: int
    kind: CitationKind
    value: str
    well_formed: bool
    grade: Grade


def grade_of(text: str) -> Grade:
    """The kind of study that some words speak of."""
    low = lowered(text)
    tokens = frozenset(words(text))
    for grade, single, phrases in _GRADES:
        if tokens & single or any(phrase in low for phrase in phrases):
            return grade
    return "unknown"


def found_nothing(text: str) -> bool:
    """Whether the words around a citation say that its study found nothing, or is taken back."""
    return compiled(_NOTHING, re.IGNORECASE).search(text) is not None


def _is_study(address: str) -> bool:
    """Tell whether an address belongs to a register, a journal, an authority or a learned society."""
    scheme, slashes, rest = address.lower().partition("://")
    if not slashes or scheme not in ("http", "https"):
        return False
    host = rest.split("/", 1)[0].split("?", 1)[0].split("#", 1)[0].split(":", 1)[0]
    parts = host.split(".")
    return any(".".join(parts[number:]) in _STUDY_HOSTS for number in range(len(parts)))


def _overlapped(edges: list[int], start: int, end: int) -> bool:
    """Whether start..end shares a place with one of the spans of which these are the edges, in turn."""
    before = bisect_left(edges, end)  # an odd number of them: a span has begun and not ended
    return before % 2 == 1 or (before > 0 and edges[before - 1] > start)


def _broken(address: str) -> CitationKind | None:
    """The kind of the identifier in an address that cannot be one; None where all can."""
    return next((place.kind for place, _ in _identifiers(address) if not place.well_formed), None)


class _Place(NamedTuple):
    start: int
    end: int
    kind: CitationKind
    value: str
    well_formed: bool


def block_citations(
    number: int, block: Block, *, identified: bool, referred: bool
) -> list[CitationHit]:
    """The citations of a block, sorted by where they begin.

    `identified` and `referred` say whether it can hold identifiers and references at all.
    """
    text = block.text
    identifiers = list(_identifiers(text)) if identified else []
    taken = [edge for _, span in identifiers for edge in span]
    found = [place for place, _ in identifiers]
    for link in block.links:
        if link.end > link.start and _is_study(link.address):
            broken = _broken(link.address)
            if broken is None:
                found.append(_Place(link.start, link.end, "link", link.address, True))
            elif not _overlapped(taken, link.start, link.end):  # else its words tell it
                found.append(_Place(link.start, link.end, broken, link.address, False))
    if referred:
        found += _references(text, taken)
    if not found:
        return []
    grade = grade_of(text)
    return [CitationHit(number, *place, grade) for place in sorted(found)]


def _identifiers(text: str) -> Iterator[tuple[_Place, tuple[int, int]]]:
    """Identifiers, each with the span of its whole wording ("PMID: 123")."""
    for match in _IDENTIFIER.finditer(text):
        name = match.lastgroup
        assert name is not None
        value = match[name].rstrip(".,;:)]}'\"") if name.endswith("doi") else match[name]
        start = match.start(name)
        well_formed = _well_formed(name, value)
        yield _Place(start, start + len(value), _KINDS[name], value, well_formed), match.span()


def _references(text: str, taken: list[int]) -> Iterator[_Place]:
    """Author-year references and numbers in brackets outside the `taken` spans (their edges)."""
    for match in _REFERENCE.finditer(text):
        before, after = bisect_right(taken, match.start()), bisect_left(taken, match.end())
        if before == after and before % 2 == 0:
            yield _Place(match.start(), match.end(), "reference", match[0], True)


_KINDS: dict[str, CitationKind] = {
    "doi": "doi", "shortdoi": "doi", "pmid": "pmid", "pmcid": "pmcid", "nct": "nct", "isrctn": "isrctn",
    "baddoi": "doi", "badpmid": "pmid",
}  # fmt: skip


def _well_formed(kind: str, value: str) -> bool:
    if kind.startswith("bad"):
        return False
    if kind == "shortdoi":
        return True
    if kind == "doi":
        return compiled(r"10\.\d{4,9}/\S+").fullmatch(value) is not None
    digits = "".join(filter(str.isdecimal, value))
    if kind in ("nct", "isrctn"):
        return len(digits) == 8 and int(digits) > 0
    return len(digits) <= 8 and int(digits) > 0
