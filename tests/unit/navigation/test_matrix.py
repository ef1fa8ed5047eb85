"""Technology x effect matrix and its white space, by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control, poisson

from foresight.errors import InsufficientDataError, TableError
from foresight.navigation.matrix import technology_effect_matrix, technology_similarity
from foresight.navigation.white_space import REASONS, RULES, Rules, white_space


def table(rows, effects=("cheap", "fast")):
    """Matrix of (unit, doc, effects)."""
    members = pd.DataFrame([(u, d) for u, d, _ in rows], columns=["unit_id", "doc_id"])
    claims = [(d, e) for _, d, some in rows for e in some]
    stated = pd.DataFrame(claims, columns=["doc_id", "effect"]).drop_duplicates()
    return technology_effect_matrix(members, stated, effects=list(effects))


def test_cells_by_hand():
    rows = [("a", f"a{i}", ["cheap"]) for i in range(6)] + [("a", "silent", [])]
    rows += [("b", "b1", ["cheap", "fast"]), ("b", "b2", ["fast"]), ("a", "b2", ["fast"])]
    cells = table(rows, ("cheap", "fast", "never")).set_index(["unit_id", "effect"])
    assert cells.index.tolist() == [
        (u, e) for u in ("a", "b") for e in ("cheap", "fast", "never")
    ]  # fmt: skip
    # Eight documents state an effect; a has seven of them, b two, b2 being of both.
    cell = cells.loc[("a", "fast")]
    assert cell[["n", "n_unit", "n_effect", "n_all"]].tolist() == [1, 7, 2, 8]
    assert cell["expected"] == pytest.approx(7 * 2 / 8)
    assert cell["ratio"] == pytest.approx(1 / 1.75)
    assert cell["p_few"] == pytest.approx(np.exp(-1.75) * (1 + 1.75))
    assert cell["lo"] == pytest.approx(0.0253178 / 1.75, rel=1e-5)  # Garwood, one event
    assert cell["hi"] == pytest.approx(5.5716434 / 1.75, rel=1e-5)
    assert np.isnan(cell["q_few"])  # fewer than five expected
    assert cell["doc_ids"] == "b2"
    nothing = cells.loc[("b", "never")]
    assert nothing[["n", "expected", "doc_ids"]].tolist() == [0, 0, ""]
    assert np.isnan(nothing["ratio"])


def test_only_cells_that_could_tell_are_corrected_for_their_number():
    rows = [("a", f"a{i}", ["cheap"]) for i in range(30)]
    rows += [("b", f"b{i}", ["fast"]) for i in range(20)] + [("c", "c", ["cheap"])]
    cells = table(rows)
    tested = cells["expected"] >= 5
    assert tested.sum() == 4
    assert cells.loc[tested, "p_few"].tolist() == pytest.approx(
        poisson.cdf(cells.loc[tested, "n"], cells.loc[tested, "expected"]).tolist()
    )
    wanted = false_discovery_control(cells.loc[tested, "p_few"])
    assert cells.loc[tested, "q_few"].tolist() == pytest.approx(wanted.tolist())
    assert cells.loc[~tested, "q_few"].isna().all()


def test_order_and_names_change_nothing():
    rows = [("a", "1", ["cheap"]), ("b", "2", ["fast"]), ("b", "3", ["cheap"])]
    pd.testing.assert_frame_equal(table(rows), table(rows[::-1]))
    renamed = table([(f"x{u}", d, e) for u, d, e in rows])
    pd.testing.assert_frame_equal(
        renamed.drop(columns="unit_id"), table(rows).drop(columns="unit_id")
    )


def test_without_a_claim_there_is_no_matrix():
    with pytest.raises(InsufficientDataError, match="states an effect"):
        table([("a", "1", [])])


def test_similarity_by_hand():
    members = pd.DataFrame({"unit_id": list("aabc"), "doc_id": ["1", "2", "3", "4"]})
    terms = pd.DataFrame(
        [("1", "p"), ("2", "p"), ("2", "q"), ("3", "q"), ("4", "r"), ("4", "r")],
        columns=["doc_id", "term"],
    )
    found = technology_similarity(members, terms)
    pairs = found.set_index(["unit_id", "other_id"])["similarity"]
    assert len(pairs) == 6
    assert pairs["a", "b"] == pairs["b", "a"] == pytest.approx(1 / np.sqrt(5))
    assert pairs["a", "c"] == 0
    assert found.loc[found["unit_id"] == "b", "other_id"].tolist() == ["a", "c"]


YEARS = range(2011, 2021)


def world(*, near_years, own=(), own_years=YEARS, target_docs=()):
    """Three technologies and effects: t lacks `e`; its neighbour s has it in `near_years`.

    Everything else is spread over YEARS, so that a share can rise.
    """
    rows = [("t", f"t{i}-{y}", y, ["cheap"]) for y in own_years for i in range(4)]
    rows += [("t", f"x{i}-{y}", y, ["cheap", "akin"]) for i, y in enumerate(own)]
    rows += [("t", f"e{i}-{y}", y, ["e"]) for i, y in enumerate(target_docs)]
    rows += [("s", f"s{i}-{y}", y, ["e", "akin"]) for i, y in enumerate(near_years)]
    rows += [("r", f"r{i}-{y}", y, ["fast"]) for y in YEARS for i in range(4)]
    rows += [("r", f"o{i}", 2015, ["e"]) for i in range(30)]
    cells = table([(u, d, e) for u, d, _, e in rows], ("cheap", "fast", "e", "akin"))
    docs = pd.DataFrame([(d, y) for _, d, y, _ in rows], columns=["doc_id", "year"])
    pairs = [("t", "s", 0.9), ("t", "r", 0.1), ("s", "t", 0.9), ("r", "t", 0.1)]
    similarity = pd.DataFrame(pairs, columns=["unit_id", "other_id", "similarity"])
    return cells, docs, similarity


def verdict(*, rules=RULES, last_year=2020, unit="t", effect="e", **kinds):
    cells, docs, similarity = world(**kinds)
    found = white_space(
        cells, documents=docs, similarity=similarity, last_year=last_year, rules=rules
    )
    return found.set_index(["unit_id", "effect"]).loc[(unit, effect)]


RISING = [y for y in YEARS for _ in range(1 + 2 * max(0, y - 2014))]
FALLING = [2031 - y for y in RISING]
LATELY = [2018, 2019, 2020]


def test_open_where_neighbours_are_filled_and_rising_and_it_is_enabled():
    row = verdict(near_years=RISING, own=LATELY)
    assert row[["status", "why", "n", "neighbours"]].tolist() == ["open", "opening", 0, "s"]
    assert row["n_near"] == len(RISING)
    assert row["p_rising"] > 0.9
    assert row["n_enabling"] == 3
    assert row["enabling_ids"] == "x0-2018;x1-2019;x2-2020"
    assert pd.isna(row["last_doc_year"])


def test_not_open_without_one_of_the_three():
    falling = verdict(near_years=FALLING, own=LATELY)
    assert falling[["status", "why"]].tolist() == ["undecided", "not_rising"]
    old = verdict(near_years=RISING, own=[2012, 2013, 2014])
    assert old[["status", "why", "n_enabling"]].tolist() == ["undecided", "not_enabled", 0]
    alone = verdict(near_years=RISING, own=LATELY, rules=Rules(least_similarity=0.95))
    assert alone[["status", "why", "neighbours"]].tolist() == [
        "undecided", "neighbours_unknown", "",
    ]  # fmt: skip


def test_closed_where_neighbours_are_empty_too():
    found = barren([])
    assert found.loc[("t", "e"), ["status", "why"]].tolist() == ["closed", "neighbours_empty"]
    assert found.loc[("t", "e"), "near_hi"] == pytest.approx(3.6888795 / (40 / 3), rel=1e-6)
    assert found.loc[("t", "cheap"), ["status", "why"]].tolist() == ["filled", "chance"]
    # r has no neighbour: its empty cell cannot be told.
    assert found.loc[("r", "cheap"), ["status", "why"]].tolist() == [
        "undecided", "neighbours_unknown",
    ]  # fmt: skip


def test_what_is_still_worked_on_is_not_closed():
    found = barren([2018, 2018, 2018])
    assert found.loc[("t", "e"), ["n", "status", "why"]].tolist() == [
        3,
        "undecided",
        "still_worked",
    ]
    assert barren([2018, 2018]).loc[("t", "e"), "status"] == "closed"


def barren(own):
    """Technologies t and s lack effect e, which r has; t has it in the years of `own`."""
    rows = [("t", f"t{i}", ["cheap"]) for i in range(40)]
    rows += [("t", f"e{i}", ["e"]) for i in range(len(own))]
    rows += [("s", f"s{i}", ["cheap"]) for i in range(40)]
    rows += [("r", f"r{i}", ["e"]) for i in range(40)]
    docs = pd.DataFrame({"doc_id": [d for _, d, _ in rows], "year": 2018})
    pairs = pd.DataFrame(
        [("t", "s", 0.9), ("s", "t", 0.9)], columns=["unit_id", "other_id", "similarity"]
    )
    return white_space(
        table(rows, ("cheap", "e")), documents=docs, similarity=pairs, last_year=2020
    ).set_index(["unit_id", "effect"])


def test_closed_where_it_was_tried_and_left():
    late = range(2016, 2021)  # the technology's own documents are recent
    row = verdict(near_years=FALLING, own_years=late, target_docs=[2011, 2011, 2012])
    assert row[["status", "why", "n", "n_recent"]].tolist() == ["closed", "tried_and_left", 3, 0]
    assert row["last_doc_year"] == 2012
    once = verdict(near_years=FALLING, own_years=late, target_docs=[2011, 2012])
    assert once["why"] == "not_rising"  # two documents are too few to have been a try
    lately = verdict(near_years=FALLING, own_years=late, target_docs=[2011, 2012, 2019])
    assert lately["why"] == "not_rising"
    slow = verdict(near_years=FALLING, own_years=range(2006, 2016), target_docs=[2011, 2011, 2012])
    assert slow["why"] == "not_rising"  # nothing of the technology is recent


def test_evidence_both_ways_is_a_conflict():
    row = verdict(
        near_years=RISING, own=LATELY, own_years=range(2016, 2021), target_docs=[2011, 2011, 2012]
    )
    assert row[["status", "why"]].tolist() == ["undecided", "conflict"]


def test_documents_shared_with_a_neighbour_do_not_speak_for_it():
    rows = [("t", f"t{i}", ["cheap"]) for i in range(40)]
    rows += [("r", f"r{i}", ["e"]) for i in range(40)]
    rows += [("s", f"t{i}", ["cheap"]) for i in range(30)]
    rows += [("s", f"s{i}", ["cheap"]) for i in range(10)]
    docs = pd.DataFrame({"doc_id": sorted({d for _, d, _ in rows}), "year": 2018})
    pairs = pd.DataFrame([("t", "s", 0.9)], columns=["unit_id", "other_id", "similarity"])
    found = white_space(
        table(rows, ("cheap", "e")), documents=docs, similarity=pairs, last_year=2020
    ).set_index(["unit_id", "effect"])
    # Ten of the forty of s are its own: 10 x 40 / 90 expected, too few to tell.
    assert found.loc[("t", "e"), "expected_near"] == pytest.approx(10 * 40 / 90)
    assert found.loc[("t", "e"), "why"] == "neighbours_unknown"
    assert found.loc[("t", "cheap"), "near_ids"].split(";") == sorted(f"s{i}" for i in range(10))


def test_small_and_chance():
    small = verdict(near_years=[2015], own=[], unit="s", effect="cheap")
    assert small[["status", "why"]].tolist() == ["undecided", "too_small"]
    assert small["expected"] < 5
    chance = verdict(near_years=RISING, target_docs=[2015] * 24, rules=Rules(alpha=1e-12))
    assert chance["n"] < chance["expected"]
    assert chance[["status", "why"]].tolist() == ["undecided", "within_chance"]


def test_refusals_and_reasons():
    cells, docs, similarity = world(near_years=RISING)
    with pytest.raises(TableError, match="no year"):
        white_space(cells, documents=docs.iloc[1:], similarity=similarity, last_year=2020)
    with pytest.raises(InsufficientDataError, match="window"):
        white_space(cells, documents=docs, similarity=similarity, last_year=1990)
    found = white_space(cells, documents=docs, similarity=similarity, last_year=2020)
    assert set(found["why"]) <= set(REASONS)
    shuffled = white_space(
        cells, documents=docs.iloc[::-1], similarity=similarity.iloc[::-1], last_year=2020
    )
    pd.testing.assert_frame_equal(found, shuffled)
