"""What is found from memory is what the expressions find, on any text and code."""

import tempfile

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from foresight.corpus import hits, normalise
from foresight.corpus.hits import class_terms, find_hits, look_for, text_terms
from foresight.corpus.normalise import english_words
from foresight.corpus.scan import CODES_KEPT, Prefixes, han_forms, latin_forms, scan_texts
from foresight.corpus.select import match_tracks, track_strata

TERMS = pd.DataFrame(
    [
        ("keyword_en", "LED"),
        ("keyword_en", "fuel cell"),
        ("keyword_en", "cell"),
        ("context_en", "solid-state fuel cell"),
        ("exclude_en", "6G AI"),
        ("keyword_zh", "大模型"),
        ("context_zh", "电"),
        ("context_zh", "电池,组"),
        ("keyword_zh", "AIGC"),
        ("keyword_zh", "𠀀𠀁电"),
        ("core_class", "H01M10"),
        ("core_class", "H01M10/05"),
        ("broad_class", "G06"),
        ("exclude_class", "H01M"),
    ],
    columns=["kind", "term"],
    dtype="str",
).assign(track="t", sub_direction=None)
WORDS = [
    "LED", "LEDs", "led", "fuel", "cell", "cells", "solid", "state", "solidstate", "6G", "AI", "ai",
    "AIGC", "micro", "大", "模", "型", "电", "池", ",", "组", "𠀀", "𠀁", "é", "-", "  ", "",
]  # fmt: skip
CODES = [
    "H01M10", "H01M10/05", "H01M10/0525", "H01M100/05", "H01M", "H01", "G06N3/08", "G06", "G",
    "H01M10/", "/", "G06F/3/08",
]  # fmt: skip
slow = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def wanted():
    return look_for(TERMS)


def asked(table, terms, wanted):
    """What an expression over a table gives."""
    backend = ibis.duckdb.connect()
    with tempfile.TemporaryDirectory() as folder:
        pq.write_table(table, f"{folder}/t.parquet")
        found = terms(backend.read_parquet(f"{folder}/t.parquet"), wanted)
        rows = backend.to_pyarrow(backend.create_table("found", found, temp=True))
    backend.disconnect()
    return rows


def pairs(table):
    return sorted(zip(table["doc_id"].to_pylist(), table["term"].to_pylist(), strict=True))


def texts_table(texts):
    documents = pa.table(
        {
            "doc_id": pa.array([f"d{n}" for n in range(len(texts))], pa.large_string()),
            "title": pa.array([title for title, _ in texts], pa.large_string()),
            "abstract": pa.array([abstract for _, abstract in texts], pa.large_string()),
        }
    )
    from foresight.corpus.prepare import search_text

    return search_text(documents)


text = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join) | st.lists(
    st.sampled_from(WORDS), max_size=8
).map("".join)


@slow
@example(texts=[("solid state fuel", "cells LED")])
@example(texts=[("", None), ("LED", ""), ("6G AI", "电池,组 大模型")])
@given(texts=st.lists(st.tuples(text, st.none() | text), min_size=1, max_size=6))
def test_terms_in_texts_are_those_of_the_expressions(wanted, texts):
    table = texts_table(texts)
    forms = wanted.forms.to_pyarrow()
    found = scan_texts(table, latin=latin_forms(forms), han=han_forms(forms))
    expected = asked(table, text_terms, wanted)
    assert pairs(found) == pairs(expected)


def test_terms_in_texts_by_hand(wanted):
    table = texts_table(
        [
            ("A solid-state fuel cell", "LEDs and led lamps"),  # capitals count in three letters
            ("Solid state", "fuel cell"),  # no phrase spans title and abstract
            ("大模型", "电池,组"),
        ]
    )
    forms = wanted.forms.to_pyarrow()
    found = scan_texts(table, latin=latin_forms(forms), han=han_forms(forms))
    assert pairs(found) == [
        ("d0", "LED"), ("d0", "cell"), ("d0", "fuel cell"), ("d0", "solid-state fuel cell"),
        ("d1", "cell"), ("d1", "fuel cell"),
        ("d2", "大模型"), ("d2", "电"), ("d2", "电池,组"),
    ]  # fmt: skip


