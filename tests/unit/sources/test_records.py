from pathlib import Path

import pytest

from foresight.sources.records import (
    Collector,
    NothingReadError,
    Options,
    Party,
    Record,
    Reference,
    RefusedRowError,
    Source,
)

SOURCE = Source(
    "test", {"zh": "试", "en": "test"}, {"zh": "无", "en": "none"}, {"zh": [], "en": []}
)


def record(doc_id="CN1A", **values):
    given = {"title": "t", "published": "2020-01-01", "source": "test", "source_id": doc_id}
    return Record(doc_id=doc_id, kind="patent", **{**given, **values})


def collect(*records, edges=(), **options):
    collector = Collector(SOURCE, Options(today="2024-06-01", **options))
    for line, item in enumerate(records, 2):
        collector.take("a.csv", line, lambda item=item: item)
    for line, (citing, cited) in enumerate(edges, 2):
        collector.edge("e.csv", line, citing, Reference(cited, "patent"))
    return collector


def rows(source, table):
    return source.tables[table].to_pylist()


def refusals(source):
    return [(r.file, r.line, r.reason) for r in source.report.refusals]


def test_what_a_document_must_have():
    source = collect(
        record(), record("CN2A", title=None), record("CN3A", published=None), record(""),
        record("a;b"), record("a\tb"),
    ).finish([])  # fmt: skip
    assert [r["doc_id"] for r in rows(source, "documents")] == ["CN1A"]
    assert [reason for _, _, reason in refusals(source)] == [
        "no title", "no date of publication", *["no number or other identifier"] * 3,
    ]  # fmt: skip
    assert refusals(source)[0][:2] == ("a.csv", 3)


def test_a_reader_that_refuses_says_why():
    collector = Collector(SOURCE, Options())

    def make():
        msg = "because"
        raise RefusedRowError(msg)

    collector.take("a.csv", 7, make)
    with pytest.raises(NothingReadError, match=r"None of 1 row.*1 x because") as caught:
        collector.finish([])
    assert caught.value.report.refusals[0].line == 7


def test_the_first_of_an_id_stands_and_others_are_counted():
    source = collect(record(), record(), record(title="other")).finish([])
    report = source.report
    assert (report.rows_in, report.rows_out, report.rows_repeated) == (3, 1, 2)
    assert rows(source, "documents")[0]["title"] == "t"
    assert any("CN1A (a.csv, line 4; first in a.csv, line 2)" in note for note in report.notes)
    assert any(c["en"].startswith("1 record(s) repeat an id") for c in source.caveats)


def test_two_equal_rows_without_a_line_are_a_repetition():
    collector = Collector(SOURCE, Options())
    for _ in range(2):
        collector.take("a.json", None, record)
    assert collector.finish([]).report.rows_repeated == 1


def test_utility_models_and_designs_are_left_out_unless_asked_for():
    given = [record(), record("CN2U", doc_type="utility_model"), record("CN3S", doc_type="design")]
    source = collect(*given).finish([])
    assert [reason for _, _, reason in refusals(source)] == [
        "left out: utility model", "left out: design",
    ]  # fmt: skip
    assert source.counts["left_out_utility_model"] == source.counts["left_out_design"] == 1
    assert {"1件实用新型未纳入。", "1件外观设计未纳入。"} <= {c["zh"] for c in source.caveats}
    assert collect(*given, keep_minor=True).finish([]).report.rows_out == 3


def test_a_date_for_all_that_have_none():
    source = collect(record(), record("CN2A", published=None), published="2019-12-31").finish([])
    assert [r["published"] for r in rows(source, "documents")] == ["2020-01-01", "2019-12-31"]
    assert any(
        "1 document(s) have no date; the given 2019-12-31" in c["en"] for c in source.caveats
    )


def test_positions_run_by_role_and_empty_parties_go():
    parties = [Party("inventor", name="a"), Party("owner", org="o"), Party("inventor"),
               Party("inventor", name="b")]  # fmt: skip
    source = collect(record(parties=parties)).finish([])
    found = [(r["role"], r["position"], r["name"]) for r in rows(source, "parties")]
    assert found == [("inventor", 0, "a"), ("owner", 0, None), ("inventor", 1, "b")]


def test_codes_stand_once_and_primary_wins():
    codes = [("ipc", "A", None), ("ipc", "A", True), ("cpc", "A", None)]
    source = collect(record(classes=codes)).finish([])
    assert [(r["scheme"], r["primary"]) for r in rows(source, "classes")] == [
        ("ipc", True), ("cpc", None),
    ]  # fmt: skip


def test_events_to_come_are_not_recorded():
    events = [("2025-01-01", "lapse"), ("2020-01-01", "grant"), ("2020-01-01", "grant")]
    source = collect(record(events=events)).finish([])
    assert [r["event"] for r in rows(source, "events")] == ["grant"]
    assert source.counts["events_in_future"] == 1


def test_references_point_to_documents_of_the_same_reading_by_any_of_their_names():
    source = collect(
        record("CN1A", references=[Reference("CN2"), Reference("lens:x"), Reference("out"),
                                   Reference("CN1"), Reference("CN2A")], aka=["CN1"]),
        record("CN2B", aka=["CN2"]),
        record("CN2A", aka=["CN2", "lens:x"]),
    ).finish([])  # fmt: skip
    assert [r["cited_id"] for r in rows(source, "references")] == ["CN2A", "out"]
    assert source.counts["references_dropped"] == 1  # a document that cites itself


def test_a_number_without_a_kind_means_its_first_publication_in_any_order():
    for given in (["CN2A", "CN2B"], ["CN2B", "CN2A"]):
        numbered = [record(name, aka=["CN2"]) for name in given]
        source = collect(record(references=[Reference("CN2")]), *numbered).finish([])
        assert [r["cited_id"] for r in rows(source, "references")] == ["CN2A"]


def test_citations_of_a_table_need_their_citing_document():
    source = collect(record(aka=["CN1"]), edges=[("CN1", "US1"), ("CN9", "US1")]).finish([])
    assert [r["cited_id"] for r in rows(source, "references")] == ["US1"]
    assert refusals(source) == [("e.csv", 3, "the citing document is not among the documents")]
    assert source.report.rows_out == 2


def test_later_dates_are_said():
    source = collect(record(), record("CN2A", published="2024-06-02")).finish([])
    assert source.counts["published_in_future"] == 1


def test_the_files_are_named_with_their_hash(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("x")
    assert list(collect(record()).finish([Path(path)]).origin) == ["a.csv"]
