"""Compose the parts: files and a configuration in, a report out. Every door of claimlint comes here."""

from __future__ import annotations

import datetime
import os
import stat
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import msgspec

from claimlint import __version__
from claimlint.cache import CacheFolder
from claimlint.config import Config, Settings
from claimlint.discovery import below, discover, format_of, shown, unreadable
from claimlint.engine.check import Engine, Judgement
from claimlint.engine.syllables import WordTable, open_word_table
from claimlint.engine.weigh import Weights
from claimlint.errors import DefinitionError, Fault, ReadError
from claimlint.model.document import Document, Format
from claimlint.model.report import (
    SCHEMA_VERSION,
    DocumentReport,
    Fix,
    PackInfo,
    Problem,
    Report,
    RulesetInfo,
    Summary,
    Tool,
    Verdict,
)
from claimlint.model.ruleset import Ruleset
from claimlint.packs import Selection, load_ruleset, read_weights
from claimlint.readers import FORMATS, read

# In the head of our review page, which quotes what it flags; reporters/templates has the same words.
_OWN_PAGE = b'<meta name="generator" content="claimlint '
_HEAD_BYTES = 4096

Progress = Callable[[int, int], None]


class Run(NamedTuple):
    """A report and, when they were asked for, its documents in the same order.

    `excluded` are files that were named and that the configuration leaves out.
    """

    report: Report
    drafts: tuple[Document, ...]
    excluded: tuple[str, ...] = ()


class Checked(NamedTuple):
    """One document's outcome: its report (None when it could not be read), its problems, its draft.

    `own_page` is the name of a review page of ours, which is no draft and was not checked.
    """

    document: DocumentReport | None
    problems: tuple[Problem, ...]
    draft: Document | None
    own_page: str | None = None


