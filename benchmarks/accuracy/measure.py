"""Measure the judgement on the project's own labelled corpus, which no rule and no weight was made from.

Run `python -m benchmarks.accuracy.measure`; `--misses` lists what went wrong, `--write` brings
`clean_rates.json` (how often each rule fires on clean text) up to date. A statement counts as flagged
when a finding of severity error or warning, in a category that speaks of a claim, overlaps it.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from claimlint.config import load_config
from claimlint.model.document import Format
from claimlint.model.report import DocumentReport, Finding
from claimlint.model.rule import DOCUMENT_CATEGORIES
from claimlint.workshop import Plan, Workshop

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "corpus"
RATES = Path(__file__).parent / "clean_rates.json"
FOOTER = (
    "\n\n## Find us\n\nOur clinic is open on weekdays. Call the front desk or book a visit online; "
    "there is parking in the yard.\n"
)


class Share(NamedTuple):
    """A part of a whole, by name."""

    name: str
    part: int
    whole: int

    def __str__(self) -> str:
        share = self.part / self.whole if self.whole else 0.0
        return f"{self.name}: {share:.3f} ({self.part} of {self.whole})"


class Judge:
    """Checks texts as `claimlint check` does without any configuration."""

    def __init__(self) -> None:
        self._workshop = Workshop(Plan(load_config(None, str(CORPUS)), None))

    def __call__(self, text: str, form: Format = "markdown") -> DocumentReport:
        """The report of one text."""
        name = "draft.txt" if form == "text" else "draft.md"
        report = self._workshop.check(text.encode(), name, form).document
        assert report is not None
        return report

    def rules(self) -> tuple[str, ...]:
        """The ids of the rules that it judges by."""
        settings = self._workshop.settings("draft.md")
        return tuple(rule.id for rule in self._workshop.ruleset(settings).shown)

    def flags(self, text: str, form: Format = "markdown") -> list[Finding]:
        """The findings of a text that count as flagging a claim."""
        return flagging(self(text, form).findings)


def flagging(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that say that a statement is a claim."""
    return [
        one
        for one in findings
        if one.severity != "note" and one.category not in DOCUMENT_CATEGORIES
    ]


