"""Checks of one rule, cue or lexicon by itself, beyond what its type says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import get_args

from claimlint.errors import Mark
from claimlint.marked_yaml import Faults, nearest, shorten
from claimlint.marked_yaml.nodes import Marks
from claimlint.model.rule import (
    DOCUMENT_CATEGORIES,
    ClaimRule,
    Cue,
    EvidenceRule,
    LawRule,
    Lexicon,
    ListedRule,
    MetadataRule,
    Pack,
    PatternRule,
    PhraseRule,
    ReadabilityRule,
    RequireRule,
    Rule,
    RuleBase,
    Subject,
    WeighedRule,
)
from claimlint.model.words import words
from claimlint.packs.pattern_checks import check_pattern
from claimlint.packs.wording import (
    GAP,
    WordingError,
    classes_of,
    expand,
    is_class,
    is_lone_class,
    is_plain,
    parse,
)

_EXAMPLES_EACH = 2
_MARKED = re.compile(r"\[\[(.+?)\]\]", re.DOTALL)
_SLOT = re.compile(r"\{([^{}]*)\}")
_SLOTS = ("treatment", "target", "verb")
_PHRASE_SLOTS = ("noun",)
# As the only word of a wording these would match on every page.
_EVERYWHERE_WORDS = """
a an and are as at be been but by can do for from had has have he her his i in is it its of on or
our she that the their them they this to was we were with you your
"""
_COMMON_WORDS = """
body care clinic doctor good health help may natural no not patient patients people research study
studies therapy treatment will
"""
_EVERYWHERE = frozenset(_EVERYWHERE_WORDS.split())
_COMMON = _EVERYWHERE | frozenset(_COMMON_WORDS.split())
_CUE_WORDS = frozenset(("can", "help", "may", "no", "not", "will"))  # cues, even alone


def check_struct(value: object, marks: Marks, faults: Faults, *, timed: bool = True) -> None:
    """Note the mistakes of a rule, cue, lexicon or pack that is whole.

    `timed`: patterns are tried on hostile text too. Shipped ones are tried by the tests, not at every
    first run, where a busy machine would make a sound pattern look slow.
    """
    if isinstance(value, RuleBase):
        _check_rule(value, marks, faults, timed=timed)  # type: ignore[arg-type]
    elif isinstance(value, Cue):
        _wordings(value.match, "match", marks, faults, _COMMON - _CUE_WORDS)
        _wordings(value.exempt, "exempt", marks, faults)
    elif isinstance(value, Lexicon):
        _check_lexicon(value, marks, faults)
    elif isinstance(value, Pack):
        _check_pack(value, marks, faults)


def _check_pack(pack: Pack, marks: Marks, faults: Faults) -> None:
    if not (pack.rules or pack.lexicons or pack.cues):
        faults.add(marks.at(), "the pack is empty: it has no rules, lexicons or cues")
    for number, rule in enumerate(pack.rules):
        if pack.market and not rule.authorities:
            message = f'the rule "{rule.id}" of a market pack must name its authorities'
            faults.add(marks.at("rules", number), message)


def _check_rule(rule: Rule, marks: Marks, faults: Faults, *, timed: bool) -> None:
    _check_examples(rule, marks, faults)
    _check_suggestions(rule, marks, faults)
    _check_dates(rule, marks, faults, with_clock=timed)
    if rule.markets:
        faults.add(marks.key("markets"), "markets are set by the pack: write market: at its top")
    _check_kind(rule, marks, faults, timed=timed)


def _check_dates(rule: Rule, marks: Marks, faults: Faults, *, with_clock: bool) -> None:
    """Note days on which nobody can have looked; a shipped rule must not depend on this machine's clock."""
    for number, authority in enumerate(rule.authorities):
        mark = marks.at("authorities", number, "checked")
        try:
            checked = date.fromisoformat(authority.checked)
        except ValueError:
            faults.add(mark, f'"{authority.checked}" is no date of the calendar')
            continue
        if with_clock and checked > date.today() + timedelta(days=1):
            faults.add(mark, f'"{authority.checked}" is still to come: write when it was checked')


