"""Readers of whole data sets: what they take, refuse and count, and that batches leave no trace."""

import gzip
import json
import random
import re

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bulk_samples import (
    BAD_LINES,
    arxiv_records,
    as_lines,
    google_file,
    patentsview_folder,
    snapshot_folder,
    work,
    works,
)

from foresight.corpus import runs
from foresight.errors import SourceError
from foresight.sources.bulk import google_patents, lines, patentsview
from foresight.sources.bulk.formats import bulk_files, open_bulk
from foresight.sources.bulk.openalex import stream_openalex
from foresight.sources.exports import read_export
from foresight.sources.live.openalex import OpenAlex
from foresight.sources.live.read import read_bodies
from foresight.sources.records import Options


def read(form, *paths):
    """Batches of a format: records in, tables (with their records' numbers), refused rows."""
    rows_in, tables, refused, counts = 0, {}, [], {}
    for batch in open_bulk(form, bulk_files(form, list(paths))).batches:
        rows_in += batch.rows_in
        refused += batch.refused.to_pylist()
        for name, data in batch.tables.items():
            tables.setdefault(name, []).extend(data.to_pylist())
        for name, number in batch.counts.items():
            counts[name] = counts.get(name, 0) + number
    return rows_in, tables, refused, counts


def plain_rows(rows, key):
    bare = [{k: v for k, v in row.items() if k != "row"} for row in rows]
    return sorted(bare, key=lambda row: json.dumps([row[k] for k in key], default=str))


def test_the_snapshot_reads_as_the_service_does(tmp_path):
    records = [r for r in works() if r["id"] != works()[3]["id"]]  # nothing twice
    path = tmp_path / "part_000.gz"
    path.write_bytes(gzip.compress(as_lines(records)))
    _, ours, refused, counts = read("openalex-snapshot", path)

    class Unfinished(OpenAlex):
        def finish(self, tables, aliases):  # both before references are turned
            return dict(tables)

    body = json.dumps({"results": records}).encode()
    other = read_bodies(Unfinished(), [("page", body)], today="2030-01-01")
    for name, key in (
        ("documents", ["doc_id"]),
        ("references", ["citing_id", "cited_id"]),
        ("classes", ["doc_id", "scheme", "code"]),
        ("parties", ["doc_id", "position"]),
    ):
        assert plain_rows(ours[name], key) == plain_rows(other.tables[name].to_pylist(), key), name
    assert len(refused) == len(other.report.refusals)
    for name in ("affiliations_beyond_first", "dates_completed_documents_published"):
        assert counts[name] == other.counts[name]


def test_a_key_twice_in_an_index_keeps_the_abstract(tmp_path):
    rng = random.Random(1)  # noqa: S311
    line = json.dumps(work(4, rng, abstract_inverted_index={"a": [0], "b": [1]}))
    path = tmp_path / "w.jsonl"
    path.write_text(line.replace('{"a": [0], "b": [1]}', '{"a": [0], "b": [1], "a": [2]}'))
    _, tables, _, _ = read("openalex-snapshot", path)
    assert tables["documents"][0]["abstract"] == "b a"


def account(output):
    numbers = re.search(
        r"rows: ([\d,]+) in = ([\d,]+) out \+ ([\d,]+) repeated \+ ([\d,]+) refused", output
    )
    return tuple(int(text.replace(",", "")) for text in numbers.groups())


def manifest(project, name):
    return json.loads((project.root / "corpora" / name / "manifest.json").read_text())


def table(project, name, part):
    return pq.read_table(project.root / "corpora" / name / f"{part}.parquet").to_pylist()


