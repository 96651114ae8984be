"""Hostile drafts: twice the size takes about twice the work, and nothing recurses."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterator

import pytest

from claimlint.model.document import Format
from claimlint.readers import read
from claimlint.readers.markup import tokens

_PARTS: dict[Format, tuple[str, ...]] = {
    "markdown": (
        "[", "*a ", "<a ", "&", "![", "> ", "- ", "[a](", "\n|a", "**a __b", "<!--", "\n[^a]: b",
        "\\", "a\r", "> - ", "\n<div>\n\n", "• a\n", "a\n-\n", "---\n", "`a``", "é*", "- a\n\n  ",
        "<span hidden>", "# a\n", "![a](b)", "|a|b|\n|-|-|\n", "&amp;", "word ", "[![", "<script>",
        "pain[1](#a)", "[1](#a)", "pain² ", "²,", "~~a ", "<s>", '[a](b "c")', "2. a\n",
    ),
    "html": (
        "<a ", "<div>", "<b>", "<b><p>", "<ul><li>", "<table><tr><td>", "<td>", "&", "&a", "&#1",
        "<", "</", "<!--", "<title>", "<script>", '<a b="', "<a b='", "<svg>", "<svg><p>", "x<br>",
        "x<sup>1</sup>", "<span hidden>x</span>y", "<i></b>", "<option>", "<dd>", "<p>x</div>",
        "<td colspan=99>x", "www.", "https://x.y ", "<q>x", "<h1>x</h2>", "\u00ad x",
        "<sup>1</sup>,", "<del><p>", "<a title=a href=b>", "<details><summary>", "<code>x",
    ),
    "text": (
        "a\n", "• ", "•\n", "1\n", "1. a\n", "a > ", "perma-\nnent\n", "Home\n", "© a\n", " a\n  b\n",
        "\f", "word " * 9 + "\n", "Tags: x\n", "a-\n", "•\n 1\n x\n", "http://", "a ",
    ),
}  # fmt: skip
_SIZE = 8_000


@pytest.fixture(autouse=True)
def _no_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def _cost(data: bytes, form: Format) -> float:
    """Measure the least processor time of two runs; other work on the machine only ever adds."""
    costs = []
    for _ in range(2):
        start = time.process_time()
        read(data, "a", form)
        costs.append(time.process_time() - start)
    return max(min(costs), 1e-3)


@pytest.mark.parametrize(
    ("form", "part"), [(form, part) for form, parts in _PARTS.items() for part in parts]
)
def test_work_grows_with_the_size(form: Format, part: str) -> None:
    small, large = ((part * (size // len(part))).encode() for size in (_SIZE, 4 * _SIZE))
    # Quadratic work costs 16 times as much, every time; linear work 4 times, but for disturbances.
    assert any(_cost(large, form) / _cost(small, form) < 9 for _ in range(6))


@pytest.mark.parametrize(
    ("form", "opening", "closing"),
    [
        ("html", "<div>", "</div>"),
        ("html", "<table><tr><td>", "</table>"),
        ("html", "<ul><li>", "</ul>"),
        ("html", "<template>", "</template>"),
        ("markdown", "> ", ""),
        ("markdown", "[", "](x)"),
        ("markdown", "**", "**"),
        ("text", "• ", ""),
    ],
)
def test_deep_nesting_is_read(form: Format, opening: str, closing: str) -> None:
    depth = 20 * sys.getrecursionlimit()
    draft = f"{opening * depth}deep{closing * depth}\n\nafter"
    document = read(draft.encode(), "a", form)
    assert any(block.text.endswith("deep") or "deep" in block.text for block in document.blocks)
    assert "after" in document.blocks[-1].text


def test_one_huge_table() -> None:
    rows = 3000
    draft = "| a | b |\n|---|---|\n" + "| x | y |\n" * rows
    document = read(draft.encode(), "a.md", "markdown")
    assert len(document.blocks) == 2 * rows + 2
    assert {block.header for block in document.blocks[2:]} == {0, 1}


def test_markup_that_never_ends_is_one_token() -> None:
    text = '<a b="' * 5000 + "x"
    assert len(list(tokens(text, 0, len(text)))) <= 2
