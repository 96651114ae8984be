"""What is known of each CMS: how it signs, and where its payloads have what we need.

The facts were read from vendors' sources and documentation in November 2026; docs/service.md says which
of them are not confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from claimlint.config.serve import Cms, FieldPart, Scheme


class Kind(NamedTuple):
    """A CMS. Paths are those of its payload; the first that is there counts.

    `localised`: each field is a mapping of locales to values, and each locale a document of its own.
    `is_form`: the body is form-encoded. `is_thin`: the CMS's own events carry no text.
    """

    scheme: Scheme
    id: tuple[str, ...] = ()
    revision: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    locale: tuple[str, ...] = ()
    url: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    fields: tuple[FieldPart, ...] = ()
    localised: bool = False
    is_form: bool = False
    is_thin: bool = False


def _text(name: str, path: str) -> FieldPart:
    return FieldPart(name=name, path=path)


def _html(name: str, path: str) -> FieldPart:
    return FieldPart(name=name, path=path, format="html")


# What our own snippets send, and what a hook written by hand should send.
_OURS = Kind(
    scheme="standard",
    id=("data.id",),
    revision=("data.revision",),
    updated=("data.updated_at", "timestamp"),
    locale=("data.locale",),
    url=("data.url",),
    title=("data.title",),
    fields=(_text("title", "data.title"), _html("body", "data.content")),
)
_GHOST_FIELDS = tuple(
    field
    for root in ("post.current", "page.current")
    for field in (
        _text("title", f"{root}.title"),
        _text("meta_title", f"{root}.meta_title"),
        _text("description", f"{root}.meta_description"),
        _text("excerpt", f"{root}.custom_excerpt"),
        _html("body", f"{root}.html"),
    )
)

KINDS: Mapping[Cms, Kind] = MappingProxyType(
    {
        "standard": _OURS,
        "payload": _OURS,
        "directus": _OURS._replace(scheme="header"),
        "wordpress": Kind(
            scheme="standard",
            id=("data.post.id",),
            revision=("data.post.revision",),
            updated=("data.post.modified_gmt", "timestamp"),
            locale=("data.post.locale",),
            url=("data.post.url",),
            title=("data.post.title",),
            fields=(
                _text("title", "data.post.title"),
                _text("excerpt", "data.post.excerpt"),
                FieldPart(name="body", path="data.post.content_raw", format="wordpress"),
            ),
        ),
        "wordpress-com": Kind(
            scheme="url-secret",
            id=("ID",),
            updated=("post_modified_gmt", "post_modified"),
            url=("post_url",),
            title=("post_title",),
            fields=(
                _text("title", "post_title"),
                _text("excerpt", "post_excerpt"),
                FieldPart(name="body", path="post_content", format="wordpress"),
            ),
            is_form=True,
        ),
        "contentful": Kind(
            scheme="contentful",
            id=("sys.id",),
            revision=("sys.version", "sys.revision"),
            updated=("sys.updatedAt",),
            title=("fields.title", "fields.name"),
            localised=True,
        ),
        "sanity": Kind(
            scheme="sanity",
            id=("_id",),
            revision=("_rev",),
            updated=("_updatedAt",),
            locale=("language", "__i18n_lang"),
            title=("title",),
            fields=(
                _text("title", "title"),
                FieldPart(name="body", path="body", format="portable_text"),
            ),
        ),
        "ghost": Kind(
            scheme="ghost",
            id=("post.current.id", "page.current.id"),
            updated=("post.current.updated_at", "page.current.updated_at"),
            url=("post.current.url", "page.current.url"),
            title=("post.current.title", "page.current.title"),
            fields=_GHOST_FIELDS,
        ),
        "webflow": Kind(
            scheme="webflow",
            id=("payload.id",),
            updated=("payload.lastUpdated",),
            locale=("payload.cmsLocaleId",),
            title=("payload.fieldData.name",),
        ),
        "strapi": Kind(
            scheme="header",
            id=("entry.documentId", "entry.id"),
            updated=("entry.updatedAt",),
            locale=("entry.locale",),
            title=("entry.title", "entry.name"),
        ),
        "storyblok": Kind(scheme="storyblok", id=("story_id",), is_thin=True),
        "prismic": Kind(scheme="body-secret", is_thin=True),
        "hubspot": Kind(scheme="hubspot-v3", id=("objectId",), is_thin=True),
    }
)
