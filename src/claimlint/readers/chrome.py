"""What surrounds the text of a page that was pasted whole: menus, breadcrumbs, comment forms."""

from __future__ import annotations

import re
from collections.abc import Sequence

from claimlint.expressions import compiled
from claimlint.model.document import Zone
from claimlint.readers.lines import Line, ends_sentence

# Lines that are chrome wherever they stand.
_FOOTER = compiled(
    r"(?:\u00a9|\(c\) ?(?:19|20)\d\d|copyright \u00a9?\s?(?:19|20)\d\d).{0,150}$"
    r"|all rights reserved\.?$",
    re.IGNORECASE,
)
_COMMENTS = compiled(
    r"(?:leave a (?:reply|comment)|post (?:a )?comment|your email address will not be published.*"
    r"|required fields are marked.*|save my name, email.*|cancel reply"
    r"|be the first to comment.*|\d{1,4} (?:comments?|responses?|replies)"
    r"|\ub313\uae00(?: \uc4f0\uae30| \ub0a8\uae30\uae30)?|\uacf5\uac10"
    r"|\uad6c\ub3c5\ud558\uae30)[\s*]*$",
    re.IGNORECASE,
)
_CRUMBS = compiled(
    r"[^.!?>\u00bb\u203a/]{1,60}(?:\s[>\u00bb\u203a]\s[^.!?>\u00bb\u203a]{1,90}){1,8}$"
)
_CRUMB = compiled("[>\u00bb\u203a]")
_COOKIES = compiled(
    r"(?:this (?:web)?site|we) uses? cookies\b|accept (?:all )?cookies\b"
    r"|cookie (?:policy|settings)$",
    re.IGNORECASE,
)
# Lines of menus; they count where several short lines stand together at the head or the tail.
_MENU = compiled(
    r"(?:home(?:page)?|about(?: us)?|our (?:team|clinic|story)|contact(?: us)?|menu|main menu"
    r"|search|search for:?|subscribe|sign (?:in|up)|log ?in|register|skip to (?:main )?content"
    r"|blog|news|faqs?|services|categories|quick links|privacy(?: policy)?"
    r"|terms(?: of (?:use|service))?|sitemap|site map|follow us|share(?: this)?(?: post)?:?"
    r"|tweet|facebook|instagram|twitter|youtube|linkedin|pinterest|tiktok|x|print|email"
    r"|book (?:now|online)|call now|previous(?: post)?|next(?: post)?|related (?:posts|articles)"
    r"|recent posts|tags?:?.{0,60}|posted (?:in|on|by).{0,60}|back to .{1,60}"
    r"|was this .{1,30} helpful\?|read more|learn more|newsletter|toggle navigation|close"
    r"|disclaimer|latest \w{1,20})$",
    re.IGNORECASE,
)
_LONGEST_SHORT = 60
_MOST_WORDS_SHORT = 9
_MOST_WORDS_MENU = 3
_SHORTEST_RUN = 3
_MOST_LONG_LINES_IN_HEAD = 1
_GLUED = compiled(r"[a-z][A-Z][a-z]")


def zones_of(lines: Sequence[Line]) -> list[Zone]:
    """Label each line with its zone; what is not surely chrome is content."""
    zones: list[Zone] = [_sure_zone(line.text) for line in lines]
    _mark_head(lines, zones)
    _mark_tail(lines, zones)
    return zones


def _sure_zone(text: str) -> Zone:
    if len(text) > 400:
        return "content"
    if _FOOTER.match(text) or _COMMENTS.match(text):
        return "footer"
    if ("ookie" in text and _COOKIES.search(text)) or (_CRUMB.search(text) and _CRUMBS.match(text)):
        return "nav"
    return "content"


def _is_short(line: Line) -> bool:
    text = line.text[line.body :]
    return (
        len(text) <= _LONGEST_SHORT
        and text.count(" ") < _MOST_WORDS_SHORT
        and not ends_sentence(text)
    )


def _is_menu(line: Line) -> bool:
    text = line.text[line.body :]
    return len(text) <= _LONGEST_SHORT and (
        _MENU.match(text) is not None or len(_GLUED.findall(text)) >= 2
    )


def _mark_head(lines: Sequence[Line], zones: list[Zone]) -> None:
    """Mark the menus above the text: runs of short lines up to their last line of a menu."""
    at = 0
    for _ in range(_MOST_LONG_LINES_IN_HEAD + 1):
        first = at = _after_introduced(lines, at)
        last = -1
        while at < len(lines) and (_is_short(lines[at]) or zones[at] != "content"):
            if _is_menu(lines[at]) or zones[at] != "content":
                last = at
            at += 1
        last = _end_of_list(lines, last, at)
        if at - first >= _SHORTEST_RUN and last >= 0:
            for number in range(first, last + 1):
                if zones[number] == "content" and not _may_be_title(lines[number]):
                    zones[number] = "nav"
        at += 1


def _after_introduced(lines: Sequence[Line], at: int) -> int:
    """Pass over the items of a list that the line before introduces: they are no menu."""
    if 0 < at < len(lines) and lines[at - 1].text.endswith(":"):
        while at < len(lines) and lines[at].marker:
            at += 1
    return at


def _end_of_list(lines: Sequence[Line], last: int, stop: int) -> int:
    """Go on to the end of the list that the last line of a menu stands in."""
    if last >= 0 and lines[last].marker:
        kind = lines[last].marker == "bullet"
        while (
            last + 1 < stop
            and lines[last + 1].marker
            and (lines[last + 1].marker == "bullet") == kind
        ):
            last += 1
    return last


def _may_be_title(line: Line) -> bool:
    return not line.marker and not _is_menu(line) and line.text.count(" ") >= _MOST_WORDS_MENU


def _mark_tail(lines: Sequence[Line], zones: list[Zone]) -> None:
    """Mark what follows the text: from the first line of a menu in the last run of short lines."""
    at = len(lines)
    while at and (
        _is_short(lines[at - 1]) or zones[at - 1] != "content" or _is_menu(lines[at - 1])
    ):
        at -= 1
    if at == 0:
        return
    run = range(_after_introduced(lines, at), len(lines))
    first = next(
        (number for number in run if _is_menu(lines[number]) or zones[number] != "content"),
        len(lines),
    )
    # One short line such as "Contact us" may end a text; chrome comes in company.
    sure = any(zone != "content" for zone in zones[first:])
    if len(lines) - first >= _SHORTEST_RUN - 1 or sure:
        for number in range(first, len(lines)):
            if zones[number] == "content":
                zones[number] = "footer"
