"""A Spark cluster of two workers gives the tables of DuckDB, also when one is killed at work."""

import json

import pytest

pytestmark = [pytest.mark.engine, pytest.mark.slow]


def test_a_cluster_gives_the_same_tables(runs, cluster, duckdb, same):
    names = same(duckdb, runs.results(cluster.url, "views,merge", label="cluster"))
    assert {"matches.parquet", "papers_references_of_subset.parquet"} <= set(names)
    assert {"papers_yearly_totals.parquet", "merged_documents.parquet"} <= set(names)


def test_a_worker_killed_in_the_middle_of_a_job_changes_no_table(runs, cluster, duckdb, same):
    events = runs.root / "events"
    events.mkdir()
    out = runs.results(
        cluster.url, "match", str(cluster.workers[0]), label="killed",
        settings=f"spark.eventLog.enabled true\nspark.eventLog.dir {events}\n"
        "spark.sql.files.maxPartitionBytes 100k\nspark.sql.files.openCostInBytes 0\n",
    )  # fmt: skip
    assert "slice_matches.parquet" in same(duckdb, out)
    killed = json.loads((out / "killed.json").read_text())
    (path,) = events.iterdir()
    log = [json.loads(line) for line in path.read_text().splitlines()]
    lost = [row for row in log if row["Event"] == "SparkListenerExecutorRemoved"]
    assert [row for row in lost if "lost" in row["Removed Reason"]], (
        lost
    )  # not given back when idle
    jobs = {row["Job ID"]: row for row in log if row["Event"] == "SparkListenerJobStart"}
    ends = {row["Job ID"]: row for row in log if row["Event"] == "SparkListenerJobEnd"}
    during = [
        number
        for number, job in jobs.items()
        if killed["stage"] in job["Stage IDs"]
        and job["Submission Time"] < killed["at"] * 1000 < ends[number]["Completion Time"]
        and ends[number]["Job Result"]["Result"] == "JobSucceeded"
    ]
    assert during, "no job was at work when the worker was killed"
