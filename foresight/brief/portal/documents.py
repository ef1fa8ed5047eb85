"""Which documents a track's page lists and draws, and the series of its units."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from foresight.brief.address import office_url
from foresight.brief.escape import shorten
from foresight.brief.portal.sector import Sector, rows_of
from foresight.brief.wording import as_float
from foresight.intervals import wilson
from foresight.plots.style import MOST_YEARS, topic_look

LISTED = 400  # documents of a topic or sub-direction on the page; all are in documents.csv
TITLE_COLUMNS = 300  # a longer title is cut and ends in an ellipsis
TYPICAL = 5  # documents nearest to the centre of a topic, named first


def unit_frame(sector: Sector) -> pd.DataFrame:
    """Topics, the largest first, then sub-directions that have a document.

    Returns
    -------
    DataFrame
        unit_id, kind, label_zh, label_en, number (of a topic, as in the figures; 0 for others),
        colour (`#rrggbb`), marker, total (documents in documents.csv).
    """
    topics = sector.topics.sort_values(["n_docs", "topic_id"], ascending=[False, True])
    sizes = sector.documents["topic_id"].value_counts()
    rows = []
    for number, row in enumerate(rows_of(topics), start=1):
        look = topic_look(int(row.colour))
        unit = str(row.topic_id)
        total = int(sizes.get(unit, 0))
        rows.append((unit, "topic", row.label_zh, row.label_en, number, *look, total))
    subs = sector.scores[sector.scores["unit_kind"] == "sub_direction"].sort_values("unit_id")
    within = memberships(sector)
    for place, row in enumerate(rows_of(subs)):
        unit = str(row.unit_id)
        total = int((within == unit).sum())
        if total:
            look = topic_look(place)
            rows.append((unit, "sub_direction", row.label_zh, row.label_en, 0, *look, total))
    columns = ["unit_id", "kind", "label_zh", "label_en", "number", "colour", "marker", "total"]
    return pd.DataFrame(rows, columns=columns)


def memberships(sector: Sector) -> pd.Series:
    """Topic and sub-directions of each document: a value per pair, indexed by doc_id."""
    documents = sector.documents.set_index("doc_id")
    topics = documents["topic_id"]
    subs = documents["sub_directions"].str.split(";").explode()
    both: pd.Series = pd.concat([topics, subs])
    known: pd.Series = both[both.fillna("") != ""]
    return known


def unit_series(sector: Sector, units: pd.DataFrame, *, last: int = MOST_YEARS) -> pd.DataFrame:
    """Documents of each unit and complete year, the last 25 years.

    Of a topic they are those of topic_years.csv, of a sub-direction the rows of documents.csv;
    the corpus's are those of track_years.csv.

    Returns
    -------
    DataFrame
        unit_id, year, n_docs, n_corpus, share (of the corpus; null without a document in it),
        lo, hi (Wilson's 95 % interval).
    """
    years = sector.track_years.sort_values("year").tail(last)
    known = sector.topic_years.rename(columns={"topic_id": "unit_id"})[
        ["unit_id", "year", "n_docs"]
    ]
    known = known[known["unit_id"].isin(units["unit_id"])]
    subs = units.loc[units["kind"] == "sub_direction", "unit_id"]
    within = memberships(sector)
    within = within[within.isin(subs)]
    dated = sector.documents.set_index("doc_id")["year"].reindex(within.index)
    found = pd.DataFrame({"unit_id": within.to_numpy(), "year": dated.to_numpy()})
    counts = found.groupby(["unit_id", "year"]).size().rename("n_docs").reset_index()
    both = pd.concat([known, counts]).set_index(["unit_id", "year"])["n_docs"]
    grid = pd.MultiIndex.from_product(
        [units["unit_id"], years["year"].astype(int)], names=["unit_id", "year"]
    )
    frame = both.reindex(grid, fill_value=0).reset_index()
    corpus = years.set_index("year")["n_corpus"]
    frame["n_corpus"] = frame["year"].map(corpus)
    docs, total = frame["n_docs"].to_numpy(dtype=float), frame["n_corpus"].to_numpy(dtype=float)
    frame["share"] = np.divide(docs, total, out=np.full(len(docs), np.nan), where=total > 0)
    frame["lo"], frame["hi"] = wilson(docs, total)
    return frame


def listed(sector: Sector, units: pd.DataFrame, *, most: int = LISTED) -> pd.DataFrame:
    """Documents that the page lists and draws: of each unit the typical and the latest.

    Parameters
    ----------
    sector : Sector
    units : DataFrame, from `unit_frame`
    most : int, default 400
        Documents of a unit, and of those without a topic.

    Returns
    -------
    DataFrame
        Rows of documents.csv, the latest first.
    """
    latest = sector.documents.sort_values(["published", "doc_id"], ascending=[False, True])
    within = memberships(sector)
    kept: set[str] = set(latest.loc[latest["topic_id"] == "", "doc_id"].head(most))
    for ids in typical(sector).values():
        kept |= set(ids)
    order = pd.Series(range(len(latest)), index=latest["doc_id"].to_numpy())
    for unit in units["unit_id"]:
        members = within.index[within == unit]
        kept |= set(order[members].sort_values().index[:most])
    return latest[latest["doc_id"].isin(kept)].reset_index(drop=True)


def typical(sector: Sector) -> dict[str, list[str]]:
    """Ids of the documents nearest to the centre of each topic, as topics.csv names them."""
    known = set(sector.documents["doc_id"])
    return {
        str(row.topic_id): [
            doc for doc in str(row.representatives).split(";")[:TYPICAL] if doc in known
        ]
        for row in rows_of(sector.topics)
    }


def page_data(sector: Sector, units: pd.DataFrame, series: pd.DataFrame) -> dict[str, Any]:
    """What the page's script draws, ready for JSON.

    Returns
    -------
    dict
        years; corpus (documents a year); units (id, kind, zh, en, number, colour, marker, total,
        n, share, lo, hi by year, typical); docs, each a list of id, title, date, kind, places of
        its units, x, y and address.
    """
    shown = listed(sector, units)
    place = {unit: i for i, unit in enumerate(units["unit_id"])}
    near = typical(sector)
    years = sector.track_years.sort_values("year").tail(MOST_YEARS)
    named = units.rename(columns={"unit_id": "id", "label_zh": "zh", "label_en": "en"})
    records = [row._asdict() for row in rows_of(named)]
    lines = dict(list(series.groupby("unit_id")))
    for record in records:
        rows = lines[record["id"]]
        record["zh"], record["en"] = (shorten(record[key], TITLE_COLUMNS) for key in ("zh", "en"))
        record["n"] = [int(n) for n in rows["n_docs"]]
        for name in ("share", "lo", "hi"):
            record[name] = [_round(value, 8) for value in rows[name]]
        record["typical"] = near.get(record["id"], [])
    docs = []
    for row in rows_of(shown):
        ids = [str(row.topic_id), *str(row.sub_directions).split(";")]
        docs.append(
            [
                row.doc_id,
                shorten(str(row.title), TITLE_COLUMNS),
                row.published,
                row.kind,
                [place[unit] for unit in ids if unit in place],
                _round(row.x, 3),
                _round(row.y, 3),
                office_url(str(row.doc_id)),
            ]
        )
    return {
        "years": [int(year) for year in years["year"]],
        "corpus": [int(n) for n in years["n_corpus"]],
        "total": len(sector.documents),
        "units": records,
        "docs": docs,
    }


def _round(value: Any, digits: int) -> float | None:
    number = as_float(value)
    return None if number is None else round(number, digits)
