"""The HTTP application: which request goes where, and what it starts and stops with."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from claimlint.cache import CacheFolder
from claimlint.config import Config
from claimlint.model.report import fails
from claimlint.packs.library import library_files, market_names, rulesets_folder
from claimlint.service import hooks, pages
from claimlint.service.check import check
from claimlint.service.checking import Pool
from claimlint.service.decisions import Decisions
from claimlint.service.describe import description
from claimlint.service.errands import Errands
from claimlint.service.intake import Intake
from claimlint.service.jobs import Jobs
from claimlint.service.journal import Journal
from claimlint.service.metrics import rendered
from claimlint.service.pages_recheck import Rechecks
from claimlint.service.problems import Problem, answer, busy
from claimlint.service.requests import Held, check_token
from claimlint.service.settings import CHECK_PATH, Service
from claimlint.service.store import DocumentRow, Store, StoreError

_PURGE_EVERY_SECONDS = 3_600.0


def application(
    service: Service, config: Config, cache: CacheFolder | None, journal: Journal
) -> Starlette:
    """Make the application; `config` is the one whose folder has the waivers."""
    routes = [
        Route(CHECK_PATH, check, methods=["POST"]),
        Route("/documents/{endpoint}/{external_id:path}/status", _status, methods=["GET"]),
        Route("/openapi.json", _openapi, methods=["GET"]),
        Route("/healthz", _healthz, methods=["GET"]),
        Route("/readyz", _readyz, methods=["GET"]),
        Route("/metrics", _metrics, methods=["GET"]),
    ]
    if service.pages is not None:
        routes += pages.routes()
    routes += [
        Route(endpoint.path, partial(hooks.receive, endpoint=endpoint), methods=["POST"])
        for endpoint in service.endpoints
    ]
    made = Starlette(
        routes=routes,
        lifespan=partial(_lifespan, config=config, cache=cache),
        exception_handlers={Problem: _problem, HTTPException: _http_problem, 500: _failure},
    )
    made.router.redirect_slashes = False  # a CMS that is redirected counts it as a failure
    made.state.service = service
    made.state.markets = market_names(library_files(rulesets_folder()))
    made.state.held = Held()
    made.state.journal = journal
    return made


@asynccontextmanager
async def _lifespan(
    app: Starlette, config: Config, cache: CacheFolder | None
) -> AsyncIterator[None]:
    """Open the store, start the workers; at the end finish what is begun."""
    service: Service = app.state.service
    journal: Journal = app.state.journal
    loop = asyncio.get_running_loop()
    writing, working, reading = (ThreadPoolExecutor(1) for _ in range(3))
    stores = [
        await loop.run_in_executor(thread, Store.open, service.store)
        for thread in (writing, working, reading)
    ]
    decisions = Decisions(config, journal)
    pool = Pool(service.workers, cache, service.config)
    await pool.start()
    stored = asyncio.Event()
    app.state.project = decisions.current
    app.state.pool = pool
    app.state.intake = Intake(stores[0], writing, stored)
    app.state.read = _Reader(stores[2], reading)
    jobs = Jobs(
        stores[1],
        working,
        pool,
        {one.name: one for one in service.endpoints},
        decisions.current,
        journal,
        stored,
        f"{socket.gethostname()}-{os.getpid()}",
    )
    jobs.start(max(1, service.workers - 1))
    rechecks = Rechecks(
        app.state.read,
        pool,
        {one.name: one for one in service.endpoints},
        decisions.current,
        journal,
    )
    catching_up = asyncio.create_task(rechecks.keep_up())
    if service.pages is not None:
        app.state.pages = pages.Pages(
            service.pages, app.state.read, pool, rechecks, journal, service.deadline_seconds
        )
    upkeep = asyncio.create_task(_keep_up(app.state.read, service))
    errands = Errands(app.state.read, app.state.intake, service, journal)
    errands.start()
    journal.write("started", endpoints=len(service.endpoints), workers=service.workers)
    try:
        yield
    finally:
        upkeep.cancel()
        catching_up.cancel()
        await errands.stop()
        await app.state.intake.close()
        await jobs.stop()
        pool.close()
        for store, thread in zip(stores, (writing, working, reading), strict=True):
            await loop.run_in_executor(thread, store.close)
            thread.shutdown()
        journal.write("stopped")


class _Reader:
    """Asks the store on the one thread where its connection lives."""

    def __init__(self, store: Store, thread: ThreadPoolExecutor) -> None:
        self._store = store
        self._thread = thread

    async def __call__(self, ask: Callable[[Store], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, ask, self._store)


async def _keep_up(read: _Reader, service: Service) -> None:
    """Delete what is older than it is to be kept, now and then."""
    keep = service.retention
    while True:
        await asyncio.sleep(_PURGE_EVERY_SECONDS)
        try:
            await read(lambda store: store.purge(time.time(), keep.days, keep.versions))
        except StoreError:
            continue  # the store is in trouble, which others tell; there is time


async def _status(request: Request) -> Response:
    """What is known of one document, for a side panel of the CMS."""
    service: Service = request.app.state.service
    check_token(request, service.check_tokens)
    endpoint, external_id = request.path_params["endpoint"], request.path_params["external_id"]
    locale = request.query_params.get("locale", "")
    try:
        row: DocumentRow | None = await request.app.state.read(
            lambda store: store.status(external_id, endpoint, locale)
        )
    except StoreError as error:
        raise busy(f"the store cannot be read now ({error.kind})") from None
    if row is None:
        raise Problem(404, "no such document was delivered")
    config = next((one.config for one in service.endpoints if one.name == endpoint), service.config)
    counts = (row.errors or 0, row.warnings or 0, row.notes or 0)
    return JSONResponse(
        {
            "endpoint": row.endpoint, "id": row.external_id, "locale": row.locale,
            "title": row.title, "state": row.state, "verdict": row.verdict,
            "previous_verdict": row.previous_verdict, "errors": row.errors,
            "warnings": row.warnings, "notes": row.notes, "suppressed": row.suppressed,
            "fails": None if row.verdict is None else fails(config.fail_on, *counts),
            "is_latest": row.reviewed_version_id == row.latest_version_id,
        }
    )  # fmt: skip


async def _openapi(request: Request) -> Response:
    return JSONResponse(description(request.app.state.service))


async def _healthz(request: Request) -> Response:
    return JSONResponse({"ok": True})


async def _readyz(request: Request) -> Response:
    """Whether a delivery could be stored and checked now."""
    try:
        await request.app.state.read(lambda store: store.check_ready())
    except StoreError as error:
        raise busy(f"the store cannot be used now ({error.kind})") from None
    return JSONResponse({"ok": True})


async def _metrics(request: Request) -> Response:
    try:
        counts = await request.app.state.read(lambda store: store.counts())
        errands = await request.app.state.read(lambda store: store.errands())
    except StoreError as error:
        raise busy(f"the store cannot be read now ({error.kind})") from None
    text = rendered(
        counts, errands, request.app.state.journal.counts, request.app.state.pool.idle, time.time()
    )
    return PlainTextResponse(text, media_type="text/plain; version=0.0.4")


async def _problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    return answer(problem)


async def _http_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return answer(Problem(error.status_code, error.detail, error.headers))


async def _failure(request: Request, error: Exception) -> Response:
    """A fault of our own: the sender comes again, the log says what it was without its content."""
    request.app.state.journal.write("failure", reason=type(error).__name__)
    return answer(Problem(500, "the service failed over this request"))
