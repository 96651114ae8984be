"""Which lines of a plain text belong together, and which surround it."""

from __future__ import annotations

import textwrap

import pytest
from tests.readers.invariants import check

from claimlint.model.document import Document
from claimlint.readers import read

_PARAGRAPH = (
    "Many people with pain in the lower back go on to suffer after they have had the usual care. "
    "For them the doctors of this clinic offer a treatment with plasma, which is drawn from their "
    "own blood. It is not known whether it helps all of them, and results differ from one person "
    "to the next."
)


def _read(text: str) -> Document:
    document = read(text.encode(), "a.txt", "text")
    check(document)
    return document


def _texts(text: str) -> list[str]:
    return [block.text for block in _read(text).blocks]


@pytest.mark.parametrize("width", [50, 60, 72, 80, 100])
@pytest.mark.parametrize("indent", ["", "    "])
def test_a_wrapped_paragraph_is_one_block(width: int, indent: str) -> None:
    wrapped = textwrap.fill(_PARAGRAPH, width, initial_indent=indent, subsequent_indent=indent)
    assert _texts(f"{wrapped}\n\n{wrapped}\n") == [_PARAGRAPH, _PARAGRAPH]


def test_a_wrapped_item_is_one_block() -> None:
    wrapped = textwrap.fill(_PARAGRAPH, 70, initial_indent="  • ", subsequent_indent="    ")
    document = _read(f"What we offer:\n\n{wrapped}\n  • Rest\n")
    assert [block.text for block in document.blocks] == ["What we offer:", _PARAGRAPH, "Rest"]
    assert [block.lead_in for block in document.blocks] == [None, 0, 0]


def test_short_lines_are_not_joined() -> None:
    lines = ["We offer", "less pain", "more sleep", "better mood", "a warm welcome"]
    assert _texts("\n".join(lines)) == lines


@pytest.mark.parametrize("end", [".", ".¹", ".²⁻⁴", ".[3]", ".”"])
def test_a_line_that_ends_like_a_sentence_is_no_heading(end: str) -> None:
    document = _read(f"Knees\n\nNeedles soothe the back{end}\n\nAsk us for the next free date.\n")
    assert [block.kind for block in document.blocks] == ["heading", "paragraph", "paragraph"]


def test_sentences_on_lines_of_their_own_are_not_joined() -> None:
    lines = [
        "Our treatment is gentle and safe for you.",
        "It was tested by us in ninety patients.",
        "No one of them has ever complained of it.",
        "We are open from Monday until Saturday.",
    ]
    assert _texts("\n".join(lines)) == lines


@pytest.mark.parametrize("separator", ["\f", "\v", "\u2028", "\u2029", "\x85", "\r", "\r\n"])
def test_every_separator_ends_a_paragraph(separator: str) -> None:
    assert _texts(f"One.{separator}Two.") == ["One.", "Two."]


def test_only_line_ends_count_as_lines() -> None:
    document = _read("One.\fTwo.\u2028Three.\nFour.")
    places = [document.source.position(block.span.start)[:2] for block in document.blocks]
    assert places == [(1, 1), (1, 6), (1, 11), (2, 1)]


def test_a_disclaimer_is_content_wherever_it_stands() -> None:
    document = _read(f"Title\n\n{_PARAGRAPH}\n\nDisclaimer: results vary.\n\nLeave a Reply\n")
    assert [block.zone for block in document.blocks] == ["content"] * 3 + ["footer"]


def test_a_list_in_the_text_is_no_menu() -> None:
    document = _read(f"Title\n\n{_PARAGRAPH}\n\nWe treat:\n• Knees\n• Hips\n• Services\n• Backs\n")
    assert {block.zone for block in document.blocks} == {"content"}


def test_a_text_of_short_lines_only_is_content() -> None:
    document = _read("Pain relief\nwithout surgery\nin three days")
    assert {block.zone for block in document.blocks} == {"content"}


def test_a_title_above_a_menu_stays_a_heading() -> None:
    document = _read(f"A cure for the knee\nHome\nAbout us\nContact\n\n{_PARAGRAPH}\n")
    assert [(block.kind, block.zone) for block in document.blocks] == [
        ("heading", "content"),
        ("paragraph", "nav"),
        ("paragraph", "nav"),
        ("paragraph", "nav"),
        ("paragraph", "content"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "© 2024 Clinic of the North. All rights reserved.",
        "Home > Treatments > Knees",
        "Home » Treatments",
        "Your email address will not be published. Required fields are marked *",
        "This website uses cookies to make your visit better.",
        "댓글 쓰기",
    ],
)
def test_chrome_is_labelled_and_kept(line: str) -> None:
    document = _read(f"Title\n\n{_PARAGRAPH}\n\n{line}\n")
    assert document.blocks[-1].text == line
    assert document.blocks[-1].zone in ("nav", "footer")


@pytest.mark.parametrize(
    "line", ["Pain > 5 points fell by half in the group that was treated.", "A cookie a day heals."]
)
def test_what_only_looks_like_chrome_is_content(line: str) -> None:
    assert _read(f"Title\n\n{line}\n\n{_PARAGRAPH}").blocks[1].zone == "content"
