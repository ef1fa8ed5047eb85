"""Who works on a unit: newcomers, concentration, countries."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]


def effective_number(weights: Floats, incidence: sparse.csr_array) -> Floats:
    """Effective number of actors, 1 / HHI, for one or many document weightings.

    A document with several actors counts for each in equal parts.

    Parameters
    ----------
    weights : array of shape (n_draws, n_docs)
        Weight of each document, e.g. bootstrap counts.
    incidence : sparse array of shape (n_docs, n_actors)
        1 where the document names the actor.

    Returns
    -------
    array of shape (n_draws,), at least 1; NaN where no document names an actor.

    References
    ----------
    Laakso & Taagepera (1979), doi:10.1177/001041407901200101.
    """
    per_doc = np.asarray(incidence.sum(axis=1)).ravel()
    parts = sparse.diags_array(1.0 / np.maximum(per_doc, 1.0)) @ incidence
    mass = np.asarray(weights @ parts)
    total = mass.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, total**2 / (mass**2).sum(axis=1), np.nan)


def number_present(weights: Floats, incidence: sparse.csr_array) -> Floats:
    """Number of distinct actors named by the weighted documents.

    Parameters and shapes as in `effective_number`; NaN where no document names an actor.
    """
    mass = np.asarray(weights @ incidence)
    present = (mass > 0).sum(axis=1).astype(float)
    return np.where(present > 0, present, np.nan)


def weighted_share(weights: Floats, flags: Floats) -> Floats:
    """Share of the weighted documents whose flag is 1; documents with a NaN flag are left out.

    Parameters
    ----------
    weights : array of shape (n_draws, n_docs)
    flags : array of shape (n_docs,), 0, 1 or NaN (not known)

    Returns
    -------
    array of shape (n_draws,), 0 to 1; NaN where nothing is known.
    """
    known = ~np.isnan(flags)
    total = weights[:, known].sum(axis=1)
    hits = weights[:, known] @ flags[known]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, hits / total, np.nan)
