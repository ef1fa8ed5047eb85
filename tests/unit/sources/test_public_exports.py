"""Every public export that lies beside the project: rows in, out, refused, and what they hold."""

from pathlib import Path

import pytest

from foresight.errors import SourceError
from foresight.sources.exports import read_export
from foresight.sources.records import NothingReadError, Options
from foresight.sources.report import fill_rates

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
TODAY = "2026-11-25"

pytestmark = pytest.mark.shared


def need(*names):
    paths = [SHARED / name for name in names]
    for path in paths:
        if not path.exists():
            pytest.skip(f"public test records are absent: {path.name}")
    return paths


def read(form, *names, **options):
    return read_export(form, need(*names), options=Options(today=TODAY, **options))


# format, files, options -> rows in, out, repeated; reasons of the others; documents
READABLE = [
    ("lens", ["formats/lens-export.csv"], {}, (130, 130, 0), {}, 130),
    ("lens", ["formats/bibliometrix_lens_sample.csv"], {}, (8, 8, 0), {}, 8),
    ("lens", ["formats/biopoly_broken1.jsonl"], {}, (10, 9, 0), {"not JSON": 1}, 9),
    ("wos", ["formats/testFile.isi"], {}, (34, 32, 2), {}, 32),
    ("wos", ["formats/badFile.isi"], {}, (32, 32, 0), {}, 32),
    ("wos", ["formats/bibliometrix_wos_sample.txt"], {}, (8, 8, 0), {}, 8),
    ("scopus", ["formats/scopus_export.csv"], {}, (200, 200, 0), {}, 200),
    ("scopus", ["formats/scopus_sample.csv"], {}, (8, 8, 0), {}, 8),
    ("openalex", ["formats/openalex_works_export.csv"], {}, (613, 601, 0), {"no title": 12}, 601),
    ("openalex", ["formats/bibliometrix_openalex_sample.csv"], {}, (8, 8, 0), {}, 8),
    (
        "lens", ["drones_patents/lens_drones_9071.csv.gz"], {}, (9071, 9042, 0),
        {"left out: utility model": 29}, 9042,
    ),
    (
        "lens",
        ["drones_patents/lens_fulltext_families_5884.csv.gz"], {}, (5884, 5657, 0),
        {"left out: utility model": 216, "left out: design": 11}, 5657,
    ),
    (
        "patentsview",
        [
            "nuclear_patents/applications_2000_2022.csv.gz",
            "nuclear_patents/grants_2016_2022.jsonl.gz",
            "nuclear_patents/grants_backward_citations_all.csv.gz",
            "nuclear_patents/grants_forward_citations_all.csv.gz",
        ],
        {}, (25033, 24759, 0), {"the citing document is not among the documents": 274}, 7010,
    ),
    (
        "cnipa", ["chinese_records/cn_patents_biomed_2010_2018.csv.gz"], {}, (9487, 9397, 0),
        {"left out: utility model": 86, "left out: design": 4}, 9397,
    ),
    (
        "cnki", ["chinese_records/cnki_traffic_papers.csv.gz"], {}, (760, 674, 0),
        {"no date of publication": 86}, 674,
    ),
    (
        "csl", ["chinese_records/csl_ts.tsv.gz"], {"published": "2022-12-31"}, (2000, 2000, 0), {},
        2000,
    ),
    (
        "csl", ["chinese_records/csl_cls_ctg.tsv.gz"], {"published": "2022-12-31"},
        (9000, 8999, 1), {}, 8999,
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "names", "options", "rows", "reasons", "documents"),
    READABLE,
    ids=[Path(case[1][0]).name for case in READABLE],
)
def test_every_row_is_accounted_for(form, names, options, rows, reasons, documents):
    source = read(form, *names, **options)
    report = source.report
    assert (report.rows_in, report.rows_out, report.rows_repeated) == rows
    assert report.reasons() == reasons
    assert source.tables["documents"].num_rows == documents
    assert report.recognised or form == "csl"


@pytest.mark.parametrize("name", ["csl_kg.tsv.gz", "csl_cls_dcp.tsv.gz"])
def test_tasks_without_a_title_hold_no_document(name):
    with pytest.raises(NothingReadError) as caught:
        read("csl", f"chinese_records/{name}", published="2022-12-31")
    assert caught.value.report.reasons() == {"no title": 2000}


@pytest.mark.parametrize("form", ["lens", "patentsview", "scopus", "openalex", "incopat"])
def test_a_list_of_tables_is_no_export(form):
    with pytest.raises(SourceError, match="Found: data_type, file_name"):
        read(form, "formats/readme_grant.csv")


def test_citations_between_drone_patents():
    source = read(
        "lens",
        "drones_patents/lens_drones_9071.csv.gz",
        "drones_patents/lens_fulltext_families_5884.csv.gz",
        "drones_patents/citations_internal.csv.gz",
        keep_minor=True,
    )
    reasons = source.report.reasons()
    # 5,466 of 11,631 citing numbers are those of a patent in one of the two files.
    assert reasons["the citing document is not among the documents"] == 11631 - 5466


def test_fields_are_filled():
    rates = fill_rates(read("lens", "formats/lens-export.csv").tables)
    assert rates["classes cpc"] == rates["parties inventor"] == rates["family_id"] == 1
    assert 0.4 < rates["granted"] < 0.45
    rates = fill_rates(read("openalex", "formats/openalex_works_export.csv").tables)
    assert rates["references"] > 0.9
    assert rates["parties author country"] > 0.85
    rates = fill_rates(read("wos", "formats/bibliometrix_wos_sample.txt").tables)
    assert rates["parties author org"] == rates["parties author country"] == 1


def test_the_line_without_its_tag_is_read_as_references():
    source = read("wos", "formats/badFile.isi")
    assert any("without their tag" in note for note in source.report.notes)
    first = source.tables["documents"]["doc_id"][0].as_py()
    cited = [r for r in source.tables["references"].to_pylist() if r["citing_id"] == first]
    assert len(cited) > 90
