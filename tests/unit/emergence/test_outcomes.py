import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr
from synth import backtest_records, backtest_tables

from foresight.emergence.outcomes import (
    MOST_MASS,
    counted_share,
    dirichlet_mass,
    least_rise,
    long_run_share,
    noise_ceiling,
    outcomes,
    rank_correlation,
    share_change,
    smoothed_share,
)
from foresight.emergence.snapshot import take_snapshot
from foresight.settings import Settings


def series(*values):
    return pd.Series(values, index=[f"u{i}" for i in range(len(values))], dtype=float)


def test_counts_as_the_long_run_has_them_leave_nothing_to_the_recent_years():
    shares = np.array([0.2, 0.3, 0.5])
    assert dirichlet_mass(100 * shares, shares, total=100, overlap=0.2) == MOST_MASS


def test_mass_by_hand():
    """n - Np = 10, -10; chance = 2 x 100 x 1/4 x 1/2 = 25; rho = (200/25 - 1)/99 = 7/99."""
    mass = dirichlet_mass(np.array([60.0, 40.0]), np.array([0.5, 0.5]), total=100, overlap=0.5)
    assert mass == pytest.approx(99 / 7 - 1)


def test_mass_of_dirichlet_multinomial_counts_is_recovered():
    rng = np.random.default_rng(3)
    shares = np.full(40, 1 / 40)
    found = [
        1 / dirichlet_mass(
            rng.multinomial(400, rng.dirichlet(200 * shares)).astype(float),
            shares, total=400, overlap=0.0,
        )
        for _ in range(300)
    ]  # fmt: skip
    assert np.mean(found) == pytest.approx(1 / 200, rel=0.1)


def test_shares_by_hand():
    known, counts = series(30, 70), series(16, 4)
    share, mass = smoothed_share(counts, total=20, known=known, total_known=100)
    assert mass == 2.0  # dispersed as far as can be: the least mass, one document per unit
    # (20^2 + 20^2) / 50 = 16 times chance: rho = 15/99, mass 5.6, of which half is used.
    long_run = [(30 + 1.4) / 102.8, (70 + 1.4) / 102.8]
    assert long_run_share(known, total=100).to_list() == pytest.approx(long_run)
    wanted = [(16 + 2 * long_run[0]) / 22, (4 + 2 * long_run[1]) / 22]
    assert share.to_list() == pytest.approx(wanted)
    after = counted_share(series(9, 1), total=10)
    assert after.to_list() == pytest.approx([9.5 / 11, 1.5 / 11])
    change = share_change(
        before=counts, after=series(9, 1), known=known,
        total_before=20, total_after=10, total_known=100,
    )  # fmt: skip
    assert change.to_list() == pytest.approx(np.log(after / share).to_list())


def test_growth_of_eight_percent_a_year_between_the_middles_of_the_windows():
    assert least_rise(3) == pytest.approx(3 * np.log(1.08))
    assert least_rise(5) == pytest.approx(4 * np.log(1.08))


def test_no_rule_of_the_past_foretells_chance():
    """True shares stay: raw changes fall back after growth, smoothed ones do not."""
    rng = np.random.default_rng(0)
    raw, smooth = [], []
    for _ in range(200):
        shares = rng.dirichlet(np.full(30, 5.0))
        old, before, after = (
            pd.Series(rng.multinomial(n, shares).astype(float)) for n in (900, 300, 300)
        )
        growth = np.log(before + 0.5) - np.log(old + 0.5)
        change = share_change(
            before=before, after=after, known=old + before,
            total_before=300, total_after=300, total_known=1200,
        )  # fmt: skip
        smooth.append(spearmanr(growth, change)[0])
        raw.append(spearmanr(growth, np.log(after + 0.5) - np.log(before + 0.5))[0])
    assert np.mean(raw) < -0.5
    assert abs(np.mean(smooth)) < 0.12


def test_rank_correlation_is_spearmans_and_nothing_where_all_is_alike():
    rng = np.random.default_rng(1)
    one, two = rng.integers(0, 6, (5, 20)), rng.integers(0, 6, (5, 20))
    wanted = [spearmanr(a, b)[0] for a, b in zip(one, two, strict=True)]
    assert rank_correlation(one, two).tolist() == pytest.approx(wanted)
    assert rank_correlation(np.ones((1, 4)), np.arange(4.0)[np.newaxis]).tolist() == [0.0]


def test_ceiling_between_chance_and_certainty():
    rng = np.random.default_rng(2)
    level = np.full(60, 10.0)
    assert noise_ceiling(level, level, rng=rng) == (0.0, 0.0)
    chance = [noise_ceiling(rng.poisson(level).astype(float), level, rng=rng)[0] for _ in range(40)]
    assert np.mean(np.equal(chance, 0.0)) > 0.3  # by chance alone counts spread too little or much
    true = rng.gamma(4.0, 0.25, size=60)
    few, cautious = noise_ceiling(rng.poisson(true * level).astype(float), level, rng=rng)
    many, _ = noise_ceiling(rng.poisson(true * 1000).astype(float), level * 100, rng=rng)
    assert 0.6 < cautious < few < 0.95 < many
    assert np.isnan(noise_ceiling(level[:2], level[:2], rng=rng)).all()


def test_ceiling_is_what_one_who_knows_all_would_reach():
    """Against worlds whose true factors are known."""
    rng = np.random.default_rng(4)
    reached, estimated = [], []
    for _ in range(60):
        level = rng.uniform(3, 20, size=80)
        true = rng.gamma(5.0, 0.2, size=80)
        after = rng.poisson(true * level).astype(float)
        reached.append(spearmanr(true, np.log(after + 0.5) - np.log(level))[0])
        estimated.append(noise_ceiling(after, level, rng=rng, draws=50)[0])
    assert np.mean(estimated) == pytest.approx(np.mean(reached), abs=0.03)


def test_outcomes_count_what_came_within_the_horizon():
    tables, vectors, topics = backtest_tables(
        years=range(2000, 2013), steady=6, fading=1, planted=1, seed=5
    )
    records = backtest_records(tables, vectors)
    snapshot, later = take_snapshot(records, last_year=2008, settings=Settings())
    found = outcomes(snapshot, later, records, horizon=3)
    ahead = later[later["year"] <= 2011]
    assert found["n_after"].sum() == len(ahead) > 0
    recent = snapshot.dated[snapshot.dated["year"] >= 2006]
    assert found["n_before"].sum() == len(recent)
    assert (found["grew"] == (found["rise"] >= least_rise(3))).all()
    years = records.documents["year"]
    citing = records.references["citing_id"].map(years).between(2009, 2011)
    cited = records.references["cited_id"].isin(recent["doc_id"])
    assert found["impact_after"].sum() == (citing & cited).sum() > 0
    # The planted topic with its peak in 2010 rose, the burst that ended in 2008 fell.
    unit = snapshot.members.set_index("doc_id")["unit_id"]
    for kind, peak, sign in (("emerging", 2010, 1), ("burst", 2008, -1)):
        ids = topics.loc[(topics["kind"] == kind) & (topics["peak"] == peak), "doc_ids"].iloc[0]
        home = unit.reindex(ids).dropna().mode()[0]
        assert sign * found.loc[home, "rise"] > 0.5
