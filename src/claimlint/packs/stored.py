"""The ruleset as it lies in the cache: rows and templates are read when they are first met.

Both are short texts, since a draft meets a few hundred of the many thousands. A row is a letter for
its kind, one for its form, its number, `.group` when there is one, and the further words ("an12 of
hope"); two spaces, which no word can hold, divide rows. An entry is a first word, then each second word
and the rows that begin so, divided by `~`, the mark of inflection. Entries are not decoded with the rest:
they stand behind it in buckets by the checksum of their first word. A template is
`kind+number.group:anchor` and its elements.

Of rules only what differs from the defaults is stored, and of what is under several of them, their
authorities, one copy: to decode them is half of the reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args, overload
from zlib import crc32

import msgspec

from claimlint.model.rule import Authority
from claimlint.model.ruleset import FormName, Ruleset, Template, Wording, WordingKind

# Part of the cache key: raise it when the layout of what is stored changes.
LAYOUT = 11

_MARK = "~"
_ENTRY_MARK = b"\x7f"  # before and behind each entry
_BUCKETS = 1 << 14  # an entry or two in each
_INDEX_BYTES = 4 * (_BUCKETS + 1)
_NUMBER_BYTES = 8  # of the length of what is decoded at once
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_KINDS: dict[str, WordingKind] = dict(zip(_LETTERS, get_args(WordingKind), strict=False))
_FORMS: dict[str, FormName] = dict(zip(_LETTERS, get_args(FormName), strict=False))
_KIND_LETTERS = {kind: letter for letter, kind in _KINDS.items()}
_FORM_LETTERS = {form: letter for letter, form in _FORMS.items()}


class Followers(dict[str, Any]):
    """Rows by second word: texts, each read when it is first asked for.

    Membership, which is tested at every word of a draft, is that of a plain dictionary.
    """

    def __getitem__(self, second: str) -> tuple[Wording, ...]:
        found = super().__getitem__(second)
        if isinstance(found, str):
            found = tuple(map(_row, found.split("  ")))
            self[second] = found
        return found  # type: ignore[no-any-return]

    def get(self, second: str, default: Any = None) -> Any:
        """The rows behind a second word."""
        return self[second] if second in self else default  # noqa: SIM401  (this is that get)

    def __eq__(self, other: object) -> bool:
        return {second: self[second] for second in self} == other

    __hash__ = None


class LazyRows(Mapping[str, Mapping[str, tuple[Wording, ...]]]):
    """Rows by first and second word, out of the bytes that `_buckets` made."""

    def __init__(self, data: bytes, start: int) -> None:
        """Take the bytes from `start` on."""
        self._data = data
        self._entries = start + _INDEX_BYTES
        self._index = memoryview(data)[start : self._entries].cast("I")

    def __getitem__(self, word: str) -> Followers:
        found: Followers | None = self.get(word)
        if found is None:
            raise KeyError(word)
        return found

    def get(self, word: str, default: Any = None) -> Any:
        """The rows of a word; most words have none, and an exception for each would be dear."""
        key = word.encode("utf-8", "surrogatepass")
        bucket = crc32(key) % _BUCKETS
        first, last = self._index[bucket], self._index[bucket + 1]
        if first == last:
            return default
        start = self._data.find(b"\x7f%b~" % key, self._entries + first, self._entries + last)
        if start < 0:
            return default
        end = self._data.index(_ENTRY_MARK, start + 1)
        _, *parts = self._data[start + 1 : end].decode().split(_MARK)
        return Followers(zip(parts[::2], parts[1::2], strict=True))

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self.get(word) is not None

    def __iter__(self) -> Iterator[str]:
        for entry in self._data[self._entries :].split(_ENTRY_MARK):
            if entry:
                yield entry.decode().partition(_MARK)[0]

    def __len__(self) -> int:
        return self._data.count(_ENTRY_MARK, self._entries) // 2


class LazyTemplates(Sequence[Template]):
    """Templates by number."""

    def __init__(self, templates: tuple[str, ...]) -> None:
        self._templates = templates

    @overload
    def __getitem__(self, number: int) -> Template: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Template]: ...
    def __getitem__(self, number: int | slice) -> Template | Sequence[Template]:
        if isinstance(number, slice):
            return LazyTemplates(self._templates[number])
        return _template(self._templates[number])

    def __len__(self) -> int:
        return len(self._templates)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


class _Stored(msgspec.Struct, frozen=True, array_like=True):
    """`cited` are, for each rule, the numbers of its authorities."""

    ruleset: Ruleset
    templates: tuple[str, ...]
    authorities: tuple[Authority, ...]
    cited: tuple[tuple[int, ...], ...]


def packed(ruleset: Ruleset) -> bytes:
    """Encode a ruleset for the cache."""
    bare = msgspec.structs.replace(ruleset, wordings={}, templates=())
    numbers: dict[Authority, int] = {}
    cited = [
        [numbers.setdefault(one, len(numbers)) for one in rule.authorities] for rule in bare.rules
    ]
    parts = msgspec.to_builtins(bare)
    parts["rules"] = [
        _told(msgspec.structs.replace(rule, authorities=())) for rule in ruleset.rules
    ]
    templates = tuple(map(_template_text, ruleset.templates))
    whole = msgspec.json.encode((parts, templates, tuple(numbers), cited))
    return b"%0*d%b%b" % (_NUMBER_BYTES, len(whole), whole, _buckets(ruleset))


def unpacked(payload: bytes) -> Ruleset:
    """Decode a cached ruleset; raises msgspec.MsgspecError for other types than ours."""
    length = payload[:_NUMBER_BYTES]
    start = _NUMBER_BYTES + int(length) if length.isdigit() else len(payload)
    if len(payload) < start + _INDEX_BYTES:
        raise msgspec.ValidationError("no ruleset of this layout")
    stored = msgspec.json.decode(memoryview(payload)[_NUMBER_BYTES:start], type=_Stored)
    for rule, numbers in zip(stored.ruleset.rules, stored.cited, strict=True):
        cited = tuple([stored.authorities[number] for number in numbers])
        # Just made, and nobody else's yet; to copy each would take as long as all the rest.
        msgspec.structs.force_setattr(rule, "authorities", cited)
    rows, templates = LazyRows(payload, start), LazyTemplates(stored.templates)
    return msgspec.structs.replace(stored.ruleset, wordings=rows, templates=templates)


def _buckets(ruleset: Ruleset) -> bytes:
    """The wordings: where each bucket begins and the last one ends, then their entries."""
    from array import array
    from itertools import accumulate

    buckets = [b""] * _BUCKETS
    for word, rows in ruleset.wordings.items():
        groups = (
            f"{second}{_MARK}{'  '.join(map(_row_text, row))}" for second, row in rows.items()
        )
        key, entry = word.encode(), _MARK.join((word, *groups)).encode()
        buckets[crc32(key) % _BUCKETS] += _ENTRY_MARK + entry + _ENTRY_MARK
    index = array("I", accumulate(map(len, buckets), initial=0))
    return b"".join((index.tobytes(), *buckets))


def _told(value: msgspec.Struct) -> dict[str, Any]:
    """A struct as a mapping, without the fields that stand at their defaults."""
    config = value.__struct_config__
    told: dict[str, Any] = {}
    if config.tag_field is not None:
        told[config.tag_field] = config.tag
    for field in msgspec.structs.fields(value):
        held = getattr(value, field.name)
        if field.default is not msgspec.NODEFAULT and held == field.default:
            continue
        inner = _told(held) if isinstance(held, msgspec.Struct) else msgspec.to_builtins(held)
        told[field.encode_name] = inner
    return told


def _row_text(row: Wording) -> str:
    group = f".{row.group}" if row.group else ""
    code = f"{_KIND_LETTERS[row.kind]}{_FORM_LETTERS[row.form]}{row.number}{group}"
    return " ".join((code, *row.rest))


def _row(text: str) -> Wording:
    code, *rest = text.split(" ")
    number, _, group = code[2:].partition(".")
    return Wording(tuple(rest), _KINDS[code[0]], int(number), int(group or 0), _FORMS[code[1]])


def _template_text(template: Template) -> str:
    elements, anchor, kind, number, group = template
    return " ".join((f"{_KIND_LETTERS[kind]}{number}.{group}:{anchor}", *elements))


def _template(text: str) -> Template:
    code, *elements = text.split(" ")
    numbers, _, anchor = code[1:].partition(":")
    number, _, group = numbers.partition(".")
    return Template(tuple(elements), int(anchor), _KINDS[code[0]], int(number), int(group))
