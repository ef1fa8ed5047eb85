"""Centrality and density of themes: hand-computed."""

import numpy as np
import pandas as pd
import pytest

from foresight.errors import InsufficientDataError, TableError
from foresight.indicators.thematic import equivalence, thematic_map

TEXTS = {"1": "a b", "2": "a b c", "3": "c d", "4": "a", "5": "x"}
THEMES = pd.DataFrame({"theme_id": ["t", "t", "u", "u", "v"], "term": list("abcde")})


def occurrences(texts=TEXTS):
    rows = [(doc, term) for doc, text in texts.items() for term in text.split()]
    return pd.DataFrame(rows, columns=["doc_id", "term"])


def found(texts=TEXTS, themes=THEMES, draws=50, seed=1):
    return thematic_map(occurrences(texts), themes, rng=np.random.default_rng(seed), draws=draws)


def test_equivalence_by_hand():
    together = np.array([[3.0, 2.0, 0.0], [2.0, 2.0, 0.0], [0.0, 0.0, 0.0]])
    index = equivalence(together)
    assert index[0, 1] == index[1, 0] == pytest.approx(4 / 6)
    assert index.sum() == pytest.approx(8 / 6)


def test_themes_by_hand():
    # a in 1, 2, 4; b in 1, 2; c in 2, 3; d in 3. e_ab = 4/6, e_ac = 1/6, e_bc = 1/4, e_cd = 1/2.
    table = found()
    assert table.index.tolist() == ["t", "u", "v"]
    assert table["centrality"].tolist() == pytest.approx([10 * 5 / 12, 10 * 5 / 12, 0.0])
    assert table["density"].tolist()[:2] == pytest.approx([100 * (4 / 6) / 2, 100 * 0.5 / 2])
    assert np.isnan(table.loc["v", "density"])  # one term has no pair
    assert table["n_terms"].tolist() == [2, 2, 1]
    assert table["n_docs"].tolist() == [3, 2, 0]
    assert table["high_density"].tolist()[:2] == [True, False]
    assert table["high_centrality"].isna().tolist() == [False, False, True]
    assert np.isnan(table.loc["v", "p_quadrant"])


def test_a_term_of_two_themes_ties_neither_to_the_other():
    both = pd.DataFrame({"theme_id": ["t", "t", "u", "u"], "term": ["a", "b", "b", "c"]})
    table = found(themes=both)
    # From t only c is foreign: e_ac + e_bc; from u only a: e_ab + e_ac.
    assert table.loc["t", "centrality"] == pytest.approx(10 * (1 / 6 + 1 / 4))
    assert table.loc["u", "centrality"] == pytest.approx(10 * (4 / 6 + 1 / 6))


def test_intervals_hold_the_estimate_and_narrow_with_documents():
    few = {str(i): TEXTS[str(1 + i % 4)] for i in range(40)}
    many = {str(i): TEXTS[str(1 + i % 4)] for i in range(4000)}
    widths = []
    for texts in (few, many):
        table = found(texts, draws=200).loc[["t", "u"]]
        for name in ("centrality", "density"):
            assert (table[f"{name}_lo"] <= table[name]).all()
            assert (table[name] <= table[f"{name}_hi"]).all()
        widths.append((table["density_hi"] - table["density_lo"]).to_numpy())
        assert table["p_quadrant"].between(0, 1).all()
    assert (widths[0] > 5 * widths[1]).all()


def test_same_generator_same_table_whatever_the_order():
    shuffled = occurrences().sample(frac=1, random_state=2)
    again = thematic_map(
        pd.concat([shuffled, shuffled]), THEMES.iloc[::-1], rng=np.random.default_rng(1), draws=50
    )
    pd.testing.assert_frame_equal(found(), again)


def test_how_often_a_document_has_a_term_does_not_matter():
    more = pd.concat([occurrences(), occurrences().iloc[:1]])
    again = thematic_map(more, THEMES, rng=np.random.default_rng(1), draws=50)
    pd.testing.assert_frame_equal(found(), again)


@pytest.mark.filterwarnings("error")
def test_one_theme_has_no_centrality():
    table = found(themes=THEMES[:2], draws=5)
    assert np.isnan(table.loc["t", "centrality"])
    assert table.loc["t", "density"] == pytest.approx(100 / 3)
    assert table[["high_centrality", "high_density", "p_quadrant"]].isna().all(axis=None)
    assert found(draws=0)["centrality_lo"].isna().all()


def test_nothing_to_draw_is_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(InsufficientDataError, match="None of the 5 term"):
        thematic_map(occurrences({"1": "z"}), THEMES, rng=rng)
    with pytest.raises(TableError, match=r"lacks the column\(s\) term"):
        thematic_map(occurrences(), THEMES.drop(columns="term"), rng=rng)
    with pytest.raises(TableError, match="empty cells"):
        thematic_map(occurrences(), THEMES.assign(term=None), rng=rng)
