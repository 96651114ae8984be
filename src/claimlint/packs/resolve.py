"""A selection -> checked packs -> the ruleset, by way of the cache."""

from __future__ import annotations

import msgspec

from claimlint import __version__
from claimlint.model.rule import Pack, Rule, Ruleset
from claimlint.packs.cache import CacheFolder
from claimlint.packs.library import (
    PackText,
    chosen_files,
    library_files,
    market_names,
    read_files,
    rulesets_folder,
    user_files,
)
from claimlint.packs.selection import Selection, all_markets


def load_ruleset(
    selection: Selection, cache: CacheFolder | None, *, library: str | None = None
) -> Ruleset:
    """The ruleset of a selection, from the cache when it holds it.

    `library` is the folder of the shipped packs. Raises DefinitionError with all mistakes.
    """
    folder = library or rulesets_folder()
    texts = read_files(chosen_files(selection, library_files(folder)))
    name = f"ruleset-{_key(texts, selection)}"
    if cache and (payload := cache.read(name)):
        try:
            return msgspec.json.decode(payload, type=Ruleset)
        except msgspec.MsgspecError:
            pass  # written by a build with other types: make it again
    from claimlint.packs.compile import compile_ruleset

    ruleset = compile_ruleset(_checked(selection, texts, folder), selection)
    if cache:
        cache.write(name, msgspec.json.encode(ruleset))
    return ruleset


def load_packs(selection: Selection, *, library: str | None = None) -> tuple[Pack, ...]:
    """The packs of a selection with their examples; overrides and markets are resolved.

    Levels, `select` and `ignore` are not applied. Raises DefinitionError with all mistakes.
    """
    folder = library or rulesets_folder()
    texts = read_files(chosen_files(selection, library_files(folder)))
    return _checked(selection, texts, folder)


def _key(texts: tuple[PackText, ...], selection: Selection) -> str:
    from hashlib import sha256

    files = [(t.file.group, t.file.stem, sha256(t.data).hexdigest()) for t in texts]
    choice = (
        all_markets(selection.markets),
        sorted(set(selection.rules)),
        sorted(set(selection.select)),
        sorted(set(selection.ignore)),
    )
    return sha256(msgspec.json.encode([__version__, files, choice])).hexdigest()[:40]


def _checked(selection: Selection, texts: tuple[PackText, ...], folder: str) -> tuple[Pack, ...]:
    from claimlint.packs.cross_checks import check_selection, check_together, rule_ids_missing
    from claimlint.packs.load import load_texts

    loaded = load_texts(texts)
    files = library_files(folder)
    shipped = tuple(one for one in loaded if not one.is_users)
    known = loaded
    users = [one for one in loaded if one.is_users]
    if users or rule_ids_missing(selection, loaded):
        taken = {text.file for text in texts}
        others = load_texts(read_files(tuple(file for file in files if file not in taken)))
        shipped = (*shipped, *others)
        more = user_files(selection.known_packs, selection)
        known = (*loaded, *others, *load_texts(read_files(more)))
    check_together(loaded, shipped)
    check_selection(selection, known, set(market_names(files)))
    return tuple(_resolved([one.pack for one in loaded], [one.pack for one in shipped], selection))


def _resolved(packs: list[Pack], shipped: list[Pack], selection: Selection) -> list[Pack]:
    """Fill in the markets of rules, replace overridden ones, drop what belongs to other markets."""
    markets = all_markets(selection.markets)
    replaced = {rule.id for pack in packs for rule in pack.rules if rule.override}
    home = {
        rule.id: pack.market
        for pack in (*packs, *shipped)
        for rule in pack.rules
        if not rule.override
    }
    found: list[Pack] = []
    for pack in packs:
        rules: list[Rule] = []
        for rule in pack.rules:
            market = pack.market or (home.get(rule.id) if rule.override else None)
            if (rule.id in replaced and not rule.override) or (market and market not in markets):
                continue
            rules.append(msgspec.structs.replace(rule, markets=(market,) if market else ()))
        if not pack.market or pack.market in markets:
            found.append(msgspec.structs.replace(pack, rules=tuple(rules)))
    return found
