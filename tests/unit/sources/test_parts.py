"""The interchange format in parts: the same corpus as from one folder, and refusals."""

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foresight.corpus import runs
from foresight.corpus.store import write_corpus
from foresight.errors import SourceError, TableError
from foresight.run.reading import read_bulk
from foresight.sources.bulk.formats import bulk_files, open_bulk
from foresight.sources.interchange import read_interchange

FORM = "interchange-parts"


def frames(total=40):
    ids = [f"d{(7 * n) % total:02}" for n in range(total)]
    documents = pd.DataFrame({"doc_id": ids}).assign(
        kind=["patent", "paper"] * (total // 2), title=[f"Fuel cell {n}" for n in range(total)],
        abstract=[None if n % 3 else "An abstract, 电池。" for n in range(total)],
        published=[f"20{n % 20:02}-02-03" for n in range(total)],
        family_id=[f"F{n // 2}" for n in range(total)],
    )  # fmt: skip
    references = pd.DataFrame(
        {"citing_id": ids[: total - total // 4], "cited_id": ids[total // 4 :]}
    )
    classes = pd.DataFrame({"doc_id": ids, "scheme": "cpc"}).assign(
        code=[f"h01m {n % 4}/{n:02}" for n in range(total)], primary=True
    )
    more = pd.DataFrame({"doc_id": ids[:9], "scheme": "cpc", "code": "G06N 3/08", "primary": False})
    parties = pd.DataFrame({"doc_id": ids, "role": "applicant", "position": 0}).assign(
        org=[f"Firm {n % 5} Co., Ltd." for n in range(total)], country="China", city="Hangzhou"
    )
    events = pd.DataFrame({"doc_id": ids[:5], "date": "2020-01-01", "event": "grant"})
    return {"documents": documents, "references": references, "parties": parties, "events": events,
            "classes": pd.concat([classes, more])}  # fmt: skip


def write_parts(folder, tables, *, size=7):
    folder.mkdir()
    ids = tables["documents"]["doc_id"].tolist()
    for number, first in enumerate(range(0, len(ids), size)):
        mine = set(ids[first : first + size])
        for name, frame in tables.items():
            owner = "citing_id" if name == "references" else "doc_id"
            some = frame[frame[owner].isin(mine)]
            if len(some):
                some.to_parquet(folder / f"{name}-{number:03}.parquet", index=False)
    return folder


@pytest.fixture
def corpora(tmp_path, monkeypatch):
    monkeypatch.setenv("FORESIGHT_CORPORA", str(tmp_path / "corpora"))
    monkeypatch.setenv("FORESIGHT_RAW", str(tmp_path / "raw"))


def test_parts_make_the_corpus_of_the_whole(tmp_path, corpora, monkeypatch):
    for name, value in (("RUN", 8), ("PIECE", 4), ("SAMPLE", 1), ("GROUP", 2)):
        monkeypatch.setattr(runs, name, value)
    tables = frames()
    (tmp_path / "whole").mkdir()
    for name, frame in tables.items():
        frame.to_parquet(tmp_path / "whole" / f"{name}.parquet", index=False)
    whole = write_corpus(read_interchange(tmp_path / "whole"), name="whole")
    parts, report = read_bulk(FORM, [write_parts(tmp_path / "parts", tables)], name="parts")
    assert (report.rows_in, report.rows_out, report.rows_repeated) == (40, 40, 0)
    for name in ("digest", "rows", "tables", "fields", "first_published", "last_published"):
        assert parts.manifest[name] == whole.manifest[name], name
    for name, key in (("search_text", "doc_id"), ("history", "doc_id"),
                      ("first_organisations", "org_id")):  # fmt: skip
        one, other = (
            corpus.read(corpus.table(name)).sort_values(key).reset_index(drop=True)
            for corpus in (whole, parts)
        )
        pd.testing.assert_frame_equal(one, other)


def test_the_first_of_two_records_counts(tmp_path, corpora):
    tables = frames(4)
    again = tables["documents"].iloc[[1]].assign(title="Later")
    folder = write_parts(tmp_path / "parts", tables)
    pq.write_table(pa.Table.from_pandas(again), folder / "documents-900.parquet")
    corpus, report = read_bulk(FORM, [folder], name="twice")
    assert (report.rows_in, report.rows_out, report.rows_repeated) == (5, 4, 1)
    assert "Later" not in set(corpus.read(corpus.table("documents"))["title"])


def test_what_parts_must_hold(tmp_path):
    folder = write_parts(tmp_path / "parts", frames())

    def batches():
        return list(open_bulk(FORM, bulk_files(FORM, [folder])).batches)

    assert sum(batch.rows_in for batch in batches()) == 40
    stray = pd.DataFrame({"citing_id": ["d39", "elsewhere"], "cited_id": ["x", "y"]})
    stray.to_parquet(folder / "references-000.parquet", index=False)
    with pytest.raises(TableError, match=r"references-000\.parquet has [12] row\(s\) of documents"):
        batches()
    (folder / "documents-000.parquet").unlink()
    with pytest.raises(SourceError, match=r"Part 000 has no documents-000\.parquet"):
        batches()
    (folder / "notes.parquet").write_bytes(b"")
    with pytest.raises(SourceError, match=r"notes\.parquet is no table of a part"):
        batches()
