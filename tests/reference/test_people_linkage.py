"""Pairwise and B-cubed figures against the definitions, pair by pair; betweenness by networkx."""

from itertools import combinations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from foresight.navigation.co_work import betweenness, co_work
from foresight.navigation.linkage_quality import METRICS, linkage_quality


def clusterings(seed, *, n=60, persons=9, groups=12):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "person": [f"p{k}" for k in rng.integers(persons, size=n)],
            "ours": [f"g{k}" for k in rng.integers(groups, size=n)],
            "block": "b",
        }
    )


def pair_by_pair(frame):
    """All persons labelled and drawn alike: the textbook definitions."""
    truth, found = frame["person"], frame["ours"]
    pairs = list(combinations(range(len(frame)), 2))
    same = {p for p in pairs if truth[p[0]] == truth[p[1]]}
    told = {p for p in pairs if found[p[0]] == found[p[1]]}
    exact, whole = [], []
    for i in range(len(frame)):
        own = {j for j in range(len(frame)) if truth[j] == truth[i]}
        got = {j for j in range(len(frame)) if found[j] == found[i]}
        exact.append(len(own & got) / len(got))
        whole.append(len(own & got) / len(own))
    return len(same & told) / len(told), len(same & told) / len(same), exact, whole


@pytest.mark.parametrize("seed", range(5))
def test_persons_of_one_size_give_the_textbook_figures(seed):
    frame = clusterings(seed)
    frame["person"] = [f"p{k % 6}" for k in range(len(frame))]  # ten mentions each: weights alike
    rng = np.random.default_rng(0)
    got = linkage_quality(frame, groupings=["ours"], rng=rng, draws=2).set_index("metric")["value"]
    precision, recall, exact, whole = pair_by_pair(frame)
    assert got["pairwise_precision"] == pytest.approx(precision, abs=1e-12)
    assert got["pairwise_recall"] == pytest.approx(recall, abs=1e-12)
    assert got["pairwise_f1"] == pytest.approx(2 * precision * recall / (precision + recall))
    assert got["bcubed_precision"] == pytest.approx(np.mean(exact), abs=1e-12)
    assert got["bcubed_recall"] == pytest.approx(np.mean(whole), abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_a_sample_of_persons_by_size_estimates_the_figures_of_all(seed):
    """Persons drawn with probability proportional to their mentions, as the labels were."""
    frame = clusterings(seed, n=400, persons=40, groups=60)
    rng = np.random.default_rng(seed)
    part = (1 / np.arange(1, 41)) / (1 / np.arange(1, 41)).sum()
    frame["person"] = [f"p{k:02d}" for k in rng.choice(40, 400, p=part)]
    # of the largest persons most mentions stand together, of the small ones few
    apart = frame["person"].str[1:].astype(int) > 5
    frame["ours"] = frame["ours"].where(apart, frame["person"])
    precision, recall, exact, whole = pair_by_pair(frame)
    size = frame["person"].value_counts().sort_index()
    drawn = rng.choice(size.index, 30_000, p=size / size.sum())
    parts = []
    for number in range(60):  # the estimator, of 500 persons at a time, drawn with replacement
        times = pd.Series(drawn[number * 500 : (number + 1) * 500]).value_counts()
        parts.append(estimate(frame, times))
    mean = np.mean(parts, axis=0)
    assert mean == pytest.approx([precision, recall, np.mean(exact), np.mean(whole)], abs=0.006)


def estimate(frame, times):
    from foresight.navigation.linkage_quality import person_counts, quality_of

    counts = person_counts(frame.rename(columns={"ours": "group"}))
    weights = times.reindex(counts.index).fillna(0).to_numpy(float)[np.newaxis]
    return quality_of(counts, weights)[0][[0, 1, 3, 4]]


def test_strangers_without_a_label_count_and_differences_are_paired():
    frame = pd.DataFrame(
        {
            "person": ["a", "a", None, None],
            "block": ["x", "x", None, None],
            "ours": ["1", "1", "1", "2"],
            "theirs": ["1", "2", None, None],
        }
    )
    rng = np.random.default_rng(0)
    found = linkage_quality(frame, groupings=["ours", "theirs"], rng=rng, draws=10)
    value = found.set_index(["grouping", "metric"])["value"]
    # one pair together; two pairs with the stranger, half each: 1 / (1 + 2/2)
    assert value["ours", "pairwise_precision"] == pytest.approx(0.5)
    assert value["ours", "bcubed_precision"] == pytest.approx(2 / 3)
    assert value["theirs", "bcubed_recall"] == pytest.approx(0.5)
    ahead = found.set_index(["grouping", "metric"])["ahead"]
    assert ahead["theirs", "bcubed_recall"] == pytest.approx(0.5)
    assert set(found["metric"]) == set(METRICS)


@pytest.mark.parametrize("seed", range(4))
def test_betweenness_is_that_of_networkx(seed):
    graph = nx.gnp_random_graph(25, 0.12, seed=seed)
    names = [f"p{i:02d}" for i in graph]
    links = pd.DataFrame([(names[a], names[b]) for a, b in graph.edges], columns=["one", "two"])
    want = nx.betweenness_centrality(graph)
    got = betweenness(links, people=names)
    assert got.to_numpy() == pytest.approx([want[i] for i in graph], abs=1e-12)


def test_links_are_those_of_the_projected_graph():
    rng = np.random.default_rng(1)
    rows = (
        pd.DataFrame(
            {"doc_id": rng.integers(12, size=40).astype(str), "person_id": rng.integers(9, size=40)}
        )
        .astype("str")
        .drop_duplicates()
    )
    incidence = pd.crosstab(rows["doc_id"], rows["person_id"]).clip(upper=1)
    shared = incidence.T @ incidence
    for row in co_work(rows).itertuples():
        assert shared.loc[row.one, row.two] == row.n_docs
    above = np.triu(shared.to_numpy(), 1)
    assert len(co_work(rows)) == (above > 0).sum()
