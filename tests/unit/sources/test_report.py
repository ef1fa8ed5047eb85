import pandas as pd
import pytest

from foresight.errors import ForesightError, SourceError, TableError
from foresight.sources.base import from_frames
from foresight.sources.report import LEFT_OUT, ReadReport, Refusal, fill_rates


def test_a_lost_row_is_a_fault_of_the_reader_not_of_the_file():
    with pytest.raises(ForesightError, match=r"3 row\(s\) were read, but 1 went out") as caught:
        ReadReport(3, 1, 0, (Refusal("a", 1, "x"),))
    assert not isinstance(caught.value, SourceError | TableError)


def test_reasons_are_counted_without_their_values():
    refusals = (
        Refusal("a.csv", 7, "`filed` is no date: 'x'"),
        Refusal("a.csv", 9, "`filed` is no date: 'y'"),
        Refusal("a.csv", 12, f"{LEFT_OUT}design"),
    )
    report = ReadReport(5, 1, 1, refusals, {"标题": "title"}, ("序号",), ("cpc",), ("a.csv: GBK",))
    assert report.reasons() == {"`filed` is no date": 2, "left out: design": 1}
    assert report.text().split("\n") == [
        "rows: 5 in = 1 out + 1 repeated + 1 left out + 2 refused",
        "  2 x `filed` is no date (first: a.csv, line 7: 'x')",
        "  1 x left out: design (first: a.csv, line 12)",
        "columns recognised (1): 标题 -> title",
        "columns ignored (1): 序号",
        "fields without a column (1): cpc",
        "note: a.csv: GBK",
    ]


def test_fill_rates_count_documents_not_rows():
    frames = {
        "documents": pd.DataFrame(
            {"doc_id": ["a", "b"], "kind": "patent", "title": "t", "published": "2020-01-01",
             "abstract": ["x", None]}
        ),
        "parties": pd.DataFrame(
            {"doc_id": ["a", "a"], "role": "inventor", "position": [0, 1], "name": ["n", "m"],
             "country": [None, "CN"]}
        ),
        "classes": pd.DataFrame({"doc_id": ["a", "b"], "scheme": "cpc", "code": "H01M"}),
    }  # fmt: skip
    rates = fill_rates(from_frames(frames).tables)
    assert (
        rates["abstract"] == rates["parties inventor"] == rates["parties inventor country"] == 0.5
    )
    assert rates["classes cpc"] == 1
    assert "parties inventor org" not in rates
