"""Checks of a regular expression: it compiles, and hostile text does not keep it busy."""

from __future__ import annotations

import re

from claimlint.marked_yaml import Faults
from claimlint.marked_yaml.nodes import Marks
from claimlint.model.rule import PatternRule

PROBE_TIMEOUT_S = 0.5
_PROBE_CHARACTERS = 1_000
_REPEATED = ("a", "a ", "1", "1 ", " ", "-", "a-", "1.", "word ")
_FEWER = ("a", "word ", "1 ")
_WORDS = re.compile(r"[A-Za-z]{2,}")


def check_pattern(rule: PatternRule, marks: Marks, faults: Faults, *, timed: bool) -> None:
    """Note a pattern that does not compile, matches nothing at all, or (`timed`) takes too long."""
    import regex

    mark = marks.at("pattern")
    try:
        pattern = regex.compile(rule.pattern, regex.IGNORECASE)
    except regex.error as error:
        position = getattr(error, "pos", None)
        where = "" if position is None else f" at character {position + 1} of the pattern"
        said = str(error).split(" at position")[0]
        faults.add(mark, f"the regular expression does not compile: {said}{where}")
        return
    except (RecursionError, OverflowError):
        faults.add(mark, "the regular expression does not compile: too deep or too large")
        return
    for probe in ("", *(_probes(rule) if timed else ())):
        try:
            for _ in pattern.finditer(probe, timeout=PROBE_TIMEOUT_S):
                if not probe:
                    message = "the regular expression matches the empty text: let it need a word"
                    faults.add(mark, message)
                    return
        except (TimeoutError, MemoryError):
            message = "the regular expression calls itself without end: leave out (?R)"
            if probe:
                message = (
                    "the regular expression takes too long on repetitive text: nested or "
                    "neighbouring repeats can share the same words; make them differ"
                )
            faults.add(mark, message)
            return


def _probes(rule: PatternRule) -> list[str]:
    """Repetitive texts that make overlapping repeats try every division, and then fail.

    Behind a sign that fits nothing they hold the pattern's own words and signs, since an expression
    engine gives up early when a word that it needs is nowhere.
    """
    triggers = [trigger.replace("~", "") for trigger in rule.triggers[:4]]
    needed = " ".join(dict.fromkeys(_WORDS.findall(rule.pattern)))
    signs = "".join(dict.fromkeys(c for c in rule.pattern if not c.isalnum()))
    tail = f"\x00 {needed[:1000]} {signs}\x00"
    probes = [unit * (_PROBE_CHARACTERS // len(unit)) + tail for unit in _REPEATED]
    for trigger in triggers:
        probes.append(f"{trigger} " * (_PROBE_CHARACTERS // (len(trigger) + 1)) + tail)
        probes += [f"{trigger} {unit * (_PROBE_CHARACTERS // len(unit))}{tail}" for unit in _FEWER]
    return probes
