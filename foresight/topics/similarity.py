"""How alike the topics of a track are."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

COLUMNS = ["topic_a", "topic_b", "similarity"]
DECIMALS = 6


def topic_similarity(topics: pd.Series, vectors: NDArray[np.float32]) -> pd.DataFrame:
    """Cosine of the mean document vectors of every two topics.

    Each topic is the mean of its documents' vectors (as in Rocchio's classifier); the likeness of
    two topics is the cosine of the angle between their means.

    Parameters
    ----------
    topics : Series of shape (n_docs,), indexed by doc_id
        topic_id of each document; null for none.
    vectors : array of shape (n_docs, n_dimensions), unit length
        In the order of `topics`.

    Returns
    -------
    DataFrame, one row per pair with topic_a < topic_b, sorted
        topic_a, topic_b, similarity (-1 to 1, rounded to six decimals).

    Notes
    -----
    Documents of one track share most of their vocabulary, so that values are high throughout and
    only their differences tell; they cannot be compared between tracks or encoders. Means are
    taken in double precision over documents in order of id, so that row order changes nothing.

    References
    ----------
    Manning, Raghavan & Schütze (2008), doi:10.1017/CBO9780511809071, section 14.2.
    """
    order = np.argsort(topics.index.to_numpy(dtype=str), kind="stable")
    named = topics.iloc[order]
    wide = vectors[order].astype(np.float64)
    units = sorted(named.dropna().unique())
    if not units:
        return pd.DataFrame(columns=COLUMNS)
    means = np.vstack([wide[(named == unit).to_numpy(dtype=bool, na_value=False)].mean(axis=0)
                       for unit in units])  # fmt: skip
    length = np.linalg.norm(means, axis=1, keepdims=True)
    unit_means = np.divide(means, length, out=np.zeros_like(means), where=length > 0)
    cosines = np.round(unit_means @ unit_means.T, DECIMALS) + 0.0
    first, second = np.triu_indices(len(units), k=1)
    values = {"similarity": cosines[first, second]}
    names = np.array(units, dtype=object)
    return pd.DataFrame({"topic_a": names[first], "topic_b": names[second], **values})
