"""Recombination and novelty of units: shares of their documents."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.errors import TableError
from foresight.indicators.aggregate import check_columns
from foresight.indicators.community import weighted_share
from foresight.intervals import wilson

Floats = NDArray[np.float64]


def first_pair_share(weights: Floats, n_pairs: Floats, n_first_pairs: Floats) -> Floats:
    """Share of documents with at least one pair of classes never joined before in the corpus.

    Parameters
    ----------
    weights : array of shape (n_draws, n_docs)
        Weight of each document, e.g. bootstrap counts.
    n_pairs, n_first_pairs : arrays of shape (n_docs,)
        Pairs of distinct CPC main groups (of keywords, for papers) of a document, and those
        among them that no earlier document of the corpus has. Documents with fewer than two
        classes have no pair and are missing, not zero.

    Returns
    -------
    array of shape (n_draws,), 0 to 1; NaN where no document has a pair.

    Notes
    -----
    First-ever means first in this corpus: in a sample more pairs look new than are. A pair with a
    class or keyword that is itself new must be new: for keywords that is nearly all there is, and
    `n_known_first_pairs` of `foresight.corpus.pairs.recombinations` says more. Documents with
    many classes have more pairs to be first with.

    References
    ----------
    Verhoeven, Bakker & Veugelers (2016), doi:10.1016/j.respol.2015.11.010; Fleming (2001),
    doi:10.1287/mnsc.47.1.117.10671.
    """
    flags = np.where(n_pairs > 0, (n_first_pairs > 0).astype(float), np.nan)
    return weighted_share(weights, flags)


def novel_share(members: pd.DataFrame, novel: pd.Series) -> pd.DataFrame:
    """Share of each unit's documents that are novel by some measure, with its interval.

    Parameters
    ----------
    members : DataFrame
        unit_id, doc_id; distinct.
    novel : Series indexed by doc_id, unique
        1 or 0 (or bool); null where not known, e.g. a document without a pair, or a percentile
        that is missing. Make the flag from a measure that compares within a year, so that old
        units are not called novel for having come first.

    Returns
    -------
    DataFrame, indexed and sorted by unit_id
        `share` (0 to 1), `lo`, `hi` (Wilson, 95 %), `n` (documents for which it is known),
        `n_unknown`. NaN where n is 0.

    Raises
    ------
    TableError
        If a column is missing, ids are repeated or a flag is neither 0 nor 1.

    References
    ----------
    Wilson (1927), doi:10.1080/01621459.1927.10502953.
    """
    check_columns(members, ("unit_id", "doc_id"), "members")
    if not novel.index.is_unique:
        msg = "Documents have repeated flags of novelty. Give one flag per document."
        raise TableError(msg)
    flags = novel.astype("Float64").reindex(members["doc_id"]).to_numpy(np.float64, na_value=np.nan)
    known = ~np.isnan(flags)
    if not np.isin(flags[known], (0.0, 1.0)).all():
        msg = "A flag of novelty is neither 0, 1 nor null. Compare the measure with a limit first."
        raise TableError(msg)
    units = members["unit_id"].to_numpy()
    table = pd.DataFrame({"hits": np.where(known, flags, 0.0), "known": known, "unit_id": units})
    sums = table.groupby("unit_id", sort=True).agg(
        hits=("hits", "sum"), n=("known", "sum"), size=("known", "size")
    )
    lo, hi = wilson(sums["hits"], sums["n"])
    columns = {
        "share": sums["hits"] / sums["n"].where(sums["n"] > 0),
        "lo": lo,
        "hi": hi,
        "n": sums["n"],
        "n_unknown": sums["size"] - sums["n"],
    }
    return pd.DataFrame(columns, index=sums.index)
