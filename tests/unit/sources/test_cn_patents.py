"""Workbooks in the layouts of incoPat, PatSnap, HimmPat and CNIPA."""

from pathlib import Path

import pytest
import yaml
from export_samples import (
    CNIPA,
    INCOPAT,
    PATSNAP,
    XLS,
    as_csv,
    as_html,
    as_xlsx,
    table,
    wide,
)

from foresight.corpus.normalise import prefectures
from foresight.corpus.prepare import prepare_tables
from foresight.errors import SourceError
from foresight.sources.exports import read_export
from foresight.sources.records import NothingReadError, Options

COLUMNS = Path(__file__).resolve().parents[4] / "shared" / "design" / "cn_export_columns.yml"
INCO_ROWS, SNAP_ROWS = table(INCOPAT), table(PATSNAP)


@pytest.fixture
def read(tmp_path):
    def reader(form, data, name="a.xlsx", **options):
        path = tmp_path / name
        path.write_bytes(data)
        return read_export(form, [path], options=Options(today="2026-01-01", **options))

    return reader


def documents(source):
    return {row["doc_id"]: row for row in source.tables["documents"].to_pylist()}


def parties(source, doc_id, role):
    rows = [r for r in source.tables["parties"].to_pylist() if r["doc_id"] == doc_id]
    return [
        (r["name"], r["org"], r["country"], r["region"], r["city"])
        for r in rows
        if r["role"] == role
    ]


def events(source, doc_id):
    rows = source.tables["events"].to_pylist()
    return sorted((r["event"], r["date"]) for r in rows if r["doc_id"] == doc_id)


def check_incopat(source):
    found = documents(source)
    first, second = found["CN110000001B"], found["CN112000003A"]
    assert first["published"] == "2019-07-12"  # 首次公开日 before 公开(公告)日
    assert (first["filed"], first["granted"], first["priority"]) == (
        "2019-01-10", "2021-03-05", "2018-12-01",
    )  # fmt: skip
    assert (second["published"], second["filed"], second["granted"]) == (
        "2021-01-12", "2020-08-03", None,
    )  # fmt: skip
    assert (first["doc_type"], second["doc_type"]) == ("B", "A")
    assert (first["status"], second["status"]) == ("active", "inactive")
    assert (first["family_id"], first["office"], first["language"]) == ("D0001", "CN", "zh")
    assert parties(source, "CN110000001B", "applicant") == [
        (None, "浙江大学", "CN", "浙江", "杭州市"),
        (None, "宁波新材料有限公司", None, None, "宁波市"),
    ]
    assert [p[0] for p in parties(source, "CN110000001B", "inventor")] == ["张三", "李四", "王小明"]
    assert [p[1] for p in parties(source, "CN110000001B", "owner")] == ["宁波新材料有限公司"]
    assert parties(source, "CN112000003A", "applicant") == [
        ("钱七", None, "CN", "浙江", "金华市"),
        (None, "义乌光电科技有限公司", None, None, None),
    ]
    assert events(source, "CN110000001B") == [
        ("grant", "2021-03-05"),
        ("license", "2022-01-01"),
        ("pledge", "2022-02-02"),
        ("transfer", "2021-06-01"),
        ("transfer", "2022-07-02"),
    ]
    assert events(source, "CN112000003A") == [("lapse", "2022-09-30")]
    assert source.counts["events_without_date"] == 1  # one lawsuit without a day
    classes = [r for r in source.tables["classes"].to_pylist() if r["doc_id"] == "CN110000001B"]
    assert {(r["scheme"], r["code"], r["primary"]) for r in classes} == {
        ("ipc", "H01M10/0562", True), ("ipc", "H01M10/052", None),
        ("cpc", "H01M10/0562", None), ("cpc", "Y02E60/10", None),
    }  # fmt: skip
    cited = {r["cited_id"]: r["cited_kind"] for r in source.tables["references"].to_pylist()}
    assert cited == {
        "US7642217B2": "patent", "CN108000002A": "patent", "doi:10.1038/s41586-018-0001-1": "paper",
    }  # fmt: skip
    report = source.report
    assert (report.rows_in, report.rows_out) == (4, 2)
    assert [(r.line, r.reason) for r in report.refusals] == [
        (3, "left out: utility model"), (5, "left out: design"),
    ]  # fmt: skip
    assert {"被引证次数", "合享价值度"} <= set(report.ignored)


