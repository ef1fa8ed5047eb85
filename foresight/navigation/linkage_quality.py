"""How well mentions are grouped, against persons grouped by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.errors import InsufficientDataError

Floats = NDArray[np.float64]

METRICS = (
    "pairwise_precision",
    "pairwise_recall",
    "pairwise_f1",
    "bcubed_precision",
    "bcubed_recall",
    "bcubed_f1",
)
COUNTS = ["block", "n", "together", "pairs", "strangers", "bcubed_precision", "bcubed_recall"]


def person_counts(mentions: pd.DataFrame) -> pd.DataFrame:
    """Count, for every labelled person, what a grouping makes of their mentions.

    Parameters
    ----------
    mentions : DataFrame
        person (label; null where the mention is of somebody else, who is not labelled), group
        (predicted), block (unit of the bootstrap, e.g. the name; filled where person is). All
        mentions of each labelled person must be there, and all of the groups they fall into.

    Returns
    -------
    DataFrame indexed by person
        block, n (mentions), together (pairs of the person's mentions in one group), pairs (all
        pairs of them), strangers (pairs with another's mention in one group), bcubed_precision,
        bcubed_recall (means over the person's mentions).

    Raises
    ------
    InsufficientDataError
        If no mention is labelled.
    """
    labelled = mentions.dropna(subset=["person"])
    if labelled.empty:
        msg = "No mention has a label; a grouping cannot be judged without labelled persons."
        raise InsufficientDataError(msg)
    size = mentions.groupby("group").size()
    cells = labelled.groupby(["person", "group"]).size().rename("k").reset_index()
    cells["size"] = cells["group"].map(size)
    cells["together"] = cells["k"] * (cells["k"] - 1) / 2
    cells["strangers"] = cells["k"] * (cells["size"] - cells["k"])
    cells["precise"] = cells["k"] ** 2 / cells["size"]
    cells["square"] = cells["k"] ** 2
    summed = cells.groupby("person")[["k", "together", "strangers", "precise", "square"]].sum()
    counts = pd.DataFrame(
        {
            "block": labelled.groupby("person")["block"].min(),
            "n": summed["k"],
            "together": summed["together"],
            "pairs": summed["k"] * (summed["k"] - 1) / 2,
            "strangers": summed["strangers"],
            "bcubed_precision": summed["precise"] / summed["k"],
            "bcubed_recall": summed["square"] / summed["k"] ** 2,
        }
    )
    return counts[COUNTS]


def quality_of(counts: pd.DataFrame, times: Floats) -> Floats:
    """The metrics for many weightings of persons.

    Parameters
    ----------
    counts : DataFrame, of `person_counts`
    times : array of shape (n_draws, n_persons)
        Times that each person counts.

    Returns
    -------
    array of shape (n_draws, 6), in the order of `METRICS`; NaN where there is no pair.
    """
    per_mention = 1.0 / counts["n"].to_numpy(float)
    together, pairs, strangers = (
        times @ (counts[name].to_numpy(float) * per_mention)
        for name in ("together", "pairs", "strangers")
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = together / (together + strangers / 2)
        recall = together / pairs
        total = times.sum(axis=1)
        exact = times @ counts["bcubed_precision"].to_numpy(float) / total
        whole = times @ counts["bcubed_recall"].to_numpy(float) / total
        f1 = np.where(together > 0, 2 * precision * recall / (precision + recall), 0 * precision)
        bcubed = 2 * exact * whole / (exact + whole)
    return np.column_stack([precision, recall, f1, exact, whole, bcubed])


def linkage_quality(
    mentions: pd.DataFrame, *, groupings: list[str], rng: np.random.Generator, draws: int = 1000
) -> pd.DataFrame:
    """Estimate pairwise and B-cubed precision, recall and F1 of groupings, and their differences.

    Persons are taken to be drawn with probability proportional to their number of mentions n, so
    each weighs 1/n in sums over pairs (and each mention 1/n: persons weigh alike, in means over
    mentions). Pairwise precision = sum(together/n) / sum((together + strangers/2)/n); a pair with
    a stranger counts half, because it would be met again from the stranger's side.

    Parameters
    ----------
    mentions : DataFrame
        person, block (see `person_counts`) and a column of groups for each of `groupings`; a
        mention without a group in one of them stands alone there.
    groupings : list of str
        The first is compared with each of the others on the same resamples.
    rng : Generator
    draws : int, default 1000
        Resamples of blocks; intervals are their 2.5 and 97.5 percentiles.

    Returns
    -------
    DataFrame, a row per grouping and metric
        grouping, metric, value, lo, hi (0 to 1), ahead, ahead_lo, ahead_hi (value of the first
        grouping less this one's; 0 for itself), n_persons, n_blocks.

    Raises
    ------
    InsufficientDataError
        If no mention is labelled.

    References
    ----------
    Binette et al. (2022), arXiv:2210.01230 (the estimator); Bagga & Baldwin (1998),
    doi:10.3115/980845.980859 (B-cubed).
    """
    alone = "alone:" + pd.Series(range(len(mentions)), index=mentions.index).astype("str")
    counts = [
        person_counts(mentions.assign(group=mentions[name].astype("str").fillna(alone)))
        for name in groupings
    ]
    codes, blocks = pd.factorize(counts[0]["block"], sort=True)
    drawn = rng.multinomial(len(blocks), np.full(len(blocks), 1 / len(blocks)), size=draws)
    times = np.vstack([np.ones(len(codes)), drawn[:, codes]])
    values = [quality_of(each, times) for each in counts]
    rows = []
    for name, found in zip(groupings, values, strict=True):
        ahead = values[0] - found
        for k, metric in enumerate(METRICS):
            interval, lead = _interval(found[1:, k]), _interval(ahead[1:, k])
            rows.append((name, metric, found[0, k], *interval, ahead[0, k], *lead))
    columns = ["grouping", "metric", "value", "lo", "hi", "ahead", "ahead_lo", "ahead_hi"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(n_persons=len(codes), n_blocks=len(blocks))


def _interval(draws: Floats) -> tuple[float, float]:
    """The 2.5 and 97.5 percentiles of the draws that have a value; NaN where none has."""
    valued = draws[~np.isnan(draws)]
    if not len(valued):
        return float("nan"), float("nan")
    lo, hi = np.percentile(valued, [2.5, 97.5])
    return float(lo), float(hi)
