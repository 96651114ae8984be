"""Which items stand together in a list."""

from __future__ import annotations

from claimlint.engine.together import lists, standings
from claimlint.model.document import Format
from claimlint.readers import read


def _lists(data: str, name: str) -> list[list[str]]:
    form: Format = "html" if name.endswith(".html") else "markdown"
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


def test_another_lead_in_or_a_menu_begins_another_list() -> None:
    page = "<p>We do:</p><ul><li>one</li></ul><p>Also:</p><ul><li>two</li></ul>"
    assert _lists(page, "draft.html") == [["one"], ["two"]]
    menu = "<nav><ul><li>home</li><li>prices</li></ul></nav><ul><li>one</li></ul>"
    assert _lists(menu, "draft.html") == [["home", "prices"], ["one"]]


def test_a_button_within_an_item_ends_no_list() -> None:
    page = "<ul><li>one <button>More</button></li><li>two <button>More</button></li></ul>"
    assert _lists(page, "draft.html") == [["one", "two"]]


def test_a_sentence_of_a_long_item_is_read_with_its_own_item_first() -> None:
    text = "- One. Two. Three.\n- Four.\n- Five.\n"
    blocks = read(text.encode(), "draft.md", "markdown").blocks
    flagged = {(0, 0), (0, 1)}
    places = [(0, 2), (0, 0), (1, 0)]
    assert list(standings(blocks, [3, 1, 1], flagged, places)) == [
        "paragraph_of_claims", "usual", "usual",
    ]  # fmt: skip
    assert list(standings(blocks, [3, 1, 1], {(1, 0)}, [(1, 0), (2, 0)])) == [
        "alone_in_list", "usual",
    ]  # fmt: skip
