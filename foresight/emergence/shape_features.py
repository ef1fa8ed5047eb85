"""Features from the course of a unit's share of the corpus: short-term growth, age, peak, swings.

Shares are drawn towards the unit's long-run share by `smoothed_share`, so that small units do not
look fast by chance.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.emergence.outcomes import counted_share, long_run_share, smoothed_share
from foresight.emergence.registry import Feature
from foresight.emergence.snapshot import Snapshot
from foresight.emergence.usage import RECENT, by_unit, recent_years, year_of_first

Floats = NDArray[np.float64]

BORN = 0.1  # share of a unit's documents by which it counts as begun
SWING_YEARS = 10  # years whose swings are measured
LEAST_YEARS = 5


def log_share(snapshot: Snapshot, first: int, last: int) -> pd.Series:
    """Log of the smoothed share of the corpus in some years; NaN where the corpus has no document.

    The prior is the long-run share up to T in every stretch of years, so that two of them compare.
    """
    total = float(snapshot.totals.loc[first:last].sum())
    if total <= 0:
        return snapshot.missing()
    share, _ = smoothed_share(
        snapshot.counts(first, last),
        total=total,
        known=snapshot.counts(year_of_first(snapshot), snapshot.last_year),
        total_known=float(snapshot.totals.sum()),
    )
    return pd.Series(np.log(share.clip(lower=1e-12)))


def growth_between(snapshot: Snapshot, *, years: int, before: int) -> pd.Series:
    """Change of the log share from `before` years to the last `years` years."""
    start = snapshot.last_year - years + 1
    after = log_share(snapshot, start, snapshot.last_year)
    return after - log_share(snapshot, start - before, start - 1)


def growth_over(years: int, *, before: int) -> Callable[[Snapshot], pd.Series]:
    """A feature: `growth_between`."""

    def compute(snapshot: Snapshot) -> pd.Series:
        return growth_between(snapshot, years=years, before=before)

    return compute


def acceleration(snapshot: Snapshot) -> pd.Series:
    """Growth over the last two stretches of two years less growth over the two before."""
    last = snapshot.last_year
    stretches = [log_share(snapshot, last - back - 1, last - back) for back in (0, 2, 4)]
    return stretches[0] - 2 * stretches[1] + stretches[2]


def _yearly(snapshot: Snapshot) -> Floats:
    """Documents by unit and year, from the first year of the corpus to T."""
    first, n_years = year_of_first(snapshot), len(snapshot.totals)
    rows = snapshot.within(first, snapshot.last_year)
    place = snapshot.unit_of[rows] * n_years + snapshot.years[rows] - first
    counts = np.bincount(place, minlength=len(snapshot.units) * n_years)
    return counts.reshape(len(snapshot.units), n_years).astype(float)


def unit_age(snapshot: Snapshot) -> pd.Series:
    """Years from the one by which a tenth of the unit's documents existed to T."""
    so_far = _yearly(snapshot).cumsum(axis=1)
    begun = so_far >= BORN * so_far[:, -1:]
    return by_unit(snapshot, so_far.shape[1] - 1 - begun.argmax(axis=1))


def long_run(snapshot: Snapshot) -> pd.Series:
    """Share of all documents so far, drawn towards equal shares (`long_run_share`)."""
    known = snapshot.counts(year_of_first(snapshot), snapshot.last_year)
    return long_run_share(known, total=float(snapshot.totals.sum()))


def years_since_peak(snapshot: Snapshot) -> pd.Series:
    """Years since the three years in which the unit's share was greatest, the last ones if equal.

    Every stretch of three years is drawn towards the long run by as many documents as the last.
    """
    if len(snapshot.totals) < RECENT:
        return snapshot.missing()
    totals = snapshot.totals.to_numpy(dtype=float)
    sums, within = (
        np.lib.stride_tricks.sliding_window_view(values, RECENT, axis=-1).sum(axis=-1)
        for values in (_yearly(snapshot), totals)
    )
    usual = long_run(snapshot)
    _, mass = smoothed_share(
        snapshot.counts(*recent_years(snapshot)),
        total=max(float(within[-1]), 1.0),
        known=snapshot.counts(year_of_first(snapshot), snapshot.last_year),
        total_known=float(totals.sum()),
    )
    share = (sums + mass * usual.to_numpy()[:, np.newaxis]) / (within + mass)
    return by_unit(snapshot, share[:, ::-1].argmax(axis=1))


def volatility(snapshot: Snapshot) -> pd.Series:
    """How far the yearly share swings beyond chance over ten years: squared, relative to its mean.

        (sum (n - e)^2 - sum e (1 - w)) / sum e^2

    with n the documents of a year, e those expected at the mean share of these years, and w the
    year's part of the corpus's documents: the moment estimate of the squared coefficient of
    variation, 0 on average where the share is constant, whatever the size of the unit.

    References
    ----------
    The variance of counts given their sum is multinomial; the use here is ours.
    """
    counts, totals = (
        values[..., -SWING_YEARS:]
        for values in (_yearly(snapshot), snapshot.totals.to_numpy(dtype=float))
    )
    if len(totals) < LEAST_YEARS or (totals <= 0).any():
        return snapshot.missing()
    part = totals / totals.sum()
    expected = counts.sum(axis=1, keepdims=True) * part
    beyond = ((counts - expected) ** 2 - expected * (1 - part)).sum(axis=1)
    square = (expected**2).sum(axis=1)
    return by_unit(snapshot, beyond / np.where(square > 0, square, 1.0), square > 0)


def reversion_gap(snapshot: Snapshot) -> pd.Series:
    """Log of the long-run share less log of the share in T-2 … T as counted.

    What a unit would gain if it went back to its long run (Galton's regression to the mean).
    """
    first, last = recent_years(snapshot)
    total = float(snapshot.totals.loc[first:last].sum())
    now = counted_share(snapshot.counts(first, last), total=total)
    return pd.Series(np.log(long_run(snapshot)) - np.log(now))


FEATURES = (
    Feature("growth_1", growth_over(1, before=3)),
    Feature("growth_2", growth_over(2, before=3)),
    Feature("growth_5", growth_over(5, before=5)),
    Feature("acceleration", acceleration),
    Feature("unit_age", unit_age),
    Feature("long_run_share", long_run),
    Feature("years_since_peak", years_since_peak),
    Feature("volatility", volatility),
    Feature("reversion_gap", reversion_gap),
)
