"""Suppression written in the draft itself: comments, and keys of its front matter.

`<!-- claimlint-disable-next-line RULE -- reason -->`, `<!-- claimlint-disable RULE -- reason -->` up to
`<!-- claimlint-enable RULE -->` or the end, and `claimlint-disable: RULE -- reason` in front matter for
the whole draft. RULE is one id or several with commas, or a category with a / at its end.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from claimlint.model.document import Directive, Document

_FORM = re.compile(
    r"claimlint-(?P<verb>[a-z-]+)(?:\s+(?P<rules>(?!--)\S+(?:\s*,\s*(?!--)\S+)*))?"
    r"(?:\s+--(?:\s+(?P<reason>.*))?)?",
    re.DOTALL,
)
_NAMES = re.compile(r"[a-z0-9-]+/[a-z0-9-]*")
_VERBS = ("disable-next-line", "disable", "enable")
_KEY = "claimlint-disable"
_LINE_ENDS = re.compile(r"\r\n|\n|\r")
_EXAMPLE = "<!-- claimlint-disable-next-line cure/claims-a-cure -- reason -->"


class Allowance(NamedTuple):
    """Rules that a draft lets off from `start` to `end` (offsets in its source), and where it says so."""

    rules: tuple[str, ...]
    reason: str
    start: int
    end: int
    line: int

    def names(self, rule: str) -> bool:
        """Tell whether a rule is one of those let off."""
        return rule in self.rules or f"{rule.partition('/')[0]}/" in self.rules


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
    """Read the comments and front matter of a draft."""
    mistakes: list[Mistake] = []
    allowances = list(_of_the_whole(document, mistakes))
    allowances += _of_comments(document, mistakes)
    return Said(tuple(allowances), tuple(mistakes))


def _of_the_whole(document: Document, mistakes: list[Mistake]) -> Iterator[Allowance]:
    if document.format != "markdown":  # only there are the pairs front matter
        return
    for key, value in document.metadata:
        if key == _KEY or key.startswith(f"{_KEY}["):
            order = _order(f"{_KEY} {value}", 1, mistakes)
            if order is not None:
                end = len(document.source.text) + 1
                yield Allowance(order.rules, order.reason, 0, end, 1)
        elif key.startswith("claimlint-"):
            mistakes.append(Mistake(1, f'the key "{key}" means nothing; write {_KEY}'))


def _of_comments(document: Document, mistakes: list[Mistake]) -> Iterator[Allowance]:
    source = document.source
    lines = _Lines(source.text)
    begun: list[tuple[_Order, Directive, int]] = []
    for directive in document.directives:
        line = source.position(directive.span.start).line
        order = _order(directive.text, line, mistakes)
        if order is None:
            continue
        if order.verb == "disable":
            begun.append((order, directive, line))
        elif order.verb == "enable":
            ended = [
                one for one in begun if not order.rules or set(one[0].rules) <= set(order.rules)
            ]
            if not ended:
                message = "ends nothing: no claimlint-disable of these rules stands before it"
                mistakes.append(Mistake(line, message))
            for one in ended:
                begun.remove(one)
                yield _between(one, directive.span.start)
        else:
            start, end = lines.next_filled(directive.span.end)
            yield Allowance(order.rules, order.reason, start, end, line)
    for one in begun:
        yield _between(one, len(source.text) + 1)


def _between(begun: tuple[_Order, Directive, int], end: int) -> Allowance:
    order, directive, line = begun
    return Allowance(order.rules, order.reason, directive.span.end, end, line)


def _order(text: str, line: int, mistakes: list[Mistake]) -> _Order | None:
    """Read one instruction; what is wrong with it is noted, and then it lets nothing off."""
    form = _FORM.fullmatch(text.strip())
    if form is None:
        mistakes.append(Mistake(line, f"cannot be read; write for example {_EXAMPLE}"))
        return None
    verb, reason = form["verb"], " ".join((form["reason"] or "").split())
    rules = tuple(re.split(r"\s*,\s*", form["rules"])) if form["rules"] else ()
    wrong = next((rule for rule in rules if not _NAMES.fullmatch(rule)), None)
    if verb not in _VERBS:
        message = (
            f"claimlint-{verb} is no instruction; there are claimlint-{', claimlint-'.join(_VERBS)}"
        )
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


class _Lines:
    """The lines of a source, looked up by offset; made when the first comment asks."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts: list[int] | None = None

    def next_filled(self, offset: int) -> tuple[int, int]:
        """The range of the first line after that of `offset` which is not blank."""
        if self._starts is None:
            self._starts = [0, *(found.end() for found in _LINE_ENDS.finditer(self._text))]
        starts = self._starts
        for number in range(bisect_right(starts, offset), len(starts)):
            end = starts[number + 1] if number + 1 < len(starts) else len(self._text) + 1
            if self._text[starts[number] : end].strip():
                return starts[number], end
        return len(self._text), len(self._text)
