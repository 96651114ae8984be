"""Which disclosures a document owes, which it has, and whether they stand where they count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

import msgspec

from claimlint.engine.match import Hit, Matcher
from claimlint.engine.page import Page, Tools
from claimlint.engine.statement import Statement, Topic
from claimlint.model.document import Block, Document
from claimlint.model.report import DisclosureStatus
from claimlint.model.rule import RequireRule, Rule
from claimlint.model.words import NEGATED

# Before what is named they say that it is not to be had: a denial, and a verb of offering behind it.
_DENYING = frozenset(["not", "never", "neither", "nor", *NEGATED])
_DENIAL_REACH, _OFFER_REACH = 3, 6  # tokens
_OFFERING = frozenset(
    ["administer", "advertise", "carry", "dispense", "give", "have", "inject", "keep", "make", "offer",
     "offered", "perform", "prescribe", "prescribed", "provide", "provided", "recommend", "sell", "sold",
     "stock", "supply", "use", "used"]
)  # fmt: skip
_CLAUSE_ENDS = frozenset([",", ";", ":", ".", "!", "?", "but", "and", "—", "–", "-"])


class Words(msgspec.Struct, frozen=True, order=True):
    """Tokens start..end of a sentence of a block; none at all stands for the whole block."""

    block: int
    sentence: int
    start: int
    end: int


class Judged(msgspec.Struct, frozen=True):
    """A disclosure as judged; `at` is where it stands, or the words that made it due."""

    rule: int
    status: DisclosureStatus
    at: Words | None


# Kinds of blocks that no reader of the page meets as a sentence.
_UNREAD = frozenset(["metadata", "alt"])
_YES_OR_NO = frozenset(
    ["do", "does", "did", "can", "is", "are", "will", "would", "should", "has", "have"]
)
# What stands under "Side effects" with one of these denies that there are any.
_NONE = frozenset(["no", "none", "not", "without", "never", "zero", "nothing", *NEGATED])


class _Said(msgspec.Struct, frozen=True):
    """What a document says that disclosures turn on.

    `content` is by rule and group, `whole` are sentences that say all of a rule's content. `mentions`, by
    rule, and `offered`, by the name of a class, are of what is not denied; `terms` are of all.
    """

    content: dict[tuple[int, int], list[Words]]
    whole: dict[int, list[Words]]
    mentions: dict[int, Words]
    offered: dict[str, Words]
    terms: dict[str, Words]


def judge(tools: Tools, page: Page, objected: Iterable[tuple[str, Words]]) -> list[Judged]:
    """Judge every disclosure; `objected` are the statements that rules object to, with their categories."""
    claims: dict[str, Words] = {}
    flagged: set[tuple[int, int]] = set()
    for category, at in objected:
        claims.setdefault(category, at)
        flagged.add((at.block, at.sentence))
    said = _read(tools, page, flagged)
    judged = []
    for number, rule in enumerate(tools.ruleset.rules):
        if not isinstance(rule, RequireRule):
            continue
        due = _due(rule, number, said, page.topic, claims)
        if due is None:
            judged.append(Judged(number, "not_required", None))
        else:
            found = _found(page.document, number, rule, said)
            judged.append(found or Judged(number, "missing", due))
    return judged


def _read(tools: Tools, page: Page, flagged: Set[tuple[int, int]]) -> _Said:
    """The disclosures' wordings wherever they stand, and the first mentions in the content."""
    said = _Said({}, {}, {}, {}, {})
    matcher = tools.matcher
    terms: dict[int, Words] = {}  # by set of classes, of which there are few
    offered: dict[int, Words] = {}
    heads = _Heads(tools.ruleset.rules)
    for block, within in zip(page.document.blocks, page.statements, strict=True):
        if block.kind not in _UNREAD:
            heads.read(block, within, flagged, said)
        for statement in within:
            if "content" in statement.hits and _is_told(block, statement):
                _read_content(tools, statement, flagged, said)
            if block.zone == "content":
                _read_mentions(statement, said)
                for hit in statement.terms:
                    classes = matcher.class_of[hit.wording.number]
                    if classes not in terms:
                        terms[classes] = _at(statement, hit)
                    if classes not in offered and not _is_denied(statement, hit):
                        offered[classes] = _at(statement, hit)
    for of_set, of_class in ((terms, said.terms), (offered, said.offered)):
        for number, at in sorted(of_set.items(), key=lambda item: item[1]):
            for name in matcher.class_sets[number]:
                of_class.setdefault(name, at)
    return said


def _under(rule: RequireRule) -> int:
    """The group of the wordings under which a disclosure is made."""
    return len(rule.content) + len(rule.together)


