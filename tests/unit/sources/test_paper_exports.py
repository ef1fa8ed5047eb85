"""Web of Science, Scopus, OpenAlex, CNKI, RIS, BibTeX, CSL."""

import pytest
from export_samples import (
    BIBTEX,
    CNKI_ENDNOTE,
    CNKI_NOTE,
    CNKI_OWN,
    CNKI_REFWORKS,
    CNKI_TABLE,
    CSL,
    OPENALEX,
    RIS,
    SCOPUS,
    WOS,
    WOS_TAB,
    as_csv,
    as_html,
    as_xlsx,
)

from foresight.errors import SourceError
from foresight.sources.exports import read_export
from foresight.sources.records import NothingReadError, Options


@pytest.fixture
def read(tmp_path):
    def reader(form, data, name="a.txt", **options):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return read_export(form, [path], options=Options(today="2026-01-01", **options))

    return reader


def table(source, name):
    return source.tables[name].to_pylist()


def parties(source):
    return [(r["name"], r["org"], r["country"]) for r in table(source, "parties")]


def references(source):
    return {r["cited_id"].split(":")[0]: r["cited_year"] for r in table(source, "references")}


def refusals(source):
    return [(r.line, r.reason) for r in source.report.refusals]


def test_wos_text(read):
    source = read("wos", WOS)
    first, second = table(source, "documents")
    assert first["title"] == "Mapping the application of things: a second line"
    assert (first["doc_id"], first["published"], first["doc_type"]) == (
        "doi:10.1080/xyz",
        "2020-03-31",
        "article",
    )
    assert (second["doc_id"], second["source_id"]) == ("wos:A1999", "A1999")
    assert parties(source) == [
        ("Ming Liang Toh", "Univ Technol Sarawak", "MY"),
        ("Massimo Aria", "Zhejiang Univ", "CN"),
        ("Ann Old", None, None),
        (None, "MIT", "US"),
    ]
    cited = {r["cited_id"]: r["cited_year"] for r in table(source, "references")}
    assert cited["wos:A1999"] == 1999  # by author, year, source, volume and page
    assert cited["doi:10.1111/j.0016-7363.2005.00671.x"] == 2006
    assert sum(name.startswith("ref:") for name in cited) == 1
    assert not any("EF" in note for note in source.report.notes)


def test_wos_tables(read):
    for data, name in [
        (WOS_TAB.encode("utf-16"), "a.txt"),
        (as_xlsx([line.split("\t") for line in WOS_TAB.strip().split("\n")]), "a.xls"),
    ]:
        source = read("wos", data, name)
        assert parties(source) == [
            ("Ann Lee", "Zhejiang Univ", "CN"),
            ("Bo Ma", "Zhejiang Univ", "CN"),
        ]
        assert len(table(source, "references")) == 2
        assert {c["code"] for c in table(source, "classes")} == {"solid", "state"}


def test_wos_text_that_was_cut_off_or_lost_a_tag(read):
    cut = WOS.split("PY 1999")[0]
    source = read("wos", cut)
    assert any("may have been cut off" in note for note in source.report.notes)
    assert refusals(source) == [(29, "no date of publication")]
    lost = WOS.replace("CR Anselin", "   Anselin")
    source = read("wos", lost)
    assert any("without their tag" in note for note in source.report.notes)
    assert len(table(source, "references")) == 3
    assert parties(source)[1][1] == "Zhejiang Univ"


def test_scopus(read):
    source = read("scopus", as_csv(SCOPUS), "a.csv")
    first, second = table(source, "documents")
    assert (first["doc_id"], first["published"], first["language"]) == (
        "doi:10.1016/j.x",
        "2024-12-31",
        "en",
    )
    assert (second["doc_id"], second["abstract"]) == ("scopus:2-s2.0-2", None)
    assert parties(source)[:2] == [
        ("Haowei Wu", "Zhejiang University", "CN"),
        ("Ran Li", "Acme Inc", "US"),
    ]
    raws = [(r["raw"], r["cited_year"]) for r in table(source, "references")]
    assert raws == [
        ("Cheng M.; Xue Y., Burden, of disease, Spine, 50, (2025)", 2025),
        ("Alone, X, 1, (2010)", 2010),
    ]
    assert "Cited by" in source.report.ignored


def test_openalex(read):
    source = read("openalex", as_csv(OPENALEX), "a.csv")
    first, second = table(source, "documents")
    assert (first["doc_id"], first["published"], first["status"]) == (
        "doi:10.1000/one",
        "2021-05-14",
        None,
    )
    # Only the year is known: the service writes 1 January.
    assert (second["doc_id"], second["published"], second["status"]) == (
        "openalex:W2",
        "2020-12-31",
        "retracted",
    )
    assert parties(source) == [
        ("A B", "Queen's University", "CA"),
        ("C D", "Zhejiang University", "CN"),
        ("E F", None, None),
    ]
    assert [r["cited_id"] for r in table(source, "references")] == ["openalex:W2", "openalex:W3"]
    topics = [
        (c["code"], c["primary"])
        for c in table(source, "classes")
        if c["scheme"] == "openalex_topic"
    ]
    assert topics == [("T10", True), ("T11", False)]
    assert "cited_by_count" in source.report.ignored


