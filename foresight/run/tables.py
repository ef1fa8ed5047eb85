"""The tables of a study that describe documents, actors, places and landmark products."""

from __future__ import annotations

import pandas as pd

from foresight.corpus.normalise import HOME
from foresight.corpus.select import contains_any
from foresight.emergence.snapshot import MIN_CORPUS
from foresight.intervals import wilson
from foresight.provenance import join_ids
from foresight.run.stage import Stage
from foresight.tables import among
from foresight.topics.model import MIN_DOCS
from foresight.tracks import Registry, Track

MIN_STATED = 0.5  # share of addresses in China that must name a region or city
RECENT = 3  # complete years that count as recent
SMALL_REFERENCE = 30  # units: below, a percentile moves by more than three points at a time


def document_table(
    docs: pd.DataFrame,
    matches: pd.DataFrame,
    places: pd.DataFrame,
    *,
    topics: pd.DataFrame,
    subs: pd.DataFrame,
) -> pd.DataFrame:
    """`Study.documents`: one row per document of the track, with why it is there."""
    columns = ["kind", "title", "published", "year", "office", "language"]
    frame = docs[columns].reset_index()
    by_doc = matches.groupby("doc_id")
    frame = frame.merge(topics, on="doc_id", how="left", validate="one_to_one")
    joined = subs.groupby("doc_id")["unit_id"].agg(lambda ids: ";".join(sorted(ids)))
    frame["sub_directions"] = frame["doc_id"].map(joined)
    for name, column in (("routes", "route"), ("terms", "term")):
        texts = by_doc[column].agg(lambda values: ";".join(sorted(set(values))))
        frame[name] = frame["doc_id"].map(texts)
    known, local = zhejiang_documents(places)
    flag = pd.Series(among(frame["doc_id"], local), index=frame.index, dtype="boolean")
    frame["zhejiang"] = flag.where(among(frame["doc_id"], known))
    order = [
        "doc_id", "kind", "title", "published", "year", "office", "language", "topic_id",
        "sub_directions", "routes", "terms", "zhejiang", "x", "y",
    ]  # fmt: skip
    return frame[order].sort_values("doc_id").reset_index(drop=True)


def track_years(
    docs: pd.DataFrame, totals: pd.DataFrame, *, first_year: int, last_year: int
) -> pd.DataFrame:
    """`Study.track_years`: the track's documents per complete year beside the corpus's."""
    frame = pd.DataFrame({"year": range(first_year, last_year + 1)})
    corpus = totals.set_index("year")["n_docs"]
    frame["n_docs"] = frame["year"].map(docs["year"].value_counts()).fillna(0).astype(int)
    frame["n_corpus"] = frame["year"].map(corpus).fillna(0).astype(int)
    for kind, column in (("patent", "n_patents"), ("paper", "n_papers")):
        counts = docs.loc[docs["kind"] == kind, "year"].value_counts()
        frame[column] = frame["year"].map(counts).fillna(0).astype(int)
    return frame


