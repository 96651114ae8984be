"""The ruleset: what packs, markets and overrides come to, with all words inflected."""

# No `from __future__ import annotations`: msgspec would have to evaluate each as text.
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from claimlint.model.rule import Cue, Rule

FormName = Literal["base", "s", "ing", "past", "participle", "noun", "adjective", "phrase"]


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """All terms by column, each at its number, so that thousands of them load at once.

    `names`: the canonical wordings. `strengths`: a letter each: s(trong), m(edium), w(eak).
    `classes`: numbers of `class_sets`, which hold the names of lexicon, status and topic.
    """

    names: tuple[str, ...]
    strengths: str
    classes: tuple[int, ...]
    class_sets: tuple[tuple[str, ...], ...]


WordingKind = Literal[
    "term",
    "rule",
    "trigger",
    "cue",
    "exempt",
    "shield",
    "content",
    "mention",
    "template",
    "lead",
]


class Wording(msgspec.Struct, frozen=True, order=True):
    """A wording of plain words in the table of literals, keyed by its first word.

    `rest`: the further words. `kind`: what it stands for: "term"; "rule" (of a phrase or evidence
    rule's `match`); "trigger" (of a pattern rule); "cue"; "exempt" (a cue's exempt phrase); "shield"
    (a rule's `not_within`); "content" (a disclosure's wording); "mention" (a disclosure's trigger);
    "template" (the anchor of a template); "lead" (of a listed rule's lead-in). `number` indexes that
    kind's table (`Ruleset.terms`, `.rules`, `.cues`, `.templates`). `group`: for "content" the number of
    the group, else 0. `form` of a term, else "phrase".
    """

    rest: tuple[str, ...]
    kind: WordingKind
    number: int
    group: int
    form: FormName


class Template(NamedTuple):
    """A wording with slots: each element is a word, `@class` (any term of it) or `...` (0-4 words).

    `anchor` numbers the first plain word, by which the template is found; `kind`, `number` and `group`
    are those of a `Wording`.
    """

    elements: tuple[str, ...]
    anchor: int
    kind: WordingKind
    number: int
    group: int


class PackName(NamedTuple):
    """A pack that was applied."""

    name: str
    version: str


class Ruleset(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the engine needs, resolved: rules in the order of their ids, words already inflected.

    `muted` are the ids of rules that are off or not selected: what they find is not shown, but counts
    where other rules turn on it (a claim makes a disclosure due).

    `weights` is the digest of the claim model's weights ("" without weighed rules).

    `wordings` maps a first word and a second ("": there is none) to the wordings that begin with
    them, longest first. `suffixes` pairs a
    word ending with the number of its term; `besides` are the words that such an ending does not
    claim. `sha256` names the content: packs, markets and overrides.
    """

    rules: tuple[Rule, ...]
    muted: tuple[str, ...] = ()
    terms: Terms
    cues: tuple[Cue, ...]
    wordings: Mapping[str, Mapping[str, tuple[Wording, ...]]]
    templates: Sequence[Template]
    suffixes: tuple[tuple[str, int], ...]
    besides: tuple[str, ...]
    packs: tuple[PackName, ...]
    markets: tuple[str, ...]
    weights: str = ""
    sha256: str

    @property
    def shown(self) -> tuple[Rule, ...]:
        """The rules whose findings are shown."""
        muted = frozenset(self.muted)
        return tuple(rule for rule in self.rules if rule.id not in muted)
