from itertools import pairwise

import pandas as pd
import pytest

from foresight.corpus import select
from foresight.corpus.select import match_tracks, track_strata
from foresight.corpus.spans import EVERY, Span, spans

TERMS = pd.DataFrame(
    [
        ("core_class", "G06N", None, "ai"),
        ("broad_class", "H01M", None, "battery"),
        ("keyword_en", "fuel cell", "battery/fuel", "battery"),
        ("keyword_zh", "大模型", None, "ai"),
        ("context_en", "electrolyte", None, "battery"),
    ],
    columns=["kind", "term", "sub_direction", "track"],
    dtype="str",
)


@pytest.fixture
def five(make):
    """Documents a to e; e was withdrawn before issue."""
    titles = ["fuel cells", "electrolyte", "大模型", "electrolyte of a fuel cell", "fuel cell"]
    documents = pd.DataFrame({"doc_id": list("abcde"), "kind": "patent", "title": titles}).assign(
        published="2001-01-01", status=[None, None, None, None, "withdrawn"]
    )
    codes = [("a", "G06N3/08"), ("b", "H01M8/00"), ("c", "H01M8/00"), ("d", "H01M8/00")]
    classes = pd.DataFrame(codes, columns=["doc_id", "code"]).assign(scheme="cpc")
    return make(documents=documents.astype({"status": "str"}), classes=classes)


@pytest.mark.parametrize(
    ("size", "cuts"),
    [(1, list("bcde")), (2, ["c", "e"]), (4, ["e"]), (5, []), (9, [])],
)
def test_spans_begin_every_so_many_documents(five, size, cuts):
    edges = [None, *cuts, None]
    assert spans(five, size=size) == [Span(first, end) for first, end in pairwise(edges)]


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_spans_hold_every_row_once_and_in_order(five, size):
    for name in ("documents", "classes", "search_text"):
        parts = [five.read(span.of(five.table(name))) for span in spans(five, size=size)]
        found = [doc for part in parts for doc in sorted(part["doc_id"])]
        assert found == sorted(five.read(EVERY.of(five.table(name)))["doc_id"])


def test_matches_and_strata_by_hand(five):
    matches = match_tracks(five, TERMS)
    assert list(matches.itertuples(index=False, name=None)) == [
        ("a", "ai", pytest.approx(float("nan"), nan_ok=True), "class", "G06N"),
        ("a", "battery", "battery/fuel", "keyword", "fuel cell"),
        ("b", "battery", pytest.approx(float("nan"), nan_ok=True), "class", "H01M"),
        ("b", "battery", pytest.approx(float("nan"), nan_ok=True), "keyword", "electrolyte"),
        ("c", "ai", pytest.approx(float("nan"), nan_ok=True), "keyword", "大模型"),
        ("d", "battery", pytest.approx(float("nan"), nan_ok=True), "class", "H01M"),
        ("d", "battery", pytest.approx(float("nan"), nan_ok=True), "keyword", "electrolyte"),
        ("d", "battery", "battery/fuel", "keyword", "fuel cell"),
        ("e", "battery", "battery/fuel", "keyword", "fuel cell"),
    ]
    strata = track_strata(five, TERMS)
    assert list(strata.itertuples(index=False, name=None)) == [
        ("a", "ai", "class"),
        ("c", "ai", "keyword"),
        ("a", "battery", "keyword"),
        ("b", "battery", "broad"),
        ("c", "battery", "near_miss"),
        ("d", "battery", "class_and_keyword"),
    ]


@pytest.mark.parametrize("size", [1, 2, 4])
def test_the_size_of_spans_changes_no_result(five, size, monkeypatch):
    whole = match_tracks(five, TERMS), track_strata(five, TERMS)
    for path in [*five.folder.glob("matches-*"), *five.folder.glob("strata-*")]:
        path.unlink()
    monkeypatch.setattr(select, "spans", lambda corpus: spans(corpus, size=size))
    again = match_tracks(five, TERMS), track_strata(five, TERMS)
    for one, two in zip(whole, again, strict=True):
        pd.testing.assert_frame_equal(one, two)
