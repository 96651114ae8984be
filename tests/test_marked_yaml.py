"""The strict YAML layer: what it refuses, where, and that hostile input stays cheap."""

import subprocess
import sys
from typing import Annotated, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from claimlint.errors import DefinitionError, Fault, Mark
from claimlint.marked_yaml import Faults, compose_front_matter, load
from claimlint.marked_yaml.front_matter import flat_scalars
from claimlint.marked_yaml.simple import simple_scalars


class Leaf(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=2)]
    count: Annotated[int, Meta(ge=1, le=9)] = 1
    share: float = 0.5
    flag: bool = False
    note: str | None = None


class Circle(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="kind",
    tag="circle",
    forbid_unknown_fields=True,
):
    radius: float


class Square(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="kind",
    tag="square",
    forbid_unknown_fields=True,
):
    side: float


class Tree(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: str = ""
    leaves: tuple[Leaf | str, ...] = ()
    levels: dict[str, Literal["error", "note", "off"]] = {}
    shape: Circle | Square | None = None
    dated: str = msgspec.field(default="", name="date")


def faults(text: str) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        load(text, "t.yaml", Tree)
    return [str(fault) for fault in caught.value.faults]


def test_a_value_is_converted_and_knows_its_places() -> None:
    text = (
        "title: A\nleaves:\n  - {name: oak, count: 2, share: 1, flag: yes}\n"
        "  - ash\nshape: {kind: square, side: 2.5}\n"
    )
    value, marks = load(text, "t.yaml", Tree)
    assert value == Tree(
        title="A",
        leaves=(Leaf(name="oak", count=2, share=1.0, flag=True), "ash"),
        shape=Square(side=2.5),
    )
    assert marks.at("leaves", 1) == Mark("t.yaml", 4, 5)
    assert marks.at("leaves", 0, "count") == Mark("t.yaml", 3, 24)
    assert marks.key("leaves", 0, "count") == Mark("t.yaml", 3, 17)
    assert marks.at("leaves", 7, "name") == Mark("t.yaml", 3, 3)
    assert marks.at("nothing") == Mark("t.yaml", 1, 1)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("date: 2026-11-20", "2026-11-20"),
        ("date: '012'", "012"),
        ("date: |\n  two\n  lines\n", "two\nlines\n"),
    ],
)
def test_dates_and_quoted_numbers_are_text(text: str, date: str) -> None:
    assert load(text, "t.yaml", Tree).value.dated == date


def test_off_is_a_word_where_off_is_listed() -> None:
    assert load("levels: {a: off, b: note}", "t.yaml", Tree).value.levels == {
        "a": "off",
        "b": "note",
    }
    assert faults("levels: {a: no}") == [
        't.yaml:1:13: "no" is not error, note or off; did you mean "note"?'
    ]


@pytest.mark.parametrize(
    "word", ["no", "yes", "on", "off", "No", "TRUE", "012", "0x1f", "1_000", "3:30", ".5"]
)
def test_words_that_yaml_reads_otherwise_must_be_quoted(word: str) -> None:
    (told,) = faults(f"title: {word}")
    assert told.startswith("t.yaml:1:8: expected text, but YAML reads ")
    assert told.endswith(f'quote it ("{word}")')


def test_all_mistakes_are_told_in_the_order_of_their_places() -> None:
    text = (
        "titel: A\n"
        "leaves:\n"
        "  - {name: x, count: 12, share: many, flag: 1}\n"
        "  - {nam: oak}\n"
        "  - [a]\n"
        "shape: {kind: round, radius: 1}\n"
        "date:\n"
    )
    assert faults(text) == [
        't.yaml:1:1: unknown key "titel"; did you mean "title"?',
        "t.yaml:3:12: must have at least 2 characters",
        "t.yaml:3:22: 12 is too large: at most 9",
        't.yaml:3:33: expected a decimal number, found "many"',
        't.yaml:3:45: expected true or false, found "1"',
        't.yaml:4:5: the required key "name" is missing',
        't.yaml:4:6: unknown key "nam"; did you mean "name"?',
        "t.yaml:5:5: expected a mapping or text, found a list",
        't.yaml:6:15: unknown kind "round"; known: circle, square',
        "t.yaml:7:6: expected text, found nothing",
    ]


