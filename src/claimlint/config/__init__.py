"""The configuration, resolved: what was written in files and flags, and what holds for a path."""

# os.path throughout: see source.py.
# ruff: noqa: PTH100, PTH120

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from claimlint import __version__
from claimlint.errors import DefinitionError, Fault, Mark
from claimlint.globs import chosen
from claimlint.packs.library import shown_path
from claimlint.packs.selection import DEFAULT_MARKETS, Level, Levels, Part, Selection

if TYPE_CHECKING:
    from claimlint.cache import CacheFolder
    from claimlint.config.file import ConfigFile, OverridePart
    from claimlint.config.serve import ServePart
    from claimlint.marked_yaml.nodes import Marks

FailLevel = Literal["error", "warning", "note", "never"]
DEFAULT_EXCLUDE = (
    "requirements*.txt",
    "robots.txt",
    "LICENSE*",
    "CHANGELOG*",
)
DEFAULT_TARGET_GRADE = 8.0
DEFAULT_MAX_BYTES = 10 << 20
_READABILITY = "readability/"


class Override(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of the files that `files` fits; None leaves a setting as it is."""

    files: tuple[str, ...]
    markets: tuple[str, ...] | None = None
    packs: tuple[str, ...] | None = None
    rules: Levels = ()
    target_grade: float | None = None


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for one document."""

    selection: Selection
    target_grade: float


class Suppressions(msgspec.Struct, frozen=True, kw_only=True):
    """What may let findings off; without `heeded` nothing may, as for an audit.

    `inline`: comments in drafts. `require_approver`: only what has an approver, which comments have
    not. With `approvers` only these names approve.
    """

    inline: bool = True
    require_approver: bool = False
    approvers: tuple[str, ...] = ()
    heeded: bool = True


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """A whole run's configuration.

    `root` is the folder that patterns are relative to, and local packs unless `packs_root` says another;
    `path` is the file as shown.
    `written_markets` are those of the whole file, also where flags replace them.
    `max_bytes` limits a document. `notices` are to be told once.
    """

    root: str
    path: str | None = None
    markets: tuple[str, ...] = DEFAULT_MARKETS
    written_markets: tuple[str, ...] = ()
    fail_on: FailLevel = "error"
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    packs: tuple[str, ...] = ()
    packs_root: str = ""
    rules: Levels = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    target_grade: float = DEFAULT_TARGET_GRADE
    overrides: tuple[Override, ...] = ()
    max_bytes: int = DEFAULT_MAX_BYTES
    suppressions: Suppressions = Suppressions()
    notices: tuple[str, ...] = ()
    marks: tuple[tuple[Part, str, Mark], ...] = ()

    def selects(self, path: str) -> bool:
        """Tell whether a file (relative to `root`, `/`-separated) is a draft to be checked.

        What lies outside of `root` (../) is none of `include`, and no pattern excludes it but the
        default ones.
        """
        if path.startswith("../"):
            return not self.include and not chosen(path.rpartition("/")[2], DEFAULT_EXCLUDE)
        if self.include and not chosen(path, self.include):
            return False
        return not chosen(path, (*DEFAULT_EXCLUDE, *self.exclude))

    def for_path(self, path: str) -> Settings:
        """Resolve the overrides for a file (relative to `root`, `/`-separated)."""
        outside = path.startswith("../")
        return self._settings(
            one for one in self.overrides if not outside and chosen(path, one.files)
        )

    def every_settings(self) -> tuple[Settings, ...]:
        """The settings outside of all overrides, then those of each override alone."""
        return (self._settings(()), *(self._settings((one,)) for one in self.overrides))

    @property
    def named_markets(self) -> tuple[str, ...]:
        """The markets that are configured for some path, in the order in which they are written."""
        given = (self.markets, *(one.markets or () for one in self.overrides))
        return tuple(dict.fromkeys(market for markets in given for market in markets))

    def for_market(self, market: str) -> Config:
        """This configuration with one of its markets alone, where it is configured."""

        def kept(markets: tuple[str, ...]) -> tuple[str, ...]:
            return (market,) if market in markets else ()

        overrides = tuple(
            one if one.markets is None else msgspec.structs.replace(one, markets=kept(one.markets))
            for one in self.overrides
        )
        written = _union((self.written_markets, self.named_markets))
        return msgspec.structs.replace(
            self, markets=kept(self.markets), overrides=overrides, written_markets=written
        )

    def _settings(self, overrides: Iterable[Override]) -> Settings:
        markets, packs, grade = self.markets, self.packs, self.target_grade
        levels: list[Levels] = []
        for override in overrides:
            markets = override.markets if override.markets is not None else markets
            packs = override.packs if override.packs is not None else packs
            levels += [override.rules] if override.rules else []
            grade = override.target_grade if override.target_grade is not None else grade
        selection = Selection(
            markets=markets,
            packs=packs,
            rules=self.rules,
            override_rules=tuple(levels),
            select=self.select,
            ignore=self.ignore,
            root=self.packs_root or self.root,
            mentioned_markets=_union(one.markets for one in self.overrides),
            mentioned_packs=_union((self.packs, *(one.packs for one in self.overrides))),
            mentioned_rules=_union(dict(one.rules) for one in self.overrides),
            declared_markets=_union((self.written_markets, self.named_markets)),
            marks=self.marks,
        )
        return Settings(selection=selection, target_grade=grade)


def load_config(path: str | None, folder: str, cache: CacheFolder | None = None) -> Config:
    """Read the named configuration file, else the one found upwards from `folder`, else defaults.

    Raises DefinitionError with all mistakes.
    """
    from claimlint.config.source import find, read_bytes

    found = find(folder) if path is None else None
    chosen_path = found.path if found else path
    if chosen_path is None:
        return Config(root=os.path.abspath(folder))
    root = os.path.dirname(os.path.abspath(chosen_path))
    config = _cached(read_bytes(chosen_path), chosen_path, cache)
    if config is None:
        if path is None:
            return Config(root=os.path.abspath(folder))
        fault = Fault(Mark(shown_path(path)), "has no table [tool.claimlint]")
        raise DefinitionError((fault,))
    notices = (*(found.notices if found else ()), *config.notices)
    return msgspec.structs.replace(config, root=root, notices=notices)


def load_serve(config: Config) -> ServePart | None:
    """Read the `serve` section of a configuration; None without one. Raises DefinitionError."""
    if config.path is None:
        return None
    from claimlint.config.source import parse, read_bytes

    path = os.path.join(config.root, os.path.basename(config.path))  # noqa: PTH118, PTH119
    loaded = parse(read_bytes(path), path)
    return loaded.value.serve if loaded is not None else None


def _cached(data: bytes, path: str, cache: CacheFolder | None) -> Config | None:
    """The configuration (without its root) from the cache or the file's words."""
    from claimlint.model.digest import sha256

    place = shown_path(path)
    key = sha256(b"\0".join((__version__.encode(), place.encode(), data))).hexdigest()[:40]
    if cache and (payload := cache.read(f"config-{key}")):
        try:
            return msgspec.json.decode(payload, type=Config)
        except msgspec.MsgspecError:
            pass  # written by a build with other types: make it again
    from claimlint.config.source import parse

    loaded = parse(data, path)
    if loaded is None:
        return None
    config = _resolved(loaded.value, loaded.marks, place)
    if cache:
        cache.write(f"config-{key}", msgspec.json.encode(config))
    return config


def apply_flags(
    config: Config,
    *,
    markets: tuple[str, ...] | None = None,
    packs: tuple[str, ...] | None = None,
    select: tuple[str, ...] | None = None,
    ignore: tuple[str, ...] | None = None,
    fail_on: FailLevel | None = None,
    heed_suppressions: bool = True,
) -> Config:
    """Let flags replace what the configuration says, for every path; None leaves it.

    Local packs of flags are relative to the working directory.
    """
    changes: dict[str, Any] = {}
    overrides = config.overrides
    marks = config.marks
    if markets is not None:
        changes["markets"] = markets
        overrides = tuple(msgspec.structs.replace(one, markets=None) for one in overrides)
        marks = tuple(mark for mark in marks if mark[0] != "market")
    if packs is not None:
        changes["packs"] = packs
        changes["packs_root"] = os.getcwd()  # noqa: PTH109
        overrides = tuple(msgspec.structs.replace(one, packs=None) for one in overrides)
        marks = tuple(mark for mark in marks if mark[0] != "pack")
    others = {"select": select, "ignore": ignore, "fail_on": fail_on}
    changes |= {name: value for name, value in others.items() if value is not None}
    if not heed_suppressions:
        changes["suppressions"] = Suppressions(heeded=False)
    return msgspec.structs.replace(config, overrides=overrides, marks=marks, **changes)


def config_schema() -> dict[str, Any]:
    """Make the JSON Schema of `claimlint.yaml`."""
    from claimlint.config.file import ConfigFile

    schema = msgspec.json.schema(ConfigFile)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:claimlint:schema:config:1",
        "title": "claimlint configuration",
        **schema,
    }


