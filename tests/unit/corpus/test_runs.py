"""Sorted runs and their merge, and what is made of the pieces, against the plain way in memory."""

import threading
from itertools import chain

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foresight.corpus import coded, runs
from foresight.corpus.ahead import ahead
from foresight.corpus.coded import PairLog
from foresight.corpus.engine import workspace
from foresight.corpus.runs import Runs
from foresight.corpus.settle import settled
from foresight.corpus.sink import Sink
from foresight.errors import TableError
from foresight.sources.bulk.base import bulk_schema, typed
from foresight.tables import CORPUS_TABLES

SCHEMAS = {table.name: bulk_schema(table.name) for table in CORPUS_TABLES}
OWNERS = {table.name: table.key[0] for table in CORPUS_TABLES}
slow = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def batch_of(ids, *, first, codes=("A01B1/00",)):
    """A batch of documents with one class and two references each."""
    rows = range(first, first + len(ids))
    documents = {
        "doc_id": ids,
        "title": [f"{i} by {row}" for i, row in zip(ids, rows, strict=True)],
    }
    fixed = {"kind": ["patent"] * len(ids), "published": ["2001-01-01"] * len(ids)}
    cited = {"citing_id": ids * 2, "cited_id": ["z"] * len(ids) + ["y"] * len(ids)}
    classes = {"doc_id": ids, "scheme": ["cpc"] * len(ids),
               "code": [codes[row % len(codes)] for row in rows]}  # fmt: skip
    tables = {
        "documents": {**documents, **fixed, "row": rows},
        "references": {**cited, "row": [*rows, *rows]},
        "classes": {**classes, "row": rows},
    }
    return {name: typed(pa.table(data), name) for name, data in tables.items()}


@pytest.fixture
def small(monkeypatch):
    """Runs of a few documents, in row groups of one or two."""
    for name, value in (("RUN", 4), ("PIECE", 3), ("SAMPLE", 1), ("GROUP", 1), ("ROWS_EACH", 2)):
        monkeypatch.setattr(runs, name, value)


@slow
@given(batches=st.lists(st.lists(st.sampled_from("abcdefghijk"), min_size=1, max_size=5),
                        min_size=1, max_size=6))  # fmt: skip
def test_pieces_hold_all_rows_of_their_documents_in_order(small, tmp_path_factory, batches):
    made = Runs(tmp_path_factory.mktemp("runs"), schemas=SCHEMAS, keys=OWNERS)
    first = 0
    for ids in batches:
        made.add(batch_of(ids, first=first))
        first += len(ids)
    made.close()
    assert made.documents == first
    before = ""
    given_rows = {name: [] for name in SCHEMAS}
    firsts = {}
    for piece in made.pieces():
        here = {name: data[OWNERS[name]].to_pylist() for name, data in piece.items()}
        assert all(set(ids) <= set(here["documents"]) for ids in here.values())
        if here["documents"]:
            assert before < min(here["documents"])
            before = max(here["documents"])
        for name, data in piece.items():
            given_rows[name] += data["row"].to_pylist()
        done = settled(piece)
        assert done["documents"]["doc_id"].to_pylist() == sorted(set(here["documents"]))
        firsts |= dict(zip(*(done["documents"][n].to_pylist() for n in ("doc_id", "row")),
                           strict=True))  # fmt: skip
        assert set(done["references"]["row"].to_pylist()) <= set(firsts.values())
    assert sorted(given_rows["documents"]) == list(range(first))
    assert sorted(given_rows["references"]) == sorted([*range(first)] * 2)
    flat = [doc for ids in batches for doc in ids]
    assert firsts == {doc: flat.index(doc) for doc in set(flat)}


def test_other_rows_in_place_of_references(small, tmp_path):
    made = Runs(tmp_path, schemas=SCHEMAS, keys=OWNERS)
    made.add(batch_of(list("cabdfe"), first=0))
    made.close()
    rows = {"citing_id": list("fadb"), "cited_id": list("wxyz"), "row": [4, 1, 3, 2]}
    other = typed(pa.table(rows), "references")
    made.replace("references", iter([other.slice(0, 3), other.slice(3)]))
    found = [row for piece in made.pieces() for row in settled(piece)["references"].to_pylist()]
    assert [(row["citing_id"], row["cited_id"]) for row in found] == [
        ("a", "x"), ("b", "z"), ("d", "y"), ("f", "w"),
    ]  # fmt: skip
    made.delete()
    assert not list(tmp_path.iterdir())


