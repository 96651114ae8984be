"""Compose the parts: files and a configuration in, a report out. Every door of claimlint comes here."""

from __future__ import annotations

import datetime
import os
import stat
from collections.abc import Callable, Iterator
from typing import NamedTuple

from claimlint import __version__
from claimlint.cache import CacheFolder
from claimlint.config import Config, Settings
from claimlint.engine.check import Engine, Judgement
from claimlint.engine.syllables import WordTable, open_word_table
from claimlint.errors import ReadError
from claimlint.model.document import Document, Format
from claimlint.model.report import (
    SCHEMA_VERSION,
    DocumentReport,
    PackInfo,
    Problem,
    Report,
    RulesetInfo,
    Summary,
    Tool,
    Verdict,
)
from claimlint.model.rule import Ruleset
from claimlint.packs import load_ruleset
from claimlint.readers import FORMATS, read

# Folders that hold no drafts, whatever is configured.
_SKIPPED_FOLDERS = frozenset(["node_modules", "__pycache__", "venv"])
_CHUNK_BYTES = 262_144  # of documents handed to a worker process at a time

Progress = Callable[[int, int], None]


class Run(NamedTuple):
    """A report and, when they were asked for, its documents in the same order."""

    report: Report
    drafts: tuple[Document, ...]


class Checked(NamedTuple):
    """One document's outcome: its report (None when it could not be read), its problems, its draft."""

    document: DocumentReport | None
    problems: tuple[Problem, ...]
    draft: Document | None


class Workshop:
    """Engines for the settings that a run meets, each made once."""

    def __init__(self, config: Config, cache: CacheFolder | None) -> None:
        self.config = config
        self._cache = cache
        self._table: WordTable | None = None
        self._rulesets: dict[Settings, Ruleset] = {}
        self._engines: dict[Settings, Engine] = {}

    def ruleset(self, settings: Settings) -> Ruleset:
        """The resolved rules for some settings; raises DefinitionError."""
        found = self._rulesets.get(settings)
        if found is None:
            found = load_ruleset(settings.selection, self._cache)
            self._rulesets[settings] = found
        return found

    def engine(self, settings: Settings) -> Engine:
        """The engine for some settings."""
        found = self._engines.get(settings)
        if found is None:
            if self._table is None:
                self._table = open_word_table(self._cache)
            found = Engine(self.ruleset(settings), self._table, settings.target_grade)
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
        settings = self.config.for_path(_below(self.config.root, name))
        judgement = self.engine(settings).check(document)
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
    progress: Progress | None = None,
    stdin: tuple[str, bytes] | None = None,
) -> Run:
    """Check files and folders; `-` among the paths is `stdin`, a name and its bytes.

    Documents come out in the order of the paths, a folder's in the order of their names. What cannot be
    read is a problem of the report. Raises DefinitionError for packs, UsageError for a missing extra.
    """
    workshop = Workshop(config, cache)
    workshop.ruleset(
        config.for_path("")
    )  # a broken pack is an error even when there is no document
    files, problems = _discover(paths, config)
    checked: list[Checked] = []
    if stdin is not None:
        name, data = stdin
        checked.append(
            workshop.check(data, name, _format(name) or "markdown", keep_draft=keep_drafts)
        )
    if jobs > 1 and len(files) > 1:
        from claimlint.parallel import check_files

        checked += check_files(config, cache, files, jobs, keep_drafts, progress)
    else:
        for number, name in enumerate(files, start=1):
            checked.append(check_file(workshop, name, keep_draft=keep_drafts))
            if progress is not None:
                progress(number, len(files))
    return _run(workshop, checked, problems)


def check_source(
    data: bytes, name: str, config: Config, today: datetime.date, *, cache: CacheFolder | None
) -> Run:
    """Check one document that is no file; the name's ending says its format (Markdown without one)."""
    workshop = Workshop(config, cache)
    return _run(
        workshop, [workshop.check(data, name, _format(name) or "markdown", keep_draft=True)], []
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
        return Checked(None, (Problem(name, f"cannot be read: {error.strerror or error}"),), None)
    form = _format(name)
    if form is None:
        return Checked(None, (Problem(name, _unknown_format(name)),), None)
    return workshop.check(data, name, form, keep_draft=keep_draft)


def _run(workshop: Workshop, checked: list[Checked], problems: list[Problem]) -> Run:
    documents = tuple(one.document for one in checked if one.document is not None)
    for one in checked:
        problems.extend(one.problems)
    ruleset = workshop.ruleset(workshop.config.for_path(""))
    report = Report(
        schema_version=SCHEMA_VERSION,
        tool=Tool(
            name="claimlint",
            version=__version__,
            ruleset=RulesetInfo(
                tuple(PackInfo(pack.name, pack.version) for pack in ruleset.packs),
                ruleset.markets,
                ruleset.sha256,
            ),
        ),
        documents=documents,
        problems=tuple(problems),
        summary=_summary(documents),
    )
    return Run(report, tuple(one.draft for one in checked if one.draft is not None))


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


def _discover(paths: tuple[str, ...], config: Config) -> tuple[list[str], list[Problem]]:
    """The documents under some paths, each once, and the paths that do not exist."""
    names: dict[str, None] = {}
    problems: list[Problem] = []
    for path in paths:
        if path == "-":
            continue
        if os.path.isdir(path):  # noqa: PTH112
            found: Iterator[str] = _walk(path)
        elif os.path.lexists(path):
            found = iter([_shown(path)])
        else:
            problems.append(Problem(path, "does not exist; check the name"))
            continue
        names.update((name, None) for name in found if config.selects(_below(config.root, name)))
    return list(names), problems


def _walk(folder: str) -> Iterator[str]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if name[0] != "." and name not in _SKIPPED_FOLDERS
        )
        for name in sorted(files):
            if name[0] != "." and _format(name) is not None:
                yield _shown(os.path.join(parent, name))  # noqa: PTH118


def _shown(path: str) -> str:
    """The path as given, with / and relative to the working directory where it lies inside."""
    if os.path.isabs(path):  # noqa: PTH117
        relative = os.path.relpath(path)
        if not relative.startswith(".."):
            path = relative
    else:
        path = os.path.normpath(path)
    return path.replace(os.sep, "/")


def _below(root: str, name: str) -> str:
    """The path relative to the configuration's folder, with /; it begins with ../ outside of that."""
    if not root:
        return name
    return os.path.relpath(name, root).replace(os.sep, "/")


def _format(name: str) -> Format | None:
    return FORMATS.get(os.path.splitext(name)[1].lower())  # noqa: PTH122


def _unknown_format(name: str) -> str:
    return f"is not a document that claimlint reads ({', '.join(FORMATS)})"


def _too_large(size: int, limit: int) -> str:
    return (
        f"has {size:,} bytes, more than the limit of {limit:,}; "
        "split the document or raise max_bytes in the configuration"
    )
