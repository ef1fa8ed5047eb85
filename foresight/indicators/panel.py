"""Yearly counts of units as arrays: what the trend indicators read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.errors import InsufficientDataError, TableError
from foresight.tables import TOPIC_YEARS, check

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Panel:
    """Yearly counts up to the last complete year.

    Attributes
    ----------
    ids : Index of shape (n_units,), sorted
    years : array of shape (n_years,), consecutive
    counts : array of shape (n_units, n_years)
        Documents of each unit and year.
    totals : array of shape (n_years,)
        Documents of the corpus; 0 in a year that the corpus does not cover.
    """

    ids: pd.Index
    years: Ints
    counts: Floats
    totals: Floats


def panel(topic_years: pd.DataFrame, *, last_year: int, first_year: int | None = None) -> Panel:
    """Lay out a table of yearly counts as a panel; rows after the last year are never read.

    Parameters
    ----------
    topic_years : DataFrame, table `TOPIC_YEARS`, one row per unit and year
        Years in which a unit has no document must be present with n_docs = 0.
    last_year : int
        Last complete year.
    first_year : int, optional
        First year; the first of the table when absent.

    Returns
    -------
    Panel

    Raises
    ------
    TableError
        If two units state different corpus totals for a year, or a unit has more documents than
        the corpus.
    InsufficientDataError
        If no row is left, or a unit lacks a row for a year.
    """
    check(topic_years, TOPIC_YEARS)
    rows = topic_years[topic_years["year"] <= last_year]
    if first_year is not None:
        rows = rows[rows["year"] >= first_year]
    if rows.empty:
        msg = f"No row up to {last_year} is left. Give counts up to the last complete year."
        raise InsufficientDataError(msg)
    start = int(rows["year"].min()) if first_year is None else first_year
    years = np.arange(start, last_year + 1)
    wide = rows.pivot(index="topic_id", columns="year", values="n_docs").reindex(columns=years)
    gaps = wide.index[wide.isna().any(axis=1)]
    if len(gaps):
        msg = (
            f"{len(gaps)} of {len(wide)} unit(s) lack a year in {years[0]}-{years[-1]}, first: "
            f"{list(gaps[:3])}. Write n_docs = 0 for empty years before calling."
        )
        raise InsufficientDataError(msg)
    spread = rows.groupby("year")["n_corpus"].agg(["min", "max"])
    torn = spread.index[spread["min"] != spread["max"]]
    if len(torn) or (rows["n_docs"] > rows["n_corpus"]).any():
        msg = (
            f"Table `topic_years`: n_corpus differs between units in {list(torn[:3])}, or is below "
            f"n_docs. It is the number of documents of the whole corpus in that year."
        )
        raise TableError(msg)
    counts = wide.sort_index()
    totals = spread["min"].reindex(years).to_numpy(dtype=float)
    return Panel(counts.index, years, counts.to_numpy(dtype=float), totals)
