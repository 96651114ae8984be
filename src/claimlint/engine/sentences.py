"""Where sentences begin and end in a block's prose."""

from __future__ import annotations

import re
from collections.abc import Iterator

# sentencex is quadratic on unclosed openers, so it sees at most this many characters at a time.
_WINDOW = 4000
# No sentence is longer: what runs on without an end is cut at a space, so that work within a sentence
# stays bounded whatever the input.
_LONGEST = 1200
# A block without one of these has one sentence: no need to ask.
_INNER_STOP = re.compile(r"[.!?…。！？][^\w\s]*(?:\[?\d{1,3}\]?)?\s")
# The piece before ends in an abbreviation that does not end a sentence (units, figures, doses, steps).
_ABBREVIATION = re.compile(
    r"(?:\b(?:approx|figs?|nos?|vol|pp?|ca|vs|resp|incl|est|min|max|hrs?|wks?|mos?|yrs?|ml|mg|kg|cm|mm|"
    r"dept|al|cf|e\.g|i\.e|b\.i\.d|t\.i\.d|q\.d|dr|mrs?|ms|prof|st|jr|sr|inc|ltd)|\b[a-z]|^\s*\d+)\.\s*$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\s*[a-z0-9(]")
# A sentence end behind a superscript-like or bracketed reference, or before a bracketed sentence.
_HIDDEN_END = re.compile(r"(?<=[a-z%)][.!?])(?:[)\"']|\[\d{1,3}\]|\d{1,3})?\s+(?=[\"'(]?[A-Z][a-z]+)")


def sentence_ranges(text: str) -> list[tuple[int, int]]:
    """The index ranges of the sentences of one block, without the white space between them."""
    if not _INNER_STOP.search(text):
        if len(text) <= _LONGEST:
            return [(0, len(text))] if text else []
        return [part for cut in _cut(text, 0, len(text), _LONGEST) for part in _trimmed(text, *cut)]
    ranges: list[tuple[int, int]] = []
    for start, end in _joined(text):
        for cut in _cut(text, start, end, _LONGEST):
            ranges.extend(_divided(text, *cut))
    return ranges


def _cut(text: str, start: int, end: int, longest: int) -> Iterator[tuple[int, int]]:
    """Stretches of start..end of at most `longest` characters, cut at spaces where there are any."""
    while end - start > longest:
        space = text.rfind(" ", start + longest // 2, start + longest)
        stop = start + longest if space < 0 else space + 1
        yield start, stop
        start = stop
    yield start, end


def _raw(text: str) -> Iterator[tuple[int, int]]:
    from sentencex import get_sentence_boundaries

    for start, end in _cut(text, 0, len(text), _WINDOW):
        for boundary in get_sentence_boundaries("en", text[start:end]):
            yield start + boundary["start_index"], start + boundary["end_index"]


def _joined(text: str) -> Iterator[tuple[int, int]]:
    """Join what was parted behind an abbreviation."""
    begin = None
    last = 0
    for start, end in _raw(text):
        if begin is None:
            begin = start
        last = end
        tail = text[max(start, end - 16) : end]
        if _ABBREVIATION.search(tail) and _GOES_ON.match(text, end):
            continue
        yield begin, end
        begin = None
    if begin is not None:
        yield begin, last


def _divided(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Part what runs on behind a reference mark; trim white space."""
    for found in _HIDDEN_END.finditer(text, start, end):
        if not _ABBREVIATION.search(text[max(start, found.start() - 16) : found.start()]):
            yield from _trimmed(text, start, found.start() + len(found.group().rstrip()))
            start = found.end()
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start] == " ":
        start += 1
    while end > start and text[end - 1] == " ":
        end -= 1
    if start < end:
        yield start, end
