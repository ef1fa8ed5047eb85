"""The panel: what it refuses, and that later rows are not so much as looked at."""

import pandas as pd
import pytest

from foresight.errors import InsufficientDataError, TableError
from foresight.indicators.panel import panel


def table(**columns):
    base = {"topic_id": ["b", "b", "a", "a"], "year": [2000, 2001] * 2, "n_docs": [1, 2, 3, 4]}
    frame = pd.DataFrame(base | {"n_corpus": [10, 20, 10, 20]} | columns)
    return frame.assign(n_patents=0, n_papers=0)


def test_layout():
    found = panel(table(), last_year=2001)
    assert found.ids.tolist() == ["a", "b"]
    assert found.years.tolist() == [2000, 2001]
    assert found.counts.tolist() == [[3, 4], [1, 2]]
    assert found.totals.tolist() == [10, 20]
    assert panel(table(), last_year=2001, first_year=2001).counts.tolist() == [[4], [2]]


def test_later_rows_are_not_looked_at_even_where_they_are_wrong():
    wrong = table(n_corpus=[10, 1, 10, 2])  # below n_docs, and two totals for one year
    assert panel(wrong, last_year=2000).counts.tolist() == [[3], [1]]
    with pytest.raises(TableError, match="differs between units"):
        panel(wrong, last_year=2001)


def test_gaps_and_nothing_are_refused():
    with pytest.raises(InsufficientDataError, match="lack a year"):
        panel(table(year=[2000, 2001, 2001, 2002]), last_year=2002)
    with pytest.raises(InsufficientDataError, match="lack a year in 1999-2001"):
        panel(table(), last_year=2001, first_year=1999)
    with pytest.raises(InsufficientDataError, match="No row"):
        panel(table(), last_year=1990)
