"""Time and memory of track matching as the corpus grows: the default one, 5 and 20 times over."""

import json
import subprocess
import sys

import pyarrow.parquet as pq
import pytest

TIMES = (1, 5, 20)
READ = ("documents", "classes", "search_text")
CHILD = """
import json, resource, sys, time
from pathlib import Path
from foresight.corpus.select import match_tracks
from foresight.corpus.store import Corpus
from foresight.tracks import load_registry
terms = load_registry().terms()
corpus = Corpus("repeated", Path(sys.argv[1]), {"digest": "repeated"})
start = time.perf_counter()
matches = match_tracks(corpus, terms)
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
print(json.dumps({"seconds": seconds, "gib": peak, "matches": len(matches)}))
"""


def repeat(sample, times, folder):
    """Write the tables that matching reads, each document `times` over under new ids."""
    folder.mkdir()
    for name in READ:
        source = pq.ParquetFile(sample.folder / f"{name}.parquet")
        with pq.ParquetWriter(folder / f"{name}.parquet", source.schema_arrow) as writer:
            for copy in range(times):
                for batch in source.iter_batches(1 << 17):
                    place = batch.schema.get_field_index("doc_id")
                    ids = batch.column(place).cast("string").to_pandas() + f"-{copy}"
                    renamed = batch.to_pandas().assign(doc_id=ids)
                    writer.write_table(table_of(renamed, source.schema_arrow))
    return folder


def table_of(frame, schema):
    import pyarrow as pa

    return pa.Table.from_pandas(frame, schema=schema, preserve_index=False)


@pytest.mark.parametrize("times", TIMES)
def test_matching_grows_with_the_corpus(sample, times, tmp_path, report, cores):
    folder = repeat(sample, times, tmp_path / "repeated")
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder)], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    documents = sample.manifest["rows"]["documents"] * times
    report(
        f"{documents:,} documents, 24 tracks, {cores} cores: {found['seconds']:.1f} s, "
        f"{documents / found['seconds']:,.0f}/s, peak {found['gib']:.2f} GiB, "
        f"{found['matches']:,} matches",
    )
    assert found["matches"] % times == 0
