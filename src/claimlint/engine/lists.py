"""Lists: items that stand together, and which of them the others tell something about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from claimlint.model.document import Block

_LEAST_FLAGGED = 2


def lists(blocks: Sequence[Block]) -> Iterator[list[int]]:
    """The numbers of the items of each list, those of a nested list apart from those around it."""
    open_lists: dict[int, list[int]] = {}  # by level
    for number, block in enumerate(blocks):
        inner = [level for level in open_lists if block.kind != "item" or level > block.level]
        for level in inner:
            yield open_lists.pop(level)
        if block.kind == "item":
            open_lists.setdefault(block.level, []).append(number)
    yield from open_lists.values()


def among_flagged(items: Sequence[int], flagged: Set[int]) -> Iterator[int]:
    """The items that are not flagged while half of the others are, and two at least."""
    count = sum(item in flagged for item in items)
    if count >= _LEAST_FLAGGED and 2 * count >= len(items) - 1:
        yield from (item for item in items if item not in flagged)
