"""What a merged corpus holds, and what it says of its parts."""

import pandas as pd
import pytest

from foresight.corpus import normalise
from foresight.corpus.merge import IDENTITY, merge_corpora
from foresight.corpus.store import open_corpus, write_corpus
from foresight.errors import CorpusError, RegistryError
from foresight.sources.base import SourceTables, from_frames

DAY = "2020-05-01"


@pytest.fixture
def here(project, monkeypatch):
    for key, value in project.env().items():
        monkeypatch.setenv(key, value)
    return project


def corpus(name, documents, **tables):
    rows = [{"title": f"Title of {d['doc_id']}", "published": DAY, "kind": "paper", **d}
            for d in documents]  # fmt: skip
    frames = {"documents": pd.DataFrame(rows)}
    frames |= {table: pd.DataFrame(rows) for table, rows in tables.items()}
    source = from_frames(frames, title=f"Title {name}", licence=f"Licence {name}")
    source = SourceTables(
        source.tables, source.title, source.licence,
        {"zh": [f"偏差{name}。"], "en": [f"Bias {name}."]},
        origin={"file.csv": f"hash {name}"}, counts={"left_out": 2},
        caveats=[{"zh": f"说明{name}。", "en": f"Caveat {name}."}],
    )  # fmt: skip
    return write_corpus(source, name=name)


def rows(made, table, *columns):
    frame = made.read(made.table(table)).astype(object)
    frame = frame.where(frame.notna(), None)
    return sorted(frame[list(columns)].itertuples(index=False, name=None), key=str)


def test_disjoint_parts_give_what_one_import_gives(here):
    papers = [{"doc_id": f"doi:10.1/{n}", "abstract": "固态 电池 words" if n % 2 else None}
              for n in range(200)]  # fmt: skip
    classes = [{"doc_id": d["doc_id"], "scheme": "keyword", "code": c, "primary": None}
               for d in papers for c in ("a", "b", "c")]  # fmt: skip
    people = [{"doc_id": d["doc_id"], "role": "author", "position": 0, "org": "Zhejiang University",
               "city": "杭州市"} for d in papers]  # fmt: skip
    references = [{"citing_id": d["doc_id"], "cited_id": "doi:10.1/0", "cited_year": 2001}
                  for d in papers[1:]]  # fmt: skip

    def tables(keep):
        ids = {d["doc_id"] for d in papers[keep]}
        return {
            "classes": [r for r in classes if r["doc_id"] in ids],
            "parties": [r for r in people if r["doc_id"] in ids],
            "references": [r for r in references if r["citing_id"] in ids],
        }

    whole = corpus("one", papers, **tables(slice(None)))
    corpus("a", papers[:90], **tables(slice(90)))
    corpus("b", papers[90:], **tables(slice(90, None)))
    made = merge_corpora(["b", "a"], name="m")
    assert made.digest == whole.digest
    for name in ("rows", "tables", "fields", "first_published", "last_published"):
        assert made.manifest[name] == whole.manifest[name]
    for name, key in (("search_text", "doc_id"), ("history", "doc_id"),
                      ("first_organisations", "org_id")):  # fmt: skip
        left, right = (c.read(c.table(name)).sort_values(key, ignore_index=True)
                       for c in (made, whole))  # fmt: skip
        pd.testing.assert_frame_equal(left, right)


def test_gaps_are_filled_by_the_other_record(here):
    corpus("a", [{"doc_id": "doi:10.1/x", "venue": "A", "published": "2020-12-31"}],
           parties=[{"doc_id": "doi:10.1/x", "role": "author", "position": 0, "name": "Li"}],
           classes=[{"doc_id": "doi:10.1/x", "scheme": "keyword", "code": "k"}])  # fmt: skip
    corpus("b", [{"doc_id": "doi:10.1/x", "venue": "B", "abstract": "text", "published": DAY}],
           parties=[{"doc_id": "doi:10.1/x", "role": "author", "position": p, "name": n,
                     "org": "Zhejiang Univ."} for p, n in enumerate(("W. Li", "X. Wu"))],
           classes=[{"doc_id": "doi:10.1/x", "scheme": "keyword", "code": "k", "primary": True},
                    {"doc_id": "doi:10.1/x", "scheme": "openalex_topic",
                     "code": "T1"}])  # fmt: skip
    made = merge_corpora(["a", "b"], name="m")
    assert rows(made, "documents", "venue", "abstract", "published") == [("A", "text", DAY)]
    assert rows(made, "parties", "name", "org", "org_id") == [
        ("W. Li", "Zhejiang Univ.", "zhejiang university"),
        ("X. Wu", "Zhejiang Univ.", "zhejiang university"),
    ]
    assert rows(made, "classes", "code", "primary") == [("T1", None), ("k", True)]


