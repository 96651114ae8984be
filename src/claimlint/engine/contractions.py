"""Contractions hold a "not": "is not approved" and "not approved" stand in "isn't approved" too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from claimlint.model.ruleset import Wording

# Each contraction with the word that it holds beside the "not"; many write them without the apostrophe.
_FULL = {
    "ain't": "is", "aren't": "are", "can't": "can", "couldn't": "could", "didn't": "did",
    "doesn't": "does", "don't": "do", "hadn't": "had", "hasn't": "has", "haven't": "have",
    "isn't": "is", "mightn't": "might", "mustn't": "must", "needn't": "need", "shouldn't": "should",
    "wasn't": "was", "weren't": "were", "won't": "will", "wouldn't": "would",
}  # fmt: skip
NEGATED = _FULL | {word.replace("'", ""): held for word, held in _FULL.items()} | {"cannot": "can"}


class Contracted(Mapping[str, tuple[Wording, ...]]):
    """The wordings of several words that begin with a contraction, by their second word.

    These are its `own`, those `behind_not` ("not approved") without their first word, and of the `whole`
    ones ("is not approved") those without their first two.
    """

    def __init__(
        self,
        own: Mapping[str, tuple[Wording, ...]],
        behind_not: Mapping[str, tuple[Wording, ...]],
        whole: tuple[Wording, ...],
    ) -> None:
        """Take rows by second word, and the rows of the word that the contraction holds."""
        self._own = own
        self._behind_not = behind_not
        self._whole: dict[str, list[Wording]] = {}
        for row in whole:
            rest = row.rest[1:]
            short = msgspec.structs.replace(row, rest=rest)
            self._whole.setdefault(rest[0] if rest else "", []).append(short)

    def __contains__(self, second: object) -> bool:
        return second in self._own or second in self._behind_not or second in self._whole

    def __getitem__(self, second: str) -> tuple[Wording, ...]:
        if second not in self:
            raise KeyError(second)
        # "Not" alone is left to the contraction's own rows: as a cue it has exceptions of its own.
        behind = self._behind_not.get(second, ()) if second else ()
        rows = (*self._own.get(second, ()), *behind, *self._whole.get(second, ()))
        return tuple(sorted(dict.fromkeys(rows), key=_longest_first))

    def __iter__(self) -> Iterator[str]:
        return iter({**self._own, **self._behind_not, **self._whole})

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _longest_first(row: Wording) -> int:
    return -len(row.rest)
