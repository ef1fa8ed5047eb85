"""The OpenAlex snapshot's reader against DuckDB's own JSON reader, on one generated file.

The peer only parses the fields that we read and writes them as one Parquet file; ours cleans texts,
tells sound records from others, finds organisations and places, joins references to the documents,
and writes a whole corpus. FORESIGHT_WORKS sets the number of works (default: a million).
"""

import gzip
import json
import os
import random
import subprocess
import sys

import pytest
from bulk_samples import work

WORKS = int(os.environ.get("FORESIGHT_WORKS", "1000000"))
POOL = 4000  # works that differ in every field; the others repeat their abstracts and authors
MOST = 2 << 30  # bytes that reading may hold at its peak

OURS = """
import json, resource, sys, time
from pathlib import Path
from foresight.corpus.intake import write_stream
from foresight.sources.bulk.openalex import stream_openalex
start = time.perf_counter()
path = Path(sys.argv[1])
marks = []
stream = stream_openalex([path], names=[path.name])
made, report = write_stream(
    stream, name="works", progress=lambda n: marks.append(time.perf_counter() - start))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"seconds": time.perf_counter() - start, "read": marks[-1], "peak": peak,
                  "rows": report.rows_in, "out": report.rows_out, **made.manifest["rows"]}))
"""
PEER = """
import json, resource, sys, time
import duckdb
start = time.perf_counter()
path, target, shape = sys.argv[1:]
columns = json.loads(shape)
with duckdb.connect() as con:
    con.execute("SET enable_progress_bar = false")
    rows = con.read_json(path, format="newline_delimited", columns=columns)
    rows.write_parquet(target, compression="zstd")
    count = con.read_parquet(target).aggregate("count(*)").fetchall()[0][0]
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"seconds": time.perf_counter() - start, "peak": peak, "rows": count}))
"""
COLUMNS = {
    "id": "VARCHAR",
    "doi": "VARCHAR",
    "title": "VARCHAR",
    "display_name": "VARCHAR",
    "publication_date": "VARCHAR",
    "publication_year": "VARCHAR",
    "language": "VARCHAR",
    "type": "VARCHAR",
    "is_retracted": "BOOLEAN",
    "primary_location": "STRUCT(source STRUCT(display_name VARCHAR))",
    "authorships": "STRUCT(author STRUCT(display_name VARCHAR), raw_author_name VARCHAR, "
    "institutions STRUCT(display_name VARCHAR, country_code VARCHAR)[], countries VARCHAR[], "
    "raw_affiliation_strings VARCHAR[])[]",
    "referenced_works": "VARCHAR[]",
    "primary_topic": "STRUCT(id VARCHAR)",
    "topics": "STRUCT(id VARCHAR)[]",
    "keywords": "STRUCT(display_name VARCHAR)[]",
    "abstract_inverted_index": "MAP(VARCHAR, INTEGER[])",
}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    """A file of works; its size unpacked."""
    path = tmp_path_factory.mktemp("works") / "part_000.gz"
    rng = random.Random(3)  # noqa: S311 (test data)
    pool = [work(number, rng) for number in range(1, POOL + 1)]
    fixed = ("id", "doi", "title", "referenced_works")
    bodies = [
        json.dumps({k: v for k, v in made.items() if k not in fixed}, ensure_ascii=False)[1:]
        for made in pool
    ]
    size = 0
    with gzip.open(path, "wt", compresslevel=1, encoding="utf-8", newline="\n") as stream:
        for number in range(1, WORKS + 1):
            cited = [f"https://openalex.org/W{rng.randrange(number) + 1}" for _ in range(12)]
            head = {
                "id": f"https://openalex.org/W{number}",
                "doi": f"https://doi.org/10.1000/Work{number}" if number % 3 else None,
                "title": f"Study {number} of solid electrolytes",
                "referenced_works": cited,
            }
            size += stream.write(f"{json.dumps(head)[:-1]}, {bodies[number % POOL]}\n")
    return path, size


def run(code, *arguments, folder):
    env = {**os.environ, "FORESIGHT_CORPORA": str(folder / "corpora")}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_openalex_snapshot(snapshot, tmp_path, report, cores):
    path, size = snapshot
    peer = run(PEER, path, tmp_path / "peer.parquet", json.dumps(COLUMNS), folder=tmp_path)
    ours = run(OURS, path, folder=tmp_path)
    assert ours["rows"] == peer["rows"] == WORKS
    assert ours["out"] == ours["documents"] == WORKS
    assert ours["peak"] <= MOST
    zipped = path.stat().st_size / 1e9
    lines = [f"{WORKS:,} works, {size / 1e9:.1f} GB, gzipped {zipped:.2f} GB; {cores} cores"]
    for name, seconds, peak in (
        ("ours, to rows of the five tables", ours["read"], ours["peak"]),
        ("ours, to a whole corpus", ours["seconds"], ours["peak"]),
        ("DuckDB read_json, to one Parquet", peer["seconds"], peer["peak"]),
    ):
        lines.append(
            f"{name}: {seconds:.0f} s, {WORKS / seconds:,.0f} records/s, peak {peak / 1e9:.2f} GB"
        )
    counts = ", ".join(f"{ours[name]:,} {name}" for name in ("references", "classes", "parties"))
    report(*lines, counts)
