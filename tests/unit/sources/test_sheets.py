"""Encodings, tables, headers, alias maps."""

import gzip
import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from export_samples import INCOPAT, XLS, as_csv, as_html, as_xlsx, table

from foresight.errors import SourceError
from foresight.settings import data_dir
from foresight.sources.columns import fold_header, load_map, rows_of
from foresight.sources.encoding import decode, read_text
from foresight.sources.records import Collector, Options
from foresight.sources.sheets import Broken, read_sheets

CHINESE = "发明名称,摘要\n一种固态电池电解质及其制备方法,本发明公开了一种固态电池电解质。\n" * 3


@pytest.fixture
def put(tmp_path):
    def write(name, data):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return write


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 with byte order mark"),
        ("gbk", "GB18030"),
        ("gb18030", "GB18030"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16 without byte order mark"),
        ("utf-16-be", "UTF-16 without byte order mark"),
    ],
)
def test_encodings_are_found(encoding, name):
    if encoding.startswith("utf-16-"):
        text = "publication,title\nCN1,abc\n" * 20
        assert decode(text.encode(encoding), name="x") == (text, name, 0)
    else:
        assert decode(CHINESE.encode(encoding), name="x") == (CHINESE, name, 0)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "AU Müller, J\nTI L’étude des systèmes à mémoire de forme été\nAU Nuñez\n" * 4),
        ("big5", "一種固態電池電解質及其製備方法，本發明公開了一種固態電池電解質。" * 4),
        ("shift_jis", "固体電解質の製造方法およびそれを用いた全固体電池について。" * 4),
    ],
)
def test_other_encodings(encoding, text):
    assert decode(text.encode(encoding), name="x")[0] == text


def test_damaged_utf8_is_not_taken_for_gbk(put):
    data = CHINESE.encode().replace("固态".encode(), "固态".encode()[:-1], 1)
    text, said = read_text(put("a.csv", data))
    assert "电解质" in text
    assert said == "a.csv: UTF-8, damaged, 1 broken character(s), first in line 2, shown as \ufffd"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0)[:-6], "is damaged"),
        (b"PAR1....", "not a text file"),
        (bytes(range(128, 256)) * 20, "encoding that cannot be told"),
        (b"PK\x03\x04 broken", "cannot be read as a workbook"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "cannot be read as a workbook"),
        (b"\n\n\n,,,\n", "has no rows"),
    ],
)
def test_files_that_are_no_tables(put, data, words):
    with pytest.raises(SourceError, match=words):
        read_sheets(put("a.csv", data))


def test_a_workbook_that_unpacks_to_too_much_is_refused(put, monkeypatch):
    monkeypatch.setattr("foresight.sources.workbooks.UNPACKED", 1000)
    with pytest.raises(SourceError, match="Split the export"):
        read_sheets(put("a.xlsx", as_xlsx([["a" * 5000]])))


def test_a_stray_cell_far_off_does_not_fill_the_memory(put):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "标题", "x"
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(SourceError, match=r"17,179,869,184 cells.*stray cell"):
        read_sheets(put("a.xlsx", stream.getvalue()))


def test_an_xls_that_asks_for_more_memory_than_there_is_ends_in_one_message(put):
    # A cell record of Excel 97 holds its row and column in two bytes each: 65,535 columns.
    at = XLS.rindex(b"\xfd\x00\x0a\x00") + 4  # the last text
    far = XLS[:at] + b"\xff\xff\xff\xff" + XLS[at + 4 :]
    with pytest.raises(SourceError, match=r"a\.xls cannot be read as a workbook: it is damaged"):
        read_sheets(put("a.xls", far))


def test_archives_that_are_no_xlsx_are_said_to_be_so(put):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("content.xml", "<table/>")
    with pytest.raises(SourceError, match="no xlsx, but another kind of archive"):
        read_sheets(put("a.ods", stream.getvalue()))


