"""Table rows: a cell says something together with the first cell of its row ("Side effects | None")."""

from __future__ import annotations

from collections.abc import Iterator

from claimlint.engine.page import Page, Tools
from claimlint.engine.statement import Statement

_COLUMNS = 20  # of a row: beyond that no label is looked for
_LABEL_LETTERS = 80  # a first cell with more says something of its own


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
        text = f"{label}: {blocks[number].text}"
        row = Statement(number, 0, text, 0, len(text))
        border = len(label) + 2
        hits = tools.matcher.hits(row.tokens).get("rule", ())
        spans = [(hit.wording.number, *row.place(hit.start, hit.end)) for hit in hits]
        if tools.patterns.may_count(text):
            shares = tools.patterns.shares(text, 0, len(text))
            spans += [(rule, *span) for rule in tools.patterns.statistics for span in shares]
        found = {rule for rule, start, end in spans if start < border < end}
        yield from ((rule, label) for rule in sorted(found))