def long_indicator(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """A column of unit values as rows of `Study.indicators`, without an interval of its own."""
    rows = pd.DataFrame({"unit_id": frame["unit_id"], "indicator": name})
    rows["value"] = frame[name].astype(float)
    rows["lo"] = rows["hi"] = float("nan")
    rows["n"] = frame["n_docs"].astype(int)
    return rows


def unit_labels(track: Track, topics: pd.DataFrame) -> pd.DataFrame:
    """Labels of all units, indexed by unit_id: label_zh, label_en."""
    subs = pd.DataFrame(
        [(sub.id, sub.zh, sub.en) for sub in track.sub_directions],
        columns=["unit_id", "label_zh", "label_en"],
    )
    named = topics.rename(columns={"topic_id": "unit_id"})[["unit_id", "label_zh", "label_en"]]
    return pd.concat([subs, named], ignore_index=True).set_index("unit_id")


def organisation_table(docs: pd.DataFrame, stage: Stage, *, subs: pd.DataFrame) -> pd.DataFrame:
    """`Study.organisations`: who stands behind the track's documents."""
    columns = ["org", "n_docs", "n_recent", "first_year", "new", "sub_direction", "doc_ids"]
    rows = stage.organisations[among(stage.organisations["doc_id"], docs.index)]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    rows = rows.assign(year=rows["doc_id"].map(docs["year"]))
    recent = rows["year"].between(stage.last_year - RECENT + 1, stage.last_year)
    grouped = rows.groupby("org_id")
    frame = pd.DataFrame(
        {
            "org": grouped["org"].first(),
            "n_docs": grouped.size(),
            "n_recent": recent.groupby(rows["org_id"]).sum(),
            "first_year": grouped["first_year"].first(),
            "doc_ids": grouped["doc_id"].agg(join_ids),
        }
    )
    frame["new"] = frame["first_year"] > stage.last_year - 5
    frame["sub_direction"] = _commonest(rows, subs)
    frame = frame.reset_index().sort_values(
        ["n_docs", "n_recent", "org_id"], ascending=[False, False, True]
    )
    return frame[columns].reset_index(drop=True)


def _commonest(rows: pd.DataFrame, subs: pd.DataFrame) -> pd.Series:
    joined = rows.merge(subs, on="doc_id").groupby(["org_id", "unit_id"]).size().rename("n")
    ordered = joined.reset_index().sort_values(
        ["org_id", "n", "unit_id"], ascending=[True, False, True]
    )
    return ordered.drop_duplicates("org_id").set_index("org_id")["unit_id"]


def zhejiang_documents(places: pd.DataFrame) -> tuple[set[str], set[str]]:
    """Documents of which it is known whether they involve Zhejiang, and those that do.

    Parameters
    ----------
    places : DataFrame
        `Stage.places` of the whole corpus.

    Returns
    -------
    (set, set) of doc_id
        Both empty where fewer than half of the addresses in China name a region or city: what
        is left would tell of the foreign documents alone.
    """
    home = places[places["country"] == HOME]
    if len(home) and home["stated"].mean() < MIN_STATED:
        return set(), set()
    local = set(places.loc[places["zhejiang"], "doc_id"])
    silent = set(places.loc[~places["stated"], "doc_id"])
    return (set(places["doc_id"]) - silent) | local, local


def place_table(docs: pd.DataFrame, stage: Stage) -> pd.DataFrame:
    """`Study.places`: documents per country, a document counting once in each of its countries."""
    columns = ["country", "n_docs", "n_recent", "n_placed", "share", "lo", "hi", "doc_ids"]
    rows = stage.places[among(stage.places["doc_id"], docs.index)][["doc_id", "country"]]
    rows = rows.drop_duplicates()
    if rows.empty:
        return pd.DataFrame(columns=columns)
    years = rows["doc_id"].map(docs["year"])
    recent = years.between(stage.last_year - RECENT + 1, stage.last_year)
    frame = pd.DataFrame(
        {
            "n_docs": rows.groupby("country").size(),
            "n_recent": recent.groupby(rows["country"]).sum(),
            "doc_ids": rows.groupby("country")["doc_id"].agg(join_ids),
        }
    ).reset_index()
    placed = rows["doc_id"].nunique()
    frame["n_placed"] = placed
    frame["share"] = frame["n_docs"] / placed
    frame["lo"], frame["hi"] = wilson(frame["n_docs"], [placed] * len(frame))
    frame = frame.sort_values(["n_docs", "country"], ascending=[False, True])
    return frame[columns].reset_index(drop=True)


def zhejiang_table(
    track: Track, *, members: pd.DataFrame, documents: pd.DataFrame, stage: Stage
) -> pd.DataFrame:
    """`Study.zhejiang`: the province's share among documents of which it is known."""
    columns = ["unit_id", "n_placed", "n_china", "n_zhejiang", "share", "lo", "hi", "doc_ids"]
    placed, local = zhejiang_documents(stage.places)
    if not placed:
        return pd.DataFrame(columns=columns)
    china = set(stage.places.loc[stage.places["country"] == HOME, "doc_id"])
    units = {track.slug: set(documents["doc_id"])}
    units |= {sub.id: set() for sub in track.sub_directions}
    units |= {str(unit): set(rows["doc_id"]) for unit, rows in members.groupby("unit_id")}
    china &= placed
    rows = [
        (unit, len(ids & placed), len(ids & china), len(ids & local), join_ids(ids & local))
        for unit, ids in units.items()
    ]
    frame = pd.DataFrame(rows, columns=["unit_id", "n_placed", "n_china", "n_zhejiang", "doc_ids"])
    frame["share"] = frame["n_zhejiang"] / frame["n_placed"].where(frame["n_placed"] > 0)
    frame["lo"], frame["hi"] = wilson(frame["n_zhejiang"], frame["n_placed"])
    return frame[columns]


def city_table(
    track: Track, registry: Registry, *, documents: pd.DataFrame, stage: Stage
) -> pd.DataFrame:
    """`Study.cities`: what the policy gives each city in this track, and what the corpus shows."""
    rows = stage.places[among(stage.places["doc_id"], documents["doc_id"])]
    ids = rows.dropna(subset=["prefecture"]).groupby("prefecture")["doc_id"].agg(set).to_dict()
    fields = registry.city_fields()
    fields = fields[fields["track"] == track.slug]
    fields = fields.drop_duplicates(["city_zh", "level", "phrase", "match"])
    named = {city.zh: city for city in registry.cities}
    table: list[tuple[object, ...]] = []
    for city in named.values():
        phrases = fields[fields["city_zh"] == city.zh]
        found = ids.get(city.zh, set())
        if phrases.empty and not found:
            continue
        roles = [tuple(row) for row in phrases[["level", "phrase", "match"]].to_numpy()]
        table += [
            (city.zh, city.en, *role, len(found), join_ids(found))
            for role in roles or [(None, None, None)]
        ]
    columns = ["city_zh", "city_en", "role", "phrase", "match", "n_docs", "doc_ids"]
    return pd.DataFrame(table, columns=columns)


def landmark_table(
    track: Track, registry: Registry, docs: pd.DataFrame, *, last_year: int
) -> pd.DataFrame:
    """`Study.landmarks`: documents of the track that name an item of its landmark families."""
    text = docs["title"] + " | " + docs["abstract"].fillna("")
    rows: list[tuple[object, ...]] = []
    for family in registry.landmarks:
        if track.slug not in family.tracks:
            continue
        for item in family.items:
            terms = bool(item.keywords.en or item.keywords.zh)
            hits = contains_any(text, en=item.keywords.en, zh=item.keywords.zh)
            ids = list(docs.index[hits])
            years = docs.loc[ids, "year"]
            recent = int(years.between(last_year - RECENT + 1, last_year).sum())
            found = (len(ids), recent) if terms else (None, None)
            rows.append(
                (family.number, family.zh, family.en, item.zh, item.en, *found, join_ids(ids))
            )
    names = ["family_no", "family_zh", "family_en", "item_zh", "item_en"]
    columns = [*names, "n_docs", "n_recent", "doc_ids"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"n_docs": "Int64", "n_recent": "Int64"})


