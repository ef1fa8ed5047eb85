"""Growth against scikit-learn's Poisson regression, and the coverage of its interval."""

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.linear_model import PoissonRegressor

from foresight.indicators.growth import poisson_slope

YEARS = np.arange(5.0)


def with_prior(counts, totals):
    """Counts as the method sees them: one document, spread as the corpus is, is added."""
    return counts + totals / totals.sum()


def by_scikit_learn(counts, totals):
    """Slope, its error without and with over-dispersion, from another implementation.

    A log(total) offset is a fit of the rate count / total with the totals as weights. The
    error comes from the inverse information matrix of intercept and slope.
    """
    docs = with_prior(counts, totals)
    years = YEARS[:, np.newaxis]
    # by totals of mean 1: the weights' scale does not move the estimate, only the stopping rule
    scale = totals / totals.mean()
    model = PoissonRegressor(alpha=0.0, solver="newton-cholesky", tol=1e-8)
    model.fit(years, docs / scale, sample_weight=scale)
    expected = scale * model.predict(years)
    design = np.column_stack([np.ones(len(YEARS)), YEARS])
    plain = np.sqrt(np.linalg.inv(design.T @ (expected[:, np.newaxis] * design))[1, 1])
    pearson = ((docs - expected) ** 2 / expected).sum()
    return model.coef_[0], plain, np.sqrt(pearson / (len(YEARS) - 2))


@pytest.mark.parametrize("size", [3.0, 30.0, 3000.0])
@pytest.mark.parametrize("slope", [-0.4, 0.0, 0.3])
def test_slope_and_error_agree_with_scikit_learn(size, slope):
    rng = np.random.default_rng(11)
    totals = np.array([4100.0, 5200, 3900, 6100, 7000])
    shares = totals * np.exp(slope * YEARS)
    counts = rng.poisson(size * shares / shares.mean(), size=(8, 5)).astype(float)
    counts[0] = np.round(size * shares / shares.mean())  # as expected: no over-dispersion
    found, se = poisson_slope(counts, totals)
    inflated = 0
    for row in range(len(counts)):
        expected, plain, excess = by_scikit_learn(counts[row], totals)
        assert found[row] == pytest.approx(expected, abs=2e-6)
        assert se[row] == pytest.approx(plain * max(1.0, excess), rel=1e-4)
        inflated += excess > 1.0
    assert 0 < inflated < len(counts)  # both branches were compared


def test_the_interval_of_the_raw_slope_covers_the_truth():
    rng = np.random.default_rng(2024)
    totals = np.linspace(3000.0, 5000.0, 5)
    mean = 0.03 * totals * np.exp(0.12 * YEARS)
    slope, se = poisson_slope(rng.poisson(mean, size=(300, 5)).astype(float), totals)
    covered = np.abs(slope - 0.12) <= norm.ppf(0.975) * se
    assert 0.92 <= covered.mean() <= 0.98
