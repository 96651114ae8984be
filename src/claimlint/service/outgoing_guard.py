"""Which addresses the service may ask: only named hosts, and no private address behind a public name."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from claimlint.errors import ClaimlintError

Resolve = Callable[[str, int], Sequence[str]]

_URL = re.compile(r"[!-~]{1,8000}")
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:.]{{2,45}}\]")
_LISTED = re.compile(rf"({_HOST.pattern})(?::([0-9]{{1,5}}))?")
_PORTS = {"http": 80, "https": 443}
# The public part of version 6, without what carries an address of version 4 or is for documents.
_GLOBAL_6 = IPv6Network("2000::/3")
_NOT_GLOBAL_6 = (
    IPv6Network("2001::/23"),
    IPv6Network("2001:db8::/32"),
    IPv6Network("2002::/16"),
    IPv6Network("3fff::/20"),
)
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an address of version 4
# Older versions of Python count some of these as global.
_NOT_GLOBAL_4 = (
    IPv4Network("100.64.0.0/10"),
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
    IPv4Network("198.18.0.0/15"),
)


class OutgoingError(ClaimlintError):
    """A request that was not made or brought nothing; one sentence without secrets and addresses' queries.

    `is_final`: another try would end the same way. `after_seconds`: the other side asked for that pause.
    """

    def __init__(
        self, message: str, *, is_final: bool = False, after_seconds: float = 0.0, status: int = 0
    ) -> None:
        super().__init__(message)
        self.message = message
        self.is_final = is_final
        self.after_seconds = after_seconds
        self.status = status


class Allowed(NamedTuple):
    """The hosts that may be asked, each with its port; `allow_private`: of one's own network, too."""

    hosts: frozenset[tuple[str, int]]
    allow_private: bool = False


class Destination(NamedTuple):
    """An address that was taken apart and found to be listed; `path` has the query string."""

    scheme: Literal["http", "https"]
    host: str
    port: int
    path: str

    @property
    def shown(self) -> str:
        """The host as its header has it."""
        return self.host if self.port == _PORTS[self.scheme] else f"{self.host}:{self.port}"


def listed(entry: str) -> tuple[tuple[str, int], ...]:
    """What an entry of a list of hosts stands for: without a port the two usual ones. Raises ValueError."""
    found = _LISTED.fullmatch(entry)
    if found is None:
        raise ValueError(f"{entry!r} is no host, as api.example.com or localhost:8055")
    host, port = found.group(1).lower(), found.group(2)
    if port is None:
        return tuple((host, one) for one in _PORTS.values())
    if not 0 < int(port) < 65536:
        raise ValueError(f"{port} is no port")
    return ((host, int(port)),)


def destination_of(url: str, allowed: Allowed) -> Destination:
    """Take an address apart and compare it with the list; raises OutgoingError."""
    if not _URL.fullmatch(url) or "\\" in url:
        raise _refused("an address holds characters that do not belong there")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refused("an address is malformed") from None
    if parts.scheme not in ("http", "https"):
        raise _refused("only addresses of http and https are asked")
    if "@" in parts.netloc or parts.fragment:
        raise _refused("an address holds a name, a password or a fragment")
    netloc = parts.netloc if port is None else parts.netloc.rpartition(":")[0]
    host = netloc.lower()
    if not _HOST.fullmatch(host):
        raise _refused("an address names no proper host")
    port = _PORTS[parts.scheme] if port is None else port
    if (host, port) not in allowed.hosts:
        raise _refused(f"{host}:{port} is not among the hosts that this endpoint may ask")
    if parts.scheme == "http" and not allowed.allow_private:
        raise _refused(f"{host} would be asked without encryption, which needs allow_private")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    scheme: Literal["http", "https"] = "https" if parts.scheme == "https" else "http"
    return Destination(scheme, host, port, path)


def checked_addresses(
    destination: Destination, resolve: Resolve, *, allow_private: bool
) -> tuple[str, ...]:
    """The addresses of a host, every one found to be allowed; raises OutgoingError.

    One that is not refuses them all: a name that is public and private at once is an attempt.
    """
    host = destination.host.strip("[]")
    try:
        found = tuple(dict.fromkeys(resolve(host, destination.port)))
    except (OSError, UnicodeError):
        raise OutgoingError(f"the name {host} cannot be resolved") from None
    if not found:
        raise OutgoingError(f"the name {host} has no address")
    for address in found:
        if not _may_be_asked(address, allow_private=allow_private):
            raise _refused(f"{host} has an address that is not public, which is not asked")
    return found


def resolved(host: str, port: int) -> tuple[str, ...]:
    """The addresses of a host, by the system; raises OSError."""
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(str(row[4][0]) for row in rows)


def is_public(address: str) -> bool:
    """Whether an address belongs to the public network; what is no address does not."""
    found = _parsed(address)
    if isinstance(found, IPv4Address):
        return (
            found.is_global
            and not (found.is_multicast or found.is_reserved)
            and not any(found in network for network in _NOT_GLOBAL_4)
        )
    return (
        found is not None
        and found in _GLOBAL_6
        and not any(found in network for network in _NOT_GLOBAL_6)
    )


def _may_be_asked(address: str, *, allow_private: bool) -> bool:
    if is_public(address):
        return True
    found = _parsed(address)
    # Not even on one's own network: link-local is where clouds keep the keys of their machines.
    return (
        allow_private
        and found is not None
        and not (found.is_multicast or found.is_unspecified or found.is_link_local)
        and not (found.is_reserved and not found.is_loopback)
    )


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    """An address; that of version 4 where one of version 6 only carries it."""
    try:
        found = ip_address(address)
    except ValueError:  # with a zone behind it, which only link-local ones have, too
        return None
    if isinstance(found, IPv6Address):
        if found.scope_id is not None:
            return None
        if found.ipv4_mapped is not None:
            return found.ipv4_mapped
        if found in _NAT64:
            return IPv4Address(int(found) & 0xFFFFFFFF)
    return found


def _refused(message: str) -> OutgoingError:
    return OutgoingError(message, is_final=True)
