"""How usual the pairs of classes are that a document joins."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from foresight.indicators.aggregate import check_columns

Floats = NDArray[np.float64]

TAIL = 0.1  # quantile of a document's pairs that shows its most unusual ones (Uzzi et al.)


def pair_z(n_pair: ArrayLike, n_a: ArrayLike, n_b: ArrayLike, n_docs: ArrayLike) -> Floats:
    """Standardise how often two classes meet against chance, in closed form.

    If the n_a and n_b documents with either class were drawn at random from n_docs, those with
    both would follow the hypergeometric distribution, so

        z = (n_pair - m) / s,  m = n_a n_b / n_docs,
        s^2 = m (1 - n_a / n_docs) (n_docs - n_b) / (n_docs - 1).

    Parameters
    ----------
    n_pair, n_a, n_b, n_docs : array_like of shape (n,)
        Documents with both classes, with either, and in all.

    Returns
    -------
    array of shape (n,): below 0 for pairs rarer than chance; NaN where chance leaves no room
    (s = 0: a class that none or all documents have).

    Notes
    -----
    Random rewiring (Uzzi et al.) keeps how many classes each document has; the closed form keeps
    only how often each class is used. Documents differ in their number of classes, and those with
    many make many pairs, so z is too high throughout: read it by rank, not against 0. The errors
    of rare classes are far from normal.

    References
    ----------
    Teece, Rumelt, Dosi & Winter (1994), doi:10.1016/0167-2681(94)90094-9 (closed form); Kim,
    Cerigo, Jeong & Youn (2016), doi:10.1140/epjds/s13688-016-0069-1 (on patent classes); Uzzi,
    Mukherjee, Stringer & Jones (2013), doi:10.1126/science.1240474 (atypicality).
    """
    seen, a, b, n = (np.asarray(x, dtype=np.float64) for x in (n_pair, n_a, n_b, n_docs))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = a * b / n
        variance = mean * (1.0 - a / n) * (n - b) / (n - 1.0)
        z = (seen - mean) / np.sqrt(variance)
    return np.where(variance > 0, z, np.nan)


def pair_atypicality(pairs: pd.DataFrame, *, last_year: int) -> pd.DataFrame:
    """Estimate how usual a document's pairs of classes were in its year: median and lower tail.

    Two readings of the counts: with the document itself among the year's documents, as published,
    and without it. With it, a pair that only this document has counts as observed once, which for
    two rare classes is far more than chance: the most unusual pair looks the most usual. Without
    it, the pair is judged by what others do (ours).

    Parameters
    ----------
    pairs : DataFrame
        doc_id, year, n_pair, n_a, n_b, n_docs; one row per document and pair
        (`foresight.corpus.pairs.pair_counts`).
    last_year : int
        Last complete year; later rows are never read.

    Returns
    -------
    DataFrame, indexed and sorted by doc_id
        `median_z` and `low_z` (tenth percentile, linear between pairs): conventionality, and how
        unusual the most unusual pairs are (lower = more novel); `median_z_others`, `low_z_others`
        without the document itself; `n_pairs` and `n_pairs_others`, the pairs with a z. Missing
        (NaN) where no pair has one. Documents without a pair have no row.

    Raises
    ------
    TableError
        If a column is missing.

    Notes
    -----
    See `pair_z`. A document with one pair has the same median and tail; the tail falls as pairs
    grow in number. In a small year most pairs occur once, and z says little.

    References
    ----------
    Uzzi, Mukherjee, Stringer & Jones (2013), doi:10.1126/science.1240474.
    """
    names = ("doc_id", "year", "n_pair", "n_a", "n_b", "n_docs")
    check_columns(pairs, names, "pairs")
    rows = pairs[pairs["year"] <= last_year]
    counts = [rows[name].to_numpy(dtype=np.float64) for name in names[2:]]
    found: dict[str, pd.Series] = {}
    for suffix, own in (("", 0.0), ("_others", 1.0)):
        z = pd.Series(pair_z(*(count - own for count in counts)), index=rows.index)
        by_document = z.groupby(rows["doc_id"], sort=True)
        found[f"median_z{suffix}"] = by_document.median()
        found[f"low_z{suffix}"] = by_document.quantile(TAIL)
        found[f"n_pairs{suffix}"] = by_document.count()
    order = [
        "median_z", "low_z", "median_z_others", "low_z_others", "n_pairs", "n_pairs_others",
    ]  # fmt: skip
    return pd.DataFrame(found)[order]
