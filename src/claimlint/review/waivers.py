"""The waivers of a project: findings that people have let off, each with its reason and approver."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from claimlint.errors import DefinitionError, Fault, Mark
from claimlint.globs import matches
from claimlint.model import fingerprint
from claimlint.model.rule import RuleId, Text
from claimlint.model.text import is_utf8

ANY_DOCUMENT = "any"
SIZE_LIMIT_BYTES = 4 << 20
SENTENCE_LIMIT = 2_000  # code points; a longer sentence is kept up to there, with a mark at its end
_CUT = "…"
_GLOB_SIGNS = frozenset("*?[")
_SIGN = re.compile(r"[*?\[]")
_ESCAPED = re.compile(r"\[([*?\[])\]")
_CLASS = re.compile(r"\[!?\]?[^\]]*\]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ENTRY = re.compile(r"( *)- ")

Kind = Literal["waiver", "false_alarm"]
Fingerprint = Annotated[
    str, Meta(pattern=r"^[0-9a-f]{16}$", description="a fingerprint: 16 hexadecimal digits")
]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d$", description="a day such as 2026-11-20")]


class Waiver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One finding that was let off.

    `sentence` and `words` are those of the finding, both empty for one about a whole document.
    `document` is a path relative to the configuration, a name that a CMS gives, a pattern such as
    `blog/*.md`, or `any`; `[*]`, `[?]` and `[[]` stand for signs of a name. `expires` is the last day
    on which it counts.
    """

    rule: RuleId
    fingerprint: Fingerprint
    document: Text
    sentence: str = ""
    words: str = ""
    kind: Kind = "waiver"
    reason: Text
    approver: Text
    date: Day
    expires: Day | None = None

    def covers(self, name: str) -> bool:
        """Tell whether this is for the document of that name."""
        if self.document in (ANY_DOCUMENT, name):
            return True
        own = self.name
        if own is not None:
            return own == name
        return not name.startswith("../") and matches(self.document, name)

    def is_for(self, name: str) -> bool:
        """Tell whether this names that document, and no other."""
        return name in (self.document, self.name)

    @property
    def name(self) -> str | None:
        """The one document that is meant; None for a pattern or `any`."""
        if _GLOB_SIGNS.isdisjoint(self.document):
            return None if self.document == ANY_DOCUMENT else self.document
        if _SIGN.search(_ESCAPED.sub("", self.document)):
            return None
        return _ESCAPED.sub(r"\1", self.document)

    @property
    def is_pattern(self) -> bool:
        """Whether `document` is a pattern of names."""
        return self.name is None and self.document != ANY_DOCUMENT

    @property
    def key(self) -> tuple[str, str, str]:
        """What there is one of in a file."""
        return self.rule, self.fingerprint, self.document


class Placed(msgspec.Struct, frozen=True):
    """A waiver and the line on which it begins (from 1).

    One that stands in no file of the project has line 0 and says in `path` where it is kept.
    """

    waiver: Waiver
    line: int
    path: str = ""


class WaiversFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file as it is written."""

    waivers: tuple[Waiver, ...] = ()


def schema() -> dict[str, Any]:
    """Make the JSON Schema of the file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:claimlint:schema:waivers:1",
        "title": "claimlint waivers",
        **msgspec.json.schema(WaiversFile),
    }


def parse(data: bytes, path: str) -> tuple[Placed, ...]:
    """Read the file; raises DefinitionError with all mistakes."""
    from claimlint.marked_yaml import Faults, load

    faults = Faults()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        fault = Fault(Mark(path, 1, 1), "not UTF-8 text: save the file as UTF-8")
        raise DefinitionError((fault,)) from None
    loaded = load(text, path, WaiversFile, size_limit_bytes=SIZE_LIMIT_BYTES)
    seen: dict[tuple[str, str, str], int] = {}
    placed = []
    for number, waiver in enumerate(loaded.value.waivers):
        for key, message in mistakes(waiver):
            faults.add(loaded.marks.at("waivers", number, key), message)
        mark = loaded.marks.at("waivers", number)
        if waiver.key in seen:
            faults.add(mark, f"this finding is already waived in line {seen[waiver.key]}")
        seen.setdefault(waiver.key, mark.line)
        placed.append(Placed(waiver, mark.line))
    faults.check()
    return tuple(placed)