def _union(names: Iterable[Iterable[str] | None]) -> tuple[str, ...]:
    return tuple(sorted({name for each in names for name in each or ()}))


def _resolved(file: ConfigFile, marks: Marks, path: str) -> Config:
    market = file.market
    config = Config(
        root="",
        path=path,
        markets=DEFAULT_MARKETS if market is None else _listed(market),
        fail_on=file.fail_on,
        include=_listed(file.include),
        exclude=_listed(file.exclude),
        packs=_listed(file.packs),
        rules=_levels(file.rules, file.readability.severity),
        target_grade=file.readability.target_grade or DEFAULT_TARGET_GRADE,
        overrides=tuple(_override(part) for part in file.overrides),
        max_bytes=file.max_bytes,
        suppressions=Suppressions(
            inline=file.suppressions.inline,
            require_approver=file.suppressions.require_approver,
            approvers=file.suppressions.approvers,
        ),
        marks=tuple(_written(file, marks)),
    )
    return msgspec.structs.replace(config, written_markets=config.named_markets)


def _override(part: OverridePart) -> Override:
    return Override(
        files=_listed(part.files),
        markets=None if part.market is None else _listed(part.market),
        packs=None if part.packs is None else _listed(part.packs),
        rules=_levels(part.rules, part.readability.severity),
        target_grade=part.readability.target_grade,
    )


def _listed(value: tuple[str, ...] | str) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _levels(rules: dict[str, Level], readability: Level | None) -> Levels:
    if readability is not None:
        rules = {_READABILITY: readability, **rules}
    return tuple(sorted(rules.items()))


def _written(file: ConfigFile, marks: Marks) -> list[tuple[Part, str, Mark]]:
    """List where every market, pack and rule is written, for messages about them."""
    found = _written_in(file, marks, ())
    for number, part in enumerate(file.overrides):
        found += _written_in(part, marks, ("overrides", number))
    return found


def _written_in(
    part: ConfigFile | OverridePart, marks: Marks, steps: tuple[str | int, ...]
) -> list[tuple[Part, str, Mark]]:
    found: list[tuple[Part, str, Mark]] = []
    lists: tuple[tuple[str, Part, tuple[str, ...] | str | None], ...] = (
        ("market", "market", part.market),
        ("packs", "pack", part.packs),
    )
    for key, owner, value in lists:
        found += [
            (owner, name, marks.at(*steps, key, number))
            for number, name in enumerate(_listed(value or ()))
        ]
    if part.rules:
        found += [("rule", name, mark) for name, mark in marks.keys(*steps, "rules").items()]
    return found
