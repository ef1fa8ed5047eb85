"""The citation graph that the citation indicators read: compact arrays, both directions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from foresight.errors import TableError

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CitationGraph:
    """A directed graph of n nodes and m distinct arcs from citing to cited, without loops.

    Attributes
    ----------
    ids : Index of shape (n,)
        What the nodes are called, in the order of their numbers 0 … n-1.
    times : array of shape (n,), float
        When each node became public, in one unit throughout (years, or days for finer windows);
        NaN where it is not known.
    cited_start : array of shape (n + 1,), int64
    cited : array of shape (m,), int32
        Node i cites `cited[cited_start[i]:cited_start[i + 1]]`, in rising order.
    citing_start : array of shape (n + 1,), int64
    citing : array of shape (m,), int32
        Node i is cited by `citing[citing_start[i]:citing_start[i + 1]]`, in rising order.
    n_references : array of shape (n,), int64
        References that a node states, those to documents outside the graph included. A node with
        none on record is not known to cite nothing.
    dropped : dict of str to int
        What was left out of the arcs: `loops` (a node that cites itself), `repeated` (the same
        pair again), `outside` (the cited document is not a node), `unknown_citing` (the citing
        document is not a node).
    """

    ids: pd.Index
    times: Floats
    cited_start: Ints
    cited: NDArray[np.int32]
    citing_start: Ints
    citing: NDArray[np.int32]
    n_references: Ints
    dropped: dict[str, int]

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.times)

    @property
    def n_arcs(self) -> int:
        """Number of distinct arcs."""
        return len(self.cited)

    @property
    def out_degree(self) -> Ints:
        """Arcs that leave each node: references inside the graph."""
        return np.diff(self.cited_start)

    @property
    def in_degree(self) -> Ints:
        """Arcs that enter each node: citations received inside the graph."""
        return np.diff(self.citing_start)

    def arcs(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Citing and cited node of every arc, sorted by citing, then cited."""
        citing = np.repeat(np.arange(self.n_nodes, dtype=np.int32), self.out_degree)
        return citing, self.cited


def citation_graph(
    documents: pd.DataFrame, references: pd.DataFrame, *, time: str = "year"
) -> CitationGraph:
    """Build the graph of a set of documents and of the references between them.

    Nodes are numbered in the order of their ids, so the order of rows changes nothing.

    Parameters
    ----------
    documents : DataFrame
        `doc_id` (unique) and the column named by `time` (number; null where not known).
    references : DataFrame
        `citing_id`, `cited_id`; as table REFERENCES.
    time : str, default "year"
        Column of `documents` with the time of each.

    Returns
    -------
    CitationGraph

    Raises
    ------
    TableError
        If a column is missing, an id is null, or an id is repeated.
    """
    for frame, columns, name in (
        (documents, ("doc_id", time), "documents"),
        (references, ("citing_id", "cited_id"), "references"),
    ):
        missing = [column for column in columns if column not in frame.columns]
        if missing:
            msg = (
                f"The table `{name}` of a citation graph lacks the column(s) "
                f"{', '.join(missing)}; it has {', '.join(map(str, frame.columns)) or 'none'}."
            )
            raise TableError(msg)
    ids = pd.Index(documents["doc_id"])
    if ids.hasnans or not ids.is_unique:
        found = "an empty id" if ids.hasnans else f"{int(ids.duplicated().sum())} repeated id(s)"
        msg = (
            f"The documents of a citation graph have {found}. Keep one row per document, with its "
            "doc_id filled."
        )
        raise TableError(msg)
    order = ids.argsort()
    ids = ids[order]
    times = documents[time].to_numpy(dtype=np.float64, na_value=np.nan)[order]
    citing = ids.get_indexer(references["citing_id"]).astype(np.int64)
    cited = ids.get_indexer(references["cited_id"]).astype(np.int64)
    return from_arrays(times, citing, cited, ids=ids)


def from_arrays(
    times: Floats, citing: Ints, cited: Ints, *, ids: pd.Index | None = None
) -> CitationGraph:
    """Build the graph from node numbers; for graphs too large for tables of text.

    Parameters
    ----------
    times : array of shape (n,)
    citing, cited : arrays of shape (n_references,), int
        Node numbers; -1 for a document that is not a node.
    ids : Index of shape (n,), optional
        Default: the node numbers.

    Returns
    -------
    CitationGraph

    Raises
    ------
    TableError
        If a node number is below -1 or not below n, or the lengths differ.
    """
    n = len(times)
    citing, cited = np.asarray(citing, dtype=np.int64), np.asarray(cited, dtype=np.int64)
    ends = [end for array in (citing, cited) if len(array) for end in (array.min(), array.max())]
    if len(citing) != len(cited) or (ends and (min(ends) < -1 or max(ends) >= n)):
        msg = (
            f"A citation graph of {n} nodes got {len(citing)} citing and {len(cited)} cited node "
            "numbers, or a number outside -1 … n-1. Give two arrays of one length."
        )
        raise TableError(msg)
    known = citing >= 0
    both = known & (cited >= 0)
    loops = both & (citing == cited)
    stated = known & ~loops
    outside = int((known & (cited < 0)).sum())
    inside = int(both.sum()) - int(loops.sum())
    # Sparse matrices sort by counting; np.unique of as many numbers takes twenty times as long.
    kept = both & ~loops
    matrix = sparse.csr_array(
        (np.ones(inside, dtype=np.int8), (citing[kept], cited[kept])), shape=(n, n)
    )
    turned = matrix.tocsc()
    # Repetitions of outside references cannot be told apart here and all count.
    n_references = np.bincount(citing[stated & (cited < 0)], minlength=n).astype(np.int64)
    return CitationGraph(
        ids=pd.RangeIndex(n) if ids is None else ids,
        times=np.asarray(times, dtype=np.float64),
        cited_start=matrix.indptr.astype(np.int64),
        cited=matrix.indices.astype(np.int32),
        citing_start=turned.indptr.astype(np.int64),
        citing=turned.indices.astype(np.int32),
        n_references=n_references + np.diff(matrix.indptr),
        dropped={
            "loops": int(loops.sum()),
            "repeated": inside - int(matrix.nnz),
            "outside": outside,
            "unknown_citing": int((~known).sum()),
        },
    )


def known_by(graph: CitationGraph, until: float) -> CitationGraph:
    """The graph as it was known at a time: later nodes, and undated ones, become outside.

    Parameters
    ----------
    graph : CitationGraph
    until : float, unit of `graph.times`

    Returns
    -------
    CitationGraph
        Of the nodes with `times` at most `until`. `n_references` stays as stated; `dropped`
        counts what this cut left out: `outside` arcs to nodes that are gone, `unknown_citing`
        arcs from them.
    """
    keep = graph.times <= until
    numbers = np.where(keep, np.cumsum(keep) - 1, -1)
    citing, cited = (numbers[end] for end in graph.arcs())
    cut = from_arrays(graph.times[keep], citing, cited, ids=graph.ids[keep])
    return replace(cut, n_references=graph.n_references[keep])
