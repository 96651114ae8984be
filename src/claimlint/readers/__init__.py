"""From bytes to a Document: one reader for each format, imported when it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never

from claimlint.model.document import Document, Format

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        ".md": "markdown",
        ".markdown": "markdown",
        ".html": "html",
        ".htm": "html",
        ".docx": "docx",
        ".txt": "text",
    }
)


def read(data: bytes, name: str, form: Format) -> Document:
    """Read a draft; raise ReadError when the bytes are not what the format says."""
    if form == "docx":
        from claimlint.readers.docx import read_docx

        return read_docx(data, name)
    from claimlint.readers.decode import decode

    source = decode(data, name)
    if form == "markdown":
        from claimlint.readers.markdown import read_markdown

        return read_markdown(source)
    if form == "html":
        from claimlint.readers.html import read_html

        return read_html(source)
    if form == "text":
        from claimlint.readers.plain import read_plain

        return read_plain(source)
    assert_never(form)
