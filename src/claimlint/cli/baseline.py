"""`claimlint baseline`: accept what is found today, so that only what is new fails."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from claimlint.cli.auditing import AuditFlags, append, audit_options, keep_log_apart
from claimlint.cli.options import RuleFlags, RunFlags, not_empty, rule_options, run_options
from claimlint.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimlint.config import Config, Suppressions
    from claimlint.review.audit import BaselineBody
    from claimlint.review.baseline import Baseline


@click.command()
@click.option(
    "--prune",
    is_flag=True,
    help="Add nothing: only take out what is no longer found in the drafts.",
)
@click.option(
    "--approver",
    metavar="NAME",
    callback=not_empty,
    help="Who approves that; required where the configuration wants an approver.",
)
@audit_options
@run_options
@rule_options
def baseline(
    prune: bool,
    approver: str | None,
    audit_flags: AuditFlags,
    run_flags: RunFlags,
    rule_flags: RuleFlags,
) -> int:
    """Write what is found in the drafts to claimlint-baseline.json.

    From then on a check marks these findings as known and lets them off; new ones fail. Drafts that are
    not named stay in the file as they were, what waivers let off is no part of it.
    """
    from claimlint.cli.output import emit, notice, tell_problems
    from claimlint.cli.run import run
    from claimlint.cli.settings import cache_folder, configured
    from claimlint.cli.status import status
    from claimlint.discovery import below
    from claimlint.model.text import is_utf8
    from claimlint.project import BASELINE, change_baseline
    from claimlint.reporters import wording
    from claimlint.review.baseline import taken

    if rule_flags.select or rule_flags.ignore:
        raise UsageError("a baseline is taken of all rules: leave out --select and --ignore")
    if rule_flags.no_suppressions:
        raise UsageError("a baseline needs the one before: leave out --no-suppressions")
    config = configured(rule_flags, quiet=run_flags.quiet)
    keep_log_apart(audit_flags, config)
    name = _approver(approver, config.suppressions, prune=prune)
    done = run(config, run_flags, cache=cache_folder(rule_flags.no_cache))
    checked = {
        below(config.root, document.path): document
        for document in done.report.documents
        if is_utf8(document.path)
    }
    try:
        where, found = change_baseline(
            config,
            lambda before: taken(
                before,
                checked,
                prune=prune,
                approver=name,
                gone=_gone(config, run_flags.paths, before.documents) if prune else (),
            ),
            lambda made, file: append(audit_flags, [(_logged(made, file), name or None)]),
        )
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"{BASELINE} cannot be written: {reason}") from error
    if not run_flags.quiet:
        documents = wording.counted(len(found.documents), "document")
        emit(f"{where}: {wording.counted(found.count, 'finding')} known in {documents}\n")
        for document in done.report.documents:
            if not is_utf8(document.path):
                notice(f"{document.path}: is left out, since its name is no UTF-8; rename it")
    tell_problems(done.report)
    return status(done.report, run_flags.fail_on or "never")


def _gone(config: Config, paths: tuple[str, ...], names: Iterable[str]) -> list[str]:
    """The names below some paths (none: the working directory) under which no file is any more."""
    from claimlint.discovery import below

    tops = [below(config.root, path) for path in paths or (".",)]

    def is_below(name: str) -> bool:
        inside = not name.startswith("../")
        return any(
            name.startswith(f"{top}/") or name == top or (top == "." and inside) for top in tops
        )

    return [
        name
        for name in names
        if is_below(name) and not os.path.lexists(os.path.join(config.root, name))  # noqa: PTH118
    ]


def _approver(given: str | None, policy: Suppressions, *, prune: bool) -> str:
    """Who accepts the findings, flat; raises UsageError when the policy wants somebody else."""
    from claimlint.review.approval import is_approved

    name = " ".join((given or "").split())
    if prune:
        if given is not None:
            raise UsageError("--prune accepts nothing: leave out --approver")
    elif given is not None and not name:
        raise UsageError("--approver: the text is empty")
    elif not is_approved(name, policy.approvers, required=policy.require_approver):
        wanted = f"one of {', '.join(policy.approvers)}" if policy.approvers else "a name"
        raise UsageError(f"--approver: the configuration requires {wanted}")
    return name


def _logged(found: Baseline, file: bytes) -> BaselineBody:
    from claimlint.model.digest import sha256
    from claimlint.project import BASELINE
    from claimlint.review.audit import BaselineBody

    return BaselineBody(
        path=BASELINE,
        sha256=sha256(file).hexdigest(),
        documents=len(found.documents),
        findings=found.count,
    )
