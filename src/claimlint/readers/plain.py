"""Read plain text: a line is a paragraph unless a paragraph was wrapped over several lines."""

from __future__ import annotations

import re

from claimlint.expressions import compiled
from claimlint.model.document import Document, Zone
from claimlint.model.text import Source
from claimlint.readers.blocks import Blocks, Draft
from claimlint.readers.chrome import zones_of
from claimlint.readers.lines import (
    Line,
    broken_word,
    ends_sentence,
    ends_statement,
    lines_of,
    wrapped_with_next,
)

_LONE_NUMBER = compiled(r"\(?\d{1,3}[.)]?$")
_LONE_MARK = compiled(r"[-*+\u2013\u2014\u00b7_=~.\s]+$")
_REFERENCE = compiled(r"\b(?:doi|pmid|pmcid|isbn|https?|www|tel|fax)\b|@|\d{6}", re.IGNORECASE)
_FIRST_LETTER = compiled(r"[^\W\d_]")
_LONGEST_HEADING = 90
_LONGEST_TITLE = 140
_MOST_WORDS_HEADING = 14


def read_plain(source: Source) -> Document:
    """Read a text without markup."""
    blocks = _Reader(source.text).read()
    return Document(source=source, format="text", blocks=tuple(blocks.done))


class _Reader:
    """One text being read."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = lines_of(text)
        self._zones = zones_of(self._lines)
        self._joins = wrapped_with_next(self._lines)
        self._blocks = Blocks()
        self._titled = False
        self._lists: list[tuple[int, int | None]] = []  # indents of open lists and their lead-ins

    def read(self) -> Blocks:
        """Write the block of each paragraph."""
        at = 0
        while at < len(self._lines):
            at = self._item(at) if self._is_item(at) else self._paragraph(at)
        return self._blocks

    # Items

    def _is_item(self, at: int) -> bool:
        line = self._lines[at]
        if line.marker == "bullet":
            return True
        if line.marker:
            return not self._is_numbered_heading(at)
        return _LONE_NUMBER.match(line.text) is not None and self._continues(at)

    def _continues(self, at: int) -> bool:
        """Whether the next line is text that a marker alone on its line belongs to."""
        if at + 1 == len(self._lines) or self._zones[at] != self._zones[at + 1]:
            return False
        following = self._lines[at + 1]
        return not following.marker and _LONE_NUMBER.match(following.text) is None

    def _is_numbered_heading(self, at: int) -> bool:
        """Whether "2. Tissue repair" heads the text below it, and is not one of a list's items."""
        line = self._lines[at]
        if at + 1 == len(self._lines) or not self._could_head(line):
            return False
        following = self._lines[at + 1]
        if following.marker or len(following.text) <= len(line.text) or self._joins[at]:
            return False
        return ends_sentence(following.text) or len(following.text) > _LONGEST_HEADING

    def _item(self, at: int) -> int:
        line = self._lines[at]
        body = line.body if line.marker else len(line.text)
        rest = line.text[body:]
        draft = Draft("item", self._zones[at], line.start)
        if line.marker.isdecimal():
            draft.number = int(line.marker)
        if not rest or (line.marker == "bullet" and _LONE_NUMBER.match(rest)):
            if _LONE_MARK.match(line.text) or not self._continues(at):
                return self._lone(at, rest)
            at += 1
            body = 0
        self._open_list(draft, line.indent)
        at = self._collect(draft, at, body)
        number = self._blocks.write(draft)
        return self._continuations(draft, number, line.indent, at)

    def _lone(self, at: int, rest: str) -> int:
        """Read a mark with nothing behind it: a line of dashes, an empty item, a lone number."""
        if rest:
            line = self._lines[at]
            draft = Draft("item", self._zones[at], line.start)
            self._open_list(draft, line.indent)
            draft.prose.add(rest, line.end - len(rest))
            self._blocks.write(draft)
        else:
            self._lists.clear()
            self._blocks.lead_by(None)
        return at + 1

    def _open_list(self, draft: Draft, indent: int) -> None:
        lists = self._lists
        while len(lists) > 1 and lists[-1][0] > indent:
            lists.pop()
        if not lists or lists[-1][0] < indent:
            lists.append((indent, self._blocks.lead(draft.zone)))
        draft.level = len(lists)
        draft.lead_in = lists[-1][1]
        if draft.lead_in is not None and self._blocks.done[draft.lead_in].zone != draft.zone:
            draft.lead_in = None

    def _continuations(self, draft: Draft, number: int | None, indent: int, at: int) -> int:
        """Write the further paragraphs of an item: indented lines right below it."""
        while (
            at < len(self._lines)
            and not self._lines[at].after_blank
            and self._lines[at].indent > indent
            and not self._lines[at].marker
            and self._zones[at] == draft.zone
        ):
            more = Draft("item", draft.zone, self._lines[at].start)
            more.level, more.lead_in = draft.level, draft.lead_in
            at = self._collect(more, at, 0)
            self._blocks.write(more)
        if number is not None:
            self._blocks.lead_by(number)
        return at

    # Paragraphs and headings

    def _paragraph(self, at: int) -> int:
        line = self._lines[at]
        if _LONE_MARK.match(line.text):
            return self._lone(at, "")
        self._lists.clear()
        draft = Draft("paragraph", self._zones[at], line.start)
        if self._is_heading(at):
            draft.kind = "heading"
            draft.level = self._level(draft.zone, line)
        at = self._collect(draft, at, 0)
        self._blocks.write(draft)
        return at

    def _level(self, zone: Zone, line: Line) -> int:
        if line.marker:
            return 3
        if zone == "content" and not self._titled:
            self._titled = True
            return 1
        return 2

    def _could_head(self, line: Line) -> bool:
        text = line.text
        letter = _FIRST_LETTER.search(text)
        return (
            len(text) <= _LONGEST_HEADING
            and text.count(" ") < _MOST_WORDS_HEADING
            and not ends_statement(text)
            and letter is not None
            and not letter[0].islower()
            and _REFERENCE.search(text) is None
        )

    def _is_heading(self, at: int) -> bool:
        line = self._lines[at]
        if self._joins[at] or self._zones[at] != "content" or at + 1 == len(self._lines):
            return False
        following = self._lines[at + 1]
        if not self._titled and len(line.text) <= _LONGEST_TITLE and not ends_statement(line.text):
            return _REFERENCE.search(line.text) is None
        if not self._could_head(line) or self._zones[at + 1] != "content":
            return False
        if line.marker:
            return True
        if following.after_blank:
            return line.after_blank
        if following.marker:
            return following.marker != "bullet" and self._is_numbered_heading(at + 1)
        return len(following.text) > len(line.text) and (
            ends_sentence(following.text) or len(following.text) > _LONGEST_HEADING
        )

    def _collect(self, draft: Draft, at: int, body: int) -> int:
        """Add a line and those that it was wrapped into; return the number of the line after."""
        text = self._text
        prose = draft.prose
        line = self._lines[at]
        start = line.start + body
        while self._joins[at] and self._zones[at + 1] == draft.zone:
            following = self._lines[at + 1]
            hidden = broken_word(line.text, following.text)
            prose.add(text[start : line.end - (hidden or 0)], start)
            if hidden is None:
                prose.space(line.end, following.start)
            at += 1
            line = following
            start = line.start
        prose.add(text[start : line.end], start)
        draft.end = line.end
        return at + 1
