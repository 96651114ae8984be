"""Fit the wide part of the claim model: a weight for each feature."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression

# Of NB-SVM: the power that tempers the counts of one writer, the smoothing of counts, the inverse of
# the penalty, the share of the regression's own weights against the naive Bayes ones; chosen by what
# they gave on sentences of other writers.
TEMPER, SMOOTHING, STRENGTH, OWN_SHARE = 0.5, 0.15, 1.0, 0.25


def fitted(rows: csr_matrix, flagged: np.ndarray, writers: np.ndarray) -> np.ndarray:
    """The weight of each column; 0 for one that stands in no row.

    NB-SVM with a logistic loss (Wang and Manning 2012): a logistic regression over features scaled by
    their log-count ratio, drawn towards naive Bayes, which knows better than the regression what a rare
    word means.
    """
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
