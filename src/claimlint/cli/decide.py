"""`claimlint decide`: what people decide about findings, from the review page or the command line."""

# ruff: noqa: PTH123

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import click

from claimlint.cli.auditing import AuditFlags, append, audit_options, keep_log_apart
from claimlint.cli.choices import NearestChoice
from claimlint.cli.options import (
    RuleFlags,
    RunFlags,
    not_empty,
    rule_options,
    run_options,
)
from claimlint.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from claimlint.app import Run
    from claimlint.cache import CacheFolder
    from claimlint.config import Config
    from claimlint.model.report import DocumentReport, Finding
    from claimlint.review.audit import DecisionBody
    from claimlint.review.decisions import DecisionsFile
    from claimlint.review.waivers import Kind, Waiver

_SHORTEST_PREFIX = 4
_WORDS_LIMIT = 60


@click.group()
def decide() -> None:
    """Let findings off with a reason, on the command line or from the review page.

    Waivers stand in claimlint-waivers.yaml beside the configuration, and every check heeds them. Each
    is bound to its sentence: when that is edited, the finding is raised again.
    """


@decide.command()
@click.argument("file", type=click.Path(readable=False), metavar="FILE", callback=not_empty)
@click.option(
    "--allow-changed",
    is_flag=True,
    help="Also for drafts that were edited since, where the decided sentences still stand.",
)
@audit_options
@rule_options
def apply(file: str, allow_changed: bool, audit_flags: AuditFlags, rule_flags: RuleFlags) -> int:
    """Take over the decisions that a review page exported: all of them or none.

    Waivers and false alarms go into claimlint-waivers.yaml; "will fix" suppresses nothing.
    """
    from claimlint.cli.output import emit
    from claimlint.cli.settings import cache_folder, configured
    from claimlint.discovery import below
    from claimlint.reporters import wording
    from claimlint.review import decisions
    from claimlint.review.waivers import escaped

    found = decisions.parse(_read(file, decisions.SIZE_LIMIT_BYTES), file)
    config = configured(rule_flags)
    keep_log_apart(audit_flags, config)
    paths = tuple(dict.fromkeys(one.path for one in found.file.documents))
    reports = _reports(config, paths, cache_folder(rule_flags.no_cache))
    names = {path: escaped(below(config.root, path)) for path in paths}
    outcome = decisions.outcome(
        found,
        reports,
        names,
        approvers=config.suppressions.approvers,
        allow_changed=allow_changed,
    )
    log = partial(append, audit_flags, _logged(found.file, names))
    to_fix = f"{outcome.to_fix} to be fixed in the text" if outcome.to_fix else ""
    if outcome.waivers:
        where = _save(config, outcome.waivers, log)
        counts = [f"let off {wording.counted(len(outcome.waivers), 'finding')}", to_fix]
        emit(f"{where}: {wording.listed([one for one in counts if one])}\n")
    else:
        log()
        emit(f"Nothing to let off; {to_fix or 'no decisions'}\n")
    return 0


@decide.command()
@click.argument("path", type=click.Path(readable=False), metavar="DRAFT", callback=not_empty)
@click.argument("fingerprint", metavar="FINGERPRINT", callback=not_empty)
@click.option("--reason", required=True, callback=not_empty, help="Why the words may stand.")
@click.option("--approver", required=True, callback=not_empty, help="Who approves that.")
@click.option("--expires", metavar="DAY", help="The last day on which it counts, as 2027-05-31.")
@click.option("--false-alarm", is_flag=True, help="The finding is wrong, instead of waived.")
@click.option(
    "--document",
    metavar="PATTERN",
    callback=not_empty,
    help="Where the sentence is let off: a pattern such as 'blog/*.md', or any. By default only in "
    "this draft.",
)
@audit_options
@rule_options
def waive(
    path: str,
    fingerprint: str,
    reason: str,
    approver: str,
    expires: str | None,
    false_alarm: bool,
    document: str | None,
    audit_flags: AuditFlags,
    rule_flags: RuleFlags,
) -> int:
    """Let one finding of a draft off; `claimlint decide list` shows the fingerprints."""
    from claimlint.cli.output import emit
    from claimlint.cli.settings import cache_folder, configured
    from claimlint.discovery import below
    from claimlint.review.decisions import said_in
    from claimlint.review.decisions import waiver as made
    from claimlint.review.waivers import escaped

    today = date.today().isoformat()
    _check_day(expires, today)
    config = configured(rule_flags)
    keep_log_apart(audit_flags, config)
    report = _reports(config, (path,), cache_folder(rule_flags.no_cache)).get(path)
    if report is None:
        raise UsageError(f"{path} is no draft that could be read; check the name")
    finding = _chosen(report, fingerprint)
    if document is not None and not said_in(finding):
        raise UsageError(
            "--document is for statements: a finding about a whole draft is let off in that draft"
        )
    kind: Kind = "false_alarm" if false_alarm else "waiver"
    where = escaped(below(config.root, report.path)) if document is None else document
    new = made(finding, where, kind, reason=reason, approver=approver, day=today, expires=expires)
    _check(new, config)
    log = partial(append, audit_flags, [(_logged_waiver(new, report), new.approver)])
    saved = _save(config, (new,), log)
    emit(f"{saved}: let off {finding.rule} in {where}\n")
    return 0


