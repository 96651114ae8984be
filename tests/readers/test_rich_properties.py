"""What holds for every CMS tree: exact places, whatever marks divide the words, and no surprises."""

from __future__ import annotations

import json
from itertools import groupby, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.readers import invariants
from tests.readers.rich_entries import FORMS, Entry, Run, strings
from tests.readers.rich_forms import form_of

from claimlint.errors import ReadError
from claimlint.model.document import Document, Format
from claimlint.readers import read

_TREES = tuple(form for form in FORMS if form != "wordpress")
_WORDS = st.sampled_from(
    "care pain “quoted” it’s guaran\u00adteed 日本 🙂 a\u200bb & <w> • – . 𝒳x".split()  # noqa: SIM905
)
_GAPS = st.sampled_from((" ", " ", "  ", "\u00a0", "\n", ""))
_LINKS = st.sampled_from((None, None, None, "https://a.example/x?a=1&b=2", "#top"))


@st.composite
def _runs(draw: st.DrawFn) -> tuple[Run, ...]:
    made = []
    for _ in range(draw(st.integers(1, 4))):
        words = [draw(_WORDS) + draw(_GAPS) for _ in range(draw(st.integers(1, 4)))]
        made.append(Run("".join(words), draw(st.booleans()), draw(_LINKS)))
    return tuple(made)


@st.composite
def _planted(draw: st.DrawFn) -> tuple[tuple[Run, ...], str]:
    """Runs with a phrase from § to ¶ in them, cut by marks at any place; and the phrase."""
    words = [draw(st.sampled_from(("cures", "joint", "pain", "🙂", "fast"))) for _ in range(4)]
    phrase = f"§{' '.join(words)}¶"
    cuts = sorted({0, len(phrase), *draw(st.lists(st.integers(1, len(phrase) - 1), max_size=4))})
    runs = [
        Run(phrase[start:end], draw(st.booleans()), draw(_LINKS)) for start, end in pairwise(cuts)
    ]
    before = Run("Begun " + draw(_WORDS) + " ", draw(st.booleans()))
    return (before, *runs, Run(" " + draw(_WORDS))), phrase


@st.composite
def _drafts(draw: st.DrawFn, form: Format) -> tuple[list[Entry], str]:
    kinds = ["heading", "paragraph", "paragraph", "item", "item", "alt"]
    if form not in ("portable_text", "prismic", "strapi_blocks"):
        kinds.append("cell")
    if form != "prismic":
        kinds.append("quote")
    entries: list[Entry] = []
    count = draw(st.integers(1, 6))
    place = draw(st.integers(0, count - 1))
    phrase = ""
    for number in range(count):
        kind: Any = draw(st.sampled_from(kinds))
        if number == place:
            kind = draw(st.sampled_from([one for one in kinds if one != "alt"]))
            runs, phrase = draw(_planted())
        else:
            runs = draw(_runs())
        if kind == "alt":
            runs = (Run("".join(run.text for run in runs)),)
        level = 2 if kind == "heading" else int(kind == "item")
        if kind == "item" and entries and entries[-1].kind == "item" and form != "prismic":
            level = min(entries[-1].level + draw(st.integers(0, 1)), 4)
        entries.append(Entry(kind, runs, level))
    return entries, phrase


def _where(tree: object, sign: str) -> str:
    found = [f"{path}+{text.index(sign)}" for path, text in strings(tree) if sign in text]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("form", _TREES)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_planted_phrase_is_found_at_its_node(form: Format, data: st.DataObject) -> None:
    entries, phrase = data.draw(_drafts(form))
    written = form_of(entries, form)
    document = read(written, "draft", form)
    invariants.check(document)
    holding = [block for block in document.blocks if "§" in block.text]
    assert len(holding) == 1
    block = holding[0]
    index = block.text.index("§")
    assert block.text[index : index + len(phrase)] == phrase
    span = block.map.span(index, index + len(phrase))
    tree = json.loads(written)
    assert document.source.position(span.start).place == _where(tree, "§")
    assert document.source.position(span.end - 1).place == _where(tree, "¶")
    planted = next(one for one in entries if any("§" in run.text for run in one.runs))
    assert block.kind == planted.kind
    linked = {run.link for run in planted.runs if run.link is not None and run.text.strip()}
    assert (
        linked
        <= {link.address for link in block.links}
        <= {*linked, *(r.link for r in planted.runs)}
    )


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_no_mark_changes_the_words(form: Format, data: st.DataObject) -> None:
    """The same text in one node and in many gives the same prose."""
    entries, _ = data.draw(_drafts(form))
    whole = [one._replace(runs=_without_marks(one.runs)) for one in entries]
    many, one = (read(form_of(made, form), "draft", form) for made in (entries, whole))
    assert _shape(many) == _shape(one)