def _check_kind(rule: Rule, marks: Marks, faults: Faults, *, timed: bool) -> None:
    """Check what only rules of one kind have."""
    match rule:
        case PhraseRule():
            common = frozenset() if rule.near or rule.if_topic else _COMMON
            _wordings(rule.match, "match", marks, faults, common | _EVERYWHERE)
            _wordings(rule.not_within, "not_within", marks, faults)
            _check_fix(rule, marks, faults)
        case PatternRule():
            _wordings(rule.triggers, "triggers", marks, faults, _EVERYWHERE, plain=True)
            if rule.engine != "regex":
                faults.add(
                    marks.key("engine"), "the engine is chosen by claimlint: leave the key out"
                )
            check_pattern(rule, marks, faults, timed=timed)
        case ClaimRule():
            _wordings(rule.not_within, "not_within", marks, faults)
            _check_subjects(rule, marks, faults)
        case RequireRule():
            _check_contents(rule, marks, faults)
            _check_trigger(rule, marks, faults)
        case ListedRule():
            _wordings(rule.lead_in, "lead_in", marks, faults, _COMMON)
            _wordings(rule.not_within, "not_within", marks, faults)
        case EvidenceRule():
            _wordings(rule.match, "match", marks, faults, _COMMON)
            _wordings(rule.not_within, "not_within", marks, faults)
            if rule.fault == "unsupported" and not rule.match:
                faults.add(marks.at(), "the rule is empty: fault: unsupported needs match")
            if rule.fault != "unsupported" and rule.not_within:
                faults.add(marks.key("not_within"), "not_within goes with fault: unsupported only")
        case ReadabilityRule() | MetadataRule() | WeighedRule() | LawRule():
            pass


def _check_examples(rule: Rule, marks: Marks, faults: Faults) -> None:
    if rule.examples is None:
        if not isinstance(rule, ReadabilityRule | MetadataRule):
            faults.add(marks.at(), f'the rule "{rule.id}" has no examples: two flag and two pass')
        return
    if isinstance(rule, ReadabilityRule | MetadataRule):
        return
    for name, texts in (("flag", rule.examples.flag), ("pass", rule.examples.passing)):
        if len(texts) < _EXAMPLES_EACH:
            message = f"at least two {name} examples must stand here"
            faults.add(marks.at("examples", name), message)
    for number, text in enumerate(rule.examples.flag):
        if len(_MARKED.findall(text)) != 1 or text.count("[[") != 1 or text.count("]]") != 1:
            message = "a flag example marks its words once, between [[ and ]]"
            faults.add(marks.at("examples", "flag", number), message)
    for number, text in enumerate(rule.examples.passing):
        if "[[" in text:
            message = "a pass example has no [[marked]] words"
            faults.add(marks.at("examples", "pass", number), message)


def _check_suggestions(rule: Rule, marks: Marks, faults: Faults) -> None:
    slots: tuple[str, ...] = ()
    if isinstance(rule, ClaimRule):
        slots = _SLOTS
    elif isinstance(rule, PhraseRule):
        slots = _PHRASE_SLOTS
    for number, text in enumerate(rule.suggest):
        for slot in _SLOT.findall(text):
            if slot not in slots:
                hint = nearest(slot, slots) if slots else "; rules of this kind fill none"
                message = f'unknown slot "{{{shorten(slot)}}}"{hint}'
                faults.add(marks.at("suggest", number), message)


def _check_fix(rule: PhraseRule, marks: Marks, faults: Faults) -> None:
    """Note fixes of words that the rule does not list, and those that it would flag again."""
    if not rule.fix:
        return
    listed = {surface for text in rule.match for surface in _surfaces(text)}
    places = marks.keys("fix")
    seen: set[tuple[str, ...]] = set()
    for flagged, wording in rule.fix.items():
        mark, tokens = places[flagged], tuple(words(flagged))
        if tokens not in listed:
            message = f'"{shorten(flagged)}" is no wording of match: write it as it is flagged'
            faults.add(mark, message)
        elif tokens in seen:
            faults.add(mark, f'"{shorten(flagged)}" is listed twice')
        seen.add(tokens)
        new = words(wording)
        parts = {tuple(new[a:b]) for a in range(len(new)) for b in range(a + 1, len(new) + 1)}
        if not parts.isdisjoint(listed):
            message = f'"{shorten(wording)}" is flagged by this rule: it fixes nothing'
            faults.add(marks.at("fix", flagged), message)


