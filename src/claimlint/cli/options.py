"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from claimlint.cli.choices import NearestChoice
from claimlint.errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])
FAIL_LEVELS = ("error", "warning", "note", "never")


def paths(command: F) -> F:
    """The files and folders to read."""
    return click.argument("paths", nargs=-1, metavar="[PATHS]...")(command)


def rule_options(command: F) -> F:
    """Which rules count."""
    for option in reversed(
        (
            click.option("--config", metavar="FILE", help="Use this configuration file."),
            click.option(
                "--select",
                multiple=True,
                metavar="RULE",
                help="Only this rule, or with a / at its end this category. Repeatable.",
            ),
            click.option(
                "--ignore",
                multiple=True,
                metavar="RULE",
                help="Not this rule or category. Repeatable.",
            ),
            click.option(
                "--market",
                multiple=True,
                metavar="LIST",
                help="Markets whose law counts, as in us-fl,kr. Replaces the configured.",
            ),
            click.option(
                "--pack",
                multiple=True,
                metavar="PACK",
                help="A further rule pack: a folder, a file or a name. Repeatable; replaces "
                "the configured ones.",
            ),
            click.option("--no-cache", is_flag=True, help="Neither read nor write the cache."),
        )
    ):
        command = option(command)
    return command


def run_options(command: F) -> F:
    """How a run goes."""
    for option in reversed(
        (
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
                help="Name of the draft on standard input; its ending tells the format.",
            ),
            click.option(
                "--quiet",
                "-q",
                is_flag=True,
                help="Findings and problems only: no totals, no progress, no notices.",
            ),
        )
    ):
        command = option(command)
    return command


def separated(values: tuple[str, ...], option: str) -> tuple[str, ...]:
    """Split values at commas; raises UsageError for an empty one."""
    parts = [part.strip() for value in values for part in value.split(",")]
    if not all(parts):
        raise UsageError(f"{option} has an empty value; write for example {option} us,kr")
    return tuple(dict.fromkeys(parts))
