"""What a pronoun at the head of a sentence stands for."""

from __future__ import annotations

from claimlint.engine.actors import Actors
from claimlint.engine.page import Page
from claimlint.engine.statement import Statement, Topic

_PRONOUNS = frozenset(["it", "they"])
_ANTECEDENTS = 4  # sentences


def meant_by_it(page: Page, actors: Actors, statement: Statement) -> Topic:
    """What a sentence is about that begins with a pronoun: the page's topic, unless another was named.

    "Surgery repairs the tendon. It restores its strength" on a page about stem cells is about surgery.
    Right under a heading a pronoun stands for what the heading names.
    """
    number = statement.block
    if _PRONOUNS.isdisjoint(statement.tokens[:1]):
        return page.topic
    before = page.statements[number][: statement.number][-_ANTECEDENTS:]
    if not before and number and page.document.blocks[number - 1].kind == "heading":
        before = page.statements[number - 1]
    for said in reversed(before):
        if _PRONOUNS.isdisjoint(said.tokens[:1]):
            return actors.topic_after(said, page.topic)
    return page.topic
