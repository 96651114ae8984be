"""YAML events -> nodes that know their place, built without recursion and without trust."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, Protocol

from claimlint.errors import Mark
from claimlint.expressions import compiled
from claimlint.marked_yaml.faults import Faults, shorten

if TYPE_CHECKING:
    import yaml

_LINE_END = compiled(r"\r\n|\n|\r")
# YAML 1.1, section 5.1 (printable characters); lone surrogates cannot be encoded either.
_UNPRINTABLE = compiled("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ALIAS_HELP = "write it out, or quote a text that begins with *"
_TAG_HELP = "remove it, or quote a text that begins with !"
_TAG_PREFIX = "tag:yaml.org,2002:"


class Scalar(NamedTuple):
    """A single value: its text, how YAML reads it (str, int, bool, …), and where it stands."""

    value: str
    tag: str
    plain: bool
    mark: Mark
    start: int
    end: int


class Items(NamedTuple):
    """A list."""

    nodes: tuple[Node, ...]
    mark: Mark


class Pairs(NamedTuple):
    """A mapping in the order of its source."""

    pairs: tuple[tuple[Scalar, Node], ...]
    mark: Mark


class Broken(NamedTuple):
    """Something whose mistake is already told."""

    mark: Mark


Node = Scalar | Items | Pairs | Broken


class Marks:
    """Finds the place of a part by its keys and numbers."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def at(self, *steps: str | int) -> Mark:
        """The place of the value there; of the nearest part around it when there is none."""
        return self._walk(steps).mark

    def keys(self, *steps: str | int) -> dict[str, Mark]:
        """The places of all keys of the mapping there."""
        node = self._walk(steps)
        return {key.value: key.mark for key, _ in node.pairs} if isinstance(node, Pairs) else {}

    def key(self, *steps: str | int) -> Mark:
        """The place of the key that leads there, else as `at`."""
        around = self._walk(steps[:-1])
        if isinstance(around, Pairs):
            for key, _ in around.pairs:
                if key.value == steps[-1]:
                    return key.mark
        return self.at(*steps)

    def _walk(self, steps: tuple[str | int, ...]) -> Node:
        node = self._node
        for step in steps:
            found = _child(node, step)
            if found is None:
                break
            node = found
        return node


def _child(node: Node, step: str | int) -> Node | None:
    if isinstance(node, Items) and isinstance(step, int) and step < len(node.nodes):
        return node.nodes[step]
    if isinstance(node, Pairs):
        return next((value for key, value in node.pairs if key.value == step), None)
    return None


class Lines:
    """Turns an index of a text into a mark."""

    def __init__(self, text: str, path: str, first_line: int) -> None:
        self._path = path
        self._first_line = first_line
        self._starts = [0, *(found.end() for found in _LINE_END.finditer(text))]

    def mark(self, index: int) -> Mark:
        """The place of an index."""
        # Not the marks of yaml: it also ends lines at U+0085, U+2028 and U+2029, editors do not.
        line = bisect_right(self._starts, index)
        column = index - self._starts[line - 1] + 1
        return Mark(self._path, line + self._first_line - 1, column)


def compose(
    text: str,
    path: str,
    faults: Faults,
    *,
    size_limit_bytes: int,
    depth_limit: int,
    first_line: int = 1,
) -> Node:
    """Build the nodes of one document (an empty one is an empty mapping).

    `first_line` is the number that the text's first line has in its file. Raises DefinitionError at
    once for what cannot be read on: too large, too deep, not YAML.
    """
    lines = Lines(text, path, first_line)
    if len(text) > size_limit_bytes or len(text.encode(errors="replace")) > size_limit_bytes:
        faults.add(lines.mark(0), f"larger than {size_limit_bytes:,} bytes; divide it")
        faults.check()
    if found := _UNPRINTABLE.search(text):
        code = ord(found.group())
        faults.add(lines.mark(found.start()), f"the character U+{code:04X} may not stand in YAML")
        faults.check()
    builder = _Builder(lines, faults, depth_limit)
    for event in _events(text, lines, faults):
        builder.take(event)
    return builder.root or Pairs((), Mark(path, 1, 1))


def _events(text: str, lines: Lines, faults: Faults) -> Iterator[yaml.Event]:
    import yaml

    # Taken event by event nothing recurses, whatever the nesting, and reading stops at the limit.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        yield from yaml.parse(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        index = error.problem_mark.index if error.problem_mark else len(text)
        faults.add(
            lines.mark(min(index, len(text))), _syntax_message(error, text[index : index + 1])
        )
        faults.check()


