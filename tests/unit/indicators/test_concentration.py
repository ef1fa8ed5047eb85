"""Concentration and turnover of organisations by hand."""

import numpy as np
import pandas as pd
import pytest

from foresight.errors import InsufficientDataError, TableError
from foresight.indicators.community import effective_number
from foresight.indicators.concentration import (
    concentration,
    entry_exit,
    herfindahl,
    leaders_share,
    organisation_parts,
)


def orgs_table(orgs, *, year=2020):
    """One document per entry; one of several letters is a document of several organisations."""
    rows = [(f"d{i:03d}", org, year) for i, names in enumerate(orgs) for org in names or [None]]
    return pd.DataFrame(rows, columns=["doc_id", "org_id", "year"])


def test_measures_by_hand():
    # masses: a 3.5, b 1.5, c 1; of 6 documents
    parts, names = organisation_parts(orgs_table(["a", "a", "a", "ab", "b", "c"]))
    once = np.ones((1, 6))
    assert names.tolist() == ["a", "b", "c"]
    assert leaders_share(once, parts, n=1)[0] == pytest.approx(3.5 / 6)
    assert leaders_share(once, parts, n=2)[0] == pytest.approx(5 / 6)
    assert leaders_share(once, parts, n=4)[0] == pytest.approx(1.0)
    square = 3.5**2 + 1.5**2 + 1
    assert herfindahl(once, parts, corrected=False)[0] == pytest.approx(square / 36)
    itself = 5 * 1 + 0.5  # a document of two organisations is half like itself
    assert herfindahl(once, parts)[0] == pytest.approx((square - itself) / (36 - 6))
    assert 1 / herfindahl(once, parts, corrected=False)[0] == pytest.approx(
        effective_number(once, parts)[0]
    )


def test_corrected_hhi_is_the_chance_that_two_documents_share_an_organisation():
    rng = np.random.default_rng(3)
    share = np.array([0.5, 0.3, 0.2])
    found = []
    for _ in range(3000):
        parts, _ = organisation_parts(orgs_table(rng.choice(list("abc"), size=8, p=share)))
        found.append(herfindahl(np.ones((1, 8)), parts)[0])
    assert np.mean(found) == pytest.approx(0.38, abs=0.01)


def test_a_document_drawn_twice_is_not_a_pair():
    parts, _ = organisation_parts(orgs_table(["a", "b", "c"]))
    assert herfindahl(np.array([[3.0, 0, 0], [2.0, 1, 0]]), parts) == pytest.approx(
        [np.nan, 0.0], nan_ok=True
    )


def measured(orgs, **settings):
    return concentration(orgs_table(orgs), last_year=2020, rng=np.random.default_rng(0), **settings)


def test_window_counts_and_missing_organisations():
    table = pd.concat([orgs_table(["a"] * 9 + [None]), orgs_table(["z"] * 99, year=2021)])
    table["doc_id"] += table["year"].astype(str)
    found = concentration(table, last_year=2020, rng=np.random.default_rng(0))
    assert found[["n_docs", "n_unknown", "n_orgs"]].drop_duplicates().values.tolist() == [[9, 1, 1]]
    assert found["raw"].tolist() == [1.0, 1.0, 1.0, 1.0]
    assert found["value"].isna().all()  # nine documents are too few


def test_one_organisation_is_whole_concentration():
    found = measured(["a"] * 100)
    assert found[["value", "lo", "hi"]].to_numpy() == pytest.approx(np.ones((4, 3)))


def test_all_different_is_unbounded_above_and_missing_not_infinite():
    found = measured([[f"o{i}"] for i in range(30)])
    assert found.loc["hhi", ["value", "lo", "hi"]].tolist() == [0.0, 0.0, 0.0]
    assert found.loc["effective", ["value", "lo", "hi"]].isna().all()
    assert found.loc["effective", "raw"] == pytest.approx(30.0)


def test_no_known_organisation_is_missing():
    found = measured([None] * 20)
    assert found[["value", "lo", "hi", "raw"]].isna().all(axis=None)
    assert found["n_unknown"].tolist() == [20] * 4


def test_intervals_cover_the_truth():
    rng = np.random.default_rng(5)
    share = 1 / np.arange(1, 61)
    share /= share.sum()
    truth = {"cr4": share[:4].sum(), "hhi": (share**2).sum()}
    covered = dict.fromkeys(truth, 0)
    for _ in range(60):
        orgs = [[f"o{i}"] for i in rng.choice(60, size=400, p=share)]
        found = concentration(orgs_table(orgs), last_year=2020, rng=rng, draws=200)
        for name, value in truth.items():
            covered[name] += found.loc[name, "lo"] <= value <= found.loc[name, "hi"]
    assert min(covered.values()) >= 51  # 85 %; 95 % is meant, first-order corrections cover less


def test_entries_and_exits_by_hand():
    rows = [
        ("a", 2005),
        ("a", 2011),
        ("b", 2006),
        ("c", 2011),
        ("a", 2016),
        ("d", 2016),
        ("b", 2017),
    ]
    table = pd.DataFrame(rows, columns=["org_id", "year"]).assign(
        doc_id=[f"d{i}" for i in range(7)]
    )
    found = entry_exit(table, last_year=2019, period=5)
    assert found[["start", "end"]].values.tolist() == [[2005, 2009], [2010, 2014], [2015, 2019]]
    assert found["n_orgs"].tolist() == [2, 2, 3]
    assert found["n_entered"].tolist()[1:] == [1, 1]  # c, then d
    assert found["n_returned"].tolist()[1:] == [0, 1]  # b
    assert found["n_left"].tolist()[1:] == [1, 1]  # b, then c
    assert found.iloc[0][["n_entered", "n_returned", "n_left"]].isna().all()
    assert found["entry_rate"].tolist()[1:] == pytest.approx([1 / 2, 1 / 3])
    assert found["exit_rate"].tolist()[1:] == pytest.approx([1 / 2, 1 / 2])
    assert (found["entry_rate_lo"][1:] < found["entry_rate"][1:]).all()
    pd.testing.assert_frame_equal(
        entry_exit(table, last_year=2019, period=5, periods=1), found.tail(1).reset_index(drop=True)
    )


def test_a_broken_first_period_is_history_and_no_row():
    rows = [("a", 2008), ("a", 2012), ("b", 2012), ("b", 2016)]
    table = pd.DataFrame(rows, columns=["org_id", "year"]).assign(doc_id=list("wxyz"))
    found = entry_exit(table, last_year=2019, period=5)
    assert found["start"].tolist() == [2010, 2015]
    assert found["n_left"].tolist()[1] == 1


def test_a_period_without_organisations_has_no_entry_rate():
    table = pd.DataFrame({"doc_id": ["p", "q"], "org_id": ["a", "a"], "year": [2001, 2011]})
    found = entry_exit(table, last_year=2015, period=5)
    assert found["n_orgs"].tolist() == [1, 0, 1]
    assert np.isnan(found.loc[1, "entry_rate"])
    assert found.loc[1, "exit_rate"] == 1.0
    assert np.isnan(found.loc[2, "exit_rate"])
    assert found.loc[2, "n_returned"] == 1


def test_refusals():
    with pytest.raises(TableError, match=r"lacks the column\(s\) org_id"):
        entry_exit(pd.DataFrame({"doc_id": ["a"], "year": [2000]}), last_year=2000)
    with pytest.raises(InsufficientDataError, match="whole period"):
        entry_exit(orgs_table(["a"]), last_year=2020, period=5)
