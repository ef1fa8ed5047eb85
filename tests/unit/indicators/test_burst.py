"""Bursts: hand-computed gain and weight, empty years, what cannot burst."""

from functools import partial

import numpy as np
import panels
import pytest

from foresight.errors import InsufficientDataError
from foresight.indicators.burst import burst_gain, burst_path, bursts

years_table = partial(panels.years_table, first=2000)


def test_gain_by_hand():
    # 10 of 100 documents: p = 0.1, s p = 0.2; 6 of 20: 6 ln 2 + 14 ln(0.8 / 0.9)
    gain = burst_gain(np.array([[4.0, 6.0]]), np.array([80.0, 20.0]))
    assert gain[0] == pytest.approx(
        [4 * np.log(2) + 76 * np.log(8 / 9), 6 * np.log(2) + 14 * np.log(8 / 9)]
    )


def test_path_by_hand():
    # entering costs 2: a single gain of 1.9 is not worth it, two of 1.5 are, over a dip of 0.5
    gain = np.array([[1.9, -2.5, 1.5, -0.5, 1.5], [1.0, 1.0, 1.0, -3.0, 0.0]])
    path = burst_path(gain, price=2.0)
    assert path.astype(int).tolist() == [[0, 0, 1, 1, 1], [1, 1, 1, 0, 0]]


def test_a_planted_burst_has_its_years_weight_and_numbers():
    counts = [5, 5, 5, 20, 22, 5, 5, 5, 5, 5]
    found = bursts(years_table({"a": counts}, [100] * 10), last_year=2009)
    assert found[["topic_id", "start", "end", "n_docs"]].values.tolist() == [["a", 2003, 2004, 42]]
    p = 82 / 1000
    weight = 42 * np.log(2) + (200 - 42) * np.log((1 - 2 * p) / (1 - p))
    assert found.loc[0, "weight"] == pytest.approx(weight)
    assert found.loc[0, "weight"] > np.log(10)
    assert found.loc[0, "n_usual"] == pytest.approx(200 * p)
    assert not found.loc[0, "ongoing"]


def test_a_burst_up_to_the_last_year_is_ongoing():
    found = bursts(years_table({"a": [2] * 8 + [9, 12]}, [100] * 10), last_year=2009)
    assert found["ongoing"].tolist() == [True]
    assert found["end"].tolist() == [2009]


def test_years_without_a_corpus_are_as_if_left_out():
    counts, totals = [3, 3, 12, 14, 3, 3, 3], [100] * 7
    whole = bursts(years_table({"a": counts}, totals), last_year=2006)
    holes = bursts(
        years_table(
            {"a": [3, 3, 12, 0, 14, 3, 0, 3, 3]}, [100, 100, 100, 0, 100, 100, 0, 100, 100]
        ),
        last_year=2008,
    )
    assert holes["weight"].to_numpy() == pytest.approx(whole["weight"].to_numpy())
    assert holes[["start", "end"]].values.tolist() == [[2002, 2004]]  # spans the empty 2003


def test_empty_years_do_not_make_a_burst_dearer():
    """ln 5 is its price, not ln 45."""
    counts, empty = [4, 4, 4, 4, 13], [0] * 40
    whole = bursts(years_table({"a": counts}, [100] * 5), last_year=2004)
    padded = years_table({"a": counts[:4] + empty + counts[4:]}, [100] * 4 + empty + [100])
    assert len(whole) == 1
    assert np.log(5) < whole.loc[0, "weight"] < np.log(45)
    assert bursts(padded, last_year=2044)["weight"].tolist() == whole["weight"].tolist()


def test_what_cannot_burst_has_no_row():
    units = {"none": [0] * 6, "most": [60] * 6, "flat": [4] * 6}
    found = bursts(years_table(units, [100] * 6), last_year=2005)
    assert found.empty
    assert list(found.columns)[:3] == ["topic_id", "start", "end"]


def test_s_gamma_and_years_that_leave_no_automaton_are_refused():
    table = years_table({"a": [1, 2, 3]}, [9, 9, 9])
    with pytest.raises(InsufficientDataError, match="s above 1"):
        bursts(table, last_year=2002, s=1.0)
    with pytest.raises(InsufficientDataError, match="needs two"):
        bursts(table, last_year=2000)
    with pytest.raises(InsufficientDataError, match="lack a year"):
        bursts(table[table["year"] != 2001], last_year=2002)


def test_one_year_holding_all_documents_is_a_finite_burst():
    found = bursts(years_table({"a": [0, 0, 0, 7, 0, 0]}, [50] * 6), last_year=2005)
    assert found[["start", "end"]].values.tolist() == [[2003, 2003]]
    assert np.isfinite(found["weight"]).all()
