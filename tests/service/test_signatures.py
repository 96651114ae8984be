"""Deliveries are believed when they are signed by the configured secret, and refused otherwise.

The vectors of Sanity and Standard Webhooks were published by them. The other CMSs publish none: theirs
follow from the documented formulas, and the last tests spell those out again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from claimlint.service.signatures import (
    Received,
    Refused,
    Scheme,
    Verified,
    secret_fault,
    verify,
)

SECRET = "claimlint-test-secret"
OTHER = "another-test-secret"
BODY = '{"title":"Café lasers cure acne","n":1}'.encode()
AT = 1_700_000_000
AT_MS = str(AT * 1000)
STANDARD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
STANDARD_OTHER = "whsec_" + base64.b64encode(b"another key of 24 bytes.").decode()
STANDARD_AT = 1_614_265_330
CONTENTFUL_SECRET = "a" * 64
TOKEN = "5f0c9a1e7b3d48269e1f"
URL = "https://hooks.example.com/webhooks/hubspot"


class Vector(NamedTuple):
    scheme: Scheme
    headers: Mapping[str, str]
    secret: str = SECRET
    other: str = OTHER
    body: bytes = BODY
    at: float = AT
    path: str = "/hooks/blog"
    result: Verified = Verified(signed_at_seconds=AT)

    def received(self) -> Received:
        return Received("POST", URL, self.path, tuple(self.headers.items()), self.body)


CONTENTFUL_NAMES = (
    "content-type,x-contentful-signed-headers,x-contentful-timestamp,x-contentful-topic"
)
VECTORS = {
    "sanity, published 1": Vector(
        "sanity",
        {
            "sanity-webhook-signature": (
                "t=1633519811129,v1=tLa470fx7qkLLEcMOcEUFuBbRSkGujyskxrNXcoh0N0"
            )
        },
        secret="test",
        body=b'{"_id":"resume"}',
        at=1_633_519_811.129,
        result=Verified(signed_at_seconds=1_633_519_811.129),
    ),
    "sanity, published 2": Vector(
        "sanity",
        {
            "sanity-webhook-signature": (
                "t=1633518820676, v1=e7C9h2sfbFfc4V7TEz7PSOp4IoNzl0UdVsBV-1wgdeA"
            )
        },
        secret="try-me",
        body=b'{"title":"GROQ-Hooks are neat"}',
        at=1_633_518_820.676,
        result=Verified(signed_at_seconds=1_633_518_820.676),
    ),
    "standard, published": Vector(
        "standard",
        {
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": str(STANDARD_AT),
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        },
        secret=STANDARD_SECRET,
        other=STANDARD_OTHER,
        body=b'{"test": 2432232314}',
        at=STANDARD_AT,
        result=Verified("msg_p5jXN8AQM9LWM0D4loKWxJek", STANDARD_AT),
    ),
    "ghost": Vector(
        "ghost",
        {
            "x-ghost-signature": (
                "sha256=ce5b901061c338a18883f010adbea0f6899e3d2db473f3a4a8676d74d4370e93, "
                "t=1700000000000"
            )
        },
    ),
    "ghost before 5.87.1": Vector(
        "ghost-legacy",
        {
            "x-ghost-signature": (
                "sha256=809d3e92a3cc2a9f606d5ebc1a6ce50cb01b07a869254f15ae9b0fb3e89f0f28, "
                "t=1700000000000"
            )
        },
        result=Verified(),
    ),
    "webflow": Vector(
        "webflow",
        {
            "x-webflow-signature": (
                "1d494f5aabdeb78d4b0450c8fa26fce788e29f04b3ac6c0155a3423283c2a536"
            ),
            "x-webflow-timestamp": AT_MS,
        },
    ),
    "storyblok": Vector(
        "storyblok",
        {"webhook-signature": "0d0e42bc8e84b2c61e9f72de2c77e6efd23318cb"},
        result=Verified(),
    ),
    "hubspot v3": Vector(
        "hubspot-v3",
        {
            "x-hubspot-signature-v3": "ODiz3aLYdZR7AksWVX1hUoo9XhVUwhZcoqhfuClxeVs=",
            "x-hubspot-request-timestamp": AT_MS,
        },
    ),
    "contentful": Vector(
        "contentful",
        {
            "content-type": "application/vnd.contentful.management.v1+json",
            "x-contentful-topic": "ContentManagement.Entry.save",
            "x-contentful-signed-headers": CONTENTFUL_NAMES,
            "x-contentful-timestamp": AT_MS,
            "x-contentful-signature": (
                "ef2ee58e187af0109f5e66572862edb9e79c42e5b2735d9f6d9a9c26cab97465"
            ),
        },
        secret=CONTENTFUL_SECRET,
        other="b" * 64,
        path="/webhooks/contentful",
        result=Verified(signed_at_seconds=AT),
    ),
    "static header": Vector("header", {"authorization": f"Bearer {SECRET}"}, result=Verified()),
    "secret in the body": Vector(
        "body-secret",
        {},
        body=b'{"type": "api-update", "secret": "claimlint-test-secret", "documents": []}',
        result=Verified(),
    ),
    "secret in the URL": Vector(
        "url-secret",
        {},
        secret=TOKEN,
        other="0" * 20,
        path=f"/hooks/blog?site=1&secret={TOKEN}",
        result=Verified(),
    ),
}
SIGNED = {
    name: vector
    for name, vector in VECTORS.items()
    if vector.scheme not in ("header", "body-secret", "url-secret")
}
TIMED = {name: vector for name, vector in SIGNED.items() if vector.result.signed_at_seconds}


def every(vectors: Mapping[str, Vector]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("vector", vectors.values(), ids=vectors)


def check(
    vector: Vector,
    *secrets: str,
    received: Received | None = None,
    now: float | None = None,
    tolerance: int = 300,
) -> Verified:
    return verify(
        vector.scheme,
        received or vector.received(),
        secrets or (vector.secret,),
        now_seconds=vector.at if now is None else now,
        tolerance_seconds=tolerance,
    )


def refusal(act: Callable[..., object], *values: object, **named: object) -> str:
    with pytest.raises(Refused) as caught:
        act(*values, **named)
    return caught.value.reason


@every(VECTORS)
def test_a_genuine_delivery_is_believed(vector: Vector) -> None:
    assert check(vector) == vector.result


@every(VECTORS)
def test_while_a_secret_is_replaced_both_count(vector: Vector) -> None:
    assert check(vector, vector.secret, vector.other) == vector.result
    assert check(vector, vector.other, vector.secret) == vector.result


@every(VECTORS)
def test_another_secret_is_refused_and_none_is_told(vector: Vector) -> None:
    reason = refusal(lambda: check(vector, vector.other))
    assert "does not match" in reason
    sent = [vector.secret, vector.other, *vector.headers.values()]
    assert not [text for text in sent if text in reason]


@every(SIGNED)
def test_one_changed_byte_of_the_body_is_refused(vector: Vector) -> None:
    for at in range(len(vector.body)):
        changed = bytearray(vector.body)
        changed[at] ^= 1
        received = vector.received()._replace(body=bytes(changed))
        assert "does not match" in refusal(check, vector, received=received)


@every(SIGNED)
def test_one_changed_sign_of_a_header_is_refused(vector: Vector) -> None:
    for name, value in vector.headers.items():
        for at, sign in enumerate(value):
            if vector.scheme == "ghost-legacy" and value.index(",") <= at:
                continue  # its time is not signed
            if sign == " ":
                continue  # optional white space
            changed = f"{value[:at]}{'0' if sign != '0' else '1'}{value[at + 1 :]}"
            headers = tuple({**vector.headers, name: changed}.items())
            received = vector.received()._replace(headers=headers)
            refusal(check, vector, received=received, tolerance=10**15)


@every(TIMED)
def test_a_time_outside_of_the_window_is_refused(vector: Vector) -> None:
    assert check(vector, now=vector.at + 300) == vector.result
    assert check(vector, now=vector.at - 300) == vector.result
    assert "301 seconds old" in refusal(lambda: check(vector, now=vector.at + 301))
    assert "301 seconds in the future" in refusal(lambda: check(vector, now=vector.at - 301))
    assert "11 seconds old" in refusal(lambda: check(vector, now=vector.at + 11, tolerance=10))


@every(SIGNED)
def test_a_signed_time_counts_in_the_unit_of_the_vendor(vector: Vector) -> None:
    """A delivery is fresh at its own time only: neither a thousand times later nor earlier."""
    if vector.result.signed_at_seconds is None:
        assert check(vector, now=vector.at * 1000) == vector.result
        return
    refusal(lambda: check(vector, now=vector.at * 1000))
    refusal(lambda: check(vector, now=vector.at / 1000))


@every(VECTORS)
def test_what_a_scheme_needs_is_not_optional(vector: Vector) -> None:
    for name in vector.headers:
        headers = tuple((key, value) for key, value in vector.headers.items() if key != name)
        received = vector.received()._replace(headers=headers)
        assert name in refusal(check, vector, received=received)


@every(VECTORS)
def test_a_header_that_comes_twice_is_refused(vector: Vector) -> None:
    for name, value in vector.headers.items():
        received = vector.received()
        received = received._replace(headers=(*received.headers, (name, value)))
        assert "more than once" in refusal(check, vector, received=received)


@every(VECTORS)
@pytest.mark.parametrize("value", ["", "x", "é", "v1,", "\udcff", "A" * 10_000, "sha256=,t=", "=="])
def test_a_malformed_header_is_refused(vector: Vector, value: str) -> None:
    for name in vector.headers:
        headers = tuple({**vector.headers, name: value}.items())
        received = vector.received()._replace(headers=headers)
        reason = refusal(check, vector, received=received)
        assert len(reason) < 200
        assert ("longer than" in reason) == (len(value) > 4096)


@every(VECTORS)
def test_a_delivery_in_the_manner_of_another_cms_is_refused(vector: Vector) -> None:
    """Every other scheme's delivery, even though it was signed with this endpoint's own secret."""
    for other in VECTORS.values():
        if other.scheme == vector.scheme:
            continue
        usable = secret_fault(vector.scheme, other.secret) is None
        secret = other.secret if usable else vector.secret
        refusal(check, vector, secret, received=other.received(), now=other.at, tolerance=10**15)


@every(VECTORS)
def test_a_further_header_of_another_cms_changes_nothing(vector: Vector) -> None:
    further = {"x-hub-signature-256": "sha256=00", **vector.headers}
    received = vector.received()._replace(headers=tuple(further.items()))
    assert check(vector, received=received) == vector.result


@every(VECTORS)
@pytest.mark.parametrize("secrets", [[], [""], "claimlint-test-secret"])
def test_an_endpoint_without_a_secret_is_a_fault_of_the_program(
    vector: Vector, secrets: list[str]
) -> None:
    with pytest.raises(ValueError, match="secret"):
        verify(vector.scheme, vector.received(), secrets, now_seconds=vector.at)


@pytest.mark.parametrize(
    ("scheme", "secret", "words"),
    [
        ("standard", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa", "fewer than 24 bytes"),
        ("standard", "whsec_$$$$", "base64"),
        ("standard", "whsec_café", "base64"),
        ("contentful", "a" * 63, "64 characters"),
        ("contentful", "a" * 63 + "!", "64 characters"),
        ("url-secret", "short", "at least 16"),
        ("url-secret", "with a space in its middle", "at least 16"),
        ("header", "Bearer café", "visible ASCII"),
        ("header", " leading-space", "visible ASCII"),
        ("ghost", "half a \ud800 pair", "UTF-8"),
        ("ghost", "", "empty"),
    ],
)
def test_an_unusable_secret_is_named_without_repeating_it(
    scheme: Scheme, secret: str, words: str
) -> None:
    fault = secret_fault(scheme, secret)
    assert fault is not None
    assert words in fault
    assert not secret or secret not in fault
    with pytest.raises(ValueError, match=words):
        verify(scheme, VECTORS["ghost"].received(), [secret], now_seconds=AT)


@every(VECTORS)
def test_the_secrets_of_the_vectors_are_usable(vector: Vector) -> None:
    assert secret_fault(vector.scheme, vector.secret) is None


def test_every_signature_is_compared_with_every_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long it takes does not tell whether, or which, one matched."""
    compared = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return one == other

    monkeypatch.setattr("claimlint.service.signatures.hmac.compare_digest", compare)
    right = signed_by_client(STANDARD_SECRET, BODY)
    wrong = signed_by_client(STANDARD_OTHER, b"another body")["webhook-signature"]
    for several in (f"{right['webhook-signature']} {wrong}", f"{wrong} {wrong}"):
        compared.clear()
        with suppress(Refused):
            standard({**right, "webhook-signature": several}, BODY, STANDARD_SECRET, STANDARD_OTHER)
        assert len(compared) == 4


