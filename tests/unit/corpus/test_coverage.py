"""What a corpus holds as of a date, counted by hand."""

import numpy as np
import pandas as pd
import pytest

from foresight.corpus.coverage import (
    FIELDS,
    composition,
    duplicate_counts,
    fill_counts,
    fill_rates,
    fill_years,
)
from foresight.corpus.view import as_of

TODAY = "2030-01-01"
LAST = "2021-12-31"


@pytest.fixture
def corpus(make):
    rows = [
        (
            "a",
            "patent",
            "Method for making a thing",
            "text",
            "2020-01-01",
            "US",
            "F1",
            "2021-06-01",
        ),
        ("b", "patent", "METHOD FOR MAKING A THING!", None, "2020-05-01", "US", "F1", None),
        ("c", "patent", "Method for making a thing", None, "2021-01-01", "CN", None, None),
        ("d", "paper", "Method for making a thing", "text", "2020-01-01", None, None, None),
        ("e", "paper", "石墨烯的制备方法", None, "2021-03-01", None, None, None),
        ("f", "paper", "石墨烯的制备方法", None, "2021-04-01", None, None, None),
        ("g", "paper", "Editorial", None, "2021-04-01", None, None, None),
        ("h", "paper", "Editorial", None, "2021-05-01", None, None, None),
        ("z", "paper", "late", "text", "2022-04-01", "EP", "F9", None),
    ]
    names = ["doc_id", "kind", "title", "abstract", "published", "office", "family_id", "granted"]
    return make(
        documents=pd.DataFrame(rows, columns=names),
        classes=pd.DataFrame(
            [("a", "cpc", "H01M10/05"), ("a", "ipc", "H01M10/05"), ("d", "keyword", "x")],
            columns=["doc_id", "scheme", "code"],
        ),
        references=pd.DataFrame({"citing_id": ["a", "a", "z"], "cited_id": ["b", "c", "a"]}),
        parties=pd.DataFrame(
            [
                ("a", "inventor", 0, "Li Na", None, "CN"),
                ("b", "inventor", 1, "Wu Yi", None, None),
                ("b", "inventor", 0, "Li Na", None, None),
                ("e", "author", 0, "Wang", "浙江大学", None),
                ("f", "author", 0, "Zhang", None, None),
            ],
            columns=["doc_id", "role", "position", "name", "org", "country"],
        ),
        events=pd.DataFrame(
            {"doc_id": ["a", "c"], "date": ["2021-06-01", "2023-01-01"], "event": "transfer"}
        ),
    )


@pytest.fixture
def view(corpus):
    return as_of(corpus, LAST, today=TODAY)


def test_composition_counts_values_and_what_is_not_stated(view):
    frame = composition(view)
    kinds = frame[frame["group"] == "kind"]
    assert kinds[["value", "n_docs"]].to_numpy().tolist() == [["paper", 5], ["patent", 3]]
    offices = frame[frame["group"] == "office"]
    assert offices["n_docs"].tolist() == [5, 2, 1]
    assert offices["value"].isna().tolist() == [True, False, False]
    assert offices["share"].tolist() == [0.625, 0.25, 0.125]


def test_fields_are_counted_per_document(view):
    rates = fill_rates(fill_counts(view)).set_index("field")
    assert list(rates.index) == list(FIELDS)
    filled = rates["n_filled"].to_dict()
    assert {name: n for name, n in filled.items() if n} == {
        "abstract": 2, "granted": 1, "office": 3, "family_id": 2, "class_symbols": 1,
        "keywords": 1, "references": 1, "persons": 4, "organisations": 1, "countries": 1,
        "events": 1,
    }  # fmt: skip
    assert rates["n_docs"].eq(8).all()
    assert rates.loc["abstract", ["patents", "papers"]].tolist() == [1 / 3, 1 / 5]


def test_a_grant_or_event_after_the_date_is_not_known(corpus):
    rates = fill_rates(fill_counts(as_of(corpus, "2021-01-31", today=TODAY))).set_index("field")
    assert rates.loc["granted", "n_filled"] == 0
    assert rates.loc["events", "n_filled"] == 0
    assert rates.loc["abstract", "n_docs"] == 4


def test_a_kind_that_is_not_there_has_no_share(make):
    papers = pd.DataFrame({"doc_id": ["a"], "kind": "paper", "title": "t", "published": LAST})
    rates = fill_rates(fill_counts(as_of(make(documents=papers), LAST, today=TODAY)))
    assert rates["patents"].isna().all()
    assert rates["papers"].notna().all()


def test_years_of_fields(view):
    frame = fill_years(fill_counts(view)).set_index(["field", "year"])
    assert frame.loc[("abstract", 2020), ["n_docs", "share"]].tolist() == [3, 2 / 3]
    assert frame.loc[("abstract", 2021), "share"] == 0
    assert len(frame) == 2 * len(FIELDS)


def test_duplicates_merged_and_candidates_left(view, corpus):
    manifest = {
        "counts": {"duplicates_merged_parties": 3, "rows_in": 12},
        "identity": {"doi": 2, "family": 1},
    }
    found = duplicate_counts(view, manifest).set_index(["step", "what"])["number"].to_dict()
    assert found == {
        ("rows", "parties"): 3,
        ("documents", "doi"): 2,
        ("documents", "family"): 1,
        ("families", "documents"): 2,
        ("families", "families"): 1,
        ("families", "beyond_first"): 1,
        ("titles", "titles"): 2,  # a and b of 2020, e and f; short titles tell nothing
        ("titles", "documents"): 4,
        ("titles", "titles_same_person"): 1,  # a and b: the first inventor, not the first row
        ("titles", "documents_same_person"): 2,
    }
    assert "documents" not in set(duplicate_counts(view, corpus.manifest)["step"])


def test_later_documents_change_nothing(corpus, make):
    kept = ["documents", "classes", "references", "parties", "events"]
    frames = {name: as_of(corpus, LAST, today=TODAY).frame(name) for name in kept}
    frames["documents"] = frames["documents"].drop(columns=["status"])
    before = as_of(make(name="before", **frames), LAST, today=TODAY)
    now = as_of(corpus, LAST, today=TODAY)
    for count in (composition, fill_counts):
        pd.testing.assert_frame_equal(count(before), count(now))
    empty: dict[str, object] = {}
    pd.testing.assert_frame_equal(duplicate_counts(before, empty), duplicate_counts(now, empty))
    assert np.isfinite(fill_rates(fill_counts(now))["share"]).all()
