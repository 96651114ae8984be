"""One document through all parts: read, judged, marked with what people decided, reported."""

from __future__ import annotations

import datetime
import os
import stat
from collections.abc import Iterable
from copy import copy
from typing import TYPE_CHECKING, get_args

import msgspec

from claimlint.cache import CacheFolder
from claimlint.config import Config, Settings
from claimlint.discovery import below, format_of, unreadable
from claimlint.engine.check import Engine, Judgement
from claimlint.engine.network import Network
from claimlint.engine.syllables import WordTable, open_word_table
from claimlint.errors import DefinitionError, Fault, ReadError, UsageError
from claimlint.model.document import Document, Format
from claimlint.model.report import DocumentReport, Problem, SuppressionNote, Verdict
from claimlint.model.rule import Category
from claimlint.model.ruleset import Ruleset
from claimlint.packs import (
    Selection,
    load_ruleset,
    names_rule,
    other_market,
    read_weights,
    rule_markets,
)
from claimlint.readers import FORMATS, read

if TYPE_CHECKING:
    from claimlint.review.suppress import Project

# In the head of our review page, which quotes what it flags; reporters/templates has the same words.
OWN_PAGE = b'<meta name="generator" content="claimlint '
HEAD_BYTES = 4096
_NO_RULE = "no rule is chosen for this file, so nothing was checked; look at --select and overrides"


class Checked(msgspec.Struct, frozen=True):
    """One document's outcome: its report (None when it could not be read), its problems, its draft.

    `notes` are about what the draft itself says of suppression. `own_page` is the name of a review page
    of ours, which is no draft and was not checked. `needs_extra`: its only problem is that an extra is
    not installed.
    """

    document: DocumentReport | None
    problems: tuple[Problem, ...]
    draft: Document | None
    notes: tuple[SuppressionNote, ...] = ()
    own_page: str | None = None
    needs_extra: bool = False


class Plan(msgspec.Struct, frozen=True):
    """What a workshop is made from.

    `explain` also lists the statements let off. `project` is what people decided, None where nothing
    was; `today` is the day on which that is judged.
    """

    config: Config
    cache: CacheFolder | None
    explain: bool = False
    project: Project | None = None
    today: datetime.date = datetime.date.min


