"""How many topics: as many as two halves of the documents agree on beyond chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from foresight.errors import InsufficientDataError
from foresight.topics.clustering import CentreTree, nearest

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_ROWS = (
    6000  # rows that the halves are drawn from: more change the curve by less than its error
)
N_SPLITS = 8
N_BAGS = 5
POLISH = 3  # steps of k-means after the cut


def agreement_curve(
    points: Floats, numbers: Sequence[int], *, seed: int, n_splits: int = N_SPLITS
) -> pd.DataFrame:
    """Measure how far two halves of the rows agree on the clusters of all, for each number.

    The rows are split at random into halves; each half is clustered on its own and assigns every
    row; agreement is the adjusted Rand index of the two assignments. The same is done on points
    without clusters: independent normal ones with the variances of the columns, because fewer
    clusters agree better also where there is none. `excess` is the difference.

    Parameters
    ----------
    points : array of shape (n_rows, n_features)
        Reduced vectors with uncorrelated columns (principal components), in a fixed order.
    numbers : sequence of int
        Numbers of clusters to try.
    seed : int
    n_splits : int, default 8

    Returns
    -------
    DataFrame, one row per number, in rising order
        n_topics, agreement, chance, excess, excess_se (standard error over splits).

    Raises
    ------
    InsufficientDataError
        If a half has fewer rows than twice the largest number of clusters.

    References
    ----------
    Dudoit & Fridlyand (2002), doi:10.1186/gb-2002-3-7-research0036 (agreement of halves beside a
    reference without clusters); Lange et al. (2004), doi:10.1162/089976604773717621; Hubert &
    Arabie (1985), doi:10.1007/BF01908075.
    """
    tried = sorted(set(numbers))
    if not tried or tried[0] < 2 or 4 * tried[-1] > len(points):
        msg = (
            f"The numbers of topics {tried} cannot be compared on {len(points)} documents: from 2 "
            f"up to a quarter of the documents. Give other numbers, or more documents."
        )
        raise InsufficientDataError(msg)
    rng = np.random.default_rng(seed)
    if len(points) > MOST_ROWS:
        points = points[np.sort(rng.choice(len(points), MOST_ROWS, replace=False))]
    blank = rng.standard_normal(points.shape) * points.std(axis=0)
    with threadpool_limits(limits=1):
        found = _agreements(points, tried, n_splits=n_splits, rng=rng)
        chance = _agreements(blank, tried, n_splits=n_splits, rng=rng)
    error = np.sqrt((found.var(axis=0, ddof=1) + chance.var(axis=0, ddof=1)) / n_splits)
    columns = {
        "n_topics": tried,
        "agreement": found.mean(axis=0),
        "chance": chance.mean(axis=0),
        "excess": found.mean(axis=0) - chance.mean(axis=0),
        "excess_se": error,
    }
    return pd.DataFrame(columns)


def _agreements(
    points: Floats, numbers: list[int], *, n_splits: int, rng: np.random.Generator
) -> Floats:
    table = np.zeros((n_splits, len(numbers)))
    for split in range(n_splits):
        order = rng.permutation(len(points))
        halves = [np.sort(half) for half in np.array_split(order, 2)]
        trees = [
            CentreTree.grow(
                points[half], most=numbers[-1], n_bags=N_BAGS, bag_size=len(half), rng=rng
            )
            for half in halves
        ]
        for place, number in enumerate(numbers):
            first, second = (
                nearest(points, _polished(points[half], tree.centres(number)))
                for half, tree in zip(halves, trees, strict=True)
            )
            table[split, place] = adjusted_rand_score(first, second)
    return table


def _polished(points: Floats, centres: Floats) -> Floats:
    for _ in range(POLISH):
        own = nearest(points, centres)
        sums = np.zeros_like(centres)
        np.add.at(sums, own, points)
        size = np.bincount(own, minlength=len(centres))[:, np.newaxis]
        centres = np.where(size > 0, sums / np.maximum(size, 1), centres)
    return centres


def good_numbers(curve: pd.DataFrame) -> list[int]:
    """Numbers whose `excess` lies within one standard error of the largest, in rising order.

    The one-standard-error rule of Breiman et al. (1984), Classification and Regression Trees,
    section 3.4.3.
    """
    excess = curve["excess"].to_numpy()
    best = int(excess.argmax())
    good = excess >= excess[best] - curve["excess_se"].to_numpy()[best]
    return [int(number) for number in curve["n_topics"].to_numpy()[good]]


def best_number(curve: pd.DataFrame) -> int:
    """Choose the finest division that agrees as well as the best one does, to its standard error.

    The highest of `good_numbers`: the most topics that the documents bear. Towards the finer
    side, because a topic too wide says little; this choice is ours.
    """
    return good_numbers(curve)[-1]
