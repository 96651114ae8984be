"""Where the text of a CMS tree stands: the path of a node and the offset in that node's own string."""

from __future__ import annotations

import json
from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple

from claimlint.expressions import compiled
from claimlint.model.text import Position, Source

_NAME = compiled(r"[A-Za-z_$][A-Za-z0-9_$]*")


class Path(NamedTuple):
    """A step down the tree: a property, an element of an array by its index or its `_key`, or both.

    Rendered only when a person or a CMS asks: a tree has many more nodes than findings.
    """

    above: Path | None
    name: str  # of the property; "" for an element of the array that the tree itself is
    at: int | str | None = None

    def rendered(self, root: str = "") -> str:
        """Write the path as JavaScript reads it, but for `[_key=="…"]`."""
        steps = []
        path: Path | None = self
        while path is not None:
            steps.append(_step(path))
            path = path.above
        steps.append(root)
        return "".join(reversed(steps)).removeprefix(".")

    def top(self) -> Path:
        """The step at the root of the tree."""
        path = self
        while path.above is not None:
            path = path.above
        return path


def _step(path: Path) -> str:
    name = ""
    if path.name:
        plain = _NAME.fullmatch(path.name)
        name = f".{path.name}" if plain else f"[{json.dumps(path.name)}]"
    if path.at is None:
        return name
    return f"{name}[{path.at}]" if isinstance(path.at, int) else f'{name}[_key=="{path.at}"]'


class NodeStart(NamedTuple):
    """From here on the linear text is that of a node, beginning `at` code points into its string."""

    start: int
    path: Path
    at: int


class TreeSource(Source, frozen=True, kw_only=True, dict=True):
    """The linear text of a CMS tree; the place of an offset is `path+offset in the node's string`.

    `places` name the nodes at the root, `nodes` (sorted by start) every stretch exactly. `root` is
    the field of the entry that holds the tree, if it is one of several.
    """

    nodes: tuple[NodeStart, ...] = ()
    root: str = ""

    @cached_property
    def _node_starts(self) -> list[int]:
        return [node.start for node in self.nodes]

    def position(self, offset: int) -> Position:
        """Turn an offset into line, column and place."""
        found = Source.position(self, offset)
        number = max(bisect_right(self._node_starts, offset) - 1, 0)
        if not self.nodes:
            return found._replace(place=self.root or None)
        node = self.nodes[number]
        return found._replace(
            place=f"{node.path.rendered(self.root)}+{max(node.at + offset - node.start, 0)}"
        )
