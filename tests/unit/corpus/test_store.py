import json
import pickle

import pandas as pd
import pyarrow.parquet as pq
import pytest

from foresight.corpus import store
from foresight.corpus.store import list_corpora, open_corpus, write_corpus
from foresight.errors import CorpusError, TableError
from foresight.sources.base import from_frames

HOSTILE = [
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x","y")',
    "{{x}}",
    '#import "secret.typ"',
    "a\nb\x00c\u202e",
    "'; DROP TABLE documents; --",
]


def documents(*rows, kind="patent"):
    """Documents from (doc_id, published, title[, abstract])."""
    full = [(*row, None)[:4] for row in rows]
    frame = pd.DataFrame(full, columns=["doc_id", "published", "title", "abstract"], dtype="str")
    return frame.assign(kind=kind)


def classes(*rows):
    """Classes from (doc_id, code[, scheme])."""
    full = [(*row, "cpc")[:3] for row in rows]
    return pd.DataFrame(full, columns=["doc_id", "code", "scheme"], dtype="str")


def parties(*rows):
    columns = ["doc_id", "role", "position", "org", "city", "country"]
    return pd.DataFrame(rows, columns=columns)


def frames():
    return {
        "documents": documents(
            *((f"d{i}", f"20{i:02d}-01-0{i}", title) for i, title in enumerate(HOSTILE, start=1))
        ),
        "classes": classes(("d1", "H01M 10/05"), ("d1", "H01M4/36"), ("d2", "G06N3/08")),
        "parties": parties(
            ("d1", "owner", 0, "Canon K.K.", None, None),
            ("d1", "inventor", 0, None, "Hangzhou", "CN"),
            ("d2", "inventor", 1, None, "Taizhou", "CN"),
        ),
    }


def test_titles_are_kept_to_the_letter(make):
    corpus = make(**frames())
    rows = corpus.read(corpus.table("documents"))
    assert sorted(rows["title"]) == sorted(HOSTILE)


def test_shuffled_rows_give_the_same_bytes(make, corpora):
    one = make(name="one", **frames())
    shuffled = {name: frame.sample(frac=1, random_state=3) for name, frame in frames().items()}
    two = make(name="two", **shuffled)
    assert one.digest == two.digest
    for file in sorted(one.folder.glob("*.parquet")):
        assert file.read_bytes() == (two.folder / file.name).read_bytes(), file.name


def test_the_digest_sees_every_value(make):
    changed = frames()
    changed["documents"].loc[0, "abstract"] = "x"
    assert make(name="one", **frames()).digest != make(name="two", **changed).digest


def test_digest_tells_null_from_empty_and_cells_apart(make):
    def digest(*values):
        given = documents(("d1", "2001-01-01", "t"))
        given[["venue", "source"]] = values
        return make(name="one", documents=given).digest

    assert len({digest("ab", "c"), digest("a", "bc"), digest(None, "abc"), digest("", "abc")}) == 4


def test_places_organisations_and_codes_get_one_form(make):
    corpus = make(**frames())
    found = corpus.read(corpus.table("parties")).set_index(["doc_id", "role"])
    assert found.loc[("d1", "inventor"), "region"] == "Zhejiang"
    assert found.loc[("d1", "inventor"), "city"] == "Hangzhou"
    assert pd.isna(found.loc[("d2", "inventor"), "region"])
    assert found.loc[("d1", "owner"), "org_id"] == "canon"
    codes = set(corpus.read(corpus.table("classes"))["code"])
    assert codes == {"H01M10/05", "H01M4/36", "G06N3/08"}


def test_codes_equal_after_normalising_are_merged_and_counted(make):
    given = classes(("d1", "H01M 10/05"), ("d1", "H01M10/05"))
    given["primary"] = [False, True]
    corpus = make(documents=documents(("d1", "2001-01-01", "t")), classes=given)
    rows = corpus.read(corpus.table("classes"))
    assert rows[["code", "primary"]].to_numpy().tolist() == [["H01M10/05", True]]
    assert corpus.manifest["counts"]["duplicates_merged_classes"] == 1
    assert "merged" in corpus.manifest["caveats"][0]["en"]


def test_identical_rows_are_merged_and_counted(make):
    given = frames()
    given["documents"] = pd.concat([given["documents"], given["documents"].iloc[:2]])
    corpus = make(**given)
    assert corpus.manifest["rows"]["documents"] == len(HOSTILE)
    assert corpus.manifest["counts"]["duplicates_merged_documents"] == 2
    assert corpus.digest == make(name="other", **frames()).digest


def test_rows_that_contradict_each_other_are_named(make):
    both = documents(("d1", "2001-01-01", "one"), ("d1", "2001-01-01", "two"))
    with pytest.raises(TableError, match=r"differ in other columns, first: d1"):
        make(documents=both)


@pytest.mark.parametrize("table", ["classes", "references", "events"])
def test_rows_without_their_document_are_named(make, table):
    rows = {
        "classes": classes(("00d1", "H01M10/05")),
        "references": pd.DataFrame({"citing_id": ["00d1"], "cited_id": ["x"]}),
        "events": pd.DataFrame({"doc_id": ["00d1"], "date": ["2001-01-01"], "event": ["grant"]}),
    }
    with pytest.raises(TableError, match="00d1"):
        make(documents=documents(("d1", "2001-01-01", "t")), **{table: rows[table]})


