import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.isotonic import IsotonicRegression

from foresight.emergence.calibration import PlattCalibration
from foresight.emergence.learned import LearnedScore, blocks, enough_to_learn
from foresight.errors import InsufficientDataError, SettingsError


def training(*, cutoffs=8, units=40, seed=0, signal=0.4):
    """Percentiles of which the first foretells, the second does not, the third is missing."""
    rng = np.random.default_rng(seed)
    years = np.repeat(np.arange(2000, 2000 + cutoffs), units)
    table = pd.DataFrame({"tells": rng.random(len(years)), "noise": rng.random(len(years))})
    table["absent"] = np.nan
    y = np.clip(signal * table["tells"] + (1 - signal) * rng.random(len(years)), 0, 1).to_numpy()
    return table, y, y > np.quantile(y, 0.8), years


@pytest.mark.parametrize("kind", ["linear", "boosting", "both"])
def test_what_foretells_is_learnt_and_chance_is_sure_of_little(kind):
    table, y, grew, years = training()
    model = LearnedScore(kind=kind).fit(table, y, grew=grew, cutoffs=years)
    assert model.features_ == ["tells", "noise"]
    test, rise, rose, _ = training(seed=1)
    assert np.corrcoef(model.predict(test), rise)[0, 1] > 0.45
    p = model.predict_growth(test)
    assert ((p > 0) & (p < 1)).all()
    assert np.mean((p - rose) ** 2) < np.mean((rose.mean() - rose) ** 2)
    table, y, grew, years = training(signal=0.0, seed=2)
    model = LearnedScore(kind=kind).fit(table, y, grew=grew, cutoffs=years)
    assert np.ptp(model.predict_growth(test)) < 0.25


def test_both_is_the_mean_of_the_two_and_the_model_is_a_scikit_learn_one():
    table, y, grew, years = training()
    made = {
        kind: clone(LearnedScore(kind=kind)).fit(table, y, grew=grew, cutoffs=years).predict(table)
        for kind in ("linear", "boosting", "both")
    }
    assert made["both"] == pytest.approx((made["linear"] + made["boosting"]) / 2)


def test_missing_values_stand_at_the_middle_of_the_linear_model():
    table, y, grew, years = training()
    model = LearnedScore(kind="linear").fit(table, y, grew=grew, cutoffs=years)
    middle, gap = table.head(1).assign(noise=0.5), table.head(1).assign(noise=np.nan)
    assert model.predict(gap) == pytest.approx(model.predict(middle))


def test_a_feature_that_only_a_left_out_block_has():
    table, y, grew, years = training()
    table["late"] = np.where(years == 2007, table["tells"], np.nan)
    model = LearnedScore().fit(table, y, grew=grew, cutoffs=years)
    assert "late" in model.features_
    assert np.isfinite(model.predict(table)).all()


def test_blocks_leave_out_successive_cutoffs_together():
    years = np.array([2005, 2001, 2002, 2003, 2004, 2001])
    parts = [(set(years[learn]), set(years[test])) for learn, test in blocks(years, horizon=3)]
    assert parts == [({2004, 2005}, {2001, 2002, 2003}), ({2001, 2002, 2003}, {2004, 2005})]


def test_too_little_is_refused():
    table, y, grew, years = training(cutoffs=3)
    assert not enough_to_learn(years, horizon=3)
    assert not enough_to_learn(np.arange(30), horizon=3)
    with pytest.raises(InsufficientDataError, match=r"120 units of 3 cut-offs are too few"):
        LearnedScore().fit(table, y, grew=grew, cutoffs=years)
    with pytest.raises(SettingsError, match="`kind` is one of"):
        LearnedScore(kind="deep").fit(table, y, grew=grew, cutoffs=years)


def test_calibration_follows_what_happened():
    rng = np.random.default_rng(0)
    score = rng.random(4000)
    grew = rng.random(4000) < 1 / (1 + np.exp(-3 * (score - 0.7)))
    p = PlattCalibration().fit(score, grew).predict(score)
    free = IsotonicRegression(out_of_bounds="clip").fit(score, grew).predict(score)
    assert np.mean(np.abs(p - free)) < 0.03


def test_a_score_that_misled_gets_the_base_rate():
    score = np.linspace(0, 1, 100)
    for grew in (score < 0.2, np.zeros(100, dtype=bool)):
        p = PlattCalibration().fit(score, grew).predict(np.array([0.0, 1.0]))
        assert p.tolist() == pytest.approx([(grew.sum() + 1) / 102] * 2)
    flat = PlattCalibration().fit(np.ones(100), score > 0.5).predict(np.ones(2))
    assert flat.tolist() == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize("kind", ["linear", "boosting"])
def test_a_part_alone_is_the_score_of_its_kind(kind):
    table, y, grew, years = training()
    part = LearnedScore().fit(table, y, grew=grew, cutoffs=years).alone(kind)
    other = LearnedScore(kind=kind).fit(table, y, grew=grew, cutoffs=years)
    assert np.array_equal(part.predict(table), other.predict(table))
    assert np.array_equal(part.predict_growth(table), other.predict_growth(table))
