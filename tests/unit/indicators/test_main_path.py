"""Main paths by hand: ties kept, local against global, key citations on the path."""

import numpy as np
import pandas as pd
import pytest

from foresight.errors import TableError
from foresight.indicators.graph import citation_graph, from_arrays
from foresight.indicators.main_path import main_path
from foresight.indicators.traversal import traversal

SEARCHES = ("local", "global", "key-local", "key-global")


def weights_of(flows, times=None, kind="spc"):
    names = sorted({name for flow in flows.split() for name in flow.split(">")})
    years = range(2000, 2000 + len(names)) if times is None else times
    pairs = [flow.split(">")[::-1] for flow in flows.split()]
    references = pd.DataFrame(pairs, columns=["citing_id", "cited_id"])
    documents = pd.DataFrame({"doc_id": names, "year": years})
    return traversal(citation_graph(documents, references), kind=kind)


def flows(path):
    return set(path.arcs["cited_id"] + ">" + path.arcs["citing_id"])


def test_all_that_tie_are_kept():
    weights = weights_of("A>C B>C C>D D>E C>E")
    assert flows(main_path(weights, search="local")) == set("A>C B>C C>D C>E D>E".split())
    assert flows(main_path(weights, search="global")) == set("A>C B>C C>D D>E".split())


# The heaviest way out of A leads to B, with two ways on; the heaviest sum is that of the long way.
TRAP = "A>B B>X B>Y B>Z A>C C>D D>E E>F E>G"


def test_a_local_path_takes_the_next_best_and_a_global_one_the_sum():
    weights = weights_of(TRAP)
    assert flows(main_path(weights, search="local")) == set("A>B B>X B>Y B>Z".split())
    assert flows(main_path(weights, search="global")) == set("A>C C>D D>E E>F E>G".split())


def test_a_long_chain_of_light_citations_outweighs_a_short_heavy_one():
    chain = "A>C C>D D>E E>F F>G F>H"  # 2 + 2 + 2 + 2 + 1, against 6 + 1
    weights = weights_of("A>B B>U B>V B>W B>X B>Y B>Z " + chain)
    assert flows(main_path(weights, search="global")) == set(chain.split())


@pytest.mark.parametrize(("many", "each"), [(3, 5), (3, 7), (5, 7), (6, 7), (7, 11), (13, 3)])
def test_equal_counts_tie_whatever_their_logarithms_are_rounded_to(many, each):
    plain = [f"P>p{i:03}" for i in range(many * each)]
    twice = [f"Q>q{i:03} q{i:03}>r{i:03}{k:03}" for i in range(many) for k in range(each)]
    weights = weights_of(" ".join(["A>P", "A>Q", *plain, *twice]))
    assert {"A>P", "A>Q"} <= flows(main_path(weights, search="local"))


def test_key_citations_are_on_the_path_and_marked():
    weights = weights_of(TRAP)
    one = main_path(weights, search="key-local", key_arcs=1)
    assert set(one.arcs.loc[one.arcs["key"], "citing_id"]) == {"B"}
    assert flows(one) == set("A>B B>X B>Y B>Z".split())
    two = main_path(weights, search="key-global", key_arcs=2)
    # The second to fourth tie with two paths each, so four citations are key.
    assert two.arcs.loc[two.arcs["key"], "citing_id"].tolist() == ["B", "C", "D", "E"]
    assert flows(two) == set(TRAP.split())
    assert not two.arcs["key"].iloc[4:].any()


def test_tables_say_what_they_hold():
    path = main_path(weights_of(TRAP), search="global")
    assert list(path.nodes.columns) == "search path doc_id time step log_weight role".split()
    assert path.nodes["doc_id"].tolist() == list("ACDEFG")
    assert path.nodes["time"].tolist() == [2000, 2002, 2003, 2004, 2005, 2006]
    assert path.nodes["step"].tolist() == [0, 1, 2, 3, 4, 4]
    assert path.nodes["role"].tolist() == ["source", *["inner"] * 3, *["sink"] * 2]
    assert np.exp(path.nodes["log_weight"]).tolist() == pytest.approx([5, 2, 2, 2, 1, 1])
    assert list(path.arcs.columns) == (
        "search path citing_id cited_id weight log_weight share key".split()
    )
    assert path.arcs["citing_id"].tolist() == list("CDEFG")
    assert not path.arcs["key"].any()
    assert path.arcs["weight"].tolist() == [2, 2, 2, 1, 1]
    assert path.arcs["share"].tolist() == pytest.approx([0.4, 0.4, 0.4, 0.2, 0.2])
    assert np.exp(path.log_total) == pytest.approx(5)
    assert set(path.nodes["search"]) == set(path.arcs["search"]) == {"global"}


def test_parts_are_numbered_by_their_heaviest_citation():
    weights = weights_of("A>B B>C C>D C>E M>N M>O M>P M>Q M>R")
    path = main_path(weights, search="key-global", key_arcs=9)
    part = dict(zip(path.nodes["doc_id"], path.nodes["path"], strict=True))
    assert part == {**dict.fromkeys("ABCDE", 1), **dict.fromkeys("MNOPQR", 2)}


def test_documents_of_one_time_stand_in_the_order_of_the_path():
    path = main_path(weights_of("C>B B>A", times=[2000] * 3), search="global")
    assert path.nodes["doc_id"].tolist() == ["C", "B", "A"]


@pytest.mark.parametrize("search", SEARCHES)
def test_a_graph_without_citations_has_no_path(search):
    for n in (0, 1, 3):
        graph = from_arrays(np.zeros(n), np.zeros(0, int), np.zeros(0, int))
        path = main_path(traversal(graph), search=search)
        assert (len(path.nodes), len(path.arcs), path.log_total) == (0, 0, -np.inf)


@pytest.mark.parametrize("search", SEARCHES)
def test_loops_repetitions_and_a_cycle_of_one_year(search):
    documents = pd.DataFrame({"doc_id": list("abc"), "year": 2000})
    pairs = ["aa", "ba", "ba", "ab", "cb"]
    references = pd.DataFrame([list(p) for p in pairs], columns=["citing_id", "cited_id"])
    path = main_path(traversal(citation_graph(documents, references)), search=search)
    assert flows(path) == {"a>b", "b>c"}


def test_wrong_requests_are_named():
    weights = weights_of("A>B")
    with pytest.raises(TableError, match=r"'best' is not known\. Choose from: local, global"):
        main_path(weights, search="best")
    with pytest.raises(TableError, match="at least 1 citation, got 0"):
        main_path(weights, key_arcs=0)


def test_a_tied_path_that_avoids_the_heaviest_citation_is_on_the_global_path():
    """0-1-4, 0-1-5 and 0-2-3-4 all sum to 3; the heaviest citation, 1-0, is on the first two."""
    flows = [(0, 1), (0, 2), (1, 4), (1, 5), (2, 3), (3, 4)]
    cited, citing = np.array(flows).T
    graph = from_arrays(np.array([0.0, 1, 1, 2, 3, 3]), citing, cited)
    arcs = main_path(traversal(graph), search="global").arcs
    assert sorted(zip(arcs["cited_id"], arcs["citing_id"], strict=True)) == flows
