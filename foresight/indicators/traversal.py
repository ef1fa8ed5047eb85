"""How many paths of knowledge run through each citation and each document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.errors import TableError
from foresight.indicators import path_kernels
from foresight.indicators.acyclic import acyclic
from foresight.indicators.graph import CitationGraph, known_by

Floats = NDArray[np.float64]
Kind = Literal["spc", "splc", "spnp"]

WHOLE = 1e9  # counts up to here are whole numbers again after the logarithm


@dataclass(frozen=True)
class Traversal:
    """Traversal weights of a citation graph, as logarithms.

    Attributes
    ----------
    kind : {"spc", "splc", "spnp"}
    graph : CitationGraph
        Without cycles.
    order : array of shape (n,), int32
        The nodes, every document after all that it cites.
    removed : DataFrame
        `citing_id`, `cited_id`, `reason` of the arcs taken out; see `acyclic`.
    before, after : arrays of shape (n,)
        Natural logarithm of the number of search paths that end at a document, and that begin at
        it. The weight of the citation of u by v is exp(before[u] + after[v]).
    """

    kind: Kind
    graph: CitationGraph
    order: NDArray[np.int32]
    removed: pd.DataFrame
    before: Floats
    after: Floats

    def arc_logs(self) -> Floats:
        """Logarithm of the weight of every arc, in the order of `graph.arcs()`."""
        citing, cited = self.graph.arcs()
        logs = self.before[cited]
        logs += self.after[citing]
        return logs

    def node_logs(self) -> Floats:
        """Logarithm of the number of search paths through every document; 0 for an isolated one."""
        return self.before + self.after

    def log_total(self) -> float:
        """Logarithm of the number of search paths with an arc at all; -inf where there is none."""
        graph = self.graph
        if graph.n_arcs == 0:
            return -np.inf
        if self.kind == "spnp":
            # A path from u goes on to one of the documents that cite u.
            ends = graph.out_degree > 0
            logs = self.after[ends] + np.log(graph.out_degree[ends])
        else:
            begins = graph.in_degree > 0
            if self.kind == "spc":
                begins &= graph.out_degree == 0
            logs = self.after[begins]
        top = logs.max()
        return float(top + np.log(np.exp(logs - top).sum()))


def traversal(graph: CitationGraph, *, kind: Kind = "spc", until: float | None = None) -> Traversal:
    """Count the search paths through every citation and document.

    Knowledge flows from the cited to the citing document. A source cites nothing in the graph, a
    sink is cited by nothing in it. For documents u and v, v citing u,

    - search path count, SPC(u, v) = N-(u) N+(v): paths from any source to any sink through (u, v);
    - search path link count, SPLC(u, v) = L-(u) N+(v): paths from any document to any sink;
    - search path node pair, SPNP(u, v) = L-(u) L+(v): paths from any document to any document;

    with N-(u) = 1 for a source, otherwise the sum of N- over what u cites; L-(u) = 1 + the sum of
    L- over what u cites; N+ and L+ likewise over what cites v. The weight of a document v is the
    product of its own two counts, in which a path may be v alone: 1 for an isolated document.

    Counts overflow on large graphs, so logarithms are summed, largest term taken out first. A graph
    with cycles loses the arcs that close them first, by the rule of `acyclic`.

    Parameters
    ----------
    graph : CitationGraph
    kind : {"spc", "splc", "spnp"}, default "spc"
        SPC obeys Kirchhoff's law: what flows into a document that is neither source nor sink flows
        out of it.
    until : float, optional, unit of `graph.times`
        Last time on record: later documents, and undated ones, are left out with their citations
        before anything is counted. Default: the whole graph.

    Returns
    -------
    Traversal

    Raises
    ------
    TableError
        If `kind` is none of the three.

    Notes
    -----
    Linear in nodes and arcs. Weights favour documents in the middle of long chains and of dense
    areas; SPLC favours later citations. A citation that the corpus lacks cuts paths: a document
    whose references are not on record counts as a source.

    References
    ----------
    Hummon & Doreian (1989), doi:10.1016/0378-8733(89)90017-8. Batagelj (2003), arXiv:cs/0309023.
    Liu, Lu & Ho (2019), doi:10.1007/s11192-019-03034-x.
    """
    if kind not in get_args(Kind):
        msg = f"Traversal weight {kind!r} is not known. Choose from: {', '.join(get_args(Kind))}."
        raise TableError(msg)
    made = acyclic(graph if until is None else known_by(graph, until))
    graph, order = made.graph, made.order
    before = path_kernels.log_paths(order, graph.cited_start, graph.cited, kind != "spc")
    after = path_kernels.log_paths(order[::-1], graph.citing_start, graph.citing, kind == "spnp")
    return Traversal(
        kind=kind, graph=graph, order=order, removed=made.removed, before=before, after=after
    )


def counts(logs: Floats) -> Floats:
    """Counts from their logarithms: whole up to 10^9, missing where too great for a number."""
    fits = logs < np.log(np.finfo(np.float64).max)
    values = np.exp(np.where(fits, logs, 0.0))
    values = np.where(values <= WHOLE, np.rint(values), values)
    return np.where(fits, values, np.nan)
