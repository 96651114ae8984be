"""The configuration as it is written; the JSON Schema of `claimlint.yaml` is made from this."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from claimlint.config.serve import ServePart
from claimlint.model.rule import Name, Text
from claimlint.packs.selection import Level

FailLevel = Literal["error", "warning", "note", "never"]
RuleKey = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9-]+/[a-z0-9-]*$",
        description="a rule id such as cure/claims-a-cure or a category such as pressure/",
    ),
]
Grade = Annotated[float, Meta(ge=1, le=20)]

# Where a list or a single text may stand, the single one is a plain `Text`: msgspec (0.22.0) frees the
# compiled pattern of a constrained text beside a list as if it were a type, and crashes at exit. The
# test of the interpreter's exit status guards it.


class ReadabilityPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The target of readability (a US school grade, Flesch-Kincaid) and the level above it."""

    target_grade: Grade | None = None
    severity: Level | None = None


class OverridePart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Other settings for the files of one or several patterns; the last override that fits wins."""

    files: Annotated[tuple[Text, ...], Meta(min_length=1)] | Text
    market: tuple[Name, ...] | Text | None = None
    packs: tuple[Text, ...] | Text | None = None
    rules: dict[RuleKey, Level] = {}
    readability: ReadabilityPart = ReadabilityPart()


class SuppressionsPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may suppress findings: comments in drafts, only what has an approver, only these approvers."""

    inline: bool = True
    require_approver: bool = False
    approvers: tuple[Text, ...] = ()


class ConfigFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The configuration: `claimlint.yaml`, or `[tool.claimlint]` in `pyproject.toml`."""

    market: tuple[Name, ...] | Text | None = None
    fail_on: FailLevel = "error"
    include: tuple[Text, ...] | Text = ()
    exclude: tuple[Text, ...] | Text = ()
    packs: tuple[Text, ...] | Text = ()
    rules: dict[RuleKey, Level] = {}
    readability: ReadabilityPart = ReadabilityPart()
    overrides: tuple[OverridePart, ...] = ()
    max_bytes: Annotated[int, Meta(ge=1024, le=1 << 30)] = 10 << 20
    suppressions: SuppressionsPart = SuppressionsPart()
    serve: ServePart | None = None
