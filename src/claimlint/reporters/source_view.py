"""The source of a draft, line by line, with the same highlights as the draft."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from claimlint.expressions import compiled
from claimlint.model.text import Source
from claimlint.reporters.highlight import Cut, Mark, divided

_LINE_END = compiled(r"\r\n|\n|\r")


class Line(NamedTuple):
    """A line of the source; `label` names its place where there are no line numbers."""

    label: str
    parts: tuple[tuple[str, Cut], ...]


def lines(source: Source, marks: Sequence[Mark]) -> Iterator[Line]:
    """Divide the source into lines and those at the borders of marks, which are offsets here."""
    text = source.text
    ends = [(found.start(), found.end()) for found in _LINE_END.finditer(text)]
    borders = [border for end in ends for border in end]
    cuts = divided(len(text), marks, borders)
    cut = next(cuts, None)
    label = ""
    begin = 0
    for stop, following in [*ends, (len(text), len(text))]:
        parts = []
        while cut is not None and cut.start < following:
            if cut.start < stop:
                parts.append((text[cut.start : cut.end], cut))
            cut = next(cuts, None)
        place = source.position(begin).place or "" if source.places else ""
        yield Line("" if place == label else place, tuple(parts))
        label, begin = place, following
