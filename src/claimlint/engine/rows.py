"""Table rows: a cell says something together with the others of its row.

The first cell may be what a cell is about ("Side effects | None", "Ibuprofen | Relieves pain"), and another
may deny the first ("It cures arthritis | No").
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from claimlint.engine.claims import LeadIn
from claimlint.engine.clauses import NO_BOUNDARIES
from claimlint.engine.context import Reading
from claimlint.engine.page import Page, Tools
from claimlint.engine.statement import Statement

_COLUMNS = 20  # of a row: beyond that no label is looked for
_LABEL_LETTERS = 80  # a first cell with more says something of its own
_MARKS = ".!"  # what ends with one is a sentence of its own and no label
# A cell with nothing else says of the first of its row that it is not so.
_DENIALS = frozenset(
    ["no", "no.", "false", "false.", "myth", "myth.", "untrue", "not true", "wrong", "unproven",
     "not proven", "not shown", "no evidence", "✗", "✘", "❌", "x"]
)  # fmt: skip


class Rows:
    """The rows of the tables of a page that have a header."""

    def __init__(self, tools: Tools, page: Page) -> None:
        self._tools = tools
        self._page = page
        self._heads = {block.header for block in page.document.blocks}

    def label(self, number: int) -> int | None:
        """The number of the first cell in the row of a cell, None for that cell itself.

        From cell to cell of a row their headers stand further to the right; the first may have none.
        """
        blocks = self._page.document.blocks
        header, first = blocks[number].header, None
        for before in range(number - 1, max(-1, number - 1 - _COLUMNS), -1):
            block = blocks[before]
            if block.kind != "cell" or header is None or before in self._heads:
                break
            if block.header is not None and block.header >= header:
                break
            header, first = block.header, before
        return first

    def told(self, number: int, lead_in: LeadIn) -> LeadIn:
        """What a header passes on to a cell, with what the rest of its row adds."""
        first = self.label(number)
        if first is None:
            return self._denied(number, lead_in)
        said = self._page.statements[first]
        if len(said) != 1 or len(said[0].text) > _LABEL_LETTERS or said[0].text[-1] in _MARKS:
            return lead_in
        last = len(said[0].tokens)
        actor = self._tools.framer.actors.before(said[0], NO_BOUNDARIES, last, active=True)
        if actor.kind not in ("treatment", "other"):
            return lead_in
        called = said[0].called(actor.treatment, last)
        return msgspec.structs.replace(lead_in, actor=actor, treatment=called)

    def _denied(self, number: int, lead_in: LeadIn) -> LeadIn:
        blocks = self._page.document.blocks
        for other in range(number + 1, min(len(blocks), number + 1 + _COLUMNS)):
            if blocks[other].kind != "cell" or self.label(other) != number:
                break
            if blocks[other].text.lower() in _DENIALS:
                reading = Reading("debunked", f"its row says “{blocks[other].text}”")
                return msgspec.structs.replace(lead_in, readings=(*lead_in.readings, reading))
        return lead_in

    def objections(self, number: int) -> Iterator[tuple[int, str]]:
        """The phrase rules and rules about statistics that a cell meets with its label, and the label.

        What stands in the label or in the cell alone is left to them.
        """
        page, tools = self._page, self._tools
        blocks, said = page.document.blocks, page.statements[number]
        first = self.label(number)
        if first is None or len(said) != 1 or not 0 < len(blocks[first].text) <= _LABEL_LETTERS:
            return
        label = blocks[first].text.rstrip(" :")
        rules = label_hits(tools, f"{label}: ", blocks[number].text)
        yield from ((rule, label) for rule in sorted(rules))


def label_hits(tools: Tools, label: str, said: str) -> set[int]:
    """The phrase rules and rules about statistics that meet a label and what stands behind it at once."""
    text = label + said
    row = Statement(0, 0, text, 0, len(text))
    hits = tools.matcher.hits(row.tokens).get("rule", ())
    spans = [(hit.wording.number, *row.place(hit.start, hit.end)) for hit in hits]
    if tools.patterns.may_count(text):
        shares = tools.patterns.shares(text, 0, len(text))
        spans += [(rule, *span) for rule in tools.patterns.statistics for span in shares]
    return {rule for rule, start, end in spans if start < len(label) < end}
