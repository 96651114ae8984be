"""Checks over all packs together: names, ids, overrides, classes, and what the user chose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import get_args

from claimlint.errors import Mark
from claimlint.marked_yaml import Faults, nearest, shorten
from claimlint.marked_yaml.nodes import Marks
from claimlint.model.rule import (
    DOCUMENT_CATEGORIES,
    Category,
    ClaimRule,
    Cue,
    EvidenceRule,
    LawRule,
    ListedRule,
    Pack,
    PatternRule,
    PhraseRule,
    RequireRule,
    Rule,
    Status,
    WeighedRule,
)
from claimlint.model.words import words
from claimlint.packs.library import ALWAYS, MARKETS, ONE_PACK, PackFile
from claimlint.packs.load import LoadedPack
from claimlint.packs.selection import Part, Selection, all_markets
from claimlint.packs.wording import classes_of

Steps = tuple[str | int, ...]
CATEGORIES = frozenset(get_args(Category))


def check_together(
    packs: tuple[LoadedPack, ...], library: tuple[LoadedPack, ...], faults: Faults
) -> None:
    """Note the mistakes of `packs`; `library` are all shipped ones."""
    _check_names(packs, library, faults)
    _check_rule_ids(packs, library, faults)
    _check_cue_ids(packs, faults)
    _check_classes(packs, faults)
    _check_laws(packs, library, faults)
    _check_entries(packs, faults)


def check_selection(
    selection: Selection, known: Iterable[LoadedPack], markets: set[str], faults: Faults
) -> None:
    """Note markets, rules and categories that nobody defines."""
    known = tuple(known)
    _check_own_markets(selection, known, markets, faults)
    markets = markets | {one.pack.market for one in known if one.pack and one.pack.market}
    for market in dict.fromkeys((*selection.markets, *selection.mentioned_markets)):
        if market not in markets:
            likely = market.lower().replace("_", "-")  # "US" and "us_FL" are nearly right
            message = f'unknown market "{market}"{nearest(likely, markets)}'
            faults.add(selection.mark("market", market), message)
    ids = {rule_id for loaded in known for rule_id in loaded.ids}
    groups = _groups(ids)
    for part, name in _chosen_rules(selection):
        if name not in ids and name not in groups:
            faults.add(selection.mark(part, name), unknown_rule(name, ids))


def _check_own_markets(
    selection: Selection, known: tuple[LoadedPack, ...], shipped: set[str], faults: Faults
) -> None:
    """Note users' packs for a market that nobody knows and nobody chooses: their rules would never run."""
    named = {
        *all_markets(selection.markets),
        *selection.mentioned_markets,
        *selection.declared_markets,
    }
    for loaded in known:
        market = loaded.pack.market if loaded.pack and loaded.is_users else None
        if market is not None and market not in shipped | named:
            message = f'unknown market "{market}", which no run chooses (market: [{market}] would)'
            faults.add(loaded.marks.at("market"), f"{message}{nearest(market, shipped)}")


def rule_ids_missing(selection: Selection, known: Iterable[LoadedPack]) -> bool:
    """Tell whether a chosen id is not among these packs, so that the others must be asked."""
    ids = {rule_id for loaded in known for rule_id in loaded.ids}
    names = ids | _groups(ids)
    return any(name not in names for _, name in _chosen_rules(selection))


def _chosen_rules(selection: Selection) -> list[tuple[Part, str]]:
    levels = (selection.rules, *selection.override_rules)
    written = [name for each in levels for name, _ in each]
    named: list[tuple[Part, tuple[str, ...]]] = [
        ("rule", (*written, *selection.mentioned_rules)),
        ("select", selection.select),
        ("ignore", selection.ignore),
    ]
    return [(part, name) for part, names in named for name in dict.fromkeys(names)]


def unknown_rule(name: str, ids: Iterable[str]) -> str:
    """Say that a name is neither of these rules nor a group, with the nearest one."""
    known = set(ids)
    groups, likely = _groups(known), name.lower()
    if name in groups:
        return f'no rule of "{name}" is in the chosen packs'
    if f"{likely}/" in groups:
        return f'unknown rule "{name}"; did you mean "{likely}/"?'
    return f'unknown rule "{name}"{nearest(likely, groups if name.endswith("/") else known)}'


def _groups(ids: set[str]) -> set[str]:
    return {f"{rule_id.split('/')[0]}/" for rule_id in ids} | {f"{name}/" for name in CATEGORIES}


def _check_names(
    packs: tuple[LoadedPack, ...], library: tuple[LoadedPack, ...], faults: Faults
) -> None:
    shipped = {loaded.pack.pack for loaded in library if loaded.pack}
    versions: dict[str, tuple[str, str]] = {}
    for loaded in packs:
        pack, marks = loaded.pack, loaded.marks
        if pack is None:
            continue
        if loaded.is_users:
            if pack.pack in shipped:
                message = f'"{pack.pack}" is the name of a shipped pack: choose another name'
                faults.add(marks.at("pack"), message)
        else:
            _check_place(loaded.file, pack, marks, faults)
        version, place = versions.setdefault(pack.pack, (pack.version, loaded.file.shown))
        if version != pack.version:
            message = f"version {pack.version} differs from {version} in {place}"
            faults.add(marks.at("version"), f"{message}: one pack, one version")


def _check_place(file: PackFile, pack: Pack, marks: Marks, faults: Faults) -> None:
    wanted = file.group if file.group in ONE_PACK else file.stem
    if pack.pack != wanted:
        faults.add(marks.at("pack"), f'must be "{wanted}", as its place says')
    if file.group == MARKETS and pack.market != file.stem:
        faults.add(marks.at("market"), f'must be "{file.stem}", as its place says')
    if file.group in ALWAYS and pack.market:
        faults.add(marks.key("market"), "only packs in markets/ belong to a market")


