"""Which part of a page an element opens, from its name, role, id and class words."""

from __future__ import annotations

import re
from typing import Final

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
_WHOSE = (
    r"(?:(?:site|main|page|global|primary|secondary|top|bottom|mobile|desktop|header|wp|block|the"
    r"|post|app)[-_]+)*"
)
_WHAT = (
    r"(?:[-_]+(?:menu|bar|list|links?|nav|container|wrap|wrapper|inner|area|widgets?|section"
    r"|content|form|banner|notice|consent|popup|\d+))*"
)
_NAMES: Final[tuple[tuple[Zone, str], ...]] = (
    ("nav", "nav|navbar|navigation|menu|breadcrumbs?|pagination|pager|skip-links?"),
    ("footer", "footer|colophon|copyright"),
    ("header", "site-header|masthead|topbar"),
    ("aside", "sidebar|widgets|cookies?|gdpr|comments?|respond|related|newsletter|shar(?:e|ing)"),
)
_WORDS: Final = tuple(
    (zone, re.compile(f"{_WHOSE}(?:{names}){_WHAT}", re.IGNORECASE)) for zone, names in _NAMES
)
_UNSEEN_STYLE = re.compile(
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
    if name in _NEVER_SHOWN:
        return True
    if not values:
        return False
    if "hidden" in values or (name == "dialog" and "open" not in values):
        return True
    style = values.get("style")
    return style is not None and _UNSEEN_STYLE.search(style.raw) is not None


def _worded(values: dict[str, Value]) -> Zone | None:
    for attribute in ("id", "class"):
        value = values.get(attribute)
        for word in value.raw.split() if value else ():
            if len(word) > _LONGEST_WORD:
                continue
            for zone, pattern in _WORDS:
                if pattern.fullmatch(word):
                    return zone
    return None