@pytest.mark.parametrize(
    "number", ["012", "0o7", "0x1f", "1_0", "+", "1:30", "9" * 400, "'3'", "1.0"]
)
def test_whole_numbers_are_plain_decimals(number: str) -> None:
    (told,) = faults(f"leaves: [{{name: oak, count: {number}}}]")
    assert told.startswith("t.yaml:1:29: expected a whole decimal number, found ")


def test_lines_end_as_in_editors() -> None:
    text = "title: 'a\u2028b\x85c'\r\nleaves: []\rdate: [1]\n"
    assert faults(text) == ["t.yaml:3:7: expected text, found a list"]


def test_places_count_code_points() -> None:
    assert faults("title: '😀é漢'\nleaves: ['😀', {wrong: 1, name: oak}]") == [
        't.yaml:2:16: unknown key "wrong"; known: count, flag, name, note, share',
    ]


@pytest.mark.parametrize(
    "bomb",
    [
        "[" * 100_000,
        "{a: " * 100_000,
        "- " * 100_000,
        "".join(f"{' ' * depth}a{depth}:\n" for depth in range(400)),
        "? " * 50_000,
        "a: &a [" + "*a," * 50_000 + "]",
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n",
        "a: !!python/object/apply:os.system ['exit 1']",
        "a: |\n" + "\t" * 10_000,
        '"' * 99_999,
        "'" * 99_999,
        "a: " + "\\" * 99_999,
        "#" * 100_000 + "\n:",
        "\ud800",
        "a: \x00",
        "%YAML 9.9\n---\na: b",
    ],
    ids=range(16),
)
def test_hostile_text_is_refused_with_a_place(bomb: str) -> None:
    for fault in _refused(bomb):
        assert fault.mark.path == "t.yaml"
        assert fault.mark.line >= 1
        assert fault.mark.column >= 1
        assert len(fault.message) < 300


def _refused(text: str) -> tuple[Fault, ...]:
    with pytest.raises(DefinitionError) as caught:
        load(text, "t.yaml", Tree)
    return caught.value.faults


def test_size_is_bounded_in_bytes() -> None:
    assert faults("title: '" + "é" * 600_000 + "'")[0].startswith(
        "t.yaml:1:1: larger than 1,048,576 bytes"
    )


def test_a_small_depth_limit_holds() -> None:
    load("leaves: [{name: oak}]", "t.yaml", Tree, depth_limit=3)
    with pytest.raises(DefinitionError, match="nested more than 2 levels"):
        load("leaves: [{name: oak}]", "t.yaml", Tree, depth_limit=2)


@given(st.text("ab:-[]{}'\"|>#&*!%@`,?\n\t \\~é\U0001f600012", max_size=80))
def test_any_text_is_a_value_or_a_fault(text: str) -> None:
    try:
        load(text, "t.yaml", Tree)
    except DefinitionError as error:
        lines = text.replace("\r\n", "\n").split("\n")
        for fault in error.faults:
            assert 1 <= fault.mark.line <= len(lines)
            assert 1 <= fault.mark.column <= len(lines[fault.mark.line - 1]) + 1


def test_a_check_sees_whole_parts_even_of_a_broken_file() -> None:
    seen: list[str] = []

    def check(value: object, marks: object, found: Faults) -> None:
        if isinstance(value, Leaf):
            seen.append(value.name)
            found.add(marks.at("name"), "seen")  # type: ignore[attr-defined]

    with pytest.raises(DefinitionError) as caught:
        load("leaves: [{name: oak}, {name: 1}, {name: elm}]", "t.yaml", Tree, check=check)
    assert seen == ["oak", "elm"]
    assert [fault.mark.column for fault in caught.value.faults] == [17, 30, 41]


