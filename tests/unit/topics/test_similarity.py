import numpy as np
import pandas as pd
import pytest

from foresight.topics.similarity import topic_similarity

S = np.sqrt(0.5)


def test_cosine_of_means_by_hand():
    topics = pd.Series(["a", "a", "b", "c", None], index=["d1", "d2", "d3", "d4", "d5"])
    vectors = np.array([[1, 0], [0, 1], [1, 0], [0, -1], [9, 9]], dtype=np.float32)
    found = topic_similarity(topics, vectors)
    assert found[["topic_a", "topic_b"]].to_numpy().tolist() == [["a", "b"], ["a", "c"], ["b", "c"]]
    assert found["similarity"].tolist() == pytest.approx([S, -S, 0.0], abs=1e-6)


def test_row_order_changes_nothing():
    rng = np.random.default_rng(3)
    topics = pd.Series(rng.choice(["a", "b", "c"], size=60), index=[f"d{i:02}" for i in range(60)])
    vectors = rng.normal(size=(60, 8)).astype(np.float32)
    order = rng.permutation(60)
    pd.testing.assert_frame_equal(
        topic_similarity(topics.iloc[order], vectors[order]), topic_similarity(topics, vectors)
    )


@pytest.mark.parametrize("names", [[], [None, None], ["a", "a"]])
def test_fewer_than_two_topics_have_no_pair(names):
    topics = pd.Series(names, index=[f"d{i}" for i in range(len(names))], dtype=object)
    found = topic_similarity(topics, np.ones((len(names), 2), dtype=np.float32))
    assert found.empty
    assert list(found.columns) == ["topic_a", "topic_b", "similarity"]


def test_a_topic_whose_mean_is_nothing_is_like_no_other():
    topics = pd.Series(["a", "a", "b"], index=["d1", "d2", "d3"])
    vectors = np.array([[1, 0], [-1, 0], [0, 1]], dtype=np.float32)
    assert topic_similarity(topics, vectors)["similarity"].tolist() == [0.0]
