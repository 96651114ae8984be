"""From the body of a delivery to the documents in it: pure, and as untrusting as a reader."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import msgspec

from claimlint.config.serve import EndpointPart, FieldPart
from claimlint.errors import ClaimlintError, ReadError
from claimlint.service.kinds import KINDS, Kind

DEPTH_LIMIT = 200
_FORM_FIELDS = 1_000
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
TREES = frozenset(
    [
        "contentful",
        "portable_text",
        "prosemirror",
        "prismic",
        "strapi_blocks",
        "lexical",
        "editorjs",
    ]
)
_SANITY_DRAFT = "drafts."
_LONGEST_NAME = 200
_LONGEST_TITLE_BYTES = 16 << 10  # of one in rich text, which is read on the way in
_HALF_PAIR = re.compile(rb"\\u[dD][89a-fA-F]")
_MOST_LOCALES = 300
_BRACKETS = b"[{]}"
_STEPS = bytes.maketrans(_BRACKETS, b"\x01\x01\xff\xff")  # 1 and, as a signed byte, -1
_NO_BRACKETS = bytes(set(range(256)) - set(_BRACKETS))


class PayloadError(ClaimlintError):
    """A body that is not what this endpoint's CMS sends; the sentence goes into the answer."""


class Text(NamedTuple):
    """One text of a document: the name of its field, its path in the payload, its form and its bytes."""

    name: str
    path: str
    format: str
    data: bytes


class Delivered(NamedTuple):
    """One document of a delivery: what the CMS calls it, which version it is, and its texts."""

    external_id: str
    locale: str
    title: str
    url: str
    revision: str
    updated: str
    texts: tuple[Text, ...]


def delivered(endpoint: EndpointPart, body: bytes) -> tuple[Delivered, ...]:
    """The documents of a delivery, one for each locale; none for one without a text to check.

    Raises PayloadError when the body cannot be what the endpoint's CMS sends.
    """
    kind = KINDS[endpoint.cms]
    return documents_in(form(body) if kind.is_form else _json(body), endpoint, kind)


def documents_in(payload: Any, endpoint: EndpointPart, kind: Kind) -> tuple[Delivered, ...]:
    """The documents in a payload that was decoded, as `delivered` finds them."""
    if not isinstance(payload, dict):
        raise PayloadError("the body is no JSON object")
    external_id = _identifier(payload, _paths(endpoint.id, kind.id), "identifier")
    if not external_id:
        raise PayloadError("the payload names no document: set id to the path of its identifier")
    if endpoint.cms == "sanity":  # a draft and what is published of it are one document
        external_id = external_id.removeprefix(_SANITY_DRAFT) or external_id
    fields = endpoint.fields or kind.fields
    if kind.localised:
        return tuple(_localised(payload, endpoint, kind, external_id, fields))
    texts = tuple(_texts((field, value(payload, field.path)) for field in fields))
    if not texts:
        return ()
    locale = _locale(name_at(payload, _paths(endpoint.locale, kind.locale)))
    return (_document(payload, endpoint, kind, external_id, locale, texts),)


def _localised(
    payload: dict[str, Any],
    endpoint: EndpointPart,
    kind: Kind,
    external_id: str,
    fields: Iterable[FieldPart],
) -> Iterator[Delivered]:
    """A document for each locale in which one of the fields has a value."""
    found: dict[str, list[tuple[FieldPart, Any]]] = {}
    for field in fields:
        values = value(payload, field.path)
        if isinstance(values, dict):
            if len(found.keys() | values.keys()) > _MOST_LOCALES:
                raise PayloadError(f"the payload has more than {_MOST_LOCALES} locales")
            for locale, one in values.items():
                at = msgspec.structs.replace(field, path=f"{field.path}.{locale}")
                found.setdefault(locale, []).append((at, one))
    for locale, pairs in found.items():
        texts = tuple(_texts(pairs))
        if texts:
            yield _document(payload, endpoint, kind, external_id, _locale(locale), texts)


def _document(
    payload: dict[str, Any],
    endpoint: EndpointPart,
    kind: Kind,
    external_id: str,
    locale: str,
    texts: tuple[Text, ...],
) -> Delivered:
    title = next((_plain(text) for text in texts if text.name == "title"), "")
    return Delivered(
        external_id=external_id,
        locale=locale,
        title=title or name_at(payload, kind.title) or external_id,
        url=name_at(payload, _paths(endpoint.url, kind.url)),
        revision=_identifier(payload, _paths(endpoint.revision, kind.revision), "revision"),
        updated=_identifier(payload, _paths(endpoint.updated, kind.updated), "time of update"),
        texts=texts,
    )