@pytest.mark.parametrize("rows", [INCO_ROWS, wide(INCO_ROWS)], ids=["half", "full"])
@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("a.xlsx", as_xlsx),
        ("a.xls", as_html),
        ("a.csv", as_csv),
        ("gbk.csv", lambda rows: as_csv(rows, "gbk")),
        ("gb18030.csv", lambda rows: as_csv(rows, "gb18030")),
        ("utf16.csv", lambda rows: as_csv(rows, "utf-16", "\t")),
    ],
)
def test_incopat(read, rows, name, write):
    check_incopat(read("incopat", write(rows), name))


def test_a_workbook_of_excel_97(read):
    source = read("incopat", XLS, "old.xls")
    row = documents(source)["CN110000001A"]
    assert (row["title"], row["published"], row["filed"]) == (
        "一种固态电池",
        "2021-03-05",
        "2019-01-10",
    )
    assert [p[0] for p in parties(source, "CN110000001A", "inventor")] == ["张三", "李四"]


def test_inventors_who_asked_not_to_be_named(read):
    source = read("incopat", row(发明人="张三;不公告发明人", 申请人="甲公司"))
    assert [p[0] for p in parties(source, "CN10A", "inventor")] == ["张三"]


def test_utility_models_and_designs_are_kept_on_demand(read):
    source = read("incopat", as_xlsx(INCO_ROWS), keep_minor=True)
    found = documents(source)
    assert found["CN210000002U"]["doc_type"] == "utility_model"
    assert found["CN306000004S"]["doc_type"] == "design"
    assert found["CN210000002U"]["granted"] == "2020-06-09"
    assert parties(source, "CN210000002U", "applicant") == [("赵六", None, None, None, None)]
    assert events(source, "CN210000002U") == [("grant", "2020-06-09"), ("lapse", "2022-08-01")]


def test_patsnap(read):
    for data, name in [
        (as_xlsx(SNAP_ROWS), "a.xlsx"),
        (as_csv(wide(SNAP_ROWS), "gbk"), "a.csv"),
    ]:
        source = read("patsnap", data, name)
        row = documents(source)["CN110000001B"]
        assert (row["published"], row["filed"], row["granted"]) == (
            "2021-03-05", "2019-01-10", "2021-03-05",
        )  # fmt: skip
        assert (row["status"], row["doc_type"]) == ("active", "B")
        assert [p[0] for p in parties(source, "CN110000001B", "inventor")] == [
            "张三", "李四", "JOHN SMITH",
        ]  # fmt: skip
        assert parties(source, "CN110000001B", "applicant") == [
            (None, "浙江大学", "CN", "浙江", "杭州市"),
            (None, "宁波新材料有限公司", "CN", "浙江", "宁波市"),
        ]
        assert parties(source, "CN110000001B", "owner") == [
            (None, "宁波新材料有限公司", "CN", "浙江", "宁波市")
        ]
        assert events(source, "CN110000001B") == [
            ("grant", "2021-03-05"), ("license", "2022-01-01"), ("transfer", "2021-06-01"),
        ]  # fmt: skip
        assert source.counts["events_without_date"] == 1  # 质押 is named without a day
        assert source.report.reasons() == {"left out: utility model": 1}


def test_places_become_the_cities_of_the_province(read):
    source = read("incopat", as_xlsx(INCO_ROWS))
    frame = prepare_tables(source)[0]["parties"].to_pandas()
    cities = frame.assign(prefecture=prefectures(frame)).dropna(subset=["prefecture"])
    found = {(r.doc_id, r.position): r.prefecture for r in cities.itertuples()}
    assert found == {
        ("CN110000001B", 0): "杭州", ("CN110000001B", 1): "宁波", ("CN112000003A", 0): "金华",
    }  # fmt: skip
    assert set(cities["region"]) == {"Zhejiang"}


def test_cnipa(read):
    source = read("cnipa", as_csv(CNIPA, "gbk"), "a.csv")
    assert list(documents(source)) == ["CN110000001A", "CN110000002A", "CN110000003A"]
    assert parties(source, "CN110000001A", "applicant") == [(None, "浙江大学", "CN", "浙江", None)]
    assert parties(source, "CN110000003A", "applicant") == [(None, "三星公司", "韩国", None, None)]
    assert [p[0] for p in parties(source, "CN110000003A", "inventor")] == ["金", "秀"]


