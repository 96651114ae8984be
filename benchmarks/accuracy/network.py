"""Fit the deep part of the claim model: a sum of vectors through one hidden layer.

The vectors of a sentence's features are summed; rectified units weigh the sum. Then the features that
matter most have their vectors told in two codes of a byte (residual quantization), and what the codes
stand for is fitted once more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from scipy.sparse import csr_matrix
from sklearn.cluster import MiniBatchKMeans
from torch.nn import EmbeddingBag, Linear, Module, Parameter
from torch.nn.functional import binary_cross_entropy_with_logits as loss_of
from torch.nn.functional import relu

from claimlint.engine.network import CODES, MIDDLE

UNITS = 64
LEAST = 8  # sentences in which a feature must stand: of rarer ones no vector is learned
# Chosen by what they gave on sentences of writers that training did not see (decision 8).
EPOCHS, BATCH, RATE, DROPPED = 3, 64, 0.004, 0.2
TUNE_EPOCHS, TUNE_BATCH, TUNE_RATE, TUNE_DROPPED = 2, 256, 0.003, 0.1
_START = 0.05  # the spread of vectors before training
_LAST_RATE = 0.02  # of the first
_FLAT = 0.05  # the least that a unit counts when vectors are told in codes
_CHUNK = 4096

_Bag = tuple[torch.Tensor, torch.Tensor]


class Deep(NamedTuple):
    """The fitted part in whole steps.

    `columns` are those with a vector, those that matter most first, and `codes` their two codes (n x 2).
    `vectors` are those of the codes (512 x units; 0 to 255). `thresholds` and `outs` are in such steps.
    """

    columns: np.ndarray
    codes: np.ndarray
    vectors: np.ndarray
    thresholds: np.ndarray
    outs: np.ndarray
    bias: float

    def outcomes(self, rows: csr_matrix) -> np.ndarray:
        """What the part says of each row, before calibration."""
        known = rows[:, self.columns]
        each = (
            self.vectors[self.codes[:, 0]] + self.vectors[CODES + self.codes[:, 1]] - 2.0 * MIDDLE
        )
        pieces = [known[at : at + _CHUNK] @ each for at in range(0, rows.shape[0], _CHUNK)]
        said = [np.maximum(piece - self.thresholds, 0) @ self.outs for piece in pieces]
        return np.concatenate(said) + self.bias


def fitted(rows: csr_matrix, flagged: np.ndarray, features: int) -> Deep:
    """Fit the part, with vectors for so many features in the end."""
    torch.manual_seed(0)
    torch.set_num_threads(1)  # sums in another order would give other weights
    counts = np.asarray(rows.sum(0)).ravel()
    columns = np.flatnonzero(counts >= LEAST)
    free = _Free(len(columns))
    sparse = torch.optim.SparseAdam(free.vectors.parameters(), lr=RATE)
    dense = torch.optim.Adam([free.thresholds, *free.out.parameters()], lr=RATE)
    batches = _Batches(rows[:, columns], flagged)
    _fit(free, batches.shuffled(EPOCHS, BATCH, DROPPED), [sparse, dense], RATE)
    best = _heaviest(free, counts[columns], features)
    columns = columns[best]
    codes, vectors = _in_codes(free, best, counts[columns])
    coded = _Coded(free, codes, vectors)
    steps = [torch.optim.Adam(coded.parameters(), lr=TUNE_RATE)]
    batches = _Batches(rows[:, columns], flagged)
    _fit(coded, batches.shuffled(TUNE_EPOCHS, TUNE_BATCH, TUNE_DROPPED), steps, TUNE_RATE)
    return _stepped(coded, columns, codes)


class _Batches:
    """The features of sentences (rows) as bags of column numbers."""

    def __init__(self, rows: csr_matrix, flagged: np.ndarray) -> None:
        self._rows = rows.tocsr()
        self._targets = torch.from_numpy(flagged.astype(np.float32))
        self._random = np.random.default_rng(0)

    def shuffled(
        self, epochs: int, size: int, dropped: float
    ) -> Iterator[tuple[float, _Bag, torch.Tensor]]:
        """How far training is, a batch and its targets."""
        sentences = self._rows.shape[0]
        count = sentences // size
        for epoch in range(epochs):
            order = self._random.permutation(sentences)
            for number in range(count):
                chosen = order[number * size : (number + 1) * size]
                done = (epoch * count + number) / (epochs * count)
                yield done, self._bag(chosen, dropped), self._targets[torch.from_numpy(chosen)]

    def _bag(self, chosen: np.ndarray, dropped: float) -> _Bag:
        """The columns of some rows in a line, some left out at random, and where each row begins."""
        starts = self._rows.indptr
        pieces = [self._rows.indices[starts[row] : starts[row + 1]] for row in chosen]
        pieces = [one[self._random.random(len(one)) >= dropped] for one in pieces]
        begins = np.cumsum([0, *map(len, pieces[:-1])])
        flat = np.concatenate(pieces).astype(np.int64)
        return torch.from_numpy(flat), torch.from_numpy(begins)


class _Free(Module):  # type: ignore[misc]  # PyTorch need not be there
    """A vector of its own for each feature."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.vectors = EmbeddingBag(features, UNITS, mode="sum", sparse=True)
        torch.nn.init.normal_(self.vectors.weight, 0, _START)
        self.thresholds = Parameter(torch.zeros(UNITS))
        self.out = Linear(UNITS, 1)

    def forward(self, columns: torch.Tensor, begins: torch.Tensor) -> torch.Tensor:
        hidden = relu(self.vectors(columns, begins) - self.thresholds)
        said: torch.Tensor = self.out(hidden).squeeze(-1)
        return said


