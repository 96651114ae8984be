"""Character references of HTML, each decoded where it stands (HTML standard, 13.2.5.72 ff.)."""

from __future__ import annotations

from claimlint.expressions import compiled
from claimlint.readers.prose import ProseBuilder

_REFERENCE = compiled(r"&(?:#[xX][0-9a-fA-F]+;?|#[0-9]+;?|[a-zA-Z][a-zA-Z0-9]{0,31};?)")
_LONGEST_NUMBER = 16


def add_decoded(
    prose: ProseBuilder, text: str, start: int, end: int, *, attribute: bool = False
) -> None:
    """Add the source text start..end to the prose, its character references decoded."""
    slice_ = text[start:end]
    if "&" not in slice_:
        prose.add(slice_, start)
        return
    at = start
    for found in _REFERENCE.finditer(text, start, end):
        decoded, length = _decode(found[0])
        after = found.start() + length
        if not length or (attribute and _is_only_text(text, after, end)):
            continue
        if at < found.start():
            prose.add(text[at : found.start()], at)
        prose.atom(decoded, found.start(), after)
        at = after
    if at < end:
        prose.add(text[at:end], at)


def decoded(raw: str) -> str:
    """Decode the character references of an attribute value."""
    if "&" not in raw:
        return raw
    parts: list[str] = []
    at = 0
    for found in _REFERENCE.finditer(raw):
        character, length = _decode(found[0])
        after = found.start() + length
        if not length or _is_only_text(raw, after, len(raw)):
            continue
        parts += raw[at : found.start()], character
        at = after
    return "".join(parts) + raw[at:]


def _is_only_text(text: str, after: int, end: int) -> bool:
    """Whether a reference in an attribute value counts as text: `&copy=1`, `&copyright`."""
    return text[after - 1] != ";" and after < end and (text[after] == "=" or text[after].isalnum())


def _decode(reference: str) -> tuple[str, int]:
    """Say what a reference stands for and how much of it counts: 0 when it is only text."""
    from html import unescape
    from html.entities import html5

    if reference[1] == "#":
        digits = reference[2:].rstrip(";").lstrip("xX").lstrip("0")
        known = len(digits) <= _LONGEST_NUMBER
        return (unescape(reference) if known else "\ufffd"), len(reference)
    name = reference[1:]
    if name in html5:
        return html5[name], len(reference)
    # Old references need no semicolon, and the longest one counts: "&notit" is "¬it".
    for length in range(min(len(name), 6), 1, -1):
        if name[:length] in html5:
            return html5[name[:length]], length + 1
    return "", 0
