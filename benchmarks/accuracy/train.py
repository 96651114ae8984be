"""Train the weights of the claim model on the project's labelled sentences.

Run `python -m benchmarks.accuracy.train` (it needs scikit-learn, which claimlint itself does not); it
reads `benchmarks/accuracy/sentences/*.jsonl` and writes `rulesets/weights/claims.bin`. The same
sentences and rules give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from claimlint.config import load_config
from claimlint.engine.impression import heard_of
from claimlint.engine.judge import Judge
from claimlint.engine.page import Page, Tools, make_page, make_tools
from claimlint.engine.scene import Scene
from claimlint.engine.syllables import open_word_table
from claimlint.engine.weigh import STEPS, Weights
from claimlint.model.rule import DOCUMENT_CATEGORIES, WeighedRule
from claimlint.packs import Selection, load_ruleset
from claimlint.readers import read
from claimlint.rule_tests import authored_rules, run_rule_tests

HERE = Path(__file__).parent
RULESETS = HERE.parents[1] / "rulesets"
WEIGHTS = RULESETS / "weights" / "claims.bin"
PLACES = 1 << 17  # a byte and a half each: under 200 kB
# Of NB-SVM: the power that tempers the counts of one writer, the smoothing of counts, the inverse of
# the penalty, the share of the regression's own weights against the naive Bayes ones; chosen by what
# they gave on sentences of other writers.
TEMPER, SMOOTHING, STRENGTH, OWN_SHARE = 0.5, 0.15, 1.0, 0.25
FOLDS = 6
AUTHORED_TIMES = 4
_MEAN_SHARE = 0.3  # how much a frequent feature matters that weighs nothing, in mean weights
# The largest step is the weight that so many stay below: a few giants would leave the rest no steps.
_LARGEST = 0.99
_AUTHORED = ""  # in place of the name of a file
_MARKS = {"heading": "# ", "title": "# ", "item": "- "}


class Labelled(NamedTuple):
    """A labelled text, the features of its sentences, and which writer's file it stands in."""

    text: str
    flagged: bool
    features: frozenset[str]
    writer: str


class Reader:
    """Reads labelled texts the way the engine reads drafts."""

    def __init__(self) -> None:
        if not WEIGHTS.exists():  # rules load with weights only, and these have a say in nothing
            WEIGHTS.parent.mkdir(parents=True, exist_ok=True)
            WEIGHTS.write_bytes(Weights.image(0, 1, {}, PLACES))
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


class Model(NamedTuple):
    """A linear model: the log odds of a claim are `bias` and the weights of a sentence's features.

    `counts`: in how many sentences a feature stands.
    """

    bias: float
    weights: dict[str, float]
    counts: dict[str, int]


def fitted(examples: list[Labelled]) -> Model:
    """NB-SVM with a logistic loss (Wang and Manning 2012), calibrated on writers it did not see.

    A logistic regression over features scaled by their log-count ratio, drawn towards naive Bayes,
    which knows better than the regression what a rare word means.
    """
    names = sorted(frozenset().union(*(one.features for one in examples)))
    rows = _matrix(examples, {name: at for at, name in enumerate(names)})
    flagged = np.array([one.flagged for one in examples])
    writers = np.unique([one.writer for one in examples], return_inverse=True)[1]
    scores = np.zeros(len(examples))
    for known, unseen in GroupKFold(FOLDS).split(rows, flagged, writers):
        scores[unseen] = rows[unseen] @ _weights(rows[known], flagged[known], writers[known])
    # Platt 1999: the slope and bias that turn scores into log odds.
    model = LogisticRegression(C=1e6).fit(scores.reshape(-1, 1), flagged)
    slope, bias = float(model.coef_[0][0]), float(model.intercept_[0])
    weights = slope * _weights(rows, flagged, writers)
    counts = np.asarray(rows.sum(0)).ravel().astype(int)
    return Model(
        bias,
        dict(zip(names, weights.tolist(), strict=True)),
        dict(zip(names, counts.tolist(), strict=True)),
    )


def _matrix(examples: list[Labelled], columns: dict[str, int]) -> csr_matrix:
    """One row for each example, one column for each feature."""
    rows = [sorted(columns[name] for name in one.features) for one in examples]
    starts = np.cumsum([0, *map(len, rows)])
    flat = np.concatenate([np.array(row, dtype=np.int64) for row in rows])
    return csr_matrix((np.ones(len(flat)), flat, starts), shape=(len(rows), len(columns)))


def _weights(rows: csr_matrix, flagged: np.ndarray, writers: np.ndarray) -> np.ndarray:
    """The weight of each feature; 0 for one that stands in no row."""
    claims, others = _tempered(rows, flagged, writers), _tempered(rows, ~flagged, writers)
    ratio = np.log((claims / claims.sum()) / (others / others.sum()))
    model = LogisticRegression(C=STRENGTH, solver="liblinear", max_iter=500)
    own = model.fit(rows @ diags(ratio), flagged).coef_[0]
    weights = ((1 - OWN_SHARE) * np.abs(own).mean() + OWN_SHARE * own) * ratio
    met: np.ndarray = np.where(np.asarray(rows.sum(0)).ravel() > 0, weights, 0.0)
    return met


def _tempered(rows: csr_matrix, chosen: np.ndarray, writers: np.ndarray) -> np.ndarray:
    """The smoothed counts of features: what one writer says often counts less than what many say."""
    total = np.full(rows.shape[1], SMOOTHING)
    for writer in np.unique(writers):
        counts = np.asarray(rows[chosen & (writers == writer)].sum(0)).ravel()
        total += counts**TEMPER
    return total


def image(model: Model) -> bytes:
    """The weights as the engine reads them; those that move scores most choose their places first.

    A frequent feature that weighs nothing has its place too: it must not be taken for another.
    """
    weights, counts = model.weights, model.counts
    mean = float(np.abs(list(weights.values())).mean())
    matters = {name: counts[name] * (abs(weights[name]) + _MEAN_SHARE * mean) for name in weights}
    moved = sorted(weights, key=lambda name: (-matters[name], name))
    placed = np.abs([weights[name] for name in moved[:PLACES]])
    scale = float(np.quantile(placed, _LARGEST)) / STEPS[-1]
    return Weights.image(
        model.bias, scale, {name: _step(weights[name] / scale) for name in moved}, PLACES
    )


def _step(size: float) -> int:
    """The step whose size is nearest, below zero for a weight below zero."""
    nearest = min(range(len(STEPS)), key=lambda step: abs(STEPS[step] - abs(size)))
    return nearest if size > 0 else -nearest


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
    data = image(fitted(examples))
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_bytes(data)
    flagged = sum(one.flagged for one in examples)
    sys.stdout.write(f"{len(examples)} sentences, {flagged} of them claims; {len(data)} bytes\n")


if __name__ == "__main__":
    main()
