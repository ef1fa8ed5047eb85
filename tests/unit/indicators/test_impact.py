"""Citations received, percentiles, normalised scores, h-index, and means of units by hand."""

import numpy as np
import pandas as pd
import pytest

from foresight.errors import TableError
from foresight.indicators.aggregate import unit_means
from foresight.indicators.graph import from_arrays
from foresight.indicators.impact import (
    citation_percentile,
    citations_received,
    h_index,
    normalised_citations,
    unit_h_index,
)


def test_citations_within_a_window_and_by_a_date():
    # 0 (2000) is cited in 1999, 2000, 2003, 2008 and by an undated document
    times = np.array([2000.0, 1999, 2000, 2003, 2008, np.nan])
    graph = from_arrays(times, np.arange(1, 6), np.zeros(5, dtype=int))

    def first(**options):
        row = citations_received(graph, **options).iloc[0]
        return row["n_citations"], row["n_so_far"], row["status"]

    assert first() == (5, 5, "measured")
    assert first(window=3.0) == (3, 3, "measured")
    assert first(until=2007.0) == (3, 3, "measured")
    assert first(window=8.0, until=2008.0) == (4, 4, "measured")
    assert first(window=8.0, until=2007.0) == (pd.NA, 3, "open")
    assert first(until=1999.0) == (pd.NA, 0, "open")
    last = citations_received(graph, window=3.0).iloc[5]
    assert (last["n_citations"], last["status"]) == (pd.NA, "undated")
    assert citations_received(graph).iloc[5]["n_citations"] == 0


def cells(rows):
    return pd.DataFrame(rows, columns=["doc_id", "field", "year", "n_citations"])


def test_percentile_is_the_mid_rank_of_field_and_year():
    rows = [(f"d{i}", "x", 2000, value) for i, value in enumerate([0, 0, 1, 5])]
    found = citation_percentile(cells(rows), min_cell=4)
    # 0: (0 + 2/2) / 4; 1: (2 + 1/2) / 4; 5: (3 + 1/2) / 4
    assert found["percentile"].tolist() == [25.0, 25.0, 62.5, 87.5]
    assert found["percentile"].mean() == 50.0
    assert found["n_tied"].tolist() == [2, 2, 1, 1]
    assert found["n_cell"].tolist() == [4] * 4
    small = citation_percentile(cells(rows), min_cell=5)
    assert small["percentile"].isna().all()
    assert small[["n_cell", "n_tied", "n_fields"]].to_numpy().sum() == 0


def test_percentile_of_several_fields_and_of_none():
    rows = [("a", "x", 2000, 3), ("b", "x", 2000, 1), ("a", "y", 2000, 3), ("c", "y", 2000, 9)]
    rows += [("a", "z", 2000, 3), ("d", "x", 2000, None), ("e", None, 2000, 4), ("f", "x", 2001, 1)]
    found = citation_percentile(cells(rows), min_cell=2)
    assert found.loc["a"].tolist() == [50.0, 2, 1, 2]  # 75 in x, 25 in y, z too small
    assert found.loc["b"].tolist() == [25.0, 2, 1, 1]
    for name in "def":
        assert np.isnan(found["percentile"][name])
    assert citation_percentile(cells([])).empty
    with pytest.raises(TableError, match="twice in one field"):
        citation_percentile(cells([rows[0], rows[0]]))
    with pytest.raises(TableError, match="lacks the column"):
        citation_percentile(cells(rows)[["doc_id", "field"]])


def test_normalised_citations_by_hand():
    rows = [("a", "x", 2000, 6), ("b", "x", 2000, 2), ("c", "x", 2001, 0), ("d", "x", 2001, None)]
    found = normalised_citations(cells(rows))
    assert found["score"].tolist()[:2] == [1.5, 0.5]
    assert found["expected"].tolist()[:2] == [4.0, 4.0]
    assert found["score"].isna().tolist() == [False, False, True, True]  # nobody in 2001 is cited
    assert found["n_cell"].tolist() == [2, 2, 1, 0]
    # b in x and y: e_x = (1 x 6 + 0.5 x 2) / 1.5 = 14/3, e_y = 2; score b = 1/(14/3) + 1/2
    both = normalised_citations(cells([rows[0], rows[1], ("b", "y", 2000, 2)]))
    assert both["score"].tolist() == pytest.approx([6 / (14 / 3), 1 / (14 / 3) + 1 / 2])
    assert both["score"].mean() == pytest.approx(1.0)


def test_h_index():
    assert h_index([10, 8, 5, 4, 3]) == 4
    assert h_index([25, 8, 5, 3, 3]) == 3
    assert h_index([]) == h_index([0, 0]) == 0
    assert h_index([np.nan, 1.0]) == 1
    citations = pd.Series([10, 8, None, 1], index=list("abcd"), dtype="Int64")
    members = pd.DataFrame({"unit_id": list("uuuvvu"), "doc_id": ["a", "b", "c", "d", "x", "a"]})
    found = unit_h_index(citations, members)
    assert found.loc["u"].tolist() == [2, 2, 3]
    assert found.loc["v"].tolist() == [1, 1, 2]


def test_unit_means():
    values = pd.Series([1.0, 3.0, np.nan, 7.0], index=list("abcd"))
    members = pd.DataFrame({"unit_id": list("uuuvw"), "doc_id": list("abcdc")})
    found = unit_means(values, members, rng=np.random.default_rng(1))
    assert found.loc["u", ["mean", "n", "n_docs"]].tolist() == [2.0, 2, 3]
    assert found.loc["u", ["mean_lo", "mean_hi"]].tolist() == [1.0, 3.0]
    assert found["n"].tolist() == [2, 1, 0]
    assert found["mean"].isna().tolist() == [False, False, True]
    assert found["mean_lo"].isna().tolist() == [False, True, True]
    shuffled = unit_means(values[::-1], members[::-1], rng=np.random.default_rng(1))
    pd.testing.assert_frame_equal(found, shuffled)
    with pytest.raises(TableError, match="twice"):
        unit_means(values, pd.concat([members, members]), rng=np.random.default_rng(1))
    assert unit_means(values, members.iloc[:0], rng=np.random.default_rng(1)).empty


def test_the_interval_of_a_unit_mean_covers_it():
    rng = np.random.default_rng(5)
    members = pd.DataFrame({"unit_id": np.repeat(np.arange(200), 40), "doc_id": np.arange(8000)})
    values = pd.Series(rng.exponential(2.0, size=8000))
    found = unit_means(values, members, rng=rng, draws=300)
    covered = (found["mean_lo"] <= 2.0) & (found["mean_hi"] >= 2.0)
    assert 0.87 <= covered.mean() <= 0.99
