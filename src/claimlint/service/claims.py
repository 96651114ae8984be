"""What a delivery says of itself under each scheme: its proofs, the message they cover, its time."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from typing import NamedTuple, assert_never
from urllib.parse import parse_qsl, quote, unquote

import msgspec

from claimlint.config.serve import Scheme
from claimlint.service.received import (
    HEADER_LIMIT_BYTES,
    Received,
    Refused,
    header_parts,
    header_value,
)

_NAMES_LIMIT = 64  # headers that Contentful may sign, parameters of a URL
_DIGITS = re.compile(r"[0-9]{1,16}")
_HEX_256 = re.compile(r"[0-9a-f]{64}")
_HEX_1 = re.compile(r"[0-9a-f]{40}")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{43}=")
_SANITY = re.compile(r"t=([0-9]{1,16}), ?v1=([A-Za-z0-9_-]{43})")
_GHOST = re.compile(r"sha256=([0-9a-f]{64}), ?t=([0-9]{1,16})")
_GHOST_LEGACY = re.compile(r"sha256=([0-9a-f]{64})(?:, ?t=[0-9]{1,16})?")
_STANDARD_ID = re.compile(r"[!-\-/-~]{1,256}")  # visible ASCII but the full stop, the separator
_DELIVERY_ID = re.compile(r"[!-~]{1,256}")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]{1,100}")

_CONTENTFUL_LIST = "x-contentful-signed-headers"
_CONTENTFUL_TIME = "x-contentful-timestamp"
_CONTENTFUL_SIGNATURE = "x-contentful-signature"
_CONTENTFUL_ID = "x-contentful-idempotency-key"
# What JavaScript's encodeURI and Node's querystring.escape leave as it is.
_KEPT_BY_ENCODE_URI = ";,/?:@&=+$-_.!~*'()#"
_KEPT_BY_ESCAPE = "-_.!~*'()"


class Verified(NamedTuple):
    """What is proven: the delivery's id and the signed time (UTC, seconds), each None when not signed."""

    delivery_id: str | None = None
    signed_at_seconds: float | None = None


class Claim(NamedTuple):
    """The proofs that were sent, and how a key makes the right one from the message."""

    given: tuple[str, ...]
    prove: Callable[[bytes, bytes], str]
    message: bytes
    verified: Verified


def claimed(scheme: Scheme, received: Received, header: str, field: str) -> Claim:
    """Read what a scheme's delivery must have, whether true or not; raises Refused."""
    match scheme:
        case "standard":
            return _standard(received)
        case "contentful":
            return _contentful(received)
        case "sanity":
            return _sanity(received)
        case "ghost":
            return _ghost(received)
        case "ghost-legacy":
            (digest,) = header_parts(received, "x-ghost-signature", _GHOST_LEGACY)
            return Claim((digest,), _hex_256, received.body, Verified())
        case "webflow":
            (digest,) = header_parts(received, "x-webflow-signature", _HEX_256)
            (at,) = header_parts(received, "x-webflow-timestamp", _DIGITS)
            message = b"%b:%b" % (at.encode(), received.body)
            return Claim((digest,), _hex_256, message, _signed_at_ms(at))
        case "hubspot-v3":
            return _hubspot(received)
        case "storyblok":
            # Standard Webhooks uses the same name; its "v1,…" is not of this form.
            (digest,) = header_parts(received, "webhook-signature", _HEX_1)
            return Claim((digest,), _hex_1, received.body, Verified())
        case "header":
            return _in_header(received, header)
        case "body-secret":
            return _static(_in_body(received.body, field))
        case "url-secret":
            return _static(_in_url(received.path, field))
        case _:
            assert_never(scheme)


def _standard(received: Received) -> Claim:
    """Standard Webhooks 1.0.0: any of the `v1` signatures counts, `v1a` needs a public key."""
    (delivery_id,) = header_parts(received, "webhook-id", _STANDARD_ID)
    (at,) = header_parts(received, "webhook-timestamp", _DIGITS)
    given = []
    for part in header_value(received, "webhook-signature").split():
        version, comma, signature = part.partition(",")
        if not comma:
            raise Refused(
                "the header webhook-signature is not of the form that Standard Webhooks has"
            )
        if version == "v1":
            if not _BASE64.fullmatch(signature):
                raise Refused("the header webhook-signature holds a malformed v1 signature")
            given.append(signature)
    if not given:
        raise Refused("the header webhook-signature holds no v1 signature")
    message = b"%b.%b.%b" % (delivery_id.encode(), at.encode(), received.body)
    return Claim(tuple(given), _base64, message, Verified(delivery_id, float(at)))


