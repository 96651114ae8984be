"""One statement of a page with all that decides how it is meant."""

from __future__ import annotations

import msgspec

from claimlint.engine.claims import LeadIn
from claimlint.engine.clauses import Clauses
from claimlint.engine.context import CueHit, Reading, readings
from claimlint.engine.statement import Statement, Topic
from claimlint.model.document import Block

_LEAST_QUOTED = 3  # spaces: fewer words are called something, and not said by somebody
# What a yes closes.
_OPEN = frozenset(["questioned", "hypothetical"])
_QUOTED = Reading("attributed", "stands in quotation marks as somebody else's words")
_ANSWERED = Reading("asserted", "it is asked, and answered with yes")


class Scene(msgspec.Struct, frozen=True):
    """A statement in its block, with what decides how it is meant.

    `topic` is what "it" stands for; `answered` says that it is a question which the draft answers with yes.
    `quoted` are the tokens that it ascribes to others.
    """

    block: Block
    statement: Statement
    clauses: Clauses
    cues: list[CueHit]
    lead_in: LeadIn
    topic: Topic
    answered: bool = False
    quoted: tuple[tuple[int, int], ...] = ()

    @property
    def is_quoted(self) -> bool:
        """Whether somebody is quoted with it: in a quotation, or between quotation marks of its block."""
        if self.block.kind == "quote":
            return True
        text, start = self.block.text, self.statement.start
        if text[start] != '"' and text.count('"', 0, start) % 2 == 0:
            return False
        end = text.find('"', start + 1)
        return end > 0 and text.count(" ", start, end) >= _LEAST_QUOTED

    def readings(self, head: tuple[int, int], end: int) -> list[Reading]:
        """How the words whose head stands at the tokens `head` are meant."""
        passed_on = self.lead_in.readings
        found = readings(self.statement, self.cues, self.clauses, head, end, passed_on)
        if any(start <= head[0] < until for start, until in self.quoted):
            found.append(_QUOTED)
        left = [one for one in found if one.modality not in _OPEN] if self.answered else found
        return found if len(left) == len(found) else [*left, _ANSWERED]
