"""The OpenAPI description of the service, made from what it does."""

from __future__ import annotations

from typing import Any

from claimlint import __version__
from claimlint.reporters.json_report import schema_value
from claimlint.service import check
from claimlint.service.kinds import KINDS
from claimlint.service.problems import MEDIA_TYPE
from claimlint.service.settings import CHECK_PATH, Endpoint, Service

_REF = "#/$defs/"
_REPORT = "Report."  # before the names of the report's types, one of which is a Problem too
_SCHEMAS = "#/components/schemas/"

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}
_ACCEPTED = {
    "type": "object",
    "required": ["ok"],
    "properties": {
        "ok": {"const": True},
        "duplicate": {"type": "boolean"},
        "ignored": {"type": "string"},
        "to_fetch": {"type": "integer"},
        "documents": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "outcome"],
                "properties": {
                    "id": {"type": "integer"},
                    "outcome": {"enum": ["stored", "duplicate", "stale"]},
                },
            },
        },
    },
}
_COUNT = {"type": ["integer", "null"]}
_VERDICT = {"enum": ["pass", "review", "block", None]}
_STATUS = {
    "type": "object",
    "required": ["endpoint", "id", "locale", "title", "state", "verdict", "fails", "is_latest"],
    "properties": {
        "endpoint": {"type": "string"},
        "id": {"type": "string"},
        "locale": {"type": "string"},
        "title": {"type": "string"},
        "state": {"enum": ["queued", "running", "done", "dead"]},
        "verdict": _VERDICT,
        "previous_verdict": _VERDICT,
        "errors": _COUNT,
        "warnings": _COUNT,
        "notes": _COUNT,
        "suppressed": _COUNT,
        "fails": {"type": ["boolean", "null"]},
        "is_latest": {"type": "boolean"},
    },
}
_OK = {"type": "object", "required": ["ok"], "properties": {"ok": {"const": True}}}


def description(service: Service) -> dict[str, Any]:
    """The description, with the endpoints of this configuration."""
    asked = check.description()
    names = [one.name for one in service.endpoints]
    secured = bool(service.check_tokens)
    paths: dict[str, Any] = {
        CHECK_PATH: {"post": _check_operation(asked["request"], names, secured=secured)},
        "/documents/{endpoint}/{id}/status": {
            "get": {
                "summary": "What is known of a document",
                "security": [{"token": []}] if secured else [],
                "parameters": [
                    _parameter("endpoint", "path"), _parameter("id", "path"), _parameter("locale", "query"),
                ],
                "responses": _answers(_STATUS, 401, 404, 503),
            }
        },
        "/healthz": {"get": {"summary": "It runs", "responses": _answers(_OK)}},
        "/readyz": {"get": {"summary": "It can take deliveries", "responses": _answers(_OK, 503)}},
    }  # fmt: skip
    paths |= {one.path: {"post": _hook_operation(one)} for one in service.endpoints}
    return {
        "openapi": "3.1.0",
        "info": {"title": "claimlint", "version": __version__},
        "paths": paths,
        "components": {
            "schemas": {**asked["schemas"], **_report_schemas(), "Problem": _PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _report_schemas() -> dict[str, Any]:
    """The types of the report's published schema as components of this description."""
    return {f"{_REPORT}{name}": _moved(one) for name, one in schema_value()["$defs"].items()}


def _moved(schema: Any) -> Any:
    """A part of the report's schema with its references leading to the components."""
    if isinstance(schema, list):
        return [_moved(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    moved = {key: _moved(value) for key, value in schema.items()}
    if isinstance(found := schema.get("$ref"), str):
        moved["$ref"] = f"{_SCHEMAS}{_REPORT}{found.removeprefix(_REF)}"
    return moved


def _hook_operation(endpoint: Endpoint) -> dict[str, Any]:
    kind = KINDS[endpoint.part.cms]
    media_type = "application/x-www-form-urlencoded" if kind.is_form else "application/json"
    return {
        "summary": f"Deliveries of {endpoint.name} ({endpoint.part.cms})",
        "requestBody": {
            "required": True,
            "content": {media_type: {"schema": {"type": "object"}}},
        },
        "responses": _answers(_ACCEPTED, 400, 401, 408, 413, 415, 503),
    }


def _check_operation(
    request: dict[str, Any], endpoints: list[str], *, secured: bool
) -> dict[str, Any]:
    answers = _answers({"$ref": f"{_SCHEMAS}{_REPORT}Report"}, 400, 401, 408, 413, 415, 422, 503)
    answers["200"]["headers"] = {
        check.FAILS_HEADER: {
            "description": "whether the draft fails at the level that was asked for",
            "schema": {"enum": ["true", "false"]},
        }
    }
    return {
        "summary": "Check a draft",
        "security": [{"token": []}] if secured else [],
        "parameters": [
            _parameter("name", "query"),
            _parameter("market", "query"),
            {**_parameter("endpoint", "query"), "schema": {"enum": endpoints}},
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": request},
                # Any text will do, so there is no schema: a body such as 17 is a text, too.
                "text/markdown": {},
                "text/html": {},
                "text/plain": {},
            },
        },
        "responses": answers,
    }


def _parameter(name: str, place: str) -> dict[str, Any]:
    return {
        "name": name, "in": place, "required": place == "path", "schema": {"type": "string"},
    }  # fmt: skip


def _answers(schema: dict[str, Any], *problems: int) -> dict[str, Any]:
    problem = {"$ref": "#/components/schemas/Problem"}
    answers: dict[str, Any] = {
        "200": {"description": "OK", "content": {"application/json": {"schema": schema}}}
    }
    for status in problems:
        content = {MEDIA_TYPE: {"schema": problem}}
        answers[str(status)] = {"description": "a problem (RFC 9457)", "content": content}
    return answers
