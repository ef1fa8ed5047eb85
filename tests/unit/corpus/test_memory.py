"""DuckDB keeps to its limit: joins larger than it finish by way of the disk."""

import json
import subprocess
import sys

import pytest

LIMIT = 400  # MB
OTHER = 450  # MiB of files being read and batches being handed over; measured: 300
# Joins 0.5 GB of text with itself, sorts the 1 GB, and tells how much memory that took.
CHILD = """
import json, os, sys, threading, time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

from foresight.corpus import engine

folder, memory, kind = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
os.environ["FORESIGHT_CACHE"] = str(folder / "cache")
os.environ["FORESIGHT_MEMORY"] = memory
path = folder / "rows.parquet"
with pq.ParquetWriter(path, pa.schema([("key", pa.int64()), ("text", pa.string())])) as writer:
    for start in range(0, 2_000_000, 100_000):
        keys = pa.array(range(start, start + 100_000), pa.int64())
        texts = pa.array([f"{n * 2654435761 % 2**32:032x}" * 8 for n in keys.to_pylist()])
        writer.write_table(pa.table([keys, texts], names=["key", "text"]))
base, peak, spilled, over = resident(), [0.0], [0], threading.Event()

def watch():
    while not over.is_set():
        peak[0] = max(peak[0], resident())
        files = [f for f in folder.rglob("*") if "spill" in f.parts and f.is_file()]
        spilled[0] = max(spilled[0], len(files))
        time.sleep(0.01)

watcher = threading.Thread(target=watch, daemon=True)
watcher.start()
given = {} if kind == "corpus" else {"folder": folder / "space", "memory": memory}
work = engine.connect(**given)
rows = work.read(path)
other = rows.select(key=2_000_000 - 1 - rows.key, other=rows.text)
joined = rows.join(other, "key").order_by("other", "key")
n = sum(batch.num_rows for batch in work.batches(joined.select("key", "text", "other")))
limit = work.backend.raw_sql("SELECT current_setting('memory_limit')").fetchone()[0]
work.close()
over.set()
watcher.join()
left = [str(f) for f in folder.rglob("spill/*")]
print(json.dumps({"n": n, "base": base, "peak": peak[0], "spilled": spilled[0], "limit": limit,
                  "left": left}))
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["corpus", "workspace"])
def test_a_join_larger_than_the_limit_finishes_within_it(kind, tmp_path):
    (tmp_path / "space").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path), f"{LIMIT}MB", kind],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["n"] == 2_000_000
    assert found["limit"] == "381.4 MiB"
    assert found["spilled"]
    assert found["peak"] - found["base"] < LIMIT + OTHER
    assert not found["left"]
