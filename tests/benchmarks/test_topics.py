"""Our topics against BERTopic with HDBSCAN on the same vectors.

BERTopic's UMAP is not installed; PCA to as many dimensions as UMAP has by default stands for it.
"""

import warnings

import numpy as np
import pandas as pd
import pytest
from bertopic import BERTopic
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from foresight.corpus.select import match_tracks
from foresight.corpus.view import as_of, default_as_of
from foresight.provenance import text_digest
from foresight.run.study import vector_cache
from foresight.topics.embedding import MultilingualEncoder
from foresight.topics.model import fit_topics, texts_of
from foresight.tracks import load_registry

TRACK = "general-ai"
DIMENSIONS = 5  # UMAP's in BERTopic


@pytest.fixture(scope="module")
def track(sample):
    """Documents of a track (doc_id, text), their vectors and CPC subclasses."""
    matches = match_tracks(sample, load_registry().terms())
    view = as_of(sample, default_as_of(sample))
    ids = matches.loc[matches["track"] == TRACK, "doc_id"]
    rows = view.frame("documents", ids)
    docs = pd.DataFrame({"doc_id": rows["doc_id"], "text": texts_of(rows)})
    try:
        vectors = vector_cache(MultilingualEncoder.name).read(
            [text_digest(text) for text in docs["text"]]
        )
    except KeyError as error:
        pytest.skip(f"{error}: make them with `foresight brief {TRACK}`")
    classes = view.frame("classes", ids)
    classes = classes[classes["scheme"] == "cpc"].sort_values(
        ["doc_id", "primary", "code"], ascending=[True, False, True]
    )
    first = classes.drop_duplicates("doc_id").set_index("doc_id")["code"].str[:4]
    return docs, vectors, docs["doc_id"].map(first).fillna("none").to_numpy()


def by_us(docs, vectors):
    fitted = fit_topics(docs, vectors, prefix="t", encoder=MultilingualEncoder(), seed=1)
    return docs["doc_id"].map(fitted.documents.set_index("doc_id")["topic_id"]).to_numpy()


def by_bertopic(docs, vectors):
    model = BERTopic(
        embedding_model=None, umap_model=PCA(DIMENSIONS, svd_solver="full"), language="multilingual"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        topics, _ = model.fit_transform(docs["text"].tolist(), embeddings=vectors.astype(float))
    return np.array(topics)


def shuffled(work, docs, vectors):
    order = np.random.default_rng(3).permutation(len(docs))
    found = np.empty(len(docs), dtype=object)
    found[order] = work(docs.iloc[order].reset_index(drop=True), vectors[order])
    return found


def test_topics(track, clock, report):
    docs, vectors, subclass = track
    lines, agreement = [f"{len(docs):,} documents of {TRACK}, {vectors.shape[1]} dimensions"], {}
    for name, work in (("ours", by_us), ("BERTopic, HDBSCAN", by_bertopic)):
        seconds, topics = clock(work, docs, vectors)
        kept = topics != -1
        agreement[name] = adjusted_rand_score(topics, shuffled(work, docs, vectors))
        every = normalized_mutual_info_score(subclass, topics.astype(str))
        inside = normalized_mutual_info_score(subclass[kept], topics[kept].astype(str))
        lines.append(
            f"{name}: {seconds:.1f} s, {len(set(topics[kept]))} topics, left out "
            f"{1 - kept.mean():.0%}, NMI with CPC subclass {every:.3f} (of those kept "
            f"{inside:.3f}), ARI of two orders {agreement[name]:.3f}"
        )
        if name == "ours":
            assert kept.all()
    report(*lines)
    assert agreement["ours"] == 1.0
