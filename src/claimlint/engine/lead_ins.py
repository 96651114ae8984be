"""What lead-ins and header cells pass on to the items and cells under them."""

from __future__ import annotations

from claimlint.engine.claims import NO_LEAD_IN, LeadIn
from claimlint.engine.context import cue_hits, inherited
from claimlint.engine.page import Page, Tools
from claimlint.engine.statement import NO_BOUNDARIES, Statement, boundaries
from claimlint.model.document import Block

_DEPTH = 4  # lead-ins within lead-ins; what stands deeper passes nothing on


class LeadIns:
    """The lead-ins of one page, each read once."""

    def __init__(self, tools: Tools, page: Page) -> None:
        self._tools = tools
        self._page = page
        self._known: dict[int, LeadIn] = {}

    def of(self, block: Block, depth: int = 0) -> LeadIn:
        """What the block that introduces this one passes on: its cues and who is said to act."""
        number = block.lead_in if block.lead_in is not None else block.header
        if number is None or depth > _DEPTH:
            return NO_LEAD_IN
        known = self._known.get(number)
        if known is None:
            known = self._known[number] = self._read(number, depth)
        return known

    def _read(self, number: int, depth: int) -> LeadIn:
        block, statement = self._page.document.blocks[number], self._page.statements[number][-1]
        outer = self.of(block, depth + 1)
        last = len(statement.tokens)
        limits = boundaries(statement.tokens, frozenset())
        passed_on = inherited(statement, cue_hits(statement, self._tools.ruleset.cues), limits)
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


def _listing(statement: Statement) -> tuple[int, ...]:
    """The listed rules that take this lead-in for theirs."""
    leads = statement.hits.get("lead", ())
    rules = {
        hit.wording.number
        for hit in leads
        if not statement.shields(hit.wording.number, hit.start, hit.end)
    }
    return tuple(sorted(rules))
