"""Real corpora that topics and encoders are measured on: doc_id, text, label, in one form."""

from pathlib import Path

import pandas as pd

CORPORA = ("sample", "paperlists", "ieee_vis", "uspto_random", "ai_patents", "csl")


def load(name, *, shared: Path, sample, most: int) -> pd.DataFrame:
    """Up to `most` documents of a corpus, by a fixed draw: doc_id, text, label (may be null).

    The label is what topics are compared with: the first CPC main group of patents, the venue of
    papers, the discipline of Chinese abstracts.
    """
    frame = _READERS[name](shared, sample)
    frame = frame[frame["text"].str.len() > 40].drop_duplicates("doc_id").sort_values("doc_id")
    return frame.sample(min(most, len(frame)), random_state=1).reset_index(drop=True)


def _sample(shared, sample):
    docs = pd.read_parquet(
        sample.folder / "documents.parquet", columns=["doc_id", "title", "abstract"]
    )
    classes = pd.read_parquet(sample.folder / "classes.parquet")
    first = (
        classes[classes["scheme"] == "cpc"]
        .sort_values(["doc_id", "primary", "code"], ascending=[True, False, True])
        .drop_duplicates("doc_id")
        .set_index("doc_id")["code"]
    )
    label = docs["doc_id"].map(first.str.split("/").str[0])
    return pd.DataFrame({"doc_id": docs["doc_id"], "text": _text(docs), "label": label})


def _text(frame, title="title", abstract="abstract"):
    return (frame[title].fillna("") + ". " + frame[abstract].fillna("")).str.strip()


def _paperlists(shared, sample):
    docs = pd.read_parquet(shared / "paperlists/papers.parquet")
    docs = docs[docs["abstract"].notna()]
    return pd.DataFrame({"doc_id": docs["id"], "text": _text(docs), "label": docs["venue"]})


def _ieee_vis(shared, sample):
    docs = pd.read_csv(shared / "ieee_vis/papers.csv.gz")
    docs = docs[docs["Abstract"].notna() & docs["Paper DOI"].notna()]
    text = _text(docs, "Paper Title", "Abstract")
    return pd.DataFrame({"doc_id": docs["Paper DOI"], "text": text, "label": docs["Conference"]})


def _uspto_random(shared, sample):
    docs = pd.read_csv(shared / "uspto_random/uspto_random_10000.csv.gz")
    docs = docs[docs["abstract"].notna()]
    group = docs["classifications_cpc"].astype(str).str.extract(r"([A-HY]\d\d[A-Z]\s*\d+)")[0]
    return pd.DataFrame({"doc_id": docs["patent_id"], "text": docs["abstract"], "label": group})


def _ai_patents(shared, sample):
    docs = pd.read_csv(shared / "ai_patents/ai_patents.csv.gz")
    return pd.DataFrame({"doc_id": docs["id"].astype(str), "text": _text(docs), "label": None})


def _csl(shared, sample):
    path = shared / "chinese_records/csl_cls_dcp.tsv.gz"
    docs = pd.read_csv(path, sep="\t", header=None, names=["task", "text", "label"])
    docs["doc_id"] = [f"csl{i:05d}" for i in range(len(docs))]
    return docs[["doc_id", "text", "label"]]


_READERS = {
    "sample": _sample,
    "paperlists": _paperlists,
    "ieee_vis": _ieee_vis,
    "uspto_random": _uspto_random,
    "ai_patents": _ai_patents,
    "csl": _csl,
}
