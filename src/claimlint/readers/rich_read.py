"""From the bytes of a rich-text field to a Document."""

from __future__ import annotations

from typing import Literal, TypeAlias, assert_never

from claimlint.model.document import Document
from claimlint.readers.decode import decode
from claimlint.readers.rich_page import Page
from claimlint.readers.rich_tree import Tree, parsed, walk

TreeFormat: TypeAlias = Literal[
    "contentful", "portable_text", "prosemirror", "prismic", "strapi_blocks", "lexical", "editorjs"
]


def read_tree(data: bytes, name: str, form: TreeFormat) -> Document:
    """Read the JSON of a rich-text field; raise ReadError when it is not such a field."""
    decoded = decode(data, name)
    page = Page()
    walk(_family(form, page).root(parsed(decoded.text)))
    return page.document(name, form, decoded.sha256)


def _family(form: TreeFormat, page: Page) -> Tree:
    match form:
        case "contentful":
            from claimlint.readers.rich_contentful import Contentful

            return Contentful(page)
        case "portable_text":
            from claimlint.readers.rich_portable import PortableText

            return PortableText(page)
        case "prosemirror":
            from claimlint.readers.rich_prosemirror import ProseMirror

            return ProseMirror(page)
        case "prismic":
            from claimlint.readers.rich_prismic import Prismic

            return Prismic(page)
        case "strapi_blocks":
            from claimlint.readers.rich_strapi import Strapi

            return Strapi(page)
        case "lexical":
            from claimlint.readers.rich_lexical import Lexical

            return Lexical(page)
        case "editorjs":
            from claimlint.readers.rich_editorjs import EditorJs

            return EditorJs(page)
    assert_never(form)
