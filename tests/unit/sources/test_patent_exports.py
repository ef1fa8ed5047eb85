"""Derwent and the replies of PatentsView."""

import json

import pytest
from export_samples import (
    CITATIONS,
    DERWENT_TABLE,
    DERWENT_TEXT,
    PATENTSVIEW,
    PATENTSVIEW_LINE,
    as_csv,
    as_xlsx,
)

from foresight.sources.exports import read_export
from foresight.sources.records import Options


@pytest.fixture
def read(tmp_path):
    def reader(form, *files):
        paths = []
        for name, data in files:
            paths.append(tmp_path / name)
            paths[-1].write_bytes(data if isinstance(data, bytes) else data.encode())
        return read_export(form, paths, options=Options(today="2026-01-01"))

    return reader


def table(source, name):
    return source.tables[name].to_pylist()


def parties(source):
    return [(r["role"], r["name"], r["org"]) for r in table(source, "parties")]


def test_a_derwent_family_is_its_member_published_first(read):
    source = read("derwent", ("a.txt", DERWENT_TEXT))
    row = table(source, "documents")[0]
    assert (row["doc_id"], row["published"], row["granted"]) == (
        "CN110000001A",
        "2019-07-12",
        "2021-03-05",
    )
    assert (row["family_id"], row["filed"], row["priority"]) == (
        "dwpi:2019A12345",
        "2019-01-10",
        "2019-01-10",
    )
    assert parties(source) == [
        ("applicant", None, "UNIV ZHEJIANG"), ("applicant", None, "ACME CORP"),
        ("inventor", "ZHANG S", None), ("inventor", "LI X", None),
    ]  # fmt: skip
    assert {c["code"] for c in table(source, "classes")} == {"H01M10/0562", "H01M10/052"}
    assert [r["cited_id"] for r in table(source, "references")] == ["US7642217B2"]
    assert "references_dropped" not in source.counts
    earlier = DERWENT_TEXT.replace("02 Jan 2020", "02 Jan 2019")
    assert table(read("derwent", ("a.txt", earlier)), "documents")[0]["doc_id"] == "WO2020000001A1"


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_derwent_innovation(read, write):
    source = read("derwent", ("a.csv", write(DERWENT_TABLE)))
    row = table(source, "documents")[0]
    assert (row["doc_id"], row["title"]) == ("CN110000001B", "Solid electrolyte useful in battery")
    assert (row["priority"], row["granted"], row["family_id"]) == (
        "2018-12-01",
        "2021-03-05",
        "inpadoc:55555",
    )
    assert parties(source) == [
        ("applicant", None, "UNIV ZHEJIANG"), ("applicant", None, "Acme Corp"),
        ("inventor", "San Zhang", None), ("inventor", "Xi Li", None),
    ]  # fmt: skip
    assert [r["cited_id"] for r in table(source, "references")] == ["US7642217B2", "CN108000002A"]


def test_patentsview(read):
    line = json.dumps(PATENTSVIEW_LINE)
    source = read(
        "patentsview",
        ("a.csv", as_csv(PATENTSVIEW)), ("b.jsonl", line), ("c.csv", as_csv(CITATIONS)),
    )  # fmt: skip
    found = {r["doc_id"]: r for r in table(source, "documents")}
    assert list(found) == ["US20140044226A1", "US20140044227A1", "US9000001"]
    assert found["US20140044226A1"]["granted"] is None
    assert (found["US9000001"]["granted"], found["US9000001"]["filed"]) == (
        "2018-03-27",
        "2014-04-02",
    )
    assert parties(source)[-2:] == [("owner", None, "Acme Inc"), ("inventor", "Jane Roe", None)]
    assert {r["cited_id"] for r in table(source, "references")} == {"US2969308", "US3005767"}
    codes = [(c["code"], c["primary"]) for c in table(source, "classes")]
    assert codes[:2] == [("G21B1/23", True), ("G21C", None)]
    assert [(r.file, r.line) for r in source.report.refusals] == [("c.csv", 4), ("c.csv", 3)]


def test_a_reply_as_it_came_from_the_service(read):
    reply = json.dumps({"error": False, "count": 2, "patents": [PATENTSVIEW_LINE, 3]})
    report = read("patentsview", ("a.json", reply)).report
    assert (report.rows_in, report.rows_out) == (2, 1)
