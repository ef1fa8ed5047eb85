"""A folder of results for the portal, made by hand: 22 tracks in full, one thin, one failed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from foresight.brief.portal import (
    Sector,
    read_sector,
    render_portal,
    render_track,
    track_table,
    unit_table,
)
from foresight.brief.study import CorpusCard
from foresight.provenance import write_csv, write_json, write_text
from foresight.tracks import Registry, Track, load_registry

AS_OF = "2022-06-28"
LAST, FIRST = 2021, 2010
FAILED, THIN, FULL = "metaverse", "quantum", "advanced-batteries"
REASON = "ValueError: <b>no</b> documents"
N_TOPICS, N_DOCS = 6, 60
LONG = "Very long " * 1000
HOSTILE = (
    "<img src=x onerror=alert(1)><b>bold</b>",
    "</script><script>alert(2)</script>",
    '=HYPERLINK("https://example.org","x")',
    "\u202egnidaer \u05e2\u05d1\u05e8\u05d9\u05ea \u0627\u0644\u0639\u0631\u0628\u064a\u0629",
    LONG,
    "emoji \U0001f600 and \x07 bell",
    "[link](javascript:alert(3)) {{x}} ${y}",
)
HOSTILE_LABEL = '"><script>alert(4)</script> & anode'
HOSTILE_ID = 'doi:10.1000/"><script>alert(5)</script>'


def corpus_card() -> CorpusCard:
    return CorpusCard(
        name="hand",
        title={"zh": "手工语料", "en": "Corpus made by hand"},
        licence={"zh": "自由使用", "en": "free to use"},
        notes={"zh": ["样本存在偏差。"], "en": ["The sample is biased."]},
        digest="0" * 64,
        n_docs=60_000,
        fields={},
        years=pd.DataFrame(columns=["year", "n_docs", "n_patents", "n_papers"]),
    )


def _topics(track: Track) -> pd.DataFrame:
    if track.slug == THIN:
        names = ["topic_id", "label_zh", "label_en", "words_zh", "words_en", "representatives"]
        return pd.DataFrame(columns=[*names, "n_docs", "n_recent", "n_zhejiang", "born", "colour"])
    rows = [
        {
            "topic_id": f"{track.slug}-t{i:02d}",
            "label_zh": f"{track.name_zh}主题{i}",
            "label_en": HOSTILE_LABEL if (track.slug, i) == (FULL, 3) else f"theme {i}",
            "words_zh": f"词{i};部件",
            "words_en": f"word{i};{track.slug} widget{i}",
            "representatives": f"US{9000000 + i};US{9000000 + i + N_TOPICS}",
            "n_docs": N_DOCS // N_TOPICS,
            "n_recent": 2 + i,
            "n_zhejiang": i % 3,
            "born": 2012 + i % 5,
            "colour": i,
        }
        for i in range(N_TOPICS)
    ]
    return pd.DataFrame(rows)


def _documents(track: Track, topics: pd.DataFrame) -> pd.DataFrame:
    subs = [sub.id for sub in track.sub_directions]
    rows = []
    for i in range(N_DOCS):
        year = FIRST + i % 13
        hostile = track.slug == FULL and i < len(HOSTILE)
        rows.append(
            {
                "doc_id": f"US{9000000 + i}",
                "kind": "patent",
                "title": HOSTILE[i] if hostile else f"Cell with layer number {i}",
                "published": f"{year}-0{1 + i % 6}-15",
                "year": year,
                "topic_id": topics["topic_id"][i % N_TOPICS] if len(topics) else None,
                "sub_directions": ";".join(
                    sorted({subs[i % len(subs)], subs[(i + 1) % len(subs)]})
                ),
                "x": float(np.cos(i)) * (1 + i % N_TOPICS) if len(topics) else None,
                "y": float(np.sin(i)) * (1 + i % 7) if len(topics) else None,
            }
        )
    if track.slug == FULL:
        rows[-1] |= {"doc_id": HOSTILE_ID, "kind": "paper"}
    return pd.DataFrame(rows).sort_values("doc_id").reset_index(drop=True)


def _scores(track: Track, topics: pd.DataFrame) -> pd.DataFrame:
    units = [(row.topic_id, "topic", row.label_zh, row.label_en) for row in topics.itertuples()]
    units += [(sub.id, "sub_direction", sub.zh, sub.en) for sub in track.sub_directions]
    rows = []
    for i, (unit, kind, zh, en) in enumerate(units):
        score = None if i % 7 == 6 else 90.0 - 3 * i - track.number / 4
        known = score is not None
        rows.append(
            {
                "unit_id": unit, "unit_kind": kind, "label_zh": zh, "label_en": en,
                "score": score, "score_lo": score - 8 if known else None,
                "score_hi": score + 6 if known else None,
                "rank": i + 1 if known else None, "rank_lo": max(1, i) if known else None,
                "rank_hi": i + 3 if known else None, "p_growth": 0.97 - 0.05 * i if known else None,
                "stage": "growing" if i % 2 and known else None, "n_docs": 5 + i,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _years(topics: pd.DataFrame, documents: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    years = range(FIRST, LAST + 1)
    corpus = {year: 1000 + 50 * (year - FIRST) for year in years}
    track = pd.DataFrame({"year": years, "n_corpus": [corpus[year] for year in years]})
    track["n_docs"] = [int((documents["year"] == year).sum()) for year in years]
    counts = documents.groupby(["topic_id", "year"]).size().to_dict()
    rows = [
        (topic, year, counts.get((topic, year), 0))
        for topic in topics["topic_id"]
        for year in years
    ]
    series = pd.DataFrame(rows, columns=["topic_id", "year", "n_docs"])
    series["n_corpus"] = series["year"].map(corpus)
    return track, series


def _unit(row: Any) -> dict[str, Any]:
    names = ("unit_id", "unit_kind", "label_zh", "label_en", "score", "score_lo", "score_hi",
             "p_growth", "stage", "n_docs")  # fmt: skip
    found = {name: None if pd.isna(row[name]) else row[name] for name in names}
    parts = {"growth": 0.9, "vitality": 0.75, "novelty": None, "community": 0.5}
    return {**found, "n_docs": int(row["n_docs"]), "components": parts}


def _summary(track: Track, scores: pd.DataFrame) -> dict[str, Any]:
    subs = scores[scores["unit_kind"] == "sub_direction"]
    best = _unit(scores.iloc[0])
    best["components"] = {**best["components"], "growth": track.number / 30}
    return {
        "number": track.number, "slug": track.slug, "name_zh": track.name_zh,
        "name_en": track.name_en, "tier": track.tier, "as_of": AS_OF, "previous": "2021-06-28",
        "last_year": LAST, "n_docs": 10 * track.number, "n_patents": 10 * track.number - 1,
        "n_papers": 1, "n_topics": N_TOPICS, "thin": track.slug == THIN, "digest": "0" * 64,
        "best": best,
        "share": {"value": 0.012, "lo": 0.01, "hi": 0.015, "n": 1550},
        "share_change": {"value": 0.01 * track.number, "lo": -0.05, "hi": 0.4, "n": 50},
        "zhejiang": {"n_zhejiang": track.number % 5, "n_china": 9, "n_placed": 40,
                     "value": 0.1, "lo": 0.05, "hi": 0.2},
        "sub_directions": [
            {**_unit(row), "rate": 0.1, "rank": 1, "earlier_rank": 2, "change": "risen",
             "earlier_score": None if pd.isna(row["score"]) else float(row["score"]) - 5 * (i % 3)}
            for i, row in enumerate(subs.to_dict("records"))
        ],
        "candidates": {}, "landmarks": {"items": 1, "seen": 1},
    }  # fmt: skip


def write_track(folder: Path, track: Track) -> None:
    """Write the files of a track that the portal reads."""
    topics = _topics(track)
    documents = _documents(track, topics)
    scores = _scores(track, topics)
    years, series = _years(topics, documents)
    stages = scores[["unit_id"]].assign(stage_reason="too_few_documents")
    frames = {
        "topics": topics, "documents": documents, "scores": scores, "stages": stages,
        "topic_years": series, "track_years": years,
    }  # fmt: skip
    for name, frame in frames.items():
        write_csv(folder / f"{name}.csv", frame)
    write_json(folder / "summary.json", _summary(track, scores))
    for lang in ("zh", "en"):
        for kind in ("html", "pdf", "docx", "md"):
            write_text(folder / f"brief.{lang}.{kind}", "")


def write_results(folder: Path, registry: Registry | None = None) -> list[Sector]:
    """Write all tracks but the failed one, the portal's tables, its entry page and two others."""
    registry = registry or load_registry()
    for track in registry.tracks:
        if track.slug != FAILED:
            write_track(folder / track.slug, track)
    write_text(folder / FULL / "navigation" / "report.zh.html", "")
    write_text(folder / FULL / "navigation-hangzhou" / "report.en.pdf", "")
    sectors = [read_sector(folder / slug) for slug in registry.slugs if slug != FAILED]
    summaries = [sector.summary for sector in sectors]
    write_csv(folder / "board.csv", track_table(summaries))
    write_csv(folder / "units.csv", unit_table(sectors))
    for sector in sectors:
        page = render_track(sector, registry=registry) if sector.slug in {FULL, THIN} else ""
        write_text(folder / sector.slug / "index.html", page)
    write_text(folder / "index.html", portal_of(sectors, registry))
    return sectors


def portal_of(sectors: list[Sector], registry: Registry) -> str:
    return render_portal(
        [sector.summary for sector in sectors],
        registry=registry,
        corpus=corpus_card(),
        as_of=AS_OF,
        failures={FAILED: REASON},
        files={sector.slug: {*sector.files, "index.html"} for sector in sectors},
        board_files=["board.zh.html", "board.csv", "units.csv"],
        report_files=["report.en.pdf"],
        units=unit_table(sectors),
    )
