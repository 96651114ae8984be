"""What the text events of the Markdown parser do to the flow of blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from claimlint.expressions import compiled
from claimlint.model.text import Source
from claimlint.readers.blocks import Draft
from claimlint.readers.flow import Flow
from claimlint.readers.offsets import Offsets
from claimlint.readers.pasted import FOREIGN_BULLETS, bullet_length
from claimlint.readers.prose import ProseBuilder, plain_copy

if TYPE_CHECKING:
    from claimlint.readers.elements import Elements

_LONE_RETURN = r"\r(?!\n)"  # compiled when a draft needs it


class TextHandlers:
    """What the text between the tags of the parser does to the flow of blocks."""

    def __init__(self, source: Source, base: int, flow: Flow) -> None:
        text = source.text
        body = text[base:] if base else text
        # The parser does not end every sort of block at a lone carriage return; a line feed is as
        # long. Guarded by test_line_ends_change_no_line_and_no_column.
        mixed = "\r" in body and body.count("\r") != body.count("\r\n")
        self.body = compiled(_LONE_RETURN).sub("\n", body) if mixed else body
        self._text = text
        self._flow = flow
        self._source = source
        self._elements: Elements | None = None
        self._offsets = Offsets(body.encode(), base)
        foreign = self._offsets.foreign_characters()
        self._at = self._offsets.at if foreign else base.__add__
        self._plain = plain_copy(text, foreign)
        flow.knows_bare_hosts = "www." in text
        self._bulleted = not foreign.isdisjoint(FOREIGN_BULLETS)
        self._image: Draft | None = None
        self._images = 0  # depth of images within images
        self._raw = False  # in code or in HTML
        self._html: list[tuple[int, int]] | None = None
        self._line_starts = False  # whether the next text begins a line of a paragraph
        # Text that stands in the source as it is and was not yet written, as more may follow: most
        # blocks are one such run.
        self.held: int | None = None  # the offset where it begins
        self._held_end = 0
        self._next = -1  # where text continues it; a line break takes one character
        self._bullet_lead: int | None = None
        self._lines_apart = False

    def elements(self) -> Elements:
        """Give the reader of raw HTML, which few drafts need and none should pay for in vain."""
        if self._elements is None:
            from claimlint.readers.elements import Elements

            self._elements = Elements(self._source, self._flow)
        return self._elements

    def text(self, value: str, start: int, end: int) -> None:
        """Take text; what does not stand in the source as it is was an entity or an escape."""
        if self._raw:
            if self._html is not None and start < end:
                # Spaces that a tab stands for have no place of their own.
                self.html_line(value, start, end)
            return
        image = self._image
        context = self._flow.context
        if image is None and (context.dropped or context.unread):
            return
        offsets = self._offsets
        offset = offsets.offset if offsets.byte == start else self._at(start)
        if self._bulleted and self._line_starts and image is None:
            bullet = self._take_bullet(value, offset)
            value = value[bullet:]
            offset += bullet
        length = len(value)
        if self._text.startswith(value, offset):
            if offset != self._next:
                self.settle()
                self.held = offset
            self._held_end = self._next = offset + length
            if end - start == length:
                offsets.byte = end
                offsets.offset = offset + length
            return
        self.settle()
        prose = self._flow.prose() if image is None else image.prose
        if start < end:
            index = prose.length
            prose.atom(value, offset, self._at(end))
            if self._flow.context.superscript:
                prose.raise_from(index)
        else:
            prose.space(offset, offset)

    def _prose(self) -> ProseBuilder:
        return self._flow.prose() if self._image is None else self._image.prose

    def settle(self) -> None:
        """Write the text that is held."""
        first = self.held
        if first is None:
            return
        prose = self._prose()
        raised = self._flow.context.superscript
        index = prose.length if raised else 0
        shown = self._shown(first)
        if shown is not None:
            prose.run(shown, first)
        else:
            prose.add(self._text[first : self._held_end], first)
        if raised:
            prose.raise_from(index)
        if self._next > self._held_end:
            prose.gap()
        self.held = None
        self._next = -1

    def _shown(self, first: int) -> str | None:
        """Give the text held as the reader of the page sees it; None when that takes more work."""
        if self._plain is None:
            return None
        shown = self._plain[first : self._held_end]
        return None if "  " in shown or not shown else shown

    def _close(self, end: int) -> None:
        """Finish the open block, whose markup ends at the byte `end` or before its line end."""
        flow = self._flow
        first = self.held
        if first is None:
            flow.flush(self._trimmed(end) if flow.draft is not None else None)
            return
        last = self._trimmed(end)
        shown = self._shown(first) if flow.draft is None else None
        if shown is not None and flow.write_run(shown, first, last):
            self.held = None
            self._next = -1
            return
        self.settle()
        flow.flush(last)

    def _trimmed(self, end: int) -> int:
        """Find the end of a block's markup, without the line ends after it."""
        last = self._at(end)
        text = self._text
        while last and text[last - 1] in "\r\n\t |":
            last -= 1
        return last

    def _take_bullet(self, value: str, offset: int) -> int:
        """Begin an item at a bullet that is not Markdown's, if there is one; give its length."""
        self._line_starts = False
        bullet = bullet_length(value)
        if not bullet or not self._text.startswith(value[:bullet], offset):
            return 0
        flow = self._flow
        context = flow.context
        lead = self._bullet_lead
        self._end_line()
        if lead is None:
            lead = flow.blocks.lead(context.zone)
            self._bullet_lead = -1 if lead is None else lead
        flow.begin_block(offset)
        prose_context = msgspec.structs.replace(
            context,
            kind="item",
            level=context.level + 1,
            lead_in=None if lead == -1 else lead,
            cell=None,
        )
        flow.context = prose_context
        flow.prose()
        flow.context = context
        return bullet

    def bare(self, event: str) -> None:
        """Take a line break or a rule."""
        flow = self._flow
        if event == "Rule":
            self._end_line()
            flow.blocks.lead_by(None)
            return
        self._line_starts = True
        if self._lines_apart and self._image is None:
            self._end_line()
            return
        plain = self._plain
        if self.held is not None and plain is not None and self._elements is None:
            last = self._held_end
            if plain[last - 1 : last] != " ":
                self._next = last + 1
                return
        self.settle()
        if self._image is not None:
            self._image.prose.gap()
        else:
            flow.gap()

    def _end_line(self) -> None:
        self.settle()
        self._flow.flush()

    def html_line(self, value: str, start: int, end: int) -> None:
        first = self._at(start)
        last = self._at(end)
        if self._html is None:
            self.elements().feed((first, last))
        elif self._html and self._html[-1][1] == first:
            self._html[-1] = (self._html[-1][0], last)
        else:
            self._html.append((first, last))
