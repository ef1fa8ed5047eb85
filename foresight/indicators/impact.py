"""Citations received, and what they are worth in their field and year."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from foresight.errors import TableError
from foresight.indicators.aggregate import check_columns
from foresight.indicators.graph import CitationGraph
from foresight.indicators.windows import as_status, check_window, counted, status

MIN_CELL = 10  # documents: in a smaller cell one rank is more than 10 percentiles


def citations_received(
    graph: CitationGraph, *, window: float | None = None, until: float | None = None
) -> pd.DataFrame:
    """Count the citations that each document received within a window and by a date.

    Parameters
    ----------
    graph : CitationGraph
    window : float, optional, unit of `graph.times`
        Citing documents up to this long after the cited one count, and any that are dated
        earlier. None: no limit.
    until : float, optional, unit of `graph.times`
        Last time on record: later and undated documents do not cite.

    Returns
    -------
    DataFrame of shape (n_nodes, 3), index `graph.ids` named doc_id
        `n_citations` (missing unless measured: a zero is a zero), `n_so_far` (counted until
        now, also where the window is open), `status`: `measured`, `open` (the window is not over
        by `until`, or the document is later) or `undated` (only with a bound).

    Raises
    ------
    SettingsError
        If an argument is out of its range.

    Notes
    -----
    Citations from outside the graph are not seen. Without a window older documents have had
    longer to be cited: compare within a year (`citation_percentile`).

    References
    ----------
    Wang (2013), doi:10.1007/s11192-012-0775-9 (citation windows).
    """
    check_window(window, until)
    counts = np.zeros(graph.n_nodes, dtype=np.int64)
    used = counted(graph, window=window, until=until)
    sums = np.concatenate([[0], np.cumsum(used)])
    counts[:] = sums[graph.citing_start[1:]] - sums[graph.citing_start[:-1]]
    codes = status(graph, window=window, until=until, dated=False)
    columns = {
        "n_citations": pd.arrays.IntegerArray(counts, codes != 0),
        "n_so_far": counts,
        "status": as_status(codes),
    }
    return pd.DataFrame(columns, index=graph.ids.rename("doc_id"))


def citation_percentile(documents: pd.DataFrame, *, min_cell: int = MIN_CELL) -> pd.DataFrame:
    """Estimate each document's percentile of citations among those of its field and year.

    Mid-rank: 100 x (documents with fewer citations + half of those with as many, itself
    included) / all documents of the cell. Ties share one value and every cell has mean 50. A
    document of several fields gets the mean over its cells that are large enough.

    Parameters
    ----------
    documents : DataFrame
        `doc_id`, `field`, `year`, `n_citations`; one row per document and field. Rows with a
        missing number of citations, field or year are in no cell.
    min_cell : int, default 10
        Smaller cells give no percentile: one rank would be more than 10 percentiles.

    Returns
    -------
    DataFrame, indexed and sorted by doc_id, one row per document
        `percentile` (above 0, below 100; NaN where missing), `n_cell` and `n_tied` (documents in
        its smallest used cell, and with as many citations there, itself included; 0 if none),
        `n_fields` (cells used).

    Raises
    ------
    TableError
        If a column is missing or a document is twice in a field.

    Notes
    -----
    Among mostly uncited documents, uncited ones get a middling value: look at `n_tied`. The
    resolution is 50 / n_cell.

    References
    ----------
    Hazen (1914), doi:10.1061/taceat.0002563 (mid-ranks); Bornmann, Leydesdorff & Mutz (2013),
    doi:10.1016/j.joi.2012.11.005; Bornmann & Mutz (2011), doi:10.1016/j.joi.2010.10.009.
    """
    rows = _cells(documents)
    cell = rows.groupby(["field", "year"])["n_citations"]
    size = cell.transform("size")
    tied = rows.groupby(["field", "year", "n_citations"])["doc_id"].transform("size")
    rows = rows.assign(
        percentile=100.0 * (cell.rank(method="average") - 0.5) / size, n_cell=size, n_tied=tied
    )
    rows = rows[rows["n_cell"] >= min_cell].sort_values(["doc_id", "n_cell", "field"])
    by_doc = rows.groupby("doc_id")
    made = by_doc[["n_cell", "n_tied"]].first().assign(n_fields=by_doc.size())
    made.insert(0, "percentile", by_doc["percentile"].mean())
    made = made.reindex(_ids(documents))
    counts = made[["n_cell", "n_tied", "n_fields"]].fillna(0).astype(int)
    return pd.concat([made[["percentile"]], counts], axis=1)


def normalised_citations(documents: pd.DataFrame) -> pd.DataFrame:
    """Estimate each document's citations relative to the mean of its field and year.

        score = sum over its fields f of w c / e_f,   e_f = sum w c / sum w over the cell,

    w = 1 / number of its fields. The mean over a unit (`unit_means`) is the mean normalised
    citation score, MNCS; over all documents it is 1.

    Parameters
    ----------
    documents : DataFrame
        As in `citation_percentile`.

    Returns
    -------
    DataFrame, indexed and sorted by doc_id, one row per document
        `score` (0 and up; NaN where no document of one of its cells is cited, or it is in no
        cell), `expected` (citations; harmonic mean over its fields), `n_cell` (documents in its
        smallest cell; 0 if none).

    Raises
    ------
    TableError
        If a column is missing or a document is twice in a field.

    Notes
    -----
    A mean of skewed numbers: one document may carry a unit. In small or fresh cells the
    expectation is itself unsure.

    References
    ----------
    Waltman et al. (2011), doi:10.1007/s11192-011-0354-5 and doi:10.1016/j.joi.2010.08.001.
    """
    rows = _cells(documents)
    rows = rows.assign(weight=1.0 / rows.groupby("doc_id")["field"].transform("size"))
    rows["cited"] = rows["weight"] * rows["n_citations"]
    cell = rows.groupby(["field", "year"])
    expected = cell["cited"].transform("sum") / cell["weight"].transform("sum")
    expected = expected.where(expected > 0)
    rows = rows.assign(
        score=rows["cited"] / expected,
        inverse=rows["weight"] / expected,
        n_cell=cell["doc_id"].transform("size"),
    )
    by_doc = rows.groupby("doc_id")
    made = by_doc[["score", "inverse"]].sum(skipna=False)
    made = made.assign(expected=1.0 / made["inverse"], n_cell=by_doc["n_cell"].min())
    made = made[["score", "expected", "n_cell"]].reindex(_ids(documents))
    return made.assign(n_cell=made["n_cell"].fillna(0).astype(int))


def _ids(documents: pd.DataFrame) -> pd.Index:
    ids: pd.Index = pd.Index(documents["doc_id"].drop_duplicates().sort_values(), name="doc_id")
    return ids


def _cells(documents: pd.DataFrame) -> pd.DataFrame:
    names = ("doc_id", "field", "year", "n_citations")
    check_columns(documents, names, "documents")
    rows = documents[list(names)].dropna()
    rows = rows.astype({"n_citations": np.float64})
    if rows.duplicated(["doc_id", "field"]).any():
        msg = "A document stands twice in one field. Keep one row per document and field."
        raise TableError(msg)
    return rows.sort_values(["doc_id", "field"], kind="stable").reset_index(drop=True)


def h_index(citations: ArrayLike) -> int:
    """The largest h such that h of the documents are cited at least h times each.

    Parameters
    ----------
    citations : array_like of shape (n,), whole numbers; missing values are left out

    Returns
    -------
    int, 0 for no documents.

    Notes
    -----
    Never falls, grows with the number of documents and with age: compare only actors of like
    size and age, and show the number of documents beside it.

    References
    ----------
    Hirsch (2005), doi:10.1073/pnas.0507655102.
    """
    counts = np.asarray(citations, dtype=np.float64)
    counts = np.sort(counts[~np.isnan(counts)])[::-1]
    return int((counts >= np.arange(1, len(counts) + 1)).sum())


def unit_h_index(citations: pd.Series, members: pd.DataFrame) -> pd.DataFrame:
    """The h-index of each unit (actor, topic), with the number of its documents.

    Parameters
    ----------
    citations : Series, index doc_id
        Citations received; missing where not known.
    members : DataFrame
        `unit_id`, `doc_id`, one row per pair.

    Returns
    -------
    DataFrame, indexed and sorted by unit_id
        `h_index`, `n` (documents whose citations are known), `n_docs` (all).

    Raises
    ------
    TableError
        If a column is missing.
    """
    check_columns(members, ("unit_id", "doc_id"), "members")
    pairs = members.drop_duplicates(["unit_id", "doc_id"])
    found = citations.reindex(pairs["doc_id"]).to_numpy(dtype=np.float64, na_value=np.nan)
    rows = pd.DataFrame({"unit_id": pairs["unit_id"].to_numpy(), "citations": found})
    by_unit = rows.groupby("unit_id")["citations"]
    columns = {"h_index": by_unit.apply(h_index), "n": by_unit.count(), "n_docs": by_unit.size()}
    return pd.DataFrame(columns).astype(int)
