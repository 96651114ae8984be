"""On real drafts of every format: JSON by its schema, and the page's highlights are the words."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from tests.cli.conftest import Command
from tests.reporters.page_parser import Page

REPOSITORY = Path(__file__).parents[2]
SCHEMA = REPOSITORY / "docs" / "schema" / "report.schema.json"
ENDINGS = (".md", ".html", ".docx", ".txt")


@pytest.fixture
def samples(folder: Path) -> list[str]:
    """The drafts of samples/, as paths."""
    found = sorted((REPOSITORY / "samples").rglob("*"))
    paths = [str(path) for path in found if path.suffix in ENDINGS and path.stem != "README"]
    assert {Path(path).suffix for path in paths} == set(ENDINGS)
    return paths


def test_json_is_valid_by_the_published_schema(claimlint: Command, samples: list[str]) -> None:
    out = json.loads(claimlint("check", "--format", "json", *samples).stdout)
    assert len(out["documents"]) == len(samples)
    jsonschema.validate(out, json.loads(SCHEMA.read_text("utf-8")))


def test_the_page_highlights_the_words_of_every_finding(
    claimlint: Command, samples: list[str]
) -> None:
    out = json.loads(claimlint("check", "--format", "json", *samples).stdout)
    marked = Page(claimlint("report", "-o", "-", *samples).stdout).marked
    wrong = [
        (document["path"], found["rule"], found["words"], marked.get((f"d{number}", place), ""))
        for number, document in enumerate(out["documents"], start=1)
        for place, found in enumerate(document["findings"], start=1)
        if marked.get((f"d{number}", place), "") != found["words"]
    ]
    assert wrong == []


def test_no_draft_can_steer_the_terminal(claimlint: Command, folder: Path) -> None:
    escape = "\x1b]0;owned\x07\x1b[2J"
    drafts = {
        "a.md": f"Our stem cell {escape} therapy can cure {escape}arthritis\u202e now.\n",
        "b.html": f"<p title='{escape}'>PRP &#27;[2J cures {escape} arthritis &#x202e; now.</p>",
        "c.txt": f"{escape}\nResults are {escape} guaranteed.\n",
    }
    for name, text in drafts.items():
        (folder / name).write_text(text, "utf-8")
    for form in ("text", "concise", "json"):
        shown = claimlint("check", *drafts, "--format", form).stdout
        assert shown
        assert not set(shown) & set("\x1b\x07\x9b\u202e")
    page = claimlint("report", *drafts, "-o", "-").stdout
    assert not set(page) & set("\x1b\x07\x9b\u202e")
