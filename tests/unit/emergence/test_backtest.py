from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from synth import backtest_records, backtest_tables

from foresight.emergence.backtest import (
    composite,
    examine,
    forecast,
    percentiles,
    plan_cutoffs,
    possible_cutoffs,
)
from foresight.emergence.calibration import Platt
from foresight.emergence.methods import METHODS
from foresight.emergence.prior import Prior, Weights
from foresight.emergence.registry import COMPONENTS, Feature, all_features, feature_table
from foresight.emergence.snapshot import number_of_units, take_snapshot
from foresight.errors import InsufficientDataError, TableError
from foresight.settings import Settings

SETTINGS = Settings()
NAMES = [one.name for one in all_features()]


def totals(first, *counts):
    return pd.Series(counts, index=pd.RangeIndex(first, first + len(counts)))


def panel(*, cutoffs=range(2000, 2012), units=30, seed=0):
    """A table as `examine` gives it, in which `new_people` foretells."""
    rng = np.random.default_rng(seed)
    years = np.repeat(np.array(cutoffs), units)
    frame = pd.DataFrame({name: rng.random(len(years)) for name in NAMES})
    rise = 0.6 * frame["new_people"] + 0.4 * rng.random(len(years))
    return frame.assign(
        cutoff=years,
        unit_id=[f"{year}-{i % units + 1:03d}" for i, year in enumerate(years)],
        rise=rise,
        grew=(rise > 0.7).astype("boolean"),
        impact_after=np.nan,
        n_before=20,
        n_after=30,
        expected=25.0,
        share=0.03,
        mass=100.0,
    )


def test_a_cutoff_needs_documents_before_and_after():
    years = totals(2000, *[60] * 15)
    assert possible_cutoffs(years, last_year=2014, horizon=3) == list(range(2005, 2012))
    assert possible_cutoffs(years, last_year=2012, horizon=5) == [2005, 2006, 2007]
    thin = years.copy()
    thin[2007] = 9
    assert possible_cutoffs(thin, last_year=2014, horizon=1) == [2005, 2013]
    assert possible_cutoffs(totals(2000, *[40] * 15), last_year=2014, horizon=3)[0] == 2007


def test_plans():
    years = totals(1990, *[60] * 30)
    plan = plan_cutoffs(years, last_year=2019, horizon=3)
    assert plan.reported == list(range(1995, 2017))
    assert plan.earlier == []
    plan = plan_cutoffs(years, last_year=2019, horizon=3, asked=[2010, 2008])
    assert plan.earlier == list(range(1998, 2008))
    assert plan.cutoffs == [*range(1998, 2009), 2010]
    with pytest.raises(InsufficientDataError, match=r"1994, 2017 cannot be a cut-off.*1995:2016"):
        plan_cutoffs(years, last_year=2019, horizon=3, asked=[1994, 2000, 2017])
    with pytest.raises(InsufficientDataError, match="No year of the corpus"):
        plan_cutoffs(totals(2000, 5, 6), last_year=2001, horizon=3)


def test_number_of_units():
    assert [number_of_units(n) for n in (300, 1000, 9_000, 10**6)] == [5, 17, 150, 150]
    with pytest.raises(InsufficientDataError, match="299 documents are too few"):
        number_of_units(299)


def test_percentiles_stay_within_a_cutoff_and_leave_gaps():
    table = pd.DataFrame({"cutoff": [1, 1, 1, 2, 2], "x": [5.0, 7.0, np.nan, 1.0, 1.0]})
    found = percentiles(table, ["x"])["x"].to_list()
    assert found[:2] == [0.25, 0.75]
    assert np.isnan(found[2])
    assert found[3:] == [0.5, 0.5]


def test_composite_by_hand_with_what_is_missing_left_out():
    ranked = pd.DataFrame(
        {"growth": [0.8, 0.8], "vitality": [0.2, np.nan], "reference_vitality": [0.4, np.nan]}
    )
    assert composite(ranked).to_list() == pytest.approx([(0.8 + 0.3) / 2 * 100, 80])
    weighed = composite(ranked, weights={"growth": 3.0, "vitality": 1.0})
    assert weighed.to_list() == pytest.approx([(2.4 + 0.3) / 4 * 100, 80])
    assert composite(ranked, weights={"impact": 1.0}).isna().all()


def test_every_component_has_a_feature():
    assert {one.component for one in all_features()} == {None, *COMPONENTS}


def shipped(year):
    return Weights(year, 40, 0.2, {"new_people": 0.5}, np.full((2, 1), 0.5), Platt(-1.0, 1.0))


def test_an_analyst_s_weights_are_a_method_of_their_own():
    table = panel()
    own = replace(SETTINGS, weights={"community": 2.0})
    found = forecast(table, cutoffs=[2011], horizon=3, settings=own)
    rows = found[found["method"] == "weighted"].set_index("unit_id")["prediction"]
    now = table[table["cutoff"] == 2011]
    ranked = percentiles(now, [one.name for one in all_features()])
    wanted = composite(ranked, weights={"community": 1.0})
    assert rows.to_numpy() == pytest.approx(wanted.to_numpy())


