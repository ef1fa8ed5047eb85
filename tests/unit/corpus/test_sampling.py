"""Samples: what they are drawn from, how many of what, and whose turn it is."""

import pandas as pd
import pytest

from foresight.corpus.sampling import (
    FLOORS,
    SAMPLED,
    allocate,
    design_weights,
    draw_sample,
    frame_sizes,
    sampling_frame,
)

COLUMNS = ["doc_id", "track", "stratum"]


def frame(**sizes):
    rows = [(f"{name}-{i:05d}", "t", name) for name, size in sizes.items() for i in range(size)]
    return pd.DataFrame(rows, columns=COLUMNS)


def test_the_frame_holds_the_track_its_near_misses_and_what_the_draft_had_beyond():
    now = pd.DataFrame(
        [("a", "t", "class"), ("b", "t", "near_miss"), ("c", "t", "near_miss")], columns=COLUMNS
    )
    draft = pd.DataFrame(
        [("a", "t", "class"), ("b", "t", "class"), ("d", "t", "keyword"), ("e", "t", "near_miss")],
        columns=COLUMNS,
    )
    found = sampling_frame(now, draft=draft).set_index("doc_id")["stratum"].to_dict()
    assert found == {"a": "class", "b": "dropped", "c": "near_miss", "d": "dropped"}


def test_a_small_stratum_leaves_its_share_to_the_others():
    sizes = {"class_and_keyword": 3, "class": 50, "keyword": 0, "broad": 50, "near_miss": 50}
    given = allocate(sizes, wanted=30)
    assert given == {
        "class_and_keyword": 3, "class": 9, "keyword": 0, "broad": 9, "near_miss": 9, "dropped": 0,
    }  # fmt: skip
    assert allocate({"class": 2}, wanted=30)["class"] == 2


def test_beyond_its_floor_a_stratum_of_the_track_gets_by_the_root_of_its_size():
    sizes = dict.fromkeys(SAMPLED, 10_000) | {"class": 40_000}
    given = allocate(sizes, wanted=sum(FLOORS.values()) + 120)
    assert given["near_miss"] == FLOORS["near_miss"]
    assert given["dropped"] == FLOORS["dropped"]
    others = [given[name] for name in ("class_and_keyword", "keyword", "broad")]
    assert given["class"] == pytest.approx(2 * others[0], abs=2)
    assert sum(others) + given["class"] == 4 * 15 + 120
    assert max(others) - min(others) <= 1


def test_a_larger_sample_holds_the_smaller_and_other_documents_change_no_turn():
    strata = frame(**dict.fromkeys(SAMPLED, 400) | {"class": 3000})
    small = draw_sample(strata, track="t", wanted=24, seed=1)
    assert small["stratum"].value_counts().to_dict() == {
        "dropped": 9, "near_miss": 3, "class": 3, "class_and_keyword": 3, "keyword": 3, "broad": 3,
    }  # fmt: skip
    for wanted in range(25, 260, 13):
        large = draw_sample(strata, track="t", wanted=wanted, seed=1)
        assert set(small["doc_id"]) < set(large["doc_id"])
        small = large
    shuffled = strata.sample(frac=1, random_state=3)
    assert draw_sample(shuffled, track="t", wanted=24, seed=1).equals(
        draw_sample(strata, track="t", wanted=24, seed=1)
    )
    other = draw_sample(strata, track="t", wanted=24, seed=2)
    assert set(other["doc_id"]) != set(draw_sample(strata, track="t", wanted=24, seed=1)["doc_id"])


def test_the_order_of_reading_does_not_tell_the_stratum():
    strata = frame(**{"class": 40, "keyword": 60, "near_miss": 20_000, "dropped": 6000})
    sample = draw_sample(strata, track="t", wanted=120, seed=8)
    inside = sample["stratum"].isin(["class", "keyword"])
    assert inside.sum() == 60
    assert 20 <= inside.head(60).sum() <= 40  # by chance 30, standard deviation 2.7


def test_labels_together_stand_for_the_whole_frame():
    strata = frame(**{"class": 700, "keyword": 31, "near_miss": 4000, "dropped": 90})
    sample = draw_sample(strata, track="t", wanted=80, seed=5)
    sizes = frame_sizes(strata, "t")
    weights = design_weights(sample, sizes)
    assert weights.groupby(sample["stratum"]).sum().to_dict() == pytest.approx(
        {name: size for name, size in sizes.items() if size}
    )