def test_a_folder_of_the_snapshot_becomes_a_corpus(project, tmp_path):
    folder = snapshot_folder(tmp_path / "works")
    done = project.run("corpus", "read", "openalex-snapshot", str(folder), "--name", "snap")
    assert done.exit_code == 0, done.output
    made = manifest(project, "snap")
    rows_in, rows_out, repeated, refused = account(done.output)
    assert (rows_in, repeated) == (len(works()) + 4, 1)
    assert rows_in == rows_out + repeated + refused
    assert made["rows"]["documents"] == rows_out
    assert made["counts"]["records_refused"] == refused
    assert set(made["origin"]) == {f"updated_date=2024-0{m}-01/part_000.gz" for m in (1, 2)}
    listed = pd.read_csv(project.root / "corpora" / "snap.refused.csv")
    assert len(listed) == refused
    assert set(listed["reason"]) == {
        "no OpenAlex id", "no title", "no date of publication", "not JSON", "not a JSON object",
        "not UTF-8",
    }  # fmt: skip
    assert set(listed["file"]) <= set(made["origin"])
    cited = {row["cited_id"] for row in table(project, "snap", "references")}
    assert "doi:10.1000/work1" in cited
    assert "openalex:W1" not in cited
    author = table(project, "snap", "parties")[0]
    assert (author["org_id"], author["region"]) == ("zhejiang university", "Zhejiang")
    card = json.loads((project.root / "raw" / "snap" / "card.json").read_text())
    assert {file["name"] for file in card["files"]} == set(made["origin"])
    assert (project.root / "raw" / "snap" / "updated_date=2024-01-01" / "part_000.gz").is_file()


def test_the_size_of_batches_leaves_no_trace(project, tmp_path, monkeypatch):
    folder = snapshot_folder(tmp_path / "works")
    project.run("corpus", "read", "openalex-snapshot", str(folder), "--name", "a")
    monkeypatch.setattr(lines, "BATCH", 3)
    project.run("corpus", "read", "openalex-snapshot", str(folder), "--name", "b")
    left, right = manifest(project, "a"), manifest(project, "b")
    for name in ("digest", "counts", "rows", "fields", "caveats"):
        assert left[name] == right[name]
    same = [(project.root / "corpora" / f"{n}.refused.csv").read_bytes() for n in "ab"]
    assert same[0] == same[1]


def test_arxiv_metadata(project, tmp_path):
    path = tmp_path / "arxiv-metadata-oai-snapshot.json"
    path.write_bytes(as_lines(arxiv_records()))
    done = project.run("corpus", "read", "arxiv-metadata", str(path), "--name", "ax")
    assert done.exit_code == 0, done.output
    assert account(done.output) == (31, 27, 1, 3)
    documents = {row["source_id"]: row for row in table(project, "ax", "documents")}
    old = documents["hep-th/9901001"]
    assert old["doc_id"] == "arxiv:hep-th/9901001"
    assert (old["published"], old["venue"]) == ("2007-04-02", "arXiv")
    assert old["title"] == "Qubits and their number 0"
    assert old["abstract"] == "We show that qubits can be counted < 5."
    assert documents["0702.00001"]["doc_id"] == "doi:10.1103/physrevd.76.1"
    people = [r for r in table(project, "ax", "parties") if r["doc_id"] == old["doc_id"]]
    assert [row["name"] for row in people] == ["A. Ä. Émile", "B. Li Jr"]
    codes = [r for r in table(project, "ax", "classes") if r["doc_id"] == old["doc_id"]]
    assert [(r["code"], r["primary"]) for r in codes] == [("cs.LG", False), ("quant-ph", True)]