# Standard Webhooks


def signed_by_client(secret: str, body: bytes, at: int = AT, name: str = "msg_1") -> dict[str, str]:
    when = datetime.fromtimestamp(at, tz=UTC)
    signature = Webhook(secret).sign(msg_id=name, timestamp=when, data=body.decode())
    return {"webhook-id": name, "webhook-timestamp": str(at), "webhook-signature": signature}


def standard(headers: Mapping[str, str], body: bytes = BODY, *secrets: str) -> Verified:
    received = Received("POST", URL, "/hooks/blog", tuple(headers.items()), body)
    return verify("standard", received, secrets or (STANDARD_SECRET,), now_seconds=AT)


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(AT - 300, AT + 300))
def test_what_the_reference_client_signs_is_believed(body: str, at: int) -> None:
    headers = signed_by_client(STANDARD_SECRET, body.encode(), at)
    assert standard(headers, body.encode()) == Verified("msg_1", at)


def test_a_body_that_is_no_utf_8_can_be_signed() -> None:
    key = base64.b64decode(STANDARD_SECRET.removeprefix("whsec_"))
    body = b"\xff\xfe\x00"
    mac = hmac.new(key, b"msg_1.%d.%b" % (AT, body), hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(mac).decode()}"
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(AT), "webhook-signature": signature}
    assert standard(headers, body).delivery_id == "msg_1"


