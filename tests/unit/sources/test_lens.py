import json

import pytest
from export_samples import (
    LENS_LINE,
    LENS_PATENTS,
    LENS_WORK_LINE,
    LENS_WORKS,
    SCOPUS,
    as_csv,
)

from foresight.errors import SourceError
from foresight.sources.exports import read_export
from foresight.sources.records import NothingReadError, Options


@pytest.fixture
def read(tmp_path):
    def reader(*files):
        paths = []
        for name, data in files:
            paths.append(tmp_path / name)
            paths[-1].write_bytes(data)
        return read_export("lens", paths, options=Options(today="2026-01-01"))

    return reader


def table(source, name):
    return source.tables[name].to_pylist()


def lines(*values):
    return "\n".join(v if isinstance(v, str) else json.dumps(v) for v in values).encode()


def test_patents(read):
    source = read(("a.csv", as_csv(LENS_PATENTS)))
    grant, application = table(source, "documents")
    assert grant["doc_id"] == "US9000001B2"
    assert application["doc_id"] == "US20160123456A1"
    assert grant["title"] == "Solid electrolyte"
    assert (grant["granted"], application["granted"]) == ("2017-12-05", None)
    assert (grant["priority"], application["priority"]) == ("2015-01-02", None)
    assert grant["family_id"] == application["family_id"] == "lens:001-000-000-000-001"
    assert (grant["status"], application["status"]) == ("active", "pending")
    owners = [(p["role"], p["name"], p["org"]) for p in table(source, "parties")][:5]
    assert owners == [
        ("applicant", None, "ACME CORP"),
        ("applicant", "DOE JOHN", None),
        ("owner", None, "ACME CORP"),
        ("inventor", "DOE JOHN", None),
        ("inventor", "ROE JANE", None),
    ]
    codes = [
        (c["scheme"], c["code"]) for c in table(source, "classes") if c["doc_id"] == "US9000001B2"
    ]
    assert codes == [("cpc", "H01M10/05"), ("cpc", "Y02E60/10"), ("ipc", "H01M10/05")]
    assert [(e["event"], e["date"]) for e in table(source, "events")] == [("grant", "2017-12-05")]
    assert "Cited by Patent Count" in source.report.ignored


def test_patents_and_the_papers_that_they_cite(read):
    source = read(("a.csv", as_csv(LENS_PATENTS)), ("b.csv", as_csv(LENS_WORKS)))
    cited = {(r["citing_id"], r["cited_id"]) for r in table(source, "references")}
    assert cited == {
        ("US9000001B2", "doi:10.1000/abc"),
        ("doi:10.1000/abc", "lens:099-000-000-000-002"),
    }
    older = table(source, "documents")[-1]
    assert (older["doc_id"], older["published"]) == ("lens:099-000-000-000-002", "2010-12-31")


def test_json_lines(read):
    source = read(("c.jsonl", b"\xef\xbb\xbf" + lines(LENS_LINE, LENS_WORK_LINE)))
    patent, work = table(source, "documents")
    assert (patent["doc_id"], patent["title"], patent["language"]) == (
        "CN102000003A",
        "Bio-oil",
        "en",
    )
    assert (patent["published"], patent["filed"], patent["granted"]) == (
        "2011-10-05",
        "2011-04-11",
        "2013-09-25",
    )
    assert (work["doc_id"], work["venue"]) == ("doi:10.1000/w", "Energy")
    assert {r["cited_id"] for r in table(source, "references")} == {
        "CN101000001A",
        "doi:10.1016/s1004-9541(09)60186-5",
        "lens:099-000-000-000-001",
    }
    found = [(p["role"], p["name"], p["org"], p["country"]) for p in table(source, "parties")]
    assert found == [
        ("applicant", None, "UNIV ZHEJIANG", "CN"),
        ("inventor", "SHURONG WANG", None, None),
        ("author", "Ann Lee", "Zhejiang University", "CN"),
    ]


def test_the_language_that_has_title_and_abstract_goes_first(read):
    value = {**LENS_LINE, "abstract": [{"text": "关于油。", "lang": "zh"}]}
    row = table(read(("c.jsonl", lines(value))), "documents")[0]
    assert (row["title"], row["abstract"], row["language"]) == ("生物油", "关于油。", "zh")


