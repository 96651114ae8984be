"""The `serve` section made ready: secrets read, paths resolved, rules chosen; all mistakes at once."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec

from claimlint.cache import CacheFolder
from claimlint.config import Config, apply_flags
from claimlint.config.serve import (
    ENVIRONMENT_NAME,
    EndpointPart,
    Retention,
    Scheme,
    Secret,
    ServePart,
)
from claimlint.errors import DefinitionError, Fault, Mark
from claimlint.service.fetch import Fetching
from claimlint.service.fetch_kinds import INTERFACES
from claimlint.service.kinds import KINDS
from claimlint.service.notify import Notifying
from claimlint.service.outgoing_settings import prepared_fetch, prepared_notify
from claimlint.service.pages_settings import PagesSettings, prepared_pages
from claimlint.service.signatures import secret_fault
from claimlint.service.store_errands import Telling

CHECK_PATH = "/check"
_RESERVED = (
    CHECK_PATH,
    "/healthz",
    "/readyz",
    "/metrics",
    "/openapi.json",
    "/documents",
    "/login",
    "/logout",
)
_SECRET_LIMIT_BYTES = 4096
_SHORTEST_TOKEN = 16
_TOKEN = re.compile(r"[!-~]*")


class Endpoint(NamedTuple):
    """An endpoint ready to hear; `secrets` never leave this process and are never logged."""

    part: EndpointPart
    path: str
    scheme: Scheme
    secrets: tuple[str, ...]
    config: Config
    public_url: str
    fetch: Fetching | None = None
    notify: tuple[Notifying, ...] = ()

    @property
    def tellings(self) -> tuple[Telling, ...]:
        """Whom the store has to queue messages for."""
        return tuple(one.telling for one in self.notify)

    @property
    def name(self) -> str:
        """The name in the configuration."""
        return self.part.name


class Service(NamedTuple):
    """The whole service: where it listens, what it hears, what it checks by."""

    host: str
    port: int
    store: str
    workers: int
    body_limit_bytes: int
    deadline_seconds: float
    check_tokens: tuple[str, ...]
    endpoints: tuple[Endpoint, ...]
    retention: Retention
    config: Config
    pages: PagesSettings | None = None


def prepared(config: Config, part: ServePart, environment: Mapping[str, str]) -> Service:
    """Make a configuration ready to serve; raises DefinitionError with all mistakes.

    Documents are known by what their CMS calls them, so paths are relative to nothing.
    """
    made = _Maker(config, environment)
    host, _, port = part.listen.rpartition(":")
    host = host.strip("[]")
    base = msgspec.structs.replace(config, root="", packs_root=config.packs_root or config.root)
    endpoints = tuple(made.endpoint(base, one, part) for one in part.endpoints)
    made.check_paths(endpoints)
    tokens = tuple(
        token for one in part.check_tokens if (token := made.secret(one, "check_tokens"))
    )
    if any(len(token) < _SHORTEST_TOKEN for token in tokens):
        made.fault(f"a token of check_tokens is shorter than {_SHORTEST_TOKEN} characters")
    if not all(map(_TOKEN.fullmatch, tokens)):
        made.fault("a token of check_tokens is not visible ASCII, as a header's value has to be")
    if not 0 < int(port) < 65536:
        made.fault(f"{port} is no port")
    # Where the world has an address of the service a proxy lets it in, to what listens on loopback.
    known_as = made.host_of(part.public_url) if part.public_url is not None else host
    elsewhere = [one for one in (host, known_as) if not _is_loopback(one)]
    if elsewhere:
        where = "listening on" if elsewhere[0] == host else "the public_url of"
        for one in part.endpoints:
            if not one.secrets:
                made.fault(
                    f"{where} {elsewhere[0]} needs a secret for every endpoint, and {one.name} has none"
                )
        if not part.check_tokens:
            made.fault(
                f"{where} {elsewhere[0]} needs check_tokens, since anybody could use {CHECK_PATH}"
            )
    pages = prepared_pages(
        made,
        part,
        root=config.root,
        is_loopback=not elsewhere,
        approvers=config.suppressions.approvers,
        heeded=config.suppressions.heeded,
    )
    made.check()
    return Service(
        host=host,
        port=int(port),
        store=store_path(config, part),
        workers=part.workers,
        body_limit_bytes=part.body_limit_bytes,
        deadline_seconds=part.deadline_seconds,
        check_tokens=tokens,
        endpoints=endpoints,
        retention=part.retention,
        config=base,
        pages=pages,
    )


def store_path(config: Config, part: ServePart) -> str:
    """Where the store is, relative to the configuration."""
    return os.path.join(config.root, part.store)  # noqa: PTH118


def prove(config: Config, service: Service, cache: CacheFolder | None) -> None:
    """Load the rules of every endpoint and the waivers; raises DefinitionError with all mistakes."""
    from claimlint.project import load_project
    from claimlint.workshop import Plan, Workshop

    faults: dict[Fault, None] = {}
    for each in dict.fromkeys((service.config, *(one.config for one in service.endpoints))):
        try:
            Workshop(Plan(each, cache)).prepare()
        except DefinitionError as error:
            faults.update(dict.fromkeys(error.faults))
    try:
        load_project(config, cache)
    except DefinitionError as error:
        faults.update(dict.fromkeys(error.faults))
    if faults:
        raise DefinitionError(tuple(faults))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_utf8(text: str) -> bool:
    """Whether a text of the environment was UTF-8; other bytes are surrogates in it (PEP 383)."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


