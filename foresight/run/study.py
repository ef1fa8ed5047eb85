"""Fill a `Study`: everything one brief is made from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foresight.brief.study import CorpusCard, Scoring, Study
from foresight.corpus.store import Corpus
from foresight.emergence.features import features
from foresight.emergence.prior import Prior, Weights
from foresight.emergence.score import score_units
from foresight.emergence.thin import drawn_to_track
from foresight.indicators.life_cycle import life_cycle
from foresight.run import tables as make
from foresight.run.labelling import retrieval_of
from foresight.run.prior import shipped_prior
from foresight.run.stage import Stage, counted, sub_direction_members, track_members
from foresight.run.topics import TrackTopics, track_topics
from foresight.run.track_record import read_track_record
from foresight.settings import COMPONENTS, Settings
from foresight.tables import sort
from foresight.tracks import Registry, Track

SCORE_COLUMNS = [
    "unit_id", "unit_kind", "label_zh", "label_en", "score", "score_lo", "score_hi",
    "rank", "rank_lo", "rank_hi", "p_growth", "stage", "stage_reason", "n_docs",
    *COMPONENTS,
]  # fmt: skip


def corpus_card(corpus: Corpus, totals: pd.DataFrame) -> CorpusCard:
    """What a reader must know of the corpus; `totals` are its yearly counts as of the date."""
    return _card(corpus, totals, digest=corpus.digest, fields=corpus.manifest["fields"])


def complete_card(corpus: Corpus, stage: Stage) -> CorpusCard:
    """What a reader of a brief must know of the corpus: its complete years, that shares are of.

    Later documents of other tracks change nothing in it, and so no brief of a track that they do
    not belong to.
    """
    digest = corpus.digest_as_of(f"{stage.last_year}-12-31")
    return _card(corpus, stage.totals, digest=digest, fields=stage.fields)


def _card(
    corpus: Corpus, totals: pd.DataFrame, *, digest: str, fields: dict[str, float]
) -> CorpusCard:
    manifest = corpus.manifest
    return CorpusCard(
        name=corpus.name,
        title=manifest["title"],
        licence=manifest["licence"],
        notes=manifest["notes"],
        digest=digest,
        n_docs=int(totals["n_docs"].sum()),
        fields=fields,
        years=totals,
    )


def scoring_of(stage: Stage, settings: Settings, prior: Prior) -> Scoring:
    """How units are scored at the stage's date."""
    weights = prior.at(stage.last_year)
    if weights is None:
        method = "weighted" if settings.weights else "composite"
        return Scoring(method, stage.against.size)
    return Scoring(
        "weighted" if settings.weights else "shipped",
        stage.against.size,
        horizon=prior.horizon,
        base_rate=weights.base_rate,
        n_units=weights.n_units,
    )


def build_study(
    track: Track,
    *,
    corpus: Corpus,
    registry: Registry,
    stage: Stage,
    settings: Settings,
    digest: str,
) -> Study:
    """Compute one track's results at the stage's date.

    Parameters
    ----------
    track : Track
    corpus, registry, stage, settings
        What the stage was made from.
    digest : str
        `foresight.run.keys.study_digest`; printed on the brief.

    Returns
    -------
    Study
        With empty tables where the track has no documents or the corpus lacks a field.
    """
    matches = stage.matches[stage.matches["track"] == track.slug]
    docs = stage.documents.loc[sorted(matches["doc_id"].unique())]
    topics = track_topics(docs, stage, track=track, settings=settings)
    subs = sub_direction_members(matches)
    members = sort(pd.concat([topics.members, subs], ignore_index=True), ["unit_id", "doc_id"])
    first_year = int(docs["year"].min()) if len(docs) else stage.last_year
    series = _series(members, docs, stage.totals, first_year=first_year, last_year=stage.last_year)
    prior = shipped_prior()
    weights = prior.at(stage.last_year)
    scores, indicators = _scores(
        members, series, stage, topics=topics, track=track, settings=settings, weights=weights
    )
    documents = make.document_table(docs, matches, stage.places, topics=topics.map, subs=subs)
    named = make.organisation_table(docs, stage, subs=subs)
    how = scoring_of(stage, settings, prior)
    before = stage.scores_before[stage.scores_before["track"] == track.slug]
    return Study(
        track=track,
        registry=registry,
        settings=settings,
        corpus=complete_card(corpus, stage),
        as_of=stage.as_of,
        first_year=first_year,
        last_year=stage.last_year,
        previous=stage.previous,
        documents=documents,
        members=members,
        scores=scores,
        indicators=indicators,
        topics=topics.table,
        lineage=topics.lineage,
        past_topics=topics.past,
        topic_flows=topics.flows,
        topic_similarity=topics.similarity,
        agreement=topics.agreement,
        topic_years=series[series["topic_id"].isin(topics.table["topic_id"])].reset_index(
            drop=True
        ),
        track_years=make.track_years(
            docs, stage.totals, first_year=first_year, last_year=stage.last_year
        ),
        sub_direction_years=_sub_direction_years(series, subs),
        earlier=before[["unit_id", "rank", "score"]].reset_index(drop=True),
        organisations=named,
        places=make.place_table(docs, stage),
        zhejiang=make.zhejiang_table(track, members=subs, documents=documents, stage=stage),
        cities=make.city_table(track, registry, documents=documents, stage=stage),
        landmarks=make.landmark_table(track, registry, docs, last_year=stage.last_year),
        caveats=make.caveats(docs, stage),
        digest=digest,
        retrieval=retrieval_of(corpus, registry, track=track.slug),
        track_record=read_track_record(
            corpus, date=stage.as_of, settings=settings, method=how.method
        ),
        scoring=how,
    )


