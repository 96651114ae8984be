"""Write comments into a .docx file at the exact words, and change nothing else in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count, islice
from typing import NamedTuple

from claimlint.readers.docx_comment_parts import CommentsPart, Signature
from claimlint.readers.docx_marks import Edge, Marker
from claimlint.readers.docx_package import DEFAULT_LIMITS, Limits, Package
from claimlint.readers.docx_trace import Origin, Stretch, Trace, is_on_page, traced
from claimlint.readers.docx_xml import PartXml
from claimlint.readers.docx_zip import rewritten

_QUOTED_CHARACTERS = 120


class Comment(NamedTuple):
    """A comment on the text from `start` to `end` (offsets of the source), as paragraphs.

    One on no words at all is about the document; it stands at the first paragraph.
    """

    start: int
    end: int
    paragraphs: tuple[str, ...]


class Moved(NamedTuple):
    """A comment, by its number from 0, that does not stand at exactly its words, and why."""

    comment: int
    reason: str


class Annotated(NamedTuple):
    """The bytes of a file with comments, and those that could not stand at exactly their words.

    Every comment is in the file, unless the document has no paragraph at all.
    """

    data: bytes
    moved: tuple[Moved, ...]


class _Anchor(NamedTuple):
    """Where a comment goes: its first and last character, and why not at its words ("": it does)."""

    first: tuple[int, int]
    last: tuple[int, int]
    reason: str = ""


def annotated(
    data: bytes,
    comments: Sequence[Comment],
    *,
    author: str,
    initials: str,
    date: datetime | None,
    limits: Limits = DEFAULT_LIMITS,
) -> Annotated:
    """Write comments into the bytes of a .docx file; what it holds otherwise stays as it is.

    Raises ReadError when they are no readable Word document or go beyond the limits, UsageError
    when the extra "docx" is not installed, ValueError when a comment lies outside of the text.
    """
    trace = traced(data, limits)
    _check(comments, len(trace.source.text))
    if not comments:
        return Annotated(data, ())
    first = _first_line(trace)
    anchors = [_anchor(trace, comment, first) for comment in comments]
    placed = [(number, one) for number, one in enumerate(anchors) if one is not None]
    package = Package(data, limits)
    xml = PartXml(trace.main_part, package.read(trace.main_part))
    marker = Marker(xml, list(_edges(placed)), limits.expanded_bytes)
    part = CommentsPart(package, trace.main_part, marker.namespace)
    ids = _free_ids(marker.taken | part.taken, len(comments))
    marked = marker.marked(ids)
    reasons = _reasons(anchors, marked.wider)
    texts = [
        (ids[number], _paragraphs(trace, comments[number], reasons[number])) for number, _ in placed
    ]
    signature = Signature(author, initials, date)
    parts = part.with_comments(texts, signature) if texts else {}
    return Annotated(
        rewritten(data, {**parts, trace.main_part: marked.data}) if texts else data,
        tuple(Moved(number, reason) for number, reason in enumerate(reasons) if reason),
    )


def _check(comments: Sequence[Comment], length: int) -> None:
    for number, comment in enumerate(comments):
        if not 0 <= comment.start <= comment.end <= length:
            raise ValueError(
                f"comment {number} is on {comment.start}..{comment.end} of a text of {length} "
                "characters; take its offsets from the same file"
            )


def _free_ids(taken: set[str], amount: int) -> list[int]:
    numbers = {int(key) for key in taken if key.isascii() and key.isdigit() and len(key) < 12}
    return list(islice((key for key in count() if key not in numbers), amount))


# Where a comment goes


def _anchor(trace: Trace, comment: Comment, first: _Anchor | None) -> _Anchor | None:
    """Find the place of a comment in the main part; None when there is no paragraph for it.

    What has no place of its own stands at the `first` line.
    """
    if comment.start == comment.end:
        return first
    elsewhere = first and first._replace(reason=_ELSEWHERE)
    pieces = list(trace.stretches(comment.start, comment.end))
    if not pieces:  # nothing but the ends of lines
        return elsewhere
    origin = pieces[0].origin
    if origin is None:
        mark = trace.marks.get(pieces[0].line.flow.note or "")
        return _at(mark, _AT_MARK) if mark else elsewhere
    if origin.box:
        return _at(origin, _IN_BOX)
    if not origin.shown:
        return _at(origin, _DESCRIBED)
    own = [piece for piece in pieces if is_on_page(piece)]
    return _around(own, "" if len(own) == len(pieces) else _CUT_SHORT)


_ELSEWHERE = "Word takes no comment there, so this one stands at the first paragraph"
_AT_MARK = "Word takes no comment in notes, so this one stands at the note's mark"
# Text boxes are texts apart, as notes are: LibreOffice drops comments inside them when it saves, and
# Microsoft's advice for a text box with comments is to make it a frame.
_IN_BOX = "Not every program keeps comments inside text boxes, so this one stands at the box"
_DESCRIBED = "Word takes no comment in it, so this one stands at the picture or drawing"
_CUT_SHORT = "No comment reaches from one text into another, so this one ends with the first"
_WIDER = "Comments do not divide what the words stand in, so this one holds all of it"
_NOWHERE = "The document has no paragraph where a comment could stand"


def _at(origin: Origin, reason: str) -> _Anchor:
    """Stand at a whole element, or at the text box that holds it."""
    element = origin.box or origin.element
    return _Anchor((element, 0), (element, 1), reason)


def _around(pieces: list[Stretch], reason: str) -> _Anchor:
    edges = [
        (piece.origin.element, piece.index, piece.index + piece.end - piece.start)
        for piece in pieces
        if piece.origin is not None
    ]
    # Hidden text comes after its paragraph in the reading, and stands in the middle of it.
    first, last = min(edges), max(edges)
    return _Anchor((first[0], first[1]), (last[0], last[2]), reason)


def _first_line(trace: Trace) -> _Anchor | None:
    line = trace.first_line()
    if line is not None:
        return _around(list(trace.stretches(*line)), "")
    element = trace.first_paragraph
    return _Anchor((element, 0), (element, 0)) if element else None


def _edges(placed: list[tuple[int, _Anchor]]) -> Iterator[Edge]:
    for number, anchor in placed:
        yield Edge(*anchor.first, number, ends=False)
        yield Edge(*anchor.last, number, ends=True)


# What is said about the place


def _reasons(anchors: list[_Anchor | None], wider: frozenset[int]) -> list[str]:
    return [
        _NOWHERE if anchor is None else anchor.reason or (_WIDER if number in wider else "")
        for number, anchor in enumerate(anchors)
    ]


def _paragraphs(trace: Trace, comment: Comment, reason: str) -> tuple[str, ...]:
    """Give the paragraphs, after one on the place where the comment could not stand."""
    if not reason:
        return comment.paragraphs
    words = " ".join(trace.source.text[comment.start : comment.end].split())
    if len(words) > _QUOTED_CHARACTERS:
        words = words[: _QUOTED_CHARACTERS - 1].rstrip() + "…"
    place = trace.source.position(comment.start).place
    where = f" ({place})" if place else ""
    return (f"About “{words}”{where}. {reason}.", *comment.paragraphs)
