"""Disruption, PageRank and components of a graph of 3.8 million nodes and 16.8 million arcs.

About the US patent citation graph; generated. Each program works in a process of its
own on the same arrays, so that peaks of memory can be told apart. Seconds exclude reading the
arrays and building the graph, which stands beside them. cdindex is given the earliest nodes, on
which ours is run too, and asked for some of them: building the whole takes it too long. Seconds of
processor time are given too and make the ratios: they do not depend on who else uses the machine.
FORESIGHT_NODES sets the number of nodes.
"""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from benchmarks.graphs import citation_like
from pajek import read_graph

from foresight.indicators.disruption import disruption

NODES = int(os.environ.get("FORESIGHT_NODES", "3800000"))
ARCS = NODES * 168 // 38
NAMES = ("times", "citing", "cited")
PART = 1_000_000  # nodes, the earliest, that cdindex builds
ASKED = 20_000  # nodes of them, spread evenly, that it is asked for

HEAD = """
import json, sys, time
from pathlib import Path
import numpy as np
names = ("times", "citing", "cited")
times, citing, cited = (np.load(f"{sys.argv[1]}/{name}.npy") for name in names)
def gib():
    # ru_maxrss of a child begins at its parent's peak
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 2**20
marks = {"read_gib": gib()}
def timed(name, work, *arguments, **options):
    start, spent = time.perf_counter(), time.process_time()
    made = work(*arguments, **options)
    marks[name] = time.perf_counter() - start
    marks[f"{name}_cpu"] = time.process_time() - spent
    return made
"""
TAIL = """
marks["gib"] = gib()
print(json.dumps(marks))
"""
OURS = """
from foresight.indicators.centrality import pagerank, strong_components, weak_components
from foresight.indicators.disruption import disruption
from foresight.indicators.graph import from_arrays
small = from_arrays(np.arange(3.0), np.array([2, 2, 1]), np.array([1, 0, 0]))
for work in (disruption, pagerank):
    timed("compile", work, small)
graph = timed("build", from_arrays, times, citing, cited)
del citing, cited
"""
DISRUPTION = """
found = timed("disruption", disruption, graph, window=5.0)
marks["gib"] = gib()
marks["measured"] = int((found["status"] == "measured").sum())
"""
RANKS = """
rank = timed("pagerank", pagerank, graph, tolerance=1e-10)
np.save(f"{sys.argv[1]}/ours.npy", rank["pagerank"].to_numpy())
marks["pagerank_gib"] = gib()
weak = timed("weak", weak_components, graph)
strong = timed("strong", strong_components, graph)
marks["components"] = [int(frame["component"].max()) + 1 for frame in (weak, strong)]
"""
IGRAPH = """
import igraph
def build():
    return igraph.Graph(n=len(times), edges=np.column_stack([citing, cited]), directed=True)
graph = timed("build", build)
del citing, cited
rank = timed("pagerank", graph.pagerank, damping=0.85)
np.save(f"{sys.argv[1]}/igraph.npy", np.array(rank))
marks["pagerank_gib"] = gib()
weak = timed("weak", lambda: graph.connected_components(mode="weak").membership)
strong = timed("strong", lambda: graph.connected_components(mode="strong").membership)
marks["components"] = [max(weak) + 1, max(strong) + 1]
"""
RUSTWORKX = """
import rustworkx
def build():
    graph = rustworkx.PyDiGraph(multigraph=False)
    graph.add_nodes_from(range(len(times)))
    graph.extend_from_edge_list(list(zip(citing.tolist(), cited.tolist())))
    return graph
graph = timed("build", build)
del citing, cited
rank = timed("pagerank", rustworkx.pagerank, graph, alpha=0.85, tol=1e-10)
np.save(f"{sys.argv[1]}/rustworkx.npy", np.array([rank[i] for i in range(len(times))]))
marks["pagerank_gib"] = gib()
weak = timed("weak", rustworkx.weakly_connected_components, graph)
strong = timed("strong", rustworkx.strongly_connected_components, graph)
marks["components"] = [len(weak), len(strong)]
"""
CDINDEX = """
import cdindex
days = (times * 365).astype(int)
nodes = range(0, len(times), max(len(times) // int(sys.argv[2]), 1))
def build():
    graph = cdindex.Graph()
    for node, day in enumerate(days.tolist()):
        graph.add_vertex(node, day)
    for tail, head in zip(citing.tolist(), cited.tolist()):
        graph.add_edge(tail, head)
    return graph
peer = timed("build", build)
theirs = timed("theirs", lambda: [peer.cdindex(node, 5 * 365) for node in nodes])
marks["gib"] = gib()
from foresight.indicators.disruption import disruption
from foresight.indicators.graph import from_arrays
graph = from_arrays(days.astype(float), citing, cited)
disruption(from_arrays(np.arange(2.0), np.array([1]), np.array([0])))
for threads in (1, 2):
    found = timed(f"ours_{threads}", disruption, graph, window=5.0 * 365, threads=threads,
                  without_references="published")
values = found["cd"].to_numpy()[list(nodes)]
expected = np.array([np.nan if value is None else value for value in theirs])
assert np.array_equal(values, expected, equal_nan=True)
marks["asked"], marks["nodes"] = len(expected), len(times)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("graph")
    for name, values in zip(NAMES, citation_like(NODES, ARCS, 1), strict=True):
        np.save(made / f"{name}.npy", values)
    return made


def run(code, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", HEAD + code + TAIL, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_disruption(folder, tmp_path, report, cores):
    pytest.importorskip("cdindex", reason="PYTHONPATH lacks the folder of peers")
    whole = run(OURS + DISRUPTION, folder)
    part = min(PART, NODES)
    times, citing, cited = (np.load(folder / f"{name}.npy") for name in NAMES)
    early = citing < part  # arcs run back: both ends are early
    kept = (times[:part], citing[early], cited[early])
    for name, values in zip(NAMES, kept, strict=True):
        np.save(tmp_path / f"{name}.npy", values)
    found = run(CDINDEX, tmp_path, ASKED)
    peer = found["asked"] / found["theirs_cpu"]
    report(
        f"{NODES:,} nodes, {ARCS:,} arcs, CD, mCD and DI5 in 5 years of all nodes, {cores} cores: "
        f"{whole['disruption']:.1f} s ({whole['disruption_cpu']:.1f} s of processor), "
        f"{NODES / whole['disruption']:,.0f} nodes/s, peak {whole['gib']:.2f} GiB "
        f"(arrays read {whole['read_gib']:.2f}); {whole['measured']:,} measured",
        f"graph built in {whole['build']:.1f} s ({whole['build_cpu']:.1f})",
        f"first {part:,} nodes, {early.sum():,} arcs; cdindex, CD of {found['asked']:,} nodes "
        f"(equal to the last bit): {found['theirs']:.1f} s ({found['theirs_cpu']:.1f}), "
        f"{peer:,.0f} nodes per second of processor, after {found['build']:.0f} s of building",
        f"ours there, all nodes, one thread: {found['ours_1']:.2f} s ({found['ours_1_cpu']:.2f}), "
        f"ratio {part / found['ours_1_cpu'] / peer:,.0f}; two threads: {found['ours_2']:.2f} s "
        f"({found['ours_2_cpu']:.2f})",
        f"ours on the whole against cdindex on the part: ratio "
        f"{NODES / whole['disruption_cpu'] / peer:,.0f}, both by one core",
    )


def test_ranks_and_components(folder, report):
    ours = run(OURS + RANKS, folder)
    lines = [f"{NODES:,} nodes, {ARCS:,} arcs"]
    made = {"ours": ours}
    for name, code in (("igraph", IGRAPH), ("rustworkx", RUSTWORKX)):
        pytest.importorskip(name, reason="PYTHONPATH lacks the folder of peers")
        made[name] = run(code, folder)
        apart = np.abs(np.load(folder / "ours.npy") - np.load(folder / f"{name}.npy")).sum()
        assert made[name]["components"] == ours["components"]
        made[name]["apart"] = apart
        assert apart < 1e-3
    for name, marks in made.items():
        lines.append(
            f"{name}: "
            + ", ".join(
                f"{part} {marks[part]:.2f} s ({marks[f'{part}_cpu']:.2f})"
                for part in ("build", "pagerank", "weak", "strong")
            )
            + f"; peak up to PageRank {marks['pagerank_gib']:.2f} GiB, in all {marks['gib']:.2f}"
        )
    for name in ("igraph", "rustworkx"):
        ratios = ", ".join(
            f"{part} {made[name][f'{part}_cpu'] / ours[f'{part}_cpu']:.1f}"
            for part in ("build", "pagerank", "weak", "strong")
        )
        ratios += f", memory {made[name]['gib'] / ours['gib']:.1f}"
        lines.append(
            f"ratio {name} / ours: {ratios}; ranks differ by {made[name]['apart']:.1e} in sum"
        )
    report(*lines)


@pytest.mark.shared
def test_disruption_of_a_dense_network(shared, clock, report):
    cdindex = pytest.importorskip("cdindex", reason="PYTHONPATH lacks the folder of peers")
    graph, _ = read_graph(shared, "hep-th")
    peer = cdindex.Graph()
    for node, year in enumerate(graph.times.tolist()):
        peer.add_vertex(node, int(year))
    for tail, head in zip(*(end.tolist() for end in graph.arcs()), strict=True):
        peer.add_edge(tail, head)
    disruption(graph, window=5.0)  # compiles
    options = {"window": 5.0, "without_references": "published", "threads": 1}
    seconds, found = clock(disruption, graph, **options)
    theirs, expected = clock(lambda: [peer.cdindex(node, 5) for node in range(graph.n_nodes)])
    expected = np.array([np.nan if value is None else value for value in expected])
    assert np.array_equal(found["cd"].to_numpy(), expected, equal_nan=True)
    report(
        f"hep-th, {graph.n_nodes:,} nodes, {graph.n_arcs:,} arcs, 5 years, all nodes, one thread",
        f"ours {seconds:.2f} s, cdindex {theirs:.1f} s, ratio {theirs / seconds:.0f}; CD equal to "
        "the last bit",
    )