def test_one_right_signature_among_several_is_enough() -> None:
    right = signed_by_client(STANDARD_SECRET, BODY)
    wrong = signed_by_client(STANDARD_OTHER, BODY)["webhook-signature"]
    several = f"v1a,anything {wrong} {right['webhook-signature']} v2,later"
    assert standard({**right, "webhook-signature": several}).delivery_id == "msg_1"


def test_asymmetric_signatures_alone_are_refused() -> None:
    right = signed_by_client(STANDARD_SECRET, BODY)
    only = right["webhook-signature"].replace("v1,", "v1a,")
    assert "no v1" in refusal(lambda: standard({**right, "webhook-signature": only}))


def test_the_prefix_of_the_secret_may_be_missing() -> None:
    headers = signed_by_client(STANDARD_SECRET, BODY)
    assert standard(headers, BODY, STANDARD_SECRET.removeprefix("whsec_")).delivery_id == "msg_1"


def test_an_id_with_the_separator_is_refused() -> None:
    """`a.b` + `1` and `a` + `b.1` would be signed alike."""
    headers = signed_by_client(STANDARD_SECRET, BODY, name="msg.1")
    assert "webhook-id" in refusal(lambda: standard(headers))


def test_a_fraction_of_a_second_is_no_time() -> None:
    headers = {**signed_by_client(STANDARD_SECRET, BODY), "webhook-timestamp": f"{AT}.5"}
    assert "webhook-timestamp" in refusal(lambda: standard(headers))


