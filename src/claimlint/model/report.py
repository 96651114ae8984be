"""What a run found: the values behind every output (the JSON contract of the design, section 7)."""

from __future__ import annotations

from typing import Literal

import msgspec

from claimlint.model.rule import SEVERITIES, Authority, Category, Modality, Severity

SCHEMA_VERSION: Literal[1] = 1
Verdict = Literal["pass", "review", "block"]
Support = Literal["none", "weak", "adequate", "malformed", "not_needed"]
Suppressor = Literal["inline", "waiver", "baseline", "false_alarm"]
SuppressionStatus = Literal["expired", "broken", "unused", "refused"]
DisclosureStatus = Literal["present", "missing", "misplaced", "not_required"]
CitationKind = Literal["doi", "pmid", "pmcid", "nct", "isrctn", "link", "reference"]
Grade = Literal[
    "meta_analysis", "randomised_trial", "observational", "uncontrolled", "case_report", "animal",
    "in_vitro", "opinion", "unpublished", "unknown",
]  # fmt: skip


class Point(msgspec.Struct, frozen=True):
    """An offset (code points, from 0) with its line and column (from 1) and its place, if it has one."""

    offset: int
    line: int
    column: int
    place: str | None


class Range(msgspec.Struct, frozen=True):
    """Where the flagged words stand, end exclusive."""

    start: Point
    end: Point


class Sentence(msgspec.Struct, frozen=True):
    """The sentence of a finding as a reader sees it, and its offsets in the source."""

    text: str
    start: int
    end: int


class Excerpt(msgspec.Struct, frozen=True):
    """The source around the flagged words, at most 240 code points and within their lines.

    The words stand at `start..end` of `text`; `line` is the number of the first line shown.
    """

    text: str
    start: int
    end: int
    line: int


# What the claim model says of a sentence, wherever it raises or lowers a finding.
READS_AS_CLAIM = "the wording as a whole reads as a claim"
READS_AS_INFORMATION = "lowered, since the sentence as a whole reads as information"


class Context(msgspec.Struct, frozen=True):
    """What was decided about a statement, and why in one sentence."""

    modality: Modality
    evidence: Support
    because: str

    @property
    def weighed(self) -> bool:
        """Whether the claim model raised or lowered the finding."""
        return READS_AS_CLAIM in self.because or READS_AS_INFORMATION in self.because


class Objection(msgspec.Struct, frozen=True):
    """What lies beneath a finding: a market's own law, or a rule of more markets, on the same words."""

    rule: str
    severity: Severity
    markets: tuple[str, ...]
    message: str
    authorities: tuple[Authority, ...]


class Suppression(msgspec.Struct, frozen=True):
    """Who let a finding off, and why."""

    by: Suppressor
    reason: str
    approver: str | None = None
    expires: str | None = None


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One statement or fault; `text` is the source at `span`, `words` what a reader sees there.

    `also`: what else is objected to in these words, where another market's law says it.
    """

    rule: str
    category: Category
    severity: Severity
    markets: tuple[str, ...]
    message: str
    why: str
    text: str
    words: str
    span: Range
    sentence: Sentence | None
    excerpt: Excerpt
    suggestions: tuple[str, ...]
    authorities: tuple[Authority, ...]
    context: Context
    fingerprint: str
    suppressed: Suppression | None = None
    also: tuple[Objection, ...] = ()


class LetOff(msgspec.Struct, frozen=True, kw_only=True):
    """A statement in a rule's words that the rule leaves alone; `context` says why."""

    rule: str
    category: Category
    words: str
    span: Range
    sentence: Sentence
    context: Context


class Disclosure(msgspec.Struct, frozen=True, kw_only=True):
    """One disclosure as judged for this document; `span` is where it stands, when it does."""

    rule: str
    title: str
    status: DisclosureStatus
    span: Range | None = None


