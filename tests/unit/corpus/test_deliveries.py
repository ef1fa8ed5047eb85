"""Adding a delivery: what counts, what is refused, what a killed one leaves, making one of all."""

import fcntl
from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pytest

from foresight import provenance
from foresight.corpus import deliveries as module
from foresight.corpus import select
from foresight.corpus.compaction import compact_corpus
from foresight.corpus.deliveries import add_delivery, arrivals, deliveries_of
from foresight.corpus.members import family_members
from foresight.corpus.merge import merge_corpora
from foresight.corpus.select import match_tracks
from foresight.corpus.store import STORED, open_corpus, write_corpus
from foresight.corpus.view import as_of
from foresight.errors import CorpusError
from foresight.sources.base import conform, from_frames
from foresight.tables import FAMILY_MEMBERS

BASE = {
    "documents": [
        ("d1", "2001-01-05", "solid state battery", "active"),
        ("d2", "2002-02-05", "fuel cell stack", None),
        ("d3", "2003-03-05", "toy", None),
    ],
    "classes": [
        ("d1", "H01M10/05"), ("d1", "C01B32/05"), ("d2", "H01M10/05"), ("d2", "C01B32/05"),
        ("d3", "A63H1/00"),
    ],
    "parties": [("d1", "Canon"), ("d2", "Zeta"), ("d3", "Zeta")],
}  # fmt: skip
CAME = {
    "documents": [
        ("d0", "2000-01-05", "an early one", None),
        ("d2", "2002-02-05", "fuel cell stack, renewed", None),
        ("d3", "2003-03-05", "toy", None),
    ],
    "classes": [("d0", "H01M10/05"), ("d0", "C01B32/05"), ("d2", "G06N3/08"), ("d3", "A63H1/00")],
    "parties": [("d0", "Zeta"), ("d2", "Omega"), ("d3", "Zeta")],
}
WHOLE = {
    "documents": [CAME["documents"][0], BASE["documents"][0], *CAME["documents"][1:]],
    "classes": [*BASE["classes"][:2], *CAME["classes"]],
    "parties": [BASE["parties"][0], *CAME["parties"]],
}
TERMS = pd.DataFrame(
    [("core_class", "H01M", None), ("keyword_en", "toy", None)],
    columns=["kind", "term", "sub_direction"],
    dtype="str",
).assign(track="t")


def frames(rows):
    documents = pd.DataFrame(
        rows["documents"], columns=["doc_id", "published", "title", "status"], dtype="str"
    )
    classes = pd.DataFrame(rows["classes"], columns=["doc_id", "code"], dtype="str")
    parties = pd.DataFrame(rows["parties"], columns=["doc_id", "org"], dtype="str")
    return {
        "documents": documents.assign(kind="patent"),
        "classes": classes.assign(scheme="cpc"),
        "parties": parties.assign(role="applicant", position=0),
    }


@pytest.fixture(autouse=True)
def raw(tmp_path, monkeypatch):
    monkeypatch.setenv("FORESIGHT_RAW", str(tmp_path / "raw"))


def written(rows, name, members=()):
    source = from_frames(frames(rows))
    if members:
        listed = pd.DataFrame(members, columns=["doc_id", "member_id"], dtype="str")
        rows = pa.Table.from_pandas(listed.assign(known_by="listed"), preserve_index=False)
        source = replace(source, members=conform(rows, FAMILY_MEMBERS))
    return write_corpus(source, name=name)


def added(label="June", day="2005-06-30"):
    written(BASE, "grown")
    return add_delivery(written(CAME, "came"), to="grown", label=label, day=day)


def rows_of(corpus, name):
    frame = corpus.read(corpus.table(name))
    return frame.sort_values(list(frame.columns)).reset_index(drop=True)


def assert_same(one, other):
    for name in STORED:
        pd.testing.assert_frame_equal(rows_of(one, name), rows_of(other, name), obj=name)
    assert one.digest == other.digest