class _Maker:
    """Resolves the parts and keeps what is wrong with them."""

    def __init__(self, config: Config, environment: Mapping[str, str]) -> None:
        self._config = config
        self._environment = environment
        self._faults: list[Fault] = []

    def fault(self, message: str) -> None:
        """Note a mistake."""
        self._faults.append(Fault(Mark(self._config.path or "claimlint.yaml"), f"serve: {message}"))

    def check(self) -> None:
        """Raise DefinitionError when there is any mistake."""
        if self._faults:
            raise DefinitionError(tuple(self._faults))

    def host_of(self, public_url: str) -> str:
        """The host of the service's address."""
        try:
            found = urlsplit(public_url).hostname
        except ValueError:
            found = None
        if found is None:
            self.fault("public_url names no host")
            self.check()  # everything else is made of it
        return found or ""

    def endpoint(self, base: Config, part: EndpointPart, whole: ServePart) -> Endpoint:
        """Make an endpoint ready."""
        kind = KINDS[part.cms]
        path = part.path or f"/hooks/{part.name}"
        if path in _RESERVED or any(path.startswith(f"{one}/") for one in _RESERVED):
            self.fault(f"endpoint {part.name}: the path {path} is the service's own")
        fetch = prepared_fetch(self, part)
        if fetch is not None:
            kind = INTERFACES[part.cms].fetched._replace(scheme=kind.scheme)
        if not (part.fields or kind.fields):
            what = (
                f"{part.cms} sends no text of its own, so the payload must be one of yours: "
                if kind.is_thin and part.fetch is None
                else ""
            )
            self.fault(f"endpoint {part.name}: {what}say in fields which texts to check")
        if not (part.id or kind.id):
            self.fault(
                f"endpoint {part.name}: say in id where a payload of {part.cms} names its document"
            )
        secrets = tuple(
            secret for one in part.secrets if (secret := self.secret(one, f"endpoint {part.name}"))
        )
        scheme = part.scheme or kind.scheme
        if scheme == "hubspot-v3" and whole.public_url is None:
            self.fault(
                f"endpoint {part.name}: {scheme} signs the address that the world knows: set public_url"
            )
        for secret in secrets:
            if (wrong := secret_fault(scheme, secret)) is not None:
                self.fault(f"endpoint {part.name}: {wrong}")
        market, packs = part.market, part.packs
        config = apply_flags(
            base,
            markets=(market,) if isinstance(market, str) else market,
            packs=(packs,) if isinstance(packs, str) else packs,
            fail_on=part.fail_on,
        )
        if packs is not None:
            config = msgspec.structs.replace(config, packs_root=base.packs_root)
        return Endpoint(
            part=part,
            path=path,
            scheme=scheme,
            secrets=secrets,
            config=config,
            public_url=(whole.public_url or "").rstrip("/") + path,
            fetch=fetch,
            notify=prepared_notify(self, part),
        )

    def check_paths(self, endpoints: Iterable[Endpoint]) -> None:
        """Refuse names and paths that two endpoints share."""
        names: set[str] = set()
        paths: set[str] = set()
        for one in endpoints:
            if one.name in names:
                self.fault(f"two endpoints are called {one.name}")
            if one.path in paths:
                self.fault(f"two endpoints have the path {one.path}")
            names.add(one.name)
            paths.add(one.path)

    def secret(self, where: Secret, owner: str) -> str:
        """Read a secret from where it is kept; its text is in no message."""
        if (where.env is None) == (where.file is None):
            self.fault(f"{owner}: a secret is kept either in env or in file")
            return ""
        if where.env is not None and not re.fullmatch(ENVIRONMENT_NAME, where.env):
            self.fault(f"{owner}: env does not hold the name of an environment variable")
            return ""
        if where.env is not None:
            found = self._environment.get(where.env, "")
            if not found.strip():
                self.fault(f"{owner}: the environment variable {where.env} is not set")
            elif not _is_utf8(found):
                self.fault(f"{owner}: the environment variable {where.env} holds no plain text")
                return ""
            return found.strip()
        assert where.file is not None
        path = os.path.join(self._config.root, where.file)  # noqa: PTH118
        try:
            with open(path, "rb") as stream:  # noqa: PTH123
                data = stream.read(_SECRET_LIMIT_BYTES + 1)
            found = data.decode("utf-8").strip()
        except OSError as error:
            self.fault(f"{owner}: {where.file} cannot be read: {error.strerror or 'system error'}")
            return ""
        except UnicodeDecodeError:
            self.fault(f"{owner}: {where.file} holds no plain text")
            return ""
        if not found or len(data) > _SECRET_LIMIT_BYTES:
            self.fault(f"{owner}: {where.file} holds no secret")
            return ""
        return found
