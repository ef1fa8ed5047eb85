"""Disruption: whether later documents cite a document instead of what it built on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Literal

import joblib
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.errors import SettingsError
from foresight.indicators.compiled import compiled
from foresight.indicators.graph import CitationGraph
from foresight.indicators.windows import STATUSES, as_status, check_window, status, window_ends

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]
Rule = Literal["missing", "published"]

MIN_SHARED = 5  # references that a citing document must share to count in DI5
PER_CHUNK = 50_000  # nodes: below, threads cost more than they save
CHUNKS_PER_THREAD = 8  # late nodes have more work than early ones


def disruption(
    graph: CitationGraph,
    *,
    window: float | None = 5.0,
    until: float | None = None,
    without_references: Rule = "missing",
    threads: int | None = None,
) -> pd.DataFrame:
    """Measure how far each document displaced what it cites: CD, mCD and DI5.

    Of the documents later than the focal one, by at most the window: n_i cite it and none of
    its references, n_j cite it and at least one of them, n_k cite at least one of them and not
    it. Then

        CD  = (n_i - n_j) / (n_i + n_j + n_k)
        mCD = CD x n_citing
        DI5 = (n_i - n_j5) / (n_i + n_j5 + n_k)

    with n_j5 the citing documents that share at least 5 of its references, and n_citing all
    that cite it up to the window's end, those dated no later than itself included, as the
    authors' own program counts.

    Parameters
    ----------
    graph : CitationGraph
    window : float or None, default 5, unit of `graph.times`
        A citing document counts when it is strictly later and at most this much later. Five
        years is what the authors report. None: all later documents.
    until : float, optional, unit of `graph.times`
        Last time on record. Nodes after it, and undated ones, take no part; a node whose window
        is not over by then is not yet known: `open`, with the counts so far.
    without_references : {"missing", "published"}, default "missing"
        A node without a reference inside the graph has n_j = n_k = 0 whoever cites it, so that
        CD is 1 by construction. `missing` leaves it out, `published` keeps the 1.
    threads : int, optional
        Default: the cores at hand. Changes nothing but the time.

    Returns
    -------
    DataFrame of shape (n_nodes, 11), index `graph.ids` named doc_id
        `cd`, `di5` (-1 to 1), `mcd` (citations), NaN unless measured; `n_i`, `n_j`, `n_j5`,
        `n_k`, `n_citing` (missing for undated nodes); `n_references` (stated),
        `n_references_inside` (in the graph, by `until`); `status`: `measured`, `not_cited` (no
        later document cites it or its references), `no_references`, `open`, `undated`.

    Raises
    ------
    SettingsError
        If an argument is out of its range.

    Notes
    -----
    Falls as reference lists grow longer and as citations grow denser (Petersen et al. 2023): do
    not compare across years or fields without normalising. References outside the graph hide
    n_j and n_k and push CD up: compare `n_references_inside` with `n_references`. Few citing
    documents give extreme values: read with the counts. The rule for nodes whose references all
    lie outside goes one step beyond Holst et al., who treat those with none on record.

    References
    ----------
    Funk & Owen-Smith (2017), doi:10.1287/mnsc.2015.2366 (CD, mCD); Bornmann et al. (2020),
    doi:10.1162/qss_a_00068, and Bu, Waltman & Huang (2021), doi:10.1162/qss_a_00109 (DI5);
    Holst et al. (2024), arXiv:2402.14583 (no references); Petersen, Arroyave & Pammolli (2023),
    arXiv:2306.01949 (bias).
    """
    check_window(window, until)
    if without_references not in ("missing", "published"):
        msg = (
            f"`without_references` is `missing` or `published`, got {without_references!r}: "
            "choose what becomes of nodes without references."
        )
        raise SettingsError(msg)
    counts = _counts(graph, window=window, until=until, threads=threads)
    return _frame(graph, counts, window=window, until=until, rule=without_references)


def _frame(
    graph: CitationGraph,
    counts: NDArray[np.int32],
    *,
    window: float | None,
    until: float | None,
    rule: Rule,
) -> pd.DataFrame:
    n_i, n_j, n_j5, n_b, n_citing, inside = counts
    n_k = n_b - n_j  # who cites a reference and the focal document is in n_j
    base, base5 = n_i + n_j + n_k, n_i + n_j5 + n_k
    codes = status(graph, window=window, until=until, dated=True)
    known = codes == 0
    codes[known & (base == 0)] = STATUSES.index("not_cited")
    if rule == "missing":
        codes[known & (inside == 0)] = STATUSES.index("no_references")
    measured = codes == 0
    undated = codes == STATUSES.index("undated")
    cd = _ratio(n_i - n_j, np.where(measured, base, 0))
    columns: dict[str, object] = {
        "cd": cd,
        "mcd": cd * n_citing,
        "di5": _ratio(n_i - n_j5, np.where(measured, base5, 0)),
    }
    for name, values in zip(
        ("n_i", "n_j", "n_j5", "n_k", "n_citing"), (n_i, n_j, n_j5, n_k, n_citing), strict=True
    ):
        columns[name] = pd.arrays.IntegerArray(values, undated)
    columns |= {
        "n_references": graph.n_references,
        "n_references_inside": inside,
        "status": as_status(codes),
    }
    return pd.DataFrame(columns, index=graph.ids.rename("doc_id"))


def _ratio(over: Numbers, under: Numbers) -> NDArray[np.float64]:
    made = np.full(len(over), np.nan)
    np.divide(over, under, out=made, where=under > 0)
    return made


def _counts(
    graph: CitationGraph, *, window: float | None, until: float | None, threads: int | None
) -> NDArray[np.int32]:
    """Rows n_i, n_j, n_j5, distinct later citers of the references, n_citing, references inside.

    Nodes are renumbered in the order of their times: a window is then a range of numbers, and a
    sorted list of citing documents is read from one place to another.
    """
    order = np.argsort(graph.times, kind="stable")  # undated nodes last
    dated = int(np.isfinite(graph.times).sum())
    times = graph.times[order][:dated]
    lists = _renumbered(graph, order)
    ends = window_ends(times, window=window, until=until)
    after = np.searchsorted(times, times, side="right")
    end = np.maximum(np.searchsorted(times, ends, side="right"), after)
    known = graph.n_nodes if until is None else int(np.searchsorted(times, until, side="right"))
    counts = np.zeros((6, graph.n_nodes), dtype=np.int32)

    def work(first: int, last: int) -> None:
        _count_citing(*lists, after, end, known, first, last, MIN_SHARED, counts)
        _count_reference_citing(*lists, after, end, known, first, last, counts)

    _share_out(work, lists[2], lists[0], dated, threads=threads)
    back = np.empty_like(counts)
    back[:, order] = counts
    return back


def _renumbered(graph: CitationGraph, order: Ints) -> tuple[Ints, Numbers, Ints, Numbers]:
    """Lists of cited and of citing nodes (starts, entries) after renumbering; both rising."""
    number = np.empty(graph.n_nodes, dtype=np.int32)
    number[order] = np.arange(graph.n_nodes, dtype=np.int32)
    starts = [
        np.concatenate([[0], np.cumsum(degree[order])]).astype(np.int64)
        for degree in (graph.out_degree, graph.in_degree)
    ]
    cited = np.empty_like(graph.cited)
    citing = np.empty_like(graph.citing)
    _fill(graph.citing_start, graph.citing, order, number, starts[0], cited)
    _fill(graph.cited_start, graph.cited, order, number, starts[1], citing)
    return starts[0], cited, starts[1], citing


def _share_out(
    work: Callable[[int, int], None],
    citing_start: Ints,
    cited_start: Ints,
    dated: int,
    *,
    threads: int | None,
) -> None:
    """Run `work(first, last)` over the dated nodes in pieces of about equal numbers of arcs."""
    threads = threads or joblib.cpu_count()
    pieces = min(threads * CHUNKS_PER_THREAD, 1 + dated // PER_CHUNK)
    load = citing_start[: dated + 1] + cited_start[: dated + 1]
    cuts = np.searchsorted(load, np.linspace(0, load[-1], pieces + 1)[1:-1])
    bounds = [0, *map(int, cuts), dated]
    if pieces == 1 or threads == 1:
        for first, last in pairwise(bounds):
            work(first, last)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, bounds[:-1], bounds[1:]))


@compiled
def _fill(
    start: Ints, entries: Numbers, order: Ints, number: Numbers, to_start: Ints, to: Numbers
) -> None:
    """Turn lists around: node i, in the order given, joins the list of each of its entries."""
    place = to_start.copy()
    for new in range(len(order)):
        old = order[new]
        for at in range(start[old], start[old + 1]):
            target = number[entries[at]]
            to[place[target]] = new
            place[target] += 1


@compiled
def _count_citing(
    cited_start: Ints,
    cited: Numbers,
    citing_start: Ints,
    citing: Numbers,
    after: Ints,
    end: Ints,
    known: int,
    first: int,
    last: int,
    shared: int,
    counts: NDArray[np.int32],
) -> None:
    """Citing documents by how many references they share with each node first … last-1."""
    mark = np.full(len(cited_start) - 1, -1, dtype=np.int32)
    for node in range(first, last):
        inside = 0
        for at in range(cited_start[node], cited_start[node + 1]):
            if cited[at] < known:
                mark[cited[at]] = node
                inside += 1
        counts[5, node] = inside
        citers = citing[citing_start[node] : citing_start[node + 1]]
        stop = np.searchsorted(citers, end[node])
        counts[4, node] = stop
        for place in range(np.searchsorted(citers, after[node]), stop):
            citer = citers[place]
            common = 0
            for at in range(cited_start[citer], cited_start[citer + 1]):
                if mark[cited[at]] == node:
                    common += 1
            counts[0 if common == 0 else 1, node] += 1
            if common >= shared:
                counts[2, node] += 1


@compiled
def _count_reference_citing(
    cited_start: Ints,
    cited: Numbers,
    citing_start: Ints,
    citing: Numbers,
    after: Ints,
    end: Ints,
    known: int,
    first: int,
    last: int,
    counts: NDArray[np.int32],
) -> None:
    """Distinct documents of the window that cite a reference of each node first … last-1."""
    seen = np.full(len(cited_start) - 1, -1, dtype=np.int32)
    for node in range(first, last):
        distinct = 0
        for at in range(cited_start[node], cited_start[node + 1]):
            reference = cited[at]
            if reference >= known:
                continue
            citers = citing[citing_start[reference] : citing_start[reference + 1]]
            for place in range(np.searchsorted(citers, after[node]), len(citers)):
                citer = citers[place]
                if citer >= end[node]:
                    break
                if seen[citer] != node:
                    seen[citer] = node
                    distinct += 1
        counts[3, node] = distinct
