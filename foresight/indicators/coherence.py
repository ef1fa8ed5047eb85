"""Coherence: how far the documents of a unit cite each other."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.errors import TableError
from foresight.indicators.aggregate import check_columns
from foresight.indicators.graph import CitationGraph, known_by
from foresight.intervals import wilson


def coherence(
    graph: CitationGraph, members: pd.DataFrame, *, until: float | None = None
) -> pd.DataFrame:
    """Estimate the share of each unit's citations that stay inside it, and what chance gives.

        share = arcs within the unit / arcs that leave its documents
        expected = arcs that enter its documents / all arcs

    The expected share is that of a random graph in which every document keeps its numbers of
    arcs out and in (directed configuration model).

    Parameters
    ----------
    graph : CitationGraph
    members : DataFrame
        `unit_id`, `doc_id`; a document belongs to one unit at most. Arcs to documents of no
        unit leave the unit; documents outside the graph are ignored.
    until : float, optional, unit of `graph.times`
        Only documents by then, and arcs between them.

    Returns
    -------
    DataFrame, indexed and sorted by unit_id, one row per unit
        `share` with `share_lo`, `share_hi` (Wilson, 95 %), NaN where nothing is cited;
        `expected` (NaN without arcs); `excess` (share - expected); `n_citations` (arcs that
        leave its documents), `n_inside`, `n_docs` (in the graph).

    Raises
    ------
    TableError
        If a column is missing or a document is in two units.

    Notes
    -----
    A large unit keeps more citations by chance alone: read the excess. The chance model lets
    documents cite later ones, so the expected share is too low for old units and too high for
    young ones. The interval takes citations as independent; those of one document are not, so
    it is too short.

    References
    ----------
    Leicht & Newman (2008), doi:10.1103/PhysRevLett.100.118703; Wilson (1927),
    doi:10.1080/01621459.1927.10502953.
    """
    graph = graph if until is None else known_by(graph, until)
    units, names = _units(graph, members)
    inside, out, into = _unit_arcs(graph, units, len(names))
    lo, hi = wilson(inside, out)
    share, expected = np.full(len(names), np.nan), np.full(len(names), np.nan)
    np.divide(inside, out, out=share, where=out > 0)
    if graph.n_arcs:
        expected = into / graph.n_arcs
    columns = {
        "share": share,
        "share_lo": lo,
        "share_hi": hi,
        "expected": expected,
        "excess": share - expected,
        "n_citations": out,
        "n_inside": inside,
        "n_docs": np.bincount(units[units >= 0], minlength=len(names)),
    }
    return pd.DataFrame(columns, index=names)


def modularity(
    graph: CitationGraph, members: pd.DataFrame, *, until: float | None = None
) -> tuple[float, int]:
    """Estimate how far citations stay within units, over the whole partition.

        Q = sum over units u of (arcs within u / m - (arcs out of u / m) (arcs into u / m))

    Parameters
    ----------
    graph : CitationGraph
    members, until
        As in `coherence`. Documents of no unit belong to no sum; their arcs count in m.

    Returns
    -------
    q : float
        From -1 to below 1; 0 as by chance; NaN without arcs.
    n_arcs : int
        The m behind it.

    Raises
    ------
    TableError
        If a column is missing or a document is in two units.

    Notes
    -----
    Grows with the size of the graph and the number of units; even random graphs have partitions
    of high modularity (Guimera et al. 2004). It judges a given partition against chance, not
    whether its units are right.

    References
    ----------
    Newman & Girvan (2004), doi:10.1103/PhysRevE.69.026113; directed: Leicht & Newman (2008),
    doi:10.1103/PhysRevLett.100.118703; Guimera, Sales-Pardo & Amaral (2004),
    doi:10.1103/PhysRevE.70.025101.
    """
    graph = graph if until is None else known_by(graph, until)
    units, names = _units(graph, members)
    if graph.n_arcs == 0:
        return float("nan"), 0
    inside, out, into = (part / graph.n_arcs for part in _unit_arcs(graph, units, len(names)))
    return float((inside - out * into).sum()), graph.n_arcs


def _units(graph: CitationGraph, members: pd.DataFrame) -> tuple[NDArray[np.int64], pd.Index]:
    """Place of each node's unit, -1 for none, and the units in order."""
    check_columns(members, ("unit_id", "doc_id"), "members")
    rows = members[["unit_id", "doc_id"]].dropna().drop_duplicates()
    twice = rows["doc_id"].duplicated()
    if twice.any():
        msg = (
            f"{int(twice.sum())} document(s) belong to more than one unit, first: "
            f"{rows.loc[twice, 'doc_id'].iloc[0]}. Give a partition: one unit per document."
        )
        raise TableError(msg)
    places, names = pd.factorize(rows["unit_id"], sort=True)
    nodes = graph.ids.get_indexer(pd.Index(rows["doc_id"]))
    units = np.full(graph.n_nodes, -1, dtype=np.int64)
    units[nodes[nodes >= 0]] = places[nodes >= 0]
    return units, pd.Index(names, name="unit_id")


def _unit_arcs(
    graph: CitationGraph, units: NDArray[np.int64], n_units: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Arcs within, out of and into each unit."""
    citing, cited = graph.arcs()
    sources, targets = units[citing], units[cited]
    within = sources[(sources == targets) & (sources >= 0)]
    inside, out, into = (
        np.bincount(ends[ends >= 0], minlength=n_units) for ends in (within, sources, targets)
    )
    return inside, out, into
