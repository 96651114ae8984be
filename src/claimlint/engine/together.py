"""What stands together: items of a list, sentences of a paragraph, and what the others tell of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Literal

from claimlint.model.document import Block

# Where half of the others are flagged, and two at least, a list or a paragraph is one of claims; where
# none of two others in a list is, an item is alone.
Standing = Literal["usual", "list_of_claims", "alone_in_list", "paragraph_of_claims"]
_LEAST = 2

Place = tuple[int, int]  # the number of a block, and that of a sentence in it


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


def standings(
    blocks: Sequence[Block], lengths: Sequence[int], flagged: Set[Place], places: Iterable[Place]
) -> Iterator[Standing]:
    """How the sentences at some places stand; `lengths` are the numbers of sentences of the blocks."""
    items = {block for block, _ in flagged}
    of_list = {}
    for members in lists(blocks):
        count = sum(item in items for item in members)
        for item in members:
            of_list[item] = _in_list(count - (item in items), len(members) - 1)
    of_block = Counter(block for block, _ in flagged)
    for place in places:
        block, _ = place
        others_flagged = of_block[block] - (place in flagged)
        yield of_list.get(block) or _in_paragraph(others_flagged, lengths[block] - 1)


def _in_list(flagged: int, others: int) -> Standing:
    if _mostly(flagged, others):
        return "list_of_claims"
    return "alone_in_list" if not flagged and others >= _LEAST else "usual"


def _in_paragraph(flagged: int, others: int) -> Standing:
    return "paragraph_of_claims" if _mostly(flagged, others) else "usual"


def _mostly(flagged: int, others: int) -> bool:
    """Whether half of the others are flagged, and two at least."""
    return flagged >= _LEAST and 2 * flagged >= others
