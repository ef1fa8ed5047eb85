"""The composite emergence score, with intervals for score and rank."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.emergence.features import COMPONENTS, FEATURES, Features
from foresight.settings import Settings

Floats = NDArray[np.float64]

WEIGHT_CONCENTRATION = 4.0
"""Dirichlet parameter per component of the weight draws: with four components a weight varies
about 0.25 with a standard deviation of 0.105, so that 95 % of draws lie in about 0.08 to 0.48."""


@dataclass(frozen=True)
class Reference:
    """The units that percentiles refer to: sorted values of every feature, and `tau2`.

    The reference is the set of all sub-directions of the plan with enough documents, in the same
    corpus at the same cut-off, so that a score means the same in every track and does not depend
    on which tracks are run.
    """

    values: dict[str, Floats]
    tau2: float


def reference(found: Features, *, n_docs: pd.Series, settings: Settings) -> Reference:
    """Build the reference from the features of all sub-directions.

    Parameters
    ----------
    found : Features
        Of the sub-directions of all tracks.
    n_docs : Series indexed by unit
        Documents up to the last complete year; units below `settings.min_docs` are left out.
    settings : Settings
    """
    enough = n_docs.reindex(found.units, fill_value=0).to_numpy() >= settings.min_docs
    values = {}
    for name in FEATURES:
        column = found.values(name).to_numpy(dtype=float)[enough]
        values[name] = np.sort(column[~np.isnan(column)])
    return Reference(values, found.tau2)


def percentile(values: Floats, among: Floats) -> Floats:
    """Mid-rank percentile (0 to 1) of values among sorted reference values; NaN stays NaN.

    NaN for all when the reference is empty.
    """
    if not len(among):
        return np.full_like(values, np.nan)
    below = np.searchsorted(among, values, side="left")
    upto = np.searchsorted(among, values, side="right")
    return np.where(np.isnan(values), np.nan, (below + upto) / (2.0 * len(among)))


def _nanmean(stack: Floats, axis: int) -> Floats:
    known = ~np.isnan(stack)
    count = known.sum(axis=axis)
    total = np.where(known, stack, 0.0).sum(axis=axis)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def components(values: Floats, against: Reference) -> Floats:
    """Component percentiles from feature values.

    Parameters
    ----------
    values : array of shape (n_units, n_features, ...), in the order of `FEATURES`
    against : Reference

    Returns
    -------
    array of shape (n_units, n_components, ...), 0 to 1: the mean percentile of the component's
    known features; NaN where none is known.
    """
    ranked = np.stack(
        [percentile(values[:, i], against.values[name]) for i, name in enumerate(FEATURES)], axis=1
    )
    parts = [
        _nanmean(ranked[:, [FEATURES.index(name) for name in names]], 1)
        for names in COMPONENTS.values()
    ]
    return np.stack(parts, axis=1)


def weighted_score(parts: Floats, weights: Floats) -> Floats:
    """Weighted mean of the known components, weights renormalised, times 100.

    Parameters
    ----------
    parts : array of shape (n_units, n_components, n_draws)
    weights : array of shape (n_components, n_draws)

    Returns
    -------
    array of shape (n_units, n_draws)
    """
    known = ~np.isnan(parts)
    mass = (known * weights).sum(axis=1)
    total = (np.where(known, parts, 0.0) * weights).sum(axis=1)
    return np.where(mass > 0, 100.0 * total / np.where(mass > 0, mass, 1.0), np.nan)


def _ranks(scores: Floats) -> NDArray[np.int64]:
    """Rank 1 for the highest score in each column; ties share the better rank."""
    order = np.sort(-scores, axis=0)
    columns = [np.searchsorted(order[:, j], -scores[:, j]) + 1 for j in range(scores.shape[1])]
    return np.stack(columns, axis=1)


def composite(
    found: Features, against: Reference, *, n_docs: pd.Series, settings: Settings
) -> pd.DataFrame:
    """Score and rank units by the equally weighted mean of their component percentiles.

    The interval comes from `settings.draws` joint draws: documents are resampled within each
    unit (`features`), weights are drawn from a symmetric Dirichlet distribution, and each draw is
    scored and ranked anew.

    Parameters
    ----------
    found : Features
    against : Reference
    n_docs : Series indexed by unit
        Documents up to the last complete year. Units below `settings.min_docs` get no score.
    settings : Settings

    Returns
    -------
    DataFrame, one row per unit, sorted by rank and unit_id; scoreless units last
        unit_id, score (0 to 100), score_lo, score_hi, rank, rank_lo, rank_hi, p_growth, top5,
        n_docs and one column per component (percentile, 0 to 1).

    References
    ----------
    Nardo et al. (2008), Handbook on Constructing Composite Indicators, OECD,
    doi:10.1787/9789264043466-en (weights, Monte Carlo). The choice of components is ours.
    """
    size = n_docs.reindex(found.units, fill_value=0).to_numpy(dtype=int)
    points = np.stack([found.values(name).to_numpy(dtype=float) for name in FEATURES], axis=1)
    parts = components(points, against)
    equal = np.full((len(COMPONENTS), 1), 1.0 / len(COMPONENTS))
    score = weighted_score(parts[..., np.newaxis], equal)[:, 0]
    scored = (size >= settings.min_docs) & ~np.isnan(score)

    rng = np.random.default_rng(settings.seed)
    weights = rng.dirichlet(np.full(len(COMPONENTS), WEIGHT_CONCENTRATION), size=settings.draws).T
    sample = weighted_score(components(found.draws[scored], against), weights)
    sample = np.where(np.isnan(sample), score[scored, np.newaxis], sample)
    table = pd.DataFrame(
        {
            "unit_id": pd.Series(found.units, dtype="str"),
            "score": np.where(scored, score, np.nan),
            "p_growth": np.where(scored, found.p_growth, np.nan),
            "n_docs": size,
        }
    )
    for place, name in enumerate(COMPONENTS):
        table[name] = parts[:, place]
    for name in ("score_lo", "score_hi", "rank", "rank_lo", "rank_hi", "top5"):
        table[name] = np.nan
    if scored.any():
        ranks = _ranks(sample)
        rank = _ranks(np.round(score[scored], 9)[:, np.newaxis])[:, 0]
        lo, hi = np.quantile(sample, [0.025, 0.975], axis=1)
        low, high = np.quantile(ranks, [0.025, 0.975], axis=1, method="nearest")
        table.loc[scored, "score_lo"] = np.minimum(lo, score[scored])
        table.loc[scored, "score_hi"] = np.maximum(hi, score[scored])
        table.loc[scored, "rank"] = rank
        table.loc[scored, "rank_lo"] = np.minimum(low, rank)
        table.loc[scored, "rank_hi"] = np.maximum(high, rank)
        table.loc[scored, "top5"] = (ranks <= 5).mean(axis=1)
    for name in ("rank", "rank_lo", "rank_hi"):
        table[name] = table[name].astype("Int64")
    return table.sort_values(["rank", "unit_id"], na_position="last").reset_index(drop=True)
