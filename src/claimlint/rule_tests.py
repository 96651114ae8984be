"""Run the examples that rules carry: what they must flag, what they must pass, what they suggest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from claimlint.cache import CacheFolder
from claimlint.config import Config
from claimlint.engine.check import Engine
from claimlint.engine.syllables import open_word_table
from claimlint.model.report import Finding
from claimlint.model.rule import DOCUMENT_CATEGORIES, Pack, Rule
from claimlint.packs import load_packs, load_ruleset
from claimlint.readers import read

_OPEN, _CLOSE = "[[", "]]"


class RuleTest(NamedTuple):
    """One example run: of a rule, what it was to show, whether it held, and what came out."""

    rule: str
    kind: Literal["flag", "pass", "suggestion"]
    ok: bool
    example: str
    message: str


def rule_packs(config: Config) -> tuple[Pack, ...]:
    """The packs as they are written, with examples; raises DefinitionError."""
    return load_packs(config.for_path("").selection)


def run_rule_tests(
    config: Config, *, cache: CacheFolder | None, only: tuple[str, ...] = ()
) -> tuple[RuleTest, ...]:
    """Run every example of the chosen packs, or of the rules `only`; raises DefinitionError."""
    settings = config.for_path("")
    ruleset = load_ruleset(settings.selection, cache)
    engine = Engine(ruleset, open_word_table(cache), settings.target_grade)
    active = {rule.id for rule in ruleset.shown}
    results: list[RuleTest] = []
    for pack in rule_packs(config):
        for rule in pack.rules:
            if rule.examples is None or rule.id not in active:
                continue
            if only and rule.id not in only:
                continue
            results += _tested(engine, rule)
    return tuple(results)


def _tested(engine: Engine, rule: Rule) -> Iterator[RuleTest]:
    assert rule.examples is not None
    for example in rule.examples.flag:
        found = _flagged(engine, rule.id, example)
        yield found[0]
        if found[1] is not None and rule.category not in DOCUMENT_CATEGORIES:
            for suggestion in found[1].suggestions:
                yield _suggested(engine, rule.id, example, suggestion)
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


def _suggested(engine: Engine, rule: str, example: str, suggestion: str) -> RuleTest:
    """Whether a suggestion in place of the marked words raises no warning or error of any rule."""
    before, rest = example.split(_OPEN, 1)
    text = before + suggestion + rest.split(_CLOSE, 1)[1]
    raised = [
        finding
        for finding in _findings(engine, text, None)
        if finding.severity != "note" and finding.category not in DOCUMENT_CATEGORIES
    ]
    said = ", ".join(f"{finding.rule} flags “{finding.words}”" for finding in raised)
    return RuleTest(rule, "suggestion", not raised, text, said)


def _findings(engine: Engine, text: str, rule: str | None) -> tuple[Finding, ...]:
    document = read(text.encode(), "example.md", "markdown")
    return engine.check(document, only=rule).findings
