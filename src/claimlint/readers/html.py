"""Read HTML pages and fragments."""

from __future__ import annotations

from claimlint.model.document import Document
from claimlint.model.text import Source
from claimlint.readers.elements import Elements
from claimlint.readers.flow import Flow


def read_html(source: Source) -> Document:
    """Read a page or a fragment; zones are labelled and nothing visible is left out."""
    flow = Flow()
    elements = Elements(source, flow)
    elements.feed((0, len(source.text)))
    elements.finish(len(source.text))
    return Document(
        source=source,
        format="html",
        blocks=tuple(flow.blocks.done),
        directives=tuple(elements.directives),
        metadata=tuple(elements.metadata),
        gaps=tuple(elements.gaps),
    )
