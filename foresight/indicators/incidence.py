"""Documents by terms as a sparse matrix: what the text indicators read."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from foresight.errors import TableError
from foresight.indicators.aggregate import check_columns

Ints = NDArray[np.int64]


def term_counts(occurrences: pd.DataFrame, doc_ids: pd.Index) -> tuple[sparse.csr_array, pd.Index]:
    """Count how often each document has each term.

    Who cuts texts into terms (words, bigrams, phrases, keywords) decides what a term is; here it
    is any text.

    Parameters
    ----------
    occurrences : DataFrame
        doc_id, term; one row per occurrence. Rows of documents outside `doc_ids` are left out.
    doc_ids : Index of shape (n_docs,), unique
        Rows of the matrix, in this order; documents without a term have an empty row.

    Returns
    -------
    counts : csr_array of shape (n_docs, n_terms), float64, indices sorted
    terms : Index of shape (n_terms,), sorted

    Raises
    ------
    TableError
        If a column is missing, a term is null, or an id is repeated in `doc_ids`.
    """
    check_columns(occurrences, ("doc_id", "term"), "occurrences")
    if not doc_ids.is_unique:
        msg = f"{int(doc_ids.duplicated().sum())} document id(s) are repeated. Keep one row each."
        raise TableError(msg)
    rows = doc_ids.get_indexer(pd.Index(occurrences["doc_id"]))
    inside = rows >= 0
    found = occurrences["term"][inside]
    if found.isna().any():
        msg = f"{int(found.isna().sum())} occurrence(s) have no term. Remove these rows."
        raise TableError(msg)
    codes, terms = pd.factorize(found, sort=True)
    ones = np.ones(len(codes))
    shape = (len(doc_ids), len(terms))
    counts = sparse.csr_array(sparse.coo_array((ones, (rows[inside], codes)), shape=shape))
    counts.sum_duplicates()
    return counts, pd.Index(terms)


def check_documents(counts: sparse.csr_array, **columns: NDArray[np.generic]) -> None:
    """Check that a matrix of counts and what is known of its documents belong together.

    Parameters
    ----------
    counts : csr_array of shape (n_docs, n_terms)
    **columns : arrays of shape (n_docs,)
        By name, for the message.

    Raises
    ------
    TableError
        If a length differs, a column does not hold whole numbers, or a count is negative or not
        a number.
    """
    n_docs = counts.shape[0]
    for name, values in columns.items():
        if values.shape != (n_docs,) or not np.issubdtype(values.dtype, np.integer):
            msg = (
                f"`{name}` has shape {values.shape} and type {values.dtype}; {n_docs} document(s) "
                "need one whole number each."
            )
            raise TableError(msg)
    if counts.nnz and not (counts.data >= 0).all():
        msg = "A count of terms is negative or not a number. Counts are 0 or more."
        raise TableError(msg)


def entries(counts: sparse.csr_array) -> tuple[Ints, Ints]:
    """Document and term of every count above zero, by document, then term; each once."""
    tidy = sparse.csr_array(counts, copy=True)
    tidy.sum_duplicates()
    tidy.eliminate_zeros()
    docs = np.repeat(np.arange(tidy.shape[0], dtype=np.int64), np.diff(tidy.indptr))
    return docs, tidy.indices.astype(np.int64)


def percentile_within(values: NDArray[np.float64], groups: Ints) -> NDArray[np.float64]:
    """Percentile of each value among those of its group: (mid-rank - 1/2) / n.

    Values that agree to twelve digits are ties, so that the order of summation decides nothing.

    Parameters
    ----------
    values : array of shape (n,); NaN is left out and stays NaN
    groups : array of shape (n,)

    Returns
    -------
    array of shape (n,), above 0 and below 1; the greatest value is nearest 1.
    """
    scale = np.where(np.isfinite(values) & (values != 0), np.abs(values), 1.0)
    digits = 10.0 ** (12 - np.ceil(np.log10(scale)))
    tied = pd.Series(np.round(values * digits) / digits)
    by_group = tied.groupby(groups)
    rank, n = by_group.rank(method="average"), by_group.transform("count")
    return np.asarray((rank - 0.5) / n.where(n > 0), dtype=np.float64)