def test_google_patents(project, tmp_path):
    path = google_file(tmp_path / "publications.parquet")
    done = project.run("corpus", "read", "google-patents", str(path), "--name", "gp")
    assert done.exit_code == 0, done.output
    assert account(done.output) == (9, 4, 1, 4)
    documents = {row["doc_id"]: row for row in table(project, "gp", "documents")}
    assert set(documents) == {"CN110000001A", "CN110000001B", "US7642217B2", "DE102014009903A1"}
    first = documents["CN110000001A"]
    assert (first["title"], first["abstract"]) == ("Solid battery electrolyte", "An electrolyte.")
    assert (first["published"], first["filed"], first["family_id"]) == (
        "2019-07-02", "2018-01-01", "61000001"
    )  # fmt: skip
    assert first["granted"] is None
    grant = documents["US7642217B2"]
    assert (grant["title"], grant["granted"], grant["family_id"]) == (
        "Cell & stack", "2010-01-05", None
    )  # fmt: skip
    assert documents["DE102014009903A1"]["language"] == "de"
    events = [(r["doc_id"], r["date"]) for r in table(project, "gp", "events")]
    assert events == [("CN110000001B", "2021-03-01"), ("US7642217B2", "2010-01-05")]
    cited = [r["cited_id"] for r in table(project, "gp", "references")
             if r["citing_id"] == "CN110000001A"]  # fmt: skip
    assert cited == ["US7642217B2", "doi:10.1000/abc"]
    people = [(r["role"], r["name"], r["org"]) for r in table(project, "gp", "parties")
              if r["doc_id"] == "CN110000001A"]  # fmt: skip
    assert people == [
        ("applicant", None, "ZHEJIANG UNIV"), ("applicant", "LI WEI", None),
        ("inventor", "LI WEI", None),
    ]  # fmt: skip
    counts = manifest(project, "gp")["counts"]
    assert counts["records_refused"] == 4
    reasons = pd.read_csv(project.root / "corpora" / "gp.refused.csv")
    assert sorted(reasons["reason"]) == [
        "left out: utility model", "no date of publication", "no title", "no usable id"
    ]  # fmt: skip
    assert list(reasons["line"]) == [3, 5, 6, 9]


@pytest.mark.parametrize("small", [False, True])
def test_patentsview_tables(project, tmp_path, monkeypatch, small):
    if small:  # a run and a piece for each patent: classes and citations come long after
        for name in ("RUN", "PIECE", "SAMPLE", "GROUP", "ROWS_EACH"):
            monkeypatch.setattr(runs, name, 1)
    folder = patentsview_folder(tmp_path / "pv")
    done = project.run("corpus", "read", "patentsview-tables", str(folder), "--name", "pv")
    assert done.exit_code == 0, done.output
    assert account(done.output) == (7, 3, 1, 3)
    documents = {row["doc_id"]: row for row in table(project, "pv", "documents")}
    assert set(documents) == {"US10000001B2", "US10000002B1", "US9000001B2"}
    first, second = documents["US10000001B2"], documents["US10000002B1"]
    assert first["title"] == 'Battery "solid" cell'
    assert first["abstract"] == "A cell with a solid electrolyte."
    assert (first["filed"], first["granted"]) == ("2017-01-03", "2018-06-19")
    assert (second["title"], second["filed"]) == ("Multi line title", None)
    assert documents["US9000001B2"]["status"] == "withdrawn"
    classes = [(r["code"], r["primary"]) for r in table(project, "pv", "classes")]
    assert classes == [("H01M10/0562", True), ("Y02E60/10", False)]
    references = [(r["citing_id"], r["cited_id"], r["cited_year"])
                  for r in table(project, "pv", "references")]  # fmt: skip
    assert references == [
        ("US10000001B2", "doi:10.1000/abc", None),
        ("US10000002B1", "US10000001B2", 2018),
        ("US10000002B1", "US20200012345", None),
        ("US10000002B1", "US7642217", 2010),
    ]
    parties = [(r["doc_id"], r["role"], r["name"], r["org"], r["region"])
               for r in table(project, "pv", "parties")]  # fmt: skip
    assert parties == [
        ("US10000001B2", "inventor", "Wei Li", None, "Zhejiang"),
        ("US10000001B2", "inventor", "Bo Wang", None, "Zhejiang"),
        ("US10000001B2", "owner", None, "Zhejiang University", "Zhejiang"),
        ("US10000002B1", "owner", "Wei Li", None, "CA"),
    ]
    counts = manifest(project, "pv")["counts"]
    assert counts["references_without_id"] == 1
    assert counts["rows_of_other_patents_g_cpc_current"] == 1


