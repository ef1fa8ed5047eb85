"""Growth curves against R's printed answer, scipy's least squares, and public counts."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import curve_fit
from scipy.special import expit

from foresight.indicators.growth_curves import fit_counts, fit_levels
from foresight.indicators.life_cycle import life_cycle

# R, data set DNase, run 1 (Davidian & Giltinan 1995): concentration and optical density
CONC = np.repeat([0.048828125, 0.1953125, 0.390625, 0.78125, 1.5625, 3.125, 6.25, 12.5], 2)
DENSITY = np.array(
    "0.017 0.018 0.121 0.124 0.206 0.215 0.377 0.374 "
    "0.614 0.609 1.019 1.001 1.334 1.364 1.730 1.710".split(),
    dtype=float,
)


def test_logistic_levels_give_the_answer_that_r_prints():
    """summary(nls(density ~ SSlogis(log(conc), Asym, xmid, scal), DNase1)), example of ?nls."""
    found, se, residual = fit_levels(np.log(CONC), DENSITY, curve="logistic")
    assert found == pytest.approx([2.34518, 1.48309, 1.04146], abs=2e-5)
    assert se == pytest.approx([0.07815, 0.08135, 0.03227], abs=2e-5)
    assert residual == pytest.approx(0.01919, abs=1e-5)


def test_gompertz_levels_agree_with_rs_parametrisation():
    """SSgompertz is Asym exp(-b2 b3^x); its example starts near 4.5, 2.3, 0.7."""
    x = np.log(CONC)
    (size, middle, scale), _, _ = fit_levels(x, DENSITY, curve="gompertz")
    b2, b3 = np.exp(middle / scale), np.exp(-1 / scale)
    theirs, _ = curve_fit(lambda x, a, b, c: a * np.exp(-b * c**x), x, DENSITY, p0=(4.5, 2.3, 0.7))
    assert [size, b2, b3] == pytest.approx(theirs, rel=1e-4)
    assert [size, b2, b3] == pytest.approx([4.5, 2.3, 0.7], rel=0.05)


def by_reweighted_least_squares(counts, exposure):
    """Poisson likelihood by least squares weighted anew: where it rests, the scores are zero."""
    t = np.arange(len(counts), dtype=float)

    def mean(_, size, rate, middle):
        return exposure * size * (expit(rate * (t - middle)) - expit(rate * (t - 1 - middle)))

    at = np.array([1.2 * counts.sum(), 0.3, np.average(t, weights=counts)])
    for _ in range(60):
        weight = np.sqrt(np.maximum(mean(t, *at), 1e-12))
        at, _ = curve_fit(mean, t, counts, p0=at, sigma=weight, maxfev=10_000)
    return at


@pytest.mark.parametrize("seed", range(4))
def test_logistic_counts_agree_with_reweighted_least_squares(seed):
    rng = np.random.default_rng(seed)
    t, exposure = np.arange(35.0), rng.uniform(0.5, 1.5, 35)
    mean = 1500 * (expit(0.3 * (t - 20)) - expit(0.3 * (t - 21)))
    counts = rng.poisson(exposure * mean).astype(float)
    fit = fit_counts(counts, exposure, curve="logistic")
    size, rate, middle = by_reweighted_least_squares(counts, exposure)
    assert float(fit.rate(fit.point)) == pytest.approx(rate, rel=1e-4)
    assert 34 - fit.point[1] / float(fit.rate(fit.point)) == pytest.approx(middle, abs=1e-3)
    assert float(fit.sizes(fit.point)) == pytest.approx(size, rel=1e-4)


@pytest.mark.shared
def test_public_counts_of_technology_fields(shared):
    """WIPO's counts by field: every field gets a finite answer, or a reason why it has none."""
    path = shared / "wipo_counts" / "wipo_tech_region.csv"
    rows = pd.read_csv(path, usecols=["technology_number", "technology", "year", "count"])
    rows = rows[rows["technology_number"] > 0]
    wide = rows.pivot_table(index="technology", columns="year", values="count", aggfunc="sum")
    totals = wide.sum().to_numpy(dtype=float)
    found = [life_cycle(counts.astype(float), totals) for counts in wide.fillna(0).to_numpy()]
    assert len(found) == 35
    assert all((one.stage is None) != (one.reason is None) for one in found)
    staged = [one for one in found if one.stage]
    assert staged
    for one in staged:
        assert one.saturation_lo < one.saturation < one.saturation_hi
        assert np.isfinite([one.saturation_hi, one.duration_hi, one.middle_hi]).all()
    # yearly counts of an office in the ten thousands are far from Poisson: a trend of fields
    assert np.median([one.dispersion for one in found]) > 10
