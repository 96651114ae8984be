"""Where sentences begin and end in a block's prose."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from claimlint.expressions import compiled

# sentencex is quadratic on unclosed openers, so it sees at most this many characters at a time.
_WINDOW = 4000
# No sentence is longer: what runs on without an end is cut at a space, so that work within a sentence
# stays bounded whatever the input.
_LONGEST = 1200
# A block without one of these has one sentence: no need to ask. Where a search begins and what closes
# a stop are bounded, or a long line of nothing but signs would be read once for each of them.
_NOTE = r"\[?\d[\d,–-]{0,12}\]?"
_STUCK_NOTE = compiled(rf"{_NOTE}(?:\s+|$)")
_INNER_STOP = compiled(rf"(?<![.!?])[.!?]++[^\w\s]{{0,16}}(?:{_NOTE})?\s")
# They end with a full stop and do not end a sentence when it goes on in lower case or with a figure.
_ABBREVIATIONS = frozenset(
    ["approx.", "fig.", "figs.", "no.", "nos.", "vol.", "p.", "pp.", "ca.", "vs.", "resp.", "incl.",
     "est.", "min.", "max.", "hr.", "hrs.", "wk.", "wks.", "mo.", "mos.", "yr.", "yrs.", "ml.", "mg.",
     "kg.", "cm.", "mm.", "dept.", "al.", "cf.", "e.g.", "i.e.", "b.i.d.", "t.i.d.", "q.d.", "jr.",
     "sr.", "inc.", "ltd."]
)  # fmt: skip
_LONGEST_ABBREVIATION = max(map(len, _ABBREVIATIONS))
# They never end a sentence: a name follows.
_TITLES = frozenset(["dr.", "mr.", "mrs.", "ms.", "prof.", "st."])
# A sentence end behind a superscript-like or bracketed reference, behind a bracketed sentence, or behind
# the disease MS, which is no title. One of these must stand in the text for that (the gate).
_MARKS = (
    *(f"{stop}{mark}" for stop in ".!?" for mark in ")\"'["),
    *(f".{digit}" for digit in range(10)),
    "MS. ",
)
_HIDDEN_END = compiled(
    rf"(?:(?<=[a-z%)][.!?])(?:[)\"']|{_NOTE})|(?<=\bMS\.))\s+(?=[\"'(]?[A-Z][a-z]+)"
)


def sentence_ranges(text: str) -> list[tuple[int, int]]:
    """The index ranges of the sentences of one block, without the white space between them."""
    if not _INNER_STOP.search(text):
        if len(text) <= _LONGEST:
            return [(0, len(text))] if text else []
        return list(_bounded(text, [0, len(text)]))
    return list(_bounded(text, _ends(text)))


def _ends(text: str) -> list[int]:
    """Where sentences end, with 0 before the first: sentencex's answer, mended."""
    from sentencex import get_sentence_boundaries

    found = {0, len(text)}
    start = 0
    while start < len(text):
        end = next(_stretches(text, start, len(text), _WINDOW))[1]
        within = [
            start + boundary["end_index"]
            for boundary in get_sentence_boundaries("en", text[start:end])
        ]
        # What the window cuts off goes into the next, unless it is all there is.
        inner = [at for at in within if start < at < end]
        if end < len(text) and inner:
            within, end = inner, inner[-1]
        found.update(_behind_note(text, at) for at in within if not _goes_on(text, at))
        start = end
    for hidden in _HIDDEN_END.finditer(text) if any(map(text.__contains__, _MARKS)) else ():
        if not _goes_on(text, hidden.end()):
            found.add(hidden.end())
    return sorted(found)


def _behind_note(text: str, end: int) -> int:
    """The same end, or that behind the reference which stands there."""
    note = _STUCK_NOTE.match(text, end) if 0 < end < len(text) and text[end - 1] != " " else None
    return end if note is None else note.end()


def _goes_on(text: str, end: int) -> bool:
    """Whether an end at `end` only follows an abbreviation, a list number or an initial."""
    last = end
    while last > 0 and text[last - 1] == " ":
        last -= 1
    if last == 0 or text[last - 1] != "." or end == len(text):
        return False
    space = text.rfind(" ", max(0, last - _LONGEST_ABBREVIATION - 1), last)
    if space < 0 and last > _LONGEST_ABBREVIATION:
        return False  # an ordinary word, as nearly always
    word = text[space + 1 : last].lower()
    if word in _TITLES and text[space + 1 : last] != "MS.":
        return True
    following = text[end]
    if not (following.islower() or following.isdigit() or following == "("):
        return False
    return (
        word in _ABBREVIATIONS
        or (len(word) == 2 and word[0].isalpha())
        or (space < 0 and word[:-1].isdigit())
    )


def _bounded(text: str, ends: list[int]) -> Iterator[tuple[int, int]]:
    """The trimmed stretches between the ends, none longer than a sentence may be."""
    for first, last in pairwise(ends):
        for start, end in _stretches(text, first, last, _LONGEST):
            part = text[start:end]
            begin = start + len(part) - len(part.lstrip(" "))
            stop = end - len(part) + len(part.rstrip(" "))
            if begin < stop:
                yield begin, stop


def _stretches(text: str, start: int, end: int, longest: int) -> Iterator[tuple[int, int]]:
    """Stretches of start..end of at most `longest` characters, cut at spaces where there are any."""
    while end - start > longest:
        space = text.rfind(" ", start + longest // 2, start + longest)
        stop = start + longest if space < 0 else space + 1
        yield start, stop
        start = stop
    yield start, end
