"""What an endpoint may fetch and whom it tells, made ready from the configuration; all mistakes at once."""

from __future__ import annotations

from claimlint.config.serve import EndpointPart, FetchPart, NotifyPart
from claimlint.service.fetch import Fetching
from claimlint.service.fetch_kinds import INTERFACES, STORYBLOK_MANAGEMENT
from claimlint.service.maker import Maker
from claimlint.service.notify import Notifying
from claimlint.service.outgoing_guard import Allowed, OutgoingError, destination_of, listed
from claimlint.service.signatures import secret_fault, standard_key

_EXAMPLES = {
    "wordpress": "https://clinic.example/wp-json/wp/v2",
    "wordpress-com": "https://public-api.wordpress.com/wp/v2/sites/clinic.example",
}


def prepared_fetch(made: Maker, part: EndpointPart) -> Fetching | None:
    """Make fetching ready; None when it is off, or not as it should be."""
    if part.fetch is None:
        return None
    owner = f"endpoint {part.name}: fetch"
    interface = INTERFACES.get(part.cms)
    if interface is None:
        known = ", ".join(sorted(INTERFACES))
        made.fault(f"{owner}: texts are fetched from {known}; {part.cms} sends its texts")
        return None
    given = part.fetch
    url = given.url or (STORYBLOK_MANAGEMENT if given.space else interface.url) or ""
    if part.cms == "prismic" and given.url:
        made.fault(f"{owner}: prismic says its address in each delivery; name its host in hosts")
    elif part.cms == "prismic" and not given.hosts:
        made.fault(f"{owner}: say in hosts which repository may be asked, as clinic.cdn.prismic.io")
    elif part.cms != "prismic" and not url:
        made.fault(f"{owner}: say in url where to ask, as {_EXAMPLES[part.cms]}")
    _check_words(made, part, owner)
    token = made.secret(given.token, owner) if given.token is not None else ""
    if not token.isascii() or not token.isprintable():
        made.fault(f"{owner}: the token is not visible ASCII")
    if given.token is None and part.cms != "prismic":
        made.fault(f"{owner}: {part.cms} shows drafts for a token only: say where it is kept")
    allowed = _allowed(made, given, url, owner)
    return Fetching(
        cms=part.cms,
        url=url.rstrip("/"),
        token=token,
        allowed=allowed,
        version=given.version,
        id=given.id,
        user=given.user,
        space=given.space,
        types=given.types,
    )


def _check_words(made: Maker, part: EndpointPart, owner: str) -> None:
    """Refuse what has no meaning for the CMS."""
    given = part.fetch
    assert given is not None
    if given.user is not None and part.cms not in ("wordpress", "wordpress-com"):
        made.fault(f"{owner}: user belongs to an application password of WordPress")
    if given.space is not None and part.cms != "storyblok":
        made.fault(f"{owner}: space belongs to Storyblok")
    if given.id is not None and part.cms == "prismic":
        made.fault(f"{owner}: prismic names its documents itself, so id has no meaning")
    if (
        part.cms == "wordpress-com"
        and part.fields
        and all(field.path.startswith("post_") for field in part.fields)
    ):
        made.fault(f"{owner}: fields are paths of what is fetched, as content.raw")


def _allowed(made: Maker, given: FetchPart, url: str, owner: str) -> Allowed:
    """The hosts that are named, else that of the address."""
    found: set[tuple[str, int]] = set()
    for entry in given.hosts:
        try:
            found.update(listed(entry))
        except ValueError as error:
            made.fault(f"{owner}: {error}")
    if url and not given.hosts:
        found.update(_own(url))
    allowed = Allowed(frozenset(found), given.allow_private)
    if url:
        _check_url(made, url, allowed, owner)
    return allowed


def _own(url: str) -> tuple[tuple[str, int], ...]:
    """The host and port of an address; none when it has none."""
    scheme, _, rest = url.partition("://")
    host = rest.partition("/")[0].partition("?")[0]
    try:
        found = listed(host)
    except ValueError:
        return ()
    return tuple(one for one in found if len(found) == 1 or one[1] == (80, 443)[scheme == "https"])


def _check_url(made: Maker, url: str, allowed: Allowed, owner: str) -> None:
    try:
        destination_of(url, allowed)
    except OutgoingError as error:
        made.fault(f"{owner}: {error}")


def prepared_notify(made: Maker, part: EndpointPart) -> tuple[Notifying, ...]:
    """Make the messages ready."""
    names: set[str] = set()
    found = []
    for given in part.notify:
        name = given.name or given.kind
        owner = f"endpoint {part.name}: notify {name}"
        if name in names:
            made.fault(f"{owner}: two have this name; give each its own in name")
        names.add(name)
        found.append(_notifying(made, given, name, owner))
    return tuple(found)


def _notifying(made: Maker, given: NotifyPart, name: str, owner: str) -> Notifying:
    url = given.url or ""
    if (given.url is None) == (given.url_secret is None):
        made.fault(f"{owner}: its address is either in url or, when it is a secret, in url_secret")
    elif given.url_secret is not None:
        url = made.secret(given.url_secret, f"{owner}: url_secret")
    key = b""
    if given.kind == "slack":
        if given.secret is not None:
            made.fault(f"{owner}: Slack's messages are not signed, so secret has no meaning")
    elif given.secret is None:
        made.fault(f"{owner}: say in secret where the key is kept that signs (whsec_…)")
    elif secret := made.secret(given.secret, owner):
        if (wrong := secret_fault("standard", secret)) is not None:
            made.fault(f"{owner}: {wrong}")
        else:
            key = standard_key(secret) or b""
    allowed = Allowed(frozenset(_own(url)), given.allow_private)
    if url:
        _check_url(made, url, allowed, owner)
    return Notifying(name, given.kind, url, key, given.on, allowed)
