"""Recombination: documents that join two classes for the first time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foresight.indicators.community import weighted_share

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
    First-ever means first in this corpus: in a sample more pairs look new than are.

    References
    ----------
    Verhoeven, Bakker & Veugelers (2016), doi:10.1016/j.respol.2015.11.010; Fleming (2001),
    doi:10.1287/mnsc.47.1.117.10671.
    """
    flags = np.where(n_pairs > 0, (n_first_pairs > 0).astype(float), np.nan)
    return weighted_share(weights, flags)