def test_a_broken_line_costs_itself_only(read):
    data = lines(LENS_LINE, '{["lens_id":"1"}', "[1]", LENS_WORK_LINE, '"x"', "{}")
    report = read(("c.jsonl", data)).report
    assert report.rows_in == 6
    assert [(r.line, r.reason.split(":")[0]) for r in report.refusals] == [
        (2, "not JSON"),
        (3, "holds a list, not an object"),
        (5, "holds a str, not an object"),
        (6, "neither a DOI nor a Lens id"),
    ]


def test_halves_of_characters_in_json(read):
    half = "10.1016/a\ud800b"
    biblio = json.loads(json.dumps(LENS_LINE["biblio"]))
    biblio["references_cited"]["citations"][1]["nplcit"]["external_ids"] = [half]
    work = {**LENS_WORK_LINE, "keywords": ["solid\ud800", "state"], "title": "T\udfff"}
    named = {**LENS_WORK_LINE, "external_ids": [{"type": "doi", "value": half}]}
    data = lines({**LENS_LINE, "biblio": biblio}, work, named)
    source = read(("c.jsonl", data))
    assert [r["title"] for r in table(source, "documents")][1] == "T"
    assert {c["code"] for c in table(source, "classes")} == {"C07C39/04", "solid", "state"}
    ids = {r["cited_id"] for r in table(source, "references")}
    ids |= {r["doc_id"] for r in table(source, "documents")}
    assert not any("\ud800" in name for name in ids)


@pytest.mark.parametrize("value", [None, 3, "x", [], {}, [[]], {"a": {}}, True])
@pytest.mark.parametrize("key", sorted(LENS_LINE))
def test_parts_of_another_shape(read, key, value):
    try:
        report = read(("c.jsonl", lines({**LENS_LINE, key: value}, LENS_WORK_LINE))).report
    except NothingReadError as error:
        report = error.report
    assert report.rows_in == 2


@pytest.mark.parametrize("value", [None, 3, "x", [], {}, [[]], True])
@pytest.mark.parametrize("key", sorted(LENS_LINE["biblio"]))
def test_parts_of_the_bibliography_of_another_shape(read, key, value):
    biblio = {**LENS_LINE["biblio"], key: value}
    assert (
        read(("c.jsonl", lines({**LENS_LINE, "biblio": biblio}, LENS_WORK_LINE))).report.rows_in
        == 2
    )


def test_days_before_months_as_older_packages_have_them(read):
    head = [
        "publication_number",
        "title",
        "publication_date",
        "publication_year",
        "application_date",
    ]
    rows = [
        head,
        ["US 4366578 A", "a", "28/12/82", "1982", "19/02/81"],
        ["AU 2016/219013 A1", "b", "05/10/17", "2017", "12/02/16"],
        ["EP 0187900 B1", "c", "30/12/93", "1992", "15/10/85"],
    ]
    found = table(read(("a.csv", as_csv(rows))), "documents")
    assert [(r["published"], r["filed"]) for r in found] == [
        ("1982-12-28", "1981-02-19"),
        ("2017-10-05", "2016-02-12"),
        ("1993-12-30", "1985-10-15"),
    ]


def test_citations_beside_patents(read):
    edges = [
        ["citing", "cited"],
        ["US9000001", "US3005767"],
        ["US1", "US3005767"],
        ["x", "US12"],
        ["US9000001"],
    ]
    source = read(("a.csv", as_csv(LENS_PATENTS)), ("e.csv", as_csv(edges)))
    assert ("US9000001B2", "US3005767") in {
        (r["citing_id"], r["cited_id"]) for r in table(source, "references")
    }
    assert source.report.rows_in == 6
    assert sorted((r.line, r.reason) for r in source.report.refusals) == [
        (3, "a citation needs a citing and a cited document"),
        (4, "a citation needs a citing and a cited document"),
        (5, "a citation needs a citing and a cited document"),
    ]


def test_another_format_is_named(read):
    with pytest.raises(SourceError, match="look like those of `scopus`"):
        read(("a.csv", as_csv(SCOPUS)))


def test_a_person_among_the_applicants_is_written_as_among_the_inventors(read):
    head, first = LENS_PATENTS[:2]
    row = list(first)
    row[head.index("Applicants")] = "Doe, John;;ACME CORP"
    row[head.index("Inventors")] = "Doe, John"
    found = table(read(("a.csv", as_csv([head, row]))), "parties")
    assert [(p["role"], p["name"], p["org"]) for p in found if p["role"] != "owner"] == [
        ("applicant", "John Doe", None), ("applicant", None, "ACME CORP"),
        ("inventor", "John Doe", None),
    ]  # fmt: skip
