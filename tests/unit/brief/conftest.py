"""A small hand-made study, and thinner ones made from it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from backtests import figure, metrics

from foresight.brief.backtest.record import TrackRecord
from foresight.brief.study import CorpusCard, Scoring, Standing, Study
from foresight.intervals import wilson
from foresight.navigation.path import path
from foresight.settings import COMPONENTS, Settings
from foresight.tables import TOPIC_YEARS, empty
from foresight.tracks import Registry, load_registry

SLUG = "advanced-batteries"
LAST = 2021
YEARS = range(2012, LAST + 1)
N_CORPUS = 5000
TOPICS = ("advanced-batteries-t01", "advanced-batteries-t02", "advanced-batteries-t03")


@pytest.fixture(scope="session")
def registry() -> Registry:
    return load_registry()


def _documents(subs: list[str]) -> pd.DataFrame:
    rows = []
    for i in range(120):
        year = 2012 + (i % 11)
        rows.append(
            {
                "doc_id": f"US{9000000 + i}",
                "kind": "patent",
                "title": f"Solid electrolyte battery cell with layer {i}",
                "published": f"{year}-0{1 + i % 6}-15",
                "year": year,
                "office": "US",
                "language": "en",
                "topic_id": TOPICS[i % 3] if i < 117 else None,
                "sub_directions": subs[i % 3],
                "routes": "class;keyword",
                "terms": "H01M10/056;solid electrolyte",
                "zhejiang": i % 40 == 0,
                "x": 0.1 * (i % 7) if i < 117 else None,
                "y": 0.1 * (i % 5) if i < 117 else None,
            }
        )
    return pd.DataFrame(rows).sort_values("doc_id").reset_index(drop=True)


def _members(documents: pd.DataFrame) -> pd.DataFrame:
    topics = documents.dropna(subset=["topic_id"])[["topic_id", "doc_id"]]
    topics = topics.rename(columns={"topic_id": "unit_id"})
    subs = documents[["sub_directions", "doc_id"]].rename(columns={"sub_directions": "unit_id"})
    both = pd.concat([topics, subs], ignore_index=True)
    return both.sort_values(["unit_id", "doc_id"]).reset_index(drop=True)


def _score_row(unit: str, kind: str, zh: str, en: str, n: int, *values: Any) -> dict[str, Any]:
    names = ["score", "score_lo", "score_hi", "rank", "rank_lo", "rank_hi", "p_growth", "stage"]
    row: dict[str, Any] = dict(zip(names, values or [None] * len(names), strict=True))
    row |= {"unit_id": unit, "unit_kind": kind, "label_zh": zh, "label_en": en, "n_docs": n}
    parts = (0.9, 0.75, None, 0.5) if values else (None,) * 4
    row["stage_reason"] = "unbounded" if values and row["stage"] is None else None
    return row | dict(zip(COMPONENTS, parts, strict=True))


def _scores(registry: Registry) -> pd.DataFrame:
    subs = registry.track(SLUG).sub_directions
    rows = [
        _score_row(subs[0].id, "sub_direction", subs[0].zh, subs[0].en, 36,
                   71.25, 60.5, 80.0, 1, 1, 2, 0.97, "growing"),
        _score_row(subs[1].id, "sub_direction", subs[1].zh, subs[1].en, 37,
                   55.0, 41.0, 66.0, 2, 1, 3, 0.62, None),
        _score_row(subs[2].id, "sub_direction", subs[2].zh, subs[2].en, 36,
                   22.5, 11.0, 35.0, 3, 3, 3, 0.002, "maturing"),
        *(_score_row(s.id, "sub_direction", s.zh, s.en, 0) for s in subs[3:]),
        _score_row(TOPICS[0], "topic", "硫化物固态电解质", "sulfide solid electrolyte", 36,
                   78.2, 65.1, 88.0, 1, 1, 2, 0.999, "growing"),
        _score_row(TOPICS[1], "topic", "锂金属负极", "lithium metal anode", 36,
                   60.4, 45.0, 72.3, 2, 1, 3, 0.85, None),
        _score_row(TOPICS[2], "topic", "fuel cell stack", "fuel cell stack", 35,
                   30.1, 18.4, 44.0, 3, 2, 3, 0.001, "saturated"),
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    order = ["unit_id", "unit_kind", "label_zh", "label_en", "score", "score_lo", "score_hi",
             "rank", "rank_lo", "rank_hi", "p_growth", "stage", "stage_reason", "n_docs",
             *COMPONENTS]  # fmt: skip
    return frame[order].astype({"rank": "Int64", "rank_lo": "Int64", "rank_hi": "Int64"})


def _indicators(scores: pd.DataFrame) -> pd.DataFrame:
    growth = {1: (0.116, 0.05, 0.18), 2: (0.03, -0.06, 0.12), 3: (-0.15, -0.22, -0.08)}
    rows = []
    for row in scores[scores["score"].notna()].itertuples(index=False):
        value, lo, hi = growth[int(row.rank)]
        rows.append((row.unit_id, "growth", value, lo, hi, 18))
        rows.append((row.unit_id, "top5", 1.0, np.nan, np.nan, row.n_docs))
        rows.append((row.unit_id, "novelty", 0.25, 0.1, 0.4, 18))
    columns = ["unit_id", "indicator", "value", "lo", "hi", "n"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values(["unit_id", "indicator"]).reset_index(drop=True)


def _topics(scores: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for i, unit in enumerate(TOPICS):
        row = scores[scores["unit_id"] == unit].iloc[0]
        ids = list(documents.loc[documents["topic_id"] == unit, "doc_id"])
        rows.append(
            {
                "topic_id": unit,
                "label_zh": row["label_zh"],
                "label_en": row["label_en"],
                "words_zh": "固态;电解质",
                "words_en": "solid electrolyte;sulfide",
                "label_zh_source": "untranslated" if i == 2 else "glossary",
                "n_docs": len(ids),
                "n_recent": 11,
                "representatives": ";".join(ids[:3]),
                "n_zhejiang": 0 if i == 0 else 1,
                "born": 2014 + i,
                "colour": i,
                "steadiness": 0.9 - 0.2 * i,
                "steadiness_lo": 0.7 - 0.2 * i,
                "steadiness_hi": 0.95 - 0.2 * i,
            }
        )
    return pd.DataFrame(rows)


def _lineage() -> pd.DataFrame:
    """The first topic is born, the second born of a split of a topic that is gone, and so on."""
    columns = [
        "year", "topic_id", "before", "fate", "n_shared", "share_of_before", "share_of_topic",
    ]  # fmt: skip
    rows = [
        (2014, TOPICS[0], None, "birth", 0, None, None),
        (2014, "gone", None, "birth", 0, None, None),
        (2015, TOPICS[0], TOPICS[0], "continuation", 9, 1.0, 1.0),
        (2015, TOPICS[1], "gone", "split", 4, 0.4, 1.0),
        (2015, TOPICS[0], "gone", "split", 3, 0.3, 0.25),
        (2016, TOPICS[2], None, "birth", 0, None, None),
    ]
    return pd.DataFrame(rows, columns=columns)


def _past_topics() -> pd.DataFrame:
    columns = ["topic_id", "label_zh", "label_en", "born", "last", "n_docs"]
    return pd.DataFrame([("gone", "旧题", "old topic", 2014, 2014, 10)], columns=columns)


def _topic_flows() -> pd.DataFrame:
    columns = ["year", "topic_id", "next_year", "next_topic_id", "n_docs"]
    rows = [
        (2014, "gone", 2019, TOPICS[1], 4),
        (2014, TOPICS[0], 2019, TOPICS[0], 9),
        (2014, None, 2019, TOPICS[1], 20),
    ]
    return pd.DataFrame(rows, columns=columns)


def _topic_similarity() -> pd.DataFrame:
    rows = [
        (TOPICS[0], TOPICS[1], 0.75),
        (TOPICS[0], TOPICS[2], -0.1),
        (TOPICS[1], TOPICS[2], 0.5),
    ]
    return pd.DataFrame(rows, columns=["topic_a", "topic_b", "similarity"])


def _unit_years(members: pd.DataFrame, documents: pd.DataFrame, units: list[str]) -> pd.DataFrame:
    joined = members.merge(documents[["doc_id", "year"]], on="doc_id")
    rows = []
    for unit in sorted(units):
        counts = joined.loc[joined["unit_id"] == unit, "year"].value_counts()
        rows += [
            (unit, y, int(counts.get(y, 0)), N_CORPUS, int(counts.get(y, 0)), 0) for y in YEARS
        ]
    return pd.DataFrame(rows, columns=TOPIC_YEARS.names)


def _places() -> pd.DataFrame:
    frame = pd.DataFrame(
        {"country": ["US", "CN", "TW"], "n_docs": [50, 30, 10], "n_recent": [12, 9, 1]}
    )
    frame["n_placed"] = 90
    frame["share"] = frame["n_docs"] / 90
    frame["lo"], frame["hi"] = wilson(frame["n_docs"], [90] * 3)
    frame["doc_ids"] = ["US9000000;US9000001", "US9000002", "US9000003"]
    return frame


def _zhejiang(documents: pd.DataFrame, subs: list[str]) -> pd.DataFrame:
    rows = [(SLUG, 90, 30, 3, ";".join(documents.loc[documents["zhejiang"], "doc_id"]))]
    rows += [(subs[0], 30, 10, 0, ""), (subs[1], 30, 10, 3, "US9000000"), (subs[2], 0, 0, 0, "")]
    frame = pd.DataFrame(rows, columns=["unit_id", "n_placed", "n_china", "n_zhejiang", "doc_ids"])
    frame["share"] = frame["n_zhejiang"] / frame["n_placed"].where(frame["n_placed"] > 0)
    frame["lo"], frame["hi"] = wilson(frame["n_zhejiang"], frame["n_placed"])
    return frame


def _organisations(subs: list[str]) -> pd.DataFrame:
    first = ";".join(f"US{9000000 + i}" for i in range(40))
    second = ";".join(f"US{9000000 + i}" for i in range(40, 52))
    rows = [
        ("Contoso Cells, Inc.", 40, 9, 2009, False, subs[0], first),
        ("Fabrikam Energy", 12, 8, 2019, True, subs[1], second),
    ]
    columns = ["org", "n_docs", "n_recent", "first_year", "new", "sub_direction", "doc_ids"]
    return pd.DataFrame(rows, columns=columns)


def _cities() -> pd.DataFrame:
    rows = [
        ("湖州", "Huzhou", "key", "前沿电池", "exact", 2, "US9000000;US9000040"),
        ("宁波", "Ningbo", "key", "新型储能", "interpreted", 0, ""),
        ("杭州", "Hangzhou", None, None, None, 1, "US9000080"),
    ]
    columns = ["city_zh", "city_en", "role", "phrase", "match", "n_docs", "doc_ids"]
    return pd.DataFrame(rows, columns=columns)


def _landmarks() -> pd.DataFrame:
    rows = [
        (6, "固态电池", "Solid-state batteries", "固态电池", "solid-state battery", 55, 15,
         "US9000001;US9000004"),
        (6, "固态电池", "Solid-state batteries", "电解质", "electrolyte", None, None, ""),
    ]  # fmt: skip
    columns = ["family_no", "family_zh", "family_en", "item_zh", "item_en", "n_docs", "n_recent",
               "doc_ids"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"n_docs": "Int64", "n_recent": "Int64"})


def _card() -> CorpusCard:
    years = pd.DataFrame({"year": list(YEARS), "n_docs": N_CORPUS})
    years["n_patents"], years["n_papers"] = N_CORPUS, 0
    fields = {"abstract": 1.0, "references": 0.0, "classes": 1.0, "parties": 1.0,
              "organisations": 0.9, "countries": 0.75, "families": 0.0, "events": 0.0}  # fmt: skip
    return CorpusCard(
        name="tiny",
        title={"zh": "测试语料", "en": "Test corpus"},
        licence={"zh": "自由使用", "en": "free to use"},
        notes={"zh": ["样本存在偏差。"], "en": ["The sample is biased."]},
        digest="c" * 64,
        n_docs=N_CORPUS * len(YEARS),
        fields=fields,
        years=years,
    )


@pytest.fixture
def study(registry: Registry) -> Study:
    """A full study: 120 patents, three topics, places, organisations."""
    track = registry.track(SLUG)
    subs = [sub.id for sub in track.sub_directions]
    documents = _documents(subs)
    members, scores = _members(documents), _scores(registry)
    topic_years = _unit_years(members, documents, list(TOPICS))
    sub_years = _unit_years(members, documents, subs[:3]).rename(columns={"topic_id": "unit_id"})
    counts = documents["year"].value_counts()
    n_docs = [int(counts.get(year, 0)) for year in YEARS]
    track_years = pd.DataFrame(
        {"year": list(YEARS), "n_docs": n_docs, "n_corpus": N_CORPUS, "n_patents": n_docs,
         "n_papers": 0}
    )  # fmt: skip
    earlier = pd.DataFrame(
        {"unit_id": subs[:3], "rank": [3, 2, None], "score": [40.0, 56.0, None]}
    ).astype({"rank": "Int64"})
    return Study(
        track=track,
        registry=registry,
        settings=Settings(),
        corpus=_card(),
        as_of="2022-06-30",
        first_year=2012,
        last_year=LAST,
        previous="2021-06-30",
        documents=documents,
        members=members,
        scores=scores,
        indicators=_indicators(scores),
        topics=_topics(scores, documents),
        lineage=_lineage(),
        past_topics=_past_topics(),
        topic_flows=_topic_flows(),
        topic_similarity=_topic_similarity(),
        agreement=0.61,
        topic_years=topic_years,
        track_years=track_years,
        sub_direction_years=sub_years[["unit_id", "year", "n_docs", "n_corpus"]],
        earlier=earlier,
        organisations=_organisations(subs),
        places=_places(),
        zhejiang=_zhejiang(documents, subs),
        cities=_cities(),
        landmarks=_landmarks(),
        caveats=[{"zh": "2022年不完整。", "en": "The year 2022 is incomplete."}],
        digest="d" * 64,
        scoring=Scoring("shipped", 150, horizon=3, base_rate=0.18, n_units=4000),
    )


def _none(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.iloc[:0].reset_index(drop=True)


@pytest.fixture
def without_topics(study: Study) -> Study:
    """Sub-directions only."""
    documents = study.documents.assign(topic_id=None, x=np.nan, y=np.nan)
    keep = study.scores["unit_kind"] == "sub_direction"
    return replace(
        study,
        documents=documents,
        scores=study.scores[keep].reset_index(drop=True),
        members=study.members[~study.members["unit_id"].isin(TOPICS)].reset_index(drop=True),
        topics=_none(study.topics),
        lineage=_none(study.lineage),
        past_topics=_none(study.past_topics),
        topic_flows=_none(study.topic_flows),
        topic_similarity=_none(study.topic_similarity),
        agreement=None,
        topic_years=empty(TOPIC_YEARS),
    )


@pytest.fixture
def without_places(study: Study) -> Study:
    """The corpus states no place."""
    return replace(
        study,
        documents=study.documents.assign(zhejiang=pd.NA),
        places=_none(study.places),
        zhejiang=_none(study.zhejiang),
        cities=study.cities.assign(n_docs=0, doc_ids=""),
    )


@pytest.fixture
def without_provinces(study: Study) -> Study:
    """The corpus states countries, and not where in China."""
    return replace(
        study,
        documents=study.documents.assign(zhejiang=pd.NA),
        zhejiang=_none(study.zhejiang),
        cities=study.cities.assign(n_docs=0, doc_ids=""),
    )


@pytest.fixture
def papers_only(study: Study) -> Study:
    """The corpus holds no patent."""
    years = study.corpus.years.assign(n_patents=0, n_papers=N_CORPUS)
    documents = study.documents.assign(kind="paper", office=None)
    return replace(study, documents=documents, corpus=replace(study.corpus, years=years))


@pytest.fixture
def bare(study: Study) -> Study:
    """No document, no topic, no score at all."""
    tables = (
        "documents", "members", "scores", "indicators", "topics", "lineage", "past_topics",
        "topic_flows", "topic_similarity", "topic_years", "sub_direction_years", "earlier",
        "organisations", "places", "zhejiang", "cities", "landmarks",
    )  # fmt: skip
    values: dict[str, Any] = {name: _none(getattr(study, name)) for name in tables}
    zeros = study.track_years.assign(n_docs=0, n_patents=0)
    return replace(study, **values, track_years=zeros, caveats=[])


@pytest.fixture
def unscored(study: Study, bare: Study) -> Study:
    """Seven documents: sub-directions have rows but no score (what a thin track looks like)."""
    documents = study.documents.head(7).assign(topic_id=None, x=np.nan, y=np.nan)
    blank = ["score", "score_lo", "score_hi", "rank", "rank_lo", "rank_hi", "p_growth", "stage",
             "stage_reason"]  # fmt: skip
    scores = study.scores[study.scores["unit_kind"] == "sub_direction"].copy()
    scores[blank] = None
    scores["n_docs"] = [3, 2, 2, *([0] * (len(scores) - 3))]
    members = study.members[
        study.members["doc_id"].isin(documents["doc_id"]) & ~study.members["unit_id"].isin(TOPICS)
    ]
    return replace(
        bare, documents=documents, scores=scores.reset_index(drop=True),
        members=members.reset_index(drop=True), track_years=study.track_years,
    )  # fmt: skip


@pytest.fixture
def tested(study: Study) -> Study:
    """With a backtest of the corpus and a control."""
    return replace(
        study,
        track_record=TrackRecord(
            metrics=metrics(
                spearman={"composite": figure(0.07), "vitality": figure(0.13)},
                gains={("composite", "vitality"): figure(-0.06)},
                brier_skill={"composite": figure(0.02, 0.01)},
            ),
            method="composite",
            controls=[metrics(spearman={"composite": figure(0.03)}, shuffled=1)],
            digest="1" * 64,
        ),
    )


def _standing(study: Study) -> Standing:
    """Stated numbers: one topic held elsewhere, one by nobody, a strength, two rules that hold."""
    first, second = study.track.sub_directions[:2]
    blank: dict[str, Any] = {
        "n_held": 12, "n_unknown": 1, "cr4": np.nan, "cr4_lo": np.nan, "cr4_hi": np.nan,
        "leaders": "contoso", "leaders_names": "Contoso Cells, Inc.", "leaders_local": "",
        "n_leaders_local": 0, "control_org": None, "control_org_names": None, "control": np.nan,
        "control_lo": np.nan, "control_hi": np.nan, "held": "undecided",
        "held_why": "few_documents", "n_placed": 30, "n_local": 0, "n_local_orgs": 0,
        "n_local_people": 0, "local_orgs": "", "local_orgs_names": "", "local_ids": "",
        "form": None, "form_why": "few_documents", "route": "branch", "route_id": first.id,
        "n_route": 20, "route_ids": None,
    }  # fmt: skip
    dense = {"cr4": 0.62, "cr4_lo": 0.5, "cr4_hi": 0.7, "n_held": 50, "held": "others",
             "held_why": None, "form": "bring_in", "form_why": None}  # fmt: skip
    loose = {"cr4": 0.2, "cr4_lo": 0.1, "cr4_hi": 0.3, "n_held": 60, "held": "nobody",
             "held_why": None, "n_local": 6, "n_local_orgs": 2, "n_local_people": 4,
             "form": "independent", "form_why": None, "route": "main_path",
             "route_id": "US9000004", "n_route": 3, "route_ids": "US9000001;US9000004",
             "control_org": "contoso", "control_org_names": "Contoso Cells, Inc.",
             "control": 0.3, "control_lo": 0.05, "control_hi": 0.5}  # fmt: skip
    rows = {
        TOPICS[0]: blank | dense,
        TOPICS[1]: blank | loose,
        SLUG: blank,
        first.id: blank | {"route": "topic", "route_id": TOPICS[0]},
        second.id: blank,
    }
    units = pd.DataFrame.from_dict(rows, orient="index").rename_axis("unit_id")
    direction = pd.DataFrame(
        {"unit_id": [SLUG, first.id, second.id], "course": ["hot", "rising", "undecided"],
         "why": ["", "", "wide"], "growth": [0.1, 0.2, 0.0], "lo": [0.05, 0.1, -0.1],
         "hi": [0.15, 0.3, 0.1], "n_docs": [60, 20, 20], "doc_ids": ["US9000001"] * 3}
    )  # fmt: skip
    strengths = pd.DataFrame(
        {"level": "province", "region": "Zhejiang", "against": ["country", "world"],
         "view": "structure", "indicator": "branch_share", "unit_id": first.id,
         "value": 0.5, "lo": 0.4, "hi": 0.6, "n": 40, "ref_value": 0.2, "ref_lo": 0.1,
         "ref_hi": 0.3, "ref_n": 90, "verdict": ["strength", "undecided"],
         "evidence": ["enough", None], "reason": [None, "intervals_meet"],
         "doc_ids": "US9000000", "ref_ids": "US9000001"}
    )  # fmt: skip
    organisations = pd.DataFrame(
        {"unit_id": SLUG, "org_id": ["contoso", "fabrikam"],
         "org": ["Contoso Cells, Inc.", "Fabrikam Energy"], "n_docs": [40, 12], "n_recent": [9, 8],
         "share": [0.33, 0.1], "share_lo": [0.25, 0.05], "share_hi": [0.42, 0.17],
         "recent_share": [0.2, 0.7], "recent_lo": [0.1, 0.4], "recent_hi": [0.4, 0.9],
         "size": ["large", "small"], "strong": [True, True], "rising": [False, True],
         "absent": [True, pd.NA], "local": [False, pd.NA],
         "doc_ids": ["US9000000;US9000001", "US9000040"]}
    )  # fmt: skip
    tables = {"gaps": strengths, "directions": direction, "organisations": organisations}
    return Standing(
        units=units, direction=direction, strengths=strengths,
        path=path(tables, region="浙江", track=SLUG), organisations=organisations,
    )  # fmt: skip


@pytest.fixture
def navigated(study: Study) -> Study:
    """With the navigation of the brief."""
    return replace(study, standing=_standing(study))


@pytest.fixture
def variants(
    study: Study,
    without_topics: Study,
    without_places: Study,
    without_provinces: Study,
    papers_only: Study,
    bare: Study,
    unscored: Study,
    tested: Study,
    navigated: Study,
) -> dict[str, Study]:
    """All studies by name."""
    return {
        "full": study,
        "without_topics": without_topics,
        "without_places": without_places,
        "without_provinces": without_provinces,
        "papers_only": papers_only,
        "bare": bare,
        "unscored": unscored,
        "tested": tested,
        "navigated": navigated,
    }
