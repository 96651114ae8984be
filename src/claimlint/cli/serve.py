"""`claimlint serve`: check content of a CMS on its way to publication."""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from typing import TYPE_CHECKING

import click

from claimlint.cli.options import RuleFlags, rule_options
from claimlint.errors import UsageError

if TYPE_CHECKING:
    import socket

    from claimlint.config import Config
    from claimlint.config.serve import ServePart
    from claimlint.service.settings import Service

_MISSING = 'the service needs its extra: pip install "claimlint-health[serve]"'
_DAY_SECONDS = 86_400
_BACKLOG = 2048
_DEAD_SHOWN = 200
_ERRAND = "f"  # before the number of a text to fetch or a message to send


@click.group(invoke_without_command=True)
@click.option("--check-config", is_flag=True, help="Check the configuration, show it, and end.")
@rule_options
@click.pass_context
def serve(context: click.Context, check_config: bool, rule_flags: RuleFlags) -> int:
    """Hear CMSs and answer publish gates, as the section serve of the configuration says."""
    from claimlint.cli.output import emit
    from claimlint.cli.settings import cache_folder
    from claimlint.service.settings import prove

    if context.invoked_subcommand is not None:
        context.obj = rule_flags
        return 0
    config, service = _prepared(rule_flags)
    cache = cache_folder(rule_flags.no_cache)
    prove(config, service, cache)
    if check_config:
        emit(_shown(service))
        return 0
    try:
        from claimlint.service.journal import Journal
        from claimlint.service.web import application
        from claimlint.service.wire import listen
    except ImportError as error:
        raise UsageError(_MISSING) from error
    _check_store(service)
    listener = _listener(service)
    journal = Journal()
    app = application(service, config, cache, journal)
    return 0 if listen(app, listener, service.body_limit_bytes, journal) else 2


@serve.group()
def events() -> None:
    """Deliveries whose check was given up."""


@events.command("list")
@click.pass_obj
def list_events(rule_flags: RuleFlags) -> int:
    """List them, the latest first."""
    from claimlint.cli.output import emit
    from claimlint.reporters.visible import one_line
    from claimlint.service.store import Store

    with Store.open(_store_path(rule_flags)) as store:
        dead, errands = store.dead(_DEAD_SHOWN), store.dead_errands(_DEAD_SHOWN)
    lines = [
        f"{one.id} {one.endpoint}:{one.external_id} after {one.attempts} attempts: {one.error}"
        for one in dead
    ]
    lines += [
        f"{_ERRAND}{one.id} {one.endpoint}: {one.kind} {one.target} after {one.attempts} attempts: "
        f"{one.error}"
        for one in errands
    ]
    emit("".join(f"{one_line(line)}\n" for line in lines) or "No delivery was given up.\n")
    return 0


@events.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.pass_obj
def retry(rule_flags: RuleFlags, ids: tuple[str, ...]) -> int:
    """Check, fetch or send them again: those named, or all."""
    from claimlint.cli.output import emit
    from claimlint.reporters.wording import counted
    from claimlint.service.store import Store

    for one in ids:
        if not re.fullmatch(f"{_ERRAND}?[0-9]{{1,18}}", one):
            raise UsageError(f"{one} is no number of the list, as 12 or {_ERRAND}3")
    checks = [int(one) for one in ids if not one.startswith(_ERRAND)]
    errands = [int(one[1:]) for one in ids if one.startswith(_ERRAND)]
    with Store.open(_store_path(rule_flags)) as store:
        number = store.retry(checks if ids else None, time.time())
        number += store.retry_errands(errands if ids else None, time.time())
    emit(f"Queued {counted(number, 'delivery', 'deliveries')} again.\n")
    return 0


