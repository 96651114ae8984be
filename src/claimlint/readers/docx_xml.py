"""Insert bytes into the XML of a part without touching what stands there.

Elements are numbered in the order of their start tags, from 1, as the events of reading are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from claimlint.readers.docx_package import Events, PartError

_DECLARED = re.compile(rb"<\?xml[^>]*?\bencoding\s*=\s*[\"\']([A-Za-z][\w.-]*)[\"\']")
_TAG = re.compile(rb"""<(?P<name>[^\s/>]+)(?:[^"'>]++|"[^"]*+"|'[^']*+')*+>""")
_MARKS = (
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)


class Element:
    """An element of a part: its name as "{namespace}local" and the bytes where its tags stand.

    `opened` is the end of the start tag, `closing` the beginning of the end tag (both the end of an
    empty element's only tag), `end` the end of all. `content` is left to whoever walks: where what
    comes after the element's properties begins.
    """

    __slots__ = ("closing", "content", "end", "name", "number", "opened", "parent", "start")

    def __init__(self, name: str, number: int, start: int, parent: Element | None) -> None:
        self.name = name
        self.number = number
        self.start = start
        self.opened = self.content = self.closing = self.end = start
        self.parent = parent


class Insertion(NamedTuple):
    """Bytes that come into a part at a place; `over` counts the bytes that they stand for."""

    at: int
    text: bytes
    over: int = 0


class PartXml:
    """The XML of one part as UTF-8, whatever its encoding.

    Raises PartError when it cannot be decoded.
    """

    def __init__(self, part: str, data: bytes) -> None:
        self._part = part
        self._codec = _codec(data)
        self.data = data if self._codec == "utf-8" else self._transcoded(data)

    def _transcoded(self, data: bytes) -> bytes:
        try:
            text = data.decode(self._codec)
            if text.encode(self._codec) == data:
                return text.encode()
        except (LookupError, UnicodeError) as error:
            raise self._unreadable() from error
        raise self._unreadable()

    def _unreadable(self) -> PartError:
        return PartError(
            f"the part {self._part} is in an encoding that cannot be written back; "
            "open the file in Word and save it again"
        )

    def walk(
        self,
        start: Callable[[Element, Mapping[str, str]], None],
        end: Callable[[Element], None] | None = None,
        declare: Callable[[str, str], None] | None = None,
    ) -> None:
        """Send every element to `start` and, when its places are known, to `end`.

        `declare` gets prefixes with their namespaces. Raises PartError when the XML is damaged,
        ReadError when it declares a document type.
        """
        from xml.parsers import expat

        parser = expat.ParserCreate("utf-8", "}")
        refuse = Events({}, {}).doctype
        parser.StartDoctypeDeclHandler = lambda name, *_: refuse(name, None, None)
        data = self.data
        count = 0
        last: Element | None = None

        def open_element(name: str, attributes: Mapping[str, str]) -> None:
            nonlocal count, last
            count += 1
            last = Element(f"{{{name}", count, parser.CurrentByteIndex, last)
            last.opened = last.content = last.closing = last.end = _tag_end(data, last.start)
            start(last, attributes)

        def close_element(_name: str) -> None:
            nonlocal last
            assert last is not None
            if data[last.opened - 2 : last.opened] != b"/>":
                last.closing = parser.CurrentByteIndex
                last.end = data.index(b">", last.closing) + 1
            if end is not None:
                end(last)
            last = last.parent

        parser.StartElementHandler = open_element
        parser.EndElementHandler = close_element
        if declare is not None:
            parser.StartNamespaceDeclHandler = lambda prefix, name: declare(prefix or "", name)
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise PartError(
                f"the part {self._part} is damaged; open the file in Word and save it again"
            ) from error

    def root(self) -> Element:
        """Give the element around all others; raises as `walk` does."""
        roots: list[Element] = []

        def keep(element: Element, _attributes: Mapping[str, str]) -> None:
            if not roots:
                roots.append(element)

        self.walk(keep)
        return roots[0]

    def tag_name(self, element: Element) -> bytes:
        """Give the name of an element as it is written, with its prefix."""
        found = _TAG.match(self.data, element.start)
        assert found is not None
        return found["name"]

    def end_tag(self, element: Element) -> bytes:
        """Give the end tag that fits an element's start tag."""
        return b"</" + self.tag_name(element) + b">"

    def last_child(self, element: Element, text: bytes) -> Insertion:
        """Insert at the end of an element's content, also where that is one empty tag."""
        if element.closing < element.end:
            return Insertion(element.closing, text)
        return Insertion(element.end - 2, b">" + text + self.end_tag(element), over=2)

    def with_insertions(self, insertions: Iterable[Insertion]) -> bytes:
        """Give the part with these insertions, in its own encoding."""
        pieces: list[bytes] = []
        at = 0
        for insertion in sorted(insertions):
            pieces += (self.data[at : insertion.at], insertion.text)
            at = insertion.at + insertion.over
        pieces.append(self.data[at:])
        whole = b"".join(pieces)
        if self._codec == "utf-8":
            return whole
        return whole.decode().encode(self._codec, "xmlcharrefreplace")


def spelled(attributes: Mapping[str, str]) -> dict[str, str]:
    """Give attributes of `walk` as the events of reading have them: "{namespace}local"."""
    return {f"{{{name}" if "}" in name else name: text for name, text in attributes.items()}


def _codec(data: bytes) -> str:
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return codec
    declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf"))
    name = declared[1].decode().lower() if declared else "utf-8"
    return "utf-8" if name in {"utf-8", "utf8"} else name


def _tag_end(data: bytes, start: int) -> int:
    found = _TAG.match(data, start)
    assert found is not None
    return found.end()
