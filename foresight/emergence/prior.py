"""Weights of features learnt from several corpora, shipped as numbers in a readable file.

A corpus with little history cannot teach a score, and the units of one brief have none at all.
What rose in other corpora can. For every year there are weights that could be known by then, so
that a backtest of the shipped weights sees no outcome of its own future either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.emergence.calibration import Platt, PlattCalibration
from foresight.emergence.features import COMPONENTS
from foresight.emergence.learned import (
    MIDDLE,
    blocks,
    enough_to_learn,
    from_middle,
    outcome_weights,
    places,
)
from foresight.errors import InsufficientDataError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

DIGITS = 5  # decimals of weights in the file
PENALTY = 300.0  # of departures from the composite, on percentiles; fixed


@dataclass(frozen=True)
class Weights:
    """What could be known by the end of a year.

    Attributes
    ----------
    known_by : int
    n_units : int
        Units of earlier cut-offs, of all corpora, that they were learnt from.
    base_rate : float
        Share of them that grew.
    features : dict of name to weight, sorted by name
        Expected percentile of the rise per unit of the feature's percentile.
    left_out : array of shape (n_blocks, n_features)
        The same weights, sorted by name, learnt without one block of cut-offs each: how sure they
        are.
    growth : Platt
        From a unit's place among the others to the probability that it grows.
    """

    known_by: int
    n_units: int
    base_rate: float
    features: dict[str, float]
    left_out: Floats = field(compare=False)
    growth: Platt

    def draws(self, n: int, *, rng: np.random.Generator) -> Floats:
        """Draw weights about those learnt, shape (n_features, n), by the jackknife's covariance.

        References
        ----------
        Künsch (1989), doi:10.1214/aos/1176347265: blocks left out, as neighbouring cut-offs share
        documents and years of outcome.
        """
        blocks_left = len(self.left_out)
        about = self.left_out - self.left_out.mean(axis=0)
        scale = np.sqrt((blocks_left - 1) / blocks_left)
        slopes = np.array(list(self.features.values()))
        drawn = about.T @ rng.standard_normal((blocks_left, n))
        return np.asarray(slopes[:, np.newaxis] + scale * drawn)

    def score(self, ranked: pd.DataFrame) -> Floats:
        """Expected percentile of the rise, about 0.5, shape (n_units,).

        Parameters
        ----------
        ranked : DataFrame of shape (n_units, n_features)
            Percentiles within the cut-off, 0 to 1; a missing one stands at the middle.
        """
        names = list(self.features)
        values = from_middle(ranked.reindex(columns=names).to_numpy(dtype=float))
        return np.asarray(MIDDLE + values @ np.array(list(self.features.values())))

    def p_growth(self, place: Floats) -> Floats:
        """Probability that a unit grows at least 8 % a year.

        Parameters
        ----------
        place : array of shape (n_units,), 0 to 1
            Mid-rank percentile of its score among those of all units of the corpus.
        """
        return self.growth.predict(place)


@dataclass(frozen=True)
class Prior:
    """Weights by year.

    Attributes
    ----------
    horizon : int, years
        Of the outcome that they were learnt from.
    corpora : dict of name to text
        What they were learnt from: digest of each corpus.
    weights : tuple of Weights, by year
    """

    horizon: int
    corpora: dict[str, str]
    weights: tuple[Weights, ...]

    def at(self, year: int) -> Weights | None:
        """The latest weights that could be known at the end of a year; None before the first."""
        known = [one for one in self.weights if one.known_by <= year]
        return known[-1] if known else None

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Self:
        """The inverse of `as_dict`.

        Raises
        ------
        KeyError, TypeError, ValueError
            If the content is not of that form.
        """
        weights = tuple(
            Weights(
                int(row["known_by"]),
                int(row["n_units"]),
                float(row["base_rate"]),
                {str(name): float(value) for name, value in row["features"].items()},
                np.array(row["left_out"], dtype=float).reshape(-1, len(row["features"])),
                Platt(*map(float, row["growth"])),
            )
            for row in content["weights"]
        )
        return cls(int(content["horizon"]), dict(content["corpora"]), weights)

    def as_dict(self) -> dict[str, object]:
        """The content of the file."""
        return {
            "horizon": self.horizon,
            "corpora": self.corpora,
            "weights": [
                {
                    "known_by": one.known_by,
                    "n_units": one.n_units,
                    "base_rate": round(one.base_rate, DIGITS),
                    "growth": [round(value, DIGITS) for value in one.growth.numbers()],
                    "features": one.features,
                    "left_out": np.round(one.left_out, DIGITS).tolist(),
                }
                for one in self.weights
            ],
        }


def train_prior(
    panels: Mapping[str, pd.DataFrame],
    *,
    ranked: Mapping[str, pd.DataFrame],
    corpora: Mapping[str, str],
    horizon: int,
) -> Prior:
    """Learn weights for every year from the cut-offs of several corpora whose outcome was known.

    Ridge regression of the within-cut-off percentile of the rise on the percentiles of features,
    rows weighted by `outcome_weights`, drawn towards the composite: the penalty, fixed, is on the
    departure from equal weights of components, these scaled by least squares. What equal weights
    say is known to hold of any unit; departures from it are learnt from topics. The probability of
    growth is Platt's function of the place within the cut-off, by predictions for blocks of
    `horizon` cut-offs left out.

    Parameters
    ----------
    panels : mapping of corpus to DataFrame, of `foresight.emergence.backtest.examine`
        cutoff, n_before, n_after, rise, grew.
    ranked : mapping of corpus to DataFrame
        Percentiles of features, same rows.
    corpora : mapping of corpus to digest
    horizon : int, years

    Raises
    ------
    InsufficientDataError
        If no year has enough earlier units.

    References
    ----------
    Hoerl & Kennard (1970), doi:10.1080/00401706.1970.10488634; Platt (1999). The rest is ours.
    """
    needed = ["cutoff", "rise", "grew", "n_before", "n_after"]
    table = pd.concat(
        [panels[name][needed].assign(_corpus=name) for name in sorted(panels)], ignore_index=True
    )
    values = pd.concat([ranked[name] for name in sorted(panels)], ignore_index=True)
    known = table["rise"].notna().to_numpy()
    table, values = table[known].reset_index(drop=True), values[known].reset_index(drop=True)
    table["_group"] = table.groupby(["_corpus", "cutoff"]).ngroup()
    target = places(table["rise"].to_numpy(dtype=float), table["_group"].to_numpy())
    found = []
    last = int(table["cutoff"].max()) + horizon
    for year in range(int(table["cutoff"].min()) + horizon, last + 1):
        past = (table["cutoff"] <= year - horizon).to_numpy()
        cutoffs = table.loc[past, "cutoff"].to_numpy(dtype=np.int64)
        if enough_to_learn(cutoffs, horizon=horizon):
            rows = table[past]
            found.append(_weights(year, rows, values[past], target[past], horizon=horizon))
    if not found:
        msg = "The panels hold too few units of earlier cut-offs to learn weights from."
        raise InsufficientDataError(msg)
    return Prior(horizon, dict(sorted(corpora.items())), tuple(found))


def _weights(
    year: int, rows: pd.DataFrame, ranked: pd.DataFrame, target: Floats, *, horizon: int
) -> Weights:
    names = sorted(name for name in ranked.columns if ranked[name].notna().any())
    data = ranked[names].to_numpy(dtype=float)
    cutoffs = rows["cutoff"].to_numpy(dtype=np.int64)
    weight = outcome_weights(rows)
    foretold, left_out = np.full(len(target), np.nan), []
    for learn, test in blocks(cutoffs, horizon=horizon):
        slopes = _slopes(data[learn], target[learn], weight=weight[learn], names=names)
        foretold[test] = from_middle(data[test]) @ slopes
        left_out.append(slopes)
    grew = rows["grew"].to_numpy(dtype=bool)
    growth = PlattCalibration().fit(places(foretold, rows["_group"].to_numpy()), grew).as_platt()
    slopes = _slopes(data, target, weight=weight, names=names)
    features = dict(zip(names, np.round(slopes, DIGITS).tolist(), strict=True))
    return Weights(year, len(rows), float(grew.mean()), features, np.array(left_out), growth)


def _slopes(data: Floats, target: Floats, *, weight: Floats, names: list[str]) -> Floats:
    """Ridge regression drawn towards equal weights of components, a missing feature at the middle.

    Minimises sum w (y - X s)^2 + penalty |s - k e|^2 with e the equal weights and k the slope of y
    on X e.
    """
    known, off = from_middle(data), target - MIDDLE
    equal = np.zeros(len(names))
    for features in COMPONENTS.values():
        own = [names.index(name) for name in features if name in names]
        equal[own] = 1.0 / (len(COMPONENTS) * max(len(own), 1))
    composite = known @ equal
    mass = float(weight @ composite**2)
    toward = equal * (float(weight @ (composite * off)) / mass if mass > 0 else 0.0)
    weighted = known * weight[:, np.newaxis]
    gram = known.T @ weighted + PENALTY * np.eye(len(names))
    return np.asarray(toward + np.linalg.solve(gram, weighted.T @ (off - known @ toward)))
