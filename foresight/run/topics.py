"""The topics of a track: vectors, history, words, labels, and what became of earlier ones."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pandas as pd

from foresight.glossary import load_glossary
from foresight.provenance import code_digest, read_or_make, text_digest
from foresight.run import tables as make
from foresight.run.keys import PAGES
from foresight.run.stage import Stage
from foresight.run.vectors import vector_cache
from foresight.settings import Settings, cache_dir
from foresight.topics.describe import describe_topics
from foresight.topics.embedding import embed
from foresight.topics.encoders import encoder_named
from foresight.topics.history import LINEAGE, TopicHistory, fit_history
from foresight.topics.labels import label, label_topics
from foresight.topics.model import MIN_DOCS, texts_of
from foresight.topics.similarity import COLUMNS as SIMILARITY_COLUMNS
from foresight.topics.similarity import topic_similarity
from foresight.tracks import Track

TOPIC_COLUMNS = [
    "topic_id", "label_zh", "label_en", "words_zh", "words_en", "label_zh_source",
    "n_docs", "n_recent", "representatives", "n_zhejiang", "born", "colour",
    "steadiness", "steadiness_lo", "steadiness_hi",
]  # fmt: skip
PAST_COLUMNS = ["topic_id", "label_zh", "label_en", "born", "last", "n_docs"]
FLOW_COLUMNS = ["year", "topic_id", "next_year", "next_topic_id", "n_docs"]
FORMED = ("documents", "topics", "past", "lineage", "flows", "similarity", "agreement")
STEP = 5  # years between the partitions whose flows are drawn
STEPS = 3


@dataclass(frozen=True)
class TrackTopics:
    """Topics of a track; all tables are empty when there are too few documents.

    Attributes
    ----------
    members : DataFrame
        unit_id, doc_id.
    table : DataFrame, one row per topic, largest first (`TOPIC_COLUMNS`)
    map : DataFrame
        doc_id, topic_id, x, y.
    lineage : DataFrame (`foresight.topics.history.LINEAGE`)
    past : DataFrame, topics that no longer are (`PAST_COLUMNS`)
    flows : DataFrame (`FLOW_COLUMNS`)
        Documents of each topic in `year` by their topic in `next_year`; null `topic_id` for those
        that came in between.
    similarity : DataFrame (`foresight.topics.similarity.topic_similarity`)
    agreement : float or None
        See `foresight.topics.describe.Topics`.
    """

    members: pd.DataFrame
    table: pd.DataFrame
    map: pd.DataFrame
    lineage: pd.DataFrame
    past: pd.DataFrame
    flows: pd.DataFrame
    similarity: pd.DataFrame
    agreement: float | None


def track_topics(
    docs: pd.DataFrame, stage: Stage, *, track: Track, settings: Settings
) -> TrackTopics:
    """Form the topics of a track's documents.

    Parameters
    ----------
    docs : DataFrame indexed by doc_id
        The track's rows of `stage.documents`.
    stage : Stage
    track : Track
    settings : Settings
    """
    if int((docs["year"] <= stage.last_year).sum()) < MIN_DOCS:
        return TrackTopics(
            members=pd.DataFrame(columns=["unit_id", "doc_id"], dtype="str"),
            table=pd.DataFrame(columns=TOPIC_COLUMNS),
            map=pd.DataFrame(columns=["doc_id", "topic_id", "x", "y"]),
            lineage=pd.DataFrame(columns=list(LINEAGE)),
            past=pd.DataFrame(columns=PAST_COLUMNS),
            flows=pd.DataFrame(columns=FLOW_COLUMNS),
            similarity=pd.DataFrame(columns=SIMILARITY_COLUMNS),
            agreement=None,
        )
    found = _formed(docs, track=track, last_year=stage.last_year, settings=settings)
    documents = found["documents"]
    members = documents[["topic_id", "doc_id"]].rename(columns={"topic_id": "unit_id"})
    return TrackTopics(
        members=members,
        table=_topic_table(found["topics"], documents, docs, stage),
        map=documents,
        lineage=found["lineage"],
        past=_past_table(found["past"]),
        flows=found["flows"],
        similarity=found["similarity"],
        agreement=float(found["agreement"]["agreement"].iloc[0]),
    )


def _formed(
    docs: pd.DataFrame, *, track: Track, last_year: int, settings: Settings
) -> dict[str, pd.DataFrame]:
    """What is formed from the texts and years of a track's documents alone: dear, so kept."""
    ids = docs.index.astype("str")
    texts = texts_of(docs)
    titles = docs["title"].fillna("").tolist()
    years = docs["year"].astype("str").tolist()
    made_from = (settings.encoder, str(settings.seed), str(last_year), track.slug)
    key = text_digest(code_digest(without=PAGES), *made_from, *ids, *texts, *titles, *years)

    def make(part: Path) -> None:
        frame = pd.DataFrame({"doc_id": ids, "text": texts, "title": titles})
        frame["year"] = docs["year"].to_numpy()
        _form(frame, part, track=track, last_year=last_year, settings=settings)

    return read_or_make(cache_dir() / "topics" / key[:24], read=_read, make=make)


