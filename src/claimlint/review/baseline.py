"""The baseline of a project: the findings of a day, accepted so that only new ones fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from typing import Literal

import msgspec

from claimlint.errors import DefinitionError, Fault, Mark
from claimlint.model.report import DocumentReport, Finding

SIZE_LIMIT_BYTES = 64 << 20
_REMEDY = "write it again with claimlint baseline, or delete it"


class Known(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A finding by rule and fingerprint, and how often it stands in the document."""

    rule: str
    fingerprint: str
    count: int = 1


class Baseline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was found in each document, known by its path relative to the configuration."""

    version: Literal[1] = 1
    documents: dict[str, tuple[Known, ...]] = {}


def parse(data: bytes, path: str) -> Baseline:
    """Read the file; raises DefinitionError."""
    try:
        return msgspec.json.decode(data, type=Baseline)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        message = f"is no baseline of this version ({error}): {_REMEDY}"
        raise DefinitionError((Fault(Mark(path), message),)) from None


def taken(before: Baseline, checked: Mapping[str, DocumentReport], *, prune: bool) -> Baseline:
    """The baseline of what is open in the documents just checked, by name; others stay as they were.

    What waivers or comments let off is no part of it. With `prune` nothing is added: only what is gone
    from those documents is taken out.
    """
    documents = dict(before.documents)
    for name, report in checked.items():
        counted = Counter(
            (one.rule, one.fingerprint)
            for one in report.findings
            if one.suppressed is None or one.suppressed.by == "baseline"
        )
        if prune:
            known = _counted(before.documents.get(name, ()))
            counted = Counter({key: min(counted[key], known[key]) for key in known})
        entries = tuple(Known(*key, number) for key, number in sorted(counted.items()) if number)
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
        self._left = _counted(known)

    def take(self, finding: Finding) -> bool:
        """Tell whether this one was known, and use that up."""
        key = finding.rule, finding.fingerprint
        if self._left[key] < 1:
            return False
        self._left[key] -= 1
        return True

    def unused(self, rules: Set[str]) -> int:
        """How many known findings of some rules are there no more."""
        return sum(number for (rule, _), number in self._left.items() if rule in rules)


def _counted(known: Iterable[Known]) -> Counter[tuple[str, str]]:
    counted: Counter[tuple[str, str]] = Counter()
    for one in known:
        counted[one.rule, one.fingerprint] += max(one.count, 0)
    return counted
