"""One fixed report with its drafts, and the parts to build others."""

from __future__ import annotations

import re
from collections.abc import Iterable

from claimlint.model.document import Block, BlockKind, Document, Link, Zone
from claimlint.model.report import (
    SCHEMA_VERSION,
    Citation,
    Context,
    Disclosure,
    DocumentReport,
    Excerpt,
    Finding,
    HardSentence,
    PackInfo,
    Point,
    Problem,
    Range,
    Readability,
    Report,
    RulesetInfo,
    Sentence,
    Summary,
    Suppression,
    Tool,
)
from claimlint.model.rule import Authority, Category, Severity
from claimlint.model.text import Piece, Place, Source, Span, TextMap

DRAFT = """\
# Knee pain &amp; PRP 🦵

PRP can **cure arthritis** at its source, <script>alert(1)</script> and it is
&laquo;100 % safe&raquo; for everyone.

- It *may* relieve pain within days
- See [a small study](https://example.org/study)
"""
LETTER = "Dear patient\nOur master cells work wonders\nResults may vary"
FTC = Authority(
    name="FTC Health Products Compliance Guidance",
    cite="section II",
    url="https://www.ftc.gov/business-guidance/resources/health-products-compliance-guidance",
    seen="secondary",
    checked="2026-11-20",
)
ASSERTED = Context("asserted", "none", "Stated as a fact.")
_PIECES = re.compile(r"&\w+;|\*+|\s+")
_ENTITIES = {"&amp;": "&", "&laquo;": "«", "&raquo;": "»"}


def prose(source: Source, start: int, end: int) -> TextMap:
    """Read a range as the readers would: entities decoded, emphasis gone, white space collapsed."""
    text, pieces, at = "", [], start
    for found in [*_PIECES.finditer(source.text, start, end), None]:
        stop = found.start() if found else end
        if stop > at:
            pieces.append(Piece(len(text), at, stop))
            text += source.text[at:stop]
        if found and not found[0].startswith("*"):
            pieces.append(Piece(len(text), found.start(), found.end()))
            text += _ENTITIES.get(found[0], " ")
        at = found.end() if found else end
    return TextMap(text, tuple(pieces))


def block(
    source: Source, text: str, kind: BlockKind, zone: Zone = "content", *, level: int = 0
) -> Block:
    """Make a block of the first place at which `text` stands in the source."""
    start = source.text.index(text)
    made = prose(source, start, start + len(text))
    return Block(kind=kind, zone=zone, map=made, span=Span(start, start + len(text)), level=level)


def place(source: Source, start: int, end: int) -> Range:
    """The range of two offsets."""
    return Range(Point(start, *source.position(start)), Point(end, *source.position(end)))


def finding(
    source: Source,
    text: str,
    words: str,
    rule: str,
    severity: Severity,
    *,
    message: str,
    context: Context = ASSERTED,
    suggestions: tuple[str, ...] = (),
    authorities: tuple[Authority, ...] = (),
    suppressed: Suppression | None = None,
) -> Finding:
    """Make a finding on the first place at which `text` stands in the source."""
    start = source.text.index(text)
    end = start + len(text)
    first = source.text.rfind("\n", 0, start) + 1
    last = source.text.find("\n", end)
    shown = source.text[first : last if last >= 0 else None] if text else ""
    category: Category = rule.split("/", 1)[0]  # type: ignore[assignment]
    return Finding(
        rule=rule,
        category=category,
        severity=severity,
        markets=("us",) if authorities else (),
        message=message,
        why="Readers take it as a promise about their own case.",
        text=text,
        words=words,
        span=place(source, start, end),
        sentence=Sentence(f"{words} for everyone.", start, end) if text else None,
        excerpt=Excerpt(shown, start - first if text else 0, end - first if text else 0,
                        source.position(start).line),
        suggestions=suggestions,
        authorities=authorities,
        context=context,
        fingerprint="0f1e2d3c4b5a6978",
        suppressed=suppressed,
    )  # fmt: skip


def readability(source: Source, hardest: str) -> Readability:
    """Made-up measures of a text that is too hard."""
    start = source.text.index(hardest)
    sentence = HardSentence(hardest, start, start + len(hardest), 14.2, 18)
    return Readability(
        flesch_reading_ease=48.37, flesch_kincaid_grade=11.24, smog_index=12.1,
        smog_reliable=False, gunning_fog=13.6, coleman_liau_index=10.9,
        automated_readability_index=11.8, dale_chall=8.7, sentences=3, words=31,
        target_grade=8.0, hardest=(sentence,),
    )  # fmt: skip