def test_rows_of_one_key_are_merged():
    documents = batch_of(["a"], first=0)["documents"]
    cited = {"citing_id": ["a"] * 4, "cited_id": ["c", "a", "b", "c"],
             "cited_year": [2001, 1, 2, 1999], "raw": [None, "self", "r", "s"],
             "row": [0] * 4}  # fmt: skip
    classes = {"doc_id": ["a"] * 3, "scheme": ["cpc"] * 3, "code": ["B", "A", "B"],
               "primary": [False, False, True], "row": [0] * 3}  # fmt: skip
    found = settled(
        {"documents": documents, "references": typed(pa.table(cited), "references"),
         "classes": typed(pa.table(classes), "classes")}
    )  # fmt: skip
    rows = found["references"].select(["cited_id", "cited_year", "raw"]).to_pylist()
    assert [tuple(row.values()) for row in rows] == [("b", 2, "r"), ("c", 1999, "s")]
    rows = found["classes"].select(["code", "primary"]).to_pylist()
    assert [tuple(row.values()) for row in rows] == [("A", False), ("B", True)]


codes = st.lists(
    st.tuples(
        st.integers(0, 7),
        st.sampled_from([("cpc", "A01B1/00"), ("cpc", "A01B1/02"), ("ipc", "A01B1/00"),
                         ("cpc", "B01J9/00"), ("cpc", "C01B3/00"), ("keyword", "Deep learning"),
                         ("keyword", " deep LEARNING\t"), ("keyword", "vİsion"),
                         ("keyword", "vision"),
                         ("openalex_topic", "T1"), ("keyword", "A01B1")]),
    ),
    max_size=30,
)  # fmt: skip


@slow
@given(rows=codes, days=st.lists(st.integers(1, 4), min_size=8, max_size=8),
       cut=st.integers(0, 8), most=st.sampled_from([1, 1 << 20]))  # fmt: skip
def test_first_pairs_in_numbers_are_those_of_the_expression(
    make, tmp_path_factory, rows, days, cut, most
):
    documents = pd.DataFrame({"doc_id": list("abcdefgh")}).assign(
        kind=["patent", "paper"] * 4, title="t", published=[f"200{day}-01-01" for day in days],
        status=pd.Series([None, None, "withdrawn"] + [None] * 5, dtype="str"),
    )  # fmt: skip
    frame = pd.DataFrame(
        [("abcdefgh"[n], scheme, code) for n, (scheme, code) in rows],
        columns=["doc_id", "scheme", "code"], dtype="str",
    ).drop_duplicates()  # fmt: skip
    corpus = make(documents=documents, classes=frame)
    docs, classes = corpus.table("documents"), corpus.table("classes")
    tables = {"history": ["doc_id"], "pair_firsts": ["a", "b"]}
    expected = {name: corpus.read(corpus.table(name)) for name in tables}
    whole = {"documents": corpus.backend.to_pyarrow(docs.order_by("doc_id")),
             "classes": corpus.backend.to_pyarrow(classes)}  # fmt: skip
    folder = tmp_path_factory.mktemp("pairs")
    with workspace(folder=folder) as space, pytest.MonkeyPatch.context() as patch:
        patch.setattr(coded, "MOST", most)
        log = PairLog(space.folder)
        for piece in (whole["documents"].slice(0, cut), whole["documents"].slice(cut)):
            mine = whole["classes"].filter(pa.compute.is_in(whole["classes"]["doc_id"],
                                           value_set=piece["doc_id"].combine_chunks()))  # fmt: skip
            log.add(piece, mine)
        log.write(space, folder)
    for name, key in tables.items():
        found = pd.read_parquet(folder / f"{name}.parquet")
        wanted = expected[name].sort_values(key).reset_index(drop=True)
        pd.testing.assert_frame_equal(found, wanted, check_dtype=False)


