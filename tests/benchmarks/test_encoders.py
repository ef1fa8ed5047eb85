"""The static encoder against the full one, token means and TF-IDF with SVD, on held-out texts.

Held out: default patents, glossary terms that trained no token vector, and every other
text here: random grants, conference papers, Chinese abstracts and titles, the registry.
"""

import csv
import gzip
import re
import time

import joblib
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import normalized_mutual_info_score
from threadpoolctl import threadpool_limits

from foresight.provenance import text_digest
from foresight.run.distil import glossary_pairs, training_patents
from foresight.run.vectors import vector_cache
from foresight.topics import distil
from foresight.topics.embedding import MultilingualEncoder, embed
from foresight.topics.model import texts_of
from foresight.topics.static import (
    BEGIN,
    END,
    HEAD,
    StaticEncoder,
    model_path,
    read_model,
    token_ids,
    unit_rows,
    upper_layers,
)  # fmt: skip
from foresight.tracks import load_registry

SIZE = 2000  # texts of a set
TIMED = 4000
SEEDS = 3
SVD = 256


def rows_of(frame, size=SIZE):
    """Rows in an order that their texts settle."""
    order = frame["text"].map(text_digest).sort_values(kind="stable").index
    return frame.loc[order].head(size).reset_index(drop=True)


def held_out_patents(sample):
    trained = set(training_patents())
    documents = sample.read(sample.table("documents").select("doc_id", "title", "abstract"))
    documents["text"] = texts_of(documents)
    classes = sample.read(sample.table("classes").select("doc_id", "scheme", "code", "primary"))
    classes = classes[classes["scheme"] == "cpc"].sort_values(
        ["doc_id", "primary", "code"], ascending=[True, False, True]
    )
    first = classes.drop_duplicates("doc_id").set_index("doc_id")["code"].str[:4]
    documents["label"] = documents["doc_id"].map(first)
    return rows_of(documents[~documents["doc_id"].isin(trained)].dropna(subset="label"))


def grants(shared):
    frame = pd.read_csv(shared / "uspto_random" / "uspto_random_10000.csv.gz").dropna()
    label = frame["classifications_cpc"].str.extract(r"^([A-HY]\d\d[A-Z])")[0]
    return rows_of(pd.DataFrame({"text": frame["abstract"], "label": label}).dropna())


def papers(shared):
    frame = pd.read_parquet(shared / "paperlists" / "papers.parquet")
    frame["text"] = texts_of(frame)
    return rows_of(frame.rename(columns={"venue": "label"}))


def chinese(shared, name):
    path = shared / "chinese_records" / f"{name}.tsv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        rows = list(csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    return rows_of(pd.DataFrame([row[1:3] for row in rows], columns=["text", "label"]))


@pytest.fixture(scope="module")
def sets(sample, shared):
    """Labelled sets: text, label and the number of clusters."""
    return {
        "patents": (held_out_patents(sample), 150),
        "grants": (grants(shared), 150),
        "papers": (papers(shared), 9),
        "zh titles": (chinese(shared, "csl_cls_ctg"), 13),
        "zh abstracts": (chinese(shared, "csl_cls_dcp"), 67),
    }


@pytest.fixture(scope="module")
def pairs():
    """English and Chinese texts that say the same."""
    subs = [sub for track in load_registry().tracks for sub in track.sub_directions]
    keywords = [sub.keywords for sub in subs if sub.keywords.en and sub.keywords.zh]
    return {
        "terms": glossary_pairs(held_out=True),
        "names": [(re.sub(r"\s+", " ", sub.en), sub.zh) for sub in subs],
        "keywords": [("; ".join(words.en), "；".join(words.zh)) for words in keywords],
    }


class TokenMeans:
    """Mean of the encoder's vectors of single tokens."""

    def __init__(self, texts):
        documents = [token_ids(text) for text in texts]
        self.used = np.unique(np.concatenate(documents))
        head = read_model(model_path()).head
        assert set(head) == set(HEAD)
        blocks = []
        for at in range(0, len(self.used), 128):
            group = [[BEGIN, int(token), END] for token in self.used[at : at + 128]]
            _, rows = distil.contextual(distil.network(), group)
            sums = rows.reshape(len(group), 3, -1).sum(axis=1) / np.sqrt(3)
            blocks.append(upper_layers(sums.astype(np.float32), head))
        self.vectors = np.vstack(blocks)

    def encode(self, texts):
        documents = [token_ids(text)[1:-1] for text in texts]
        flat = np.searchsorted(self.used, np.concatenate(documents))
        ends = np.cumsum([0, *(len(ids) for ids in documents)])
        shape = (len(documents), len(self.used))
        bag = csr_matrix((np.ones(len(flat), dtype=np.float32), flat, ends), shape=shape)
        return unit_rows(np.asarray(bag @ self.vectors))