# Contentful


def contentful(
    changes: Mapping[str, str] | None = None, path: str = "/hooks/blog", names: str | None = None
) -> Verified:
    """Sign as Contentful's documentation says, spelled out once more, and verify."""
    headers = {
        "content-type": "application/json",
        "x-contentful-timestamp": AT_MS,
        "x-contentful-signed-headers": names
        or "x-contentful-timestamp, X-Contentful-Signed-Headers",
        **(changes or {}),
    }
    listed = sorted(
        name.strip().lower() for name in headers["x-contentful-signed-headers"].split(",")
    )
    lines = ";".join(f"{name}:{headers.get(name, '').strip()}" for name in listed)
    signed = path if "é" not in path else path.replace("é", "%C3%A9")
    signed = signed.replace("?q=1&w=2", "?q%253D1%2526w%253D2")
    message = f"POST\n{signed}\n{lines}\n".encode() + BODY
    digest = hmac.new(CONTENTFUL_SECRET.encode(), message, hashlib.sha256).hexdigest()
    headers["x-contentful-signature"] = digest
    sent = tuple(headers.items())
    received = Received("post", URL, path.replace("é", "%C3%A9"), sent, BODY)
    return verify("contentful", received, [CONTENTFUL_SECRET], now_seconds=AT)


def test_contentful_names_of_headers_are_trimmed_and_lowered() -> None:
    assert contentful().signed_at_seconds == AT


