"""The underline stands under the flagged words, whatever the line is made of."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimlint.model.report import Excerpt
from claimlint.reporters.excerpt import Row, rows


def columns(text: str) -> int:
    """The columns of a text by the width property alone."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(bool(unicodedata.combining(c)) for c in text)


def drawn(text: str, words: str, width: int = 90, line: int = 1) -> list[Row]:
    start = text.index(words)
    return rows(Excerpt(text, start, start + len(words), line), width, "^")


def test_the_words_are_underlined() -> None:
    assert drawn("PRP can cure pain.", "cure pain", line=7) == [
        (7, "PRP can cure pain.", "        ^^^^^^^^^")
    ]


def test_words_over_several_lines_are_underlined_on_each() -> None:
    assert drawn("It can cure\r\n  your pain. Now.\rMore", "cure\r\n  your pain", line=3) == [
        (3, "It can cure", "       ^^^^"),
        (4, "  your pain. Now.", "  ^^^^^^^^^"),
    ]


@pytest.mark.parametrize(
    ("before", "words"),
    [("줄기세포 ", "완치"), ("ｆｕｌｌ ", "治る"), ("cafe\u0301 ", "cure\u0301d")],
    ids=["hangul", "fullwidth", "combining"],
)
def test_characters_of_other_widths_do_not_shift_the_underline(before: str, words: str) -> None:
    [(_, _, underline)] = drawn(f"{before}{words} now", words)
    assert underline == " " * columns(before) + "^" * columns(words)


def test_a_tab_is_shown_as_the_spaces_that_it_takes() -> None:
    [(_, shown, underline)] = drawn("\tWe\tcure it", "cure")
    assert shown == "    We    cure it"
    assert shown[underline.index("^") : len(underline)] == "cure"


def test_control_characters_are_shown_and_measured() -> None:
    [(_, shown, underline)] = drawn("a \x1b[31mred\x1b[0m cure", "cure")
    assert "\x1b" not in shown
    assert shown[underline.index("^") : len(underline)] == "cure"


def test_a_long_line_is_cut_around_the_words() -> None:
    text = f"{'before ' * 12}we cure pain {'after ' * 12}"
    [(_, shown, underline)] = drawn(text, "cure pain", width=60)
    assert columns(shown) <= 60
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert shown[underline.index("^") : len(underline)] == "cure pain"


def test_words_longer_than_the_screen_are_wrapped_and_wholly_shown() -> None:
    words = "one two three four five six seven eight nine ten eleven twelve thirteen"
    shown = drawn(f"a {words} z", words, width=40)
    under = [
        "".join(c for c, sign in zip(text, line, strict=False) if sign == "^").strip()
        for _, text, line in shown
    ]
    assert " ".join(under) == words
    assert [line for line, _, _ in shown][1:] == [None] * (len(shown) - 1)
    assert all(columns(text) <= 40 for _, text, _ in shown)


def test_no_words_give_no_excerpt() -> None:
    assert rows(Excerpt("PRP can cure pain.", 4, 4, 1), 90, "^") == []


@given(
    st.text(st.sampled_from("ab c\tn\n\r가é\u0301😀\x1b\u202e"), max_size=240),
    st.integers(0, 240),
    st.integers(1, 240),
    st.integers(30, 90),
)
def test_any_excerpt_fits_and_hides_nothing_dangerous(
    text: str, start: int, length: int, width: int
) -> None:
    start = min(start, len(text))
    made = rows(Excerpt(text, start, min(start + length, len(text)), 1), width, "~")
    for row in made:
        assert not any(unicodedata.category(c) in ("Cc", "Cf") for c in row.text)
        assert set(row.underline) <= {" ", "~"}
        assert columns(row.underline) <= width
