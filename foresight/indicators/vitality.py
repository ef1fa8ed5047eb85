"""How young a unit's documents are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foresight.errors import TableError

Floats = NDArray[np.float64]


def vitality(weights: Floats, years: NDArray[np.int64], *, last_year: int) -> Floats:
    """Mean of 1 / (age + 1) over documents, age in years at the last complete year.

    Given the years of the documents that a unit's documents refer to, and their weights, it is
    the vitality of its references.

    Parameters
    ----------
    weights : array of shape (n_draws, n_docs)
        Weight of each document, e.g. bootstrap counts.
    years : array of shape (n_docs,), none after `last_year`
    last_year : int

    Returns
    -------
    array of shape (n_draws,), above 0 to 1: 1 when every document is of the last year; NaN where
    no document has weight.

    Raises
    ------
    TableError
        If a year lies after `last_year`: it is not known yet.

    Notes
    -----
    Follows the corpus's own age profile: compare within one corpus only.

    References
    ----------
    Klavans, Boyack & Murdick (2020), doi:10.1371/journal.pone.0239177.
    """
    if (years > last_year).any():
        late = int((years > last_year).sum())
        msg = (
            f"{late} document(s) are of years after {last_year}, which is not known yet. Drop them."
        )
        raise TableError(msg)
    youth = 1.0 / (last_year - years + 1.0)
    total = weights.sum(axis=1)
    out = np.full(len(total), np.nan)
    return np.asarray(np.divide(weights @ youth, total, out=out, where=total > 0))
