import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta

from foresight.emergence.skill import (
    ceiling,
    difference_table,
    figure_table,
    reliability,
    resample,
)
from foresight.errors import TableError


def forecasts(*, cutoffs=range(2000, 2008), units=40, seed=0, signal=0.6):
    rng = np.random.default_rng(seed)
    parts = []
    for cutoff in cutoffs:
        rise = rng.standard_normal(units)
        good = signal * rise + rng.standard_normal(units)
        for method, prediction in (("good", good), ("twin", good), ("flat", np.zeros(units))):
            parts.append(
                pd.DataFrame(
                    {
                        "cutoff": cutoff,
                        "unit_id": [f"{cutoff}-{i:02d}" for i in range(units)],
                        "method": method,
                        "prediction": prediction,
                        "p_growth": 1 / (1 + np.exp(1 - prediction)),
                        "rise": rise,
                        "grew": rise > 1,
                        "impact_after": np.nan,
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def skills(frame, **more):
    return resample(frame, horizon=3, rng=np.random.default_rng(1), **more)


def test_intervals_hold_the_value_and_the_better_method_is_seen_to_be_better():
    found = skills(forecasts())
    years = found.compared(["good", "flat"])
    assert years == list(range(2000, 2008))
    table = figure_table(found, years)
    good = table["good"]["spearman"]
    assert good["lo"] < good["value"] < good["hi"]
    assert good["lo"] > 0.3
    assert table["good"]["n"] == 320
    gain = difference_table(found, years, scores=["good"], baselines=["flat", "twin"])["good"]
    assert gain["flat"]["spearman"]["lo"] > 0
    assert gain["twin"]["spearman"] == {"value": 0.0, "lo": 0.0, "hi": 0.0}


def test_order_of_rows_changes_nothing():
    frame = forecasts()
    mixed = frame.sample(frac=1, random_state=3)
    mixed = pd.concat([mixed[mixed["method"] == name] for name in ("good", "twin", "flat")])
    years = list(range(2000, 2008))
    assert figure_table(skills(frame), years) == figure_table(skills(mixed), years)


def test_every_cutoff_is_drawn_as_often_as_another():
    found = skills(forecasts(units=12), draws=4000)
    for n in (5, 8):
        taken = found._taken(n)
        assert taken.shape == (4000, n)
        share = np.bincount(taken.ravel(), minlength=n) / taken.size
        assert share == pytest.approx(np.full(n, 1 / n), abs=0.012)
        assert (np.diff(taken[:, :3], axis=1) % n == 1).all()  # runs of three


def test_intervals_cover_the_truth():
    """Independent cut-offs, true correlation known from many units."""
    big = skills(forecasts(units=20_000, cutoffs=[2000]), draws=2)
    truth = figure_table(big, [2000])["good"]["spearman"]["value"]
    inside = 0
    for seed in range(60):
        table = figure_table(
            skills(forecasts(seed=seed, units=25, cutoffs=range(2000, 2006)), draws=300),
            list(range(2000, 2006)),
        )
        inside += table["good"]["spearman"]["lo"] <= truth <= table["good"]["spearman"]["hi"]
    assert inside >= 54  # 57 expected of 60; blocks and units both resampled make it rather more


def test_silent_methods_are_left_out_and_cutoffs_without_them_not_compared():
    frame = forecasts()
    silent = (frame["method"] == "twin") & (frame["cutoff"] < 2003)
    found = skills(frame[~silent])
    assert found.compared(["good", "twin"]) == [2003, 2004, 2005, 2006, 2007]
    assert "twin" not in figure_table(found, [2000, 2004])
    unsure = frame.assign(p_growth=frame["p_growth"].where(frame["cutoff"] > 2005))
    assert skills(unsure).compared(["good"]) == [2006, 2007]
    assert figure_table(skills(unsure), [2000, 2001])["good"]["brier"]["value"] is None


def test_refusals():
    frame = forecasts(cutoffs=[2000])
    with pytest.raises(TableError, match="lack a prediction"):
        skills(frame.assign(prediction=frame["prediction"].where(frame.index > 0)))
    with pytest.raises(TableError, match="has 39 of the 40 units of 2000"):
        skills(frame.iloc[1:])


def test_reliability_by_hand():
    frame = pd.DataFrame(
        {
            "method": "m",
            "p_growth": [0.1, 0.15, 0.65, 0.7, 0.75, 0.8, 1.0, np.nan],
            "grew": [False, True, True, True, False, True, True, True],
        }
    )
    table = reliability(frame).set_index("p_from")
    assert table["n"].to_dict() == {0.0: 2, 0.6: 3, 0.8: 2}
    assert table["grew"].to_list() == pytest.approx([0.5, 2 / 3, 1.0])
    assert table.loc[0.6, "p_mean"] == pytest.approx(0.7)
    assert table.loc[0.6, "grew_lo"] < beta.ppf(0.1, 3, 2)
    assert table.loc[0.8, "p_to"] == 1.0


def test_ceiling_weighs_cutoffs_by_their_units():
    rng = np.random.default_rng(0)
    flat = pd.DataFrame({"cutoff": 2000, "n_after": 10, "expected": 10.0}, index=range(30))
    wild = pd.DataFrame(
        {"cutoff": 2001, "n_after": rng.poisson(100 * rng.gamma(1, 1, 10)), "expected": 100.0}
    )
    both = pd.concat([flat, wild])
    alone = ceiling(wild, [2001], rng=np.random.default_rng(1))["spearman"]
    mixed = ceiling(both, [2000, 2001], rng=np.random.default_rng(1))["spearman"]
    assert alone > 0.9
    assert mixed == pytest.approx(alone / 4, abs=0.01)
