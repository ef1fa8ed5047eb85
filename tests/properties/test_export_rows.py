"""Whatever stands in the cells, no row of an export is lost without a word."""

from __future__ import annotations

import json
from pathlib import Path

import export_samples as samples
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foresight.sources.exports import read_export
from foresight.sources.records import NothingReadError, Options

HOSTILE = [
    *("", " ", "-", "NA", "\x00", "\ud800", "\u202e", "=1+1", "'", '"', ",", ";;;", "||", "\t"),
    *("a\nb\r\nc", "2021-02-31", "20210305", "44260", "9" * 50, "CN110000001A", "10.1000/x"),
    *(
        "US 2023/0067653 A1",
        "<b>&amp;",
        "张, 三|李, 四",
        "；；",
        "（）",
        "x" * 3000,
        "个人",
        "中国",
    ),
    *("33", "授权|质押|2020-01-01 转让", "[A; B] C, D", "TI", "ER", "https://openalex.org/W1"),
    *("{'display_name': 'x'}", "(2001); (2002)"),
]
TABLES = {
    "incopat": samples.table(samples.INCOPAT),
    "patsnap": samples.table(samples.PATSNAP),
    "himmpat": samples.table(samples.PATSNAP),
    "cnipa": samples.CNIPA,
    "lens": samples.LENS_PATENTS,
    "scopus": samples.SCOPUS,
    "openalex": samples.OPENALEX,
    "cnki": samples.CNKI_TABLE,
    "derwent": samples.DERWENT_TABLE[1:],
    "patentsview": samples.PATENTSVIEW,
    "wos": [line.split("\t") for line in samples.WOS_TAB.strip("\n").split("\n")],
}
cells = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30))
few = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def rows_read(form: str, path: Path) -> int:
    try:
        report = read_export(form, [path], options=Options(today="2026-01-01")).report
    except NothingReadError as error:
        report = error.report
    assert report is not None
    assert report.rows_in == report.rows_out + report.rows_repeated + len(report.refusals)
    return report.rows_in


@pytest.mark.parametrize("form", sorted(TABLES))
@few
@given(data=st.data())
def test_rows_in_are_the_rows_of_the_table(form, data, tmp_path):
    head, *body = TABLES[form]
    rows = [list(row) for row in body * 2]
    for _ in range(data.draw(st.integers(1, 12))):
        row = data.draw(st.integers(0, len(rows) - 1))
        rows[row][data.draw(st.integers(0, len(head) - 1))] = data.draw(cells)
    path = tmp_path / "a.csv"
    rows = [[cell.encode("utf-8", "replace").decode() for cell in row] for row in rows]
    path.write_bytes(samples.as_csv([head, *rows], "utf-8"))
    kept = [row for row in rows if any(cell.replace("\x00", "").strip() for cell in row)]
    assert rows_read(form, path) == len(kept)


KEYS = st.sampled_from(sorted(samples.LENS_LINE))
SMALL = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5))
ODD = st.recursive(
    SMALL,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
)
LINES = st.one_of(st.just(samples.LENS_LINE), st.just(samples.LENS_WORK_LINE), ODD)
TAGS = st.sampled_from(["TI", "AU", "CR", "PY", "C1", "ZZ", "DI", "PD"])


@few
@given(values=st.lists(LINES, min_size=2, max_size=6))
def test_rows_in_are_the_lines_of_json(tmp_path, values):
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps(value) for value in values), encoding="utf-8")
    assert rows_read("lens", path) == len(values)


@few
@given(entries=st.lists(st.lists(st.tuples(TAGS, cells), max_size=6), min_size=1, max_size=5))
def test_rows_in_are_the_records_of_a_tagged_text(tmp_path, entries):
    lines = ["FN x", "VR 1.0"]
    for entry in entries:
        lines += ["PT J", *(f"{tag} {' '.join(value.split())}" for tag, value in entry), "ER"]
    path = tmp_path / "a.txt"
    path.write_bytes("\n".join([*lines, "EF"]).encode("utf-8", "replace"))
    assert rows_read("wos", path) == len(entries)
