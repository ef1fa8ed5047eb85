"""Novelty indicators against plain, slow versions of the same definitions, and other programs."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse, stats
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.metrics.pairwise import cosine_similarity

from foresight.indicators import near_similarity as module
from foresight.indicators.atypicality import pair_z
from foresight.indicators.near_similarity import near_similarity
from foresight.indicators.new_terms import new_term_pairs, new_terms
from foresight.indicators.text_novelty import backward_idf, text_novelty

LAST, BACK, FORWARD, FLOOR = 2008, 3, 2, 0.1


def corpus(seed, n_docs=120, n_terms=40):
    rng = np.random.default_rng(seed)
    popular = rng.gamma(0.4, 1.0, n_terms) + 0.02
    counts = rng.poisson(popular * rng.gamma(2.0, 0.6, (n_docs, 1)))
    counts[rng.choice(n_docs, 6, replace=False)] = 0  # empty texts
    years = rng.integers(1999, 2011, n_docs)
    return counts, years, years * 400 + rng.integers(0, 12, n_docs) * 30


def dense(counts, years):
    """Every pair by the definition, one at a time."""
    n = len(years)
    filled = counts.sum(axis=1) > 0
    found = {name: [[] for _ in range(n)] for name in ("backward", "forward")}
    for i in range(n):
        before = filled & (years < years[i])
        if not before.any() or not filled[i] or years[i] > LAST:
            continue
        df = (counts[before] > 0).sum(axis=0)
        idf = np.maximum(np.log(before.sum() / (1 + df)), 0)
        for j in range(n):
            gap = years[j] - years[i]
            if gap <= 0 or years[j] > LAST or not filled[j]:
                continue
            a, b = counts[i] * idf, counts[j] * idf
            length = np.sqrt((a @ a) * (b @ b))
            if length == 0:
                continue
            if gap <= BACK:
                found["backward"][j].append((a @ b / length, i))
            if gap <= FORWARD:
                found["forward"][i].append((a @ b / length, j))
    first = years[filled].min()
    for i in range(n):
        if years[i] - BACK <= first or years[i] > LAST:
            found["backward"][i] = []
        if years[i] + FORWARD > LAST:
            found["forward"][i] = []
    return found


def means(pairs, change=lambda s: s):
    return [np.mean([change(s) for s, _ in row]) if row else np.nan for row in pairs]


@pytest.mark.parametrize("seed", range(4))
def test_similarities_agree_with_every_pair_computed_alone(seed):
    counts, years, _ = corpus(seed)
    expected = dense(counts, years)
    found = text_novelty(
        sparse.csr_array(counts), years, last_year=LAST, back=BACK, forward=FORWARD
    )
    for name, pairs in expected.items():
        assert found[f"n_{name}"].tolist() == [len(row) for row in pairs]
        np.testing.assert_allclose(found[name], means(pairs), rtol=0, atol=1e-12)
    ratio = np.array(means(expected["forward"])) / np.array(means(expected["backward"]))
    np.testing.assert_allclose(found["breakthrough"], ratio, rtol=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_nearest_and_floor_agree_with_every_pair_computed_alone(seed):
    counts, years, _ = corpus(seed)
    expected = dense(counts, years)
    found = near_similarity(
        sparse.csr_array(counts), years, last_year=LAST, back=BACK, forward=FORWARD, floor=FLOOR
    )
    for name, pairs in expected.items():
        wanted = means(pairs, lambda s: s if s >= FLOOR else 0.0)
        np.testing.assert_allclose(found[f"{name}_near"], wanted, rtol=0, atol=1e-12)
    nearest = [max(row)[0] if row else np.nan for row in expected["backward"]]
    np.testing.assert_allclose(found["nearest"], nearest, rtol=0, atol=1e-12)
    for row, place in enumerate(found["nearest_row"]):
        if place >= 0:
            likeness = {j: s for s, j in expected["backward"][row]}
            assert likeness[place] == pytest.approx(nearest[row], abs=1e-12)


@pytest.mark.parametrize("block", [1, 3])
def test_blocks_of_the_comparison_change_nothing(block, monkeypatch):
    counts, years, _ = corpus(9)
    arguments = {"last_year": LAST, "back": BACK, "forward": FORWARD, "floor": FLOOR}
    whole = near_similarity(sparse.csr_array(counts), years, **arguments)
    monkeypatch.setattr(module, "BLOCK", block)
    parts = near_similarity(sparse.csr_array(counts), years, threads=3, **arguments)
    pd.testing.assert_frame_equal(whole, parts, rtol=1e-12)


def test_blocks_do_not_depend_on_threads(monkeypatch):
    counts, years, _ = corpus(10)
    monkeypatch.setattr(module, "BLOCK", 2)
    found = [
        near_similarity(sparse.csr_array(counts), years, last_year=LAST, threads=threads)
        for threads in (1, 4)
    ]
    pd.testing.assert_frame_equal(*found, check_exact=True)


def test_scikit_learn_with_our_weights_gives_our_cosines():
    """Its idf is log((1 + n) / (1 + df)) + 1 over all documents; ours looks back, without the +1.

    With our weights put in, product, normalisation and cosine are the same.
    """
    counts, _, _ = corpus(7, n_docs=60)
    years = np.repeat([2000, 2001, 2002], 20)
    found = text_novelty(sparse.csr_array(counts), years, last_year=2002, back=1, forward=1)
    theirs = TfidfTransformer().fit(counts[years == 2000])
    present = (counts[years == 2000] > 0).sum(axis=0)
    filled = (counts[years == 2000].sum(axis=1) > 0).sum()
    assert theirs.idf_ == pytest.approx(np.log(21 / (1 + present)) + 1)
    theirs.idf_ = backward_idf(filled, present.astype(float))
    weighed = theirs.transform(counts)
    cosines = cosine_similarity(weighed[years == 2002], weighed[years == 2001])
    solid = np.asarray(weighed.sum(axis=1)).ravel() > 0
    expected = cosines[:, solid[years == 2001]].mean(axis=1)
    both = solid[years == 2002]
    np.testing.assert_allclose(found["backward"][years == 2002][both], expected[both], atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("pairs", [False, True])
def test_new_terms_agree_with_sets(seed, pairs):
    counts, years, days = corpus(seed, n_docs=60, n_terms=12)
    measure = new_term_pairs if pairs else new_terms
    found = measure(sparse.csr_array(counts), days, years, last_year=LAST, horizon=2, warm_up=3)
    words = [set(np.flatnonzero(row)) for row in counts]
    units = [set(combinations(sorted(w), 2)) if pairs else w for w in words]
    read = [i for i in range(len(years)) if years[i] <= LAST]
    first = min(years[i] for i in read if words[i])
    for i, row in enumerate(found.itertuples(index=False)):
        if i not in read or not units[i] or years[i] < first + 3:
            assert np.isnan(row.n_new)
            continue
        seen = set().union(*(units[j] for j in read if days[j] < days[i]))
        fresh = units[i] - seen
        later = [j for j in read if days[j] > days[i]]
        soon = [j for j in later if years[j] <= years[i] + 2]
        assert row.n_new == len(fresh)
        assert row.n_terms == len(units[i])
        if years[i] + 2 <= LAST:
            assert row.reuse == sum(len(fresh & units[j]) for j in soon)
        else:
            assert np.isnan(row.reuse)
        if years[i] < LAST:
            assert row.reuse_so_far == sum(len(fresh & units[j]) for j in later)


def test_z_is_the_hypergeometric_moments():
    for n_docs, n_a, n_b in ((50, 7, 12), (400, 3, 200), (9, 8, 8)):
        law = stats.hypergeom(n_docs, n_a, n_b)
        assert pair_z(4, n_a, n_b, n_docs) == pytest.approx((4 - law.mean()) / law.std())


def test_z_is_standard_where_classes_are_drawn_at_random_and_too_high_where_documents_differ():
    rng = np.random.default_rng(3)
    n_docs, n_classes = 300, 12

    def mean_z(chance):
        has = rng.random((n_docs, n_classes)) < chance
        both = has.T.astype(float) @ has
        a, b = np.triu_indices(n_classes, 1)
        sizes = np.diag(both)
        return pair_z(both[a, b], sizes[a], sizes[b], n_docs)

    alike = np.concatenate([mean_z(np.full((n_docs, 1), 0.1)) for _ in range(60)])
    assert alike.mean() == pytest.approx(0.0, abs=0.06)
    assert alike.std() == pytest.approx(1.0, abs=0.06)
    unlike = np.concatenate([mean_z(rng.gamma(0.5, 0.2, (n_docs, 1))) for _ in range(10)])
    assert unlike.mean() > 2.0  # the bias that `pair_z` states
