"""From the bodies that CMSs send to documents: every field in its place, and nothing breaks it."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimlint.config.serve import Cms, EndpointPart, FieldPart
from claimlint.service.kinds import KINDS
from claimlint.service.payloads import (
    DEPTH_LIMIT,
    TREES,
    Delivered,
    PayloadError,
    check_depth,
    delivered,
    value,
)

EVERY_CMS: tuple[Cms, ...] = get_args(Cms)


def endpoint(cms: Cms, **more: Any) -> EndpointPart:
    return EndpointPart(name="x", cms=cms, **more)


def one(cms: Cms, payload: Any, **more: Any) -> Delivered:
    (found,) = delivered(endpoint(cms, **more), json.dumps(payload).encode())
    return found


def texts(found: Delivered) -> dict[str, str]:
    return {text.name: text.data.decode() for text in found.texts}


def test_every_cms_has_a_kind() -> None:
    assert set(KINDS) == set(EVERY_CMS)
    for cms, kind in KINDS.items():
        assert kind.is_thin or kind.id, cms


@pytest.mark.parametrize("root", ["post", "page"])
def test_a_ghost_post_or_page_with_all_its_texts(root: str) -> None:
    current = {
        "id": "63", "title": "Knees", "html": "<p>Body</p>", "meta_title": "Meta",
        "meta_description": "About knees", "custom_excerpt": "Short", "plaintext": "Body",
        "updated_at": "2026-11-20T10:00:00.000Z", "url": "https://clinic.example/knees/",
    }  # fmt: skip
    found = one("ghost", {"event": "x", root: {"current": current, "previous": {"title": "Old"}}})
    assert texts(found) == {
        "title": "Knees", "meta_title": "Meta", "description": "About knees", "excerpt": "Short",
        "body": "<p>Body</p>",
    }  # fmt: skip
    assert (found.external_id, found.title, found.url) == (
        "63",
        "Knees",
        "https://clinic.example/knees/",
    )
    assert found.updated == "2026-11-20T10:00:00.000Z"


def test_wordpress_com_sends_a_form() -> None:
    body = (
        "hook=publish_post&ID=42&post_title=Kn%C3%A9es+%26+more&post_content=%3Cp%3EText%3C%2Fp%3E"
        "&post_url=https%3A%2F%2Fx.example%2F&post_modified_gmt=2026-11-20+10%3A00%3A00&empty="
    )
    (found,) = delivered(endpoint("wordpress-com"), body.encode())
    assert texts(found) == {"title": "Knées & more", "body": "<p>Text</p>"}
    assert (found.external_id, found.url, found.updated) == (
        "42",
        "https://x.example/",
        "2026-11-20 10:00:00",
    )


def test_contentful_gives_a_document_for_each_locale() -> None:
    fields = (
        FieldPart(name="title", path="fields.title"),
        FieldPart(name="body", path="fields.body", format="markdown"),
        FieldPart(name="image", path="fields.image"),
    )
    payload = {
        "sys": {"id": "e1", "version": 7, "updatedAt": "2026-11-20T10:00:00Z"},
        "fields": {
            "title": {"en-US": "Knees", "ko-KR": "무릎", "fr": ""},
            "body": {"en-US": "Text", "de": "Wort"},
            "image": {"en-US": {"sys": {"type": "Link"}}},
        },
    }
    found = delivered(endpoint("contentful", fields=fields), json.dumps(payload).encode())
    assert {each.locale: texts(each) for each in found} == {
        "en-US": {"title": "Knees", "body": "Text"},
        "ko-KR": {"title": "무릎"},
        "de": {"body": "Wort"},
    }
    assert {each.title for each in found} == {"Knees", "무릎", "e1"}
    assert {(each.external_id, each.revision) for each in found} == {("e1", "7")}
    (english,) = (each for each in found if each.locale == "en-US")
    assert [text.path for text in english.texts] == ["fields.title.en-US", "fields.body.en-US"]


def test_the_configuration_says_where_things_are() -> None:
    found = one(
        "strapi",
        {"entry": {"blocks": [{"text": "zero"}, {"text": "one"}], "slug": "a", "n": 3, "at": 5.5}},
        id="entry.slug", revision="entry.n", updated="entry.at", locale="entry.none",
        fields=(FieldPart(name="body", path="entry.blocks[1].text", format="markdown"),),
    )  # fmt: skip
    assert found == Delivered("a", "", "a", "", "3", "5.5", found.texts)
    assert texts(found) == {"body": "one"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [("a", [1, [2]]), ("a[0]", 1), ("a[1][0]", 2), ("a[9]", None), ("a.b", None), ("b.c", "d"),
     ("b[0]", None), ("c", None), ("n.x", None)],
)  # fmt: skip
def test_paths(path: str, expected: Any) -> None:
    assert value({"a": [1, [2]], "b": {"c": "d"}, "n": None}, path) == expected


def test_a_tree_may_be_kept_as_text() -> None:
    tree: dict[str, Any] = {"root": {"children": []}}
    part = (FieldPart(name="body", path="data.body", format="lexical"),)
    for kept in (tree, json.dumps(tree)):
        found = one("payload", {"data": {"id": 1, "body": kept}}, fields=part)
        assert json.loads(texts(found)["body"]) == tree
    with pytest.raises(PayloadError, match=r"data\.body is no JSON"):
        one("payload", {"data": {"id": 1, "body": "{"}}, fields=part)
    deep = '{"a":' * 300 + "1" + "}" * 300
    with pytest.raises(PayloadError, match=r"data\.body is nested"):
        one("payload", {"data": {"id": 1, "body": deep}}, fields=part)


@pytest.mark.parametrize("empty", ["", " \n", None, [], {}])
@pytest.mark.parametrize("form", sorted(TREES))
def test_an_empty_rich_text_is_no_text_and_no_fault(form: Any, empty: Any) -> None:
    parts = (
        FieldPart(name="title", path="data.title"),
        FieldPart(name="body", path="data.body", format=form),
    )
    found = one("payload", {"data": {"id": 1, "title": "Knees", "body": empty}}, fields=parts)
    assert texts(found) == {"title": "Knees"}


def test_brackets_in_texts_are_no_depth() -> None:
    found = one("payload", {"data": {"id": 1, "content": '[[{"' * 1000 + '\\"' * 3}})
    assert texts(found)["body"].startswith("[[{")


@settings(max_examples=300, deadline=None)
@given(
    texts=st.lists(st.text('[]{}"\\a', max_size=8), max_size=5),
    depth=st.integers(190, 210),
    width=st.integers(0, 3),
)
def test_depth_is_counted_whatever_stands_in_texts(
    texts: list[str], depth: int, width: int
) -> None:
    tree: Any = texts
    for level in range(depth - 1):
        tree = {'"]}': [], "x": tree} if level % 2 else [*[[]] * width, tree]
    body = json.dumps(tree).encode()
    if depth > DEPTH_LIMIT:
        with pytest.raises(PayloadError, match="nested more than 200 levels"):
            check_depth(body)
    else:
        check_depth(body)


def test_as_many_brackets_as_a_body_can_hold_take_little_memory() -> None:
    """An object for each of two million brackets was half a second of everybody's time."""
    body = b"[" + b"[]," * 600_000 + b"1]"
    tracemalloc.start()
    try:
        check_depth(body)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * len(body)


