"""Growth of many units at once against scikit-learn's Poisson regression of one at a time."""

import numpy as np
import pytest
from sklearn.linear_model import PoissonRegressor

from foresight.indicators.growth import poisson_slope

UNITS, TRIED = 10_000, 200


def one_by_one(docs, scale):
    years = np.arange(docs.shape[1], dtype=float)[:, np.newaxis]
    model = PoissonRegressor(alpha=0.0, solver="newton-cholesky", tol=1e-8)
    return np.array([model.fit(years, row / scale, sample_weight=scale).coef_[0] for row in docs])


def test_poisson_slope(clock, report):
    rng = np.random.default_rng(0)
    totals = np.array([4100.0, 5200, 3900, 6100, 7000])
    rates = rng.gamma(2.0, 10.0, size=(UNITS, 1)) * totals / totals.mean()
    slopes = rng.normal(0.0, 0.2, size=(UNITS, 1))
    counts = rng.poisson(rates * np.exp(slopes * (np.arange(5) - 2))).astype(float)
    seconds, (found, _) = clock(poisson_slope, counts, totals)
    docs = counts[:TRIED] + totals / totals.sum()
    peer_seconds, expected = clock(one_by_one, docs, totals / totals.mean())
    assert found[:TRIED] == pytest.approx(expected, abs=1e-5)
    whole = peer_seconds * UNITS / TRIED
    report(
        f"{UNITS:,} units of 5 years; slopes of {TRIED} agree to 1e-5",
        f"ours: {seconds:.3f} s",
        f"scikit-learn PoissonRegressor: {peer_seconds:.2f} s for {TRIED}, {whole:.0f} s for all "
        "(extrapolated)",
        f"ratio {whole / seconds:,.0f}",
    )