def rows_of(name, **columns):
    return typed(pa.table(columns), name)


@slow
@given(
    ids=st.lists(st.sampled_from("abcdefghijk"), unique=True, min_size=1),
    data=st.data(),
)
def test_rows_of_a_document_may_come_long_after_it(small, tmp_path_factory, ids, data):
    """PatentsView gives all patents, then all classes, then all citations."""
    made = Runs(tmp_path_factory.mktemp("runs"), schemas=SCHEMAS, keys=OWNERS)
    whole = batch_of(ids, first=0)
    for name in ("documents", "classes", "references"):
        rows = whole[name].take(data.draw(st.permutations(range(whole[name].num_rows))))
        step = data.draw(st.integers(1, 5))
        for start in range(0, rows.num_rows, step):
            made.add({name: rows.slice(start, step)})
    made.close()
    found = list(made.pieces())
    for name in ("documents", "classes", "references"):
        owner = OWNERS[name]
        owners = [piece[name][owner].to_pylist() for piece in found]
        assert sorted(chain(*owners)) == sorted(whole[name][owner].to_pylist())
        for piece, own in zip(found, owners, strict=True):
            assert set(own) == set(piece["documents"]["doc_id"].to_pylist())


DOCUMENT = {"doc_id": ["a"], "kind": ["patent"], "title": ["t"], "published": ["2001-01-01"]}
CLASS = {"doc_id": ["a"], "scheme": ["cpc"], "code": ["A"]}


def doubled(columns):
    return {name: values * 2 for name, values in columns.items()}


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        ([{"documents": DOCUMENT}] * 2, r"key \(doc_id\) repeats in 1 row"),  # across pieces, too
        ([{"documents": DOCUMENT | {"kind": ["book"]}}], "`kind` is none of"),
        ([{"documents": DOCUMENT | {"title": [None]}}], "`title` is empty"),
        ([{"documents": DOCUMENT | {"published": [None]}, "classes": CLASS},
          {"documents": DOCUMENT | {"doc_id": ["b"]}}], "`published` is empty in 1 row"),
        ([{"documents": DOCUMENT, "classes": CLASS | {"doc_id": [None]}}],
         "Table `classes`: `doc_id` is empty in 1 row"),
        ([{"documents": DOCUMENT, "classes": doubled(CLASS)}],
         r"key \(doc_id, scheme, code\) repeats in 1 row"),
        ([{"documents": DOCUMENT, "classes": CLASS | {"doc_id": ["b"]}}],
         r"Table `classes` has 1 row\(s\) of documents that are not in `documents`, first: b"),
    ],
)  # fmt: skip
def test_a_sink_tells_what_breaks_a_contract(tmp_path, pieces, said):
    with Sink(tmp_path) as sink:
        for piece in pieces:
            sink.add({t.name: rows_of(t.name, **piece.get(t.name, {})) for t in CORPUS_TABLES})
    with pytest.raises(TableError, match=said):
        sink.check()


def test_pieces_come_in_order_and_errors_where_they_arise():
    assert list(ahead(iter(range(50)))) == list(range(50))

    def broken():
        yield 1
        yield 2
        msg = "no third"
        raise ValueError(msg)

    seen = []
    with pytest.raises(ValueError, match="no third"):
        seen.extend(ahead(broken()))
    assert seen == [1, 2]
    pieces = ahead(broken())
    assert [next(pieces), next(pieces)] == [1, 2]
    before = threading.active_count()
    pieces.close()
    assert threading.active_count() == before - 1  # nothing goes on in the back


def test_a_run_needs_no_row_of_every_table(small, tmp_path):
    made = Runs(tmp_path, schemas=SCHEMAS, keys=OWNERS)
    for first in range(0, 12, 3):
        made.add(
            {"documents": batch_of(list(f"{first:02}xyz"[:1] + "bc"), first=first)["documents"]}
        )
    made.close()
    assert sum(piece["documents"].num_rows for piece in made.pieces()) == 12
