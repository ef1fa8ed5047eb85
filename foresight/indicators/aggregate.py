"""From documents to units: the mean of an indicator with its interval."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foresight.errors import TableError


def unit_means(
    values: pd.Series,
    members: pd.DataFrame,
    *,
    rng: np.random.Generator,
    draws: int = 1000,
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate each unit's mean of a document-level indicator, missing documents left out.

    The interval is the bootstrap percentile interval over the unit's documents.

    Parameters
    ----------
    values : Series, index doc_id (unique)
        NaN where the indicator is missing.
    members : DataFrame
        `unit_id`, `doc_id`, one row per pair; a document may belong to several units.
    rng : Generator
    draws : int, default 1000
    level : float, default 0.95

    Returns
    -------
    DataFrame of shape (n_units, 5), indexed and sorted by unit_id
        `mean`, `mean_lo`, `mean_hi` in the unit of `values`, missing without a value (the
        bounds also with only one); `n` (documents with a value), `n_docs` (all).

    Raises
    ------
    TableError
        If a column is missing or a pair or document is repeated.

    Notes
    -----
    With few documents and heavy tails (citations) percentile intervals are too short.

    References
    ----------
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13,
    doi:10.1201/9780429246593.
    """
    check_columns(members, ("unit_id", "doc_id"), "members")
    if members.duplicated(["unit_id", "doc_id"]).any() or not values.index.is_unique:
        msg = "A document is listed twice, in `values` or within a unit. Keep one row of each."
        raise TableError(msg)
    rows = members[["unit_id", "doc_id"]].sort_values(["unit_id", "doc_id"], kind="stable")
    found = values.reindex(rows["doc_id"]).to_numpy(dtype=np.float64, na_value=np.nan)
    made = {}
    for unit, places in rows.reset_index(drop=True).groupby("unit_id", sort=True).indices.items():
        known = found[places]
        known = known[~np.isnan(known)]
        lo = hi = np.nan
        if len(known) > 1:
            drawn = [known[rng.integers(len(known), size=len(known))].mean() for _ in range(draws)]
            lo, hi = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
        mean = known.mean() if len(known) else np.nan
        made[unit] = (mean, lo, hi, len(known), len(places))
    names = ["mean", "mean_lo", "mean_hi", "n", "n_docs"]
    frame = pd.DataFrame.from_dict(made, orient="index", columns=names)
    frame = frame.astype({"mean": float, "mean_lo": float, "mean_hi": float, "n": int})
    return frame.astype({"n_docs": int}).rename_axis("unit_id")


def check_columns(frame: pd.DataFrame, columns: tuple[str, ...], name: str) -> None:
    """Refuse a frame that lacks a column.

    Raises
    ------
    TableError
        Naming the frame, what it lacks and what it has.
    """
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        msg = (
            f"The table `{name}` lacks the column(s) {', '.join(missing)}; it has "
            f"{', '.join(map(str, frame.columns)) or 'none'}. Add or rename the column(s)."
        )
        raise TableError(msg)