def test_references_follow_the_ids_that_are_kept(here):
    corpus("a", [{"doc_id": "doi:10.1/x"}, {"doc_id": "doi:10.1/c"}],
           references=[{"citing_id": "doi:10.1/c", "cited_id": "openalex:W1"},
                       {"citing_id": "doi:10.1/c", "cited_id": "doi:10.48550/arxiv.1.2"},
                       {"citing_id": "doi:10.1/c", "cited_id": "US7000001"},
                       {"citing_id": "doi:10.1/c", "cited_id": "doi:10.9/outside"}])  # fmt: skip
    same = {"source": "openalex", "source_id": "W1"}
    corpus("b", [{"doc_id": "doi:10.1/x", **same}, {"doc_id": "doi:10.1/c"},
                 {"doc_id": "arxiv:1.2"}, {"doc_id": "US7000001B1", "kind": "patent"}],
           references=[{"citing_id": "doi:10.1/c", "cited_id": "doi:10.1/x", "cited_year": 1999},
                       {"citing_id": "doi:10.1/x", "cited_id": "openalex:W1"}])  # fmt: skip
    made = merge_corpora(["a", "b"], name="m")
    assert rows(made, "references", "citing_id", "cited_id", "cited_year") == [
        ("doi:10.1/c", "US7000001B1", None),
        ("doi:10.1/c", "arxiv:1.2", None),
        ("doi:10.1/c", "doi:10.1/x", 1999),
        ("doi:10.1/c", "doi:10.9/outside", None),
    ]


def test_a_family_counts_once_and_keeps_its_grant(here):
    patent = {"kind": "patent", "source": "lens", "family_id": "9", "filed": "2018-01-01"}
    early = {**patent, "doc_id": "CN110000001A", "office": "CN", "published": "2019-07-01"}
    grant = {**patent, "doc_id": "CN110000001B", "office": "CN", "published": "2021-03-01"}
    abroad = {**patent, "doc_id": "US11000001B2", "office": "US", "published": "2020-08-01",
              "granted": "2020-08-01", "abstract": "abroad"}  # fmt: skip
    corpus("a", [early], references=[{"citing_id": "CN110000001A", "cited_id": "CN1A"}])
    corpus("b", [grant, abroad],
           references=[{"citing_id": "CN110000001B", "cited_id": "CN2A"}],
           events=[{"doc_id": "US11000001B2", "date": "2020-08-01", "event": "grant"},
                   {"doc_id": "CN110000001B", "date": "2022-01-01",
                    "event": "pledge"}])  # fmt: skip
    made = merge_corpora(["b", "a"], name="m")
    assert rows(made, "documents", "doc_id", "office", "published", "granted", "abstract") == [
        ("CN110000001A", "CN", "2019-07-01", "2021-03-01", "abroad")
    ]
    assert rows(made, "events", "date", "event") == [
        ("2021-03-01", "grant"), ("2022-01-01", "pledge")
    ]  # fmt: skip
    # What the grant cites was not known when the application came out.
    assert rows(made, "references", "cited_id") == [("CN1A",)]
    assert made.manifest["counts"]["references_of_later_publications"] == 1
    assert made.manifest["counts"]["events_of_other_offices"] == 1
    members = pd.read_parquet(made.folder / IDENTITY)
    assert set(members["joined_id"]) == {"CN110000001B", "US11000001B2"}
    assert set(members["office"]) == {"CN", "US"}


