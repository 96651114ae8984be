"""The HTTP application: which request goes where, and what it starts and stops with."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial

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
from claimlint.service.decisions import Decisions
from claimlint.service.describe import description
from claimlint.service.errands import Errands
from claimlint.service.intake import Intake
from claimlint.service.jobs import Jobs
from claimlint.service.journal import Journal
from claimlint.service.metrics import rendered
from claimlint.service.pages_recheck import Rechecks
from claimlint.service.pool import Pool
from claimlint.service.problems import Problem, answer, busy
from claimlint.service.reading import Reader, Recent
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
    made.state.description = JSONResponse(description(service)).body
    return made


@asynccontextmanager
async def _lifespan(
    app: Starlette, config: Config, cache: CacheFolder | None
) -> AsyncIterator[None]:
    """Open the store, start the workers; at the end finish what is begun."""
    service: Service = app.state.service
    journal: Journal = app.state.journal
    loop = asyncio.get_running_loop()
    # Deliveries, what goes on by itself, what people ask and what machines watch: a connection and a
    # thread each, so that none waits for another.
    threads = [ThreadPoolExecutor(1) for _ in range(4)]
    stores = [await loop.run_in_executor(thread, Store.open, service.store) for thread in threads]
    writing, working, reading, watching = threads
    background, watch = Reader(stores[1], working), Reader(stores[3], watching)
    decisions = Decisions(config, journal)
    pool = Pool(service.workers, cache, service.config, journal)
    await pool.start()
    stored = asyncio.Event()
    app.state.project = decisions.current
    app.state.pool = pool
    app.state.intake = Intake(stores[0], writing, stored)
    app.state.read = Reader(stores[2], reading)
    app.state.ready = Recent(watch, Store.check_ready)
    app.state.counts = Recent(watch, lambda store: (store.counts(), store.errands()))
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
        background,
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
    is_over = threading.Event()
    upkeep = asyncio.create_task(_keep_up(service, journal, is_over))
    errands = Errands(background, app.state.intake, service, journal)
    errands.start()
    journal.write("started", endpoints=len(service.endpoints), workers=service.workers)
    try:
        yield
    finally:
        is_over.set()
        upkeep.cancel()
        catching_up.cancel()
        await errands.stop()
        await app.state.intake.close()
        await jobs.stop()
        pool.close()
        for store, thread in zip(stores, threads, strict=True):
            await loop.run_in_executor(thread, store.close)
            thread.shutdown()
        journal.write("stopped")


async def _keep_up(service: Service, journal: Journal, is_over: threading.Event) -> None:
    """Delete what is older than it is to be kept, now and then."""
    while True:
        await asyncio.sleep(_PURGE_EVERY_SECONDS)
        try:
            await asyncio.to_thread(_purge, service, is_over)
        except Exception as error:  # noqa: BLE001  (nothing may end this loop)
            journal.trouble(error)


def _purge(service: Service, is_over: threading.Event) -> None:
    keep = service.retention
    with Store.open(service.store) as store:
        store.purge(time.time(), keep.days, keep.versions, is_over.is_set)


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
    return Response(request.app.state.description, media_type="application/json")


async def _healthz(request: Request) -> Response:
    return JSONResponse({"ok": True})


async def _readyz(request: Request) -> Response:
    """Whether a delivery could be stored and checked now, or a moment ago."""
    try:
        await request.app.state.ready()
    except StoreError as error:
        raise busy(f"the store cannot be used now ({error.kind})") from None
    if request.app.state.pool.living == 0:
        raise busy("no worker process is there to check")
    return JSONResponse({"ok": True})


async def _metrics(request: Request) -> Response:
    try:
        counts, errands = await request.app.state.counts()
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
