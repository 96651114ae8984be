"""Hostile trees: twice the size takes about twice the work."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator

import pytest

from claimlint.model.document import Format
from claimlint.readers import read


def _array(node: str) -> Callable[[int], str]:
    return lambda size: f"[{','.join([node] * (size // (len(node) + 1)))}]"


def _string(part: str) -> Callable[[int], str]:
    escaped = part.replace("\n", "\\n")
    return lambda size: (
        f'[{{"type":"paragraph","children":[{{"type":"text","text":"{escaped * (size // len(part))}"}}]}}]'
    )


def _within(opening: str, inner: Callable[[int], str], closing: str) -> Callable[[int], str]:
    return lambda size: opening + inner(size) + closing


_T = '{"nodeType":"text","value":"x"}'
_CASES: dict[str, tuple[Format, Callable[[int], str]]] = {
    "texts": ("contentful", _within(
        '{"nodeType":"document","content":[{"nodeType":"paragraph","content":', _array(_T), "}]}")),
    "paragraphs": ("contentful", _within(
        '{"nodeType":"document","content":',
        _array(f'{{"nodeType":"paragraph","content":[{_T}]}}'), "}")),
    "lists": ("contentful", _within(
        '{"nodeType":"document","content":',
        _array(f'{{"nodeType":"unordered-list","content":[{{"nodeType":"list-item","content":[{_T}]}}]}}'),
        "}")),
    "cells": ("prosemirror", _within(
        '{"type":"doc","content":[{"type":"table","content":[{"type":"table_row","content":',
        _array('{"type":"table_cell","content":[{"type":"text","text":"x"}]}'), "}]}]}")),
    "unknown": ("prosemirror", _within(
        '{"type":"doc","content":', _array('{"type":"x","attrs":{"title":"some words"}}'), "}")),
    "wrong": ("prosemirror", _within('{"type":"doc","content":', _array("1"), "}")),
    "empty": ("prosemirror", _within('{"type":"doc","content":', _array("{}"), "}")),
    "levels": ("portable_text", _array(
        '{"_type":"block","listItem":"a","level":20,"children":[{"text":"a"}]},'
        '{"_type":"block","listItem":"b","level":1,"children":[{"text":"a"}]}')),
    "definitions": ("portable_text", _within(
        '[{"_type":"block","children":[],"markDefs":', _array('{"_key":"a","href":"b"}'), "}]")),
    "spans": ("prismic", _within(
        '[{"type":"paragraph","text":"' + "🙂" * 500 + '","spans":',
        _array('{"type":"hyperlink","start":1,"end":900}'), "}]")),
    "html": ("lexical", _within(
        '{"root":{"children":', _array('{"type":"html","html":"<table><td><a href=x><script>"}'), "}}")),
    "inline": ("editorjs", _within(
        '{"blocks":', _array('{"type":"paragraph","data":{"text":"<b>a &amp; <i>"}}'), "}")),
    "lines": ("strapi_blocks", _string("\n")),
    "bullets": ("strapi_blocks", _string("\n• ")),
    "blank lines": ("strapi_blocks", _string("\n   \n a")),
    "spaces": ("strapi_blocks", _string("\n" + " " * 500)),
    "groups": ("wordpress", lambda size: "<!-- wp:group -->\n<div>" * (size // 24)),
    "shortcodes": ("wordpress", lambda size: "[a b=1] " * (size // 8)),
    "open shortcodes": ("wordpress", lambda size: "[a " * (size // 3)),
    "classic": ("wordpress", lambda size: "\n\n\n x" * (size // 5)),
    "attributes": ("wordpress", lambda size: "<!-- wp:x {" + "} " * (size // 2) + "-->"),
}  # fmt: skip
_SIZE = 30_000


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


@pytest.mark.parametrize("case", _CASES)
def test_work_grows_with_the_size(case: str) -> None:
    form, write = _CASES[case]
    small, large = (write(size).encode() for size in (_SIZE, 4 * _SIZE))
    # Quadratic work costs 16 times as much, every time; linear work 4 times, but for disturbances.
    assert any(_cost(large, form) / _cost(small, form) < 9 for _ in range(6))
