"""Generated HTML drafts: references, inline tags, comments, tables in tables, hidden text, attributes."""

from __future__ import annotations

import random

from tests.properties.content import Part, Saying, Shape
from tests.properties.sheet import Sheet, Wrap, Writer

SHAPES: tuple[Shape, ...] = (
    "heading", "paragraph", "paragraph", "items", "quote", "table", "alt", "hidden", "margin",
    "box",
)  # fmt: skip
_QUOTES = ("'", "’", "&rsquo;", "&#39;", "&apos;", "&#x2019;", "&#146;")
_SIGNS = {
    "'": _QUOTES,
    "’": _QUOTES,
    "“": ("“", '"', "&ldquo;", "&quot;", "&#8220;"),
    "”": ("”", '"', "&rdquo;", "&quot;", "&QUOT;"),
    "-": ("-", "\u2011", "&#8209;", "&hyphen;"),
    "%": ("%", "&percnt;", "&#37;"),
    "&": ("&", "&amp;", "&amp", "&#38", "&AMP;"),
    ".": (".", "&period;", "&#46;"),
    "ï": ("ï", "&iuml;", "&iuml", "&#239;"),
    "é": ("é", "&eacute;", "&#xe9;"),
    "🙂": ("🙂", "&#128578;"),
    "🦵": ("🦵", "&#x1F9B5;"),
}
_SPACES = (
    "  ", "\n", "\n    ", "\t", "\u00a0", "&nbsp;", "&nbsp", "&#160;", "\u2009", "&ensp;", "\f",
    " <!-- x -->", "<!-- > --> ", "<br>", " <br/>\n", "<b> </b>", " <wbr>", "&#32;", "&Tab;",
    " <script>'<p>'</script>",
)  # fmt: skip
_UNSEEN = (
    "\u00ad", "&shy;", "\u200b", "<wbr>", "<!-- x -->", "&#173;", "<i></i>", "&zwnj;", "<b>", "</i>",
)  # fmt: skip
_WRAPS = (
    Wrap("<b>", "</b>"), Wrap("<EM>", "</em>"), Wrap("<strong class='a'>", "</strong >"),
    Wrap('<a href="/x?a=1&amp;b=2">', "</a>"), Wrap("<span style='color:red'>", "</span>"),
    Wrap("<mark>", "</mark>"), Wrap("<i><b>", "</i></b>"), Wrap("<u>", ""),
    Wrap('<font size="+1">', "</font>"), Wrap("<abbr title='x > y'>", "</abbr>"),
)  # fmt: skip


class HtmlWriter(Writer):
    """Writes sentences as HTML."""

    wraps = _WRAPS
    visible = True

    def dress(self, sign: str, following: str) -> None:
        ways = _SIGNS.get(sign)
        if ways is not None and (sign in "“”’" or self.chance()):
            source = self.rng.choice(ways)
            if sign in "&ï" and source[-1] != ";" and following != " ":
                source = source.rstrip(";") + ";" if source[0] == "&" else source
            self.sheet.show("&amp;" if source == "&;" else source)
        elif sign.isascii() and sign.isalnum() and self.chance(0.02):
            self.sheet.show(f"&#{ord(sign)};" if self.chance(0.5) else f"&#x{ord(sign):X};")
        else:
            self.sheet.show(sign)

    def space(self, before: str, following: str) -> None:
        if self.visible and self.chance(0.03):
            self.sheet.show(" <span hidden>secret</span> ")
        else:
            self.sheet.show(self.rng.choice(_SPACES) if self.chance() else " ")

    def between(self) -> None:
        self.sheet.skip(self.rng.choice(_UNSEEN))


class _Attribute(Writer):
    """Writes an attribute's value between double quotes."""

    def dress(self, sign: str, following: str) -> None:
        ways = [way for way in _SIGNS.get(sign, (sign,)) if way != '"' and way[-1:] == ";"]
        if sign in "“”&" or (ways and self.chance()):
            self.sheet.show(self.rng.choice(ways))
        else:
            self.sheet.show(sign)

    def space(self, before: str, following: str) -> None:
        self.sheet.show(self.rng.choice((" ", " ", "&nbsp;", "\n", "&#32;")))


def write(rng: random.Random, parts: list[Part], newline: str) -> Sheet:
    """Write a whole page, or a fragment of one."""
    return _Page(rng, Sheet(newline)).written(parts)


