"""The golden corpus: every sample gives the findings that stand beside it in samples/expected.

After a change of rules, read what changed (`git diff samples/expected`) when you have run
`python -m tests.test_samples`, which writes the files anew.
"""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path

import pytest

from claimlint import app
from claimlint.config import load_config
from claimlint.model.report import DocumentReport, Report
from claimlint.readers import FORMATS

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples"
EXPECTED = SAMPLES / "expected"
NAMES = sorted(
    str(path.relative_to(SAMPLES))
    for path in SAMPLES.rglob("*")
    if path.suffix in FORMATS and path.name != "README.md" and EXPECTED not in path.parents
)


@cache
def report() -> Report:
    config = load_config(str(SAMPLES / "claimlint.yaml"), str(SAMPLES))
    paths = tuple(str(SAMPLES / name) for name in NAMES)
    return app.run(config, paths, datetime.date(2026, 11, 20), cache=None).report


def document(name: str) -> DocumentReport:
    return report().documents[NAMES.index(name)]


def described(found: DocumentReport) -> str:
    """What a reader of the report would want to see unchanged, a line for each thing."""
    lines = [f"verdict: {found.verdict}", f"words: {found.words}"]
    lines += [
        f"disclosure {d.status}: {d.rule}" for d in found.disclosures if d.status != "not_required"
    ]
    lines += [f"citation {c.kind} ({c.grade}): {c.value}" for c in found.citations]
    for f in found.findings:
        if f.category != "readability":
            place = f.span.start.place or f"{f.span.start.line}:{f.span.start.column}"
            lines.append(f"{place}: {f.severity} {f.rule} [{f.context.modality}] {f.words}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_gives_what_is_expected(name: str) -> None:
    expected = (EXPECTED / f"{name}.expected").read_text(encoding="utf-8")
    assert described(document(name)) == expected


@pytest.mark.parametrize("name", NAMES)
def test_every_finding_stands_where_it_says(name: str) -> None:
    path = SAMPLES / name
    text = None if path.suffix == ".docx" else path.read_bytes().decode("utf-8-sig")
    for finding in document(name).findings:
        start, end = finding.span.start, finding.span.end
        if text is not None:
            assert text[start.offset : end.offset] == finding.text
            line = text[: start.offset].count("\n") + 1
            assert (start.line, start.offset) == (
                line,
                text.rfind("\n", 0, start.offset) + start.column,
            )
        else:
            assert start.place
        if finding.words:
            assert finding.sentence is not None
            assert finding.words in finding.sentence.text


def test_there_is_something_of_everything() -> None:
    assert len(NAMES) >= 12
    assert {Path(name).suffix for name in NAMES} == {".md", ".html", ".docx", ".txt"}
    verdicts = {name.split("/")[0]: set[str]() for name in NAMES}
    for name in NAMES:
        verdicts[name.split("/")[0]].add(document(name).verdict)
    assert verdicts["marketing"] == {"block"}
    assert verdicts["responsible"] == {"pass"}


def write() -> None:
    for name in NAMES:
        target = EXPECTED / f"{name}.expected"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(described(document(name)), encoding="utf-8")


if __name__ == "__main__":
    write()
