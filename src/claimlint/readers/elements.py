"""HTML elements as they open and close, on top of the flow of blocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from claimlint.model.document import BlockKind, Directive, Gap
from claimlint.model.text import Source, Span
from claimlint.readers import names
from claimlint.readers.blocks import Draft
from claimlint.readers.entities import add_decoded, decoded
from claimlint.readers.flow import Context, Flow, Table
from claimlint.readers.markup import Token, Value, attributes, clipped, tokens
from claimlint.readers.zones import is_hidden, zone_of

_BUTTON_TYPES = frozenset(("submit", "button", "reset"))
_PROSE_KEYS = frozenset((
    "abstract", "description", "keywords", "og:description", "og:image:alt", "og:title", "title",
    "twitter:description", "twitter:image:alt", "twitter:title",
))  # fmt: skip
_KINDS: dict[str, BlockKind] = {"blockquote": "quote", "button": "button", "title": "metadata"}
_MOST_COLUMNS = 100
_DIRECTIVE = "claimlint-"
_Default = TypeVar("_Default", int, None)


class Elements:
    """Feeds tokens of HTML into a flow; what is open stays open from one call to the next."""

    __slots__ = (
        "_broken",
        "_source",
        "_tables",
        "_text",
        "_titled",
        "directives",
        "flow",
        "gaps",
        "metadata",
    )

    def __init__(self, source: Source, flow: Flow) -> None:
        self.flow = flow
        self.directives: list[Directive] = []
        self.gaps: list[Gap] = []
        self.metadata: list[tuple[str, str]] = []
        self._source = source
        self._text = source.text
        self._tables: list[tuple[int, Table]] = []  # open tables with the depth they stand at
        self._titled: tuple[Token, Value] | None = None  # the open link that has a title
        self._broken: tuple[Draft | None, int] = (None, 0)  # where the last line break stands

    def feed(self, *ranges: tuple[int, int]) -> None:
        """Read HTML that stands in these ranges of the source, one after the other."""
        found = tokens(self._text, ranges[0][0], ranges[-1][1])
        for token in found if len(ranges) == 1 else clipped(found, ranges):
            match token.kind:
                case "text":
                    self.add_text(token.start, token.end)
                case "start":
                    self._open(token)
                case "end":
                    self._close(token)
                case "comment":
                    self._comment(token)
                case "cut":
                    self._cut(token)

    def add_text(self, start: int, end: int) -> None:
        """Add text whose character references are still to be decoded."""
        flow = self.flow
        context = flow.context
        if context.dropped or context.unread:
            return
        text = self._text
        if text[start:end].isspace():
            if flow.draft is not None:
                flow.prose().space(start, end)
            return
        prose = flow.prose()
        index = prose.length if context.superscript else 0
        add_decoded(prose, text, start, end)
        if context.superscript:
            prose.raise_from(index)

    # Tags

    def _open(self, token: Token) -> None:
        name = token.name
        flow = self.flow
        if flow.context.dropped and not self._leaves_foreign(name):
            if name not in names.VOID and not self._text.startswith("/>", token.end - 2):
                flow.push(name, flow.context, block=False)
            return
        if name in names.VOID:
            handler = _VOID_HANDLERS.get(name)
            if handler is not None:
                handler(self, token, attributes(self._text, token))
            return
        values = attributes(self._text, token)
        if name in names.CODE and flow.draft is not None:
            flow.prose().space(token.start, token.end)
        if name in names.BLOCKS:
            self._open_block(token, values)
        else:
            self._open_inline(token, values)

    def _open_inline(self, token: Token, values: dict[str, Value]) -> None:
        name = token.name
        flow = self.flow
        context = flow.context
        if name in names.DROPPED:
            if name not in names.FOREIGN or not self._text.startswith("/>", token.end - 2):
                flow.push(name, msgspec.structs.replace(context, dropped=True), barrier=True)
            return
        if is_hidden(name, values):
            context = msgspec.structs.replace(context, zone="hidden")
        if name == "sup":
            context = msgspec.structs.replace(context, superscript=True)
        elif name == "a" and "href" in values:
            flow.open_link(decoded(values["href"].raw).strip())
            self._titled = (token, values["title"]) if "title" in values else None
        elif name in names.STRUCK or name in names.CODE:
            context = msgspec.structs.replace(context, unread=True)
        flow.push(name, context, block=False)
        if name == "q" and not context.unread:
            flow.prose().atom('"', token.start, token.end)

    def _leaves_foreign(self, name: str) -> bool:
        """Close a drawing or formula that was left open, as a browser does when a block begins."""
        if name not in names.BLOCKS or name == "title":
            return False
        place = self.flow.innermost(*names.FOREIGN)
        if place < max(self.flow.innermost(*names.DROPPED), self.flow.innermost("foreignobject")):
            return False
        self._pop_to(place)
        return not self.flow.context.dropped

    def _open_block(self, token: Token, values: dict[str, Value]) -> None:
        name = token.name
        flow = self.flow
        if name == "html" and "lang" in values:
            self.metadata.append(("lang", decoded(values["lang"].raw)))
        flow.begin_block(token.start, within=name == "p" and flow.context.kind != "paragraph")
        if name in names.ENDS_PARAGRAPH:
            self._close_implied(("p",), ())
        siblings = names.SIBLINGS.get(name)
        if siblings is not None:
            self._close_implied(*siblings)
        flow.push(name, self._block_context(name, values), barrier=name in names.OUTER)

    def _close_implied(self, implied: tuple[str, ...], outside: tuple[str, ...]) -> None:
        flow = self.flow
        for name in implied:
            place = flow.innermost(name)
            if name in names.OUTER:
                if place > flow.innermost(*outside):
                    self._pop_to(place)
            elif flow.within_reach(place) and (not outside or place > flow.innermost(*outside)):
                self._pop_to(place)

    def _block_context(self, name: str, values: dict[str, Value]) -> Context:
        flow = self.flow
        context = self._seen_context(name, values)
        if name == "table" or name == "tr" or name in names.CELLS:
            return self._table_context(name, values, context)
        if name in names.HEADINGS:
            return msgspec.structs.replace(context, kind="heading", level=names.HEADINGS[name])
        if name in names.LISTS:
            ordered = name == "ol" and "reversed" not in values
            return flow.list_context(context, _whole(values.get("start"), 1) if ordered else None)
        if name == "li":
            return flow.item_context(context, _whole(values.get("value"), None))
        if name == "dd":
            return flow.definition_context(context)
        if name in _KINDS:
            context = msgspec.structs.replace(context, kind=_KINDS[name])
        if name == "textarea":
            return msgspec.structs.replace(context, dropped=True)
        if name == "pre":
            return msgspec.structs.replace(context, unread=True)
        if name in names.SECTIONS:
            return msgspec.structs.replace(context, sectioned=True)
        return context

    def _seen_context(self, name: str, values: dict[str, Value]) -> Context:
        """Give the context of a block with its zone, and whether it is folded away."""
        flow = self.flow
        context = flow.context
        zone = zone_of(name, values, context.zone, sectioned=context.sectioned)
        if zone != context.zone:
            context = msgspec.structs.replace(context, zone=zone)
        if name == "details" and "open" not in values:
            return msgspec.structs.replace(context, collapsed=True)
        if name == "summary" and (place := flow.innermost("details")) >= 0:
            return msgspec.structs.replace(context, collapsed=flow.around(place).collapsed)
        return context

    def _table_context(self, name: str, values: dict[str, Value], context: Context) -> Context:
        flow = self.flow
        if name == "table":
            self._tables.append((flow.depth, Table()))
            return msgspec.structs.replace(context, kind="paragraph", level=0, cell=None)
        if not self._tables:
            return context
        table = self._tables[-1][1]
        if name == "tr":
            table.next_row()
            return context
        heads = table.row <= 0 and (name == "th" or flow.innermost("thead") >= 0)
        return flow.cell_context(context, table, heads=heads, columns=_columns(values))

    def _close(self, token: Token) -> None:
        name = token.name
        if name in names.BLOCKS or name in names.DROPPED:
            self._close_block(token)
            return
        flow = self.flow
        place = flow.innermost(name)
        if not flow.context.dropped:
            if name == "a":
                flow.close_link()
                self._title(token.start)
            elif name == "q" and place >= 0 and flow.draft is not None and not flow.context.unread:
                flow.prose().atom('"', token.start, token.end)
            elif name == "br":
                self.line_break(token, {})
        unread = name in names.STRUCK or name in names.CODE
        if flow.in_same_block(place) or (unread and flow.within_reach(place)):
            flow.pop_to(place)

    def _close_block(self, token: Token) -> None:
        name = token.name
        flow = self.flow
        place = flow.innermost(*names.HEADINGS) if name in names.HEADINGS else flow.innermost(name)
        if name in names.ALWAYS_CLOSED or (name in names.OUTER and place > flow.innermost("table")):
            reached = place >= 0
        else:
            reached = flow.within_reach(place)
        if not flow.context.dropped:
            whole = reached and name not in names.PAGE and flow.is_innermost_block(place)
            flow.flush(token.end if whole else None)
        if not reached:
            return
        inside = flow.inside(place)
        self._pop_to(place)
        if name in names.LISTS:
            flow.blocks.lead_by(inside.lead_in)
        elif inside.kind == "metadata" and flow.blocks.done:
            self._add_title()

    def _add_title(self) -> None:
        block = self.flow.blocks.done[-1]
        if block.key == "title":
            self.metadata.append(("title", block.text))

    def _pop_to(self, place: int) -> None:
        if place < 0:
            return
        self.flow.pop_to(place)
        while self._tables and self._tables[-1][0] >= place:
            self._tables.pop()

    # Elements without content

    def line_break(self, token: Token, values: dict[str, Value]) -> None:
        flow = self.flow
        draft = flow.draft
        if draft is None:
            return
        # Two in a row end the paragraph; what was written in between tells, whoever wrote it.
        if self._broken == (draft, draft.prose.end):
            flow.flush()
        else:
            self._broken = (draft, draft.prose.end)
            flow.prose().space(token.start, token.end)

    def rule(self, token: Token, values: dict[str, Value]) -> None:
        self.flow.flush()
        self.flow.blocks.lead_by(None)

    def image(self, token: Token, values: dict[str, Value]) -> None:
        shown = values.get("alt")
        title = values.get("title")
        self._beside(token, shown, "alt")
        if title is not None and (shown is None or title.raw != shown.raw):
            self._beside(token, title, "alt")

    def _title(self, end: int) -> None:
        """Read the title of the link that ends here, if it says more than the words do."""
        if self._titled is not None:
            token, title = self._titled
            self._titled = None
            if self._text.find(title.raw.strip(), token.end, end) < 0:
                self._beside(token, title, "alt")

    def input_field(self, token: Token, values: dict[str, Value]) -> None:
        kind = values["type"].raw.lower() if "type" in values else "text"
        if kind == "image":
            self.image(token, values)
        elif kind in _BUTTON_TYPES:
            self._beside(token, values.get("value"), "button")

    def meta(self, token: Token, values: dict[str, Value]) -> None:
        named = values.get("name") or values.get("property") or values.get("itemprop")
        content = values.get("content")
        if named is None or content is None:
            return
        key = decoded(named.raw).strip().lower()
        self.metadata.append((key, decoded(content.raw)))
        if key in _PROSE_KEYS:
            draft = Draft("metadata", self.flow.context.zone, token.start)
            draft.key = key
            draft.end = token.end
            add_decoded(draft.prose, self._text, content.start, content.end, attribute=True)
            self.flow.beside(draft)

    def _beside(self, token: Token, value: Value | None, kind: str) -> None:
        flow = self.flow
        if value is None or not value.raw or flow.context.unread:
            return
        draft = Draft("button" if kind == "button" else "alt", flow.context.zone, token.start)
        draft.end = token.end
        add_decoded(draft.prose, self._text, value.start, value.end, attribute=True)
        flow.beside(draft)

    # What is not text

    def _comment(self, token: Token) -> None:
        text = self._text[token.start : token.end]
        if text.startswith("<!--") and text.endswith("-->"):
            words = text[4:-3].strip()
            if words.startswith(_DIRECTIVE):
                self.directives.append(Directive(text=words, span=Span(token.start, token.end)))

    def _cut(self, token: Token) -> None:
        if token.name in ("comment", "tag"):
            self._gap(f"a {token.name}", token.start)

    def finish(self, end: int) -> None:
        """End the last block; say so when an element that is not shown was left open."""
        flow = self.flow
        flow.flush(end if flow.draft is not None and flow.draft.end > end else None)
        if flow.context.dropped:
            self._gap("an element that shows no text (such as <script> or <svg>)", end)
        elif flow.context.unread:
            self._gap("an element of deleted text or code (such as <s> or <code>)", end)

    def _gap(self, what: str, offset: int) -> None:
        at = self._source.position(offset)
        message = f"{what} is never closed, so the text after it was not read; close it"
        self.gaps.append(Gap(message, at.line, at.column))


def _columns(values: dict[str, Value]) -> int:
    return min(max(_whole(values.get("colspan"), 1), 1), _MOST_COLUMNS)


def _whole(value: Value | None, default: _Default) -> int | _Default:
    """Read a number of at most four digits; the default for anything else."""
    if value is None or not value.raw.isascii() or not value.raw.isdigit() or len(value.raw) > 4:
        return default
    return int(value.raw)


_VOID_HANDLERS: dict[str, Callable[[Elements, Token, dict[str, Value]], None]] = {
    "br": Elements.line_break,
    "hr": Elements.rule,
    "img": Elements.image,
    "area": Elements.image,
    "input": Elements.input_field,
    "meta": Elements.meta,
}