def mistakes(waiver: Waiver) -> list[tuple[str, str]]:
    """What is wrong with a waiver whose parts are all of the right form: (key, message)."""
    found = []
    for key in ("document", "reason", "approver"):
        text = getattr(waiver, key)
        if not text.strip():
            found.append((key, "the text is empty"))
        elif not is_utf8(text):
            found.append((key, "is not UTF-8 text; rename the draft, or name it with a pattern"))
    if waiver.document.startswith("./"):
        found.append(("document", "paths are relative to the configuration: write it without ./"))
    for key, day in (("date", waiver.date), ("expires", waiver.expires)):
        if day is not None and not is_day(day):
            found.append((key, f'"{day}" is not a day of the calendar'))
    if waiver.expires is not None and waiver.expires < waiver.date:
        found.append(("expires", "expires before the day on which it was given"))
    if waiver.is_pattern and _fits_too_many(waiver.document):
        message = (
            "fits too many documents: name a folder or the beginning of their names, "
            f'or write "{ANY_DOCUMENT}" if all are meant'
        )
        found.append(("document", message))
    if not _is_own(waiver):
        message = (
            "does not belong to this rule and sentence, so that nobody could tell what was waived; "
            "waive the finding again with claimlint decide"
        )
        found.append(("fingerprint", message))
    return found


def is_day(text: str) -> bool:
    """Tell whether a text is a day of the calendar, written as 2026-11-20."""
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def escaped(name: str) -> str:
    """A document's own name as `document` says it: signs of patterns stand for themselves."""
    return _SIGN.sub(r"[\g<0>]", name)


def _fits_too_many(pattern: str) -> bool:
    """Whether a pattern names neither a folder nor a file: nothing but an ending, or letters anywhere."""
    folders, _, name = _CLASS.sub("?", pattern).replace("\\", "/").strip("/").rpartition("/")
    stem, dot, _ = name.rpartition(".")
    named = re.search(r"\w", stem) if dot else re.match(r"\w", name)
    return not named and not re.search(r"\w", folders)


def _is_own(waiver: Waiver) -> bool:
    """Whether its fingerprint can be that of its own words; those that were cut do not tell."""
    if waiver.sentence.endswith(_CUT) or waiver.words.endswith(_CUT):
        return True
    if waiver.sentence:
        own = fingerprint.all_of_statement(waiver.rule, waiver.sentence, waiver.words)
        return waiver.fingerprint in own
    if waiver.name is None:
        return True
    return waiver.fingerprint == fingerprint.of_document(waiver.rule, waiver.name)


def shortened(text: str) -> str:
    """A sentence as the file keeps it."""
    return text if len(text) <= SENTENCE_LIMIT else text[: SENTENCE_LIMIT - 1] + _CUT


def added(data: bytes, path: str, new: Sequence[Waiver]) -> bytes:
    """The file's bytes with some waivers added; one for the same finding and document is replaced.

    What people wrote beside other waivers stays as it is, where the file has an entry on lines of its
    own. Raises DefinitionError for a file that is wrong already, or would be.
    """
    placed = parse(data, path)
    replaced = {waiver.key for waiver in new}
    kept = [one.waiver for one in placed if one.waiver.key not in replaced]
    wanted = (*kept, *new)
    spliced = _spliced(data.decode("utf-8-sig"), placed, new) if placed else None
    if spliced is not None and _reads_as(wanted, spliced.encode(), path):
        return spliced.encode()
    made = (_HEAD + "waivers:\n" + _entries(wanted, "  ")).encode()
    parse(made, path)
    return made


def _reads_as(wanted: tuple[Waiver, ...], data: bytes, path: str) -> bool:
    """Whether a file has these waivers and no mistake: what stands behind `...` is no part of it."""
    try:
        return tuple(one.waiver for one in parse(data, path)) == wanted
    except DefinitionError:
        return False


def _spliced(text: str, placed: Sequence[Placed], new: Sequence[Waiver]) -> str | None:
    """The text with the lines of replaced entries taken out and new entries at its end."""
    lines = text.split("\n")
    begins = [_ENTRY.match(lines[one.line - 1]) for one in placed]
    if not begins[0] or not all(begins):
        return None
    replaced = {waiver.key for waiver in new}
    for number in reversed(range(len(placed))):
        if placed[number].waiver.key in replaced:
            first = placed[number].line - 1
            last = placed[number + 1].line - 1 if number + 1 < len(placed) else len(lines)
            while last > first + 1 and _is_beside(lines[last - 1]):
                last -= 1  # what stands before the next entry belongs to that
            del lines[first:last]
    return "\n".join(lines).rstrip() + "\n" + _entries(new, begins[0][1])


_HEAD = """\
# Findings that people have let off. Written by `claimlint decide`; read by every check.
# An entry counts for its own sentence only: an edited sentence is raised again.
"""


def _is_beside(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _entries(waivers: Sequence[Waiver], indent: str) -> str:
    return "".join(_entry(waiver, indent) for waiver in waivers)


def _entry(waiver: Waiver, indent: str) -> str:
    from claimlint.marked_yaml import quoted

    fields = msgspec.to_builtins(waiver)
    lines = [f"{key}: {quoted(value)}" for key, value in fields.items() if value not in (None, "")]
    return f"{indent}- " + f"\n{indent}  ".join(lines) + "\n"