class TermSpace:
    """TF-IDF of the same tokens and a truncated SVD, fitted on the texts it is judged on."""

    def __init__(self, texts):
        self.words = TfidfVectorizer(analyzer=token_ids, sublinear_tf=True, min_df=2)
        found = self.words.fit_transform(texts)
        size = min(SVD, found.shape[1] - 1, len(texts) - 1)
        self.svd = TruncatedSVD(size, random_state=0).fit(found)

    def encode(self, texts):
        return unit_rows(self.svd.transform(self.words.transform(texts)).astype(np.float32))


def agreement(vectors, labels, clusters):
    """Mean NMI of k-means with labels over seeds."""
    with threadpool_limits(limits=2):
        found = [
            KMeans(clusters, n_init=1, random_state=seed).fit_predict(vectors.astype(np.float64))
            for seed in range(SEEDS)
        ]
    return np.mean([normalized_mutual_info_score(labels, one) for one in found])


def retrieval(queries, targets):
    """Top-1, top-5 and mean reciprocal rank of the right target among all; ties count against."""
    likeness = queries @ targets.T
    rank = (likeness >= np.diag(likeness)[:, np.newaxis]).sum(axis=1)
    return (rank == 1).mean(), (rank <= 5).mean(), (1 / rank).mean()


def speed(encoder, texts, jobs):
    """Texts a second, the start of the processes and the model aside; their vectors."""
    parts = [texts[at::jobs] for at in range(jobs)]
    with joblib.Parallel(n_jobs=jobs) as run:
        run(joblib.delayed(encoder.encode)(part[:1]) for part in parts)
        start = time.perf_counter()
        made = run(joblib.delayed(encoder.encode)(part) for part in parts)
        return len(texts) / (time.perf_counter() - start), made


def test_encoders(sample, sets, pairs, cores, report):
    full = MultilingualEncoder()
    cache = vector_cache(full.name)

    class Cached:
        def encode(self, texts):
            return embed(texts, encoder=full, cache=cache, jobs=cores)

    everything = [text for frame, _ in sets.values() for text in frame["text"]]
    everything += [text for found in pairs.values() for pair in found for text in pair]
    means = TokenMeans(everything)
    encoders = {
        "full": lambda _: Cached(),
        "static": lambda _: StaticEncoder(),
        "token means": lambda _: means,
        "TF-IDF, SVD": TermSpace,
    }
    for name, make in encoders.items():
        scores = []
        for title, (frame, clusters) in sets.items():
            texts = frame["text"].tolist()
            vectors = make(texts).encode(texts)
            value = agreement(vectors, frame["label"].tolist(), clusters)
            scores.append(f"{title} {value:.3f}")
        report(f"{name}: NMI " + ", ".join(scores))
        if name == "TF-IDF, SVD":
            continue  # shares no word between the languages
        for title, found in pairs.items():
            en, zh = (make(None).encode(list(side)) for side in zip(*found, strict=True))
            there, back = retrieval(en, zh), retrieval(zh, en)
            report(
                f"{name}, {len(found)} {title}: en-zh "
                + "/".join(f"{value:.3f}" for value in there)
                + ", zh-en "
                + "/".join(f"{value:.3f}" for value in back)
            )
    texts = (sets["patents"][0]["text"].tolist() * TIMED)[:TIMED]
    made = {}
    for name, encoder, size in (("full", full, 200), ("static", StaticEncoder(), TIMED)):
        for jobs in (1, cores):
            busy = time.process_time()
            rate, parts = speed(encoder, texts[:size], jobs)
            busy = time.process_time() - busy
            line = f"{name}, {jobs} process(es): {rate:,.0f} texts/s"
            # one process is this one: what it would do if nothing else ran
            report(line if jobs > 1 else f"{line}, {size / busy:,.0f} per second of processor")
            made[name, jobs] = parts
    (one,) = made["static", 1]
    for at, part in enumerate(made["static", cores]):
        assert np.array_equal(part, one[at::cores])