@pytest.mark.parametrize(
    ("data", "name", "day"),
    [
        (CNKI_REFWORKS, "a.txt", "2020-05-20"),
        (CNKI_REFWORKS.encode("gb18030"), "a.txt", "2020-05-20"),
        (CNKI_ENDNOTE, "a.txt", "2020-12-31"),
        (CNKI_NOTE.encode("utf-8-sig"), "a.net", "2020-12-31"),
        (CNKI_OWN.encode("utf-16"), "a.txt", "2020-05-20"),
        (as_xlsx(CNKI_TABLE), "a.xlsx", "2020-05-20"),
        (as_html(CNKI_TABLE), "a.xls", "2020-05-20"),
        (as_csv(CNKI_TABLE, "gbk"), "a.csv", "2020-05-20"),
    ],
)
def test_cnki(read, data, name, day):
    source = read("cnki", data, name)
    first = table(source, "documents")[0]
    assert (first["title"], first["abstract"], first["venue"]) == (
        "固态电池研究进展",
        "综述。",
        "电池",
    )
    assert (first["published"], first["language"]) == (day, "zh")
    found = [(p[0], p[2]) for p in parties(source)[:2]]
    assert found == [("张三", "CN"), ("李四", "CN")]
    assert parties(source)[0][1].startswith("浙江大学")
    codes = {c["code"] for c in table(source, "classes") if c["doc_id"] == first["doc_id"]}
    assert codes == {"固态电池", "电解质"}


def test_cnki_ids_and_patents(read):
    found = table(read("cnki", CNKI_REFWORKS), "documents")
    assert found[0]["doc_id"] == "cnki:DIAN202005001"
    assert found[1]["doc_type"] == "dissertation/thesis"
    source = read("cnki", CNKI_ENDNOTE)
    patent = table(source, "documents")[1]
    assert (patent["doc_id"], patent["kind"], patent["granted"]) == (
        "CN110000001B",
        "patent",
        "2021-03-05",
    )
    same = [
        table(read("cnki", data), "documents")[0]["doc_id"] for data in (CNKI_ENDNOTE, CNKI_NOTE)
    ]
    assert same[0] == same[1]
    assert same[0].startswith("cnki:")
    assert table(read("cnki", CNKI_OWN), "documents")[0]["doc_id"] == "doi:10.1000/cn.1"


def test_ris(read):
    source = read("ris", RIS)
    paper, patent = table(source, "documents")
    assert (paper["title"], paper["published"]) == ("A title that goes on", "2004-03-05")
    assert (paper["doc_id"], paper["abstract"]) == ("doi:10.1000/ris", "Text.")
    assert (patent["doc_id"], patent["kind"], patent["granted"]) == (
        "US7642217B2",
        "patent",
        "2010-01-05",
    )
    assert parties(source) == [
        ("John Doe", None, None),
        ("张三", None, None),
        ("John Smith", None, None),
    ]


def test_ris_records_without_end_or_beginning(read):
    text = (
        "TY  - JOUR\nTI  - One\nPY  - 2001\n"
        "TY  - JOUR\nTI  - Two\nPY  - 2002\nER  - \n"
        "TI  - Three\nER  - \n"
    )
    source = read("ris", text)
    assert [r["title"] for r in table(source, "documents")] == ["One", "Two"]
    assert refusals(source) == [(8, "a record without its first line (TY)")]


def test_bibtex(read):
    source = read("bibtex", BIBTEX)
    first, second, third = table(source, "documents")
    assert (first["title"], first["published"]) == ("A Nice über title", "2001-03-31")
    assert [p[0] for p in parties(source)] == ["John Doe", "Özgür Müller", "Jane Roe"]
    assert (second["venue"], third["title"]) == ("Conf", "Another under the same key")


def test_bibtex_signs_of_latex_are_read_as_what_they_print(read):
    title = r"R\&D of 5\% \$\#1\_x \textasciitilde{}b \textbackslash{}c \textbraceleft d"
    source = read("bibtex", f"@article{{k, title = {{{title}}}, year = 2001}}")
    assert table(source, "documents")[0]["title"] == "R&D of 5% $#1_x ~b \\c {d"


def test_bibtex_that_cannot_be_parsed_is_refused_with_its_line(read):
    source = read("bibtex", "@article{b, title={Y}\n" + BIBTEX + "\n@article{d, title={open")
    assert [line for line, _ in refusals(source)] == [1, 11]
    assert source.report.rows_out == 3


def test_csl_needs_a_date_for_all(read):
    with pytest.raises(NothingReadError, match="--published"):
        read("csl", CSL)
    source = read("csl", CSL, published="2020-12-31")
    assert [r["title"] for r in table(source, "documents")] == ["电池研究", "电极材料的制备"]
    assert refusals(source) == [(3, "no title")]
    with pytest.raises(SourceError, match="no task file of CSL"):
        read("csl", "a\tb\tc\n")


@pytest.mark.parametrize(
    ("form", "data"), [("ris", "x"), ("bibtex", "x"), ("wos", "x"), ("cnki", "x,y\n1,2\n")]
)
def test_files_of_another_kind(read, form, data):
    with pytest.raises(SourceError):
        read(form, data)
