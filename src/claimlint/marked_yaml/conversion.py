"""Nodes -> values of msgspec types, with every mistake at its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final, TypeVar, cast

import msgspec.inspect as mi

from claimlint.errors import Mark
from claimlint.expressions import compiled
from claimlint.marked_yaml import quoted
from claimlint.marked_yaml.faults import Faults, nearest, shorten
from claimlint.marked_yaml.nodes import Broken, Items, Marks, Node, Pairs, Scalar

T = TypeVar("T")
Check = Callable[[object, Marks, Faults], None]

_BAD: Final = object()  # stands for a value whose mistake is told
_FEW = 8  # so many words are listed in a message
_DECIMAL = compiled(r"[-+]?(?:0|[1-9][0-9]*)")
_PLAIN_ITEM = compiled(r"[A-Za-z0-9_](?:[A-Za-z0-9_ ./-]*[A-Za-z0-9_./-])?")
_FRACTION = compiled(r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_WORDS_OF_TAGS = {"int": "a number", "float": "a number", "bool": "true or false"}


@cache
def _type_info(kind: Any) -> mi.Type:
    return mi.type_info(kind)


class Converter:
    """Walks nodes along a type and notes every mistake."""

    def __init__(self, faults: Faults, check: Check | None) -> None:
        self._faults = faults
        self._check = check

    def convert_to(self, node: Node, kind: type[T]) -> T:
        """The value; meaningless when `faults` holds anything afterwards."""
        return cast("T", self._value(node, _type_info(cast("Any", kind))))

    def _fault(self, mark: Mark, message: str) -> object:
        self._faults.add(mark, message)
        return _BAD

    def _value(self, node: Node, kind: mi.Type) -> object:
        if isinstance(node, Broken):
            return _BAD
        form = ""
        if isinstance(kind, mi.Metadata):
            form = (kind.extra_json_schema or {}).get("description", "")
            if (
                (kind.extra or {}).get("unshown")
                and isinstance(node, Scalar)
                and node.tag != "null"
            ):
                node = node._replace(value="…")
            kind = kind.type
        if isinstance(kind, mi.AnyType):
            return None
        if isinstance(kind, mi.UnionType):
            return self._union(node, kind)
        if isinstance(node, Pairs):
            if isinstance(kind, mi.StructType):
                return self._struct(node, kind)
            if isinstance(kind, mi.DictType):
                return self._dict(node, kind)
        if isinstance(node, Items) and isinstance(kind, mi.VarTupleType):
            return self._tuple(node, kind)
        if isinstance(node, Scalar) and not isinstance(kind, _COLLECTIONS):
            return self._scalar(node, kind, form)
        return self._fault(node.mark, _mismatch(node, _describe(kind)))

    # --- collections ---------------------------------------------------------------------------

    def _struct(self, node: Pairs, kind: mi.StructType) -> object:
        fields = {field.encode_name: field for field in kind.fields}
        values: dict[str, object] = {}
        whole = True
        for key, child in node.pairs:
            field = fields.get(key.value)
            if field is None:
                whole &= self._other_key(key, child, kind)
                continue
            value = self._value(child, field.type)
            whole &= value is not _BAD
            values[field.name] = value
        given = {key.value for key, _ in node.pairs}
        for field in kind.fields:
            if field.required and field.encode_name not in given:
                self._fault(node.mark, f'the required key "{field.encode_name}" is missing')
                whole = False
        if not whole:
            return _BAD
        struct = kind.cls(**values)
        if self._check:
            self._check(struct, Marks(node), self._faults)
        return struct

    def _other_key(self, key: Scalar, child: Node, kind: mi.StructType) -> bool:
        if key.value == kind.tag_field:
            if isinstance(child, Scalar) and child.value == kind.tag:
                return True
            self._fault(child.mark, f'"{key.value}" must be {kind.tag}')
            return False
        names = [field.encode_name for field in kind.fields]
        if kind.tag_field:
            names.append(kind.tag_field)
        self._fault(key.mark, f'unknown key "{shorten(key.value)}"{nearest(key.value, names)}')
        return False

    def _dict(self, node: Pairs, kind: mi.DictType) -> object:
        result: dict[object, object] = {}
        whole = True
        for key, child in node.pairs:
            name = self._value(key, kind.key_type)
            value = self._value(child, kind.value_type)
            whole &= name is not _BAD and value is not _BAD
            result[name] = value
        return result if whole else _BAD

    def _tuple(self, node: Items, kind: mi.VarTupleType) -> object:
        if kind.min_length and len(node.nodes) < kind.min_length:
            many = "one entry" if kind.min_length == 1 else f"{kind.min_length} entries"
            return self._fault(node.mark, f"the list is too short: at least {many} must stand here")
        values = tuple(self._value(child, kind.item_type) for child in node.nodes)
        return _BAD if any(value is _BAD for value in values) else values

    def _union(self, node: Node, kind: mi.UnionType) -> object:
        choices = [choice for choice in _flat(kind) if _fits(node, choice)]
        if isinstance(node, Pairs) and len(choices) > 1:
            return self._tagged(node, [c for c in choices if isinstance(c, mi.StructType)])
        if not choices:
            wanted = _or([_describe(choice) for choice in _flat(kind)])
            return self._fault(node.mark, _mismatch(node, wanted))
        if isinstance(node, Scalar) and len(choices) > 1:
            choices.sort(key=lambda choice: not _prefers(node, choice))
        return self._value(node, choices[0])

    def _tagged(self, node: Pairs, choices: list[mi.StructType]) -> object:
        name = choices[0].tag_field or "kind"
        tags = {str(choice.tag): choice for choice in choices}
        child = next((value for key, value in node.pairs if key.value == name), None)
        if child is None:
            known = ", ".join(sorted(tags))
            return self._fault(node.mark, f'the required key "{name}" is missing: one of {known}')
        if isinstance(child, Broken):
            return _BAD
        if not isinstance(child, Scalar):
            return self._fault(child.mark, _mismatch(child, "text"))
        if child.value not in tags:
            said = shorten(child.value)
            return self._fault(child.mark, f'unknown {name} "{said}"{nearest(child.value, tags)}')
        return self._value(node, tags[child.value])

    # --- scalars -------------------------------------------------------------------------------

    def _scalar(self, node: Scalar, kind: mi.Type, form: str) -> object:
        if isinstance(kind, mi.LiteralType):
            return self._literal(node, kind)
        if isinstance(kind, mi.StrType):
            return self._text(node, kind, form)
        if isinstance(kind, mi.BoolType):
            if node.tag == "bool":
                return node.value.lower() in ("true", "yes", "on")
        elif isinstance(kind, mi.IntType | mi.FloatType):
            return self._number(node, kind)
        elif isinstance(kind, mi.NoneType) and node.tag == "null":
            return None
        return self._fault(node.mark, _mismatch(node, _describe(kind)))

    def _literal(self, node: Scalar, kind: mi.LiteralType) -> object:
        if node.tag == "null":
            return self._fault(node.mark, _mismatch(node, _describe(kind)))
        # A bare `off` reads as a boolean; where "off" is one of the listed words it is that word.
        if node.value in kind.values:
            return node.value
        said = shorten(node.value)
        hint = nearest(node.value, map(str, kind.values))
        if len(kind.values) > _FEW and hint.startswith("; did"):
            return self._fault(node.mark, f'unknown word "{said}"{hint}')
        close = hint if hint.startswith("; did") else ""
        return self._fault(node.mark, f'"{said}" is not {_describe(kind)}{close}')

    def _text(self, node: Scalar, kind: mi.StrType, form: str) -> object:
        if node.tag in _WORDS_OF_TAGS:
            said = shorten(node.value)
            if kind.pattern and not re.search(kind.pattern, node.value):
                return self._fault(node.mark, f'"{said}" is not {form or _form(kind)}')
            return self._fault(
                node.mark,
                f'expected text, but YAML reads {said} as {_reading(node)}: quote it ("{said}")',
            )
        if node.tag == "null":
            return self._fault(node.mark, _mismatch(node, "text"))
        if kind.min_length and not node.value.strip():
            return self._fault(node.mark, "the text is empty")
        if kind.min_length and len(node.value) < kind.min_length:
            return self._fault(node.mark, f"must have at least {kind.min_length} characters")
        if kind.max_length is not None and len(node.value) > kind.max_length:
            return self._fault(node.mark, f"must have at most {kind.max_length} characters")
        if kind.pattern and not re.search(kind.pattern, node.value):
            said = shorten(node.value)
            return self._fault(node.mark, f'"{said}" is not {form or _form(kind)}')
        return node.value

    def _number(self, node: Scalar, kind: mi.IntType | mi.FloatType) -> object:
        is_whole = isinstance(kind, mi.IntType)
        form = _DECIMAL if is_whole else _FRACTION
        if not node.plain or not form.fullmatch(node.value) or len(node.value) > 18:
            return self._fault(node.mark, _mismatch(node, _describe(kind)))
        value = int(node.value) if is_whole else float(node.value)
        if kind.ge is not None and value < kind.ge:
            return self._fault(node.mark, f"{node.value} is too small: at least {kind.ge}")
        if kind.le is not None and value > kind.le:
            return self._fault(node.mark, f"{node.value} is too large: at most {kind.le}")
        if kind.gt is not None and value <= kind.gt:
            return self._fault(node.mark, f"{node.value} is too small: more than {kind.gt}")
        if kind.lt is not None and value >= kind.lt:
            return self._fault(node.mark, f"{node.value} is too large: less than {kind.lt}")
        return value


_COLLECTIONS = (mi.StructType, mi.DictType, mi.VarTupleType)


def _flat(kind: mi.UnionType) -> Iterator[mi.Type]:
    for choice in kind.types:
        yield choice.type if isinstance(choice, mi.Metadata) else choice


def _fits(node: Node, kind: mi.Type) -> bool:
    if isinstance(node, Pairs):
        return isinstance(kind, mi.StructType | mi.DictType)
    if isinstance(node, Items):
        return isinstance(kind, mi.VarTupleType)
    if isinstance(node, Scalar) and node.tag == "null":
        return isinstance(kind, mi.NoneType)
    return not isinstance(kind, (*_COLLECTIONS, mi.NoneType))


def _prefers(node: Scalar, kind: mi.Type) -> bool:
    match kind:
        case mi.BoolType():
            return node.tag == "bool"
        case mi.IntType():
            return node.tag == "int"
        case mi.FloatType():
            return node.tag in ("int", "float")
        case _:
            return node.tag not in ("bool", "int", "float")


def _describe(kind: mi.Type) -> str:
    match kind:
        case mi.StructType() | mi.DictType():
            return "a mapping"
        case mi.VarTupleType():
            return "a list"
        case mi.LiteralType():
            return _or([str(value) for value in kind.values])
        case mi.BoolType():
            return "true or false"
        case mi.IntType():
            return "a whole decimal number"
        case mi.FloatType():
            return "a decimal number"
        case mi.NoneType():
            return "nothing"
        case mi.UnionType():
            return _or([_describe(choice) for choice in _flat(kind)])
        case _:
            return "text"


def _form(kind: mi.StrType) -> str:
    return f"of the form {kind.pattern}"


def _or(names: list[str]) -> str:
    known = list(dict.fromkeys(names))
    return known[0] if len(known) == 1 else f"{', '.join(known[:-1])} or {known[-1]}"


def _reading(node: Scalar) -> str:
    if node.tag == "bool":
        return "true" if node.value.lower() in ("true", "yes", "on") else "false"
    return _WORDS_OF_TAGS[node.tag]


def _as_item(node: Scalar) -> str:
    """A value as it may stand in a list in brackets."""
    said = shorten(node.value)
    is_plain = node.plain and node.tag == "str" and _PLAIN_ITEM.fullmatch(node.value)
    return said if is_plain else quoted(said)


def _mismatch(node: Node, wanted: str) -> str:
    match node:
        case Pairs():
            return f"expected {wanted}, found a mapping"
        case Items():
            return f"expected {wanted}, found a list"
        case Scalar(tag="null"):
            return f"expected {wanted}, found nothing"
        case Scalar():
            found = f'expected {wanted}, found "{shorten(node.value)}"'
            return (
                f"{found}: write it as a list, [{_as_item(node)}]" if wanted == "a list" else found
            )
        case _:
            return f"expected {wanted}"
