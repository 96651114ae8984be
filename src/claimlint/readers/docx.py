"""Read a .docx file: every part of it that a reader of the document sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from claimlint.errors import ReadError
from claimlint.model.digest import sha256
from claimlint.model.document import Document, Gap, Zone
from claimlint.model.text import Source
from claimlint.readers.docx_assembly import Assembler
from claimlint.readers.docx_drawings import DrawingEvents
from claimlint.readers.docx_lines import Flow, Line
from claimlint.readers.docx_package import (
    DEFAULT_LIMITS,
    Attributes,
    Events,
    Limits,
    Package,
    PartError,
    Relationship,
)
from claimlint.readers.docx_runs import Notes
from claimlint.readers.docx_story import Section, StoryEvents
from claimlint.readers.docx_styles import StyleEvents, StyleSheet, switched_on

_MAIN_PART = "word/document.xml"
_PROPERTIES_PART = "docProps/core.xml"
_PROPERTIES = {
    "dc:title": "title",
    "dc:subject": "subject",
    "dc:description": "description",
    "dc:creator": "author",
    "cp:keywords": "keywords",
    "cp:category": "category",
    "dc:language": "language",
    "dct:created": "created",
    "dct:modified": "modified",
}
_PROSE_PROPERTIES = ("title", "subject", "description")
_T = TypeVar("_T")
_PAGE_NAMES = {"first": "first-page ", "even": "even-page "}


def read_docx(data: bytes, name: str, *, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read the bytes of a .docx file.

    Raises ReadError when they are no readable Word document or go beyond the limits, UsageError
    when the extra "docx" is not installed.
    """
    reading = Reading(Package(data, limits))
    lines, metadata = reading.read()
    assembler = Assembler()
    assembler.add(lines)
    source = Source(
        name=name,
        text=assembler.text(),
        sha256=sha256(data).hexdigest(),
        places=tuple(assembler.places),
    )
    return Document(
        source=source,
        format="docx",
        blocks=assembler.blocks(),
        metadata=metadata,
        gaps=tuple(reading.gaps),
    )


class _Margin(NamedTuple):
    """A header or footer part: where people find it, and whether any page shows it."""

    part: str
    name: str
    zone: Zone


class _Settings(Events):
    def __init__(self) -> None:
        super().__init__({"w:evenAndOddHeaders": self._even}, {})
        self.has_even_pages = False

    def _even(self, attributes: Attributes) -> None:
        self.has_even_pages = switched_on(attributes)


class _Properties(Events):
    def __init__(self) -> None:
        super().__init__(
            dict.fromkeys(_PROPERTIES, self.listen),
            {tag: self._keeper(key) for tag, key in _PROPERTIES.items()},
        )
        self.values: dict[str, str] = {}

    def _keeper(self, key: str) -> Callable[[], None]:
        def keep() -> None:
            value = self.heard().strip()
            if value:
                self.values[key] = value

        return keep


