"""What holds for generated drafts: planted words are found exactly where they were put."""

from __future__ import annotations

import os
from typing import NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.readers.fuzz_readers import ATOMS
from tests.readers.invariants import check

from claimlint.errors import ReadError
from claimlint.model.document import Document, Format
from claimlint.readers import read

_EXAMPLES = int(os.environ.get("CLAIMLINT_EXAMPLES", "300"))
_FORMS: tuple[Format, ...] = ("markdown", "html", "text")
_PHRASE = "zcures zarthritis"

_words = st.sampled_from(
    ("We", "help", "people", "to", "walk.", "Ask", "us", "é", "日本", "🙂", "it’s", "5", "–", "A.")
)
_filler = st.lists(_words, min_size=1, max_size=8).map(" ".join)


class Planted(NamedTuple):
    """A draft and the offsets of the phrase planted in it."""

    draft: str
    start: int
    end: int


def _plant(before: str, inside: tuple[str, str, str], after: str) -> Planted:
    first, between, last = inside
    start = len(before)
    phrase = f"{first}{between}{last}"
    return Planted(f"{before}{phrase}{after}", start, start + len(phrase))


# The white space between the two words, as it may stand in each format.
_markdown_between = st.sampled_from(
    (" ", "  ", "\n", "\u00a0", "&nbsp;", "** **", "* *", " <!-- x --> ", " `code` ", "<br>")
)
_html_between = st.sampled_from(
    (
        " ",
        "\n\t",
        "\u00a0",
        "&nbsp;",
        "&#32;",
        "<b> </b>",
        " <!-- x -->",
        "<br>",
        "\r\n",
        "</i> <i>",
    )
)
_text_between = st.sampled_from((" ", "  ", "\t", "\u00a0", "\u2003"))

_markdown_frames = st.sampled_from(
    (
        ("", ""), ("# ", ""), ("- ", ""), ("1. ", ""), ("> ", ""), ("- a\n  - ", ""), ("**b** ", ""),
        ("| a | b |\n|---|---|\n| x | ", " |"), ("[", "](http://x.example)"), ("<div>", "</div>"),
        ("<footer>\n\n", "\n\n</footer>"), ("![", "](x.png)"), ("x[^1]\n\n[^1]: ", ""), ("\\* ", ""),
        ("Intro:\n• ", ""), ("&amp; ", " &lt;"), ("~~x~~ ", " _y_"), ("> - ", ""), ("- [ ] ", ""),
    )
)  # fmt: skip
_html_frames = st.sampled_from(
    (
        ("", ""), ("<p>", "</p>"), ("<ul><li>", ""), ("<table><tr><td>", "</table>"), ("<h2>", "</h2>"),
        ("<div hidden>", "</div>"), ("<p>a <span style='display:none'>", "</span> b</p>"),
        ("<a href='x?a&amp;b'>", "</a>"), ("<nav>", "</nav>"), ("<svg><path></svg>", ""),
        ("<title>t</title><body>", ""), ("&amp &lt;", "&ampx"), ("<button>", "</button>"),
        ("<select><option>", "</select>"), ("<script>'<p>'</script>", ""), ("<!-- > -->", ""),
        ("a < b ", " > c"), ("<p>&shy;", "&shy;</p>"), ("<b><p>", "</b></p>"), ("<q>", "</q>"),
    )
)  # fmt: skip
_text_frames = st.sampled_from(
    (
        ("", ""),
        ("  • ", ""),
        ("1. ", ""),
        ("Intro:\n- ", ""),
        ("•\n    ", ""),
        ("\f", ""),
        ("- ", "."),
    )
)


@st.composite
def _planted(draw: st.DrawFn, form: Format) -> Planted:
    frames, between = {
        "markdown": (_markdown_frames, _markdown_between),
        "html": (_html_frames, _html_between),
        "text": (_text_frames, _text_between),
    }[form]
    gap = "\n\n" if form != "html" else draw(st.sampled_from(("", "\n", "<hr>")))
    opening, closing = draw(frames)
    space = draw(between)
    if "|" in opening or "#" in opening or "• " in opening:
        assume("\n" not in space)
    if opening == "<div>":  # the text of an HTML block is no Markdown
        assume("*" not in space and "`" not in space)
    first, last = "zcures", "zarthritis"
    if space in ("** **", "* *"):
        opening, closing = opening + space[: len(space) // 2], space[: len(space) // 2] + closing
    if space == "</i> <i>":
        opening, closing = f"{opening}<i>", f"</i>{closing}"
    head = draw(_filler) + gap + opening
    return _plant(head, (first, space, last), closing + gap + draw(_filler))


def _spans(document: Document) -> list[tuple[int, int]]:
    found = []
    for block in document.blocks:
        at = block.text.find(_PHRASE)
        if at >= 0:
            span = block.map.span(at, at + len(_PHRASE))
            found.append((span.start, span.end))
    return found


@pytest.mark.parametrize("form", _FORMS)
def test_a_planted_phrase_is_found_exactly_where_it_is(form: Format) -> None:
    @settings(max_examples=_EXAMPLES, deadline=None)
    @given(_planted(form))
    def holds(planted: Planted) -> None:
        document = read(planted.draft.encode(), "a", form)
        check(document)
        assert _spans(document) == [(planted.start, planted.end)]

    holds()


@pytest.mark.parametrize("form", _FORMS)
def test_line_ends_change_no_line_and_no_column(form: Format) -> None:
    @settings(max_examples=_EXAMPLES, deadline=None)
    @given(_planted(form))
    def holds(planted: Planted) -> None:
        draft = planted.draft.replace("\r\n", "\n")
        places = []
        for newline in ("\n", "\r\n", "\r"):
            document = read(draft.replace("\n", newline).encode(), "a", form)
            check(document)
            ((start, end),) = _spans(document)
            source = document.source
            places.append((source.position(start), source.position(end)))
        assert places[0] == places[1] == places[2]

    holds()


@pytest.mark.parametrize("form", _FORMS)
def test_lines_before_shift_every_line(form: Format) -> None:
    @settings(max_examples=_EXAMPLES, deadline=None)
    @given(_planted(form), st.integers(1, 30))
    def holds(planted: Planted, count: int) -> None:
        before = read(planted.draft.encode(), "a", form)
        after = read(("\n" * count + planted.draft).encode(), "a", form)
        ((start, _),), ((shifted, _),) = _spans(before), _spans(after)
        line, column, _ = before.source.position(start)
        assert after.source.position(shifted)[:2] == (line + count, column)

    holds()


@pytest.mark.parametrize("form", _FORMS)
def test_any_markup_is_read(form: Format) -> None:
    @settings(max_examples=_EXAMPLES, deadline=None)
    @given(st.lists(st.sampled_from(ATOMS), max_size=40).map("".join))
    def holds(draft: str) -> None:
        try:
            document = read(draft.encode(), "a", form)
        except ReadError as error:
            assert "save" in error.message  # noqa: PT017  the remedy
        else:
            check(document)

    holds()


@pytest.mark.parametrize("form", _FORMS)
def test_any_bytes_are_read_or_refused(form: Format) -> None:
    @settings(max_examples=_EXAMPLES, deadline=None)
    @given(st.binary(max_size=200))
    def holds(data: bytes) -> None:
        try:
            check(read(data, "a", form))
        except ReadError as error:
            assert error.message.strip()  # noqa: PT017

    holds()
