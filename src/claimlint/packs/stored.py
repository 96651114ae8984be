"""The ruleset as it lies in the cache: rows and templates are read when they are first met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import overload

import msgspec

from claimlint.model.rule import Ruleset, Template, Wording

_ROW_DECODER = msgspec.json.Decoder(tuple[Wording, ...])
_TEMPLATE_DECODER = msgspec.json.Decoder(Template)


class LazyRows(Mapping[str, tuple[Wording, ...]]):
    """Rows by first word, decoded on demand: a draft meets a few hundred of the many thousands."""

    def __init__(self, rows: dict[str, msgspec.Raw]) -> None:
        self._rows = rows

    def __getitem__(self, word: str) -> tuple[Wording, ...]:
        return _ROW_DECODER.decode(self._rows[word])

    def __contains__(self, word: object) -> bool:
        return word in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


class LazyTemplates(Sequence[Template]):
    """Templates by number, decoded on demand."""

    def __init__(self, templates: tuple[msgspec.Raw, ...]) -> None:
        self._templates = templates

    @overload
    def __getitem__(self, number: int) -> Template: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Template]: ...
    def __getitem__(self, number: int | slice) -> Template | Sequence[Template]:
        if isinstance(number, slice):
            return LazyTemplates(self._templates[number])
        return _TEMPLATE_DECODER.decode(self._templates[number])

    def __len__(self) -> int:
        return len(self._templates)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


class _Stored(msgspec.Struct, frozen=True, array_like=True):
    ruleset: Ruleset
    templates: tuple[msgspec.Raw, ...]
    rows: dict[str, msgspec.Raw]


def packed(ruleset: Ruleset) -> bytes:
    """Encode a ruleset for the cache."""
    rows = {word: msgspec.Raw(msgspec.json.encode(rows)) for word, rows in ruleset.wordings.items()}
    templates = tuple(msgspec.Raw(msgspec.json.encode(one)) for one in ruleset.templates)
    bare = msgspec.structs.replace(ruleset, wordings={}, templates=())
    return msgspec.json.encode(_Stored(bare, templates, rows))


def unpacked(payload: bytes) -> Ruleset:
    """Decode a cached ruleset; raises msgspec.MsgspecError for other types than ours."""
    stored = msgspec.json.decode(payload, type=_Stored)
    return msgspec.structs.replace(
        stored.ruleset,
        wordings=LazyRows(stored.rows),
        templates=LazyTemplates(stored.templates),
    )
