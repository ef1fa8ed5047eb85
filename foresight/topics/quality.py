"""Numbers that say how good topics are: coherence and diversity of words, steadiness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from sklearn.metrics import adjusted_rand_score

from foresight.topics.clustering import BaggedKMeans

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TOP = 10  # words per topic, as coherence is published


def coherence(
    words: Mapping[int, Sequence[str]], documents: Iterable[Iterable[str]], *, top: int = TOP
) -> pd.Series:
    """Mean normalised pointwise mutual information of each topic's word pairs.

    For words i and j, log(p_ij / (p_i p_j)) / -log p_ij, with p the share of documents that hold
    the word or both; -1 for words never together.

    Parameters
    ----------
    words : mapping from topic to words, most telling first
    documents : iterable of the sets of words that each document holds
    top : int, default 10
        Words per topic that are read.

    Returns
    -------
    Series indexed by topic, -1 to 1; NaN for a topic with fewer than two words.

    References
    ----------
    Bouma (2009), Proceedings of GSCL, 31-40; Lau, Newman & Baldwin (2014),
    doi:10.3115/v1/E14-1056. Co-occurrence is by document.
    """
    wanted = sorted({word for listed in words.values() for word in listed[:top]})
    place = {word: i for i, word in enumerate(wanted)}
    rows, columns, n_docs = [], [], 0
    for n_docs, document in enumerate(documents, start=1):
        held = {place[word] for word in document if word in place}
        rows += [n_docs - 1] * len(held)
        columns += sorted(held)
    shape = (max(n_docs, 1), max(len(wanted), 1))
    held_by = sparse.csc_array((np.ones(len(rows)), (rows, columns)), shape=shape)
    npmi = pair_npmi((held_by.T @ held_by).toarray() / max(n_docs, 1))
    found = {}
    for topic, listed in words.items():
        pairs = combinations([place[word] for word in dict.fromkeys(listed[:top])], 2)
        values = [npmi[i, j] for i, j in pairs]
        found[topic] = float(np.mean(values)) if values else float("nan")
    return pd.Series(found, dtype=float).sort_index()


def pair_npmi(share: Floats) -> Floats:
    """Normalised pointwise mutual information of every two words.

    Parameters
    ----------
    share : array of shape (n_words, n_words)
        Share of documents that hold both words; on the diagonal, the word.

    Returns
    -------
    array of shape (n_words, n_words), -1 (never together) to 1
    """
    single = share.diagonal()
    both = np.where(share > 0, share, 0.5)
    lift = np.log(both / np.where(share > 0, np.outer(single, single), 1.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(both < 1, lift / -np.log(both), 1.0)
    return np.where(share > 0, found, -1.0)


def diversity(words: Mapping[int, Sequence[str]], *, top: int = TOP) -> float:
    """Share of distinct words among the topics' words: 1 when no word serves two topics.

    NaN without any word. Dieng, Ruiz & Blei (2020), doi:10.1162/tacl_a_00325.
    """
    listed = [word for ranked in words.values() for word in ranked[:top]]
    return len(set(listed)) / len(listed) if listed else float("nan")


def steadiness(
    points: Floats, labels: Ints, *, seed: int, n_refits: int = 10
) -> tuple[pd.DataFrame, float]:
    """Measure how well topics are found again on bootstrap samples of the documents.

    Documents are drawn with repetition, clustered into as many topics, and all documents assigned
    to them. A topic is as steady as the refitted topic that is most like it: the Jaccard
    coefficient, averaged over refits.

    Parameters
    ----------
    points : array of shape (n_docs, n_components)
        Reduced vectors, in a fixed order.
    labels : array of shape (n_docs,), 0 …
        Topics to judge.
    seed : int
    n_refits : int, default 10

    Returns
    -------
    (DataFrame indexed by topic, float)
        `steadiness` (0 to 1) with `steadiness_lo` and `steadiness_hi` (smallest and largest over
        refits) and `n_docs`; and the mean adjusted Rand index of refits and `labels`.

    Notes
    -----
    Hennig calls clusters above 0.75 stable, and below 0.6 not to be trusted.

    References
    ----------
    Hennig (2007), doi:10.1016/j.csda.2006.11.025.
    """
    n_topics = int(labels.max()) + 1
    rng = np.random.default_rng(seed)
    jaccard, rand = np.zeros((n_refits, n_topics)), np.zeros(n_refits)
    for refit in range(n_refits):
        rows = np.sort(rng.integers(len(points), size=len(points)))
        model = BaggedKMeans(n_topics, n_bags=10, random_state=int(rng.integers(2**31)))
        again = model.fit(points[rows]).predict(points)
        shared = np.zeros((n_topics, n_topics))
        np.add.at(shared, (labels, again), 1)
        joined = shared.sum(axis=1)[:, np.newaxis] + shared.sum(axis=0) - shared
        jaccard[refit] = (shared / joined).max(axis=1)
        rand[refit] = adjusted_rand_score(labels, again)
    table = pd.DataFrame(
        {
            "steadiness": jaccard.mean(axis=0),
            "steadiness_lo": jaccard.min(axis=0),
            "steadiness_hi": jaccard.max(axis=0),
            "n_docs": np.bincount(labels, minlength=n_topics),
        },
        index=pd.RangeIndex(n_topics, name="topic"),
    )
    return table, float(rand.mean())
