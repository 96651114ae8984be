"""What --fix never does, where no draft can show it: let-off findings, words that overlap."""

from __future__ import annotations

import datetime

import msgspec

from claimlint import app
from claimlint.config import Config
from claimlint.fixes import Edit, edits, exchanged, wordings_of
from claimlint.model.document import Document
from claimlint.model.report import Finding, Suppression

WORDINGS = {"superlative/miracle": wordings_of({"miracle treatment": "treatment"})}


def checked(text: str) -> tuple[Document, tuple[Finding, ...]]:
    run = app.check_source(
        text.encode(), "a.md", Config(root=""), datetime.date(2026, 11, 20), cache=None
    )
    return run.drafts[0], run.report.documents[0].findings


def test_a_finding_that_somebody_let_off_is_not_fixed() -> None:
    draft, findings = checked("Ask about our miracle treatment on Monday.\n")
    assert edits(draft, findings, WORDINGS) == (Edit(14, 31, "treatment", "superlative/miracle"),)
    off = Suppression("waiver", "the name of a song", "Anna")
    waived = [msgspec.structs.replace(one, suppressed=off) for one in findings]
    assert edits(draft, waived, WORDINGS) == ()


def test_of_fixes_that_overlap_one_is_made() -> None:
    draft, findings = checked("Ask about our miracle treatment on Monday.\n")
    twin = msgspec.structs.replace(findings[0], rule="ours/twin")
    wordings = {**WORDINGS, "ours/twin": wordings_of({"miracle treatment": "therapy"})}
    found = edits(draft, (*findings, twin), wordings)
    assert len(found) == 1
    assert exchanged(draft.source.text, found) == "Ask about our treatment on Monday.\n"