def test_what_is_new_replaced_and_the_same_is_told():
    corpus, told = added()
    assert (told.number, told.label, told.added) == (1, "June", "2005-06-30")
    assert (told.new, told.replaced, told.identical) == (1, 1, 1)
    assert (told.first_published, told.last_published) == ("2000-01-05", "2002-02-05")
    assert deliveries_of(open_corpus("grown")) == [told]
    assert corpus.manifest["first_published"] == "2000-01-05"
    assert corpus.manifest["rows"]["documents"] == 4


def test_the_corpus_is_that_of_all_at_once():
    corpus, _ = added()
    assert_same(corpus, written(WHOLE, "whole"))
    titles = rows_of(corpus, "documents").set_index("doc_id")["title"]
    assert titles["d2"] == "fuel cell stack, renewed"


def test_an_early_document_takes_first_pairs_from_later_ones():
    """Of d0, d1 and d2 with one pair, d1 was the first before d0 came."""
    written(BASE, "grown")
    before = rows_of(open_corpus("grown"), "history").set_index("doc_id")["n_first_pairs"]
    corpus, _ = added()
    after = rows_of(corpus, "history").set_index("doc_id")["n_first_pairs"]
    assert (before["d1"], after["d1"], after["d0"]) == (1, 0, 1)
    firsts = rows_of(corpus, "first_organisations").set_index("org_id")["first_published"]
    assert firsts.to_dict() == {
        "canon": "2001-01-05", "omega": "2002-02-05", "zeta": "2000-01-05",
    }  # fmt: skip


def test_nothing_new_adds_nothing():
    added()
    corpus, told = add_delivery(open_corpus("came"), to="grown", label="again", day="2005-07-01")
    assert (told.number, told.new, told.replaced, told.identical) == (0, 0, 0, 3)
    assert len(deliveries_of(corpus)) == 1


def test_a_document_may_come_again_and_again():
    added()
    older = {name: [row for row in rows if row[0] == "d2"] for name, rows in BASE.items()}
    corpus, told = add_delivery(written(older, "back"), to="grown", label="x", day="2005-08-01")
    assert (told.new, told.replaced, told.identical) == (0, 1, 0)
    whole = {
        name: [*(row for row in WHOLE[name] if row[0] != "d2"), *rows]
        for name, rows in older.items()
    }
    assert_same(corpus, written(whole, "whole"))


def test_a_killed_one_leaves_the_corpus_as_it_was(monkeypatch):
    before = written(BASE, "grown")
    part = written(CAME, "came")

    def fail(path, value):
        raise KeyboardInterrupt

    with monkeypatch.context() as context:
        context.setattr(provenance, "write_json", fail)
        with pytest.raises(KeyboardInterrupt):
            add_delivery(part, to="grown", label="x", day="2005-06-30")
    assert (before.folder / "deliveries" / "0001").is_dir()  # not named by the manifest: nothing
    assert_same(open_corpus("grown"), before)
    corpus, told = add_delivery(part, to="grown", label="x", day="2005-06-30")
    assert told.number == 1
    assert_same(corpus, written(WHOLE, "whole"))


def test_only_the_delivery_is_matched(monkeypatch):
    base = written(BASE, "grown")
    match_tracks(base, TERMS)
    asked = []
    inner = select._write_results

    def spy(corpus, *arguments):
        asked.append(rows_of(corpus, "documents")["doc_id"].tolist())
        return inner(corpus, *arguments)

    monkeypatch.setattr(select, "_write_results", spy)
    corpus, _ = added_to(base)
    found = match_tracks(corpus, TERMS)
    assert asked == [["d0", "d2"]]
    assert found["doc_id"].tolist() == ["d0", "d1", "d3"]  # d2 lost its class


def added_to(base):
    return add_delivery(written(CAME, "came"), to=base.name, label="June", day="2005-06-30")


