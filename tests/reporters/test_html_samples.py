"""The page of every sample: what is highlighted is what was found, in the draft and in its source."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from tests.reporters.page_parser import Page

from claimlint import app
from claimlint.config import load_config
from claimlint.reporters import html

ROOT = Path(__file__).parents[2]
TODAY = datetime.date(2026, 11, 20)
LINE_ENDS = re.compile(r"[\r\n]+")


def test_every_sample_highlights_the_words_of_its_findings() -> None:
    config = load_config(str(ROOT / "samples" / "claimlint.yaml"), str(ROOT))
    run = app.run(
        config, (str(ROOT / "samples"),), TODAY, cache=None, keep_drafts=True, explain=True
    )
    page = Page(html.render(run.report, run.drafts, today=TODAY))
    wrong = []
    checked = 0
    for number, document in enumerate(run.report.documents, start=1):
        for place, found in enumerate(document.findings, start=1):
            checked += 1
            key = (f"d{number}", place)
            marked, sourced = page.marked.get(key, ""), page.sourced.get(key, "")
            if (marked, sourced) != (found.words, LINE_ENDS.sub("", found.text)):
                wrong.append((document.path, found.rule, found.words, marked, found.text, sourced))
    assert wrong == []
    assert checked > 100
    assert {document.format for document in run.report.documents} == {
        "markdown", "html", "docx", "text",
    }  # fmt: skip


def test_every_line_of_a_source_is_the_line_of_its_draft() -> None:
    config = load_config(str(ROOT / "samples" / "claimlint.yaml"), str(ROOT))
    path = str(ROOT / "samples" / "mixed")
    run = app.run(config, (path,), TODAY, cache=None, keep_drafts=True)
    lines = Page(html.render(run.report, run.drafts, today=TODAY)).source_lines
    for number, draft in enumerate(run.drafts, start=1):
        assert "".join(lines[f"d{number}"]) == f"{draft.source.text}\n"
