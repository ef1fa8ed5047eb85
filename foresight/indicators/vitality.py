"""How young a unit's documents are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def vitality(weights: Floats, years: NDArray[np.int64], *, last_year: int) -> Floats:
    """Mean of 1 / (age + 1) over documents, age in years at the last complete year.

    Parameters
    ----------
    weights : array of shape (n_draws, n_docs)
        Weight of each document, e.g. bootstrap counts.
    years : array of shape (n_docs,), none after `last_year`
    last_year : int

    Returns
    -------
    array of shape (n_draws,), above 0 to 1: 1 when every document is of the last year.

    Notes
    -----
    Follows the corpus's own age profile: compare within one corpus only.

    References
    ----------
    Klavans, Boyack & Murdick (2020), doi:10.1371/journal.pone.0239177.
    """
    youth = 1.0 / (last_year - years + 1.0)
    return np.asarray((weights @ youth) / weights.sum(axis=1))
