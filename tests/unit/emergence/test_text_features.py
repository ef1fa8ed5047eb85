"""Features of words, worked out by hand."""

import numpy as np
import pytest
from small_snapshots import several, small_snapshot, values

from foresight.emergence import text_features as text

# Two units, five documents a year each: A takes up new words, B repeats old ones.
DOCS = {}
for year in range(2001, 2011):
    DOCS |= several(f"a{year}-", "A", year, 5) | several(f"b{year}-", "B", year, 5)


def words():
    """Every document has "old"; B also "very old"; A of 2008 and 2010 words of its own."""
    found = {}
    for one, (unit, year) in DOCS.items():
        found[one] = ["old", "very old"] if unit == "B" else ["old", "p"]
        if unit == "A" and year == 2008:
            found[one] = ["old", "new"]
        if unit == "A" and year == 2010 and one.endswith(("0", "1")):
            found[one] = ["old", f"only {one}", "new", "more"]
    return found


def test_new_and_fresh_words():
    snapshot = small_snapshot(DOCS, words=words(), bigrams=words())
    # A, 2008: one of two words is new; 2009: none; 2010: two of four in two documents of five.
    wanted = {"A": round((5 * 0.5 + 2 * 0.5) / 15, 6), "B": 0.0}
    assert values(text.new_share(text.words)(snapshot)) == wanted
    assert values(text.new_share(text.bigrams)(snapshot)) == wanted
    # "new" is fresh still in 2010: three of four words.
    wanted = {"A": round((5 * 0.5 + 2 * 0.75) / 15, 6), "B": 0.0}
    assert values(text.fresh_share(text.words)(snapshot)) == wanted
    assert values(text.fresh_share(text.bigrams)(snapshot)) == wanted


def test_novel_text_is_unlike_earlier_texts():
    found = text.novel_text(small_snapshot(DOCS, words=words()))
    assert found["A"] > 0.5 > found["B"]
    assert found.sum() == pytest.approx(1.0)  # ranks of a year have mean 1/2


def test_a_breakthrough_is_taken_up_later():
    docs, own = {}, {}
    for year in range(1998, 2011):
        docs |= several(f"a{year}-", "A", year, 5) | several(f"b{year}-", "B", year, 5)
    for one, (unit, year) in docs.items():
        own[one] = ["s"] if unit == "B" else ["r", "q"] if year >= 2007 else ["r"]
    found = text.breakthrough(small_snapshot(docs, words=own))
    # Of 2005 … 2007. Texts of B are as like the later as the earlier ones of B. Those of A of 2005
    # and 2006 are less like the later ones of A, with q, than the earlier: A has the lower half of
    # the ranks, on average a quarter. Those of 2007 are more like the later ones.
    assert values(found) == {"A": round(1.25 / 3, 6), "B": round(1.75 / 3, 6)}
    early = {one: place for one, place in docs.items() if place[1] <= 2004}
    assert text.breakthrough(small_snapshot(early, last_year=2004, words=own)).isna().all()


def test_momentum_leaves_the_own_documents_out():
    docs = several("a1", "A", 2006, 5) | several("a2", "A", 2009, 5)
    docs |= several("b1", "B", 2006, 6) | several("b2", "B", 2009, 6)
    own = {one: ["x"] for one in docs}
    own |= {one: ["x", "y"] for one in ("b200", "b201", "b202", "b100")}
    own["a200"] = ["y", "z"]
    snapshot = small_snapshot(docs, words=own, bigrams=own)
    # Of A's words: x has 6 of B's 6 documents then and now; y 1, then 3; z none. Of B's: x 5 of 5
    # then, 4 of 5 now; y none then, 1 now.
    other = {"x": 0.0, "y": np.log(3.5 / 1.5), "z": 0.0}
    a = (4 * other["x"] + (other["y"] + other["z"]) / 2) / 5
    other = {"x": np.log(4.5 / 5.5), "y": np.log(1.5 / 0.5)}
    b = (3 * other["x"] + 3 * (other["x"] + other["y"]) / 2) / 6
    for terms in (text.words, text.bigrams):
        found = values(text.term_momentum(terms)(snapshot))
        assert found == pytest.approx({"A": a, "B": b}, abs=1e-6)


def test_without_texts_all_is_missing():
    for one in text.FEATURES:
        assert one.compute(small_snapshot(DOCS)).isna().all(), one.name


def test_units_with_few_texts_are_missing():
    own = {one: said for one, said in words().items() if one.endswith(("0", "1"))}  # two of five
    snapshot = small_snapshot(DOCS, words=own, bigrams=own)
    for one in text.FEATURES:
        assert one.compute(snapshot).isna().all(), one.name
