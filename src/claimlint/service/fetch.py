"""Texts that a CMS does not send: what a delivery wants fetched, and fetching it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import msgspec

from claimlint.config.serve import Cms, EndpointPart, FieldPath
from claimlint.service import payloads
from claimlint.service.fetch_kinds import INTERFACES
from claimlint.service.outgoing import Client, Request
from claimlint.service.outgoing_guard import Allowed, OutgoingError
from claimlint.service.payloads import Delivered, PayloadError

_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
_REF = re.compile(r"[!-~]{1,500}")
_API = re.compile(r"https?://[A-Za-z0-9.:/_-]{1,300}")  # no query, which could hold a token
_MOST = 500  # documents that one delivery may name
_GONE = 404
_PAGE = 10  # documents on a page, which has to stay below the size limit of an answer
_NUMBERS = 100  # on a page without texts; the most that WordPress gives
_NO_PAGE = 400  # what WordPress answers after the last page
_MOST_PAGES = 200


class Fetching(NamedTuple):
    """How an endpoint fetches; `token` goes to the hosts of `allowed` and nowhere else."""

    cms: Cms
    url: str
    token: str
    allowed: Allowed
    version: str = "draft"
    id: FieldPath | None = None
    user: str | None = None
    space: str | None = None
    types: tuple[str, ...] = ("posts", "pages")


class Target(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One document to fetch; Prismic says at which state of which repository."""

    id: str
    ref: str = ""
    api: str = ""


def targets(fetching: Fetching, body: bytes) -> tuple[Target, ...]:
    """What a delivery wants fetched; raises PayloadError. Nothing of it is believed but identifiers."""
    payloads.check_depth(body)
    payload = payloads.form(body) if fetching.cms == "wordpress-com" else payloads.decoded(body)
    is_prismic = fetching.cms == "prismic"
    found = _of_prismic(payload) if is_prismic else tuple(_named(fetching, payload))
    if len(found) > _MOST:
        raise PayloadError(f"the payload names more than {_MOST} documents")
    return tuple(dict.fromkeys(found))


def _named(fetching: Fetching, payload: Any) -> Iterator[Target]:
    """The documents of a delivery, of which some CMSs send several in a list."""
    names = (fetching.id,) if fetching.id is not None else INTERFACES[fetching.cms].names
    for one in payload if isinstance(payload, list) else [payload]:
        if not isinstance(one, dict):
            raise PayloadError("the body is no JSON object")
        if fetching.cms == "storyblok" and one.get("action") == "deleted":
            continue
        name = payloads.name_at(one, names)
        if not _ID.fullmatch(name):
            raise PayloadError(
                "the payload names no document to fetch: set fetch.id to the path of its identifier"
            )
        yield Target(id=name)


def _of_prismic(payload: Any) -> tuple[Target, ...]:
    if not isinstance(payload, dict):
        raise PayloadError("the body is no JSON object")
    if payload.get("type") != "api-update":
        return ()
    documents = payload.get("documents", [])
    if not isinstance(documents, list) or not all(
        isinstance(one, str) and _ID.fullmatch(one) for one in documents
    ):
        raise PayloadError("the payload's documents are no list of identifiers")
    refs = _refs(payload)
    api = payload.get("apiUrl")
    if not isinstance(api, str) or not _API.fullmatch(api):
        raise PayloadError("the payload has no proper apiUrl")
    return tuple(Target(id=one, ref=ref, api=api) for ref in refs for one in documents)


def _refs(payload: dict[str, Any]) -> tuple[str, ...]:
    """The states that have changed: the published one, or those of releases; "" is asked for later."""
    if payload.get("masterRef"):
        found = [payload["masterRef"]]
    else:
        changed: list[Any] = []
        for name in ("releases.addition", "releases.update"):
            group = payloads.value(payload, name)
            changed += group if isinstance(group, list) else []
        found = [payloads.value(one, "ref") for one in changed] or [""]
    if not all(isinstance(one, str) and (not one or _REF.fullmatch(one)) for one in found):
        raise PayloadError("the payload's refs are malformed")
    return tuple(found)


def fetched(
    client: Client, part: EndpointPart, fetching: Fetching, target: Target
) -> tuple[Delivered, ...]:
    """Fetch a document; it blocks. Raises OutgoingError, and PayloadError for an answer that is no such."""
    match fetching.cms:
        case "storyblok":
            found = _storyblok(client, fetching, target)
        case "hubspot":
            draft = "/draft" if fetching.version == "draft" else ""
            found = _json(client, fetching, f"/cms/v3/blogs/posts/{quote(target.id)}{draft}")
        case "prismic":
            found = _prismic(client, fetching, target)
        case _:
            found = _wordpress(client, fetching, target)
    return made_of(part, fetching, found)


def made_of(part: EndpointPart, fetching: Fetching, found: Any) -> tuple[Delivered, ...]:
    """The documents in what was fetched; raises PayloadError."""
    return payloads.documents_in(found, part, INTERFACES[fetching.cms].fetched)


def changed(client: Client, fetching: Fetching, since: str) -> Iterator[Any]:
    """Documents that changed since a day (YYYY-MM-DD), as `made_of` takes them, or a Target to fetch.

    Raises OutgoingError and PayloadError.
    """
    match fetching.cms:
        case "storyblok":
            yield from _storyblok_listed(client, fetching, since)
        case "hubspot":
            yield from _hubspot_listed(client, fetching, since)
        case _:
            for kind in fetching.types:
                yield from _wordpress_listed(client, fetching, kind, since)


