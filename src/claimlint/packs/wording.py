"""The wording syntax of packs: words, `word~`, `@class` and `...`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise, product
from math import prod

from claimlint.model.words import NEGATED, PLAIN_SIGNS, words
from claimlint.packs.inflect import all_forms
from claimlint.packs.spelling import variants

GAP = "..."
EXPANSION_LIMIT = 400  # of one wording; an author who needs more means a pattern

Choices = tuple[tuple[str, ...], ...]
_GAPS: Choices = ((GAP,),)
_CLASS = re.compile(r"@[a-z0-9][a-z0-9_-]*")
_INFLECTED = re.compile(r"(.*?)([^\W\d_]+)~(\W*)")
_COMPOUND = re.compile(r"[^\W_]+-[^\W_]+")
# What SAM-e, CAR-T and super-vision would be without their hyphen is another word.
_OTHER_WORDS = frozenset(["same", "cart", "supervision"])


_CONTRACTIONS: dict[tuple[str, str], list[str]] = {}
for _word, _held in NEGATED.items():
    _CONTRACTIONS.setdefault((_held, "not"), []).append(_word)
_SIGNS = str.maketrans({**PLAIN_SIGNS, "\u00a0": " "})


class WordingError(Exception):
    """A wording that cannot be read; the text says why."""


def is_class(element: str) -> bool:
    """Tell whether an element of a wording is a class."""
    return element.startswith("@") and len(element) > 1


def is_plain(elements: tuple[str, ...]) -> bool:
    """Tell whether a wording has words only."""
    return not any(element == GAP or is_class(element) for element in elements)


def classes_of(text: str) -> tuple[str, ...]:
    """The names of the classes that a wording uses."""
    return tuple(piece[1:] for piece in text.split() if _CLASS.fullmatch(piece))


def contracted(elements: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """A surface, and once more with "is not" and its like written as one word."""
    yield elements
    for at, pair in enumerate(pairwise(elements)):
        for word in _CONTRACTIONS.get(pair, ()):
            yield (*elements[:at], word, *elements[at + 2 :])


def is_lone_class(text: str) -> bool:
    """Tell whether a wording is a class and nothing else."""
    return len(text.split()) == 1 and bool(classes_of(text))


def expand(text: str) -> tuple[tuple[str, ...], ...]:
    """All surfaces of a wording as tuples of elements; raises WordingError."""
    return tuple(_combined(parse(text)))


def parse(text: str) -> tuple[Choices, ...]:
    """Read a wording as the choices at each of its places; raises WordingError."""
    choices = tuple(_piece(piece) for piece in text.translate(_SIGNS).split())
    if not choices:
        raise WordingError("the wording is empty")
    if _GAPS in (choices[0], choices[-1]):
        raise WordingError("a wording neither begins nor ends with ...")
    if any(one == other == _GAPS for one, other in pairwise(choices)):
        raise WordingError("two ... stand side by side: one is enough")
    if prod(map(len, choices)) > EXPANSION_LIMIT:
        raise WordingError(
            f"stands for more than {EXPANSION_LIMIT} wordings: inflect fewer words or divide it"
        )
    return choices


def spelled(tokens: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """The tokens in British and in American spelling.

    One text keeps to one spelling, so that words are not combined across the two.
    """
    own = tuple(tokens)
    others = [(token, *variants(token)) for token in own]
    width = max((len(choice) for choice in others), default=1)
    return tuple(
        dict.fromkeys(
            tuple(choice[min(number, len(choice) - 1)] for choice in others)
            for number in range(width)
        )
    )


def compounds(text: str) -> tuple[tuple[str, ...], ...]:
    """The tokens of plain text, and once more with hyphenated compounds written as one word."""
    text = text.translate(_SIGNS)
    found = [tuple(words(text))]
    if _COMPOUND.search(text):
        joined = " ".join(
            _joined(piece) if _COMPOUND.fullmatch(piece) else piece for piece in text.split()
        )
        found.append(tuple(words(joined)))
    return tuple(dict.fromkeys(found))


def _joined(compound: str) -> str:
    joined = compound.replace("-", "")
    return compound if joined.lower() in _OTHER_WORDS else joined


def _combined(choices: tuple[Choices, ...]) -> Iterator[tuple[str, ...]]:
    seen: set[tuple[str, ...]] = set()
    for parts in product(*choices):
        elements = tuple(element for part in parts for element in part)
        if elements not in seen:
            seen.add(elements)
            yield elements


@lru_cache(maxsize=1 << 14)
def _piece(piece: str) -> Choices:
    """The choices of token tuples for one piece between spaces."""
    if piece in (GAP, "…"):
        return _GAPS
    if piece.startswith("@"):
        if not _CLASS.fullmatch(piece):
            raise WordingError(f'"{piece}" is not a class: write @name, in lower case, by itself')
        return ((piece,),)
    surfaces = [piece]
    if "~" in piece:
        inflected = _INFLECTED.fullmatch(piece)
        if not inflected:
            raise WordingError(f'in "{piece}" the ~ does not follow a word')
        before, word, after = inflected.groups()
        surfaces = [f"{before}{form}{after}" for form in all_forms(word.lower())]
    found: dict[tuple[str, ...], None] = {}
    for surface in surfaces:
        for tokens in compounds(surface):
            for spelling in spelled(tokens):
                if spelling:
                    found[spelling] = None
    if not found:
        raise WordingError(f'"{piece}" holds no word')
    return tuple(found)
