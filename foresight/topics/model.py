"""Topics of one set of documents: reduce, choose how many, cluster.

Words and labels are made from the result (`foresight.topics.words`, `foresight.topics.labels`),
and `foresight.topics.bertopic` turns it into a genuine BERTopic object.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from threadpoolctl import threadpool_limits

from foresight.errors import InsufficientDataError
from foresight.topics.clustering import BaggedKMeans, nearest, settle
from foresight.topics.number import agreement_curve, best_number

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MIN_DOCS = 100  # below, a topic is an anecdote
DOCS_PER_TOPIC = (30, 150)  # on average: fewer are an anecdote, more a field, not a technology
MIN_SIZE = 10  # documents of a topic: below, nothing is said of its trend
MIN_TOPICS = 6  # a summary of five rising technologies needs more than five to choose from
MAX_TOPICS = 14  # what a table on one page and a colour scale can carry
DIMENSIONS = 50
MOST_REDUCED = 50_000  # rows that the principal components are taken from
CHUNK = 50_000  # rows turned to double precision at a time


def admissible_numbers(n_docs: int, *, most: int = MAX_TOPICS) -> list[int]:
    """Numbers of topics that are tried: one for every 150 documents up to one for every 30.

    At least `MIN_TOPICS` where the documents bear as many, at most `most`; at most twelve numbers,
    evenly spread on the logarithm; empty below `MIN_DOCS` documents.
    """
    if n_docs < MIN_DOCS:
        return []
    few, many = DOCS_PER_TOPIC
    high = min(most, n_docs // few)
    low = min(max(MIN_TOPICS, n_docs // many), high)
    return sorted(set(np.rint(np.geomspace(low, high, num=12)).astype(int).tolist()))


class TopicModel(ClusterMixin, BaseEstimator):
    """Cluster document vectors into topics; every document belongs to exactly one.

    Vectors are put in the order of their documents' ids, reduced to principal components, and
    clustered by `BaggedKMeans`. All arithmetic is on one thread. So neither the order of the
    documents nor the number of threads changes anything.

    Parameters
    ----------
    n_topics : int, optional
        Default: `best_number` of `admissible_numbers`. Topics of fewer than `MIN_SIZE` documents
        are given up, so there can be fewer.
    max_topics : int, default 14
        Highest number tried when `n_topics` is not given.
    n_components : int, default 50
    random_state : int, default 0

    Attributes
    ----------
    labels_ : array of shape (n_docs,)
        Topic of each document, in the order given to `fit`; 0 is the largest.
    ids_ : array of str of shape (n_docs,)
    reduced_ : array of shape (n_docs, n_components)
        In the order given to `fit`.
    cluster_centers_ : array of shape (n_topics, n_components)
    inertia_ : float
    curve_ : DataFrame or None
        `agreement_curve` of the numbers tried; None where `n_topics` was given.
    reduction_ : PCA

    References
    ----------
    Grootendorst (2022), arXiv:2203.05794, for the steps; how they are filled is ours
    (docs/decisions/0005-steady-topics.md).
    """

    def __init__(
        self,
        *,
        n_topics: int | None = None,
        max_topics: int = MAX_TOPICS,
        n_components: int = DIMENSIONS,
        random_state: int = 0,
    ) -> None:
        self.n_topics = n_topics
        self.max_topics = max_topics
        self.n_components = n_components
        self.random_state = random_state

    def fit(
        self,
        X: NDArray[np.float32],  # noqa: N803 (scikit-learn's name)
        y: Ints | None = None,
        *,
        ids: Sequence[str] | None = None,
    ) -> Self:
        """Find topics.

        Parameters
        ----------
        X : array of shape (n_docs, n_dimensions)
            Document vectors.
        y : array of shape (n_docs,), optional
            Topics to continue, -1 for documents that had none: their centres start k-means, and
            the number of topics is theirs.
        ids : sequence of str of shape (n_docs,), optional
            Unique; fixes the order. Default: the rows' own numbers, with which the order of rows
            is part of the input.

        Raises
        ------
        InsufficientDataError
            With fewer than `MIN_DOCS` documents.
        """
        names = np.array([f"{i:012d}" for i in range(len(X))] if ids is None else ids, dtype=str)
        if len(names) < MIN_DOCS:
            msg = (
                f"{len(names)} documents are too few for topics; {MIN_DOCS} are needed. "
                "Use sub-directions, widen the track's terms, or add a corpus."
            )
            raise InsufficientDataError(msg)
        self.ids_ = names
        self.curve_: pd.DataFrame | None = None
        order = np.argsort(names, kind="stable")
        with threadpool_limits(limits=1):
            points = self._reduce(X, order)
            self.reduced_ = np.empty_like(points)
            self.reduced_[order] = points
            if y is not None:
                return self._take(_continued(points, np.asarray(y)[order]), order)
        return self._begin(points, order)

    def refit(self, n_topics: int) -> TopicModel:
        """Another model of the same documents, begun anew; this one is unchanged."""
        model = TopicModel(
            n_topics=n_topics, n_components=self.n_components, random_state=self.random_state
        )
        model.ids_, model.reduced_, model.curve_ = self.ids_, self.reduced_, None
        model.reduction_ = self.reduction_
        order = np.argsort(self.ids_, kind="stable")
        return model._begin(self.reduced_[order], order)

    def _begin(self, points: Floats, order: Ints) -> Self:
        number = self._number(points)
        clusters = BaggedKMeans(number, min_size=MIN_SIZE, random_state=self.random_state)
        clusters.fit(points)
        return self._take(clusters, order)

    def _take(self, clusters: BaggedKMeans | KMeans, order: Ints) -> Self:
        largest = np.argsort(-np.bincount(clusters.labels_), kind="stable")
        place = np.argsort(largest)
        self.labels_ = np.empty(len(order), dtype=np.int64)
        self.labels_[order] = place[clusters.labels_]
        self.cluster_centers_ = clusters.cluster_centers_[largest]
        self.inertia_ = float(clusters.inertia_)
        return self

    def predict(self, X: NDArray[np.float32]) -> Ints:  # noqa: N803 (scikit-learn's name)
        """Topic of each of other documents, by the nearest centre; shape (n_docs,)."""
        with threadpool_limits(limits=1):
            return nearest(self.transform(X), self.cluster_centers_)

    def transform(self, X: NDArray[np.float32]) -> Floats:  # noqa: N803 (scikit-learn's name)
        """Principal components of documents, of shape (n_docs, n_components)."""
        with threadpool_limits(limits=1):
            return _in_chunks(self.reduction_, X)

    def _reduce(self, vectors: NDArray[np.float32], order: Ints) -> Floats:
        sample = order
        if len(order) > MOST_REDUCED:
            rng = np.random.default_rng(self.random_state)
            sample = order[np.sort(rng.choice(len(order), MOST_REDUCED, replace=False))]
        dimensions = min(self.n_components, len(sample) - 1, vectors.shape[1])
        self.reduction_ = PCA(dimensions, svd_solver="covariance_eigh")
        self.reduction_.fit(vectors[sample].astype(np.float64))
        return _in_chunks(self.reduction_, vectors, order)

    def _number(self, points: Floats) -> int:
        if self.n_topics is not None:
            return self.n_topics
        numbers = admissible_numbers(len(points), most=self.max_topics)
        self.curve_ = agreement_curve(points, numbers, seed=self.random_state)
        return best_number(self.curve_)


def _in_chunks(reduction: PCA, vectors: NDArray[np.float32], order: Ints | None = None) -> Floats:
    """Principal components of the rows in `order`, in double precision, a chunk at a time."""
    rows = np.arange(len(vectors)) if order is None else order
    parts = [
        reduction.transform(vectors[rows[i : i + CHUNK]].astype(np.float64))
        for i in range(0, len(rows), CHUNK)
    ]
    return np.vstack(parts) if parts else np.empty((0, reduction.n_components_))


def _continued(points: Floats, start: Ints) -> KMeans:
    """K-means that begins with the centres of given topics."""
    numbers = np.unique(start[start >= 0])
    centres = np.vstack([points[start == number].mean(axis=0) for number in numbers])
    return settle(points, centres, min_size=MIN_SIZE)


def texts_of(documents: pd.DataFrame) -> Sequence[str]:
    """Title and abstract as one text, per row of a frame with `title` and `abstract`."""
    abstract = documents["abstract"].fillna("").astype(str)
    joined = documents["title"].astype(str) + ". " + abstract
    return [text.strip() for text in joined]
