"""The citation graph by hand: a loop, a repeated arc, an outside reference, rows in any order."""

import numpy as np
import pandas as pd
import pytest

from foresight.errors import TableError
from foresight.indicators.graph import citation_graph, from_arrays, known_by

DOCUMENTS = pd.DataFrame({"doc_id": ["c", "a", "b", "d"], "year": [2003, 2001, 2002, None]})
REFERENCES = pd.DataFrame(
    {
        "citing_id": ["c", "c", "b", "c", "b", "z", "b", "d"],
        "cited_id": ["a", "b", "a", "a", "b", "a", "elsewhere", "elsewhere"],
    }
)


def test_arcs_both_ways_and_what_was_left_out():
    graph = citation_graph(DOCUMENTS, REFERENCES)
    assert list(graph.ids) == ["a", "b", "c", "d"]
    citing, cited = graph.arcs()
    assert [(graph.ids[i], graph.ids[j]) for i, j in zip(citing, cited, strict=True)] == [
        ("b", "a"),
        ("c", "a"),
        ("c", "b"),
    ]
    assert graph.citing[graph.citing_start[0] : graph.citing_start[1]].tolist() == [1, 2]
    assert graph.dropped == {"loops": 1, "repeated": 1, "outside": 2, "unknown_citing": 1}
    assert graph.n_references.tolist() == [0, 2, 2, 1]
    assert graph.times[:3].tolist() == [2001, 2002, 2003]
    assert np.isnan(graph.times[3])


def test_order_of_rows_changes_nothing():
    shuffled = citation_graph(DOCUMENTS.iloc[::-1], REFERENCES.iloc[[3, 1, 7, 0, 5, 2, 6, 4]])
    straight = citation_graph(DOCUMENTS, REFERENCES)
    for name in ("cited_start", "cited", "citing_start", "citing", "n_references"):
        assert np.array_equal(getattr(shuffled, name), getattr(straight, name)), name


def test_a_reference_stated_twice_counts_once_inside_and_outside():
    graph = citation_graph(DOCUMENTS, pd.concat([REFERENCES, REFERENCES.iloc[[0, 6]]]))
    assert graph.n_references.tolist() == [0, 2, 2, 1]
    assert graph.dropped == {"loops": 1, "repeated": 3, "outside": 2, "unknown_citing": 1}


def test_no_nodes_and_no_references():
    nothing = citation_graph(DOCUMENTS.iloc[:0], REFERENCES)
    assert (nothing.n_nodes, nothing.n_arcs) == (0, 0)
    alone = citation_graph(DOCUMENTS.iloc[:1], REFERENCES.iloc[:0])
    assert (alone.n_nodes, alone.n_arcs, alone.out_degree.tolist()) == (1, 0, [0])


def test_wrong_input_is_named():
    with pytest.raises(TableError, match=r"lacks the column\(s\) year; it has doc_id"):
        citation_graph(DOCUMENTS[["doc_id"]], REFERENCES)
    with pytest.raises(TableError, match="1 repeated id"):
        citation_graph(pd.concat([DOCUMENTS, DOCUMENTS.iloc[:1]]), REFERENCES)
    with pytest.raises(TableError, match="outside -1"):
        from_arrays(np.zeros(2), np.array([0]), np.array([2]))


def test_the_graph_by_a_time_turns_later_nodes_into_outside_ones():
    times = np.array([2000, 2001, 2002, np.nan])
    graph = from_arrays(times, np.array([1, 2, 1, 3, 1]), np.array([0, 0, 2, 1, 3]))
    cut = known_by(graph, 2001.0)
    assert cut.ids.tolist() == [0, 1]
    assert [end.tolist() for end in cut.arcs()] == [[1], [0]]
    assert cut.n_references.tolist() == [0, 3]
    assert (cut.dropped["outside"], cut.dropped["unknown_citing"]) == (2, 2)
    assert known_by(graph, 1999.0).n_nodes == 0