class _Coded(_Free):
    """Two codes for each feature, and a vector for each code."""

    def __init__(self, free: _Free, codes: np.ndarray, vectors: np.ndarray) -> None:
        super().__init__(2 * CODES)
        self.vectors = EmbeddingBag(2 * CODES, UNITS, mode="sum")
        self.vectors.weight.data = torch.from_numpy(vectors).float()
        self.thresholds.data = free.thresholds.data.clone()
        self.out.load_state_dict(free.out.state_dict())
        self._codes = torch.from_numpy(codes + np.array([0, CODES]))

    def forward(self, columns: torch.Tensor, begins: torch.Tensor) -> torch.Tensor:
        return super().forward(self._codes[columns].reshape(-1), 2 * begins)


def _fit(
    net: Module,
    batches: Iterator[tuple[float, _Bag, torch.Tensor]],
    steps: list[torch.optim.Optimizer],
    rate: float,
) -> None:
    """Descend, slower and slower."""
    for done, bag, targets in batches:
        for step in steps:
            step.zero_grad()
            for group in step.param_groups:
                group["lr"] = rate * max(_LAST_RATE, 1 - done)
        loss_of(net(*bag), targets).backward()
        for step in steps:
            step.step()


def _scaled(free: _Free) -> tuple[np.ndarray, np.ndarray]:
    """The vectors with each unit as large as what it does to the outcome, and the scale of that."""
    outs = np.abs(free.out.weight.detach().numpy()[0])
    scale = np.sqrt(np.maximum(outs, _FLAT))
    return free.vectors.weight.detach().numpy() * scale, scale


def _heaviest(free: _Free, counts: np.ndarray, features: int) -> np.ndarray:
    """The features that matter most, by how often they stand and how long their vectors are."""
    lengths = np.sqrt((_scaled(free)[0] ** 2).sum(1))
    return np.argsort(-counts * lengths, kind="stable")[:features]


def _in_codes(free: _Free, best: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two codes for each of the best vectors, and what the codes stand for."""
    vectors, scale = _scaled(free)
    rest, codes, books = vectors[best], [], []
    for seed in range(2):
        clusters = MiniBatchKMeans(
            CODES, batch_size=8192, n_init=1, max_iter=30, random_state=seed
        ).fit(rest, sample_weight=np.sqrt(counts))
        code = clusters.predict(rest)
        rest = rest - clusters.cluster_centers_[code]
        codes.append(code.astype(np.int64))
        books.append(clusters.cluster_centers_ / scale)
    return np.stack(codes, 1), np.concatenate(books)


def _stepped(net: _Coded, columns: np.ndarray, codes: np.ndarray) -> Deep:
    """The part in whole steps: bytes for the vectors, and numbers in their steps."""
    vectors = net.vectors.weight.detach().numpy()
    step = np.abs(vectors).max(0) / (MIDDLE - 1)
    outs = net.out.weight.detach().numpy()[0] * step
    thresholds = net.thresholds.detach().numpy() / step
    bias = float(net.out.bias.detach()[0])
    return Deep(columns, codes, np.rint(vectors / step) + MIDDLE, thresholds, outs, bias)
