"""Members of patent families: read from lists, joined by them, kept through merges."""

import json

import pandas as pd
import pytest
from export_samples import LENS_LINE, as_csv

from foresight.corpus.members import family_members
from foresight.corpus.merge import merge_corpora, read_identity
from foresight.corpus.store import write_corpus
from foresight.errors import CorpusError
from foresight.sources.base import from_frames
from foresight.sources.exports import read_export
from foresight.sources.records import Options

OPTIONS = Options(today="2026-01-01")
MEMBERS = [("CN", "102000003", "A", "2011-10-05"), ("US", "9000001", "B2", "2015-04-07"),
           ("WO", "2012000003", "A1", "2012-10-11")]  # fmt: skip


@pytest.fixture
def here(project, monkeypatch):
    for key, value in project.env().items():
        monkeypatch.setenv(key, value)
    return project


def lens(tmp_path, name="lens"):
    """A corpus of one Lens record that lists two publications abroad."""
    listed = [
        {"lens_id": f"00{n}", "document_id": {"jurisdiction": office, "doc_number": number,
                                              "kind": kind, "date": day}}
        for n, (office, number, kind, day) in enumerate(MEMBERS)
    ]  # fmt: skip
    line = {**LENS_LINE, "families": {"simple_family": {"members": listed}}}
    path = tmp_path / "lens.jsonl"
    path.write_text(json.dumps(line))
    return write_corpus(read_export("lens", [path], options=OPTIONS), name=name)


def patents(name, *ids, **columns):
    rows = [{"doc_id": i, "kind": "patent", "title": f"Title {i}", "published": "2019-05-05",
             "office": i[:2], "source": "google-patents", **columns} for i in ids]  # fmt: skip
    return write_corpus(from_frames({"documents": pd.DataFrame(rows)}), name=name)


def found(corpus, **options):
    frame = family_members(corpus, **options)
    return [
        tuple(None if pd.isna(value) else value for value in row)
        for row in frame.itertuples(index=False, name=None)
    ]


def test_the_list_of_a_lens_record_is_kept(here, tmp_path):
    made = lens(tmp_path)
    assert found(made) == [
        ("CN102000003A", "US9000001B2", "US", "2015-04-07", "listed"),
        ("CN102000003A", "WO2012000003A1", "WO", "2012-10-11", "listed"),
    ]
    assert made.manifest["counts"]["family_members_listed"] == 2


def test_what_came_later_is_not_known_before(here, tmp_path):
    made = lens(tmp_path)
    assert [row[1] for row in found(made, as_of="2012-12-31")] == ["WO2012000003A1"]
    assert found(made, as_of="2012-10-10") == []
    with pytest.raises(CorpusError, match="is not a date"):
        family_members(made, as_of="2012")


def test_the_list_of_an_incopat_row_has_no_days(here, tmp_path):
    head = ["公开(公告)号", "标题", "公开(公告)日", "申请人", "简单同族"]
    rows = [["CN110000001A", "固态电池", "2019-07-02", "浙江大学",
             "CN110000001A; US11000001B2; WO2020000001A1"]]  # fmt: skip
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv([head, *rows]))
    made = write_corpus(read_export("incopat", [path], options=OPTIONS), name="cn")
    assert found(made) == [
        ("CN110000001A", "US11000001B2", "US", None, "listed"),
        ("CN110000001A", "WO2020000001A1", "WO", None, "listed"),
    ]
    assert found(made, as_of="2030-01-01") == []  # their days are not known
    assert found(patents("alone", "CN1000001A")) == []


