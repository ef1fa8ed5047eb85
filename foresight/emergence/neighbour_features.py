"""Features from where a unit lies among the others, and how it moves, in the space of vectors.

Vectors are taken less the mean of the corpus and at unit length (`Snapshot.directions`); texts of
one corpus share much, and what they share says nothing of nearness.

How tight a unit is, is no feature: later documents go to the nearest centre, so that loose units
gain whatever comes (docs/decisions/0009-score-of-briefs.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.emergence.outcomes import least_rise
from foresight.emergence.registry import Feature
from foresight.emergence.shape_features import growth_between
from foresight.emergence.snapshot import Snapshot
from foresight.emergence.usage import (
    LEAST_DOCS,
    RECENT,
    by_unit,
    recent_years,
    year_of_first,
)

Floats = NDArray[np.float64]

NEIGHBOURS = 5  # other units whose growth is looked at


@dataclass(frozen=True)
class Cloud:
    """Sums of the unit vectors of each unit's documents of some years.

    Attributes
    ----------
    sums : array of shape (n_units, n_dimensions)
    n : array of shape (n_units,), documents
    """

    sums: Floats
    n: Floats

    @property
    def means(self) -> Floats:
        """Mean vectors, 0 for a unit without a document."""
        return np.asarray(self.sums / np.maximum(self.n, 1)[:, np.newaxis])

    @property
    def pair_cosine(self) -> Floats:
        """Mean cosine of two different documents: unbiased for the squared length of the mean."""
        pairs = np.where(self.n > 1, self.n * (self.n - 1), 1.0)
        return np.asarray(((self.sums**2).sum(axis=1) - self.n) / pairs)

    @property
    def centres(self) -> Floats:
        """Directions of the means, 0 where a unit has none."""
        length = np.linalg.norm(self.sums, axis=1, keepdims=True)
        found = np.zeros_like(self.sums)
        np.divide(self.sums, length, out=found, where=length > 0)
        return found


def cloud(snapshot: Snapshot, first: int, last: int) -> Cloud:
    """The documents of each unit of some years, summed; those without a direction are left out."""
    directions = snapshot.directions
    rows = snapshot.within(first, last)
    rows = rows[directions[rows].any(axis=1)]
    unit, n_units = snapshot.unit_of[rows], len(snapshot.units)
    sums = np.zeros((n_units, directions.shape[1]))
    order = np.argsort(unit, kind="stable")
    ends = np.cumsum(np.bincount(unit, minlength=n_units))
    for number, end in enumerate(ends):
        own = rows[order[ends[number - 1] if number else 0 : end]]
        sums[number] = directions[own].sum(axis=0, dtype=np.float64)
    return Cloud(sums, np.bincount(unit, minlength=n_units).astype(float))


def recent_cloud(snapshot: Snapshot) -> Cloud:
    """Of T-2 … T."""
    return cloud(snapshot, *recent_years(snapshot))


def earlier_cloud(snapshot: Snapshot) -> Cloud:
    """Of all years before T-2."""
    return cloud(snapshot, year_of_first(snapshot), snapshot.last_year - RECENT)


def _unit_cosines(snapshot: Snapshot) -> Floats:
    """Cosines between the centres of units; -inf of a unit with itself and without a centre."""
    centres = cloud(snapshot, year_of_first(snapshot), snapshot.last_year).centres
    cosine = centres @ centres.T
    np.fill_diagonal(cosine, -np.inf)
    empty = ~centres.any(axis=1)
    cosine[empty] = -np.inf
    cosine[:, empty] = -np.inf
    return cosine


def neighbour_growth(snapshot: Snapshot) -> pd.Series:
    """Growth over three years of the five nearest other units, weighted by cosine.

    Those that point away (a cosine below 0) do not count.
    """
    cosine = _unit_cosines(snapshot)
    growth = growth_between(snapshot, years=RECENT, before=RECENT).to_numpy()
    order = np.argsort(-cosine, axis=1, kind="stable")[:, :NEIGHBOURS]
    weight = np.maximum(np.take_along_axis(cosine, order, axis=1), 0.0)
    total = weight.sum(axis=1)
    mean = (weight * growth[order]).sum(axis=1) / np.where(total > 0, total, 1.0)
    return by_unit(snapshot, mean, total > 0)


def near_rising(snapshot: Snapshot) -> pd.Series:
    """Cosine to the nearest other unit that rose, by 8 % a year, over the last three years."""
    growth = growth_between(snapshot, years=RECENT, before=RECENT).to_numpy()
    cosine = _unit_cosines(snapshot)
    cosine[:, ~(growth >= least_rise(RECENT))] = -np.inf
    best = cosine.max(axis=1, initial=-np.inf)
    return by_unit(snapshot, best, np.isfinite(best))


def local_recency(snapshot: Snapshot) -> pd.Series:
    """Share of T-2 … T among the twenty nearest documents of a unit's recent documents."""
    return unit_mean_of_asked(snapshot, snapshot.surroundings[0])


def outside_recency(snapshot: Snapshot) -> pd.Series:
    """The same among the nearest documents of other units."""
    return unit_mean_of_asked(snapshot, snapshot.surroundings[1])


def unit_mean_of_asked(snapshot: Snapshot, values: Floats) -> pd.Series:
    """Mean over the documents of a unit that were asked; NaN with fewer than five."""
    rows = np.flatnonzero(~np.isnan(values) & (snapshot.unit_of >= 0))
    n_units = len(snapshot.units)
    unit = snapshot.unit_of[rows]
    total = np.bincount(unit, weights=values[rows], minlength=n_units)
    n = np.bincount(unit, minlength=n_units)
    return by_unit(snapshot, total / np.maximum(n, 1), n >= LEAST_DOCS)


def drift(snapshot: Snapshot) -> pd.Series:
    """Squared distance of the mean vector of T-2 … T from that of the years before.

    Freed of what chance adds: the mean of n directions of mean m lies off by (1 - m^2) / n.
    """
    late, early = recent_cloud(snapshot), earlier_cloud(snapshot)
    distance = late.pair_cosine + early.pair_cosine - 2 * (late.means * early.means).sum(axis=1)
    return by_unit(snapshot, distance, (late.n >= LEAST_DOCS) & (early.n >= LEAST_DOCS))


FEATURES = (
    Feature("neighbour_growth", neighbour_growth),
    Feature("near_rising", near_rising),
    Feature("local_recency", local_recency),
    Feature("outside_recency", outside_recency),
    Feature("drift", drift),
)
