"""Bursts against every sequence of states tried one by one, and against another program."""

import itertools
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from foresight.indicators.burst import burst_gain, burst_path, bursts

RECORDED = json.loads(Path(__file__).with_name("burst_detection.json").read_text())["cases"]


def cost(states, counts, totals, *, s=2.0, gamma=1.0):
    """Kleinberg's cost of a sequence of states, binomial coefficients and all."""
    share = counts.sum() / totals.sum()
    steps = sum(b > a for a, b in itertools.pairwise((0, *states)))
    fit = sum(
        -binom.logpmf(r, d, share * s**state)
        for state, r, d in zip(states, counts, totals, strict=True)
    )
    return fit + gamma * np.log(len(totals)) * steps


def found_path(counts, totals, *, s=2.0, gamma=1.0):
    gain = burst_gain(counts[np.newaxis].astype(float), totals.astype(float), s=s)
    return burst_path(gain, price=gamma * np.log(len(totals)))[0]


@pytest.mark.parametrize("s", [1.5, 2.0, 3.0])
@pytest.mark.parametrize("gamma", [0.5, 1.0, 2.0])
def test_the_path_is_the_cheapest_of_all(s, gamma):
    rng = np.random.default_rng(int(10 * s + gamma))
    burst_years = 0
    for _ in range(15):
        years = int(rng.integers(2, 10))
        totals = rng.integers(20, 120, years)
        share = rng.choice([0.02, 0.05, 0.15], years)
        counts = rng.binomial(totals, share)
        if not 0 < s * counts.sum() / totals.sum() < 1:
            continue
        every = list(itertools.product((0, 1), repeat=years))
        costs = np.array([cost(states, counts, totals, s=s, gamma=gamma) for states in every])
        path = found_path(counts, totals, s=s, gamma=gamma)
        ours = cost(tuple(path.astype(int)), counts, totals, s=s, gamma=gamma)
        assert ours == pytest.approx(costs.min(), abs=1e-9)
        if np.sort(costs)[1] - costs.min() > 1e-6:
            assert tuple(path.astype(int)) == every[int(np.argmin(costs))]
        burst_years += int(path.sum())
    assert burst_years > 0


def table(counts, totals):
    years = np.arange(2000, 2000 + len(totals))
    return pd.DataFrame(
        {"topic_id": "a", "year": years, "n_docs": counts, "n_corpus": totals}
    ).assign(n_patents=counts, n_papers=0)


def test_another_program_never_finds_a_cheaper_path_and_weighs_the_same():
    alike = 0
    for case in RECORDED:
        counts, totals = np.array(case["n_docs"]), np.array(case["n_corpus"])
        path = found_path(counts, totals).astype(int)
        theirs = cost(tuple(case["states"]), counts, totals)
        assert cost(tuple(path), counts, totals) <= theirs + 1e-9
        if path.tolist() == case["states"]:
            alike += 1
            found = bursts(table(counts, totals), last_year=1999 + len(totals))
            got = found[["start", "end", "weight"]].to_numpy() - [2000, 2000, 0]
            assert got.tolist() == [pytest.approx(burst, abs=1e-6) for burst in case["bursts"]]
    assert alike > len(RECORDED) / 2
    assert any(case["bursts"] for case in RECORDED)
