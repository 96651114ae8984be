"""Run the examples that rules carry: what they must flag and pass, what they suggest, what they fix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from claimlint.cache import CacheFolder
from claimlint.config import Config, Settings
from claimlint.engine.check import Engine
from claimlint.model.report import Finding
from claimlint.model.rule import DOCUMENT_CATEGORIES, PhraseRule, Rule
from claimlint.packs import Selection, load_packs
from claimlint.readers import read
from claimlint.workshop import Plan, Workshop

_OPEN, _CLOSE = "[[", "]]"


class RuleTest(NamedTuple):
    """One example run: of a rule, what it was to show, whether it held, and what came out."""

    rule: str
    kind: Literal["flag", "pass", "suggestion", "fix"]
    ok: bool
    example: str
    message: str


def authored_rules(config: Config) -> dict[str, Rule]:
    """The rules of all packs that the configuration names, as they are written with examples, by id.

    Where packs of an override replace a rule, the one outside of overrides is given. Raises
    DefinitionError.
    """
    found: dict[str, Rule] = {}
    for settings in _distinct(config):
        found = {**{rule.id: rule for rule in _rules(settings)}, **found}
    return found


def run_rule_tests(
    config: Config, *, cache: CacheFolder | None, only: tuple[str, ...] = ()
) -> tuple[RuleTest, ...]:
    """Run every example of the packs that the configuration names, or of the rules `only`.

    A rule is tested where it first applies: outside of overrides, else in the first override that
    brings it. Raises DefinitionError.
    """
    workshop = Workshop(Plan(config, cache))
    workshop.prepare()
    tested: dict[str, list[Rule]] = {}
    results: list[RuleTest] = []
    for settings in _distinct(config):
        active = {rule.id for rule in workshop.ruleset(settings).shown}
        if only:
            active.intersection_update(only)
        for rule in _rules(settings):
            before = tested.setdefault(rule.id, [])
            if rule.id in active and rule.examples is not None and rule not in before:
                before.append(rule)
                results += _tested(workshop.engine(settings), rule)
    return tuple(results)


def _distinct(config: Config) -> Iterable[Settings]:
    """The settings outside of overrides and of each override, but for those with equal rules."""
    found: dict[Selection, Settings] = {}
    for settings in config.every_settings():
        found.setdefault(settings.selection, settings)
    return found.values()


def _rules(settings: Settings) -> Iterator[Rule]:
    """The rules of the packs, as they are written."""
    for pack in load_packs(settings.selection):
        yield from pack.rules


def _tested(engine: Engine, rule: Rule) -> Iterator[RuleTest]:
    assert rule.examples is not None
    for example in rule.examples.flag:
        found = _flagged(engine, rule.id, example)
        yield found[0]
        if (
            found[1] is not None
            and rule.category not in DOCUMENT_CATEGORIES
            and found[1].suggestions
        ):
            before = _said(_raised(engine, example.replace(_OPEN, "").replace(_CLOSE, "")))
            for suggestion in found[1].suggestions:
                yield _suggested(engine, rule.id, example, suggestion, before)
    if isinstance(rule, PhraseRule):
        for flagged, wording in rule.fix.items():
            yield _fixed(engine, rule, flagged, wording)
    for example in rule.examples.passing:
        findings = _findings(engine, example, rule.id)
        words = ", ".join(f"“{finding.words}”" for finding in findings)
        yield RuleTest(rule.id, "pass", not findings, example, f"flags {words}" if words else "")


def _flagged(engine: Engine, rule: str, example: str) -> tuple[RuleTest, Finding | None]:
    """Whether the rule flags exactly the marked words."""
    start = example.index(_OPEN)
    end = example.index(_CLOSE) - len(_OPEN)
    text = example.replace(_OPEN, "").replace(_CLOSE, "")
    findings = _findings(engine, text, rule)
    for finding in findings:
        if (finding.span.start.offset, finding.span.end.offset) == (start, end):
            return RuleTest(rule, "flag", True, example, ""), finding
    if not findings:
        return RuleTest(rule, "flag", False, example, "flags nothing"), None
    words = ", ".join(f"“{finding.text}”" for finding in findings)
    return RuleTest(rule, "flag", False, example, f"flags {words} instead"), None


def _suggested(
    engine: Engine, rule: str, example: str, suggestion: str, before: frozenset[tuple[str, str]]
) -> RuleTest:
    """Whether a suggestion in place of the marked words raises no warning or error of any rule.

    What the draft's own words raise anyway (`before`) does not count: where a market forbids the very
    name of a treatment, every text that keeps the name is flagged for it.
    """
    text = _with(example, suggestion)
    raised = [finding for finding in _raised(engine, text) if not _said([finding]) <= before]
    return RuleTest(rule, "suggestion", not raised, text, _told(raised))


def _fixed(engine: Engine, rule: PhraseRule, flagged: str, wording: str) -> RuleTest:
    """Whether the rule flags these words in its examples, and nothing flags those in their place."""
    assert rule.examples is not None
    for example in rule.examples.flag:
        marked, _ = _flagged(engine, rule.id, _with(example, f"{_OPEN}{flagged}{_CLOSE}"))
        text = _with(example, wording)
        raised = _raised(engine, text)
        if not marked.ok:
            return RuleTest(rule.id, "fix", False, marked.example, marked.message)
        if raised:
            return RuleTest(rule.id, "fix", False, text, _told(raised))
    return RuleTest(rule.id, "fix", True, f"{flagged}: {wording}", "")


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
