"""Which items stand together in a list."""

from __future__ import annotations

from claimlint.engine.together import lists
from claimlint.readers import read


def _lists(data: str, name: str) -> list[list[str]]:
    form = "html" if name.endswith(".html") else "markdown"
    blocks = read(data.encode(), name, form).blocks
    return [[blocks[number].map.text for number in items] for items in lists(blocks)]


def test_nested_lists_are_apart_and_a_paragraph_ends_a_list() -> None:
    text = "- one\n  - in one\n  - in one too\n- two\n\nThen:\n\n- three\n"
    assert _lists(text, "draft.md") == [["in one", "in one too"], ["one", "two"], ["three"]]


def test_what_no_reader_sees_and_pictures_end_no_list() -> None:
    page = (
        "<ul><li>one</li><p style='display:none'>no</p><li>two <img src=a alt='a cat'></li>"
        "<li hidden>no</li><li>three</li></ul>"
    )
    assert _lists(page, "draft.html") == [["one", "two", "three"]]
