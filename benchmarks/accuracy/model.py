"""Fit the claim model: the mean of its wide and its deep part, calibrated, as the engine reads it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from benchmarks.accuracy import linear, network
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from claimlint.engine.network import CODES, MIDDLE, STEPS, image

# A byte and a half for a wide place, three bytes for a deep one, 32 kB of vectors: under 200 kB in all.
WIDE, DEEP = 80_000, 15_000
FOLDS = 6
_MEAN_SHARE = 0.3  # how much a frequent feature matters that weighs nothing, in mean weights
# The largest step is the weight that so many stay below: a few giants would leave the rest no steps.
_LARGEST = 0.99


class Labelled(NamedTuple):
    """A labelled text, the features of its sentences, and which writer's file it stands in."""

    text: str
    flagged: bool
    features: frozenset[str]
    writer: str


def trained(examples: list[Labelled]) -> bytes:
    """Fit both parts and lay out their file; calibrated on writers that neither part saw."""
    names = sorted(frozenset().union(*(one.features for one in examples)))
    rows = _matrix(examples, {name: at for at, name in enumerate(names)})
    flagged = np.array([one.flagged for one in examples])
    writers = np.unique([one.writer for one in examples], return_inverse=True)[1]
    said = np.zeros((len(examples), 2))
    for known, unseen in GroupKFold(FOLDS).split(rows, flagged, writers):
        weights = linear.fitted(rows[known], flagged[known], writers[known])
        deep = network.fitted(rows[known], flagged[known], DEEP)
        said[unseen] = np.stack([rows[unseen] @ weights, deep.outcomes(rows[unseen])], 1)
    # Each part to log odds, then their mean (Platt 1999).
    slopes = np.array([_platt(said[:, part : part + 1], flagged)[0] for part in (0, 1)]) / 2
    slope, bias = _platt((said @ slopes).reshape(-1, 1), flagged)
    wide_slope, deep_slope = slope * slopes
    weights = wide_slope * linear.fitted(rows, flagged, writers)
    deep = network.fitted(rows, flagged, DEEP)
    scale, steps = _steps(names, weights, np.asarray(rows.sum(0)).ravel())
    codes = {
        names[at]: (int(a), int(b)) for at, (a, b) in zip(deep.columns, deep.codes, strict=True)
    }
    numbers = [
        bias + deep_slope * deep.bias,
        scale,
        *deep.thresholds.tolist(),
        *(deep_slope * deep.outs).tolist(),
    ]
    return image(steps, WIDE, codes, DEEP, deep.vectors.astype(np.uint8).tobytes(), numbers)


def empty() -> bytes:
    """A file of a model that knows nothing."""
    return image({}, 4, {}, 4, bytes([MIDDLE]) * 2 * CODES, [0.0, 1.0, 0.0, 0.0])


def _matrix(examples: list[Labelled], columns: dict[str, int]) -> csr_matrix:
    """One row for each example, one column for each feature."""
    rows = [sorted(columns[name] for name in one.features) for one in examples]
    starts = np.cumsum([0, *map(len, rows)])
    flat = np.concatenate([np.array(row, dtype=np.int64) for row in rows])
    return csr_matrix((np.ones(len(flat)), flat, starts), shape=(len(rows), len(columns)))


def _platt(scores: np.ndarray, flagged: np.ndarray) -> tuple[float, float]:
    """The slope and bias that turn scores into log odds."""
    model = LogisticRegression(C=1e6).fit(scores, flagged)
    return float(model.coef_[0][0]), float(model.intercept_[0])


def _steps(
    names: list[str], weights: np.ndarray, counts: np.ndarray
) -> tuple[float, dict[str, int]]:
    """What a step of a weight is, and the weights in steps; those that move scores most come first.

    A frequent feature that weighs nothing has its place too: it must not be taken for another.
    """
    sizes = np.abs(weights)
    moved = np.argsort(-counts * (sizes + _MEAN_SHARE * sizes.mean()), kind="stable")
    scale = float(np.quantile(sizes[moved[:WIDE]], _LARGEST)) / STEPS[-1]
    return scale, {names[at]: _step(weights[at] / scale) for at in moved}


def _step(size: float) -> int:
    """The step whose size is nearest, below zero for a weight below zero."""
    nearest = min(range(len(STEPS)), key=lambda step: abs(STEPS[step] - abs(size)))
    return nearest if size > 0 else -nearest