def test_arrivals_name_what_came_with_which_delivery():
    corpus, _ = added()
    found = arrivals(corpus)
    assert found.to_dict("records") == [
        {"doc_id": "d0", "delivery": 1, "label": "June", "added": "2005-06-30", "replaced": False},
        {"doc_id": "d2", "delivery": 1, "label": "June", "added": "2005-06-30", "replaced": True},
    ]
    assert arrivals(written(BASE, "plain")).empty


def test_what_came_later_changes_no_digest_of_an_earlier_date():
    base = written(BASE, "grown")
    late = {
        "documents": [("d9", "2004-01-01", "late", None)],
        "classes": [("d9", "H01M10/05")],
        "parties": [("d9", "Zeta")],
    }
    corpus, _ = add_delivery(written(late, "late"), to="grown", label="x", day="2005-01-01")
    for day in ("2001-12-31", "2003-02-01"):
        assert corpus.digest_as_of(day) == base.digest_as_of(day)
    assert corpus.digest_as_of("2004-01-01") != base.digest_as_of("2003-12-31")
    assert len(as_of(corpus, "2003-12-31").frame("documents")) == 3


def test_made_one_it_says_the_same_and_keeps_its_results():
    corpus, told = added()
    match_tracks(corpus, TERMS)
    results = {path.name for path in corpus.folder.glob("matches-*.parquet")}
    made = compact_corpus("grown")
    assert_same(made, written(WHOLE, "whole"))
    assert not (made.folder / "deliveries").exists()
    assert deliveries_of(made) == []
    assert [one["label"] for one in made.manifest["folded"]] == [told.label]
    assert {path.name for path in made.folder.glob("matches-*.parquet")} == results
    for table in ("documents", "classes", "parties", "history", "known"):
        whole = open_corpus("whole").folder / f"{table}.parquet"
        assert pd.read_parquet(made.folder / f"{table}.parquet").equals(pd.read_parquet(whole))


def test_family_members_come_and_are_replaced_with_their_documents():
    written(BASE, "grown", members=[("d1", "EP1A1"), ("d2", "EP2A1")])
    part = written(CAME, "came", members=[("d0", "EP0A1"), ("d2", "EP9A1")])
    corpus, _ = add_delivery(part, to="grown", label="x", day="2005-01-01")
    found = family_members(corpus)
    assert found[["doc_id", "member_id"]].to_numpy().tolist() == [
        ["d0", "EP0A1"], ["d1", "EP1A1"], ["d2", "EP9A1"],
    ]  # fmt: skip
    kept = family_members(compact_corpus("grown"))
    pd.testing.assert_frame_equal(kept, found)


def test_a_merge_takes_parts_with_their_deliveries():
    added()
    written(WHOLE, "whole")
    other = {name: [row for row in rows if row[0] == "d3"] for name, rows in BASE.items()}
    written(other, "other")
    one = merge_corpora(["grown", "other"], name="one")
    two = merge_corpora(["whole", "other"], name="two")
    assert_same(one, two)


def test_to_a_merge_and_to_itself_nothing_is_added():
    written(BASE, "a")
    written(CAME, "b")
    merge_corpora(["a", "b"], name="merged")
    with pytest.raises(CorpusError, match=r"is a merge.*merge again"):
        add_delivery(open_corpus("b"), to="merged", label="x", day="2005-01-01")
    with pytest.raises(CorpusError, match="cannot be added to itself"):
        add_delivery(open_corpus("b"), to="b", label="x", day="2005-01-01")


def test_fetched_pages_are_added_to_by_fetching(tmp_path):
    written(BASE, "grown")
    pages = tmp_path / "raw" / "grown" / "openalex"
    pages.mkdir(parents=True)
    (pages / "query.json").write_text("{}")
    with pytest.raises(CorpusError, match="Fetch anew"):
        added_to(open_corpus("grown"))


def test_two_cannot_be_added_at_once():
    base = written(BASE, "grown")
    part = written(CAME, "came")
    with (base.folder / module.LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(CorpusError, match="just being added"):
            add_delivery(part, to="grown", label="x", day="2005-01-01")
    assert deliveries_of(open_corpus("grown")) == []
