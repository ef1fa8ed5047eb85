"""PageRank and components by hand, and on graphs without arcs or nodes."""

import numpy as np
import pytest

from foresight.errors import InsufficientDataError, SettingsError
from foresight.indicators.centrality import pagerank, strong_components, weak_components
from foresight.indicators.graph import from_arrays, known_by


def build(times, arcs):
    ends = np.array(arcs, dtype=np.int64).reshape(-1, 2)
    return from_arrays(np.array(times, dtype=float), ends[:, 0], ends[:, 1])


def test_pagerank_by_hand():
    # 1 cites 0: y = (c + d c, c), normalised
    found = pagerank(build([2000, 2001], [(1, 0)]), damping=0.5)
    assert found["pagerank"].tolist() == pytest.approx([1.5 / 2.5, 1 / 2.5])
    assert found["n_citing"].tolist() == [1, 0]
    # 2 divides its vote between 0 and 1, 1 gives all it has to 0
    found = pagerank(build([2000, 2001, 2002], [(2, 0), (2, 1), (1, 0)]), damping=0.8)
    one, zero = 1 + 0.4, 1 + 0.4 + 0.8 * 1.4
    total = 1 + one + zero
    assert found["pagerank"].tolist() == pytest.approx([zero / total, one / total, 1 / total])


def test_a_circle_shares_evenly():
    found = pagerank(build([1, 1, 1], [(0, 1), (1, 2), (2, 0)]))
    assert found["pagerank"].tolist() == pytest.approx([1 / 3] * 3, abs=1e-12)


def test_components_by_hand():
    # 5 - 4 - 3 in a chain with 3 and 4 citing each other; 1 - 0; 2 alone
    graph = build([2000] * 6, [(5, 4), (4, 3), (3, 4), (1, 0)])
    weak, strong = weak_components(graph), strong_components(graph)
    assert weak["component"].tolist() == [1, 1, 2, 0, 0, 0]
    assert weak["n_component"].tolist() == [2, 2, 1, 3, 3, 3]
    assert strong["component"].tolist() == [1, 2, 3, 0, 0, 4]
    assert strong["n_component"].tolist() == [1, 1, 1, 2, 2, 1]


def test_graphs_without_arcs_or_nodes():
    for n in (0, 1, 3):
        graph = build([np.nan] * n, [])
        assert pagerank(graph)["pagerank"].tolist() == pytest.approx([1 / n] * n if n else [])
        for found in (weak_components(graph), strong_components(graph)):
            assert found["component"].tolist() == list(range(n))
            assert found["n_component"].tolist() == [1] * n
    loop = build([2000], [(0, 0)])
    assert pagerank(loop)["pagerank"].tolist() == [1.0]
    assert strong_components(loop)["n_component"].tolist() == [1]


def test_wrong_arguments_are_named():
    graph = build([2000, 2001], [(1, 0)])
    for options in ({"damping": 1.0}, {"damping": -0.1}, {"tolerance": 0.0}):
        with pytest.raises(SettingsError, match="`damping` must be"):
            pagerank(graph, **options)


def test_a_tolerance_beyond_rounding_is_refused(monkeypatch):
    monkeypatch.setattr("foresight.indicators.centrality.MAX_SWEEPS", 3)
    graph = build([1, 1, 1, 1], [(0, 1), (1, 2), (2, 0), (3, 0)])
    with pytest.raises(InsufficientDataError, match="larger tolerance"):
        pagerank(graph)


def test_known_by_turns_later_nodes_into_outside_ones():
    graph = build([2000, 2001, 2002, np.nan], [(1, 0), (2, 0), (1, 2), (3, 1), (1, 3)])
    cut = known_by(graph, 2001.0)
    assert cut.ids.tolist() == [0, 1]
    assert [end.tolist() for end in cut.arcs()] == [[1], [0]]
    assert cut.n_references.tolist() == [0, 3]
    assert (cut.dropped["outside"], cut.dropped["unknown_citing"]) == (2, 2)
