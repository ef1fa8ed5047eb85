"""Reporting delay and nowcast: hand-computed hazards, coverage, refusals, the stated limits."""

import numpy as np
import pandas as pd
import pytest

from foresight.errors import InsufficientDataError, TableError
from foresight.indicators.nowcast import delay_triangle, nowcast, reporting_delay


def documents(rng, *, first=1995, last=2015, mean=400.0, chance=0.45, grow=0.0):
    """Documents filed per year and public a geometric number of years later."""
    rows = []
    for year in range(first, last + 1):
        delays = rng.geometric(chance, size=rng.poisson(mean * np.exp(grow * (year - first)))) - 1
        rows += [(f"{year}-06-01", f"{year + delay}-06-01") for delay in delays]
    return pd.DataFrame(rows, columns=["priority", "published"])


def test_triangle_by_hand():
    table = pd.DataFrame(
        {
            "priority": [
                "2000-01-01",
                "2000-05-05",
                "2001-02-02",
                "2001-02-02",
                None,
                "2001-03-03",
            ],
            "published": [
                "2000-09-09",
                "2002-01-01",
                "2001-12-31",
                "2003-01-01",
                "2001-01-01",
                None,
            ],
        }
    )
    later = pd.DataFrame({"priority": ["2003-01-01"], "published": ["2003-01-02"]})
    table = pd.concat([table, later], ignore_index=True)  # not known yet
    found = delay_triangle(table, last_year=2002, max_delay=2)
    assert found.index.tolist() == [2000, 2001, 2002]
    assert found.loc[2000].tolist() == [1, 0, 1]
    assert found.loc[2001].tolist()[:2] == [1, 0]
    assert found.isna().sum(axis=1).tolist() == [0, 1, 2]


def test_hazards_by_hand():
    nan = np.nan
    triangle = pd.DataFrame([[40, 40, 20], [60, 40, nan], [30, nan, nan]], index=[2000, 2001, 2002])
    found = reporting_delay(triangle, window=None, revisions=0)
    # delay 2: 20 of 100; delay 1: 80 of 180 -> public by 0: (100 / 180) x (80 / 100)
    assert found["reported"].tolist() == pytest.approx([1.0, 0.8, 100 / 180 * 0.8])
    assert found["estimate"].tolist() == pytest.approx([100, 125, 30 * 1.8 * 1.25])
    assert found["n_delays"].tolist() == [0, 20, 100]


def test_only_the_newest_publication_years_are_used():
    nan = np.nan
    triangle = pd.DataFrame(
        [[50, 50], [50, 50], [80, 20], [80, nan]], index=[2000, 2001, 2002, 2003]
    )
    found = reporting_delay(triangle, window=1, revisions=0)
    assert found.loc[2003, "reported"] == pytest.approx(0.8)
    assert reporting_delay(triangle, window=None, revisions=0).loc[2003, "reported"] < 0.7


def test_steady_delays_give_no_error_and_drifting_ones_more_than_macks():
    nan = np.nan
    steady = pd.DataFrame([[30.0, 70.0]] * 9 + [[30.0, nan]], index=range(2000, 2010))
    assert reporting_delay(steady)["se"].iloc[-1] == pytest.approx(0.0, abs=1e-9)
    early = np.linspace(30, 70, 9)
    drift = pd.DataFrame(
        np.vstack([np.column_stack([early, 100 - early]), [75, nan]]), index=range(2000, 2010)
    )
    mack = reporting_delay(drift, revisions=0)["se"].iloc[-1]
    assert reporting_delay(drift)["se"].iloc[-1] > 1.5 * mack


def test_the_interval_covers_what_comes():
    """Coverage on generated data; figures for real data stand in the docstrings."""
    rng = np.random.default_rng(21)
    inside, widths = [], []
    for _ in range(25):
        whole = documents(rng, grow=0.05)
        unit = pd.Series(rng.random(len(whole)) < 0.04)
        year = whole["priority"].str[:4].astype(int)
        public = whole["published"].str[:4].astype(int)
        delay = reporting_delay(delay_triangle(whole, last_year=2015))
        kept = unit & (public - year <= 10)
        span = range(2011, 2016)
        seen = year[kept & (public <= 2015)].value_counts().reindex(span, fill_value=0)
        truth = year[kept].value_counts().reindex(span, fill_value=0).to_numpy()
        table = pd.DataFrame({"topic_id": "a", "year": span, "n_seen": seen.to_numpy()})
        found = nowcast(table, delay)
        assert (found["status"] == "nowcast").all()
        inside += list((found["lo"] <= truth) & (truth <= found["hi"]))
        widths += list(found["hi"] - found["lo"])
    assert 0.92 <= np.mean(inside) <= 1.0
    assert np.mean(widths) < 30


