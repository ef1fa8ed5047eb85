"""Tokens, phrases and what tells a topic from the rest."""

import numpy as np
import pytest

from foresight.topics.words import (
    is_term,
    phrase_sets,
    phrases,
    singular,
    spread_rows,
    telling_phrases,
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


def topic_texts():
    battery = ["solid electrolyte layer in lithium battery number " + str(i) for i in range(20)]
    robot = ["humanoid robot with joint actuator number " + str(i) for i in range(20)]
    return battery + robot, np.array([0] * 20 + [1] * 20)


def told(texts, topics):
    return telling_phrases(phrase_sets(texts), topics)


def test_telling_phrases_name_their_topic_and_no_other():
    found = told(*topic_texts())
    assert found[0][0] in {"solid electrolyte layer", "solid electrolyte", "lithium battery"}
    assert any("robot" in phrase for phrase in found[1])
    assert not any("robot" in phrase for phrase in found[0])


def test_words_common_to_all_topics_tell_nothing():
    texts, topics = topic_texts()
    found = told(["shared phrase. " + text for text in texts], topics)
    assert not any("shared" in phrase for words in found.values() for phrase in words)


def test_phrases_do_not_repeat_each_other():
    for words in told(*topic_texts()).values():
        for place, phrase in enumerate(words):
            assert not any(phrase in other or other in phrase for other in words[:place])


def test_hyphens_part_words_but_not_prefixes():
    assert tokens("a light-emitting diode") == [None, "light", "emitting", "diode"]
    assert tokens("non-volatile p-type time-of-flight") == [
        "non-volatile", "p-type", "time-of-flight",
    ]  # fmt: skip


def test_verbs_break_phrases_in_any_form():
    assert tokens("gel involves cells") == ["gel", None, "cell"]


@pytest.mark.parametrize(
    "phrase",
    ["integrated circuit", "light emitting diode", "dna assembly", "wind speed", "seed", "磁场",
     "thin film transistor", "adaptive imaging"],
)  # fmt: skip
def test_terms(phrase):
    assert is_term(phrase)


@pytest.mark.parametrize(
    "phrase",
    ["light emitting", "layer disposed", "detecting gas", "electrode active", "storage medium",
     "layer", "optical", "resource selectively", "membrane removed"],
)  # fmt: skip
def test_no_terms(phrase):
    assert not is_term(phrase)


def test_phrases_torn_from_longer_ones_are_left_out():
    network = ["traffic in passive optical network " + str(i) for i in range(20)]
    other = ["humanoid robot with joint actuator " + str(i) for i in range(20)]
    found = told(network + other, np.array([0] * 20 + [1] * 20))
    assert "passive optical network" in found[0]
    assert not {"passive optical", "optical network"} & set(found[0])


def test_phrases_that_also_stand_alone_are_kept():
    long = ["stress in thin film transistor " + str(i) for i in range(10)]
    short = ["stress in transistor. thin film " + str(i) for i in range(10)]
    other = ["humanoid robot with joint actuator " + str(i) for i in range(20)]
    found = told(long + short + other, np.array([0] * 20 + [1] * 20))
    assert any("thin film" in phrase for phrase in found[0])


def test_rows_are_spread_over_each_topic():
    topics = np.array([0, 1, 0, 0, 1, 0, 0])
    assert spread_rows(topics, most=3).tolist() == [0, 1, 3, 4, 6]
    assert spread_rows(topics, most=9).tolist() == list(range(7))
    assert spread_rows(topics[:0], most=3).tolist() == []
