"""Topics from year to year: what continues, is born, splits, merges and dies, under one id.

Topics are fitted at the end of every year from the first with enough documents, each time on what
was public by then, so the past of a topic does not depend on when one looks back. A fit starts
from last year's topics; it is begun anew only where the documents ask for it (see
`fit_history`). A topic keeps the id that it was born with for as long as its lineage lasts.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.topics.lineage import Link, link_topics
from foresight.topics.model import MIN_DOCS, TopicModel, admissible_numbers
from foresight.topics.number import agreement_curve, best_number, good_numbers

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GROWTH = 1.5  # the number of topics is considered again when the documents have grown so much
RECHECK = 1.1  # and a fresh fit is tried when they have grown so much
TOLERANCE = 1.02  # continued topics are kept while a fresh fit saves less than 2 % of inertia
LINEAGE = (
    "year", "topic_id", "before", "fate", "n_shared", "share_of_before", "share_of_topic",
)  # fmt: skip


@dataclass(frozen=True)
class TopicHistory:
    """Topics of a set of documents at the end of each year.

    Attributes
    ----------
    members : DataFrame, sorted by year, topic_id and doc_id
        year, topic_id, doc_id: topics at the end of each year; documents later than the last of
        them are assigned to its topics under that year.
    lineage : DataFrame, sorted by year, topic_id and before
        year, topic_id, before (the topic of the year before; null for a birth), fate (of
        `foresight.topics.lineage.FATES`),
        n_shared (documents in both), share_of_before, share_of_topic (of documents known a year
        earlier; null for a birth). A death has its own id as `before` and as `topic_id`.
    model : TopicModel
        Of the last year; its label n is `topic_ids[n]`.
    topic_ids : list of str
    colours : dict of str to int
        Number of each topic's colour (0 …): a topic keeps it while it lasts, one that is born
        takes the lowest that is free.
    numbers : DataFrame, one row per year
        year, n_docs, n_topics, begun_anew (bool).
    curve : DataFrame or None
        The agreement curve that the number of topics rests on, the last that was made.
    """

    members: pd.DataFrame
    lineage: pd.DataFrame
    model: TopicModel
    topic_ids: list[str]
    colours: dict[str, int]
    numbers: pd.DataFrame
    curve: pd.DataFrame | None


@dataclass
class _Chain:
    """What is carried from one year to the next."""

    prefix: str
    ids: list[str] = field(default_factory=list)  # of topic n
    labels: dict[str, int] = field(default_factory=dict)  # doc_id -> topic n
    colours: dict[str, int] = field(default_factory=dict)  # topic id -> number of its colour
    n_considered: int = 0  # documents when the number of topics was last considered
    n_compared: int = 0  # documents when a fresh fit was last tried
    curve: pd.DataFrame | None = None


def fit_history(
    documents: pd.DataFrame,
    vectors: NDArray[np.float32],
    *,
    prefix: str,
    last_year: int,
    random_state: int,
    n_topics: int | None = None,
) -> TopicHistory:
    """Fit topics at the end of every year up to the last complete one, and link them.

    The first year with `MIN_DOCS` documents gets a fresh fit. Each later one starts k-means from
    last year's topics, and is begun anew only if the number of topics no longer serves (looked at
    whenever the documents have grown by half: it rises where they bear more, and falls only if its
    agreement no longer lies within one standard error of the best), or if a fresh fit of the same
    number, tried whenever they have grown by a tenth, leaves 2 % less inertia. So topics change
    when the documents ask for it, not with the run.

    Parameters
    ----------
    documents : DataFrame
        doc_id (unique), year (int, when it became public).
    vectors : array of shape (n_docs, n_dimensions)
        In the order of `documents`.
    prefix : str
        Start of the topic ids: `<prefix>-<year of birth>-<number>`.
    last_year : int
        Last complete year. Later documents change no topic; they are assigned.
    random_state : int
    n_topics : int, optional
        Fixes the number in every year.

    Returns
    -------
    TopicHistory

    Raises
    ------
    InsufficientDataError
        With fewer than `MIN_DOCS` documents up to `last_year`.

    Notes
    -----
    Records that are added later to past years change the past and may change ids.

    References
    ----------
    Continuation, split, merge and death by shared documents: Spiliopoulou et al. (2006), MONIC,
    doi:10.1145/1150402.1150491. Keeping to the past where it costs little: Chakrabarti, Kumar &
    Tomkins (2006), doi:10.1145/1150402.1150467. The rules on when to begin anew are ours.
    """
    order = np.argsort(documents["doc_id"].to_numpy(dtype=str), kind="stable")
    ids = documents["doc_id"].to_numpy(dtype=str)[order]
    years = documents["year"].to_numpy(dtype=np.int64)[order]
    vectors = vectors[order]
    known = np.sort(years[years <= last_year])
    first = int(known[MIN_DOCS - 1]) if len(known) >= MIN_DOCS else last_year
    chain = _Chain(prefix)
    members, lineage, numbers = [], [], []
    for year in range(first, last_year + 1):
        now = years <= year
        model, anew = _fit_year(chain, vectors[now], ids[now], n_topics, random_state)
        links = _link(chain, ids[now], model.labels_, year=year)
        lineage.append(links.assign(year=year))
        topics = np.array(chain.ids, dtype=object)
        members.append(
            pd.DataFrame({"year": year, "topic_id": topics[model.labels_], "doc_id": ids[now]})
        )
        numbers.append((year, int(now.sum()), len(topics), anew))
    later = years > last_year
    if later.any():
        assigned = topics[model.predict(vectors[later])]
        members.append(
            pd.DataFrame({"year": last_year, "topic_id": assigned, "doc_id": ids[later]})
        )
    links = pd.concat(lineage, ignore_index=True)[list(LINEAGE)]
    return TopicHistory(
        members=_sorted(pd.concat(members), ["year", "topic_id", "doc_id"]),
        lineage=_sorted(links, ["year", "topic_id", "before"]),
        model=model,
        topic_ids=list(chain.ids),
        colours=dict(chain.colours),
        numbers=pd.DataFrame(numbers, columns=["year", "n_docs", "n_topics", "begun_anew"]),
        curve=chain.curve,
    )


def _sorted(frame: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    return frame.sort_values(by, kind="stable").reset_index(drop=True)


def _fit_year(
    chain: _Chain,
    vectors: NDArray[np.float32],
    ids: NDArray[np.str_],
    n_topics: int | None,
    random_state: int,
) -> tuple[TopicModel, bool]:
    """The year's topics, and whether they were begun anew."""
    names = ids.tolist()
    if not chain.ids:
        model = TopicModel(n_topics=n_topics, random_state=random_state).fit(vectors, ids=names)
        chain.curve, chain.n_considered, chain.n_compared = model.curve_, len(ids), len(ids)
        return model, True
    start = np.array([chain.labels.get(name, -1) for name in names])
    kept = TopicModel(random_state=random_state).fit(vectors, start, ids=names)
    number = len(chain.ids)
    if n_topics is None and len(ids) >= GROWTH * chain.n_considered:
        number = _reconsidered(chain, kept.reduced_, number, random_state)
    if number == len(chain.ids) and len(ids) < RECHECK * chain.n_compared:
        return kept, False
    chain.n_compared = len(ids)
    fresh = kept.refit(number)
    if number != len(chain.ids) or fresh.inertia_ * TOLERANCE < kept.inertia_:
        return fresh, True
    return kept, False


