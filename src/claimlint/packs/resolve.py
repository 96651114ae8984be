"""A selection -> checked packs -> the ruleset, by way of the cache."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from claimlint import __version__
from claimlint.cache import CacheFolder
from claimlint.marked_yaml import Faults
from claimlint.model.rule import Pack, PatternRule, Rule
from claimlint.model.ruleset import Ruleset
from claimlint.packs.library import (
    PackFile,
    PackText,
    chosen_files,
    library_files,
    market_names,
    mentioned_files,
    read_files,
    read_weights,
    rulesets_folder,
    stamp,
    weights_stamp,
)
from claimlint.packs.selection import Selection, all_markets, names_rule
from claimlint.packs.stored import LAYOUT, packed, unpacked

if TYPE_CHECKING:
    from claimlint.marked_yaml.nodes import Marks
    from claimlint.packs.load import LoadedPack


class WrittenRule(msgspec.Struct, frozen=True):
    """A rule as it is written, with the places of its parts; `is_own`: it is of a user's pack."""

    rule: Rule
    marks: Marks
    is_own: bool


def load_ruleset(
    selection: Selection, cache: CacheFolder | None, *, library: str | None = None
) -> Ruleset:
    """The ruleset of a selection, from the cache when it holds it.

    `library` is the folder of the shipped packs. Raises DefinitionError with all mistakes.
    """
    sources = _gather(selection, library or rulesets_folder())
    name = f"ruleset-{_key(sources, selection)}"
    if cache and not sources.faults and (payload := cache.read(name)):
        try:
            return unpacked(payload)
        except msgspec.MsgspecError:
            pass  # written by a build with other types: make it again
    from claimlint.model.digest import sha256
    from claimlint.packs.compile import compile_ruleset

    weights = sha256(read_weights()).hexdigest()
    ruleset = compile_ruleset(_checked(selection, sources), selection, weights)
    if cache:
        cache.write(name, packed(ruleset))
    return ruleset


def load_packs(selection: Selection, *, library: str | None = None) -> tuple[Pack, ...]:
    """The packs of a selection with their examples; overrides and markets are resolved.

    Levels, `select` and `ignore` are not applied. Raises DefinitionError with all mistakes.
    """
    return _checked(selection, _gather(selection, library or rulesets_folder()))


def load_rules(selection: Selection) -> tuple[WrittenRule, ...]:
    """The rules of a selection as `load_packs` has them, and those of a user's packs for other markets.

    Raises DefinitionError with all mistakes.
    """
    loaded, shipped = _loaded(selection, _gather(selection, rulesets_folder()))
    parts = {
        (part.value.id, part.value.override): (part.marks, one.is_users)
        for one in loaded
        for part in one.rules
    }
    return tuple(
        WrittenRule(rule, *parts[rule.id, rule.override])
        for pack in _resolved(loaded, shipped)
        for rule in pack.rules
    )


def rule_markets(selection: Selection) -> dict[str, str | None]:
    """The market, if any, of each rule that there is, by id: also of markets that are not chosen.

    Slow: it reads all packs. Raises DefinitionError with all mistakes.
    """
    rules = _every_rule(selection)
    return {rule.id: rule.markets[0] if rule.markets else None for rule in rules}


def other_market(name: str, selection: Selection) -> str | None:
    """Say that a rule, or all of a group, is of markets that are not chosen; None for any other name.

    Slow as `rule_markets`. Raises DefinitionError with all mistakes.
    """
    named = [rule for rule in _every_rule(selection) if names_rule((name,), rule.id, rule.category)]
    markets = sorted({market for rule in named for market in rule.markets})
    chosen = all_markets(selection.markets)
    anywhere = not markets or not all(rule.markets for rule in named)
    if anywhere or any(_is_for(market, chosen) for market in markets):
        return None
    kind = f'the rules of "{name}" are' if name.endswith("/") else f'"{name}" is a rule'
    said = "the market " if len(markets) == 1 else "the markets "
    return f"{kind} of {said}{', '.join(markets)}: add --market {markets[0]}"


def _every_rule(selection: Selection) -> list[Rule]:
    shipped = market_names(library_files(rulesets_folder()))
    markets = (*shipped, *selection.markets)
    everything = Selection(
        markets=markets,
        packs=selection.packs,
        root=selection.root,
        declared_markets=selection.declared_markets,
    )
    return [written.rule for written in load_rules(everything)]


class _Sources(msgspec.Struct, frozen=True):
    """The files that a selection is made from, with the bytes of those that are a user's own.

    `mentioned` only lends its names. `stamps` and the bytes tell one state of the files from another.
    """

    library: tuple[PackFile, ...]
    chosen: tuple[PackFile, ...]
    mentioned: tuple[PackFile, ...]
    own: Mapping[PackFile, PackText]
    stamps: tuple[tuple[str, ...], ...]
    faults: Faults

    def texts(self, files: tuple[PackFile, ...]) -> tuple[PackText, ...]:
        """The files with their bytes; those that cannot be read become faults."""
        rest = tuple(file for file in files if file not in self.own and file.group)
        read = {text.file: text for text in read_files(rest, self.faults)} | dict(self.own)
        return tuple(read[file] for file in files if file in read)


