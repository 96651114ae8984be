"""Kept expressions are those that the interpreter compiles, and only ever save time."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zlib import compress

import msgspec
import pytest

from claimlint import expressions
from claimlint.cache import CacheFolder
from claimlint.model.rule import PatternRule
from claimlint.packs import Selection, load_ruleset
from claimlint.packs.selection import all_markets

GROUPED = r"\b(?P<much>\d{1,3})\s?(?:%|per\s?cent)(?: of (?P<whom>\w+))?"

MARKETS = ("us", "us-fl", "us-wa", "us-ca", "us-ny", "us-tx", "us-nv", "kr", "uk", "au", "sg", "eu")


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in a process that has just begun."""
    monkeypatch.setattr(expressions, "_kept", {})
    monkeypatch.setattr(expressions, "_new", set())
    expressions.compiled.cache_clear()
    yield
    expressions.compiled.cache_clear()


def entry(numbers: bytes) -> bytes:
    return msgspec.msgpack.encode(((("cure", 0), (32, numbers, 0, {})),))


def next_run() -> None:
    expressions._kept.clear()
    expressions._new.clear()
    expressions.compiled.cache_clear()


def forbid_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("compiled although it is kept")

    monkeypatch.setattr(re, "compile", refuse)


def test_the_next_run_compiles_nothing_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = CacheFolder(str(tmp_path / "cache"))
    first = expressions.compiled(GROUPED, re.IGNORECASE)
    expressions.keep(cache)
    next_run()
    expressions.recall(cache)
    forbid_compiling(monkeypatch)
    again = expressions.compiled(GROUPED, re.IGNORECASE)
    assert again is not first
    assert again == first
    match = again.search("It helped 92 PER CENT of patients.")
    assert match is not None
    assert match.groupdict() == {"much": "92", "whom": "patients"}


def test_a_run_of_the_command_leaves_its_expressions_to_the_next(tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text(
        "Our drip cures gout in 95% of patients.\n", encoding="utf-8"
    )
    command = [sys.executable, "-m", "claimlint", "check", "draft.md"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    runs = []
    for _ in range(2):
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, check=False
        )
        (kept,) = (tmp_path / "cache" / "claimlint-health").glob("patterns-*")
        runs.append((done.returncode, done.stdout, done.stderr, kept.stat().st_mtime_ns))
    assert runs[0][0] == 1
    assert runs[0] == runs[1]


def test_every_shipped_pattern_comes_back_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = CacheFolder(str(tmp_path / "cache"))
    rules = load_ruleset(Selection(markets=all_markets(MARKETS)), None).rules
    patterns = [r.pattern for r in rules if isinstance(r, PatternRule) and r.engine == "re"]
    before = {pattern: expressions.compiled(pattern, re.IGNORECASE) for pattern in patterns}
    assert len(before) > 30
    expressions.keep(cache)
    next_run()
    expressions.recall(cache)
    forbid_compiling(monkeypatch)
    # Equal expressions have the same numbers, flags and pattern.
    assert {p: expressions.compiled(p, re.IGNORECASE) for p in patterns} == before


def test_flags_are_told_apart(tmp_path: Path) -> None:
    cache = CacheFolder(str(tmp_path / "cache"))
    expressions.compiled("cure", re.IGNORECASE)
    expressions.keep(cache)
    next_run()
    expressions.recall(cache)
    assert expressions.compiled("cure").search("CURE") is None
    assert expressions.compiled("cure", re.IGNORECASE).search("CURE")


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"no such thing",
        msgspec.msgpack.encode({"cure": 1}),
        entry(b"not compressed"),
        entry(compress(b"abc")),  # no numbers of four bytes
        entry(compress(b"\xff\xff\xff\x7f" * 4)),  # no expression, which the interpreter sees
    ],
)
def test_whatever_else_lies_there_is_passed_over(tmp_path: Path, payload: bytes) -> None:
    cache = CacheFolder(str(tmp_path / "cache"))
    cache.write(expressions._name(), payload)
    expressions.recall(cache)
    assert expressions.compiled("cure").search("It may cure.")


def test_without_a_cache_all_is_compiled() -> None:
    expressions.recall(None)
    assert expressions.compiled(GROUPED).search("5% of men")
    expressions.keep(None)


def test_what_cannot_be_compiled_is_told_as_ever() -> None:
    with pytest.raises(re.error):
        expressions.compiled("(cure")


def test_an_interpreter_with_other_ways_inside_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = CacheFolder(str(tmp_path / "cache"))
    expressions.compiled(GROUPED)
    monkeypatch.delattr("re._compiler._code")
    expressions.keep(cache)
    assert not (tmp_path / "cache").exists()
