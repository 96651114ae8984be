"""Rules as text and as JSON, for `claimlint rules`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import TextWrapper

import msgspec

from claimlint.model.rule import (
    ClaimRule,
    EvidenceRule,
    ListedRule,
    PatternRule,
    PhraseRule,
    RequireRule,
    Rule,
)
from claimlint.reporters import wording
from claimlint.reporters.visible import one_line


def as_json(rules: Iterable[Rule]) -> bytes:
    """Rules as a JSON array in UTF-8, in the form in which packs write them."""
    encoded = msgspec.json.encode(list(rules))
    return msgspec.json.format(encoded, indent=2) + b"\n"


def as_table(rules: Iterable[Rule]) -> str:
    """Rules as a table: id, severity, markets and title."""
    lines = [
        (rule.id, rule.severity, ",".join(rule.markets) or "all", rule.title) for rule in rules
    ]
    if not lines:
        return "No rule applies.\n"
    rows = [("RULE", "SEVERITY", "MARKETS", "TITLE"), *lines]
    wide = [max(len(row[column]) for row in rows) for column in range(3)]
    return "".join(
        f"{row[0]:<{wide[0]}}  {row[1]:<{wide[1]}}  {row[2]:<{wide[2]}}  {one_line(row[3])}\n"
        for row in rows
    )


def in_full(rule: Rule, active: Rule | None, width: int) -> str:
    """Everything about a rule; `active` is the rule as it applies here, None where it does not."""
    head = f"{rule.id}: {one_line(rule.title)}\n"
    fill = TextWrapper(width=width, break_long_words=False, break_on_hyphens=False)
    lines = []
    for label, text in _details(rule, active):
        fill.initial_indent = f"  {label:<11} "
        fill.subsequent_indent = " " * 14
        lines += fill.wrap(one_line(text)) or [f"  {label}"]
    return head + "".join(f"{line}\n" for line in lines)


def _details(rule: Rule, active: Rule | None) -> Iterator[tuple[str, str]]:
    yield "severity", _severity(rule, active)
    yield "category", rule.category
    yield "kind", _kind(rule)
    yield "markets", ", ".join(rule.markets) or "all"
    yield "message", rule.message
    yield "why", rule.why
    for suggestion in rule.suggest:
        yield "suggestion", suggestion
    if isinstance(rule, PhraseRule):
        for flagged, safe in rule.fix.items():
            yield "fix", f"“{flagged}” becomes “{safe}”"
    if isinstance(rule, RequireRule) and rule.insert:
        yield "insert", rule.insert
    meant = PhraseRule | ClaimRule | PatternRule | ListedRule | EvidenceRule
    if isinstance(rule, meant) and rule.unless:
        yield "not when", ", ".join(rule.unless)
    for authority in rule.authorities:
        yield "authority", f"{wording.authority(authority)} {authority.url}"
        yield "", f"checked {authority.checked}"
    if rule.examples is not None:
        for example in rule.examples.flag:
            yield "flags", example
        for example in rule.examples.passing:
            yield "passes", example


def _severity(rule: Rule, active: Rule | None) -> str:
    if active is None:
        return f"{rule.severity} (does not apply here: switched off, or another market)"
    if active.severity != rule.severity:
        return f"{active.severity} (set here; {rule.severity} as written)"
    return rule.severity


def _kind(rule: Rule) -> str:
    return str(rule.__struct_config__.tag)
