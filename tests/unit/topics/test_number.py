"""Number of topics, bagged clusters and quality of topics, on planted groups and by hand."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from foresight.errors import InsufficientDataError
from foresight.topics.clustering import BaggedKMeans
from foresight.topics.number import agreement_curve, best_number, good_numbers
from foresight.topics.quality import coherence, diversity, steadiness


def groups(n_groups, n_each=60, spread=0.3, seed=0):
    """Points around the corners of a cube, and the corner of each."""
    rng = np.random.default_rng(seed)
    corners = 4 * np.eye(n_groups)
    own = np.repeat(np.arange(n_groups), n_each)
    return corners[own] + spread * rng.standard_normal((len(own), n_groups)), own


def test_planted_groups_are_found_whatever_the_seed():
    points, own = groups(5)
    for seed in range(3):
        model = BaggedKMeans(5, random_state=seed).fit(points)
        assert adjusted_rand_score(own, model.labels_) == 1.0
        assert np.array_equal(model.predict(points), model.labels_)


def test_clusters_below_the_least_size_are_given_up():
    points, own = groups(4)
    few = np.r_[0:185]  # the last group has five rows
    model = BaggedKMeans(4, min_size=10).fit(points[few])
    assert sorted(np.bincount(model.labels_)) == [60, 60, 65]
    assert sorted(np.bincount(BaggedKMeans(4).fit(points[few]).labels_)) == [5, 60, 60, 60]


def test_identical_rows_are_no_obstacle():
    points = np.repeat(np.eye(3), 40, axis=0)
    assert adjusted_rand_score(np.repeat(range(3), 40), BaggedKMeans(3).fit(points).labels_) == 1


def test_more_clusters_than_rows_are_refused():
    with pytest.raises(InsufficientDataError, match="9 clusters were asked of 8 rows"):
        BaggedKMeans(9).fit(np.eye(8))


def test_the_number_of_planted_groups_is_chosen():
    points, _ = groups(5, spread=0.8)
    curve = agreement_curve(points, range(2, 9), seed=1)
    assert curve["n_topics"].tolist() == [2, 3, 4, 5, 6, 7, 8]
    assert best_number(curve) == 5
    assert curve.set_index("n_topics").loc[5, "agreement"] > 0.95
    assert np.allclose(curve["excess"], curve["agreement"] - curve["chance"])


def test_points_without_groups_agree_no_better_than_chance():
    points = np.random.default_rng(2).standard_normal((600, 6)) * np.arange(6, 0, -1)
    curve = agreement_curve(points, range(3, 9), seed=1)
    assert (curve["excess"] < 4 * curve["excess_se"]).all()


def test_curve_is_the_same_each_time():
    points, _ = groups(3, spread=1.0)
    pd.testing.assert_frame_equal(
        agreement_curve(points, [2, 3, 4], seed=1), agreement_curve(points, [2, 3, 4], seed=1)
    )


def test_numbers_beyond_the_documents_are_refused():
    with pytest.raises(InsufficientDataError, match="cannot be compared on 40"):
        agreement_curve(np.zeros((40, 2)), [2, 11], seed=0)


def test_best_number_is_the_finest_within_one_standard_error():
    curve = pd.DataFrame(
        {
            "n_topics": [2, 3, 4, 5],
            "excess": [0.30, 0.40, 0.37, 0.20],
            "excess_se": [0.01, 0.04, 0.01, 0.09],
        }
    )
    assert good_numbers(curve) == [3, 4]
    assert best_number(curve) == 4


DOCUMENTS = [{"a", "b"}, {"a", "b"}, {"a", "c"}, {"d"}]


def test_coherence_by_hand():
    """a and b together in 2 of 4, a in 3, b in 2: log(.5/(.75*.5)) / -log(.5)."""
    found = coherence({0: ["a", "b"], 1: ["b", "c"], 2: ["a"]}, DOCUMENTS)
    assert found[0] == pytest.approx(np.log(0.5 / 0.375) / np.log(2))
    assert found[1] == -1.0
    assert np.isnan(found[2])


def test_coherence_of_words_always_together_is_one():
    assert coherence({0: ["x", "y"]}, [{"x", "y"}, {"z"}])[0] == pytest.approx(1.0)
    assert coherence({0: ["x", "y"]}, [{"x", "y"}])[0] == 1.0


def test_coherence_reads_the_first_words_only():
    full = coherence({0: ["a", "b", "d"]}, DOCUMENTS, top=2)
    assert full[0] == coherence({0: ["a", "b"]}, DOCUMENTS)[0]


def test_diversity_by_hand():
    assert diversity({0: ["a", "b"], 1: ["b", "c"]}) == 0.75
    assert np.isnan(diversity({}))


def test_clear_groups_are_steady_and_blurred_ones_are_not():
    clear, own = groups(4)
    table, agreement = steadiness(clear, own, seed=0)
    assert table["steadiness"].min() > 0.99
    assert agreement > 0.99
    assert table["n_docs"].tolist() == [60] * 4
    blurred, own = groups(4, spread=3.0)
    labels = BaggedKMeans(4).fit(blurred).labels_
    vague, rand = steadiness(blurred, labels, seed=0)
    assert rand < 0.8
    assert (vague["steadiness_lo"] <= vague["steadiness"]).all()
    assert (vague["steadiness"] <= vague["steadiness_hi"]).all()