def test_cells_of_a_workbook_become_the_text_that_stands_there(put):
    rows = [["x"], [1], [2.5], [202119100], [date(2021, 3, 5)], [datetime(2021, 3, 5, 10, 30)],  # noqa: DTZ001

            [True], [None], ["  "], ["=1+1"], [201910000001.2]]  # fmt: skip
    sheet = read_sheets(put("a.xlsx", as_xlsx(rows)))[0]
    assert [cells[0] for _, cells in sheet.rows][:7] == [
        "x", "1", "2.5", "202119100", "2021-03-05", "2021-03-05 10:30:00", "true",
    ]  # fmt: skip
    assert sheet.rows[-1][1] == ["201910000001.2"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(put, delimiter):
    rows = [["a", "b", "c"], ["1; 2; 3; 4", "x, y", "p|q|r|s|t"], ["4", "5", "6"]]
    sheet = read_sheets(put("a.csv", as_csv(rows, delimiter=delimiter)))[0]
    assert [cells for _, cells in sheet.rows] == rows


def test_lines_are_counted_and_quotes_left_open_cost_one_line(put):
    text = 'a,b\n1,"two\nlines"\n2,"open\n3,x\n\n4,"y ""z"""\n5,q"r\n'
    sheet = read_sheets(put("a.csv", text))[0]
    assert sheet.rows == [
        (1, ["a", "b"]),
        (2, ["1", "two\nlines"]),
        (4, Broken("a quotation mark is not closed")),
        (5, ["3", "x"]),
        (7, ["4", 'y "z"']),
        (8, ["5", 'q"r']),
    ]


def test_an_html_table_with_the_ending_of_a_workbook(put):
    rows = [["题名", "作者"], ["固态 <电池>", "张三"]]
    assert [c for _, c in read_sheets(put("a.xls", as_html(rows)))[0].rows] == rows
    with pytest.raises(SourceError, match="cannot be read"):
        read_sheets(put("a.xls", b"<html><![broken["))


def test_headers_are_compared_without_width_brackets_and_spaces():
    names = [
        "公开（公告）号",
        "公开(公告)号",
        " 公开(公告) 号",
        "公开（公告)号",
        "\ufeff公开(公告)号",
    ]
    assert len({fold_header(name) for name in names}) == 1
    assert fold_header("Publication Number") == fold_header("publication_number")
    assert fold_header("［标］申请人") == fold_header("[标]申请人")
    assert fold_header("【标】申请人") == fold_header("[标]申请人")


@pytest.fixture
def collector():
    return Collector(load_map("incopat").source, Options(today="2026-01-01"))


def test_rows_above_the_header_are_passed_over_and_said(put, collector):
    rows = [["incoPat 导出"], [], ["检索式", "TIAB=电池"], *table(INCOPAT)]
    path = put("a.xlsx", as_xlsx(rows))
    found = list(rows_of(path, load_map("incopat"), collector))
    assert [line for _, line, _ in found] == [5, 6, 7, 8]
    assert "a.xlsx: 2 row(s) above the header were passed over" in collector.notes


def test_every_sheet_with_the_columns_is_read_and_others_are_said(put, collector):
    rows = table(INCOPAT)
    path = put("a.xlsx", as_xlsx(rows, [["说明"], ["x"]], rows))
    found = list(rows_of(path, load_map("incopat"), collector))
    assert [file for file, _, _ in found] == ["a.xlsx[Sheet1]"] * 4 + ["a.xlsx[Sheet3]"] * 4
    assert any(
        note.startswith("a.xlsx[Sheet2]: 2 row(s) of a sheet without") for note in collector.notes
    )


def test_rows_of_another_length_are_refused_with_their_line(put, collector):
    head = ["标题", "公开(公告)号", "公开(公告)日", ""]
    rows = [head, ["a", "CN1A", "2020"], ["b", "CN2A", "2020", "x"], ["c", "CN3A"]]
    path = put("a.csv", as_csv(rows))
    assert [line for _, line, _ in rows_of(path, load_map("incopat"), collector)] == [2]
    assert [(r.line, r.reason) for r in collector.refusals] == [
        (3, "another number of cells than the header (4)"),
        (4, "another number of cells than the header (4)"),
    ]


def test_a_file_of_another_format_is_named(put, collector):
    rows = [
        ["Authors", "Title", "Year", "DOI", "EID", "Abstract"],
        ["a", "b", "2020", "c", "d", ""],
    ]
    with pytest.raises(SourceError) as caught:
        list(rows_of(put("a.csv", as_csv(rows)), load_map("incopat"), collector))
    for words in (
        "Found: Authors, Title",
        "Recognised: none",
        "`title` (标题",
        "like those of `scopus`",
        "data/aliases/incopat.yml",
    ):
        assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", "cannot be read"),
        ("- 1", "needs `columns`"),
        ("columns: {titel: [x]}", r"unknown field\(s\) \['titel'\]"),
        ("column: {}\ncolumns: {}", r"unknown key\(s\) \['column'\]"),
        ("columns: {title: 3}", "must be a list of headers"),
        ("columns: {title: x}\nmarks: [a]", "`marks` must give characters"),
        ("columns: {title: x}\nmarks: {title: ''}", "`marks` must give characters"),
        ("columns: {title: x}\nneed: [title]", "`need` must be a list of lists"),
        ("columns: {title: x}\nneed: [[titel]]", "`need` must be a list of lists"),
        ("columns: {title: x}", "`title` must have a text for each of zh and en"),
    ],
)
def test_a_map_that_is_wrong_is_refused(put, text, words):
    with pytest.raises(SourceError, match=words):
        load_map("incopat", file=put("my.yml", text))


def test_a_map_that_is_missing(tmp_path):
    with pytest.raises(SourceError, match="does not exist"):
        load_map("incopat", file=tmp_path / "none.yml")


@pytest.mark.parametrize("path", sorted(data_dir().glob("aliases/*.yml")), ids=lambda p: p.stem)
def test_the_maps_of_the_project(path):
    alias = load_map(path.stem)
    assert all(alias.columns.values())
    assert all(alias.source.title[lang] and alias.source.licence[lang] for lang in ("zh", "en"))
    notes = alias.source.notes
    assert len(notes["zh"]) == len(notes["en"]) > 0
    assert {field for group in alias.need for field in group} <= set(alias.columns)


def test_a_zip_bomb_is_not_unpacked(put):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 10_000_000)
    with pytest.raises(SourceError, match="cannot be read as a workbook"):
        read_sheets(put("a.xlsx", stream.getvalue()))