# --- front matter ---------------------------------------------------------------------------------


def test_front_matter_is_flat_and_places_are_those_of_the_source() -> None:
    text = (
        "title: 'It''s'\ntags: [a, \"b c\"]\nseo:\n  title: x  # why\n  more:\n  - 2026-01-02\n"
        "empty:\nnone: ~\n"
    )
    found = compose_front_matter(text)
    assert [(key, value, text[start:end]) for key, value, start, end in found] == [
        ("title", "It's", "'It''s'"),
        ("tags[0]", "a", "a"),
        ("tags[1]", "b c", '"b c"'),
        ("seo.title", "x", "x"),
        ("seo.more[0]", "2026-01-02", "2026-01-02"),
        ("empty", "", ""),
        ("none", "", "~"),
    ]


def test_block_scalars_end_with_their_words() -> None:
    text = "text: >\n  folded\n  words\n\n# remark\nlast: 1\n"
    assert [text[start:end] for _, _, start, end in compose_front_matter(text)] == [
        ">\n  folded\n  words",
        "1",
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n", "~"])
def test_empty_front_matter_has_no_scalars(text: str) -> None:
    assert compose_front_matter(text) == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 1\nb: *x\n", 'front matter:3:4: the alias "*x" is not allowed'),
        ("a: &x 1\n", 'front matter:2:4: the anchor "&x" is not allowed'),
        ("a: 1\na: 2\n", 'front matter:3:1: the key "a" is already given in line 2'),
        ("a: " + "[" * 30, "front matter:2:23: nested more than 20 levels"),
        ("a: b: c\n", "front matter:2:5: not valid YAML"),
        ("a: '" + "x" * 70_000 + "'", "front matter:2:1: larger than 65,536 bytes"),
        ("- a\n- b\n", "front matter:2:1: front matter must be a mapping"),
        ("a: 1\n---\nb: 2\n", "front matter:3:1: a second document begins"),
        ("a: !x 1", 'front matter:2:4: the tag "!x" is not allowed'),
    ],
)
def test_front_matter_is_strict(text: str, told: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        compose_front_matter(text)
    assert str(caught.value).startswith(told)


_VALUES = st.one_of(
    st.text("abcXYZ 019:#-_.,'\"[]{}&*!|>%@`~?\\é\u2028\xa0\x85\ufeff\ufffe\t/()=", max_size=14),
    st.sampled_from(
        ["null", "Null", "no", "on", "012", "3:30", "2026-01-01", "a: b", "a #b", "a#b", "http://x.y/z#q",
         '"quoted"', "'single'", "[a, b c, 3]", "[a,b]", "[ a ]", "a ", "'a' # remark", "''", '""', "<<"]
    ),
)  # fmt: skip
_KEYS = st.sampled_from(["title", "date", "og_title", "no", "null", "a-b", "x", "Title", "_"])


@given(st.lists(st.tuples(_KEYS, _VALUES), max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_the_quick_way_agrees_with_the_strict_one(pairs: list[tuple[str, str]], end: str) -> None:
    text = end.join(f"{key}: {value}" for key, value in pairs)
    quick = simple_scalars(text)
    if quick is not None:
        assert quick == flat_scalars(text, size_limit_bytes=1 << 16, depth_limit=20)


def test_usual_front_matter_needs_no_yaml_library() -> None:
    text = 'title: Stem cells: what is known\nauthor: "Dr A. Bee"\ndate: 2026-01-02\ntags: [knee, pain]\n'
    usual = text.replace("cells:", "cells,")
    assert compose_front_matter(usual)[0] == ("title", "Stem cells, what is known", 7, 32)
    code = (
        "import sys; from claimlint.marked_yaml import compose_front_matter\n"
        f"compose_front_matter({usual!r}); print('yaml' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_usual_and_strict_give_the_same_answer_for_a_faulty_line() -> None:
    with pytest.raises(DefinitionError, match=r"front matter:2:18"):
        compose_front_matter("title: Stem cells: what is known\n")
