"""Several fields of one CMS entry (title, summary, body, description) as one document."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import msgspec

from claimlint.errors import ReadError
from claimlint.expressions import compiled
from claimlint.model.document import Block, Directive, Document, Format, Gap
from claimlint.model.text import Piece, Place, Position, Source, Span, TextMap
from claimlint.readers import read
from claimlint.readers.blocks import Blocks, Draft
from claimlint.readers.decode import decode
from claimlint.readers.front_matter import is_prose
from claimlint.readers.rich_path import TreeSource

_WORDS = compiled(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_JOINT = compiled(r"(?<=[a-z0-9])(?=[A-Z])")
# The last words of plain fields that pages and search results show by themselves; a plain field of
# another name is running text.
_KEYS = frozenset((
    "abstract", "alt", "author", "by", "byline", "caption", "categories", "category", "date",
    "description", "excerpt", "headline", "heading", "keyword", "keywords", "name", "reviewer",
    "subheading", "subtitle", "summary", "tagline", "tags", "teaser", "title",
))  # fmt: skip


class Part(NamedTuple):
    """One field of an entry: what the CMS calls it, the format of its value, the value's bytes."""

    field: str
    form: Format
    data: bytes


class FieldStart(NamedTuple):
    """From here on the text is that of a field."""

    start: int
    field: str
    source: Source


class JoinedSource(Source, frozen=True, kw_only=True, dict=True):
    """The texts of several fields, one after the other; every place names its field."""

    fields: tuple[FieldStart, ...] = ()

    @cached_property
    def _field_starts(self) -> list[int]:
        return [field.start for field in self.fields]

    def position(self, offset: int) -> Position:
        """Turn an offset into line, column and place."""
        found = Source.position(self, offset)
        if not self.fields:
            return found
        start, field, source = self.fields[max(bisect_right(self._field_starts, offset) - 1, 0)]
        inner = min(max(offset - start, 0), len(source.text))
        if isinstance(source, TreeSource):
            return found._replace(place=source.position(inner).place)
        place = source.position(inner).place
        return found._replace(place=f"{field}, {place}" if place else f"{field}+{inner}")

    def part(self, offset: int) -> Span:
        """The field with an offset, up to where the next one begins."""
        starts = self._field_starts
        number = bisect_right(starts, offset)
        begin = starts[number - 1] if number else 0
        return Span(begin, starts[number] if number < len(starts) else len(self.text) + 1)


def joined(parts: Sequence[Part], name: str, sha256: str) -> Document:
    """Read the fields of an entry as one document, in the given order.

    A plain field that is named like a value of front matter (title, seo.description) is such a value.
    The format is that of the largest other field. Raises ReadError, which names the field, when one
    of them cannot be read.
    """
    whole = _Whole()
    for part in parts:
        whole.add(part, _document(part, name))
    return whole.document(name, sha256)


def _key(part: Part) -> str:
    """The key of a metadata value, written as in front matter; "" for running text."""
    if part.form != "text":
        return ""
    words = [word.lower() for word in _WORDS.findall(part.field) if not word.isdigit()]
    if not words or words[-1] not in _KEYS:
        return ""
    return _JOINT.sub("_", part.field).lower()


def _document(part: Part, name: str) -> Document:
    key = _key(part)
    try:
        if key:
            return _value(part, name, key)
        document = read(part.data, name, part.form)
    except ReadError as error:
        message = f"the field {part.field}: {error.message}"
        raise ReadError(message, line=error.line, column=error.column) from None
    source = document.source
    if not isinstance(source, TreeSource):
        return document
    source = msgspec.structs.replace(source, root=part.field)
    return msgspec.structs.replace(document, source=source)


def _value(part: Part, name: str, key: str) -> Document:
    """Read a field that is one metadata value, as front matter is read."""
    source = decode(part.data, name)
    blocks = Blocks()
    if is_prose(key, source.text):
        draft = Draft("metadata", "content")
        draft.key = key
        draft.prose.add(source.text, 0)
        blocks.write(draft)
    metadata = ((key, source.text),) if source.text.strip() else ()
    return Document(source=source, format=part.form, blocks=tuple(blocks.done), metadata=metadata)


class _Whole:
    """Collects documents into one."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._length = 0
        self._lines = 0
        self._form: tuple[int, Format] = (-1, "text")
        self._fields: list[FieldStart] = []
        self._places: list[Place] = []
        self._blocks: list[Block] = []
        self._directives: list[Directive] = []
        self._metadata: list[tuple[str, str]] = []
        self._gaps: list[Gap] = []

    def add(self, part: Part, document: Document) -> None:
        """Append what was read of a field."""
        source = document.source
        start, lines, number = self._length, self._lines, len(self._blocks)
        field = len(self._fields)
        self._fields.append(FieldStart(start, part.field, source))
        self._blocks += [_shifted(block, start, number, field) for block in document.blocks]
        self._directives += [
            msgspec.structs.replace(one, span=_moved(one.span, start))
            for one in document.directives
        ]
        self._metadata += document.metadata
        self._gaps += [
            Gap(f"{part.field}: {gap.message}", gap.line and gap.line + lines, gap.column)
            for gap in document.gaps
        ]
        self._texts.append(source.text)
        self._length += len(source.text) + 1
        self._lines += Source.position(source, len(source.text)).line
        running = any(block.kind != "metadata" for block in document.blocks)
        size = len(source.text) if running else -1
        self._form = max(self._form, (size, document.format), key=lambda one: one[0])

    def document(self, name: str, sha256: str) -> Document:
        """Give the whole."""
        source = JoinedSource(
            name=name,
            text="\n".join(self._texts),
            sha256=sha256,
            places=tuple(Place(start, field) for start, field, _ in self._fields),
            fields=tuple(self._fields),
        )
        return Document(
            source=source,
            format=self._form[1],
            blocks=tuple(self._blocks),
            directives=tuple(self._directives),
            metadata=tuple(self._metadata),
            gaps=tuple(self._gaps),
        )


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _shifted(block: Block, by: int, number: int, part: int) -> Block:
    """Move a block to where its field, the one of number `part`, stands in the whole."""
    if not part:
        return block
    pieces = tuple(
        Piece(piece.index, piece.start + by, piece.end + by) for piece in block.map.pieces
    )
    return msgspec.structs.replace(
        block,
        map=TextMap(block.map.text, pieces),
        span=_moved(block.span, by),
        lead_in=None if block.lead_in is None else block.lead_in + number,
        header=None if block.header is None else block.header + number,
        part=part,
    )