def test_more_terms_than_there_is_room_for(wanted, monkeypatch):
    monkeypatch.setattr("foresight.corpus.scan.ROOM", 1)
    table = texts_table([("LED fuel cell", "AIGC 6G AI")] * 50)
    forms = wanted.forms.to_pyarrow()
    found = scan_texts(table, latin=latin_forms(forms), han=han_forms(forms))
    assert found.num_rows == 50 * 5
    assert len(set(pairs(found))) == 50 * 5


@slow
@given(rows=st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["cpc", "ipc", "keyword"]),
                               st.sampled_from(CODES)), max_size=12))  # fmt: skip
def test_terms_of_codes_are_those_of_the_expressions(wanted, rows):
    kind = pa.large_string()
    table = pa.table(
        {
            "doc_id": pa.array([f"d{n}" for n, _, _ in rows], kind),
            "scheme": pa.array([scheme for _, scheme, _ in rows], kind),
            "code": pa.array([code for _, _, code in rows], kind),
        }
    )
    found = Prefixes(wanted.prefixes.to_pyarrow()).find(table)
    expected = asked(table, class_terms, wanted)
    assert pairs(found) == pairs(expected)


def test_codes_are_found_again_after_they_were_let_go(wanted, monkeypatch):
    assert CODES_KEPT > 100_000
    monkeypatch.setattr("foresight.corpus.scan.CODES_KEPT", 1)
    kind = pa.large_string()
    table = pa.table(
        {
            "doc_id": pa.array(["a", "b", "c"], kind),
            "scheme": pa.array(["cpc"] * 3, kind),
            "code": pa.array(["H01M10/0525", "G06N3/08", "A01B1/00"], kind),
        }
    )
    prefixes = Prefixes(wanted.prefixes.to_pyarrow())
    for _ in range(2):
        assert pairs(prefixes.find(table)) == [
            ("a", "H01M"), ("a", "H01M10"), ("a", "H01M10/05"), ("b", "G06"),
        ]  # fmt: skip


def test_matches_and_strata_do_not_depend_on_the_way(make, monkeypatch):
    """A corpus in one span is scanned from so many documents on; else the expressions answer."""
    some = [("LED fuel cell", "H01M10/05"), ("大模型", "G06N3/08"), ("cell", "A01B1/00")]
    ids = [f"{n:03}" for n in range(90)]
    titles, codes = ([some[n % 3][place] for n in range(90)] for place in (0, 1))
    documents = pd.DataFrame({"doc_id": ids, "title": titles}).assign(
        kind="patent", published="2001-01-01"
    )
    classes = pd.DataFrame({"doc_id": ids, "code": codes}).assign(scheme="cpc")
    found = {}
    for name, many in (("expressions", 91), ("scan", 90)):
        monkeypatch.setattr(hits, "MANY", many)
        corpus = make(name=name, documents=documents, classes=classes)
        scanned = []
        real = hits._scanned_texts
        monkeypatch.setattr(
            hits, "_scanned_texts", lambda *a, real=real, said=scanned: said.append(1) or real(*a)
        )
        found[name] = (match_tracks(corpus, TERMS), track_strata(corpus, TERMS))
        assert bool(scanned) == (name == "scan")
        monkeypatch.setattr(hits, "_scanned_texts", real)
    for one_way, other in zip(found["expressions"], found["scan"], strict=True):
        pd.testing.assert_frame_equal(one_way, other)
    assert len(found["scan"][0]) > 60


def test_one_document_is_asked_of_the_expressions(make, wanted, monkeypatch):
    row = {"doc_id": ["a"], "kind": "patent", "title": "LED", "published": "2001-01-01"}
    corpus = make(documents=pd.DataFrame(row))
    monkeypatch.setattr(hits, "MANY", 1)
    monkeypatch.setattr(hits, "_scanned_texts", None)
    assert corpus.read(find_hits(corpus, wanted, doc_id="a"))["term"].tolist() == ["LED"]


@slow
@example(texts=["", None, " ", "é", "a-b", "ﬁne ①"])
@given(texts=st.lists(st.none() | st.text(max_size=12) | text, max_size=8))
def test_words_of_many_texts_are_those_of_few(texts):
    for kind in (pa.string(), pa.large_string()):
        column = pa.array([None, "cut off", *texts], kind)[1:]
        few = normalise._english_words(pc.fill_null(column, ""))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(normalise, "MANY", 0)
            many = english_words(column)
            chunks = english_words(pa.chunked_array([column, column]))
        many.validate(full=True)
        assert many.type == kind
        assert many.to_pylist() == few.to_pylist()
        assert chunks.to_pylist() == few.to_pylist() * 2
