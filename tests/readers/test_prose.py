"""The builder of a block's prose and the way back to the source."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.readers.invariants import undressed

from claimlint.model.text import Span, TextMap
from claimlint.readers.prose import ProseBuilder


def _built(*runs: str) -> tuple[str, TextMap]:
    prose = ProseBuilder()
    at = 0
    for run in runs:
        prose.add(run, at)
        at += len(run)
    return "".join(runs), prose.build()


def _slice_of(source: str, prose: TextMap, phrase: str) -> str:
    at = prose.text.index(phrase)
    start, end = prose.span(at, at + len(phrase))
    return source[start:end]


def test_a_plain_run_is_one_piece() -> None:
    _, prose = _built("We cure pain.")
    assert prose.text == "We cure pain."
    assert len(prose.pieces) == 1
    assert prose.span(3, 7) == Span(3, 7)


def test_white_space_is_collapsed_over_runs_and_trimmed() -> None:
    source, prose = _built(" \n a \t", "\u00a0 b\u2003", " ", "c  ")
    assert prose.text == "a b c"
    assert _slice_of(source, prose, "a b") == "a \t\u00a0 b"


def test_quotes_hyphens_and_spaces_are_made_plain_in_step() -> None:
    source, prose = _built("it\u2019s \u201cnon\u2011toxic\u201d\u00a0now")
    assert prose.text == 'it\'s "non-toxic" now'
    assert len(prose.pieces) == 1
    assert _slice_of(source, prose, '"non-toxic" now') == "\u201cnon\u2011toxic\u201d\u00a0now"


def test_full_width_letters_are_read_as_letters() -> None:
    source, prose = _built("Our ＰＲＰ ｃｕｒｅｓ pain")
    assert prose.text == "Our PRP cures pain"
    assert _slice_of(source, prose, "cures") == "ｃｕｒｅｓ"


def test_unseen_characters_leave_no_trace() -> None:
    source, prose = _built("guaran\u00adteed \u200b\ufeff cure\u00ad")
    assert prose.text == "guaranteed cure"
    assert _slice_of(source, prose, "guaranteed") == "guaran\u00adteed"
    assert _slice_of(source, prose, "cure") == "cure"


def test_an_atom_stands_for_its_whole_source() -> None:
    prose = ProseBuilder()
    prose.add("a ", 0)
    prose.atom("&", 2, 7)
    prose.add(" b", 7)
    built = prose.build()
    assert built.text == "a & b"
    assert built.span(2, 3) == Span(2, 7)
    assert built.span(0, 5) == Span(0, 9)


def test_an_atom_of_white_space_joins_the_space_around_it() -> None:
    prose = ProseBuilder()
    prose.add("a ", 0)
    prose.atom("\u00a0", 2, 8)
    prose.atom("\u00ad", 8, 13)
    prose.atom("< ", 13, 18)
    prose.add("b", 18)
    built = prose.build()
    assert built.text == "a < b"
    assert built.span(2, 5) == Span(13, 19)


def test_a_gap_reaches_to_the_next_run() -> None:
    prose = ProseBuilder()
    prose.gap()
    prose.add("a", 4)
    prose.gap()
    prose.add("b", 9)
    built = prose.build()
    assert built.text == "a b"
    assert built.pieces[1][1:] == (5, 9)


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=12), max_size=6))
def test_any_text_keeps_its_places(runs: list[str]) -> None:
    source, prose = _built(*runs)
    assert prose.text == " ".join(prose.text.split(" "))
    for index in range(len(prose.text)):
        start, end = prose.span(index, index + 1)
        shown = undressed(source[start:end])
        assert prose.text[index] in shown
        assert prose.text[index] == shown or prose.text[index] == " "


@given(st.text(st.characters(codec="utf-8"), max_size=40), st.integers(1, 39))
def test_the_borders_of_runs_do_not_show(text: str, at: int) -> None:
    whole, parts = _built(text)[1], _built(text[:at], text[at:])[1]
    assert whole.text == parts.text
