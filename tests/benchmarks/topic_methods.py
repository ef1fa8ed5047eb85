"""One topic model on one corpus in a process of its own: `topic_methods.py METHOD FOLDER NUMBER`.

Reads `documents.parquet` and `vectors.npy` of the folder; prints seconds, peak memory, labels (-1:
left out) and the ten first single words of each topic.
"""

import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

TOP = 10


def by_us(docs, vectors, number):
    from foresight.topics.describe import MOST_READ
    from foresight.topics.model import TopicModel
    from foresight.topics.telling import telling_phrases
    from foresight.topics.words import phrase_sets, spread_rows

    model = TopicModel(n_topics=number).fit(vectors, ids=docs["doc_id"].tolist())
    rows = spread_rows(model.labels_, most=MOST_READ)
    texts = phrase_sets(docs["text"].iloc[rows].tolist(), longest=1)
    return model.labels_, telling_phrases(texts, model.labels_[rows], top=TOP)


def by_bertopic(docs, vectors, number):
    from bertopic import BERTopic

    model = BERTopic(embedding_model=None)
    labels, _ = model.fit_transform(docs["text"].tolist(), embeddings=vectors.astype(float))
    words = {t: [w for w, _ in model.get_topic(t)][:TOP] for t in set(labels) if t != -1}
    return np.array(labels), words


def _by_parts(docs, number, model, vectorizer):
    counts = vectorizer.fit_transform(docs["text"])
    weights = model.fit_transform(counts)
    names = vectorizer.get_feature_names_out()
    best = np.argsort(-model.components_, axis=1, kind="stable")[:, :TOP]
    return weights.argmax(axis=1), {t: names[row].tolist() for t, row in enumerate(best)}


def tokens(text):
    from foresight.topics.words import phrases

    return phrases(text, longest=1)


def by_lda(docs, vectors, number):
    from sklearn.decomposition import LatentDirichletAllocation
    from sklearn.feature_extraction.text import CountVectorizer

    vectorizer = CountVectorizer(analyzer=tokens, min_df=5, max_df=0.5)
    return _by_parts(docs, number, LatentDirichletAllocation(number, random_state=0), vectorizer)


def by_nmf(docs, vectors, number):
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer=tokens, min_df=5, max_df=0.5)
    model = NMF(number, init="nndsvda", random_state=0, max_iter=400)
    return _by_parts(docs, number, model, vectorizer)


def peak():
    """Greatest memory of this process in GiB; `ru_maxrss` would begin at its parent's."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 2**20


METHODS = {"ours": by_us, "BERTopic": by_bertopic, "LDA": by_lda, "NMF": by_nmf}


def main():
    from foresight.topics.telling import telling_phrases
    from foresight.topics.words import phrase_sets

    method, folder, number = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]) or None
    warnings.simplefilter("ignore")
    docs = pd.read_parquet(folder / "documents.parquet")
    vectors = np.load(folder / "vectors.npy")
    start = time.perf_counter()
    labels, words = METHODS[method](docs, vectors, number)
    seconds, memory = time.perf_counter() - start, peak()
    kept = np.flatnonzero(labels >= 0)[
        :10_000
    ]  # the corpora are smaller, the curve has no use of it
    single = phrase_sets(docs["text"].iloc[kept].tolist(), longest=1)
    same = telling_phrases(single, labels[kept], top=TOP)
    found = {
        "seconds": seconds,
        "gib": memory,
        "labels": [int(label) for label in labels],
        "words": {int(topic): listed for topic, listed in words.items()},
        "our words": {int(topic): listed for topic, listed in same.items()},
    }
    print("\n" + json.dumps(found, ensure_ascii=False))  # noqa: T201 (its purpose)


if __name__ == "__main__":
    main()
