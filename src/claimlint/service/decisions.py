"""What people decided: in files, which are read again when they change, and through the pages."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import msgspec

from claimlint.config import Config
from claimlint.errors import DefinitionError
from claimlint.model.report import Report
from claimlint.project import BASELINE, WAIVERS, load_project
from claimlint.service.journal import Journal
from claimlint.service.store import Store, StoredDecision

if TYPE_CHECKING:
    from claimlint.review.suppress import Project
    from claimlint.review.waivers import Placed

KEPT = "decisions made through the pages"  # where the review page says that they stand
_LOOK_SECONDS = 2.0
_KINDS: dict[str, Literal["waiver", "false_alarm"]] = {
    "waive": "waiver",
    "false_alarm": "false_alarm",
}


class Decisions:
    """The project of the configuration's folder; a file with a mistake leaves the last good state."""

    def __init__(self, config: Config, journal: Journal) -> None:
        """`config` is the one whose root is the folder; raises DefinitionError for a wrong file."""
        self._config = config
        self._journal = journal
        self._state = self._look()
        self._looked_at = time.monotonic()
        self._project = load_project(config, None)
        self._looking = asyncio.Lock()

    async def current(self) -> Project | None:
        """What holds now; large files are read beside the loop, and once for all who ask meanwhile."""
        if time.monotonic() - self._looked_at > _LOOK_SECONDS:
            async with self._looking:
                if time.monotonic() - self._looked_at > _LOOK_SECONDS:
                    await asyncio.to_thread(self._look_again)
        return self._project

    def _look_again(self) -> None:
        state = self._look()
        if state != self._state:
            self._state = state
            try:
                self._project = load_project(self._config, None)
            except DefinitionError as error:
                self._journal.write("waivers not read", reason=str(error.faults[0]))
        # Last, so that nobody is told of the former state while the new one is being read.
        self._looked_at = time.monotonic()

    def _look(self) -> tuple[tuple[int, int] | None, ...]:
        """Size and time of the files, by which a change shows."""
        found: list[tuple[int, int] | None] = []
        for name in (WAIVERS, BASELINE):
            try:
                about = os.stat(os.path.join(self._config.root, name))  # noqa: PTH116, PTH118
            except OSError:
                found.append(None)
            else:
                found.append((about.st_size, about.st_mtime_ns))
        return tuple(found)


def in_force(stored: Iterable[StoredDecision]) -> dict[tuple[str, str], StoredDecision]:
    """The last decision about each finding of a document, by its rule and fingerprint."""
    return {(one.rule, one.fingerprint): one for one in stored}


def stored_for(store: Store, name: str) -> tuple[StoredDecision, ...]:
    """What was decided about the delivered document that is called `name` (see jobs.name_of)."""
    endpoint, _, rest = name.partition(":")
    external_id, colon, locale = rest.rpartition(":")
    row = store.status(external_id if colon else rest, endpoint, locale if colon else "")
    return store.decisions(row.id) if row is not None else ()


def with_stored(
    project: Project | None, config: Config, name: str, stored: Iterable[StoredDecision]
) -> Project | None:
    """Add what was decided through the pages about the document that is called `name`.

    For one finding it comes before the waivers of files: it is the later word on this document.
    """
    if not config.suppressions.heeded:
        return project
    placed = tuple(
        _placed(one, name) for one in in_force(stored).values() if one.decision in _KINDS
    )
    if not placed:
        return project
    from claimlint.review.suppress import Project

    if project is None:
        policy = config.suppressions
        project = Project(
            inline=policy.inline,
            require_approver=policy.require_approver,
            approvers=policy.approvers,
        )
    return msgspec.structs.replace(project, waivers=(*placed, *project.waivers))


def _placed(decision: StoredDecision, name: str) -> Placed:
    from claimlint.review.waivers import Placed, Waiver, shortened

    made = Waiver(
        rule=decision.rule,
        fingerprint=decision.fingerprint,
        document=name,
        sentence=shortened(decision.sentence),
        kind=_KINDS[decision.decision],
        reason=decision.reason,
        approver=decision.approver or decision.by,
        date=decision.date,
        expires=decision.expires,
    )
    return Placed(made, 0, KEPT)


def without_idle(report: Report) -> Report:
    """Leave out that a decision of the pages fits nothing any more: there is no entry to delete."""
    told = tuple(
        note for note in report.suppression_notes if note.path != KEPT or note.status != "unused"
    )
    return msgspec.structs.replace(report, suppression_notes=told)
