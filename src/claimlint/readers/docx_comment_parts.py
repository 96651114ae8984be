"""The parts of a .docx file that hold its comments and say that they are there."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import NamedTuple

from claimlint.expressions import compiled
from claimlint.readers.docx_package import Package, PartError, attribute, tags
from claimlint.readers.docx_xml import Element, PartXml, spelled

_TYPES_PART = "[Content_Types].xml"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/"
_STRICT_RELATIONS = f"{_STRICT}officeDocument/relationships"
_COMMENTS, _COMMENT = tags({"w:comments": 0}).keys(), tags({"w:comment": 0}).keys()
# XML 1.0, section 2.2: what no document may hold, not even as a reference.
_FORBIDDEN = compiled(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_OR_TAB = compiled(r"(\r\n|[\r\n\t])")


class Signature(NamedTuple):
    """Who comments, and when (None: not said)."""

    author: str
    initials: str
    date: datetime | None


class CommentsPart:
    """The comments part of a document, which may be yet to be made.

    Raises ReadError when there is one and it cannot be read.
    """

    def __init__(self, package: Package, main_part: str, namespace: str) -> None:
        self._package = package
        self._main_part = main_part
        self._namespace = namespace
        self._relationships = package.relationships(main_part)
        related = [
            found.target
            for found in self._relationships.values()
            if found.kind == "comments" and not found.external
        ]
        self._is_related = bool(related)
        self._name = related[0] if related else self._free_name()
        self._xml: PartXml | None = None
        self._root: Element | None = None
        self.taken: set[str] = set()
        if package.has(self._name):
            self._xml = PartXml(self._name, package.read(self._name))
            self._xml.walk(self._survey)
            self._root = self._xml.root()
            if self._root.name not in _COMMENTS:
                raise PartError(
                    f"the part {self._name} is damaged: it holds no comments; "
                    "open the file in Word and save it again"
                )

    def _free_name(self) -> str:
        folder = posixpath.dirname(self._main_part)
        number, name = 0, posixpath.join(folder, "comments.xml")
        while self._package.has(name):
            number += 1
            name = posixpath.join(folder, f"comments{number}.xml")
        return name

    def _survey(self, element: Element, attributes: Mapping[str, str]) -> None:
        if element.name in _COMMENT:
            self.taken.add(attribute(spelled(attributes), "w:id") or "")

    def with_comments(
        self, comments: Sequence[tuple[int, Sequence[str]]], signature: Signature
    ) -> dict[str, bytes]:
        """Give the parts that change, with these comments by id as paragraphs."""
        head = _head(signature)
        if self._xml is not None:  # whose root may use another prefix
            head = f'xmlns:w="{self._namespace}" {head}'
        text = "".join(_comment(key, paragraphs, head) for key, paragraphs in comments)
        parts = {self._name: self._with(text)}
        if not self._is_related:
            name, listing = self._related()
            parts[name] = listing
        typed = self._typed()
        return parts if typed is None else {**parts, _TYPES_PART: typed}

    def _with(self, comments: str) -> bytes:
        if self._xml is None or self._root is None:
            declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            root = f'<w:comments xmlns:w="{self._namespace}">'
            return f"{declaration}{root}{comments}</w:comments>".encode()
        return self._xml.with_insertions([self._xml.last_child(self._root, comments.encode())])

    def _related(self) -> tuple[str, bytes]:
        """Give the main part's list of relationships with one more."""
        folder, name = posixpath.split(self._main_part)
        listing = posixpath.join(folder, "_rels", f"{name}.rels")
        # Not the next number: a reference to a part that is missing might ask for that.
        key = "rIdComments"
        while key in self._relationships:
            key += "1"
        strict = self._namespace.startswith(_STRICT)
        kind = f"{_STRICT_RELATIONS if strict else _RELATIONS}/comments"
        target = escape(posixpath.relpath(self._name, folder or "."))
        said = f'Id="{key}" Type="{kind}" Target="{target}"'
        if not self._package.has(listing):
            space = f"{_PACKAGE}/relationships"
            empty = f'<?xml version="1.0" encoding="UTF-8"?>\n<Relationships xmlns="{space}"/>'
            return listing, _grown(listing, empty.encode(), "Relationship", said)
        return listing, _grown(listing, self._package.read(listing), "Relationship", said)

    def _typed(self) -> bytes | None:
        """Give the list of content types with that of comments, or None when it has it."""
        data = self._package.read(_TYPES_PART)
        wanted = f"/{self._name}".lower()
        found = []

        def look(element: Element, attributes: Mapping[str, str]) -> None:
            if element.name.endswith("}Override"):
                found.append(attributes.get("PartName", "").lower())

        PartXml(_TYPES_PART, data).walk(look)
        if wanted in found:
            return None
        said = f'PartName="/{escape(self._name)}" ContentType="{_TYPE}"'
        return _grown(_TYPES_PART, data, "Override", said)


def _grown(part: str, data: bytes, name: str, attributes: str) -> bytes:
    """Add an empty element at the end of a part's root."""
    xml = PartXml(part, data)
    root = xml.root()
    prefix, colon, _ = xml.tag_name(root).decode().rpartition(":")
    child = f"<{prefix}{colon}{name} {attributes}/>"
    return xml.with_insertions([xml.last_child(root, child.encode())])


def _head(signature: Signature) -> str:
    author, initials = (
        escape(_LINE_OR_TAB.sub(" ", _permitted(text)))
        for text in (signature.author, signature.initials)
    )
    date = signature.date
    if date is None:
        return f'w:author="{author}" w:initials="{initials}"'
    moment = (date if date.tzinfo is None else date.astimezone(UTC)).replace(tzinfo=None)
    said = f"{moment.isoformat(timespec='seconds')}Z"
    return f'w:author="{author}" w:date="{said}" w:initials="{initials}"'


def _comment(key: int, paragraphs: Sequence[str], head: str) -> str:
    first, *others = paragraphs or ("",)
    # Word shows the comment's number and author here.
    mark = "<w:r><w:annotationRef/></w:r>"
    content = [f"<w:p>{mark}{_run(first)}</w:p>", *(f"<w:p>{_run(text)}</w:p>" for text in others)]
    return f'<w:comment w:id="{key}" {head}>{"".join(content)}</w:comment>'


def _run(text: str) -> str:
    pieces = (_element(piece) for piece in _LINE_OR_TAB.split(_permitted(text)) if piece)
    return f"<w:r>{''.join(pieces)}</w:r>" if text else ""


def _element(piece: str) -> str:
    if piece == "\t":
        return "<w:tab/>"
    if piece in {"\n", "\r", "\r\n"}:
        return "<w:br/>"
    return f'<w:t xml:space="preserve">{escape(piece)}</w:t>'


def _permitted(text: str) -> str:
    """Put a sign of replacement for every character that XML cannot hold."""
    return _FORBIDDEN.sub("\ufffd", text)
