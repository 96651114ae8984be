"""Option values: the nearest valid one for a mistyped word, and completion in the shell."""

from __future__ import annotations

from typing import Any

import click

from claimlint.errors import ClaimlintError


class NearestChoice(click.Choice[str]):
    """A choice of words."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Take a word; raises click.BadParameter with the nearest word for another one."""
        if value not in self.choices:
            from claimlint.marked_yaml import nearest

            self.fail(f"unknown value {value!r}{nearest(str(value), self.choices)}", param, ctx)
        return value


def complete_rules(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The ids and categories that begin so; none while the configuration has a mistake."""
    from claimlint.cli.settings import cache_folder, resolved_rules
    from claimlint.config import load_config
    from claimlint.packs import groups_of

    try:
        rules = resolved_rules(load_config(ctx.params.get("config"), "."), cache_folder(False))
    except (ClaimlintError, OSError):
        return []
    names = {rule.id for rule in rules}
    names.update(name for rule in rules for name in groups_of(rule.id, rule.category))
    return sorted(name for name in names if name.startswith(incomplete))