def caveats(docs: pd.DataFrame, stage: Stage) -> list[dict[str, str]]:
    """What was left out or could not be done, one sentence each, in both languages."""
    late = int((docs["year"] > stage.last_year).sum())
    silent = int(docs["abstract"].isna().sum())
    year, date, few = stage.last_year + 1, stage.as_of, len(docs)
    possible = (
        (
            late > 0,
            f"{year}年截至{date}尚不完整，该年{late}件文献计入总数，不参与趋势、得分与生命周期计算。",
            (
                f"The year {year} is incomplete at {date}: its {late} documents count in totals, "
                "not in trends, scores or life cycles."
            ),
        ),
        (
            few < MIN_DOCS,
            f"本赛道仅有{few}件文献，少于聚类所需的{MIN_DOCS}件，故不划分主题，只按细分方向分析。",
            (
                f"The track has {few} documents, fewer than the {MIN_DOCS} needed for topics; only "
                "sub-directions are analysed."
            ),
        ),
        (
            silent > 0,
            f"{silent}件文献没有摘要，仅依据标题检索与聚类。",
            f"{silent} documents have no abstract and are matched and clustered by title only.",
        ),
        (
            0 < stage.against.size < SMALL_REFERENCE,
            (
                f"全语料仅能划分{stage.against.size}个对照主题（不足{SMALL_REFERENCE}个），"
                "百分位参照系较粗，得分仅供参考。"
            ),
            (
                f"The whole corpus makes only {stage.against.size} topics to compare with, fewer "
                f"than {SMALL_REFERENCE}: percentiles are coarse, and scores are indicative only."
            ),
        ),
        (
            stage.against.size == 0,
            f"全语料不足{MIN_CORPUS}件文献，没有可供对照的主题，故不评分、不排名。",
            (
                f"The whole corpus has fewer than {MIN_CORPUS} documents: there are no topics to "
                "compare with, and nothing is scored or ranked."
            ),
        ),
    )
    return [{"zh": zh, "en": en} for applies, zh, en in possible if applies]
