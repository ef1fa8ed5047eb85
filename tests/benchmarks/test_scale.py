"""What each stage costs as a corpus grows: import, matching, denominators, citation edges.

FORESIGHT_SCALE names the sizes in documents (default: 100000), FORESIGHT_SCALE_FOLDER where the
generated files go (default: a temporary folder), FORESIGHT_SCALE_TEXTS the corpora whose texts are
put together anew (default: sample). A stage may hold 8 GiB. Every result is added to `scale.jsonl`
of the outputs as soon as it is known. Nothing timed is asserted; that the results agree is.
"""

import json
import os
import shutil
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
import scale_corpus
from scale_donors import read_donors
from scale_measure import LIMIT, folder_size, measured

from foresight import settings
from foresight.sources.base import TABLES

SIZES = [int(size) for size in os.environ.get("FORESIGHT_SCALE", "100000").split(",")]
TEXTS = tuple(os.environ.get("FORESIGHT_SCALE_TEXTS", "sample").split(","))
TRACK = "advanced-batteries"
MOST_BY_LOOP = 10_000  # documents that the loop over terms goes through, at most


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    named = os.environ.get("FORESIGHT_SCALE_FOLDER")
    return Path(named) if named else tmp_path_factory.mktemp("scale")


@pytest.fixture
def keep(monkeypatch, folder, report):
    """Run a stage in the folder, write its result down and print it."""
    results = settings.outputs_dir() / "benchmarks" / "scale.jsonl"
    results.parent.mkdir(parents=True, exist_ok=True)

    def run(size, stage, *arguments):
        monkeypatch.setenv("FORESIGHT_CORPORA", str(folder / "corpora"))
        monkeypatch.setenv("FORESIGHT_RAW", str(folder / "raw"))
        found = {"size": size, **measured(stage, *map(str, arguments), disk=folder / "corpora")}
        with results.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(found) + "\n")
        seconds = found["seconds"]
        report(
            f"{size:,} documents, {stage}: {seconds:.1f} s ({found['cpu_s']:.0f} s of processor), "
            f"{size / seconds:,.0f} documents/s, peak {found['peak_bytes'] / 2**30:.2f} GiB"
            f"{'' if found['capped'] else ' (limit not enforced)'}, disk "
            f"{found['disk_bytes'] / 1e9:.2f} GB (peak {found['disk_peak_bytes'] / 1e9:.2f}), "
            f"load {found['load'][0]:.1f} to {found['load'][1]:.1f}"
        )
        assert found["peak_bytes"] <= LIMIT
        return found

    return run


@pytest.mark.parametrize("size", SIZES)
def test_stages(size, sample, folder, keep, report):
    name, parts = f"generated-{size}", folder / f"parts-{size}"
    if not parts.is_dir():
        scale_corpus.write_scale_corpus(size, parts, texts=TEXTS, jobs=2)
    report(f"{size:,} documents as parts: {folder_size(parts) / 1e9:.2f} GB")
    made = keep(size, "import", parts, name)
    assert made["rows"]["documents"] == size
    matched = keep(size, "match", name)
    scan = keep(size, "scan", name)
    report(
        f"matching over reading the same columns: {matched['seconds'] / scan['duckdb_s']:.1f} "
        f"(DuckDB), {matched['seconds'] / scan['pyarrow_s']:.1f} (pyarrow)"
    )
    years = keep(size, "years", name)
    assert years["documents"] == size
    edges = keep(size, "edges", name, TRACK)
    assert edges["among"] >= edges["touching"]
    loop = keep(size, "pandas", name, min(size // 100, MOST_BY_LOOP))
    report(
        f"a loop over terms on {loop['documents']:,} documents: {loop['pandas_s']:.1f} s, ours "
        f"{loop['ours_s']:.1f} s; for all {size:,} by the loop: "
        f"{loop['pandas_s'] * size / loop['documents']:,.0f} s"
    )


@pytest.fixture(scope="module")
def digests():
    """Digests of corpora that hold the same documents, by their number."""
    return {}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", ["newest", "middle"])
def test_a_delivery_of_one_per_cent(
    size, place, sample, folder, keep, report, monkeypatch, digests
):
    """1 % of the documents, the newest or of the middle years, added to the other 99 %."""
    name = f"{place}-{size}"
    monkeypatch.setattr(scale_corpus, "PART", -(-size // 100))
    base, part = folder / f"base-{name}", folder / f"part-{name}"
    for old in (base, part):
        shutil.rmtree(old, ignore_errors=True)
    scale_corpus.write_scale_corpus(size, base, texts=TEXTS, jobs=2)
    part.mkdir()
    parts = sorted({file.stem.rpartition("-")[2] for file in base.iterdir()})
    for file in base.glob(f"*-{parts[-1] if place == 'newest' else parts[len(parts) // 2]}.*"):
        file.rename(part / file.name)
    first = [keep(size, "import", base, name), keep(size, "match", name)]
    more = [
        keep(size, "import", part, f"part-{name}"),
        keep(size, "add", f"part-{name}", name),
        keep(size, "match", name, "again"),
    ]
    assert more[1]["rows"]["documents"] == size
    assert digests.setdefault(size, more[1]["digest"]) == more[1]["digest"]
    whole, added = (sum(stage["cpu_s"] for stage in stages) for stages in (first, more))
    report(f"1 % ({place}) for {added / whole:.1%} of the other 99 %, by processor time")


def test_a_generated_corpus_is_the_same_however_it_is_cut(sample, monkeypatch):
    """Every value is a function of its document, and no document cites a later one."""
    total = 6000
    made = {}
    for part in (6000, 2048):
        monkeypatch.setattr(scale_corpus, "PART", part)
        pieces = [
            scale_corpus.part_tables(number, total=total, donors=read_donors(TEXTS))
            for number in range(-(-total // part))
        ]
        made[part] = {
            name: pa.concat_tables([piece[name] for piece in pieces]).to_pandas()
            for name in scale_corpus.TABLES
        }
    for name in scale_corpus.TABLES:
        keys = list(TABLES[name].key)
        one, other = (made[part][name].sort_values(keys).reset_index(drop=True) for part in made)
        pd.testing.assert_frame_equal(one, other)
        assert not one.duplicated(keys).any()
    published = made[6000]["documents"].set_index("doc_id")["published"]
    references = made[6000]["references"]
    cited = references["cited_id"].map(published)
    assert (cited.to_numpy() <= references["citing_id"].map(published).to_numpy()).all()
