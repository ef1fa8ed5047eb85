"""Contracts of tables: what is wrong, where, what to do."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foresight.errors import TableError
from foresight.tables import DOCUMENTS, PARTIES, among, check, empty


def documents(**changes):
    row = {"doc_id": ["a", "b"], "kind": ["paper", "patent"], "title": ["x", "y"],
           "published": ["2020-01-01", "2021-01-01"]}  # fmt: skip
    return pd.DataFrame({**row, **changes})


def test_a_sound_table_passes():
    check(documents(), DOCUMENTS)
    check(empty(PARTIES), PARTIES)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (documents().drop(columns="title"), r"here\.csv lacks the column\(s\) title.*It has: doc"),
        (documents(title=["x", None]), r"`title`.*empty in 1 of 2.*row\(s\) \[2\]"),
        (documents(kind=["paper", "patnet"]), r"`kind`.*'patnet'.*allowed are paper, patent"),
        (documents(published=["2020-01-01", "5.3.2010"]), r"`published`.*'5.3.2010'.*YYYY-MM-DD"),
        (documents(published=["2020-01-01", 2010]), r"`published`.*'2010'.*YYYY-MM-DD"),
        (documents(doc_id=["a", "a"]), r"2 rows that share the key \(doc_id\).*first: a"),
    ],
)
def test_messages_name_table_place_value_and_cure(frame, words):
    with pytest.raises(TableError, match=words):
        check(frame, DOCUMENTS, where="here.csv")


IDS = st.none() | st.sampled_from(["a", "b", "é", ""])


@given(ids=st.lists(IDS), wanted=st.lists(IDS))
@pytest.mark.parametrize("kind", [list, set, pd.Series, pd.Index])
def test_among_is_what_a_set_says_and_an_absent_id_is_not(ids, wanted, kind):
    column = pd.Series(ids, dtype="str")
    held = kind(wanted) if kind in (list, set) else kind(wanted, dtype="str")
    found = among(column, held)
    assert found.tolist() == [one is not None and one in wanted for one in ids]
    assert among(column.astype("object"), held).tolist() == found.tolist()


def test_among_of_nothing():
    assert among(pd.Series([1, 2])[:0], ["a"]).tolist() == []
    assert among(pd.Series(["a"]), pd.RangeIndex(0)).tolist() == [False]
