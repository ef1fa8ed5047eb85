"""Time and memory of track matching as the corpus grows: the default one, 5 and 20 times over."""

import json
import shutil
import subprocess
import sys

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

TIMES = (1, 5, 20)
READ = ("documents", "classes", "search_text")
CHILD = """
import json, resource, sys, time
from pathlib import Path
from foresight.corpus.select import match_tracks
from foresight.corpus.store import Corpus
from foresight.tracks import load_registry

def timed(work):
    start, busy = time.perf_counter(), time.process_time()
    result = work()
    return [time.perf_counter() - start, time.process_time() - busy], result

terms = load_registry().terms()
corpus = Corpus("repeated", Path(sys.argv[1]), {"digest": "repeated"})
match, matches = timed(lambda: match_tracks(corpus, terms))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
columns = {"documents": ["doc_id", "status"], "classes": ["doc_id", "scheme", "code"],
           "search_text": ["doc_id", "text_en", "text_zh"]}

def read():
    for name, used in columns.items():
        table = corpus.table(name)
        corpus.read(table.agg(**{column: table[column].length().sum() for column in used}))

scan, _ = timed(read)
print(json.dumps({"match": match, "scan": scan, "gib": peak, "matches": len(matches)}))
"""


def repeat(sample, times, folder):
    """Write the tables that matching reads, each document `times` over under new ids, in order."""
    folder.mkdir()
    for name in READ:
        source = pq.ParquetFile(sample.folder / f"{name}.parquet")
        place = source.schema_arrow.get_field_index("doc_id")
        with pq.ParquetWriter(
            folder / f"{name}.parquet", source.schema_arrow, compression="zstd"
        ) as writer:
            for copy in range(times):
                for batch in source.iter_batches(1 << 17):
                    data = pa.Table.from_batches([batch])
                    before = pa.scalar(f"{copy:02}", data["doc_id"].type)
                    dash = pa.scalar("-", data["doc_id"].type)
                    ids = pc.binary_join_element_wise(before, data["doc_id"], dash)
                    writer.write_table(data.set_column(place, data.schema.field(place), ids))
    return folder


def test_matching_grows_with_the_corpus(sample, tmp_path, report, cores):
    seconds, matches = {}, {}
    for times in TIMES:
        folder = repeat(sample, times, tmp_path / "repeated")
        done = subprocess.run(
            [sys.executable, "-c", CHILD, str(folder)], capture_output=True, text=True, check=True
        )
        shutil.rmtree(folder)
        found = json.loads(done.stdout)
        (wall, busy), (scan, scan_busy) = found["match"], found["scan"]
        documents = sample.manifest["rows"]["documents"] * times
        seconds[times], matches[times] = (wall, busy), found["matches"]
        report(
            f"{documents:,} documents, 24 tracks, {cores} cores: {wall:.1f} s ({busy:.1f} s of "
            f"processor), {documents / wall:,.0f}/s, peak {found['gib']:.2f} GiB, "
            f"{found['matches']:,} matches; reading the columns alone {scan:.2f} s "
            f"({scan_busy:.2f} s)",
        )
    first, last = TIMES[0], TIMES[-1]
    grown = [
        many / one / (last / first)
        for one, many in zip(*(seconds[first], seconds[last]), strict=True)
    ]
    report(
        f"time at {last}x over {last} times the time at {first}x: {grown[0]:.2f} "
        f"(of the processor {grown[1]:.2f}); 1 is linear"
    )
    assert all(number == times * matches[1] for times, number in matches.items())
