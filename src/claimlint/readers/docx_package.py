"""The package of a .docx file: a zip of XML parts, opened within limits and parsed as events.

Nothing is expanded that is not read, what is read is counted while it is inflated, and a part is
parsed as a stream of events: no tree is built, no DTD is accepted and no address is ever fetched.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

from claimlint.errors import ReadError, UsageError
from claimlint.readers.docx_zip import part_key

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DIRECTORY_END, _DIRECTORY_END_BYTES, _COMMENT_BYTES = b"PK\x05\x06", 22, 65_535
_DIRECTORY_ENTRY = b"PK\x01\x02"
_STORED, _DEFLATED, _ENCRYPTED = 0, 8, 1
_CHUNK_BYTES = 1 << 16
_RATIO_FROM_BYTES = 1 << 20  # small parts of much white space expand a thousandfold and harm nobody

_OPEN_XML = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
# Transitional and strict names of the same vocabulary (ISO/IEC 29500-4 and -1).
_NAMESPACES = {
    "w": (f"{_OPEN_XML}wordprocessingml/2006/main", f"{_STRICT}wordprocessingml/main"),
    "r": (
        f"{_OPEN_XML}officeDocument/2006/relationships",
        f"{_STRICT}officeDocument/relationships",
    ),
    "m": (f"{_OPEN_XML}officeDocument/2006/math", f"{_STRICT}officeDocument/math"),
    "wp": (
        f"{_OPEN_XML}drawingml/2006/wordprocessingDrawing",
        f"{_STRICT}drawingml/wordprocessingDrawing",
    ),
    "a": (f"{_OPEN_XML}drawingml/2006/main", f"{_STRICT}drawingml/main"),
    "c": (f"{_OPEN_XML}drawingml/2006/chart", f"{_STRICT}drawingml/chart"),
    "dgm": (f"{_OPEN_XML}drawingml/2006/diagram", f"{_STRICT}drawingml/diagram"),
    "mc": (f"{_OPEN_XML}markup-compatibility/2006",),
    "pr": (f"{_OPEN_XML}package/2006/relationships",),
    "cp": (f"{_OPEN_XML}package/2006/metadata/core-properties",),
    "dc": ("http://purl.org/dc/elements/1.1/",),
    "dct": ("http://purl.org/dc/terms/",),
    "v": ("urn:schemas-microsoft-com:vml",),
}

Attributes: TypeAlias = Mapping[str, str]
_T = TypeVar("_T")


def tags(table: Mapping[str, _T]) -> dict[str, _T]:
    """Spell out names such as "w:p" as the parser gives them, in every namespace they have."""
    return {
        f"{{{namespace}}}{local}": value
        for name, value in table.items()
        for prefix, _, local in [name.partition(":")]
        for namespace in _NAMESPACES[prefix]
    }


def _with_ampersands(attributes: Attributes) -> Attributes:
    """Undo what libxml2 does to `&amp;` in attributes when it is to resolve no entities: `&#38;`."""
    if not any("&" in value for value in attributes.values()):
        return attributes
    return {name: value.replace("&#38;", "&") for name, value in attributes.items()}


def attribute(attributes: Attributes, name: str) -> str | None:
    """Read an attribute such as "w:val" in whichever namespace the document uses."""
    prefix, _, local = name.partition(":")
    for namespace in _NAMESPACES[prefix]:
        value = attributes.get(f"{{{namespace}}}{local}")
        if value is not None:
            return value
    return None


class Limits(NamedTuple):
    """What a package may hold: entries, bytes after expansion, and bytes out per byte in."""

    entries: int = 2_000
    expanded_bytes: int = 100 << 20
    ratio: int = 200


DEFAULT_LIMITS = Limits()


class PartError(ReadError):
    """One part that is missing or damaged; the rest of the document may still be readable."""


class Relationship(NamedTuple):
    """What a part refers to: the last word of the relation's type, its target, if it is outside."""

    kind: str
    target: str
    external: bool

    def within(self, folder: str) -> Relationship:
        """Make the target the name of a part, as seen from a part in `folder`."""
        if self.external or self.kind == "hyperlink":
            return self
        target = posixpath.normpath(posixpath.join("/", folder, self.target)).lstrip("/")
        return self._replace(target=target)


class Events:
    """What a part's XML says, in order; subclasses keep what they need of it.

    `skip` counts the elements that are open and not wanted, so that they need no recursion.
    """

    def __init__(
        self,
        starts: Mapping[str, Callable[[Attributes], None]],
        ends: Mapping[str, Callable[[], None]],
    ) -> None:
        self._starts = tags(starts)
        self._ends = tags(ends)
        self._heard: list[str] | None = None
        self.skip = 0

    def doctype(self, _name: str, _public: str | None, _system: str | None) -> None:
        """Refuse a document type declaration: no part may have one (ECMA-376 part 2, 8.1.4)."""
        raise ReadError(
            "the file declares XML entities or a document type, which no Word document does and "
            "which can be used for an attack; open it in Word and save it as a new .docx"
        )

    def start(self, tag: str, attributes: Attributes) -> None:
        if self.skip:
            self.skip += 1
            return
        handle = self._starts.get(tag)
        if handle is not None:
            handle(_with_ampersands(attributes))

    def end(self, tag: str) -> None:
        if self.skip:
            self.skip -= 1
            return
        handle = self._ends.get(tag)
        if handle is not None:
            handle()

    def data(self, text: str) -> None:
        if self._heard is not None and not self.skip:
            self._heard.append(text)

    def close(self) -> None:
        """Nothing to hand over: the events have been kept as they came."""

    def listen(self, _attributes: Attributes) -> None:
        """Begin to keep character data."""
        self._heard = []

    def heard(self) -> str:
        """Give the character data since `listen`, on one line, and keep no more."""
        text = "".join(self._heard or ())
        self._heard = None
        return text.replace("\r", " ").replace("\n", " ")


