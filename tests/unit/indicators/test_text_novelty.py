"""Backward and forward similarity of texts: hand-computed values and degenerate input."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from foresight.errors import TableError
from foresight.indicators.incidence import percentile_within, term_counts
from foresight.indicators.near_similarity import near_similarity
from foresight.indicators.text_novelty import backward_idf, text_novelty


def counts(*texts):
    ids = pd.Index(range(len(texts)))
    rows = [(i, word) for i, text in enumerate(texts) for word in text.split()]
    return term_counts(pd.DataFrame(rows, columns=["doc_id", "term"], dtype=object), ids)[0]


def test_term_counts_keep_order_and_empty_texts():
    rows = pd.DataFrame({"doc_id": ["b", "a", "b", "b", "z"], "term": ["x", "y", "x", "a", "q"]})
    found, terms = term_counts(rows, pd.Index(["b", "c", "a"]))
    assert list(terms) == ["a", "x", "y"]
    assert found.toarray().tolist() == [[1, 2, 0], [0, 0, 0], [0, 0, 1]]


def test_term_counts_refuse_what_they_cannot_read():
    rows = pd.DataFrame({"doc_id": ["a"], "term": [None]})
    with pytest.raises(TableError, match="lacks the column"):
        term_counts(rows.drop(columns="term"), pd.Index(["a"]))
    with pytest.raises(TableError, match="no term"):
        term_counts(rows, pd.Index(["a"]))
    with pytest.raises(TableError, match="repeated"):
        term_counts(rows, pd.Index(["a", "a"]))


def test_idf_looks_back_and_is_never_negative():
    found = backward_idf(4, np.array([0.0, 1.0, 3.0, 4.0]))
    assert found == pytest.approx([np.log(4), np.log(2), 0.0, 0.0])


def test_similarities_by_hand():
    # Before 2001 stand four texts of 2000: "a" in one of them (weight log 2), "n" in none (log 4).
    matrix = counts("a", "q", "q", "q", "a n", "a", "n n")
    years = np.array([2000, 2000, 2000, 2000, 2001, 2002, 2003])
    found = text_novelty(matrix, years, last_year=2003, back=1, forward=1)
    # a n of 2001 is (log 2, log 4) = (1, 2) log 2: cosine with "a" is 1 / sqrt 5.
    assert found["backward"].tolist() == pytest.approx([np.nan] * 5 + [5**-0.5, 0.0], nan_ok=True)
    assert found["forward"].tolist() == pytest.approx(
        [np.nan] * 4 + [5**-0.5, 0.0, np.nan], nan_ok=True
    )
    assert found["n_backward"].tolist() == [0, 0, 0, 0, 0, 1, 1]
    assert found["n_forward"].tolist() == [0, 0, 0, 0, 1, 1, 0]
    assert found["breakthrough"].tolist() == pytest.approx(
        [np.nan] * 5 + [0.0, np.nan], nan_ok=True
    )


def test_weights_come_from_before_the_earlier_text():
    matrix = counts("z", "z", "b a", "b", "b a")
    years = np.array([2000, 2000, 2001, 2002, 2003])
    found = text_novelty(matrix, years, last_year=2003, back=2, forward=1)
    alone = 2**-0.5  # "b" beside "b a" where both words weigh the same
    assert found.loc[4, "backward"] == pytest.approx((1.0 + alone) / 2)
    assert found.loc[2, "forward"] == pytest.approx(alone)
    # Seen from 2001 c, b and a are new; seen from 2002 only c is.
    matrix = counts("z", "z", "b a", "b b", "c b a")
    found = text_novelty(matrix, years, last_year=2003, back=2, forward=2)
    log32, log3 = np.log(3 / 2), np.log(3)
    from_2001 = np.sqrt(2 / 3)
    from_2002 = log32 / np.sqrt(2 * log32**2 + log3**2)
    assert found.loc[4, "backward"] == pytest.approx((from_2001 + from_2002) / 2)


def test_an_unfinished_window_is_missing_not_low():
    matrix = counts("z", "y", "a b", "a b", "a b", "a b")
    years = np.array([2000, 2000, 2001, 2002, 2003, 2004])
    for last, known in ((2002, []), (2003, [2]), (2004, [2, 3])):
        found = text_novelty(matrix, years, last_year=last, back=1, forward=2)
        assert found.index[found["forward"].notna()].tolist() == known
        assert (
            found.loc[years > last]
            .drop(columns=["n_backward", "n_forward", "n_year"])
            .isna()
            .all(axis=None)
        )


@pytest.mark.parametrize("measure", [text_novelty, near_similarity])
def test_a_window_that_reaches_the_first_year_is_missing(measure):
    matrix = counts("z", "y", "a b", "a b", "a b")
    years = np.array([2000, 2000, 2001, 2002, 2003])
    for back, known in ((1, [3, 4]), (2, [4]), (3, [])):
        found = measure(matrix, years, last_year=2003, back=back, forward=1)
        assert found.index[found["n_backward"] > 0].tolist() == known


def test_like_nothing_before_and_much_after_is_no_infinite_breakthrough():
    matrix = counts("z", "y", "a b", "c d", "c d", "c e")
    years = np.array([2000, 2000, 2001, 2002, 2003, 2003])
    found = text_novelty(matrix, years, last_year=2003, back=1, forward=1)
    assert found.loc[3, "backward"] == 0.0
    assert found.loc[3, "forward"] > 0.0
    assert np.isnan(found.loc[3, "breakthrough"])
    assert np.isnan(found.loc[3, "breakthrough_rank"])
    assert found.loc[3, "novelty"] == 0.5  # the only one of its year


def test_rank_is_within_the_year_and_ties_share():
    matrix = counts("z", "y", "a b", "a c", "b d", "a b", "c d", "c d")
    years = np.array([2000, 2000, 2001, 2001, 2001, 2002, 2002, 2002])
    found = text_novelty(matrix, years, last_year=2002, back=1, forward=1)
    assert found["n_year"].tolist() == [0, 0, 0, 0, 0, 3, 3, 3]
    backward = found["backward"].to_numpy()[5:]
    assert backward[1] == pytest.approx(backward[2])
    assert backward[0] > backward[1]
    assert found["novelty"].tolist()[5:] == pytest.approx([1 / 6, 4 / 6, 4 / 6])


def test_percentiles_tie_at_twelve_digits():
    values = np.array([0.1 + 0.2, 0.3, 0.4, np.nan, 5.0])
    found = percentile_within(values, np.array([1, 1, 1, 1, 2]))
    assert found.tolist() == pytest.approx([1 / 3, 1 / 3, 5 / 6, np.nan, 0.5], nan_ok=True)


@pytest.mark.parametrize("measure", [text_novelty, near_similarity])
@pytest.mark.parametrize(
    ("texts", "years"),
    [
        ([], []),
        (["a b"], [2000]),
        (["", "", ""], [2000, 2001, 2002]),
        (["a b"] * 4, [2000, 2001, 2002, 2003]),  # every word in every text weighs nothing
        (["a b"] * 4, [2000] * 4),
    ],
)
def test_what_cannot_be_known_is_missing(measure, texts, years):
    found = measure(counts(*texts), np.array(years, dtype=int), last_year=2003, back=1, forward=1)
    shown = [name for name in found.columns if not name.startswith("n_") and "row" not in name]
    assert len(found) == len(texts)
    assert found[shown].isna().all(axis=None)
    assert (found[["n_backward", "n_forward"]] == 0).all(axis=None)


def test_a_year_without_documents_is_not_compared():
    matrix = counts("z", "y", "a b", "", "a b")
    years = np.array([2000, 2000, 2001, 2002, 2003])
    for measure in (text_novelty, near_similarity):
        found = measure(matrix, years, last_year=2003, back=1, forward=1)
        assert found["n_backward"].tolist() == [0, 0, 0, 0, 0]
        wide = measure(matrix, years, last_year=2003, back=2, forward=2)
        assert wide["n_backward"].tolist() == [0, 0, 0, 0, 1]


def test_nearest_earlier_text_by_hand():
    matrix = counts("z", "y", "a b", "a c", "a b", "a b c")
    years = np.array([2000, 2000, 2001, 2001, 2002, 2002])
    found = near_similarity(matrix, years, last_year=2002, back=1, forward=1, floor=0.6)
    # Two earlier texts have none of a, b, c: all weigh log 2.
    both = 2 / np.sqrt(6)
    assert found["nearest"].tolist()[4:] == pytest.approx([1.0, both])
    assert found["nearest_row"].tolist() == [-1, -1, -1, -1, 2, 2]
    # Row 4: 1 and 1/2 (below the floor); row 5: twice 2/sqrt 6.
    assert found["backward_near"].tolist()[4:] == pytest.approx([0.5, both])
    assert found["n_forward"].tolist() == [0, 0, 2, 2, 0, 0]
    assert found["forward_near"].tolist()[2:4] == pytest.approx([(1 + both) / 2, both / 2])


def test_documents_and_counts_must_fit():
    matrix = counts("a", "b")
    with pytest.raises(TableError, match="2 document"):
        text_novelty(matrix, np.array([2000]), last_year=2001)
    with pytest.raises(TableError, match="whole number"):
        text_novelty(matrix, np.array([2000.0, 2001.0]), last_year=2001)
    with pytest.raises(TableError, match="negative"):
        near_similarity(sparse.csr_array(-matrix), np.array([2000, 2001]), last_year=2001)
