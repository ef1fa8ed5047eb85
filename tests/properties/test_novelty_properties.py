"""What must hold for any texts: the future changes nothing, nor does order; nothing is infinite."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from foresight.indicators.atypicality import pair_atypicality
from foresight.indicators.near_similarity import near_similarity
from foresight.indicators.new_terms import new_term_pairs, new_terms
from foresight.indicators.text_novelty import text_novelty

TERMS, CUT = 8, 2004
# Few words in few texts: words that all have weigh nothing, and nothing would be known.
COUNTS = st.lists(st.sampled_from([0, 0, 0, 0, 1, 2]), min_size=TERMS, max_size=TERMS)
DOCUMENT = st.tuples(st.integers(2000, 2006), st.integers(0, 300), COUNTS)
CORPUS = st.lists(DOCUMENT, min_size=1, max_size=24)
LIGHT = settings(max_examples=60, deadline=None)


def arrays(rows):
    years = np.array([row[0] for row in rows], dtype=np.int64)
    days = years * 400 + np.array([row[1] for row in rows], dtype=np.int64)
    return sparse.csr_array(np.array([row[2] for row in rows], dtype=float)), days, years


def by_text(rows, last_year):
    counts, _, years = arrays(rows)
    return text_novelty(counts, years, last_year=last_year, back=2, forward=2)


def by_pair(rows, last_year):
    counts, _, years = arrays(rows)
    found = near_similarity(counts, years, last_year=last_year, back=2, forward=2)
    return found.drop(columns="nearest_row")  # which of equals is named depends on order


def by_word(rows, last_year):
    return new_terms(*arrays(rows), last_year=last_year, horizon=2, warm_up=1)


def by_word_pair(rows, last_year):
    return new_term_pairs(*arrays(rows), last_year=last_year, horizon=2, warm_up=1)


MEASURES = pytest.mark.parametrize("measure", [by_text, by_pair, by_word, by_word_pair])


def same(one, two):
    pd.testing.assert_frame_equal(one, two, rtol=1e-9, atol=1e-12)


@MEASURES
@LIGHT
@given(rows=CORPUS)
def test_documents_after_the_last_year_are_never_read(measure, rows):
    past = [row for row in rows if row[0] <= CUT]
    if past:
        whole = measure(rows, CUT)
        kept = whole[[row[0] <= CUT for row in rows]].reset_index(drop=True)
        same(measure(past, CUT), kept)


@MEASURES
@LIGHT
@given(rows=CORPUS)
def test_what_looks_back_never_changes_when_time_goes_on(measure, rows):
    past = [row for row in rows if row[0] <= CUT]
    names = ["backward", "n_backward", "novelty", "nearest", "backward_near", "n_terms", "n_new"]
    if past:
        then = measure(past, CUT)
        now = measure(rows, 2008)[[row[0] <= CUT for row in rows]].reset_index(drop=True)
        columns = [name for name in names if name in then]
        same(then[columns], now[columns])


@MEASURES
@LIGHT
@given(rows=CORPUS)
def test_what_was_known_ahead_stays_when_time_goes_on(measure, rows):
    then, now = measure(rows, CUT), measure(rows, 2008)
    for name in ("forward", "breakthrough", "forward_near", "reuse"):
        if name in then:
            known = then[name].notna()
            np.testing.assert_allclose(then[name][known], now[name][known], rtol=1e-9, atol=1e-12)


@MEASURES
@LIGHT
@given(rows=CORPUS, seed=st.integers(0, 5))
def test_order_of_documents_and_terms_changes_nothing(measure, rows, seed):
    rng = np.random.default_rng(seed)
    order, terms = rng.permutation(len(rows)), rng.permutation(TERMS)
    moved = [(rows[i][0], rows[i][1], [rows[i][2][t] for t in terms]) for i in order]
    same(measure(rows, CUT).iloc[order].reset_index(drop=True), measure(moved, CUT))


@MEASURES
@LIGHT
@given(rows=CORPUS)
def test_values_are_missing_or_in_their_range(measure, rows):
    found = measure(rows, CUT)
    assert not np.isinf(found.to_numpy(dtype=float)).any()
    assert (found.fillna(0.0) >= 0.0).all(axis=None)
    for name in ("backward", "forward", "nearest", "novelty", "breakthrough_rank"):
        if name in found:
            assert (found[name].fillna(0.0) <= 1.0 + 1e-12).all()


@LIGHT
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(2000, 2008), *[st.integers(0, 5)] * 4),
        max_size=10,
    )
)
def test_atypicality_reads_no_later_year_and_is_never_infinite(rows):
    names = ["doc_id", "year", "n_pair", "n_a", "n_b", "n_docs"]
    frame = pd.DataFrame(rows, columns=names)
    found = pair_atypicality(frame, last_year=CUT)
    assert not np.isinf(found.to_numpy(dtype=float)).any()
    pd.testing.assert_frame_equal(
        found, pair_atypicality(frame[frame["year"] <= CUT].iloc[::-1], last_year=CUT)
    )
