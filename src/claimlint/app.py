"""Compose the parts: files and a configuration in, a report out. Every door of claimlint comes here."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping

import msgspec

from claimlint import __version__
from claimlint.cache import CacheFolder
from claimlint.config import Config
from claimlint.discovery import discover, format_of, shown
from claimlint.model.document import Document
from claimlint.model.report import (
    SCHEMA_VERSION,
    DocumentReport,
    Fix,
    PackInfo,
    Problem,
    Report,
    RulesetInfo,
    Summary,
    SuppressionNote,
    Tool,
)
from claimlint.project import load_project
from claimlint.workshop import Checked, Plan, Workshop, check_data, check_file

_OF_ONE_DRAFT = ("inline", "baseline")

Progress = Callable[[int, int], None]


class Run(msgspec.Struct, frozen=True):
    """A report and, when they were asked for, its documents in the same order.

    `excluded` are files that were named and that the configuration leaves out.
    """

    report: Report
    drafts: tuple[Document, ...]
    excluded: tuple[str, ...] = ()


def run(
    config: Config,
    paths: tuple[str, ...],
    today: datetime.date,
    *,
    cache: CacheFolder | None,
    jobs: int = 1,
    keep_drafts: bool = False,
    explain: bool = False,
    progress: Progress | None = None,
    stdin: tuple[str, bytes] | None = None,
) -> Run:
    """Check files and folders; `-` among the paths is `stdin`, a name and its bytes.

    Documents come out in the order of the paths, a folder's in the order of their names. What cannot be
    read is a problem of the report. What people decided about findings is read from the files beside the
    configuration, and marks them. `today` is the day on which waivers and dates are judged; it is
    passed in so that the same call gives the same report. `explain` also lists the statements that were
    let off. Raises DefinitionError for packs, UsageError when a worker process is lost.
    """
    workshop = Workshop(Plan(config, cache, explain, load_project(config, cache), today))
    piped = shown(stdin[0]) if stdin is not None else None
    found = discover(paths, config, piped)
    workshop.prepare(found.files)
    if jobs > 1 and len(found.files) > 1:
        from claimlint.parallel import check_files

        checked = check_files(
            workshop, found.files, jobs, keep_drafts=keep_drafts, progress=progress
        )
    else:
        checked = []
        for number, name in enumerate(found.files, start=1):
            checked.append(check_file(workshop, name, keep_draft=keep_drafts))
            if progress is not None:
                progress(number, len(found.files))
    named = found.named
    if stdin is not None and piped is not None and found.piped_at is not None:
        checked.insert(found.piped_at, check_data(workshop, stdin[1], piped, keep_drafts))
        named |= {piped}
    problems = [*found.problems, *_own_pages(checked, named)]
    return _run(workshop, checked, problems, found.excluded)


def check_source(
    data: bytes, name: str, config: Config, today: datetime.date, *, cache: CacheFolder | None
) -> Run:
    """Check one document that is no file; the name's ending says its format (Markdown without one).

    `today` is as for `run`. Raises DefinitionError for packs.
    """
    workshop = Workshop(Plan(config, cache, project=load_project(config, cache), today=today))
    workshop.prepare([name])
    return _run(
        workshop, [workshop.check(data, name, format_of(name) or "markdown", keep_draft=True)], []
    )


def revised(
    workshop: Workshop, done: Run, again: Mapping[str, Checked], fixes: tuple[Fix, ...]
) -> Run:
    """A run after some of its documents, by path, were changed by `fixes` and checked again."""
    report = done.report
    documents = []
    for old in report.documents:
        new = again.get(old.path)
        if new is None:
            documents.append(old)
        elif new.document is not None:
            documents.append(new.document)
    problems = [problem for problem in report.problems if problem.path not in again]
    for checked in again.values():
        problems += checked.problems
    told = [
        note
        for note in report.suppression_notes
        if note.by in _OF_ONE_DRAFT and note.document not in again
    ]
    told += [note for checked in again.values() for note in checked.notes]
    revised_report = msgspec.structs.replace(
        report,
        documents=tuple(documents),
        problems=tuple(problems),
        summary=_summary(tuple(documents)),
        suppression_notes=_notes(workshop, told, documents),
        fixes=fixes,
    )
    return Run(revised_report, (), done.excluded)


def _own_pages(checked: list[Checked], named: frozenset[str]) -> list[Problem]:
    """Tell of review pages that were named; those that lie about in a folder are left out."""
    message = "is a review page that claimlint wrote, not a draft; it was not checked"
    return [
        Problem(one.own_page, message, kind="unchecked")
        for one in checked
        if one.own_page is not None and one.own_page in named
    ]


def _run(
    workshop: Workshop,
    checked: list[Checked],
    problems: list[Problem],
    excluded: tuple[str, ...] = (),
) -> Run:
    drafts = tuple(one.draft for one in checked if one.draft is not None)
    return Run(reported(workshop, checked, problems), drafts, excluded)


def reported(
    workshop: Workshop, checked: Iterable[Checked], problems: Iterable[Problem] = ()
) -> Report:
    """Put the outcomes of documents together; `problems` are those of no document."""
    outcomes = _told_once(checked)
    documents = tuple(one.document for one in outcomes if one.document is not None)
    told = [note for one in outcomes for note in one.notes]
    return Report(
        schema_version=SCHEMA_VERSION,
        tool=Tool(name="claimlint", version=__version__, ruleset=_applied(workshop, documents)),
        documents=documents,
        problems=(*problems, *(problem for one in outcomes for problem in one.problems)),
        summary=_summary(documents),
        suppression_notes=_notes(workshop, told, documents),
    )


def _told_once(checked: Iterable[Checked]) -> tuple[Checked, ...]:
    """Leave the remedy for a missing extra to the first document that needs it."""
    outcomes: list[Checked] = []
    needed = False
    for one in checked:
        if one.needs_extra and needed:
            problems = tuple(Problem(p.path, "needs the same extra") for p in one.problems)
            outcomes.append(msgspec.structs.replace(one, problems=problems))
        else:
            outcomes.append(one)
        needed = needed or one.needs_extra
    return tuple(outcomes)


def _applied(workshop: Workshop, documents: tuple[DocumentReport, ...]) -> RulesetInfo:
    """The rules that judged these documents, of every override that one of them met."""
    config = workshop.config
    used = {config.for_path("")}
    if documents and config.overrides:
        used = {workshop.settings(document.path) for document in documents}
    rulesets = [workshop.ruleset(settings) for settings in used]
    digests = sorted({ruleset.sha256 for ruleset in rulesets})
    packs = {pack for ruleset in rulesets for pack in ruleset.packs}
    off = {name for one in used for name in one.selection.switched_off}
    return RulesetInfo(
        tuple(PackInfo(pack.name, pack.version) for pack in sorted(packs)),
        tuple(sorted({market for ruleset in rulesets for market in ruleset.markets})),
        digests[0] if len(digests) == 1 else _digest(digests),
        tuple(sorted(config.select)),
        tuple(sorted({*config.ignore, *off})),
    )


def _notes(
    workshop: Workshop, told: Iterable[SuppressionNote], documents: Iterable[DocumentReport]
) -> tuple[SuppressionNote, ...]:
    """What was told of single drafts, then what is to be told of the project's waivers."""
    project = workshop.plan.project
    if project is None or not project.waivers:
        return tuple(told)
    from claimlint.review.suppress import notes

    reports = {workshop.name(document.path): document for document in documents}
    rules = {
        name: workshop.shown(workshop.settings(report.path)) for name, report in reports.items()
    }
    return (*told, *notes(project, reports, rules, workshop.plan.today))


def _digest(digests: list[str]) -> str:
    from claimlint.model.digest import sha256

    return sha256("\n".join(digests).encode()).hexdigest()


def _summary(documents: tuple[DocumentReport, ...]) -> Summary:
    counts = {"error": 0, "warning": 0, "note": 0}
    suppressed = 0
    for document in documents:
        for finding in document.findings:
            if finding.suppressed is not None:
                suppressed += 1
            else:
                counts[finding.severity] += 1
    return Summary(len(documents), counts["error"], counts["warning"], counts["note"], suppressed)
