"""Rules, lexicons and cues: what a pack says.

The structs are at once the authored form (the YAML of a pack is checked against them and the JSON
Schema is generated from them) and what the engine reads.
"""

# No `from __future__ import annotations`: msgspec would have to evaluate each as text, which takes
# longer than decoding the rules.
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("note", "warning", "error")  # by rank, mildest first
Category = Literal[
    "cure", "treatment", "efficacy", "guarantee", "safety", "superlative", "mechanism", "evidence",
    "testimonial", "comparison", "approval", "promise", "pressure", "disparagement", "privacy",
    "advertising", "disclosure", "readability", "metadata", "structure",
]  # fmt: skip
DOCUMENT_CATEGORIES: frozenset[str] = frozenset(
    {"disclosure", "readability", "metadata", "structure"}
)
Modality = Literal[
    "asserted", "hedged", "negated", "questioned", "hypothetical", "attributed", "debunked"
]
Status = Literal[
    "unapproved", "compounded", "cleared_other_use", "approved_for", "service", "ingredient"
]
Surface = Literal["active", "passive", "nominal", "compound", "item"]
Subject = Literal["treatment", "ours", "generic", "pronoun", "none", "other"]
ZoneName = Literal["content", "footer", "header", "aside", "nav"]
BlockName = Literal[
    "heading", "paragraph", "item", "cell", "quote", "link", "alt", "metadata", "button"
]

