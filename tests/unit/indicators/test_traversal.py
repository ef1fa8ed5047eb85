"""Search paths by hand, on the published example of Pajek and on a small fork."""

import numpy as np
import pytest

from foresight.errors import TableError
from foresight.indicators.graph import from_arrays
from foresight.indicators.traversal import counts, traversal

# Test.net of Batagelj: knowledge flows from document 3 to document 22.
FLOWS = "3>5 3>21 5>12 12>20 12>15 20>21 20>22 15>22 21>22".split()
NAMES = ["3", "5", "12", "20", "15", "21", "22"]
WEIGHTS = {
    "spc": [3, 1, 3, 2, 1, 1, 1, 1, 2],
    "splc": [3, 1, 6, 6, 3, 4, 4, 4, 6],
    "spnp": [8, 2, 14, 12, 6, 8, 4, 4, 6],
}
TOTALS = {"spc": 4, "splc": 14, "spnp": 28}
NODES = {  # in the order of NAMES
    "spc": [4, 3, 3, 2, 1, 2, 4],
    "splc": [4, 6, 9, 8, 4, 6, 15],
    "spnp": [11, 16, 21, 16, 8, 12, 15],
}


def graph_of(flows, names, times=None):
    number = {name: i for i, name in enumerate(names)}
    pairs = [flow.split(">") for flow in flows]
    cited, citing = (np.array([number[pair[k]] for pair in pairs], dtype=np.int64) for k in (0, 1))
    return from_arrays(
        np.arange(len(names), dtype=float) if times is None else times, citing, cited
    )


def weights_of(found, names):
    citing, cited = found.graph.arcs()
    values = counts(found.arc_logs())
    return {
        f"{names[j]}>{names[i]}": value for i, j, value in zip(citing, cited, values, strict=True)
    }


@pytest.mark.parametrize("kind", ["spc", "splc", "spnp"])
def test_the_published_example(kind):
    found = traversal(graph_of(FLOWS, NAMES), kind=kind)
    assert weights_of(found, NAMES) == dict(zip(FLOWS, WEIGHTS[kind], strict=True))
    assert counts(found.node_logs()).tolist() == NODES[kind]
    assert np.exp(found.log_total()) == pytest.approx(TOTALS[kind], rel=1e-12)


def test_two_sources_and_a_shortcut():
    flows = "A>C B>C C>D D>E C>E".split()
    found = traversal(graph_of(flows, "ABCDE"))
    assert weights_of(found, "ABCDE") == dict.fromkeys(flows, 2)
    assert found.log_total() == pytest.approx(np.log(4))


def test_a_cycle_loses_an_arc_before_counting():
    found = traversal(graph_of(["A>B", "B>A", "B>C"], "ABC", times=np.array([1.0, 2.0, 3.0])))
    assert weights_of(found, "ABC") == {"A>B": 1, "B>C": 1}
    assert found.removed[["citing_id", "cited_id", "reason"]].to_numpy().tolist() == [
        [0, 1, "forward"]
    ]


def test_counts_beyond_any_number():
    # 1,100 forks in a row: 2^1100 paths, more than a floating-point number holds.
    flows = [f"{i}>{i}{side} {i}{side}>{i + 1}".split() for i in range(1100) for side in "xy"]
    flows = [flow for pair in flows for flow in pair]
    names = list(dict.fromkeys(name for flow in flows for name in flow.split(">")))
    found = traversal(graph_of(flows, names))
    assert found.log_total() == pytest.approx(1100 * np.log(2), rel=1e-12)
    assert np.allclose(found.arc_logs(), 1099 * np.log(2), rtol=1e-12)
    assert np.isnan(counts(found.arc_logs())).all()


def test_isolated_documents_and_none_at_all():
    found = traversal(graph_of([], "AB"))
    assert found.node_logs().tolist() == [0.0, 0.0]
    assert found.log_total() == -np.inf
    assert len(traversal(from_arrays(np.zeros(0), np.zeros(0, int), np.zeros(0, int))).order) == 0


def test_unknown_weight_is_named():
    with pytest.raises(TableError, match=r"'spx' is not known. Choose from: spc, splc, spnp"):
        traversal(graph_of([], "A"), kind="spx")


def test_counts_are_whole_again():
    assert counts(np.log(np.array([1.0, 2, 3, 999_999_937]))).tolist() == [1, 2, 3, 999_999_937]
    assert counts(np.array([800.0, -np.inf]))[1] == 0