def _syntax_message(error: yaml.MarkedYAMLError, character: str) -> str:
    problem = (error.problem or "cannot be read").removeprefix("(")
    said = f"not valid YAML: {error.context + ': ' if error.context else ''}{problem}"
    if "cannot start any token" in problem and character == "\t":
        return f"{said} (a tab: indent with spaces)"
    for what, sign in (("alias", "*"), ("anchor", "&"), ("tag", "!")):
        if (error.context or "").startswith(
            f"while scanning a{'n' if what[0] == 'a' else ''} {what}"
        ):
            return f'{said} (a text that begins with {sign} must be quoted: "{sign}…")'
    if "cannot start any token" in problem and character:
        return f'{said} (a value that begins with {character} must be quoted: "{character}…")'
    return said


class _HasIndex(Protocol):
    @property
    def index(self) -> int: ...


def _index(mark: _HasIndex | None) -> int:
    return mark.index if mark is not None else 0


class _Frame:
    """A collection that is still open."""

    __slots__ = ("is_mapping", "mark", "nodes")

    def __init__(self, mark: Mark, *, is_mapping: bool) -> None:
        self.mark = mark
        self.is_mapping = is_mapping
        self.nodes: list[Node] = []


class _Builder:
    """Puts events together to nodes."""

    def __init__(self, lines: Lines, faults: Faults, depth_limit: int) -> None:
        import yaml

        self.root: Node | None = None
        self._lines = lines
        self._faults = faults
        self._depth_limit = depth_limit
        self._open: list[_Frame] = []
        self._documents = 0
        self._resolvers = yaml.SafeLoader.yaml_implicit_resolvers

    def take(self, event: yaml.Event) -> None:
        """Add one event; raises DefinitionError for a second document and too deep nesting."""
        import yaml

        if isinstance(event, yaml.ScalarEvent):
            self._add(self._scalar(event))
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin(event, is_mapping=isinstance(event, yaml.MappingStartEvent))
        elif isinstance(event, yaml.CollectionEndEvent):
            frame = self._open.pop()
            self._add(
                self._pairs(frame) if frame.is_mapping else Items(tuple(frame.nodes), frame.mark)
            )
        elif isinstance(event, yaml.AliasEvent):
            mark = self._mark(event)
            self._faults.add(
                mark, f'the alias "*{shorten(event.anchor or "")}" is not allowed: {_ALIAS_HELP}'
            )
            self._add(Broken(mark))
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._faults.add(
                    self._mark(event), "a second document begins: one file, one document"
                )
                self._faults.check()

    def _mark(self, event: yaml.Event) -> Mark:
        return self._lines.mark(_index(event.start_mark))

    def _add(self, node: Node) -> None:
        if self._open:
            self._open[-1].nodes.append(node)
        else:
            self.root = node

    def _begin(self, event: yaml.CollectionStartEvent, *, is_mapping: bool) -> None:
        mark = self._mark(event)
        self._refuse_extras(event, mark)
        if len(self._open) >= self._depth_limit:
            self._faults.add(mark, f"nested more than {self._depth_limit} levels deep")
            self._faults.check()
        self._open.append(_Frame(mark, is_mapping=is_mapping))

    def _refuse_extras(
        self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, mark: Mark
    ) -> None:
        if event.anchor is not None:
            message = f'the anchor "&{shorten(event.anchor)}" is not allowed: remove it'
            self._faults.add(mark, message)
        if event.tag is not None:
            tag = event.tag.replace(_TAG_PREFIX, "!!")
            self._faults.add(mark, f'the tag "{shorten(tag)}" is not allowed: {_TAG_HELP}')

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        start, end = _index(event.start_mark), _index(event.end_mark)
        mark = self._lines.mark(start)
        self._refuse_extras(event, mark)
        plain = not event.style
        tag = self._resolve(event.value) if plain else "str"
        return Scalar(event.value, tag, plain, mark, start, end)

    def _resolve(self, value: str) -> str:
        for tag, pattern in self._resolvers.get(value[:1], ()):
            if pattern.match(value):
                name: str = tag.removeprefix(_TAG_PREFIX)
                return "str" if name in ("merge", "value") else name
        return "str"

    def _pairs(self, frame: _Frame) -> Pairs:
        seen: dict[str, Mark] = {}
        pairs: list[tuple[Scalar, Node]] = []
        for key, value in zip(frame.nodes[0::2], frame.nodes[1::2], strict=True):
            if isinstance(key, Broken):
                continue
            if not isinstance(key, Scalar):
                self._faults.add(key.mark, "a key must be plain text, not a list or a mapping")
            elif key.value in seen:
                line = seen[key.value].line
                message = f'the key "{shorten(key.value)}" is already given in line {line}'
                self._faults.add(key.mark, message)
            else:
                seen[key.value] = key.mark
                pairs.append((key, value))
        return Pairs(tuple(pairs), frame.mark)