@decide.command("list")
@click.option(
    "--state",
    type=NearestChoice(("open", "suppressed", "all")),
    default="open",
    show_default=True,
    help="Which findings to list.",
)
@run_options
@rule_options
def list_findings(state: str, run_flags: RunFlags, rule_flags: RuleFlags) -> int:
    """List findings with their fingerprints, a line each."""
    from claimlint.cli.output import emit, notice
    from claimlint.cli.run import run
    from claimlint.cli.settings import cache_folder, configured
    from claimlint.cli.status import status

    config = configured(rule_flags, quiet=run_flags.quiet)
    done = run(config, run_flags, cache=cache_folder(rule_flags.no_cache))
    lines = [
        _line(document, finding)
        for document in done.report.documents
        for finding in document.findings
        if state == "all" or (finding.suppressed is None) == (state == "open")
    ]
    emit("".join(lines))
    for problem in done.report.problems:
        notice(f"{problem.path}: {problem.message}")
    return status(done.report, run_flags.fail_on or "never")


def _logged(
    file: DecisionsFile, names: Mapping[str, str]
) -> Iterator[tuple[DecisionBody, str | None]]:
    """What the audit log keeps of decisions: all of them, "will fix" too, each by who made it."""
    from claimlint.review.audit import DecisionBody

    for document in file.documents:
        for one in document.decisions:
            body = DecisionBody(
                decision=one.decision,
                document=names[document.path],
                rule=one.rule,
                fingerprint=one.fingerprint,
                sentence=one.sentence,
                reason=one.reason,
                date=one.date,
                expires=one.expires,
                document_sha256=document.sha256,
            )
            yield body, one.by or None


def _logged_waiver(new: Waiver, report: DocumentReport) -> DecisionBody:
    from claimlint.review.audit import DecisionBody

    return DecisionBody(
        decision="waive" if new.kind == "waiver" else "false_alarm",
        document=new.document,
        rule=new.rule,
        fingerprint=new.fingerprint,
        sentence=new.sentence,
        reason=new.reason,
        date=new.date,
        expires=new.expires,
        document_sha256=report.sha256,
    )


def _line(document: DocumentReport, finding: Finding) -> str:
    from claimlint.reporters import wording
    from claimlint.reporters.visible import one_line, shortened

    place = wording.place(finding.span.start)
    words = f' "{shortened(finding.words, _WORDS_LIMIT)}"' if finding.words else ""
    off = finding.suppressed
    told = f" ({off.by.replace('_', ' ')})" if off is not None else ""
    said = f"{finding.fingerprint} {document.path}:{place}: {finding.severity} {finding.rule}"
    return one_line(f"{said}{words}{told}") + "\n"


def _chosen(report: DocumentReport, fingerprint: str) -> Finding:
    """The finding that a fingerprint, or the beginning of one, names; raises UsageError."""
    wanted = fingerprint.lower()
    if len(wanted) < _SHORTEST_PREFIX:
        raise UsageError(f"give at least {_SHORTEST_PREFIX} digits of the fingerprint")
    fits = {f.fingerprint: f for f in report.findings if f.fingerprint.startswith(wanted)}
    if not fits:
        raise UsageError(
            f"{report.path} has no finding {fingerprint}; claimlint decide list {report.path} "
            "shows those that it has"
        )
    if len(fits) > 1:
        raise UsageError(f"{fingerprint} fits several findings: {', '.join(sorted(fits))}")
    return next(iter(fits.values()))


def _check_day(expires: str | None, today: str) -> None:
    from claimlint.review.waivers import is_day

    if expires is None:
        return
    if not is_day(expires):
        raise UsageError(f'--expires "{expires}" is not a day; write it as 2027-05-31')
    if expires < today:
        raise UsageError(f"--expires {expires} is in the past")


def _check(new: Waiver, config: Config) -> None:
    """Raise UsageError for a waiver that the file could not hold, or that would not count."""
    from claimlint.review.approval import is_approved
    from claimlint.review.waivers import mistakes

    for key, message in mistakes(new):
        raise UsageError(f"--{key}: {message}")
    approvers = config.suppressions.approvers
    if not is_approved(new.approver, approvers):
        raise UsageError(
            f"--approver: {new.approver} is none of the approvers of the configuration: "
            f"{', '.join(approvers)}"
        )


def _read(path: str, limit_bytes: int) -> bytes:
    try:
        with open(path, "rb") as stream:
            data = stream.read(limit_bytes + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"{path}: cannot be read: {reason}") from error
    if len(data) > limit_bytes:
        raise UsageError(f"{path}: larger than {limit_bytes:,} bytes, so no file of decisions")
    return data


def _reports(
    config: Config, paths: tuple[str, ...], cache: CacheFolder | None
) -> dict[str, DocumentReport]:
    """The reports of some drafts as they are now, by the path as given."""
    from claimlint import app
    from claimlint.discovery import shown

    if not paths:
        return {}
    done: Run = app.run(config, paths, date.today(), cache=cache)
    by_path = {document.path: document for document in done.report.documents}
    return {path: by_path[shown(path)] for path in paths if shown(path) in by_path}


def _save(config: Config, new: tuple[Waiver, ...], log: Callable[[], object]) -> str:
    from claimlint.project import WAIVERS, add_waivers

    try:
        return add_waivers(config, new, log)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"{WAIVERS} cannot be written: {reason}") from error
