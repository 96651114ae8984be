"""Reading requests: bodies with a limit and a time, tokens in constant time."""

from __future__ import annotations

import asyncio
import hmac

from starlette.requests import ClientDisconnect, Request

from claimlint.service.problems import Problem, busy

_BODY_SECONDS = 15.0
_HELD_LIMIT_BYTES = 256 << 20
_FORGIVEN = 4  # times the limit that is read and forgotten before a body is refused,
_FORGIVEN_SECONDS = 5.0  # and for how long
_BEARER = "bearer "


class Held:
    """How much of all bodies that are being read is in memory."""

    def __init__(self, limit_bytes: int = _HELD_LIMIT_BYTES) -> None:
        self.limit_bytes = limit_bytes
        self.size = 0


async def body_of(request: Request, limit_bytes: int) -> bytes:
    """The whole body; raises Problem when it is too large, too slow or cut off.

    An endless body in chunks is left at the limit: no more of it is ever held.
    """
    held: Held = request.app.state.held
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            await _check_length(request, limit_bytes)
            async for chunk in request.stream():
                size += len(chunk)
                held.size += len(chunk)
                if size > limit_bytes:
                    await _let_finish(request, limit_bytes)
                    raise _too_large(limit_bytes)
                if held.size > held.limit_bytes:
                    raise busy("too many large bodies arrive at once")
                parts.append(chunk)
    except TimeoutError:
        raise Problem(408, "the body did not arrive in time", {"Connection": "close"}) from None
    except ClientDisconnect:
        raise Problem(400, "the connection ended before the body did") from None
    finally:
        held.size -= size
    return b"".join(parts)


async def _check_length(request: Request, limit_bytes: int) -> None:
    """Refuse a body by what its sender says of it."""
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("", "identity"):
        raise Problem(415, "the body must not be compressed")
    said = request.headers.get("content-length", "")
    if said.isascii() and said.isdigit() and int(said[:20]) > limit_bytes:
        if request.headers.get("expect", "").lower() != "100-continue":
            await _let_finish(request, limit_bytes)
        raise _too_large(limit_bytes)


async def _let_finish(request: Request, limit_bytes: int) -> None:
    """Read some more and forget it: many senders hear no answer before they have sent everything."""
    left = _FORGIVEN * limit_bytes
    try:
        async with asyncio.timeout(_FORGIVEN_SECONDS):
            async for chunk in request.stream():
                left -= len(chunk)
                if left < 0:
                    return
    except TimeoutError:
        return


def _too_large(limit_bytes: int) -> Problem:
    detail = f"the body is larger than {limit_bytes:,} bytes"
    return Problem(413, detail, {"Connection": "close"})


def check_token(request: Request, tokens: tuple[str, ...]) -> None:
    """Compare the bearer token with each configured one; raises Problem. No tokens: nobody is asked."""
    if not tokens:
        return
    given = request.headers.get("authorization", "")
    token = given[len(_BEARER) :].strip() if given[: len(_BEARER)].lower() == _BEARER else ""
    encoded = token.encode("utf-8", "replace")
    # All of them, so that the time tells nothing of which one it is.
    fits = [hmac.compare_digest(encoded, one.encode()) for one in tokens]
    if not any(fits):
        raise Problem(401, "a bearer token is required", {"WWW-Authenticate": "Bearer"})