class Workshop:
    """Engines for the settings that a run meets, each made once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.config = plan.config
        self._table: WordTable | None = None
        self._network = Network(read_weights())
        self._rulesets: dict[Selection, Ruleset] = {}
        self._engines: dict[Settings, Engine] = {}
        self._shown: dict[Selection, frozenset[str]] = {}
        self._unasked: dict[Selection, tuple[Category, ...]] = {}
        self._known: dict[Selection, frozenset[str]] = {}

    def with_decisions(self, project: Project | None, today: datetime.date) -> Workshop:
        """A workshop with the same engines, for what people have decided by now."""
        other = copy(self)
        other.plan = msgspec.structs.replace(self.plan, project=project, today=today)
        return other

    def name(self, path: str) -> str:
        """What decisions know a document by: its path relative to the configuration."""
        return below(self.config.root, path)

    def settings(self, path: str) -> Settings:
        """What holds for a document."""
        return self.config.for_path(self.name(path))

    def shown(self, settings: Settings) -> frozenset[str]:
        """The ids of the rules whose findings are shown."""
        found = self._shown.get(settings.selection)
        if found is None:
            found = frozenset(rule.id for rule in self.ruleset(settings).shown)
            self._shown[settings.selection] = found
        return found

    def unasked(self, settings: Settings) -> tuple[Category, ...]:
        """The categories of which no rule is applied."""
        found = self._unasked.get(settings.selection)
        if found is None:
            asked = {rule.category for rule in self.ruleset(settings).shown}
            found = tuple(name for name in get_args(Category) if name not in asked)
            self._unasked[settings.selection] = found
        return found

    def check_choice(self) -> None:
        """Refuse a choice of rules of which none would run; raises UsageError and DefinitionError."""
        if not (self.config.select or self.config.ignore):
            return
        every = self.config.every_settings()
        shown = {rule.id: rule for settings in every for rule in self.ruleset(settings).shown}
        for name in self.config.select:
            if not any(names_rule((name,), rule.id, rule.category) for rule in shown.values()):
                elsewhere = other_market(name, every[0].selection)
                reason = f"{name} runs no rule: --ignore or the configuration leaves it out"
                raise UsageError(f"--select: {elsewhere or reason}")
        if not shown:
            raise UsageError(
                "--ignore and the configuration leave no rule to run: take something out of --ignore"
            )

    def exists(self, name: str, settings: Settings) -> bool:
        """Whether a rule, or a category with a / at its end, exists for some market."""
        known = self._known.get(settings.selection)
        if known is None:
            known = frozenset(rule_markets(settings.selection))
            self._known[settings.selection] = known
        first = name.removesuffix("/")
        return name in known or (
            name.endswith("/")
            and (first in get_args(Category) or any(one.startswith(name) for one in known))
        )

    def ruleset(self, settings: Settings) -> Ruleset:
        """The resolved rules for some settings; raises DefinitionError."""
        found = self._rulesets.get(settings.selection)
        if found is None:
            found = load_ruleset(settings.selection, self.plan.cache)
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
                self._table = open_word_table(self.plan.cache)
            ruleset = self.ruleset(settings)
            found = Engine(ruleset, self._table, settings.target_grade, self._network)
            self._engines[settings] = found
        return found

    def check(self, data: bytes, name: str, form: Format, *, keep_draft: bool = False) -> Checked:
        """Read and judge one document."""
        try:
            if len(data) > self.config.max_bytes:
                raise ReadError(_too_large(self.config.max_bytes))
            document = read(data, name, form)
        except ReadError as error:
            return Checked(None, (Problem(name, error.message, error.line, error.column),), None)
        except UsageError as error:
            return Checked(None, (Problem(name, str(error)),), None, needs_extra=True)
        return self.judge(document, keep_draft=keep_draft)

    def judge(self, document: Document, *, keep_draft: bool = False) -> Checked:
        """Judge a document that was read."""
        name = document.source.name
        settings = self.settings(name)
        judgement = self.engine(settings).check(
            document, name=self.name(name), explain=self.plan.explain
        )
        judgement, notes = self._decided(judgement, document, settings)
        report, problems = _documented(document, judgement, self.unasked(settings))
        return Checked(report, problems, document if keep_draft else None, notes)

    def _decided(
        self, judgement: Judgement, document: Document, settings: Settings
    ) -> tuple[Judgement, tuple[SuppressionNote, ...]]:
        """Mark the findings that people have let off."""
        speaks = self.plan.project is not None or document.directives
        if not speaks or not self.config.suppressions.heeded:
            return judgement, ()
        from claimlint.review.suppress import Project, decided

        found = decided(
            judgement.findings,
            document,
            self.name(document.source.name),
            self.plan.project or Project(),
            self.shown(settings),
            self.plan.today,
            lambda name: self.exists(name, settings),
        )
        return msgspec.structs.replace(judgement, findings=found.findings), found.notes


def check_file(workshop: Workshop, name: str, *, keep_draft: bool = False) -> Checked:
    """Read a file and check it."""
    limit = workshop.config.max_bytes
    try:
        about = os.stat(name)  # noqa: PTH116  (a str path is what the report names)
        if not stat.S_ISREG(about.st_mode):
            return Checked(None, (Problem(name, "is not a regular file"),), None)
        if about.st_size > limit:
            return Checked(None, (Problem(name, _too_large(limit, about.st_size)),), None)
        with open(name, "rb") as file:  # noqa: PTH123
            data = file.read(limit + 1)
    except OSError as error:
        return Checked(None, (unreadable(name, error),), None)
    return check_data(workshop, data, name, keep_draft)


def check_data(workshop: Workshop, data: bytes, name: str, keep_draft: bool) -> Checked:
    form = format_of(name)
    if form is None:
        return Checked(None, (Problem(name, _unknown_format(name)),), None)
    if form == "html" and OWN_PAGE in data[:HEAD_BYTES]:
        return Checked(None, (), None, own_page=name)
    return workshop.check(data, name, form, keep_draft=keep_draft)


def _documented(
    document: Document, found: Judgement, unasked: tuple[Category, ...]
) -> tuple[DocumentReport, tuple[Problem, ...]]:
    name = document.source.name
    problems = [Problem(name, gap.message, gap.line, gap.column) for gap in document.gaps]
    problems += [Problem(name, message, kind="unchecked") for message in _unchecked(found)]
    if len(unasked) == len(get_args(Category)):
        problems.append(Problem(name, _NO_RULE, kind="unchecked"))
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
        unasked=unasked,
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


def _too_large(limit: int, size: int | None = None) -> str:
    """Without a size of what was read no further than to know that it is too large."""
    has = (
        f"{size:,} bytes, more than the limit of {limit:,}"
        if size
        else f"more than {limit:,} bytes, the limit"
    )
    return f"has {has}; split the document or raise max_bytes in the configuration"