def rows(name: str) -> list[dict[str, Any]]:
    """The labelled cases of one file."""
    text = (CORPUS / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def digest() -> str:
    """A digest of the corpus: its labels and drafts."""
    found = hashlib.sha256()
    for path in sorted(CORPUS.rglob("*")):
        if path.is_file() and path.suffix in (".jsonl", ".md", ".txt", ".html"):
            found.update(path.relative_to(CORPUS).as_posix().encode() + b"\0")
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def sentences(judge: Judge, missed: list[str]) -> Iterator[Share]:
    """Single statements: recall of claims, and honest statements left alone."""
    clean = rows("clean.jsonl")
    caught: Counter[str] = Counter()
    total: Counter[str] = Counter()
    spared = fair = inside = 0
    for number, row in enumerate(rows("sentences.jsonl")):
        found = judge.flags(row["text"] + "\n")
        if row["label"] == "ok":
            fair += 1
            spared += not found
            if found:
                missed.append(f"false alarm {row['id']}: {row['text']} <{told(found)}>")
            continue
        total[row["category"]] += 1
        caught[row["category"]] += bool(found)
        if not found:
            missed.append(f"missed {row['id']} {row['category']}: {row['text']}")
        before = clean[number % len(clean)]["text"] + "\n\n"
        around = judge.flags(before + row["text"] + FOOTER)
        end = len(before) + len(row["text"])
        overlap = [
            f for f in around if f.span.start.offset < end and len(before) < f.span.end.offset
        ]
        inside += bool(overlap)
    yield Share("claims: recall", caught.total(), total.total())
    for category in sorted(total):
        yield Share(f"  {category}", caught[category], total[category])
    yield Share("claims inside informative text: recall", inside, total.total())
    yield Share("honest statements left alone", spared, fair)


def pairs(judge: Judge, missed: list[str]) -> Iterator[Share]:
    """Minimal pairs: one side must be flagged, its twin must not."""
    both = caught = spared = 0
    cases = rows("pairs.jsonl")
    for row in cases:
        flagged = bool(judge.flags(row["flag"] + "\n"))
        found = judge.flags(row["ok"] + "\n")
        caught, spared, both = (
            caught + flagged,
            spared + (not found),
            both + (flagged and not found),
        )
        if not flagged:
            missed.append(f"missed {row['id']}: {row['flag']}")
        if found:
            missed.append(f"false alarm {row['id']}: {row['ok']} <{told(found)}>")
    yield Share("pairs: caught", caught, len(cases))
    yield Share("pairs: twin left alone", spared, len(cases))
    yield Share("pairs: both", both, len(cases))


def clean(judge: Judge, missed: list[str], rates: Counter[str]) -> Iterator[str]:
    """Responsible passages: alarms for every 1,000 words, alone and with a clinic's footer."""
    cases = rows("clean.jsonl")
    count = sum(len(row["text"].split()) for row in cases)
    for name, after in (("clean", "\n"), ("clean with a clinic's footer", FOOTER)):
        alarms = errors = quiet = 0
        for row in cases:
            found = judge.flags(row["text"] + after)
            alarms += len(found)
            errors += sum(one.severity == "error" for one in found)
            quiet += not found
            if after == "\n":
                rates.update(one.rule for one in found)
                missed += [f"false alarm {row['id']}: {one.rule}: {one.words}" for one in found]
        yield (
            f"{name}: {1000 * alarms / count:.2f} alarms per 1,000 words, {errors} errors, "
            f"{quiet} of {len(cases)} passages quiet"
        )


def drafts(judge: Judge, missed: list[str]) -> Iterator[str]:
    """Whole drafts sentence by sentence: precision, recall and F1 of what is flagged."""
    cases = rows("drafts.jsonl")
    hits = gold = alarms = findings = spared = fair = 0
    for name in sorted({row["doc"] for row in cases}):
        text = (CORPUS / "drafts" / name).read_text(encoding="utf-8")
        found = judge.flags(text, "text" if name.endswith(".txt") else "markdown")
        said = [row for row in cases if row["doc"] == name]
        for row in said:
            over = [one for one in found if _overlaps(one, row)]
            if row["label"] == "flag":
                gold += 1
                hits += bool(over)
                if not over:
                    missed.append(f"missed {name}: {row['quote']}")
            elif row["label"] == "ok":
                fair += 1
                spared += not over
        for one in found:
            labels = {row["label"] for row in said if _overlaps(one, row)}
            if labels & {"flag", "either"}:
                findings += 1
            else:
                alarms += 1
                missed.append(f"false alarm {name}: {one.rule}: {one.words}")
    precision = findings / (findings + alarms) if findings + alarms else 0.0
    recall = hits / gold if gold else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    yield f"drafts: F1 {f1:.3f}, precision {precision:.3f}, recall {recall:.3f} ({hits} of {gold})"
    yield str(Share("drafts: honest statements left alone", spared, fair))


def evidence(judge: Judge, missed: list[str]) -> Iterator[Share]:
    """The support that is told of a statement of benefit."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for row in rows("evidence.jsonl"):
        start = row["text"].index(row["statement"])
        end = start + len(row["statement"])
        report = judge(row["text"] + "\n")
        over = [
            one
            for one in report.findings
            if one.span.start.offset < end and start < one.span.end.offset
        ]
        said = {one.context.evidence for one in over} | ({"silent"} if not over else set())
        malformed = any(one.rule == "evidence/malformed-identifier" for one in report.findings)
        wanted = row["evidence"]
        good = malformed if wanted == "malformed" else wanted in said
        good = good or (wanted == "adequate" and said <= {"silent", "not_needed"})
        total[wanted] += 1
        right[wanted] += good
        if not good:
            missed.append(f"evidence {row['id']} {wanted}, said {sorted(said)}: {row['statement']}")
    yield Share("evidence told rightly", right.total(), total.total())
    for name in sorted(total):
        yield Share(f"  {name}", right[name], total[name])


# What the corpus calls a disclosure, by the rule that asks for it.
_DISCLOSED = {
    "disclosure/not-medical-advice": {"not_medical_advice", "educational"},
    "disclosure/results-vary": {"results_vary"},
    "disclosure/risks": {"risks"},
    "disclosure/not-approved": {"not_approved"},
    "disclosure/consult-a-professional": {"consult"},
}
_CLAIM = "Our exosome therapy relieves pain and cures arthritis.\n\n"  # makes all of them due


def disclosures(judge: Judge, missed: list[str]) -> Iterator[Share]:
    """Disclosures that a text really makes, behind a claim that makes them due."""
    seen = made = told_of = 0
    for row in rows("disclosures.jsonl"):
        found = judge(_CLAIM + row["text"] + "\n").disclosures
        said = {one.rule for one in found if one.status == "present"} & _DISCLOSED.keys()
        wanted = {rule for rule, names in _DISCLOSED.items() if names & set(row["present"])}
        seen, made, told_of = seen + len(said & wanted), made + len(wanted), told_of + len(said)
        if said != wanted:
            missed.append(f"disclosures {row['id']}: said {sorted(said)}, wanted {sorted(wanted)}")
    yield Share("disclosures found", seen, made)
    yield Share("disclosures found that are there", seen, told_of)


def told(found: list[Finding]) -> str:
    """The rules and words of some findings."""
    return "; ".join(f"{one.rule}: {one.words}" for one in found)


def _overlaps(one: Finding, row: dict[str, Any]) -> bool:
    span = one.span
    return bool(span.start.offset < row["end"] and row["start"] < span.end.offset)


def write_rates(rates: Counter[str], rules: tuple[str, ...]) -> None:
    """Write how often each of these rules fires on the clean passages."""
    words = sum(len(row["text"].split()) for row in rows("clean.jsonl"))
    content = {
        "source": f"tests/corpus/clean.jsonl ({words:,} words of responsible health writing)",
        "alarms_per_1000_words": {
            rule: round(1000 * rates[rule] / words, 2) for rule in sorted(rules)
        },
    }
    RATES.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    judge, missed, rates = Judge(), list[str](), Counter[str]()
    lines = [f"corpus {digest()[:16]}, {datetime.date.today().isoformat()}"]
    lines += map(str, sentences(judge, missed))
    lines += map(str, pairs(judge, missed))
    lines += clean(judge, missed, rates)
    lines += drafts(judge, missed)
    lines += map(str, evidence(judge, missed))
    lines += map(str, disclosures(judge, missed))
    if options.misses:
        lines += missed
    if options.write:
        write_rates(rates, judge.rules())
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
