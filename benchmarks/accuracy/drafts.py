"""Measure the judgement on whole drafts that no weights were trained on.

Run `python -m benchmarks.accuracy.drafts`; `--misses` lists what went wrong. The drafts stand sentence by
sentence in `benchmarks/accuracy/drafts/*.jsonl` (`t` the text, `y` whether it is a claim, `c` its
category, `k` the kind of block, `topic` the draft, `says` the disclosures that a second reader found it to
make) and are put together as Markdown. A line counts as flagged as in `measure`. Disclosures are counted
by draft, where they are due.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.accuracy.measure import Judge, flagging, told

from claimlint.model.report import DocumentReport

DRAFTS = Path(__file__).parent / "drafts"
_MARKS = {"heading": "## ", "title": "# ", "item": "- "}
_APART = frozenset([*_MARKS, "cell", "alt", "label"])  # kinds that stand on a line of their own
_PARAGRAPH = 4  # sentences
# By the rule that asks for it. Risks are a category of lines; the others were only marked in some files.
_RISKS = "disclosure/risks"
_SAID = {
    "results_vary": "disclosure/results-vary",
    "consult": "disclosure/consult-a-professional",
    "not_advice": "disclosure/not-medical-advice",
}


class Line(NamedTuple):
    """A line of a draft: its offsets there, its words, and whether it is a claim."""

    start: int
    end: int
    words: str
    claims: bool


class Outcome(NamedTuple):
    """Counts: claims, claims that were flagged, findings, findings on a claim, words."""

    claims: int = 0
    caught: int = 0
    findings: int = 0
    right: int = 0
    words: int = 0

    def __add__(self, other: object) -> Outcome:
        assert isinstance(other, Outcome)
        return Outcome(*(one + more for one, more in zip(self, other, strict=True)))

    def __str__(self) -> str:
        recall, precision = self.caught / self.claims, self.right / self.findings
        both = 2 * precision * recall / (precision + recall)
        alarms = 1000 * (self.findings - self.right) / self.words
        return (
            f"recall {recall:.3f} of {self.claims}, precision {precision:.3f}, F1 {both:.3f}, "
            f"{alarms:.2f} alarms per 1,000 of {self.words} words"
        )


def put_together(rows: list[dict[str, Any]]) -> tuple[str, list[Line]]:
    """A draft as Markdown, and its lines."""
    text, lines, running = "", [], 0
    before = ""  # the kind of the line before
    for row in rows:
        kind, words = row["k"], " ".join(row["t"].split())
        if kind in _APART:
            running = 0
            text += "\n" if kind == before == "item" else "\n\n"
        else:
            running = running % _PARAGRAPH + 1
            text += "\n\n" if running == 1 else " "
        text += _MARKS.get(kind, "")
        lines.append(Line(len(text), len(text) + len(words), words, bool(row["y"])))
        text += words
        before = kind
    return text + "\n", lines


def drafts(path: Path) -> list[list[dict[str, Any]]]:
    """The rows of each draft of a file."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [list(lines) for _, lines in groupby(rows, key=lambda row: row["topic"])]


def measured(judge: Judge, path: Path, missed: list[str], disclosed: Counter[str]) -> Outcome:
    """What the judge makes of the drafts of a file; `disclosed` is counted on."""
    total = Outcome()
    files = drafts(path)
    marked = any("says" in row for rows in files for row in rows)
    for rows in files:
        text, lines = put_together(rows)
        report = judge(text)
        disclosed.update(_disclosed(report, rows, marked=marked))
        found = flagging(report.findings)
        right = 0
        caught: set[Line] = set()
        for finding in found:
            start, end = finding.span.start.offset, finding.span.end.offset
            hit = [one for one in lines if start < one.end and one.start < end]
            right += any(one.claims for one in hit)
            caught.update(one for one in hit if one.claims)
            missed += [
                f"false alarm: {one.words} <{told([finding])}>" for one in hit if not one.claims
            ]
        claims = [one for one in lines if one.claims]
        missed += [f"missed: {one.words}" for one in claims if one not in caught]
        total += Outcome(len(claims), len(caught), len(found), right, len(text.split()))
    return total


def _disclosed(
    report: DocumentReport, rows: list[dict[str, Any]], *, marked: bool
) -> Iterator[str]:
    """How the disclosures of a draft were judged, those that are due."""
    made = {_RISKS} if any(row["c"] == "risk" for row in rows) else set()
    made.update(_SAID[name] for row in rows for name in row.get("says", ()))
    looked_for = {_RISKS, *_SAID.values()} if marked else {_RISKS}
    for one in report.disclosures:
        if one.rule in looked_for and one.status != "not_required":
            there, seen = one.rule in made, one.status == "present"
            yield f"{one.rule}: {'made' if there else 'not made'}, {'' if seen else 'not '}found"


def main() -> None:
    """Print the figures of each file and of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    judge, total = Judge(), Outcome()
    missed: list[str] = []
    disclosed: Counter[str] = Counter()
    for path in sorted(DRAFTS.glob("*.jsonl")):
        outcome = measured(judge, path, missed, disclosed)
        total += outcome
        sys.stdout.write(f"{path.stem}: {outcome}\n")
    sys.stdout.write(f"all: {total}\n")
    sys.stdout.writelines(
        f"{what} in {count} drafts\n" for what, count in sorted(disclosed.items())
    )
    if options.misses:
        sys.stdout.write("\n".join(missed) + "\n")


if __name__ == "__main__":
    main()
