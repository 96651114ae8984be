"""Option values that name the nearest valid one when they are mistyped."""

from __future__ import annotations

from typing import Any

import click


class NearestChoice(click.Choice[str]):
    """A choice of words."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Take a word; raises click.BadParameter with the nearest word for another one."""
        if value not in self.choices:
            from claimlint.marked_yaml import nearest

            self.fail(f"unknown value {value!r}{nearest(str(value), self.choices)}", param, ctx)
        return value