class _Page:
    def __init__(self, rng: random.Random, sheet: Sheet) -> None:
        self._rng = rng
        self._sheet = sheet
        self._writer = HtmlWriter(rng, sheet)

    def written(self, parts: list[Part]) -> Sheet:
        titles = [part for part in parts if part.shape == "title"]
        whole = bool(titles) or self._rng.random() < 0.5
        if whole:
            self._head(titles)
        for part in parts:
            if part.shape != "title":
                _SHAPES[part.shape](self, part)
                self._sheet.skip(self._rng.choice(("", "\n", "\n\n<hr>\n", "<!-- x -->\n")))
        if whole:
            self._sheet.skip("</main></body>\n</html>\n")
        return self._sheet

    def _head(self, titles: list[Part]) -> None:
        sheet = self._sheet
        sheet.skip("<!DOCTYPE html>\n<html lang=en><head>\n<style>p > a {x: y}</style>\n")
        for number, part in enumerate(titles):
            if number == 0:
                sheet.skip("<title>")
                writer = _Attribute(self._rng, sheet)
                writer.prose(part.texts[0])
                sheet.skip("</title>\n")
            else:
                sheet.skip('<meta content="')
                _Attribute(self._rng, sheet).prose(part.texts[0])
                sheet.skip('" name="Description">\n')
        sheet.skip("<script>if (a < b) { c = '</p>' }</script></head><body><main>\n")

    def _within(self, opening: str, sayings: tuple[Saying, ...], closing: str) -> None:
        self._sheet.skip(opening)
        self._writer.prose(sayings)
        self._sheet.skip(closing)

    def _heading(self, part: Part) -> None:
        level = self._rng.randint(1, 6)
        self._within(f"<h{level}>", part.texts[0], f"</h{level}>")

    def _paragraph(self, part: Part) -> None:
        ways = (
            ("<p>", "</p>"), ("<p class=lead>\n", "\n"), ("<div>", "</div>"), ("<P>&shy;", "</P>"),
            ("<div><p>", "</div>"), ("<section><div>", "</div></section>"),
            ("<figure><figcaption>", "</figcaption></figure>"), ("<b><p>", "</b></p>"),
            ("<label>", "</label><br>"),
        )  # fmt: skip
        opening, closing = self._rng.choice(ways)
        self._within(opening, part.texts[0], closing)

    def _box(self, part: Part) -> None:
        ways = (("<dl><dt>Care<dd>", "</dl>"), ("<p>🙂 日本. ", "</p>"), ("<button>", "</button>"))
        opening, closing = self._rng.choice(ways)
        self._within(opening, part.texts[0], closing)

    def _items(self, part: Part) -> None:
        name = self._rng.choice(("ul", "ol"))
        self._within("<p>", part.lead, "</p>\n")
        self._sheet.skip(f"<{name}>\n")
        closing = self._rng.choice(("</li>\n", "\n", ""))
        for item in part.texts:
            self._within(self._rng.choice(("<li>", "<li><p>")), item, closing)
        self._sheet.skip(f"</{name}>")

    def _quote(self, part: Part) -> None:
        self._within("<blockquote><p>", part.texts[0], "</p></blockquote>")

    def _table(self, part: Part) -> None:
        sheet = self._sheet
        nested = self._rng.random() < 0.3
        sheet.skip("<table><tr><td>" if nested else "")
        sheet.skip("<table>\n<caption>Care</caption>")
        for number, cell in enumerate(part.texts):
            if number % part.columns == 0:
                sheet.skip("<tr>")
            name = "th" if number < part.columns else "td"
            self._within(f"<{name}>", cell, self._rng.choice((f"</{name}>", "\n")))
        sheet.skip("</table>")
        sheet.skip("</td></tr></table>" if nested else "")

    def _alt(self, part: Part) -> None:
        ways = (('<img src=x.png alt="', '">'), ('<p>Look.<img alt="', '"/></p>'),
                ('<input type=submit value="', '">'))  # fmt: skip
        opening, closing = self._rng.choice(ways)
        self._sheet.skip(opening)
        _Attribute(self._rng, self._sheet).prose(part.texts[0])
        self._sheet.skip(closing)

    def _hidden(self, part: Part) -> None:
        ways = (("<div hidden>", "</div>"), ("<p style='display: none'>", "</p>"),
                ("<template><p>", "</template>"), ("<noscript>", "</noscript>"))  # fmt: skip
        opening, closing = self._rng.choice(ways)
        self._writer.visible = False
        self._within(opening, part.texts[0], closing)
        self._writer.visible = True

    def _margin(self, part: Part) -> None:
        name = self._rng.choice(("footer", "nav", "aside"))
        self._within(f"<{name}><p>", part.texts[0], f"</p></{name}>")


_SHAPES = {
    "heading": _Page._heading,
    "paragraph": _Page._paragraph,
    "items": _Page._items,
    "quote": _Page._quote,
    "table": _Page._table,
    "alt": _Page._alt,
    "hidden": _Page._hidden,
    "margin": _Page._margin,
    "box": _Page._box,
}
