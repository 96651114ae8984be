"""Checking again gives the same bytes: another process, another hash seed, other jobs, other orders."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from claimlint.engine.check import Engine
from claimlint.engine.syllables import open_word_table
from claimlint.model.document import Document
from claimlint.model.rule import Pack
from claimlint.packs.compile import compile_ruleset
from claimlint.packs.selection import Selection
from claimlint.readers import read
from tests.properties.generate import FORMS, generate
from tests.properties.pack import SUFFIXES, packs

_SOURCE = Path(__file__).parents[2] / "src"
_PACK = """\
pack: {name}
version: 1.0.0
rules:
  - id: {name}/word
    title: A word
    category: superlative
    severity: {severity}
    kind: phrase
    match: [{match}]
    message: A word of {name}
    why: It is for a test.
    examples:
      flag: ["This is [[{match}]] to us.", "It was [[{match}]] all day."]
      pass: ["This is fine.", "It was all right."]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generated drafts of every format, and two packs that object to the same words."""
    place: Path = tmp_path_factory.mktemp("drafts")
    (place / ".git").mkdir()
    for form in FORMS:
        for seed in range(3):
            (place / f"draft-{seed}{SUFFIXES[form]}").write_bytes(generate(form, seed).data)
    (place / "words.md").write_text("Quite superb care. It is quite superb, as we said.\n")
    for name, severity in (("one", "warning"), ("two", "warning"), ("three", "error")):
        (place / name).mkdir()
        text = _PACK.format(name=name, severity=severity, match="quite superb")
        (place / name / f"{name}.yaml").write_text(text)
    return place


def _run(folder: Path, *words: str, seed: str = "0") -> bytes:
    result = subprocess.run(  # noqa: PLW1510  (findings are a status of their own)
        [sys.executable, "-m", "claimlint", "check", "--format", "json", *words],
        cwd=folder, capture_output=True, timeout=300,
        env={**os.environ, "PYTHONPATH": str(_SOURCE), "PYTHONHASHSEED": seed,
             "XDG_CACHE_HOME": str(folder / ".cache")},
    )  # fmt: skip
    assert result.returncode == 1, result.stderr
    return result.stdout


def test_another_process_gives_the_same_bytes(folder: Path) -> None:
    first = _run(folder)
    assert json.loads(first)["summary"]["documents"] == 13
    assert _run(folder, seed="1") == first
    assert _run(folder, "--jobs", "2", seed="2") == first
    assert _run(folder, "--no-cache", seed="3") == first


def test_the_order_of_packs_changes_no_finding(folder: Path) -> None:
    def told(*packs: str) -> tuple[Any, ...]:
        words = [word for pack in packs for word in ("--pack", f"./{pack}")]
        report = json.loads(_run(folder, "words.md", *words))
        return report["documents"], report["tool"]["ruleset"]["sha256"]

    documents, digest = told("one", "two", "three")
    assert [found["rule"] for found in documents[0]["findings"]].count("three/word") == 2
    for order in (("three", "two", "one"), ("two", "three", "one")):
        assert told(*order) == (documents, digest)


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    """What was read of generated drafts."""
    drafts = [generate(form, seed) for seed in range(20) for form in FORMS]
    return [read(draft.data, "draft", draft.form) for draft in drafts]


def _engine(*packs: Pack) -> Engine:
    return Engine(compile_ruleset(packs, Selection()), open_word_table(None), 8)


def test_the_order_of_packs_changes_no_ruleset(documents: list[Document]) -> None:
    one, other = _engine(*packs()), _engine(*packs()[::-1])
    for document in documents:
        assert one.check(document) == other.check(document)


def test_what_was_checked_before_changes_nothing(documents: list[Document]) -> None:
    one, other = _engine(*packs()), _engine(*packs())
    forwards = [one.check(document) for document in documents]
    backwards = [other.check(document) for document in reversed(documents)]
    assert forwards == backwards[::-1]
