"""Main paths: the citations through which most of the knowledge of a field ran."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.errors import TableError
from foresight.indicators import path_kernels
from foresight.indicators.traversal import Traversal, counts

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Nodes = NDArray[np.int32]
Search = Literal["local", "global", "key-local", "key-global"]

KEY_ARCS = 10  # citations that a key-route search starts from: a picture of a page
TIE = 1e-9  # of the greater weight or sum; below this two count as equal


@dataclass(frozen=True)
class MainPath:
    """A main path as two tables.

    Attributes
    ----------
    nodes : DataFrame, one row per document, sorted by time, then step, then doc_id
        `search`; `path` (number of the connected part, 1 the one with the heaviest citation);
        `doc_id`; `time`; `step` (most citations of the path that lead to it from a document where
        the path begins); `log_weight` (natural logarithm of the search paths through the document);
        `role`: `source`, `sink` or `inner` in the whole graph.
    arcs : DataFrame, one row per citation, heaviest first, then by ids
        `search`, `path`, `citing_id`, `cited_id`; `weight` (missing where too great for a number),
        `log_weight`, `share` (weight over all search paths of the graph, 0 to 1); `key`: whether
        a key-route search started from it.
    log_total : float
        Natural logarithm of the number of search paths of the whole graph; -inf for none.
    """

    nodes: pd.DataFrame
    arcs: pd.DataFrame
    log_total: float


def main_path(
    weights: Traversal, *, search: Search = "key-global", key_arcs: int = KEY_ARCS
) -> MainPath:
    """Find the main path of a citation graph.

    - `local`: from the source or sources with the heaviest citation, always on along the heaviest,
      up to a sink (Hummon & Doreian's priority first search, forward).
    - `global`: the path from a source to a sink with the greatest sum of weights.
    - `key-local`, `key-global`: from each of the `key_arcs` heaviest citations, back to a source
      and on to a sink, by one rule or the other; the union of all (Liu & Lu). The heaviest
      citations are on it by construction; a local or global path can miss them.

    Weights and sums that differ by less than one part in 10^9 count as equal, and all that tie are
    followed: a path may fork, and a key-route search may start from more than `key_arcs` citations.

    Parameters
    ----------
    weights : Traversal
    search : {"local", "global", "key-local", "key-global"}, default "key-global"
    key_arcs : int, default 10
        At least 1; read by the key-route searches only.

    Returns
    -------
    MainPath
        Empty tables for a graph without arcs. Isolated documents are never on a path.

    Raises
    ------
    TableError
        If `search` is none of the four, or `key_arcs` is below 1.

    Notes
    -----
    Finding the ends of a path is uncertain: young documents had no time to be cited, and weights
    near sources and sinks are small. One path hides parallel lines of work; raise `key_arcs` to see
    them.

    References
    ----------
    Hummon & Doreian (1989), doi:10.1016/0378-8733(89)90017-8. Liu & Lu (2012),
    doi:10.1002/asi.21692. Liu, Lu & Ho (2019), doi:10.1007/s11192-019-03034-x.
    """
    if search not in get_args(Search):
        msg = f"Search {search!r} is not known. Choose from: {', '.join(get_args(Search))}."
        raise TableError(msg)
    if key_arcs < 1:
        msg = f"A key-route search starts from at least 1 citation, got {key_arcs}."
        raise TableError(msg)
    graph = weights.graph
    if graph.n_arcs == 0:
        return _tables(weights, {}, search=search)
    best = _best(weights) if search.endswith("global") else None
    forward, backward = _greedy(weights) if best is None else _sums(weights, best)
    if search == "local":
        seeds = _heaviest(weights, 1, among=graph.out_degree[graph.cited] == 0)
    elif search == "global" and best is not None:
        seeds = _summits(weights, best, forward, backward)
    else:
        seeds = _heaviest(weights, key_arcs)
    on = _follow(seeds[0], graph.citing_start, graph.citing, forward)
    back = _follow(seeds[1], graph.cited_start, graph.cited, backward)
    found = {(citing, cited): False for cited, citing in on} | dict.fromkeys(back, False)
    found |= dict.fromkeys(zip(*seeds, strict=True), search.startswith("key"))
    return _tables(weights, found, search=search)


Seeds = tuple[list[int], list[int]]
Score = Callable[[int, Nodes], Floats]
Sums = tuple[Floats, Floats]


def _heaviest(weights: Traversal, many: int, *, among: NDArray[np.bool_] | None = None) -> Seeds:
    """Citing and cited ends of the heaviest arcs, with all that tie with the last of them."""
    logs = weights.arc_logs()
    if among is not None:
        logs[~among] = -np.inf
    many = min(many, len(logs))
    least = np.partition(logs, len(logs) - many)[len(logs) - many]
    return _ends(weights, np.flatnonzero((logs >= least - TIE) & np.isfinite(logs)))


def _ends(weights: Traversal, places: Ints) -> Seeds:
    graph = weights.graph
    citing = np.searchsorted(graph.cited_start, places, side="right") - 1
    return citing.tolist(), graph.cited[places].tolist()


def _greedy(weights: Traversal) -> tuple[Score, Score]:
    """Weight of the next arc: all arcs on from a document share the document's own term."""
    return (lambda _, others: weights.after[others]), (lambda _, others: weights.before[others])


def _best(weights: Traversal) -> Sums:
    """Greatest sums of weights on paths to, and on paths from, each document."""
    graph, order = weights.graph, weights.order
    to = path_kernels.best_sums(
        order, graph.cited_start, graph.cited, weights.before, weights.after
    )
    on = path_kernels.best_sums(
        order[::-1], graph.citing_start, graph.citing, weights.after, weights.before
    )
    return to, on


def _sums(weights: Traversal, best: Sums) -> tuple[Score, Score]:
    """Greatest sum of weights of a path on from, or back from, a document through a next one."""
    to, on = best

    def forward(v: int, others: Nodes) -> Floats:
        return np.asarray(np.logaddexp(weights.before[v] + weights.after[others], on[others]))

    def backward(v: int, others: Nodes) -> Floats:
        return np.asarray(np.logaddexp(weights.before[others] + weights.after[v], to[others]))

    return forward, backward


def _summits(weights: Traversal, best: Sums, forward: Score, backward: Score) -> Seeds:
    """The arcs that are the heaviest of some path of greatest sum.

    The ends of a path weigh little, too little to be told apart in the sum of all; from the
    heaviest arc outwards sums are compared with others of their own size. Every path of greatest
    sum has such an arc, also one that avoids the heaviest of all.
    """
    graph = weights.graph
    to, on = best
    citing, cited = graph.arcs()
    logs = weights.arc_logs()
    whole = np.logaddexp(np.logaddexp(to[cited], logs), on[citing])
    places = np.flatnonzero((whole >= whole.max() - TIE) & np.isfinite(logs))
    starts, ends = cited[places].tolist(), citing[places].tolist()
    before = _lowest_peaks(starts, graph.cited_start, graph.cited, backward, weights, up=False)
    after = _lowest_peaks(ends, graph.citing_start, graph.citing, forward, weights, up=True)
    peaks = np.array([max(before[a], after[b]) for a, b in zip(starts, ends, strict=True)])
    return _ends(weights, places[logs[places] >= peaks - TIE])


def _lowest_peaks(
    seeds: list[int], start: Ints, other: Nodes, score: Score, weights: Traversal, *, up: bool
) -> dict[int, float]:
    """Weight of the heaviest arc on a best path from each document, least over those that tie."""
    links: dict[int, list[int]] = {v: [] for v in seeds}
    for v, w in _follow(seeds, start, other, score):
        links.setdefault(v, []).append(w)
        links.setdefault(w, [])
    place = {v: i for i, v in enumerate(weights.order.tolist()) if v in links}
    peaks: dict[int, float] = {}
    for v in sorted(links, key=lambda node: place[node], reverse=up):
        arcs = [
            max(float(weights.before[v if up else w] + weights.after[w if up else v]), peaks[w])
            for w in links[v]
        ]
        peaks[v] = min(arcs, default=-np.inf)
    return peaks


def _follow(seeds: Iterable[int], start: Ints, other: Nodes, score: Score) -> list[tuple[int, int]]:
    """Arcs from document to best next document, all ties, until none is left."""
    waiting, seen, arcs = list(dict.fromkeys(seeds)), set(seeds), []
    while waiting:
        v = waiting.pop()
        others = other[start[v] : start[v + 1]]
        if len(others) == 0:
            continue
        scores = score(v, others)
        for w in others[scores >= scores.max() - TIE].tolist():
            arcs.append((v, w))
            if w not in seen:
                seen.add(w)
                waiting.append(w)
    return arcs


def _tables(weights: Traversal, found: dict[tuple[int, int], bool], *, search: Search) -> MainPath:
    graph, total = weights.graph, weights.log_total()
    citing = np.array([pair[0] for pair in found], dtype=np.int64)
    cited = np.array([pair[1] for pair in found], dtype=np.int64)
    logs = weights.before[cited] + weights.after[citing]
    arcs = pd.DataFrame(
        {
            "search": pd.array([search] * len(found), dtype="str"),
            "path": 0,
            "citing_id": graph.ids[citing],
            "cited_id": graph.ids[cited],
            "weight": counts(logs),
            "log_weight": logs,
            "share": np.minimum(np.exp(logs - total), 1.0) if len(logs) else logs,
            "key": np.array(list(found.values()), dtype=bool),
        }
    )
    members = np.unique(np.concatenate([citing, cited]))
    ends = (np.searchsorted(members, citing), np.searchsorted(members, cited))
    part = _parts(len(members), ends, logs)
    arcs["path"] = part[ends[0]]
    role = np.full(len(members), "inner", dtype=object)
    role[graph.out_degree[members] == 0] = "source"
    role[graph.in_degree[members] == 0] = "sink"
    nodes = pd.DataFrame(
        {
            "search": pd.array([search] * len(members), dtype="str"),
            "path": part,
            "doc_id": graph.ids[members],
            "time": graph.times[members],
            "step": _steps(len(members), ends),
            "log_weight": weights.node_logs()[members],
            "role": pd.array(role, dtype="str"),
        }
    )
    # Weights that tie must not be ordered by the last digit of a logarithm.
    rank = np.round(arcs["log_weight"], 9)
    place = np.lexsort((ends[1], ends[0], -rank))
    return MainPath(
        nodes=nodes.sort_values(["time", "step"], kind="stable", ignore_index=True),
        arcs=arcs.iloc[place].reset_index(drop=True),
        log_total=total,
    )


def _parts(n: int, ends: tuple[Ints, Ints], logs: Floats) -> Ints:
    """Number of the connected part of each document, the part with the heaviest arc first."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    if n == 0:
        return np.zeros(0, dtype=np.int64)
    matrix = csr_array((np.ones(len(logs), dtype=bool), ends), shape=(n, n))
    _, found = connected_components(matrix, directed=False)
    top = np.full(found.max() + 1, -np.inf)
    np.maximum.at(top, found[ends[0]], np.round(logs, 9))
    # Parts are found in the order of their first document, which decides between equals.
    rank = np.empty(len(top), dtype=np.int64)
    rank[np.argsort(-top, kind="stable")] = np.arange(1, len(top) + 1)
    return np.asarray(rank[found])


def _steps(n: int, ends: tuple[Ints, Ints]) -> Ints:
    """Most arcs on a way to each document from one where the path begins."""
    steps = np.zeros(n, dtype=np.int64)
    while True:
        further = steps.copy()
        np.maximum.at(further, ends[0], steps[ends[1]] + 1)
        if np.array_equal(further, steps):
            return steps
        steps = further
