"""Settings that have the right form and can never work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimlint.config.file import ConfigFile, OverridePart, ReadabilityPart
from claimlint.globs import never_fits

if TYPE_CHECKING:
    from claimlint.marked_yaml import Faults
    from claimlint.marked_yaml.nodes import Marks

Patterns = tuple[str, ...] | str


def check_part(value: object, marks: Marks, faults: Faults) -> None:
    """Note the mistakes of a part of the configuration that is whole."""
    if isinstance(value, ConfigFile):
        _check_patterns("include", value.include, marks, faults)
        _check_patterns("exclude", value.exclude, marks, faults, only_out=True)
    elif isinstance(value, OverridePart):
        _check_patterns("files", value.files, marks, faults)
        set_here = (value.market is not None, value.packs is not None, value.rules)
        if not any(set_here) and value.readability == ReadabilityPart():
            message = (
                "the override sets nothing: give market, packs, rules or readability, or remove it"
            )
            faults.add(marks.at(), message)


def _check_patterns(
    key: str, patterns: Patterns, marks: Marks, faults: Faults, *, only_out: bool = False
) -> None:
    """Note patterns that fit nothing; `only_out`: they may all take files in again (`!`)."""
    for number, pattern in enumerate((patterns,) if isinstance(patterns, str) else patterns):
        mark = marks.at(key, number)
        if reason := never_fits(pattern):
            faults.add(mark, f'"{pattern}" {reason}')
        elif number == 0 and pattern.startswith("!") and not only_out:
            message = "takes files out, and nothing is in yet: write a pattern before it"
            faults.add(mark, f'"{pattern}" {message}, such as "**"')
