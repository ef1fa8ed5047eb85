"""Imports of real records that lie outside the project."""

from pathlib import Path

import pandas as pd
import pytest

from foresight.corpus.hits import TERM_COLUMNS
from foresight.corpus.select import match_tracks
from foresight.corpus.store import write_corpus
from foresight.corpus.view import as_of, default_as_of
from foresight.sources.interchange import read_interchange

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
ROWS = 3000

pytestmark = pytest.mark.shared


def need(name):
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"public test records are absent: {name}")
    return path


def terms(*rows):
    return pd.DataFrame(rows, columns=["kind", "term"], dtype="str").assign(
        track="t", sub_direction=None
    )[list(TERM_COLUMNS)]


def test_conference_papers(tmp_path):
    papers = pd.read_parquet(
        need("paperlists/papers.parquet"), columns=["id", "year", "title", "abstract"]
    )
    papers = papers.drop_duplicates("id").loc[lambda t: t["title"].str.strip() != ""].head(ROWS)
    frame = papers.rename(columns={"id": "doc_id", "year": "published"}).assign(kind="paper")
    frame.to_csv(tmp_path / "documents.csv.gz", index=False)
    corpus = write_corpus(read_interchange(tmp_path, today="2026-01-01"), name="papers")
    view = as_of(corpus, default_as_of(corpus, today="2026-01-01"), today="2026-01-01")
    expected = papers["year"].value_counts()
    totals = view.yearly_totals().set_index("year")["n_papers"]
    assert totals[totals > 0].to_dict() == expected.to_dict()
    found = match_tracks(corpus, terms(("keyword_en", "reinforcement learning")))
    text = (papers["title"] + " . " + papers["abstract"].fillna("")).str.lower()
    plain = text.str.replace(r"[^a-z0-9]+", " ", regex=True).str.contains(
        r"\breinforcement learning\b"
    )
    assert set(found["doc_id"]) == set(papers.loc[plain, "id"])


def test_chinese_patent_titles(tmp_path):
    given = pd.read_csv(need("chinese_records/cn_patents_biomed_2010_2018.csv.gz"), dtype="str")
    column = next(name for name in given.columns if given[name].str.contains("方法").any())
    titles = given[column].dropna().head(ROWS)
    frame = pd.DataFrame({"title": titles, "kind": "patent", "published": "2018"})
    frame.insert(0, "doc_id", [f"cn{i}" for i in range(len(frame))])
    frame.to_json(tmp_path / "documents.jsonl", orient="records", lines=True, force_ascii=False)
    corpus = write_corpus(read_interchange(tmp_path, today="2026-01-01"), name="chinese")
    found = match_tracks(corpus, terms(("keyword_zh", "制备方法")))
    assert len(found) == titles.str.contains("制备方法").sum() > 0