class _Heads:
    """The headings and lead-ins of a page under which disclosures are made, as it is read."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._heading: list[int] = []
        self._lead_ins: dict[int, list[int]] = {}

    def read(
        self, block: Block, within: list[Statement], flagged: Set[tuple[int, int]], said: _Said
    ) -> None:
        """Note what a block says by standing where it does, and whether it stands over others."""
        if not within:
            return
        first, last = within[0], within[-1]
        over = self._over(block)
        if over and (first.block, 0) not in flagged and _NONE.isdisjoint(first.tokens):
            for number in over:
                whole = Words(first.block, 0, 0, len(first.tokens))
                said.whole.setdefault(number, []).append(whole)
        found = [
            hit.wording.number
            for hit in last.hits.get("content", ())
            if self._leads(hit) and not last.shields(hit.wording.number, hit.start, hit.end)
        ]
        if block.kind == "heading":
            self._heading = found
        elif found:
            self._lead_ins[last.block] = found

    def _over(self, block: Block) -> Iterable[int]:
        """The rules of the heading and the lead-in over a block."""
        if block.kind == "heading":
            return ()
        led = self._lead_ins.get(block.lead_in, []) if block.lead_in is not None else []
        return dict.fromkeys((*self._heading, *led))

    def _leads(self, hit: Hit) -> bool:
        rule = self._rules[hit.wording.number]
        return isinstance(rule, RequireRule) and hit.wording.group == _under(rule)


def _is_told(block: Block, statement: Statement) -> bool:
    """Whether a reader of the page meets a sentence, and it is told: not "Do results vary?"."""
    if block.kind in _UNREAD:
        return False
    return not (statement.question and statement.tokens[0] in _YES_OR_NO)


def _read_mentions(statement: Statement, said: _Said) -> None:
    """Note what a sentence mentions for the first time, unless it is not to be had."""
    for hit in statement.hits.get("mention", ()):
        number = hit.wording.number
        if number not in said.mentions and not _is_denied(statement, hit):
            said.mentions[number] = _at(statement, hit)


def _read_content(
    tools: Tools, statement: Statement, flagged: Set[tuple[int, int]], said: _Said
) -> None:
    """Note what a sentence says of the content of disclosures."""
    rules = tools.ruleset.rules
    parts: dict[int, dict[int, Hit]] = {}
    for hit in statement.hits["content"]:
        number, group = hit.wording.number, hit.wording.group
        rule = rules[number]
        assert isinstance(rule, RequireRule)
        if statement.shields(number, hit.start, hit.end):
            continue
        if group == _under(rule):
            continue
        if group < len(rule.content):
            said.content.setdefault((number, group), []).append(_at(statement, hit))
        else:
            parts.setdefault(number, {}).setdefault(group, hit)
    if (statement.block, statement.number) in flagged:
        return
    for number, groups in parts.items():
        rule = rules[number]
        assert isinstance(rule, RequireRule)
        found = [
            groups.get(group) or _term(tools.matcher, statement, number, texts)
            for group, texts in enumerate(rule.together, start=len(rule.content))
        ]
        hits = [hit for hit in found if hit is not None]
        if len(hits) == len(found):
            said.whole.setdefault(number, []).append(_at(statement, min(hits, key=_start)))


def _term(
    matcher: Matcher, statement: Statement, number: int, texts: tuple[str, ...]
) -> Hit | None:
    """The first term of the classes among some wordings, unless the rule says that it is none."""
    wanted = {text[1:] for text in texts if text[0] == "@"}
    for hit in statement.terms:
        if not wanted.isdisjoint(matcher.classes(hit.wording.number)) and not statement.shields(
            number, hit.start, hit.end
        ):
            return hit
    return None


def _start(hit: Hit) -> int:
    return hit.start


def _is_denied(statement: Statement, hit: Hit) -> bool:
    """Whether a sentence says that what is named is not to be had here: "We do not prescribe …"."""
    tokens = statement.tokens
    for at in range(hit.start - 1, max(-1, hit.start - _OFFER_REACH), -1):
        if tokens[at] in _CLAUSE_ENDS:
            return False
        if tokens[at] in _OFFERING:
            return not _DENYING.isdisjoint(tokens[max(0, at - _DENIAL_REACH) : at])
    return False


def _at(statement: Statement, hit: Hit) -> Words:
    return Words(statement.block, statement.number, hit.start, hit.end)


def _due(
    rule: RequireRule, number: int, said: _Said, topic: Topic, claims: dict[str, Words]
) -> Words | None:
    """The words that make a disclosure necessary, or None when it is not."""
    places: list[Words] = []
    if rule.when.claims:
        made = [claims[category] for category in rule.when.claims if category in claims]
        if not made:
            return None
        places.append(min(made, key=_first_and_longest))
    if rule.when.mentions:
        classes = [mention[1:] for mention in rule.when.mentions if mention[0] == "@"]
        named = [said.offered[name] for name in classes if name in said.offered]
        if number in said.mentions:
            named.append(said.mentions[number])
        if not named:
            return None
        places.append(min(named))
    if rule.when.topic:
        about = [ref[1:] for ref in rule.when.topic if ref[1:] in topic.classes]
        if not about:
            return None
        spoken = [said.offered[name] for name in about if name in said.offered]
        if not spoken and any(name in said.terms for name in about):
            return None  # named only to say that it is not to be had
        places.extend([min(spoken)] if spoken else [])
    return places[0] if places else Words(0, 0, 0, 0)


def _first_and_longest(at: Words) -> tuple[int, int, int, int]:
    return at.block, at.sentence, at.start, -at.end


def _found(document: Document, number: int, rule: RequireRule, said: _Said) -> Judged | None:
    """The disclosure when every group of its content is said; misplaced when only elsewhere."""
    whole = said.whole.get(number, [])
    groups = [said.content.get((number, group), []) for group in range(len(rule.content))]
    misplaced: Words | None = None
    for alternative in ([whole], groups):
        well = [
            [at for at in places if _is_seen(document.blocks[at.block], rule)]
            for places in alternative
        ]
        if all(well):
            return Judged(number, "present", well[0][0])
        if all(alternative):
            elsewhere = zip(alternative, well, strict=True)
            misplaced = misplaced or next(places[0] for places, there in elsewhere if not there)
    return Judged(number, "misplaced", misplaced) if misplaced is not None else None


def _is_seen(block: Block, rule: RequireRule) -> bool:
    """Whether a disclosure may stand here: where it is asked for, and not folded away."""
    return block.zone in rule.place and not block.collapsed
