"""Features of classes, worked out by hand."""

import numpy as np
import pytest
from scipy.special import comb
from small_snapshots import several, small_snapshot, values

from foresight.emergence import class_features as classes
from foresight.emergence import usage

THEN = several("a1", "A", 2006, 10) | several("b1", "B", 2006, 10)
NOW = several("a2", "A", 2009, 10) | several("b2", "B", 2009, 10)
DOCS = THEN | NOW


def test_first_pairs():
    ids = sorted(DOCS)
    pairs = [0.0 if one == "a209" else 4.0 for one in ids]
    first = [3.0 if one in ("a200", "a201", "b100") else 0.0 for one in ids]
    snapshot = small_snapshot(DOCS, columns={"n_pairs": pairs, "n_first_pairs": first})
    # A: two of nine with a pair have 3/4; B none, before one of ten.
    wanted = {"A": round(1.5 / 9, 6), "B": 0.0}
    assert values(classes.first_pair_part(snapshot)) == wanted
    wanted = {"A": round(1.5 / 9, 6), "B": -0.075}
    assert values(classes.first_pair_change(snapshot)) == wanted


def test_spread_of_classes():
    said = {one: ["x"] for one in DOCS} | {"a200": ["y"], "a201": ["y", "z"], "a202": ["z"]}
    snapshot = small_snapshot(DOCS, classes=said)
    # Pairs of ten documents that agree: 21 with x; y with y, z and z with z by one half.
    spread = 1 - (21 + 0.5 + 0.5) / 45
    assert values(classes.class_spread(snapshot)) == {"A": round(spread, 6), "B": 0.0}
    assert values(classes.class_spread_change(snapshot)) == {"A": round(spread, 6), "B": 0.0}


def test_classes_new_to_a_unit():
    docs = several("a1", "A", 2004, 24) | several("a2", "A", 2009, 5) | several("b", "B", 2004, 19)
    docs |= several("b2", "B", 2009, 5)
    said = {one: ["x"] for one in docs} | {"a100": ["y"], "a101": ["y"]}
    said |= {"a200": ["y"], "a201": ["z", "x"], "a202": ["z"], "b200": ["y"]}
    found = values(classes.new_classes(small_snapshot(docs, classes=said)))
    unseen_y = comb(22, 20) / comb(24, 20)  # two of 24 have y; 22 have x, which is always met
    assert found == {"A": round((unseen_y + 0.5 + 1) / 5, 6), "B": None}
    assert usage.not_met(np.array([0.0, 2.0, 24.0]), 24).tolist() == pytest.approx([1, unseen_y, 0])


def test_momentum_and_rising_classes():
    said = {one: ["x"] for one in DOCS}
    said |= {f"b20{i}": ["x", "y"] for i in range(6)} | {"b100": ["y"], "a200": ["y"]}
    said |= {"a201": ["y", "w"], "b209": ["w"]}
    snapshot = small_snapshot(DOCS, classes=said)
    # Others of A: x 9 then, 9 now; y 1 then, 6 now; w none, 1; ten documents each time.
    growth = {"x": 0.0, "y": np.log(6.5 / 1.5), "w": np.log(1.5 / 0.5)}
    a = (growth["y"] + (growth["y"] + growth["w"]) / 2) / 10
    # Others of B: x 10 then, 8 now; y none, 2; w none, 1.
    growth = {"x": np.log(8.5 / 10.5), "y": np.log(2.5 / 0.5), "w": np.log(1.5 / 0.5)}
    b = (3 * growth["x"] + 6 * (growth["x"] + growth["y"]) / 2 + growth["w"]) / 10
    found = values(classes.class_momentum(snapshot))
    assert found == pytest.approx({"A": a, "B": b}, abs=1e-6)
    # y rises around A, w is of too few; around B nothing is of five.
    assert values(classes.rising_classes(snapshot)) == {"A": 0.15, "B": 0.0}


def test_fresh_classes():
    docs = DOCS | several("x", None, 2000, 1) | several("z", None, 2005, 1)
    said = {one: ["x"] for one in docs} | {"a200": ["y"], "a201": ["x", "y"], "b100": ["y"]}
    said |= {"z00": ["z"], "a202": ["z"]}  # of six years
    assert values(classes.fresh_classes(small_snapshot(docs, classes=said))) == {"A": 0.15, "B": 0}
    said["x00"] = ["x", "y"]  # an old class after all
    assert values(classes.fresh_classes(small_snapshot(docs, classes=said))) == {"A": 0, "B": 0}
    short = small_snapshot(DOCS, classes={one: ["x"] for one in DOCS})
    assert classes.fresh_classes(short).isna().all()


def test_without_classes_all_is_missing():
    for one in classes.FEATURES:
        assert one.compute(small_snapshot(DOCS)).isna().all(), one.name