def test_contentful_an_id_counts_only_when_it_is_signed() -> None:
    key = {"x-contentful-idempotency-key": "abc-123"}
    assert contentful(key).delivery_id is None
    names = "x-contentful-timestamp,x-contentful-signed-headers,x-contentful-idempotency-key"
    assert contentful(key, names=names).delivery_id == "abc-123"


@pytest.mark.parametrize(
    "names",
    [
        "x-contentful-timestamp",
        "x-contentful-signed-headers",
        "content-type",
        "x-contentful-timestamp,x-contentful-signed-headers,x-contentful-topic",
        "x-contentful-timestamp,x-contentful-signed-headers,x-contentful-signature",
        "x-contentful-timestamp,x-contentful-signed-headers,X-Contentful-Timestamp",
        "x-contentful-timestamp,x-contentful-signed-headers,",
        "x-contentful-timestamp,x-contentful-signed-headers,a b",
        ",".join(["x-contentful-timestamp", "x-contentful-signed-headers", *map(str, range(99))]),
    ],
)
def test_contentful_a_wrong_list_of_headers_is_refused(names: str) -> None:
    """Each is signed rightly over the very list that it sends."""
    reason = refusal(lambda: contentful(names=names))
    assert "does not match" not in reason


@pytest.mark.parametrize("path", ["/api/resources?q=1&w=2", "/hooks/café"])
def test_contentful_unusual_paths_are_signed_as_its_toolkit_does(path: str) -> None:
    assert contentful(path=path).signed_at_seconds == AT


# HubSpot


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_hubspot_older_signatures_are_refused(version: str) -> None:
    """They are plain hashes without a time, over the same secret."""
    signed = SECRET.encode() + (f"POST{URL}".encode() if version == "v2" else b"") + BODY
    headers = {
        "x-hubspot-signature": hashlib.sha256(signed).hexdigest(),
        "x-hubspot-signature-version": version,
        "x-hubspot-request-timestamp": AT_MS,
    }
    vector = VECTORS["hubspot v3"]
    received = vector.received()._replace(headers=tuple(headers.items()))
    assert "x-hubspot-signature-v3" in refusal(check, vector, received=received)


def test_hubspot_signs_the_public_url() -> None:
    vector = VECTORS["hubspot v3"]
    received = vector.received()._replace(url="http://127.0.0.1:8020/webhooks/hubspot")
    assert "does not match" in refusal(lambda: check(vector, received=received))


# Secrets that are sent as they are


def in_header(value: str, secret: str = SECRET, name: str = "authorization") -> Verified:
    received = Received("POST", URL, "/", ((name.lower(), value),), BODY)
    return verify("header", received, [secret], now_seconds=AT, header=name)


@pytest.mark.parametrize(
    ("value", "secret", "name"),
    [
        (SECRET, SECRET, "authorization"),
        (f"bearer  {SECRET} ", SECRET, "Authorization"),
        (f"Bearer {SECRET}", f"Bearer {SECRET}", "authorization"),
        (f"Token {SECRET}", f"Token {SECRET}", "authorization"),
        (SECRET, SECRET, "X-Strapi-Secret"),
    ],
)
def test_a_static_header_is_believed(value: str, secret: str, name: str) -> None:
    assert in_header(value, secret, name) == Verified()


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (f"Basic {SECRET}", "authorization"),
        (f"Bearer {SECRET}", "x-secret"),
        (SECRET[:-1], "x-secret"),
        (SECRET + "x", "x-secret"),
        (SECRET.upper(), "x-secret"),
        ("Bearer ", "authorization"),
    ],
)
def test_a_static_header_with_another_value_is_refused(value: str, name: str) -> None:
    refusal(lambda: in_header(value, name=name))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"claimlint-test-secret"',
        b'{"secret": null}',
        b'{"secret": ["claimlint-test-secret"]}',
        b'{"data": {"secret": "claimlint-test-secret"}}',
        b'{"secret": "claimlint-test-secret"',
        b'{"secret": "\xff"}',
        b'{"secret": "\\ud800"}',
        b'{"a":' * 100_000,
        b"[" * 100_000,
    ],
)
def test_a_body_without_the_secret_is_refused(body: bytes) -> None:
    vector = VECTORS["secret in the body"]
    received = vector.received()._replace(body=body)
    refusal(lambda: check(vector, received=received))