def test_half_of_an_emoji_costs_no_more_than_itself() -> None:
    body = b'{"data": {"id": "\\ud83e", "title": "cut \\ud83e", "content": "whole \\ud83e\\uddb5"}}'
    (found,) = delivered(endpoint("payload"), body)
    assert texts(found) == {"title": "cut ?", "body": "whole 🦵"}
    with pytest.raises(PayloadError):
        delivered(endpoint("payload"), b'{"data": {"id": "\\ud83e", "n": NaN}}')
    with pytest.raises(PayloadError):
        delivered(endpoint("payload"), b'{"data": {"id": "\\ud83e"}')


def test_a_string_without_end_takes_linear_time() -> None:
    """Two megabytes of what a regular expression could go back over."""
    for body in (b'"' + b"\\" * (2 << 20), b'"\\"' * 500_000, b'{"' * 700_000, b"\\u" * 1_000_000):
        with pytest.raises(PayloadError):
            delivered(endpoint("payload"), body)


LONG = "x" * 201
NAMED: dict[str, dict[str, str]] = {
    "identifier": {"id": LONG},
    "locale": {"id": "1", "locale": LONG},
    "revision": {"id": "1", "revision": LONG},
    "time of update": {"id": "1", "updated_at": LONG},
}


@pytest.mark.parametrize("what", NAMED)
def test_an_endless_name_is_refused_and_never_cut(what: str) -> None:
    """Cut, two documents would be one, and show each other's verdict."""
    with pytest.raises(PayloadError, match=f"the {what} has more than 200 characters"):
        one("payload", {"data": {**NAMED[what], "content": "<p>Text</p>"}})
    near = {name: value[:200] for name, value in NAMED[what].items()}
    assert one("payload", {"data": {**near, "content": "<p>Text</p>"}}).texts


