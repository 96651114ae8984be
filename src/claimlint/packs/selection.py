"""What is chosen from the packs: values that the configuration and flags resolve to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from claimlint.errors import Mark

Level = Literal["error", "warning", "note", "off"]
Part = Literal["market", "pack", "rule", "select", "ignore"]

Levels = tuple[tuple[str, Level], ...]

DEFAULT_MARKETS = ("us",)


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """The packs, markets and rules that count.

    `packs` are local paths (relative to `root`) or names. `rules` gives levels to ids and to
    `category/`; an id beats its category. Of `override_rules`, the same for some files, a later one
    beats an earlier one and `rules`, also where it names a category and they an id. `select` keeps
    only, `ignore` drops ids and `category/`. What is `mentioned` belongs to other paths of the same
    configuration: it is checked along, so that a mistake there shows at once. `declared_markets` are
    all that configuration and flags name anywhere: a user's pack may be for one of these although it
    does not count now. `marks` tell where a name was written.
    """

    markets: tuple[str, ...] = DEFAULT_MARKETS
    packs: tuple[str, ...] = ()
    rules: Levels = ()
    override_rules: tuple[Levels, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    root: str = ""
    mentioned_markets: tuple[str, ...] = ()
    mentioned_packs: tuple[str, ...] = ()
    mentioned_rules: tuple[str, ...] = ()
    declared_markets: tuple[str, ...] = ()
    marks: tuple[tuple[Part, str, Mark], ...] = ()

    @property
    def switched_off(self) -> frozenset[str]:
        """The ids and categories whose last level is off."""
        levels = {name: one for each in (self.rules, *self.override_rules) for name, one in each}
        return frozenset(name for name, level in levels.items() if level == "off")

    def mark(self, part: Part, name: str) -> Mark:
        """The place where a name was written, else the flag or key that it belongs to."""
        for owner, written, mark in self.marks:
            if owner == part and written == name:
                return mark
        return Mark(f"--{part}" if part != "rule" else "rules")


def groups_of(rule_id: str, category: str) -> tuple[str, str]:
    """The group names (`…/`) that a rule answers to: the first part of its id, and its category."""
    return f"{rule_id.partition('/')[0]}/", f"{category}/"


def names_rule(names: Iterable[str], rule_id: str, category: str) -> bool:
    """Tell whether one of these names, an id or a group, means the rule."""
    wanted = (rule_id, *groups_of(rule_id, category))
    return any(name in wanted for name in names)


def all_markets(markets: tuple[str, ...]) -> tuple[str, ...]:
    """The markets with those that they imply (us-fl implies us), sorted."""
    found: set[str] = set()
    for market in markets:
        parts = market.split("-")
        found.update("-".join(parts[: count + 1]) for count in range(len(parts)))
    return tuple(sorted(found))
