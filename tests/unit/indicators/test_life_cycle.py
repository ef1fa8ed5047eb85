"""Life cycle: intervals, refusals and their reasons, the curve for drawing."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from foresight.indicators.growth_curves import CURVES, count_deviance, fit_counts, fit_levels
from foresight.indicators.life_cycle import REASONS, life_cycle, life_cycles, s_curve


def planted(*, years=40, middle=22.0, rate=0.3, size=900.0):
    t = np.arange(years)
    return size * (expit(rate * (t - middle)) - expit(rate * (t - 1 - middle)))


FLAT = np.full(40, 1000.0)


def test_expected_counts_give_back_the_parameters():
    found = life_cycle(planted(), FLAT)
    assert (found.stage, found.reason, found.curve) == ("saturated", None, "logistic")
    assert found.rate == pytest.approx(0.3, abs=1e-4)
    assert found.middle == pytest.approx(22.0, abs=1e-3)
    assert found.saturation == pytest.approx(900.0, rel=1e-4)
    assert found.duration == pytest.approx(np.log(81) / 0.3, rel=1e-4)
    assert found.progress == pytest.approx(expit(0.3 * 17), abs=1e-5)
    assert found.dispersion == 1.0


def test_ten_to_ninety_percent_takes_ln_81_over_the_rate():
    assert CURVES["logistic"].duration / 0.4 == pytest.approx(10.986, abs=1e-3)
    ends = [CURVES["gompertz"].quantile(p) for p in (0.1, 0.9)]
    assert CURVES["gompertz"].level(np.array(ends)) == pytest.approx([0.1, 0.9])


def test_every_interval_is_in_order_and_holds_its_estimate():
    rng = np.random.default_rng(1)
    found = dataclasses.asdict(life_cycle(rng.poisson(planted()).astype(float), FLAT))
    for name in ("progress", "saturation", "rate", "middle", "duration"):
        assert found[f"{name}_lo"] < found[name] < found[f"{name}_hi"]


def test_intervals_are_those_of_the_profile_likelihood():
    """At the ends the least deviance with that value fixed has risen by the limit."""
    from scipy.optimize import brentq, minimize_scalar
    from scipy.stats import f

    rng = np.random.default_rng(3)
    counts = rng.poisson(planted(rate=0.25, middle=25)).astype(float)
    found = life_cycle(counts, FLAT)
    assert found.delta_aicc > 2  # one curve only
    t = np.arange(40)

    def deviance(rate, middle):
        rise = expit(rate * (t - middle)) - expit(rate * (t - 1 - middle))
        return float(count_deviance(counts, counts.sum() * rise / rise.sum()))

    expected = planted(rate=found.rate, middle=found.middle)
    used = counts.sum() * expected / expected.sum() >= 1
    limit = found.dispersion * f.ppf(0.95, 1, used.sum() - 3)

    def excess(rate):
        best = minimize_scalar(lambda m: deviance(rate, m), bounds=(10, 40), method="bounded")
        return best.fun - deviance(found.rate, found.middle) - limit

    assert found.rate_lo == pytest.approx(brentq(excess, 0.1, found.rate), rel=2e-3)
    assert found.rate_hi == pytest.approx(brentq(excess, found.rate, 0.6), rel=2e-3)


def test_more_documents_narrow_the_interval():
    few, many = (life_cycle(size * planted(), FLAT) for size in (1.0, 100.0))
    assert many.saturation == pytest.approx(100 * few.saturation, rel=1e-3)
    assert many.progress == pytest.approx(few.progress, abs=1e-4)
    ratio = (few.saturation_hi - few.saturation_lo) / (many.saturation_hi - many.saturation_lo)
    assert ratio == pytest.approx(10 / 100, rel=0.15)  # relative width falls with the root


def test_a_corpus_twice_as_large_changes_nothing():
    counts = np.round(planted())
    assert life_cycle(counts, FLAT) == life_cycle(counts, 2 * FLAT)


def test_overdispersed_counts_are_less_sure():
    rng = np.random.default_rng(6)
    mean = planted(middle=30)
    poisson = life_cycle(rng.poisson(mean).astype(float), FLAT)
    spread = life_cycle(rng.negative_binomial(mean / 5 + 1e-9, 1 / 6).astype(float), FLAT)
    assert spread.dispersion > 2 > poisson.dispersion


def test_each_refusal_says_why():
    rng = np.random.default_rng(2)
    grow, fall = (40 * np.exp(slope * np.arange(25)) for slope in (0.12, -0.12))
    totals = np.full(25, 1000.0)
    cases = {
        "too_few_documents": life_cycle(np.full(40, 0.5), FLAT),
        "too_few_years": life_cycle(np.full(5, 50.0), np.full(5, 100.0)),
        "unbounded": life_cycle(rng.poisson(grow).astype(float), totals),
        "late_record": life_cycle(rng.poisson(fall).astype(float), totals),
    }
    assert set(cases) == set(REASONS)
    for reason, found in cases.items():
        assert (found.stage, found.reason) == (None, reason)
        assert found.saturation is None
        assert found.progress is None


@pytest.mark.parametrize(
    "counts",
    [
        np.zeros(40),
        np.r_[np.zeros(39), 60.0],
        np.r_[60.0, np.zeros(39)],
        np.r_[np.zeros(20), 60.0, np.zeros(19)],
        np.full(40, 25.0),
    ],
    ids=["nothing", "all last", "all first", "one year", "flat"],
)
def test_degenerate_counts_are_finite_or_refused(counts):
    found = life_cycle(counts, FLAT)
    numbers = [v for v in dataclasses.astuple(found) if isinstance(v, float)]
    assert np.isfinite(numbers).all()
    assert (found.stage is None) == (found.reason is not None)
    curve = s_curve(counts, FLAT, first_year=1980)
    assert np.isfinite(curve["observed"].iloc[:40]).all()


def test_years_without_a_corpus_are_left_out():
    counts, totals = planted(), FLAT.copy()
    counts[[10, 25]], totals[[10, 25]] = 0.0, 0.0
    found = life_cycle(counts, totals)
    assert found.rate == pytest.approx(0.3, abs=1e-3)
    assert found.n_years == 38


def topic_years(counts, *, first=1980):
    years = first + np.arange(len(counts))
    whole = np.round(counts).astype(int)
    frame = pd.DataFrame({"topic_id": "a", "year": years, "n_docs": whole, "n_corpus": 1000})
    return frame.assign(n_patents=whole, n_papers=0)


def test_table_has_calendar_years_and_reasons():
    both = pd.concat(
        [topic_years(planted()), topic_years(np.zeros(40)).assign(topic_id="b")], ignore_index=True
    )
    found = life_cycles(both, last_year=2019)
    assert found.loc["a", "middle"] == pytest.approx(2002, abs=0.2)
    assert found.loc["a", "middle_lo"] < 2002 < found.loc["a", "middle_hi"]
    assert found.loc["b", "reason"] == "too_few_documents"
    assert np.isnan(found.loc["b", "saturation"])


def test_the_curve_for_drawing_goes_through_the_documents_and_widens_ahead():
    counts = planted(middle=32)
    found = s_curve(counts, FLAT, first_year=1980, horizon=12)
    assert found["year"].tolist() == list(range(1980, 2032))
    past, ahead = found.iloc[:40], found.iloc[40:]
    assert past["observed"].to_numpy() == pytest.approx(np.cumsum(counts))
    assert past["fitted"].to_numpy() == pytest.approx(np.cumsum(counts), rel=1e-3, abs=0.01)
    assert ahead["observed"].isna().all()
    assert ((found["fitted_lo"] <= found["fitted"]) & (found["fitted"] <= found["fitted_hi"])).all()
    width = found["fitted_hi"] - found["fitted_lo"]
    assert width.iloc[-1] > width.iloc[39]


def test_the_curve_for_drawing_follows_the_corpus():
    totals = np.linspace(200, 4000, 40)
    counts = planted() * totals / 1000
    found = s_curve(counts, totals, first_year=1980, horizon=1)
    assert found["fitted"].iloc[39] == pytest.approx(counts.sum())
    ahead = found["fitted"].diff().iloc[40]
    assert ahead == pytest.approx(4.0 * planted(years=41)[40], rel=0.02)


def test_a_refused_curve_is_not_drawn():
    rng = np.random.default_rng(2)
    grow = rng.poisson(10 * np.exp(0.12 * np.arange(25))).astype(float)
    found = s_curve(grow, np.full(25, 1000.0), first_year=2000)
    assert found[["fitted", "fitted_lo", "fitted_hi"]].isna().all(axis=None)


def test_levels_that_fit_no_curve_are_refused():
    from foresight.errors import InsufficientDataError

    with pytest.raises(InsufficientDataError, match="five levels"):
        fit_levels(np.arange(6.0), np.ones(6), curve="logistic")


def test_the_fit_is_the_minimum_of_the_deviance():
    rng = np.random.default_rng(4)
    counts = rng.poisson(planted()).astype(float)
    for curve in CURVES:
        fit = fit_counts(counts, np.ones(40), curve=curve)
        around = fit.point + rng.normal(0, 0.01, size=(200, 2))
        assert (fit.deviances(around) >= fit.deviance - 1e-7).all()


def test_years_far_past_saturation_keep_their_digits():
    fit = fit_counts(planted(), np.ones(40), curve="logistic")
    late = np.array([[np.log(0.5) - 38.0, 38.0]])  # rate 0.5, z = 38 in the last year
    assert fit.rate(late)[0] == pytest.approx(0.5)
    assert fit.rises(late)[0, -1] == pytest.approx(np.exp(-38) * (np.exp(0.5) - 1), rel=1e-9, abs=0)
