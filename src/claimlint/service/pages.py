"""The pages for people: sign in, look at documents, decide about findings. Plain forms, no scripts."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Any, NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from claimlint.model.report import Report, Verdict
from claimlint.service import pages_html
from claimlint.service.journal import Journal
from claimlint.service.pages_decide import REASON_LIMIT, ComplaintError, Desk, wanted, why_not
from claimlint.service.pages_draw import Drawing
from claimlint.service.pages_guard import Guard, Person, form_of
from claimlint.service.pages_list import cursor_of, listing
from claimlint.service.pages_recheck import Rechecks
from claimlint.service.pages_review import drawing_of, laid_out
from claimlint.service.pages_settings import PagesSettings
from claimlint.service.pages_views import (
    CHANGES_SHOWN,
    Asked,
    Given,
    Stored,
    Whole,
    stored,
    whole,
)
from claimlint.service.pool import Pool
from claimlint.service.problems import Problem, busy
from claimlint.service.reading import Reader
from claimlint.service.signin import Failures, Session, Sessions, reviewer_of
from claimlint.service.store import StoreError

_HOME = "/documents"
_LISTED = 50
_QUERY_LIMIT = 200
_TOKEN_LIMIT = 500
_NEXT = re.compile(r"/documents(/[0-9]{1,18}(/review)?)?")
_NUMBER = re.compile(r"[0-9]{1,18}")
_VERDICTS = ("pass", "review", "block")


class Pages:
    """What the pages stand on while the service runs."""

    def __init__(
        self,
        settings: PagesSettings,
        store: Reader,
        pool: Pool,
        rechecks: Rechecks,
        journal: Journal,
        deadline_seconds: float,
    ) -> None:
        self.settings = settings
        self.store = store
        self.pool = pool
        self.rechecks = rechecks
        self.journal = journal
        self.deadline_seconds = deadline_seconds
        self.sessions = Sessions(settings)
        self.failures = Failures()
        self.guard = Guard(settings, self.sessions)
        self.desk = Desk(settings, store, journal)

    def page(self, person: Session | None, name: str, status: int = 200, **values: Any) -> Response:
        """Render a page for somebody."""
        token = self.sessions.form_token(person) if person is not None else ""
        return pages_html.page(
            name, status, person=person, form_token=token, prefix=self.settings.prefix, **values
        )

    def redirect(self, path: str) -> Response:
        """Send a browser on after a form."""
        response = RedirectResponse(self.settings.prefix + path, 303)
        return pages_html.secured(response)


class _Call(NamedTuple):
    """A request of the pages; `session` is None on the pages for everybody only."""

    pages: Pages
    request: Request
    session: Session | None

    @property
    def known(self) -> Session:
        """Whoever is signed in."""
        assert self.session is not None
        return self.session

    @property
    def document_id(self) -> int:
        """The document in the address; raises Problem."""
        text: str = self.request.path_params["document_id"]
        if not _NUMBER.fullmatch(text):
            raise Problem(404, "there is no such document")
        return int(text)

    def number(self, name: str) -> int | None:
        """A number of the query; raises Problem."""
        text = self.request.query_params.get(name)
        if text is None:
            return None
        if not _NUMBER.fullmatch(text):
            raise Problem(400, f"{name} is no number")
        return int(text)


Handler = Callable[[_Call], Awaitable[Response]]


def routes() -> list[Route]:
    """The addresses of the pages."""
    document = "/documents/{document_id}"
    return [
        Route("/login", partial(_answered, handler=_login, is_open=True), methods=["GET"]),
        Route("/login", partial(_answered, handler=_sign_in, is_open=True), methods=["POST"]),
        Route("/logout", partial(_answered, handler=_sign_out), methods=["POST"]),
        Route(_HOME, partial(_answered, handler=_documents), methods=["GET"]),
        Route(document, partial(_answered, handler=_document), methods=["GET"]),
        Route(f"{document}/review", partial(_answered, handler=_review), methods=["GET"]),
        Route(f"{document}/decide", partial(_answered, handler=_decide), methods=["POST"]),
    ]


async def _answered(request: Request, handler: Handler, *, is_open: bool = False) -> Response:
    """Answer a request of the pages: with a page, whatever happens."""
    pages: Pages = request.app.state.pages
    person: Person | None = None
    try:
        pages.guard.check_host(request)
        if request.method == "POST":
            pages.guard.check_origin(request)
        person = pages.guard.person(request)
        if person is None and not is_open:
            return _to_login(pages, request)
        response = await handler(_Call(pages, request, person and person.session))
    except Problem as problem:
        response = _problem_page(pages, request, person, problem)
    except StoreError as error:
        pages.journal.write("store trouble", kind=error.kind, reason=error.message)
        unusable = busy(f"the store cannot be used now ({error.kind})")
        response = _problem_page(pages, request, person, unusable)
    if person is not None and person.is_new:
        pages.guard.set_cookie(response, person.session)
    return response


def _to_login(pages: Pages, request: Request) -> Response:
    if request.method == "POST":
        return _problem_page(pages, request, None, Problem(401, "you are not signed in any more"))
    path = request.url.path
    return pages.redirect(f"/login?next={path}" if _NEXT.fullmatch(path) else "/login")


def _problem_page(
    pages: Pages, request: Request, person: Person | None, problem: Problem
) -> Response:
    number = request.path_params.get("document_id")
    response = pages.page(
        person and person.session,
        "problem.html",
        problem.status,
        title=HTTPStatus(problem.status).phrase,
        detail=problem.detail[:1].upper() + problem.detail[1:],
        back=_HOME if number is None or problem.status == 404 else f"{_HOME}/{number}",
    )
    response.headers.update(problem.headers)
    return response


async def _login(call: _Call) -> Response:
    following = call.request.query_params.get("next", _HOME)
    if call.session is not None:
        return call.pages.redirect(_own(following))
    # A cookie that is strictly for this site does not come along with a link of another one.
    came_over = call.request.headers.get("sec-fetch-site") == "cross-site"
    return _login_page(call, following, came_over=came_over)


def _login_page(
    call: _Call, following: str, status: int = 200, complaint: str = "", *, came_over: bool = False
) -> Response:
    return call.pages.page(
        None,
        "login.html",
        status,
        next=_own(following),
        came_over=came_over,
        complaint=complaint,
        has_tokens=bool(call.pages.settings.reviewers),
    )


def _own(path: str) -> str:
    """An address of ours to go to, whatever was asked for."""
    return path if _NEXT.fullmatch(path) else _HOME


async def _sign_in(call: _Call) -> Response:
    pages = call.pages
    form = await form_of(call.request)
    following = form.get("next", _HOME)
    address = pages.guard.address(call.request)
    token = form.get("token", "").strip()
    reviewer = reviewer_of(token[:_TOKEN_LIMIT], pages.settings.reviewers)
    if reviewer is None:
        return _refused(call, following, address)
    # Whatever failed before: behind a proxy all may have one address, and nobody who guesses (which is
    # hopeless with random tokens) may lock the others out.
    pages.journal.write("signed in", by=reviewer.name, address=address)
    response = pages.redirect(_own(following))
    pages.guard.set_cookie(response, pages.sessions.begin(reviewer.name, "token", time.time()))
    return response


def _refused(call: _Call, following: str, address: str) -> Response:
    """Refuse a wrong token; after too many of them nothing more of them is noted for a while."""
    pages = call.pages
    now = time.monotonic()
    wait = pages.failures.wait_seconds(address, now)
    if wait == 0:
        pages.failures.add(address, now)
        pages.journal.write("sign-in refused", address=address)
        return _login_page(call, following, 401, "This token is not known here.")
    pages.journal.write("sign-in limited", address=address)
    complaint = f"This token is not known here. Try again in {-(-wait // 60)} min."
    response = _login_page(call, following, 429, complaint)
    response.headers["Retry-After"] = str(wait)
    return response


async def _sign_out(call: _Call) -> Response:
    call.pages.guard.check_form(call.known, await form_of(call.request))
    call.pages.sessions.end(call.known, time.time())
    call.pages.journal.write("signed out", by=call.known.name)
    response = call.pages.redirect("/login")
    call.pages.guard.delete_cookie(response)
    return response


async def _documents(call: _Call) -> Response:
    asked = call.request.query_params
    query, verdict = asked.get("q", "").strip()[:_QUERY_LIMIT], asked.get("verdict", "")
    after = None
    if verdict not in ("", *_VERDICTS):
        raise Problem(400, "there is no such verdict")
    if "after" in asked and (after := cursor_of(asked["after"])) is None:
        raise Problem(400, "there is no such page of the list")
    chosen: Verdict | None = verdict or None  # type: ignore[assignment]
    rows = await call.pages.store(lambda store: store.documents(query, chosen, _LISTED + 1, after))
    shown = listing(rows, query, verdict, _LISTED, is_first=after is None, now=time.time())
    return call.pages.page(call.session, "documents.html", list=shown)


async def _document(call: _Call) -> Response:
    asked = Asked(page=call.number("page") or 1, done=call.number("done") or 0)
    return await _document_page(call, asked, call.number("since"))


async def _document_page(
    call: _Call, asked: Asked, since_id: int | None = None, status: int = 200
) -> Response:
    pages = call.pages
    document_id = call.document_id
    found: Stored | None = await pages.store(lambda store: stored(store, document_id, since_id))
    if found is None:
        raise Problem(404, "there is no such document")
    shown = await asyncio.to_thread(_whole, found, asked)
    refused = why_not(pages.settings, call.known.name)
    # A large page is rendered beside the loop, as it is made.
    return await asyncio.to_thread(
        pages.page,
        call.session,
        "document.html",
        status,
        doc=shown,
        after={(one.rule, one.fingerprint): one.id for one in found.decisions},
        may_let_off=not refused,
        why_not=refused,
        today=datetime.now(UTC).date().isoformat(),
        reason_limit=REASON_LIMIT,
        changes_shown=CHANGES_SHOWN,
        since_kept=f"&since={since_id}" if since_id is not None else "",
    )


def _whole(found: Stored, asked: Asked) -> Whole:
    reports = (_decoded(found.review), _decoded(found.since))
    return whole(found, reports, asked, time.time())


def _decoded(review: Any) -> Report | None:
    return msgspec.json.decode(review.report, type=Report) if review is not None else None


async def _review(call: _Call) -> Response:
    document_id, version_id = call.document_id, call.number("version")
    since_id = call.number("since")
    drawing: Drawing | None = await call.pages.store(
        lambda store: drawing_of(store, document_id, version_id, since_id)
    )
    if drawing is None:
        raise Problem(404, "there is no review of this version")
    drawn = await laid_out(call.pages.pool, drawing)
    return pages_html.review_page(drawn.page, drawn.policy)


async def _decide(call: _Call) -> Response:
    pages = call.pages
    form = await form_of(call.request)
    pages.guard.check_form(call.known, form)
    asked = wanted(form)
    try:
        number = await pages.desk.record(call.document_id, call.known.name, asked)
    except ComplaintError as error:
        given = Given(
            asked.rule, asked.fingerprint, asked.decision, asked.reason, asked.expires, str(error)
        )
        return await _document_page(call, Asked(given=given), status=422)
    try:
        await pages.rechecks.again(call.document_id, pages.deadline_seconds)
    except StoreError as error:  # it is recorded; the loop that keeps up checks the document again
        pages.journal.write("store trouble", kind=error.kind, reason=error.message)
    return pages.redirect(f"{_HOME}/{call.document_id}?done={number}")
