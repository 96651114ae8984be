"""Several fields of an entry as one document."""

from __future__ import annotations

import json

import pytest
from tests.readers import invariants
from tests.readers.outline import outline

from claimlint.errors import ReadError
from claimlint.model.document import Document
from claimlint.readers import read
from claimlint.readers.parts import Part, joined

_TREE = json.dumps(
    [
        {"type": "heading", "level": 2, "children": [{"type": "text", "text": "Why"}]},
        {"type": "list", "children": [
            {"type": "list-item", "children": [{"type": "text", "text": "one"}]}]},
        {"type": "paragraph", "children": ["bad"]},
    ]
).encode()  # fmt: skip
_MARKDOWN = (
    b"---\nauthor: A. Writer\n---\n# Head\n\nText.[^1]\n\n- item\n\n"
    b"<!-- claimlint-ignore x -->\n\n[^1]: Note.\n"
)


def _joined(*parts: Part) -> Document:
    document = joined(parts, "entry", "0" * 64)
    invariants.check(document)
    return document


def _place(document: Document, words: str) -> str | None:
    return document.source.position(document.source.text.index(words)).place


def test_fields_stand_one_after_the_other_and_name_themselves() -> None:
    document = _joined(
        Part("title", "text", "Cures – now".encode()),
        Part("metaDescription", "text", b"Better at once"),
        Part("intro.body", "strapi_blocks", _TREE),
        Part("teaserText", "text", b"Plain words.\n\nMore words."),
        Part("notes", "markdown", _MARKDOWN),
        Part("page", "html", b"<p>Old <b>page</b></p>"),
    )
    assert outline(document).split("\n") == [
        "0 metadata content key=title | Cures – now",
        "1 metadata content key=meta_description | Better at once",
        "2 heading content level=2 | Why",
        "3 item content level=1 lead=2 | one",
        "4 paragraph content | Plain words.",
        "5 paragraph content | More words.",
        "6 metadata content key=author | A. Writer",
        "7 heading content level=1 | Head",
        "8 paragraph content mark=5:1 | Text.",
        "9 item content level=1 lead=8 | item",
        "10 paragraph content note=1 | Note.",
        "11 paragraph content | Old page",
        "directive claimlint-ignore x",
        "gap None:None intro.body: what is no node was not read ([2].children[0]); check the rich text",
    ]
    assert document.metadata == (
        ("title", "Cures – now"), ("meta_description", "Better at once"), ("author", "A. Writer"),
    )  # fmt: skip
    assert _place(document, "– now") == "title+6"
    assert _place(document, "one") == "intro.body[1].children[0].children[0]+0"
    assert _place(document, "More words") == "teaserText+14"
    assert _place(document, "Head") == f"notes+{_MARKDOWN.index(b'Head')}"
    assert document.source.slice(document.directives[0].span) == "<!-- claimlint-ignore x -->"
    assert document.format == "markdown"
    lines = document.source.text.split("\n")
    for block in document.blocks:
        line = document.source.position(block.map.span(0, 1).start).line
        assert block.text.split()[0] in lines[line - 1]


@pytest.mark.parametrize(
    "part",
    [Part("body", "strapi_blocks", _TREE), Part("body", "markdown", _MARKDOWN),
     Part("body", "html", b"<h1>a</h1><p>b"), Part("body", "text", b"Some words\n\n1. one")],
    ids=lambda part: part.form,
)  # fmt: skip
def test_a_single_body_is_the_same_as_alone(part: Part) -> None:
    alone = read(part.data, "entry", part.form)
    whole = _joined(part)
    assert whole.blocks == alone.blocks
    assert whole.source.text == alone.source.text
    assert (whole.format, whole.metadata, whole.directives) == (
        alone.format, alone.metadata, alone.directives,
    )  # fmt: skip


def test_a_gap_names_its_field_and_its_line_in_the_whole() -> None:
    document = _joined(
        Part("body", "text", b"One.\n\nTwo."), Part("html", "html", b"<p>a\n<!-- never closed")
    )
    assert [(gap.line, gap.message[:11]) for gap in document.gaps] == [(5, "html: a com")]


def test_a_field_that_cannot_be_read_is_named() -> None:
    with pytest.raises(ReadError, match=r"^the field body: .*JSON"):
        joined([Part("title", "text", b"a"), Part("body", "lexical", b"{")], "entry", "0" * 64)


def test_nothing_is_an_empty_document() -> None:
    assert joined([], "entry", "0" * 64).blocks == ()
    assert _joined(Part("title", "text", b""), Part("body", "prismic", b"null")).blocks == ()
