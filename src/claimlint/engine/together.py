"""What stands together: items of a list, sentences of a paragraph, and what the others tell of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from claimlint.model.document import Block

# Where half of the others are flagged, and two at least, a list or a paragraph is one of claims; where
# none of two others in a list is, an item is alone.
Standing = Literal["usual", "list_of_claims", "alone_in_list", "paragraph_of_claims"]
_LEAST = 2


def lists(blocks: Sequence[Block]) -> Iterator[list[int]]:
    """The numbers of the items of each list, those of a nested list apart from those around it.

    A picture ends no list, nor does what no reader sees.
    """
    open_lists: dict[int, list[int]] = {}  # by level
    for number, block in enumerate(blocks):
        if block.zone == "hidden" or block.kind == "alt":
            continue
        ended = [level for level in open_lists if block.kind != "item" or level > block.level]
        for level in ended:
            yield open_lists.pop(level)
        if block.kind == "item":
            open_lists.setdefault(block.level, []).append(number)
    yield from open_lists.values()


def in_list(flagged: int, others: int) -> Standing:
    """How an item stands in its list, where so many of the others are flagged."""
    if _mostly(flagged, others):
        return "list_of_claims"
    return "alone_in_list" if not flagged and others >= _LEAST else "usual"


def in_paragraph(flagged: int, others: int) -> Standing:
    """How a sentence stands in its paragraph, where so many of the others are flagged."""
    return "paragraph_of_claims" if _mostly(flagged, others) else "usual"


def _mostly(flagged: int, others: int) -> bool:
    return flagged >= _LEAST and 2 * flagged >= others
