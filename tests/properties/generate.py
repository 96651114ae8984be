"""Check generated drafts by the thousand: python -m tests.properties.generate --count 10000.

Prints the seed of every draft whose findings are not exactly those that were planted; `--show SEED`
prints that draft.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable
from typing import NamedTuple

from claimlint.model.document import Format
from tests.properties import html_drafts, markdown_drafts, text_drafts, word_drafts
from tests.properties.content import COMMON, Part, Shape, compose
from tests.properties.sheet import Expected, Sheet
from tests.properties.verify import verify

FORMS: tuple[Format, ...] = ("markdown", "html", "docx", "text")
_SHAPES: dict[Format, tuple[Shape, ...]] = {
    "markdown": markdown_drafts.SHAPES,
    "html": html_drafts.SHAPES,
    "docx": word_drafts.SHAPES,
    "text": text_drafts.SHAPES,
}
_WRITE: dict[Format, Callable[[random.Random, list[Part], str], Sheet]] = {
    "markdown": markdown_drafts.write,
    "html": html_drafts.write,
    "text": text_drafts.write,
}
_NEWLINES = ("\n", "\n", "\r\n", "\r")
_ENCODINGS = ("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16")


class Draft(NamedTuple):
    """The bytes of a draft, the text that its offsets belong to, and what must be found in it."""

    form: Format
    data: bytes
    text: str
    expected: tuple[Expected, ...]


def generate(form: Format, seed: int, *, common: bool = False, newline: str | None = None) -> Draft:
    """Make the draft of a seed; with `common` of parts that every format has."""
    parts = compose(random.Random(f"{seed} parts"), COMMON if common else _shapes(form, seed))
    rng = random.Random(f"{seed} {form}")
    drawn = rng.choice(_NEWLINES)
    encoding = rng.choice(_ENCODINGS)
    if form == "docx":
        return Draft(form, *word_drafts.write(rng, parts))
    sheet = _WRITE[form](rng, parts, drawn if newline is None else newline)
    expected = sorted(sheet.expected(), key=lambda one: (one.start, one.end))
    return Draft(form, sheet.text.encode(encoding), sheet.text, tuple(expected))


def _shapes(form: Format, seed: int) -> tuple[Shape, ...]:
    """All shapes of a format, with titles in every other draft."""
    titles: tuple[Shape, ...] = ("title",) if seed % 2 and form != "text" else ()
    return _SHAPES[form] + titles


def main() -> int:
    """Check the drafts of so many seeds in each format."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--format", choices=FORMS, action="append")
    parser.add_argument("--show", type=int)
    options = parser.parse_args()
    forms: tuple[Format, ...] = tuple(options.format or FORMS)
    if options.show is not None:
        for form in forms:
            draft = generate(form, options.show)
            sys.stdout.write(f"{draft.text!r}\n{verify(draft)}\n")
        return 0
    failed = 0
    for form in forms:
        findings = 0
        for seed in range(options.first, options.first + options.count):
            draft = generate(form, seed)
            findings += len(draft.expected)
            fault = verify(draft)
            if fault:
                failed += 1
                sys.stdout.write(f"{form} {seed}: {fault}\n")
        sys.stdout.write(f"{form}: {options.count} drafts with {findings} planted findings\n")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
