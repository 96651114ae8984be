"""Draw the source around flagged words with the words underlined, also over several lines."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import msgspec

from claimlint.expressions import compiled
from claimlint.model.report import Excerpt
from claimlint.reporters.visible import TAB_CELLS, cells, visible

_LINE_END = compiled(r"\r\n|\n|\r")
_LEAD_CELLS = 32  # context kept before the flagged words of a long line


class Row(NamedTuple):
    """A row of an excerpt: the line it shows (None: goes on), text and underline."""

    line: int | None
    text: str
    underline: str


class _Cell(msgspec.Struct, frozen=True):
    text: str
    width: int
    flagged: bool


def rows(excerpt: Excerpt, width: int, sign: str) -> list[Row]:
    """Lay out an excerpt in rows of at most `width` columns; flagged words stand over `sign`.

    Lines without flagged words and the far context of long lines are left out.
    """
    if excerpt.start >= excerpt.end:
        return []
    drawn: list[Row] = []
    begin, line = 0, excerpt.line
    for found in [*_LINE_END.finditer(excerpt.text), None]:
        stop = found.start() if found else len(excerpt.text)
        row_cells = _cells(excerpt.text[begin:stop], excerpt.start - begin, excerpt.end - begin)
        if any(cell.flagged for cell in row_cells):
            for number, part in enumerate(_wrapped(_window(row_cells, width), width)):
                drawn.append(_row(line if number == 0 else None, part, sign))
        if found is None:
            break
        begin, line = found.end(), line + 1
    return drawn


def _cells(text: str, start: int, end: int) -> list[_Cell]:
    """Divide a line into cells; white space at the edges of the flagged words is not underlined."""
    start, end = max(start, 0), max(end, 0)
    return [
        *[_cell(character, False) for character in text[:start]],
        *[_cell(character, True) for character in text[start:end]],
        *[_cell(character, False) for character in text[max(start, end) :]],
    ]


@lru_cache(4096)  # an alphabet has few characters, and a page has thousands of cells
def _cell(character: str, flagged: bool) -> _Cell:
    shown = visible(character)
    width = len(shown) if len(shown) > 1 else cells(character)
    return _Cell(" " * TAB_CELLS if character == "\t" else shown, width, flagged)


def _window(line: list[_Cell], width: int) -> list[_Cell]:
    """Cut the context of a line that is too long: the flagged cells and what fits around them."""
    if sum(cell.width for cell in line) <= width:
        return line
    flagged = [number for number, cell in enumerate(line) if cell.flagged]
    first, last = flagged[0], flagged[-1]
    words = sum(cell.width for cell in line[first : last + 1])
    spare = max(width - words - 4, 0)
    begin = _reach(line, first, min(_LEAD_CELLS, max(spare // 2, 8)), -1)
    before = sum(cell.width for cell in line[begin:first])
    end = _reach(line, last + 1, max(spare - before, 8), +1)
    shown = line[begin:end]
    if begin > 0:
        shown = [_Cell("… ", 2, False), *shown]
    if end < len(line):
        shown = [*shown, _Cell(" …", 2, False)]
    return shown


def _reach(line: list[_Cell], edge: int, budget: int, step: int) -> int:
    """Go from an edge for at most `budget` columns, then back to the nearest word border, if any."""
    at = border = edge
    while at > 0 if step < 0 else at < len(line):
        cell = line[at - 1] if step < 0 else line[at]
        if cell.width > budget:
            return at if border == edge else border
        budget -= cell.width
        if cell.text.isspace():
            border = at
        at += step
    return at


def _wrapped(line: list[_Cell], width: int) -> list[list[_Cell]]:
    """Break a line that is still too long at its spaces, or inside a word that leaves no choice."""
    parts: list[list[_Cell]] = []
    row: list[_Cell] = []
    taken = 0
    for cell in line:
        if taken + cell.width > width and row:
            border = next(
                (n for n in range(len(row), 0, -1) if row[n - 1].text.isspace()), len(row)
            )
            parts.append(row[:border])
            row = row[border:]
            taken = sum(kept.width for kept in row)
        row.append(cell)
        taken += cell.width
    return [*parts, row]


def _row(line: int | None, part: list[_Cell], sign: str) -> Row:
    text = "".join(cell.text for cell in part).rstrip()
    flagged = [cell.flagged and not _edge_space(part, n) for n, cell in enumerate(part)]
    under = "".join(
        (sign if mark else " ") * cell.width for cell, mark in zip(part, flagged, strict=True)
    )
    return Row(line, text, under.rstrip())


def _edge_space(part: list[_Cell], number: int) -> bool:
    """Whether a cell is white space at the row's or the flagged words' edge."""
    if not part[number].text.isspace():
        return False
    before = any(cell.flagged and not cell.text.isspace() for cell in part[:number])
    after = any(cell.flagged and not cell.text.isspace() for cell in part[number + 1 :])
    return not (before and after)
