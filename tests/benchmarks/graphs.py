"""Generated citation graphs, large ones in seconds."""

import numpy as np

YEARS = 47.0  # span of the times, as US patents from 1976
GROWTH = 0.04  # per year: later years have more documents
LAG = 6.0  # years, mean age of what a document turns to
COPIED, PREFERENTIAL = 0.35, 0.35  # shares of references copied from one source, or from any


def citation_like(n_nodes, n_arcs, seed):
    """A graph that looks like one of citations: `(times, citing, cited)`, distinct arcs.

    Nodes are numbered in the order of their times (years, all different). Numbers of references
    are geometric. Each node has a model, an earlier node at an exponential distance in time
    (ageing). Its first reference is the model; a later one repeats a reference of the model
    (triangles), or the reference of any earlier node at such a distance, which is preferential
    attachment without a table of degrees (Kumar et al. 2000, doi:10.1109/SFCS.2000.892065), or
    is a node at such a distance. Copies point to earlier arcs, so all are resolved at once by
    doubling. Repeated arcs are dropped; the number of arcs is met by drawing a few more and
    leaving surplus ones out at random.
    """
    rng = np.random.default_rng(seed)
    times = np.sort(np.log1p(rng.random(n_nodes) * np.expm1(GROWTH * YEARS)) / GROWTH)
    wanted = 1.02 * n_arcs
    found = np.zeros(0, dtype=np.int64)
    while len(found) < n_arcs:
        found = _distinct_arcs(times, wanted, rng)
        wanted *= 1.01 * n_arcs / max(len(found), 1)
    keep = rng.permutation(len(found))[:n_arcs]
    found = np.sort(found[keep])
    return times, found // n_nodes, found % n_nodes


def _distinct_arcs(times, wanted, rng):
    n = len(times)
    degree = rng.geometric(n / (wanted + n), size=n) - 1
    degree[0] = 0
    start = np.concatenate([[0], np.cumsum(degree)])
    citing = np.repeat(np.arange(n), degree)
    model = _earlier(times, np.arange(n), rng)[citing]
    cited = _earlier(times, citing, rng)
    leader = np.arange(len(citing)) == start[citing]
    cited[leader] = model[leader]
    draw = rng.random(len(citing))
    source = np.where(draw < COPIED, model, _earlier(times, citing, rng))
    copies = ~leader & (draw < COPIED + PREFERENTIAL) & (degree[source] > 0)
    parent = np.arange(len(citing))
    pick = start[source] + (rng.random(len(citing)) * degree[source]).astype(np.int64)
    parent[copies] = pick[copies]
    while True:
        further = parent[parent]
        if np.array_equal(further, parent):
            break
        parent = further
    return np.unique(citing * n + cited[parent])


def _earlier(times, nodes, rng):
    """For each node one that is earlier, at an exponential distance in time."""
    ages = rng.exponential(LAG, size=len(nodes))
    room = times[nodes] - times[0]
    ages = np.where(ages < room, ages, rng.random(len(nodes)) * room)
    found = np.searchsorted(times, times[nodes] - ages)
    return np.minimum(found, np.maximum(nodes - 1, 0))
