"""What became of the units that a method had placed high, and of those it had placed low."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.emergence.skill import DRAWS, LEVEL

Floats = NDArray[np.float64]

MANY, FEW = 10, 5  # groups of places
PER_GROUP = 5  # units in a group of the usual cut-off, below which there are fewer groups


def group_count(results: pd.DataFrame) -> int:
    """Tenths where the median cut-off has 50 units, otherwise fifths."""
    one = results[results["method"] == results["method"].iloc[0]]
    usual = one.groupby("cutoff").size().median()
    return MANY if usual >= MANY * PER_GROUP else FEW


def rise_by_place(
    results: pd.DataFrame,
    *,
    cutoffs: Sequence[int],
    horizon: int,
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> pd.DataFrame:
    """Estimate the mean rise of the units that a method placed in each tenth (or fifth).

    Units are placed within their cut-off by mid-rank; ties share a place. Mean over all units of
    a group, over all cut-offs.

    Parameters
    ----------
    results : DataFrame
        cutoff, unit_id, method, prediction, rise.
    cutoffs : sequence of int
    horizon : int
        Length of a block of the bootstrap.
    rng : Generator
    draws : int, default 1000

    Returns
    -------
    DataFrame, one row per method (in order of appearance) and group that holds a unit
        method, place_from, place_to (0 = lowest, 1 = highest), n, rise (natural log of the factor
        by which the share changed), rise_lo, rise_hi (95 %).

    Notes
    -----
    Intervals: units within a group and cut-off are drawn with replacement, and the cut-offs in
    runs of `horizon` drawn in a circle, as in `foresight.emergence.skill.resample`; places are
    those of the forecasts as made.

    References
    ----------
    Politis & Romano (1992), A circular block-resampling procedure, in LePage & Billard, Exploring
    the Limits of Bootstrap, Wiley, 263-270.
    """
    rows = results[results["cutoff"].isin(cutoffs)].sort_values(
        ["method", "cutoff", "unit_id"], kind="stable"
    )
    groups = group_count(rows)
    taken = _blocks(len(set(cutoffs)), horizon=horizon, rng=rng, draws=draws)
    tables = []
    for method in dict.fromkeys(results["method"]):
        one = rows[rows["method"] == method]
        if one.empty:
            continue
        by_cutoff = one.groupby("cutoff")["prediction"]
        place = (by_cutoff.rank(method="average") - 0.5) / by_cutoff.transform("count")
        group = np.minimum((place * groups).to_numpy().astype(int), groups - 1)
        drawn = _means(one.assign(group=group), groups, taken=taken, rng=rng)
        tables.append(drawn.assign(method=method))
    names = ["method", "place_from", "place_to", "n", "rise", "rise_lo", "rise_hi"]
    return pd.concat(tables, ignore_index=True)[names]


def _blocks(n: int, *, horizon: int, rng: np.random.Generator, draws: int) -> NDArray[np.int64]:
    """Numbers of cut-offs, shape (draws, n): runs of `horizon` from random starts, in a circle."""
    starts = rng.integers(n, size=(draws, -(-n // horizon)))
    runs = starts[:, :, np.newaxis] + np.arange(horizon)
    return np.asarray(runs.reshape(draws, -1)[:, :n] % n, dtype=np.int64)


def _means(
    one: pd.DataFrame, groups: int, *, taken: NDArray[np.int64], rng: np.random.Generator
) -> pd.DataFrame:
    """Mean rise of every group of one method, with its interval."""
    years = sorted(one["cutoff"].unique())
    rows = []
    for group in range(groups):
        part = one[one["group"] == group]
        if part.empty:
            continue
        counts, totals = np.zeros(len(years)), np.zeros((len(taken), len(years)))
        for number, year in enumerate(years):
            rise = part.loc[part["cutoff"] == year, "rise"].to_numpy(dtype=float)
            counts[number] = len(rise)
            if len(rise):
                totals[:, number] = rng.choice(rise, size=(len(taken), len(rise))).sum(axis=1)
        places = taken % len(years)
        n = counts[places].sum(axis=1)
        summed = np.take_along_axis(totals, places, axis=1).sum(axis=1)
        means = summed[n > 0] / n[n > 0]
        tail = (1 - LEVEL) / 2
        lo, hi = np.quantile(means, [tail, 1 - tail])
        rows.append((group / groups, (group + 1) / groups, len(part), part["rise"].mean(), lo, hi))
    return pd.DataFrame(rows, columns=["place_from", "place_to", "n", "rise", "rise_lo", "rise_hi"])
