"""Cycles taken out of a citation graph: by time first, then by the order of ids."""

import numpy as np
import pandas as pd
import pytest

from foresight.indicators.acyclic import acyclic
from foresight.indicators.graph import citation_graph


def graph_of(years, arcs):
    """Documents a, b, c … with their years; arcs as "ba cb": b cites a, c cites b."""
    documents = pd.DataFrame({"doc_id": list("abcdefgh"[: len(years)]), "year": years})
    pairs = [(arc[0], arc[1]) for arc in arcs.split()]
    return citation_graph(documents, pd.DataFrame(pairs, columns=["citing_id", "cited_id"]))


def removed(made):
    return {f"{row.citing_id}{row.cited_id}": row.reason for row in made.removed.itertuples()}


def kept(made):
    citing, cited = made.graph.arcs()
    ids = made.graph.ids
    return " ".join(f"{ids[i]}{ids[j]}" for i, j in zip(citing, cited, strict=True))


@pytest.mark.parametrize(
    ("years", "arcs", "expected"),
    [
        ([2000, 2001], "ba", {}),
        ([2001, 2000], "ba", {}),  # runs forward, closes nothing
        ([2000, 2001], "ba ab", {"ab": "forward"}),
        ([2000, 2000], "ba ab", {"ab": "tie"}),
        ([None, 2000], "ba ab", {"ab": "tie"}),
        ([2000] * 3, "ab bc ca", {"bc": "tie"}),
        ([2000, 2000, 2001], "ab ba ac ca", {"ac": "forward", "ab": "tie"}),
        ([2001, 2000, 2002], "ab bc ca cb", {"bc": "forward"}),
        ([2000, 2001, 2002, 2003, 2003], "ba cb cd dc ed", {"cd": "forward"}),
        ([2000] * 4, "dc cb ba ad db", {"ad": "tie"}),  # d to b closes nothing
        ([2000] * 4, "ab ba cd dc", {"ab": "tie", "cd": "tie"}),
        ([2000], "aa", {}),  # a loop never comes into the graph
        ([2000, 2000], "ba ba", {}),
    ],
)
def test_what_is_taken_out_and_why(years, arcs, expected):
    graph = graph_of(years, arcs)
    made = acyclic(graph)
    assert removed(made) == expected
    assert made.n_removed == {
        reason: list(expected.values()).count(reason) for reason in ("forward", "tie")
    }
    assert made.graph.n_arcs == graph.n_arcs - len(expected)
    place = np.argsort(made.order)
    citing, cited = made.graph.arcs()
    assert (place[citing] > place[cited]).all()


def test_both_directions_lose_the_same_arcs():
    made = acyclic(graph_of([2000, 2001, 2001, 2002], "ab ba bc cb db dc da"))
    assert removed(made) == {"ab": "forward", "bc": "tie"}
    assert kept(made) == "ba cb da db dc"
    graph = made.graph
    back = [graph.citing[graph.citing_start[j] : graph.citing_start[j + 1]] for j in range(4)]
    assert ["".join(graph.ids[i]) for i in back] == ["bd", "cd", "d", ""]
    assert graph.n_references.tolist() == [1, 2, 1, 3]  # as the documents state them

    other = acyclic(graph_of([2002, 2003, 2000], "ab cb bc"))
    assert removed(other) == {"cb": "forward"}
    assert other.graph.citing.tolist() == [0, 1]  # a cites b, b cites c


def test_no_node_and_no_arc():
    nothing = acyclic(graph_of([], ""))
    assert (len(nothing.order), nothing.n_removed) == (0, {"forward": 0, "tie": 0})
    alone = acyclic(graph_of([2000, 2000], ""))
    assert sorted(alone.order) == [0, 1]
