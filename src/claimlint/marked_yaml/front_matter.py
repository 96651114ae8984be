"""Front matter as flat keys with the places of their values."""

from __future__ import annotations

from claimlint.marked_yaml.faults import Faults
from claimlint.marked_yaml.nodes import Items, Node, Pairs, Scalar, compose

_PATH = "front matter"
_FIRST_LINE = 2  # of the draft: above it stands the line that opens the front matter


def flat_scalars(
    text: str, *, size_limit_bytes: int, depth_limit: int
) -> tuple[tuple[str, str, int, int], ...]:
    """List (flat key, value, start, end) in the order of the source; see `compose_front_matter`."""
    faults = Faults()
    root = compose(
        text,
        _PATH,
        faults,
        size_limit_bytes=size_limit_bytes,
        depth_limit=depth_limit,
        first_line=_FIRST_LINE,
    )
    if not isinstance(root, Pairs) and not (isinstance(root, Scalar) and root.tag == "null"):
        faults.add(root.mark, "front matter must be a mapping of keys to values")
    faults.check()
    found: list[tuple[str, str, int, int]] = []
    _collect(root, "", text, found)
    return tuple(found)


def _collect(node: Node, key: str, text: str, found: list[tuple[str, str, int, int]]) -> None:
    # Recursion is safe: `compose` has bounded the depth.
    if isinstance(node, Scalar):
        if key:
            value = "" if node.tag == "null" else node.value
            found.append((key, value, node.start, _tight_end(node, text)))
    elif isinstance(node, Items):
        for number, child in enumerate(node.nodes):
            _collect(child, f"{key}[{number}]", text, found)
    elif isinstance(node, Pairs):
        for name, child in node.pairs:
            _collect(child, f"{key}.{name.value}" if key else name.value, text, found)


def _tight_end(node: Scalar, text: str) -> int:
    # A block scalar ends where the next token begins; the lines between are not part of it.
    source = text[node.start : node.end]
    return node.start + len(source.rstrip())
