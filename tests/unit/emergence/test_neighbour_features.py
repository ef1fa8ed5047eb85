"""Features of where units lie and how they move, worked out by hand in the plane."""

import numpy as np
import pytest
from small_snapshots import several, small_snapshot, values

from foresight.emergence import neighbour_features as near
from foresight.emergence.outcomes import least_rise
from foresight.emergence.shape_features import growth_between
from foresight.indicators.surroundings import evenly, near_share


def angled(degrees):
    turn = np.radians(degrees)
    return [float(np.cos(turn)), float(np.sin(turn))]


# Four units at right angles, so that the mean of the corpus is 0; A and C grow, B and D shrink.
ANGLES = {"A": 0, "B": 90, "C": 180, "D": 270}


def cross(turns=None):
    docs, vectors = {}, {}
    for unit in ANGLES:
        early, late = (6, 10) if unit in "AC" else (10, 6)
        docs |= several(f"{unit}1", unit, 2006, early) | several(f"{unit}2", unit, 2009, late)
    for one, (unit, _) in docs.items():
        vectors[one] = angled(ANGLES[unit] + (turns or {}).get(one, 0))
    return docs, vectors


def test_neighbours_count_by_their_cosine():
    docs, vectors = cross()
    extra = {}  # E lies between A and B, nearer to A; F opposite keeps the mean at 0
    for unit, angle in (("E", 30), ("F", 210)):
        own = several(f"{unit}1", unit, 2006, 8) | several(f"{unit}2", unit, 2009, 8)
        extra |= own
        vectors |= dict.fromkeys(own, angled(angle))
    snapshot = small_snapshot(docs | extra, vectors=vectors)
    growth = growth_between(snapshot, years=3, before=3)
    assert growth["A"] > 0 > growth["B"]
    found = near.neighbour_growth(snapshot)
    weights = np.cos(np.radians([30, 60]))
    wanted = (weights[0] * growth["A"] + weights[1] * growth["B"]) / weights.sum()
    assert found["E"] == pytest.approx(wanted, abs=1e-5)
    # Of C, D lies at a right angle and F at 30 degrees.
    assert found["C"] == pytest.approx(growth["F"], abs=1e-5)


def test_nearest_rising_unit():
    docs, vectors = cross()
    snapshot = small_snapshot(docs, vectors=vectors)
    growth = growth_between(snapshot, years=3, before=3)
    assert (growth >= least_rise(3)).tolist() == [False] * 4
    assert near.near_rising(snapshot).isna().all()
    docs |= several("A3", "A", 2010, 60)
    vectors |= dict.fromkeys(several("A3", "A", 2010, 60), angled(0))
    balance = several("X1", None, 2006, 30) | several("X2", None, 2010, 30)  # of no unit
    vectors |= dict.fromkeys(balance, angled(180))
    snapshot = small_snapshot(docs | balance, vectors=vectors)
    growth = growth_between(snapshot, years=3, before=3)
    assert (growth >= least_rise(3)).tolist() == [True, False, False, False]
    found = near.near_rising(snapshot)
    assert found[["B", "C", "D"]].to_list() == pytest.approx([0, -1, 0], abs=1e-5)
    assert np.isnan(found["A"])


def test_drift_by_hand():
    # A turns by 60 degrees, from documents that agree to documents 20 degrees to either side.
    turns = {f"A2{i:02d}": 60 + (20 if i % 2 else -20) for i in range(10)}
    turns |= {f"C2{i:02d}": 60 + (20 if i % 2 else -20) for i in range(10)}
    docs, vectors = cross(turns)
    snapshot = small_snapshot(docs, vectors=vectors)
    # Of 45 pairs 20 agree and 25 lie 40 degrees apart.
    tight = (20 + 25 * np.cos(np.radians(40))) / 45
    mean = np.cos(np.radians(20))
    drift = tight + 1 - 2 * mean * np.cos(np.radians(60))
    assert near.drift(snapshot)["A"] == pytest.approx(drift, abs=1e-5)
    assert near.drift(snapshot)["B"] == pytest.approx(0, abs=1e-5)


def test_drift_is_nil_on_average_for_a_unit_that_stays():
    rng = np.random.default_rng(1)
    docs, vectors = {}, {}
    for unit in range(60):
        own = several(f"{unit:02d}a", f"{unit:02d}", 2006, 6)
        own |= several(f"{unit:02d}b", f"{unit:02d}", 2009, 6)
        docs |= own
        centre = rng.standard_normal(8)
        vectors |= {one: centre + rng.standard_normal(8) for one in own}
    found = near.drift(small_snapshot(docs, vectors=vectors))
    assert found.mean() == pytest.approx(0, abs=3 * found.std() / np.sqrt(60))
    assert found.min() < 0


def test_recency_of_the_surroundings():
    """Around the recent documents of A lie recent ones, around those of C old ones."""
    docs, vectors = {}, {}
    for unit, late, angle in (("A", 2010, 0), ("B", 2010, 4), ("C", 2010, 180), ("D", 2004, 184)):
        own = several(unit, unit, late, 21)
        docs |= own
        vectors |= {one: angled(angle + 0.01 * i) for i, one in enumerate(own)}
    snapshot = small_snapshot(docs, vectors=vectors)
    assert values(near.local_recency(snapshot)) == {"A": 1.0, "B": 1.0, "C": 1.0, "D": None}
    assert values(near.outside_recency(snapshot)) == {"A": 1.0, "B": 1.0, "C": 0.0, "D": None}


def test_nearest_neighbours_by_hand():
    points = np.array([angled(turn) for turn in (0, 10, 30, 60, 100)], dtype=np.float32)
    late = np.array([True, False, True, True, False])
    groups = np.array([0, 0, 1, 1, 1])
    every = np.arange(5)
    share, outside = near_share(points, late, groups, asked=every, pool=every, nearest=2)
    # Of the first: 10 and 30 degrees; of another group: 30 and 60.
    assert share.tolist() == [0.5, 1.0, 0.5, 0.5, 1.0]
    assert outside.tolist() == [1.0, 1.0, 0.5, 0.5, 0.5]
    _, few = near_share(points, late, groups, asked=every, pool=every, nearest=3)
    assert np.isnan(few[2:]).all()
    assert few[0] == pytest.approx(2 / 3)


def test_rows_are_spread_evenly():
    assert evenly(np.arange(5), most=9).tolist() == [0, 1, 2, 3, 4]
    assert evenly(np.arange(101), most=3).tolist() == [0, 50, 100]


def test_without_vectors_all_is_missing():
    docs, _ = cross()
    for one in near.FEATURES:
        assert one.compute(small_snapshot(docs)).isna().all(), one.name
