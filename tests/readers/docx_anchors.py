"""What a file's comments stand at, read from its markup without any of the program's own code."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from lxml import etree

_SHOWN = {"tab": "\t", "ptab": "\t", "noBreakHyphen": "-", "softHyphen": "\u00ad", "cr": " "}
_UNREAD = {"del", "moveFrom", "Fallback", "pPr", "rPr", "sdtPr", "instrText"}
_MAY_HOLD_MARKS = {
    "p", "hyperlink", "ins", "moveTo", "smartTag", "sdtContent", "fldSimple", "customXml", "dir",
    "bdo",
}  # fmt: skip


def parts(data: bytes) -> dict[str, bytes]:
    """The entries of a package, in order."""
    with ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info) for info in archive.infolist()}


def prose(xml: bytes) -> str:
    """All character data of a part."""
    return "".join(etree.fromstring(xml).itertext())


def local(element: Any) -> str:
    """An element's name without its namespace."""
    return str(etree.QName(element).localname)


def key(element: Any) -> int:
    """The id of a comment or of its mark."""
    return int(next(value for name, value in element.items() if name.endswith("}id")))


def anchors(data: bytes, main: str = "word/document.xml") -> dict[int, str]:
    """The words between the marks of each comment, in reading order; the marks must be sound."""
    parser = etree.XMLParser(remove_comments=True, remove_pis=True)
    root = etree.fromstring(parts(data)[main], parser)
    open_comments: dict[int, list[str]] = {}
    done: dict[int, str] = {}
    referred: set[int] = set()
    for element in _walk(root):
        name = local(element)
        if name == "commentRangeStart":
            _check_place(element)
            assert key(element) not in open_comments
            open_comments[key(element)] = []
        elif name == "commentRangeEnd":
            _check_place(element)
            done[key(element)] = "".join(open_comments.pop(key(element)))
        elif name == "commentReference":
            assert local(element.getparent()) == "r"
            _check_place(element.getparent())
            assert key(element) in done
            assert key(element) not in referred
            referred.add(key(element))
        else:
            for words in open_comments.values():
                words.append(_text(element, name))
    assert not open_comments
    assert referred == set(done)
    return done


def _check_place(element: Any) -> None:
    around = element.getparent()
    assert local(around) in _MAY_HOLD_MARKS
    assert not any(
        local(one) in {"txbxContent", "oMath", "ruby"} for one in element.iterancestors()
    )
    following = element.getnext()
    assert following is None or local(following) != "pPr"


def _text(element: Any, name: str) -> str:
    if name == "t":
        return str(element.text or "").replace("\n", " ").replace("\r", " ")
    if name == "br":
        return " " if all(value == "textWrapping" for value in element.attrib.values()) else "  "
    return _SHOWN.get(name, "") if local(element.getparent()) == "r" else ""


def _walk(root: Any) -> Iterator[Any]:
    stack = [root]
    while stack:
        element = stack.pop()
        yield element
        if local(element) not in _UNREAD:
            stack.extend(reversed(element))
