import json

import numpy as np
import pandas as pd
import pytest

from foresight.emergence.calibration import Platt, PlattCalibration
from foresight.emergence.prior import Prior, Weights, train_prior
from foresight.errors import InsufficientDataError


def world(*, cutoffs=range(2000, 2010), units=40, seed=0):
    """A panel in which `tells` foretells and `noise` does not, and its percentiles."""
    rng = np.random.default_rng(seed)
    years = np.repeat(np.array(cutoffs), units)
    ranked = pd.DataFrame({"tells": rng.random(len(years)), "noise": rng.random(len(years))})
    ranked["absent"] = np.nan
    rise = 0.5 * ranked["tells"] + 0.5 * rng.random(len(years))
    panel = pd.DataFrame({"cutoff": years, "rise": rise, "grew": rise > 0.7})
    return panel.assign(n_before=20, n_after=30), ranked


def trained(panel, ranked):
    return train_prior({"one": panel}, ranked={"one": ranked}, corpora={"one": "abc"}, horizon=3)


def test_weights_learn_what_foretells():
    prior = trained(*world())
    assert [one.known_by for one in prior.weights] == list(range(2006, 2013))
    last = prior.at(2030)
    assert last.known_by == 2012
    assert last.n_units == 400
    assert last.features["tells"] > 0.05 > 5 * abs(last.features["noise"])
    assert "absent" not in last.features
    assert last.growth.slope > 0
    assert prior.at(2005) is None
    assert prior.at(2008).known_by == 2008


def test_with_little_to_learn_from_the_weights_are_the_composite_s():
    """Equal weights of components, whatever their number of features, at the scale of the data."""
    rng = np.random.default_rng(0)
    years = np.repeat(np.arange(2000, 2005), 10)
    names = ["growth", "newness", "vitality", "modernity", "novelty", "newcomers"]
    ranked = pd.DataFrame(rng.random((50, 6)), columns=names)
    composite = ranked[names[:2]].mean(axis=1) + ranked[names[2:4]].mean(axis=1)
    composite += ranked["novelty"] + ranked["newcomers"]
    panel = pd.DataFrame({"cutoff": years, "rise": composite, "grew": composite > 2.2})
    found = trained(panel.assign(n_before=20, n_after=30), ranked).at(2007).features
    assert found["growth"] == pytest.approx(found["newness"], rel=0.1)
    assert found["novelty"] == pytest.approx(2 * found["growth"], rel=0.1)
    assert found["newcomers"] == pytest.approx(found["novelty"], rel=0.1)


def test_weights_of_a_year_know_no_later_outcome():
    panel, ranked = world()
    other, changed = panel.copy(), ranked.copy()
    late = panel["cutoff"] > 2004
    other.loc[late, "rise"] *= -1
    other.loc[late, "grew"] = ~other.loc[late, "grew"]
    changed.loc[late] = 0.5
    one, two = trained(panel, ranked), trained(other, changed)
    assert one.at(2007) == two.at(2007)
    assert one.at(2008) != two.at(2008)


def test_outcomes_that_are_not_yet_known_are_left_out():
    panel, ranked = world()
    panel.loc[panel["cutoff"] > 2006, "rise"] = np.nan
    assert trained(panel, ranked).weights[-1].known_by == 2009


def test_corpora_are_learnt_from_together_in_any_order():
    (a, x), (b, y) = world(seed=1), world(seed=2, units=10)
    digests = {"a": "1", "b": "2"}
    one = train_prior({"a": a, "b": b}, ranked={"a": x, "b": y}, corpora=digests, horizon=3)
    two = train_prior({"b": b, "a": a}, ranked={"b": y, "a": x}, corpora=digests, horizon=3)
    assert one.as_dict() == two.as_dict()
    assert one.weights[-1].n_units == 500


def test_what_the_file_says_is_what_was_learnt():
    prior = trained(*world())
    again = Prior.from_dict(json.loads(json.dumps(prior.as_dict())))
    assert [one.features for one in again.weights] == [one.features for one in prior.weights]
    assert again.at(2010).growth.slope == pytest.approx(prior.at(2010).growth.slope, abs=1e-5)
    with pytest.raises(KeyError):
        Prior.from_dict({"horizon": 3})


def test_score_by_hand_with_what_is_missing_at_the_middle():
    weights = Weights(2010, 40, 0.2, {"a": 0.4, "b": -0.2}, np.zeros((2, 2)), Platt(-1.0, 2.0))
    ranked = pd.DataFrame({"a": [1.0, np.nan, 0.25], "b": [0.0, 0.0, np.nan], "c": [9.0, 9, 9]})
    scores = weights.score(ranked)
    assert scores == pytest.approx([0.5 + 0.2 + 0.1, 0.5 + 0.1, 0.5 - 0.1])
    places = np.array([5, 3, 1]) / 6
    assert weights.p_growth(places) == pytest.approx(1 / (1 + np.exp(1 - 2 * places)))


def test_weights_are_drawn_by_the_covariance_of_the_jackknife():
    left_out = np.array([[0.3, 0.1], [0.5, -0.1], [0.4, 0.3], [0.4, 0.1]])
    weights = Weights(2010, 40, 0.2, {"a": 0.4, "b": 0.1}, left_out, Platt(-1.0, 2.0))
    drawn = weights.draws(40_000, rng=np.random.default_rng(0))
    assert drawn.shape == (2, 40_000)
    assert drawn.mean(axis=1) == pytest.approx([0.4, 0.1], abs=0.01)
    about = left_out - left_out.mean(axis=0)
    assert np.cov(drawn) == pytest.approx(3 / 4 * about.T @ about, abs=0.002)


def test_too_little_to_learn_from():
    with pytest.raises(InsufficientDataError):
        trained(*world(cutoffs=range(2000, 2003)))


@pytest.mark.parametrize("grew", ["some", "none"])
def test_platt_as_numbers_says_the_same(grew):
    rng = np.random.default_rng(0)
    score = rng.random(200)
    told = score + rng.random(200) > 1.2 if grew == "some" else np.zeros(200, dtype=bool)
    fitted = PlattCalibration().fit(score, told)
    assert fitted.as_platt().predict(score) == pytest.approx(fitted.predict(score))
