"""Disruption by hand: windows, both rules for missing references, what is not yet known."""

import math

import numpy as np
import pandas as pd
import pytest

from foresight.errors import SettingsError
from foresight.indicators.disruption import disruption
from foresight.indicators.graph import citation_graph, from_arrays

# f cites a, b; i1, i2 cite f; j cites f and a; k cites b; late ones at 2010
YEARS = {"a": 1990, "b": 1991, "f": 2000, "i1": 2001, "i2": 2005, "j": 2003, "k": 2004, "l": 2010}
ARCS = ["f a", "f b", "i1 f", "i2 f", "j f", "j a", "k b", "l f", "l b"]


def build(years=YEARS, arcs=ARCS):
    documents = pd.DataFrame({"doc_id": list(years), "year": list(years.values())})
    pairs = [arc.split() for arc in arcs]
    return citation_graph(documents, pd.DataFrame(pairs, columns=["citing_id", "cited_id"]))


def row(found, name):
    return found.loc[name].to_dict()


def test_counts_and_indices_by_hand():
    found = row(disruption(build()), "f")
    assert [found[name] for name in ("n_i", "n_j", "n_j5", "n_k", "n_citing")] == [2, 1, 0, 1, 3]
    assert found["cd"] == pytest.approx(1 / 4)
    assert found["mcd"] == pytest.approx(3 / 4)
    assert found["di5"] == pytest.approx(2 / 3)
    assert (found["n_references"], found["n_references_inside"]) == (2, 2)
    assert found["status"] == "measured"
    assert row(disruption(build(), window=None), "f")["cd"] == pytest.approx(0.0)  # l is a second j


def test_the_window_ends_with_its_last_moment_and_begins_after_the_document():
    graph = build({**YEARS, "same": 2000}, [*ARCS, "same f", "same a"])
    assert row(disruption(graph, window=4.0), "f")["n_i"] == 1
    assert row(disruption(graph, window=5.0), "f")["n_i"] == 2
    found = row(disruption(graph, window=5.0), "f")
    assert (found["n_j"], found["n_citing"]) == (1, 4)  # a citation of the same year only in mCD
    none = row(disruption(graph, window=0.0), "f")
    assert (none["status"], none["n_citing"]) == ("not_cited", 1)


def test_five_shared_references_make_a_document_count_in_di5():
    cites = [f"r{i}" for i in range(5)]
    years = {**dict.fromkeys(cites, 1990), "f": 2000, "four": 2001, "five": 2001, "none": 2002}
    arcs = [f"f {r}" for r in cites] + ["four f", "five f", "none f"]
    arcs += [f"five {r}" for r in cites] + [f"four {r}" for r in cites[:4]]
    found = row(disruption(build(years, arcs)), "f")
    assert [found[name] for name in ("n_i", "n_j", "n_j5", "n_k")] == [1, 2, 1, 0]
    assert found["cd"] == pytest.approx(-1 / 3)
    assert found["di5"] == pytest.approx(0.0)


def test_without_references_is_missing_or_as_published():
    arcs = [*ARCS, "i1 elsewhere", "i2 i1"]
    years = {**YEARS, "o": 2000, "p": 2001}
    graph = build(years, [*arcs, "o elsewhere", "p o"])
    ours, published = disruption(graph), disruption(graph, without_references="published")
    assert (ours.dtypes == published.dtypes).all()
    assert ours["status"]["a"] == "no_references"
    assert math.isnan(ours["cd"]["a"])
    # all references lie outside the graph: CD is 1 whoever cites it
    assert (ours["n_references"]["o"], ours["n_references_inside"]["o"]) == (1, 0)
    assert ours["status"]["o"] == "no_references"
    assert published["cd"]["o"] == 1.0
    assert published["status"]["o"] == "measured"


def test_what_is_not_yet_known_is_neither_zero_nor_missing():
    found = disruption(build(), until=2004.0)
    assert row(found, "f")["status"] == "open"
    assert math.isnan(row(found, "f")["cd"])
    assert row(found, "f")["n_i"] == 1  # so far
    assert row(found, "l")["status"] == "open"
    assert row(disruption(build(), until=2005.0), "f")["status"] == "measured"
    whole = row(disruption(build(), window=None, until=2005.0), "f")
    assert (whole["status"], whole["n_j"]) == ("measured", 1)


def test_undated_documents():
    graph = build({**YEARS, "u": None}, [*ARCS, "u f", "u a", "i1 u", "f u"])
    found = disruption(graph)
    assert row(found, "u")["status"] == "undated"
    assert found["n_i"].isna().tolist() == [name == "u" for name in found.index]
    assert row(found, "f")["n_j"] == 2  # i1 cites u, a reference of f; u itself is never later
    assert row(found, "f")["n_references_inside"] == 3
    assert row(disruption(graph, until=2020.0), "f")["n_references_inside"] == 2


@pytest.mark.parametrize(
    ("times", "arcs"),
    [
        ([], []),
        ([2000.0], []),
        ([2000.0], [(0, 0)]),
        ([2000.0, 2000.0], [(0, 1), (1, 0)]),
        ([2000.0, 2001.0], [(1, 0), (1, 0)]),
        ([math.nan, math.nan], [(1, 0)]),
        ([2000.0, 2001.0, 2002.0], [(0, 1), (1, 2), (2, 0)]),
    ],
)
@pytest.mark.parametrize("window", [0.0, 5.0, None])
def test_degenerate_graphs_give_missing_or_finite_values(times, arcs, window):
    ends = np.array(arcs, dtype=np.int64).reshape(-1, 2)
    graph = from_arrays(np.array(times, dtype=float), ends[:, 0], ends[:, 1])
    for until in (None, 2001.0):
        found = disruption(graph, window=window, until=until)
        values = found[["cd", "mcd", "di5"]].to_numpy()
        assert len(found) == len(times)
        assert not np.isinf(values).any()
        assert found["cd"].notna().tolist() == (found["status"] == "measured").tolist()
        assert (np.nan_to_num(np.abs(values[:, [0, 2]])) <= 1).all()


def test_threads_and_pieces_change_nothing(monkeypatch):
    rng = np.random.default_rng(2)
    graph = from_arrays(rng.random(400) * 20, *rng.integers(400, size=(2, 3000)))
    whole = disruption(graph, threads=1)
    monkeypatch.setattr("foresight.indicators.disruption.PER_CHUNK", 30)
    pd.testing.assert_frame_equal(disruption(graph, threads=3), whole)
    pd.testing.assert_frame_equal(disruption(graph, threads=1), whole)


def test_wrong_arguments_are_named():
    with pytest.raises(SettingsError, match="from 0 up"):
        disruption(build(), window=-1.0)
    with pytest.raises(SettingsError, match="`until`"):
        disruption(build(), until=math.nan)
    with pytest.raises(SettingsError, match="without_references"):
        disruption(build(), without_references="zero")
