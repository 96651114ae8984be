"""Generated Markdown drafts: emphasis, entities, escapes, hard breaks, tables, notes, front matter."""

from __future__ import annotations

import random

from tests.properties.content import Part, Saying, Shape
from tests.properties.sheet import Sheet, Wrap, Writer

SHAPES: tuple[Shape, ...] = (
    "heading", "paragraph", "paragraph", "items", "quote", "table", "note", "alt", "hidden",
    "margin", "box",
)  # fmt: skip
_QUOTES = ("'", "’", "&rsquo;", "&#39;", "\\'", "&apos;", "&#x2019;")
_SIGNS = {
    "'": _QUOTES,
    "’": _QUOTES,
    "“": ("“", '"', "&ldquo;", '\\"', "&quot;"),
    "”": ("”", '"', "&rdquo;", '\\"', "&quot;"),
    "-": ("-", "\u2011", "\u2010", "\\-", "&#45;", "&#8209;"),
    "%": ("%", "\\%", "&percnt;", "&#37;"),
    "&": ("&", "&amp;", "\\&", "&#38;", "&#x26;", "&AMP;"),
    ".": (".", "\\.", "&period;", "&#46;"),
    ",": (",", "\\,", "&comma;"),
    "?": ("?", "\\?", "&quest;"),
    "ï": ("ï", "&iuml;", "&#239;"),
    "é": ("é", "&eacute;", "&#xe9;"),
    "🙂": ("🙂", "&#128578;", "&#x1f642;"),
}
_SPACES = (
    "  ", "\u00a0", "&nbsp;", "\t", "\u2009", "\u202f", " \u00a0 ", "<br>", " <!-- x --> ",
    "&ensp;", "&#32;", "<br />", " `x` ", "&#xA0;",
)  # fmt: skip
_BREAKS = ("\n", "\n", "  \n", "\\\n", "<br>\n")
_UNSEEN = (
    "\u00ad", "&shy;", "\u200b", "<wbr>", "<!-- x -->", "&#173;", "<b></b>", "\ufe0f", "<del>x</del>",
)  # fmt: skip
_WRAPS = (
    Wrap("**", "**"), Wrap("*", "*"), Wrap("_", "_"), Wrap("__", "__"), Wrap("***", "***"),
    Wrap("[", "](https://x.example/a_b)"), Wrap("[", "][far]"),
    Wrap("<b>", "</b>"), Wrap('<a href="/x?a=1&amp;b">', "</a>"), Wrap("<span class='c'>", "</span>"),
    Wrap("**[", "](x)**"), Wrap("<u>**", "**</u>"), Wrap("_**", "**_"),
)  # fmt: skip
_IN_HTML = (Wrap("<b>", "</b>"), Wrap("<i>", "</i>"))


class MarkdownWriter(Writer):
    """Writes sentences as Markdown; `prefix` is what each further line of the block begins with."""

    wraps: tuple[Wrap, ...] = _WRAPS
    prefix: str | None = None  # None where no line may end

    def dress(self, sign: str, following: str) -> None:
        ways = _SIGNS.get(sign)
        if ways is not None and (sign in "“”’" or self.chance()):
            source = self.rng.choice(ways)
            if source == "&" and following != " ":
                source = "&amp;"
            self.sheet.show(source)
        elif sign.isascii() and sign.isalnum() and self.chance(0.02):
            self.sheet.show(f"&#{ord(sign)};" if self.chance(0.5) else f"&#x{ord(sign):x};")
        else:
            self.sheet.show(sign)

    def space(self, before: str, following: str) -> None:
        if not self.chance():
            self.sheet.show(" ")
        elif self.prefix is not None and self.chance(0.4):
            self.sheet.show(self.rng.choice(_BREAKS) + self.prefix)
        else:
            self.sheet.show(self.rng.choice(_SPACES))

    def between(self) -> None:
        self.sheet.skip(self.rng.choice(_UNSEEN))


class _AltWriter(MarkdownWriter):
    """Writes the description of an image, where tags are no words."""

    wraps = (Wrap("**", "**"), Wrap("*", "*"), Wrap("_", "_"))

    def between(self) -> None:
        self.sheet.skip(self.rng.choice(("\u00ad", "&shy;", "\u200b")))


class _HtmlLines(MarkdownWriter):
    """Writes inside an HTML block, where Markdown's own signs are text."""

    wraps = _IN_HTML

    def dress(self, sign: str, following: str) -> None:
        self.sheet.show("&amp;" if sign == "&" else sign)

    def space(self, before: str, following: str) -> None:
        self.sheet.show(self.rng.choice((" ", "  ", "&nbsp;", "\n")))

    def between(self) -> None:
        self.sheet.skip("&shy;")


