"""Decisions that a person made in the review page, exported as a file, and what they come to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import Meta

from claimlint.errors import DefinitionError, Fault, Mark
from claimlint.marked_yaml import Faults, load, shorten
from claimlint.marked_yaml.nodes import Marks
from claimlint.model.report import DocumentReport, Finding
from claimlint.model.rule import DOCUMENT_CATEGORIES, RuleId, Text
from claimlint.review.approval import is_approved
from claimlint.review.waivers import Day, Fingerprint, Kind, Waiver, is_day, shortened

VERSION = 1
SIZE_LIMIT_BYTES = 4 << 20
_KINDS: dict[str, Kind] = {"waive": "waiver", "false_alarm": "false_alarm"}
_AGAIN = "make a new report and decide there"


class Decision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person decided about one finding; `accept` means that the text will be changed."""

    decision: Literal["accept", "waive", "false_alarm"]
    rule: RuleId
    fingerprint: Fingerprint
    sentence: str = ""
    reason: str = ""
    by: str = ""
    date: Day
    expires: Day | None = None


class DecidedDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The decisions about one draft, and the digest of the draft that was reviewed."""

    path: Text
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$", description="a SHA-256 digest")]
    decisions: tuple[Decision, ...] = ()


class DecisionsFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file as the review page exports it."""

    claimlint_decisions: int
    tool: str = ""
    ruleset: str = ""
    documents: tuple[DecidedDocument, ...] = ()


class Decisions(NamedTuple):
    """A file of decisions and the places of its parts."""

    file: DecisionsFile
    marks: Marks
    path: str


class Outcome(NamedTuple):
    """What some decisions come to; `to_fix` of them suppress nothing."""

    waivers: tuple[Waiver, ...]
    to_fix: int


def parse(data: bytes, path: str) -> Decisions:
    """Read a file of decisions; raises DefinitionError with all mistakes."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        fault = Fault(Mark(path, 1, 1), "not UTF-8 text, so no file that a review page exported")
        raise DefinitionError((fault,)) from None
    loaded = load(text, path, DecisionsFile, size_limit_bytes=SIZE_LIMIT_BYTES)
    file, marks = loaded.value, loaded.marks
    faults = Faults()
    if file.claimlint_decisions != VERSION:
        message = (
            f"was exported by another version of claimlint (form {file.claimlint_decisions}): "
        )
        faults.add(marks.at("claimlint_decisions"), message + _AGAIN)
    for at, document in enumerate(file.documents):
        for number, decision in enumerate(document.decisions):
            for key, message in _mistakes(decision):
                faults.add(marks.at("documents", at, "decisions", number, key), message)
    faults.check()
    return Decisions(file, marks, path)


def _mistakes(decision: Decision) -> list[tuple[str, str]]:
    found = []
    for key, day in (("date", decision.date), ("expires", decision.expires)):
        if day is not None and not is_day(day):
            found.append((key, f'"{shorten(day)}" is not a day of the calendar'))
    if decision.expires is not None and decision.expires < decision.date:
        found.append(("expires", "expires before the day of the decision"))
    if decision.decision != "accept":
        if not decision.reason.strip():
            found.append(("reason", "gives no reason, which letting a finding off requires"))
        if not decision.by.strip():
            found.append(("by", "names nobody who let the finding off"))
    return found


def outcome(
    decisions: Decisions,
    reports: Mapping[str, DocumentReport],
    names: Mapping[str, str],
    *,
    approvers: Collection[str] = (),
    allow_changed: bool = False,
) -> Outcome:
    """Turn decisions into waivers, all or none.

    `reports` are of the drafts as they are now and `names` are what waivers know them by, both by the
    path in the file. Each draft must be the one that was reviewed, unless `allow_changed`; then each
    decided sentence must still be there. With `approvers` only these let findings off. Raises
    DefinitionError with all that does not fit.
    """
    faults = Faults()
    waivers: list[Waiver] = []
    to_fix = 0
    for at, document in enumerate(decisions.file.documents):
        mark = decisions.marks.at("documents", at, "path")
        report = reports.get(document.path)
        if report is None:
            faults.add(mark, f"{document.path} is no draft that could be read here")
        elif report.sha256 != document.sha256 and not allow_changed:
            message = (
                f"{document.path} is not the version that was reviewed: {_AGAIN}, or take over "
            )
            faults.add(mark, message + "what still fits with --allow-changed")
        else:
            for number, decision in enumerate(document.decisions):
                place = partial(decisions.marks.at, "documents", at, "decisions", number)
                finding = _found(decision, report)
                if finding is None:
                    faults.add(place("fingerprint"), _unknown(decision, report))
                elif decision.decision == "accept":
                    to_fix += 1
                else:
                    made = _waiver(decision, finding, names[document.path])
                    if not is_approved(made.approver, approvers):
                        message = f"{made.approver} is none of the approvers of the configuration"
                        faults.add(place("by"), message)
                    waivers.append(made)
    faults.check()
    return Outcome(tuple({waiver.key: waiver for waiver in waivers}.values()), to_fix)


def _found(decision: Decision, report: DocumentReport) -> Finding | None:
    """The finding that was decided about, if the draft has it in those words."""
    wanted = _flat(decision.sentence).casefold()
    for finding in report.findings:
        if (finding.rule, finding.fingerprint) == (decision.rule, decision.fingerprint):
            said = finding.sentence.text if finding.sentence is not None else ""
            if wanted in ("", _flat(said).casefold()):
                return finding
    return None


def _flat(text: str) -> str:
    return " ".join(text.split())


def _unknown(decision: Decision, report: DocumentReport) -> str:
    known = any(finding.fingerprint == decision.fingerprint for finding in report.findings)
    if known:
        return (
            f"{report.path} has a finding of this fingerprint, but of another rule or sentence: "
            f"the file was edited; {_AGAIN}"
        )
    return f"{report.path} has no such finding of {decision.rule}: {_AGAIN}"


def said_in(finding: Finding) -> str:
    """The sentence that a waiver of a finding is bound to; empty when it is the whole document."""
    if finding.category in DOCUMENT_CATEGORIES or finding.sentence is None:
        return ""
    return finding.sentence.text


def waiver(
    finding: Finding,
    document: str,
    kind: Kind,
    *,
    reason: str,
    approver: str,
    day: str,
    expires: str | None = None,
) -> Waiver:
    """Make the waiver of a finding in the documents of that name or pattern."""
    sentence = said_in(finding)
    return Waiver(
        rule=finding.rule,
        fingerprint=finding.fingerprint,
        document=document,
        sentence=shortened(sentence),
        words=shortened(finding.words) if sentence else "",
        kind=kind,
        reason=_flat(reason),
        approver=_flat(approver),
        date=day,
        expires=expires,
    )


def _waiver(decision: Decision, finding: Finding, name: str) -> Waiver:
    return waiver(
        finding,
        name,
        _KINDS[decision.decision],
        reason=decision.reason,
        approver=decision.by,
        day=decision.date,
        expires=decision.expires,
    )