class _Relationships(Events):
    def __init__(self) -> None:
        super().__init__({"pr:Relationship": self._add}, {})
        self.found: dict[str, Relationship] = {}

    def _add(self, attributes: Attributes) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2]
        external = attributes.get("TargetMode") == "External"
        target = attributes.get("Target", "")
        self.found[attributes.get("Id", "")] = Relationship(kind, target, external)


class Package:
    """The parts of one .docx file.

    Raises ReadError when the bytes are no such file or go beyond the limits.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._limits = limits
        self._expanded = 0
        self._archive = _open_archive(data, limits)
        # Part names do not differ by case alone (ECMA-376 part 2, 6.2.2); two that do are a trick.
        self._entries: dict[str, ZipInfo | None] = {}
        for info in self._archive.infolist():
            key = part_key(info.filename)
            self._entries[key] = None if key in self._entries else info

    def has(self, part: str) -> bool:
        """Say whether there is a part of this name."""
        return part.lower() in self._entries

    def relationships(self, part: str) -> dict[str, Relationship]:
        """Read what a part ("" for the package) refers to, by id; targets inside as part names."""
        folder, name = posixpath.split(part)
        listing = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self.has(listing):
            return {}
        events = _Relationships()
        self.parse(listing, events)
        return {key: found.within(folder) for key, found in events.found.items()}

    def read(self, part: str) -> bytes:
        """Read the bytes of a part; raises as `parse` does."""
        return b"".join(self._inflate(part))

    def parse(self, part: str, events: Events) -> None:
        """Send the XML of a part to `events`.

        Raises PartError when the part is missing or damaged, ReadError beyond a limit.
        """
        etree = _etree()
        parser = etree.XMLParser(
            target=events,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            for chunk in self._inflate(part):
                parser.feed(chunk)
            parser.close()
        except etree.XMLSyntaxError as error:
            raise _damaged(part) from error

    def _inflate(self, part: str) -> Iterator[bytes]:
        import zlib
        from zipfile import BadZipFile

        info = self._entry(part)
        size = 0
        try:
            with self._archive.open(info) as stream:
                while chunk := stream.read(_CHUNK_BYTES):
                    size += len(chunk)
                    self._count(len(chunk), size, info.compress_size)
                    yield chunk
        except (BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
            raise _damaged(part) from error

    def _entry(self, part: str) -> ZipInfo:
        if not self.has(part):
            raise PartError(f"the part {part} is missing; open the file in Word and save it again")
        info = self._entries[part.lower()]
        if info is None:
            raise ReadError(
                f"the file holds more than one part named {part}; open it in Word and save it again"
            )
        if info.flag_bits & _ENCRYPTED:
            raise ReadError(_ENCRYPTED_FILE)
        if info.compress_type not in {_STORED, _DEFLATED}:
            raise PartError(
                f"the part {part} is compressed in a way that Word does not use; "
                "open the file in Word and save it again"
            )
        return info

    def _count(self, more: int, size: int, packed: int) -> None:
        limits = self._limits
        self._expanded += more
        if self._expanded > limits.expanded_bytes:
            raise ReadError(
                f"the file expands to more than {limits.expanded_bytes:,} bytes, which looks like "
                "an attack; split the document"
            )
        if size > _RATIO_FROM_BYTES and size > limits.ratio * max(packed, 1):
            raise ReadError(
                f"a part of the file expands more than {limits.ratio} times, which looks like an "
                "attack; open it in Word and save it again"
            )


_ENCRYPTED_FILE = (
    "the file is encrypted with a password; open it in Word, remove the password "
    "(File > Info > Protect Document) and save it again"
)


def _etree() -> Any:
    try:
        from lxml import etree  # type: ignore[import-untyped,unused-ignore]  # it has no types
    except ImportError as error:
        raise UsageError(
            'reading .docx files needs the extra "docx": in a clone of claimlint, run '
            "pip install '.[docx]'"
        ) from error
    return etree


def _damaged(part: str) -> PartError:
    return PartError(f"the part {part} is damaged; open the file in Word and save it again")


def _open_archive(data: bytes, limits: Limits) -> ZipFile:
    from zipfile import BadZipFile, ZipFile

    _refuse_other_formats(data)
    if _entries(data) > limits.entries:
        raise ReadError(
            f"the file holds more than {limits.entries:,} parts, which looks like an attack; "
            "open it in Word and save it again"
        )
    try:
        return ZipFile(BytesIO(data))
    except (BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise ReadError(
            "the file is damaged or cut off: its list of parts cannot be read; "
            "fetch it again, or open it in Word and save it again"
        ) from error


def _refuse_other_formats(data: bytes) -> None:
    if not data:
        raise ReadError("the file is empty; save the document again as .docx")
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise ReadError(_ENCRYPTED_FILE)
        raise ReadError(
            "the file is in the old Word format (.doc) under another name; "
            "open it in Word and save it as .docx"
        )
    if not data.startswith(b"PK"):
        raise ReadError(
            "the file is no Word document, whatever its name says; save the draft as .docx"
        )


def _entries(data: bytes) -> int:
    """Count the directory's entries without reading it, or 0 where there is no directory."""
    at = data.rfind(_DIRECTORY_END, max(0, len(data) - _DIRECTORY_END_BYTES - _COMMENT_BYTES))
    if at < 0:
        return 0
    size = int.from_bytes(data[at + 12 : at + 16], "little")
    return data.count(_DIRECTORY_ENTRY, max(0, at - size), at)
