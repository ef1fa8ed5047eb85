"""Intervals against scipy and published tables."""

import numpy as np
import pytest
from scipy import stats

from foresight.intervals import poisson, wilson

# Garwood (1936), doi:10.1093/biomet/28.3-4.437, table of 95 % limits
GARWOOD = {
    0: (0.0, 3.69),
    1: (0.0253, 5.57),
    2: (0.242, 7.22),
    10: (4.80, 18.39),
    20: (12.22, 30.89),
    50: (37.11, 65.92),
}


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_wilson_agrees_with_scipy(level):
    pairs = [(k, n) for n in (1, 2, 7, 40, 9921) for k in sorted({0, 1, n // 3, n - 1, n})]
    lo, hi = wilson([k for k, _ in pairs], [n for _, n in pairs], level=level)
    for place, (k, n) in enumerate(pairs):
        expected = stats.binomtest(k, n).proportion_ci(confidence_level=level, method="wilson")
        assert (lo[place], hi[place]) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_poisson_interval_is_garwoods_table():
    lo, hi = poisson(list(GARWOOD))
    assert lo == pytest.approx([low for low, _ in GARWOOD.values()], abs=6e-3)
    assert hi == pytest.approx([high for _, high in GARWOOD.values()], abs=6e-3)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_poisson_interval_leaves_the_stated_tails(level):
    counts = np.array([0, 1, 3, 17, 240])
    lo, hi = poisson(counts, level=level)
    tail = (1 - level) / 2
    assert stats.poisson.cdf(counts, hi) == pytest.approx(np.full(5, tail))
    assert stats.poisson.sf(counts[1:] - 1, lo[1:]) == pytest.approx(np.full(4, tail))
    assert lo[0] == 0.0
