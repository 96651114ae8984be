"""Rule packs: authored YAML -> the resolved ruleset, strictly checked and cached."""

from __future__ import annotations

from claimlint.packs.library import read_weights
from claimlint.packs.resolve import (
    WrittenRule,
    load_packs,
    load_rules,
    load_ruleset,
    other_market,
    rule_markets,
)
from claimlint.packs.selection import (
    DEFAULT_MARKETS,
    Level,
    Selection,
    all_markets,
    groups_of,
    names_rule,
)

__all__ = [
    "DEFAULT_MARKETS",
    "Level",
    "Selection",
    "WrittenRule",
    "all_markets",
    "groups_of",
    "load_packs",
    "load_rules",
    "load_ruleset",
    "names_rule",
    "other_market",
    "read_weights",
    "rule_markets",
]