@serve.command()
@click.argument("endpoint")
@click.option("--folder", metavar="DIR", help="A payload of the CMS in each file of this folder.")
@click.option("--fetch", is_flag=True, help="Ask the CMS itself, as the endpoint's fetch says.")
@click.option(
    "--days", type=click.IntRange(1, 3650), default=7, show_default=True, metavar="NUMBER",
    help="How far back to ask.",
)  # fmt: skip
@click.pass_obj
def reconcile(
    rule_flags: RuleFlags, endpoint: str, folder: str | None, fetch: bool, days: int
) -> int:
    """Take in what ENDPOINT's CMS did not send, or what was lost on the way; only new versions count."""
    from claimlint.cli.output import emit
    from claimlint.reporters.visible import one_line
    from claimlint.service.outgoing import Client
    from claimlint.service.reconcile import from_cms, from_folder
    from claimlint.service.store import Store

    if fetch == (folder is not None):
        raise UsageError("say either --folder DIR or --fetch")
    _, service = _prepared(rule_flags)
    chosen = next((one for one in service.endpoints if one.name == endpoint), None)
    if chosen is None:
        known = ", ".join(one.name for one in service.endpoints) or "none"
        raise UsageError(f"there is no endpoint {endpoint}; configured: {known}")
    counts: Counter[str] = Counter()
    now = time.time()
    with Store.open(service.store) as store:
        if folder is not None:
            outcomes = from_folder(store, chosen, folder, service.body_limit_bytes, now)
        else:
            since = time.strftime("%Y-%m-%d", time.gmtime(now - days * _DAY_SECONDS))
            outcomes = from_cms(store, chosen, since, Client(), now)
        for one in outcomes:
            counts[one.kind] += 1
            if one.kind != "known":
                emit(one_line(": ".join(filter(None, (one.kind, one.name, one.reason)))) + "\n")
    told = ", ".join(f"{number} {kind}" for kind, number in sorted(counts.items()))
    emit(f"{told or 'nothing found'}. The service checks what is new when it runs.\n")
    return 3 if counts["not readable"] else 0


def _section(flags: RuleFlags) -> tuple[Config, ServePart]:
    """The configuration and its section; raises DefinitionError and UsageError."""
    from claimlint.cli.settings import configured
    from claimlint.config import load_serve

    config = configured(flags)
    part = load_serve(config)
    if part is None:
        raise UsageError(
            "there is nothing to serve: write a section serve with endpoints or check_tokens into "
            "claimlint.yaml (docs/service.md)"
        )
    return config, part


def _prepared(flags: RuleFlags) -> tuple[Config, Service]:
    """The configuration and its service; raises DefinitionError and UsageError."""
    from claimlint.service.settings import prepared

    config, part = _section(flags)
    return config, prepared(config, part, os.environ)


def _store_path(flags: RuleFlags) -> str:
    """Where the store is, without the secrets that this needs nothing of; raises UsageError without one."""
    from claimlint.service.settings import store_path

    path = store_path(*_section(flags))
    if not os.path.exists(path):  # noqa: PTH110  (opening would make it)
        raise UsageError(f"there is no store {path}: nothing was delivered yet")
    return path


def _check_store(service: Service) -> None:
    """Make the store if it is not there and read all of it; raises StoreError."""
    from claimlint.service.store import Store

    with Store.open(service.store) as store:
        store.check()


def _listener(service: Service) -> socket.socket:
    """The socket to listen on; raises UsageError."""
    import socket

    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            service.host,
            service.port,
            type=socket.SOCK_STREAM,
            proto=socket.IPPROTO_TCP,
            flags=socket.AI_PASSIVE,
        )[0]
        # With its protocol, by which asyncio knows that it may send small answers without delay.
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
        return listener
    except OSError as error:
        raise UsageError(
            f"cannot listen on {service.host}:{service.port}: {error.strerror or error}; "
            "stop what listens there or change serve.listen"
        ) from error


def _shown(service: Service) -> str:
    """The endpoints as they will be, without any secret."""
    lines = [f"listens on {service.host}:{service.port}, store {service.store}"]
    if (pages := service.pages) is not None:
        known = [f"{len(pages.reviewers)} reviewers"] if pages.reviewers else []
        known += [f"whom a proxy names in {pages.proxy.header}"] if pages.proxy is not None else []
        lines.append(
            f"GET /documents  {' and '.join(known)}, audit log {pages.audit_log or 'none'}"
        )
    tokens = len(service.check_tokens)
    lines.append(
        f"POST /check  {f'{tokens} tokens' if tokens else 'open to everybody who reaches it'}"
    )
    for one in service.endpoints:
        secrets = {0: "no secret", 1: "1 secret"}.get(
            len(one.secrets), f"{len(one.secrets)} secrets"
        )
        markets = ", ".join(one.config.markets)
        lines.append(
            f"POST {one.path}  {one.name}: {one.part.cms}, {one.scheme}, {secrets}, {markets}"
        )
        if one.fetch is not None:
            hosts = sorted({host for host, _ in one.fetch.allowed.hosts})
            private = ", private addresses allowed" if one.fetch.allowed.allow_private else ""
            lines.append(f"    fetches texts from {', '.join(hosts)}{private}")
        lines += [f"    tells {each.name} of {', '.join(each.on)}" for each in one.notify]
    return "\n".join(lines) + "\n"
