"""Intervals of shares and counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2, norm

Floats = NDArray[np.float64]


def wilson(
    successes: ArrayLike, trials: ArrayLike, *, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Wilson's score interval of a share.

    Parameters
    ----------
    successes, trials : array_like of shape (n,)
        Counts; `successes` at most `trials`.
    level : float, default 0.95

    Returns
    -------
    lo, hi : arrays of shape (n,), shares from 0 to 1; NaN where there are no trials.

    References
    ----------
    Wilson (1927), doi:10.1080/01621459.1927.10502953.
    """
    k = np.asarray(successes, dtype=float)
    n = np.asarray(trials, dtype=float)
    z = float(norm.ppf(0.5 + level / 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = k / n
        centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
        lo = np.where(k == 0, 0.0, centre - half)
        hi = np.where(k == n, 1.0, centre + half)
    empty = n == 0
    return np.where(empty, np.nan, lo), np.where(empty, np.nan, hi)


def poisson(counts: ArrayLike, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """Exact (Garwood) interval of a Poisson mean from one count.

    Parameters
    ----------
    counts : array_like of shape (n,), whole numbers
    level : float, default 0.95

    Returns
    -------
    lo, hi : arrays of shape (n,), in the unit of the counts.

    References
    ----------
    Garwood (1936), doi:10.1093/biomet/28.3-4.437.
    """
    k = np.asarray(counts, dtype=float)
    tail = (1 - level) / 2
    lo = np.where(k > 0, chi2.ppf(tail, 2 * np.maximum(k, 1)) / 2, 0.0)
    return lo, chi2.ppf(1 - tail, 2 * k + 2) / 2
