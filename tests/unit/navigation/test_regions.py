"""Regions by tracks: counts, specialisation, space, relatedness: worked answers."""

import numpy as np
import pandas as pd
import pytest
from region_frames import frames
from scipy.stats import gamma

from foresight.errors import InsufficientDataError, SettingsError, TableError
from foresight.navigation.regions import (
    region_counts,
    region_density,
    region_track,
    technology_space,
)


def test_counting_whole_and_fractional():
    members = pd.DataFrame({"unit_id": ["a", "a", "b", "c"], "doc_id": ["1", "2", "1", "9"]})
    regions = pd.DataFrame(
        {"doc_id": ["1", "1", "2", "2", "7"], "region": ["x", "y", "x", "x", "z"]}
    )
    whole = region_counts(members, regions)
    assert whole.index.tolist() == ["x", "y"]  # z has no document of any unit
    assert whole.loc["x"].tolist() == [2, 1, 0]  # c is a column, though it names no region
    assert whole.loc["y"].tolist() == [1, 1, 0]
    parts = region_counts(members, regions, counting="fractional")
    assert parts.loc["x"].tolist() == [1.5, 0.5, 0]
    assert parts.to_numpy().sum() == 3.0  # every placed pair of document and unit counts once
    with pytest.raises(SettingsError, match="counting"):
        region_counts(members, regions, counting="half")
    with pytest.raises(TableError, match="without unit_id"):
        region_counts(members.assign(unit_id=None), regions)


def test_rta_of_the_worked_example_with_its_documents():
    members, regions = frames({("r", "t"): 20, ("r", "o"): 80, ("s", "t"): 30, ("s", "o"): 870})
    found = region_track(members, regions).set_index(["region", "unit_id"]).loc[("r", "t")]
    assert found["rta"] == pytest.approx(4.0)
    assert found["rsi"] == pytest.approx(0.6)
    assert (found["n_docs"], found["n_expected"], found["n_region"]) == (20, 5.0, 100)
    mass = found["prior_mass"]
    assert found["rta_lo"] == pytest.approx(gamma.ppf(0.025, 20 + mass, scale=1 / (5 + mass)))
    assert len(found["doc_ids"].split(";")) == 20
    assert found["counting"] == "whole"


def test_a_document_of_two_units_counts_once_in_its_region():
    members = pd.DataFrame({"unit_id": ["a", "b", "a"], "doc_id": ["1", "1", "2"]})
    regions = pd.DataFrame({"doc_id": ["1", "2"], "region": ["x", "y"]})
    found = region_track(members, regions)
    assert found.loc[found["region"] == "x", "n_region"].tolist() == [1, 1]
    assert found.loc[found["n_docs"] == 0, "doc_ids"].tolist() == [""]


def four_regions(count=10):
    """Presence: p and q have a, b, c; r has c and d; s has a and d: equal counts."""
    held = {"p": "abc", "q": "abc", "r": "cd", "s": "ad"}
    return {(region, unit): count for region, units in held.items() for unit in units}


def test_the_space_by_hand():
    counts = region_counts(*frames(four_regions()))
    space = technology_space(counts, min_docs=20)
    assert space.phi.loc["a", "b"] == pytest.approx(2 / 3)  # p and q of the three that have a
    assert space.phi.loc["a", "d"] == pytest.approx(1 / 3)
    assert space.phi.loc["b", "d"] == 0
    assert space.units["ubiquity"].to_dict() == {"a": 3, "b": 2, "c": 3, "d": 2}
    assert space.units["n_docs"].sum() == 100
    assert space.regions["n_docs"].to_dict() == {"p": 30, "q": 30, "r": 20, "s": 20}


def test_small_and_excluded_regions_teach_nothing():
    counts = region_counts(*frames(four_regions()))
    assert list(technology_space(counts, min_docs=30).regions.index) == ["p", "q"]
    assert "p" not in technology_space(counts, min_docs=20, exclude=["p"]).regions.index
    with pytest.raises(InsufficientDataError, match="most: 30"):
        technology_space(counts, min_docs=31)


def test_complexity_that_is_not_defined_is_missing_with_its_reason():
    space = technology_space(region_counts(*frames(four_regions())), min_docs=30)
    assert space.units["pci"].isna().all()
    assert space.regions["eci"].isna().all()
    assert "three of each" in space.reason


def density_of(region, *, draws=50, seed=1, count=10):
    members, regions = frames(four_regions(count))
    space = technology_space(region_counts(members, regions), min_docs=2)
    table = region_track(members, regions)
    found = region_density(
        table, space=space, of=[region, "nowhere"], rng=np.random.default_rng(seed), draws=draws
    )
    return found.set_index("unit_id")


def test_density_by_hand():
    found = density_of("r")
    # near to a: b 2/3, c 2/3, d 1/3, of which r has c and d
    assert found["density"].loc["a"] == pytest.approx(
        100 * (2 / 3 + 1 / 3) / (2 / 3 + 2 / 3 + 1 / 3)
    )
    assert found["present"].to_dict() == {"a": False, "b": False, "c": True, "d": True}
    assert found["density_mean"].iloc[0] == pytest.approx(found["density"].mean())
    assert set(found["region"]) == {"r"}  # a region without documents has no row
    assert found["n_region"].tolist() == [20] * 4


def test_support_are_the_documents_of_near_units_that_the_region_has():
    found = density_of("r")
    assert all(doc.startswith("r-c-") for doc in found["support_ids"].loc["b"].split(";"))
    assert len(found["support_ids"].loc["b"].split(";")) == 10  # d is not near to b
    assert len(found["support_ids"].loc["a"].split(";")) == 20
    assert len(found["support_ids"].loc["c"].split(";")) == 10  # never the unit itself


def test_documents_of_a_near_unit_that_is_no_speciality_support_nothing():
    cells = {**four_regions(), ("r", "b"): 1}
    members, regions = frames(cells)
    space = technology_space(region_counts(members, regions), min_docs=2)
    found = region_density(
        region_track(members, regions), space=space, of=["r"], rng=np.random.default_rng(1), draws=5
    ).set_index("unit_id")
    assert not found["present"].loc["b"]
    assert "r-b-0" not in found["support_ids"].loc["a"]


def test_the_interval_knows_that_an_absent_unit_may_be_missed():
    few, many = density_of("r", draws=400, count=1), density_of("r", draws=400, count=100)
    assert few["density_hi"].loc["b"] == 100  # r lacks a: with two documents, perhaps by accident
    assert many["density_hi"].loc["b"] == many["density"].loc["b"] == 50
    assert few["p_near"].between(0.05, 0.95).all()
    again = density_of("r", draws=400, count=1)
    pd.testing.assert_frame_equal(few, again)  # the same generator, the same answer
