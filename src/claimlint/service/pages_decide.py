"""A decision about a finding: read from its form, judged by the policy, logged, and stored."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, get_args

import msgspec

from claimlint import audit_file
from claimlint.errors import UsageError
from claimlint.model.report import DocumentReport, Finding, Report
from claimlint.review.approval import is_approved
from claimlint.review.audit import Decision, DecisionBody
from claimlint.review.decisions import said_in
from claimlint.review.waivers import is_day
from claimlint.service.decisions import in_force
from claimlint.service.jobs import name_of
from claimlint.service.journal import Journal
from claimlint.service.pages_settings import PagesSettings
from claimlint.service.problems import Problem, busy
from claimlint.service.store import (
    DocumentRow,
    NewDecision,
    Review,
    Store,
    StoredDecision,
)

REASON_LIMIT = 2_000
_LETTING_OFF = ("waive", "false_alarm")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_PATIENCE_SECONDS = 3.0
_GONE = "the document has changed, and no longer has the finding: open it again"


class Wanted(NamedTuple):
    """A decision as the form has it; `after` is the last one that its reader saw, 0 for none."""

    rule: str
    fingerprint: str
    decision: str
    reason: str
    expires: str
    after: str


class ComplaintError(Exception):
    """What has to be put right in the form; the sentence is for whoever filled it in."""


class _Known(NamedTuple):
    row: DocumentRow
    review: Review | None
    decided: tuple[StoredDecision, ...]


class _Judged(NamedTuple):
    decision: NewDecision
    sha256: str | None


def wanted(form: Mapping[str, str]) -> Wanted:
    """Take a decision from a form."""
    return Wanted(
        rule=form.get("rule", ""),
        fingerprint=form.get("fingerprint", ""),
        decision=form.get("decision", ""),
        reason=" ".join(form.get("reason", "").split()),
        expires=form.get("expires", "").strip(),
        after=form.get("after", ""),
    )


def why_not(settings: PagesSettings, name: str) -> str:
    """Why somebody may not let findings off; empty when they may."""
    if not settings.heeded:
        return "This service heeds no suppressions, so nothing can be let off."
    if not is_approved(name, settings.approvers):
        return "You are none of the approvers of this site, so you cannot let findings off."
    return ""


class Desk:
    """Where decisions are taken: one at a time, first into the audit log, then into the store."""

    def __init__(
        self,
        settings: PagesSettings,
        store: Callable[[Callable[[Store], Any]], Awaitable[Any]],
        journal: Journal,
    ) -> None:
        self._settings = settings
        self._store = store
        self._journal = journal
        self._alone = asyncio.Lock()

    async def record(self, document_id: int, by: str, form: Wanted) -> int:
        """Record a decision and tell its number.

        Raises ComplaintError for the form, Problem for what no form can put right, and StoreError.
        """
        async with self._alone:
            known: _Known | None = await self._store(lambda store: _known(store, document_id))
            if known is None:
                raise Problem(404, "there is no such document")
            now = time.time()
            last = in_force(known.decided).get((form.rule, form.fingerprint))
            if last is not None and _is_same(last, form, by):
                return last.id  # sent twice
            judged = await asyncio.to_thread(self._judged, known, last, by, form, now)
            await self._log(known.row, judged, now)
            try:
                number: int = await self._store(
                    lambda store: store.decide(document_id, judged.decision, now)
                )
            except KeyError:
                raise Problem(404, "there is no such document") from None
        row = known.row
        self._journal.write(
            "decided", endpoint=row.endpoint, document=row.external_id, locale=row.locale,
            decision=judged.decision.decision, rule=judged.decision.rule, by=by,
        )  # fmt: skip
        return number

    def _judged(
        self, known: _Known, last: StoredDecision | None, by: str, form: Wanted, now: float
    ) -> _Judged:
        """Check a decision against the review that is shown and the policy."""
        if form.decision not in get_args(Decision):
            raise ComplaintError("Choose what you decide.")
        today = datetime.fromtimestamp(now, UTC).date().isoformat()
        report = _report(known.review)
        finding = _finding(report, form)
        if form.after != str(last.id if last is not None else 0):
            raise ComplaintError("Somebody decided about this meanwhile: look at that first.")
        if form.decision == "withdraw":
            if last is None or last.decision == "withdraw":
                raise Problem(409, "there is no decision to withdraw: open the document again")
        elif finding is None:
            raise Problem(409, _GONE)
        if form.decision in _LETTING_OFF:
            self._check_letting_off(form, by, today)
        said = said_in(finding) if finding is not None else ""
        if not said and last is not None:
            said = last.sentence
        lets_off = form.decision in _LETTING_OFF
        made = NewDecision(
            rule=form.rule,
            fingerprint=form.fingerprint,
            decision=form.decision,  # type: ignore[arg-type]
            reason=form.reason[:REASON_LIMIT],
            approver=by if lets_off else None,
            date=today,
            expires=form.expires or None if lets_off else None,
            by=by,
            sentence=said,
        )
        return _Judged(made, report.sha256 if report is not None else None)

    def _check_letting_off(self, form: Wanted, by: str, today: str) -> None:
        if reason := why_not(self._settings, by):
            raise Problem(403, reason.rstrip("."))
        if not form.reason:
            raise ComplaintError("Give a reason.")
        if len(form.reason) > REASON_LIMIT:
            raise ComplaintError(f"The reason is longer than {REASON_LIMIT:,} characters.")
        if form.expires:
            if not _DAY.fullmatch(form.expires) or not is_day(form.expires):
                raise ComplaintError("Write the day as 2027-05-31.")
            if form.expires < today:
                raise ComplaintError("The day has passed.")

    async def _log(self, row: DocumentRow, judged: _Judged, now: float) -> None:
        """Append to the audit log, if there is one; without its entry nothing is decided."""
        path = self._settings.audit_log
        if path is None:
            return
        made = judged.decision
        body = DecisionBody(
            decision=made.decision,
            document=name_of(row.endpoint, row.external_id, row.locale),
            rule=made.rule,
            fingerprint=made.fingerprint,
            sentence=made.sentence,
            reason=made.reason,
            date=made.date,
            expires=made.expires,
            document_sha256=judged.sha256,
        )
        try:
            await asyncio.to_thread(
                audit_file.record_all,
                path,
                [(body, made.by)],
                now=datetime.fromtimestamp(now, UTC),
                key=self._settings.audit_key,
                patience_seconds=_PATIENCE_SECONDS,
            )
        except UsageError as error:
            self._journal.write("not logged", endpoint=row.endpoint, reason=str(error))
            raise busy(
                "the decision was not recorded, since the audit log cannot be written now"
            ) from None


def _known(store: Store, document_id: int) -> _Known | None:
    row = store.document(document_id)
    if row is None:
        return None
    return _Known(row, store.latest(document_id), store.decisions(document_id))


def _is_same(last: StoredDecision, form: Wanted, by: str) -> bool:
    """Whether this was recorded already: a form that a browser sent twice."""
    return (last.decision, last.reason, last.expires or "", last.by) == (
        form.decision,
        form.reason,
        form.expires if form.decision in _LETTING_OFF else "",
        by,
    )


def _report(review: Review | None) -> DocumentReport | None:
    if review is None:
        return None
    report = msgspec.json.decode(review.report, type=Report)
    return report.documents[0] if report.documents else None


def _finding(report: DocumentReport | None, form: Wanted) -> Finding | None:
    for finding in report.findings if report is not None else ():
        if (finding.rule, finding.fingerprint) == (form.rule, form.fingerprint):
            return finding
    return None
