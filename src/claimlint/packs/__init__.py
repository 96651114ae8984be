"""Rule packs: authored YAML -> the resolved ruleset, strictly checked and cached."""

from __future__ import annotations

from claimlint.packs.cache import CacheFolder, default_folder
from claimlint.packs.resolve import load_packs, load_ruleset
from claimlint.packs.selection import DEFAULT_MARKETS, Level, Selection, all_markets

__all__ = [
    "DEFAULT_MARKETS",
    "CacheFolder",
    "Level",
    "Selection",
    "all_markets",
    "default_folder",
    "load_packs",
    "load_ruleset",
]
