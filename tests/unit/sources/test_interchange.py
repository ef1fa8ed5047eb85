import gzip
import json

import pandas as pd
import pytest

from foresight.corpus.store import write_corpus
from foresight.errors import ForesightError, SourceError, TableError
from foresight.sources.interchange import read_interchange
from foresight.sources.values import full_date

TODAY = "2024-06-01"
HEAD = "doc_id,kind,title,published\n"
ROW = "d1,patent,A title,2001-01-01\n"


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "given"
    path.mkdir()
    return path


def put(folder, name, text):
    data = text.encode("utf-8")
    (folder / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)


def read(folder):
    return read_interchange(folder, today=TODAY)


def column(source, name, table="documents"):
    return source.tables[table][name].to_pylist()


@pytest.mark.parametrize("name", ["documents.csv", "documents.csv.gz"])
def test_csv(folder, name):
    put(folder, name, HEAD + '00123,patent,"two\nlines, ""quoted""",2001-01-01\n')
    source = read(folder)
    assert column(source, "doc_id") == ["00123"]
    assert column(source, "title") == ['two\nlines, "quoted"']
    assert column(source, "abstract") == [None]
    assert list(source.origin) == [name]


@pytest.mark.parametrize("name", ["documents.jsonl", "documents.jsonl.gz"])
def test_jsonl(folder, name):
    rows = [
        {"doc_id": "007", "kind": "paper", "title": "t", "published": 2001},
        {"doc_id": 12345678901234567890, "kind": "paper", "title": "t", "published": "2001-05"},
    ]
    put(folder, name, "\n".join(json.dumps(row) for row in rows) + "\n\n")
    source = read(folder)
    assert column(source, "doc_id") == ["007", "12345678901234567890"]
    assert column(source, "published") == ["2001-12-31", "2001-05-31"]


def test_parquet_with_typed_columns(folder):
    frame = pd.DataFrame(
        {
            "doc_id": [1, 2],
            "kind": pd.Categorical(["paper", "patent"]),
            "title": ["a", "b"],
            "published": pd.to_datetime(["2001-01-01", "2002-02-02"]),
            "filed": [2000.0, None],
        }
    )
    frame.to_parquet(folder / "documents.parquet")
    source = read(folder)
    assert column(source, "doc_id") == ["1", "2"]
    assert column(source, "published") == ["2001-01-01", "2002-02-02"]
    assert column(source, "filed") == ["2000-12-31", None]


def test_all_tables_and_a_byte_order_mark(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("FORESIGHT_CORPORA", str(tmp_path / "corpora"))
    put(folder, "documents.csv", "\ufeff" + HEAD + ROW)
    put(folder, "references.csv", "citing_id,cited_id,cited_year\nd1,outside,1999\n")
    put(
        folder, "classes.jsonl", '{"doc_id":"d1","scheme":"cpc","code":"H01M 10/05","primary":true}'
    )
    put(folder, "parties.csv", "doc_id,role,position,org\nd1,owner,0,Canon Inc\n")
    put(folder, "events.csv", "doc_id,date,event\nd1,20020304,lapse\n")
    corpus = write_corpus(read(folder), name="mine")
    assert set(corpus.manifest["rows"].values()) == {1}
    assert corpus.manifest["licence"]["en"] == "licence not stated by the supplier"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2001", ("2001-12-31", True)),
        ("2001-02", ("2001-02-28", True)),
        ("2004-02", ("2004-02-29", True)),
        ("2001-02-03", ("2001-02-03", False)),
        ("20010203", ("2001-02-03", False)),
        ("2001-02-03T10:00:00Z", ("2001-02-03", False)),
        ("2001-02-30", None),
        ("2001-13", None),
        ("01/02/2001", None),
        ("200102", None),
        ("0000", None),
        ("n/a", None),
    ],
)
def test_dates(text, date):
    assert full_date(text) == date


def test_completed_dates_are_counted_and_said(folder):
    put(folder, "documents.csv", HEAD + ROW + "d2,patent,t,2002\nd3,paper,t,2003-04\n")
    source = read(folder)
    assert source.counts["dates_completed_documents_published"] == 2
    assert "2 document(s) give only a year or month" in source.caveats[0]["en"]


def test_a_future_document_is_kept_and_said(folder):
    put(folder, "documents.csv", HEAD + ROW + "d2,patent,t,2024-06-02\n")
    source = read(folder)
    assert column(source, "doc_id") == ["d1", "d2"]
    assert source.counts["published_in_future"] == 1
    assert "enter no view" in source.caveats[0]["en"]
    assert "2024-06-01" in source.caveats[0]["zh"]


def test_unknown_columns_are_said_and_ignored(folder):
    put(folder, "documents.csv", "doc_id,kind,title,published,cited_by\nd1,paper,t,2001,9\n")
    source = read(folder)
    assert "cited_by" not in source.tables["documents"].column_names
    assert any("cited_by" in caveat["en"] for caveat in source.caveats)


def test_titles_are_kept_to_the_letter(folder):
    titles = ["<script>", '=HYPERLINK("x")', "{{x}}", "#import", "  spaces ", "null", "NA"]
    frame = pd.DataFrame({"title": titles, "kind": "paper", "published": "2001"})
    frame.insert(0, "doc_id", [f"d{i}" for i in range(len(titles))])
    frame.to_csv(folder / "documents.csv", index=False)
    assert column(read(folder), "title") == titles