class Workshop:
    """Engines for the settings that a run meets, each made once."""

    def __init__(self, config: Config, cache: CacheFolder | None, *, explain: bool = False) -> None:
        """Take what the engines are made from; `explain` also lists the statements let off."""
        self.config = config
        self._explain = explain
        self._cache = cache
        self._table: WordTable | None = None
        self._weights = Weights(read_weights())
        self._rulesets: dict[Selection, Ruleset] = {}
        self._engines: dict[Settings, Engine] = {}

    def settings(self, name: str) -> Settings:
        """What holds for a document of this name."""
        return self.config.for_path(below(self.config.root, name))

    def ruleset(self, settings: Settings) -> Ruleset:
        """The resolved rules for some settings; raises DefinitionError."""
        found = self._rulesets.get(settings.selection)
        if found is None:
            found = load_ruleset(settings.selection, self._cache)
            self._rulesets[settings.selection] = found
        return found

    def prepare(self, names: Iterable[str] = ()) -> None:
        """Resolve every setting of the configuration and those of `names`.

        A mistake in a pack shows at once, whether or not a document needs it. Raises DefinitionError
        with all of them.
        """
        faults: dict[Fault, None] = {}
        wanted = [*self.config.every_settings()]
        if self.config.overrides:
            wanted += map(self.settings, names)
        for settings in dict.fromkeys(wanted):
            try:
                self.ruleset(settings)
            except DefinitionError as error:
                faults.update(dict.fromkeys(error.faults))
        if faults:
            raise DefinitionError(tuple(faults))

    def engine(self, settings: Settings) -> Engine:
        """The engine for some settings."""
        found = self._engines.get(settings)
        if found is None:
            if self._table is None:
                self._table = open_word_table(self._cache)
            ruleset = self.ruleset(settings)
            found = Engine(ruleset, self._table, settings.target_grade, self._weights)
            self._engines[settings] = found
        return found

    def check(self, data: bytes, name: str, form: Format, *, keep_draft: bool = False) -> Checked:
        """Read and judge one document."""
        try:
            if len(data) > self.config.max_bytes:
                raise ReadError(_too_large(len(data), self.config.max_bytes))
            document = read(data, name, form)
        except ReadError as error:
            return Checked(None, (Problem(name, error.message, error.line, error.column),), None)
        judgement = self.engine(self.settings(name)).check(document, explain=self._explain)
        report, problems = _documented(document, judgement)
        return Checked(report, problems, document if keep_draft else None)


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
    read is a problem of the report. `today` is the day on which waivers and dates are judged; it is
    passed in so that the same call gives the same report. `explain` also lists the statements that were
    let off. Raises DefinitionError for packs, UsageError for a missing extra and when a worker process
    is lost.
    """
    workshop = Workshop(config, cache, explain=explain)
    piped = shown(stdin[0]) if stdin is not None else None
    found = discover(paths, config, piped)
    workshop.prepare(found.files)
    if jobs > 1 and len(found.files) > 1:
        from claimlint.parallel import check_files

        checked = check_files(
            config,
            cache,
            found.files,
            jobs,
            keep_drafts=keep_drafts,
            explain=explain,
            progress=progress,
        )
    else:
        checked = []
        for number, name in enumerate(found.files, start=1):
            checked.append(check_file(workshop, name, keep_draft=keep_drafts))
            if progress is not None:
                progress(number, len(found.files))
    named = found.named
    if stdin is not None and piped is not None and found.piped_at is not None:
        checked.insert(found.piped_at, _check_data(workshop, stdin[1], piped, keep_drafts))
        named |= {piped}
    problems = [*found.problems, *_own_pages(checked, named)]
    return _run(workshop, checked, problems, found.excluded)


def check_source(
    data: bytes, name: str, config: Config, today: datetime.date, *, cache: CacheFolder | None
) -> Run:
    """Check one document that is no file; the name's ending says its format (Markdown without one).

    `today` is as for `run`. Raises DefinitionError for packs, UsageError for a missing extra.
    """
    workshop = Workshop(config, cache)
    workshop.prepare([name])
    return _run(
        workshop, [workshop.check(data, name, format_of(name) or "markdown", keep_draft=True)], []
    )


def check_file(workshop: Workshop, name: str, *, keep_draft: bool = False) -> Checked:
    """Read a file and check it."""
    limit = workshop.config.max_bytes
    try:
        about = os.stat(name)  # noqa: PTH116  (a str path is what the report names)
        if not stat.S_ISREG(about.st_mode):
            return Checked(None, (Problem(name, "is not a regular file"),), None)
        if about.st_size > limit:
            return Checked(None, (Problem(name, _too_large(about.st_size, limit)),), None)
        with open(name, "rb") as file:  # noqa: PTH123
            data = file.read(limit + 1)
    except OSError as error:
        return Checked(None, (unreadable(name, error),), None)
    return _check_data(workshop, data, name, keep_draft)


def revised(done: Run, again: Mapping[str, Checked], fixes: tuple[Fix, ...]) -> Run:
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
    revised_report = msgspec.structs.replace(
        report,
        documents=tuple(documents),
        problems=tuple(problems),
        summary=_summary(tuple(documents)),
        fixes=fixes,
    )
    return Run(revised_report, (), done.excluded)


def _check_data(workshop: Workshop, data: bytes, name: str, keep_draft: bool) -> Checked:
    form = format_of(name)
    if form is None:
        return Checked(None, (Problem(name, _unknown_format(name)),), None)
    if form == "html" and _OWN_PAGE in data[:_HEAD_BYTES]:
        return Checked(None, (), None, name)
    return workshop.check(data, name, form, keep_draft=keep_draft)


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
    documents = tuple(one.document for one in checked if one.document is not None)
    for one in checked:
        problems.extend(one.problems)
    report = Report(
        schema_version=SCHEMA_VERSION,
        tool=Tool(name="claimlint", version=__version__, ruleset=_applied(workshop, documents)),
        documents=documents,
        problems=tuple(problems),
        summary=_summary(documents),
    )
    drafts = tuple(one.draft for one in checked if one.draft is not None)
    return Run(report, drafts, excluded)


def _applied(workshop: Workshop, documents: tuple[DocumentReport, ...]) -> RulesetInfo:
    """The rules that judged these documents, of every override that one of them met."""
    used = {workshop.config.for_path("")}
    if documents and workshop.config.overrides:
        used = {workshop.settings(document.path) for document in documents}
    rulesets = [workshop.ruleset(settings) for settings in used]
    digests = sorted({ruleset.sha256 for ruleset in rulesets})
    packs = {pack for ruleset in rulesets for pack in ruleset.packs}
    return RulesetInfo(
        tuple(PackInfo(pack.name, pack.version) for pack in sorted(packs)),
        tuple(sorted({market for ruleset in rulesets for market in ruleset.markets})),
        digests[0] if len(digests) == 1 else _digest(digests),
    )


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


def _documented(document: Document, found: Judgement) -> tuple[DocumentReport, tuple[Problem, ...]]:
    name = document.source.name
    problems = [Problem(name, gap.message, gap.line, gap.column) for gap in document.gaps]
    problems += [Problem(name, message, kind="unchecked") for message in _unchecked(found)]
    report = DocumentReport(
        path=name,
        format=document.format,
        language=found.language,
        words=found.words,
        sha256=document.source.sha256,
        verdict=_verdict(found, sound=not problems),
        readability=found.readability,
        findings=found.findings,
        disclosures=found.disclosures,
        citations=found.citations,
        let_off=found.let_off,
    )
    return report, tuple(problems)


def _unchecked(found: Judgement) -> list[str]:
    """Why a document that was read was not really judged."""
    reasons = [
        f"the rule {rule} was stopped by its time limit; review the text by hand"
        for rule in found.stopped
    ]
    if found.words == 0:
        reasons.append("holds no prose, so nothing was checked")
    elif found.language != "en":
        reasons.append("is not in English, for which the rules are made; review it by hand")
    return reasons


def _verdict(found: Judgement, *, sound: bool) -> Verdict:
    severities = {f.severity for f in found.findings if f.suppressed is None}
    if "error" in severities:
        return "block"
    return "review" if "warning" in severities or not sound else "pass"


def _unknown_format(name: str) -> str:
    return f"is not a document that claimlint reads ({', '.join(FORMATS)})"


def _too_large(size: int, limit: int) -> str:
    return (
        f"has {size:,} bytes, more than the limit of {limit:,}; "
        "split the document or raise max_bytes in the configuration"
    )
