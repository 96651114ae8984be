"""Front matter: the values before the first `---` line is closed, as metadata blocks."""

from __future__ import annotations

import msgspec

from claimlint.errors import DefinitionError, ReadError
from claimlint.expressions import compiled
from claimlint.model.document import Directive, Gap
from claimlint.model.text import Source, Span
from claimlint.readers.blocks import Blocks, Draft

_OPENING = compiled(r"(---|\+\+\+)[ \t]*(?:\r\n|\n|\r)")
_CLOSING = compiled(r"(?:(?<=\n)|(?<=\r))(---|\.\.\.|\+\+\+)[ \t]*(?:\r\n|\n|\r|\Z)")
# The first line that is neither empty nor a comment, if it is that of a mapping.
_KEY_LINE = compiled(r"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r))*+[\w\"'][^\r\n:]*:(?=[ \t\r\n])")
# Compiled when a draft needs it.
_ESCAPE = r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r\n|[\s\S])"
_ESCAPED = {
    "n": "\n", "t": "\t", "r": "\n", "N": "\u0085", "_": "\u00a0", "L": "\u2028", "P": "\u2029",
    "0": "", "a": "", "b": "", "e": "", "v": "\n", "f": "\n", "\n": "", "\r": "", "\r\n": "",
}  # fmt: skip
_BLOCK_HEADER = r"[|>][^\r\n]*"
# The last words of keys whose values no reader of the page sees as text.
_TECHNICAL = frozenset((
    "slug", "url", "uri", "link", "permalink", "canonical", "layout", "template", "type", "date",
    "lang", "language", "locale", "id", "uuid", "image", "img", "cover", "file", "path", "src",
    "href", "aliases", "redirect", "from", "status", "draft", "robots", "published", "updated",
    "modified", "created", "theme", "format", "version", "color", "icon", "weight", "order",
))  # fmt: skip
_PROSE = frozenset((
    "title", "description", "excerpt", "summary", "subtitle", "tagline", "headline", "heading",
    "keyword", "keywords", "tag", "tags", "category", "categories", "abstract", "caption", "alt",
    "teaser", "intro", "lead", "name", "author", "label", "text",
))  # fmt: skip
_OWN = "claimlint-"  # instructions to us
_ADDRESS = r"(?i:[a-z][a-z0-9+.-]*:/)?/[^\s]*$|[\w./-]+\.\w{2,4}$|[\d\s:.,+TZtz/-]+$"


class FrontMatter(msgspec.Struct, frozen=True):
    """What stands in front of the text: its flat pairs, and the offset at which the text begins."""

    end: int
    metadata: tuple[tuple[str, str], ...] = ()
    directives: tuple[Directive, ...] = ()
    gaps: tuple[Gap, ...] = ()


def read_front_matter(source: Source, blocks: Blocks) -> FrontMatter:
    """Write a block for each value that is prose; a mistake in it is a gap, not an error."""
    text = source.text
    opening = _OPENING.match(text)
    if opening is None:
        return FrontMatter(0)
    fence = opening[1]
    closing = next(
        (
            found
            for found in _CLOSING.finditer(text, opening.end())
            if (found[1] == "+++") == (fence == "+++")
        ),
        None,
    )
    if closing is None:
        return FrontMatter(0)
    start, end = opening.end(), closing.end()
    if fence == "+++":
        gap = Gap("TOML front matter was not read; use YAML between --- lines", 1, 1)
        return FrontMatter(end, gaps=(gap,))
    if not _KEY_LINE.match(text, start, closing.start()):
        blank = not text[start : closing.start()].strip()
        return FrontMatter(end if blank else 0)
    return _compose(source, start, closing.start(), end, blocks)


def _compose(source: Source, start: int, stop: int, end: int, blocks: Blocks) -> FrontMatter:
    from claimlint.marked_yaml import compose_front_matter

    text = source.text
    try:
        scalars = compose_front_matter(text[start:stop])
    except DefinitionError as error:
        first = error.faults[0]
        line, column = max(first.mark.line, 1), max(first.mark.column, 1)
        return FrontMatter(end, gaps=(_gap(first.message, line, column),))
    except ReadError as error:
        line = (error.line or 1) + source.position(start).line - 1
        return FrontMatter(end, gaps=(_gap(error.message, line, error.column or 1),))
    metadata: list[tuple[str, str]] = []
    directives: list[Directive] = []
    for key, value, first_index, last_index in scalars:
        metadata.append((key, value))
        if key.startswith(_OWN):
            place = Span(start + first_index, start + last_index)
            said = f"{key.partition('[')[0]} {value}"
            directives.append(Directive(text=said, span=place, whole=True))
        if is_prose(key, value):
            blocks.write(_draft(text, key, start + first_index, start + last_index))
    return FrontMatter(end, metadata=tuple(metadata), directives=tuple(directives))


def _gap(message: str, line: int, column: int) -> Gap:
    return Gap(f"the front matter was not read: {message}", line, column)


def is_prose(key: str, value: str) -> bool:
    """Whether a value is text that a reader of the page or of a search result may see."""
    if not any(map(str.isalpha, value)) or (" " not in value and compiled(_ADDRESS).match(value)):
        return False
    if key.startswith(_OWN):
        return False
    name = key.rpartition("[")[0] if key.endswith("]") else key
    word = name.replace("_", ".").replace("-", ".").rpartition(".")[2].lower()
    return word in _PROSE or (len(value.split(maxsplit=1)) > 1 and word not in _TECHNICAL)


def _draft(text: str, key: str, start: int, end: int) -> Draft:
    """Draft the block of one scalar, mapped through its quotes, escapes and folded lines."""
    draft = Draft("metadata", "content", start)
    draft.key = key
    draft.end = start + len(text[start:end].rstrip())
    style = text[start : start + 1]
    if style == '"':
        _add_escaped(draft, text, start + 1, end - 1)
    elif style == "'":
        _add_quoted(draft, text, start + 1, end - 1)
    else:
        header = compiled(_BLOCK_HEADER).match(text[start:end]) if style in ("|", ">") else None
        first = start + header.end() if header else start
        draft.prose.add(text[first:end], first)
    return draft


def _add_escaped(draft: Draft, text: str, start: int, end: int) -> None:
    """Add the inside of a double-quoted scalar (YAML 1.2, 5.7)."""
    at = start
    inside = text[start:end]
    for found in compiled(_ESCAPE).finditer(inside) if "\\" in inside else ():
        draft.prose.add(inside[at - start : found.start()], at)
        code = found[0][1:]
        shown = chr(int(code[1:], 16)) if len(code) > 2 else _ESCAPED.get(code, code)
        at = start + found.end()
        draft.prose.atom(shown, start + found.start(), at)
    draft.prose.add(text[at:end], at)


def _add_quoted(draft: Draft, text: str, start: int, end: int) -> None:
    """Add the inside of a single-quoted scalar, in which two quotes stand for one."""
    at = start
    while (found := text.find("''", at, end)) >= 0:
        draft.prose.add(text[at:found], at)
        draft.prose.atom("'", found, found + 2)
        at = found + 2
    draft.prose.add(text[at:end], at)
