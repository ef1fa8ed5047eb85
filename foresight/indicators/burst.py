"""Bursts: stretches of years in which a unit's share of the corpus is twice its usual one."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.errors import InsufficientDataError
from foresight.indicators.panel import Panel, panel

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SCALE = 2.0  # Kleinberg's s: a burst doubles the share
GAMMA = 1.0  # Kleinberg's gamma: price of a step up, in units of ln(number of years)
COLUMNS = ["topic_id", "start", "end", "weight", "n_docs", "n_usual", "ongoing"]


def burst_gain(counts: Floats, totals: Floats, *, s: float = SCALE) -> Floats:
    """Evidence of each year for the high state: log likelihood ratio of share s p to share p.

    With r of d documents, r ln(s) + (d - r) ln((1 - s p) / (1 - p)), where p is the unit's share
    over all years; the binomial coefficient cancels.

    Parameters
    ----------
    counts : array of shape (n_units, n_years)
    totals : array of shape (n_years,), documents of the corpus
    s : float, default 2, above 1

    Returns
    -------
    array of shape (n_units, n_years), natural log; 0 in years without documents of the corpus;
    NaN where s p is 1 or more (no such share exists) or the unit has no document.
    """
    share = counts.sum(axis=1, keepdims=True) / max(float(totals.sum()), 1.0)
    defined = (share > 0) & (s * share < 1)
    low = np.where(defined, share, 0.25 / s)
    step = np.log1p(-s * low) - np.log1p(-low)
    gain = counts * np.log(s) + (totals - counts) * step
    return np.where(defined, gain, np.nan)


def burst_path(gain: Floats, *, price: float) -> Bools:
    """The cheapest sequence of two states, by Viterbi's algorithm, for all units at once.

    The path starts in the low state. A step up costs `price`, a step down nothing, and a year in
    the high state saves its gain. Of paths that cost the same, the one that is lower at the end
    is kept.

    Parameters
    ----------
    gain : array of shape (n_units, n_years), finite
    price : float, above 0

    Returns
    -------
    bool array of shape (n_units, n_years), True in the high state.
    """
    units, years = gain.shape
    low, high = np.zeros(units), np.full(units, np.inf)
    stayed = np.zeros((years, units), dtype=bool)  # the high state came from the high state
    fell = np.zeros((years, units), dtype=bool)  # the low state came from the high state
    for year in range(years):
        fell[year] = high < low
        stayed[year] = high < low + price
        low, high = np.minimum(low, high), np.minimum(high, low + price) - gain[:, year]
    path = np.zeros((units, years), dtype=bool)
    state = high < low
    for year in range(years - 1, -1, -1):
        path[:, year] = state
        state = np.where(state, stayed[year], fell[year])
    return path


def bursts(
    topic_years: pd.DataFrame,
    *,
    last_year: int,
    first_year: int | None = None,
    s: float = SCALE,
    gamma: float = GAMMA,
) -> pd.DataFrame:
    """Find the bursts of each unit by Kleinberg's two-state automaton for batches.

    In a year with d documents of the corpus, the unit's number r is binomial with share p (its
    share over all years) in the low state and s p in the high one. The sequence of states that
    minimises the sum of -ln P(r | state) and gamma ln(n) per step up is found, n being the number
    of years with documents. A burst is a run of years in the high state; its weight is the sum
    of ln P(r | high) - ln P(r | low) over them.

    Parameters
    ----------
    topic_years : DataFrame, table `TOPIC_YEARS`, one row per unit and year
        Years in which a unit has no document must be present with n_docs = 0.
    last_year, first_year : int
        Complete years read; all from the first of the table when `first_year` is absent.
    s : float, default 2
        Ratio of the shares.
    gamma : float, default 1
        Price of a step up.

    Returns
    -------
    DataFrame, one row per burst, sorted by topic_id and start
        topic_id, start, end (years, inclusive), weight (natural log; at least gamma ln n), n_docs
        (the unit's in the burst), n_usual (expected there at its overall share), ongoing (ends
        with `last_year`: its end is not known yet).

    Raises
    ------
    InsufficientDataError
        If fewer than two years have documents, or s or gamma leave no automaton.

    Notes
    -----
    Years without documents of the corpus are left out of the automaton: they neither start, end
    nor break a burst, and do not count in n. A unit with no document, or with half the corpus or
    more (at s = 2), cannot burst and has no row.

    A burst shows a doubling against the unit's own past, so that a unit whose documents all fall
    into few years bursts by definition, and steady growth shows as one burst at its end. The share
    p includes the burst itself: long bursts are understated. The weight has no interval; it is
    a log likelihood ratio of a stretch chosen to make it large, so that it is not a test. A
    later year added changes p and may move earlier bursts.

    References
    ----------
    Kleinberg (2003), doi:10.1023/A:1024940629314, section 4.
    """
    if s <= 1 or gamma <= 0:
        msg = f"A burst needs s above 1 and gamma above 0, got s = {s} and gamma = {gamma}."
        raise InsufficientDataError(msg)
    data = panel(topic_years, last_year=last_year, first_year=first_year)
    covered = data.totals > 0
    if covered.sum() < 2:
        msg = (
            f"The corpus has documents in {int(covered.sum())} year(s) of {data.years[0]}-"
            f"{last_year}; a burst needs two. Choose an earlier first year."
        )
        raise InsufficientDataError(msg)
    gain = burst_gain(data.counts[:, covered], data.totals[covered], s=s)
    able = np.isfinite(gain).all(axis=1)
    price = gamma * float(np.log(covered.sum()))
    path = burst_path(np.where(np.reshape(able, (-1, 1)), gain, -1.0), price=price)
    return _runs(data, gain=gain, path=path, covered=covered)


def _runs(data: Panel, *, gain: Floats, path: Bools, covered: Bools) -> pd.DataFrame:
    years = data.years[covered]
    counts, totals = data.counts[:, covered], data.totals[covered]
    share = counts.sum(axis=1) / totals.sum()
    edges = np.diff(np.pad(path.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    unit, first = np.nonzero(edges == 1)
    last = np.nonzero(edges == -1)[1] - 1  # both in order of unit, then year: they pair up

    def total(values: Floats) -> Floats:
        before = np.pad(np.cumsum(values, axis=1), ((0, 0), (1, 0)))
        return np.asarray(before[unit, last + 1] - before[unit, first])

    columns = {
        "topic_id": data.ids[unit],
        "start": years[first],
        "end": years[last],
        "weight": total(np.nan_to_num(gain)),
        "n_docs": np.rint(total(counts)).astype(int),
        "n_usual": total(share[:, np.newaxis] * totals),
        "ongoing": last == len(years) - 1,
    }
    return pd.DataFrame(columns, columns=COLUMNS)
