"""Regular expressions of pattern rules: compiled when first needed, every search bounded in time."""

from __future__ import annotations

import re
from typing import Any

from claimlint.model.rule import EvidenceRule, PatternRule, Ruleset

_TIMEOUT_SECONDS = 0.2
# A share or a rate of success, improvement or satisfaction: "a 92% success rate", "9 out of 10 patients".
_STATISTIC = (
    r"\b\d{1,3}(?:[.,]\d{1,2})?\s?%\s(?:of\s(?:(?:our|all|the)\s)?(?:patients|clients|people|users|men|women|"
    r"cases|participants|procedures|treatments)\b|(?:\w+\s){0,2}(?:success|satisfaction|improvement|reduction|"
    r"effective|recovery|response|cure)\b)"
    r"|\b(?:success|satisfaction|response|recovery|cure|improvement)\s(?:rates?\s)?(?:\w+\s){0,3}\d{1,3}"
    r"(?:[.,]\d{1,2})?\s?%"
    r"|\b(?:\d{1,2}|nine|eight|seven|four)\s(?:out\sof|in)\s(?:every\s)?(?:\d{1,3}|ten|five)\s"
    r"(?:patients|clients|people|users|men|women)\b"
)
_COUNTS = re.compile(r"\d\s?%|\b(?:out of|in) (?:every )?\w+ (?:pat|cli|peo|use|men|wom)")


class Patterns:
    """The pattern rules of a ruleset by number, and the rules about statistics."""

    def __init__(self, ruleset: Ruleset) -> None:
        self._rules = ruleset.rules
        self._compiled: dict[int, Any] = {}
        self.statistics = tuple(
            number
            for number, rule in enumerate(ruleset.rules)
            if isinstance(rule, EvidenceRule) and rule.fault == "statistic"
        )

    def search(
        self, number: int, text: str, start: int, end: int
    ) -> tuple[list[tuple[int, int]], bool]:
        """The matches of a pattern rule at the indexes start..end, and whether time ran out."""
        rule = self._rules[number]
        assert isinstance(rule, PatternRule)
        return self._find(number, rule.pattern, text[start:end], start)

    def may_count(self, text: str) -> bool:
        """Whether a block can hold a statistic that some rule looks for (the gate)."""
        return bool(self.statistics) and _COUNTS.search(text) is not None

    def shares(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        """Statistics of success or improvement at the indexes start..end."""
        return self._find(-1, _STATISTIC, text[start:end], start)[0]

    def _find(
        self, number: int, pattern: str, piece: str, start: int
    ) -> tuple[list[tuple[int, int]], bool]:
        compiled = self._compiled.get(number)
        if compiled is None:
            import regex

            compiled = regex.compile(pattern, regex.IGNORECASE)
            self._compiled[number] = compiled
        group = "flag" if "flag" in compiled.groupindex else 0
        found: list[tuple[int, int]] = []
        try:
            for match in compiled.finditer(piece, timeout=_TIMEOUT_SECONDS):
                first, last = match.span(group)
                if 0 <= first < last:
                    found.append((start + first, start + last))
        except TimeoutError:
            return found, True
        return found, False
