"""`claimlint baseline`: accept what is found today, so that only what is new fails."""

from __future__ import annotations

import click

from claimlint.cli.auditing import AuditFlags, append, audit_options
from claimlint.cli.options import RuleFlags, RunFlags, rule_options, run_options
from claimlint.errors import UsageError


@click.command()
@click.option(
    "--prune",
    is_flag=True,
    help="Add nothing: only take out what is no longer found in the drafts.",
)
@audit_options
@run_options
@rule_options
def baseline(
    prune: bool, audit_flags: AuditFlags, run_flags: RunFlags, rule_flags: RuleFlags
) -> int:
    """Write what is found in the drafts to claimlint-baseline.json.

    From then on a check marks these findings as known and lets them off; new ones fail. Drafts that are
    not named stay in the file as they were, what waivers let off is no part of it.
    """
    from claimlint.cli.output import emit, notice
    from claimlint.cli.run import run
    from claimlint.cli.settings import cache_folder, configured
    from claimlint.cli.status import status
    from claimlint.discovery import below
    from claimlint.model.digest import sha256
    from claimlint.project import BASELINE, load_project, write_baseline
    from claimlint.reporters import wording
    from claimlint.review.audit import BaselineBody
    from claimlint.review.baseline import Baseline, render, taken

    if rule_flags.select or rule_flags.ignore:
        raise UsageError("a baseline is taken of all rules: leave out --select and --ignore")
    if rule_flags.no_suppressions:
        raise UsageError("a baseline needs the one before: leave out --no-suppressions")
    config = configured(rule_flags, quiet=run_flags.quiet)
    cache = cache_folder(rule_flags.no_cache)
    done = run(config, run_flags, cache=cache)
    project = load_project(config, cache)
    before = project.baseline if project is not None else Baseline()
    checked = {below(config.root, document.path): document for document in done.report.documents}
    found = taken(before, checked, prune=prune)
    known = sum(one.count for entries in found.documents.values() for one in entries)
    body = BaselineBody(
        path=BASELINE,
        sha256=sha256(render(found)).hexdigest(),
        documents=len(found.documents),
        findings=known,
    )
    append(audit_flags, [(body, None)])
    try:
        where = write_baseline(config, found)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"{BASELINE} cannot be written: {reason}") from error
    if not run_flags.quiet:
        documents = wording.counted(len(found.documents), "document")
        emit(f"{where}: {wording.counted(known, 'finding')} known in {documents}\n")
        for problem in done.report.problems:
            notice(f"{problem.path}: {problem.message}")
    return status(done.report, run_flags.fail_on or "never")