def test_a_locale_with_a_colon_is_refused() -> None:
    """With it, another document could have the same name."""
    with pytest.raises(PayloadError, match="a locale holds a colon"):
        one("payload", {"data": {"id": 1, "locale": "a:b", "content": "<p>Text</p>"}})


def test_an_address_is_kept_whole() -> None:
    url = "https://clinic.example/" + "long/" * 100
    assert one("payload", {"data": {"id": 1, "url": url, "content": "<p>Text</p>"}}).url == url


@pytest.mark.parametrize(
    ("form", "title"),
    [
        ("text", "Knees & hips"),
        ("html", "<p>Knees &amp; <b>hips</b></p>"),
        ("markdown", "Knees & **hips**"),
        ("prismic", [{"type": "heading1", "text": "Knees & hips", "spans": []}]),
        ("portable_text", [{"_type": "block", "children": [{"_type": "span", "text": "Knees & "},
                                                           {"_type": "span", "text": "hips"}]}]),
        ("strapi_blocks", [{"type": "heading", "level": 1,
                            "children": [{"type": "text", "text": "Knees & hips"}]}]),
    ],
)  # fmt: skip
def test_a_title_is_shown_without_its_markup(form: Any, title: Any) -> None:
    parts = (FieldPart(name="title", path="data.title", format=form),)
    assert one("payload", {"data": {"id": 1, "title": title}}, fields=parts).title == "Knees & hips"


@pytest.mark.parametrize("title", ["<p>" + "Knees " * 10_000, "<p></p>"])
def test_what_cannot_be_a_title_is_none(title: str) -> None:
    parts = (FieldPart(name="title", path="data.body", format="html"),)
    found = one("payload", {"data": {"id": 7, "body": title}}, fields=parts)
    assert found.title == "7"


def documents(part: EndpointPart, body: bytes) -> tuple[Delivered, ...]:
    """The documents of a body; none of one that is refused in a sentence."""
    try:
        return delivered(part, body)
    except PayloadError:
        return ()


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["data", "id", "post", "current", "fields", "sys", "title", "content", "entry", "_id",
             "body", "payload", "fieldData", "en-US", "content_raw", "locale", "updated_at"]
        ) | st.text(max_size=5),
        inner,
        max_size=5,
    ),
    max_leaves=30,
)  # fmt: skip
FIELDS = tuple(
    FieldPart(name="body", path=path, format=form)  # type: ignore[arg-type]
    for path, form in (
        ("data.content", "html"), ("fields.title", "text"), ("entry.body", "strapi_blocks"),
        ("body", "portable_text"), ("payload.fieldData.title", "html"),
    )
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(cms=st.sampled_from(EVERY_CMS), payload=anything, own=st.booleans())
def test_any_json_gives_documents_or_a_sentence(cms: Cms, payload: Any, own: bool) -> None:
    part = endpoint(cms, fields=FIELDS, id="data.id") if own else endpoint(cms)
    for each in documents(part, json.dumps(payload).encode()):
        assert each.external_id
        assert len(each.external_id) <= 200
        assert each.texts
        assert all(text.data.decode() for text in each.texts)


@settings(max_examples=300, deadline=None)
@given(cms=st.sampled_from(EVERY_CMS), body=st.binary(max_size=200))
def test_any_bytes_give_documents_or_a_sentence(cms: Cms, body: bytes) -> None:
    assert all(each.texts for each in documents(endpoint(cms, id="ID"), body))
