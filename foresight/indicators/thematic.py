"""Strategic diagram of themes: how tied they are to one another, and how tight each is."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from foresight.errors import InsufficientDataError, TableError
from foresight.indicators.aggregate import check_columns
from foresight.indicators.incidence import term_counts

Floats = NDArray[np.float64]

CENTRALITY, DENSITY = 10.0, 100.0  # factors of the paper, so that figures compare
NAMES = ("centrality", "density")


def equivalence(together: Floats) -> Floats:
    """Equivalence index of terms: c_ij^2 / (c_i c_j).

    Parameters
    ----------
    together : array of shape (n_terms, n_terms)
        Documents with both terms; on the diagonal, those with the term.

    Returns
    -------
    array of shape (n_terms, n_terms), 0 to 1, with 0 on the diagonal and where a term has no
    document.

    References
    ----------
    Callon, Courtial & Laville (1991), doi:10.1007/BF02019280.
    """
    alone = np.diag(together)
    product = np.outer(alone, alone)
    index = np.divide(together**2, product, out=np.zeros_like(product), where=product > 0)
    np.fill_diagonal(index, 0.0)
    return index


def thematic_map(
    occurrences: pd.DataFrame,
    themes: pd.DataFrame,
    *,
    rng: np.random.Generator,
    draws: int = 200,
) -> pd.DataFrame:
    """Estimate Callon's centrality and density of themes from the co-occurrence of their terms.

    With e_ij the equivalence index of two terms over all documents given,

        centrality = 10 * sum of e_kh, k a term of the theme, h a term of other themes only,
        density = 100 * (sum of e_ij over pairs of terms of the theme) / (number of its terms).

    Parameters
    ----------
    occurrences : DataFrame
        doc_id, term; how often does not matter. Only documents known at the as-of date.
    themes : DataFrame
        theme_id, term. A term may belong to several themes; between these it ties neither.
    rng : Generator
        For the intervals.
    draws : int, default 200
        Bootstrap samples of documents.

    Returns
    -------
    DataFrame, indexed and sorted by theme_id
        `centrality`, `density` with `_lo`, `_hi` (95 %, bootstrap over documents);
        `high_centrality`, `high_density` (bool: at or above the median of the themes);
        `p_quadrant`, the share of draws in which the theme stays in its quadrant; `n_terms`,
        `n_docs` (documents with a term of the theme). Density is missing for a theme of one term,
        centrality where no other theme has a term; so are then the quadrant (null) and p_quadrant.

    Raises
    ------
    TableError
        If a column is missing or empty.
    InsufficientDataError
        If there is no theme, or none of its terms occurs.

    Notes
    -----
    Quadrants are relative to the themes shown: half of them is always "central". The index is a
    square, so chance makes it too high where documents are few; bootstrap draws repeat documents
    and lie higher still, so the interval is shifted by the difference of the draws' mean from the
    estimate (basic bias correction, not below 0). Centrality grows with a theme's number of
    terms: give each theme equally many.

    References
    ----------
    Callon, Courtial & Laville (1991), doi:10.1007/BF02019280; Cobo, Lopez-Herrera,
    Herrera-Viedma & Herrera (2011), doi:10.1016/j.joi.2010.10.002. The intervals are ours.
    """
    incidence, members = _matrices(occurrences, themes)
    found = _measures(incidence, np.ones(incidence.shape[0]), members.to_numpy())
    n = incidence.shape[0]
    drawn = np.empty((draws, *found.shape))
    for draw in range(draws):
        weights = np.bincount(rng.integers(0, n, n), minlength=n).astype(np.float64)
        drawn[draw] = _measures(incidence, weights, members.to_numpy())
    table = pd.DataFrame(index=members.index)
    if draws:
        lo, hi = np.quantile(drawn, [0.025, 0.975], axis=0) - (drawn.mean(axis=0) - found)
    else:
        lo = hi = np.full_like(found, np.nan)
    for column, name in enumerate(NAMES):
        table[name] = found[:, column]
        table[f"{name}_lo"] = np.maximum(lo[:, column], 0.0)
        table[f"{name}_hi"] = hi[:, column]
    known = np.asarray(np.isfinite(found).all(axis=1), dtype=np.bool_)
    high: NDArray[np.bool_] = np.greater_equal(found, _middle(found))
    for column, name in enumerate(NAMES):
        flags = pd.Series(high[:, column], index=table.index, dtype="boolean")
        table[f"high_{name}"] = flags.where(known)
    table["p_quadrant"] = _stays(drawn, high, known)
    table["n_terms"] = members.sum(axis=1).astype(int)
    touched = (incidence @ members.to_numpy(dtype=np.float64).T) > 0
    table["n_docs"] = touched.sum(axis=0)
    return table


def _stays(drawn: Floats, high: NDArray[np.bool_], known: NDArray[np.bool_]) -> Floats:
    """Share of draws in which each theme lies in the quadrant that it was given."""
    if not len(drawn):
        return np.full(len(known), np.nan)
    same = [((draw >= _middle(draw)) == high).all(axis=1) for draw in drawn]
    return np.where(known, np.mean(same, axis=0), np.nan)


def _middle(values: Floats) -> Floats:
    """Median of each column's known values; NaN where none is known."""
    known = [column[~np.isnan(column)] for column in values.T]
    return np.array([np.median(column) if len(column) else np.nan for column in known])


def _matrices(
    occurrences: pd.DataFrame, themes: pd.DataFrame
) -> tuple[sparse.csr_array, pd.DataFrame]:
    """Documents by terms, 0 or 1, and themes by terms."""
    check_columns(themes, ("theme_id", "term"), "themes")
    if themes[["theme_id", "term"]].isna().to_numpy().any():
        msg = "The table `themes` has empty cells. Fill theme_id and term in every row."
        raise TableError(msg)
    pairs = themes[["theme_id", "term"]].drop_duplicates()
    members = pd.crosstab(pairs["theme_id"], pairs["term"]) > 0
    relevant = occurrences[occurrences["term"].isin(members.columns)]
    if members.empty or relevant.empty:
        msg = f"None of the {members.shape[1]} term(s) of {len(members)} theme(s) occurs."
        raise InsufficientDataError(msg)
    docs = pd.Index(relevant["doc_id"].drop_duplicates()).sort_values()
    counts, terms = term_counts(relevant, docs)
    counts.data[:] = 1.0
    place = terms.get_indexer(members.columns)
    whole = sparse.hstack([counts, sparse.csr_array((len(docs), 1))], format="csr")
    return sparse.csr_array(whole[:, place]), members  # -1: a term that never occurs


def _measures(incidence: sparse.csr_array, weights: Floats, members: NDArray[np.bool_]) -> Floats:
    """Centrality and density of each theme, shape (n_themes, 2)."""
    weighted = sparse.diags_array(weights) @ incidence
    index = equivalence(np.asarray((incidence.T @ weighted).todense()))
    inside = members.astype(np.float64)
    n_terms = inside.sum(axis=1)
    within = np.einsum("ti,ij,tj->t", inside, index, inside, optimize=True) / 2.0
    outward = np.einsum("ti,ij,tj->t", inside, index, 1.0 - inside, optimize=True)
    others = members.shape[1] - n_terms
    centrality = np.where(others > 0, CENTRALITY * outward, np.nan)
    density = np.where(n_terms > 1, DENSITY * within / n_terms, np.nan)
    return np.column_stack([centrality, density])
