"""The linear text of a CMS tree as it is written, and the events from which its blocks are made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeAlias

from claimlint.expressions import compiled
from claimlint.model.document import Document, Format, Gap
from claimlint.model.text import Place
from claimlint.readers.rich_flow import Assembly
from claimlint.readers.rich_path import NodeStart, Path, TreeSource

_LONE_SURROGATE = compiled("[\ud800-\udfff]")  # JSON may hold them, UTF-8 cannot
_MOST_GAPS = 20
_DEEPEST_LIST = 20

BesideKind: TypeAlias = Literal["alt", "button", "paragraph", "html"]
_Event: TypeAlias = tuple[Any, ...]  # a method of Assembly and what it is given
_ENDED: list[_Event] = [(Assembly.paragraph,)]


class Page:
    """Takes what a tree holds, in order.

    The text of a node stands in the linear text as it is, each block in a line of its own. What
    stands inside a paragraph and is no part of it (an alternative text) waits until that ends.
    """

    def __init__(self) -> None:
        self._gaps: list[Gap] = []
        self._more_gaps = 0
        self._parts: list[str] = []
        self._length = 0
        self._nodes: list[NodeStart] = []
        self._places: list[Place] = []
        self._place: Path | None = None
        self._events: list[_Event] = []
        self._fresh = True  # whether the next text begins a line
        self._waiting: list[tuple[BesideKind, str, Path]] = []
        self._address: str | None = None
        self._lists: list[str] = []  # kinds of the lists that flat items opened

    @property
    def written(self) -> int:
        """How much text there is so far, counting what waits."""
        return self._length + len(self._waiting)

    # Blocks

    def paragraph(self) -> None:
        """End the block; the next is of the kind of what is open."""
        if not self._fresh or self._waiting or self._events[-1:] != _ENDED:
            self._open(Assembly.paragraph)

    def heading(self, level: object) -> None:
        """Open a heading; a level that is none counts as 2."""
        self._open(Assembly.heading, _number(level, 6, otherwise=2))

    def quote(self) -> None:
        self._open(Assembly.quote)

    def list(self) -> None:
        self._open(Assembly.list)

    def item(self) -> None:
        self._open(Assembly.item)

    def table(self) -> None:
        self._open(Assembly.table)

    def row(self) -> None:
        self._open(Assembly.row)

    def cell(self, *, heads: bool, columns: object = 1) -> None:
        self._open(Assembly.cell, heads, _number(columns, 100, otherwise=1))

    def close(self) -> None:
        """End what was opened last."""
        self._open(Assembly.close)

    def rule(self) -> None:
        self._open(Assembly.rule)

    def _open(self, event: Callable[..., None], *given: object) -> None:
        self._end_block()
        self._events.append((event, *given))

    def _end_block(self) -> None:
        self._unlink()
        self._fresh = True
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            for kind, value, path in waiting:
                self.beside(kind, value, path)

    # Items that name their depth instead of standing in lists

    def flat_item(self, kind: str, level: int) -> None:
        """Open an item of the list of this kind at this depth (from 1); `close` ends it."""
        level = min(max(level, 1), _DEEPEST_LIST)
        lists = self._lists
        self.end_lists(level)
        if len(lists) == level and lists[-1] != kind:
            self.end_lists(level - 1)
        while len(lists) < level:
            lists.append(kind)
            self.list()
        self.item()

    def end_lists(self, depth: int = 0) -> None:
        """Close the lists of flat items that are deeper than this."""
        while len(self._lists) > depth:
            self._lists.pop()
            self.close()

    # Text

    def text(
        self, value: str, path: Path, first: int = 0, last: int | None = None, *, link: str | None
    ) -> None:
        """Add the string of a node or a part of it; `link` is the address that it leads to."""
        span = self._inline(value, path, first, last, link)
        if span is not None:
            self._events.append((Assembly.text, *span))

    def superscript(self, value: str, path: Path, *, link: str | None) -> None:
        """Add raised text, which may be a reference mark."""
        span = self._inline(value, path, 0, None, link)
        if span is not None:
            self._events.append((Assembly.superscript, *span))

    def inline_html(self, value: str, path: Path) -> None:
        """Add a string with markup of its own to the open block."""
        span = self._inline(value, path, 0, None, None)
        if span is not None:
            self._events.append((Assembly.html, *span))

    def line_break(self, path: Path) -> None:
        """Add a line break that is a node."""
        if not self._fresh:
            start = self._write(" ", path, 0)
            self._events.append((Assembly.line_break, start, self._length))

    def leave_out(self) -> None:
        """Leave out code, but keep the words on both sides apart."""
        self._events.append((Assembly.space, self._length))

    def _inline(
        self, value: str, path: Path, first: int, last: int | None, link: str | None
    ) -> tuple[int, int] | None:
        if first or last is not None:
            value = value[first:last]
        if not value or (self._fresh and value.isspace()):
            return None
        if link != self._address:
            self._unlink()
            if link is not None:
                self._events.append((Assembly.link, settled(link)))
                self._address = link
        start = self._write(value, path, first)
        return start, self._length

    def _unlink(self) -> None:
        if self._address is not None:
            self._events.append((Assembly.unlink,))
            self._address = None

    def _write(self, value: str, path: Path, at: int) -> int:
        """Append a text and give the offset at which it begins."""
        if self._fresh:
            self._fresh = False
            if self._length:
                self._parts.append("\n")
                self._length += 1
            top = path.top()
            if top != self._place:
                self._place = top
                self._places.append(Place(self._length, top.rendered()))
        start = self._length
        self._nodes.append(NodeStart(start, path, at))
        self._parts.append(settled(value))
        self._length += len(value)
        return start

    # What is no text of a paragraph

    def beside(self, kind: BesideKind, value: str, path: Path) -> None:
        """Add a text that is a block of its own, after the open one."""
        if not value or value.isspace():
            return
        if not self._fresh:
            self._waiting.append((kind, value, path))
            return
        start = self._write(value, path, 0)
        if kind == "html":
            self._events.append((Assembly.paragraph,))
            self._events.append((Assembly.html, start, self._length))
        else:
            self._events.append((Assembly.beside, kind, start, self._length))
        self._fresh = True

    def gap(self, what: str, path: Path | None, remedy: str = "check the rich text") -> None:
        """Say what was not read and where it stands; of very many only the first are named."""
        if len(self._gaps) < _MOST_GAPS:
            where = path.rendered() if path is not None else "the field itself"
            self._gaps.append(Gap(f"{what} was not read ({where}); {remedy}"))
        else:
            self._more_gaps += 1

    # The whole

    def document(self, name: str, form: Format, sha256: str) -> Document:
        """Make the blocks."""
        self.end_lists()
        self._end_block()
        source = TreeSource(
            name=name,
            text="".join(self._parts),
            sha256=sha256,
            places=tuple(self._places),
            nodes=tuple(self._nodes),
        )
        assembly = Assembly(source)
        for event, *given in self._events:
            event(assembly, *given)
        assembly.paragraph()
        gaps = [*self._gaps, *assembly.gaps[:_MOST_GAPS]]
        more = self._more_gaps + len(assembly.gaps[_MOST_GAPS:])
        if more:
            gaps.append(
                Gap(f"{more} more parts of the rich text were not read; review them by hand")
            )
        return Document(
            source=source,
            format=form,
            blocks=tuple(assembly.flow.blocks.done),
            directives=tuple(assembly.directives),
            metadata=tuple(assembly.metadata),
            gaps=tuple(gaps),
        )


def settled(value: str) -> str:
    """Replace halves of characters, which no output can hold, one for one."""
    return value if value.isascii() else _LONE_SURROGATE.sub("\ufffd", value)


def _number(value: object, most: int, *, otherwise: int) -> int:
    """Give a number of the tree, from 1 on; `otherwise` when it is none."""
    return min(max(value, 1), most) if type(value) is int else otherwise
