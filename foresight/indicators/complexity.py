"""Relatedness of technologies and economic complexity of regions."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from foresight.errors import InsufficientDataError, TableError
from foresight.indicators.specialisation import check_counts, rta

Floats = NDArray[np.float64]

TIE = 1e-9  # eigenvalues closer than this have no direction of their own
DRAWS = 200


def presence(counts: pd.DataFrame, *, threshold: float = 1.0) -> pd.DataFrame:
    """Whether a region has a technology: RTA at or above the threshold.

    Parameters
    ----------
    counts : DataFrame of shape (n_regions, n_technologies), documents
    threshold : float, default 1.0
        An RTA of exactly the threshold counts as present; one is present where it lies within
        1e-12 of it, so that rounding of products of sums decides nothing.

    Returns
    -------
    bool DataFrame of the same shape; False for regions and technologies without documents.

    References
    ----------
    Hidalgo & Hausmann (2009), doi:10.1073/pnas.0900943106.
    """
    return rta(counts).ge(threshold * (1 - 1e-12))


def proximity(has: pd.DataFrame) -> pd.DataFrame:
    """Proximity phi of technologies: the smaller of both conditional probabilities of presence.

    Regions that have both, divided by the larger number of regions that have one of them.

    Parameters
    ----------
    has : bool DataFrame of shape (n_regions, n_technologies)

    Returns
    -------
    DataFrame of shape (n_technologies, n_technologies), 0 to 1, symmetric
        0 on the diagonal (a technology is not its own neighbour) and for technologies that no
        region has.

    Notes
    -----
    With few regions phi takes few values and many ties; n is the number of regions.

    References
    ----------
    Hidalgo, Klinger, Barabási & Hausmann (2007), doi:10.1126/science.1144581.
    """
    held = _held(has)
    both = held.T @ held
    regions = held.sum(axis=0)
    most = np.maximum(regions[:, np.newaxis], regions)
    phi = np.divide(both, most, out=np.zeros(both.shape), where=most > 0)
    np.fill_diagonal(phi, 0.0)
    return pd.DataFrame(phi, index=has.columns, columns=has.columns)


def relatedness_density(has: pd.DataFrame, *, phi: pd.DataFrame) -> pd.DataFrame:
    """How near a technology is to what a region already has, in percent.

    100 x the sum of phi to technologies that the region has, divided by the sum of phi to all;
    the technology itself is in neither.

    Parameters
    ----------
    has : bool DataFrame of shape (n_regions, n_technologies)
    phi : DataFrame of shape (n_technologies, n_technologies), of `proximity`
        The diagonal is not read.

    Returns
    -------
    DataFrame of the shape of `has`, 0 to 100; NaN for a technology near to no other.

    Raises
    ------
    TableError
        If `phi` lacks a technology.

    References
    ----------
    Hidalgo et al. (2007), doi:10.1126/science.1144581; Balland, Boschma, Crespo & Rigby (2019),
    doi:10.1080/00343404.2018.1437900.
    """
    lacking = has.columns.difference(phi.columns).union(has.columns.difference(phi.index))
    if len(lacking):
        msg = f"phi lacks {len(lacking)} technologies, first {list(lacking[:3])}. Compute it anew."
        raise TableError(msg)
    near = phi.loc[has.columns, has.columns].to_numpy(dtype=float).copy()
    np.fill_diagonal(near, 0.0)
    whole = near.sum(axis=0)
    held = _held(has)
    share = np.divide(held @ near, whole, out=np.full(held.shape, np.nan), where=whole > 0)
    return pd.DataFrame(100.0 * share, index=has.index, columns=has.columns)


def complexity(has: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Economic complexity of regions (ECI) and of technologies (PCI), by the second eigenvector.

    ECI is the eigenvector to the second largest eigenvalue of D^-1 M U^-1 M', with M the table
    of presence, D the diversity of regions and U the ubiquity of technologies; PCI that of
    U^-1 M' D^-1 M. Both come from one singular value decomposition of D^-1/2 M U^-1/2.

    Parameters
    ----------
    has : bool DataFrame of shape (n_regions, n_technologies)

    Returns
    -------
    regions : DataFrame indexed as the rows: eci, diversity
    technologies : DataFrame indexed as the columns: pci, ubiquity
        Scores have mean 0 and standard deviation 1 (of the population). ECI rises with diversity,
        PCI rises with the mean ECI of the regions that have the technology (of which it is a
        multiple); where others turn it to fall with ubiquity the sign may differ. Regions without
        a technology, and technologies without a region, have diversity or ubiquity 0 and no score.

    Raises
    ------
    InsufficientDataError
        If fewer than three regions or technologies are present, the table falls into parts that
        share nothing, or the second eigenvalue is tied: then no score is defined.

    Notes
    -----
    A score is relative to the table: adding regions or technologies moves all. Small counts
    make presence, and so the score, unsure: see `complexity_interval`.

    References
    ----------
    Hidalgo & Hausmann (2009), doi:10.1073/pnas.0900943106; Mealy, Farmer & Teytelboym (2019),
    doi:10.1126/sciadv.aau1705.
    """
    held = _held(has)
    rows, columns = held.sum(axis=1) > 0, held.sum(axis=0) > 0
    core = held[np.ix_(rows, columns)]
    _check_core(core)
    diversity, ubiquity = core.sum(axis=1), core.sum(axis=0)
    left, values, right = _decomposed(core)
    if values[1] - values[2] < TIE:
        msg = (
            "The second eigenvalue of the table is tied: no direction of complexity stands out. "
            "Use more regions or technologies."
        )
        raise InsufficientDataError(msg)
    eci, pci = left[:, 1] / np.sqrt(diversity), right[1] / np.sqrt(ubiquity)
    sign = _sign(eci, diversity)
    return _scored(has, held, rows, columns, sign * eci, sign * pci)


