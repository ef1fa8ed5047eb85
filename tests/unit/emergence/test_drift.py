import numpy as np
import pandas as pd
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from foresight.emergence.drift import PER_YEAR, SPAN, drawn, meaning, measure_drift


def moving(*, n=4000, years=(2000, 2001, 2002, 2003), step=(0.1, 0.0, -0.05), seed=0):
    """Correlated vectors whose mean moves by `step` a year."""
    rng = np.random.default_rng(seed)
    mix = np.array([[1.0, 0.5, 0.0], [0.0, 1.0, 0.3], [0.0, 0.0, 0.7]])
    when = np.repeat(np.array(years), n)
    vectors = rng.standard_normal((len(when), 3)) @ mix
    vectors += (when - years[0])[:, np.newaxis] * np.array(step)
    return vectors.astype(np.float32), when


def alike(one, two):
    """Cosine of two directions."""
    return one @ two / np.linalg.norm(one) / np.linalg.norm(two)


def test_the_direction_is_that_of_linear_discriminant_analysis():
    vectors, years = moving(years=(2002, 2003))
    drift = measure_drift(vectors, years, last_year=2003)
    other = LinearDiscriminantAnalysis(solver="lsqr").fit(vectors, years)
    found = drift.between(new=1, old=1)
    assert alike(found, other.coef_[0]) == pytest.approx(1, abs=1e-6)
    assert np.linalg.norm(found) == pytest.approx(np.linalg.norm(other.coef_), rel=0.01)


def test_the_trend_is_least_squares_of_the_year():
    vectors, years = moving(step=(0.02, 0.0, -0.01))
    drift = measure_drift(vectors, years, last_year=2003)
    design = np.column_stack([vectors, np.ones(len(vectors))])
    slopes = np.linalg.lstsq(design, years.astype(float), rcond=None)[0][:3]
    assert alike(drift.trend(years=4), slopes) == pytest.approx(1, abs=1e-3)
    assert np.linalg.norm(drift.trend(years=4)) == pytest.approx(np.linalg.norm(slopes), rel=0.02)


def test_too_few_documents_or_years_give_no_direction():
    vectors, years = moving(n=29, years=(2002, 2003))
    drift = measure_drift(vectors, years, last_year=2003)
    assert drift.between(new=1, old=1) is None
    assert drift.trend(years=10) is None
    assert np.isnan(meaning(vectors, drift)["newness"]).all()
    late = measure_drift(vectors, years, last_year=2010)  # seven years without a document
    assert late.between(new=1, old=2) is None


def test_newer_documents_lie_further_in_the_direction():
    vectors, years = moving()
    found = pd.DataFrame(meaning(vectors, measure_drift(vectors, years, last_year=2003)))
    means = found.groupby(years).mean()
    assert means["newness"].is_monotonic_increasing
    assert means["modernity"].is_monotonic_increasing
    # least squares of the year: what it says of a year's documents rises by less than a year
    assert 0 < means["modernity"].diff().mean() < 1


def test_documents_alike_in_every_way_do_not_break_it():
    vectors = np.ones((200, 3), dtype=np.float32)
    drift = measure_drift(vectors, np.repeat([2002, 2003], 100), last_year=2003)
    assert np.isfinite(meaning(vectors, drift)["newness"]).all()


def test_the_draw_is_capped_and_knows_nothing_of_order_or_of_later_years():
    ids = [f"d{i:05d}" for i in range(PER_YEAR + 400)]
    years = pd.Series([2003] * (PER_YEAR + 100) + [2002] * 200 + [2010] * 100, index=ids)
    found = drawn(years, last_year=2003)
    assert (years[found] == 2003).sum() == PER_YEAR
    assert (years[found] == 2002).sum() == 200
    assert (years[found] <= 2003).all()
    again = drawn(years.sample(frac=1, random_state=1), last_year=2003)
    assert list(again) == list(found) == sorted(found)
    assert list(drawn(years, last_year=2002 + SPAN)) == list(found[years[found] == 2003]) + list(
        years.index[years == 2010]
    )
