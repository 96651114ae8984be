"""What each CMS sends: its body about a text, and the headers that prove it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

KEY = b"0123456789abcdef0123456789abcdef"
OLD_KEY = b"fedcba9876543210fedcba9876543210"
HEADER_SECRET = "x-claimlint-token"
SECRETS = {
    "standard": f"whsec_{base64.b64encode(KEY).decode()}",
    "standard_old": f"whsec_{base64.b64encode(OLD_KEY).decode()}",
    "contentful": "c" * 64,
    "sanity": "sanity-secret-ü",
    "ghost": "ghost-secret",
    "webflow": "webflow-secret",
    "hubspot": "hubspot-secret",
    "storyblok": "storyblok-secret",
    "header": "Bearer static-header-secret",
    "body": "secret-in-the-body",
    "url": "secret-in-the-url-0123",
}
Headers = dict[str, str]
JSON = {"content-type": "application/json"}


class Cms(NamedTuple):
    """How a CMS speaks: `body` for (id, revision, text), `signed` for (body, seconds since 1970)."""

    endpoint: str
    body: Callable[[str, int, str], bytes]
    signed: Callable[[bytes, float], Headers]
    has_time: bool
    locale: str = ""
    query: str = ""

    @property
    def path(self) -> str:
        return f"/hooks/{self.endpoint}{self.query}"


def _digest(secret: str, message: bytes, how: str = "sha256") -> bytes:
    return hmac.digest(secret.encode(), message, how)


def _ms(now: float) -> str:
    return str(int(now * 1000))


def standard(body: bytes, now: float, name: str | None = None, key: bytes = KEY) -> Headers:
    name = name or f"msg_{hashlib.sha256(body).hexdigest()[:20]}"
    at = str(int(now))
    proof = hmac.digest(key, f"{name}.{at}.".encode() + body, "sha256")
    return {
        **JSON,
        "webhook-id": name,
        "webhook-timestamp": at,
        "webhook-signature": f"v1,{base64.b64encode(proof).decode()}",
    }


def contentful(body: bytes, now: float, path: str = "/hooks/ctf") -> Headers:
    kind = "application/vnd.contentful.management.v1+json"
    headers = {
        "content-type": kind,
        "x-contentful-signed-headers": "content-type,x-contentful-signed-headers,x-contentful-timestamp",
        "x-contentful-timestamp": _ms(now),
    }
    listed = ";".join(f"{name}:{value}" for name, value in sorted(headers.items()))
    message = f"POST\n{path}\n{listed}\n".encode() + body
    headers["x-contentful-signature"] = _digest(SECRETS["contentful"], message).hex()
    return headers


def sanity(body: bytes, now: float) -> Headers:
    proof = _digest(SECRETS["sanity"], f"{_ms(now)}.".encode() + body)
    text = base64.urlsafe_b64encode(proof).decode().rstrip("=")
    return {**JSON, "sanity-webhook-signature": f"t={_ms(now)},v1={text}"}


def ghost(body: bytes, now: float) -> Headers:
    proof = _digest(SECRETS["ghost"], body + _ms(now).encode()).hex()
    return {**JSON, "x-ghost-signature": f"sha256={proof}, t={_ms(now)}"}


def ghost_legacy(body: bytes, now: float) -> Headers:
    proof = _digest(SECRETS["ghost"], body).hex()
    return {**JSON, "x-ghost-signature": f"sha256={proof}, t={_ms(now)}"}


def webflow(body: bytes, now: float) -> Headers:
    proof = _digest(SECRETS["webflow"], f"{_ms(now)}:".encode() + body).hex()
    return {**JSON, "x-webflow-timestamp": _ms(now), "x-webflow-signature": proof}


def hubspot(body: bytes, now: float) -> Headers:
    message = b"POSThttps://hooks.example.com/hooks/hubspot" + body + _ms(now).encode()
    proof = base64.b64encode(_digest(SECRETS["hubspot"], message)).decode()
    return {
        **JSON,
        "x-hubspot-request-timestamp": _ms(now),
        "x-hubspot-signature-v3": proof,
    }


def storyblok(body: bytes, now: float) -> Headers:
    return {**JSON, "webhook-signature": _digest(SECRETS["storyblok"], body, "sha1").hex()}


def _in(name: str) -> Callable[[bytes, float], Headers]:
    return lambda body, now: {**JSON, name: SECRETS["header"]}


def _unsigned(body: bytes, now: float) -> Headers:
    return dict(JSON)


def _form(body: bytes, now: float) -> Headers:
    return {"content-type": "application/x-www-form-urlencoded"}


def _dumped(payload: Mapping[str, Any]) -> bytes:
    return json.dumps(payload, ensure_ascii=False).encode()


def _time(revision: int) -> str:
    return f"2026-11-20T10:{revision // 60:02}:{revision % 60:02}.000Z"


def _ours(name: str, revision: int, text: str) -> bytes:
    data = {"id": name, "title": "Knees", "content": f"<p>{text}</p>", "revision": revision}
    return _dumped({"type": "post.saved", "data": data})


def _wordpress(name: str, revision: int, text: str) -> bytes:
    post = {
        "id": name, "title": "Knees", "revision": revision, "modified_gmt": _time(revision),
        "content_raw": f"<!-- wp:paragraph --><p>{text}</p><!-- /wp:paragraph -->",
    }  # fmt: skip
    return _dumped({"type": "post.saved", "data": {"post": post}})


def _contentful(name: str, revision: int, text: str) -> bytes:
    leaf = {"nodeType": "text", "value": text, "marks": [], "data": {}}
    node = {"nodeType": "paragraph", "content": [leaf], "data": {}}
    tree = {"nodeType": "document", "content": [node], "data": {}}
    return _dumped(
        {
            "sys": {"id": name, "version": revision, "updatedAt": _time(revision)},
            "fields": {"title": {"en-US": "Knees"}, "body": {"en-US": tree}},
        }
    )


def _sanity(name: str, revision: int, text: str) -> bytes:
    span = {"_type": "span", "_key": "s", "text": text, "marks": []}
    block = {"_type": "block", "_key": "b", "style": "normal", "markDefs": [], "children": [span]}
    return _dumped(
        {"_id": name, "_rev": f"r{revision}", "_updatedAt": _time(revision), "title": "Knees",
         "body": [block]}
    )  # fmt: skip


def _ghost(name: str, revision: int, text: str) -> bytes:
    post = {"id": name, "title": "Knees", "html": f"<p>{text}</p>", "updated_at": _time(revision)}
    return _dumped({"event": "post.edited", "post": {"current": post, "previous": {}}})


def _webflow(name: str, revision: int, text: str) -> bytes:
    item = {
        "id": name, "lastUpdated": _time(revision), "isDraft": True,
        "fieldData": {"name": "Knees", "post-body": f"<p>{text}</p>"},
    }  # fmt: skip
    return _dumped({"triggerType": "collection_item_changed", "payload": item})


def _hubspot(name: str, revision: int, text: str) -> bytes:
    return _dumped({"objectId": name, "postBody": f"<p>{text}</p>", "at": revision})


def _storyblok(name: str, revision: int, text: str) -> bytes:
    node = {"type": "paragraph", "content": [{"type": "text", "text": text}]}
    tree = {"type": "doc", "content": [node]}
    return _dumped({"story_id": name, "at": revision, "story": {"content": {"body": tree}}})


def _strapi(name: str, revision: int, text: str) -> bytes:
    body = [{"type": "paragraph", "children": [{"type": "text", "text": text}]}]
    entry = {"documentId": name, "title": "Knees", "updatedAt": _time(revision), "body": body}
    return _dumped({"event": "entry.update", "model": "article", "entry": entry})


def _prismic(name: str, revision: int, text: str) -> bytes:
    body = [{"type": "paragraph", "text": text, "spans": []}]
    document = {"id": name, "data": {"body": body}}
    return _dumped({"secret": SECRETS["body"], "at": revision, "document": document})


def _wordpress_com(name: str, revision: int, text: str) -> bytes:
    fields = {
        "hook": "publish_post", "ID": name, "post_title": "Knees", "post_content": f"<p>{text}</p>",
        "post_modified_gmt": f"2026-11-20 10:{revision // 60:02}:{revision % 60:02}",
    }  # fmt: skip
    return urlencode(fields).encode()


EVERY: tuple[Cms, ...] = (
    Cms("std", _ours, standard, True),
    Cms("wp", _wordpress, standard, True),
    Cms("payload", _ours, standard, True),
    Cms("ctf", _contentful, contentful, True, "en-US"),
    Cms("sanity", _sanity, sanity, True),
    Cms("ghost", _ghost, ghost, True),
    Cms("ghost-old", _ghost, ghost_legacy, False),
    Cms("webflow", _webflow, webflow, True),
    Cms("hubspot", _hubspot, hubspot, True),
    Cms("storyblok", _storyblok, storyblok, False),
    Cms("strapi", _strapi, _in(HEADER_SECRET), False),
    Cms("directus", _ours, _in("authorization"), False),
    Cms("prismic", _prismic, _unsigned, False),
    Cms("wpcom", _wordpress_com, _form, False, query=f"?secret={SECRETS['url']}"),
)


def now() -> float:
    return time.time()
