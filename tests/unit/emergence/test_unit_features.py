"""Features of two units worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from foresight.emergence import citation_features, trend_features
from foresight.emergence.outcomes import share_change
from foresight.emergence.records import Records
from foresight.emergence.snapshot import Snapshot
from foresight.settings import Settings

COLUMNS = ["doc_id", "unit", "year"]
DOCS = [("a1", "A", 2001), ("a2", "A", 2004), ("a3", "A", 2009), ("a4", "A", 2010),
        ("b1", "B", 2001), ("b2", "B", 2002), ("b3", "B", 2009), ("b4", "B", 2010)]  # fmt: skip
REFERENCES = [
    ("a2", "a1"),
    ("a3", "a2"),
    ("a4", "a3"),
    ("a4", "b1"),
    ("b3", "a2"),
    ("b4", "a3"),
    ("b4", "x9"),
]


def snapshot(references=REFERENCES, kind="paper"):
    frame = pd.DataFrame(DOCS, columns=COLUMNS).set_index("doc_id")
    documents = frame[["year"]].assign(kind=kind, n_pairs=1.0, n_first_pairs=0.0)
    links = pd.DataFrame(references, columns=["citing_id", "cited_id"], dtype="str")
    pairs = {
        "classes": pd.DataFrame({"doc_id": frame.index, "code": list("xyxyzzzz")}),
        "organisations": pd.DataFrame({"doc_id": frame.index, "org_id": list("pqrrpppp")}),
        "countries": pd.DataFrame({"doc_id": frame.index, "country": "CN"}),
        "people": pd.DataFrame({"doc_id": [*frame.index, "a3"], "person": [*"klmnkkkk", "k"]}),
    }
    records = Records(
        documents=documents,
        vectors=np.zeros((len(frame), 2), dtype=np.float32),
        references=links.assign(cited_kind="paper", cited_year=pd.NA),
        **pairs,
    )
    members = frame.reset_index()[["unit", "doc_id"]].rename(columns={"unit": "unit_id"})
    return Snapshot(2010, records, members.sort_values(["unit_id", "doc_id"]), Settings())


def values(function, **more):
    return function(snapshot(**more)).round(6).to_dict()


def test_trend_features():
    assert values(trend_features.size) == {"A": 2, "B": 2}
    # A: m, k and n in the window, of whom k published in 2001; B: k twice.
    assert values(trend_features.of_score("new_people")) == {"A": 0.75, "B": 0.0}
    found = snapshot()
    assert trend_features.of_score("vitality")(found)["A"] == pytest.approx(
        np.mean([1 / 10, 1 / 7, 1 / 2, 1])
    )
    assert trend_features.spread(found).isna().all()  # fewer than ten documents in the window


def test_last_growth_is_the_outcome_of_three_years_ago():
    found = trend_features.last_growth(snapshot())
    index = pd.Index(["A", "B"], name="unit_id")
    wanted = share_change(
        before=pd.Series([0.0, 0.0], index=index), after=pd.Series([2.0, 2.0], index=index),
        known=pd.Series([2.0, 2.0], index=index),
        total_before=0.0, total_after=4.0, total_known=4.0,
    )  # fmt: skip
    pd.testing.assert_series_equal(found, wanted, check_names=False)


def test_citation_features():
    # Received in 2008 … 2010: a2 twice, a3 twice; b1 once.
    assert values(citation_features.citations) == {"A": 4, "B": 1}
    # a3 has two citations, a4, b3 and b4 none.
    assert values(citation_features.young_citations) == {"A": 1.0, "B": 0.0}
    # A cites documents of 2004, 2009 and 2001; B of 2004 and 2009.
    young = {"A": np.mean([1 / 7, 1 / 2, 1 / 10]), "B": np.mean([1 / 7, 1 / 2])}
    assert values(citation_features.reference_vitality) == pytest.approx(young, abs=1e-6)
    # Ages: a3 5; a4 1 and 9, median 5; b3 5, b4 1.
    assert values(citation_features.pace) == {"A": -5.0, "B": -3.0}
    # Inside: 3 of 4 for A, none of 2 for B; 5 of 6 arcs enter A, 1 enters B.
    coherent = {"A": 3 / 4 - 5 / 6, "B": 0 - 1 / 6}
    assert values(citation_features.coherent) == pytest.approx(coherent, abs=1e-6)
    # a4 cites an x and a z; documents with one reference in the graph say nothing.
    assert citation_features.original(snapshot())["A"] == pytest.approx(1.0)


def test_impact_is_ranked_within_kind_and_year():
    """Ten documents of a year: the one that is cited twice stands above those cited once."""
    rows = [(f"d{i}", "A" if i < 5 else "B", 2010) for i in range(10)]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    base = snapshot()
    records = Records(
        documents=frame.set_index("doc_id")[["year"]].assign(kind="paper"),
        vectors=np.zeros((10, 2), dtype=np.float32),
        references=pd.DataFrame(
            {"citing_id": ["d1", "d2", "d3"], "cited_id": ["d0", "d0", "d9"]}
        ).assign(cited_kind="paper", cited_year=pd.NA),
        classes=base.records.classes,
        organisations=base.records.organisations,
        countries=base.records.countries,
        people=base.records.people,
    )
    members = frame[["unit", "doc_id"]].rename(columns={"unit": "unit_id"})
    found = citation_features.impact(Snapshot(2010, records, members, Settings()))
    assert found["A"] == pytest.approx((95 + 4 * 40) / 5)
    assert found["B"] == pytest.approx((85 + 4 * 40) / 5)


def test_without_references_citation_features_are_missing_not_zero():
    for one in citation_features.FEATURES:
        assert one.compute(snapshot(references=[])).isna().all(), one.name


def test_science_linkage_is_of_patents():
    assert values(citation_features.science, kind="patent") == {"A": 1.5, "B": 1.5}
    assert citation_features.science(snapshot()).isna().all()
