"""The styles of a .docx file: which of them make a heading, an item, a quotation or a contents."""

from __future__ import annotations

from typing import Literal, NamedTuple

from claimlint.expressions import compiled
from claimlint.readers.docx_package import Attributes, Events, attribute

Role = Literal["heading", "item", "quote", "nav"]

# The names of built-in styles are English in every language of Word; their ids are not.
_NAMED = compiled(
    r"(?P<heading>heading|title|subtitle)(?: ?(?P<rank>[1-9]))?"
    r"|(?P<item>list ?(?:bullet|number))(?: ?(?P<depth>[1-9]))?"
    r"|(?P<quote>(?:intense ?)?quote|block ?quotation)"
    r"|(?P<nav>toc ?(?:[1-9]|heading)|index ?[1-9]|table ?of ?figures)"
)
_RANKS = {"title": 1, "subtitle": 2}
_SKIPPED = ("w:tblStylePr", "w:docDefaults", "w:pPrChange", "w:rPrChange")
_DEEPEST_HEADING = 6
BODY_TEXT = 9  # the outline level that makes no heading (ECMA-376 part 1, 17.3.1.20)


class Look(NamedTuple):
    """What a style says about its paragraphs or runs; None where neither it nor its parents do.

    `level` belongs to the role; `outline` counts from 0 as in the file; `numbered` is a place in a
    list, `depth` its level from 0; `hidden` is hidden text, `raised` is set above the line, `struck` is
    struck out.
    """

    role: Role | None = None
    level: int = 0
    outline: int | None = None
    numbered: bool | None = None
    depth: int | None = None
    hidden: bool | None = None
    raised: bool | None = None
    struck: bool | None = None

    def over(self, parent: Look) -> Look:
        """Add what the parent says where this style says nothing."""
        own = self.role is not None
        outline = parent.outline if self.outline is None else self.outline
        role = self.role if own else parent.role
        if not own and self.outline is not None and role == "heading":
            role = None
        return Look(
            role,
            self.level if own else parent.level,
            outline,
            parent.numbered if self.numbered is None else self.numbered,
            parent.depth if self.depth is None else self.depth,
            parent.hidden if self.hidden is None else self.hidden,
            parent.raised if self.raised is None else self.raised,
            parent.struck if self.struck is None else self.struck,
        )


PLAIN = Look()


def number(text: str | None) -> int | None:
    """Read a small number; None for anything else."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 6:
        return None
    return int(text)


def switched_on(attributes: Attributes) -> bool:
    """Read an on-off property, which is on unless it says otherwise."""
    return attribute(attributes, "w:val") not in {"0", "false", "off", "none"}


def set_above(attributes: Attributes) -> bool:
    """Read where text stands to its line."""
    return attribute(attributes, "w:val") == "superscript"


def named_look(name: str) -> Look:
    """Read what the name of a built-in style says."""
    found = _NAMED.fullmatch(name.lower())
    if found is None:
        return PLAIN
    if word := found["heading"]:
        rank = int(found["rank"] or _RANKS.get(word, 0))
        return Look("heading", min(rank, _DEEPEST_HEADING)) if rank else PLAIN
    if found["item"]:
        return Look("item", int(found["depth"] or 1))
    return Look("quote" if found["quote"] else "nav")


class StyleSheet:
    """The styles of a document, each with what it inherits.

    Without a styles part the ids of paragraphs are taken for names, as in files that other programs
    wrote.
    """

    def __init__(self, own: dict[str, Look], parents: dict[str, str], default: str | None) -> None:
        self._own = own
        self._parents = parents
        self._default = default
        self._looks: dict[str, Look] = {}

    def look(self, style: str | None) -> Look:
        """Tell what a style and its parents say; the default paragraph style's for None."""
        style = self._default if style is None else style
        if style is None:
            return PLAIN
        chain: list[str] = []
        at: str | None = style
        seen: set[str] = set()
        while at is not None and at not in seen and at not in self._looks:
            chain.append(at)
            seen.add(at)
            at = self._parents.get(at)
        look = self._looks.get(at, PLAIN) if at is not None else PLAIN
        for key in reversed(chain):
            own = self._own.get(key)
            look = (named_look(key) if own is None else own).over(look)
            self._looks[key] = look
        return look


class StyleEvents(Events):
    """Reads the styles part."""

    def __init__(self) -> None:
        super().__init__(
            {
                "w:style": self._start_style,
                "w:name": self._name,
                "w:basedOn": self._based_on,
                "w:outlineLvl": self._outline,
                "w:numId": self._number,
                "w:ilvl": self._depth,
                "w:vanish": self._hidden,
                "w:vertAlign": self._align,
                "w:strike": self._strike,
                "w:dstrike": self._strike_twice,
                **dict.fromkeys(_SKIPPED, self._start_skipped),
            },
            {"w:style": self._end_style},
        )
        self._styles: dict[str, Look] = {}
        self._parents: dict[str, str] = {}
        self._default: str | None = None
        self._id: str | None = None
        self._look = PLAIN

    def sheet(self) -> StyleSheet:
        """Give the styles that have been read."""
        return StyleSheet(self._styles, self._parents, self._default)

    def _start_skipped(self, _attributes: Attributes) -> None:
        self.skip = 1

    def _start_style(self, attributes: Attributes) -> None:
        self._id = attribute(attributes, "w:styleId")
        self._look = PLAIN
        if (
            attribute(attributes, "w:type") == "paragraph"
            and attribute(attributes, "w:default") in {"1", "true", "on"}
            and self._id is not None
        ):
            self._default = self._id

    def _name(self, attributes: Attributes) -> None:
        named = named_look(attribute(attributes, "w:val") or "")
        self._look = self._look._replace(role=named.role, level=named.level)

    def _based_on(self, attributes: Attributes) -> None:
        parent = attribute(attributes, "w:val")
        if self._id is not None and parent is not None:
            self._parents[self._id] = parent

    def _outline(self, attributes: Attributes) -> None:
        self._look = self._look._replace(outline=number(attribute(attributes, "w:val")))

    def _number(self, attributes: Attributes) -> None:
        self._look = self._look._replace(numbered=attribute(attributes, "w:val") != "0")

    def _depth(self, attributes: Attributes) -> None:
        self._look = self._look._replace(depth=number(attribute(attributes, "w:val")))

    def _hidden(self, attributes: Attributes) -> None:
        self._look = self._look._replace(hidden=switched_on(attributes))

    def _align(self, attributes: Attributes) -> None:
        self._look = self._look._replace(raised=set_above(attributes))

    def _strike(self, attributes: Attributes) -> None:
        self._look = self._look._replace(struck=switched_on(attributes))

    def _strike_twice(self, attributes: Attributes) -> None:
        if switched_on(attributes):  # else the single stroke, which stands before it, tells
            self._strike(attributes)

    def _end_style(self) -> None:
        if self._id is not None:
            self._styles[self._id] = self._look
        self._id = None
