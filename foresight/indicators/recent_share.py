"""How much of a unit lies in the last years, drawn towards what is usual where it is small."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import beta

from foresight.errors import InsufficientDataError
from foresight.indicators.panel import panel

Floats = NDArray[np.float64]

RECENT = 3  # years: T-2 to T
PRIOR_DOCS = 1.0  # documents, spread as the corpus is: keeps a share inside 0 to 1
MIN_UNITS = 3  # below, units cannot tell how much they differ


def beta_prior(recent: Floats, docs: Floats, *, usual: float) -> tuple[float, float]:
    """Mean and mass of the beta distribution that the units' recent shares come from.

    Kleinman's moments with weights n: the mean is the pooled share; the correlation rho of two
    documents of a unit equates the weighted spread of shares with its expectation, and the mass
    is 1 / rho - 1.

    Parameters
    ----------
    recent, docs : arrays of shape (n_units,)
        Recent documents k and all documents n of each unit.
    usual : float
        Recent share of the corpus; one document of that share is added to the pooled mean.

    Returns
    -------
    mean, mass : float
        Beta(mean x mass, (1 - mean) x mass). The mass is at least 1 and at most the number of all
        documents of the units, which is also its value when they differ no more than by chance;
        it is 1 (and the mean `usual`) with fewer than three units with documents.

    References
    ----------
    Kleinman (1973), doi:10.1080/01621459.1973.10481332.
    """
    used = docs > 0
    if used.sum() < MIN_UNITS:
        return usual, PRIOR_DOCS
    n, share = docs[used], recent[used] / docs[used]
    total = n.sum()
    mean = float((recent[used].sum() + PRIOR_DOCS * usual) / (total + PRIOR_DOCS))
    spread = float((n * (share - mean) ** 2).sum())
    within = float((1 - n / total).sum())
    between = float((n * (1 - n / total)).sum())
    chance = mean * (1 - mean)
    if between <= within:  # one document each: nothing tells units from chance
        return mean, float(total)
    rho = (spread - chance * within) / (chance * (between - within))
    mass = 1 / rho - 1 if rho > 0 else float(total)
    return mean, float(np.clip(mass, PRIOR_DOCS, total))


def recent_share(
    topic_years: pd.DataFrame,
    *,
    last_year: int,
    recent: int = RECENT,
    first_year: int | None = None,
    prior: tuple[float, float] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate the share of each unit's documents that lie in its last years.

    (k + mean x mass) / (n + mass), with k of n documents in T-2 to T and the prior of
    `beta_prior`: the mean of the beta posterior, whose quantiles are the interval.

    Parameters
    ----------
    topic_years : DataFrame, table `TOPIC_YEARS`, one row per unit and year
        Years in which a unit has no document must be present with n_docs = 0.
    last_year : int
        Last complete year, T.
    recent : int, default 3
        Number of last years that count as recent.
    first_year : int, optional
        First year counted in n; the first of the table when absent.
    prior : (mean, mass), optional
        Of comparable units; estimated from these units when absent.
    level : float, default 0.95

    Returns
    -------
    DataFrame of shape (n_units, 8), indexed and sorted by topic_id
        `recent_share`, `recent_share_lo`, `recent_share_hi` (0 to 1), `raw` (k / n; NaN without
        documents), `n_recent`, `n_docs`, `prior_mean`, `prior_mass`.

    Raises
    ------
    InsufficientDataError
        If the corpus has no document in the recent years, or none before them.

    Notes
    -----
    The interval takes the prior as known: with few units it is too narrow. A unit without
    documents gets the prior itself, n_docs 0. The share follows the corpus's own age profile:
    compare within one corpus and one date only.

    References
    ----------
    Casella (1985), doi:10.1080/00031305.1985.10479400; Kleinman (1973),
    doi:10.1080/01621459.1973.10481332.
    """
    data = panel(topic_years, last_year=last_year, first_year=first_year)
    late = data.years > last_year - recent
    usual = float(data.totals[late].sum()), float(data.totals[~late].sum())
    if min(usual) <= 0:
        msg = (
            f"The corpus has {usual[1]:.0f} documents before and {usual[0]:.0f} in the last "
            f"{recent} year(s) to {last_year}; a recent share needs both. Widen the years."
        )
        raise InsufficientDataError(msg)
    k, n = data.counts[:, late].sum(axis=1), data.counts.sum(axis=1)
    mean, mass = prior or beta_prior(k, n, usual=usual[0] / sum(usual))
    after, against = k + mean * mass, n - k + (1 - mean) * mass
    tail = (1 - level) / 2
    columns = {
        "recent_share": after / (after + against),
        "recent_share_lo": beta.ppf(tail, after, against),
        "recent_share_hi": beta.ppf(1 - tail, after, against),
        "raw": np.divide(k, n, out=np.full(len(n), np.nan), where=n > 0),
        "n_recent": k.astype(int),
        "n_docs": n.astype(int),
        "prior_mean": mean,
        "prior_mass": mass,
    }
    return pd.DataFrame(columns, index=data.ids)