def _reconsidered(chain: _Chain, points: Floats, number: int, random_state: int) -> int:
    """The number of topics on more documents: higher where they bear it, else kept if it serves."""
    tried = admissible_numbers(len(points))
    if tried[0] <= number <= tried[-1]:
        tried = sorted({number, *tried})
    chain.curve = agreement_curve(points, tried, seed=random_state)
    chain.n_considered = len(points)
    best = best_number(chain.curve)
    return number if best < number and number in good_numbers(chain.curve) else best


def _link(chain: _Chain, ids: NDArray[np.str_], labels: Ints, *, year: int) -> pd.DataFrame:
    """Name the year's topics after last year's and record what became of each."""
    n_now, n_before = int(labels.max()) + 1, len(chain.ids)
    before = np.array([chain.labels.get(name, -1) for name in ids.tolist()])
    shared = np.zeros((n_before, n_now), dtype=np.int64)
    np.add.at(shared, (before[before >= 0], labels[before >= 0]), 1)
    links = link_topics(shared)
    names = {
        link.after: chain.ids[link.before]
        for link in links
        if link.heir and link.before is not None and link.after is not None
    }
    births = [number for number in range(n_now) if number not in names]
    names |= {n: f"{chain.prefix}-{year}-{i:02d}" for i, n in enumerate(births, 1)}
    old, chain.ids = chain.ids, [names[number] for number in range(n_now)]
    chain.labels = dict(zip(ids.tolist(), labels.tolist(), strict=True))
    chain.colours = _colours(chain.ids, chain.colours)
    rows = [_row(link, shared, old=old, new=chain.ids) for link in links]
    return pd.DataFrame(rows, columns=LINEAGE[1:])


def _row(
    link: Link, shared: NDArray[np.int64], *, old: list[str], new: list[str]
) -> tuple[str, str | None, str, int, float, float]:
    if link.before is None or link.after is None:
        name = old[link.before] if link.before is not None else new[link.after or 0]
        return name, name if link.before is not None else None, link.fate, 0, np.nan, np.nan
    count = int(shared[link.before, link.after])
    of_before = count / int(shared[link.before].sum())
    of_topic = count / int(shared[:, link.after].sum())
    return new[link.after], old[link.before], link.fate, count, of_before, of_topic


def _colours(ids: list[str], before: dict[str, int]) -> dict[str, int]:
    kept = {name: before[name] for name in ids if name in before}
    free = iter(sorted(set(range(len(ids) + len(kept))) - set(kept.values())))
    return {name: kept[name] if name in kept else next(free) for name in ids}
