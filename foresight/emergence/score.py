"""The scores of units, learned and composite, with intervals for score and rank."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.emergence.features import COMPONENTS, FEATURES, Features
from foresight.emergence.learned import MIDDLE, from_middle
from foresight.emergence.prior import Weights
from foresight.settings import Settings

Floats = NDArray[np.float64]

WEIGHT_CONCENTRATION = 4.0
"""Dirichlet parameter per component of the weight draws: with four components a weight varies
about 0.25 with a standard deviation of 0.105, so that 95 % of draws lie in about 0.08 to 0.48."""
TOP = 5
LEAST_RECENT = 5
"""Documents of the last three years below which a unit has no score: nothing tells what it does."""


@dataclass(frozen=True)
class Reference:
    """The units that others are compared with: the topics of the whole corpus at the cut-off.

    They are those of a backtest's cut-off (`foresight.emergence.snapshot.take_snapshot`), so that a
    score means the same in every track, does not depend on which tracks are run, and is what the
    backtest has tested. A corpus that is too small for topics has none.

    Attributes
    ----------
    values : array of shape (n_topics, n_features), in the order of `FEATURES`
        NaN where missing.
    tau2 : float
        Variance of true growth rates among them.
    """

    values: Floats
    tau2: float

    @property
    def size(self) -> int:
        """Number of topics."""
        return len(self.values)

    def known(self, feature: str) -> Floats:
        """Sorted known values of a feature."""
        column = self.values[:, FEATURES.index(feature)]
        return np.sort(column[~np.isnan(column)])

    def ranked(self, values: Floats) -> Floats:
        """Percentiles (0 to 1) among the topics; NaN where missing.

        Parameters
        ----------
        values : array of shape (n_units, n_features, ...), in the order of `FEATURES`
        """
        return np.stack(
            [percentile(values[:, i], self.known(name)) for i, name in enumerate(FEATURES)], axis=1
        )


NO_REFERENCE = Reference(np.empty((0, len(FEATURES))), 0.0)


def reference(found: Features) -> Reference:
    """Build the reference from the features of the topics of the corpus."""
    columns = [found.values(name).to_numpy(dtype=float) for name in FEATURES]
    return Reference(np.stack(columns, axis=1), found.tau2)


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


def components(ranked: Floats) -> Floats:
    """Component percentiles from those of features.

    Parameters
    ----------
    ranked : array of shape (n_units, n_features, ...), 0 to 1, in the order of `FEATURES`

    Returns
    -------
    array of shape (n_units, n_components, ...), 0 to 1: the mean percentile of the component's
    known features; NaN where none is known.
    """
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


def expected_places(ranked: Floats, slopes: Floats, *, weights: Weights) -> Floats:
    """Expected percentile of the rise by the learned weights.

    Parameters
    ----------
    ranked : array of shape (n_units, n_features, n_draws)
        Percentiles in the order of `FEATURES`; a missing one stands at the middle.
    slopes : array of shape (n_weights, n_draws)
        In the order of `weights.features`.

    Returns
    -------
    array of shape (n_units, n_draws)
    """
    rows = [FEATURES.index(name) for name in weights.features]
    return np.asarray(MIDDLE + np.einsum("ufd,fd->ud", from_middle(ranked[:, rows]), slopes))


def learned_places(
    ranked: Floats, slopes: Floats, *, weights: Weights, against: Reference
) -> Floats:
    """Place of units among the topics of the corpus by the learned score, 0 to 1.

    Parameters and result as for `expected_places`; NaN without topics, and for a unit of which no
    feature is known.
    """
    topics = np.broadcast_to(
        against.ranked(against.values)[..., np.newaxis],
        (*against.values.shape, slopes.shape[1]),
    )
    among = np.sort(expected_places(topics, slopes, weights=weights), axis=0)
    own = expected_places(ranked, slopes, weights=weights)
    own = np.where(np.isnan(ranked).all(axis=1), np.nan, own)
    columns = [percentile(own[:, j], among[:, j]) for j in range(slopes.shape[1])]
    return np.stack(columns, axis=1)


def score_units(
    found: Features,
    against: Reference,
    *,
    sizes: pd.DataFrame,
    settings: Settings,
    weights: Weights | None,
) -> pd.DataFrame:
    """Score and rank units.

    The score is the unit's place (0 to 100) among the topics of the corpus by the learned weights.
    Where there are none (`weights` is None), or the analyst has set weights of components
    (`settings.weights`), it is the weighted mean of component percentiles: the composite.

    The interval comes from `settings.draws` joint draws: documents are resampled within each
    unit (`features`), weights are drawn (`Weights.draws`, or a Dirichlet distribution about the
    weights of components), and each draw is scored and ranked anew.

    Parameters
    ----------
    found : Features
    against : Reference
    sizes : DataFrame indexed by unit
        n_docs, n_recent: documents up to the last complete year, and of the last three of them.
        Units below `settings.min_docs`, or below `LEAST_RECENT`, get no score.
    settings : Settings
    weights : Weights or None
        Those that could be known at the cut-off.

    Returns
    -------
    DataFrame, one row per unit, sorted by rank and unit_id; scoreless units last
        unit_id, score (0 to 100), score_lo, score_hi, rank, rank_lo, rank_hi, p_growth (probability
        that its share of the corpus grows at least 8 % a year over the weights' horizon), top5
        (probability of a rank up to five), n_docs, composite (0 to 100, equal weights) and one
        column per component (percentile, 0 to 1).

    References
    ----------
    Nardo et al. (2008), Handbook on Constructing Composite Indicators, OECD,
    doi:10.1787/9789264043466-en (weights, Monte Carlo). The choice of components is ours.
    """
    counts = sizes.reindex(found.units, fill_value=0)
    size = counts["n_docs"].to_numpy(dtype=int)
    alive = counts["n_recent"].to_numpy(dtype=int) >= LEAST_RECENT
    points = np.stack([found.values(name).to_numpy(dtype=float) for name in FEATURES], axis=1)
    ranked = against.ranked(points)
    parts = components(ranked)
    equal = np.full((len(COMPONENTS), 1), 1.0 / len(COMPONENTS))
    composite = weighted_score(parts[..., np.newaxis], equal)[:, 0]
    place = np.full(len(size), np.nan)
    if weights is not None:
        slopes = np.array(list(weights.features.values()))[:, np.newaxis]
        place = learned_places(ranked[..., np.newaxis], slopes, weights=weights, against=against)[
            :, 0
        ]
    rng = np.random.default_rng(settings.seed)
    drawn = against.ranked(found.draws)
    if settings.weights or weights is None:
        own = component_weights(settings)
        score = weighted_score(parts[..., np.newaxis], own[:, np.newaxis])[:, 0]
        sample = weighted_score(components(drawn), _about(own, n=settings.draws, rng=rng))
    else:
        score = 100.0 * place
        slopes = weights.draws(settings.draws, rng=rng)
        sample = 100.0 * learned_places(drawn, slopes, weights=weights, against=against)
    scored = (size >= settings.min_docs) & alive & ~np.isnan(score)
    table = pd.DataFrame(
        {
            "unit_id": pd.Series(found.units, dtype="str"),
            "score": np.where(scored, score, np.nan),
            "p_growth": np.nan if weights is None else weights.p_growth(place),
            "composite": np.where(scored, composite, np.nan),
            "n_docs": size,
        }
    )
    table["p_growth"] = table["p_growth"].where(scored)
    for number, name in enumerate(COMPONENTS):
        table[name] = parts[:, number]
    return _with_intervals(table, scored, sample[scored])


def component_weights(settings: Settings) -> Floats:
    """Weights of the components in their order, summing to 1: the analyst's, or equal ones."""
    given = settings.weights or dict.fromkeys(COMPONENTS, 1.0)
    weights = np.array([float(given.get(name, 0.0)) for name in COMPONENTS])
    return np.asarray(weights / weights.sum())


def _about(weights: Floats, *, n: int, rng: np.random.Generator) -> Floats:
    """Draws about weights of components, shape (n_components, n); those of weight 0 stay 0."""
    used = weights > 0
    drawn = np.zeros((len(weights), n))
    strength = WEIGHT_CONCENTRATION * len(weights)
    drawn[used] = rng.dirichlet(strength * weights[used], size=n).T
    return drawn


def _with_intervals(table: pd.DataFrame, scored: NDArray[np.bool_], sample: Floats) -> pd.DataFrame:
    """Ranks, and the intervals of scores and ranks from draws of the scored units."""
    for name in ("score_lo", "score_hi", "rank", "rank_lo", "rank_hi", "top5"):
        table[name] = np.nan
    if scored.any():
        score = table.loc[scored, "score"].to_numpy()
        sample = np.where(np.isnan(sample), score[:, np.newaxis], sample)
        ranks = _ranks(sample)
        rank = _ranks(np.round(score, 9)[:, np.newaxis])[:, 0]
        lo, hi = np.quantile(sample, [0.025, 0.975], axis=1)
        low, high = np.quantile(ranks, [0.025, 0.975], axis=1, method="nearest")
        table.loc[scored, "score_lo"] = np.minimum(lo, score)
        table.loc[scored, "score_hi"] = np.maximum(hi, score)
        table.loc[scored, "rank"] = rank
        table.loc[scored, "rank_lo"] = np.minimum(low, rank)
        table.loc[scored, "rank_hi"] = np.maximum(high, rank)
        table.loc[scored, "top5"] = (ranks <= TOP).mean(axis=1)
    for name in ("rank", "rank_lo", "rank_hi"):
        table[name] = table[name].astype("Int64")
    return table.sort_values(["rank", "unit_id"], na_position="last").reset_index(drop=True)
