"""Search paths and main paths against published tables, Pajek's files and networkx.

Networks of Garfield's HistCite collection, by permission of ISI, as distributed with Pajek.
"""

import networkx as nx
import numpy as np
import pytest
from pajek import read_graph, read_network

from foresight.indicators.graph import from_arrays
from foresight.indicators.main_path import main_path
from foresight.indicators.traversal import counts, traversal

SEARCHES = ("local", "global", "key-local", "key-global")


def flow_graph(flows, n, times=None):
    """Flows as pairs of node numbers from 1, from the cited to the citing."""
    cited, citing = np.array(flows, dtype=np.int64).T - 1
    return from_arrays(np.arange(n, dtype=float) if times is None else times, citing, cited)


def weights_of(found):
    citing, cited = found.graph.arcs()
    values = counts(found.arc_logs())
    return {(j + 1, i + 1): w for i, j, w in zip(citing, cited, values, strict=True)}


def test_liu_and_lu_2012_figure_1():
    letters = "AH BH HJ HD JC JD BI IF IG IE GD GE".split()
    flows = [(ord(u) - 64, ord(v) - 64) for u, v in letters]
    found = traversal(flow_graph(flows, 10))
    expected = [3, 3, 4, 2, 2, 2, 4, 1, 2, 1, 1, 1]
    assert weights_of(found) == dict(zip(flows, expected, strict=True))


# Kuan (2020), doi:10.1007/s11192-020-03468-8, figure 2 and table 3: sums of weights of the arcs
# that enter, and that leave, each document.
KUAN = [
    *[(1, 4), (2, 4), (3, 4), (4, 5), (4, 6), (5, 7), (6, 8)],
    *[(7, 8), (7, 9), (7, 10), (7, 11), (8, 12), (8, 13)],
]
TABLE_3 = {
    "spc": (
        [0, 0, 0, 21, 15, 6, 15, 12, 3, 3, 3, 6, 6],
        [7, 7, 7, 21, 15, 6, 15, 12, 0, 0, 0, 0, 0],
    ),
    "splc": (
        [0, 0, 0, 21, 20, 8, 25, 22, 6, 6, 6, 12, 12],
        [7, 7, 7, 28, 25, 10, 30, 24, 0, 0, 0, 0, 0],
    ),
    "spnp": (
        [0, 0, 0, 39, 32, 16, 35, 33, 6, 6, 6, 12, 12],
        [13, 13, 13, 48, 35, 15, 36, 24, 0, 0, 0, 0, 0],
    ),
}


@pytest.mark.parametrize("kind", ["spc", "splc", "spnp"])
def test_kuan_2020_table_3(kind):
    found = traversal(flow_graph(KUAN, 13), kind=kind)
    citing, cited = found.graph.arcs()
    values = counts(found.arc_logs())
    entering = np.bincount(citing, weights=values, minlength=13).tolist()
    leaving = np.bincount(cited, weights=values, minlength=13).tolist()
    assert (entering, leaving) == TABLE_3[kind]


def network_flows(path):
    labels, cited, citing = read_network(path)
    return labels, list(zip((cited + 1).tolist(), (citing + 1).tolist(), strict=True))


@pytest.mark.shared
@pytest.mark.parametrize(("kind", "file"), [("splc", "TestSPLC.net"), ("spnp", "TestSPNP.net")])
def test_pajek_counts_the_same_in_a_network_with_ends_added(shared, kind, file):
    # Batagelj's construction: a source before, and a sink behind, every document.
    folder = shared / "citation_networks"
    labels, flows = network_flows(folder / "Test.net")
    assert labels == ["3", "5", "12", "20", "15", "21", "22"]
    _, wider = network_flows(folder / file)
    expected = weights_of(traversal(flow_graph(wider, 9 if kind == "spnp" else 8), kind="spc"))
    # The added arcs from one end to a document, or from it, count paths of the document alone.
    found = weights_of(traversal(flow_graph(flows, 7), kind=kind))
    assert found == {flow: expected[flow] for flow in flows}


@pytest.mark.shared
@pytest.mark.parametrize(("network", "ties"), [("SmallW", 0), ("Kroto", 6)])
def test_the_greatest_sum_is_that_of_networkx(shared, network, ties):
    graph, _ = read_graph(shared, network)
    found = traversal(graph)
    assert len(found.removed) == ties
    peer = nx.DiGraph()
    for (u, v), weight in weights_of(found).items():
        peer.add_edge(u, v, weight=weight)
    path = main_path(found, search="global")
    longest = nx.dag_longest_path(peer)
    assert set(longest) <= set(path.nodes["doc_id"])
    ours = nx.DiGraph()
    for row in path.arcs.itertuples():
        ours.add_edge(row.cited_id, row.citing_id, weight=row.weight)
    assert nx.dag_longest_path_length(ours) == pytest.approx(nx.dag_longest_path_length(peer))


@pytest.mark.shared
def test_small_world_from_milgram_to_watts_and_strogatz(shared):
    graph, labels = read_graph(shared, "SmallW")
    path = main_path(traversal(graph), search="key-global", key_arcs=10)
    rows = path.nodes
    names = [f"{labels[i - 1]} {y:.0f}" for i, y in zip(rows["doc_id"], rows["time"], strict=True)]
    assert names[:3] == ["MILGRAM S 1967", "TRAVERS J 1969", "KORTE C 1970"]
    assert {"KILLWORTH PD 1978", "BERNARD HR 1988", "Watts DJ 1998", "Strogatz SH 2001"} <= set(
        names
    )

    def ends(arc):
        return labels[arc["cited_id"] - 1], labels[arc["citing_id"] - 1]

    first, second = path.arcs.iloc[0], path.arcs.iloc[1]
    assert ends(first) == ("BERNARD HR", "Amaral LAN")
    assert first["share"] == pytest.approx(0.31, abs=0.005)
    assert ends(second) == ("MILGRAM S", "Watts DJ")


@pytest.mark.shared
@pytest.mark.parametrize("search", SEARCHES)
def test_fullerenes_from_the_discovery_to_their_preparation(shared, search):
    graph, labels = read_graph(shared, "Kroto")
    rows = main_path(traversal(graph), search=search).nodes
    assert labels[rows["doc_id"].iloc[0] - 1] == "KROTO HW"
    assert rows["time"].iloc[0] == 1985
    in_1990 = {labels[i - 1] for i in rows.loc[rows["time"] == 1990, "doc_id"]}
    assert in_1990 == {"KRATSCHMER W", "HAUFLER RE"}
