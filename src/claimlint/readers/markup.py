"""HTML markup as tokens with exact offsets, in one pass that never turns back.

The tokens are those of the HTML standard's tokenizer (13.2.5); tests compare them with turbohtml's.
A tokenizer of our own because every token, attribute value and entity needs its exact offsets,
which libraries give for the starts of tokens at best, and because a Markdown draft with one comment
in it should not pay for the import of a whole HTML library.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from claimlint.expressions import compiled

TokenKind = Literal["text", "start", "end", "comment", "cut"]

_SPACE = r"\t\n\f\r "
_ATTRIBUTE = (
    rf"[^{_SPACE}/>][^{_SPACE}/>=]*+"
    rf"(?:[{_SPACE}]*+=[{_SPACE}]*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^{_SPACE}\"'>][^{_SPACE}>]*+)?+)?+"
)
_TAG = compiled(rf"<(/?)([a-zA-Z][^{_SPACE}/>]*+)(?:[{_SPACE}/]++|{_ATTRIBUTE})*+>")
_NAMED_VALUE = compiled(
    rf"([^{_SPACE}/>][^{_SPACE}/>=]*+)"
    rf"(?:[{_SPACE}]*+=[{_SPACE}]*+(?:\"([^\"]*+)\"|'([^']*+)'|([^{_SPACE}\"'>][^{_SPACE}>]*+)))?+"
)
_COMMENT_END = compiled(r"--!?>")
_SCRIPT = compiled(rf"<!--|-->|</?script(?=[{_SPACE}/>])", re.IGNORECASE)
_LETTER = compiled("[a-zA-Z]")

# Elements whose content is no markup; the text of the first two still has entities.
_TEXT_ONLY = frozenset(("title", "textarea"))
_RAW = frozenset(("script", "style", "xmp", "iframe", "noembed", "noframes"))


class Token(NamedTuple):
    """A stretch of the source: visible text, a tag (lower-case name), a comment.

    "cut" is markup that never ends and swallows the rest.
    """

    kind: TokenKind
    start: int
    end: int
    name: str = ""


class Value(NamedTuple):
    """The raw value of an attribute and where it stands, quotes not included."""

    raw: str
    start: int
    end: int


def tokens(text: str, start: int, end: int) -> Iterator[Token]:
    """Yield the tokens of text[start:end]; content of script, style and the like is left out."""
    run = at = start
    while (at := text.find("<", at, end)) >= 0:
        tag = _TAG.match(text, at, end)
        if tag is None:
            token = _other(text, at, end)
            if token is None:  # a less-than sign of the text
                at += 1
                continue
        else:
            name = tag[2].lower()
            token = Token("end" if tag[1] else "start", at, tag.end(), name)
        if run < at:
            yield Token("text", run, at)
        yield token
        run = at = token.end
        if token.kind == "start" and (token.name in _RAW or token.name in _TEXT_ONLY):
            if token.name == "script":
                at = _end_of_script(text, at, end)
            else:
                closing = re.compile(rf"</{token.name}(?=[{_SPACE}/>])", re.IGNORECASE)
                found = closing.search(text, at, end)
                at = found.start() if found else end
            if token.name in _TEXT_ONLY and run < at:
                yield Token("text", run, at)
            run = at
            if at == end:
                yield Token("cut", end, end, token.name)
    if run < end:
        yield Token("text", run, end)


def clipped(found: Iterable[Token], ranges: Sequence[tuple[int, int]]) -> Iterator[Token]:
    """Leave out the text outside the ranges: the marks of a quotation around an HTML block."""
    number = 0
    for token in found:
        if token.kind != "text":
            yield token
            continue
        while number < len(ranges) and ranges[number][1] <= token.start:
            number += 1
        at = number
        while at < len(ranges) and ranges[at][0] < token.end:
            yield Token("text", max(token.start, ranges[at][0]), min(token.end, ranges[at][1]))
            at += 1


def _end_of_script(text: str, at: int, end: int) -> int:
    """Find where a script ends; one that is named inside a comment does not end it."""
    depth = 0  # 0: code, 1: in a comment, 2: in a script in a comment
    while (found := _SCRIPT.search(text, at, end)) is not None:
        mark = found[0].lower()
        at = found.end()
        if mark == "<!--":
            depth = depth or 1
            at -= 2  # the dashes may belong to the end of the comment: <!-->
        elif mark == "-->":
            depth = 0
        elif mark == "<script":
            depth = 2 if depth else 0
        elif depth < 2:
            return found.start()
        else:
            depth = 1
    return end


def _other(text: str, at: int, end: int) -> Token | None:
    """Markup that is not a tag; None when `<` is only a character."""
    following = text[at + 1 : at + 2] if at + 1 < end else ""
    if following == "!":
        if text.startswith("<!--", at, end):
            closing = _COMMENT_END.search(text, at + 2, end)
            if closing is not None and closing.start() == at + 2 and closing[0] == "--!>":
                closing = _COMMENT_END.search(text, at + 4, end)
            if closing is None:
                return Token("cut", at, end, "comment")
            return Token("comment", at, closing.end())
    elif following == "/":
        if at + 2 >= end:
            return None
        if _LETTER.match(text, at + 2, end):
            return Token("cut", at, end, "tag")
    elif following != "?":
        if _LETTER.match(text, at + 1, end):
            return Token("cut", at, end, "tag")
        return None
    closed = text.find(">", at + 2, end)
    return Token("comment", at, end if closed < 0 else closed + 1)


def attributes(text: str, token: Token) -> dict[str, Value]:
    """Find the attributes of a start tag by lower-case name; the first of equal names counts."""
    found: dict[str, Value] = {}
    at = token.start + 1 + len(token.name)
    if token.end - at < 2:
        return found
    for match in _NAMED_VALUE.finditer(text, at, token.end - 1):
        group = match.lastindex or 1
        name = match[1].lower()
        if name not in found:
            value = Value("", match.end(), match.end())
            if group > 1:
                value = Value(match[group], match.start(group), match.end(group))
            found[name] = value
    return found
