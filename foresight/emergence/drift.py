"""Where the meaning of a corpus moves: the direction from its older to its newer documents.

The growth of one unit is mostly chance, and what was high by chance falls back. All documents
together tell much better in which direction of meaning a corpus moves, and every unit can be
asked how far its documents lie in that direction.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from sklearn.covariance import ledoit_wolf

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SPAN = 40  # years up to the last one that the drift is measured on
MOST = 20_000  # documents that the covariance is estimated from: the latest
PER_YEAR = 5_000  # documents of a year that the drift is measured on
LEAST = 30  # documents on either side of a direction


def drawn(years: pd.Series, *, last_year: int) -> pd.Index:
    """Draw the documents that the drift is measured on: at most 5,000 of each of forty years.

    Parameters
    ----------
    years : Series indexed by doc_id, int
    last_year : int

    Returns
    -------
    Index of doc_id, sorted; of a larger year those whose id has the smallest digest, so that the
    draw does not depend on order and hardly on what else the corpus holds.
    """
    within = years[(years > last_year - SPAN) & (years <= last_year)]
    parts = [
        group.index if len(group) <= PER_YEAR else sorted(group.index, key=_digest)[:PER_YEAR]
        for _, group in within.groupby(within)
    ]
    found: pd.Index = pd.Index(sorted(one for part in parts for one in part), name=years.index.name)
    return found


def _digest(doc_id: str) -> bytes:
    return hashlib.sha256(doc_id.encode()).digest()


@dataclass(frozen=True)
class Drift:
    """Yearly means of document vectors and their covariance within years.

    Attributes
    ----------
    last_year : int
    counts : array of shape (n_years,)
        Documents of the last year, of the one before it, and so on.
    sums : array of shape (n_years, n_dimensions)
        Sums of their vectors.
    factor : tuple
        Cholesky factor of the covariance within years, shrunk as Ledoit and Wolf do.
    """

    last_year: int
    counts: Ints
    sums: Floats
    factor: tuple[Floats, bool]

    def between(self, *, new: int, old: int) -> Floats | None:
        """Fisher's linear discriminant of the last `new` years against the `old` years before.

        Parameters
        ----------
        new, old : int, years

        Returns
        -------
        array of shape (n_dimensions,), or None with fewer than 30 documents on either side

        References
        ----------
        Fisher (1936), doi:10.1111/j.1469-1809.1936.tb02137.x; Ledoit & Wolf (2004),
        doi:10.1016/S0047-259X(03)00096-4. To read emergence from it is ours.
        """
        sizes = [int(self.counts[:new].sum()), int(self.counts[new : new + old].sum())]
        if min(sizes) < LEAST:
            return None
        later = self.sums[:new].sum(axis=0) / sizes[0]
        earlier = self.sums[new : new + old].sum(axis=0) / sizes[1]
        return np.asarray(cho_solve(self.factor, later - earlier))

    def trend(self, *, years: int) -> Floats | None:
        """Least squares of the year on the vectors of the last `years` years, covariance shrunk.

        Returns
        -------
        array of shape (n_dimensions,), or None with fewer than 60 documents or three years
        """
        counts = self.counts[:years]
        if counts.sum() < 2 * LEAST or (counts > 0).sum() < 3:
            return None
        ages = -np.arange(len(counts), dtype=float)
        middle = (counts * ages).sum() / counts.sum()
        slope = ((ages - middle)[:, np.newaxis] * self.sums[:years]).sum(axis=0) / counts.sum()
        return np.asarray(cho_solve(self.factor, slope))


def measure_drift(vectors: NDArray[np.float32], years: NDArray[Any], *, last_year: int) -> Drift:
    """Measure the drift of a corpus up to a year.

    Parameters
    ----------
    vectors : array of shape (n_docs, n_dimensions)
        At least two documents.
    years : array of shape (n_docs,), int
        None after `last_year`.
    last_year : int
    """
    age = last_year - np.asarray(years, dtype=np.int64)
    counts = np.bincount(age)
    sums = np.zeros((len(counts), vectors.shape[1]))
    for place in np.flatnonzero(counts):
        sums[place] = vectors[age == place].sum(axis=0, dtype=float)
    latest = np.argsort(age, kind="stable")[:MOST]
    means = sums / np.maximum(counts, 1)[:, np.newaxis]
    covariance, _ = ledoit_wolf(vectors[latest] - means[age[latest]], assume_centered=True)
    tiny = 1e-9 * max(float(np.trace(covariance)) / len(covariance), 1e-9)
    factor = cho_factor(covariance + tiny * np.eye(len(covariance)))
    return Drift(last_year, counts, sums, factor)


NEWNESS = {
    "newness": (1, 2), "newness_2": (2, 3), "newness_3": (3, 3), "newness_5": (5, 5),
    "newness_10": (10, 30),
}  # fmt: skip
MODERNITY = {"modernity": 10, "modernity_5": 5, "modernity_40": 40}
DIRECTIONS = (*NEWNESS, *MODERNITY)
"""Names of the directions: the last `new` years against the `old` before, the year within n."""


def meaning(vectors: NDArray[np.float32], drift: Drift) -> dict[str, Floats]:
    """How far each document lies in the directions in which the corpus moves.

    `newness`: towards the last year against the two before it (`Drift.between`), `newness_2`,
    `_3`, `_5` and `_10` the same of more years (`NEWNESS`); `modernity`: the year that its meaning
    points to, about the middle of ten (`Drift.trend`), `modernity_5` and `_40` of so many years.
    NaN where the corpus is too small or too short for a direction.

    Parameters
    ----------
    vectors : array of shape (n_docs, n_dimensions)
    drift : Drift

    Returns
    -------
    dict of name, one of `DIRECTIONS`, to array of shape (n_docs,)
    """
    directions = {
        **{name: drift.between(new=new, old=old) for name, (new, old) in NEWNESS.items()},
        **{name: drift.trend(years=years) for name, years in MODERNITY.items()},
    }
    return {
        name: np.full(len(vectors), np.nan) if one is None else np.asarray(vectors @ one, float)
        for name, one in directions.items()
    }
