"""CD, mCD and DI5 against published values, the authors' own program, and sets in plain Python."""

import math

import numpy as np
import pytest
import yaml
from pajek import read_graph

from foresight.indicators.disruption import disruption
from foresight.indicators.graph import from_arrays

COUNTS = ["n_i", "n_j", "n_j5", "n_k", "n_citing"]


def by_sets(graph, focal, window):
    """The definition, word for word: n_i, n_j, n_j5, n_k, n_citing."""
    citing, cited = graph.arcs()
    references = {node: set() for node in range(graph.n_nodes)}
    for tail, head in zip(citing.tolist(), cited.tolist(), strict=True):
        references[tail].add(head)
    own, time = references[focal], graph.times[focal]
    counts = dict.fromkeys(COUNTS, 0)
    for node, theirs in references.items():
        inside = graph.times[node] - time <= (math.inf if window is None else window)
        counts["n_citing"] += focal in theirs and bool(inside)
        if not (graph.times[node] > time and inside):
            continue
        shared = len(own & theirs)
        counts["n_i"] += focal in theirs and shared == 0
        counts["n_j"] += focal in theirs and shared >= 1
        counts["n_j5"] += focal in theirs and shared >= 5
        counts["n_k"] += focal not in theirs and shared >= 1
    return counts


def random_graph(seed, *, n=90, m=900):
    """Whole years, ties, arcs both ways in time, repeated ones and loops; some lists long."""
    rng = np.random.default_rng(seed)
    times = rng.integers(2000, 2012, size=n).astype(float)
    citing = rng.integers(n, size=m)
    cited = (rng.integers(n, size=m) * rng.random(m) ** 2).astype(int)  # a few cited by many
    return from_arrays(times, citing, cited)


@pytest.mark.parametrize("window", [0.0, 1.0, 5.0, None])
@pytest.mark.parametrize("seed", range(4))
def test_counts_and_indices_agree_with_sets(seed, window):
    graph = random_graph(seed)
    found = disruption(graph, window=window, without_references="published")
    for node in range(graph.n_nodes):
        row, expected = found.loc[node], by_sets(graph, node, window)
        assert row[COUNTS].to_dict() == expected
        i, j, j5, k = (expected[name] for name in COUNTS[:4])
        for name, over, under in (("cd", i - j, i + j + k), ("di5", i - j5, i + j5 + k)):
            value = over / under if under else math.nan
            assert row[name] == pytest.approx(value, abs=0, nan_ok=True)
        assert row["mcd"] == pytest.approx(row["cd"] * expected["n_citing"], nan_ok=True)
    assert found["n_j5"].sum() > 0 or window == 0.0
    assert (found["n_j5"] < found["n_j"]).any() or window == 0.0


@pytest.fixture(scope="module")
def golden(shared):
    path = shared.parent / "design" / "golden.yml"
    if not path.is_file():
        pytest.skip("the file of worked answers is not beside the public test records")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.shared
def test_published_values(golden):
    given = golden["cd_index_graph"]
    edges = np.array(given["edges_citing_cited"])
    graph = from_arrays(np.array(given["unix_times"], dtype=float), edges[:, 0], edges[:, 1])
    found = disruption(graph, window=given["window_seconds"])
    for node, value in given["published_cd"].items():
        assert found["cd"][node] == pytest.approx(value, abs=1e-15, nan_ok=True)
    assert found["mcd"][4] == pytest.approx(given["published_mcd"][4])
    assert found["cd"][:4].isna().all()
    assert (found["status"][:4] == "no_references").all()
    asis = disruption(graph, window=given["window_seconds"], without_references="published")
    assert asis["cd"][:4].tolist() == [1.0] * 4
    assert asis["mcd"][2] == given["published_mcd"][2]
    for vector in golden["cd_index"]["vectors"][:1]:
        i, j, k = (vector[name] for name in ("n_i", "n_j", "n_k"))
        # node 0 cites 1; i documents cite 0, j cite 0 and 1, k cite 1
        tails = [0, *range(2, 2 + i), *np.repeat(range(2 + i, 2 + i + j), 2)]
        heads = [1, *[0] * i, *[0, 1] * j]
        tails += range(2 + i + j, 2 + i + j + k)
        heads += [1] * k
        times = np.array([2001.0, 2000.0, *[2002.0] * (i + j + k)])
        made = disruption(from_arrays(times, np.array(tails), np.array(heads)))
        assert made["cd"][0] == pytest.approx(vector["expect"], abs=5e-5)


def compare_with_authors(graph, nodes, window):
    """CD and mCD by the authors' program (cdindex), a loop over nodes."""
    cdindex = pytest.importorskip("cdindex")
    peer = cdindex.Graph()
    for node, time in enumerate(graph.times.tolist()):
        peer.add_vertex(node, int(time))
    for tail, head in zip(*(end.tolist() for end in graph.arcs()), strict=True):
        peer.add_edge(tail, head)
    found = disruption(graph, window=window, without_references="published")
    cd, mcd = found["cd"].to_numpy(), found["mcd"].to_numpy()
    measured = 0
    for node in nodes:
        expected = peer.cdindex(node, int(window))
        if expected is None:
            assert math.isnan(cd[node])
            assert math.isnan(mcd[node])
        else:
            measured += 1
            assert cd[node] == expected
            assert mcd[node] == pytest.approx(peer.mcdindex(node, int(window)), rel=1e-15)
    return measured


@pytest.mark.parametrize("window", [0, 1, 4, 100])
def test_agrees_with_the_authors_program_on_a_random_graph(window):
    graph = random_graph(11, n=300, m=3000)
    measured = compare_with_authors(graph, range(graph.n_nodes), window)
    assert measured > 200 or window == 0


@pytest.mark.shared
@pytest.mark.parametrize("window", [1, 5])
def test_agrees_with_the_authors_program_on_hep_th(shared, window):
    graph, _ = read_graph(shared, "hep-th")
    nodes = np.random.default_rng(1).choice(graph.n_nodes, size=1500, replace=False).tolist()
    assert compare_with_authors(graph, nodes, window) > 1000
