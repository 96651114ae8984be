"""`POST` of a CMS: verified over the raw bytes, stored durably, answered; the check comes later."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse

from claimlint.service import payloads
from claimlint.service.fetch import targets
from claimlint.service.intake import Intake
from claimlint.service.journal import Journal
from claimlint.service.problems import Problem, busy
from claimlint.service.requests import body_of
from claimlint.service.settings import Endpoint, Service
from claimlint.service.signatures import Received, Refused, verify
from claimlint.service.store import Accepted, Incoming, StoreError, Wanted

TEXTS_FORMAT = "texts"  # how the texts of a document lie in the store: a JSON list


async def receive(request: Request, endpoint: Endpoint) -> JSONResponse:
    """Take a delivery: 200 means that it is on the disk, or was before."""
    service: Service = request.app.state.service
    journal: Journal = request.app.state.journal
    body = await body_of(request, service.body_limit_bytes)
    delivery_id = _verified(request, endpoint, body, journal)
    if endpoint.fetch is not None:
        return await _to_fetch(request, endpoint, body)
    try:
        documents = payloads.delivered(endpoint.part, body)
    except payloads.PayloadError as error:
        journal.write("malformed", endpoint=endpoint.name, reason=str(error))
        raise Problem(400, str(error)) from None
    if not documents:
        journal.write("ignored", endpoint=endpoint.name)
        return JSONResponse({"ok": True, "ignored": "the payload holds no text to check"})
    incoming = incoming_of(endpoint.name, documents, delivery_id)
    intake: Intake = request.app.state.intake
    try:
        accepted = await intake.accept(incoming)
    except StoreError as error:
        journal.write("not stored", endpoint=endpoint.name, kind=error.kind)
        raise busy("the delivery could not be stored") from None
    for one, outcome in zip(incoming, accepted, strict=True):
        journal.write(
            "delivered", endpoint=endpoint.name, document=one.external_id, locale=one.locale,
            outcome=outcome.outcome,
        )  # fmt: skip
    return JSONResponse(_answer(accepted))


def _verified(request: Request, endpoint: Endpoint, body: bytes, journal: Journal) -> str | None:
    """The delivery's identifier, if it has one and is genuine; raises Problem."""
    if not endpoint.secrets:  # settings.py: on loopback only
        return None
    # A proxy takes the path of public_url away, and the CMS has signed it.
    before = urlsplit(endpoint.public_url).path.removesuffix(endpoint.path)
    target = before + request.scope["raw_path"].decode("latin-1")
    if query := request.scope["query_string"]:
        target += f"?{query.decode('latin-1')}"
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in request.scope["headers"]
    )
    received = Received("POST", endpoint.public_url, target, headers, body)
    try:
        verified = verify(
            endpoint.scheme,
            received,
            endpoint.secrets,
            now_seconds=time.time(),
            tolerance_seconds=endpoint.part.tolerance_seconds,
            header=endpoint.part.header,
        )
    except Refused as error:
        journal.write("refused", endpoint=endpoint.name, reason=error.reason)
        raise Problem(401, "the delivery is not proven genuine") from None
    return verified.delivery_id


async def _to_fetch(request: Request, endpoint: Endpoint, body: bytes) -> JSONResponse:
    """Store what a delivery wants fetched: 200 means that it is on the disk."""
    journal: Journal = request.app.state.journal
    try:
        wanted = wanted_of(endpoint, body)
    except payloads.PayloadError as error:
        journal.write("malformed", endpoint=endpoint.name, reason=str(error))
        raise Problem(400, str(error)) from None
    if not wanted:
        journal.write("ignored", endpoint=endpoint.name)
        return JSONResponse({"ok": True, "ignored": "the payload names no text to fetch"})
    intake: Intake = request.app.state.intake
    try:
        new = await intake.want(wanted)
    except StoreError as error:
        journal.write("not stored", endpoint=endpoint.name, kind=error.kind)
        raise busy("the delivery could not be stored") from None
    journal.write("to fetch", endpoint=endpoint.name, documents=len(wanted), queued=sum(new))
    return JSONResponse({"ok": True, "duplicate": not any(new), "to_fetch": len(wanted)})


def wanted_of(endpoint: Endpoint, body: bytes) -> tuple[Wanted, ...]:
    """What a delivery wants fetched, as the store keeps it; raises PayloadError."""
    assert endpoint.fetch is not None
    return tuple(
        Wanted(endpoint.name, msgspec.json.encode(one).decode())
        for one in targets(endpoint.fetch, body)
    )


def incoming_of(
    endpoint: str, documents: Sequence[payloads.Delivered], delivery_id: str | None = None
) -> tuple[Incoming, ...]:
    """Documents as the store takes them."""
    return tuple(
        Incoming(
            endpoint=endpoint,
            external_id=one.external_id,
            locale=one.locale,
            title=one.title,
            url=one.url,
            format=TEXTS_FORMAT,
            content=stored(one.texts),
            delivery_id=delivery_id,
            revision=one.revision,
            updated=one.updated,
        )
        for one in documents
    )


def stored(texts: Sequence[payloads.Text]) -> bytes:
    """Texts as they lie in the store."""
    return msgspec.json.encode(
        [[one.name, one.path, one.format, one.data.decode("utf-8", "replace")] for one in texts]
    )


def restored(content: bytes) -> tuple[payloads.Text, ...]:
    """Texts as they were put into the store."""
    rows = msgspec.json.decode(content, type=list[tuple[str, str, str, str]])
    return tuple(payloads.Text(name, path, form, text.encode()) for name, path, form, text in rows)


def _answer(accepted: Sequence[Accepted]) -> dict[str, Any]:
    return {
        "ok": True,
        "duplicate": all(one.outcome == "duplicate" for one in accepted),
        "documents": [{"id": one.document_id, "outcome": one.outcome} for one in accepted],
    }
