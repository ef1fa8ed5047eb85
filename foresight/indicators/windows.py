"""Citation windows: which citations count, and which windows are over."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.errors import SettingsError
from foresight.indicators.graph import CitationGraph

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

STATUSES = ("measured", "not_cited", "no_references", "open", "undated")


def check_window(window: float | None, until: float | None) -> None:
    """Refuse a window that is negative or a bound that is not a number.

    Raises
    ------
    SettingsError
    """
    if window is not None and not (window >= 0 and math.isfinite(window)):
        msg = (
            f"`window` must be a number from 0 up, in the unit of the times, got {window!r}. "
            "Give None for all citations."
        )
        raise SettingsError(msg)
    if until is not None and not math.isfinite(until):
        msg = f"`until` must be a time in the unit of the graph, got {until!r}. Give None for all."
        raise SettingsError(msg)


def window_ends(times: Floats, *, window: float | None, until: float | None) -> Floats:
    """Last time at which a citation of each node counts; NaN for undated nodes with a window.

    Parameters
    ----------
    times : array of shape (n,)
    window : float or None
        Length after each node's own time, the end included; None for no limit.
    until : float or None
        Last time on record; None for no limit.
    """
    ends = np.full(len(times), np.inf) if window is None else times + window
    return ends if until is None else np.minimum(ends, until)


def is_open(times: Floats, *, window: float | None, until: float | None) -> Flags:
    """Nodes whose window reaches beyond `until`, or that appear after it: not yet known."""
    if until is None:
        return np.zeros(len(times), dtype=bool)
    return times + (window or 0.0) > until


def counted(graph: CitationGraph, *, window: float | None, until: float | None) -> Flags:
    """Mark the arcs of `graph.citing` that count.

    An arc counts when its citing node is no later than the cited node's window allows; one that
    is earlier than what it cites counts too. Where a bound is given, undated nodes neither cite
    nor are cited.

    Parameters
    ----------
    graph : CitationGraph
    window, until : float or None, unit of `graph.times`

    Returns
    -------
    array of shape (m,), bool, in the order of `graph.citing`.
    """
    if window is None and until is None:
        return np.ones(graph.n_arcs, dtype=bool)
    ends = window_ends(graph.times, window=window, until=until)
    if until is not None:
        ends[~(graph.times <= until)] = np.nan
    return np.asarray(graph.times[graph.citing] <= np.repeat(ends, graph.in_degree))


def status(
    graph: CitationGraph, *, window: float | None, until: float | None, dated: bool
) -> NDArray[np.int8]:
    """Place in `STATUSES` of each node before its citations are looked at: 0, 3 or 4.

    Parameters
    ----------
    dated : bool
        Whether the indicator needs a date even without a window.
    """
    codes = np.zeros(graph.n_nodes, dtype=np.int8)
    codes[is_open(graph.times, window=window, until=until)] = STATUSES.index("open")
    if dated or window is not None or until is not None:
        codes[np.isnan(graph.times)] = STATUSES.index("undated")
    return codes


def as_status(codes: NDArray[np.int8]) -> pd.Categorical[str]:
    """Codes as a categorical column with the categories `STATUSES`."""
    names: pd.Categorical[str] = pd.Categorical.from_codes(codes, categories=pd.Index(STATUSES))
    return names