Text = Annotated[str, Meta(min_length=1)]
# The descriptions are told to an author whose words do not fit: "x" is not <description>.
RuleId = Annotated[
    str,
    Meta(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$", description="an id such as cure/claims-a-cure"),
]
Name = Annotated[
    str,
    Meta(pattern=r"^[a-z0-9][a-z0-9_-]*$", description="a name in lower case, without spaces"),
]
Reference = Annotated[  # @condition: terms of a class
    str,
    Meta(pattern=r"^@[a-z0-9][a-z0-9_-]*$", description='a class such as "@condition"'),
]
Url = Annotated[
    str, Meta(pattern=r"^https?://\S+$", description="an address with https:// or http://")
]
Date = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$", description="a date such as 2026-11-20")]
SubjectName = Annotated[
    str,
    Meta(
        pattern=r"^@?[a-z0-9][a-z0-9_-]*$",
        description='a subject such as treatment or a class such as "@unapproved"',
    ),
]
Suffix = Annotated[
    str, Meta(pattern=r"^[a-z]{3,}$", description="a word ending of at least three small letters")
]
Chance = Annotated[float, Meta(gt=0, lt=1, description="a number between 0 and 1")]
PlainWords = Annotated[
    str,
    Meta(
        pattern=r"^[^\W\d_]+(?:[ '-][^\W\d_]+)*$",
        description="plain words: letters, with one space, hyphen or apostrophe between them",
    ),
]
Version = Annotated[str, Meta(pattern=r"^\d+\.\d+\.\d+$", description="a version such as 1.0.0")]


class Authority(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A law, regulation or guidance behind a rule, and how it was seen."""

    name: Text
    cite: str = ""
    url: Url
    seen: Literal["primary", "secondary"]
    checked: Date


class Examples(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Markdown texts: `flag` with the exact words between [[ and ]], `pass` near misses."""

    flag: tuple[Text, ...]
    passing: tuple[Text, ...] = msgspec.field(name="pass")


class RuleBase(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every rule has. `suggest` are wordings that can stand in place of the flagged words."""

    id: RuleId
    title: Text
    category: Category
    severity: Severity
    message: Text
    why: Text
    suggest: tuple[Text, ...] = ()
    authorities: tuple[Authority, ...] = ()
    examples: Examples | None = None
    markets: tuple[Name, ...] = ()  # set from the pack; empty: counts in every market
    override: bool = False  # replaces the rule of that id


class PhraseRule(RuleBase, frozen=True, kw_only=True, tag_field="kind", tag="phrase"):
    """Listed wordings; `word~` inflects, `@class` is any term of a lexicon, `...` up to four words.

    `near` demands a term of one of these classes in the same sentence, `if_topic` a page that is about
    one; a hit inside one of the `not_within` phrases is none. `blocks` restricts the block kinds. `fix`
    gives words of `match` the wording that can always take their place: the sentence stays whole and
    says nothing new. `answered` restricts it to questions that the draft answers with a plain yes.
    `doubtful`: the severity is one step milder when the sentence reads as information (see `WeighedRule`).
    """

    doubtful: bool = False
    match: Annotated[tuple[Text, ...], Meta(min_length=1)]
    fix: dict[PlainWords, PlainWords] = msgspec.field(default_factory=dict)
    not_within: tuple[Text, ...] = ()
    near: tuple[Reference, ...] = ()
    if_topic: tuple[Reference, ...] = ()
    blocks: tuple[BlockName, ...] = ()
    answered: bool = False
    unless: tuple[Modality, ...] = (
        "negated",
        "questioned",
        "hypothetical",
        "attributed",
        "debunked",
    )


class PatternRule(RuleBase, frozen=True, kw_only=True, tag_field="kind", tag="pattern"):
    """A regular expression over one sentence, run only where one of its `triggers` stands.

    The syntax is that of the library `regex`, case is ignored, and a search is stopped after 200 ms.
    A group called `flag` narrows the flagged words. `signs`: one of these characters stands in every
    sentence that can match, so that the others need not be tried. `engine` is set by where the pack
    comes from: a shipped pattern that both engines know, and that tests try on hostile text, runs on
    the standard library's, which compiles it in a fraction of the time. `doubtful` as in `PhraseRule`.
    """

    doubtful: bool = False
    pattern: Text
    engine: Literal["regex", "re"] = "regex"
    signs: str = ""
    triggers: Annotated[tuple[Text, ...], Meta(min_length=1)]
    near: tuple[Reference, ...] = ()
    if_topic: tuple[Reference, ...] = ()
    blocks: tuple[BlockName, ...] = ()
    unless: tuple[Modality, ...] = (
        "negated",
        "questioned",
        "hypothetical",
        "attributed",
        "debunked",
    )


class Frame(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The slots of a claim: who acts, by which verb, on what, in which wording.

    `subject` lists what may be said to act: kinds (treatment, ours, generic, pronoun, none: nobody is
    named, other) or classes of treatments (`@unapproved`, `@regenerative`). `topic: true` counts the
    claim only when the sentence or the page is about a treatment.
    """

    verb: Annotated[tuple[Reference, ...], Meta(min_length=1)]
    target: tuple[Reference, ...] = ()
    subject: tuple[SubjectName, ...] = (
        "treatment", "ours", "generic", "pronoun", "none",
    )  # fmt: skip
    surface: tuple[Surface, ...] = ("active", "passive", "nominal", "compound", "item")
    topic: bool = False


class ClaimRule(RuleBase, frozen=True, kw_only=True, tag_field="kind", tag="claim"):
    """A frame of slots filled from lexicons. `{treatment}`, `{target}`, `{verb}` serve in `suggest`.

    `doubtful` as in `PhraseRule`.
    """

    doubtful: bool = False
    when: Frame
    not_within: tuple[Text, ...] = ()
    unless: tuple[Modality, ...] = (
        "negated",
        "questioned",
        "hypothetical",
        "attributed",
        "debunked",
    )


class ListedRule(RuleBase, frozen=True, kw_only=True, tag_field="kind", tag="listed"):
    """An item or a table cell whose lead-in or header holds one of the wordings of `lead_in`.

    The words of such a list ("You may enjoy:") are claims although an item alone says little. A lead-in
    with one of the wordings of `not_within` around those of `lead_in` is none. `near` demands a term of
    one of these classes in the item, `if_topic` a page that is about one. `doubtful` as in `PhraseRule`.
    """

    doubtful: bool = False
    lead_in: Annotated[tuple[Text, ...], Meta(min_length=1)]
    not_within: tuple[Text, ...] = ()
    near: tuple[Reference, ...] = ()
    if_topic: tuple[Reference, ...] = ()
    unless: tuple[Modality, ...] = (
        "negated",
        "questioned",
        "hypothetical",
        "attributed",
        "debunked",
    )


class WeighedRule(RuleBase, frozen=True, kw_only=True, tag_field="kind", tag="weighed"):
    """A sentence that reads as a claim although no other rule objects to it.

    The claim model gives it at least `at_least` (0 reads as information, 1 as a claim), or, when nothing
    in it is said to act on a condition, symptom, tissue or function, `without_frame`. The sentence
    holds a term of one of the classes of `needs` (none given: it need not hold any) and none of those of
    `lacks`. Where half of the other items of a list are flagged, two at least, `list_of_claims` is enough
    for an item, and `paragraph_of_claims` for a sentence among others; of an item among two others or more
    of which none is flagged `alone_in_list` is asked. `blocks` restricts the block kinds. `topic: true`
    counts a sentence only on a page that is about a treatment. `quoted: true` takes what somebody is
    quoted with from the other rules.
    """

    at_least: Chance
    without_frame: Chance
    list_of_claims: Chance | None = None
    paragraph_of_claims: Chance | None = None
    alone_in_list: Chance | None = None
    topic: bool = False
    quoted: bool = False
    needs: tuple[Reference, ...] = ()
    lacks: tuple[Reference, ...] = ()
    blocks: tuple[BlockName, ...] = ()


class Trigger(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What makes a disclosure necessary; all that is given must hold.

    `topic`: the page is about a treatment of one of these classes. `mentions`: a term of one of these
    classes, or one of these wordings, stands in the content. `claims`: a statement of one of these
    categories (hedged ones too) was found.
    """

    topic: tuple[Reference, ...] = ()
    mentions: tuple[Text, ...] = ()
    claims: tuple[Category, ...] = ()


class RequireRule(RuleBase, frozen=True, kw_only=True, tag_field="kind", tag="require"):
    """A disclosure: when it is due, what must be said, where, and the text to insert.

    `content` holds groups; of each group one wording must stand in the document, in one of the zones
    of `place`. A sentence that holds a wording of each group of `together`, and that no rule objects to,
    says as much, and so does what stands under a heading or a lead-in with a wording of `under`, unless
    it denies something. Inside one of the `not_within` phrases nothing counts. Wordings are written as
    in `PhraseRule.match`.
    """

    when: Trigger
    content: Annotated[
        tuple[Annotated[tuple[Text, ...], Meta(min_length=1)], ...], Meta(min_length=1)
    ]
    together: tuple[Annotated[tuple[Text, ...], Meta(min_length=1)], ...] = ()
    under: tuple[Text, ...] = ()
    not_within: tuple[Text, ...] = ()
    place: tuple[ZoneName, ...] = ("content", "footer")
    insert: str = ""


class EvidenceRule(RuleBase, frozen=True, kw_only=True, tag_field="kind", tag="evidence"):
    """A fault of support.

    `unsupported`: wording of `match` ("studies show") without a citation that belongs to it.
    `statistic`: a share or a rate of success or improvement without a source. `malformed`: an
    identifier that cannot exist. `doubtful` and `not_within` as in `PhraseRule`.
    """

    doubtful: bool = False
    fault: Literal["unsupported", "statistic", "malformed"]
    match: tuple[Text, ...] = ()
    not_within: tuple[Text, ...] = ()
    unless: tuple[Modality, ...] = (
        "negated",
        "questioned",
        "hypothetical",
        "attributed",
        "debunked",
    )


class ReadabilityRule(RuleBase, frozen=True, kw_only=True, tag_field="kind", tag="readability"):
    """A grade above the configured target (`readability: {target_grade: …}`)."""

    metric: Literal["flesch_kincaid_grade"] = "flesch_kincaid_grade"


class MetadataRule(RuleBase, frozen=True, kw_only=True, tag_field="kind", tag="metadata"):
    """Front matter that has none of `keys` (drafts without any front matter are left alone)."""

    keys: Annotated[tuple[Text, ...], Meta(min_length=1)]


class LawRule(RuleBase, frozen=True, kw_only=True, tag_field="kind", tag="law"):
    """Every statement that a common rule objects to and that the law of a market forbids.

    `of` names the categories ("testimonial") or the ids ("superlative/best") of the common rules. The
    statement has this rule's severity, milder by as many steps as the common rule's was.
    """

    of: Annotated[tuple[Text, ...], Meta(min_length=1)]


Rule = (
    PhraseRule
    | PatternRule
    | ClaimRule
    | ListedRule
    | WeighedRule
    | RequireRule
    | EvidenceRule
    | ReadabilityRule
    | MetadataRule
    | LawRule
)


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One term of a lexicon. A plain string in YAML is an entry with only a `term`.

    `also`: other names of the same thing. `nouns`, `adjectives`: of a verb (cure: cure; curative).
    `past`, `participle`: irregular forms. `status`, `topic`: of a treatment. `plural: false` keeps a
    noun as it is.
    """

    term: Text
    also: tuple[Text, ...] = ()
    nouns: tuple[Text, ...] = ()
    adjectives: tuple[Text, ...] = ()
    past: str = ""
    participle: str = ""
    strength: Literal["strong", "medium", "weak"] = "medium"
    status: Status | None = None
    topic: Name | None = None
    plural: bool = True
    authority: str = ""


class Lexicon(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A class of terms. Lexicons of one name in several files are one class.

    `part` says how entries inflect: nouns on their last word, verbs on their first, phrases only
    where `~` stands. `suffixes`: any word that ends so belongs to the class, save those in `besides`.
    """

    name: Name
    about: Text
    part: Literal["noun", "verb", "phrase"] = "noun"
    suffixes: tuple[Suffix, ...] = ()
    besides: tuple[Text, ...] = ()
    entries: tuple[Entry | Text, ...] = ()


class Cue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words that change how a statement is meant, and how far they reach.

    `reach_words` counts words from the cue's edge; `bound: clause` ends the reach at the clause.
    `exempt`: phrases of which no word belongs to a cue ("not only").
    """

    id: RuleId
    effect: Literal["negated", "hedged", "hypothetical", "attributed", "debunked", "questioned"]
    because: Text
    match: Annotated[tuple[Text, ...], Meta(min_length=1)]
    exempt: tuple[Text, ...] = ()
    direction: Literal["forward", "backward", "both"] = "forward"
    reach_words: Annotated[int, Meta(ge=1, le=60)] = 12
    bound: Literal["clause", "sentence"] = "clause"


class Pack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of a pack. `pack` and `version` name the pack; its files share both."""

    pack: Name
    version: Version
    about: str = ""
    market: Name | None = None  # a market pack: its rules count in this market
    rules: tuple[Rule, ...] = ()
    lexicons: tuple[Lexicon, ...] = ()
    cues: tuple[Cue, ...] = ()
