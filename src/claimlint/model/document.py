"""A document as its reader saw it: blocks of prose with their kind, zone and exact places."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

from claimlint.model.text import Source, Span, TextMap

BlockKind = Literal[
    "heading", "paragraph", "item", "cell", "quote", "link", "alt", "metadata", "button"
]
Zone = Literal["content", "nav", "header", "footer", "aside", "hidden"]
Format = Literal[
    "markdown", "html", "docx", "text",
    "contentful", "portable_text", "prosemirror", "prismic", "strapi_blocks", "lexical", "editorjs",
    "wordpress",
]  # fmt: skip


class Link(NamedTuple):
    """A link inside a block: the prose indexes of its text (end exclusive) and its address."""

    start: int
    end: int
    address: str


class NoteMark(NamedTuple):
    """A reference mark inside a block: the prose index after which it stands and its label."""

    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody needs here
    label: str


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """One unit of prose: a sentence never runs over its end.

    `span` covers the block's markup as well as its prose. `level` is a heading's (1-6) or a list
    item's depth (from 1). `lead_in` is the number (in `Document.blocks`) of the block that introduces
    a list item ("Patients may experience:"), `header` that of the header cell above a table cell;
    `key` is the name of a metadata value ("title", "description", "og:title"). `note` is the label of
    the footnote whose text this is. `part` is the number (from 0) of the field of a CMS entry that holds
    it: labels of notes and numbers of references are those of their own field. `number` is that of the
    item of an ordered list which begins here, 0 where none does. `collapsed` is text that a reader sees
    only after unfolding it.
    """

    kind: BlockKind
    zone: Zone
    map: TextMap
    span: Span
    level: int = 0
    lead_in: int | None = None
    header: int | None = None
    key: str | None = None
    note: str | None = None
    part: int = 0
    number: int = 0
    collapsed: bool = False
    links: tuple[Link, ...] = ()
    marks: tuple[NoteMark, ...] = ()

    @property
    def text(self) -> str:
        """The prose."""
        return self.map.text


class Directive(msgspec.Struct, frozen=True, kw_only=True):
    """An instruction to claimlint in the draft: its words and where they stand.

    An HTML comment, or with `whole` a key and value of front matter, which is about all that follows.
    """

    text: str
    span: Span
    whole: bool = False


class Gap(msgspec.Struct, frozen=True):
    """Something that the reader could not read, said in one sentence; line and column from 1."""

    message: str
    line: int | None = None
    column: int | None = None


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader yields: the source, its blocks in reading order, and what it could not read.

    `metadata` holds front matter and meta elements as flat (key, value) pairs of text.
    """

    source: Source
    format: Format
    blocks: tuple[Block, ...]
    directives: tuple[Directive, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()
    gaps: tuple[Gap, ...] = ()
