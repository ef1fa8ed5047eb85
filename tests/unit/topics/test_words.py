"""Tokens, phrases and terms."""

import numpy as np
import pytest

from foresight.topics.words import (
    is_term,
    phrases,
    phrases_and_runs,
    singular,
    spread_rows,
    title_phrases,
    tokens,
)


def test_stop_words_and_punctuation_break_phrases():
    found = phrases("A solid electrolyte layer, comprising lithium. Of the anode")
    assert "solid electrolyte layer" in found
    assert "layer lithium" not in found
    assert "lithium anode" not in found


def test_patent_boiler_plate_is_no_word():
    assert set(tokens("The present invention relates to a method wherein said device")) == {None}
    assert set(tokens("本发明公开了一种方法，其特征在于包括以下步骤")) == {None}


def test_html_remains_are_dropped():
    text = "Li<sub>2</sub>S cathode &amp; anode <i>active</i>"
    assert not {"sub", "amp", "i"} & set(tokens(text))
    assert "cathode" in tokens(text)


def test_chinese_words_join_without_spaces():
    found = phrases("固态电池电解质")
    assert any("电池" in phrase for phrase in found)
    assert not any(" " in phrase for phrase in found)


@pytest.mark.parametrize(
    ("plural", "expected"),
    [("batteries", "battery"), ("lenses", "lense"), ("lens", "lens"), ("masses", "mass"),
     ("apparatus", "apparatus"), ("cells", "cell"), ("boxes", "box"), ("optics", "optics"),
     ("viruses", "virus"), ("axes", "axis"), ("houses", "house")],
)  # fmt: skip
def test_singular(plural, expected):
    assert singular(plural) == expected


def test_hyphens_part_words_but_not_prefixes():
    assert tokens("a light-emitting diode") == [None, "light", "emitting", "diode"]
    assert tokens("non-volatile p-type time-of-flight") == [
        "non-volatile", "p-type", "time-of-flight",
    ]  # fmt: skip


def test_verbs_break_phrases_in_any_form():
    assert tokens("gel involves cells") == ["gel", None, "cell"]


def test_a_word_before_an_article_is_a_verb():
    assert tokens("the controller controls the arm") == [None, "controller", None, None, "arm"]
    assert tokens("controls of the arm") == ["control", None, None, "arm"]


def test_phrases_that_stand_by_themselves():
    held, alone = phrases_and_runs(["A fuel cell stack of the fuel cell. Fuel-cell stacks"])
    assert {"fuel cell", "fuel cell stack", "cell stack", "fuel"} <= held[0]
    assert alone[0] == {"fuel cell stack", "fuel cell"}


def test_single_words_of_titles_stand_by_themselves():
    assert title_phrases(["Fuel cell stack and reformer"]) == [
        {"fuel cell", "cell stack", "fuel cell stack", "reformer"}
    ]


@pytest.mark.parametrize(
    "phrase",
    ["integrated circuit", "light emitting diode", "dna assembly", "wind speed", "seed", "磁场",
     "thin film transistor", "adaptive imaging", "oled", "fuel cell system", "light source",
     "driving support system"],
)  # fmt: skip
def test_terms(phrase):
    assert is_term(phrase)


@pytest.mark.parametrize(
    "phrase",
    ["light emitting", "layer disposed", "detecting gas", "electrode active", "storage medium",
     "layer", "optical", "resource selectively", "membrane removed", "arm controlled",
     "light absorbed", "system", "test system", "image data"],
)  # fmt: skip
def test_no_terms(phrase):
    assert not is_term(phrase)


def test_rows_are_spread_over_each_topic():
    topics = np.array([0, 1, 0, 0, 1, 0, 0])
    assert spread_rows(topics, most=3).tolist() == [0, 1, 3, 4, 6]
    assert spread_rows(topics, most=9).tolist() == list(range(7))
    assert spread_rows(topics[:0], most=3).tolist() == []