@pytest.mark.parametrize("form", FORMS)
def test_bullets_alone_are_the_same_in_one_node_and_in_two(form: Format) -> None:
    many = [Entry("heading", (Run("• "), Run("• ", bold=True)), 2)]
    one = [Entry("heading", (Run("• • "),), 2)]
    two, single = (read(form_of(made, form), "draft", form) for made in (many, one))
    assert _shape(two) == _shape(single)


def _without_marks(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    return tuple(
        Run("".join(run.text for run in group), link=link)
        for link, group in groupby(runs, key=lambda run: run.link)
    )


def _shape(document: Document) -> list[tuple[object, ...]]:
    return [
        (block.kind if block.kind != "link" else "paragraph", block.level, block.lead_in, block.text)
        for block in document.blocks
    ]  # fmt: skip


def _read_or_refused(data: bytes, form: Format) -> Document | None:
    try:
        return read(data, "draft", form)
    except ReadError:
        return None


_KEYS = st.sampled_from((
    "type", "nodeType", "_type", "text", "value", "content", "children", "data", "attrs", "marks",
    "spans", "fields", "root", "blocks", "items", "markDefs", "listItem", "level", "style", "format",
    "html", "image", "target", "uri", "url", "caption", "alt", "start", "end", "_key", "title",
))  # fmt: skip
_NAMES = st.sampled_from((
    "document", "doc", "paragraph", "text", "block", "span", "list", "list-item", "listItem", "listitem",
    "table", "table-row", "tableRow", "tablerow", "tableCell", "tablecell", "table-cell", "heading",
    "heading-1", "heading1", "quote", "link", "hyperlink", "image", "html", "embedded-entry-block",
    "hardBreak", "linebreak", "root", "raw", "checklist", "blok", "code", "o-list-item", "embed",
    "bullet", "• x", "a b\n\n- c", "\ud800", "<b>x", "<td>", "https://x", "1",
))  # fmt: skip
_JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 10**25)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _NAMES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=5),
    max_leaves=25,
)


@pytest.mark.parametrize("form", _TREES)
@given(junk=st.lists(_JUNK, max_size=4))
@settings(max_examples=120, deadline=None)
def test_any_json_gives_a_document_or_a_sentence(form: Format, junk: list[object]) -> None:
    roots: tuple[object, ...] = (
        junk, {"nodeType": "document", "content": junk}, {"type": "doc", "content": junk},
        {"root": {"children": junk}}, {"blocks": junk},
    )  # fmt: skip
    read_any = False
    for root in roots:
        document = _read_or_refused(json.dumps(root).encode(), form)
        if document is None:
            continue
        read_any = True
        invariants.check(document)
        document.source.text.encode()
        for block in document.blocks:
            place = document.source.position(block.span.start).place
            assert place is not None
            place.encode()
    assert read_any


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_tree_gives_a_document_or_a_sentence(form: Format, data: st.DataObject) -> None:
    entries, _ = data.draw(_drafts(form))
    written = form_of(entries, form)
    start = data.draw(st.integers(0, len(written)))
    end = min(len(written), start + data.draw(st.integers(0, 30)))
    damaged = written[:start] + data.draw(st.binary(max_size=6)) + written[end:]
    document = _read_or_refused(damaged, form)
    if document is not None:
        invariants.check(document)


def test_the_forms_differ() -> None:
    """The generators write eight different things, not one of them eight times."""
    entries = [Entry("paragraph", (Run("a"), Run("b", bold=True))), Entry("item", (Run("c"),), 1)]
    written = [form_of(entries, form) for form in FORMS]
    assert all(len(list(group)) == 1 for _, group in groupby(sorted(written)))