def _gather(selection: Selection, folder: str) -> _Sources:
    faults = Faults()
    library = library_files(folder)
    chosen = chosen_files(selection, library, faults)
    mentioned = mentioned_files(selection, library, faults)
    mentioned = tuple(file for file in mentioned if file not in chosen)
    files = (*chosen, *mentioned)
    own = read_files(tuple(file for file in files if not file.group), faults)
    stamps = (weights_stamp(), *(stamp(file) for file in files if file.group))
    return _Sources(library, chosen, mentioned, {text.file: text for text in own}, stamps, faults)


def _key(sources: _Sources, selection: Selection) -> str:
    from claimlint.model.digest import sha256

    own = [
        [
            (file.stem, sha256(sources.own[file].data).hexdigest())
            for file in files
            if file in sources.own
        ]
        for files in (sources.chosen, sources.mentioned)
    ]
    names = (
        all_markets(selection.markets),
        selection.rules,
        selection.select,
        selection.ignore,
        selection.mentioned_markets,
        selection.mentioned_packs,
        selection.mentioned_rules,
        selection.declared_markets,
    )
    choice = [sorted(set(each), key=repr) for each in names]
    # Of overrides the order counts.
    content = [
        __version__,
        LAYOUT,
        sys.byteorder,
        sources.stamps,
        own,
        choice,
        selection.override_rules,
    ]
    return sha256(msgspec.json.encode(content)).hexdigest()[:40]


def _checked(selection: Selection, sources: _Sources) -> tuple[Pack, ...]:
    return tuple(_resolved(*_loaded(selection, sources), all_markets(selection.markets)))


def _loaded(
    selection: Selection, sources: _Sources
) -> tuple[tuple[LoadedPack, ...], tuple[LoadedPack, ...]]:
    """The chosen packs and all shipped ones that were read; raises DefinitionError."""
    from claimlint.packs.cross_checks import check_selection, check_together, rule_ids_missing
    from claimlint.packs.load import load_texts

    library, faults = sources.library, sources.faults
    loaded = load_texts(sources.texts(sources.chosen), faults)
    shipped = tuple(one for one in loaded if not one.is_users)
    known = (*loaded, *load_texts(sources.texts(sources.mentioned), faults))
    if len(shipped) < len(loaded) or rule_ids_missing(selection, known):
        # Ids of markets that are not chosen are valid names all the same.
        taken = {*sources.chosen, *sources.mentioned}
        rest = read_files(tuple(file for file in library if file not in taken), faults)
        others = load_texts(rest, faults)
        shipped, known = (*shipped, *others), (*known, *others)
    check_together(loaded, shipped, faults)
    check_selection(selection, known, set(market_names(library)), faults)
    faults.check()
    return loaded, shipped


def _with_engines(loaded: LoadedPack) -> Pack:
    """Choose the engine of a shipped pack's patterns; a user's always run with a time limit."""
    assert loaded.pack is not None
    if loaded.is_users:
        return loaded.pack
    rules = tuple(
        msgspec.structs.replace(rule, engine="re")
        if isinstance(rule, PatternRule) and _is_standard(rule.pattern)
        else rule
        for rule in loaded.pack.rules
    )
    return msgspec.structs.replace(loaded.pack, rules=rules)


def _is_standard(pattern: str) -> bool:
    import re

    try:
        re.compile(pattern, re.IGNORECASE)
    except re.error:
        return False
    return True


def _resolved(
    loaded: tuple[LoadedPack, ...],
    shipped: tuple[LoadedPack, ...],
    markets: tuple[str, ...] | None = None,
) -> list[Pack]:
    """Fill in the markets of rules, replace overridden ones, drop what other `markets` demand."""
    every = [_with_engines(one) for one in loaded if one.pack]
    packs = [pack for pack in every if _is_for(pack.market, markets)]
    replaced = {rule.id for pack in packs for rule in pack.rules if rule.override}
    home = {
        rule.id: pack.market
        for pack in (*every, *(one.pack for one in shipped if one.pack))
        for rule in pack.rules
        if not rule.override
    }
    found: list[Pack] = []
    for pack in packs:
        rules: list[Rule] = []
        for rule in pack.rules:
            market = pack.market or (home.get(rule.id) if rule.override else None)
            if (rule.override or rule.id not in replaced) and _is_for(market, markets):
                made = msgspec.structs.replace(rule, markets=(market,) if market else ())
                rules.append(made)
        found.append(msgspec.structs.replace(pack, rules=tuple(rules)))
    return found


def _is_for(market: str | None, markets: tuple[str, ...] | None) -> bool:
    return market is None or markets is None or market in markets