class Citation(msgspec.Struct, frozen=True, kw_only=True):
    """A reference to a source, graded from the words that stand around it."""

    kind: CitationKind
    value: str
    well_formed: bool
    grade: Grade
    span: Range


class HardSentence(msgspec.Struct, frozen=True):
    """A sentence that is hard to read, with its Flesch-Kincaid grade and number of words."""

    text: str
    start: int
    end: int
    grade: float
    words: int


class Readability(msgspec.Struct, frozen=True, kw_only=True):
    """The published formulas over the content's prose; grades are US school grades.

    `smog_reliable` is false under 30 sentences, below which the formula is not defined (McLaughlin
    1969). `target_grade` is the configured Flesch-Kincaid target.
    """

    flesch_reading_ease: float
    flesch_kincaid_grade: float
    smog_index: float
    smog_reliable: bool
    gunning_fog: float
    coleman_liau_index: float
    automated_readability_index: float
    dale_chall: float
    sentences: int
    words: int
    target_grade: float
    hardest: tuple[HardSentence, ...] = ()


class DocumentReport(msgspec.Struct, frozen=True, kw_only=True):
    """All that was found in one document; `let_off` is None when it was not asked for.

    `unasked` are the categories of which no rule was applied.
    """

    path: str
    format: str
    language: str
    words: int
    sha256: str
    verdict: Verdict
    readability: Readability | None
    findings: tuple[Finding, ...]
    disclosures: tuple[Disclosure, ...]
    citations: tuple[Citation, ...]
    let_off: tuple[LetOff, ...] | None = None
    unasked: tuple[Category, ...] = ()


class Problem(msgspec.Struct, frozen=True):
    """Something that could not be read, or was read and could not be judged; line and column from 1."""

    path: str
    message: str
    line: int | None = None
    column: int | None = None
    kind: Literal["unread", "unchecked"] = "unread"


class PackInfo(msgspec.Struct, frozen=True):
    """A pack's name and version."""

    name: str
    version: str


class RulesetInfo(msgspec.Struct, frozen=True):
    """The rules that were applied; when `only` some were chosen, or some were left out, their names."""

    packs: tuple[PackInfo, ...]
    markets: tuple[str, ...]
    sha256: str
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """Who made the report."""

    name: str
    version: str
    ruleset: RulesetInfo


class Summary(msgspec.Struct, frozen=True):
    """Totals over all documents; suppressed findings are counted apart."""

    documents: int
    errors: int
    warnings: int
    notes: int
    suppressed: int


def fails(fail_on: Severity | Literal["never"], errors: int, warnings: int, notes: int) -> bool:
    """Whether a draft with so many findings fails at that level; suppressed ones are not counted."""
    counts = {"error": errors, "warning": warnings, "note": notes}
    failing = () if fail_on == "never" else SEVERITIES[SEVERITIES.index(fail_on) :]
    return any(counts[severity] for severity in failing)


class SuppressionNote(msgspec.Struct, frozen=True, kw_only=True):
    """Something that should let a finding off and does not, or no longer needs to; told in one sentence.

    `path` and `line` (from 1) say where it is written: a draft, the waivers, the baseline. `document` is
    the draft that it names, as it is written there.
    """

    status: SuppressionStatus
    by: Suppressor
    message: str
    path: str
    line: int | None = None
    document: str | None = None
    rule: str | None = None


class Fix(msgspec.Struct, frozen=True):
    """Words that were exchanged in a draft for the wording that their rule calls safe."""

    path: str
    line: int
    rule: str
    before: str
    after: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The whole result of a run, as every output shows it; no clock and no absolute path in it.

    `fixes` were made in the drafts during this run; all else tells their state behind them.
    """

    schema_version: int
    tool: Tool
    documents: tuple[DocumentReport, ...]
    problems: tuple[Problem, ...]
    summary: Summary
    fixes: tuple[Fix, ...] = ()
    suppression_notes: tuple[SuppressionNote, ...] = ()
