"""Recent share: hand-computed prior and posterior, and what is stated without data."""

from functools import partial

import numpy as np
import panels
import pytest
from scipy.stats import beta

from foresight.errors import InsufficientDataError
from foresight.indicators.recent_share import beta_prior, recent_share

years_table = partial(panels.years_table, first=2010)


def test_posterior_by_hand():
    table = years_table({"a": [6, 0, 1, 1, 2]}, [20] * 5)
    found = recent_share(table, last_year=2014, prior=(0.6, 10.0)).loc["a"]
    assert found["recent_share"] == pytest.approx((4 + 6) / (10 + 10))
    assert found["raw"] == pytest.approx(0.4)
    assert found["recent_share_lo"] == pytest.approx(beta.ppf(0.025, 10, 10))
    assert found["recent_share_hi"] == pytest.approx(beta.ppf(0.975, 10, 10))
    assert (found["n_recent"], found["n_docs"]) == (4, 10)


def test_moments_by_hand():
    # three units of 10 documents, 2, 5 and 8 recent; the corpus's share is the pooled 0.5
    mean, mass = beta_prior(np.array([2.0, 5.0, 8.0]), np.full(3, 10.0), usual=0.5)
    spread = 10 * (0.3**2 + 0 + 0.3**2)  # 1.8; by chance alone 0.25 x (3 - 1) = 0.5
    rho = (spread - 0.5) / (0.25 * (20 - 2))
    assert mean == pytest.approx(0.5)
    assert mass == pytest.approx(1 / rho - 1)


def test_units_alike_are_drawn_together_by_all_documents():
    mean, mass = beta_prior(np.array([5.0, 5.0, 5.0, 5.0]), np.full(4, 10.0), usual=0.5)
    assert (mean, mass) == (pytest.approx(0.5), 40.0)


def test_few_units_are_drawn_to_the_corpus_by_one_document():
    found = recent_share(years_table({"a": [1, 1, 1, 0, 3]}, [30, 10, 20, 20, 20]), last_year=2014)
    assert found.loc["a", "prior_mean"] == pytest.approx(0.6)
    assert found.loc["a", "prior_mass"] == 1.0
    assert found.loc["a", "recent_share"] == pytest.approx((4 + 0.6) / 7)


def test_the_planted_prior_is_recovered():
    rng = np.random.default_rng(8)
    share = rng.beta(3.0, 7.0, size=3000)
    docs = rng.integers(5, 60, size=3000)
    mean, mass = beta_prior(rng.binomial(docs, share).astype(float), docs.astype(float), usual=0.3)
    assert mean == pytest.approx(0.3, abs=0.01)
    assert mass == pytest.approx(10.0, rel=0.1)


def test_the_interval_covers_the_truth():
    rng = np.random.default_rng(9)
    covered = []
    for _ in range(20):
        share = rng.beta(3.0, 4.0, size=40)
        docs = rng.integers(3, 40, size=40)
        late = rng.binomial(docs, share)
        counts = {f"u{i:02d}": [docs[i] - late[i], 0, late[i]] for i in range(40)}
        totals = [5000, 5000, 5000]
        found = recent_share(years_table(counts, totals), last_year=2012, recent=1)
        covered.append(
            ((found["recent_share_lo"] <= share) & (share <= found["recent_share_hi"])).mean()
        )
    assert 0.92 <= np.mean(covered) <= 0.98


def test_no_document_gives_the_prior_and_says_so():
    units = {"none": [0] * 5, "b": [4, 1, 1, 1, 1], "c": [1] * 5, "d": [3, 0, 3, 3, 3]}
    found = recent_share(years_table(units, [20] * 5), last_year=2014)
    assert found.loc["none", "recent_share"] == pytest.approx(found.loc["none", "prior_mean"])
    assert found.loc["none", "n_docs"] == 0
    assert np.isnan(found.loc["none", "raw"])


def test_all_or_nothing_recent_stays_inside():
    for counts in ([0, 0, 5, 5, 5], [5, 5, 0, 0, 0]):
        table = years_table(dict.fromkeys("abcd", counts), [20] * 5)
        found = recent_share(table, last_year=2014)
        assert ((found["recent_share_lo"] >= 0) & (found["recent_share_hi"] <= 1)).all()
        assert ((found["recent_share"] > 0) & (found["recent_share"] < 1)).all()


@pytest.mark.parametrize("totals", [[0, 0, 9, 9, 9], [9, 9, 0, 0, 0]])
def test_a_corpus_without_both_parts_is_refused(totals):
    with pytest.raises(InsufficientDataError, match="needs both"):
        recent_share(years_table({"a": [0] * 5}, totals), last_year=2014)
