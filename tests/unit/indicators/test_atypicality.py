"""Atypicality of pairs and shares of novel documents: hand-computed."""

import numpy as np
import pandas as pd
import pytest

from foresight.errors import TableError
from foresight.indicators.atypicality import pair_atypicality, pair_z
from foresight.indicators.novelty import novel_share


def test_z_by_hand():
    # 10 documents, 4 with a, 5 with b: mean 2, variance 2 * 0.6 * 5/9 = 2/3.
    assert pair_z(3, 4, 5, 10) == pytest.approx(1 / np.sqrt(2 / 3))
    assert pair_z([0, 2], [4, 4], [5, 5], [10, 10]) == pytest.approx([-2 / np.sqrt(2 / 3), 0.0])


def test_z_is_missing_where_chance_leaves_no_room():
    found = pair_z([1, 0, 3, 1, 0], [1, 0, 5, 1, 0], [1, 3, 5, 1, 0], [1, 5, 5, 0, 0])
    assert np.isnan(found).all()


def pairs(rows):
    names = ["doc_id", "year", "n_pair", "n_a", "n_b", "n_docs"]
    return pd.DataFrame(rows, columns=names)


def test_documents_by_hand_with_and_without_themselves():
    rows = [
        ("p", 2001, 3, 4, 5, 10), ("p", 2001, 1, 2, 2, 10), ("p", 2001, 1, 1, 2, 10),
        ("q", 2001, 1, 1, 1, 10), ("r", 2002, 1, 2, 2, 10),
    ]  # fmt: skip
    found = pair_atypicality(pairs(rows), last_year=2001)
    assert found.index.tolist() == ["p", "q"]
    z = [float(pair_z(*row[2:])) for row in rows[:3]]
    assert found.loc["p", "median_z"] == pytest.approx(np.median(z))
    assert found.loc["p", "low_z"] == pytest.approx(np.quantile(z, 0.1))
    others = [float(pair_z(2, 3, 4, 9)), float(pair_z(0, 1, 1, 9))]  # the third cannot be judged
    assert found.loc["p", "median_z_others"] == pytest.approx(np.mean(others))
    assert found.loc["p", ["n_pairs", "n_pairs_others"]].tolist() == [3, 2]
    # Two classes that q alone has: as published the most usual pair, by others' doing unknown.
    assert found.loc["q", "median_z"] == pytest.approx(3.0)
    assert np.isnan(found.loc["q", "median_z_others"])
    assert found.loc["q", "n_pairs_others"] == 0


def test_counts_of_pairs_need_their_columns():
    with pytest.raises(TableError, match="lacks the column"):
        pair_atypicality(pairs([]).drop(columns="n_a"), last_year=2001)
    assert pair_atypicality(pairs([]), last_year=2001).shape == (0, 6)


def test_share_of_novel_documents_leaves_the_unknown_out():
    members = pd.DataFrame({"unit_id": list("bbbba"), "doc_id": list("12345")})
    novel = pd.Series([1, 0, None, 1], index=list("1234"), dtype=object)
    found = novel_share(members, novel)
    assert found.index.tolist() == ["a", "b"]
    assert found.loc["b", "share"] == pytest.approx(2 / 3)
    assert found.loc["b", ["n", "n_unknown"]].tolist() == [3, 1]
    assert found.loc["b", "lo"] < 2 / 3 < found.loc["b", "hi"]
    assert found.loc["a"].isna().tolist() == [True, True, True, False, False]


def test_share_of_novel_documents_refuses_percentiles_and_repeats():
    members = pd.DataFrame({"unit_id": ["u"], "doc_id": ["1"]})
    with pytest.raises(TableError, match="neither 0, 1 nor null"):
        novel_share(members, pd.Series([0.9], index=["1"]))
    with pytest.raises(TableError, match="repeated flags"):
        novel_share(members, pd.Series([1, 0], index=["1", "1"]))
    with pytest.raises(TableError, match="lacks the column"):
        novel_share(members.drop(columns="unit_id"), pd.Series([1], index=["1"]))
