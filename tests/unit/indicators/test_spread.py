"""Generality, originality, coherence and modularity by hand."""

import numpy as np
import pandas as pd
import pytest

from foresight.errors import TableError
from foresight.indicators.coherence import coherence, modularity
from foresight.indicators.generality import class_spread, generality, originality
from foresight.indicators.graph import from_arrays


@pytest.mark.parametrize(
    ("counts", "raw", "corrected"),
    [([2, 1], 0.4444, 0.6667), ([3], 0.0, 0.0), ([1, 1], 0.5, 1.0), ([1], 0.0, np.nan)],
)
def test_spread_of_worked_counts(counts, raw, corrected):
    found = class_spread(counts)
    assert found[0] == pytest.approx(raw, abs=5e-5)
    assert found[1] == pytest.approx(corrected, abs=5e-5, nan_ok=True)


def test_spread_of_nothing_is_missing():
    raw, corrected = class_spread(np.zeros((2, 3)))
    assert np.isnan(raw).all()
    assert np.isnan(corrected).all()


def test_the_corrected_spread_is_unbiased_and_the_raw_one_low():
    rng = np.random.default_rng(3)
    shares = np.array([0.5, 0.3, 0.2])
    raw, corrected = class_spread(rng.multinomial(4, shares, size=40_000))
    truth = 1 - (shares**2).sum()
    assert corrected.mean() == pytest.approx(truth, abs=0.005)
    assert raw.mean() == pytest.approx(truth * 3 / 4, abs=0.005)


def star():
    """0 is cited by 1 … 4; 5 cites 1, 2; times 2000 … 2005."""
    citing, cited = np.array([1, 2, 3, 4, 5, 5]), np.array([0, 0, 0, 0, 1, 2])
    return from_arrays(np.arange(2000.0, 2006), citing, cited)


CLASSES = pd.DataFrame(
    [(1, "A"), (2, "A"), (2, "A"), (3, "B"), (5, "B"), (5, "C"), (9, "Z"), (4, None)],
    columns=["doc_id", "code"],
)


def test_generality_by_hand():
    found = generality(star(), CLASSES)
    # classes of who cites 0: A, A, B; 4 has none
    row = found.loc[0]
    assert row["generality_raw"] == pytest.approx(1 - (4 + 1) / 9)
    assert row["generality"] == pytest.approx(3 / 2 * (1 - 5 / 9))
    assert (row["n_classed"], row["n_citing"]) == (3, 4)
    # 5 alone cites 1, in halves B and C
    assert found.loc[1, "generality_raw"] == pytest.approx(0.5)
    assert np.isnan(found.loc[1, "generality"])
    assert np.isnan(found.loc[3, "generality_raw"])
    early = generality(star(), CLASSES, window=2.0, until=2004.0)
    assert early.loc[0, ["generality", "n_citing"]].tolist() == [0.0, 2]
    assert early.loc[4, "status"] == "open"
    assert np.isnan(early.loc[4, "generality_raw"])


def test_documents_of_several_classes_stay_within_bounds():
    graph = from_arrays(np.array([2000.0, 2001, 2002]), np.array([1, 2]), np.array([0, 0]))

    def spread(first, second):
        rows = [(1, code) for code in first] + [(2, code) for code in second]
        return generality(graph, pd.DataFrame(rows, columns=["doc_id", "code"])).loc[0]

    assert spread("AB", "CD")["generality"] == pytest.approx(1.0)  # N/(N-1) raw would be 1.5
    assert spread("AB", "AB")["generality"] == pytest.approx(0.5)
    assert spread("AB", "AB")["generality_raw"] == pytest.approx(0.5)
    assert spread("AB", "A")["generality"] == pytest.approx(0.5)


def test_originality_by_hand():
    found = originality(star(), CLASSES)
    assert found.loc[5].tolist() == [0.0, 0.0, 2, 2, "measured"]
    assert found.loc[1, "n_classed"] == 0
    assert found.columns.tolist()[:2] == ["originality", "originality_raw"]
    nothing = originality(star(), CLASSES.iloc[:0])
    assert nothing["originality_raw"].isna().all()


MEMBERS = pd.DataFrame({"unit_id": ["u", "u", "u", "v", "v", "w"], "doc_id": [0, 1, 2, 3, 5, 77]})


def test_coherence_by_hand():
    found = coherence(star(), MEMBERS)
    # arcs out of u: 1-0, 2-0; out of v: 3-0, 5-1, 5-2; 4 is in no unit; into u: all six
    assert found.loc["u", ["share", "expected"]].tolist() == [1.0, 1.0]
    assert found.loc["v", ["share", "expected", "excess"]].tolist() == [0.0, 0.0, 0.0]
    assert found["n_citations"].tolist() == [2, 3, 0]
    assert found["n_inside"].tolist() == [2, 0, 0]
    assert found["n_docs"].tolist() == [3, 2, 0]
    assert np.isnan(found.loc["w", "share"])
    assert found.loc["u", "share_lo"] == pytest.approx(0.3424, abs=1e-4)  # Wilson, 2 of 2
    q, n_arcs = modularity(star(), MEMBERS)
    assert n_arcs == 6
    assert q == pytest.approx(2 / 6 - (2 / 6) * (6 / 6))


def test_coherence_without_arcs_is_missing():
    graph = from_arrays(np.array([2000.0, 2001]), np.array([0]), np.array([0]))
    found = coherence(graph, MEMBERS.iloc[:2])
    assert found[["share", "share_lo", "expected", "excess"]].isna().all(axis=None)
    assert np.isnan(modularity(graph, MEMBERS.iloc[:2])[0])
    assert coherence(graph, MEMBERS.iloc[:0]).empty


def test_a_partition_is_asked_for():
    twice = pd.concat([MEMBERS, pd.DataFrame({"unit_id": ["v"], "doc_id": [0]})])
    with pytest.raises(TableError, match="1 document"):
        coherence(star(), twice)
    with pytest.raises(TableError, match="lacks the column"):
        modularity(star(), MEMBERS[["doc_id"]])
