"""What bytes are read as text, and what is said of those that are not."""

from __future__ import annotations

import hashlib

import pytest

from claimlint.errors import ReadError
from claimlint.readers import FORMATS, read


@pytest.mark.parametrize(
    "data",
    [
        "Cure é".encode(),
        b"\xef\xbb\xbf" + "Cure é".encode(),
        b"\xff\xfe" + "Cure é".encode("utf-16-le"),
        b"\xfe\xff" + "Cure é".encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16-le", "utf-16-be"],
)
def test_encodings_give_the_same_text(data: bytes) -> None:
    document = read(data, "a.txt", "text")
    assert document.source.text == "Cure é"
    assert document.source.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_newlines_stay_as_they_are(newline: str) -> None:
    text = newline.join(("One", "two", "", "three"))
    assert read(text.encode(), "a.md", "markdown").source.text == text


def test_a_bad_byte_is_told_with_its_line_and_column() -> None:
    with pytest.raises(
        ReadError, match=r"not valid UTF-8 \(byte 0xe9\); save it as UTF-8"
    ) as error:
        read("né\r\n".encode() + b"caf\xe9 cr\xe8me", "a.txt", "text")
    assert (error.value.line, error.value.column) == (2, 4)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7\n\x00", "this is a PDF, not text"),
        (b"PK\x03\x04\x14\x00", "ZIP archive"),
        (b"\x89PNG\r\n\x1a\n", "PNG image"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Word document"),
        (b"{\\rtf1 text}", "RTF document"),
        ("text".encode("utf-16-le"), "without a byte-order mark"),
        (b"\xff\xfe\x00\x00" + "text".encode("utf-32-le"), "UTF-32"),
        (b"\xff\xfe" + b"t\x00e", "not valid UTF-16"),
        (bytes(range(1, 20)) * 9, "binary"),
    ],
)
@pytest.mark.parametrize("form", ["markdown", "html", "text"])
def test_what_is_no_text_is_refused(data: bytes, words: str, form: str) -> None:
    with pytest.raises(ReadError, match=words):
        read(data, "a", form)  # type: ignore[arg-type]


def test_nothing_is_an_empty_document() -> None:
    for form in ("markdown", "html", "text"):
        document = read(b"", "a", form)
        assert document.blocks == ()
        assert document.gaps == ()


def test_every_suffix_of_the_hook_has_a_format() -> None:
    assert set(FORMATS) == {".md", ".markdown", ".html", ".htm", ".docx", ".txt"}
