"""Our topics beside BERTopic as its documentation starts it, LDA and NMF: one table per corpus.

Every method runs in a process of its own on the same vectors (LDA and NMF read words alone), ours
and BERTopic twice, the second time with the documents shuffled. BERTopic takes part where `umap`
is installed (`make benchmarks`). Seconds include the words. NPMI and diversity are of the ten
first words of each topic, single words for every method, by document, in the method's own tokens;
"our words" puts our words to every method's topics, so that topics alone are compared. NMI and AMI
with the corpus's labels are over all documents; those that a method leaves out are one class more.
Ours is fitted with the number of topics that it chooses, and with BERTopic's.
`FORESIGHT_BENCH_DOCS` sets the documents per corpus (default 4,000), `FORESIGHT_BENCH_CORPORA` the
corpora.
"""

import importlib.util
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from bench_corpora import CORPORA, load
from sklearn.metrics import (
    adjusted_mutual_info_score,
    adjusted_rand_score,
    normalized_mutual_info_score,
)

from foresight.topics.quality import coherence, diversity
from foresight.topics.static import StaticEncoder
from foresight.topics.words import phrase_sets

MOST = int(os.environ.get("FORESIGHT_BENCH_DOCS", "4000"))
CHOSEN = os.environ.get("FORESIGHT_BENCH_CORPORA", ",".join(CORPORA)).split(",")
CHILD = Path(__file__).with_name("topic_methods.py")
LATIN = re.compile(r"(?u)\b\w\w+\b")  # scikit-learn's tokens, which BERTopic's default words are
PEER = importlib.util.find_spec("umap") is not None


def run(method, docs, vectors, folder, *, number=0):
    """A method's answer on documents in the order given, from a process of its own."""
    folder.mkdir()
    docs.to_parquet(folder / "documents.parquet")
    np.save(folder / "vectors.npy", vectors)
    command = [sys.executable, str(CHILD), method, str(folder), str(number)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    found["labels"] = np.array(found["labels"])
    return found


def twice(method, docs, vectors, folder, *, number=0):
    """Two runs, the second shuffled; `agreement` is the Rand index of their labels."""
    first = run(method, docs, vectors, folder / f"{method}-{number}-1", number=number)
    order = np.random.default_rng(3).permutation(len(docs))
    shuffled = docs.iloc[order].reset_index(drop=True)
    again = run(method, shuffled, vectors[order], folder / f"{method}-{number}-2", number=number)
    first["agreement"] = adjusted_rand_score(first["labels"][order], again["labels"])
    return first


def measured(found, docs, tokens, ours_tokens):
    """One row of the table."""
    labels, known = found["labels"], docs["label"].notna().to_numpy()
    words, same = (
        {int(topic): listed for topic, listed in found[name].items()}
        for name in ("words", "our words")
    )
    row = {
        "topics": len(set(labels.tolist()) - {-1}),
        "seconds": found["seconds"],
        "GiB": found["gib"],
        "left out": (labels < 0).mean(),
        "NPMI": coherence(words, tokens).mean(),
        "NPMI, our words": coherence(same, ours_tokens).mean(),
        "diversity": diversity(words),
        "NMI": np.nan,
        "AMI": np.nan,
        "two orders": found.get("agreement", np.nan),
    }
    if known.any():
        pair = (docs["label"].to_numpy()[known].astype(str), labels[known])
        row["NMI"] = normalized_mutual_info_score(*pair)
        row["AMI"] = adjusted_mutual_info_score(*pair)
    return row


@pytest.mark.parametrize("name", CHOSEN)
def test_topics(name, sample, shared, tmp_path, report):
    docs = load(name, shared=shared, sample=sample, most=MOST)
    texts = docs["text"].tolist()
    vectors = StaticEncoder().encode(texts)
    ours_tokens = phrase_sets(texts, longest=1)
    latin_tokens = [set(LATIN.findall(text.lower())) for text in texts]
    rows = {
        "ours": measured(twice("ours", docs, vectors, tmp_path), docs, ours_tokens, ours_tokens)
    }
    number = rows["ours"]["topics"]
    if PEER:
        found = twice("BERTopic", docs, vectors, tmp_path)
        rows["BERTopic"] = measured(found, docs, latin_tokens, ours_tokens)
        number = max(rows["BERTopic"]["topics"], 2)
        found = twice("ours", docs, vectors, tmp_path, number=number)
        rows[f"ours, {number} topics"] = measured(found, docs, ours_tokens, ours_tokens)
    for method in ("LDA", "NMF"):
        found = run(method, docs, vectors, tmp_path / method, number=number)
        rows[method] = measured(found, docs, ours_tokens, ours_tokens)
    table = pd.DataFrame(rows).T
    report(
        f"{name}: {len(docs):,} documents, vectors of {StaticEncoder.name}",
        *table.round(3).to_string().splitlines(),
    )
    assert rows["ours"]["two orders"] == 1.0
    assert rows["ours"]["left out"] == 0.0


@pytest.mark.parametrize("n_docs", [10_000, 50_000, 100_000, 500_000])
def test_topics_of_many_documents(n_docs, sample, shared, tmp_path, report):
    """The curve of time and memory; beyond the default corpus its documents are repeated, each
    vector moved a little, so that none is the same."""
    docs = load("sample", shared=shared, sample=sample, most=min(n_docs, 100_000))
    start = time.perf_counter()
    vectors = StaticEncoder().encode(docs["text"].tolist())
    encoding = time.perf_counter() - start
    copies = -(-n_docs // len(docs))
    noise = np.random.default_rng(0)
    parts = [vectors + 0.02 * noise.standard_normal(vectors.shape, dtype=np.float32)
             for _ in range(copies)]  # fmt: skip
    many = pd.concat([docs.assign(doc_id=docs["doc_id"] + f"-{i}") for i in range(copies)])
    many = many.head(n_docs).reset_index(drop=True)
    found = run("ours", many, np.vstack(parts)[:n_docs], tmp_path / "many", number=100)
    report(
        f"{n_docs:,} documents into 100 topics with their words: {found['seconds']:.0f} s, peak "
        f"{found['gib']:.2f} GiB; encoding {len(docs):,} of them {encoding:.0f} s"
    )
    assert len(found["labels"]) == n_docs
