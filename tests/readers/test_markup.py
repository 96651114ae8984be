"""The tokens of HTML, compared with those of an independent implementation."""

from __future__ import annotations

from itertools import pairwise

import pytest
import turbohtml
from hypothesis import given, settings
from hypothesis import strategies as st

from claimlint.readers.entities import add_decoded, decoded
from claimlint.readers.markup import attributes, tokens
from claimlint.readers.prose import ProseBuilder

_PARTS = (
    "<p>", "</p>", "<a b=c", "<a b=\"", "\"'", "=", "/", "/>", "<p x='y' z=\"w\" q>", "<P A>",
    "</P >", "<!-->", "<!--->", "<!--", "-->", "--!>", "<!doctype html>", "<script>", "</script>",
    "<script ", "<style>", "</style>", "<title>", "</title>", "<textarea>", "<a/b>", "</>", "</ x>",
    "<1", "<a\n", "<?", "<!", "</", "<", ">", "&", "&amp;", "&ampx", "&notit;", "&#x41;", "&#65",
    "&copy", "&bogus;", "<![CDATA[", "]]>", "x", " ", "\n", "é", "<br>", "<svg>", "</svg>",
)  # fmt: skip
_UNREAD = ("script", "style", "xmp", "iframe", "noembed", "noframes")


def _ours(text: str) -> list[tuple[str, str]]:
    found = []
    for kind, start, end, name in tokens(text, 0, len(text)):
        if kind == "text":
            prose = ProseBuilder()
            add_decoded(prose, text, start, end)
            found.append(("text", prose.build().text))
        elif kind in ("start", "end"):
            found.append((kind, name))
    return _joined(found)


def _theirs(text: str) -> list[tuple[str, str]]:
    found = []
    unread = False
    for token in turbohtml.tokenize(text):
        if token.type == turbohtml.TokenType.TEXT and not unread:
            prose = ProseBuilder()
            prose.add(token.data or "", 0)
            found.append(("text", prose.build().text))
        elif token.type == turbohtml.TokenType.START_TAG:
            found.append(("start", token.tag or ""))
            unread = token.tag in _UNREAD
        elif token.type == turbohtml.TokenType.END_TAG:
            found.append(("end", token.tag or ""))
            unread = False
    return _joined(found)


def _joined(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Join neighbouring texts: only one of the two tokenizers splits at comments."""
    joined: list[tuple[str, str]] = []
    for kind, value in found:
        if kind == "text":
            value = value.replace(" ", "")  # noqa: PLW2901
            if joined and joined[-1][0] == "text":
                value = joined.pop()[1] + value  # noqa: PLW2901
            if not value:
                continue
        joined.append((kind, value))
    return joined


@settings(max_examples=500)
@given(st.lists(st.sampled_from(_PARTS), max_size=14).map("".join))
def test_tokens_are_those_of_the_standard(text: str) -> None:
    assert _ours(text) == _theirs(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script><!--<script></script>x</script>y",
        "<script><!--><script></script>y",
        "<script>a<b</script\n>y",
        "<!--<!--!>/",
        "<!--!>x-->y",
        "a<b c='>'>d",
        "<a b='>x",
        "</ >a</>b",
        "<title>a&amp;<b></title>c",
        "1 < 2 <3 <é",
    ],
)
def test_corners_of_the_standard(text: str) -> None:
    assert _ours(text) == _theirs(text)


def test_tokens_tile_the_text() -> None:
    text = "a<b>c</b><!-- d -->e &lt; f<g h='i'>"
    spans = [(token.start, token.end) for token in tokens(text, 0, len(text))]
    assert spans[0][0] == 0
    assert spans[-1][1] == len(text)
    assert all(end == start for (_, end), (start, _) in pairwise(spans))


def test_values_of_attributes_have_their_places() -> None:
    text = "<img ALT = 'a b' src=x/y alt=second hidden title=\"\" data-é='=>'>"
    token = next(tokens(text, 0, len(text)))
    found = attributes(text, token)
    assert {name: value.raw for name, value in found.items()} == {
        "alt": "a b",
        "src": "x/y",
        "hidden": "",
        "title": "",
        "data-é": "=>",
    }
    for value in found.values():
        assert text[value.start : value.end] == value.raw


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a&amp;b", "a&b"),
        ("?a=1&copy=2", "?a=1&copy=2"),
        ("&copyright", "&copyright"),
        ("&copy;x &copy", "©x ©"),
        ("&#38;&#x26;", "&&"),
        ("&#" + "9" * 5000 + ";", "\ufffd"),
        ("& &x; &;", "& &x; &;"),
    ],
)
def test_references_in_attribute_values(raw: str, expected: str) -> None:
    assert decoded(raw) == expected
