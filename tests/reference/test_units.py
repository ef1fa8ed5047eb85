"""Community and vitality against direct formulas, life cycle against planted curves."""

import math
from collections import defaultdict
from fractions import Fraction

import numpy as np
import pytest
from scipy import sparse

from foresight.indicators.community import effective_number
from foresight.indicators.growth_curves import CURVES
from foresight.indicators.life_cycle import BOUNDS, STAGES, life_cycle, stage_at
from foresight.indicators.vitality import vitality


def direct_effective_number(actors_of):
    """1 / HHI in exact fractions, a document counting for each of its actors in equal parts."""
    mass = defaultdict(Fraction)
    for actors in actors_of:
        for actor in actors:
            mass[actor] += Fraction(1, len(actors))
    total = sum(mass.values())
    return 1 / sum((part / total) ** 2 for part in mass.values())


def incidence(actors_of):
    names = sorted({actor for actors in actors_of for actor in actors})
    rows = [[float(name in actors) for name in names] for actors in actors_of]
    return sparse.csr_array(np.array(rows))


def test_effective_number_of_a_worked_concentration():
    # market shares 50, 30 and 20 %: HHI 2500 + 900 + 400 = 3800 points, effective number 2.632
    actors_of = ["a"] * 5 + ["b"] * 3 + ["c"] * 2
    found = effective_number(np.ones((1, 10)), incidence(actors_of))
    assert found[0] == pytest.approx(10_000 / 3800)
    alike = effective_number(np.ones((1, 7)), incidence("abcdefg"))
    assert alike[0] == pytest.approx(7.0)


def test_effective_number_agrees_with_exact_fractions_under_any_weights():
    rng = np.random.default_rng(4)
    sizes = rng.integers(1, 4, size=30)
    actors_of = ["".join(rng.choice(list("abcdefgh"), size, replace=False)) for size in sizes]
    weights = rng.multinomial(30, np.full(30, 1 / 30), size=20)
    found = effective_number(weights.astype(float), incidence(actors_of))
    for row, times in enumerate(weights):
        drawn = [actors for actors, n in zip(actors_of, times, strict=True) for _ in range(n)]
        assert found[row] == pytest.approx(float(direct_effective_number(drawn)), rel=1e-12)


def test_vitality_of_a_worked_example():
    # Klavans, Boyack & Murdick (2020), doi:10.1371/journal.pone.0239177: mean of 1 / (age + 1).
    # Ages 0, 0, 1, 3: (1 + 1 + 1/2 + 1/4) / 4 = 11/16
    years = np.array([2020, 2020, 2019, 2017])
    assert vitality(np.ones((1, 4)), years, last_year=2020)[0] == pytest.approx(11 / 16)
    # one year later every age is one more: (1/2 + 1/2 + 1/3 + 1/5) / 4
    assert vitality(np.ones((1, 4)), years, last_year=2021)[0] == pytest.approx(23 / 60)


# Logistic growth, stages by share of saturation f: Andersen (1999),
# doi:10.1080/09537329908524301; below 0.10 emerging, to 0.50 growth, to 0.90 maturity, then
# saturation; f is 0.5 at the midpoint, and 10 to 90 % take ln(81) / rate.
@pytest.mark.parametrize(
    ("share", "stage"),
    [
        (0.0999, "emerging"),
        (0.10, "growing"),
        (0.4999, "growing"),
        (0.50, "maturing"),
        (0.8999, "maturing"),
        (0.90, "saturated"),
    ],
)
def test_stage_boundaries_are_the_published_ones(share, stage):
    assert stage_at(share) == stage


def test_the_logistic_curve_has_its_published_midpoint_and_duration():
    logistic = CURVES["logistic"].level
    assert logistic(np.array([0.0]))[0] == pytest.approx(0.5)
    rate = 0.4
    duration = math.log(81) / rate
    assert duration == pytest.approx(10.986, abs=1e-3)
    ends = logistic(rate * np.array([-duration / 2, duration / 2]))
    assert ends == pytest.approx([BOUNDS[0], BOUNDS[-1]])


def planted(progress, *, years=30, rate=0.35, size=3000):
    """Expected yearly counts of a logistic that reaches `progress` of `size` in the last year."""
    middle = years - 1 - math.log(progress / (1 - progress)) / rate
    ends = size / (1 + np.exp(-rate * (np.arange(-1, years) - middle)))
    return np.diff(ends)


@pytest.mark.parametrize("progress", [0.3, 0.7, 0.97])
def test_life_cycle_recovers_a_planted_logistic(progress):
    expected = STAGES[sum(progress >= bound for bound in BOUNDS)]
    rng = np.random.default_rng(21)
    found = [
        life_cycle(rng.poisson(planted(progress)).astype(float), np.full(30, 5000.0))
        for _ in range(10)
    ]
    named = [one.stage for one in found if one.stage]
    # before the midpoint a Gompertz curve at its start often fits as well, and then there is no
    # stage; a wrong one is rare
    assert len(named) >= (8 if progress > 0.5 else 4)
    assert sum(stage != expected for stage in named) <= 2
    spans = [(one.progress_lo, one.progress_hi) for one in found if one.stage]
    assert sum(lo <= progress <= hi for lo, hi in spans) >= len(spans) - 1
    if progress > 0.5:
        reached = [one.progress for one in found if one.stage]
        assert np.median(reached) == pytest.approx(progress, abs=0.05)


def test_unbounded_growth_gets_a_stage_no_more_often_than_the_error_level():
    rng = np.random.default_rng(22)
    mean = 4 * np.exp(0.12 * np.arange(25))
    named = [
        life_cycle(rng.poisson(mean).astype(float), np.full(25, 1000.0)).stage is not None
        for _ in range(30)
    ]
    # if the level holds, more than 5 of 30 have a probability of 0.3 %
    assert sum(named) <= 5
