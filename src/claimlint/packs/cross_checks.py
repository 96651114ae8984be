"""Checks over all packs together: names, ids, overrides, classes, and what the user chose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import get_args

from claimlint.errors import Mark
from claimlint.marked_yaml import Faults, nearest
from claimlint.model.rule import (
    Category,
    ClaimRule,
    PatternRule,
    PhraseRule,
    RequireRule,
    Rule,
    Status,
)
from claimlint.model.words import words
from claimlint.packs.library import ALWAYS, MARKETS
from claimlint.packs.load import LoadedPack
from claimlint.packs.selection import Selection
from claimlint.packs.wording import classes_of

Steps = tuple[str | int, ...]
CATEGORIES = frozenset(get_args(Category))


def check_together(packs: tuple[LoadedPack, ...], library: tuple[LoadedPack, ...]) -> None:
    """Raise DefinitionError with the mistakes of `packs`; `library` are all shipped ones."""
    faults = Faults()
    _check_names(packs, library, faults)
    _check_ids(packs, library, faults)
    _check_classes(packs, faults)
    _check_entries(packs, faults)
    faults.check()


def check_selection(selection: Selection, known: Iterable[LoadedPack], markets: set[str]) -> None:
    """Raise DefinitionError for markets, rules and categories that nobody defines."""
    faults = Faults()
    markets = markets | {loaded.pack.market for loaded in known if loaded.pack.market}
    for market in dict.fromkeys(selection.markets):
        if market not in markets:
            message = f'unknown market "{market}"{nearest(market, markets)}'
            faults.add(selection.mark("market", market), message)
    ids = {rule.id for loaded in known for rule in loaded.pack.rules}
    groups = {f"{rule_id.split('/')[0]}/" for rule_id in ids} | {f"{name}/" for name in CATEGORIES}
    for part, names in (
        ("rule", [name for name, _ in selection.rules]),
        ("select", selection.select),
        ("ignore", selection.ignore),
    ):
        for name in dict.fromkeys(names):
            if name not in ids and name not in groups:
                hint = nearest(name, groups if name.endswith("/") else ids)
                mark = selection.mark(part, name)  # type: ignore[arg-type]
                faults.add(mark, f'unknown rule "{name}"{hint}')
    faults.check()


def rule_ids_missing(selection: Selection, known: Iterable[LoadedPack]) -> bool:
    """Tell whether a chosen id is not among these packs, so that the others must be asked."""
    ids = {rule.id for loaded in known for rule in loaded.pack.rules}
    ids |= {f"{rule_id.split('/')[0]}/" for rule_id in ids} | {f"{name}/" for name in CATEGORIES}
    chosen = [*(name for name, _ in selection.rules), *selection.select, *selection.ignore]
    return any(name not in ids for name in chosen)


def _check_names(
    packs: tuple[LoadedPack, ...], library: tuple[LoadedPack, ...], faults: Faults
) -> None:
    shipped = {loaded.pack.pack for loaded in library}
    versions: dict[str, LoadedPack] = {}
    for loaded in packs:
        file, pack, marks = loaded
        if loaded.is_users and pack.pack in shipped:
            message = f'"{pack.pack}" is the name of a shipped pack: choose another name'
            faults.add(marks.at("pack"), message)
        if file.group:
            wanted = file.group if file.group in ("core", "lexicons", "readability") else file.stem
            if pack.pack != wanted:
                faults.add(marks.at("pack"), f'must be "{wanted}", as its place says')
        if file.group == MARKETS and pack.market != file.stem:
            faults.add(marks.at("market"), f'must be "{file.stem}", as its place says')
        if file.group in ALWAYS and pack.market:
            faults.add(marks.key("market"), "only packs in markets/ belong to a market")
        first = versions.setdefault(pack.pack, loaded)
        if first.pack.version != pack.version:
            message = f"version {pack.version} differs from {first.pack.version} in"
            faults.add(marks.at("version"), f"{message} {first.file.shown}: one pack, one version")


def _check_ids(
    packs: tuple[LoadedPack, ...], library: tuple[LoadedPack, ...], faults: Faults
) -> None:
    places: dict[tuple[str, bool], Mark] = {}
    shipped = {rule.id for loaded in library for rule in loaded.pack.rules if not rule.override}
    own = {rule.id for loaded in packs for rule in loaded.pack.rules if not rule.override}
    for loaded, number, rule in all_rules(packs):
        mark = loaded.marks.at("rules", number, "id")
        first = places.setdefault((rule.id, rule.override), mark)
        if first is not mark:
            word = "overridden" if rule.override else "defined"
            faults.add(mark, f'the rule "{rule.id}" is already {word} at {first}')
        elif rule.override and rule.id not in shipped | own:
            hint = nearest(rule.id, shipped | own)
            faults.add(mark, f'override of the unknown rule "{rule.id}"{hint}')
        elif not rule.override and loaded.is_users and rule.id in shipped:
            message = f'the rule "{rule.id}" is one of the shipped rules: write override: true'
            faults.add(mark, f"{message} to replace it")
    cues: dict[str, Mark] = {}
    for loaded in packs:
        for number, cue in enumerate(loaded.pack.cues):
            mark = loaded.marks.at("cues", number, "id")
            if cues.setdefault(cue.id, mark) is not mark:
                faults.add(mark, f'the cue "{cue.id}" is already defined at {cues[cue.id]}')


def all_rules(packs: tuple[LoadedPack, ...]) -> Iterator[tuple[LoadedPack, int, Rule]]:
    """Every rule with its pack and its number there."""
    for loaded in packs:
        for number, rule in enumerate(loaded.pack.rules):
            yield loaded, number, rule


def _check_classes(packs: tuple[LoadedPack, ...], faults: Faults) -> None:
    known = set(get_args(Status))
    for loaded in packs:
        for lexicon in loaded.pack.lexicons:
            known.add(lexicon.name)
            known.update(e.topic for e in lexicon.entries if not isinstance(e, str) and e.topic)
    for loaded in packs:
        for steps, name in _references(loaded):
            if name not in known:
                message = f'unknown class "@{name}"{_class_hint(name, known)}'
                faults.add(loaded.marks.at(*steps), message)


def _class_hint(name: str, known: set[str]) -> str:
    hint = nearest(name, known)
    return hint.replace('mean "', 'mean "@') if hint.startswith("; did") else hint


def _references(loaded: LoadedPack) -> Iterator[tuple[Steps, str]]:
    for number, rule in enumerate(loaded.pack.rules):
        for steps, texts in _wordings_of(rule):
            for place, text in enumerate(texts):
                for name in classes_of(text):
                    yield ("rules", number, *steps, place), name
    for number, cue in enumerate(loaded.pack.cues):
        for key, texts in (("match", cue.match), ("exempt", cue.exempt)):
            for place, text in enumerate(texts):
                for name in classes_of(text):
                    yield ("cues", number, key, place), name


def _wordings_of(rule: Rule) -> Iterator[tuple[Steps, tuple[str, ...]]]:
    if isinstance(rule, PhraseRule | PatternRule):
        yield ("near",), rule.near
        yield ("if_topic",), rule.if_topic
    if isinstance(rule, PhraseRule | ClaimRule):
        yield ("not_within",), rule.not_within
    if isinstance(rule, ClaimRule):
        yield ("when", "verb"), rule.when.verb
        yield ("when", "target"), rule.when.target
        yield ("when", "subject"), rule.when.subject
    elif isinstance(rule, RequireRule):
        yield ("when", "topic"), rule.when.topic
        yield ("when", "mentions"), rule.when.mentions
        for number, group in enumerate(rule.content):
            yield ("content", number), group
    else:
        yield ("match",), getattr(rule, "match", ())


def _check_entries(packs: tuple[LoadedPack, ...], faults: Faults) -> None:
    # A user's entry takes the place of a shipped one of its name; any other double is a slip.
    places: dict[tuple[str, bool, tuple[str, ...]], Mark] = {}
    for loaded in packs:
        for lexicon_number, lexicon in enumerate(loaded.pack.lexicons):
            for number, entry in enumerate(lexicon.entries):
                names = (entry,) if isinstance(entry, str) else (entry.term, *entry.also)
                mark = loaded.marks.at("lexicons", lexicon_number, "entries", number)
                for name in names:
                    key = (lexicon.name, loaded.is_users, tuple(words(name).tokens))
                    first = places.setdefault(key, mark)
                    if first is not mark:
                        message = f'"{name}" is already in the lexicon "{lexicon.name}", at {first}'
                        faults.add(mark, message)
