"""From bytes to a Document: one reader for each format, imported when it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

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
    """Read a draft or the rich text of a CMS; raise ReadError when it is not what the format says."""
    if form == "docx":
        from claimlint.readers.docx import read_docx

        return read_docx(data, name)
    from claimlint.readers.decode import decode

    if form == "markdown":
        from claimlint.readers.markdown import read_markdown

        return read_markdown(decode(data, name))
    if form == "html":
        from claimlint.readers.html import read_html

        return read_html(decode(data, name))
    if form == "text":
        from claimlint.readers.plain import read_plain

        return read_plain(decode(data, name))
    if form == "wordpress":
        from claimlint.readers.rich_wordpress import read_wordpress

        return read_wordpress(decode(data, name))
    from claimlint.readers.rich_read import read_tree

    return read_tree(data, name, form)
