"""Cycle time and science linkage by hand, with undated, later and repeated references."""

import numpy as np
import pandas as pd
import pytest

from foresight.errors import TableError
from foresight.indicators.pace import cycle_time, science_linkage

DOCUMENTS = pd.DataFrame(
    {"doc_id": ["p", "q", "r", "s", "old"], "year": [2010, 2010, None, 2012, 2000]}
).astype({"year": "Int64"})
REFERENCES = pd.DataFrame(
    [
        ("p", "old", "patent", 1950),  # the year of the document counts: 10
        ("p", "x1", "patent", 2004),  # 6
        ("p", "x2", "patent", 1990),  # 20
        ("p", "x2", "patent", 1990),
        ("p", "x3", "patent", None),
        ("p", "x4", "patent", 2011),
        ("p", "n1", "paper", 2009),
        ("p", "n2", None, 2009),
        ("q", "x1", "patent", 2004),
        ("q", "x5", "patent", 2008),  # median of 6 and 2
        ("r", "x1", "patent", 2004),
        ("s", "n2", None, None),
        ("z", "x1", "patent", 2004),
        ("q", "x5", "patent", 2009),
        ("q", "x1", None, 2009),
        ("q", "q", "patent", 2010),
    ],
    columns=["citing_id", "cited_id", "cited_kind", "cited_year"],
).astype({"cited_year": "Int64"})


def test_cycle_time_by_hand():
    found = cycle_time(DOCUMENTS, REFERENCES)
    assert found.index.tolist() == ["old", "p", "q", "r", "s"]
    assert found.loc["p"].tolist() == [10.0, 3, 1, 1]
    assert found.loc["q"].tolist() == [4.0, 2, 0, 0]
    assert found["cycle_time"].isna().tolist() == [True, False, False, True, True]
    assert found.loc["r", "n_undated"] == 1
    papers = cycle_time(DOCUMENTS, REFERENCES, kind="paper")
    assert papers.loc["p"].tolist() == [1.0, 1, 0, 0]


def test_science_linkage_by_hand():
    found = science_linkage(DOCUMENTS, REFERENCES)
    assert found.loc["p"].tolist() == [1.0, 6, 1]
    assert found.loc["q"].tolist() == [0.0, 2, 0]  # known to cite none
    assert np.isnan(found.loc["s", "science_linkage"])  # only of unknown kind
    assert found.loc["s", "n_unknown_kind"] == 1
    assert np.isnan(found.loc["old", "science_linkage"])


def test_nothing_to_count():
    for work in (cycle_time, science_linkage):
        found = work(DOCUMENTS, REFERENCES.iloc[:0])
        assert found.iloc[:, 0].isna().all()
        assert work(DOCUMENTS.iloc[:0], REFERENCES).empty
        with pytest.raises(TableError, match="cited_kind"):
            work(DOCUMENTS, REFERENCES.drop(columns="cited_kind"))