def test_a_secret_beyond_ascii_can_be_in_the_body() -> None:
    vector = VECTORS["secret in the body"]
    received = vector.received()._replace(body='{"key": "Schlüssel"}'.encode())
    result = verify("body-secret", received, ["Schlüssel"], now_seconds=AT, field="key")
    assert result == Verified()


@pytest.mark.parametrize(
    "path",
    [
        "/hooks/blog",
        "/hooks/blog?secret=",
        f"/hooks/blog?token={TOKEN}",
        f"/hooks/blog?secret={TOKEN}&secret={TOKEN}",
        f"/hooks/blog?secret={TOKEN[:-1]}",
        f"/hooks/blog/{TOKEN}",
        "/hooks/blog?secret=%ff",
        "/hooks/blog?secret=\ud800",
        f"/hooks/blog?secret={TOKEN}" + "&a=1" * 100,
        f"/hooks/blog?secret={TOKEN}&a=" + "1" * 10_000,
    ],
)
def test_a_url_without_the_secret_is_refused(path: str) -> None:
    vector = VECTORS["secret in the URL"]
    received = vector.received()._replace(path=path)
    reason = refusal(lambda: check(vector, received=received))
    assert TOKEN not in reason


# The formulas, for any body


def mac(message: bytes, algorithm: str = "sha256") -> bytes:
    return hmac.new(SECRET.encode(), message, algorithm).digest()


FORMULAS: dict[Scheme, Callable[[bytes], dict[str, str]]] = {
    "sanity": lambda body: {
        "sanity-webhook-signature": (
            f"t={AT_MS},v1="
            + base64.urlsafe_b64encode(mac(f"{AT_MS}.".encode() + body)).decode().rstrip("=")
        )
    },
    "ghost": lambda body: {
        "x-ghost-signature": f"sha256={mac(body + AT_MS.encode()).hex()}, t={AT_MS}"
    },
    "ghost-legacy": lambda body: {"x-ghost-signature": f"sha256={mac(body).hex()}"},
    "webflow": lambda body: {
        "x-webflow-signature": mac(f"{AT_MS}:".encode() + body).hex(),
        "x-webflow-timestamp": AT_MS,
    },
    "hubspot-v3": lambda body: {
        "x-hubspot-signature-v3": base64.b64encode(
            mac(f"POST{URL}".encode() + body + AT_MS.encode())
        ).decode(),
        "x-hubspot-request-timestamp": AT_MS,
    },
    "storyblok": lambda body: {"webhook-signature": mac(body, "sha1").hex()},
}


@pytest.mark.parametrize("scheme", FORMULAS)
@given(body=st.binary(max_size=200))
def test_any_bytes_can_be_signed(scheme: Scheme, body: bytes) -> None:
    headers = FORMULAS[scheme](body)
    received = Received("POST", URL, "/hooks/blog", tuple(headers.items()), body)
    result = verify(scheme, received, [SECRET], now_seconds=AT)
    assert (result.signed_at_seconds is None) == (scheme in ("storyblok", "ghost-legacy"))


@given(
    st.sampled_from([vector.scheme for vector in VECTORS.values()]),
    st.lists(
        st.tuples(
            st.sampled_from([name for vector in VECTORS.values() for name in vector.headers]),
            st.text(max_size=60),
        ),
        max_size=6,
    ),
    st.text(max_size=60),
    st.binary(max_size=60),
)
def test_anything_else_is_refused_and_never_an_accident(
    scheme: Scheme, headers: list[tuple[str, str]], path: str, body: bytes
) -> None:
    secret = next(vector.secret for vector in VECTORS.values() if vector.scheme == scheme)
    received = Received("POST", URL, path, tuple(headers), body)
    refusal(lambda: verify(scheme, received, [secret], now_seconds=AT))