class _Scalar(Writer):
    """Writes a value of the front matter between double quotes."""

    def dress(self, sign: str, following: str) -> None:
        if sign == '"' or not sign.isascii() or self.chance(0.05):
            code = ord(sign)
            self.sheet.show(f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")
        else:
            self.sheet.show(sign)

    def space(self, before: str, following: str) -> None:
        self.sheet.show(self.rng.choice((" ", "  ", "\\_", "\\x20", "\n   ")))


class _SingleQuoted(Writer):
    """Writes a value of the front matter between single quotes."""

    def dress(self, sign: str, following: str) -> None:
        self.sheet.show("''" if sign == "'" else sign)

    def space(self, before: str, following: str) -> None:
        self.sheet.show(self.rng.choice((" ", " ", "\n   ")))


class _Folded(Writer):
    """Writes a value of the front matter as a folded block."""

    def space(self, before: str, following: str) -> None:
        self.sheet.show(self.rng.choice((" ", " ", "\n  ")))


def write(rng: random.Random, parts: list[Part], newline: str) -> Sheet:
    """Write a whole draft."""
    return _Draft(rng, Sheet(newline)).written(parts)


class _Draft:
    def __init__(self, rng: random.Random, sheet: Sheet) -> None:
        self._rng = rng
        self._sheet = sheet
        self._writer = MarkdownWriter(rng, sheet)
        self._notes: list[tuple[str, tuple[Saying, ...]]] = []

    def written(self, parts: list[Part]) -> Sheet:
        titles = [part for part in parts if part.shape == "title"]
        if titles:
            self._front_matter(titles)
        for part in parts:
            if part.shape != "title":
                _SHAPES[part.shape](self, part)
        for label, sayings in self._notes:
            self._sheet.skip(f"[^{label}]: ")
            self._block(sayings, "    ")
        self._sheet.skip("[far]: https://x.example/far 'Far'\n")
        return self._sheet

    def _block(self, sayings: tuple[Saying, ...], prefix: str | None) -> None:
        self._writer.prefix = prefix
        self._writer.prose(sayings)
        self._writer.prefix = None
        self._sheet.skip("\n\n")

    def _front_matter(self, titles: list[Part]) -> None:
        sheet, rng = self._sheet, self._rng
        sheet.skip("---\nlayout: post\n")
        for number, part in enumerate(titles):
            sheet.skip("title: " if number == 0 else f"description{number}: ")
            sayings = part.texts[0]
            style = rng.randrange(3)
            if style == 0:
                sheet.skip('"')
                _Scalar(rng, sheet).prose(sayings)
                sheet.skip('"\n')
            elif style == 1:
                sheet.skip("'")
                _SingleQuoted(rng, sheet).prose(sayings)
                sheet.skip("' # c\n")
            else:
                sheet.skip(rng.choice((">\n  ", "|-\n  ", ">+\n  ")))
                _Folded(rng, sheet).prose(sayings)
                sheet.skip("\n")
        sheet.skip("---\n\n")

    def _heading(self, part: Part) -> None:
        rng, sheet = self._rng, self._sheet
        if rng.random() < 0.3:
            self._writer.prefix = None
            self._writer.prose(part.texts[0])
            sheet.skip("\n====\n\n")
            return
        sheet.skip("#" * rng.randint(1, 4) + " ")
        self._writer.prose(part.texts[0])
        sheet.skip(rng.choice(("\n\n", " ##\n\n", "\n")))

    def _paragraph(self, part: Part) -> None:
        kind = self._rng.randrange(8)
        if kind == 0:
            self._html(part, "<div>\n", "\n</div>\n\n")
        elif kind == 1:
            self._sheet.skip("<div>\n\n")
            self._block(part.texts[0], "")
            self._sheet.skip("</div>\n\n")
        else:
            self._block(part.texts[0], "")

    def _html(self, part: Part, opening: str, closing: str) -> None:
        self._sheet.skip(opening)
        _HtmlLines(self._rng, self._sheet).prose(part.texts[0])
        self._sheet.skip(closing)

    def _box(self, part: Part) -> None:
        self._sheet.skip(self._rng.choice(("🙂 日本. ", "*é* – so. ", "All&nbsp;well. ", "`x`")))
        self._block(part.texts[0], "")

    def _items(self, part: Part) -> None:
        rng, sheet = self._rng, self._sheet
        self._block(part.lead, "")
        mark = rng.choice(("- ", "* ", "+ ", "1. ", "1) ", "- [ ] ", "• "))
        loose = rng.random() < 0.3 and mark != "• "
        for item in part.texts:
            sheet.skip(mark)
            self._writer.prefix = None if mark == "• " else " " * (3 if mark[0] == "1" else 2)
            self._writer.prose(item)
            self._writer.prefix = None
            sheet.skip("\n\n" if loose else "\n")
        sheet.skip("\n<!-- end -->\n\n")

    def _quote(self, part: Part) -> None:
        prefix = self._rng.choice(("> ", ">", "> > ", ">> "))
        self._sheet.skip(prefix)
        self._block(part.texts[0], prefix)

    def _table(self, part: Part) -> None:
        sheet = self._sheet
        for number, cell in enumerate(part.texts):
            sheet.skip("| ")
            self._writer.prose(cell)
            sheet.skip(" ")
            if number % part.columns == part.columns - 1:
                sheet.skip("|\n")
            if number == part.columns - 1:
                sheet.skip("|" + " :-- |" * part.columns + "\n")
        sheet.skip("\n")

    def _note(self, part: Part) -> None:
        label = f"n{len(self._notes) + 1}"
        self._notes.append((label, part.texts[1]))
        self._writer.prefix = ""
        self._writer.prose(part.texts[0])
        self._writer.prefix = None
        self._sheet.skip(f"[^{label}]\n\n")

    def _alt(self, part: Part) -> None:
        self._sheet.skip("![")
        _AltWriter(self._rng, self._sheet).prose(part.texts[0])
        self._sheet.skip("](x.png 'T')\n\n")

    def _hidden(self, part: Part) -> None:
        self._html(part, "<div hidden>\n", "\n</div>\n\n")

    def _margin(self, part: Part) -> None:
        self._sheet.skip("<footer>\n\n")
        self._block(part.texts[0], "")
        self._sheet.skip("</footer>\n\n")


_SHAPES = {
    "heading": _Draft._heading,
    "paragraph": _Draft._paragraph,
    "items": _Draft._items,
    "quote": _Draft._quote,
    "table": _Draft._table,
    "note": _Draft._note,
    "alt": _Draft._alt,
    "hidden": _Draft._hidden,
    "margin": _Draft._margin,
    "box": _Draft._box,
}