def _storyblok(client: Client, fetching: Fetching, target: Target) -> Any:
    if fetching.space is not None:
        return _json(client, fetching, f"/v1/spaces/{fetching.space}/stories/{quote(target.id)}")
    return _json(
        client, fetching, f"/v2/cdn/stories/{quote(target.id)}", {"version": fetching.version}
    )


def _storyblok_listed(client: Client, fetching: Fetching, since: str) -> Iterator[Any]:
    managed = fetching.space is not None
    path = f"/v1/spaces/{fetching.space}/stories" if managed else "/v2/cdn/stories"
    for page in range(1, _MOST_PAGES + 1):
        query = {"sort_by": "updated_at:desc", "per_page": str(_PAGE), "page": str(page)}
        if not managed:
            query["version"] = fetching.version
        stories = _items(_json(client, fetching, path, query), "stories")
        for one in stories:
            if payloads.name_at(one, ("updated_at", "published_at"))[: len(since)] < since:
                return
            yield Target(id=payloads.name_at(one, ("id",))) if managed else {"story": one}
        if len(stories) < _PAGE:
            return


def _hubspot_listed(client: Client, fetching: Fetching, since: str) -> Iterator[Any]:
    after = ""
    for _ in range(_MOST_PAGES):
        query = {"sort": "-updatedAt", "limit": str(_PAGE), **({"after": after} if after else {})}
        answer = _json(client, fetching, "/cms/v3/blogs/posts", query)
        for one in _items(answer, "results"):
            if payloads.name_at(one, ("updated",))[: len(since)] < since:
                return
            yield Target(id=payloads.name_at(one, ("id",)))  # its draft is another document
        after = payloads.name_at(answer, ("paging.next.after",))
        if not after:
            return


def _wordpress(client: Client, fetching: Fetching, target: Target) -> Any:
    """A post or a page: their numbers are of one row, so at most one collection has it."""
    gone: OutgoingError | None = None
    for kind in fetching.types:
        try:
            return _json(client, fetching, f"/{kind}/{quote(target.id)}", {"context": "edit"})
        except OutgoingError as error:
            if error.status != _GONE:
                raise
            gone = error
    assert gone is not None
    raise gone


def _wordpress_listed(client: Client, fetching: Fetching, kind: str, since: str) -> Iterator[Any]:
    """The numbers alone: a page of whole posts could be larger than an answer may be."""
    for page in range(1, _MOST_PAGES + 1):
        query = {
            "context": "edit", "orderby": "modified", "order": "desc", "status": "any",
            "_fields": "id,modified_gmt", "per_page": str(_NUMBERS), "page": str(page),
        }  # fmt: skip
        try:
            posts = _items({"posts": _json(client, fetching, f"/{kind}", query)}, "posts")
        except OutgoingError as error:
            if page > 1 and error.status == _NO_PAGE:
                return
            raise
        for one in posts:
            if payloads.name_at(one, ("modified_gmt",))[: len(since)] < since:
                return
            yield Target(id=payloads.name_at(one, ("id",)))
        if len(posts) < _NUMBERS:
            return


def _prismic(client: Client, fetching: Fetching, target: Target) -> Any:
    api = target.api.rstrip("/")
    ref = target.ref
    if not ref:
        refs = _items(_json(client, fetching, "", root=api), "refs")
        ref = next((payloads.name_at(one, ("ref",)) for one in refs if one.get("isMasterRef")), "")
        if not ref:
            raise PayloadError("the repository names no published state")
    query = {"ref": ref, "q": f'[[at(document.id,"{target.id}")]]', "lang": "*"}
    found = _items(_json(client, fetching, "/documents/search", query, root=api), "results")
    if not found:
        raise OutgoingError("the repository has no such document", is_final=True)
    return found[0]


def _items(answer: Any, key: str) -> list[dict[str, Any]]:
    found = answer.get(key) if isinstance(answer, dict) else None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise PayloadError(f"what was fetched has no list {key}")
    return found


def _json(
    client: Client,
    fetching: Fetching,
    path: str,
    query: Mapping[str, str] = {},
    root: str | None = None,
) -> Any:
    """Ask for JSON of bounded depth."""
    headers, secret = _proof(fetching)
    pairs = urlencode({**query, **secret})
    url = (root or fetching.url) + path + (f"?{pairs}" if pairs else "")
    answer = client.ask(Request(url, headers), fetching.allowed)
    payloads.check_depth(answer.body)
    return payloads.decoded(answer.body)


def _proof(fetching: Fetching) -> tuple[dict[str, str], dict[str, str]]:
    """The token as the interface takes it: in headers, or in the query string where there is no other."""
    token = fetching.token
    if not token:
        return {}, {}
    if fetching.cms == "prismic":
        return {}, {"access_token": token}
    if fetching.cms == "storyblok":
        return ({"Authorization": token}, {}) if fetching.space else ({}, {"token": token})
    if fetching.user is not None:
        pair = base64.b64encode(f"{fetching.user}:{token}".encode()).decode("ascii")
        return {"Authorization": f"Basic {pair}"}, {}
    return {"Authorization": f"Bearer {token}"}, {}
