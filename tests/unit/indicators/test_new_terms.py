"""New words and pairs of words, and their later use: hand-computed."""

import numpy as np
import pandas as pd
import pytest

from foresight.errors import InsufficientDataError
from foresight.indicators import new_terms as module
from foresight.indicators.incidence import term_counts
from foresight.indicators.new_terms import new_term_pairs, new_terms

TEXTS = ["a b", "a c c", "b c d", "c d", "", "d e"]
YEARS = np.array([2000, 2001, 2001, 2002, 2003, 2004])
DAYS = np.array([0, 400, 400, 800, 1200, 1600])


def counts(texts=TEXTS):
    rows = [(i, word) for i, text in enumerate(texts) for word in text.split()]
    ids = pd.Index(range(len(texts)))
    return term_counts(pd.DataFrame(rows, columns=["doc_id", "term"], dtype=object), ids)[0]


def test_new_words_by_hand():
    found = new_terms(counts(), DAYS, YEARS, last_year=2004, horizon=1, warm_up=1)
    nan = np.nan
    assert found["n_terms"].tolist() == pytest.approx([nan, 2, 3, 2, nan, 2], nan_ok=True)
    # c is new on one day in two documents; d in the second of them.
    assert found["n_new"].tolist() == pytest.approx([nan, 1, 2, 0, nan, 1], nan_ok=True)
    # By the end of 2002 document 3 has c and d; document 5 uses d in 2004.
    assert found["reuse"].tolist() == pytest.approx([nan, 1, 2, 0, nan, nan], nan_ok=True)
    assert found["reuse_so_far"].tolist() == pytest.approx([nan, 1, 3, 0, nan, nan], nan_ok=True)


def test_new_pairs_by_hand():
    found = new_term_pairs(counts(), DAYS, YEARS, last_year=2004, horizon=1, warm_up=1)
    nan = np.nan
    assert found["n_terms"].tolist() == pytest.approx([nan, 1, 3, 1, nan, 1], nan_ok=True)
    assert found["n_new"].tolist() == pytest.approx([nan, 1, 3, 0, nan, 1], nan_ok=True)
    assert found["reuse"].tolist() == pytest.approx([nan, 0, 1, 0, nan, nan], nan_ok=True)


def test_one_word_makes_no_pair():
    found = new_term_pairs(
        counts(["a", "a b"]), DAYS[:2], YEARS[:2], last_year=2001, horizon=0, warm_up=0
    )
    assert found["n_new"].tolist() == pytest.approx([np.nan, 1.0], nan_ok=True)


def test_blocks_change_nothing(monkeypatch):
    rng = np.random.default_rng(4)
    texts = [" ".join(rng.choice(list("abcdefghij"), 5)) for _ in range(30)]
    years = 2000 + np.arange(30) // 5
    whole = new_term_pairs(counts(texts), years * 365, years, last_year=2005, horizon=2)
    monkeypatch.setattr(module, "BLOCK", 7)
    pd.testing.assert_frame_equal(
        whole, new_term_pairs(counts(texts), years * 365, years, last_year=2005, horizon=2)
    )


@pytest.mark.parametrize("measure", [new_terms, new_term_pairs])
def test_nothing_gives_nothing(measure):
    empty = np.zeros(0, dtype=int)
    assert measure(counts([]), empty, empty, last_year=2000).shape == (0, 4)
    blank = measure(counts(["", ""]), DAYS[:2], YEARS[:2], last_year=2004)
    assert blank.isna().all(axis=None)
    with pytest.raises(InsufficientDataError, match="0 or more"):
        measure(counts([]), empty, empty, last_year=2000, horizon=-1)
