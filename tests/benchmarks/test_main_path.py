"""Search paths through the citations of a patent office, beside peers' topological order.

The size is that of the US citation network of Batagelj (2003): 3.8 million patents and 16.8 million
citations. No peer counts search paths; igraph gives an order of the same graph, the first part of
the work, rustworkx an order of a hundredth of it, and networkx counts there in whole numbers.
"""

import resource
import time
from math import log

import numpy as np
import pytest
from benchmarks.graphs import citation_like

from foresight.indicators import path_kernels
from foresight.indicators.graph import from_arrays
from foresight.indicators.main_path import main_path
from foresight.indicators.traversal import traversal

NODES, ARCS = 3_800_000, 16_800_000
SUBSET = 100  # times fewer, for networkx

SEARCHES = ("local", "global", "key-global")


def measured(work, *arguments, **options):
    """Seconds by the clock and of the processor, and what the call gave."""
    wall, used = time.perf_counter(), time.process_time()
    result = work(*arguments, **options)
    return time.perf_counter() - wall, time.process_time() - used, result


def gigabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def line(name, seconds, used):
    return f"{name}: {seconds:.2f} s, {used:.2f} s of processor"


def test_search_path_count(report):
    rng_graph = citation_like(NODES, ARCS, 0)
    graph = from_arrays(*rng_graph)
    del rng_graph
    small = from_arrays(*citation_like(2000, 8000, 0))
    for search in SEARCHES:
        main_path(traversal(small), search=search)  # compiles
    before = gigabytes()
    everywhere = np.ones(graph.n_nodes, dtype=bool)
    order_seconds, order_used, _ = measured(
        path_kernels.peel, graph.out_degree, graph.citing_start, graph.citing, everywhere
    )
    seconds, used, found = measured(traversal, graph)
    lines = [
        (
            f"{graph.n_nodes:,} documents, {graph.n_arcs:,} citations, "
            f"10^{found.log_total() / log(10):.1f} paths, {len(found.removed)} citations taken out"
        ),
        line("order in time alone", order_seconds, order_used),
        line("order and search path counts", seconds, used),
    ]
    wall, cpu, _ = measured(found.arc_logs)
    lines.append(line("weights of all citations", wall, cpu))
    for search in SEARCHES:
        wall, cpu, path = measured(main_path, found, search=search)
        lines.append(line(f"{search} path of {len(path.nodes)}", wall, cpu))
    lines.append(f"memory: {before:.2f} GB with the graph, {gigabytes():.2f} GB at the most")
    lines += peer_orders(graph, order_seconds)
    report(*lines)


def peer_orders(graph, ours):
    """Topological order by igraph, where it is at hand."""
    citing, cited = graph.arcs()
    pairs = np.column_stack([cited, citing])
    lines = []
    igraph = pytest.importorskip("igraph")
    peer = igraph.Graph(n=graph.n_nodes, edges=pairs, directed=True)
    wall, cpu, _ = measured(peer.topological_sorting)
    lines.append(line("igraph topological_sorting", wall, cpu) + f", ratio {wall / ours:.1f}")
    del peer
    return lines


def whole_numbers(peer, networkx):
    """Search path counts in whole numbers of any size."""
    order = list(networkx.topological_sort(peer))
    before, after = {}, {}
    for v in order:
        before[v] = sum(before[u] for u in peer.pred[v]) or 1
    for v in reversed(order):
        after[v] = sum(after[w] for w in peer.succ[v]) or 1
    return {(u, v): before[u] * after[v] for u, v in peer.edges}


def rustworkx_order(graph, pairs):
    rustworkx = pytest.importorskip("rustworkx")
    peer = rustworkx.PyDiGraph(multigraph=False)
    peer.add_nodes_from(range(graph.n_nodes))
    peer.add_edges_from_no_data(pairs)
    everywhere = np.ones(graph.n_nodes, dtype=bool)
    ours, used, _ = measured(
        path_kernels.peel, graph.out_degree, graph.citing_start, graph.citing, everywhere
    )
    wall, cpu, _ = measured(rustworkx.topological_sort, peer)
    return [
        line("order in time alone", ours, used),
        line("rustworkx topological_sort", wall, cpu) + f", ratio {wall / ours:.1f}",
    ]


def test_against_networkx_on_a_hundredth(report):
    networkx = pytest.importorskip("networkx")
    graph = from_arrays(*citation_like(NODES // SUBSET, ARCS // SUBSET, 1))
    traversal(graph)
    seconds, used, found = measured(lambda: traversal(graph).arc_logs())
    citing, cited = graph.arcs()
    pairs = list(zip(cited.tolist(), citing.tolist(), strict=True))
    lines = rustworkx_order(graph, pairs)
    peer = networkx.DiGraph(pairs)
    wall, cpu, counted = measured(whole_numbers, peer, networkx)
    assert np.abs(found - [log(counted[pair]) for pair in pairs]).max() < 1e-9
    report(
        f"{graph.n_nodes:,} documents, {graph.n_arcs:,} citations; logarithms agree to 1e-9",
        line("ours", seconds, used),
        line("networkx, whole numbers", wall, cpu),
        f"ratio {wall / seconds:,.0f}",
        *lines,
    )