def _form(
    frame: pd.DataFrame, folder: Path, *, track: Track, last_year: int, settings: Settings
) -> None:
    """Form topics and write what `FORMED` names."""
    encoder = encoder_named(settings.encoder)
    texts = frame["text"].tolist()
    vectors = embed(texts, encoder=encoder, cache=vector_cache(settings.encoder))
    history = fit_history(
        frame, vectors, prefix=track.slug, last_year=last_year, random_state=settings.seed
    )
    found = describe_topics(history, frame, vectors, random_state=settings.seed)
    topic_of = found.documents.set_index("doc_id")["topic_id"].reindex(frame["doc_id"])
    tables = {
        "documents": found.documents,
        "topics": found.topics,
        "past": found.past,
        "lineage": history.lineage,
        "flows": _flows(history),
        "similarity": topic_similarity(topic_of, vectors),
        "agreement": pd.DataFrame({"agreement": [found.agreement]}),
    }
    for name in FORMED:
        tables[name].to_parquet(folder / f"{name}.parquet", index=False)


def _read(folder: Path) -> dict[str, pd.DataFrame]:
    found = {name: pd.read_parquet(folder / f"{name}.parquet") for name in FORMED}
    for name in ("topics", "past"):
        found[name]["words"] = found[name]["words"].map(list)  # Parquet gives arrays
    return found


def _topic_table(
    topics: pd.DataFrame, placed: pd.DataFrame, docs: pd.DataFrame, stage: Stage
) -> pd.DataFrame:
    glossary = load_glossary()
    known, local = make.zhejiang_documents(stage.places)
    names = label_topics(topics["words"].tolist(), glossary=glossary)
    rows = []
    for row, name in zip(topics.to_dict("records"), names, strict=True):
        ids = placed.loc[placed["topic_id"] == row["topic_id"], "doc_id"]
        years = docs.loc[ids, "year"]
        rows.append(
            {
                **{column: row[column] for column in TOPIC_COLUMNS if column in row},
                "label_zh": name.zh,
                "label_en": name.en,
                "words_zh": ";".join(name.words_zh),
                "words_en": ";".join(name.words_en),
                "label_zh_source": name.zh_source,
                "n_recent": int(years.between(stage.last_year - 2, stage.last_year).sum()),
                "representatives": ";".join(row["representatives"]),
                "n_zhejiang": int(ids.isin(local).sum()) if known else None,
            }
        )
    return pd.DataFrame(rows, columns=TOPIC_COLUMNS).astype({"n_zhejiang": "Int64"})


def _past_table(past: pd.DataFrame) -> pd.DataFrame:
    glossary = load_glossary()
    names = [label(words, glossary=glossary) for words in past["words"]]
    frame = past.assign(label_zh=[n.zh for n in names], label_en=[n.en for n in names])
    return frame[PAST_COLUMNS]


def _flows(history: TopicHistory) -> pd.DataFrame:
    """Documents by their topic at one of the last few partitions and at the next."""
    last = int(history.numbers["year"].max())
    first = int(history.numbers["year"].min())
    years = [y for y in range(last - STEP * (STEPS - 1), last + 1, STEP) if y >= first]
    parts = []
    for year, after in pairwise(years):
        pair = [
            history.members[history.members["year"] == y].set_index("doc_id")["topic_id"]
            for y in (year, after)
        ]
        joined = pd.DataFrame({"next_topic_id": pair[1], "topic_id": pair[0]})
        counts = joined.groupby(["topic_id", "next_topic_id"], dropna=False).size()
        part = counts.rename("n_docs").reset_index().assign(year=year, next_year=after)
        parts.append(part)
    if not parts:
        return pd.DataFrame(columns=FLOW_COLUMNS)
    flows = pd.concat(parts, ignore_index=True)[FLOW_COLUMNS]
    return flows.sort_values(["year", "topic_id", "next_topic_id"], kind="stable").reset_index(
        drop=True
    )
