"""Experimental: yearly improvement of a technology, from the centrality of what it builds on.

No brief shows these figures. Checked: search paths and the null model, against hand-computed values
and properties (tests). Not checked: the rate against the published table, and whether it holds
outside the network that it was fitted on, US utility patents of 1976 to 2015 as a whole. The
coefficients in use (6.22285, -5.01885) could not be confirmed. A US patent, 12,099,572 B2, claims a
way of computing such rates. See `improvement_rate`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from foresight.errors import InsufficientDataError, TableError
from foresight.indicators import path_kernels
from foresight.indicators.acyclic import Acyclic, acyclic
from foresight.indicators.aggregate import check_columns
from foresight.indicators.graph import CitationGraph, from_arrays, known_by

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SLOPE, INTERCEPT = 6.22285, -5.01885  # of log K on X; natural log, K per year
NETWORKS = 100  # randomised networks; the authors used up to 1,000
SWAPS = 10  # tried for every citation: enough to forget the network they start from
NORMAL = 1.959964  # 97.5 % quantile


def cited_centrality(graph: CitationGraph) -> Floats:
    """Mean log search-path node pairs of what each document cites, a year before it cites.

    The centrality of a document c at the end of year y is log(L-(c) L+_y(c)): the number of paths
    that end at c times the number that begin at it, over documents public by y, each path counted
    with c alone. A document of year y has the mean over its references of their centrality at
    y - 1. A reference of the same year did not exist then: it counts with log(L-(c) n), n its
    citations within that year, as in the authors' program.

    Parameters
    ----------
    graph : CitationGraph
        `times` in years; parts of a year are cut off. Citations to later years, or from or to
        undated documents, are left out, then those that close cycles.

    Returns
    -------
    array of shape (n,), natural logarithm; missing where no reference is left.
    """
    return _cited_centrality(_backwards(graph))


def _backwards(graph: CitationGraph) -> Acyclic:
    """The graph with whole years, of citations to the same or an earlier year."""
    years = np.floor(graph.times)
    citing, cited = graph.arcs()
    keep = years[citing] >= years[cited]
    ends = citing[keep].astype(np.int64), cited[keep].astype(np.int64)
    return acyclic(from_arrays(years, *ends, ids=graph.ids))


def _cited_centrality(made: Acyclic) -> Floats:
    graph, order = made.graph, made.order
    years = graph.times
    before = path_kernels.log_paths(order, graph.cited_start, graph.cited, True)
    citing, cited = graph.arcs()
    same = years[citing] == years[cited]
    within = np.bincount(cited[same], minlength=graph.n_nodes)
    values = before[cited]
    values[same] += np.log(within[cited[same]])
    backwards = order[::-1]
    for year in np.unique(years[citing[~same]]):
        after = path_kernels.log_paths_until(
            backwards, graph.citing_start, graph.citing, years, year - 1.0
        )
        now = ~same & (years[citing] == year)
        values[now] += after[cited[now]]
    sums = np.bincount(citing, weights=values, minlength=graph.n_nodes)
    count = graph.out_degree
    missing = np.full(graph.n_nodes, np.nan)
    return np.asarray(np.divide(sums, count, out=missing, where=count > 0))


def randomised(
    graph: CitationGraph, *, rng: np.random.Generator, classes: ArrayLike | None = None
) -> CitationGraph:
    """A network with the same documents whose citations are drawn anew within years.

    Two citations with the same citing and the same cited year exchange their cited documents, if
    neither pair exists already; so every document keeps its numbers of references by year of the
    cited and of citations by year of the citing. With classes, citations within a class are
    exchanged among those of the same class only. Citations within a year stay.

    Parameters
    ----------
    graph : CitationGraph
        `times` in whole years, all known, no citation to a later year.
    rng : Generator
    classes : array of shape (n,), optional
        Class of each document.

    Returns
    -------
    CitationGraph

    Raises
    ------
    TableError
        If `classes` has another length.

    References
    ----------
    Gobbi et al. (2014), doi:10.1093/bioinformatics/btu474 (switching). Alstott, Triulzi, Yan & Luo
    (2017), doi:10.1007/s11192-016-2107-y.
    """
    citing, cited = graph.arcs()
    years = graph.times.astype(np.int64)
    group = np.zeros(graph.n_arcs, dtype=np.int64)
    if classes is not None:
        labels, _ = pd.factorize(np.asarray(classes))
        if len(labels) != graph.n_nodes:
            msg = f"{len(labels)} classes for {graph.n_nodes} documents; give one for each."
            raise TableError(msg)
        group = np.where(labels[citing] == labels[cited], labels[citing] + 1, 0)
    members = np.flatnonzero(years[citing] > years[cited])
    keys = np.stack([years[citing[members]], years[cited[members]], group[members]])
    sort = np.lexsort(keys)
    members, keys = members[sort], keys[:, sort]
    new = np.ones(len(members), dtype=bool)
    new[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
    starts = np.append(np.flatnonzero(new), len(members)).astype(np.int64)
    drawn = cited.copy()
    path_kernels.rewire(starts, members, citing, drawn, graph.cited_start, rng, SWAPS)
    ends = citing.astype(np.int64), drawn.astype(np.int64)
    made = from_arrays(graph.times, *ends, ids=graph.ids)
    return replace(made, n_references=graph.n_references)


def normalised_centrality(
    graph: CitationGraph,
    *,
    rng: np.random.Generator,
    networks: int = NETWORKS,
    classes: ArrayLike | None = None,
    until: float | None = None,
) -> pd.DataFrame:
    """Place each document among those of its year by how central its references are.

    The mean log centrality of a document's references (`cited_centrality`) is compared with that
    in randomised networks: z = (observed - mean) / deviation. The percentile is the rank of z
    among the documents of the year, ties at their mean rank, over their number.

    Parameters
    ----------
    graph : CitationGraph
        `times` in years; the whole network of a patent office, not one field.
    rng : Generator
    networks : int, default 100
        Randomised networks, at least 2.
    classes : array of shape (n,), optional
        See `randomised`. The authors use the main class.
    until : float, optional
        Last year on record; later and undated documents are left out first.

    Returns
    -------
    DataFrame, one row per document in the order of the graph
        `doc_id`, `year`, `n_cited`, `centrality`, `z`, `percentile` (0 to 1). `z` and `percentile`
        are missing for a document without references, or whose value no randomised network moves.

    Raises
    ------
    InsufficientDataError
        If `networks` is below 2.
    """
    if networks < 2:
        msg = f"A deviation needs at least 2 randomised networks, got {networks}."
        raise InsufficientDataError(msg)
    if until is not None:
        keep = graph.times <= until
        classes = None if classes is None else np.asarray(classes)[keep]
        graph = known_by(graph, until)
    made = _backwards(graph)
    observed = _cited_centrality(made)
    mean, squares = np.zeros(graph.n_nodes), np.zeros(graph.n_nodes)
    for number in range(1, networks + 1):
        drawn = randomised(made.graph, rng=rng, classes=classes)
        value = np.nan_to_num(_cited_centrality(acyclic(drawn)))
        step = value - mean
        mean += step / number
        squares += step * (value - mean)
    deviation = np.sqrt(squares / (networks - 1))
    # Rounding moves a value that no swap can move; the smallest true steps are far greater.
    moved = deviation > 1e-9
    z = np.divide(observed - mean, deviation, out=np.full(len(mean), np.nan), where=moved)
    frame = pd.DataFrame(
        {
            "doc_id": graph.ids,
            "year": made.graph.times,
            "n_cited": made.graph.out_degree,
            "centrality": observed,
            "z": z,
        }
    )
    ranks = frame["z"].round(9).groupby(frame["year"]).rank(pct=True)
    return frame.assign(percentile=ranks.astype(float))


def improvement_rate(
    centrality: pd.DataFrame,
    units: pd.DataFrame,
    *,
    sigma: float,
    slope: float = SLOPE,
    intercept: float = INTERCEPT,
) -> pd.DataFrame:
    """Experimental: estimate the yearly improvement K of the performance of each technology.

    K = exp(6.22285 X - 5.01885 + sigma^2 / 2), X the mean percentile of the unit's documents:
    exponential improvement a year, 0.36 for a doubling in about two years.

    Parameters
    ----------
    centrality : DataFrame
        `doc_id`, `percentile`; as `normalised_centrality` returns it.
    units : DataFrame
        `topic_id`, `doc_id`; a document may belong to several.
    sigma : float
        Deviation of log K about the fitted line for a new technology. No default: the figure was
        not among the sources at hand.
    slope, intercept : float
        Of log K on X.

    Returns
    -------
    DataFrame, one row per unit, indexed and sorted by topic_id
        `k` per year; `k_lo`, `k_hi` (95 %, from sigma alone); `x`; `n_docs` with a percentile;
        `n_missing` without. `k` is missing for a unit without any.

    Raises
    ------
    TableError
        If a column is missing.

    Notes
    -----
    Experimental, for three reasons. The coefficients are from this project's design, and other
    accounts of the same paper give others: 6.16 and -5.02 for the centrality of cited patents, 6.22
    and -4.97 for a patent's own centrality three years on. The published rates of 30 technologies
    have not been reproduced here, for lack of their patents. The percentile depends on the network
    that it is taken in; the line was fitted on all US utility patents, and in a corpus of one field
    K has no meaning. Rates of technologies with few patents, or patents of the last years only, are
    unsafe. US 12,099,572 B2 claims a way of computing such rates over pairs of US and
    international classes; look at it before putting them to use.

    References
    ----------
    Triulzi, Alstott & Magee (2020), doi:10.1016/j.techfore.2020.120100. Triulzi & Magee (2020),
    doi:10.1016/j.dib.2020.106257 (data). Singh, Triulzi & Magee (2021),
    doi:10.1016/j.respol.2021.104294.
    """
    check_columns(centrality, ("doc_id", "percentile"), "centrality")
    check_columns(units, ("topic_id", "doc_id"), "units")
    rows = units[["topic_id", "doc_id"]].drop_duplicates()
    joined = rows.merge(centrality[["doc_id", "percentile"]], on="doc_id", how="left")
    grouped = joined.groupby("topic_id")["percentile"]
    x, n_docs = grouped.mean(), grouped.count()
    log_k = slope * x + intercept + sigma**2 / 2
    return pd.DataFrame(
        {
            "k": np.exp(log_k),
            "k_lo": np.exp(log_k - sigma**2 / 2 - NORMAL * sigma),
            "k_hi": np.exp(log_k - sigma**2 / 2 + NORMAL * sigma),
            "x": x,
            "n_docs": n_docs,
            "n_missing": grouped.size() - n_docs,
        }
    ).sort_index()