def test_every_method_speaks_once_there_is_enough_to_learn_from():
    table = panel()
    prior = Prior(3, {"other": "abc"}, (shipped(2006),))
    found = forecast(table, cutoffs=[2005, 2006, 2011], horizon=3, settings=SETTINGS, prior=prior)
    spoke = found.groupby("cutoff")["method"].unique()
    learnt = {"learned", "learned_linear", "learned_boosting", "shipped"}
    assert set(METHODS) - set(spoke[2005]) == learnt | {"weighted"}
    assert set(spoke[2006]) == set(METHODS) - {"weighted"}  # 2000 to 2003 are over by 2006
    assert found.loc[found["cutoff"] == 2005, "p_growth"].isna().all()
    late = found[found["cutoff"] == 2011].set_index(["method", "unit_id"])
    assert late["p_growth"].between(0, 1).all()
    for method in learnt:
        assert late.loc[method, "prediction"].corr(late.loc[method, "rise"]) > 0.4


def test_shipped_weights_of_another_horizon_are_silent():
    prior = Prior(5, {}, (shipped(2000),))
    found = forecast(panel(), cutoffs=[2011], horizon=3, settings=SETTINGS, prior=prior)
    assert "shipped" not in set(found["method"])


def test_only_outcomes_that_are_over_are_learnt_from():
    """Whatever came after 2006 changes no forecast of 2006."""
    table = panel()
    other = table.copy()
    late = other["cutoff"] > 2003
    other.loc[late, "rise"] = -other.loc[late, "rise"]
    other.loc[late, "grew"] = ~other.loc[late, "grew"]
    other.loc[other["cutoff"] > 2006, NAMES] = 0.5
    said = ["unit_id", "method", "prediction", "p_growth"]
    one, two = (
        forecast(frame, cutoffs=[2006], horizon=3, settings=SETTINGS)[said]
        for frame in (table, other)
    )
    pd.testing.assert_frame_equal(one, two)
    early = table.copy()
    early.loc[early["cutoff"] == 2003, "rise"] *= -1
    three = forecast(early, cutoffs=[2006], horizon=3, settings=SETTINGS)[said]
    assert not one["prediction"].equals(three["prediction"])


def test_order_of_units_changes_nothing():
    table = panel()
    mixed = table.sample(frac=1, random_state=1)
    key = ["cutoff", "method", "unit_id"]
    one, two = (
        forecast(frame, cutoffs=[2007], horizon=3, settings=SETTINGS)
        .set_index(key)
        .sort_index()[["prediction", "p_growth"]]
        for frame in (table, mixed.sort_values(["cutoff", "unit_id"]))
    )
    pd.testing.assert_frame_equal(one, two)


def test_an_outcome_that_is_not_over_is_missing():
    tables, vectors, _ = backtest_tables(
        years=range(1995, 2011), steady=8, fading=1, planted=1, seed=2
    )
    records = backtest_records(tables, vectors)
    over = examine(records, cutoff=2006, horizon=3, last_year=2010, settings=SETTINGS)
    ahead = examine(records, cutoff=2008, horizon=3, last_year=2010, settings=SETTINGS)
    for name in ("rise", "grew", "n_after", "expected", "impact_after"):
        assert over[name].notna().all()
        assert ahead[name].isna().all()
    assert ahead[["n_before", "growth", "vitality"]].notna().all(axis=None)
    assert over.dtypes.equals(ahead.dtypes)
    apart = ["science_linkage", "fresh_science", "young_science"]
    given = over[[name for name in NAMES if name not in apart]].notna().mean()
    # The false burst cites nothing, and a new topic has nothing to compare with.
    assert (given > 0.4).all(), given[given <= 0.4]
    assert over[apart].isna().all(axis=None)  # no patents


def test_a_feature_that_forgets_units_is_refused():
    tables, vectors, _ = backtest_tables(
        years=range(2000, 2011), steady=8, fading=1, planted=1, seed=2
    )
    records = backtest_records(tables, vectors)
    snapshot, _ = take_snapshot(records, last_year=2008, settings=SETTINGS)
    short = Feature("short", lambda s: pd.Series(1.0, index=s.units[1:]))
    with pytest.raises(TableError, match="`short` gave"):
        feature_table(snapshot, features=[short])


def test_too_small_topics_are_no_units():
    tables, vectors, _ = backtest_tables(
        years=range(2000, 2011), steady=8, fading=1, planted=1, seed=2
    )
    records = backtest_records(tables, vectors)
    snapshot, _ = take_snapshot(records, last_year=2008, settings=SETTINGS)
    sizes = snapshot.members.groupby("unit_id").size()
    strict, _ = take_snapshot(
        records, last_year=2008, settings=Settings(min_docs=int(sizes.median()))
    )
    assert set(strict.units) == set(sizes.index[sizes >= int(sizes.median())])
    assert len(strict.units) < len(sizes)