def test_a_listed_publication_joins_the_families_of_two_services(here, tmp_path):
    lens(tmp_path)
    patents("google", "US9000001B2", "EP1000001A1", family_id="61000001")
    patents("other", "WO2012000003A1", "US9000002B2")
    made = merge_corpora(["lens", "google", "other"], name="m")
    assert set(made.read(made.table("documents"))["doc_id"]) == {"CN102000003A", "US9000002B2"}
    record = read_identity(made).to_pandas().set_index("joined_id")["rule"]
    assert record.to_dict() == {
        "US9000001B2": "family", "EP1000001A1": "family", "WO2012000003A1": "family_member"
    }  # fmt: skip
    assert found(made) == [
        ("CN102000003A", "EP1000001A1", "EP", "2019-05-05", "record"),
        ("CN102000003A", "US9000001B2", "US", "2015-04-07", "record"),
        ("CN102000003A", "WO2012000003A1", "WO", "2012-10-11", "record"),
    ]
    assert made.manifest["counts"]["family_members"] == 3
    assert made.manifest["identity"]["family_member"] == 1


def test_lists_that_share_a_publication_are_of_one_family(here, tmp_path):
    lens(tmp_path)
    head = ["公开(公告)号", "标题", "公开(公告)日", "申请人", "简单同族"]
    rows = [["JP5000001B2", "電池", "2014-07-02", "X", "US9000001B2"],
            ["JP5000002B2", "電池2", "2014-07-02", "X", "US9000009B2"]]  # fmt: skip
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv([head, *rows]))
    write_corpus(read_export("incopat", [path], options=OPTIONS), name="cn")
    made = merge_corpora(["cn", "lens"], name="m")
    assert set(made.read(made.table("documents"))["doc_id"]) == {"CN102000003A", "JP5000002B2"}
    assert [row[:2] for row in found(made)] == [
        ("CN102000003A", "JP5000001B2"), ("CN102000003A", "US9000001B2"),
        ("CN102000003A", "WO2012000003A1"), ("JP5000002B2", "US9000009B2"),
    ]  # fmt: skip


def test_a_publication_in_both_corpora_joins_their_families(here):
    """Without any list: a record that both have is enough."""
    patents("lens", "CN110000001A", "WO2020000001A1", source="lens", family_id="lens:1")
    patents("google", "CN110000001A", "US11000001B2", family_id="61000001")
    made = merge_corpora(["lens", "google"], name="m")
    assert set(made.read(made.table("documents"))["doc_id"]) == {"CN110000001A"}
    assert [row[:3] for row in found(made)] == [
        ("CN110000001A", "US11000001B2", "US"), ("CN110000001A", "WO2020000001A1", "WO")
    ]  # fmt: skip


def test_a_second_merge_keeps_the_members_and_joins_by_them(here):
    patents("a", "CN110000001A", "US11000001B2", family_id="1")
    patents("b", "EP3000001A1", family_id="1")
    patents("c", "US11000001B2", source="other")
    references = pd.DataFrame([{"citing_id": "US8000001B2", "cited_id": "EP3000001A1"}])
    documents = pd.DataFrame([{"doc_id": "US8000001B2", "kind": "patent", "title": "T",
                               "published": "2019-01-01"}])  # fmt: skip
    write_corpus(from_frames({"documents": documents, "references": references}), name="d")
    merge_corpora(["a", "b"], name="ab")
    made = merge_corpora(["ab", "c", "d"], name="abcd")
    assert set(made.read(made.table("documents"))["doc_id"]) == {"CN110000001A", "US8000001B2"}
    members = [row[1] for row in found(made)]
    assert members == ["EP3000001A1", "US11000001B2"]
    # Who cites a member cites the family.
    cited = made.read(made.table("references"))
    assert cited[["citing_id", "cited_id"]].to_numpy().tolist() == [
        ["US8000001B2", "CN110000001A"]
    ]  # fmt: skip


def test_a_number_without_a_kind_is_no_further_member(here):
    patents("a", "CN110000001A", published="2019-01-01")
    patents("b", "CN110000001")
    patents("c", "CN110000001B")
    made = merge_corpora(["a", "c"], name="ac")
    assert [row[1] for row in found(made)] == ["CN110000001B"]
    both = merge_corpora(["a", "b"], name="ab")
    assert found(both) == []
