"""`POST /check`: a draft in, its report out, for gates that ask before they publish."""

from __future__ import annotations

import datetime
import time
from collections.abc import Sequence
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from claimlint.config import Config, apply_flags
from claimlint.marked_yaml import nearest
from claimlint.model.document import Format
from claimlint.model.report import fails
from claimlint.model.rule import Name
from claimlint.service import checking, payloads
from claimlint.service.decisions import stored_for, with_stored
from claimlint.service.jobs import name_of
from claimlint.service.journal import Journal
from claimlint.service.pool import Pool
from claimlint.service.problems import Problem, busy
from claimlint.service.requests import body_of, check_token
from claimlint.service.settings import Service
from claimlint.service.store import StoredDecision, StoreError

FORMATS: tuple[str, ...] = tuple(one for one in get_args(Format) if one != "docx")
_MEDIA_TYPES = {
    "text/markdown": "markdown",
    "text/html": "html",
    "text/plain": "text",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}
_JSON = "application/json"
_NAME_LIMIT = 300
_ENDINGS = {"markdown": ".md", "html": ".html", "text": ".txt", "wordpress": ".html"}
FAILS_HEADER = "Claimlint-Fails"
ShortText = Annotated[str, Meta(max_length=_NAME_LIMIT)]


class Ask(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a gate sends: a text or a rich-text tree, its form, and what it is called."""

    content: Any
    format: str = "markdown"
    title: str | None = None
    name: ShortText | None = None
    market: tuple[Name, ...] | None = None
    fail_on: Literal["error", "warning", "note", "never"] | None = None


async def check(request: Request) -> Response:
    """Answer with the JSON report of the contract, the verdict in its document.

    Whether the draft fails at the level that was asked for stands in a header of the answer.
    """
    service: Service = request.app.state.service
    pool: Pool = request.app.state.pool
    check_token(request, service.check_tokens)
    body = await body_of(request, service.body_limit_bytes)
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if (endpoint := request.query_params.get("endpoint")) is not None:
        task = _as_delivered(body, endpoint, service)
    elif media == _JSON:
        task = _asked(body, service.config)
    elif media in _MEDIA_TYPES:
        task = _raw(body, _MEDIA_TYPES[media], request, service.config)
    else:
        known = ", ".join((_JSON, *_MEDIA_TYPES))
        raise Problem(415, f"the media type must be one of {known}")
    _check_markets(task.config, request.app.state.markets)
    decided = await _decided(request, service, task.name)
    task = task._replace(
        project=with_stored(await request.app.state.project(), task.config, task.name, decided),
        today=datetime.datetime.now(datetime.UTC).date(),
    )
    journal: Journal = request.app.state.journal
    begun = time.monotonic()
    try:
        reply = await pool.check(task, service.deadline_seconds)
    except (checking.BusyError, checking.DeadlineError, checking.LostError) as error:
        journal.write("gate failed", reason=str(error))
        raise busy(str(error)) from None
    except checking.RulesError as error:
        journal.write("gate failed", reason=str(error))
        if task.config.markets not in _configured(service):
            raise Problem(422, str(error)) from None
        raise busy("the rules cannot be used now") from None
    if isinstance(reply, checking.Refusal):
        journal.write("gate refused")
        raise Problem(422, reply.message)
    journal.write(
        "gate answered", verdict=reply.verdict, seconds=round(time.monotonic() - begun, 3)
    )
    failed = fails(task.config.fail_on, reply.errors, reply.warnings, reply.notes)
    headers = {FAILS_HEADER: "true" if failed else "false"}
    return Response(reply.report, media_type=_JSON, headers=headers)


def _check_markets(config: Config, shipped: tuple[str, ...]) -> None:
    """Refuse a market that nobody defines, which to find out otherwise takes reading all rules."""
    if config.packs:  # they may define their own
        return
    for market in config.markets:
        if market not in shipped:
            raise Problem(422, f'unknown market "{market[:80]}"{nearest(market, shipped)}')


def _configured(service: Service) -> set[tuple[str, ...]]:
    """The markets of the configuration: when their rules are wrong that is no fault of who asks."""
    configs = (service.config, *(one.config for one in service.endpoints))
    return {config.markets for config in configs}


async def _decided(request: Request, service: Service, name: str) -> tuple[StoredDecision, ...]:
    """What was decided through the pages about the document of that name, if it was delivered."""
    if name.partition(":")[0] not in {one.name for one in service.endpoints}:
        return ()
    try:
        decided: tuple[StoredDecision, ...] = await request.app.state.read(
            lambda store: stored_for(store, name)
        )
    except StoreError as error:
        raise busy(f"the store cannot be read now ({error.kind})") from None
    return decided


def _asked(body: bytes, config: Config) -> checking.Task:
    """The task of a JSON request; raises Problem."""
    try:
        payloads.check_depth(body)
    except payloads.PayloadError as error:
        raise Problem(422, str(error)) from None
    try:
        ask = msgspec.convert(payloads.decoded(body), Ask)
    except (payloads.PayloadError, msgspec.ValidationError) as error:
        raise Problem(400, f"the body is no request for a check: {error}") from None
    if ask.format not in FORMATS:
        raise Problem(422, f"format must be one of {', '.join(FORMATS)}")
    texts = []
    if ask.title:
        texts.append(_text("title", "text", ask.title.encode("utf-8", "replace")))
    texts.append(_text("content", ask.format, _content(ask)))
    if ask.market is not None or ask.fail_on is not None:
        config = apply_flags(config, markets=ask.market, fail_on=ask.fail_on)
    return _task(ask.name or f"content{_ENDINGS.get(ask.format, '')}", texts, config)


def _content(ask: Ask) -> bytes:
    is_tree = ask.format in payloads.TREES
    if is_tree and isinstance(ask.content, dict | list):
        return payloads.encoded(ask.content)
    if isinstance(ask.content, str):
        return ask.content.encode("utf-8", "replace")
    wanted = "a rich-text tree" if is_tree else "text"
    raise Problem(422, f"content must be {wanted} for the format {ask.format}")


def _as_delivered(body: bytes, name: str, service: Service) -> checking.Task:
    """The task of a body as the endpoint would be sent it: a gate gets the answer its hook gets."""
    endpoint = next((one for one in service.endpoints if one.name == name), None)
    if endpoint is None:
        raise Problem(422, "endpoint names none of the endpoints")
    try:
        documents = payloads.delivered(endpoint.part, body)
    except payloads.PayloadError as error:
        raise Problem(422, str(error)) from None
    if len(documents) != 1:
        raise Problem(422, f"the payload holds {len(documents)} documents to check, and not one")
    (one,) = documents
    return _task(name_of(name, one.external_id, one.locale), one.texts, endpoint.config)


def _raw(body: bytes, form: str, request: Request, config: Config) -> checking.Task:
    """The task of a request whose body is the draft itself; raises Problem."""
    name = request.query_params.get("name") or f"content{_ENDINGS.get(form, '.docx')}"
    markets = request.query_params.get("market")
    if markets is not None:
        listed = tuple(part.strip() for part in markets.split(","))
        config = apply_flags(config, markets=listed)
    return _task(name[:_NAME_LIMIT], [_text("content", form, body)], config)


def _text(field: str, form: str, data: bytes) -> payloads.Text:
    return payloads.Text(field, field, form, data)


def _task(name: str, texts: Sequence[payloads.Text], config: Config) -> checking.Task:
    return checking.Task(name, tuple(texts), config, None, datetime.date.min)


def description() -> dict[str, Any]:
    """The part of the OpenAPI description that is about this."""
    (schema,), parts = msgspec.json.schema_components(
        [Ask], ref_template="#/components/schemas/{name}"
    )
    properties = parts["Ask"]["properties"]
    properties["format"] = {"type": "string", "enum": list(FORMATS), "default": "markdown"}
    properties["content"] = {"type": ["string", "object", "array"]}
    return {"request": schema, "schemas": parts}