def _surfaces(text: str) -> tuple[tuple[str, ...], ...]:
    """The plain words that a wording stands for; none for a broken one, which is told elsewhere."""
    try:
        return tuple(surface for surface in expand(text) if is_plain(surface))
    except WordingError:
        return ()


def _check_subjects(rule: ClaimRule, marks: Marks, faults: Faults) -> None:
    kinds = get_args(Subject)
    if not rule.when.subject:
        faults.add(marks.at("when", "subject"), "the list is empty: nobody could make the claim")
    for number, subject in enumerate(rule.when.subject):
        if not subject.startswith("@") and subject not in kinds:
            message = f'unknown subject "{subject}"{nearest(subject, kinds)}'
            faults.add(marks.at("when", "subject", number), message)


def _check_contents(rule: RequireRule, marks: Marks, faults: Faults) -> None:
    for key, groups in (("content", rule.content), ("together", rule.together)):
        for number, group in enumerate(groups):
            for place, text in enumerate(group):
                if key == "content" or not is_lone_class(text):
                    common = _EVERYWHERE if key == "content" else frozenset[str]()
                    _wording(text, marks.at(key, number, place), faults, common)
    if rule.together and all(is_lone_class(text) for group in rule.together for text in group):
        faults.add(marks.at("together"), "together needs a wording beside the classes")
    if not rule.place:
        faults.add(marks.at("place"), "place is empty: the disclosure could stand nowhere")
    _wordings(rule.under, "under", marks, faults)
    _wordings(rule.not_within, "not_within", marks, faults)


def _check_trigger(rule: RequireRule, marks: Marks, faults: Faults) -> None:
    when = rule.when
    if not (when.topic or when.mentions or when.claims):
        faults.add(marks.at("when"), "the trigger is empty: give topic, mentions or claims")
    for number, category in enumerate(when.claims):
        if category in DOCUMENT_CATEGORIES:
            mark = marks.at("when", "claims", number)
            faults.add(mark, f'"{category}" speaks of the document and is never a claim')
    for number, text in enumerate(when.mentions):
        if not is_lone_class(text):
            _wording(text, marks.at("when", "mentions", number), faults, _EVERYWHERE)


def _check_lexicon(lexicon: Lexicon, marks: Marks, faults: Faults) -> None:
    if not (lexicon.entries or lexicon.suffixes):
        faults.add(marks.at(), f'the lexicon "{lexicon.name}" is empty')
    for number, entry in enumerate(lexicon.entries):
        mark = marks.at("entries", number)
        names = (entry,) if isinstance(entry, str) else (entry.term, *entry.also)
        for name in names:
            if lexicon.part != "phrase" and ("~" in name or "@" in name):
                message = f'"{name}": entries of this part inflect by themselves; remove the sign'
                faults.add(mark, message)
            elif classes_of(name):
                faults.add(mark, f'"{name}": an entry cannot contain a class')
            else:
                _wording(name, mark, faults, _EVERYWHERE, plain=True)


def _wordings(
    texts: Iterable[str],
    key: str,
    marks: Marks,
    faults: Faults,
    common: frozenset[str] = frozenset(),
    *,
    plain: bool = False,
) -> None:
    seen: set[str] = set()
    for number, text in enumerate(texts):
        mark = marks.at(key, number)
        _wording(text, mark, faults, common, plain=plain)
        if text.lower() in seen:
            faults.add(mark, f'"{shorten(text)}" is listed twice')
        seen.add(text.lower())


def _wording(
    text: str,
    mark: Mark,
    faults: Faults,
    common: frozenset[str] = frozenset(),
    *,
    plain: bool = False,
) -> None:
    try:
        choices = parse(text)
    except WordingError as error:
        faults.add(mark, str(error))
        return
    first = tuple(element for choice in choices for element in choice[0])
    if not any(sign.isalnum() for sign in text):
        message = f'"{shorten(text)}" has no word: signs alone would match on nearly every page'
        faults.add(mark, message)
    elif is_plain(first):
        if text.strip().rstrip("~").lower() in common:
            message = f'"{text}" alone would match on nearly every page: write more of the wording'
            faults.add(mark, message)
    elif plain:
        faults.add(
            mark, f'"{shorten(text)}": only plain words can stand here, no @class and no ...'
        )
    elif all(is_class(element) or element == GAP for element in first):
        message = f'"{shorten(text)}" has no plain word: add one, or use a claim rule'
        faults.add(mark, message)
