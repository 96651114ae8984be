"""Packs -> Ruleset: levels applied, words inflected, wordings in one table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from claimlint.model.digest import sha256
from claimlint.model.rule import (
    ClaimRule,
    Cue,
    EvidenceRule,
    ListedRule,
    Pack,
    PatternRule,
    PhraseRule,
    RequireRule,
    Rule,
    Severity,
)
from claimlint.model.ruleset import PackName, Ruleset
from claimlint.packs.selection import Level, Selection, all_markets, groups_of, names_rule
from claimlint.packs.table import Table
from claimlint.packs.terms import add_lexicons
from claimlint.packs.wording import is_lone_class


def compile_ruleset(packs: tuple[Pack, ...], selection: Selection, weights: str = "") -> Ruleset:
    """Resolve checked packs; equal packs and selections give equal rulesets in any order.

    `weights` is the digest of the claim model's weights.
    """
    chosen = tuple(_levels(packs, selection))
    rules = tuple(_slim(rule, level) for rule, level, _ in chosen)
    cues = tuple(sorted((cue for pack in packs for cue in pack.cues), key=lambda cue: cue.id))
    table = Table()
    add_lexicons([lexicon for pack in packs for lexicon in pack.lexicons], table)
    for number, (rule, *_) in enumerate(chosen):
        _add_rule(rule, number, table)
    for number, cue in enumerate(cues):
        _add_cue(cue, number, table)
    templates = table.close_templates()
    names = {PackName(pack.pack, pack.version) for pack in packs}
    ruleset = Ruleset(
        rules=rules,
        muted=tuple(rule.id for rule, _, shown in chosen if not shown),
        terms=table.terms(),
        cues=cues,
        wordings=table.sorted_wordings(),
        templates=templates,
        suffixes=tuple(sorted(table.suffixes, key=lambda pair: (-len(pair[0]), pair))),
        besides=tuple(sorted(table.besides)),
        packs=tuple(sorted(names)),
        markets=all_markets(selection.markets),
        weights=weights,
        sha256="",
    )
    digest = sha256(msgspec.json.encode(ruleset, order="deterministic")).hexdigest()
    return msgspec.structs.replace(ruleset, sha256=digest)


def _levels(packs: Iterable[Pack], selection: Selection) -> Iterator[tuple[Rule, Severity, bool]]:
    """Every rule with its severity, and whether its findings are shown."""
    layers = [dict(levels) for levels in reversed((selection.rules, *selection.override_rules))]
    for rule in sorted((rule for pack in packs for rule in pack.rules), key=lambda rule: rule.id):
        level = _level(rule, layers) or rule.severity
        shown = not selection.select or names_rule(selection.select, rule.id, rule.category)
        ignored = names_rule(selection.ignore, rule.id, rule.category)
        shown = shown and level != "off" and not ignored
        yield rule, rule.severity if level == "off" else level, shown


def _level(rule: Rule, layers: Iterable[dict[str, Level]]) -> Level | None:
    """The level that the first of these mappings gives that names the rule; an id beats a group."""
    names = (rule.id, *groups_of(rule.id, rule.category))
    return next((levels[name] for levels in layers for name in names if name in levels), None)


def _slim(rule: Rule, severity: Severity) -> Rule:
    """Leave out the wordings of a rule, which are in the table; one stays where one must be."""
    rule = msgspec.structs.replace(rule, severity=severity, examples=None)
    match rule:
        case PhraseRule() | EvidenceRule():
            rule = msgspec.structs.replace(rule, match=rule.match[:1])
        case ListedRule():
            rule = msgspec.structs.replace(rule, lead_in=rule.lead_in[:1])
        case PatternRule():
            rule = msgspec.structs.replace(rule, triggers=rule.triggers[:1])
        case RequireRule():
            content = tuple(group[:1] for group in rule.content)
            together = tuple(map(_classes_or_one, rule.together))
            under = rule.under[:1]
            rule = msgspec.structs.replace(rule, content=content, together=together, under=under)
        case _:
            pass
    if isinstance(rule, PhraseRule | ClaimRule | EvidenceRule | ListedRule | RequireRule):
        rule = msgspec.structs.replace(rule, not_within=())
    return rule


def _add_rule(rule: Rule, number: int, table: Table) -> None:
    if isinstance(rule, PhraseRule | EvidenceRule):
        table.add(rule.match, "rule", number)
    elif isinstance(rule, PatternRule):
        table.add(rule.triggers, "trigger", number)
    elif isinstance(rule, ListedRule):
        table.add(rule.lead_in, "lead", number)
    elif isinstance(rule, RequireRule):
        for group, texts in enumerate((*rule.content, *rule.together, rule.under)):
            table.add(_worded(texts), "content", number, group)
        table.add(_worded(rule.when.mentions), "mention", number)
    if isinstance(rule, PhraseRule | ClaimRule | EvidenceRule | ListedRule | RequireRule):
        table.add(rule.not_within, "shield", number)


def _worded(texts: Iterable[str]) -> Iterator[str]:
    """Leave out lone classes, whose terms are in the table as they are."""
    return (text for text in texts if not is_lone_class(text))


def _classes_or_one(group: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text.strip() for text in group if is_lone_class(text)) or group[:1]


def _add_cue(cue: Cue, number: int, table: Table) -> None:
    table.add(cue.match, "cue", number)
    table.add(cue.exempt, "exempt", number)
