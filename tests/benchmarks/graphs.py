"""Generated citation graphs, large ones in seconds."""

import numpy as np

YEARS = 47.0  # span of the times, as US patents from 1976
GROWTH = 0.04  # per year: later years have more documents
LAG = 6.0  # years, mean age of what a document turns to
SURPLUS = 1.1  # arcs drawn per arc wanted: some are drawn twice
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
    times = np.log1p((np.arange(n_nodes) + 0.5) / n_nodes * np.expm1(GROWTH * YEARS)) / GROWTH
    found, wanted = np.zeros(0, dtype=np.int64), SURPLUS * n_arcs
    while len(found) < n_arcs:
        found = _distinct_arcs(times, wanted, rng)
        wanted *= SURPLUS
    surplus = rng.choice(len(found), len(found) - n_arcs, replace=False)
    found = np.delete(found, surplus)
    return times, found // n_nodes, found % n_nodes


def _distinct_arcs(times, wanted, rng):
    n = len(times)
    degree = rng.geometric(n / (wanted + n), size=n) - 1
    degree[0] = 0
    start = np.concatenate([[0], np.cumsum(degree)])
    citing = np.repeat(np.arange(n), degree)
    model = np.repeat(_earlier(times, np.arange(n), rng), degree)
    cited = _earlier(times, citing, rng)
    leader = start[:-1][degree > 0]
    cited[leader] = model[leader]
    draw = rng.random(len(citing))
    copies = draw < COPIED + PREFERENTIAL
    copies[leader] = False
    copies = np.flatnonzero(copies)
    source = np.where(draw[copies] < COPIED, model[copies], _earlier(times, citing[copies], rng))
    full = degree[source] > 0
    copies, source = copies[full], source[full]
    parent = np.arange(len(citing))
    parent[copies] = start[source] + (rng.random(len(source)) * degree[source]).astype(np.int64)
    while len(copies):  # pointers to pointers: chains halve
        further = parent[parent[copies]]
        moved = further != parent[copies]
        copies = copies[moved]
        parent[copies] = further[moved]
    arcs = np.sort(citing * n + cited[parent])
    return arcs[np.concatenate([[True], arcs[1:] != arcs[:-1]])]  # np.unique: minutes


def _earlier(times, nodes, rng):
    """For each node one that is earlier, at an exponential distance in time."""
    n, span = len(times), np.expm1(GROWTH * YEARS)
    ages = rng.exponential(LAG, size=len(nodes))
    late = times[nodes]
    ages = np.where(ages < late, ages, rng.random(len(nodes)) * late)
    found = (np.expm1(GROWTH * (late - ages)) / span * n).astype(np.int64)  # undoes the times
    return np.minimum(found, np.maximum(nodes - 1, 0))
