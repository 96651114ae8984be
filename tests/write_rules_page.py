"""Write docs/rules.md from all packs and markets, and benchmarks/accuracy/clean_rates.json if it is there.

The data file is one object: `source` says in a sentence which clean text was measured, and each rule's
id has its alarms per 1,000 words, at the top or in an object of any name.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, get_args

from claimlint.config import apply_flags, load_config
from claimlint.model.rule import Authority, Category, PhraseRule, RequireRule, Rule
from claimlint.packs.library import library_files, market_names, rulesets_folder
from claimlint.reporters import wording
from claimlint.rule_tests import authored_rules

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "rules.md"
RATES = ROOT / "benchmarks" / "accuracy" / "clean_rates.json"
_NOT_MEASURED = "not measured"

_INTRODUCTION = """\
# Rules

<!-- Written by tests/write_rules_page.py from rulesets/; change the rules there, not this page. -->

{count} rules of all packs and markets. [How rules are written](rules-format.md),
[what the severities mean](decisions/0003-severity-policy.md). The severity is the one as written: a hedge,
a source or your configuration can change it in a draft; `claimlint rules list` shows those that apply here.
In the examples the flagged words stand between `[[` and `]]`. “Fixed” are the words that
`claimlint check --fix` exchanges where that is safe.

{rates}
"""


class Rates(NamedTuple):
    """Alarms per 1,000 words by rule, and the text that they were counted on."""

    source: str
    by_rule: dict[str, float]


def read_rates(path: Path) -> Rates | None:
    """Read the measured rates; None when there are none. Raises ValueError for a file of another form."""
    if not path.exists():
        return None
    data = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict) or not isinstance(data.get("source"), str):
        raise ValueError(f'{path.name}: an object with the text "source" is expected')
    found: dict[str, float] = {}
    for part in (data, *(value for value in data.values() if isinstance(value, dict))):
        for name, value in part.items():
            if "/" in name and isinstance(value, int | float):
                found[name] = float(value)
    if not found:
        raise ValueError(f"{path.name}: no rule has a number")
    return Rates(data["source"], found)


def page(rules: list[Rule], rates: Rates | None) -> str:
    """The page; `rules` in any order."""
    by_category = {name: [r for r in rules if r.category == name] for name in get_args(Category)}
    told = f"How often a rule fires on clean text: {_NOT_MEASURED} yet."
    if rates is not None:
        told = (
            f"How often a rule fires on clean text was counted on this text: {_prose(rates.source)}"
        )
    parts = [_INTRODUCTION.format(count=len(rules), rates=told)]
    used = [name for name in by_category if by_category[name]]
    parts.append("\n".join(f"- [{name}](#{name}): {len(by_category[name])}" for name in used))
    for name in used:
        parts.append(f"\n## {name}\n")
        parts += [
            "\n".join(_rule(rule, rates)) for rule in sorted(by_category[name], key=lambda r: r.id)
        ]
    return "\n".join(parts).rstrip() + "\n"


def _rule(rule: Rule, rates: Rates | None) -> Iterator[str]:
    yield f"### `{rule.id}`\n"
    yield f"{_prose(rule.title)}\n"
    yield "| Severity | Category | Markets | Kind | Alarms per 1,000 words of clean text |"
    yield "|---|---|---|---|---|"
    markets = ", ".join(rule.markets) or "all"
    kind = rule.__struct_config__.tag
    yield f"| {rule.severity} | {rule.category} | {markets} | {kind} | {_rate(rule, rates)} |\n"
    yield f"- Why: {_prose(rule.why)}"
    for authority in rule.authorities:
        yield f"- Authority: {_authority(authority)}"
    if not rule.authorities:
        yield "- Authority: none; good practice"
    if isinstance(rule, PhraseRule) and rule.fix:
        said = "; ".join(f"{_code(old)} → {_code(new)}" for old, new in rule.fix.items())
        yield f"- Fixed: {said}"
    if isinstance(rule, RequireRule) and rule.insert:
        yield f"- Text to insert: {_code(rule.insert)}"
    if rule.examples is not None:
        for text in rule.examples.flag:
            yield f"- Flags: {_code(text)}"
        for text in rule.examples.passing:
            yield f"- Passes: {_code(text)}"
    yield ""


def _rate(rule: Rule, rates: Rates | None) -> str:
    rate = rates.by_rule.get(rule.id) if rates is not None else None
    return _NOT_MEASURED if rate is None else f"{rate:.3f}"


def _authority(given: Authority) -> str:
    name = f"{given.name}, {given.cite}" if given.cite else given.name
    seen = f"; {wording.SECONDARY}" if given.seen == "secondary" else ""
    return f"[{_prose(name)}](<{given.url}>), checked {given.checked}{seen}"


def _prose(text: str) -> str:
    """A text on one line that Markdown leaves as it is."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", " ".join(text.split()))


def _code(text: str) -> str:
    """A text as code on one line, which is read by nobody as a claim of ours; line breaks as ⏎."""
    line = re.sub(r"\s*\n\s*", " ⏎ ", text.strip())
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def text() -> str:
    """The page as it should stand in docs/rules.md."""
    markets = market_names(library_files(rulesets_folder()))
    rules = authored_rules(apply_flags(load_config(None, "/"), markets=markets))
    return page(list(rules.values()), read_rates(RATES))


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
