"""How recent the documents are that lie nearest to given ones in a space of vectors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

BLOCK = 512  # documents compared with all others at a time


def evenly(rows: Ints, *, most: int) -> Ints:
    """At most so many of the rows, evenly spread over their order."""
    if len(rows) <= most:
        return rows
    return rows[np.rint(np.linspace(0, len(rows) - 1, num=most)).astype(np.int64)]


def near_share(
    directions: NDArray[np.float32],
    flags: Flags,
    groups: Ints,
    *,
    asked: Ints,
    pool: Ints,
    nearest: int,
) -> tuple[Floats, Floats]:
    """Estimate the share of flagged documents among the nearest neighbours of given ones.

    Parameters
    ----------
    directions : array of shape (n_docs, n_dimensions)
        Vectors of unit length; nearness is their inner product.
    flags : array of shape (n_docs,)
    groups : array of shape (n_docs,)
        Group of each document.
    asked : array of shape (n_asked,)
        Rows whose neighbours are looked for.
    pool : array of shape (n_pool,)
        Rows among which they are looked for; a row is never its own neighbour.
    nearest : int
        Neighbours of each.

    Returns
    -------
    share, outside : arrays of shape (n_asked,), 0 to 1
        Among the nearest of all, and among the nearest of other groups; NaN where there are
        fewer than `nearest` of them.

    Notes
    -----
    A pool that is a sample makes the neighbourhood wider, not biased, as long as it is drawn
    without regard to the flag. Time grows with n_asked x n_pool.

    References
    ----------
    Nearest neighbours as a local estimate of a share: Fix & Hodges (1951), reprinted 1989,
    doi:10.2307/1403797. Local density as a mark of emergence is ours.
    """
    found = np.full((2, len(asked)), np.nan)
    others = directions[pool].T
    pooled, marks = groups[pool], flags[pool].astype(float)
    for start in range(0, len(asked), BLOCK):
        rows = asked[start : start + BLOCK]
        near = directions[rows] @ others
        near[rows[:, np.newaxis] == pool] = -np.inf
        for place in (0, 1):
            if place == 1:
                near[groups[rows][:, np.newaxis] == pooled] = -np.inf
            enough = np.isfinite(near).sum(axis=1) >= nearest
            if enough.any():
                cut = near.shape[1] - nearest
                top = np.argpartition(near[enough], cut, axis=1)[:, cut:]
                found[place, start + np.flatnonzero(enough)] = marks[top].mean(axis=1)
    return found[0], found[1]
