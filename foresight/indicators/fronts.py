"""Research fronts: sets of highly cited documents that are cited together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from foresight.errors import SettingsError
from foresight.indicators.graph import CitationGraph
from foresight.intervals import poisson

Ints = NDArray[np.int64]

STEP = 0.05  # by which the threshold rises inside a front that is too large
NAMES = (
    "n_core",
    "n_citing",
    "n_years",
    "intensity",
    "intensity_lo",
    "intensity_hi",
    "mean_core_time",
    "threshold",
    "n_links",
)


@dataclass(frozen=True)
class Fronts:
    """Research fronts and their core documents.

    Attributes
    ----------
    fronts : DataFrame, index front_id (0 … by falling n_core, then n_citing, then first document)
        `n_core` (core documents), `n_citing` (documents of the period that cite one of them),
        `n_years` (from the first to the last of these, both counted), `intensity` with
        `intensity_lo`, `intensity_hi` (citing documents per core document and year),
        `mean_core_time` (unit of the graph's times), `threshold` (of similarity, reached where
        the front was split off), `n_links` (pairs of core documents at or above it).
    core : DataFrame
        `front_id`, `doc_id`, `n_citations` (in the period), sorted by front and document.
    n_candidates : int
        Documents with enough citations to be core, in a front or not.
    """

    fronts: pd.DataFrame
    core: pd.DataFrame
    n_candidates: int


def research_fronts(
    graph: CitationGraph,
    *,
    until: float,
    years: int = 5,
    min_citations: int = 5,
    min_similarity: float = 0.3,
    max_core: int = 50,
) -> Fronts:
    """Find research fronts by co-citation, and how intensely each is worked on.

    Core candidates have at least `min_citations` citations from the documents of the period.
    The similarity of two is cosine = (documents that cite both) / sqrt(c_i c_j), c the citations
    of each. Links are similarities of at least `min_similarity`; a front is a connected set of
    at least two core documents (single linkage). Inside a set of more than `max_core` the
    threshold rises by 0.05 until its parts are small enough, or no higher threshold is left
    (Small & Sweeney's variable level). Then

        intensity = citing documents / (core documents x years)

    Parameters
    ----------
    graph : CitationGraph
        Times in years.
    until : float
        End of the period, included. Later and undated documents take no part.
    years : int, default 5
        Length of the period: citing documents with until - years < time <= until.
    min_citations : int, default 5
        A candidate cited less has no firm similarity: one citation more moves it by a fifth.
    min_similarity : float, default 0.3, above 0 to 1
        Below, one survey that cites both joins two fronts; the choice is ours.
    max_core : int, default 50
        Largest front before the threshold rises; the choice is ours.

    Returns
    -------
    Fronts

    Raises
    ------
    SettingsError
        If an argument is out of its range.

    Notes
    -----
    Finds what is already much cited, a year or two late. Single linkage chains fronts through
    surveys. The thresholds decide how many fronts there are: change them before believing one.
    The interval is that of a Poisson count with the years taken as given.

    References
    ----------
    Small (1973), doi:10.1002/asi.4630240406; Small & Sweeney (1985), doi:10.1007/BF02017157;
    Small (2006), doi:10.1007/s11192-006-0132-y; Shibata et al. (2008),
    doi:10.1016/j.technovation.2008.03.009.
    """
    if years < 1 or min_citations < 1 or not 0 < min_similarity <= 1 or max_core < 2:
        msg = (
            f"Research fronts need years and min_citations from 1, min_similarity above 0 to 1 and "
            f"max_core from 2, got {years}, {min_citations}, {min_similarity}, {max_core}."
        )
        raise SettingsError(msg)
    public = graph.times <= until
    citing, cited = graph.arcs()
    recent = public & (graph.times > until - years)
    used = recent[citing] & public[cited]
    received = np.bincount(cited[used], minlength=graph.n_nodes)
    candidates = np.flatnonzero(received >= min_citations)
    place = np.full(graph.n_nodes, -1)
    place[candidates] = np.arange(len(candidates))
    used &= place[cited] >= 0
    cites = sparse.csr_array(
        (np.ones(int(used.sum())), (citing[used], place[cited[used]])),
        shape=(graph.n_nodes, max(len(candidates), 1)),
    )
    similar = _similarity(cites, received[candidates], min_similarity)
    found = _fronts(similar, np.arange(len(candidates)), min_similarity, max_core)
    return _tables(graph, cites, similar, candidates, received, found)


def _similarity(cites: sparse.csr_array, received: Ints, min_similarity: float) -> sparse.csr_array:
    """Cosines of co-citation at or above the threshold, without the diagonal."""
    if not len(received):
        return sparse.csr_array((0, 0))
    pairs = sparse.triu(cites.T @ cites, k=1).tocoo()
    first, second = pairs.coords
    # Whole numbers are compared: a cosine that equals the threshold must not hang on rounding.
    cosine = pairs.data / np.sqrt(received[first] * received[second])
    keep = cosine >= min_similarity - 1e-12
    n = len(received)
    upper = sparse.csr_array((cosine[keep], (first[keep], second[keep])), shape=(n, n))
    return (upper + upper.T).tocsr()


def _fronts(
    similar: sparse.csr_array, members: Ints, threshold: float, max_core: int
) -> list[tuple[Ints, float]]:
    """Connected sets among `members` of two or more, split where larger than `max_core`."""
    if len(members) < 2:
        return []
    part = similar[members][:, members].tocoo()
    keep = part.data >= threshold - 1e-12
    links = sparse.csr_array(
        (part.data[keep], (part.coords[0][keep], part.coords[1][keep])), shape=part.shape
    )
    number, labels = connected_components(links, directed=False)
    found: list[tuple[Ints, float]] = []
    order = np.argsort(labels, kind="stable")
    for group in np.split(members[order], np.cumsum(np.bincount(labels, minlength=number))[:-1]):
        if len(group) < 2:
            continue
        if len(group) <= max_core or threshold + STEP > 1.0:
            found.append((group, threshold))
        else:
            found += _fronts(similar, group, round(threshold + STEP, 10), max_core)
    return found


def _tables(
    graph: CitationGraph,
    cites: sparse.csr_array,
    similar: sparse.csr_array,
    candidates: Ints,
    received: Ints,
    found: list[tuple[Ints, float]],
) -> Fronts:
    rows = []
    columns = cites.tocsc()
    for group, threshold in found:
        citers = np.unique(columns[:, group].indices)
        times = graph.times[citers]
        n_years = int(np.floor(times.max()) - np.floor(times.min())) + 1
        among = similar[group][:, group]
        n_links = int((among.data >= threshold - 1e-12).sum()) // 2
        size = len(group) * n_years
        lo, hi = poisson([len(citers)])
        nodes = candidates[group]
        rows.append(
            (
                nodes,
                (
                    len(group),
                    len(citers),
                    n_years,
                    len(citers) / size,
                    lo[0] / size,
                    hi[0] / size,
                    graph.times[nodes].mean(),
                    threshold,
                    n_links,
                ),
            )
        )
    rows.sort(key=lambda row: (-row[1][0], -row[1][1], row[0][0]))
    index = pd.RangeIndex(len(rows), name="front_id")
    fronts = pd.DataFrame([row for _, row in rows], index=index, columns=list(NAMES))
    whole = {name: int for name in NAMES if name.startswith("n_")}
    fronts = fronts.astype({name: whole.get(name, float) for name in NAMES})
    nodes = np.concatenate([np.sort(nodes) for nodes, _ in rows]) if rows else candidates[:0]
    core = pd.DataFrame(
        {
            "front_id": np.repeat(index.to_numpy(), fronts["n_core"]),
            "doc_id": graph.ids[nodes],
            "n_citations": received[nodes],
        }
    )
    return Fronts(fronts, core, len(candidates))
