"""Contractions hold a "not": what packs say of "not approved" holds for "isn't approved"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from claimlint.model.ruleset import Wording


class Contracted(Mapping[str, tuple[Wording, ...]]):
    """The longer wordings of a contraction by their second word: its own, and those of "not".

    "Not" alone is left to the contraction's own rows, since as a cue it has exceptions of its own; but a
    template that is found by it is found.
    """

    def __init__(
        self, own: Mapping[str, tuple[Wording, ...]], behind_not: Mapping[str, tuple[Wording, ...]]
    ) -> None:
        """Take rows by second word."""
        self._own = own
        self._behind_not = behind_not

    def __contains__(self, second: object) -> bool:
        return second in self._own or second in self._behind_not

    def __getitem__(self, second: str) -> tuple[Wording, ...]:
        if second not in self:
            raise KeyError(second)
        rows = self._behind_not.get(second, ())
        if not second:
            rows = tuple(row for row in rows if row.kind == "template")
        both = dict.fromkeys((*self._own.get(second, ()), *rows))
        return tuple(sorted(both, key=_longest_first))

    def __iter__(self) -> Iterator[str]:
        return iter({**self._own, **self._behind_not})

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _longest_first(row: Wording) -> int:
    return -len(row.rest)