def patents_read(tmp_path, *rows):
    """Lines and ids of the patents, and the refused rows, of a table with such rows."""
    text = "patent_id\tpatent_type\tpatent_date\tpatent_title\twipo_kind\tfilename\n"
    folder = patentsview_folder(tmp_path / "pv", g_patent=text + "\n".join(rows) + "\n")
    rows_in, tables, refused, _ = read("patentsview-tables", folder)
    assert rows_in == len(tables["documents"]) + len(refused)
    documents = [(row["row"], row["doc_id"]) for row in tables["documents"]]
    return documents, [(row["line"], row["reason"]) for row in refused]


def patent_row(number, title, end="x.xml"):
    return f"{number}\tutility\t2018-06-19\t{title}\tB2\t{end}"


def test_rows_keep_their_numbers_behind_a_ragged_one(tmp_path):
    documents, refused = patents_read(
        tmp_path, patent_row(1000001, "a"), "1000002\tutility\tx", "", patent_row(1000003, "c"),
        "1000004", patent_row(1000005, ""), patent_row(1000006, "f"),
    )  # fmt: skip
    assert documents == [(2, "US1000001B2"), (4, "US1000003B2"), (7, "US1000006B2")]
    assert sorted(refused) == [
        (3, "3 cells instead of 6"), (5, "1 cells instead of 6"), (6, "no title")
    ]  # fmt: skip


@pytest.mark.parametrize("column", ["title", "end"])  # one that is read, one that is not
def test_rows_that_a_quote_runs_together_are_each_refused(tmp_path, column):
    documents, refused = patents_read(
        tmp_path, patent_row(1000001, "a"), patent_row(1000002, **{"title": "b", column: '"b'}),
        patent_row(1000003, "c"), patent_row(1000004, **{"title": "d", column: '"d"'}),
        patent_row(1000005, '"two\nlines"'), patent_row(1000006, '"a\ttab\nand a line"'),
    )  # fmt: skip
    assert documents == [(2, "US1000001B2"), (4, "US1000005B2"), (5, "US1000006B2")]
    assert refused == [(3, "one of 3 lines that a quote without end makes one row")] * 3


def test_rows_that_a_quote_takes_to_the_end_are_each_refused(tmp_path):
    documents, refused = patents_read(
        tmp_path, patent_row(1000001, "a"), patent_row(1000002, '"b'), patent_row(1000003, "c")
    )
    assert documents == [(2, "US1000001B2")]
    assert refused == [(3, "one of 2 lines that a quote without end makes one row")] * 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"g_patent": None}, "g_patent.tsv.zip is missing"),
        ({"g_other": "a\tb\n"}, "none of PatentsView's tables"),
        ({"g_application": "patent_id\tday\n1\t2\n"}, "lacks the column"),
        ({"g_patent": "patent_id\tpatent_id\n"}, "lacks the column"),
    ],
)
def test_other_tables_are_refused(tmp_path, changes, words):
    folder = patentsview_folder(tmp_path / "pv", **changes)
    with pytest.raises(SourceError, match=words):
        read("patentsview-tables", folder)