def test_a_missing_folder_and_a_file_in_its_place(folder):
    with pytest.raises(SourceError, match="does not exist"):
        read(folder / "nowhere")
    put(folder, "x", "y")
    with pytest.raises(SourceError, match="is a file, not a folder"):
        read(folder / "x")


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "no documents file.*found: nothing"),
        ({"document.csv": HEAD}, r"Is document\.csv meant"),
        ({"documents.xlsx": "x"}, r"no documents file.*documents\.xlsx"),
        ({"documents.csv": HEAD + ROW, "documents.jsonl": "{}"}, "2 files for table `documents`"),
        ({"documents.csv": ""}, r"0 bytes"),
        ({"documents.csv": HEAD}, "has no rows"),
        ({"documents.jsonl": "\n"}, "has no rows"),
        ({"documents.csv": HEAD + "d1,patent\n"}, "another number of cells.*has 2, expected 4"),
        ({"documents.csv": HEAD + "d1,patent,a,b,2001\n"}, "has 5, expected 4"),
        ({"documents.csv": HEAD + 'd1,patent,"open,2001\n'}, "documents.csv"),
        ({"documents.csv": "doc_id,doc_id,kind\n1,2,3\n"}, "doc_id twice"),
        ({"documents.csv": "doc_id;kind;title;published\n1;2;3;4\n"}, "separated by commas"),
        ({"documents.csv": "doc_id,kind,titel,published\nd,paper,t,2001\n"}, "`titel` meant"),
        ({"documents.csv": "DOC_ID,kind,title,published\nd,paper,t,2001\n"}, "`DOC_ID` meant"),
        ({"documents.csv": "doc_id,kind,published\nd,paper,2001\n"}, "lacks the column.* title"),
        ({"documents.csv": HEAD + "d1,patents,t,2001\n"}, "'patents' meant to be 'patent'"),
        ({"documents.csv": HEAD + "d1,patent,,2001\n"}, "`title` is empty in 1 of 1"),
        ({"documents.csv": HEAD + "d1,patent,  ,2001\n"}, "`title` is empty in 1 of 1"),
        ({"documents.csv": HEAD + ROW + "d2,patent,t,soon\n"}, r"not a date: 'soon'.*record 2"),
        ({"documents.jsonl": "{"}, "line 1 is not JSON"),
        ({"documents.jsonl": "[1]"}, "holds a list, not an object"),
        ({"documents.jsonl": '{"title": ["a"]}'}, "`title` holds a list"),
        ({"documents.parquet": "PAR1"}, "cannot be read as Parquet"),
        (
            {"documents.csv": HEAD + ROW, "corpus.yml": "author: me"},
            r"unknown key\(s\) \['author'\]",
        ),
        ({"documents.csv": HEAD + ROW, "corpus.yml": "a: [b"}, "cannot be read"),
        ({"documents.csv": HEAD + ROW, "corpus.yml": "title: {fr: x}"}, "each of zh and en"),
        ({"documents.csv": HEAD + ROW, "corpus.yml": "", "card.json": "{}"}, "both"),
    ],
)
def test_faults_are_one_clear_message(folder, files, words):
    for name, text in files.items():
        put(folder, name, text)
    with pytest.raises(ForesightError, match=f"(?s){words}"):
        read(folder)


@pytest.mark.parametrize(
    "data",
    [
        (HEAD + "d1,patent,标题,2001\n").encode("gb18030"),
        (HEAD + ROW).encode("utf-16"),
        (HEAD + "d1,patent,").encode() + b"\xe6\xa0",
    ],
)
def test_another_encoding(folder, data):
    (folder / "documents.csv").write_bytes(data)
    with pytest.raises(SourceError, match="Save it as UTF-8"):
        read(folder)


def test_the_line_of_a_wrong_byte_is_named(folder):
    rows = "".join(f"d{i},patent,t,2001\n" for i in range(5))
    (folder / "documents.csv").write_bytes((HEAD + rows).encode() + b"x,patent,\xff,2001\n")
    with pytest.raises(SourceError, match="line 7"):
        read(folder)


def test_a_damaged_archive(folder):
    (folder / "documents.csv.gz").write_bytes(gzip.compress((HEAD + ROW).encode())[:-9])
    with pytest.raises(SourceError, match="damaged"):
        read(folder)
    (folder / "documents.csv.gz").write_bytes(b"not gzip")
    with pytest.raises(SourceError, match="damaged"):
        read(folder)


def test_numbers_and_truth_values(folder):
    put(folder, "documents.csv", HEAD + ROW)
    put(folder, "classes.csv", "doc_id,scheme,code,primary\nd1,cpc,A,YES\nd1,cpc,B,0\nd1,cpc,C,\n")
    put(folder, "parties.csv", "doc_id,role,position\nd1,owner,3.0\n")
    source = read(folder)
    assert column(source, "primary", "classes") == [True, False, None]
    assert column(source, "position", "parties") == [3]
    put(folder, "parties.csv", "doc_id,role,position\nd1,owner,first\n")
    with pytest.raises(TableError, match="not a whole number: 'first'"):
        read(folder)


def test_the_card(folder):
    put(folder, "documents.csv", HEAD + ROW)
    put(folder, "corpus.yml", "title: {zh: 标题, en: Title}\nlicence: CC0\nnotes: [one, two]\n")
    source = read(folder)
    assert source.title == {"zh": "标题", "en": "Title"}
    assert source.licence == {"zh": "CC0", "en": "CC0"}
    assert source.notes == {"zh": ["one", "two"], "en": ["one", "two"]}


def test_contradicting_and_repeated_rows(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("FORESIGHT_CORPORA", str(tmp_path / "corpora"))
    put(folder, "documents.csv", HEAD + ROW + ROW)
    corpus = write_corpus(read(folder), name="mine")
    assert corpus.manifest["counts"]["duplicates_merged_documents"] == 1
    put(folder, "documents.csv", HEAD + ROW + ROW.replace("A title", "Another"))
    with pytest.raises(TableError, match="first: d1"):
        write_corpus(read(folder), name="mine")
