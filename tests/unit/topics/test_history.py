"""Topics from year to year: planted births and merges, ids and colours that stay."""

import numpy as np
import pandas as pd
import pytest

from foresight.errors import InsufficientDataError
from foresight.topics.history import fit_history
from foresight.topics.lineage import Link, link_topics


def corpus(plan, seed=0):
    """Documents with vectors around the axis of their group: plan of (group, year, documents)."""
    rng = np.random.default_rng(seed)
    rows, vectors = [], []
    for group, year, number in plan:
        for _ in range(number):
            rows.append((f"D{len(rows):04d}", year, group))
            vectors.append(np.eye(8)[group] + 0.08 * rng.standard_normal(8))
    frame = pd.DataFrame(rows, columns=["doc_id", "year", "group"])
    return frame, np.array(vectors, dtype=np.float32)


STEADY = [(g, y, 12) for y in range(2000, 2012) for g in range(3)]
BORN = [(3, y, 40) for y in range(2008, 2012)]


def history(plan, last_year=2011, **options):
    frame, vectors = corpus(plan)
    return (
        frame,
        vectors,
        fit_history(frame, vectors, prefix="t", last_year=last_year, random_state=0, **options),
    )


def test_topics_keep_ids_and_colours_while_a_new_one_is_born():
    _, _, found = history(STEADY + BORN, n_topics=None)
    first = found.members[found.members["year"] == found.members["year"].min()]["topic_id"].unique()
    assert set(first) <= set(found.topic_ids)
    assert {found.colours[name] for name in first} == set(range(len(first)))
    born = found.lineage[(found.lineage["fate"] == "birth") & (found.lineage["year"] > 2003)]
    assert len(born) >= 1
    assert born["topic_id"].str.startswith("t-20").all()
    assert len(set(found.colours.values())) == len(found.topic_ids)


def test_the_past_does_not_depend_on_when_one_looks_back():
    frame, vectors = corpus(STEADY + BORN)
    options = {"prefix": "t", "random_state": 0}
    late = fit_history(frame, vectors, last_year=2011, **options)
    known = (frame["year"] <= 2007).to_numpy()
    early = fit_history(frame[known], vectors[known], last_year=2007, **options)
    for name in ("members", "lineage", "numbers"):
        then = getattr(late, name)
        pd.testing.assert_frame_equal(
            then[then["year"] <= 2007].reset_index(drop=True), getattr(early, name)
        )


def test_documents_after_the_last_year_are_assigned_and_change_nothing():
    frame, vectors = corpus([*STEADY, (0, 2012, 30)])
    options = {"prefix": "t", "last_year": 2011, "random_state": 0, "n_topics": 3}
    found = fit_history(frame, vectors, **options)
    before = (frame["year"] <= 2011).to_numpy()
    without = fit_history(frame[before], vectors[before], **options)
    assert found.topic_ids == without.topic_ids
    pd.testing.assert_frame_equal(found.lineage, without.lineage)
    kept = found.members[~found.members["doc_id"].isin(frame.loc[~before, "doc_id"])]
    pd.testing.assert_frame_equal(kept.reset_index(drop=True), without.members)
    late = found.members[found.members["doc_id"].isin(frame.loc[~before, "doc_id"])]
    same = found.members[found.members["doc_id"] == "D0000"]["topic_id"].iloc[-1]
    assert set(late["topic_id"]) == {same}


def test_order_of_documents_changes_nothing():
    frame, vectors = corpus(STEADY + BORN)
    order = np.random.default_rng(1).permutation(len(frame))
    options = {"prefix": "t", "last_year": 2011, "random_state": 0}
    straight = fit_history(frame, vectors, **options)
    shuffled = fit_history(frame.iloc[order], vectors[order], **options)
    pd.testing.assert_frame_equal(straight.members, shuffled.members)
    pd.testing.assert_frame_equal(straight.lineage, shuffled.lineage)
    assert straight.colours == shuffled.colours


def test_few_documents_up_to_the_last_year_are_refused():
    frame, vectors = corpus([(0, 2000, 60), (1, 2005, 60)])
    with pytest.raises(InsufficientDataError, match="60 documents are too few"):
        fit_history(frame, vectors, prefix="t", last_year=2004, random_state=0)


def test_fates_by_hand():
    """Topic 0 continues, 1 and 2 merge, 3 splits into two, 4 dies; topic 4 is born."""
    shared = np.array(
        [
            [9, 1, 0, 0, 0],
            [0, 8, 0, 0, 0],
            [0, 6, 2, 0, 0],
            [1, 0, 4, 5, 0],
            [2, 2, 2, 2, 2],
        ]
    )
    # 3: shares .4 and .5; half is in one later topic, so it continues there
    links = link_topics(shared)
    assert Link(3, 3, "continuation", heir=True) in links
    shared[3] = [2, 0, 4, 4, 0]
    links = link_topics(shared)
    assert links == [
        Link(0, 0, "continuation", heir=True),
        Link(1, 1, "merge", heir=True),
        Link(2, 1, "merge"),
        Link(3, 2, "split"),
        Link(3, 3, "split"),
        Link(4, None, "death"),
        Link(None, 4, "birth"),
    ]


def test_an_empty_topic_dies_and_everything_is_born_of_nothing():
    assert link_topics(np.zeros((1, 1), dtype=np.int64)) == [
        Link(0, None, "death"),
        Link(None, 0, "birth"),
    ]
    assert link_topics(np.zeros((0, 2), dtype=np.int64)) == [
        Link(None, 0, "birth"),
        Link(None, 1, "birth"),
    ]


def test_of_equals_the_earlier_topic_is_the_heir():
    links = link_topics(np.array([[5, 0], [5, 0]]))
    assert [link.heir for link in links if link.before is not None] == [True, False]
