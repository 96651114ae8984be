"""The files in which a project keeps what people decided: read for a run, written by commands."""

# os.path throughout: importing pathlib costs more than finding out that there is no such file.
# ruff: noqa: PTH118, PTH123

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import msgspec

from claimlint import __version__
from claimlint.cache import CacheFolder
from claimlint.config import Config
from claimlint.errors import DefinitionError, Fault, Mark, UsageError
from claimlint.packs.library import is_path, shown_path

if TYPE_CHECKING:
    from claimlint.review.baseline import Baseline
    from claimlint.review.suppress import Project
    from claimlint.review.waivers import Waiver

WAIVERS = "claimlint-waivers.yaml"
BASELINE = "claimlint-baseline.json"

T = TypeVar("T")


def own_files(config: Config) -> dict[str, str | None]:
    """The files and folders in which a project keeps settings, rules and decisions, by what they are."""
    named = None if config.path is None else _path(config, os.path.basename(config.path))  # noqa: PTH119
    packs = {
        f"the rule pack {name}": _path(config, name)
        for settings in config.every_settings()
        for name in settings.selection.packs
        if is_path(name)
    }
    return {
        **packs,
        "the configuration": named,
        "the file of waivers": _path(config, WAIVERS),
        "the baseline": _path(config, BASELINE),
    }


def load_project(config: Config, cache: CacheFolder | None) -> Project | None:
    """What was decided beside a configuration; None where nothing is and its policy is the usual one.

    Raises DefinitionError for a file that is wrong.
    """
    policy = config.suppressions
    if not policy.heeded:
        return None
    waivers_path, baseline_path = _path(config, WAIVERS), _path(config, BASELINE)
    has_waivers, has_baseline = os.path.lexists(waivers_path), os.path.lexists(baseline_path)
    is_usual = policy.inline and not policy.require_approver
    if is_usual and not has_waivers and not has_baseline:
        return None
    from claimlint.review import baseline, waivers
    from claimlint.review.suppress import Project

    placed: tuple[waivers.Placed, ...] = ()
    known = baseline.Baseline()
    if has_waivers:
        data, shown = _read(waivers_path, waivers.SIZE_LIMIT_BYTES)
        parse = _remembered(cache, waivers.parse, tuple[waivers.Placed, ...])
        placed = parse(data, shown)
    if has_baseline:
        known = baseline.parse(*_read(baseline_path, baseline.SIZE_LIMIT_BYTES))
    return Project(
        waivers_path=shown_path(waivers_path),
        waivers=placed,
        baseline_path=shown_path(baseline_path),
        baseline=known,
        inline=policy.inline,
        require_approver=policy.require_approver,
        approvers=policy.approvers,
    )


def add_waivers(
    config: Config, new: tuple[Waiver, ...], log: Callable[[], object] = lambda: None
) -> str:
    """Write waivers into the project's file, whole or not at all; the path as shown comes back.

    `log` is called when nothing but the writing is left to do: what it raises leaves the file as it is.
    Raises DefinitionError for a file that is wrong already or would be, UsageError when others write it
    for long, OSError when it cannot be written.
    """
    from claimlint.files import replace
    from claimlint.review import waivers

    with _held(config, WAIVERS, waivers.SIZE_LIMIT_BYTES) as (path, data):
        made = waivers.added(data or b"", shown_path(path), new)
        log()
        replace(path, made)
    return shown_path(path)


def change_baseline(
    config: Config,
    change: Callable[[Baseline], Baseline],
    log: Callable[[Baseline, bytes], object] = lambda _made, _file: None,
) -> tuple[str, Baseline]:
    """Make a baseline from the one before, whole or not at all; the path as shown comes back, too.

    `log` is given it and the file's bytes before they are written. Raises as `add_waivers`.
    """
    from claimlint.files import replace
    from claimlint.review import baseline

    with _held(config, BASELINE, baseline.SIZE_LIMIT_BYTES) as (path, data):
        before = baseline.Baseline()
        if data is not None:
            before = baseline.parse(data, shown_path(path))
        found = change(before)
        made = baseline.render(found)
        log(found, made)
        replace(path, made)
    return shown_path(path), found


@contextmanager
def _held(config: Config, name: str, limit_bytes: int) -> Iterator[tuple[str, bytes | None]]:
    """A file's path and bytes (None: there is none), while no other process changes it."""
    from claimlint.locks import alone_with

    path = os.path.realpath(_path(config, name))
    try:
        with alone_with(path):
            exists = os.path.lexists(path)
            yield path, _read(path, limit_bytes)[0] if exists else None
    except BlockingIOError:
        message = "another claimlint is writing it; try again when that has ended"
        raise UsageError(f"{shown_path(path)}: {message}") from None


def _path(config: Config, name: str) -> str:
    return os.path.join(config.root, name)


def _read(path: str, limit_bytes: int) -> tuple[bytes, str]:
    """A file's bytes and its path as shown; raises DefinitionError."""
    shown = shown_path(path)
    try:
        with open(path, "rb") as stream:
            data = stream.read(limit_bytes + 1)
    except OSError as error:
        message = f"cannot be read: {error.strerror or 'system error'}"
        raise DefinitionError((Fault(Mark(shown), message),)) from None
    if len(data) > limit_bytes:
        raise DefinitionError((Fault(Mark(shown), f"larger than {limit_bytes:,} bytes"),))
    return data, shown


def _remembered(
    cache: CacheFolder | None, parse: Callable[[bytes, str], T], kind: type[T]
) -> Callable[[bytes, str], T]:
    """The same parser, which takes what it has read before from the cache."""
    if cache is None:
        return parse

    def parsed(data: bytes, path: str) -> T:
        from claimlint.model.digest import sha256

        key = sha256(b"\0".join((__version__.encode(), path.encode("utf-8", "replace"), data)))
        name = f"waivers-{key.hexdigest()[:40]}"
        if payload := cache.read(name):
            try:
                return msgspec.json.decode(payload, type=kind)
            except msgspec.MsgspecError:
                pass  # written by a build with other types: make it again
        made = parse(data, path)
        cache.write(name, msgspec.json.encode(made))
        return made

    return parsed
