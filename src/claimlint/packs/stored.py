"""The ruleset as it lies in the cache: rows and templates are read when they are first met.

Both are short texts, since a draft meets a few hundred of the many thousands. A row is a letter for
its kind, one for its form, its number, `.group` when there is one, and the further words ("an12 of
hope"); two spaces, which no word can hold, divide rows. An entry is a first word, then each second word
and the rows that begin so, divided by `~`, the mark of inflection. The entries of first words that begin
alike stand in one text, since ten thousand texts would take three times as long to decode. (No line ends
or tabs: the escapes that JSON needs for them would double the time of decoding.) A template is
`kind+number.group:anchor` and its elements.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args, overload

import msgspec

from claimlint.model.ruleset import FormName, Ruleset, Template, Wording, WordingKind

# Part of the cache key: raise it when the layout of what is stored changes.
LAYOUT = 9

_MARK = "~"
_ENTRY_MARK = "\x7f"  # before each entry and behind the last
_HEAD_LETTERS = 3
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
    """Rows by first and second word; `texts` are those of first words that begin alike."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts

    def __getitem__(self, word: str) -> Followers:
        found: Followers | None = self.get(word)
        if found is None:
            raise KeyError(word)
        return found

    def get(self, word: str, default: Any = None) -> Any:
        """The rows of a word; most words have none, and an exception for each would be dear."""
        text = self._texts.get(word[:_HEAD_LETTERS], "")
        start = text.find(f"{_ENTRY_MARK}{word}{_MARK}")
        if start < 0:
            return default
        _, *parts = text[start + 1 : text.index(_ENTRY_MARK, start + 1)].split(_MARK)
        return Followers(zip(parts[::2], parts[1::2], strict=True))

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self.get(word) is not None

    def __iter__(self) -> Iterator[str]:
        for text in self._texts.values():
            for entry in text.strip(_ENTRY_MARK).split(_ENTRY_MARK):
                yield entry.partition(_MARK)[0]

    def __len__(self) -> int:
        return sum(text.count(_ENTRY_MARK) - 1 for text in self._texts.values())


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
    ruleset: Ruleset
    templates: tuple[str, ...]
    texts: dict[str, str]


def packed(ruleset: Ruleset) -> bytes:
    """Encode a ruleset for the cache."""
    bare = msgspec.structs.replace(ruleset, wordings={}, templates=())
    texts: dict[str, str] = {}
    for word, rows in ruleset.wordings.items():
        groups = (
            f"{second}{_MARK}{'  '.join(map(_row_text, row))}" for second, row in rows.items()
        )
        text = texts.get(word[:_HEAD_LETTERS], _ENTRY_MARK)
        texts[word[:_HEAD_LETTERS]] = f"{text}{_MARK.join((word, *groups))}{_ENTRY_MARK}"
    return msgspec.json.encode(_Stored(bare, tuple(map(_template_text, ruleset.templates)), texts))


def unpacked(payload: bytes) -> Ruleset:
    """Decode a cached ruleset; raises msgspec.MsgspecError for other types than ours."""
    stored = msgspec.json.decode(payload, type=_Stored)
    rows, templates = LazyRows(stored.texts), LazyTemplates(stored.templates)
    return msgspec.structs.replace(stored.ruleset, wordings=rows, templates=templates)


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