def _contentful(received: Received) -> Claim:
    """Contentful's canonical request: method, path, the signed headers and the body, a line each."""
    (digest,) = header_parts(received, _CONTENTFUL_SIGNATURE, _HEX_256)
    names = [name.strip().lower() for name in header_value(received, _CONTENTFUL_LIST).split(",")]
    if len(names) > _NAMES_LIMIT or len(set(names)) != len(names):
        raise Refused(f"the header {_CONTENTFUL_LIST} names too many headers or one of them twice")
    if not all(map(_HEADER_NAME.fullmatch, names)) or _CONTENTFUL_SIGNATURE in names:
        raise Refused(f"the header {_CONTENTFUL_LIST} names what cannot be signed")
    for required in (_CONTENTFUL_LIST, _CONTENTFUL_TIME):
        if required not in names:
            raise Refused(f"the header {required} is not among those that are signed")
    (at,) = header_parts(received, _CONTENTFUL_TIME, _DIGITS)
    signed = ";".join(f"{name}:{header_value(received, name)}" for name in sorted(names))
    head = "\n".join((received.method.upper(), _contentful_path(received.path), signed, ""))
    message = head.encode("utf-8") + received.body
    delivery_id = None
    if _CONTENTFUL_ID in names:
        (delivery_id,) = header_parts(received, _CONTENTFUL_ID, _DELIVERY_ID)
    return Claim((digest,), _hex_256, message, Verified(delivery_id, int(at) / 1000))


def _contentful_path(target: str) -> str:
    """The path as Contentful's toolkit signs it: percent-encoded, the query string twice.

    Only a plain path is sure to arrive as it was signed; for the rest this follows the toolkit.
    """
    path, _, query = target.partition("?")
    path = unquote(path)
    if query:
        path += "?" + quote(query, safe=_KEPT_BY_ESCAPE, errors="replace")
    return quote(path, safe=_KEPT_BY_ENCODE_URI, errors="replace")


def _sanity(received: Received) -> Claim:
    at, digest = header_parts(received, "sanity-webhook-signature", _SANITY)
    message = b"%b.%b" % (at.encode(), received.body)
    return Claim((digest,), _base64_url, message, _signed_at_ms(at))


def _ghost(received: Received) -> Claim:
    """Ghost from 5.87.1: the time's digits follow the body without a separator."""
    digest, at = header_parts(received, "x-ghost-signature", _GHOST)
    return Claim((digest,), _hex_256, received.body + at.encode(), _signed_at_ms(at))


def _hubspot(received: Received) -> Claim:
    """HubSpot v3: over the public URL, which a server behind a proxy does not see in the request."""
    (digest,) = header_parts(received, "x-hubspot-signature-v3", _BASE64)
    (at,) = header_parts(received, "x-hubspot-request-timestamp", _DIGITS)
    head = f"{received.method.upper()}{received.url}".encode()
    return Claim((digest,), _base64, head + received.body + at.encode(), _signed_at_ms(at))


def _static(*values: str) -> Claim:
    """A secret that is sent as it is; digests are compared, which have no length to betray."""
    given = tuple(hashlib.sha256(value.encode("utf-8")).hexdigest() for value in values)
    return Claim(given, lambda key, _: hashlib.sha256(key).hexdigest(), b"", Verified())


def _in_header(received: Received, name: str) -> Claim:
    value = header_value(received, name)
    if name == "authorization" and value[:7].lower() == "bearer ":  # RFC 6750
        return _static(value, value[7:].strip())
    return _static(value)


def _in_body(body: bytes, field: str) -> str:
    try:
        return msgspec.json.decode(_json_fields(body)[field], type=str)
    except (KeyError, msgspec.DecodeError, UnicodeDecodeError):
        raise Refused(f"the body has no text in its field {field}") from None


def _json_fields(body: bytes) -> dict[str, msgspec.Raw]:
    try:
        return msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("the body is not a JSON object") from None


def _in_url(target: str, field: str) -> str:
    query = target.partition("?")[2]
    if len(query) > HEADER_LIMIT_BYTES:
        raise Refused("the query string is too long")
    try:
        pairs = parse_qsl(
            query, keep_blank_values=True, errors="strict", max_num_fields=_NAMES_LIMIT
        )
    except ValueError:
        raise Refused("the query string is malformed") from None
    values = [value for name, value in pairs if name == field]
    if len(values) != 1:
        raise Refused(f"the URL does not have the parameter {field} exactly once")
    return values[0].encode("utf-8", "replace").decode("utf-8")


def _signed_at_ms(digits: str) -> Verified:
    return Verified(signed_at_seconds=int(digits) / 1000)


def _hex_256(key: bytes, message: bytes) -> str:
    return hmac.digest(key, message, "sha256").hex()


def _hex_1(key: bytes, message: bytes) -> str:
    return hmac.digest(key, message, "sha1").hex()


def _base64(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.digest(key, message, "sha256")).decode("ascii")


def _base64_url(key: bytes, message: bytes) -> str:
    return base64.urlsafe_b64encode(hmac.digest(key, message, "sha256")).decode("ascii").rstrip("=")
