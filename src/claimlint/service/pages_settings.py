"""Who may use the pages, made ready from the configuration; all mistakes at once."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import urlsplit

from claimlint import audit_file
from claimlint.config.serve import ProxyPart, ReviewerPart, Secret, ServePart
from claimlint.errors import UsageError
from claimlint.review.audit import NEEDS_KEY, checked_key
from claimlint.service.maker import Maker

Network = IPv4Network | IPv6Network
_KEY_LEAST_CHARACTERS = 32
_KEYED = "the log is keyed: say in audit_key where its key is kept"


class Proxy(NamedTuple):
    """The header in which a reverse proxy names the person (lower case), and where it comes from."""

    header: str
    networks: tuple[Network, ...]

    def covers(self, address: str) -> bool:
        """Whether a peer is the proxy."""
        found = parsed_address(address)
        return found is not None and any(
            found.version == network.version and found in network for network in self.networks
        )


class PagesSettings(NamedTuple):
    """How the pages are used; the keys never leave this process.

    `site` is the origin under which browsers know the service, empty when it is not configured, and
    `prefix` the path before its own. `approvers` is the policy: with it only these names let off.
    """

    reviewers: tuple[ReviewerPart, ...]
    proxy: Proxy | None
    session_key: bytes | None
    audit_log: str | None
    audit_key: bytes | None
    site: str
    prefix: str
    approvers: tuple[str, ...]
    heeded: bool

    @property
    def is_secure(self) -> bool:
        """Whether browsers come by https."""
        return self.site.startswith("https:")


def prepared_pages(
    made: Maker,
    part: ServePart,
    *,
    root: str,
    is_loopback: bool,
    approvers: tuple[str, ...],
    heeded: bool,
) -> PagesSettings | None:
    """Make the pages ready; None when nobody may use them, so that there are none."""
    url = urlsplit(part.public_url or "")
    _check_reviewers(made, part.reviewers)
    proxy = _proxy(made, part.proxy) if part.proxy is not None else None
    if not part.reviewers and proxy is None:
        for name in ("session_key", "audit_log", "audit_key"):
            if getattr(part, name) is not None:
                made.fault(f"{name} is for the pages, which need reviewers or proxy")
        return None
    if not is_loopback and url.scheme != "https":
        made.fault(
            "reviewers sign in over the network: say the https address of the service in public_url, or "
            "listen on loopback without any"
        )
    return PagesSettings(
        reviewers=part.reviewers,
        proxy=proxy,
        session_key=_session_key(made, part.session_key),
        audit_log=None if part.audit_log is None else os.path.join(root, part.audit_log),  # noqa: PTH118
        audit_key=_audit_key(made, part, root),
        site=f"{url.scheme}://{url.netloc}".lower() if url.netloc else "",
        prefix=url.path.rstrip("/"),
        approvers=approvers,
        heeded=heeded,
    )


def _check_reviewers(made: Maker, reviewers: Iterable[ReviewerPart]) -> None:
    names: set[str] = set()
    tokens: dict[str, str] = {}
    for one in reviewers:
        if one.name in names:
            made.fault(f"two reviewers are called {one.name}")
        elif one.token_sha256 in tokens:
            made.fault(f"the reviewers {tokens[one.token_sha256]} and {one.name} have one token")
        names.add(one.name)
        tokens.setdefault(one.token_sha256, one.name)


def _proxy(made: Maker, part: ProxyPart) -> Proxy:
    networks = []
    for address in part.addresses:
        try:
            network = ip_network(address)
        except ValueError:
            made.fault(f"proxy: {address} is no address or network, as 10.0.0.5 or 10.0.0.0/28")
            continue
        if network.prefixlen == 0:
            made.fault(f"proxy: {address} is every address, so anybody could say who they are")
        networks.append(network)
    return Proxy(part.header.lower(), tuple(networks))


def _session_key(made: Maker, where: Secret | None) -> bytes | None:
    if where is None:
        return None
    found = made.secret(where, "session_key")
    if found and len(found) < _KEY_LEAST_CHARACTERS:
        made.fault(f"session_key: the key is shorter than {_KEY_LEAST_CHARACTERS} characters")
    return found.encode()


def _audit_key(made: Maker, part: ServePart, root: str) -> bytes | None:
    """The audit log's key; the log is looked at, since a decision would find out too late."""
    key = None
    if part.audit_key is not None:
        if part.audit_log is None:
            made.fault("audit_key is for a log: say its file in audit_log")
        found = made.secret(part.audit_key, "audit_key")
        if not found:
            return None
        try:
            key = checked_key(found.encode())
        except UsageError as error:
            made.fault(f"audit_key: {error}")
            return None
    if part.audit_log is not None:
        _look_at_log(made, os.path.join(root, part.audit_log), part.audit_log, key)  # noqa: PTH118
    return key


def _look_at_log(made: Maker, path: str, shown: str, key: bytes | None) -> None:
    if not os.path.lexists(path):
        if not os.path.isdir(os.path.dirname(path) or "."):  # noqa: PTH112, PTH120
            made.fault(f"audit_log: the folder of {shown} does not exist")
        return
    try:
        audit_file.record_all(
            path, (), now=datetime.now(UTC), key=key
        )  # opens it and reads its end
    except UsageError as error:
        told = _KEYED if str(error) == NEEDS_KEY else str(error).replace(path, shown)
        made.fault(f"audit_log: {told}")


def parsed_address(text: str) -> IPv4Address | IPv6Address | None:
    """An address; that of version 4 where one of version 6 only carries it."""
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found
