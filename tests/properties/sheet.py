"""A draft being written: its source, and where in it the visible words of every sentence stand."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import NamedTuple

from tests.properties.content import Fault, Saying

_WORD = re.compile(r"\S+")


class Expected(NamedTuple):
    """A finding that must be made: all offsets are those of the source's text."""

    fault: Fault
    words: str
    start: int
    end: int
    sentence: str
    sentence_start: int
    sentence_end: int


class _Stretch:
    """A stretch of visible text being written; it begins and ends at visible characters."""

    __slots__ = ("end", "start")

    def __init__(self) -> None:
        self.start = -1
        self.end = -1


class Sheet:
    """The source as far as it is written, with `newline` for every line end."""

    def __init__(self, newline: str = "\n") -> None:
        self.newline = newline
        self.length = 0
        self._parts: list[str] = []
        self._watched: list[_Stretch] = []
        self._planted: list[tuple[Saying, _Stretch, _Stretch]] = []

    @property
    def text(self) -> str:
        """The source."""
        return "".join(self._parts)

    def skip(self, source: str) -> None:
        """Write what no reader sees."""
        source = source.replace("\n", self.newline)
        self._parts.append(source)
        self.length += len(source)

    def show(self, source: str) -> None:
        """Write what stands for a visible character or for a space between two."""
        before = self.length
        self.skip(source)
        for stretch in self._watched:
            if stretch.start < 0:
                stretch.start = before
            stretch.end = self.length

    def watch(self, stretch: _Stretch) -> None:
        """Begin to record where a stretch stands."""
        self._watched.append(stretch)

    def leave(self, stretch: _Stretch) -> None:
        """End to record where a stretch stands."""
        self._watched.remove(stretch)

    def plant(self, saying: Saying) -> tuple[_Stretch, _Stretch]:
        """The stretches of a faulty sentence and of its fault, to be watched while it is written."""
        stretches = _Stretch(), _Stretch()
        self._planted.append((saying, *stretches))
        return stretches

    def expected(self, shift: int = 0) -> list[Expected]:
        """What must be found, for a sheet whose text stands at an offset."""
        return [
            Expected(
                saying.fault,
                saying.text[saying.fault.start : saying.fault.end],
                words.start + shift,
                words.end + shift,
                plain(saying.text),
                sentence.start + shift,
                sentence.end + shift,
            )
            for saying, sentence, words in self._planted
            if saying.fault is not None
        ]


class Wrap(NamedTuple):
    """Markup around words."""

    opening: str
    closing: str


class Writer:
    """Writes sentences on a sheet, dressing their characters; each format dresses otherwise."""

    dressed = 0.25  # share of the spaces and signs that are not written as they are
    wraps: tuple[Wrap, ...] = ()
    wrapped = 0.12

    def __init__(self, rng: random.Random, sheet: Sheet) -> None:
        self.rng = rng
        self.sheet = sheet

    def prose(self, sayings: Sequence[Saying]) -> None:
        """Write sentences with single spaces between them."""
        text = " ".join(saying.text for saying in sayings)
        opens: dict[int, list[_Stretch]] = {}
        closes: dict[int, list[_Stretch]] = {}
        at = 0
        for saying in sayings:
            if saying.fault is not None:
                sentence, words = self.sheet.plant(saying)
                opens.setdefault(at, []).append(sentence)
                closes.setdefault(at + len(saying.text), []).append(sentence)
                opens.setdefault(at + saying.fault.start, []).append(words)
                closes.setdefault(at + saying.fault.end, []).append(words)
            at += len(saying.text) + 1
        around = self._wraps(text)
        edges = {edge for start, end in around for edge in (start, end - 1)}
        ends = {end: wrap for (_, end), wrap in around.items()}
        starts = {start: wrap for (start, _), wrap in around.items()}
        for at, sign in enumerate(text):
            for stretch in opens.get(at, ()):
                self.sheet.watch(stretch)
            if at in starts:
                self.open(starts[at])
            if sign == " ":
                self.space(text[at - 1], text[at + 1])
            elif at in edges:
                self.sign(sign)
            else:
                self.dress(sign, text[at + 1] if at + 1 < len(text) else "")
            for stretch in closes.get(at + 1, ()):
                self.sheet.leave(stretch)
            if at + 1 in ends:
                self.close(ends[at + 1])
            if sign.isalpha() and text[at + 1 : at + 2].isalpha() and self.chance(0.02):
                self.between()

    def _wraps(self, text: str) -> dict[tuple[int, int], Wrap]:
        """Ranges of whole words to put markup around; they do not meet."""
        found: dict[tuple[int, int], Wrap] = {}
        if not self.wraps:
            return found
        words = [(m.start(), m.end()) for m in _WORD.finditer(text)]
        number = 0
        while number < len(words):
            last = min(len(words) - 1, number + self.rng.randint(0, 3))
            start, end = words[number][0], words[last][1]
            edges = text[start], text[end - 1]
            if all(map(_is_plain, edges)) and self.rng.random() < self.wrapped:
                found[start, end] = self.rng.choice(self.wraps)
                number = last
            number += 1
        return found

    def open(self, wrap: Wrap) -> None:
        self.sheet.skip(wrap.opening)

    def close(self, wrap: Wrap) -> None:
        self.sheet.skip(wrap.closing)

    def sign(self, sign: str) -> None:
        """Write a sign as it is."""
        self.sheet.show(sign)

    def dress(self, sign: str, following: str) -> None:
        """Write a sign in one of the ways that the format has for it."""
        self.sign(sign)

    def space(self, before: str, following: str) -> None:
        """Write a space in one of the ways that the format has for it."""
        self.sheet.show(" ")

    def between(self) -> None:
        """Write what no reader sees between two letters."""

    def chance(self, share: float | None = None) -> bool:
        return self.rng.random() < (self.dressed if share is None else share)


def plain(text: str) -> str:
    """The text as prose shows it."""
    return text.replace("’", "'").replace("“", '"').replace("”", '"')


def _is_plain(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()
