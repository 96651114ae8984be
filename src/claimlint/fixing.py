"""Put the wordings that rules call safe into drafts, or show what that would change."""

# os.path throughout: a str path is what the report names, and pathlib is slow to import.
# ruff: noqa: PTH114, PTH123

from __future__ import annotations

import datetime
import os
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from typing import NamedTuple

import msgspec

from claimlint.app import Run, revised
from claimlint.cache import CacheFolder
from claimlint.config import Config, Settings
from claimlint.discovery import format_of, unreadable
from claimlint.files import replace
from claimlint.fixes import Wordings, edits, exchanged, fixable, wordings_of
from claimlint.model.document import Format
from claimlint.model.report import DocumentReport, Fix, Problem
from claimlint.model.rule import PhraseRule
from claimlint.project import load_project
from claimlint.readers.decode import encode
from claimlint.workshop import Checked, Plan, Workshop

# An exchange can lay bare other flagged words ("miracle breakthrough treatment").
_ROUNDS = 8


class Change(NamedTuple):
    """A draft's text (with its byte-order mark) before and after, and whether its file is UTF-16."""

    path: str
    before: str
    after: str
    utf16: bool


class Fixed(NamedTuple):
    """The run as it stands afterwards, what changes or would change, and what was left alone.

    `left` are Word drafts with words that would be exchanged in a text file.
    """

    run: Run
    changes: tuple[Change, ...]
    fixes: tuple[Fix, ...]
    left: tuple[str, ...]


class _Mended(NamedTuple):
    data: bytes
    change: Change | None
    fixes: list[Fix]
    checked: Checked


def fix(
    config: Config,
    done: Run,
    today: datetime.date,
    *,
    cache: CacheFolder | None,
    write: bool,
    explain: bool = False,
) -> Fixed:
    """Exchange what is safe in the drafts of a run; without `write` nothing is written.

    A draft is read again, written whole or not at all and checked again, so that the run tells its
    state afterwards (with `explain` also the statements that were let off). One that cannot be written
    is a problem and stays as it is. Raises DefinitionError for packs.
    """
    mender = _Mender(Workshop(Plan(config, cache, explain, load_project(config, cache), today)))
    again: dict[str, Checked] = {}
    changes: list[Change] = []
    fixes: list[Fix] = []
    left: list[str] = []
    seen: set[str] = set()
    for document in done.report.documents:
        if not mender.may_fix(document):
            continue
        if document.format == "docx":
            left.append(document.path)
            continue
        target = os.path.realpath(document.path)
        if target in seen and not write:  # another name of the same file
            continue
        seen.add(target)
        outcome = mender.mend(document, target, write=write)
        if isinstance(outcome, Problem):
            known = [one for one in done.report.problems if one.path == document.path]
            again[document.path] = Checked(document, (*known, outcome), None)
            continue
        again[document.path] = outcome.checked
        fixes += outcome.fixes
        if outcome.change is not None:
            changes.append(outcome.change)
    run = revised(mender.workshop, done, again, tuple(fixes)) if write else done
    return Fixed(run, tuple(changes), tuple(fixes), tuple(left))


class _Mender:
    """The safe wordings for the settings that a run meets, and what is done with them."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self._wordings: dict[Settings, Wordings] = {}

    def may_fix(self, document: DocumentReport) -> bool:
        """Whether a rule offers a safe wording for something in the document."""
        wordings = self._for(document.path)
        return any(fixable(finding, wordings) is not None for finding in document.findings)

    def mend(self, document: DocumentReport, target: str, *, write: bool) -> _Mended | Problem:
        """Exchange what is safe in one file."""
        path = document.path
        form = format_of(path)
        assert form is not None  # it was read
        try:
            with open(target, "rb") as file:
                data = file.read()
        except OSError as error:
            return unreadable(path, error)
        mended = self._mended(data, path, form)
        if write and mended.fixes:
            try:
                if not os.access(target, os.W_OK):
                    return Problem(path, "cannot be fixed: it is write-protected")
                replace(target, mended.data)
            except OSError as error:
                reason = error.strerror or error
                return Problem(path, f"cannot be fixed, the file stays as it was: {reason}")
        return mended

    def _mended(self, data: bytes, path: str, form: Format) -> _Mended:
        wordings = self._for(path)
        fixes: list[Fix] = []
        texts: list[str] = []
        checked = self.workshop.check(data, path, form, keep_draft=True)
        for _ in range(_ROUNDS):
            document, draft = checked.document, checked.draft
            if document is None or draft is None:  # it was changed while we looked
                break
            source = draft.source
            found = edits(draft, document.findings, wordings)
            if not found or encode(source.text, data) != data:
                break
            fixes += [
                Fix(path, source.position(start).line, rule, source.text[start:end], text)
                for start, end, text, rule in found
            ]
            texts += [source.text, exchanged(source.text, found)]
            data = encode(texts[-1], data)
            checked = self.workshop.check(data, path, form, keep_draft=True)
        mark = "\ufeff" if data.startswith(BOM_UTF8) else ""
        utf16 = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
        change = Change(_real(path), mark + texts[0], mark + texts[-1], utf16) if texts else None
        return _Mended(data, change, fixes, msgspec.structs.replace(checked, draft=None))

    def _for(self, path: str) -> Wordings:
        settings = self.workshop.settings(path)
        found = self._wordings.get(settings)
        if found is None:
            found = {
                rule.id: wordings_of(rule.fix)
                for rule in self.workshop.ruleset(settings).shown
                if isinstance(rule, PhraseRule) and rule.fix
            }
            self._wordings[settings] = found
        return found


def _real(path: str) -> str:
    """The name of a draft, of a symbolic link that of the file behind it, which is what changes."""
    return os.path.relpath(os.path.realpath(path)) if os.path.islink(path) else path