def _series(
    members: pd.DataFrame,
    docs: pd.DataFrame,
    totals: pd.DataFrame,
    *,
    first_year: int,
    last_year: int,
) -> pd.DataFrame:
    """Table TOPIC_YEARS for every unit, zeros included, from `first_year` to `last_year`."""
    years = pd.Index(range(first_year, last_year + 1), name="year")
    joined = members.merge(docs[["year", "kind"]], left_on="doc_id", right_index=True)
    units = pd.Index(sorted(members["unit_id"].unique()), name="topic_id")
    grid = pd.MultiIndex.from_product([units, years])
    keys = [joined["unit_id"].rename("topic_id"), joined["year"]]
    frame = pd.DataFrame(index=grid)
    frame["n_docs"] = joined.groupby(keys).size().reindex(grid, fill_value=0)
    corpus = totals.set_index("year")["n_docs"]
    frame["n_corpus"] = corpus.reindex(grid.get_level_values("year"), fill_value=0).to_numpy()
    for kind, column in (("patent", "n_patents"), ("paper", "n_papers")):
        rows = joined[joined["kind"] == kind]
        counts = rows.groupby([rows["unit_id"].rename("topic_id"), rows["year"]]).size()
        frame[column] = counts.reindex(grid, fill_value=0)
    return frame.reset_index()


def _sub_direction_years(series: pd.DataFrame, subs: pd.DataFrame) -> pd.DataFrame:
    rows = series[series["topic_id"].isin(subs["unit_id"])]
    columns = ["unit_id", "year", "n_docs", "n_corpus"]
    return rows.rename(columns={"topic_id": "unit_id"})[columns].reset_index(drop=True)


def _scores(
    members: pd.DataFrame,
    series: pd.DataFrame,
    stage: Stage,
    *,
    topics: TrackTopics,
    track: Track,
    settings: Settings,
    weights: Weights | None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    facts = stage.facts()
    parts, indicators = [], []
    whole = features(
        track_members(stage.matches[stage.matches["track"] == track.slug]),
        facts,
        settings=settings,
        tau2=stage.against.tau2,
    )
    is_topic = members["unit_id"].isin(topics.table["topic_id"])
    for kind, rows in (("sub_direction", members[~is_topic]), ("topic", members[is_topic])):
        found = features(rows, facts, settings=settings, tau2=stage.against.tau2)
        size = counted(rows, stage.documents, last_year=stage.last_year)
        scored = drawn_to_track(found, whole, stage.against)
        table = score_units(scored, stage.against, sizes=size, settings=settings, weights=weights)
        table["unit_kind"] = kind
        top5 = table[["unit_id", "top5", "n_docs"]].dropna()
        parts.append(table)
        composite = table[["unit_id", "composite", "n_docs"]].dropna()
        indicators += [
            found.table,
            make.long_indicator(top5, "top5"),
            make.long_indicator(composite, "composite"),
        ]
    scores = _with_empty_units(pd.concat(parts, ignore_index=True), track)
    scores = scores.join(_stages(series, scores), on="unit_id")
    names = make.unit_labels(track, topics.table)
    scores["label_zh"] = scores["unit_id"].map(names["label_zh"])
    scores["label_en"] = scores["unit_id"].map(names["label_en"])
    table = pd.concat(indicators, ignore_index=True)
    return (
        sort(scores[SCORE_COLUMNS], ["unit_kind", "rank", "unit_id"]).pipe(_scoreless_last),
        sort(table, ["unit_id", "indicator"]),
    )


def _scoreless_last(scores: pd.DataFrame) -> pd.DataFrame:
    order = scores.assign(_none=scores["rank"].isna()).sort_values(
        ["unit_kind", "_none", "rank", "unit_id"], kind="stable"
    )
    return order.drop(columns="_none").reset_index(drop=True)


def _with_empty_units(scores: pd.DataFrame, track: Track) -> pd.DataFrame:
    """Sub-directions of the plan without a document stand in the table too, with n_docs 0."""
    absent = [sub.id for sub in track.sub_directions if sub.id not in set(scores["unit_id"])]
    rows = pd.DataFrame({"unit_id": absent, "unit_kind": "sub_direction", "n_docs": 0})
    if rows.empty:
        return scores
    filled = rows.reindex(columns=scores.columns)
    return pd.concat([scores, filled.astype(scores.dtypes.to_dict())], ignore_index=True)


def _stages(series: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Life-cycle stage of each scored unit, or the reason why it has none."""
    scored = set(scores.loc[scores["score"].notna(), "unit_id"])
    found = {}
    for unit, rows in series.groupby("topic_id"):
        if unit in scored:
            counts = rows["n_docs"].to_numpy(dtype=np.float64)
            fit = life_cycle(counts, rows["n_corpus"].to_numpy(dtype=np.float64))
            found[str(unit)] = (fit.stage, fit.reason)
    units = pd.Index(list(found), dtype="str")
    columns = ["stage", "stage_reason"]
    return pd.DataFrame(list(found.values()), index=units, columns=columns).astype("str")
