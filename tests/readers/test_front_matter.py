"""Front matter: which values are prose, and where each word of them stands."""

from __future__ import annotations

import pytest
from tests.readers.invariants import check

from claimlint.model.document import Block, Document
from claimlint.readers import read
from claimlint.readers.front_matter import is_prose


def _read(front: str, body: str = "Text.\n") -> Document:
    document = read(f"---\n{front}\n---\n{body}".encode(), "a.md", "markdown")
    check(document)
    return document


def _value(document: Document, key: str) -> Block:
    return next(block for block in document.blocks if block.key == key)


def _source_of(document: Document, block: Block, words: str) -> str:
    at = block.text.index(words)
    return document.source.slice(block.map.span(at, at + len(words)))


@pytest.mark.parametrize(
    ("front", "words", "source"),
    [
        ("title: We cure pain # not text", "cure pain", "cure pain"),
        ("title: 'It''s a cure'", "It's a", "It''s a"),
        (r'title: "A \"cure\" \u2014 now"', '"cure" — now', r"\"cure\" \u2014 now"),
        ('title: "A cure\n  at last"', "cure at", "cure\n  at"),
        ('title: "A cu\\\n  re at last"', "at last", "at last"),
        ("title: |\n  A cure\n  at last", "cure at", "cure\n  at"),
        ("title: >2-\n  A cure\n\n  at last", "cure at", "cure\n\n  at"),
        ("title: A cure\n  at last", "cure at", "cure\n  at"),
        ('title: "It\\u2019s\\_a cure"', "It's a", "It\\u2019s\\_a"),
    ],
)
def test_every_style_of_scalar_keeps_its_places(front: str, words: str, source: str) -> None:
    document = _read(front)
    assert _source_of(document, _value(document, "title"), words) == source


def test_pairs_are_flat_and_in_order() -> None:
    document = _read("title: A b\nseo: {title: C, x: 1}\ntags: [d, e]\ndraft: true")
    assert document.metadata == (
        ("title", "A b"),
        ("seo.title", "C"),
        ("seo.x", "1"),
        ("tags[0]", "d"),
        ("tags[1]", "e"),
        ("draft", "true"),
    )
    assert [block.key for block in document.blocks] == [
        "title", "seo.title", "tags[0]", "tags[1]", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("title", "Cure", True),
        ("seo.meta_description", "Relief", True),
        ("hero_text", "Pain free", True),
        ("banner", "Pain free today", True),
        ("keywords[3]", "prp", True),
        ("slug", "pain free", False),
        ("date", "2024-01-31", False),
        ("image", "/a/knee.png", False),
        ("title", "2024", False),
        ("canonical_url", "https://x.example/a b", False),
        ("layout", "post", False),
    ],
)
def test_what_is_prose(key: str, value: str, expected: bool) -> None:
    assert is_prose(key, value) is expected


@pytest.mark.parametrize(
    ("front", "words", "line"),
    [
        ("title: A\ntags: [a", "front matter was not read", 4),
        ("title: A\nother: *x", "front matter was not read", 3),
        ("title: A\ntitle: B", "front matter was not read", 3),
        ("a: " + "[" * 30 + "]" * 30, "front matter was not read", 2),
        ("a: '" + "x" * 70_000 + "'", "front matter was not read", 2),
    ],
    ids=["syntax", "alias", "duplicate", "depth", "size"],
)
def test_a_mistake_is_a_gap_with_its_place(front: str, words: str, line: int) -> None:
    document = _read(front)
    assert [block.text for block in document.blocks] == ["Text."]
    assert words in document.gaps[0].message
    assert document.gaps[0].line == line


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_newlines_of_every_sort(newline: str) -> None:
    text = newline.join(("---", "title: We cure", "---", "", "# é Head", "", "Text"))
    document = read(text.encode(), "a.md", "markdown")
    check(document)
    assert [block.text for block in document.blocks] == ["We cure", "é Head", "Text"]
    starts = [document.source.position(block.map.span(0, 1).start)[:2] for block in document.blocks]
    assert starts == [(2, 8), (5, 3), (7, 1)]


@pytest.mark.parametrize(
    "text", ["---\ntitle: open\n", "\n---\ntitle: x\n---\n", "--- \n\ntext\n\n---\n", "---"]
)
def test_what_is_no_front_matter_is_text(text: str) -> None:
    document = read(text.encode(), "a.md", "markdown")
    assert document.metadata == ()
    assert document.gaps == ()


def test_empty_front_matter_is_passed_over() -> None:
    document = read(b"---\n\n---\nText", "a.md", "markdown")
    assert [block.text for block in document.blocks] == ["Text"]
