"""Regular expressions of a pack: they compile, need a word, and stay quick on hostile text."""

import pytest

from claimlint.errors import DefinitionError
from claimlint.marked_yaml import load
from claimlint.model.rule import Pack, PatternRule
from claimlint.packs.pattern_checks import check_pattern

RULE = """\
pack: ours
version: 1.0.0
rules:
  - id: ours/one
    title: One
    category: pressure
    severity: warning
    kind: pattern
    triggers: [now]
    pattern: '{pattern}'
    message: Mild
    why: A reason.
    examples:
      flag: ["Come [[now]].", "Do it [[now]]."]
      pass: ["Come.", "It is late."]
"""


def told(pattern: str, *, timed: bool = True) -> list[str]:
    """What the check says about a pattern, each with its place."""

    def check(value: object, marks: object, faults: object) -> None:
        if isinstance(value, PatternRule):
            check_pattern(value, marks, faults, timed=timed)  # type: ignore[arg-type]

    try:
        load(RULE.format(pattern=pattern), "ours.yaml", Pack, check=check)
    except DefinitionError as error:
        return [str(fault) for fault in error.faults]
    return []


@pytest.mark.parametrize(
    "pattern",
    [
        r"\bnow\b",
        r"now (?:or|and) never",
        r"(?<=come )now",
        r"now\s+\w+",
        r"(?P<a>now)+!",
        "now.{0,40}left",
    ],
)
def test_an_ordinary_pattern_is_accepted(pattern: str) -> None:
    assert told(pattern) == []


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("now (or", "missing )"),
        ("now [a-", "character"),
        ("*now", "character 1 of the pattern"),
        ("now(?P<a>x)(?P<9>y)", "character"),
        ("(" * 5000 + ")" * 5000, "too deep or too large"),
    ],
)
def test_what_does_not_compile_is_told_with_its_place(pattern: str, said: str) -> None:
    [message] = told(pattern)
    assert message.startswith("ours.yaml:10:14: the regular expression does not compile: ")
    assert said in message


@pytest.mark.parametrize("pattern", ["n?o?w?", "(?:now)*", "|now", "(?=)"])
def test_what_matches_nothing_at_all_is_refused(pattern: str) -> None:
    [message] = told(pattern)
    assert message.startswith("ours.yaml:10:14: ")
    assert "matches the empty text" in message


@pytest.mark.parametrize(
    "pattern", ["now (?:a|aa)+b", "(?:a+)+b", "now (?:a|a)*b", r"(?:[a-z]|\w)+ #"]
)
def test_nested_repeats_take_too_long(pattern: str) -> None:
    [message] = told(pattern)
    assert message.startswith("ours.yaml:10:14: the regular expression takes too long")


def test_a_pattern_that_calls_itself_without_end_is_refused() -> None:
    [message] = told("(?R)", timed=False)
    assert message.startswith("ours.yaml:10:14: the regular expression calls itself without end")


def test_shipped_patterns_are_not_timed_on_every_load() -> None:
    assert told("now (?:a|aa)+b", timed=False) == []