def row(**values):
    given = {"标题": "t", "公开(公告)号": "CN10A", "公开(公告)日": "2020-01-01", **values}
    return as_xlsx([list(given), list(given.values())])


def test_a_number_without_kind_or_office_is_completed(read):
    data = row(**{"公开(公告)号": "110000001", "专利类型": "发明申请", "公开国别": "中国"})
    assert list(documents(read("incopat", data))) == ["CN110000001A"]
    data = row(**{"公开(公告)号": "CN210000002", "专利类型": "实用新型"})
    with pytest.raises(NothingReadError, match="left out: utility model"):
        read("incopat", data)


def test_an_application_without_publication_number_keeps_its_own(read):
    data = row(**{"公开(公告)号": "-", "申请号": "CN202010000003.1"})
    assert list(documents(read("incopat", data))) == ["incopat:CN202010000003.1"]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"公开(公告)号": ""}, "no number"),
        ({"公开(公告)日": "暂无"}, "`published` is no date"),
        ({"公开(公告)日": ""}, "no date of publication"),
        ({"申请日": "2020-02-31"}, "`filed` is no date"),
        ({"标题": "—"}, "no title"),
    ],
)
def test_rows_that_are_refused(read, values, reason):
    with pytest.raises(NothingReadError, match=reason):
        read("incopat", row(**values))


def test_a_family_is_named_by_its_first_member(read):
    data = row(简单同族="US9000001B2; CN10A；CN000001B")
    assert documents(read("incopat", data))["CN10A"]["family_id"] == "family:CN10A"


def test_a_family_holds_the_patent_itself(read):
    data = row(简单同族="US9000001B2; EP1234567A1")
    assert documents(read("incopat", data))["CN10A"]["family_id"] == "family:CN10A"


def test_a_lapse_of_a_patent_in_force_is_an_expected_one(read):
    data = row(失效日="2025-06-01", 专利有效性="有效")
    assert events(read("incopat", data), "CN10A") == []
    data = row(失效日="2027-06-01", 专利有效性="失效")
    assert read("incopat", data).counts["events_in_future"] == 1


def test_places_that_cannot_be_assigned_are_said(read):
    data = row(申请人="甲公司;乙公司;丙公司", 中国申请人地市="杭州市;宁波市")
    source = read("incopat", data)
    assert [p[4] for p in parties(source, "CN10A", "applicant")] == ["杭州市", None, None]
    assert any("another number of places" in c["en"] for c in source.caveats)


def test_a_map_of_the_analyst(read, tmp_path):
    mine = tmp_path / "mine.yml"
    mine.write_text(
        "title: {zh: 我的, en: mine}\nlicence: {zh: 无, en: none}\n"
        "columns: {title: [名], publication: [号], published: [日]}\n",
        encoding="utf-8",
    )
    data = as_xlsx([["号", "名", "日"], ["CN10A", "一种电池", "2020年1月1日"]])
    assert list(documents(read("incopat", data, aliases=mine))) == ["CN10A"]
    with pytest.raises(SourceError, match="has no header of incopat"):
        read("incopat", data)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("vendor", "form"), [("incopat", "incopat"), ("patsnap_zhihuiya", "patsnap")]
)
def test_all_columns_that_were_seen_in_real_exports(read, vendor, form):
    if not COLUMNS.is_file():
        pytest.skip("the list of columns is not beside the project")
    listed = yaml.safe_load(COLUMNS.read_text(encoding="utf-8"))[vendor]
    extra = [*listed["columns"], *listed.get("variants", {}), *listed.get("extra_2025", [])]
    records = INCOPAT if form == "incopat" else PATSNAP
    # What the samples leave out is empty: a filler would be a wrong date or a wrong number.
    rows = table([{**dict.fromkeys(extra, ""), **record} for record in records])
    assert set(extra) <= set(rows[0])
    for data, name in [
        (as_xlsx(rows), "a.xlsx"),
        (as_xlsx(wide(rows)), "a.xlsx"),
        (as_csv(wide(rows), "gbk"), "a.csv"),
    ]:
        source = read(form, data, name)
        if form == "incopat":
            check_incopat(source)
        known = {*source.report.recognised, *source.report.ignored}
        assert len(known) >= len({n.replace("（", "(").replace("）", ")") for n in rows[0]}) - 3