def test_a_cited_document_may_lie_outside(make):
    cited = pd.DataFrame({"citing_id": ["d1"], "cited_id": ["elsewhere"]})
    corpus = make(documents=documents(("d1", "2001-01-01", "t")), references=cited)
    assert corpus.manifest["fields"]["references"] == 1.0


def test_a_failing_write_leaves_the_old_corpus_and_nothing_else(make, corpora, monkeypatch):
    old = make(**frames())
    before = {p.name: p.read_bytes() for p in old.folder.iterdir()}

    def broken(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "_write_history", broken)
    with pytest.raises(KeyboardInterrupt):
        make(documents=documents(("new", "2001-01-01", "t")))
    assert {p.name: p.read_bytes() for p in old.folder.iterdir()} == before
    assert [p.name for p in corpora.iterdir()] == ["test"]
    monkeypatch.undo()


@pytest.mark.parametrize(
    "name", ["../x", "a/b", "", ".hidden", "a b", "x" * 65, "名", "-rf", "a\n"]
)
def test_a_name_is_never_a_path(make, name):
    with pytest.raises(CorpusError, match="cannot be the name"):
        make(name=name, **frames())
    with pytest.raises(CorpusError, match="cannot be the name"):
        open_corpus(name)


def test_an_unknown_corpus_names_the_known_and_the_command(make):
    make(name="mine", **frames())
    assert list_corpora() == ["mine"]
    with pytest.raises(CorpusError, match=r"Known corpora: mine.*foresight corpus build sample"):
        open_corpus("sample")
    with pytest.raises(CorpusError, match=r"foresight corpus import FOLDER --name other"):
        open_corpus("other")


def test_a_damaged_or_old_corpus_says_so(make):
    corpus = make(**frames())
    (corpus.folder / "history.parquet").unlink()
    with pytest.raises(CorpusError, match="lacks history"):
        open_corpus("test")
    manifest = json.loads((corpus.folder / "manifest.json").read_text())
    manifest["format"] = 0
    (corpus.folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(CorpusError, match="format 0"):
        open_corpus("test")
    (corpus.folder / "manifest.json").write_text("{")
    with pytest.raises(CorpusError, match="cannot be read"):
        open_corpus("test")


def test_no_documents_is_an_error():
    with pytest.raises(TableError, match="needs documents"):
        write_corpus(from_frames({}), name="test")


def test_an_unknown_kind_is_an_error(make):
    with pytest.raises(TableError, match="allowed are paper, patent"):
        make(documents=documents(("d1", "2001-01-01", "t"), kind="book"))


def test_absent_tables_are_there_and_empty(make):
    corpus = make(documents=documents(("d1", "2001-01-01", "t")))
    for name in ("references", "classes", "parties", "events"):
        assert len(corpus.read(corpus.table(name))) == 0
    with pytest.raises(CorpusError, match="no table `citations`"):
        corpus.table("citations")


def test_the_manifest_tells_what_is_there(make):
    corpus = make(**frames())
    assert corpus.manifest["fields"]["classes"] == pytest.approx(2 / 6, abs=1e-6)
    assert corpus.manifest["fields"]["abstract"] == 0.0
    assert corpus.manifest["fields"]["organisations"] == pytest.approx(1 / 6, abs=1e-6)
    assert corpus.manifest["first_published"] == "2001-01-01"
    assert corpus.manifest["last_published"] == "2006-01-06"
    assert set(corpus.manifest["fields"]) == {
        "abstract", "references", "classes", "parties", "organisations", "countries", "families",
        "events",
    }  # fmt: skip


def test_search_text_does_not_join_title_and_abstract(make):
    corpus = make(documents=documents(("d1", "2001-01-01", "fuel", "cell 电 池")))
    row = pq.read_table(corpus.folder / "search_text.parquet").to_pylist()[0]
    assert row == {"doc_id": "d1", "text_en": " fuel  cell ", "text_zh": "|cell电池"}


def test_a_corpus_travels_to_another_process(make):
    corpus = make(**frames())
    corpus.read(corpus.table("documents"))
    again = pickle.loads(pickle.dumps(corpus))  # noqa: S301
    assert again.digest == corpus.digest
    assert len(again.read(again.table("documents"))) == len(HOSTILE)


def test_the_manifest_names_the_rules_it_was_built_by(make):
    assert make(**frames()).manifest["rules"] == store.rules_digest()


@pytest.mark.parametrize("doc_id", ["a;b", "a\nb"])
def test_ids_that_a_list_could_not_hold_are_refused(make, doc_id):
    with pytest.raises(TableError, match="semicolon or a control character"):
        make(documents=documents((doc_id, "2001-01-01", "t")))


def test_countries_become_codes_and_unknown_ones_are_told(make):
    rows = parties(
        ("d1", "inventor", 0, None, "Hangzhou", "China"),
        ("d1", "inventor", 1, None, None, "Atlantis"),
        ("d1", "inventor", 2, None, "杭州市", None),
    )
    corpus = make(documents=documents(("d1", "2001-01-01", "t")), parties=rows)
    found = corpus.read(corpus.table("parties").order_by("position"))
    assert found["country"].tolist() == ["CN", "Atlantis", "CN"]
    assert found["region"].fillna("").tolist() == ["Zhejiang", "", "Zhejiang"]
    assert any("Atlantis" in caveat["en"] for caveat in corpus.manifest["caveats"])
