"""Run the examples that rules carry: what they must flag and pass, what they suggest, what they fix."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Literal, NamedTuple

import msgspec

from claimlint.cache import CacheFolder
from claimlint.config import Config, Settings
from claimlint.engine.check import Engine
from claimlint.errors import Mark
from claimlint.model.report import Finding
from claimlint.model.rule import DOCUMENT_CATEGORIES, PhraseRule, Rule
from claimlint.packs import Selection, WrittenRule, all_markets, load_rules
from claimlint.readers import read
from claimlint.workshop import Plan, Workshop

_OPEN, _CLOSE = "[[", "]]"


class RuleTest(NamedTuple):
    """One example run: of a rule, what it was to show, whether it held, what came out, where it stands."""

    rule: str
    kind: Literal["flag", "pass", "suggestion", "fix"]
    ok: bool
    example: str
    message: str
    mark: Mark


def authored_rules(config: Config, also_markets: tuple[str, ...] = ()) -> dict[str, Rule]:
    """The rules of all packs that the configuration names, as they are written with examples, by id.

    `also_markets`: those of the user's own packs for these markets too.

    Where packs of an override replace a rule, the one outside of overrides is given. Raises
    DefinitionError.
    """
    found: dict[str, Rule] = {}
    for settings in _distinct(config):
        markets = (*all_markets(settings.selection.markets), *also_markets)
        rules = (written.rule for written in load_rules(settings.selection))
        found = {**{rule.id: rule for rule in rules if _counts(rule, markets)}, **found}
    return found


def other_markets(config: Config) -> dict[str, tuple[str, ...]]:
    """The markets that are not chosen and have rules in packs of the user's own, with the ids of those.

    Raises DefinitionError.
    """
    found: dict[str, set[str]] = {}
    every = tuple(_distinct(config))
    chosen = {market for one in every for market in all_markets(one.selection.markets)}
    for settings in every:
        for written in load_rules(settings.selection):
            if written.is_own and not _counts(written.rule, chosen):
                found.setdefault(written.rule.markets[0], set()).add(written.rule.id)
    return {market: tuple(sorted(found[market])) for market in sorted(found)}


def run_rule_tests(
    config: Config,
    *,
    cache: CacheFolder | None,
    only: tuple[str, ...] = (),
    also_markets: Iterable[str] = (),
) -> tuple[RuleTest, ...]:
    """Run every example of the packs that the configuration names, or of the rules `only`.

    A rule is tested where it first applies: outside of overrides, in the first override that brings it,
    else in the first of `also_markets` alone. Raises DefinitionError.
    """
    workshop = Workshop(Plan(config, cache))
    workshop.prepare()
    tested: dict[str, list[Rule]] = {}
    results: list[RuleTest] = []
    for settings in (*_distinct(config), *_in_markets(config, also_markets)):
        active = {rule.id for rule in workshop.ruleset(settings).shown}
        if only:
            active.intersection_update(only)
        for written in load_rules(settings.selection):
            rule = written.rule
            before = tested.setdefault(rule.id, [])
            if rule.id in active and rule.examples is not None and rule not in before:
                before.append(rule)
                results += _tested(workshop.engine(settings), written)
    return tuple(results)


def _distinct(config: Config) -> Iterable[Settings]:
    """The settings outside of overrides and of each override, but for those with equal rules."""
    found: dict[Selection, Settings] = {}
    for settings in config.every_settings():
        found.setdefault(settings.selection, settings)
    return found.values()


def _in_markets(config: Config, markets: Iterable[str]) -> Iterator[Settings]:
    """The same settings for each of these markets alone."""
    for market in markets:
        for settings in _distinct(config):
            selection = msgspec.structs.replace(settings.selection, markets=(market,))
            yield msgspec.structs.replace(settings, selection=selection)


def _counts(rule: Rule, markets: Collection[str]) -> bool:
    return not rule.markets or rule.markets[0] in markets


def _tested(engine: Engine, written: WrittenRule) -> Iterator[RuleTest]:
    rule = written.rule
    assert rule.examples is not None
    for number, example in enumerate(rule.examples.flag):
        mark = written.marks.at("examples", "flag", number)
        found = _flagged(engine, rule.id, example, mark)
        yield found[0]
        if (
            found[1] is not None
            and rule.category not in DOCUMENT_CATEGORIES
            and found[1].suggestions
        ):
            before = _said(_raised(engine, example.replace(_OPEN, "").replace(_CLOSE, "")))
            for suggestion in found[1].suggestions:
                yield _suggested(engine, rule.id, example, suggestion, before, mark)
    if isinstance(rule, PhraseRule):
        for flagged, wording in rule.fix.items():
            yield _fixed(engine, rule, flagged, wording, written.marks.key("fix", flagged))
    for number, example in enumerate(rule.examples.passing):
        findings = _findings(engine, example, rule.id)
        words = ", ".join(f"“{finding.words}”" for finding in findings)
        told = f"flags {words}" if words else ""
        mark = written.marks.at("examples", "pass", number)
        yield RuleTest(rule.id, "pass", not findings, example, told, mark)


def _flagged(
    engine: Engine, rule: str, example: str, mark: Mark
) -> tuple[RuleTest, Finding | None]:
    """Whether the rule flags exactly the marked words."""
    start = example.index(_OPEN)
    end = example.index(_CLOSE) - len(_OPEN)
    text = example.replace(_OPEN, "").replace(_CLOSE, "")
    findings = _findings(engine, text, rule)
    for finding in findings:
        if (finding.span.start.offset, finding.span.end.offset) == (start, end):
            return RuleTest(rule, "flag", True, example, "", mark), finding
    if not findings:
        return RuleTest(rule, "flag", False, example, "flags nothing", mark), None
    words = ", ".join(f"“{finding.text}”" for finding in findings)
    return RuleTest(rule, "flag", False, example, f"flags {words} instead", mark), None


def _suggested(
    engine: Engine,
    rule: str,
    example: str,
    suggestion: str,
    before: frozenset[tuple[str, str]],
    mark: Mark,
) -> RuleTest:
    """Whether a suggestion in place of the marked words raises no warning or error of any rule.

    What the draft's own words raise anyway (`before`) does not count: where a market forbids the very
    name of a treatment, every text that keeps the name is flagged for it.
    """
    text = _with(example, suggestion)
    raised = [finding for finding in _raised(engine, text) if not _said([finding]) <= before]
    return RuleTest(rule, "suggestion", not raised, text, _told(raised), mark)


def _fixed(engine: Engine, rule: PhraseRule, flagged: str, wording: str, mark: Mark) -> RuleTest:
    """Whether the rule flags these words in its examples, and nothing flags those in their place."""
    assert rule.examples is not None
    for example in rule.examples.flag:
        marked, _ = _flagged(engine, rule.id, _with(example, f"{_OPEN}{flagged}{_CLOSE}"), mark)
        text = _with(example, wording)
        raised = _raised(engine, text)
        if not marked.ok:
            return RuleTest(rule.id, "fix", False, marked.example, marked.message, mark)
        if raised:
            return RuleTest(rule.id, "fix", False, text, _told(raised), mark)
    return RuleTest(rule.id, "fix", True, f"{flagged}: {wording}", "", mark)


def _with(example: str, wording: str) -> str:
    """An example with other words in place of the marked ones."""
    before, rest = example.split(_OPEN, 1)
    return before + wording + rest.split(_CLOSE, 1)[1]


def _raised(engine: Engine, text: str) -> list[Finding]:
    """The warnings and errors about statements, of every rule."""
    return [
        finding
        for finding in _findings(engine, text, None)
        if finding.severity != "note" and finding.category not in DOCUMENT_CATEGORIES
    ]


def _said(findings: Iterable[Finding]) -> frozenset[tuple[str, str]]:
    return frozenset((finding.rule, finding.words.lower()) for finding in findings)


def _told(findings: Iterable[Finding]) -> str:
    return ", ".join(f"{finding.rule} flags “{finding.words}”" for finding in findings)


def _findings(engine: Engine, text: str, rule: str | None) -> tuple[Finding, ...]:
    document = read(text.encode(), "example.md", "markdown")
    return engine.check(document, only=rule).findings