def test_completed_counts_by_hand():
    delay = pd.DataFrame(
        {"n_seen": [500, 200], "reported": [1.0, 0.4], "estimate": [500.0, 500.0]},
        index=[2010, 2011],
    ).assign(se=[0.0, 0.0], n_delays=[0, 900])
    seen = pd.DataFrame({"topic_id": ["a", "a"], "year": [2011, 2010], "n_seen": [20, 33]})
    found = nowcast(seen, delay)
    assert found["year"].tolist() == [2010, 2011]
    assert found.loc[0, ["estimate", "lo", "hi"]].tolist() == [33, 33, 33]
    assert found["status"].tolist() == ["complete", "nowcast"]
    assert found.loc[1, "estimate"] == pytest.approx(50)
    # 20.5 / 0.4 - 20.5 = 30.75 to come, variance 30.75 / 0.4: about 30.75 +- 1.96 x 8.8
    assert found.loc[1, "lo"] - 20 == pytest.approx(30.75 - 1.96 * 8.8, abs=3)
    assert found.loc[1, "hi"] - 20 == pytest.approx(30.75 + 1.96 * 8.8, abs=4)


def test_too_little_public_is_not_completed():
    rng = np.random.default_rng(2)
    table = documents(rng, chance=0.07)
    delay = reporting_delay(delay_triangle(table, last_year=2015, max_delay=15))
    seen = pd.DataFrame({"topic_id": "a", "year": [2015], "n_seen": [3]})
    found = nowcast(seen, delay)
    assert found.loc[0, "status"] == "too_early"
    assert found[["estimate", "lo", "hi"]].isna().all(axis=None)


def test_a_unit_with_nothing_public_yet_has_an_upper_bound():
    delay = reporting_delay(delay_triangle(documents(np.random.default_rng(3)), last_year=2015))
    found = nowcast(pd.DataFrame({"topic_id": ["a"], "year": [2015], "n_seen": [0]}), delay)
    assert found.loc[0, "estimate"] == 0
    assert found.loc[0, "lo"] == 0
    assert 0 < found.loc[0, "hi"] < 20


def test_a_corpus_of_one_year_shows_no_delay():
    table = pd.DataFrame({"priority": ["2015-01-01"] * 5, "published": ["2015-02-01"] * 5})
    delay = reporting_delay(delay_triangle(table, last_year=2015))
    assert delay[["reported", "estimate", "se"]].isna().all(axis=None)
    found = nowcast(pd.DataFrame({"topic_id": ["a"], "year": [2015], "n_seen": [5]}), delay)
    assert found["status"].tolist() == ["too_early"]


def test_years_without_documents_are_passed_over():
    rng = np.random.default_rng(4)
    table = documents(rng)
    table = table[~table["priority"].str.startswith("2011")]
    delay = reporting_delay(delay_triangle(table, last_year=2015))
    assert delay.loc[2011, "n_seen"] == 0
    assert np.isfinite(delay.loc[2015, ["reported", "se"]].to_numpy(dtype=float)).all()


def test_refusals():
    good = pd.DataFrame({"priority": ["2001-01-01"], "published": ["2000-01-01"]})
    with pytest.raises(TableError, match="before `priority`"):
        delay_triangle(good, last_year=2005)
    with pytest.raises(InsufficientDataError, match="No document"):
        delay_triangle(good, last_year=1999)
    with pytest.raises(TableError, match=r"lacks the column\(s\) priority"):
        delay_triangle(good.drop(columns="priority"), last_year=2005)
    delay = reporting_delay(delay_triangle(documents(np.random.default_rng(1)), last_year=2015))
    with pytest.raises(TableError, match="2019"):
        nowcast(pd.DataFrame({"topic_id": ["a"], "year": [2019], "n_seen": [1]}), delay)
