"""Regular expressions of pattern rules: compiled when first needed, every search bounded in time."""

from __future__ import annotations

import re
from typing import Any

from claimlint.expressions import compiled
from claimlint.model.rule import EvidenceRule, PatternRule
from claimlint.model.ruleset import Ruleset

_TIMEOUT_SECONDS = 0.2
# Who or what is counted in a rate of success.
_COUNTED = frozenset(
    ["patients", "clients", "customers", "members", "guests", "people", "users", "wearers",
     "volunteers", "participants", "men", "women", "mothers", "mums", "moms", "couples", "parents",
     "families", "children", "kids", "babies", "teens", "teenagers", "adults", "seniors", "veterans",
     "athletes", "runners", "golfers", "dancers", "cyclists", "players", "workers", "drivers",
     "students", "smokers", "sufferers", "owners", "dogs", "cats", "horses", "pets", "doctors",
     "physicians", "surgeons", "dentists", "dermatologists", "pharmacists", "nurses", "therapists",
     "experts", "vets", "cases", "procedures", "treatments", "operations", "knees", "hips",
     "shoulders", "backs", "eyes", "smiles", "implants", "grafts"]
)  # fmt: skip
# What follows when those counted are the sick and not the helped, or only came or paid: "1 in 10 women has
# endometriosis", "8 in 10 couples book by phone".
_NOT_HELPED = (
    r"\s(?:like\s\w{2,5}\s)?(?:suffers?|lives?\swith|develops?|dies?|may|cannot|aged|over|under|worldwide"
    r"|(?:is|are)\s(?:affected|diagnosed|born|infected|unable|overweight|obese|allergic|deficient"
    r"|at\srisk|living|thought|estimated)"
    r"|(?:book|call|phone|park|wait|pay|walk\sin|travel|arrive|register|reschedule)(?:s|d|ed|led)?|paid"
    r"|(?:rated?|rates)\s(?:the\s|our\s)?(?:parking|waiting|website|reception|food|coffee|building|room|price)"
    r"|(?:heard\sof|found)\sus"
    r"|(?:has|have|gets?|(?:will|would)\s(?:have|get))\s(?!(?:no|less|fewer|more|better|well|relief"
    r"|results|rid|lasting|had|been|seen|\w{1,20}ed)\b))\b"
)
# What those who were helped did: "seven in ten get better", "80% have avoided surgery".
_HELPED = (
    r"(?:(?:now|have|has)\s)?(?:(?:get|gets|got|gotten|are|were|feel|felt|do|did)\sbetter"
    r"(?!.{0,30}\bon\s(?:their\sown|placebo))|improved?|respond(?:s|ed)?(?!\sto\s(?:our|the|a|this)\b)"
    r"|(?:reach|reached|achieve|achieved|enter|entered|go\sinto|went\sinto)\s(?:full\s)?remission"
    r"|(?:see|saw|seen|notice|noticed|report|reported|feel|felt)\s(?:(?!no\b|little\b)\w{1,20}\s)?"
    r"(?:relief|results|improvement|difference)"
    r"|(?:avoid|avoided|cancell?ed|skipped)\s(?:\w{1,20}\s){0,2}(?:surgery|operation|replacement))"
)
# A share or a rate of success, improvement or satisfaction: "a 92% success rate", "9 out of 10
# patients". Our own and bounded, so the standard library's engine serves. Who is counted is looked up
# in the list above, since to compile seventy words takes longer than to judge a page.
_STATISTIC = (
    r"\b\d{1,3}(?:[.,]\d{1,2})?\s?(?:%|per\s?cent)\s(?:(?:(?!no\b|little\b)\w{1,30}\s){0,2}"
    r"(?:success|satisfaction|improvement|reduction|effective|recovery|response|cure)\b"
    r"|of\s(?:(?:our|all|the)\s)?(?P<of>\w{1,20})\b"
    r"|(?:(?:went\sinto|(?:are|were)\sin|reached|achieved)\s(?:\w{1,20}\s)?remission|(?:are|were|became)\s(?:now\s)?"
    r"(?:cured|healed|better|satisfied|improved|free\sof|pain[\s-]free|symptom[\s-]free)"
    r"|(?:reported|saw|noticed|had|experienced|felt)\s(?:(?!no\b|little\b)\w{1,20}\s){0,2}"
    r"(?:relief|improvement|less|better|fewer|results)"
    rf"|recovered|{_HELPED})\b)"
    r"|\b(?:success|satisfaction|response|recovery|cure|improvement)\s(?:rates?\s)?"
    r"(?:\w{1,30}\s){0,3}\d{1,3}(?:[.,]\d{1,2})?\s?(?:%|per\s?cent)"
    r"|\b(?:success|satisfaction|response|recovery|cure|improvement)(?:\srates?)?:\s\d{1,3}(?:[.,]\d{1,2})?\s?(?:%|per\s?cent)"
    r"|\b(?:\d{1,2}|nine|eight|seven|four)\s(?:out\sof|in|of)\s(?:every\s)?(?:\d{1,3}|ten|five)\s"
    rf"(?:{_HELPED}\b|(?:of\s(?:our|my)\s)?(?P<one>[\w-]{{1,20}})\b(?:\s(?P<two>\w{{1,20}})\b)?)"
)
# One of these stands in every statistic (the gate): a share, or a count "out of", "in" or "of" a count.
_COUNTS = compiled(
    r"%|per\s?cent|\s(?:out\sof|in|of)\s(?:every\s)?(?:\d|ten\s|five\s)", re.IGNORECASE
)


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
        piece = text[start:end]
        if rule.signs and not any(sign in piece for sign in rule.signs):
            return [], False
        expression = self._compiled.get(number)
        if expression is None:
            expression = self._compiled[number] = _compile(rule)
        limit = {} if rule.engine == "re" else {"timeout": _TIMEOUT_SECONDS}
        has_flag = "flag" in expression.groupindex
        found: list[tuple[int, int]] = []
        try:
            for match in expression.finditer(piece, **limit):
                first, last = match.span("flag" if has_flag and match["flag"] else 0)
                if first < last:
                    found.append((start + first, start + last))
        except TimeoutError:
            return found, True
        return found, False

    def may_count(self, text: str) -> bool:
        """Whether a block can hold a statistic that some rule looks for (the gate)."""
        return bool(self.statistics) and _COUNTS.search(text) is not None

    def shares(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        """Statistics of success or improvement at the indexes start..end."""
        # Compiled once; most drafts count nothing, so it is not done at import.
        statistic, found = compiled(_STATISTIC, re.IGNORECASE), []
        match = statistic.search(text, start, end)
        while match is not None:
            last = _last(match, end)
            if last is not None:
                found.append((match.start(), last))
            # In what was none another may begin: "in 28 of 40 patients".
            match = statistic.search(text, match.start() + 1 if last is None else last, end)
        return found


def _last(match: re.Match[str], end: int) -> int | None:
    """Where a statistic ends; None where those counted are not helped, or nobody that we know."""
    counting = False
    for group in ("of", "two", "one"):
        if match[group] is not None:
            counting = True
            last = match.end(group)
            if match[group].lower() in _COUNTED and not compiled(_NOT_HELPED, re.IGNORECASE).match(
                match.string, last, end
            ):
                return last
    return None if counting else match.end()


def _compile(rule: PatternRule) -> Any:
    if rule.engine == "re":
        return compiled(rule.pattern, re.IGNORECASE)
    import regex

    return regex.compile(rule.pattern, regex.IGNORECASE)
