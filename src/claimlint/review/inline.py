"""Suppression written in the draft itself: comments, and keys of its front matter.

`<!-- claimlint-disable-next-line RULE -- reason -->`, `<!-- claimlint-disable RULE -- reason -->` up to
`<!-- claimlint-enable RULE -->` or the end, and `claimlint-disable: RULE -- reason` in front matter for
the whole draft. RULE is one id or several with commas, or a category with a / at its end.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Literal, NamedTuple

from claimlint.model.document import Directive, Document
from claimlint.model.text import Span

_BEFORE_REASON = re.compile(r"\s--(?:\s|\Z)")
_NAME = re.compile(r"[a-z0-9-]+/[a-z0-9-]*")
_PREFIX = "claimlint-"
_VERBS = ("disable-next-line", "disable", "enable")
_KEY = "claimlint-disable"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_EXAMPLE = "<!-- claimlint-disable-next-line cure/claims-a-cure -- reason -->"


Reach = Literal["line", "range", "part"]


class Allowance(NamedTuple):
    """A rule, or a category with a / at its end, that a draft lets off from `start` to `end`.

    These are offsets in its source; `line` is where it says so. Words that begin there are let off; for
    a line also those of a sentence that begins there, for a whole part (the draft, or a field of a CMS
    entry) also what is said of no words at all.
    """

    reach: Reach
    rule: str
    reason: str
    start: int
    end: int
    line: int


class Mistake(NamedTuple):
    """A comment that lets nothing off, and why; `line` counts from 1."""

    line: int
    message: str


class Said(NamedTuple):
    """What a draft says of itself."""

    allowances: tuple[Allowance, ...]
    mistakes: tuple[Mistake, ...]


class _Order(NamedTuple):
    verb: str
    rules: tuple[str, ...]
    reason: str


def said(document: Document) -> Said:
    """Read the comments and front matter of a draft; nothing reaches out of its own part."""
    mistakes: list[Mistake] = []
    allowances = tuple(_allowances(document, mistakes))
    return Said(allowances, tuple(mistakes))


def _allowances(document: Document, mistakes: list[Mistake]) -> Iterator[Allowance]:
    source = document.source
    lines = _filled_lines(source.text) if document.directives else []
    begun: dict[str, Allowance] = {}  # by rule, each up to the end of its part until it is ended
    inside = Span(0, 0)
    for directive in document.directives:
        place = directive.span
        if place.start >= inside.end:
            yield from begun.values()
            begun.clear()
            inside = source.part(place.start)
        line = source.position(place.start).line
        order = _order(directive, line, mistakes)
        if order is None:
            continue
        if directive.whole:
            yield from _allowed("part", order, inside, line)
        elif order.verb == "enable":
            ended = [rule for rule in order.rules or tuple(begun) if rule in begun]
            if not ended:
                message = "ends nothing: no claimlint-disable of these rules stands before it"
                mistakes.append(Mistake(line, message))
            for rule in ended:
                yield begun.pop(rule)._replace(end=place.start)
        elif order.verb == "disable":
            for new in _allowed("range", order, Span(place.end, inside.end), line):
                if new.rule in begun:  # said again, perhaps for another reason
                    yield begun[new.rule]._replace(end=new.start)
                begun[new.rule] = new
        else:
            number = bisect_right(lines, (place.end, 0))
            if number < len(lines) and lines[number].start < inside.end:
                yield from _allowed("line", order, lines[number], line)
            else:
                mistakes.append(Mistake(line, "no line follows; write it before what it is about"))
    yield from begun.values()


def _allowed(reach: Reach, order: _Order, within: Span, line: int) -> Iterator[Allowance]:
    for rule in order.rules:
        yield Allowance(reach, rule, order.reason, within.start, within.end, line)


def _order(directive: Directive, line: int, mistakes: list[Mistake]) -> _Order | None:
    """Read one instruction; what is wrong with it is noted, and then it lets nothing off."""
    head, *behind = _BEFORE_REASON.split(directive.text, maxsplit=1)
    said_verb, _, named = " ".join(head.split()).partition(" ")
    verb = said_verb.removeprefix(_PREFIX)
    reason = " ".join("".join(behind).split())
    rules = tuple(dict.fromkeys(rule.strip() for rule in named.split(","))) if named else ()
    wrong = next((rule for rule in rules if not _NAME.fullmatch(rule)), None)
    if directive.whole and verb != "disable":
        message = f'the key "{said_verb}" means nothing; write {_KEY}'
    elif verb not in _VERBS:
        message = (
            f"{said_verb} is no instruction; there are {', '.join(_PREFIX + one for one in _VERBS)}"
        )
    elif wrong is not None and " " in wrong:
        message = f"cannot be read; write for example {_EXAMPLE}"
    elif wrong is not None:
        message = (
            f'"{wrong}" is no rule; write an id such as cure/claims-a-cure, or cure/ for all of it'
        )
    elif verb != "enable" and not rules:
        message = f"names no rule; write for example {_EXAMPLE}"
    elif verb != "enable" and not reason:
        message = "gives no reason, which is required: end it with -- and why the words may stand"
    else:
        return _Order(verb, rules, reason)
    mistakes.append(Mistake(line, message))
    return None


def _filled_lines(text: str) -> list[Span]:
    """The ranges of the lines that are not blank."""
    return [
        Span(*found.span()) for found in _LINE.finditer(text) if not found[0].isspace() and found[0]
    ]