def test_other_files_are_refused(project, tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"no parquet")
    with pytest.raises(SourceError, match="cannot be read as Parquet"):
        read("google-patents", tmp_path / "a.parquet")
    pq.write_table(pq.read_table(google_file(tmp_path / "b.parquet")).select(["cpc"]),
                   tmp_path / "b.parquet")  # fmt: skip
    with pytest.raises(SourceError, match="lacks the column"):
        read("google-patents", tmp_path / "b.parquet")
    whole = pq.read_table(google_file(tmp_path / "b.parquet"))
    pq.write_table(whole.append_column("family_id", whole["kind_code"]), tmp_path / "b.parquet")
    with pytest.raises(SourceError, match="has the column family_id twice"):
        read("google-patents", tmp_path / "b.parquet")
    for values in (pa.array(["[]"] * 9), pa.array([["LI WEI"]] * 9), pa.array([1] * 9)):
        place = whole.column_names.index("inventor_harmonized")
        changed = whole.set_column(place, "inventor_harmonized", values)
        pq.write_table(changed, tmp_path / "b.parquet")
        with pytest.raises(SourceError, match="column `inventor_harmonized` is"):
            read("google-patents", tmp_path / "b.parquet")
    (tmp_path / "c.gz").write_bytes(gzip.compress(as_lines(works()))[:-900])
    with pytest.raises(SourceError, match="is damaged"):
        read("openalex-snapshot", tmp_path / "c.gz")
    with pytest.raises(SourceError, match="does not exist"):
        bulk_files("openalex-snapshot", [tmp_path / "nowhere"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="holds no file"):
        bulk_files("openalex-snapshot", [tmp_path / "empty"])
    (tmp_path / "none.jsonl").write_bytes(BAD_LINES)
    done = project.run("corpus", "read", "arxiv-metadata", str(tmp_path / "none.jsonl"),
                       "--name", "none")  # fmt: skip
    assert done.exit_code == 2
    assert "None of 4 record(s) became a document" in done.output
    assert "not JSON" in done.output


def test_the_readers_hold_no_more_than_a_batch(tmp_path, monkeypatch):
    """Batches come one by one: the second is made only when it is asked for."""
    path = tmp_path / "w.jsonl"
    path.write_bytes(as_lines(works()))
    monkeypatch.setattr(lines, "BATCH", 10)
    stream = stream_openalex([path], names=["w.jsonl"])
    assert next(stream.batches).rows_in == 10
    monkeypatch.setattr(google_patents, "ROWS", 2)
    other = open_bulk("google-patents", {"g": google_file(tmp_path / "g.parquet")})
    assert next(other.batches).rows_in == 2
    assert patentsview.ROWS <= 1 << 16


@pytest.mark.parametrize(
    ("day", "year", "published", "completed"),
    [
        ("2021-01-01", 2021, "2021-12-31", 1),  # what the service writes for a year
        ("2021-01-02", 2021, "2021-01-02", 0),
        ("2021-10-01", 2021, "2021-10-01", 0),
        (None, 2021, "2021-12-31", 1),
        (None, None, None, 0),
    ],
)
def test_openalex_dates_are_the_same_by_every_way(tmp_path, day, year, published, completed):
    record = work(4, random.Random(1), publication_date=day, publication_year=year)  # noqa: S311
    path = tmp_path / "w.jsonl"
    path.write_text(json.dumps(record))
    _, tables, _, counts = read("openalex-snapshot", path)
    body = json.dumps({"results": [record]}).encode()
    live = read_bodies(OpenAlex(), [("page", body)], today="2030-01-01")
    (tmp_path / "w.csv").write_text(
        "id,display_name,publication_date,publication_year\n"
        f"https://openalex.org/W4,Study,{day or ''},{year or ''}\n"
        "https://openalex.org/W5,Other,2020-05-06,2020\n"
    )
    export = read_export("openalex", [tmp_path / "w.csv"], options=Options(today="2030-01-01"))
    found = [
        [row["published"] for row in tables.get("documents", [])],
        live.tables["documents"]["published"].to_pylist(),
        [row["published"] for row in export.tables["documents"].to_pylist()
         if row["source_id"] == "W4"],
    ]  # fmt: skip
    assert found == [[published] if published else []] * 3
    name = "dates_completed_documents_published"
    assert [c.get(name, 0) for c in (counts, live.counts, export.counts)] == [completed] * 3
