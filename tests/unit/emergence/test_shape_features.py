"""Features of the course of a unit's share, worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from small_snapshots import several, small_snapshot, values

from foresight.emergence import shape_features as shape
from foresight.emergence.outcomes import long_run_share, smoothed_share

# A has 1 document a year and then 3, B has 2 and then 1; 2001 to 2010.
DOCS = {}
for year in range(2001, 2011):
    late = year > 2008
    DOCS |= several(f"a{year}", "A", year, 3 if late else 1)
    DOCS |= several(f"b{year}", "B", year, 1 if late else 2)
TOTAL = 8 * 3 + 2 * 4


def share(first, last, counts):
    known = pd.Series([14.0, 18.0], index=pd.Index(["A", "B"], name="unit_id"))
    total = float(sum(counts))
    found, _ = smoothed_share(
        pd.Series(counts, index=known.index, dtype=float),
        total=total,
        known=known,
        total_known=float(TOTAL),
    )
    return np.log(found)


def test_growth_compares_smoothed_shares_of_two_stretches():
    snapshot = small_snapshot(DOCS)
    found = shape.growth_over(2, before=3)(snapshot)
    wanted = share(2009, 2010, [6, 2]) - share(2006, 2008, [3, 6])
    pd.testing.assert_series_equal(found, wanted, check_names=False)
    assert found["A"] > 0 > found["B"]
    found = shape.growth_over(1, before=3)(snapshot)
    wanted = share(2010, 2010, [3, 1]) - share(2007, 2009, [5, 5])
    pd.testing.assert_series_equal(found, wanted, check_names=False)
    assert shape.growth_over(5, before=5)(snapshot)["A"] > 0
    assert shape.growth_over(5, before=5)(small_snapshot(several("a", "A", 2010, 9))).isna().all()


def test_acceleration_is_the_change_of_growth():
    docs = {one: place for one, place in DOCS.items() if place[1] not in (2005, 2006)}
    docs |= several("b05", "B", 2005, 3) | several("b06", "B", 2006, 3)  # in place of 1 and 2
    found = shape.acceleration(small_snapshot(docs))
    snapshot = small_snapshot(docs)
    shares = [shape.log_share(snapshot, year - 1, year) for year in (2006, 2008, 2010)]
    wanted = (shares[2] - shares[1]) - (shares[1] - shares[0])
    pd.testing.assert_series_equal(found, wanted, check_names=False)
    assert (shares[1] - shares[0]).abs().min() > 0.1
    found = shape.acceleration(small_snapshot(DOCS))
    wanted = share(2009, 2010, [6, 2]) - share(2007, 2008, [2, 4])
    pd.testing.assert_series_equal(found, wanted, check_names=False)  # no growth before that


def test_age_is_counted_from_the_tenth_part():
    # A: 14 documents, 2 of them by 2002; B: 18, 2 by 2001.
    assert values(shape.unit_age(small_snapshot(DOCS))) == {"A": 8.0, "B": 9.0}


def test_long_run_share():
    known = pd.Series([14.0, 18.0], index=["A", "B"])
    wanted = long_run_share(known, total=32.0)
    assert values(shape.long_run(small_snapshot(DOCS))) == pytest.approx(wanted.to_dict(), abs=1e-6)


def test_years_since_the_peak():
    # A is greatest at the end; B as great in every three years to 2006 … 2008: the last of them.
    assert values(shape.years_since_peak(small_snapshot(DOCS))) == {"A": 0.0, "B": 2.0}
    assert shape.years_since_peak(small_snapshot(several("a", "A", 2010, 9))).isna().all()


def test_volatility_is_beyond_chance():
    found = values(shape.volatility(small_snapshot(DOCS)))
    part = np.array([3] * 8 + [4] * 2) / 32
    for unit, counts in {"A": [1] * 8 + [3] * 2, "B": [2] * 8 + [1] * 2}.items():
        expected = sum(counts) * part
        beyond = (np.array(counts) - expected) ** 2 - expected * (1 - part)
        assert found[unit] == pytest.approx(beyond.sum() / (expected**2).sum(), abs=1e-6)
    assert shape.volatility(small_snapshot(several("a", "A", 2010, 9))).isna().all()


def test_volatility_of_a_constant_share_is_nil_on_average_whatever_the_size():
    rng = np.random.default_rng(0)
    found = []
    for _ in range(150):
        docs = {}
        for year in range(2001, 2011):
            drawn = rng.multinomial(40, [0.1, 0.9])
            for unit, number in zip("AB", drawn, strict=True):
                docs |= several(f"{unit}{year}", unit, year, number)
        found.append(shape.volatility(small_snapshot(docs)))
    table = pd.DataFrame(found)
    assert table["A"].mean() == pytest.approx(0, abs=3 * table["A"].std() / np.sqrt(150))
    assert table["A"].std() > 5 * table["B"].std()


def test_reversion_gap_is_high_below_the_long_run():
    found = shape.reversion_gap(small_snapshot(DOCS))
    usual = long_run_share(pd.Series([14.0, 18.0], index=["A", "B"]), total=32.0)
    # In 2008 … 2010 A has 7 of 11, B 4 of 11.
    assert found["A"] == pytest.approx(np.log(usual["A"]) - np.log(7.5 / 12))
    assert found["B"] == pytest.approx(np.log(usual["B"]) - np.log(4.5 / 12))
    assert found["B"] > 0 > found["A"]