def knee() -> tuple[DocumentReport, Document]:
    """A Markdown draft with overlapping, hedged and suppressed findings."""
    source = Source(name="content/knee.md", text=DRAFT, sha256="ab" * 32)
    paragraph = "PRP can **cure arthritis** at its source, <script>alert(1)</script> and it is\n"
    paragraph += "&laquo;100 % safe&raquo; for everyone."
    see = block(source, "See [a small study", "item", level=1)
    start = see.text.index("[")
    blocks = (
        block(source, "Knee pain &amp; PRP 🦵", "heading", level=1),
        block(source, paragraph, "paragraph"),
        block(source, "It *may* relieve pain within days", "item", level=1),
        Block(
            kind="item", zone="content", map=see.map, span=see.span, level=1,
            links=(Link(start, len(see.text), "javascript:alert(1)"),),
        ),
    )  # fmt: skip
    findings = (
        finding(
            source, "cure arthritis** at its source", "cure arthritis at its source",
            "cure/claims-a-cure", "error", message="Promises a cure",
            suggestions=("PRP is being studied for arthritis; benefit is not established",),
            authorities=(FTC,),
        ),
        finding(
            source, "arthritis** at its source, <script>alert(1)</script> and it is\n&laquo;100",
            "arthritis at its source, <script>alert(1)</script> and it is «100",
            "mechanism/acts-at-the-source", "warning", message="Says how it works",
        ),
        finding(
            source, "100 % safe", "100 % safe", "safety/no-risk", "error",
            message="Denies every risk",
            suppressed=Suppression(
                "inline", "quoted from the old page", "A. Reviewer", "2027-01-31"
            ),
        ),
        finding(
            source, "relieve pain", "relieve pain", "efficacy/relieves", "note",
            message="Claims a benefit",
            context=Context("hedged", "weak", "Softened by “may”."),
        ),
        finding(
            source, "", "", "disclosure/risks", "warning", message="The risks are not named",
            suggestions=("Every procedure has risks; ask your clinician about yours.",),
        ),
    )  # fmt: skip
    document = DocumentReport(
        path="content/knee.md", format="markdown", language="en", words=31, sha256="ab" * 32,
        verdict="block", readability=readability(source, "cure arthritis** at its source"),
        findings=findings,
        disclosures=(
            Disclosure(rule="disclosure/risks", title="Risks named", status="missing"),
            Disclosure(
                rule="disclosure/educational", title="Educational only", status="present",
                span=place(source, source.text.index("See"), source.text.index("See") + 3),
            ),
            Disclosure(rule="disclosure/typical", title="Typical results", status="not_required"),
        ),
        citations=(
            Citation(
                kind="link", value="https://example.org/study", well_formed=True, grade="unknown",
                span=place(source, source.text.index("a small"), source.text.index("]")),
            ),
        ),
    )  # fmt: skip
    return document, Document(source=source, format="markdown", blocks=blocks)


def letter() -> tuple[DocumentReport, Document]:
    """A Word letter: no lines, places instead."""
    starts = [0, LETTER.index("Our"), LETTER.index("Results")]
    source = Source(
        name="letters/new patient.docx", text=LETTER, sha256="cd" * 32,
        places=tuple(Place(start, f"paragraph {n}") for n, start in enumerate(starts, start=1)),
    )  # fmt: skip
    document = DocumentReport(
        path=source.name, format="docx", language="en", words=10, sha256="cd" * 32,
        verdict="review", readability=None,
        findings=(
            finding(
                source, "master cells", "master cells", "mechanism/master-cells", "warning",
                message="A name that promises more than is known",
                suggestions=("stem cells",),
            ),
        ),
        disclosures=(), citations=(),
    )  # fmt: skip
    lines = LETTER.split("\n")
    blocks = (
        block(source, lines[0], "heading", level=2),
        block(source, lines[1], "paragraph"),
        block(source, lines[2], "paragraph", "footer"),
    )
    return document, Document(source=source, format="docx", blocks=blocks)


def clean() -> tuple[DocumentReport, Document]:
    """A draft in which nothing was found."""
    source = Source(name="content/visit.txt", text="Bring your insurance card.", sha256="ef" * 32)
    document = DocumentReport(
        path=source.name, format="text", language="en", words=4, sha256="ef" * 32, verdict="pass",
        readability=None, findings=(), disclosures=(), citations=(),
    )  # fmt: skip
    made = block(source, source.text, "paragraph")
    return document, Document(source=source, format="text", blocks=(made,))


def collect(documents: Iterable[DocumentReport], problems: tuple[Problem, ...] = ()) -> Report:
    """Put a report together and count its findings."""
    made = tuple(documents)
    findings = [found for document in made for found in document.findings]
    live = [found.severity for found in findings if found.suppressed is None]
    return Report(
        schema_version=SCHEMA_VERSION,
        tool=Tool(
            name="claimlint", version="0.1.0",
            ruleset=RulesetInfo(
                (PackInfo("core", "1.0.0"), PackInfo("us", "1.2.0")), ("us",), "9" * 64
            ),
        ),
        documents=made,
        problems=problems,
        summary=Summary(len(made), live.count("error"), live.count("warning"), live.count("note"),
                        len(findings) - len(live)),
    )  # fmt: skip