def _check_rule_ids(
    packs: tuple[LoadedPack, ...], library: tuple[LoadedPack, ...], faults: Faults
) -> None:
    places: dict[tuple[str, bool], Mark] = {}
    shipped = {rule_id for loaded in library for rule_id in loaded.ids}
    own = {
        part.value.id for loaded in packs for part in loaded.rules if not part.value.override
    } | {rule_id for loaded in packs if loaded.pack is None for rule_id in loaded.ids}
    for loaded in packs:
        for rule, marks in loaded.rules:
            mark = marks.at("id")
            first = places.setdefault((rule.id, rule.override), mark)
            if not rule.override and loaded.is_users and rule.id in shipped:
                message = f'the rule "{rule.id}" is one of the shipped rules'
                faults.add(mark, f"{message}: write override: true to replace it")
            elif first is not mark:
                word = "overridden" if rule.override else "defined"
                faults.add(mark, f'the rule "{rule.id}" is already {word} at {first}')
            elif rule.override and rule.id not in shipped | own:
                hint = nearest(rule.id, shipped | own)
                faults.add(mark, f'override of the unknown rule "{rule.id}"{hint}')


def _check_cue_ids(packs: tuple[LoadedPack, ...], faults: Faults) -> None:
    places: dict[str, Mark] = {}
    for loaded in packs:
        for cue, marks in loaded.cues:
            mark = marks.at("id")
            first = places.setdefault(cue.id, mark)
            if first is not mark:
                faults.add(mark, f'the cue "{cue.id}" is already defined at {first}')


def _check_classes(packs: tuple[LoadedPack, ...], faults: Faults) -> None:
    known = {*get_args(Status), *(name for loaded in packs for name in loaded.classes)}
    for loaded in packs:
        parts = [(_wordings_of(rule), marks) for rule, marks in loaded.rules]
        parts += [(_wordings_of_cue(cue), marks) for cue, marks in loaded.cues]
        for wordings, marks in parts:
            for steps, texts in wordings:
                _check_texts(texts, steps, marks, known, faults)


def _check_texts(
    texts: tuple[str, ...], steps: Steps, marks: Marks, known: set[str], faults: Faults
) -> None:
    for number, text in enumerate(texts):
        for name in classes_of(text):
            if name not in known:
                hint = nearest(name, known).replace('mean "', 'mean "@')
                faults.add(marks.at(*steps, number), f'unknown class "@{name}"{hint}')


def _wordings_of(rule: Rule) -> Iterator[tuple[Steps, tuple[str, ...]]]:
    if isinstance(rule, PhraseRule | PatternRule | ListedRule):
        yield ("near",), rule.near
        yield ("if_topic",), rule.if_topic
    if isinstance(rule, PhraseRule | EvidenceRule):
        yield ("match",), rule.match
    if isinstance(rule, PhraseRule | ClaimRule | EvidenceRule | ListedRule | RequireRule):
        yield ("not_within",), rule.not_within
    if isinstance(rule, ListedRule):
        yield ("lead_in",), rule.lead_in
    if isinstance(rule, WeighedRule):
        yield ("needs",), rule.needs
        yield ("lacks",), rule.lacks
    if isinstance(rule, ClaimRule):
        yield ("when", "verb"), rule.when.verb
        yield ("when", "target"), rule.when.target
        yield ("when", "subject"), rule.when.subject
    elif isinstance(rule, RequireRule):
        yield ("when", "topic"), rule.when.topic
        yield ("when", "mentions"), rule.when.mentions
        for key, groups in (("content", rule.content), ("together", rule.together)):
            for number, group in enumerate(groups):
                yield (key, number), group
        yield ("under",), rule.under


def _check_laws(
    packs: tuple[LoadedPack, ...], library: tuple[LoadedPack, ...], faults: Faults
) -> None:
    """What a law forbids is what some category or rule of the packs finds."""
    ids = {rule_id for loaded in (*packs, *library) for rule_id in loaded.ids}
    known = ids | (CATEGORIES - DOCUMENT_CATEGORIES)
    for loaded in packs:
        for rule, marks in loaded.rules:
            if isinstance(rule, LawRule):
                for number, name in enumerate(rule.of):
                    if name not in known:
                        message = f'unknown category or rule "{name}"{nearest(name, known)}'
                        faults.add(marks.at("of", number), message)


def _wordings_of_cue(cue: Cue) -> Iterator[tuple[Steps, tuple[str, ...]]]:
    yield ("match",), cue.match
    yield ("exempt",), cue.exempt


def _check_entries(packs: tuple[LoadedPack, ...], faults: Faults) -> None:
    # A user's entry takes the place of a shipped one of its name; any other double is a slip.
    places: dict[tuple[str, bool, tuple[str, ...]], Mark] = {}
    for loaded in packs:
        for lexicon, marks in loaded.lexicons:
            for number, entry in enumerate(lexicon.entries):
                names = (entry,) if isinstance(entry, str) else (entry.term, *entry.also)
                mark = marks.at("entries", number)
                for name in names:
                    key = (lexicon.name, loaded.is_users, tuple(words(name)))
                    first = places.setdefault(key, mark)
                    if first is not mark:
                        message = f'"{shorten(name)}" is already in the lexicon "{lexicon.name}"'
                        faults.add(mark, f"{message}, at {first}")
