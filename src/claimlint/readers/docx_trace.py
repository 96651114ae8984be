"""Read a .docx file and remember which element of its main part every character came from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from claimlint.model.text import Source
from claimlint.readers.docx import Reading
from claimlint.readers.docx_assembly import Assembler, settled
from claimlint.readers.docx_lines import Break, Held, Line, Nested, Op, Reference
from claimlint.readers.docx_package import Attributes, Limits, Package
from claimlint.readers.docx_story import StoryEvents


class Origin(NamedTuple):
    """An element of the main part, by number; `box` is the outermost text box around it (0: none).

    `shown` is false where the words are not text of the page but describe what stands there.
    """

    element: int
    box: int
    shown: bool = True


class Stretch(NamedTuple):
    """Characters of the linear text, the element they are from (None: not of the body), the line.

    `index` is where they begin in the element's text.
    """

    start: int
    end: int
    origin: Origin | None
    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody needs here
    line: Line


class _Placed(str):
    __slots__ = ("origin",)
    origin: Origin


class _PlacedBreak(Break):
    origin: Origin


def _placed(text: str, origin: Origin) -> _Placed:
    placed = _Placed(text)
    placed.origin = origin
    return placed


class _TracedStory(StoryEvents):
    """Reads the body and marks its text with the numbers of the elements that hold it."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.marks: dict[str, Origin] = {}
        self.first_paragraph = 0
        self._count = 0
        self._open: list[int] = []
        self._boxes = [0]

    def start(self, tag: str, attributes: Attributes) -> None:
        self._count += 1
        self._open.append(self._count)
        super().start(tag, attributes)

    def end(self, tag: str) -> None:
        super().end(tag)
        self._open.pop()

    def _here(self, *, shown: bool = True) -> Origin:
        return Origin(self._open[-1], self._boxes[-1], shown)

    def _write(self, op: Op) -> None:
        if isinstance(op, str):
            op = _placed(op, self._here())
        elif isinstance(op, Held):
            op = Held(op.field, _placed(op.text, self._here()))
        elif isinstance(op, Break):
            op = _PlacedBreak()
            op.origin = self._here()
        elif isinstance(op, Reference):
            self.marks.setdefault(op.label, self._here())
        super()._write(op)

    def _describe(self, words: str | None, *, hidden: bool) -> None:
        super()._describe(words, hidden=hidden)
        if self._paragraphs:
            self._trace(self._paragraphs[-1].after[-1:])

    def _bring(self, lines: Iterable[Nested]) -> None:
        lines = list(lines)
        self._trace(lines)
        super()._bring(lines)

    def _trace(self, lines: list[Nested]) -> None:
        """Place the text of pictures and drawings, which comes from attributes and other parts."""
        for line in lines:
            if isinstance(line, Line) and line.ops and type(line.ops[0]) is str:
                line.ops[:] = [_placed(line.ops[0], self._here(shown=False))]

    def _start_paragraph(self, attributes: Attributes) -> None:
        if not self.first_paragraph and not self._boxes[-1]:
            self.first_paragraph = self._open[-1]
        super()._start_paragraph(attributes)

    def _start_box(self, attributes: Attributes) -> None:
        self._boxes.append(self._boxes[-1] or self._open[-1])
        super()._start_box(attributes)

    def _end_box(self) -> None:
        super()._end_box()
        self._boxes.pop()


class Trace(NamedTuple):
    """A file's linear text and where it came from.

    `marks` are the reference marks of notes in the body by their labels; `first_paragraph` is the
    number of the body's first paragraph element, or 0. `pieces` are sorted and do not overlap.
    """

    source: Source
    main_part: str
    marks: dict[str, Origin]
    first_paragraph: int
    pieces: list[Stretch]

    def stretches(self, start: int, end: int) -> Iterator[Stretch]:
        """List the pieces of the text from `start` to `end`, cut to that range."""
        number = bisect_right(self.pieces, start, key=lambda piece: piece.end)
        while number < len(self.pieces) and self.pieces[number].start < end:
            piece = self.pieces[number]
            begin = max(piece.start, start)
            index = piece.index + begin - piece.start
            yield piece._replace(start=begin, end=min(piece.end, end), index=index)
            number += 1

    def first_line(self) -> tuple[int, int] | None:
        """Give the range of the body's first line of content outside of text boxes."""
        for _, group in groupby(self.pieces, key=lambda piece: id(piece.line)):
            pieces = list(group)
            if pieces[0].line.zone == "content" and all(map(is_on_page, pieces)):
                return pieces[0].start, pieces[-1].end
        return None


def traced(data: bytes, limits: Limits) -> Trace:
    """Read a file as `read_docx` does; raises what that raises."""
    stories: list[_TracedStory] = []

    def body_story(**given: Any) -> _TracedStory:
        stories.append(_TracedStory(**given))
        return stories[-1]

    reading = Reading(Package(data, limits), body_story)
    lines, _ = reading.read()
    assembler = Assembler()
    assembler.add(lines)
    source = Source(name="", text=assembler.text(), sha256="", places=tuple(assembler.places))
    pieces = [piece for at, line in assembler.written for piece in _stretches(at, line)]
    (story,) = stories
    return Trace(source, reading.main_part, story.marks, story.first_paragraph, pieces)


def is_on_page(piece: Stretch) -> bool:
    """Say whether words are text of the body itself, outside of text boxes."""
    origin = piece.origin
    return origin is not None and origin.shown and not origin.box


def _stretches(at: int, line: Line) -> Iterator[Stretch]:
    for op in map(settled, line.ops):
        if isinstance(op, str):
            origin = op.origin if isinstance(op, _Placed) else None
            if op:
                yield Stretch(at, at + len(op), origin, 0, line)
            at += len(op)
        elif isinstance(op, Break):
            yield Stretch(at, at + 1, op.origin if isinstance(op, _PlacedBreak) else None, 0, line)
            at += 1
