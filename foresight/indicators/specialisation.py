"""What regions are specialised in, with small counts kept from looking like strengths."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaln
from scipy.stats import gamma

from foresight.errors import TableError

Floats = NDArray[np.float64]

MASSES = np.exp(np.linspace(np.log(0.05), np.log(500.0), 241))  # of the prior: grid of the search
LEAST_CELLS = 8  # fewer cells do not tell how much regions differ


def check_counts(counts: pd.DataFrame) -> Floats:
    """Check a region x technology table and return its values.

    Raises
    ------
    TableError
        If a count is missing, negative or infinite, or a name is repeated.
    """
    values = counts.to_numpy(dtype=float)
    if not np.isfinite(values).all() or (values < 0).any():
        msg = (
            "A table of regions by technologies needs a count of 0 or more in every cell; fill "
            "pairs that have no document with 0."
        )
        raise TableError(msg)
    if counts.index.has_duplicates or counts.columns.has_duplicates:
        msg = "A region or technology stands twice in the table. Add up its rows or columns first."
        raise TableError(msg)
    return values


def expected_counts(values: Floats) -> Floats:
    """Counts if regions and technologies were independent: row sum x column sum / total."""
    total = max(float(values.sum()), 1.0)
    product = values.sum(axis=1, keepdims=True) * values.sum(axis=0, keepdims=True)
    return np.asarray(product / total)


def rta(counts: pd.DataFrame) -> pd.DataFrame:
    """Revealed technological advantage: (P_rt / P_r) / (P_t / P).

    Parameters
    ----------
    counts : DataFrame of shape (n_regions, n_technologies), documents

    Returns
    -------
    DataFrame of the same shape; 0 or more, 1 where a region is as specialised as all together;
    NaN in the row of a region, or column of a technology, without documents.

    Raises
    ------
    TableError
        If a count is missing or negative, or a name is repeated.

    References
    ----------
    Balassa (1965), doi:10.1111/j.1467-9957.1965.tb00050.x.
    """
    values = check_counts(counts)
    expected = expected_counts(values)
    ratio = np.divide(values, expected, out=np.full(values.shape, np.nan), where=expected > 0)
    return pd.DataFrame(ratio, index=counts.index, columns=counts.columns)


def symmetric(ratio: pd.DataFrame) -> pd.DataFrame:
    """Symmetric index (RTA - 1) / (RTA + 1): -1 to 1, 0 where RTA is 1; NaN stays NaN.

    References
    ----------
    Dalum, Laursen & Villumsen (1998), International Review of Applied Economics 12(3), 423-443.
    """
    return (ratio - 1.0) / (ratio + 1.0)


def gamma_mass(observed: Floats, expected: Floats) -> float:
    """Mass of the gamma prior with mean 1 that makes the observed counts likeliest.

    Counts are Poisson with mean theta x expected, theta gamma with shape and rate equal to the
    mass, so that counts are negative binomial; the mass is sought on a grid from 0.05 to 500.

    Parameters
    ----------
    observed, expected : arrays of shape (n,), expected above 0

    Returns
    -------
    float; 1 with fewer than 8 cells.
    """
    if len(observed) < LEAST_CELLS:
        return 1.0
    a, k, e = MASSES[:, np.newaxis], observed, expected
    fit = gammaln(a + k) - gammaln(a) + a * np.log(a / (a + e)) + k * np.log(e / (a + e))
    return float(MASSES[int(np.argmax(fit.sum(axis=1)))])


def specialisation(
    counts: pd.DataFrame, *, level: float = 0.95, mass: float | None = None
) -> pd.DataFrame:
    """Estimate the specialisation of each region in each technology, shrunk, with interval.

    The count is Poisson with mean theta x expected count; theta, the true RTA, has a gamma prior
    with mean 1 whose mass is estimated from the whole table. The estimate is the posterior mean
    (count + mass) / (expected + mass), the interval its quantiles.

    Parameters
    ----------
    counts : DataFrame of shape (n_regions, n_technologies), documents
    level : float, default 0.95
    mass : float, optional
        Mass of the prior, in expected documents; estimated when absent.

    Returns
    -------
    DataFrame, one row per region and technology in the order of the table
        region, technology, n_docs, n_expected, rta and rsi (as counted), rta_shrunk, rta_lo,
        rta_hi, rsi_shrunk, rsi_lo, rsi_hi, p_above (posterior probability that RTA exceeds 1),
        prior_mass. For a region or technology without documents all but n_docs and n_expected
        are missing.

    Raises
    ------
    TableError
        If a count is missing or negative, or a name is repeated.

    Notes
    -----
    Row and column sums are taken as known, and a cell is part of them: in a table of very few
    regions RTA is drawn towards 1 and its interval too wide. The interval takes the prior as
    known: measured on generated tables of 11 x 24 it covers 94 % with 11 documents a cell, 77 %
    with one. RTA compares with the table's own total, so a table of one country shows its regions
    against each other, not against the world.

    References
    ----------
    Clayton & Kaldor (1987), doi:10.2307/2532003; Balassa (1965),
    doi:10.1111/j.1467-9957.1965.tb00050.x; Dalum, Laursen & Villumsen (1998),
    International Review of Applied Economics 12(3), 423-443.
    """
    values = check_counts(counts)
    expected = expected_counts(values)
    known = expected > 0
    if mass is None:
        mass = gamma_mass(values[known], expected[known])
    shape, rate = values + mass, np.where(known, expected, 1.0) + mass
    tail = (1 - level) / 2
    ratios = {
        "rta": values / np.where(known, expected, 1.0),
        "rta_shrunk": shape / rate,
        "rta_lo": gamma.ppf(tail, shape, scale=1 / rate),
        "rta_hi": gamma.ppf(1 - tail, shape, scale=1 / rate),
    }
    columns: dict[str, object] = {
        "region": np.repeat(counts.index.to_numpy(), values.shape[1]),
        "technology": np.tile(counts.columns.to_numpy(), values.shape[0]),
        "n_docs": values.ravel(),
        "n_expected": expected.ravel(),
    }
    for name, ratio in ratios.items():
        shown = np.where(known, ratio, np.nan).ravel()
        columns[name] = shown
        columns[name.replace("rta", "rsi")] = (shown - 1) / (shown + 1)
    above = gamma.sf(1.0, shape, scale=1 / rate)
    columns["p_above"] = np.where(known, above, np.nan).ravel()
    columns["prior_mass"] = np.where(known, mass, np.nan).ravel()
    return pd.DataFrame(columns)
