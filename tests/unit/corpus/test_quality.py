"""Strata, samples, precision and recall: worked by hand, and on a world whose truth is known."""

import numpy as np
import pandas as pd
import pytest

from foresight.corpus.quality import allocate, chapman, draw_sample, retrieval_quality
from foresight.corpus.select import STRATA


def frame(**sizes):
    rows = [(f"{name}-{i:05d}", "t", name) for name, size in sizes.items() for i in range(size)]
    return pd.DataFrame(rows, columns=["doc_id", "track", "stratum"])


def labels(**yes_no):
    rows = []
    for name, text in yes_no.items():
        marks = {"y": "yes", "n": "no", "u": "unclear"}
        rows += [(f"{name}-{i:05d}", marks[mark]) for i, mark in enumerate(text)]
    return pd.DataFrame(rows, columns=["doc_id", "label"])


def test_a_small_stratum_leaves_its_share_to_the_others():
    sizes = {"class_and_keyword": 3, "class": 50, "keyword": 0, "broad": 50, "near_miss": 50}
    given = allocate(sizes, wanted=30)
    assert given == {"class_and_keyword": 3, "class": 9, "keyword": 0, "broad": 9, "near_miss": 9}
    assert allocate({"class": 2}, wanted=30)["class"] == 2


def test_a_larger_sample_holds_the_smaller_and_other_documents_change_no_turn():
    strata = frame(**dict.fromkeys(STRATA, 40))
    small = draw_sample(strata, track="t", wanted=20, seed=1)
    large = draw_sample(strata, track="t", wanted=60, seed=1)
    assert set(small["doc_id"]) < set(large["doc_id"])
    assert small["stratum"].value_counts().tolist() == [4] * 5
    fewer = strata[~strata["doc_id"].isin(set(strata["doc_id"]) - set(small["doc_id"]))]
    assert set(draw_sample(fewer, track="t", wanted=20, seed=1)["doc_id"]) == set(small["doc_id"])
    assert set(draw_sample(strata, track="t", wanted=20, seed=2)["doc_id"]) != set(small["doc_id"])


def test_precision_is_weighted_back_to_the_strata():
    strata = frame(**{"class": 90, "keyword": 10})
    found = retrieval_quality(
        strata, labels(**{"class": "yyyyyyyyyn", "keyword": "nnnnnnnnnn"}), track="t", seed=0
    )
    assert found.precision.value == pytest.approx(0.81)
    assert found.precision.lo < 0.81 < found.precision.hi
    assert found.precision.n == 20
    assert found.covered == 1.0


def test_unclear_counts_as_not_belonging_and_is_told():
    found = retrieval_quality(frame(**{"class": 10}), labels(**{"class": "yyu"}), track="t", seed=0)
    assert found.precision.value == pytest.approx(2 / 3)
    assert found.unclear == 1


def test_near_misses_do_not_touch_precision():
    strata = frame(**{"class": 10, "near_miss": 1000})
    found = retrieval_quality(
        strata, labels(**{"class": "yyyy", "near_miss": "nnny"}), track="t", seed=0
    )
    assert found.precision.value == 1.0
    assert found.near_miss.value == 0.25


def test_a_stratum_without_labels_is_told():
    found = retrieval_quality(
        frame(**{"class": 60, "keyword": 40}), labels(**{"class": "yy"}), track="t", seed=0
    )
    assert found.covered == pytest.approx(0.6)
    assert found.recall is None


def test_no_labels_no_figures():
    found = retrieval_quality(frame(**{"class": 5}), labels(), track="t", seed=0)
    assert (found.precision, found.recall, found.near_miss) == (None, None, None)


def test_chapman_by_hand():
    # 100 by the first route, 80 by the second, 50 by both: (101 * 81) / 51 - 1 = 159.41 in all.
    missed, variance = chapman(np.array([50.0]), np.array([50.0]), np.array([30.0]))
    assert missed[0] + 130 == pytest.approx(101 * 81 / 51 - 1)
    assert variance[0] == pytest.approx(101 * 81 * 50 * 30 / (51**2 * 52))


def test_recall_covers_the_truth_where_the_routes_are_independent():
    rng = np.random.default_rng(4)
    inside = 0
    for trial in range(60):
        relevant = np.arange(2000) < 1000
        classed = rng.random(2000) < np.where(relevant, 0.7, 0.08)
        worded = rng.random(2000) < np.where(relevant, 0.6, 0.05)
        names = np.select(
            [classed & worded, classed, worded], ["class_and_keyword", "class", "keyword"], ""
        )
        ids = [f"d{i:04d}" for i in range(2000)]
        strata = pd.DataFrame({"doc_id": ids, "track": "t", "stratum": names})
        strata = strata[strata["stratum"] != ""].reset_index(drop=True)
        sample = draw_sample(strata, track="t", wanted=90, seed=trial)
        truth = pd.Series(np.where(relevant, "yes", "no"), index=ids)
        read = pd.DataFrame({"doc_id": sample["doc_id"], "label": truth[sample["doc_id"]].array})
        found = retrieval_quality(strata, read, track="t", seed=trial)
        reached = relevant[(classed | worded)].sum() / 1000
        inside += found.recall.lo <= reached <= found.recall.hi
    assert inside >= 52  # 95 % of 60 is 57; below 52 has a chance of one in a hundred
