"""Documents whose events a CMS dropped: found in an export or by asking, and taken in like deliveries."""

# os.path throughout: see source.py.
# ruff: noqa: PTH118

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

from claimlint.errors import UsageError
from claimlint.service import payloads
from claimlint.service.fetch import Target, changed, fetched, made_of
from claimlint.service.fetch_kinds import INTERFACES
from claimlint.service.hooks import incoming_of, wanted_of
from claimlint.service.outgoing import Client
from claimlint.service.outgoing_guard import OutgoingError
from claimlint.service.payloads import Delivered, PayloadError
from claimlint.service.settings import Endpoint
from claimlint.service.store import Store


class Outcome(NamedTuple):
    """One line of the answer: what was looked at, and what became of it."""

    name: str
    kind: str  # new | known | late | to fetch | nothing to check | not readable
    reason: str = ""


def from_folder(
    store: Store, endpoint: Endpoint, folder: str, limit_bytes: int, now: float
) -> Iterator[Outcome]:
    """Take in a folder of payloads, one in each file, as the CMS would send them.

    Raises UsageError when the folder cannot be read, and StoreError.
    """
    try:
        names = sorted(
            entry.name
            for entry in os.scandir(folder)
            if entry.is_file() and not entry.name.startswith(".")
        )
    except OSError as error:
        reason = error.strerror or "system error"
        raise UsageError(f"the folder {folder} cannot be read: {reason}") from None
    for name in names:
        try:
            body = _read(os.path.join(folder, name), limit_bytes)
            if endpoint.fetch is not None:
                wanted = wanted_of(endpoint, body)
                store.want(wanted, now)
                yield Outcome(name, "to fetch" if wanted else "nothing to check")
                continue
            documents = payloads.delivered(endpoint.part, body)
        except PayloadError as error:
            yield Outcome(name, "not readable", str(error))
            continue
        yield from _taken(store, endpoint, documents, now, name)


def _read(path: str, limit_bytes: int) -> bytes:
    """The bytes of a file; raises PayloadError."""
    try:
        with open(path, "rb") as stream:  # noqa: PTH123
            body = stream.read(limit_bytes + 1)
    except OSError as error:
        raise PayloadError(error.strerror or "system error") from None
    if len(body) > limit_bytes:
        raise PayloadError(f"the file is larger than {limit_bytes:,} bytes")
    return body


def from_cms(
    store: Store, endpoint: Endpoint, since: str, client: Client, now: float
) -> Iterator[Outcome]:
    """Ask the CMS what has changed since a day (YYYY-MM-DD), and take that in.

    Raises UsageError when that is not possible, OutgoingError and PayloadError when the list cannot be
    had, and StoreError.
    """
    fetching = endpoint.fetch
    if fetching is None:
        raise UsageError(
            f"the endpoint {endpoint.name} has no fetch: configure it, or name a folder of payloads"
        )
    if not INTERFACES[fetching.cms].lists:
        raise UsageError(
            f"{fetching.cms} does not list what has changed: name a folder of payloads (--folder)"
        )
    for one in changed(client, fetching, since):
        name = one.id if isinstance(one, Target) else "a document"
        try:
            documents = (
                fetched(client, endpoint.part, fetching, one)
                if isinstance(one, Target)
                else made_of(endpoint.part, fetching, one)
            )
        except (OutgoingError, PayloadError) as error:
            yield Outcome(name, "not readable", str(error))
            continue
        yield from _taken(store, endpoint, documents, now, name)


def _taken(
    store: Store, endpoint: Endpoint, documents: tuple[Delivered, ...], now: float, name: str
) -> Iterator[Outcome]:
    """Take documents in; only versions that were not known are checked."""
    if not documents:
        yield Outcome(name, "nothing to check")
    for one in incoming_of(endpoint.name, documents):
        newest = store.newest_version()
        accepted = store.accept(one, now)
        shown = one.external_id + (f":{one.locale}" if one.locale else "")
        if accepted.version_id <= newest:  # also when its event has come by another way
            yield Outcome(shown, "known")
        else:
            yield Outcome(shown, "late" if accepted.outcome == "stale" else "new", one.title)
