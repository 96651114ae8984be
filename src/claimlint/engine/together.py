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
_WITHIN = frozenset(["alt", "button", "link"])  # kinds of blocks that may stand within an item

Place = tuple[int, int]  # the number of a block, and that of a sentence in it


def lists(blocks: Sequence[Block]) -> Iterator[list[int]]:
    """The numbers of the items of each list, those of a nested list apart from those around it.

    Pictures, buttons and what no reader sees end no list. Two lists with nothing between them are one
    unless something else introduces the second.
    """
    open_lists: list[tuple[int, list[int]]] = []  # each with its level, the outermost first
    for number, block in enumerate(blocks):
        if block.zone == "hidden" or block.kind in _WITHIN:
            continue
        while open_lists and not _goes_on(open_lists[-1], block, blocks):
            yield open_lists.pop()[1]
        if block.kind == "item":
            if not open_lists or open_lists[-1][0] < block.level:
                open_lists.append((block.level, []))
            open_lists[-1][1].append(number)
    yield from (members for _, members in reversed(open_lists))


def _goes_on(opened: tuple[int, list[int]], block: Block, blocks: Sequence[Block]) -> bool:
    """Whether an open list goes on with a block, or stays open around it."""
    level, members = opened
    if block.kind != "item" or block.level < level:
        return False
    first = blocks[members[0]]
    if (block.zone, block.part, block.note) != (first.zone, first.part, first.note):
        return False
    return block.level > level or block.lead_in == first.lead_in


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
        beside = of_block[block] - (place in flagged)
        standing = _in_paragraph(beside, lengths[block] - 1)
        if standing == "usual":
            standing = of_list.get(block, standing)
        yield "usual" if standing == "alone_in_list" and beside else standing


def _in_list(flagged: int, others: int) -> Standing:
    if _mostly(flagged, others):
        return "list_of_claims"
    return "alone_in_list" if not flagged and others >= _LEAST else "usual"


def _in_paragraph(flagged: int, others: int) -> Standing:
    return "paragraph_of_claims" if _mostly(flagged, others) else "usual"


def _mostly(flagged: int, others: int) -> bool:
    """Whether half of the others are flagged, and two at least."""
    return flagged >= _LEAST and 2 * flagged >= others
