"""Generality and originality: over how many classes citations spread."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from foresight.indicators.aggregate import check_columns
from foresight.indicators.graph import CitationGraph
from foresight.indicators.windows import as_status, check_window, counted, status

Floats = NDArray[np.float64]


def class_spread(counts: ArrayLike) -> tuple[Floats, Floats]:
    """One minus the Herfindahl index of class counts, raw and corrected for small numbers.

        raw = 1 - sum s_c^2,   corrected = N / (N - 1) x raw

    The raw value is biased downward; the corrected one is the unbiased chance that two
    citations drawn without replacement are of different classes.

    Parameters
    ----------
    counts : array_like of shape (..., n_classes), whole numbers

    Returns
    -------
    raw, corrected : arrays of shape (...), 0 to 1; NaN for no citation, `corrected` also for one.

    References
    ----------
    Hall (2005), A note on the bias in Herfindahl-type measures based on count data, Revue
    d'économie industrielle 110; Hall, Jaffe & Trajtenberg (2001), doi:10.3386/w8498.
    """
    mass = np.asarray(counts, dtype=np.float64)
    n = mass.sum(axis=-1)
    return _spread((mass**2).sum(axis=-1), n, n)


def _spread(squares: Floats, own: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Raw and corrected spread from the squared class masses, the citations' own squares and N.

    Corrected = 1 - (mean over ordered pairs of citations of the inner product of their class
    shares); for citations of one class each this is N / (N - 1) times raw.
    """
    raw = np.full(np.shape(n), np.nan)
    corrected = raw.copy()
    np.divide(squares, n * n, out=raw, where=n > 0)
    np.divide(squares - own, n * (n - 1.0), out=corrected, where=n > 1)
    # Rounding may leave the last bit outside 0 … 1.
    return np.clip(1.0 - raw, 0.0, 1.0), np.clip(1.0 - corrected, 0.0, 1.0)


def generality(
    graph: CitationGraph,
    classes: pd.DataFrame,
    *,
    window: float | None = None,
    until: float | None = None,
) -> pd.DataFrame:
    """Estimate how widely the classes of the documents that cite each document spread.

    `class_spread` of the citing documents' classes. A citing document with k classes counts 1/k
    for each. The correction then takes the inner product of class shares over pairs of citing
    documents, which is Hall's where each has one class; this extension is ours.

    Parameters
    ----------
    graph : CitationGraph
    classes : DataFrame
        `doc_id`, `code`, at the level of classification wanted (subclasses are usual); repeated
        pairs count once.
    window, until : float, optional, unit of `graph.times`
        As in `citations_received`.

    Returns
    -------
    DataFrame of shape (n_nodes, 5), index `graph.ids` named doc_id
        `generality` (corrected; NaN below 2 classed citing documents), `generality_raw` (NaN
        below 1), both also NaN unless `status` is `measured`; `n_classed` (citing documents with
        a class), `n_citing`, `status`.

    Raises
    ------
    TableError
        If a column is missing.
    SettingsError
        If an argument is out of its range.

    Notes
    -----
    Depends on how finely the classification cuts a field. Young documents have few citations:
    corrected values then scatter between 0 and 1, so weigh by or show `n_classed`.

    References
    ----------
    Trajtenberg, Henderson & Jaffe (1997), doi:10.1080/10438599700000006; Hall (2005) as in
    `class_spread`.
    """
    check_window(window, until)
    used = counted(graph, window=window, until=until)
    start = np.concatenate([[0], np.cumsum(used)])[graph.citing_start]
    codes = status(graph, window=window, until=until, dated=False)
    made = _spread_over(start, graph.citing[used], graph, classes)
    made["n_citing"] = np.diff(start)
    return _named(made, "generality", codes, graph)


def originality(graph: CitationGraph, classes: pd.DataFrame) -> pd.DataFrame:
    """Estimate how widely the classes of the documents that each document cites spread.

    As `generality`, over the cited documents. Known when the document appears.

    Parameters
    ----------
    graph : CitationGraph
    classes : DataFrame
        `doc_id`, `code`.

    Returns
    -------
    DataFrame of shape (n_nodes, 5), index `graph.ids` named doc_id
        `originality`, `originality_raw`, `n_classed` (cited documents with a class), `n_cited`
        (in the graph), `status` (always `measured`).

    Raises
    ------
    TableError
        If a column is missing.

    Notes
    -----
    As `generality`; references outside the graph are not seen, and long reference lists no
    longer bias the corrected value.

    References
    ----------
    As `generality`.
    """
    made = _spread_over(graph.cited_start, graph.cited, graph, classes)
    made["n_cited"] = graph.out_degree
    return _named(made, "originality", np.zeros(graph.n_nodes, dtype=np.int8), graph)


def _spread_over(
    start: NDArray[np.int64],
    ends: NDArray[np.int32],
    graph: CitationGraph,
    classes: pd.DataFrame,
) -> dict[str, NDArray[np.float64] | NDArray[np.int64]]:
    shares = _class_shares(graph, classes)
    n = graph.n_nodes
    arcs = sparse.csr_array((np.ones(len(ends)), ends, start), shape=(n, n))
    mass = arcs @ shares
    squares = mass.multiply(mass).sum(axis=1)
    own = arcs @ shares.multiply(shares).sum(axis=1)
    classed = arcs @ (np.diff(shares.indptr) > 0).astype(np.float64)
    raw, corrected = _spread(squares, own, classed)
    return {"corrected": corrected, "raw": raw, "n_classed": classed.astype(np.int64)}


def _class_shares(graph: CitationGraph, classes: pd.DataFrame) -> sparse.csr_array:
    """Rows of documents, columns of classes; a document's shares are equal and sum to 1."""
    check_columns(classes, ("doc_id", "code"), "classes")
    rows = classes[["doc_id", "code"]].dropna().drop_duplicates()
    nodes = graph.ids.get_indexer(pd.Index(rows["doc_id"]))
    codes, names = pd.factorize(rows["code"], sort=True)
    inside = nodes >= 0
    nodes, codes = nodes[inside], codes[inside]
    counts = np.bincount(nodes, minlength=graph.n_nodes)
    return sparse.csr_array(
        (1.0 / counts[nodes], (nodes, codes)), shape=(graph.n_nodes, max(len(names), 1))
    )


def _named(
    made: dict[str, NDArray[np.float64] | NDArray[np.int64]],
    name: str,
    codes: NDArray[np.int8],
    graph: CitationGraph,
) -> pd.DataFrame:
    measured = codes == 0
    columns: dict[str, object] = {
        name: np.where(measured, made.pop("corrected"), np.nan),
        f"{name}_raw": np.where(measured, made.pop("raw"), np.nan),
    }
    columns |= {**made, "status": as_status(codes)}
    return pd.DataFrame(columns, index=graph.ids.rename("doc_id"))
