"""Statements against markets: what counts where, for a clinic that is read in several places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from claimlint.model.report import DocumentReport, Finding, Report
from claimlint.model.rule import DOCUMENT_CATEGORIES, SEVERITIES, Severity
from claimlint.reporters import wording
from claimlint.reporters.paint import Painter
from claimlint.reporters.text import problem_line
from claimlint.reporters.visible import cells, one_line, shortened

_WORDS_LIMIT = 120
_HEAD = "STATEMENT"
_GAP = 2
_WIDEST = len("warning")
_ROOMY = 40  # columns that the statements should have before the severities shrink to a letter
_LEAST = 24
_INDENT = "  "
_NOTHING = "-"
_NOT_SET = "."


class Column(NamedTuple):
    """A market, the report of a run for it alone, and the drafts for which it is not configured."""

    market: str
    report: Report
    lacking: frozenset[str] = frozenset()


class _Row(NamedTuple):
    """One statement, or one thing that is said of the whole draft."""

    start: int
    place: str
    words: str
    severities: Mapping[int, Severity]  # by number of the column


class _Layout(NamedTuple):
    statement: int
    widths: tuple[int, ...]
    letters: bool


def render(
    report: Report,
    columns: tuple[Column, ...],
    *,
    colour: bool = False,
    width: int = 100,
    quiet: bool = False,
) -> str:
    """Render a line for each statement and a column for each market, within `width` columns.

    `report` is the whole run's: its problems and totals are told below. A row is longer than one line
    where the terminal is narrow.
    """
    paint = Painter(colour)
    rows = [
        (document.path, row) for document in report.documents for row in _rows(document, columns)
    ]
    lines: list[str] = []
    if rows:
        longest = max(_width(_told(path, row)) for path, row in rows)
        layout = _layout([column.market for column in columns], width, longest)
        heads = [paint(name, "bold") for name in (_HEAD, *(c.market for c in columns))]
        plain = (_HEAD, *(column.market for column in columns))
        lines.append(_joined(heads, plain, layout))
        for path, row in rows:
            lines += _drawn(path, row, columns, layout, paint)
        lines += ["", *_legend(rows, columns, layout)]
    lines += [problem_line(problem, paint) for problem in report.problems]
    if not quiet and (report.documents or report.problems):
        lines.append(paint(wording.summary(report), "bold"))
        lines += filter(None, [wording.choice(report)])
    return "".join(f"{line}\n" for line in lines)


def _rows(document: DocumentReport, columns: tuple[Column, ...]) -> list[_Row]:
    """The rows of a draft in the order of its text."""
    said: list[tuple[Finding, int]] = []
    whole: dict[tuple[int, int, str], list[tuple[Finding, int]]] = {}
    for number, column in enumerate(columns):
        for finding in _findings(column, document.path):
            if finding.category in DOCUMENT_CATEGORIES:
                key = (finding.span.start.offset, finding.span.end.offset, finding.rule)
                whole.setdefault(key, []).append((finding, number))
            else:
                said.append((finding, number))
    rows = [_row(group, f"“{_worst(group).words}”") for group in _grouped(said)]
    rows += [_row(group, _of_the_whole(group[0][0])) for group in whole.values()]
    return sorted(rows, key=lambda row: (row.start, row.place, row.words))


def _findings(column: Column, path: str) -> Iterator[Finding]:
    if path not in column.lacking:
        for document in column.report.documents:
            if document.path == path:
                yield from (one for one in document.findings if one.suppressed is None)


def _grouped(said: list[tuple[Finding, int]]) -> Iterator[list[tuple[Finding, int]]]:
    """Findings whose words overlap are one statement: a market's own rule may flag more of it."""
    group: list[tuple[Finding, int]] = []
    end = -1
    for one in sorted(
        said, key=lambda pair: (pair[0].span.start.offset, pair[0].span.end.offset, pair[1])
    ):
        if group and one[0].span.start.offset >= end:
            yield group
            group = []
        group.append(one)
        end = max(end, one[0].span.end.offset) if len(group) > 1 else one[0].span.end.offset
    if group:
        yield group


