"""Read Markdown: CommonMark with tables, footnotes, strike-through, task lists and front matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimlint.model.document import Document
from claimlint.model.text import Source
from claimlint.readers.flow import Flow
from claimlint.readers.markdown_events import ENDS, LEAVES, STARTS, Handlers

if TYPE_CHECKING:
    from claimlint.readers.front_matter import FrontMatter


def read_markdown(source: Source) -> Document:
    """Read a Markdown draft."""
    flow = Flow()
    front = _front_matter(source, flow)
    handlers = Handlers(source, front.end if front else 0, flow)
    _walk(handlers)
    elements = handlers.finish()
    return Document(
        source=source,
        format="markdown",
        blocks=tuple(flow.blocks.done),
        directives=(front.directives if front else ())
        + tuple(elements.directives if elements else ()),
        metadata=(front.metadata if front else ()) + tuple(elements.metadata if elements else ()),
        gaps=(front.gaps if front else ()) + tuple(elements.gaps if elements else ()),
    )


def _front_matter(source: Source, flow: Flow) -> FrontMatter | None:
    if not source.text.startswith(("---", "+++")):
        return None
    from claimlint.readers.front_matter import read_front_matter

    return read_front_matter(source, flow.blocks)


def _walk(handlers: Handlers) -> None:
    """Hand the events of the parser to their handlers; this loop is the hot spot."""
    from pyromark import Options, events_with_range

    options = (
        Options.ENABLE_TABLES
        | Options.ENABLE_FOOTNOTES
        | Options.ENABLE_STRIKETHROUGH
        | Options.ENABLE_TASKLISTS
    )
    event: Any  # a string, or a dictionary of one item
    for event, where in events_with_range(handlers.body, options=options):
        if event.__class__ is str:
            handlers.bare(event)
            continue
        name, value = event.popitem()
        if name == "Text":
            handlers.text(value, where["start"], where["end"])
        elif name == "Start":
            detail = None
            if value.__class__ is not str:
                value, detail = value.popitem()
            start = STARTS.get(value)
            if start is not None:
                if handlers.held is not None:
                    handlers.settle()
                start(handlers, detail, where["start"], where["end"])
        elif name == "End":
            end = ENDS.get(value if value.__class__ is str else next(iter(value)))
            if end is not None:
                end(handlers, where["end"])
        elif name in LEAVES:
            handlers.settle()
            LEAVES[name](handlers, value, where["start"], where["end"])
