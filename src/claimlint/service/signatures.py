"""Prove that a delivery comes from the configured CMS; over the raw bytes, without I/O or a clock.

Standard Webhooks 1.0.0 is verified here and not by the package `standardwebhooks`: that reads the
machine's clock, has a fixed window, takes one secret and wants the body to be UTF-8. Its client signs
in our tests.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Sequence

from claimlint.config.serve import Scheme
from claimlint.service.claims import Claim, Verified, claimed
from claimlint.service.received import Received, Refused

__all__ = ["Received", "Refused", "Scheme", "Verified", "secret_fault", "verify"]

TOLERANCE_SECONDS = 300
_STANDARD_LEAST_BYTES = 24  # Standard Webhooks 1.0.0, "Signature scheme"
_TOKEN_LEAST = 16  # nothing but its length protects a secret that travels in a URL
_STANDARD_PREFIX = "whsec_"
_CONTENTFUL_SECRET = re.compile(r"[0-9a-zA-Z+/=_-]{64}")
_URL_TOKEN = re.compile(rf"[A-Za-z0-9._~-]{{{_TOKEN_LEAST},}}")
_HEADER_SECRET = re.compile(r"[!-~](?:[ -~]*[!-~])?")


def verify(
    scheme: Scheme,
    received: Received,
    secrets: Sequence[str],
    *,
    now_seconds: float,
    tolerance_seconds: int = TOLERANCE_SECONDS,
    header: str = "authorization",
    field: str = "secret",
) -> Verified:
    """Tell what a delivery proves under any of the secrets (two while one is being replaced).

    `header` is the header of the scheme "header", `field` the field of "body-secret" and the parameter
    of "url-secret". Raises Refused; raises ValueError when there is no secret or one is unusable.
    """
    keys = _keys(scheme, secrets)
    claim = claimed(scheme, received, header.lower(), field)
    if not _any_match(claim, keys):
        raise Refused(f"{_subject(scheme)} does not match; check the endpoint's secret")
    signed_at = claim.verified.signed_at_seconds
    if signed_at is not None and not abs(now_seconds - signed_at) <= tolerance_seconds:
        age = now_seconds - signed_at
        side = "old" if age > 0 else "in the future"
        raise Refused(
            f"it is genuine but was signed {abs(age):.0f} seconds {side}, and {tolerance_seconds} are "
            "allowed; is a clock wrong or is this a copy?"
        )
    return claim.verified


def secret_fault(scheme: Scheme, secret: str) -> str | None:
    """Tell why a secret cannot serve a scheme, without repeating it; None when it can."""
    if not secret:
        return "the secret is empty"
    if any("\ud800" <= sign <= "\udfff" for sign in secret):
        return "the secret is not UTF-8"
    match scheme:
        case "standard":
            key = standard_key(secret)
            if key is None:
                return f"the secret is not {_STANDARD_PREFIX} followed by base64"
            if len(key) < _STANDARD_LEAST_BYTES:
                return f"the secret's key has fewer than {_STANDARD_LEAST_BYTES} bytes"
        case "contentful" if not _CONTENTFUL_SECRET.fullmatch(secret):
            return "the secret is not 64 characters of 0-9 a-z A-Z + / = _ -"
        case "url-secret" if not _URL_TOKEN.fullmatch(secret):
            return f"the secret is not at least {_TOKEN_LEAST} characters of 0-9 a-z A-Z . _ ~ -"
        case "header" if not _HEADER_SECRET.fullmatch(secret):
            return "the secret is not visible ASCII, which a header's value has to be"
        case _:
            pass
    return None


def _keys(scheme: Scheme, secrets: Sequence[str]) -> list[bytes]:
    """The bytes of each secret; raises ValueError."""
    if isinstance(secrets, str) or not secrets:
        raise ValueError(f"the scheme {scheme} needs a sequence of one or more secrets")
    keys = []
    for secret in secrets:
        fault = secret_fault(scheme, secret)
        if fault:
            raise ValueError(f"the scheme {scheme}: {fault}")
        key = standard_key(secret) if scheme == "standard" else secret.encode("utf-8")
        assert key is not None
        keys.append(key)
    return keys


def standard_key(secret: str) -> bytes | None:
    """The key in a Standard Webhooks secret; padding may be missing, as in the reference libraries."""
    text = secret.removeprefix(_STANDARD_PREFIX).rstrip("=")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _any_match(claim: Claim, keys: list[bytes]) -> bool:
    """Compare every proof with every key, so that the time does not tell which one matched."""
    matched = False
    for key in keys:
        right = claim.prove(key, claim.message).encode("ascii")
        for given in claim.given:
            matched |= hmac.compare_digest(right, given.encode("ascii"))
    return matched


def _subject(scheme: Scheme) -> str:
    return "the secret" if scheme in ("header", "body-secret", "url-secret") else "the signature"