def _row(group: list[tuple[Finding, int]], words: str) -> _Row:
    first = min((finding.span.start for finding, _ in group), key=lambda point: point.offset)
    severities: dict[int, Severity] = {}
    for finding, number in group:
        known = severities.get(number, finding.severity)
        severities[number] = max(known, finding.severity, key=SEVERITIES.index)
    place = first.place if first.place is not None else str(first.line)
    return _Row(first.offset, place, words, severities)


def _worst(group: list[tuple[Finding, int]]) -> Finding:
    """The finding that stands for a statement: the most severe, then the longest."""
    return min(
        (finding for finding, _ in group),
        key=lambda f: (-SEVERITIES.index(f.severity), -len(f.words), f.span.start.offset, f.rule),
    )


def _of_the_whole(finding: Finding) -> str:
    return f"{finding.category}: {finding.message}"


def _told(path: str, row: _Row) -> str:
    words = shortened(one_line(row.words), _WORDS_LIMIT)
    return f"{one_line(path)}:{one_line(row.place)} {words}"


def _layout(markets: list[str], width: int, longest: int) -> _Layout:
    """Share the width out; `longest` is that of the longest statement."""
    longest = max(longest, len(_HEAD))
    for least in (_WIDEST, 1):
        widths = tuple(max(len(market), least) for market in markets)
        left = width - sum(widths) - _GAP * len(widths)
        if left >= min(longest, _ROOMY):
            return _Layout(min(left, longest), widths, letters=least == 1)
    return _Layout(max(left, _LEAST), widths, letters=True)


def _drawn(
    path: str, row: _Row, columns: tuple[Column, ...], layout: _Layout, paint: Painter
) -> Iterator[str]:
    lines = list(_wrapped(_told(path, row), layout.statement))
    plain, painted = [lines[0]], [lines[0]]
    for number, column in enumerate(columns):
        severity = row.severities.get(number)
        if severity is None:
            cell = _NOT_SET if path in column.lacking else _NOTHING
            plain.append(cell)
            painted.append(paint(cell, "dim"))
        else:
            cell = severity[0].upper() if layout.letters else severity
            plain.append(cell)
            painted.append(paint(cell, severity))
    yield _joined(painted, plain, layout)
    yield from lines[1:]


def _joined(painted: Iterable[str], plain: Iterable[str], layout: _Layout) -> str:
    """A line of the table; `plain` are the same cells without colour, which take no place."""
    parts = [
        text + " " * (wide - _width(bare))
        for text, bare, wide in zip(painted, plain, (layout.statement, *layout.widths), strict=True)
    ]
    return (" " * _GAP).join(parts).rstrip()


def _legend(
    rows: list[tuple[str, _Row]], columns: tuple[Column, ...], layout: _Layout
) -> Iterator[str]:
    told = ["E error, W warning, N note"] if layout.letters else []
    if any(len(row.severities) < len(columns) for _, row in rows):
        told.append(f"{_NOTHING} nothing counts there")
    if any(path in column.lacking for path, _ in rows for column in columns):
        told.append(f"{_NOT_SET} not a market of this draft")
    if told:
        yield "; ".join(told)
        yield ""


def _wrapped(text: str, width: int) -> Iterator[str]:
    """Divide a text into lines of at most `width` columns, at spaces where there are any."""
    line = ""
    for word in text.split(" "):
        if line and _width(line) + 1 + _width(word) > width:
            yield line
            line = _INDENT
        elif line:
            line += " "
        for sign in word:
            if _width(line) + cells(sign) > width:
                yield line
                line = _INDENT
            line += sign
    yield line


def _width(text: str) -> int:
    return sum(map(cells, text))
