"""Spark in this machine's cores gives the tables of DuckDB, row by row."""

import json

import pyarrow.parquet as pq
import pytest

pytestmark = [pytest.mark.engine, pytest.mark.slow]


@pytest.fixture(scope="module")
def spark(runs):
    return runs.results("local[2]")


def test_all_that_is_computed_over_whole_corpora_is_the_same(duckdb, spark, same):
    names = same(duckdb, spark)
    assert names == sorted(path.name for path in duckdb.glob("*.parquet"))


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("slice_matches", 50),
        ("slice_strata", 200),
        ("matches", 20),
        ("papers_references_of_subset", 20),
        ("merged_identity", 20),
        ("merged_members", 3),
        ("bulk_documents", 20),
        ("recombinations", 50),
        ("moves", 10),
    ],
)
def test_what_is_compared_is_not_empty(duckdb, name, least):
    assert pq.read_metadata(duckdb / f"{name}.parquet").num_rows >= least


def test_most_rules_of_a_merge_are_at_work(duckdb):
    text = pq.read_table(duckdb / "merged_manifest.parquet")["text"][0].as_py()
    rules = {rule for rule, number in json.loads(text)["identity"].items() if number}
    assert rules >= {
        "same_id", "doi", "source_id", "application_and_grant", "family", "same_filing",
        "title_year_name",
    }  # fmt: skip
