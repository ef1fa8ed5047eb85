"""A topic model whose result does not depend on the order of the documents.

The fitted object is a genuine `BERTopic`, with our reduction, clustering and phrases plugged in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from bertopic import BERTopic
from bertopic.backend import BaseEmbedder
from bertopic.representation._base import BaseRepresentation
from bertopic.vectorizers import ClassTfidfTransformer
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.feature_extraction.text import CountVectorizer
from threadpoolctl import threadpool_limits

from foresight.errors import InsufficientDataError
from foresight.topics.embedding import Encoder
from foresight.topics.words import phrases, telling_phrases

Floats = NDArray[np.float64]

MIN_DOCS = 100  # below, a topic is an anecdote: the track is thin and read by sub-direction
DOCS_PER_TOPIC = 60
MAX_TOPICS = 14  # what a table on one page and a colour scale can carry
DIMENSIONS = 30
PHRASES = 10


class TellingPhrases(BaseRepresentation):
    """Topic words for BERTopic by `foresight.topics.words.telling_phrases`."""

    def extract_topics(
        self,
        topic_model: BERTopic,  # noqa: ARG002 (BERTopic's interface)
        documents: pd.DataFrame,
        c_tf_idf: csr_matrix,  # noqa: ARG002
        topics: Mapping[str, list[tuple[str, float]]],
    ) -> Mapping[str, list[tuple[str, float]]]:
        """Phrases of each topic with falling weights 1, 1/2, 1/3 … (BERTopic's interface)."""
        numbers = documents["Topic"].to_numpy(dtype=np.int64)
        found = telling_phrases(documents["Document"].tolist(), numbers, top=PHRASES)
        return {
            topic: [(phrase, 1.0 / place) for place, phrase in enumerate(found[int(topic)], 1)]
            for topic in topics
        }


class EncoderBackend(BaseEmbedder):
    """Our encoder as BERTopic's embedding model, so that `transform` and `find_topics` work."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder

    def embed(
        self,
        documents: list[str],
        verbose: bool = False,  # noqa: ARG002 (BERTopic's interface)
    ) -> NDArray[np.float32]:
        """Vectors of documents (BERTopic's interface)."""
        return self.encoder.encode(documents)


@dataclass(frozen=True)
class TopicModel:
    """Topics of one set of documents.

    Attributes
    ----------
    documents : DataFrame, one row per document, sorted by doc_id
        doc_id, topic_id, x, y (plane that best separates the topics).
    topics : DataFrame, one row per topic, largest first
        topic_id, words (list of phrases, most telling first), representatives (list of the
        three doc_ids nearest to the centre), n_docs.
    model : BERTopic
        The fitted model; its topic n is `topics.topic_id` of row n.
    """

    documents: pd.DataFrame
    topics: pd.DataFrame
    model: BERTopic


def number_of_topics(n_docs: int) -> int:
    """One topic per 60 documents, at least 2 and at most 14; 0 below `MIN_DOCS` documents."""
    if n_docs < MIN_DOCS:
        return 0
    return int(np.clip(round(n_docs / DOCS_PER_TOPIC), 2, MAX_TOPICS))


def fit_topics(
    documents: pd.DataFrame,
    vectors: NDArray[np.float32],
    *,
    prefix: str,
    encoder: Encoder,
    seed: int,
    n_topics: int | None = None,
) -> TopicModel:
    """Cluster documents into topics and name their telling phrases.

    Vectors are reduced by PCA and clustered by k-means (ten starts). Documents are put in the
    order of their ids and all arithmetic is done on one thread, so that order and number of
    threads change nothing.

    Parameters
    ----------
    documents : DataFrame
        doc_id (unique), text.
    vectors : array of shape (n_docs, n_dimensions)
        In the order of `documents`.
    prefix : str
        Start of the topic ids: `<prefix>-t01`, ….
    encoder : Encoder
        What made the vectors; lets the fitted model embed new documents.
    seed : int
    n_topics : int, optional
        Default: `number_of_topics`.

    Raises
    ------
    InsufficientDataError
        With fewer than `MIN_DOCS` documents.

    References
    ----------
    Grootendorst (2022), arXiv:2203.05794; Arthur & Vassilvitskii (2007), k-means++.
    """
    k = number_of_topics(len(documents)) if n_topics is None else n_topics
    if len(documents) < MIN_DOCS or k < 2:
        msg = (
            f"{len(documents)} documents are too few for topics; {MIN_DOCS} are needed. "
            "Use sub-directions, widen the track's terms, or add a corpus."
        )
        raise InsufficientDataError(msg)
    order = np.argsort(documents["doc_id"].to_numpy(dtype=str), kind="stable")
    ids = documents["doc_id"].to_numpy(dtype=str)[order]
    texts = documents["text"].to_numpy(dtype=object)[order].tolist()
    points = np.asarray(vectors, dtype=np.float64)[order]
    with threadpool_limits(limits=1):
        dimensions = min(DIMENSIONS, len(ids) - 1, points.shape[1])
        model = BERTopic(
            embedding_model=EncoderBackend(encoder),
            umap_model=PCA(n_components=dimensions, svd_solver="full"),
            hdbscan_model=KMeans(n_clusters=k, n_init=10, random_state=seed),
            vectorizer_model=CountVectorizer(analyzer=phrases),
            ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True),
            representation_model=TellingPhrases(),
            top_n_words=PHRASES,
        )
        found, _ = model.fit_transform(texts, embeddings=points)
        numbers = np.asarray(found, dtype=np.int64)
        reduced = np.asarray(model.umap_model.transform(points))
        plane = _plane(reduced, numbers)
    names = _names(ids, numbers, prefix=prefix)
    frame = pd.DataFrame({"doc_id": ids, "topic_id": [names[int(n)] for n in numbers]})
    frame["x"], frame["y"] = plane[:, 0], plane[:, 1]
    return TopicModel(frame, _topic_table(model, ids, numbers, reduced, names), model)


def _names(ids: NDArray[np.str_], numbers: NDArray[np.int64], *, prefix: str) -> dict[int, str]:
    """Ids by falling size, then by the topic's first document."""
    keys = {int(n): (-int((numbers == n).sum()), str(ids[numbers == n][0])) for n in set(numbers)}
    ordered = sorted(keys, key=lambda n: keys[n])
    return {n: f"{prefix}-t{place:02d}" for place, n in enumerate(ordered, 1)}


def _plane(reduced: Floats, numbers: NDArray[np.int64]) -> Floats:
    """Two discriminant axes; with two topics, one such axis and the first principal one."""
    wanted = min(2, len(set(numbers.tolist())) - 1)
    found = LinearDiscriminantAnalysis(n_components=wanted).fit_transform(reduced, numbers)
    if wanted == 2:
        return np.asarray(found)
    return np.column_stack([found[:, 0], reduced[:, 0]])


def _topic_table(
    model: BERTopic,
    ids: NDArray[np.str_],
    numbers: NDArray[np.int64],
    reduced: Floats,
    names: Mapping[int, str],
) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for number, name in sorted(names.items(), key=lambda item: item[1]):
        inside = np.flatnonzero(numbers == number)
        centre = reduced[inside].mean(axis=0)
        distance = np.round(((reduced[inside] - centre) ** 2).sum(axis=1), 9)
        nearest = inside[np.argsort(distance, kind="stable")][:3]
        words = [word for word, _ in model.get_topic(number) if word]
        rows.append(
            {
                "topic_id": name,
                "words": words,
                "representatives": [str(i) for i in ids[nearest]],
                "n_docs": len(inside),
            }
        )
    return pd.DataFrame(rows)


def texts_of(documents: pd.DataFrame) -> Sequence[str]:
    """Title and abstract as one text, per row of a frame with `title` and `abstract`."""
    abstract = documents["abstract"].fillna("").astype(str)
    joined = documents["title"].astype(str) + ". " + abstract
    return [text.strip() for text in joined]