def test_everything_that_the_parts_say_is_said(here):
    corpus("a", [{"doc_id": "doi:10.1/x"}])
    corpus("b", [{"doc_id": "doi:10.1/x", "published": "2022-01-01"}, {"doc_id": "doi:10.1/y"}])
    corpus("c", [{"doc_id": "doi:10.1/z"}])
    manifest = merge_corpora(["a", "b", "c"], name="m").manifest
    assert manifest["title"]["en"] == "Merged corpus: Title a; Title b; Title c"
    assert manifest["licence"] == {"zh": "Licence a；Licence b；Licence c",
                                   "en": "Licence a; Licence b; Licence c"}  # fmt: skip
    assert manifest["notes"]["zh"] == ["a：偏差a。", "b：偏差b。", "c：偏差c。"]
    assert manifest["notes"]["en"] == ["a: Bias a.", "b: Bias b.", "c: Bias c."]
    assert manifest["origin"] == {f"{x}/file.csv": f"hash {x}" for x in "abc"}
    assert manifest["counts"]["left_out"] == 6
    assert manifest["counts"]["joined_same_id"] == 1
    assert manifest["identity"]["same_id"] == 1
    assert [part["name"] for part in manifest["parts"]] == ["a", "b", "c"]
    said = "\n".join(caveat["en"] for caveat in manifest["caveats"])
    for text in ("a: Caveat a.", "c: Caveat c.", "The parts end on different days", "same id 1"):
        assert text in said
    assert all(caveat["zh"] for caveat in manifest["caveats"])


def test_a_merge_can_be_merged_again_and_reports_on_the_command_line(here):
    for name in "abc":
        corpus(name, [{"doc_id": "doi:10.1/x"}, {"doc_id": f"doi:10.1/{name}"}])
    assert here.run("corpus", "merge", "a", "b", "--name", "ab").exit_code == 0
    done = here.run("corpus", "merge", "ab", "c", "--name", "abc")
    assert done.exit_code == 0
    assert "corpus abc: 4 documents" in done.output
    assert "joined by same id: 1" in done.output
    assert "note: ab: a: Caveat a." in done.output
    assert "4 documents" in here.run("corpus", "info", "abc").output
    assert sorted(p.name for p in open_corpus("abc").folder.parent.iterdir()) == [
        "a", "ab", "abc", "b", "c"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("names", "name", "words"),
    [
        (["a"], "m", "two corpora or more"),
        (["a", "a"], "m", "named twice"),
        (["a", "b"], "a", "to be kept"),
        (["a", "b"], "sample", "to be kept"),
        (["a", "nowhere"], "m", "no corpus named 'nowhere'"),
        (["a", "b"], "../m", "cannot be the name"),
    ],
)
def test_what_is_refused(here, names, name, words):
    corpus("a", [{"doc_id": "doi:10.1/x"}])
    corpus("b", [{"doc_id": "doi:10.1/y"}])
    with pytest.raises(CorpusError, match=words):
        merge_corpora(names, name=name)
    assert not (here.root / "corpora" / "m").exists()


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("浙江大学", "zhejiang university"),
        ("Zhejiang Univ.", "zhejiang university"),
        ("华为技术有限公司", "huawei technologies"),
        ("HUAWEI TECHNOLOGIES CO., LTD.", "huawei technologies"),
        ("浙江大学医学院附属第一医院", "浙江大学医学院附属第一医院"),
    ],
)
def test_names_of_organisations(text, short):
    assert normalise.organisation_id(text) == short


@pytest.mark.parametrize(
    ("lines", "words"),
    [("a,\n", "line 2: fill"), ("a,B\na,C\n", "already means"), ("a,b\nb,c\n", "another alias")],
)
def test_a_wrong_table_of_names_is_refused(tmp_path, monkeypatch, lines, words):
    (tmp_path / "organisations.csv").write_text("alias,organisation\n" + lines)
    monkeypatch.setattr(normalise, "data_dir", lambda: tmp_path)
    normalise.load_organisations.cache_clear()
    try:
        with pytest.raises(RegistryError, match=words):
            normalise.load_organisations()
    finally:
        monkeypatch.undo()
        normalise.load_organisations.cache_clear()


def test_an_address_in_chinese_gives_its_province(here):
    corpus("a", [{"doc_id": "doi:10.1/x"}], parties=[
        {"doc_id": "doi:10.1/x", "role": "author", "position": p, "name": "x", "city": c}
        for p, c in enumerate(("江苏省苏州市虎丘区", "浙江省义乌市", "义乌市", "Kyoto", "京都市"))
    ])  # fmt: skip
    made = open_corpus("a")
    assert rows(made, "parties", "city", "region", "country") == [
        ("Kyoto", None, None),
        ("义乌市", "Zhejiang", "CN"),
        ("京都市", None, None),
        ("江苏省苏州市虎丘区", "江苏", "CN"),
        ("浙江省义乌市", "Zhejiang", "CN"),
    ]
