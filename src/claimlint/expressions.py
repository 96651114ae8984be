"""Regular expressions, compiled as `re.compile` does or as an earlier run did.

The standard library compiles an expression in Python, which took a sixth of a short run. What it comes to
is a list of numbers, which the interpreter checks when it takes them over (`_sre.compile`, the last thing
that `re.compile` calls). They are kept in the user's cache, for one release of one interpreter. Whatever
is not kept, or cannot be had from this interpreter, is compiled as ever
(docs/decisions/0014-kept-bytecode.md).
"""

from __future__ import annotations

import re
import sys
from functools import cache as remembered
from typing import TYPE_CHECKING
from zlib import compress, decompress, error

if TYPE_CHECKING:
    from claimlint.cache import CacheFolder

# Part of the name of what is kept: raise it when the layout changes.
_LAYOUT = 1
_LIMIT = 1_000  # expressions: several times those of ours and of all shipped packs

# Flags as compiled, the numbers (four bytes each) compressed, how many groups, their names.
_Bytecode = tuple[int, bytes, int, dict[str, int]]
_Key = tuple[str, int]

# What `re` itself does as well: a memo of the process, which changes nothing but the time.
_kept: dict[_Key, _Bytecode] = {}
_new: set[_Key] = set()


@remembered
def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """The expression of a pattern that our code or a rule has; raises re.error as `re.compile` does.

    Patterns that are made of a draft's words do not belong here: each is remembered.
    """
    key = (pattern, int(flags))
    bytecode = _kept.get(key)
    if bytecode is not None:
        try:
            return _taken_over(pattern, bytecode)
        except (RuntimeError, ValueError, TypeError, error):
            del _kept[key]
    found = re.compile(pattern, flags)
    _new.add(key)
    return found


def recall(cache: CacheFolder | None) -> None:
    """Have what earlier runs compiled at hand."""
    payload = cache.read(_name()) if cache is not None else None
    if payload is None:
        return
    import msgspec

    try:
        rows = msgspec.msgpack.decode(payload, type=tuple[tuple[_Key, _Bytecode], ...])
    except msgspec.MsgspecError:
        return  # whatever it is, it is not ours
    _kept.update(rows)


def keep(cache: CacheFolder | None) -> None:
    """Keep what this run compiled for the next ones."""
    if cache is None or not _new or sys.implementation.name != "cpython":
        return
    import msgspec

    made = {
        key: code for key in sorted(_new - _kept.keys()) if (code := _bytecode(*key)) is not None
    }
    _new.clear()
    if not made:
        return
    _kept.update(made)
    rows = tuple(_kept.items())[-_LIMIT:]
    cache.write(_name(), msgspec.msgpack.encode(rows))


def _name() -> str:
    return f"patterns-{_LAYOUT}-{sys.byteorder}-{sys.hexversion:x}"


def _taken_over(pattern: str, bytecode: _Bytecode) -> re.Pattern[str]:
    from _sre import compile as take_over  # type: ignore[import-not-found]

    flags, numbers, groups, named = bytecode
    names: list[str | None] = [None] * (groups + 1)
    for name, number in named.items():
        names[number] = name
    code = memoryview(decompress(numbers)).cast("I").tolist()
    found: re.Pattern[str] = take_over(pattern, flags, code, groups, named, tuple(names))
    return found


def _bytecode(pattern: str, flags: int) -> _Bytecode | None:
    """The bytecode, if what this interpreter makes of it is what it compiles."""
    from array import array
    from re import _compiler, _parser  # type: ignore[attr-defined]

    try:
        tree = _parser.parse(pattern, flags)
        numbers = compress(array("I", _compiler._code(tree, flags)).tobytes())  # noqa: SLF001
        state = tree.state
        bytecode = (flags | state.flags, numbers, state.groups - 1, dict(state.groupdict))
        same = _taken_over(pattern, bytecode) == re.compile(pattern, flags)
    except (AttributeError, ImportError, RuntimeError, TypeError, ValueError):
        return None  # an interpreter with other ways inside
    return bytecode if same else None