class Reading:
    """One package being read; `gaps` says what could not be.

    `body_story` makes what reads the body of the document from its main part.
    """

    def __init__(
        self, package: Package, body_story: Callable[..., StoryEvents] = StoryEvents
    ) -> None:
        self.gaps: list[Gap] = []
        self.main_part = _MAIN_PART
        self._package = package
        self._body_story = body_story
        self._notes = Notes()
        self._styles = StyleSheet({}, {}, None)
        self._drawings: set[str] = set()

    def read(self) -> tuple[list[Line], tuple[tuple[str, str], ...]]:
        """Give the lines of all parts in reading order, and the document's properties."""
        roots = self._optional(lambda: self._package.relationships(""), "list of parts") or {}
        self.main_part = main = part_of(roots, "officeDocument") or _MAIN_PART
        relationships = self._links(main, "document")
        self._styles = self._sheet(part_of(relationships, "styles"))
        body = self._body(main, relationships)
        headers, footers = self._margins(body, relationships)
        lines = [*headers, *body.lines()]
        for kind in ("footnote", "endnote"):
            lines += self._note_lines(kind, relationships)
        properties = self._properties(part_of(roots, "core-properties") or _PROPERTIES_PART)
        lines += [*footers, *_property_lines(properties)]
        return lines, tuple(properties.items())

    def _optional(self, read: Callable[[], _T], what: str) -> _T | None:
        """Read a part that the others can do without; a damaged one becomes a gap."""
        try:
            return read()
        except PartError as error:
            self.gaps.append(Gap(f"the {what} could not be read: {error.message}"))
            return None

    def _links(self, part: str, what: str) -> dict[str, Relationship]:
        found = self._optional(
            lambda: self._package.relationships(part), f"list of what the {what} refers to"
        )
        return found or {}

    def _sheet(self, part: str | None) -> StyleSheet:
        events = StyleEvents()
        if part is None or not self._parsed(part, events, "styles"):
            return StyleSheet({}, {}, None)
        return events.sheet()

    def _parsed(self, part: str, events: Events, what: str) -> bool:
        """Parse an optional part and say whether that went well."""

        def parse() -> bool:
            self._package.parse(part, events)
            return True

        return self._optional(parse, what) or False

    def _story(
        self,
        relationships: dict[str, Relationship],
        *,
        name: str = "",
        zone: Zone = "content",
        make: Callable[..., StoryEvents] = StoryEvents,
    ) -> StoryEvents:
        return make(
            name=name,
            zone=zone,
            styles=self._styles,
            relationships=relationships,
            notes=self._notes,
            drawn=self._drawing,
        )

    def _body(self, part: str, relationships: dict[str, Relationship]) -> StoryEvents:
        story = self._story(relationships, make=self._body_story)
        if not self._package.has(part):
            raise ReadError(
                "the file holds no Word document (there is no main document part); "
                "save the draft from Word as .docx"
            )
        self._package.parse(part, story)
        if not story.is_document:
            raise ReadError(
                "the file is an Office file of another kind, not a Word document; "
                "save the draft from Word as .docx"
            )
        self._note_unread(story)
        return story

    def _note_unread(self, story: StoryEvents) -> None:
        self.gaps.extend(map(Gap, story.unread))

    def _margins(
        self, body: StoryEvents, relationships: dict[str, Relationship]
    ) -> tuple[list[Line], list[Line]]:
        """Read the lines of all headers and of all footers, each part once."""
        even = self._has_even_pages(body.sections, part_of(relationships, "settings"))
        found: dict[str, list[Line]] = {"header": [], "footer": []}
        margins = _margins(body.sections, relationships, has_even_pages=even)
        for kind, margin in margins:
            story = self._story(
                self._links(margin.part, margin.name), name=margin.name, zone=margin.zone
            )
            if self._parsed(margin.part, story, margin.name):
                found[kind] += story.lines()
                self._note_unread(story)
        return found["header"], found["footer"]

    def _has_even_pages(self, sections: list[Section], part: str | None) -> bool:
        """Ask the settings whether even pages have headers of their own."""
        if part is None or not any(page == "even" for one in sections for _, page, _ in one.parts):
            return False
        settings = _Settings()
        # Where the settings cannot be read the header counts as shown.
        return not self._parsed(part, settings, "settings") or settings.has_even_pages

    def _note_lines(self, kind: str, relationships: dict[str, Relationship]) -> list[Line]:
        labels = self._notes.footnotes if kind == "footnote" else self._notes.endnotes
        if not labels:
            return []
        part = part_of(relationships, f"{kind}s") or f"word/{kind}s.xml"
        story = self._story(self._links(part, f"{kind}s"))
        if not self._parsed(part, story, f"{kind}s"):
            return []
        self._note_unread(story)
        order = {label: number for number, label in enumerate(labels.values())}
        return sorted(story.lines(), key=lambda line: order.get(line.flow.note or "", 0))

    def _drawing(self, relationship: Relationship) -> list[str]:
        """Read the texts of a chart or diagram, once."""
        part = relationship.target
        if relationship.external or part in self._drawings:
            return []
        self._drawings.add(part)
        events = DrawingEvents()
        return events.texts if self._parsed(part, events, "words of a drawing") else []

    def _properties(self, part: str) -> dict[str, str]:
        events = _Properties()
        if not self._package.has(part) or not self._parsed(part, events, "document properties"):
            return {}
        return events.values


def part_of(relationships: dict[str, Relationship], kind: str) -> str | None:
    """Find the first part that stands in this relation."""
    for found in relationships.values():
        if found.kind == kind and not found.external:
            return found.target
    return None


def _margins(
    sections: list[Section], relationships: dict[str, Relationship], *, has_even_pages: bool
) -> list[tuple[str, _Margin]]:
    """List header and footer parts in the sections' order; one that no page shows is hidden."""
    found: dict[str, tuple[str, _Margin]] = {}
    first_pages = [number for number, one in enumerate(sections) if one.has_first_page]
    for number, section in enumerate(sections):
        for kind, page, key in section.parts:
            relationship = relationships.get(key)
            if relationship is None or relationship.external or relationship.target in found:
                continue
            shown = {
                "first": bool(first_pages) and first_pages[-1] >= number,
                "even": has_even_pages,
            }.get(page, True)
            name = f"{_PAGE_NAMES.get(page, '')}{kind}"
            if len(sections) > 1:
                name += f" of section {number + 1}"
            zone: Zone = ("header" if kind == "header" else "footer") if shown else "hidden"
            found[relationship.target] = (kind, _Margin(relationship.target, name, zone))
    return list(found.values())


def _property_lines(properties: dict[str, str]) -> list[Line]:
    return [
        Line("metadata", "content", [value], Flow(f"document property {key}"), key=key)
        for key in _PROSE_PROPERTIES
        if (value := properties.get(key))
    ]
