"""The rise of units by the place that a method gave them."""

import numpy as np
import pandas as pd
import pytest

from foresight.emergence.places import group_count, rise_by_place


def results(units=10, cutoffs=(2000, 2001), *, methods=("up", "flat"), seed=0):
    rng = np.random.default_rng(seed)
    rows = []
    for cutoff in cutoffs:
        for unit in range(units):
            rise = unit / units + 0.01 * (cutoff - 2000)
            for method in methods:
                said = unit if method == "up" else 7.0
                rows.append((cutoff, f"{cutoff}-{unit:03d}", method, said, rise))
    frame = pd.DataFrame(rows, columns=["cutoff", "unit_id", "method", "prediction", "rise"])
    return frame.sample(frac=1, random_state=rng.integers(99)) if seed else frame


def placed(frame, **more):
    return rise_by_place(
        frame, cutoffs=[2000, 2001], horizon=1, rng=np.random.default_rng(1), **more
    )


def test_means_by_hand():
    found = placed(results())
    up = found[found["method"] == "up"]
    assert up["place_from"].tolist() == [0.0, 0.2, 0.4, 0.6, 0.8]
    assert up["n"].tolist() == [4] * 5
    # Units 0 and 1 of both cut-offs: (0 + 0.1 + 0.01 + 0.11) / 4.
    np.testing.assert_allclose(up["rise"], [0.055, 0.255, 0.455, 0.655, 0.855])
    assert (up["rise_lo"] < up["rise"]).all()
    assert (up["rise"] < up["rise_hi"]).all()
    # Two draws of two at each of two drawn cut-offs: between 0 and 0.11.
    assert 0.0 <= up["rise_lo"].iloc[0] < up["rise_hi"].iloc[0] <= 0.11


def test_units_that_tie_stand_in_the_middle():
    flat = placed(results()).query("method == 'flat'")
    assert flat[["place_from", "place_to", "n"]].to_numpy().tolist() == [[0.4, 0.6, 20]]
    assert flat["rise"].iloc[0] == pytest.approx(0.455)


def test_the_order_of_rows_changes_nothing():
    one, two = (placed(results(40, methods=("up",), seed=seed)) for seed in (0, 4))
    pd.testing.assert_frame_equal(one, two)


def test_other_cutoffs_are_not_read():
    more = pd.concat([results(), results(cutoffs=(1990,)).assign(rise=99.0)], ignore_index=True)
    pd.testing.assert_frame_equal(placed(results()), placed(more))


def test_tenths_where_there_are_fifty_units():
    assert group_count(results(units=49)) == 5
    assert group_count(results(units=50)) == 10
    assert len(placed(results(units=50, methods=("up",)))) == 10


def test_a_single_cutoff_has_an_interval_of_its_units_alone():
    frame = results(cutoffs=(2000,), methods=("up",))
    found = rise_by_place(frame, cutoffs=[2000], horizon=3, rng=np.random.default_rng(0))
    assert found["rise_lo"].iloc[0] == 0.0
    assert found["rise_hi"].iloc[0] == pytest.approx(0.1)
