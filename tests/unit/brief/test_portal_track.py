"""A track's page as it is written: numbers of its files, documents listed, addresses."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from portal_pages import FULL, HOSTILE, LAST, LONG, N_DOCS, N_TOPICS, THIN, write_track

from foresight.brief.address import office_url
from foresight.brief.portal import Sector, read_sector, render_track
from foresight.brief.portal.documents import (
    listed,
    memberships,
    page_data,
    unit_frame,
    unit_series,
)
from foresight.brief.portal.markup import json_block
from foresight.brief.portal.sector import unguarded
from foresight.intervals import wilson
from foresight.plots.style import topic_look
from foresight.tracks import Registry


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, registry: Registry) -> Path:
    folder = tmp_path_factory.mktemp("tracks")
    for slug in (FULL, THIN):
        write_track(folder / slug, registry.track(slug))
    return folder


@pytest.fixture(scope="module")
def sector(made: Path) -> Sector:
    return read_sector(made / FULL)


def test_texts_come_back_as_they_were_written(sector: Sector) -> None:
    titles = set(sector.documents["title"])
    assert HOSTILE[2] in titles  # the CSV has an apostrophe before it
    assert LONG in titles


@pytest.mark.parametrize(
    ("cell", "text"), [("'=1+1", "=1+1"), ("'tis", "'tis"), ("", ""), ("'", "'"), ("a'=", "a'=")]
)
def test_only_the_guard_against_formulas_is_taken_off(cell: str, text: str) -> None:
    assert unguarded(cell) == text


def test_units_are_numbered_by_size_and_look_as_in_the_figures(sector: Sector) -> None:
    units = unit_frame(sector).set_index("unit_id")
    topics = sector.topics.set_index("topic_id")
    for unit, row in units[units["kind"] == "topic"].iterrows():
        assert (row["colour"], row["marker"]) == topic_look(int(topics.loc[unit, "colour"]))
    assert list(units["number"][:N_TOPICS]) == list(range(1, N_TOPICS + 1))
    assert units["total"][:N_TOPICS].sum() == N_DOCS
    assert (units["total"] > 0).all()


def test_series_are_those_of_the_files(sector: Sector) -> None:
    units = unit_frame(sector)
    series = unit_series(sector, units).set_index(["unit_id", "year"])
    known = sector.topic_years.set_index(["topic_id", "year"])["n_docs"]
    for key, n in known.items():
        assert series.loc[key, "n_docs"] == n
    documents = sector.documents
    sub = units.loc[units["kind"] == "sub_direction", "unit_id"].iloc[0]
    within = documents["sub_directions"].str.split(";").map(lambda ids: sub in ids)
    for year in (2012, 2015, LAST):
        row = series.loc[(sub, year)]
        assert row["n_docs"] == (within & (documents["year"] == year)).sum()
        lo, hi = wilson([row["n_docs"]], [row["n_corpus"]])
        assert (row["lo"], row["hi"]) == (lo[0], hi[0])
    assert series.index.get_level_values("year").max() == LAST


def test_only_the_last_years_are_drawn(sector: Sector) -> None:
    series = unit_series(sector, unit_frame(sector), last=4)
    assert sorted(series["year"].unique()) == [2018, 2019, 2020, 2021]


def test_a_year_without_a_document_of_the_corpus_has_no_share(sector: Sector) -> None:
    years = sector.track_years.copy()
    years.loc[years["year"] == 2010, "n_corpus"] = 0
    topic_years = sector.topic_years[sector.topic_years["year"] != 2010]
    changed = replace(sector, track_years=years, topic_years=topic_years)
    series = unit_series(changed, unit_frame(changed))
    gap = series[(series["year"] == 2010) & series["unit_id"].str.contains("-t0")]
    assert gap["share"].isna().all()
    data = page_data(changed, unit_frame(changed), series)
    assert data["units"][0]["share"][0] is None


def test_the_latest_and_the_typical_documents_of_each_unit_are_listed(sector: Sector) -> None:
    units = unit_frame(sector)
    few = listed(sector, units, most=2)
    within = memberships(sector)
    for unit in units["unit_id"]:
        own = sector.documents[sector.documents["doc_id"].isin(within.index[within == unit])]
        latest = own.sort_values(["published", "doc_id"], ascending=[False, True]).head(2)
        assert set(latest["doc_id"]) <= set(few["doc_id"])
    for ids in sector.topics["representatives"]:
        assert set(ids.split(";")) <= set(few["doc_id"])
    assert len(few) < N_DOCS
    dates = list(few["published"])
    assert dates == sorted(dates, reverse=True)
    assert len(listed(sector, units)) == N_DOCS


def test_the_latest_documents_without_a_topic_are_listed_too(sector: Sector) -> None:
    alone = sector.documents.assign(sub_directions="")
    alone["topic_id"] = alone["topic_id"].where(alone.index >= 10, "")
    topics = sector.topics.assign(representatives="")
    changed = replace(sector, documents=alone, topics=topics)
    few = listed(changed, unit_frame(changed), most=3)
    latest = alone.head(10).sort_values(["published", "doc_id"], ascending=[False, True]).head(3)
    found = few[few["topic_id"] == ""]
    assert list(found["doc_id"]) == list(latest["doc_id"])


def test_totals_do_not_depend_on_what_is_listed(sector: Sector) -> None:
    units = unit_frame(sector)
    data = page_data(sector, units, unit_series(sector, units))
    assert data["total"] == N_DOCS
    assert [unit["total"] for unit in data["units"]] == list(units["total"])
    assert all(len(title) <= 300 for _, title, *_ in data["docs"])
    assert len(LONG) > 300


def test_the_page_holds_the_files_numbers(sector: Sector, made: Path, registry: Registry) -> None:
    html = render_track(sector, registry=registry)
    (block,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html)
    data = json.loads(block)
    scores = pd.read_csv(made / FULL / "scores.csv").set_index("unit_id")
    for unit in data["units"]:
        row = re.search(rf'<tr role="row" id="u-{unit["id"]}".*?</tr>', html, re.DOTALL)
        assert row is not None
        value = scores.loc[unit["id"], "score"]
        shown = re.findall(r'data-v="([^"]*)"', row[0])
        assert np.isnan(value) or str(value) in shown
        assert str(unit["total"]) in shown
    assert html == render_track(read_sector(made / FULL), registry=registry)


def test_a_track_without_topics_has_no_map(made: Path, registry: Registry) -> None:
    html = render_track(read_sector(made / THIN), registry=registry)
    assert 'id="map"' not in html
    assert "no topic map" in html
    assert "佐证薄弱" in html


def test_a_track_without_documents_says_so(sector: Sector, registry: Registry) -> None:
    none = replace(
        sector, documents=sector.documents.iloc[:0], topics=sector.topics.iloc[:0],
        topic_years=sector.topic_years.iloc[:0],
        scores=sector.scores[sector.scores["unit_kind"] == "sub_direction"],
    )  # fmt: skip
    html = render_track(none, registry=registry)
    assert "The corpus has no document of this track." in html
    assert 'id="explore"' not in html


@pytest.mark.parametrize(
    "value", ["</script>", "<!--", "]]>", "\u2028", "&lt;", '"\\', "<script>", "\u0000"]
)
def test_no_text_ends_a_block_of_data(value: str) -> None:
    block = json_block("x", [value])
    body = block.removeprefix('<script type="application/json" id="x">').removesuffix("</script>")
    assert not set(body) & set("<>&\u2028\u2029")
    assert json.loads(body) == [value]


@pytest.mark.parametrize(
    ("doc_id", "found"),
    [
        ("US10002292", "https://ppubs.uspto.gov/pubwebapp/external.html?q=10002292.pn."),
        ("US20010007720A1", "https://ppubs.uspto.gov/pubwebapp/external.html?q=20010007720.pn."),
        ("USRE12345E1", "https://ppubs.uspto.gov/pubwebapp/external.html?q=RE12345.pn."),
        ("WO1981001875A1", "https://patentscope.wipo.int/search/en/detail.jsf?docId=WO1981001875"),
        ("EP0004765B1", "https://worldwide.espacenet.com/patent/search?q=pn%3DEP0004765B1"),
        ("CN118000001A", "https://worldwide.espacenet.com/patent/search?q=pn%3DCN118000001A"),
        ("10.1000/xyz", "https://doi.org/10.1000/xyz"),
        ("doi:10.1002/(sici)<1::a>", "https://doi.org/10.1002/%28sici%29%3C1%3A%3Aa%3E"),
        ("arxiv:2101.00001", "https://arxiv.org/abs/2101.00001"),
        ("arxiv:hep-th/9901001", "https://arxiv.org/abs/hep-th/9901001"),
        ("pmid:123", "https://pubmed.ncbi.nlm.nih.gov/123"),
        ("openalex:W42", "https://openalex.org/W42"),
        ("cnki:00d27dc0180711ed", None),
        ("javascript:alert(1)", None),
        ("arxiv:javascript:x", None),
        ("", None),
        ("S00001", None),
    ],
)
def test_addresses(doc_id: str, found: str | None) -> None:
    assert office_url(doc_id) == found
