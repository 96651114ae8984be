"""Flags and files to a configuration, and the rules that follow from it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from claimlint.cli.options import RuleFlags, separated
from claimlint.cli.output import notice
from claimlint.errors import UsageError

if TYPE_CHECKING:
    from claimlint.cache import CacheFolder
    from claimlint.config import Config, FailLevel
    from claimlint.model.rule import Rule


def configured(
    flags: RuleFlags,
    *,
    fail_on: FailLevel | None = None,
    quiet: bool = False,
) -> Config:
    """Find the configuration and let the flags replace what it says; tell its notices.

    Raises DefinitionError for the file and UsageError for a flag.
    """
    from claimlint.config import apply_flags, load_config
    from claimlint.model.text import is_utf8

    _check_folder()
    for pack in flags.pack:
        if not is_utf8(pack):
            raise UsageError(f"--pack {pack}: its name is no UTF-8; rename it")
    config = apply_flags(
        load_config(flags.config, ".", cache_folder(flags.no_cache)),
        markets=separated(flags.market, "--market"),
        packs=flags.pack or None,
        select=separated(flags.select, "--select"),
        ignore=separated(flags.ignore, "--ignore"),
        fail_on=fail_on,
        heed_suppressions=not flags.no_suppressions,
    )
    if not quiet:
        for text in config.notices:
            notice(f"notice: {text}")
    return config


def _check_folder() -> None:
    """Paths and configuration are relative to the working directory; raises UsageError without one."""
    try:
        os.getcwd()  # noqa: PTH109
    except OSError as error:
        raise UsageError(
            f"the working directory cannot be used ({error.strerror}); change to one that exists"
        ) from error


def cache_folder(disabled: bool) -> CacheFolder | None:
    """The user's own cache folder; None when there is none or it is not wanted."""
    if disabled:
        return None
    from claimlint.cache import default_folder

    return default_folder()


def check_choice(config: Config, cache: CacheFolder | None) -> None:
    """Refuse a choice of rules of which none would run; raises UsageError and DefinitionError."""
    if config.select or config.ignore:
        from claimlint.workshop import Plan, Workshop

        Workshop(Plan(config, cache)).check_choice()


def resolved_rules(config: Config, cache: CacheFolder | None) -> tuple[Rule, ...]:
    """The rules that apply outside of all overrides; raises DefinitionError for a pack."""
    from claimlint.workshop import Plan, Workshop

    return Workshop(Plan(config, cache)).ruleset(config.for_path("")).shown
