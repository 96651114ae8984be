"""One document's way through the engine: gate, claims, context, evidence, disclosures, settle."""

from __future__ import annotations

import msgspec

from claimlint.engine import settle
from claimlint.engine.judge import Judge
from claimlint.engine.language import language_of
from claimlint.engine.network import Network
from claimlint.engine.page import Page, make_page, make_tools
from claimlint.engine.syllables import WordTable
from claimlint.engine.whole import Whole
from claimlint.model.document import Document
from claimlint.model.report import Citation, Disclosure, Finding, LetOff, Point, Readability
from claimlint.model.ruleset import Ruleset


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What the engine found in one document; `stopped` names rules that hit their time limit.

    `foreign` is where it begins to be in another language than its own.
    """

    language: str
    words: int
    foreign: Point | None
    findings: tuple[Finding, ...]
    disclosures: tuple[Disclosure, ...]
    citations: tuple[Citation, ...]
    readability: Readability | None
    stopped: tuple[str, ...]
    let_off: tuple[LetOff, ...] | None


class Engine:
    """A ruleset made ready; one engine checks any number of documents."""

    def __init__(
        self,
        ruleset: Ruleset,
        table: WordTable,
        target_grade: float,
        network: Network | None = None,
    ) -> None:
        """Take what it judges by; without a network the claim model has no say."""
        self._tools = make_tools(ruleset, table, target_grade, network)

    def check(
        self,
        document: Document,
        *,
        name: str | None = None,
        only: str | None = None,
        explain: bool = False,
    ) -> Judgement:
        """Judge a document; `only` keeps the findings of one rule, as if the others did not exist.

        `name` is what its findings know the document by, if not the name of its source. `explain` also
        tells which statements were let off, and why.
        """
        tools = self._tools
        rules, markets = tools.ruleset.rules, tools.ruleset.markets
        page = make_page(document, tools.matcher)
        judge, whole = Judge(tools, page), Whole(tools, page, name or document.source.name)
        objected = judge.candidates()
        judged = whole.disclosures(objected)
        shown = {only} if only is not None else {rule.id for rule in tools.ruleset.shown}
        visible = [c for c in objected if rules[c.rule].id in shown]
        settled = settle.settled(visible)
        language = language_of(page.statements, document.blocks)
        readability = whole.readability() if language.name == "en" else None
        hidden = settle.beneath(visible, settled, rules, markets)
        found = [settle.finding(document, rules, markets, c, hidden.get(c, ())) for c in settled]
        found += whole.findings(judged, readability)
        return Judgement(
            language=language.name,
            words=language.words,
            foreign=_begin(page, language.foreign),
            findings=tuple(
                sorted(
                    (one for one in found if one.rule in shown),
                    key=lambda one: (one.span.start.offset, one.span.end.offset, one.rule),
                )
            ),
            disclosures=tuple(
                whole.disclosure(one) for one in judged if rules[one.rule].id in shown
            ),
            citations=tuple(whole.citations()),
            readability=readability,
            stopped=tuple(sorted(judge.stopped)),
            let_off=tuple(
                settle.let_off(document, rules[one.rule], one)
                for one in settle.left_alone(judge.let_off, settled)
                if rules[one.rule].id in shown
            )
            if explain
            else None,
        )


def _begin(page: Page, place: tuple[int, int] | None) -> Point | None:
    """Where the sentence of these numbers begins."""
    if place is None:
        return None
    block, sentence = place
    document, said = page.document, page.statements[block][sentence]
    return settle.point(
        document.source, document.blocks[block].map.span(said.start, said.end).start
    )
