"""Intervals, vitality, novelty, community, life cycle: hand-computed values and refusals."""

import numpy as np
import pytest
from scipy import sparse
from scipy.special import expit

from foresight.errors import TableError
from foresight.indicators.community import effective_number, number_present, weighted_share
from foresight.indicators.life_cycle import life_cycle
from foresight.indicators.novelty import first_pair_share
from foresight.indicators.vitality import vitality
from foresight.intervals import wilson


def test_wilson_of_nothing_is_missing():
    lo, hi = wilson([0], [0])
    assert np.isnan(lo[0])
    assert np.isnan(hi[0])


def test_vitality_by_hand():
    weights = np.array([[1.0, 1.0, 1.0], [3.0, 0.0, 0.0]])
    found = vitality(weights, np.array([2020, 2019, 2016]), last_year=2020)
    assert found == pytest.approx([(1 + 1 / 2 + 1 / 5) / 3, 1.0])


def test_vitality_without_weight_is_missing_and_the_future_refused():
    found = vitality(np.array([[1.0], [0.0]]), np.array([2020]), last_year=2020)
    assert found[0] == 1.0
    assert np.isnan(found[1])
    with pytest.raises(TableError, match="not known yet"):
        vitality(np.ones((1, 2)), np.array([2020, 2021]), last_year=2020)


def test_novelty_leaves_documents_without_pairs_out():
    weights = np.ones((1, 4))
    found = first_pair_share(weights, np.array([3.0, 1, 0, np.nan]), np.array([1.0, 0, 0, np.nan]))
    assert found[0] == pytest.approx(0.5)
    assert np.isnan(first_pair_share(np.ones((1, 1)), np.array([0.0]), np.array([0.0]))[0])


def test_effective_number_of_actors_by_hand():
    # documents: a; a; b; a and b in halves -> masses 2.5 and 1.5
    incidence = sparse.csr_array(np.array([[1, 0], [1, 0], [0, 1], [1, 1]], dtype=float))
    found = effective_number(np.ones((1, 4)), incidence)
    assert found[0] == pytest.approx(16 / (2.5**2 + 1.5**2))
    assert number_present(np.ones((1, 4)), incidence)[0] == 2


def test_no_actor_known_is_missing_not_zero():
    nothing = sparse.csr_array((2, 0))
    assert np.isnan(effective_number(np.ones((1, 2)), nothing)[0])
    assert np.isnan(number_present(np.ones((1, 2)), nothing)[0])
    assert np.isnan(weighted_share(np.ones((1, 2)), np.array([np.nan, np.nan]))[0])


def curve(middle, rate, size, years=40):
    t = np.arange(years)
    return size * (expit(rate * (t - middle)) - expit(rate * (t - 1 - middle)))


@pytest.mark.parametrize(
    ("middle", "rate", "stage"), [(10, 0.4, "saturated"), (34, 0.3, "maturing")]
)
def test_life_cycle_finds_the_planted_stage(middle, rate, stage):
    rng = np.random.default_rng(1)
    found = life_cycle(rng.poisson(curve(middle, rate, 900)).astype(float), np.full(40, 1000.0))
    truth = expit(rate * (39 - middle))
    assert found.stage == stage
    assert found.progress == pytest.approx(truth, abs=0.12)


def test_life_cycle_refuses_exponential_growth():
    rng = np.random.default_rng(2)
    refused = [
        life_cycle(
            np.random.default_rng(seed).poisson(5 * np.exp(0.12 * np.arange(25))).astype(float),
            np.full(25, 1000.0),
        ).stage
        is None
        for seed in range(20)
    ]
    assert sum(refused) >= 18, rng


def test_life_cycle_follows_shares_not_the_size_of_the_corpus():
    rng = np.random.default_rng(5)
    totals = np.linspace(200, 4000, 40)
    share = curve(12, 0.5, 900) / 1000
    found = life_cycle(rng.poisson(share * totals).astype(float), totals)
    assert found.stage == "saturated"


def test_life_cycle_needs_documents_and_years():
    assert life_cycle(np.full(40, 0.5), np.full(40, 10.0)).stage is None
    assert life_cycle(np.full(5, 50.0), np.full(5, 100.0)).stage is None
