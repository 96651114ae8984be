"""The `serve` section of the configuration: where the service listens and which CMSs it hears."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from claimlint.model.document import Format
from claimlint.model.rule import Name, Text

Cms = Literal[
    "standard", "contentful", "sanity", "ghost", "webflow", "storyblok", "prismic", "hubspot",
    "strapi", "directus", "payload", "wordpress", "wordpress-com",
]  # fmt: skip
Scheme = Literal[
    "standard", "contentful", "sanity", "ghost", "ghost-legacy", "webflow", "hubspot-v3",
    "storyblok", "header", "body-secret", "url-secret",
]  # fmt: skip
UrlPath = Annotated[
    str,
    Meta(pattern=r"^/[A-Za-z0-9/_-]*$", description="a path of plain letters, as /hooks/blog"),
]
# Where a secret might be written by mistake, what stands there is in no message.
_UNSHOWN = Meta(extra={"unshown": True})
ENVIRONMENT_NAME = "^[A-Za-z_][A-Za-z0-9_]*$"
EnvironmentName = Annotated[
    str,
    Meta(
        extra_json_schema={
            "pattern": ENVIRONMENT_NAME,
            "description": "the name of an environment variable",
        }
    ),
]
FieldPath = Annotated[
    str,
    Meta(
        pattern=r"^[^.\s\[\]]+(\[\d+\])*(\.[^.\s\[\]]+(\[\d+\])*)*$",
        description="a path of keys such as entry.title or blocks[0].text",
    ),
]
Listen = Annotated[
    str, Meta(pattern=r"^[^\s:]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$", description="HOST:PORT")
]
PersonName = Annotated[
    str,
    Meta(
        pattern=r"^[^\s\x00-\x1f\x7f](.{0,98}[^\s\x00-\x1f\x7f])?$",
        description="a name of at most 100 characters without spaces around it",
    ),
]
HttpUrl = Annotated[
    str,
    Meta(pattern=r"^https?://[!-~]+$", description="an address of http or https without spaces"),
]
UserName = Annotated[
    str, Meta(pattern=r"^[!-9;-~]{1,100}$", description="a user's name without a colon and spaces")
]
DEFAULT_LISTEN = "127.0.0.1:8020"
DEFAULT_STORE = "claimlint.sqlite3"


class Secret(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a secret is kept, never the secret: an environment variable or a file."""

    env: EnvironmentName | None = None
    file: Text | None = None


SecretPlace = Annotated[Secret, _UNSHOWN]
OptionalSecret = Annotated[Secret | None, _UNSHOWN]
Secrets = Annotated[tuple[SecretPlace, ...], _UNSHOWN]


class FieldPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text of a payload: what to call it, where it stands, and in which form."""

    name: Name
    path: FieldPath
    format: Format = "text"


class FetchPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to fetch the texts of a CMS that does not send them.

    `url` is the root of its interface where that is not the vendor's, `hosts` which hosts may be asked
    (HOST or HOST:PORT), `allow_private` also those on one's own network. `id` is where a delivery of
    yours names its document. `user` belongs to an application password of WordPress, `space` to the
    management interface of Storyblok, `types` are WordPress's collections.
    """

    token: OptionalSecret = None
    url: HttpUrl | None = None
    hosts: tuple[Text, ...] = ()
    allow_private: bool = False
    version: Literal["draft", "published"] = "draft"
    id: FieldPath | None = None
    user: UserName | None = None
    space: Annotated[str, Meta(pattern=r"^[0-9]{1,20}$", description="digits")] | None = None
    types: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=5)] = ("posts", "pages")


class NotifyPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom to tell of a review: an address, or where a secret one is kept; `secret` signs the message."""

    name: Name | None = None
    kind: Literal["standard", "slack"] = "standard"
    url: HttpUrl | None = None
    url_secret: OptionalSecret = None
    secret: OptionalSecret = None
    on: Annotated[tuple[Literal["block", "review", "pass", "change"], ...], Meta(min_length=1)] = (
        "block",
        "review",
        "pass",
    )
    allow_private: bool = False


class EndpointPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One CMS that sends here.

    `secrets` are the present one and, while it is exchanged, the former one. `header` is the name of the
    header of the scheme "header". The paths `id`, `revision`, `updated`, `locale` and `url` say where a
    payload has them, where that is not known of the CMS.
    """

    name: Name
    cms: Cms
    path: UrlPath | None = None
    scheme: Scheme | None = None
    secrets: Secrets = ()
    header: Text = "authorization"
    tolerance_seconds: Annotated[int, Meta(ge=1, le=86400)] = 300
    fields: tuple[FieldPart, ...] = ()
    id: FieldPath | None = None
    revision: FieldPath | None = None
    updated: FieldPath | None = None
    locale: FieldPath | None = None
    url: FieldPath | None = None
    market: tuple[Name, ...] | Text | None = None
    packs: tuple[Text, ...] | Text | None = None
    fail_on: Literal["error", "warning", "note", "never"] | None = None
    fetch: FetchPart | None = None
    notify: tuple[NotifyPart, ...] = ()


class Retention(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long the store keeps what is done: days, and versions of a document beside the latest."""

    days: Annotated[int, Meta(ge=1, le=36500)] = 365
    versions: Annotated[int, Meta(ge=1, le=10000)] = 50


class ReviewerPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person who may sign in to the pages; of the token only its digest stands here."""

    name: PersonName
    token_sha256: Annotated[
        str,
        Meta(
            pattern=r"^[0-9a-f]{64}$", description="the SHA-256 of the token: 64 hexadecimal digits"
        ),
    ]


class ProxyPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A reverse proxy that says in a header who is signed in, and the addresses that it comes from."""

    header: Annotated[
        str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9-]*$", description="the name of a header")
    ] = "X-Remote-User"
    addresses: Annotated[tuple[Text, ...], Meta(min_length=1)]


class ServePart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole section. Sizes are bytes, times seconds."""

    listen: Listen = DEFAULT_LISTEN
    public_url: Annotated[str, Meta(pattern=r"^https?://[^\s?#]+$")] | None = None
    store: Text = DEFAULT_STORE
    workers: Annotated[int, Meta(ge=1, le=64)] = 2
    body_limit_bytes: Annotated[int, Meta(ge=1024, le=64 << 20)] = 2 << 20
    deadline_seconds: Annotated[float, Meta(ge=0.1, le=60)] = 5.0
    check_tokens: Secrets = ()
    reviewers: tuple[ReviewerPart, ...] = ()
    proxy: ProxyPart | None = None
    session_key: OptionalSecret = None
    audit_log: Text | None = None
    audit_key: OptionalSecret = None
    endpoints: tuple[EndpointPart, ...] = ()
    retention: Retention = Retention()
