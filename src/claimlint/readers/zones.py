"""Which part of a page an element opens, from its name, role, id and class words."""

from __future__ import annotations

import re
from typing import Final

from claimlint.expressions import compiled
from claimlint.model.document import Zone
from claimlint.readers.markup import Value

_ROLES: Final[dict[str, Zone]] = {
    "navigation": "nav",
    "menu": "nav",
    "menubar": "nav",
    "banner": "header",
    "contentinfo": "footer",
    "complementary": "aside",
    "main": "content",
}
_LANDMARKS: Final[dict[str, Zone]] = {
    "nav": "nav",
    "footer": "footer",
    "aside": "aside",
    "main": "content",
    "menu": "nav",
}
_WORDED = frozenset(("div", "section", "ul", "ol", "p", "form", "table"))
# Words of ids and classes such as "site-footer-widgets": whose it is, what it is, and which part.
_WHOSE = frozenset((
    "site", "main", "page", "global", "primary", "secondary", "top", "bottom", "mobile",
    "desktop", "header", "wp", "block", "the", "post", "app",
))  # fmt: skip
_PARTS = frozenset((
    "menu", "bar", "list", "link", "links", "nav", "container", "wrap", "wrapper", "inner",
    "area", "widget", "widgets", "section", "content", "form", "banner", "notice", "consent",
    "popup",
))  # fmt: skip
_ZONES: Final[dict[str, Zone]] = {
    **dict.fromkeys(
        ("nav", "navbar", "navigation", "menu", "breadcrumb", "breadcrumbs", "pagination", "pager"),
        "nav",
    ),
    **dict.fromkeys(("footer", "colophon", "copyright"), "footer"),
    **dict.fromkeys(("masthead", "topbar"), "header"),
    **dict.fromkeys(("sidebar", "widgets", "cookie", "cookies", "gdpr", "newsletter"), "aside"),
    **dict.fromkeys(("comment", "comments", "respond", "related", "share", "sharing"), "aside"),
}
_UNSEEN_STYLE = compiled(
    r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
    r"|(?:opacity|font-size)\s*:\s*0(?:\.0{1,9})?(?:px|r?em|pt|%)?\s*(?:$|[;!]))",
    re.IGNORECASE,
)
# What stands in media elements is for browsers that cannot play them.
_NEVER_SHOWN = frozenset(("template", "noscript", "video", "audio", "object"))
_LONGEST_WORD = 64


def zone_of(name: str, values: dict[str, Value], zone: Zone, *, sectioned: bool) -> Zone:
    """Find the zone inside an element that stands in `zone`.

    A header inside an article or section is part of the content, as in the HTML standard.
    """
    if zone == "hidden" or is_hidden(name, values):
        return "hidden"
    role = values.get("role")
    if role is not None and role.raw.lower() in _ROLES:
        return _ROLES[role.raw.lower()]
    if name in _LANDMARKS:
        return _LANDMARKS[name]
    if name == "header":
        return zone if sectioned or zone != "content" else "header"
    if values and zone == "content" and name in _WORDED:
        return _worded(values) or zone
    return zone


def is_hidden(name: str, values: dict[str, Value]) -> bool:
    """Whether a browser shows nothing of the element: `aria-hidden` text is seen and not hidden."""
    if name in _NEVER_SHOWN or (name == "dialog" and "open" not in values):
        return True
    if not values:
        return False
    if "hidden" in values:
        return True
    style = values.get("style")
    return style is not None and _UNSEEN_STYLE.search(style.raw) is not None


def _worded(values: dict[str, Value]) -> Zone | None:
    for attribute in ("id", "class"):
        value = values.get(attribute)
        for word in value.raw.split() if value else ():
            if len(word) > _LONGEST_WORD:
                continue
            zone = _zone_of_word(word.lower().replace("_", "-").split("-"))
            if zone is not None:
                return zone
    return None


def _zone_of_word(parts: list[str]) -> Zone | None:
    """Tell "site-footer-widgets" from "menu-of-treatments" and "no-sidebar"."""
    if parts == ["site", "header"]:
        return "header"
    at = 0
    while at < len(parts) - 1 and parts[at] in _WHOSE:
        at += 1
    zone = _ZONES.get(parts[at])
    if zone is None or not all(part in _PARTS or part.isdigit() for part in parts[at + 1 :]):
        return None
    return zone
