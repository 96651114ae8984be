"""The same draft gives the same findings in every format and at every door."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from claimlint import app
from claimlint.cache import CacheFolder
from claimlint.config import Config
from claimlint.model.document import Format
from claimlint.model.report import DocumentReport
from tests.properties.generate import FORMS, generate
from tests.properties.pack import SUFFIXES, check


def _report(form: Format, seed: int, *, shipped: bool = False) -> DocumentReport:
    report = check(generate(form, seed, common=True).data, form, shipped=shipped).document
    assert report is not None
    return report


def _judgements(report: DocumentReport) -> list[tuple[object, ...]]:
    return [
        (one.rule, one.category, one.severity, one.words, one.sentence and one.sentence.text, one.context)
        for one in report.findings
        if one.category != "metadata"  # formats differ in what they can say of author and date
    ]  # fmt: skip


@pytest.mark.parametrize("shipped", [False, True], ids=["small", "shipped"])
@pytest.mark.parametrize("form", [form for form in FORMS if form != "markdown"])
def test_a_draft_is_judged_alike_in_every_format(form: Format, shipped: bool) -> None:
    findings = 0
    for seed in range(100):
        markdown, other = (_report(one, seed, shipped=shipped) for one in ("markdown", form))
        findings += len(markdown.findings)
        assert _judgements(markdown) == _judgements(other), seed
        assert (markdown.verdict, markdown.words, markdown.language) == (
            other.verdict, other.words, other.language,
        ), seed  # fmt: skip
        assert [(one.rule, one.status) for one in markdown.disclosures] == [
            (one.rule, one.status) for one in other.disclosures
        ], seed
    assert findings > 300


@pytest.mark.parametrize("form", [form for form in FORMS if form != "markdown"])
def test_a_draft_is_as_readable_in_every_format(form: Format) -> None:
    for seed in range(100):
        markdown, other = _report("markdown", seed).readability, _report(form, seed).readability
        assert (markdown is None) == (other is None), seed
        if markdown is not None and other is not None:
            assert markdown.sentences == other.sentences, seed
            assert markdown.flesch_kincaid_grade == other.flesch_kincaid_grade, seed
            assert [one.text for one in markdown.hardest] == [one.text for one in other.hardest], (
                seed
            )


def test_a_file_and_a_text_handed_over_are_judged_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config, today = Config(root=str(tmp_path)), datetime.date(2026, 1, 2)
    cache = CacheFolder(str(tmp_path / "cache"))
    drafts = {
        f"draft-{seed}{SUFFIXES[form]}": generate(form, seed) for form in FORMS for seed in (1, 2)
    }
    for name, draft in drafts.items():
        Path(name).write_bytes(draft.data)
    files = app.run(config, tuple(drafts), today, cache=cache).report
    assert [document.path for document in files.documents] == list(drafts)
    for document, (name, draft) in zip(files.documents, drafts.items(), strict=True):
        handed = app.check_source(draft.data, name, config, today, cache=cache).report
        assert handed.documents == (document,)
        assert handed.tool == files.tool
