"""Growth of share: exact cases, error against simulation, independence of the future."""

from functools import partial

import numpy as np
import pandas as pd
import panels
import pytest
from scipy.optimize import minimize

from foresight.errors import InsufficientDataError, TableError
from foresight.indicators.growth import between_variance, poisson_slope, share_growth, shrunk

years_table = partial(panels.years_table, first=2010)


def test_constant_share_has_no_growth():
    totals = np.array([100.0, 250.0, 400.0, 150.0, 900.0])
    slope, _ = poisson_slope(totals[np.newaxis] * 0.1, totals)
    assert slope[0] == pytest.approx(0.0, abs=1e-12)


def test_doubling_every_year_is_log_two_when_documents_are_many():
    totals = np.full(5, 1e7)
    slope, se = poisson_slope(1e5 * 2.0 ** np.arange(5)[np.newaxis], totals)
    assert slope[0] == pytest.approx(np.log(2), abs=1e-4)
    assert se[0] < 0.001


def test_slope_is_the_maximum_of_the_poisson_likelihood_with_its_prior():
    counts, totals = np.array([3.0, 9.0, 4.0, 14.0, 11.0]), np.array([90.0, 120, 80, 200, 150])
    prior = totals / totals.sum()
    years = np.arange(5.0)

    def loss(params):
        mean = totals * np.exp(params[0] + params[1] * years)
        return (mean - (counts + prior) * np.log(mean)).sum()

    found = minimize(loss, [-2.0, 0.0], method="BFGS", options={"gtol": 1e-10})
    slope, _ = poisson_slope(counts[np.newaxis], totals)
    assert slope[0] == pytest.approx(found.x[1], abs=1e-6)


def test_standard_error_matches_the_spread_of_simulated_slopes():
    rng = np.random.default_rng(7)
    totals = np.full(5, 4000.0)
    mean = totals * 0.02 * np.exp(0.1 * np.arange(5))
    counts = rng.poisson(mean, size=(4000, 5)).astype(float)
    slope, se = poisson_slope(counts, totals)
    assert slope.mean() == pytest.approx(0.1, abs=0.005)
    # dispersion may only inflate the error, so it lies a little above the spread
    assert 0.98 < np.median(se) / slope.std() < 1.35


def test_all_documents_in_the_last_year_give_a_finite_slope():
    slope, se = poisson_slope(np.array([[0.0, 0, 0, 0, 3]]), np.full(5, 1000.0))
    assert np.isfinite(slope[0])
    assert 0 < slope[0] < 3
    assert se[0] > 0.1


def test_shrinkage_is_the_stated_formula():
    mean, sd = shrunk(np.array([0.4]), np.array([0.2]), tau2=0.04)
    assert mean[0] == pytest.approx(0.2)
    assert sd[0] == pytest.approx(np.sqrt(0.5) * 0.2)


def test_between_variance_recovers_the_planted_one_and_is_zero_for_noise():
    rng = np.random.default_rng(3)
    se = rng.uniform(0.05, 0.3, size=4000)
    planted = rng.normal(0, 0.2, size=4000)
    assert between_variance(planted + rng.normal(0, se), se) == pytest.approx(0.04, rel=0.1)
    assert between_variance(rng.normal(0, se) * 0.9, se) == 0.0


def test_other_rows_later_years_and_order_change_nothing():
    table = years_table({"a": [1, 2, 4, 8, 16, 99], "b": [5, 5, 5, 5, 5, 0]}, [100] * 6)
    base = share_growth(table[table["year"] <= 2014], last_year=2014, tau2=0.05)
    shuffled = table.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(share_growth(shuffled, last_year=2014, tau2=0.05), base)
    alone = share_growth(table[table["topic_id"] == "a"], last_year=2014, tau2=0.05)
    pd.testing.assert_frame_equal(alone, base.loc[["a"]])


def test_input_is_left_as_it_was():
    table = years_table({"a": [1, 2, 3, 4, 5]}, [100] * 5)
    copy = table.copy(deep=True)
    share_growth(table, last_year=2014)
    pd.testing.assert_frame_equal(table, copy)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda t: t[t["year"] != 2012], InsufficientDataError, "lack a year"),
        (lambda t: t.drop(columns="n_corpus"), TableError, "n_corpus"),
        (lambda t: t.assign(n_docs=0, n_corpus=0), InsufficientDataError, "no document"),
        (lambda t: t.assign(n_corpus=2), TableError, "below n_docs"),
        (lambda t: t[t["year"] > 2010], InsufficientDataError, "lack a year in 2010-2014"),
    ],
)
def test_refusals_say_what_is_wrong(change, error, words):
    table = years_table({"a": [1, 2, 3, 4, 5]}, [100] * 5)
    with pytest.raises(error, match=words):
        share_growth(change(table), last_year=2014)


def test_a_window_of_two_years_is_refused():
    with pytest.raises(InsufficientDataError, match="at least 3"):
        share_growth(years_table({"a": [1, 2]}, [9, 9]), last_year=2011, window=2)
