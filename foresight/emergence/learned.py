"""The learned score: a regularised model of what rose after earlier cut-offs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import RidgeCV
from threadpoolctl import threadpool_limits

from foresight.emergence.calibration import PlattCalibration
from foresight.errors import InsufficientDataError, SettingsError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

PARTS = ("linear", "boosting")
KINDS = (*PARTS, "both")
MIDDLE = 0.5  # percentile that stands for a missing feature in the linear model
ALPHAS = np.logspace(0, 4, 9)  # penalties tried, on percentiles; chosen within the training data
SPREAD = 0.1  # variance of the log rise beyond chance
HALF = 0.5
MIN_ROWS = 40  # units of earlier cut-offs: below, twenty features fit anything


def enough_to_learn(cutoffs: Ints, *, horizon: int) -> bool:
    """Whether earlier cut-offs suffice: 40 units, and two blocks of `horizon` cut-offs begun."""
    return len(cutoffs) >= MIN_ROWS and len(np.unique(cutoffs)) > horizon


def outcome_weights(table: pd.DataFrame) -> Floats:
    """Weights of units by how well their rise is known, of mean 1.

    1 / (spread + 1 / (n_before + 1/2) + 1 / (n_after + 1/2)): the last two are the variance of a
    change of log counts by chance, spread = 0.1 that of true changes beside it.

    Parameters
    ----------
    table : DataFrame
        n_before, n_after: documents.

    References
    ----------
    Weighted least squares with known variances: Hedges & Olkin (1985), chapter 9. The spread is
    ours, about what units of the development corpora show.
    """
    counts = table[["n_before", "n_after"]].to_numpy(dtype=float) + HALF
    weight = 1 / (SPREAD + (1 / counts).sum(axis=1))
    return np.asarray(weight / weight.mean())


def blocks(cutoffs: Ints, *, horizon: int) -> Iterator[tuple[Ints, Ints]]:
    """Rows to learn from and rows to test on: one block of `horizon` successive cut-offs left out.

    Neighbouring cut-offs share documents and years of outcome, so single ones are not left out.
    """
    order = np.unique(cutoffs)
    block = np.searchsorted(order, cutoffs) // horizon
    for number in np.unique(block):
        yield np.flatnonzero(block != number), np.flatnonzero(block == number)


class LearnedScore(RegressorMixin, BaseEstimator):
    """Predict the within-cut-off percentile of `rise` from percentiles of features.

    The linear part is ridge regression, its penalty chosen by leaving out blocks of cut-offs; a
    missing feature stands at its middle. The other part is gradient boosting of small trees, which
    takes missing values as they are; its settings are fixed. `both` is the mean of the two. The
    probability of growth is Platt's function of a unit's place among the units of its cut-off, by
    predictions for blocks left out.

    Parameters
    ----------
    kind : {"linear", "boosting", "both"}, default "both"
    horizon : int, default 3
        Years of the outcome; cut-offs in one block.
    random_state : int, default 0

    Attributes
    ----------
    features_ : list of str
        Columns used: those with a value in training.
    models_ : list
    calibration_ : PlattCalibration
    calibrations_ : list of PlattCalibration
        Of each model by itself.
    n_cutoffs_ : int

    References
    ----------
    Hoerl & Kennard (1970), doi:10.1080/00401706.1970.10488634; Friedman (2001),
    doi:10.1214/aos/1013203451. The target and the blocks are ours.
    """

    def __init__(self, *, kind: str = "both", horizon: int = 3, random_state: int = 0) -> None:
        self.kind = kind
        self.horizon = horizon
        self.random_state = random_state

    def fit(
        self,
        X: pd.DataFrame,  # noqa: N803
        y: Floats,
        *,
        grew: Bools,
        cutoffs: Ints,
        weight: Floats | None = None,
    ) -> Self:
        """Learn from units of earlier cut-offs.

        Parameters
        ----------
        X : DataFrame of shape (n_units, n_features)
            Percentiles within their cut-off, 0 to 1, NaN where missing.
        y : array of shape (n_units,)
            Percentile of `rise` within the cut-off.
        grew : array of shape (n_units,), bool
        cutoffs : array of shape (n_units,), int
        weight : array of shape (n_units,), optional
            Of rows, such as `outcome_weights`; default: all alike.

        Raises
        ------
        SettingsError
            For an unknown kind.
        InsufficientDataError
            If there is not `enough_to_learn`.
        """
        if self.kind not in KINDS:
            msg = f"`kind` is one of {', '.join(KINDS)}, got {self.kind!r}."
            raise SettingsError(msg)
        if not enough_to_learn(cutoffs, horizon=self.horizon):
            msg = (
                f"{len(cutoffs)} units of {len(np.unique(cutoffs))} cut-offs are too few to learn "
                f"from; {MIN_ROWS} of {self.horizon + 1} are needed. Use the composite."
            )
            raise InsufficientDataError(msg)
        self.features_ = [name for name in X.columns if X[name].notna().any()]
        self.n_cutoffs_ = len(np.unique(cutoffs))
        data = X[self.features_].to_numpy(dtype=float)
        weight = np.ones(len(y)) if weight is None else weight
        with threadpool_limits(limits=1):
            self.models_ = self._models(data, y, cutoffs, weight)
            left_out = np.full((len(self.models_), len(y)), np.nan)
            for learn, test in blocks(cutoffs, horizon=self.horizon):
                models = self._models(data[learn], y[learn], cutoffs[learn], weight[learn])
                left_out[:, test] = [model.predict(data[test]) for model in models]
        self.calibrations_ = [
            PlattCalibration().fit(places(found, cutoffs), grew) for found in left_out
        ]
        self.calibration_ = PlattCalibration().fit(places(left_out.mean(axis=0), cutoffs), grew)
        return self

    def alone(self, kind: str) -> LearnedScore:
        """One of the two parts of a fitted score of kind `both`, as if fitted by itself."""
        place = PARTS.index(kind)
        part = LearnedScore(kind=kind, horizon=self.horizon, random_state=self.random_state)
        part.features_, part.n_cutoffs_ = self.features_, self.n_cutoffs_
        part.models_, part.calibrations_ = [self.models_[place]], [self.calibrations_[place]]
        part.calibration_ = self.calibrations_[place]
        return part

    def predict(self, X: pd.DataFrame) -> Floats:  # noqa: N803
        """Expected percentile of `rise`, shape (n_units,)."""
        with threadpool_limits(limits=1):
            return _mean(self.models_, X[self.features_].to_numpy(dtype=float))

    def predict_growth(self, X: pd.DataFrame) -> Floats:  # noqa: N803
        """Probability that a unit grows at least 8 % a year, shape (n_units,).

        X holds all units of one cut-off: what counts is a unit's place among them.
        """
        found = self.predict(X)
        return self.calibration_.predict(places(found, np.zeros(len(found), dtype=np.int64)))

    def _models(
        self, data: Floats, target: Floats, cutoffs: Ints, weight: Floats
    ) -> list[Linear | _Boosting]:
        found: list[Linear | _Boosting] = []
        if self.kind in ("linear", "both"):
            splits = list(blocks(cutoffs, horizon=self.horizon))
            found.append(Linear(ALPHAS).fit(data, target, weight=weight, splits=splits))
        if self.kind in ("boosting", "both"):
            found.append(_Boosting(self.random_state).fit(data, target, weight=weight))
        return found


def places(values: Floats, cutoffs: Ints) -> Floats:
    """Mid-rank percentile of each value within its cut-off, 0 to 1."""
    groups = pd.Series(values).groupby(cutoffs)
    return np.asarray((groups.rank() - 0.5) / groups.transform("size"))


class Linear:
    """Ridge regression on percentiles, a missing one at the middle.

    Parameters
    ----------
    penalties : float or array
        Of several, the one that foretells left-out blocks best; without a second block to test
        on, the largest.
    """

    def __init__(self, penalties: float | Floats) -> None:
        self.penalties = np.atleast_1d(np.asarray(penalties, dtype=float))

    def fit(
        self,
        data: Floats,
        target: Floats,
        *,
        weight: Floats,
        splits: Sequence[tuple[Ints, Ints]] = (),
    ) -> Self:
        """Learn from percentiles (n, n_features), targets (n,) and weights of rows (n,)."""
        few = len(splits) < 2 or len(self.penalties) == 1
        penalties = self.penalties[-1:] if few else self.penalties
        model = RidgeCV(penalties, cv=None if few else list(splits))
        model.fit(from_middle(data), target, sample_weight=weight)
        self.slopes = np.asarray(model.coef_, dtype=float)
        self.intercept = float(model.intercept_)
        return self

    def predict(self, data: Floats) -> Floats:
        """Expected targets, shape (n,)."""
        return np.asarray(self.intercept + from_middle(data) @ self.slopes)


def from_middle(data: Floats) -> Floats:
    """Percentiles less their middle, at which a missing one stands; any shape."""
    return np.where(np.isnan(data), MIDDLE, data) - MIDDLE


class _Boosting:
    """Shallow trees, few and slow, with large leaves; fixed in advance, never tuned."""

    def __init__(self, random_state: int) -> None:
        self.random_state = random_state

    def fit(self, data: Floats, target: Floats, *, weight: Floats) -> Self:
        self.used = ~np.isnan(data).all(
            axis=0
        )  # a feature that no earlier cut-off had says nothing
        self.model = HistGradientBoostingRegressor(
            learning_rate=0.05,
            max_iter=100,
            max_depth=3,
            min_samples_leaf=max(10, len(target) // 20),
            l2_regularization=10.0,
            max_features=0.5,
            early_stopping=False,
            random_state=self.random_state,
        )
        self.model.fit(self._cut(data), target, sample_weight=weight)
        return self

    def predict(self, data: Floats) -> Floats:
        return np.asarray(self.model.predict(self._cut(data)))

    def _cut(self, data: Floats) -> Floats:
        """Percentiles in hundredths: so few values need no binning, which is slow with weights."""
        return np.asarray(np.round(data[:, self.used], 2))


def _mean(models: list[Linear | _Boosting], data: Floats) -> Floats:
    return np.asarray(np.mean([model.predict(data) for model in models], axis=0))
