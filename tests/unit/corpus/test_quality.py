"""Precision and recall: worked by hand, and on a world whose truth is known."""

import numpy as np
import pandas as pd
import pytest

from foresight.corpus.quality import chapman, compare_selections, retrieval_quality
from foresight.corpus.sampling import design_weights, draw_sample, frame_sizes, sampling_frame


def frame(**sizes):
    rows = [(f"{name}-{i:05d}", "t", name) for name, size in sizes.items() for i in range(size)]
    return pd.DataFrame(rows, columns=["doc_id", "track", "stratum"])


def labels(**yes_no):
    rows = []
    for name, text in yes_no.items():
        marks = {"y": "yes", "n": "no", "u": "unclear"}
        rows += [(f"{name}-{i:05d}", name, marks[mark], 1.0) for i, mark in enumerate(text)]
    return pd.DataFrame(rows, columns=["doc_id", "stratum", "label", "weight"])


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
        read = sample.assign(label=truth[sample["doc_id"]].array)
        read["weight"] = design_weights(read, frame_sizes(strata, "t"))
        found = retrieval_quality(strata, read, track="t", seed=trial)
        reached = relevant[(classed | worded)].sum() / 1000
        inside += found.recall.lo <= reached <= found.recall.hi
    assert inside >= 52  # 95 % of 60 is 57; below 52 has a chance of one in a hundred


def test_labels_of_an_old_sample_judge_an_edited_registry_by_what_they_stand_for():
    # Drawn from 90 documents by class (1 in 9 read) and 10 by keyword (all read); the edit calls
    # all of them `class`, so a label of the first kind must weigh nine times as much.
    read = labels(**{"class": "yyyyyyyyyn", "keyword": "nnnnnnnnnn"})
    read["weight"] = design_weights(read, {"class": 90, "keyword": 10})
    edited = frame(**{"class": 90, "keyword": 10}).assign(stratum="class")
    found = retrieval_quality(edited, read, track="t", seed=0)
    assert found.precision.value == pytest.approx(0.81)


def test_two_selections_are_compared_by_hand():
    # 100 documents in both (9 of 10 read are relevant), 400 only before (2 of 20), 50 only now
    # (5 of 5).
    both = [(f"both-{i:05d}", "t", "class") for i in range(100)]
    lost = [(f"dropped-{i:05d}", "t", "class") for i in range(400)]
    new = [(f"keyword-{i:05d}", "t", "keyword") for i in range(50)]
    columns = ["doc_id", "track", "stratum"]
    before, now = (
        pd.DataFrame(both + lost, columns=columns),
        pd.DataFrame(both + new, columns=columns),
    )
    read = labels(both="yyyyyyyyyn", dropped="yy" + "n" * 18, keyword="yyyyy")
    found = compare_selections(now, before, read, track="t", seed=1)
    assert found["value"].to_dict() == pytest.approx(
        {"before": 90 + 40, "now": 90 + 50, "ratio": 140 / 130, "kept": 90 / 130}
    )
    assert (found["lo"] <= found["value"]).all()
    assert (found["value"] <= found["hi"]).all()
    nothing = compare_selections(now, before.iloc[:0], read, track="t", seed=1)
    assert nothing.loc[["ratio", "kept"]].isna().all(axis=None)


def test_the_ratio_of_two_selections_covers_the_truth():
    inside, trials = 0, 60
    for trial in range(trials):
        rng = np.random.default_rng(100 + trial)
        ids = np.array([f"d{i:05d}" for i in range(6000)])
        relevant = rng.random(6000) < np.where(np.arange(6000) < 600, 0.85, 0.03)
        now = pd.DataFrame({"doc_id": ids[:620], "track": "t", "stratum": "class"})
        before = pd.DataFrame({"doc_id": ids[100:4000], "track": "t", "stratum": "class"})
        pool = sampling_frame(now, draft=before)
        sample = draw_sample(pool, track="t", wanted=120, seed=trial)
        truth = pd.Series(np.where(relevant, "yes", "no"), index=ids)
        read = sample.assign(label=truth[sample["doc_id"]].array)
        read["weight"] = design_weights(read, frame_sizes(pool, "t"))
        found = compare_selections(now, before, read, track="t", seed=trial).loc["ratio"]
        real = relevant[:620].sum() / relevant[100:4000].sum()
        inside += found["lo"] <= real <= found["hi"]
    assert inside >= 52  # 95 % of 60 is 57; below 52 has a chance of one in a hundred
