"""The citation graph that the citation indicators read: compact arrays, both directions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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
    ends = np.concatenate([citing, cited])
    if len(citing) != len(cited) or (len(ends) and (ends.min() < -1 or ends.max() >= n)):
        msg = (
            f"A citation graph of {n} nodes got {len(citing)} citing and {len(cited)} cited node "
            "numbers, or a number outside -1 … n-1. Give two arrays of one length."
        )
        raise TableError(msg)
    del ends
    known = citing >= 0
    both = known & (cited >= 0)
    loops = both & (citing == cited)
    stated = known & ~loops
    outside = int((known & (cited < 0)).sum())
    # One number per arc sorts both ends at once and is cheaper than sorting pairs.
    keys = citing[both & ~loops] * n + cited[both & ~loops]
    distinct = np.unique(keys)
    repeated = len(keys) - len(distinct)
    # Repetitions of outside references cannot be told apart here and all count.
    n_references = np.bincount(citing[stated & (cited < 0)], minlength=n).astype(np.int64)
    first, second = distinct // max(n, 1), (distinct % max(n, 1)).astype(np.int32)
    del keys, distinct
    out_degree = np.bincount(first, minlength=n)
    cited_start = np.concatenate([[0], np.cumsum(out_degree)]).astype(np.int64)
    citing_start = np.concatenate([[0], np.cumsum(np.bincount(second, minlength=n))])
    by_cited = np.argsort(second, kind="stable")
    return CitationGraph(
        ids=pd.RangeIndex(n) if ids is None else ids,
        times=np.asarray(times, dtype=np.float64),
        cited_start=cited_start,
        cited=second,
        citing_start=citing_start.astype(np.int64),
        citing=first[by_cited].astype(np.int32),
        n_references=n_references + out_degree,
        dropped={
            "loops": int(loops.sum()),
            "repeated": repeated,
            "outside": outside,
            "unknown_citing": int((~known).sum()),
        },
    )
