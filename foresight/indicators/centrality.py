"""Places in the citation graph: PageRank, and the pieces that hang together."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from foresight.errors import InsufficientDataError, SettingsError
from foresight.indicators.compiled import compiled
from foresight.indicators.graph import CitationGraph

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]
Floats = NDArray[np.float64]

MAX_SWEEPS = 10_000  # never reached: each sweep takes away at least 15 % of the error


def pagerank(
    graph: CitationGraph, *, damping: float = 0.85, tolerance: float = 1e-12
) -> pd.DataFrame:
    """Estimate how often a reader who follows references at random arrives at each document.

    The reader of j goes on to one of its references with probability `damping`, otherwise to
    any document; from a document without references in the graph always to any document:

        x_i = (1 - d)/n + d (sum over j citing i of x_j / out_j + sum over dangling j of x_j / n)

    Because the last sum is the same for every i, x is the solution of y = c + d P'y up to a
    factor. It is solved by Gauss-Seidel sweeps from the newest document to the oldest: where no
    arc runs forward in time, the first sweep is exact and the second proves it.

    Parameters
    ----------
    graph : CitationGraph
    damping : float, default 0.85, from 0 up to below 1
        Of the original; for citations 0.5 has been argued for (Chen et al. 2007).
    tolerance : float, default 1e-12
        Bound on the sum of absolute errors.

    Returns
    -------
    DataFrame of shape (n_nodes, 2), index `graph.ids` named doc_id
        `pagerank` (sums to 1), `n_citing` (citations received in the graph).

    Raises
    ------
    SettingsError
        If an argument is out of its range.
    InsufficientDataError
        If rounding keeps the sweeps from reaching the tolerance.

    Notes
    -----
    Arcs run back in time, so old documents collect more whatever they are worth: compare within
    a year. Citations after a date of knowledge must be cut off first (`known_by`).

    References
    ----------
    Brin & Page (1998), doi:10.1016/S0169-7552(98)00110-X; Chen, Xie, Maslov & Redner (2007),
    doi:10.1016/j.joi.2006.06.001; sweeps: Arasu et al. (2002), PageRank computation and the
    structure of the web, WWW2002.
    """
    if not (0 <= damping < 1 and tolerance > 0):
        msg = (
            f"`damping` must be from 0 to below 1 and `tolerance` above 0, got {damping!r} and "
            f"{tolerance!r}."
        )
        raise SettingsError(msg)
    rank = _solved(graph, damping=damping, tolerance=tolerance)
    columns = {"pagerank": rank, "n_citing": graph.in_degree}
    return pd.DataFrame(columns, index=graph.ids.rename("doc_id"))


def _solved(graph: CitationGraph, *, damping: float, tolerance: float) -> Floats:
    order = np.argsort(graph.times, kind="stable")[::-1].copy()
    out = graph.out_degree
    share = damping / np.maximum(out, 1)
    start = 1.0 / max(graph.n_nodes, 1)
    mass = np.full(graph.n_nodes, start)
    for _ in range(MAX_SWEEPS):
        change = _sweep(order, graph.citing_start, graph.citing, share, start, mass)
        # What a sweep changed bounds the residual by d times, the error by d / (1 - d) times;
        # dividing by the sum doubles it.
        if 2 * damping / (1 - damping) * change <= tolerance * mass.sum():
            return mass / mass.sum() if graph.n_nodes else mass
    msg = (
        f"PageRank came within {change:.1e}, not within the tolerance {tolerance:.1e}. "
        "Give a larger tolerance."
    )
    raise InsufficientDataError(msg)


@compiled
def _sweep(
    order: Ints, start: Ints, citing: Numbers, share: Floats, base: float, mass: Floats
) -> float:
    change = 0.0
    for node in order:
        new = base
        for at in range(start[node], start[node + 1]):
            new += share[citing[at]] * mass[citing[at]]
        change += abs(new - mass[node])
        mass[node] = new
    return change


def weak_components(graph: CitationGraph) -> pd.DataFrame:
    """Find the pieces that hang together when the direction of citations is ignored.

    Parameters
    ----------
    graph : CitationGraph

    Returns
    -------
    DataFrame of shape (n_nodes, 2), index `graph.ids` named doc_id
        `component` (0 is the largest; equally large ones in the order of their first node) and
        `n_component` (its nodes; 1 for an isolated one).

    Notes
    -----
    References that are not on record break pieces apart.

    References
    ----------
    Newman (2010), Networks, ch. 6, doi:10.1093/acprof:oso/9780199206650.001.0001.
    """
    return _components(graph, "weak")


def strong_components(graph: CitationGraph) -> pd.DataFrame:
    """Find the sets of documents that all cite each other by some chain.

    Citations run back in time, so a set of more than one document tells of arcs that run
    forward: preprints, same-day pairs, or errors.

    Parameters and result as in `weak_components`.

    References
    ----------
    Pearce (2005), An improved algorithm for finding the strongly connected components of a
    directed graph (as in scipy.sparse.csgraph); Batagelj (2003), arXiv:cs/0309023.
    """
    return _components(graph, "strong")


def _components(graph: CitationGraph, connection: str) -> pd.DataFrame:
    n = graph.n_nodes
    matrix = sparse.csr_array((np.ones(graph.n_arcs), graph.cited, graph.cited_start), shape=(n, n))
    _, labels = connected_components(matrix, directed=True, connection=connection)
    sizes = np.bincount(labels)
    first = np.full(len(sizes), n)
    np.minimum.at(first, labels, np.arange(n))
    place = np.empty(len(sizes), dtype=np.int32)
    place[np.lexsort((first, -sizes))] = np.arange(len(sizes), dtype=np.int32)
    columns = {"component": place[labels], "n_component": sizes[labels]}
    return pd.DataFrame(columns, index=graph.ids.rename("doc_id"))