def _plain(title: Text) -> str:
    """The words of a title without their markup; empty when it cannot be read or is no title's length."""
    if title.format == "text":
        return title.data.decode()
    if len(title.data) > _LONGEST_TITLE_BYTES:
        return ""
    from claimlint.readers import read

    try:
        document = read(title.data, title.path, title.format)  # type: ignore[arg-type]
    except ReadError:
        return ""  # the check says so
    return " ".join(block.text for block in document.blocks)


def _texts(pairs: Iterable[tuple[FieldPart, Any]]) -> Iterator[Text]:
    """The fields that have a value, as a reader takes them."""
    for field, found in pairs:
        if isinstance(found, str) and not found.strip():
            continue  # what a CMS sends for an empty field, whatever its form
        if field.format in TREES:
            tree = _unfolded(field, found) if isinstance(found, str) else found
            if isinstance(tree, dict | list) and tree:
                yield Text(field.name, field.path, field.format, encoded(tree))
        elif isinstance(found, str):
            data = found.encode("utf-8", "replace")
            yield Text(field.name, field.path, field.format, data)


def _unfolded(field: FieldPart, text: str) -> Any:
    """The tree that some CMSs keep as the text of its JSON; raises PayloadError."""
    data = text.encode("utf-8", "replace")
    check_depth(data, field.path)
    return decoded(data, field.path)


def value(payload: Any, path: str) -> Any:
    """What stands at a path of keys and numbers; None when there is nothing."""
    for step in _steps(path):
        if isinstance(step, str):
            payload = payload.get(step) if isinstance(payload, dict) else None
        else:
            payload = payload[step] if isinstance(payload, list) and step < len(payload) else None
        if payload is None:
            return None
    return payload


@lru_cache(maxsize=1024)
def _steps(path: str) -> tuple[str | int, ...]:
    """The keys and numbers of a path; paths come from the configuration alone."""
    return tuple(key or int(number) for key, number in _STEP.findall(path))


def name_at(payload: Any, paths: Iterable[str]) -> str:
    """The first text or number at one of the paths; empty when there is none."""
    for path in paths:
        found = value(payload, path)
        if isinstance(found, bool):
            continue
        if isinstance(found, str | int | float) and str(found).strip():
            return str(found).strip()
    return ""


def _identifier(payload: Any, paths: Iterable[str], what: str) -> str:
    """A name that tells documents or their versions apart; raises PayloadError."""
    return _bounded(name_at(payload, paths), what)


def _locale(name: str) -> str:
    """A locale, which is the last part of what a document is called (jobs.name_of)."""
    if ":" in name:
        raise PayloadError("a locale holds a colon")
    return _bounded(name, "locale")


def _bounded(name: str, what: str) -> str:
    """A name that is not too long to keep: cut, two documents could become one."""
    if len(name) > _LONGEST_NAME:
        raise PayloadError(f"the {what} has more than {_LONGEST_NAME} characters")
    return name


def _paths(given: str | None, known: tuple[str, ...]) -> tuple[str, ...]:
    return (given,) if given is not None else known


def _json(body: bytes) -> Any:
    """Decode JSON of bounded depth."""
    check_depth(body)
    return decoded(body)


def decoded(body: bytes, what: str = "the body") -> Any:
    """Decode JSON whose depth was checked; raises PayloadError."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        message = f"{what} is no JSON: {error}"
    if _HALF_PAIR.search(body):
        # A CMS in JavaScript that cuts a text in the middle of an emoji; the rest is still to be read.
        try:
            return json.loads(body, parse_constant=_no_number)
        except (ValueError, RecursionError):
            pass
    raise PayloadError(message)


def _no_number(name: str) -> None:
    raise ValueError(name)


def check_depth(body: bytes, what: str = "the body") -> None:
    """Refuse deep nesting before a recursive decoder meets it; brackets in texts count for nothing.

    This runs where deliveries are taken in, so the work is left to passes over the bytes that make no
    object for each bracket. Where a body is no JSON they may see it wrong: the decoder stops there.
    """
    if body.count(b"[") + body.count(b"{") <= DEPTH_LIMIT:
        return  # there cannot be more levels than brackets
    unescaped = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    outside = b"".join(unescaped.split(b'"')[::2])
    steps = memoryview(outside.translate(_STEPS, _NO_BRACKETS)).cast("b")
    if max(accumulate(steps), default=0) > DEPTH_LIMIT:
        raise PayloadError(f"{what} is nested more than {DEPTH_LIMIT} levels deep")


def form(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=_FORM_FIELDS, errors="replace"
        )
    except (ValueError, UnicodeDecodeError):
        raise PayloadError("the body is no form") from None
    return dict(pairs)


def encoded(tree: Any) -> bytes:
    try:
        return msgspec.json.encode(tree)
    except UnicodeEncodeError:
        # Lone surrogates, which a CMS can hold and UTF-8 cannot.
        return json.dumps(tree).encode()
