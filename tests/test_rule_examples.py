"""Every example of every shipped rule holds, and no suggestion is a claim itself."""

from __future__ import annotations

from functools import cache

import pytest

from claimlint.config import Config, apply_flags, load_config
from claimlint.packs.library import library_files, market_names, rulesets_folder
from claimlint.rule_tests import RuleTest, authored_rules, run_rule_tests


@cache
def results() -> tuple[RuleTest, ...]:
    return run_rule_tests(configured(), cache=None)


def configured() -> Config:
    markets = market_names(library_files(rulesets_folder()))
    return apply_flags(load_config(None, "/"), markets=markets)


@pytest.mark.parametrize("kind", ["flag", "pass", "suggestion"])
def test_the_examples_of_all_markets_hold(kind: str) -> None:
    ran = [result for result in results() if result.kind == kind]
    assert len(ran) > 200
    assert [f"{r.rule}: {r.message}: {r.example}" for r in ran if not r.ok] == []


def test_the_safe_wordings_of_all_markets_hold() -> None:
    ran = [result for result in results() if result.kind == "fix"]
    assert {result.rule for result in ran} >= {"superlative/miracle", "regenerative/master-cells"}
    assert [f"{r.rule}: {r.message}: {r.example}" for r in ran if not r.ok] == []


def test_every_rule_about_a_statement_has_examples() -> None:
    rules = authored_rules(configured()).values()
    without = {rule.id for rule in rules if rule.examples is None}
    assert without <= {"metadata/author", "metadata/date", "metadata/reviewer"}
    assert len(rules) > 150
