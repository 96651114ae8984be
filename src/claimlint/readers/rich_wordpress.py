"""WordPress posts: HTML with block comments, or the classic editor's text with empty lines."""

from __future__ import annotations

import re
from typing import NamedTuple

from claimlint.expressions import compiled
from claimlint.model.document import Document, Gap
from claimlint.model.text import Place, Source
from claimlint.readers.elements import Elements
from claimlint.readers.flow import Flow
from claimlint.readers.markup import Token
from claimlint.readers.rich_path import NodeStart, Path, TreeSource

_BLOCK = compiled(r"<!--\s+(/?)wp:([a-z][\w/-]*)\s+(?:\{.*\}\s+)?(/?)-->", re.DOTALL)
_EMPTY_LINE = compiled(r"\n[^\S\n]*\n")
_SHORTCODE = compiled(r"\[(/?)([a-z][\w-]{1,40})(?:\s([^\[\]]{0,2000}))?\]")
# Dynamic blocks and shortcodes that show nothing which somebody wrote for this post.
_WITHOUT_WORDS = frozenset((
    "comments", "latest-posts", "loginout", "more", "navigation", "nextpage", "post-author",
    "post-author-name", "post-date", "post-featured-image", "post-terms", "post-title", "search",
    "separator", "site-logo", "site-title", "social-link", "spacer",
))  # fmt: skip
_KNOWN_SHORTCODES = frozenset(("audio", "caption", "embed", "gallery", "playlist", "video"))
_CLASSIC = "freeform"
_IN_PARAGRAPH = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "pre", "button")
_DEEPEST = 100
_MOST_GAPS = 20


class _Open(NamedTuple):
    name: str
    path: Path
    start: int


class _PostElements(Elements):
    """HTML elements, with the block that each stands in."""

    __slots__ = ("_children", "_classic", "_opened", "_post", "nodes", "places")

    def __init__(self, source: Source, flow: Flow) -> None:
        super().__init__(source, flow)
        self.nodes: list[NodeStart] = []
        self.places: list[Place] = []
        self._post = source.text
        self._opened: list[_Open] = []
        self._children = [0]  # how many blocks there are at each depth so far
        self._classic = False  # whether classic text has begun at the root

    def _enter(self, name: str, start: int) -> None:
        """Begin a block whose own content starts here."""
        above = self._opened[-1].path if self._opened else None
        path = Path(above, "innerBlocks" if above else "", self._children[-1])
        self._children[-1] += 1
        if len(self._opened) < _DEEPEST:
            self._opened.append(_Open(name, path, start))
            self._children.append(0)
        self.nodes.append(NodeStart(start, path, 0))
        if above is None:
            self.places.append(Place(start, path.rendered()))

    def _leave(self, name: str, end: int) -> None:
        """End a block; what follows is the content of the one around it."""
        if not self._opened or self._opened[-1].name != name:
            return
        self._opened.pop()
        self._children.pop()
        if self._opened:
            around = self._opened[-1]
            self.nodes.append(NodeStart(end, around.path, end - around.start))

    def _begin_classic(self, start: int) -> None:
        if not self._opened and not self._classic:
            self._classic = True
            self._enter(_CLASSIC, start)
            self._opened.pop()
            self._children.pop()

    # Tokens

    def _comment(self, token: Token) -> None:
        found = _BLOCK.fullmatch(self._post, token.start, token.end)
        if found is None:
            super()._comment(token)
            return
        name = found[2].removeprefix("core/")
        if found[1]:
            self._leave(name, token.end)
            return
        self._classic = False
        self._enter(name, token.end)
        if found[3]:
            self._leave(name, token.end)
            if name not in _WITHOUT_WORDS:
                what = "a reusable block" if name == "block" else f"the block {name[:60]}"
                self._say(f"{what} is put in by the site and was not read", token.start)

    def _open(self, token: Token) -> None:
        self._begin_classic(token.start)
        super()._open(token)

    def add_text(self, start: int, end: int) -> None:
        """Add text; in classic text an empty line ends a paragraph."""
        text = self._post
        shown = text[start:end].lstrip()
        if shown:
            self._begin_classic(end - len(shown))
        at = start
        if self._is_classic() and self.flow.innermost(*_IN_PARAGRAPH) < 0:
            for found in _EMPTY_LINE.finditer(text, start, end):
                self._add(at, found.start())
                at = found.end()
                self.flow.flush()
        self._add(at, end)

    def _is_classic(self) -> bool:
        return not self._opened or self._opened[-1].name == _CLASSIC

    def _add(self, start: int, end: int) -> None:
        """Add text without the shortcodes in it, for which the site puts something else."""
        at = start
        if self._post.find("[", start, end) >= 0:
            for found in _SHORTCODE.finditer(self._post, start, end):
                known = found[2] in _KNOWN_SHORTCODES
                if not known and "=" not in (found[3] or ""):
                    continue
                super().add_text(at, found.start())
                at = found.end()
                if self.flow.draft is not None:
                    self.flow.prose().space(found.start(), at)
                if not known:
                    self._say(f"the shortcode [{found[2]}] was not read", found.start())
        if at < end:
            super().add_text(at, end)

    def _say(self, message: str, offset: int) -> None:
        if len(self.gaps) < _MOST_GAPS:
            at = self._source.position(offset)
            self.gaps.append(Gap(f"{message}; review it by hand", at.line, at.column))


def read_wordpress(source: Source) -> Document:
    """Read the content of a post as it is stored; blocks and classic text may be mixed."""
    flow = Flow()
    elements = _PostElements(source, flow)
    elements.feed((0, len(source.text)))
    elements.finish(len(source.text))
    return Document(
        source=TreeSource(
            name=source.name,
            text=source.text,
            sha256=source.sha256,
            places=tuple(elements.places),
            nodes=tuple(elements.nodes),
        ),
        format="wordpress",
        blocks=tuple(flow.blocks.done),
        directives=tuple(elements.directives),
        metadata=tuple(elements.metadata),
        gaps=tuple(elements.gaps),
    )
