"""The baseline of a project: the findings of a day, accepted so that only new ones fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from typing import Literal

import msgspec

from claimlint.errors import DefinitionError, Fault, Mark
from claimlint.model.report import DocumentReport, Finding

SIZE_LIMIT_BYTES = 64 << 20
_REMEDY = "delete it, and write it again with claimlint baseline"


class Known(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A finding by rule and fingerprint, how often it stands in the document, and who accepted that."""

    rule: str
    fingerprint: str
    count: int = 1
    approver: str = ""


class Baseline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was found in each document, known by its path relative to the configuration."""

    version: Literal[1] = 1
    documents: dict[str, tuple[Known, ...]] = {}

    @property
    def count(self) -> int:
        """How many findings are accepted."""
        return sum(one.count for known in self.documents.values() for one in known)


def parse(data: bytes, path: str) -> Baseline:
    """Read the file; raises DefinitionError."""
    try:
        return msgspec.json.decode(data, type=Baseline)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        message = f"is no baseline of this version ({error}): {_REMEDY}"
        raise DefinitionError((Fault(Mark(path), message),)) from None


def taken(
    before: Baseline,
    checked: Mapping[str, DocumentReport],
    *,
    prune: bool,
    approver: str = "",
    gone: Iterable[str] = (),
) -> Baseline:
    """The baseline of what is open in the documents just checked, by name; others stay as they were.

    What waivers or comments let off is no part of it. With `prune` nothing is added: only what is gone
    from those documents is taken out, and what stays has the approver that it had. Documents that are
    `gone` are taken out whole.
    """
    documents = dict(before.documents)
    for name in gone:
        documents.pop(name, None)
    for name, report in checked.items():
        known = _summed(before.documents.get(name, ()))
        counted = Counter(
            (one.rule, one.fingerprint)
            for one in report.findings
            if one.suppressed is None or one.suppressed.by == "baseline"
        )
        if prune:
            counted = Counter({key: min(counted[key], one.count) for key, one in known.items()})
        entries = tuple(
            Known(*key, number, approver or _approver_of(known.get(key), number))
            for key, number in sorted(counted.items())
            if number
        )
        documents.pop(name, None)
        if entries:
            documents[name] = entries
    return Baseline(documents=dict(sorted(documents.items())))


def render(baseline: Baseline) -> bytes:
    """The file's bytes: one finding a line, so that changes of it can be read."""
    documents = [
        b"%b: [\n  %b\n ]"
        % (msgspec.json.encode(name), b",\n  ".join(map(msgspec.json.encode, known)))
        for name, known in baseline.documents.items()
    ]
    inside = b"\n " + b",\n ".join(documents) + b"\n" if documents else b""
    return b'{"version": %d, "documents": {%b}}\n' % (baseline.version, inside)


class Allowance:
    """Lets off the findings of one document, each as often as it was known."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._known = _summed(known)
        self._left = Counter({key: one.count for key, one in self._known.items()})

    def take(self, finding: Finding) -> Known | None:
        """What this one is known as, which is used up by that."""
        key = finding.rule, finding.fingerprint
        if self._left[key] < 1:
            return None
        self._left[key] -= 1
        return self._known[key]

    def unused(self, rules: Set[str]) -> int:
        """How many known findings of some rules are there no more."""
        return sum(number for (rule, _), number in self._left.items() if rule in rules)


def _summed(known: Iterable[Known]) -> dict[tuple[str, str], Known]:
    """One entry for each finding; of several the approver counts only if it is the same."""
    summed: dict[tuple[str, str], Known] = {}
    for one in known:
        key = one.rule, one.fingerprint
        so_far = summed.get(key, Known(*key, 0, one.approver))
        approver = one.approver if one.approver == so_far.approver else ""
        summed[key] = Known(*key, so_far.count + max(one.count, 0), approver)
    return summed


def _approver_of(known: Known | None, number: int) -> str:
    """Who accepted a finding already, if as often as it stands there now."""
    return known.approver if known is not None and number <= known.count else ""
