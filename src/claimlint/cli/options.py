"""Options that several commands share, and the values that they arrive as."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import click
import msgspec

from claimlint.cli.choices import NearestChoice, complete_rules
from claimlint.errors import UsageError

if TYPE_CHECKING:
    from claimlint.config import FailLevel

FAIL_LEVELS = ("error", "warning", "note", "never")


class RuleFlags(msgspec.Struct, frozen=True):
    """Which rules count, as said on the command line."""

    config: str | None
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    market: tuple[str, ...]
    pack: tuple[str, ...]
    no_suppressions: bool
    no_cache: bool


class RunFlags(msgspec.Struct, frozen=True):
    """What a run checks and how it goes, as said on the command line."""

    paths: tuple[str, ...]
    fail_on: FailLevel | None
    jobs: int
    stdin_filename: str | None
    quiet: bool


def not_empty(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    """Pass values on; raises click.BadParameter for an empty one, as of an unset shell variable."""
    if "" in (value if isinstance(value, tuple) else (value,)):
        raise click.BadParameter("the name is empty; give one or leave this out", ctx, param)
    return value


_RULE_OPTIONS = (
    click.option(
        "--config",
        type=click.Path(readable=False),
        metavar="FILE",
        callback=not_empty,
        help="Use this configuration file.",
    ),
    click.option(
        "--select",
        multiple=True,
        metavar="RULE",
        shell_complete=complete_rules,
        help="Only this rule, or with a / at its end this category. Repeatable.",
    ),
    click.option(
        "--ignore",
        multiple=True,
        metavar="RULE",
        shell_complete=complete_rules,
        help="Not this rule or category. Repeatable.",
    ),
    click.option(
        "--market",
        multiple=True,
        metavar="LIST",
        help="Markets whose law counts, as in us-fl,kr; replaces the configured ones.",
    ),
    click.option(
        "--pack",
        multiple=True,
        type=click.Path(readable=False),
        metavar="PACK",
        callback=not_empty,
        help="A further rule pack: a folder, a file or a name. Repeatable; replaces the "
        "configured ones.",
    ),
    click.option(
        "--no-suppressions",
        is_flag=True,
        help="Heed no waivers, comments or baseline, as for an audit.",
    ),
    click.option("--no-cache", is_flag=True, help="Neither read nor write the cache."),
)
_RUN_OPTIONS = (
    click.argument(
        "paths",
        nargs=-1,
        type=click.Path(readable=False),  # one that cannot be read must not keep the others back
        metavar="[PATHS]...",
        callback=not_empty,
    ),
    click.option(
        "--fail-on",
        type=NearestChoice(FAIL_LEVELS),
        help="The mildest severity that gives exit status 1.",
    ),
    click.option(
        "--jobs",
        "-j",
        type=click.IntRange(min=0),
        default=1,
        metavar="N",
        help="Processes to use; 0 takes one for each core.",
    ),
    click.option(
        "--stdin-filename",
        metavar="NAME",
        callback=not_empty,
        help="Name of the draft on standard input; its ending tells the format.",
    ),
    click.option(
        "--quiet",
        "-q",
        is_flag=True,
        help="Findings and problems only: no totals, no progress, no notices.",
    ),
)


def rule_options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options of `RuleFlags`, which arrive as `rule_flags`."""
    return gathered(command, "rule_flags", RuleFlags, _RULE_OPTIONS)


def run_options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the paths and options of `RunFlags`, which arrive as `run_flags`."""
    return gathered(command, "run_flags", RunFlags, _RUN_OPTIONS)


def separated(values: tuple[str, ...], option: str) -> tuple[str, ...] | None:
    """Split values at commas; None when there are none; raises UsageError for an empty one."""
    parts = [part.strip() for value in values for part in value.split(",")]
    if not all(parts):
        raise UsageError(f"{option} has an empty value; write for example {option} a,b")
    return tuple(dict.fromkeys(parts)) or None


def gathered(
    command: Callable[..., int], name: str, kind: Any, options: tuple[Any, ...]
) -> Callable[..., int]:
    """Give a command some options, which arrive together as one value of `kind`."""

    @wraps(command)
    def with_flags(**values: Any) -> int:
        flags = kind(**{field: values.pop(field) for field in kind.__struct_fields__})
        return command(**{name: flags}, **values)

    decorated: Callable[..., int] = with_flags
    for option in reversed(options):
        decorated = option(decorated)
    return decorated
