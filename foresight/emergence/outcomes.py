"""What became of units: change of share, whether they grew, citations; and what noise allows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from foresight.emergence.records import Records
from foresight.emergence.snapshot import Snapshot

Floats = NDArray[np.float64]

RECENT = 3  # years before the cut-off that a unit starts from: T-2 to T
EXTREME = 1.08  # yearly factor of the share from which a unit counts as having grown
HALF = 0.5  # document added to a count, so that its logarithm is finite and nearly unbiased
MOST_MASS = 1e9  # documents: units whose shares differ from the long run by chance alone
CEILING_DRAWS = 400
ADAPTED = 0.5  # part of the prior on long-run shares that is used; see `long_run_share`


def dirichlet_mass(counts: Floats, shares: Floats, *, total: float, overlap: float) -> float:
    """Estimate how many documents the long-run share of a unit is worth beside its recent count.

    If the counts of N documents are multinomial and the units' true shares come from a Dirichlet
    distribution with means p and mass m, then

        sum (n - N p)^2 = (1 - f) sum N p (1 - p) (1 + (N - 1) rho),   rho = 1 / (m + 1)

    on average, the factor 1 - f because the long run, of which the recent years are the part f,
    holds the recent documents themselves (the exact one is smaller by terms in rho). Solved for m.

    Parameters
    ----------
    counts : array of shape (n_units,)
        Recent documents n.
    shares : array of shape (n_units,)
        Long-run shares p.
    total : float
        Recent documents of the corpus, N.
    overlap : float
        f, 0 to 1.

    Returns
    -------
    float, documents: at least the number of units, at most 10^9.

    References
    ----------
    Mosimann (1962), doi:10.1093/biomet/49.1-2.65 (the variance); solving for m by moments as in
    Kleinman (1973), doi:10.1080/01621459.1973.10481332.
    """
    chance = float((total * shares * (1 - shares)).sum()) * max(1 - overlap, 0.05)
    seen = float(((counts - total * shares) ** 2).sum())
    if chance <= 0 or total <= 1:
        return MOST_MASS
    rho = (seen / chance - 1) / (total - 1)
    mass = 1 / rho - 1 if rho > 0 else MOST_MASS
    return float(np.clip(mass, len(counts), MOST_MASS))


def long_run_share(known: pd.Series, *, total: float) -> pd.Series:
    """Estimate shares of all documents so far, drawn towards equal ones.

    (n + a m / K) / (N + a m), with `dirichlet_mass` m of counts about equal shares, and a = 1/2.
    A count of all years is itself a sample: the largest unit is in part the luckiest. With a = 1
    small clusters of real texts were expected to fall too little, with a = 0 too much: clusters
    adapt to the documents at hand, which takes part of the chance out of their sizes. Measured on
    shuffled years (docs/decisions/0006-outcome-of-the-backtest.md).

    Parameters
    ----------
    known : Series indexed by unit_id
        Documents of all years.
    total : float
        The same of the corpus.
    """
    equal = np.full(len(known), float(known.sum()) / total / max(len(known), 1))
    mass = ADAPTED * dirichlet_mass(known.to_numpy(dtype=float), equal, total=total, overlap=0.0)
    return (known + mass * equal) / (total + mass)


def smoothed_share(
    counts: pd.Series, *, total: float, known: pd.Series, total_known: float
) -> tuple[pd.Series, float]:
    """Estimate recent shares: counts drawn towards the long-run share.

    (n + m p) / (N + m): n of the N recent documents are the unit's, p is its `long_run_share`,
    m is `dirichlet_mass`. This is the posterior mean, so that the share to
    come, if it changes without direction, is expected to equal it. A raw share is not: units
    that look large or fast by chance fall back, and whatever measures growth would seem to
    foretell decline.

    Parameters
    ----------
    counts, known : Series indexed by unit_id
        Documents of the recent years, and of all years to their end.
    total, total_known : float
        The same of the corpus.

    Returns
    -------
    shares : Series
    mass : float, documents
    """
    long_run = long_run_share(known, total=total_known)
    mass = dirichlet_mass(
        counts.to_numpy(dtype=float),
        (known / total_known).to_numpy(dtype=float),
        total=total,
        overlap=total / total_known,
    )
    return (counts + mass * long_run) / (total + mass), mass


def counted_share(counts: pd.Series, *, total: float) -> pd.Series:
    """Shares with half a document added to every unit: (n + 1/2) / (N + K/2), K units.

    log(n + 1/2) is the nearly unbiased estimate of the log of a Poisson mean.

    References
    ----------
    Cox & Snell (1989), Analysis of Binary Data, section 2.1 (the empirical logistic transform).
    """
    return (counts + HALF) / (total + HALF * len(counts))


def share_change(
    *,
    before: pd.Series,
    after: pd.Series,
    known: pd.Series,
    total_before: float,
    total_after: float,
    total_known: float,
) -> pd.Series:
    """Change of the log share from one stretch of years to the next.

    log of `counted_share` after less log of `smoothed_share` before.

    Parameters
    ----------
    before, after, known : Series indexed by unit_id
        Documents of the two stretches, and of all years to the end of the first.
    total_before, total_after, total_known : float
        The same of the corpus.

    Returns
    -------
    Series, natural logarithm.
    """
    share, _ = smoothed_share(before, total=total_before, known=known, total_known=total_known)
    change = np.log(counted_share(after, total=total_after)) - np.log(share.clip(lower=1e-12))
    return pd.Series(change, index=before.index)


def least_rise(horizon: int) -> float:
    """The rise from which a unit has grown: 8 % for every year between the middles of the windows.

    The middle of T-2 … T lies (horizon + 3) / 2 years before that of T+1 … T+horizon.
    """
    return float(np.log(EXTREME) * (horizon + RECENT) / 2)


def outcomes(
    snapshot: Snapshot, later: pd.DataFrame, records: Records, *, horizon: int
) -> pd.DataFrame:
    """Measure what became of the units of a snapshot.

    rise = log share in T+1 … T+h less log share in T-2 … T (`share_change`). grew: rise is at
    least log 1.08 a year (exceptional growth), see `least_rise`. impact_after: citations received
    in T+1 … T+h by the documents of T-2 … T.

    Parameters
    ----------
    snapshot : Snapshot
    later : DataFrame
        unit_id, doc_id, year of the documents after T.
    records : Records
        Of the whole corpus; nothing after T + horizon is read.
    horizon : int, years

    Returns
    -------
    DataFrame indexed by unit_id
        n_before, n_after (documents), share (smoothed, at T), expected (documents in T+1 … T+h
        at that share), mass (documents; of the prior), rise (natural log), grew (bool),
        impact_after (citations; NaN without references).

    References
    ----------
    Exceptional growth: Klavans, Boyack & Murdick (2020), doi:10.1371/journal.pone.0239177. The
    windows and the smoothing are ours (docs/decisions/0006-outcome-of-the-backtest.md).
    """
    last = snapshot.last_year
    first = int(snapshot.totals.index[0])
    before = snapshot.counts(last - RECENT + 1, last)
    known = snapshot.counts(first, last)
    ahead = later[later["year"].between(last + 1, last + horizon)]
    after = ahead.groupby("unit_id").size().reindex(snapshot.units, fill_value=0)
    totals = records.totals()
    n_before = float(totals.reindex(range(last - RECENT + 1, last + 1), fill_value=0).sum())
    n_after = float(totals.reindex(range(last + 1, last + horizon + 1), fill_value=0).sum())
    n_known = float(snapshot.totals.sum())
    share, mass = smoothed_share(before, total=n_before, known=known, total_known=n_known)
    rise = share_change(
        before=before,
        after=after,
        known=known,
        total_before=n_before,
        total_after=n_after,
        total_known=n_known,
    )
    columns = {
        "n_before": before,
        "n_after": after,
        "share": share,
        "expected": share * n_after,
        "mass": mass,
        "rise": rise,
        "grew": rise >= least_rise(horizon),
        "impact_after": _impact(snapshot, records, horizon=horizon),
    }
    return pd.DataFrame(columns, index=snapshot.units)


def _impact(snapshot: Snapshot, records: Records, *, horizon: int) -> pd.Series:
    last = snapshot.last_year
    if records.references.empty:
        return snapshot.missing()
    years = records.documents["year"]
    citing = records.references["citing_id"].map(years)
    rows = records.references[citing.between(last + 1, last + horizon)]
    counts = rows.drop_duplicates(["citing_id", "cited_id"]).groupby("cited_id").size()
    recent = snapshot.recent(RECENT)
    found = counts.reindex(recent["doc_id"], fill_value=0).to_numpy(dtype=float)
    by_unit = pd.Series(found).groupby(recent["unit_id"].to_numpy()).sum()
    return by_unit.reindex(snapshot.units, fill_value=0.0)


def noise_ceiling(
    n_after: Floats, expected: Floats, *, rng: np.random.Generator, draws: int = CEILING_DRAWS
) -> tuple[float, float]:
    """Estimate the best rank correlation with `rise` that any predictor of a cut-off could reach.

    The count after is Poisson with mean e r, where e is what the share at T gives and the true
    factor r has a gamma distribution of mean 1 and a variance found by moments:
    sum ((n - e)^2 - e) / sum e^2. Given n, r is gamma again. True factors are drawn from it,
    counts are drawn anew from them, and the Spearman correlation of the rise of these counts with
    the true factors is averaged: what a predictor gets that knows every true factor.

    Parameters
    ----------
    n_after : array of shape (n_units,)
        Documents of T+1 … T+h.
    expected : array of shape (n_units,)
        Documents expected there at the share of T.
    rng : Generator
    draws : int, default 400

    Returns
    -------
    ceiling : float
        From draws of the true factors.
    cautious : float
        With the true factors put at their posterior means, which spread less: too low a ceiling.
        Both are 0 where counts spread no more than by chance, and NaN with fewer than 3 units.

    Notes
    -----
    Ours. It takes the share at T as known, and counts all that moves a unit as foreseeable: the
    true limit is lower.
    """
    if len(n_after) < 3:
        return float("nan"), float("nan")
    level = expected * n_after.sum() / expected.sum()
    variance = float(((n_after - level) ** 2 - level).sum() / (level**2).sum())
    if variance <= 0:
        return 0.0, 0.0
    shape, rate = 1 / variance + n_after, 1 / variance + level
    drawn = rng.gamma(shape, 1 / rate, size=(draws, len(level)))
    means = np.broadcast_to(shape / rate, drawn.shape)
    found = []
    for true in (drawn, means):
        counts = rng.poisson(true * level)
        rise = np.log(counts + HALF) - np.log(level)
        found.append(float(np.mean(rank_correlation(true, rise))))
    return found[0], found[1]


def rank_correlation(one: Floats, two: Floats) -> Floats:
    """Spearman's correlation of the rows of two arrays of shape (n_rows, n); 0 where one is flat.

    A predictor that says the same of every unit knows nothing of their order.
    """
    left, right = (rankdata(values, axis=-1) for values in (one, two))
    left = left - left.mean(axis=-1, keepdims=True)
    right = right - right.mean(axis=-1, keepdims=True)
    size = np.sqrt((left**2).sum(axis=-1) * (right**2).sum(axis=-1))
    over = (left * right).sum(axis=-1)
    return np.asarray(np.divide(over, size, out=np.zeros_like(over), where=size > 0))