def reflections(has: pd.DataFrame, *, steps: int = 20) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Complexity by the method of reflections: averages of averages, standardised.

    k_r,n = mean of k_t,n-1 over the technologies of region r, k_t,n = mean of k_r,n-1 over the
    regions of technology t, from diversity and ubiquity.

    Parameters
    ----------
    has : bool DataFrame of shape (n_regions, n_technologies)
    steps : int, default 20, even
        An even number of steps reads regions by regions and technologies by technologies.

    Returns
    -------
    regions, technologies : as of `complexity`

    Raises
    ------
    InsufficientDataError
        As of `complexity`, for tables too small or in parts.
    TableError
        If the steps are odd or fewer than two.

    Notes
    -----
    What is left after standardising approaches the second eigenvector: use `complexity` unless a
    published table must be met.

    References
    ----------
    Hidalgo & Hausmann (2009), doi:10.1073/pnas.0900943106.
    """
    if steps < 2 or steps % 2:
        msg = f"Reflections need an even number of steps, at least 2; got {steps}."
        raise TableError(msg)
    held = _held(has)
    rows, columns = held.sum(axis=1) > 0, held.sum(axis=0) > 0
    core = held[np.ix_(rows, columns)]
    _check_core(core)
    diversity, ubiquity = core.sum(axis=1), core.sum(axis=0)
    _decomposed(core)
    eci, pci = diversity, ubiquity
    for _ in range(steps):
        eci, pci = core @ pci / diversity, core.T @ eci / ubiquity
        # a constant stays one through every average: taken away, it cannot swallow the digits
        eci, pci = eci - eci.mean(), pci - pci.mean()
    eci = _sign(eci, diversity) * eci
    return _scored(has, held, rows, columns, eci, _sign(pci, core.T @ eci / ubiquity) * pci)


def complexity_interval(
    counts: pd.DataFrame,
    *,
    rng: np.random.Generator,
    draws: int = DRAWS,
    threshold: float = 1.0,
    level: float = 0.95,
) -> pd.DataFrame:
    """Economic complexity of regions with an interval from redrawn counts.

    Every count is redrawn from a Poisson distribution with itself as the mean, and presence and
    ECI computed anew; the sign of a draw is the one that agrees with the table's own scores.

    Parameters
    ----------
    counts : DataFrame of shape (n_regions, n_technologies), documents
    rng : Generator
    draws : int, default 200
    threshold : float, default 1.0, of RTA
    level : float, default 0.95

    Returns
    -------
    DataFrame indexed as the rows: eci, eci_lo, eci_hi, diversity, n_docs, n_draws
        `n_draws` counts the draws in which the region has a score; in the others its score, or
        any, is not defined.

    Raises
    ------
    InsufficientDataError
        If the table itself has no scores (see `complexity`).

    Notes
    -----
    A count of 0 stays 0, so that for thin regions the interval is too narrow.
    """
    values = check_counts(counts)
    regions, _ = complexity(presence(counts, threshold=threshold))
    scores = np.full((draws, len(counts)), np.nan)
    for draw in range(draws):
        again = pd.DataFrame(rng.poisson(values), index=counts.index, columns=counts.columns)
        try:
            eci = complexity(presence(again, threshold=threshold))[0]["eci"]
        except InsufficientDataError:
            continue  # counted: n_draws says in how many draws there was a score
        scores[draw] = eci if (eci * regions["eci"]).sum() >= 0 else -eci
    seen = np.isfinite(scores).sum(axis=0)
    bounds = np.full((2, len(counts)), np.nan)
    some = seen > 0
    bounds[:, some] = np.nanquantile(scores[:, some], [(1 - level) / 2, (1 + level) / 2], axis=0)
    return pd.DataFrame(
        {
            "eci": regions["eci"],
            "eci_lo": bounds[0],
            "eci_hi": bounds[1],
            "diversity": regions["diversity"],
            "n_docs": values.sum(axis=1),
            "n_draws": seen,
        }
    )


def _held(has: pd.DataFrame) -> Floats:
    values = has.to_numpy(dtype=float)
    if not np.isin(values, (0.0, 1.0)).all():
        msg = "A table of presence holds True and False (or 1 and 0). Make it with `presence`."
        raise TableError(msg)
    return values


def _check_core(core: Floats) -> None:
    if min(core.shape) < 3:
        msg = (
            f"{core.shape[0]} region(s) have {core.shape[1]} technologies in all; complexity needs "
            f"three of each."
        )
        raise InsufficientDataError(msg)
    joined = sparse.block_array([[None, core], [core.T, None]])
    parts, _ = connected_components(joined, directed=False)
    if parts > 1:
        msg = (
            f"The table falls into {parts} parts that share no technology: regions of different "
            f"parts cannot be compared. Keep one part."
        )
        raise InsufficientDataError(msg)


def _decomposed(core: Floats) -> tuple[Floats, Floats, Floats]:
    """Singular value decomposition of D^-1/2 M U^-1/2; refused where all score alike."""
    scale = np.sqrt(core.sum(axis=1, keepdims=True) * core.sum(axis=0))
    left, values, right = np.linalg.svd(core / scale, full_matrices=False)
    if values[1] < TIE:
        msg = "All regions and technologies score alike: the table has no order of complexity."
        raise InsufficientDataError(msg)
    return left, values, right


def _sign(score: Floats, size: Floats) -> float:
    """1, or -1 where the score falls as the size rises; without either, the first is positive."""
    slope = float((score - score.mean()) @ (size - size.mean()))
    scale = float(np.linalg.norm(score - score.mean()) * np.linalg.norm(size - size.mean()))
    if abs(slope) > TIE * max(scale, TIE):
        return 1.0 if slope > 0 else -1.0
    return 1.0 if score[int(np.argmax(np.abs(score) > TIE))] > 0 else -1.0


def _scored(
    has: pd.DataFrame,
    held: Floats,
    rows: NDArray[np.bool_],
    columns: NDArray[np.bool_],
    eci: Floats,
    pci: Floats,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    tables = []
    for name, size_name, axis, used, score, index in (
        ("eci", "diversity", 1, rows, eci, has.index),
        ("pci", "ubiquity", 0, columns, pci, has.columns),
    ):
        full = np.full(len(index), np.nan)
        full[used] = (score - score.mean()) / score.std()
        size = held.sum(axis=axis).astype(int)
        tables.append(pd.DataFrame({name: full, size_name: size}, index=index))
    return tables[0], tables[1]
