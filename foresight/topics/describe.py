"""What a reader sees of topics: words, typical documents, steadiness, a map."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import shorten

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from threadpoolctl import threadpool_limits

from foresight.topics.history import TopicHistory
from foresight.topics.quality import steadiness
from foresight.topics.telling import telling_phrases
from foresight.topics.words import phrases_and_runs, spread_rows, title_phrases

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

REPRESENTATIVES = 3
FAMILY = 0.25  # other titles of a topic have 0.04 of their phrases in common, one in twenty 0.16
TITLE_LENGTH = 60  # letters of a title that stands for phrases
MOST_READ = 1000  # documents of a topic that its words are taken from


@dataclass(frozen=True)
class Topics:
    """Topics of a set of documents, as a brief shows them.

    Attributes
    ----------
    documents : DataFrame, one row per document, sorted by doc_id
        doc_id, topic_id, x, y (the plane that best separates the topics).
    topics : DataFrame, one row per topic, largest first
        topic_id, words (list of phrases, most telling first; the commonest title where there is
        none), representatives (list of the
        three doc_ids nearest to the centre), n_docs, born (year), colour (number; see
        `TopicHistory`), steadiness with steadiness_lo and
        steadiness_hi (0 to 1; see `foresight.topics.quality.steadiness`).
    past : DataFrame, one row per topic that once was, sorted by last and topic_id
        topic_id, words (at the end of its last year), born, last (years), n_docs (then).
    agreement : float
        Mean adjusted Rand index between the topics and refits on bootstrap samples.
    """

    documents: pd.DataFrame
    topics: pd.DataFrame
    past: pd.DataFrame
    agreement: float


def describe_topics(
    history: TopicHistory,
    documents: pd.DataFrame,
    vectors: NDArray[np.float32],
    *,
    random_state: int,
) -> Topics:
    """Describe the topics of a history's last year, documents assigned later included.

    Parameters
    ----------
    history : TopicHistory
    documents : DataFrame
        doc_id, text, title; the documents that the history was made from.
    vectors : array of shape (n_docs, n_dimensions)
        In the order of `documents`.
    random_state : int
        For the refits that steadiness is measured by.
    """
    order = np.argsort(documents["doc_id"].to_numpy(dtype=str), kind="stable")
    ids = documents["doc_id"].to_numpy(dtype=str)[order]
    last = history.members[history.members["year"] == history.members["year"].max()]
    topic_of = last.set_index("doc_id")["topic_id"].reindex(ids)
    place = {name: number for number, name in enumerate(history.topic_ids)}
    numbers = topic_of.map(place).to_numpy(dtype=np.int64)
    reduced = history.model.transform(vectors[order])
    wording = _Wording.of(documents.iloc[order])
    with threadpool_limits(limits=1):
        plane = _plane(reduced, numbers)
        steady, agreement = steadiness(
            history.model.reduced_, history.model.labels_, seed=random_state
        )
    shown = spread_rows(numbers, most=MOST_READ)
    words = wording.telling(shown, numbers[shown])
    born = history.members.groupby("topic_id")["year"].min()
    rows = []
    for number, name in enumerate(history.topic_ids):
        inside = np.flatnonzero(numbers == number)
        distance = ((reduced[inside] - history.model.cluster_centers_[number]) ** 2).sum(axis=1)
        nearest = inside[np.argsort(np.round(distance, 9), kind="stable")][:REPRESENTATIVES]
        rows.append(
            {
                "topic_id": name,
                "words": words[number],
                "representatives": [str(i) for i in ids[nearest]],
                "n_docs": len(inside),
                "born": born[name],
                "colour": history.colours[name],
                **steady.loc[number].drop("n_docs").to_dict(),
            }
        )
    table = pd.DataFrame(rows).sort_values(
        ["n_docs", "topic_id"], ascending=[False, True], kind="stable"
    )
    placed = pd.DataFrame({"doc_id": ids, "topic_id": topic_of.to_numpy()})
    placed["x"], placed["y"] = plane[:, 0], plane[:, 1]
    past = _past(history, ids, wording)
    return Topics(placed, table.reset_index(drop=True), past, agreement)


@dataclass(frozen=True)
class _Wording:
    """What documents say: texts and titles as they stand, and their phrases."""

    texts: pd.DataFrame
    held: list[frozenset[str]]
    alone: list[frozenset[str]]
    titles: list[frozenset[str]]

    @classmethod
    def of(cls, documents: pd.DataFrame) -> _Wording:
        held, alone = phrases_and_runs(documents["text"].tolist())
        titles = title_phrases(documents["title"].tolist())
        return cls(documents[["text", "title"]].reset_index(drop=True), held, alone, titles)

    def telling(self, rows: Ints, topics: Ints) -> dict[int, list[str]]:
        """Phrases that tell the topics of documents apart; a family of patents counts once.

        A topic that is one family has none of its own, and is called by its commonest title.
        """
        frame = self.texts.iloc[rows].assign(topic=topics, row=rows)
        kept, again = self._without_families(frame)
        found = telling_phrases(
            [self.held[row] for row in kept],
            frame.set_index("row").loc[kept, "topic"].to_numpy(dtype=np.int64),
            alone=[self.alone[row] for row in kept],
            titles=[frozenset() if row in again else self.titles[row] for row in kept],
        )
        titles = frame.groupby("topic")["title"]
        return {
            topic: phrases or [_title(titles.get_group(topic))] for topic, phrases in found.items()
        }

    def _without_families(self, frame: pd.DataFrame) -> tuple[list[int], set[int]]:
        """Rows to be read, and those of them whose title was read before in their topic.

        Within a topic, a document is of the family of an earlier one if it has its title and
        `FAMILY` of their phrases in common, or its very text.
        """
        kept, again = [], set()
        distinct = frame[~frame.duplicated(["topic", "text"])]
        for _, group in distinct.groupby(["topic", "title"], sort=False):
            read: list[int] = []
            for row in group["row"].tolist():
                if not any(_alike(self.held[row], self.held[other]) for other in read):
                    read.append(row)
            kept += read
            again |= set(read[1:])
        return sorted(kept), again


def _title(titles: pd.Series) -> str:
    return shorten(str(titles.mode()[0]).lower(), TITLE_LENGTH, placeholder="…")


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= FAMILY * len(one | other)


def _past(history: TopicHistory, ids: NDArray[np.str_], wording: _Wording) -> pd.DataFrame:
    years = history.members.groupby("topic_id")["year"]
    born, last = years.min(), years.max()
    gone = last[~last.index.isin(history.topic_ids)]
    at = {name: place for place, name in enumerate(ids.tolist())}
    rows = []
    for year in sorted(set(gone.tolist())):
        then = history.members[history.members["year"] == year]
        names = pd.Categorical(then["topic_id"])
        there = np.array([at[i] for i in then["doc_id"]], dtype=np.int64)
        words = wording.telling(there, names.codes.astype(np.int64))
        size = then["topic_id"].value_counts()
        for number, name in enumerate(names.categories):
            if gone.get(name) == year:
                rows.append((name, words[number], int(born[name]), year, int(size[name])))
    return pd.DataFrame(rows, columns=["topic_id", "words", "born", "last", "n_docs"])


def _plane(reduced: Floats, numbers: Ints) -> Floats:
    """Two discriminant axes; with two topics, one such axis and the first principal one."""
    wanted = min(2, len(set(numbers.tolist())) - 1)
    found = LinearDiscriminantAnalysis(n_components=wanted).fit_transform(reduced, numbers)
    if wanted == 2:
        return np.asarray(found)
    return np.column_stack([found[:, 0], reduced[:, 0]])
