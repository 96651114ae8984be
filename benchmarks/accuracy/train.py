"""Train the claim model on the project's labelled sentences.

Run `python -m benchmarks.accuracy.train` (it needs PyTorch and scikit-learn, which claimlint itself does
not); it reads `benchmarks/accuracy/sentences/*.jsonl` and writes `rulesets/weights/claims.bin`. The same
sentences and rules give the same bytes on the same machine.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
from benchmarks.accuracy.model import Labelled, empty, trained

from claimlint.config import load_config
from claimlint.engine.impression import heard_of
from claimlint.engine.judge import Judge
from claimlint.engine.page import Page, Tools, make_page, make_tools
from claimlint.engine.scene import Scene
from claimlint.engine.syllables import open_word_table
from claimlint.model.rule import DOCUMENT_CATEGORIES, WeighedRule
from claimlint.packs import Selection, load_ruleset
from claimlint.readers import read
from claimlint.rule_tests import authored_rules, run_rule_tests

HERE = Path(__file__).parent
RULESETS = HERE.parents[1] / "rulesets"
WEIGHTS = RULESETS / "weights" / "claims.bin"
AUTHORED_TIMES = 4
_AUTHORED = ""  # in place of the name of a file
_MARKS = {"heading": "# ", "title": "# ", "item": "- "}


class Reader:
    """Reads labelled texts the way the engine reads drafts."""

    def __init__(self) -> None:
        if not WEIGHTS.exists():  # rules load with weights only, and these have a say in nothing
            WEIGHTS.parent.mkdir(parents=True, exist_ok=True)
            WEIGHTS.write_bytes(empty())
        table = open_word_table(None)
        self._tools = make_tools(load_ruleset(Selection(), None), table, 8, None)

    def features(self, text: str, kind: str) -> frozenset[str]:
        """The features of all sentences of a text."""
        return frozenset().union(*self.sentences(_MARKS.get(kind, "") + text + "\n"))

    def sentences(self, text: str) -> Iterator[set[str]]:
        """The features of each sentence of a Markdown text that the model would see."""
        page = make_page(read(text.encode(), "draft.md", "markdown"), self._tools.matcher)
        listener = _Listener(self._tools, page)
        listener.candidates()
        yield from listener.features


class _Listener(Judge):
    """Judges a page and keeps what the model sees of its sentences."""

    def __init__(self, tools: Tools, page: Page) -> None:
        super().__init__(tools, page)
        self.features: list[set[str]] = []
        self._weigher = tools.weigher

    def weigh(self, scene: Scene, before: int, shapes: set[str]) -> None:
        heard = heard_of(scene, self._found[before:], self._rules, shapes)
        self.features.append(self._weigher.features(scene.statement, heard))


def labelled(reader: Reader, paths: list[Path]) -> Iterator[Labelled]:
    """The labelled sentences of some files, each once."""
    seen: set[str] = set()
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["t"] not in seen:
                seen.add(row["t"])
                features = reader.features(row["t"], row["k"])
                if features:
                    yield Labelled(row["t"], bool(row["y"]), features, path.stem)


def authored(reader: Reader) -> Iterator[Labelled]:
    """What the packs' own examples and suggestions say of claims, where it is one sentence.

    Those of weighed rules are left out: they try the model, and what they flag hangs on the weights of
    before.
    """
    markets = tuple(sorted(path.stem for path in (RULESETS / "markets").glob("*.yaml")))
    config = msgspec.structs.replace(load_config(None, str(HERE)), markets=markets)
    rules = authored_rules(config)
    for test in run_rule_tests(config, cache=None):
        rule = rules[test.rule]
        if test.kind == "fix" or rule.category in DOCUMENT_CATEGORIES:
            continue
        if isinstance(rule, WeighedRule):
            continue
        line = test.example.rstrip().rpartition("\n")[2]  # before it stands what the page is about
        if test.kind == "flag" and "[[" not in line:
            continue
        text = line.replace("[[", "").replace("]]", "")
        features = frozenset[str]().union(*reader.sentences(text + "\n"))
        if features:
            yield Labelled(text, test.kind == "flag", features, _AUTHORED)


def main() -> None:
    """Train, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    files = options.files or sorted((HERE / "sentences").glob("*.jsonl"))
    reader = Reader()
    examples = sorted(labelled(reader, files))
    # What the packs say of themselves counts more: a suggestion must never read as a claim.
    examples += sorted(authored(reader)) * AUTHORED_TIMES
    data = trained(examples)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_bytes(data)
    flagged = sum(one.flagged for one in examples)
    sys.stdout.write(f"{len(examples)} sentences, {flagged} of them claims; {len(data)} bytes\n")


if __name__ == "__main__":
    main()
