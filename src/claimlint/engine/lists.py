"""Lists: items that stand together, and what the others tell about each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from typing import Literal

from claimlint.model.document import Block

# Where half of the other items are flagged, and two at least, an item stands among claims; where none of
# two others is, it stands alone.
Standing = Literal["usual", "among_claims", "alone"]
_LEAST = 2


def lists(blocks: Sequence[Block]) -> Iterator[list[int]]:
    """The numbers of the items of each list, those of a nested list apart from those around it."""
    open_lists: dict[int, list[int]] = {}  # by level
    for number, block in enumerate(blocks):
        ended = [level for level in open_lists if block.kind != "item" or level > block.level]
        for level in ended:
            yield open_lists.pop(level)
        if block.kind == "item":
            open_lists.setdefault(block.level, []).append(number)
    yield from open_lists.values()


def standing(item: int, items: Sequence[int], flagged: Set[int]) -> Standing:
    """How an item stands among the items of its list, given those that are flagged."""
    others = [other for other in items if other != item]
    count = sum(other in flagged for other in others)
    if count >= _LEAST and 2 * count >= len(others):
        return "among_claims"
    return "alone" if not count and len(others) >= _LEAST else "usual"
