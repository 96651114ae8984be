"""`claimlint init`: a commented configuration to begin with."""

from __future__ import annotations

import os

import click

from claimlint.errors import UsageError

_NAME = "claimlint.yaml"


@click.command()
@click.option("--force", is_flag=True, help="Overwrite a configuration that is there.")
def init(force: bool) -> int:
    """Write a commented claimlint.yaml here and show the lines for pre-commit."""
    from claimlint.cli.output import emit, save
    from claimlint.cli.starter import CONFIGURATION, HOOK

    if os.path.lexists(_NAME) and not force:
        raise UsageError(f"{_NAME} is there already; --force overwrites it")
    save(_NAME, CONFIGURATION, "run claimlint init where you may write")
    emit(f"Wrote {_NAME}. Check your drafts with: claimlint check\n\n{HOOK}")
    return 0
