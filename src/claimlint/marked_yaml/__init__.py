"""YAML with positions: strict, without aliases, bounded; the only importer of yaml.

The library itself is imported inside functions, since most runs of the command never need it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from claimlint.marked_yaml.faults import Faults, nearest, shorten

if TYPE_CHECKING:
    from claimlint.marked_yaml.nodes import Marks, Node

__all__ = [
    "DEPTH_LIMIT",
    "FRONT_MATTER_LIMIT_BYTES",
    "SIZE_LIMIT_BYTES",
    "Faults",
    "Loaded",
    "compose_front_matter",
    "convert",
    "load",
    "nearest",
    "quoted",
    "shorten",
]

SIZE_LIMIT_BYTES = 1 << 20  # of a pack or configuration file
FRONT_MATTER_LIMIT_BYTES = 64 << 10
DEPTH_LIMIT = 20

T = TypeVar("T")

# What YAML does not take raw, and what would turn or hide the text around it.
# Compiled when something is written.
_NOT_RAW = "[\x7f-\xa0\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"


class Loaded(NamedTuple, Generic[T]):
    """A checked value and the places of its parts."""

    value: T
    marks: Marks


def load(
    text: str,
    path: str,
    kind: type[T],
    *,
    size_limit_bytes: int = SIZE_LIMIT_BYTES,
    depth_limit: int = DEPTH_LIMIT,
    check: Callable[[object, Marks, Faults], None] | None = None,
) -> Loaded[T]:
    """Read one YAML document as a value of `kind`.

    `check` is called with every struct that is whole, its places and the collector of faults.
    Raises DefinitionError with all mistakes.
    """
    from claimlint.marked_yaml.nodes import compose

    faults = Faults()
    node = compose(text, path, faults, size_limit_bytes=size_limit_bytes, depth_limit=depth_limit)
    return convert(node, kind, faults, check=check)


def convert(
    node: Node,
    kind: type[T],
    faults: Faults,
    *,
    check: Callable[[object, Marks, Faults], None] | None = None,
) -> Loaded[T]:
    """Check composed nodes against a type; raises DefinitionError with all mistakes of `faults`."""
    from claimlint.marked_yaml.conversion import Converter
    from claimlint.marked_yaml.nodes import Marks

    value = Converter(faults, check).convert_to(node, kind)
    faults.check()
    return Loaded(value, Marks(node))


def quoted(text: str) -> str:
    """Write a text as a YAML value that stands on one line and reads as nothing but this text."""
    import json

    # JSON's texts are YAML's too, but for signs that YAML does not take raw.
    shown = json.dumps(text, ensure_ascii=False)
    return re.sub(_NOT_RAW, lambda found: f"\\u{ord(found[0]):04x}", shown)


def compose_front_matter(text: str) -> tuple[tuple[str, str, int, int], ...]:
    """List the scalars of front matter: flat key, value, and where its source stands in `text`.

    Keys look like `seo.title` and `tags[0]`; the range (end exclusive) includes quotes or the sign
    of a block scalar. Nothing and `null` give an empty value. Raises DefinitionError (path "front
    matter", lines as in the draft) for what is not a strict mapping, aliases, more than 64 KiB or
    more than 20 levels.
    """
    from claimlint.marked_yaml.simple import simple_scalars

    if len(text) * 4 <= FRONT_MATTER_LIMIT_BYTES:
        found = simple_scalars(text)
        if found is not None:
            return found
    from claimlint.marked_yaml.front_matter import flat_scalars

    return flat_scalars(text, size_limit_bytes=FRONT_MATTER_LIMIT_BYTES, depth_limit=DEPTH_LIMIT)
