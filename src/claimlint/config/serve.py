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
EnvironmentName = Annotated[
    str,
    Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", description="the name of an environment variable"),
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
DEFAULT_LISTEN = "127.0.0.1:8020"
DEFAULT_STORE = "claimlint.sqlite3"


class Secret(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a secret is kept, never the secret: an environment variable or a file."""

    env: EnvironmentName | None = None
    file: Text | None = None


class FieldPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text of a payload: what to call it, where it stands, and in which form."""

    name: Name
    path: FieldPath
    format: Format = "text"


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
    secrets: tuple[Secret, ...] = ()
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


class Retention(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long the store keeps what is done: days, and versions of a document beside the latest."""

    days: Annotated[int, Meta(ge=1, le=36500)] = 365
    versions: Annotated[int, Meta(ge=1, le=10000)] = 50


class ServePart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole section. Sizes are bytes, times seconds."""

    listen: Listen = DEFAULT_LISTEN
    public_url: Annotated[str, Meta(pattern=r"^https?://[^\s?#]+$")] | None = None
    store: Text = DEFAULT_STORE
    workers: Annotated[int, Meta(ge=1, le=64)] = 2
    body_limit_bytes: Annotated[int, Meta(ge=1024, le=64 << 20)] = 2 << 20
    deadline_seconds: Annotated[float, Meta(ge=0.1, le=60)] = 5.0
    check_tokens: tuple[Secret, ...] = ()
    endpoints: tuple[EndpointPart, ...] = ()
    retention: Retention = Retention()
