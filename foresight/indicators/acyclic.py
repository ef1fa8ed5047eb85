"""A citation graph without cycles: what is left out, by which rule, and an order in time."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.indicators import path_kernels
from foresight.indicators.graph import CitationGraph

Flags = NDArray[np.bool_]
Labels = NDArray[np.int32]
Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Acyclic:
    """A citation graph without cycles.

    Attributes
    ----------
    graph : CitationGraph
        The same nodes, without the arcs in `removed`.
    order : array of shape (n,), int32
        The nodes in an order in which every document comes after all that it cites.
    removed : DataFrame, one row per arc that was taken out, in the order of arcs
        `citing_id`, `cited_id`, `reason`: `forward` (the citing document is the earlier one) or
        `tie` (the arc closed a cycle among documents of one time, or of unknown time).
    """

    graph: CitationGraph
    order: Labels
    removed: pd.DataFrame

    @property
    def n_removed(self) -> dict[str, int]:
        """Number of arcs taken out, by reason."""
        counts = self.removed["reason"].value_counts()
        return {reason: int(counts.get(reason, 0)) for reason in ("forward", "tie")}


def acyclic(graph: CitationGraph) -> Acyclic:
    """Take out of a citation graph the arcs that close cycles, and order its documents.

    Citations form cycles where two documents cite each other (papers of one issue, patents of one
    family, a preprint and a later version). The rule, applied to arcs inside strong components
    only, so that a graph without cycles loses nothing:

    1. an arc whose citing document is earlier than the cited one is taken out (`forward`);
    2. in what then remains of a strong component, all documents have one time, or an unknown
       one. Arcs are followed depth first from citing to cited, beginning with the document of the
       greatest id and taking greater ids first; an arc that leads back to the walk is taken out
       (`tie`). So of two documents of one time that cite each other, the greater id counts as the
       later.

    No arc taken out by the second step alone could be put back without closing a cycle.

    Parameters
    ----------
    graph : CitationGraph
        Loops are left out of it already, and counted in `graph.dropped`.

    Returns
    -------
    Acyclic

    Notes
    -----
    The set taken out by the second step is minimal, not of the least number: that is NP-hard. Other
    ways lose more here: shrinking a strong component into one node leaves no document to name on
    a path, the preprint transformation (both in Batagelj 2003) doubles the nodes of a component and
    lengthens the paths through it, and counting simple paths (Jiang et al. 2020) is exponential in
    its size. The choice in step 2 rests on the order of ids where times do not decide; other names
    can give another choice.

    References
    ----------
    Batagelj (2003), arXiv:cs/0309023. Jiang, Zhu & Chen (2020), doi:10.1002/asi.24258.
    """
    everywhere = np.ones(graph.n_nodes, dtype=bool)
    order = path_kernels.peel(graph.out_degree, graph.citing_start, graph.citing, everywhere)
    gone, forward = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool)
    if len(order) < graph.n_nodes:
        gone, forward = _closing(graph, order)
    citing = np.searchsorted(graph.cited_start, gone, side="right") - 1
    cited = graph.cited[gone]
    removed = pd.DataFrame(
        {
            "citing_id": graph.ids[citing].to_numpy(),
            "cited_id": graph.ids[cited].to_numpy(),
            "reason": pd.array(np.where(forward, "forward", "tie"), dtype="str"),
        }
    )
    if len(gone):
        graph = _without(graph, gone, citing, cited)
        order = path_kernels.peel(graph.out_degree, graph.citing_start, graph.citing, everywhere)
    return Acyclic(graph=graph, order=order, removed=removed)


def _closing(graph: CitationGraph, order: Labels) -> tuple[Positions, Flags]:
    """Positions of the arcs to take out, and which run forward in time.

    `order` holds the nodes that no cycle reaches.
    """
    inside = np.ones(graph.n_nodes, dtype=bool)
    inside[order] = False
    # What only leads away from cycles is peeled from the other end; the rest is small.
    waiting = _citing_inside(graph, inside)
    inside[path_kernels.peel(waiting, graph.cited_start, graph.cited, inside)] = False
    gone = np.zeros(graph.n_arcs, dtype=bool)
    component = _components(graph, inside, gone)
    nodes = np.flatnonzero(component >= 0)
    places, citing, cited = _arcs_of(graph, nodes)
    same = component[citing] == component[cited]
    gone[places[same & (graph.times[citing] < graph.times[cited])]] = True
    forward = gone.copy()
    component = _components(graph, component >= 0, gone)
    roots = np.flatnonzero(component >= 0)[::-1].astype(np.int32)
    path_kernels.back_arcs(roots, graph.cited_start, graph.cited, component, gone)
    taken = np.flatnonzero(gone)
    return taken, forward[taken]


def _citing_inside(graph: CitationGraph, inside: Flags) -> Positions:
    """How often each node is cited by nodes of a set."""
    sums = np.concatenate([[0], np.cumsum(inside[graph.citing])])
    return np.asarray(sums[graph.citing_start[1:]] - sums[graph.citing_start[:-1]], dtype=np.int64)


def _arcs_of(graph: CitationGraph, nodes: Positions) -> tuple[Positions, Positions, Positions]:
    """Positions of the arcs that leave some nodes, and their ends."""
    lengths = graph.out_degree[nodes]
    ends = np.cumsum(lengths)
    within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - lengths, lengths)
    places = np.repeat(graph.cited_start[nodes], lengths) + within
    return places, np.repeat(nodes, lengths), graph.cited[places].astype(np.int64)


def _components(graph: CitationGraph, inside: Flags, gone: Flags) -> Labels:
    """Strong component of each node of a set, arcs taken out apart; -1 where it is alone."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    nodes = np.flatnonzero(inside)
    labels = np.full(graph.n_nodes, -1, dtype=np.int32)
    if len(nodes) == 0:
        return labels
    number = np.full(graph.n_nodes, -1, dtype=np.int64)
    number[nodes] = np.arange(len(nodes))
    places, citing, cited = _arcs_of(graph, nodes)
    keep = inside[cited] & ~gone[places]
    ends = (number[citing[keep]], number[cited[keep]])
    matrix = csr_array((np.ones(len(ends[0]), bool), ends), shape=(len(nodes), len(nodes)))
    _, found = connected_components(matrix, directed=True, connection="strong")
    size = np.bincount(found)
    labels[nodes] = np.where(size[found] > 1, found, -1)
    return labels


def _without(
    graph: CitationGraph, gone: Positions, citing: Positions, cited: NDArray[np.int32]
) -> CitationGraph:
    """The graph without some arcs, its other attributes as they were."""
    out_degree = graph.out_degree - np.bincount(citing, minlength=graph.n_nodes)
    in_degree = graph.in_degree - np.bincount(cited, minlength=graph.n_nodes)
    mirror = [
        graph.citing_start[j]
        + np.searchsorted(graph.citing[graph.citing_start[j] : graph.citing_start[j + 1]], i)
        for i, j in zip(citing, cited, strict=True)
    ]
    return replace(
        graph,
        cited_start=np.concatenate([[0], np.cumsum(out_degree)]).astype(np.int64),
        cited=np.delete(graph.cited, gone),
        citing_start=np.concatenate([[0], np.cumsum(in_degree)]).astype(np.int64),
        citing=np.delete(graph.citing, np.array(mirror, dtype=np.int64)),
    )
