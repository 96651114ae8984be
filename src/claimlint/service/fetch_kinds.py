"""What is known of the interfaces that texts are fetched from: where they are, and what they answer.

Read in vendors' documents or general knowledge, and not confirmed against live systems (docs/service.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from claimlint.config.serve import Cms, FieldPart, Scheme
from claimlint.service.kinds import Kind

_UNSIGNED: Scheme = "header"  # what was fetched needs no proof; the field of Kind is not used here


class Interface(NamedTuple):
    """How a CMS is asked. `url`: its root, None where each site has its own. `lists`: tells what changed.

    `names` are paths of the identifier in a delivery, and `fetched` where a fetched document has what.
    """

    url: str | None
    names: tuple[str, ...]
    fetched: Kind
    lists: bool = False


_WORDPRESS = Interface(
    url=None,
    names=("data.post.id", "post_id", "post.ID", "ID", "id"),
    fetched=Kind(
        scheme=_UNSIGNED,
        id=("id",),
        updated=("modified_gmt",),
        url=("link",),
        title=("title.raw", "title.rendered"),
        fields=(
            FieldPart(name="title", path="title.raw"),
            FieldPart(name="excerpt", path="excerpt.raw", format="html"),
            FieldPart(name="body", path="content.raw", format="wordpress"),
        ),
    ),
    lists=True,
)
INTERFACES: Mapping[Cms, Interface] = MappingProxyType(
    {
        "wordpress": _WORDPRESS,
        "wordpress-com": _WORDPRESS,
        "storyblok": Interface(
            url="https://api.storyblok.com",
            names=("story_id",),
            fetched=Kind(
                scheme=_UNSIGNED,
                id=("story.id",),
                updated=("story.updated_at", "story.published_at"),
                title=("story.name",),
            ),
            lists=True,
        ),
        "prismic": Interface(
            url=None,
            names=(),
            fetched=Kind(
                scheme=_UNSIGNED,
                id=("id",),
                updated=("last_publication_date",),
                locale=("lang",),
                url=("url",),
                title=("uid",),
            ),
        ),
        "hubspot": Interface(
            url="https://api.hubapi.com",
            names=("objectId",),
            fetched=Kind(
                scheme=_UNSIGNED,
                id=("id",),
                updated=("updated",),
                locale=("language",),
                url=("url",),
                title=("name", "htmlTitle"),
                fields=(
                    FieldPart(name="title", path="htmlTitle"),
                    FieldPart(name="description", path="metaDescription"),
                    FieldPart(name="summary", path="postSummary", format="html"),
                    FieldPart(name="body", path="postBody", format="html"),
                ),
            ),
            lists=True,
        ),
    }
)
STORYBLOK_MANAGEMENT = "https://mapi.storyblok.com"
