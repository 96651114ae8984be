"""What lead-ins and header cells pass on to the items and cells under them."""

from __future__ import annotations

from collections.abc import Iterator

from claimlint.engine.claims import NO_LEAD_IN, LeadIn
from claimlint.engine.clauses import NO_BOUNDARIES, boundaries
from claimlint.engine.context import SAID_BY_OTHERS, Reading, cue_hits, inherited
from claimlint.engine.page import Page, Tools
from claimlint.engine.statement import Statement
from claimlint.model.document import Block

_DEPTH = 4  # lead-ins within lead-ins; what stands deeper passes nothing on
_ITEM_WORDS = 6  # of a line or a heading that can be an item of a list without marks
_MOST_ITEM_WORDS = 40  # where commas divide it into such items
_TITLE = 1  # the level of a heading over the whole page, which is no lead-in
_CLOSING = ".!?:;"
_POINTING_WORDS = 5  # tokens of a lead-in that only points: "Examples include:", "Among them:"
_POINTING = frozenset(
    ["among", "them", "these", "those", "such", "examples", "example", "instance", "including", "include",
     "namely", "e.g.", "some"]
)  # fmt: skip
_MYTH = Reading("debunked", "stands under a heading that calls it a myth")


class LeadIns:
    """The lead-ins of one page, each read once."""

    def __init__(self, tools: Tools, page: Page) -> None:
        self._tools = tools
        self._page = page
        self._known: dict[int, LeadIn] = {}
        self._unmarked = dict(_unmarked(page))

    def over(self, number: int) -> int | None:
        """The number of the block that introduces one: its lead-in, its header, a heading over lines."""
        block = self._page.document.blocks[number]
        if block.lead_in is not None:
            return block.lead_in
        return self._unmarked.get(number) if block.header is None else block.header

    def of_lines(self, number: int) -> LeadIn:
        """What introduces a block passes on; over lines without marks only what makes a list of claims."""
        block, over = self._page.document.blocks[number], self._unmarked.get(number)
        if block.kind == "paragraph" and self._is_myth(number - 1):
            return LeadIn((_MYTH,), None, ())
        if over is None or self.over(number) != over:
            return self.of(block)
        lead_in = self._passed_on(over, 0)
        return lead_in if lead_in.listed else NO_LEAD_IN

    def of(self, block: Block, depth: int = 0) -> LeadIn:
        """What the block that introduces this one passes on: its cues and who is said to act."""
        number = block.lead_in if block.lead_in is not None else block.header
        if number is None or depth > _DEPTH:
            return NO_LEAD_IN
        return self._passed_on(number, depth)

    def _is_myth(self, number: int) -> bool:
        """Whether a block is a heading that only calls what stands under it a myth: "Myth #1".

        Under one that tells the myth itself stands the answer to it.
        """
        if number < 0 or self._page.document.blocks[number].kind != "heading":
            return False
        said = self._page.statements[number]
        words = [token for one in said for token in one.tokens if token.isalpha()]
        return words == ["myth"]

    def _passed_on(self, number: int, depth: int) -> LeadIn:
        known = self._known.get(number)
        if known is None:
            known = self._known[number] = self._read(number, depth)
        return known

    def _read(self, number: int, depth: int) -> LeadIn:
        block, statement = self._page.document.blocks[number], self._page.statements[number][-1]
        outer = self.of(block, depth + 1)
        last = len(statement.tokens)
        limits = boundaries(statement.tokens, {})
        passed_on = inherited(statement, cue_hits(statement, self._tools.ruleset.cues), limits)
        passed_on += self._said_before(statement)
        framer = self._tools.framer
        actor = framer.actors.before(statement, NO_BOUNDARIES, last, active=False)
        own = actor.kind != "none"
        return LeadIn(
            tuple(passed_on) + outer.readings,
            actor if own else outer.actor,
            framer.open_verbs(statement),
            _listing(statement) or outer.listed,
            statement.called(actor.treatment, last) if own else outer.treatment,
        )

    def _said_before(self, statement: Statement) -> list[Reading]:
        """What a lead-in of a word or two takes over from the sentence before it ("Among them:")."""
        words = statement.tokens
        if len(words) > _POINTING_WORDS or statement.number == 0 or _POINTING.isdisjoint(words):
            return []
        before = self._page.statements[statement.block][statement.number - 1]
        return [
            Reading(hit.cue.effect, f"“{hit.words}” before the lead-in: {hit.cue.because}")
            for hit in cue_hits(before, self._tools.ruleset.cues)
            if hit.cue.effect in SAID_BY_OTHERS
        ]


def _listing(statement: Statement) -> tuple[int, ...]:
    """The listed rules that take this lead-in for theirs."""
    leads = statement.hits.get("lead", ())
    rules = {
        hit.wording.number
        for hit in leads
        if not statement.shields(hit.wording.number, hit.start, hit.end)
    }
    return tuple(sorted(rules))


def _unmarked(page: Page) -> Iterator[tuple[int, int]]:
    """The blocks that stand like items under a heading or a lead-in, though no list is marked, and that.

    Many themes and editors export a list of conditions as lines, or as headings of their own under one
    that is not the title. A paragraph of whole sentences ends what a heading stands over, but not the
    headings beneath it.
    """
    headings: list[tuple[int, int]] = []  # (level, number), the outermost first
    over: int | None = None
    for number, block in enumerate(page.document.blocks):
        if block.zone != "content" or not block.text:
            continue
        if block.kind == "heading":
            while headings and headings[-1][0] >= block.level:
                headings.pop()
            if headings and headings[-1][0] > _TITLE and _is_fragment(block.text):
                yield number, headings[-1][1]
            headings.append((block.level, number))
            over = number
        elif block.kind == "paragraph":
            if over is not None and _is_fragment(block.text):
                yield number, over
            else:
                over = number if block.text[-1] == ":" else None


def _is_fragment(text: str) -> bool:
    """Whether a line is no sentence: a few words, or many that commas divide into a few each."""
    words = text.count(" ") + 1
    return text[-1] not in _CLOSING and (
        words <= _ITEM_WORDS
        or (words <= _MOST_ITEM_WORDS and words <= _ITEM_WORDS * text.count(","))
    )
