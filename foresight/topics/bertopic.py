"""Our topics as a genuine `BERTopic` object, so that its own methods and plots work on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from bertopic import BERTopic
from bertopic.backend import BaseEmbedder
from bertopic.representation._base import BaseRepresentation
from bertopic.vectorizers import ClassTfidfTransformer
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer

from foresight.topics.clustering import nearest
from foresight.topics.embedding import Encoder
from foresight.topics.model import TopicModel
from foresight.topics.telling import telling_phrases
from foresight.topics.words import phrases, phrases_and_runs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PHRASES = 10


def as_bertopic(
    model: TopicModel, texts: Sequence[str], vectors: NDArray[np.float32], *, encoder: Encoder
) -> BERTopic:
    """Give fitted topics as a `BERTopic` with our reduction, clusters and phrases in it.

    `topics_over_time`, `hierarchical_topics`, `transform`, `find_topics` and the plots of
    BERTopic work on the result; its topic n is label n of the model.

    Parameters
    ----------
    model : TopicModel
    texts : sequence of str
        Of the documents that the model was fitted on, in the same order.
    vectors : array of shape (n_docs, n_dimensions)
        Likewise.
    encoder : Encoder
        What made the vectors; embeds new documents.

    References
    ----------
    Grootendorst (2022), arXiv:2203.05794.
    """
    found = BERTopic(
        embedding_model=_Backend(encoder),
        umap_model=_Reduced(model),
        hdbscan_model=_Clustered(model),
        vectorizer_model=CountVectorizer(analyzer=phrases),
        ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True),
        representation_model=_TellingPhrases(),
        top_n_words=PHRASES,
    )
    return found.fit(list(texts), embeddings=np.asarray(vectors, dtype=np.float64))


class _Backend(BaseEmbedder):
    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder

    def embed(
        self,
        documents: list[str],
        verbose: bool = False,  # noqa: ARG002 (BERTopic's interface)
    ) -> NDArray[np.float32]:
        return self.encoder.encode(documents)


class _Reduced:
    """The model's reduction, already fitted."""

    def __init__(self, model: TopicModel) -> None:
        self.model = model

    def fit(self, X: Any, y: Any = None) -> _Reduced:  # noqa: ARG002, N803 (scikit-learn's)
        return self

    def transform(self, X: Floats) -> Floats:  # noqa: N803
        return self.model.transform(X.astype(np.float32))


class _Clustered:
    """The model's clusters, already fitted."""

    def __init__(self, model: TopicModel) -> None:
        self.model = model
        self.labels_ = model.labels_

    def fit(self, X: Any, y: Any = None) -> _Clustered:  # noqa: ARG002, N803
        return self

    def predict(self, X: Floats) -> Ints:  # noqa: N803
        return nearest(X, self.model.cluster_centers_)


class _TellingPhrases(BaseRepresentation):
    """Topic words by `foresight.topics.telling.telling_phrases`, with weights 1, 1/2, 1/3 …."""

    def extract_topics(
        self,
        topic_model: BERTopic,  # noqa: ARG002 (BERTopic's interface)
        documents: pd.DataFrame,
        c_tf_idf: csr_matrix,  # noqa: ARG002
        topics: Mapping[str, list[tuple[str, float]]],
    ) -> Mapping[str, list[tuple[str, float]]]:
        numbers = documents["Topic"].to_numpy(dtype=np.int64)
        held, alone = phrases_and_runs(documents["Document"].tolist())
        found = telling_phrases(held, numbers, alone=alone, top=PHRASES)
        return {
            topic: [(phrase, 1.0 / place) for place, phrase in enumerate(found[int(topic)], 1)]
            for topic in topics
        }
