"""The options with which commands append to the audit log, and the appending itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click
import msgspec

from claimlint.cli.options import gathered, not_empty
from claimlint.errors import UsageError

if TYPE_CHECKING:
    from claimlint.config import Config
    from claimlint.review.audit import Body, Head


class AuditFlags(msgspec.Struct, frozen=True):
    """Where to log, and the environment variable that holds the key of a keyed log."""

    audit_log: str | None
    key_env: str | None


_OPTIONS = (
    click.option(
        "--audit-log",
        type=click.Path(readable=False),
        metavar="FILE",
        callback=not_empty,
        help="Append what was done to this hash-chained log (see claimlint audit).",
    ),
    click.option(
        "--key-env",
        metavar="NAME",
        callback=not_empty,
        help="The environment variable that holds the key of a keyed --audit-log.",
    ),
)


def audit_options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options of `AuditFlags`, which arrive as `audit_flags`."""
    return gathered(command, "audit_flags", AuditFlags, _OPTIONS)


def keep_log_apart(flags: AuditFlags, config: Config) -> None:
    """Refuse a log that is one of the project's own files; raises UsageError."""
    from claimlint.cli.output import keep_apart
    from claimlint.project import own_files

    if flags.audit_log is not None:
        keep_apart("--audit-log", flags.audit_log, own_files(config))


def append(flags: AuditFlags, bodies: Iterable[tuple[Body, str | None]]) -> Head | None:
    """Append entries, each with who it is by; None without a log. Raises UsageError."""
    if flags.audit_log is None:
        if flags.key_env is not None:
            raise UsageError("--key-env is for a log: add --audit-log FILE")
        return None
    from datetime import UTC, datetime

    from claimlint import audit_file
    from claimlint.cli.audit import key_of

    return audit_file.record_all(
        flags.audit_log, bodies, now=datetime.now(UTC), key=key_of(flags.key_env)
    )
