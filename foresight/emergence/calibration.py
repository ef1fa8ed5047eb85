"""From a score to a probability of growth, learnt from cut-offs whose outcome is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Platt:
    """Platt's function as numbers: 1 / (1 + exp(-(intercept + slope score))).

    Attributes
    ----------
    intercept, slope : float
        A slope of 0 leaves the base rate.
    """

    intercept: float
    slope: float

    def predict(self, score: Floats) -> Floats:
        """Probabilities of shape (n,)."""
        return np.asarray(expit(self.intercept + self.slope * np.asarray(score, dtype=float)))

    def numbers(self) -> tuple[float, float]:
        """Intercept and slope."""
        return self.intercept, self.slope


STRENGTH = 1.0  # inverse of the penalty on the slope, for scores of unit variance


class PlattCalibration(BaseEstimator):
    """Probability of an event given a score: logistic in the score, slope drawn towards none.

    The probability never falls as the score rises: a score that went with fewer events so far says
    nothing that its owner could stand for, and gets the base rate.

    Parameters
    ----------
    strength : float, default 1
        Inverse of the penalty on the squared slope. The base rate is not penalised.

    Attributes
    ----------
    centre_, scale_ : float
        Mean and deviation of the scores seen; a scale of 0 (scores all alike) leaves the base rate.
    base_ : float
        (events + 1) / (n + 2).
    model_ : LogisticRegression or None
        None where the scores or the outcomes are all alike, or the slope would be negative.

    References
    ----------
    Platt (1999), Advances in Large Margin Classifiers, MIT Press, 61-74.
    """

    def __init__(self, *, strength: float = STRENGTH) -> None:
        self.strength = strength

    def fit(self, score: Floats, grew: Bools) -> Self:
        """Learn from scores (n,) and what happened (n,)."""
        self.centre_, self.scale_ = float(np.mean(score)), float(np.std(score))
        self.base_ = float((np.sum(grew) + 1) / (len(grew) + 2))
        self.model_: LogisticRegression | None = None
        if self.scale_ > 1e-12 and 0 < np.sum(grew) < len(grew):
            model = LogisticRegression(C=self.strength)
            model.fit(self._column(score), np.asarray(grew, dtype=int))
            self.model_ = model if model.coef_[0, 0] > 0 else None
        return self

    def predict(self, score: Floats) -> Floats:
        """Probabilities of shape (n,)."""
        if self.model_ is None:
            return np.full(len(score), self.base_)
        return np.asarray(self.model_.predict_proba(self._column(score))[:, 1])

    def as_platt(self) -> Platt:
        """The same function of the score as it is, not standardised."""
        if self.model_ is None:
            return Platt(float(logit(self.base_)), 0.0)
        slope = float(self.model_.coef_[0, 0]) / self.scale_
        return Platt(float(self.model_.intercept_[0]) - slope * self.centre_, slope)

    def _column(self, score: Floats) -> Floats:
        return np.reshape((np.asarray(score) - self.centre_) / self.scale_, (-1, 1))
