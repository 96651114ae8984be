"""The names of HTML elements, by what they do to the text around them."""

from __future__ import annotations

from typing import Final

HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
# Elements that begin and end a block of text.
BLOCKS = frozenset((
    "address", "article", "aside", "audio", "blockquote", "body", "button", "caption", "center",
    "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "html",
    "label", "legend", "li", "main", "menu", "nav", "noscript", "object", "ol", "optgroup",
    "option", "p", "pre", "search", "section", "select", "summary", "table", "tbody", "td",
    "template", "textarea", "tfoot", "th", "thead", "title", "tr", "ul", "video",
))  # fmt: skip
VOID = frozenset((
    "area", "base", "basefont", "br", "col", "embed", "frame", "hr", "img", "input", "link",
    "meta", "param", "source", "track", "wbr",
))  # fmt: skip
FOREIGN = frozenset(("svg", "math"))
# Elements whose text is not shown as text.
DROPPED = frozenset((
    "canvas", "datalist", "iframe", "math", "noembed", "noframes", "script", "style", "svg",
    "textarea", "xmp",
))  # fmt: skip
# Deleted text, and what is no prose: only the latter keeps the words on both sides apart.
STRUCK = frozenset(("del", "s", "strike"))
CODE = frozenset(("code", "kbd", "pre", "samp", "tt"))
LISTS = frozenset(("ul", "ol", "dir", "menu"))
CELLS = frozenset(("td", "th"))
ENDS_PARAGRAPH = BLOCKS - {"button", "label", "option", "optgroup", "select", "noscript"}
# What an element closes when it opens, and the element outside which it closes nothing.
SIBLINGS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "li": (("li",), ("ul", "ol", "dir", "menu")),
    "dt": (("dt", "dd"), ("dl",)),
    "dd": (("dt", "dd"), ("dl",)),
    "option": (("option",), ("select",)),
    "td": (("td", "th"), ("table", "tr")),
    "th": (("td", "th"), ("table", "tr")),
    "tr": (("tr",), ("table",)),
    "tbody": (("tr", "thead", "tbody", "tfoot"), ("table",)),
    "thead": (("tr", "thead", "tbody", "tfoot"), ("table",)),
    "tfoot": (("tr", "thead", "tbody", "tfoot"), ("table",)),
}
OUTER = frozenset(("table", "tbody", "thead", "tfoot", "tr", "td", "th", "template"))
PAGE = frozenset(("body", "html"))
ALWAYS_CLOSED = frozenset(("table", "template", "body", "html"))
SECTIONS = frozenset(("article", "section", "main", "blockquote", "figure", "details"))
