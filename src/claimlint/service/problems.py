"""Answers that say what went wrong: problem documents (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5


class Problem(Exception):  # noqa: N818  (the name that RFC 9457 gives it)
    """A request that cannot be answered as asked; `detail` is for the sender and holds no secret."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})


def busy(detail: str, status: int = 503) -> Problem:
    """A problem that goes away: the sender shall come again."""
    return Problem(status, detail, {"Retry-After": str(RETRY_SECONDS)})


def answer(problem: Problem) -> JSONResponse:
    """The answer that tells a problem."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
    }
    return JSONResponse(
        body, status_code=problem.status, headers=problem.headers, media_type=MEDIA_TYPE
    )
