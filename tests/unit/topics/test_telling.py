"""What tells a topic from the rest, counted by hand on small sets of phrases."""

import numpy as np

from foresight.topics.quality import coherence
from foresight.topics.telling import telling_phrases
from foresight.topics.words import phrase_sets, phrases_and_runs, title_phrases

TWO = np.array([0] * 20 + [1] * 20)
ROBOTS = ["humanoid robot with joint actuator number " + str(i) for i in range(20)]


def topic_texts():
    battery = ["solid electrolyte layer in lithium battery number " + str(i) for i in range(20)]
    return battery + ROBOTS, TWO


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


def test_phrases_torn_from_longer_ones_are_left_out():
    network = ["traffic in passive optical network " + str(i) for i in range(20)]
    found = told(network + ROBOTS, TWO)
    assert "passive optical network" in found[0]
    assert not {"passive optical", "optical network"} & set(found[0])


def test_phrases_that_also_stand_alone_are_kept():
    long = ["stress in thin film transistor " + str(i) for i in range(10)]
    short = ["stress in transistor. thin film " + str(i) for i in range(10)]
    found = told(long + short + ROBOTS, TWO)
    assert any("thin film" in phrase for phrase in found[0])


def test_phrases_that_never_stand_by_themselves_are_torn():
    """Every longer phrase is in one document, so that nesting does not show it."""
    texts = [f"A lithium ion q{chr(97 + i)}x with gasket" for i in range(20)] + ROBOTS
    held, alone = phrases_and_runs(texts)
    assert "lithium ion" in telling_phrases(held, TWO)[0]
    found = telling_phrases(held, TWO, alone=alone)
    assert not any(phrase == "lithium ion" for phrase in found[0])
    assert "gasket" in found[0]


def test_phrases_of_titles_come_first():
    texts = [f"thermal paste with copper mesh number {i}" for i in range(20)] + ROBOTS
    held, alone = phrases_and_runs(texts)
    for words in (("copper mesh", "thermal paste"), ("thermal paste", "copper mesh")):
        titles = title_phrases([words[0]] * 20 + ["humanoid robot"] * 20)
        assert telling_phrases(held, TWO, alone=alone, titles=titles)[0][:2] == list(words)


def test_what_the_nearest_topic_has_as_well_comes_later():
    first = [f"fuel cell with bipolar plate number {i}" for i in range(20)]
    second = [f"fuel cell with steam reformer number {i}" for i in range(20)]
    topics = np.array([0] * 20 + [1] * 20 + [2] * 20)
    found = telling_phrases(phrase_sets(first + second + ROBOTS), topics)
    assert found[0] == ["bipolar plate", "fuel cell"]
    assert found[1] == ["steam reformer", "fuel cell"]


def test_a_longer_phrase_takes_the_place_of_its_part_where_that_is_not_worth_more():
    """ "airfoil" (20 documents) is worth less than three times "swept airfoil" (6)."""
    swept = [f"swept airfoil and glue number {i}" for i in range(6)]
    plain = [f"airfoil and glue number {i}" for i in range(14)]
    found = telling_phrases(phrase_sets(swept + plain + ROBOTS), TWO)
    assert found[0] == ["glue", "swept airfoil"]


def test_of_equal_words_those_that_stand_together_are_drawn():
    """Four words in ten documents of twenty each; two of them always together, two never."""
    texts = [
        f"{'xenon; zircon' if i < 10 else ''}; {'amber' if i % 2 else 'beryl'}" for i in range(20)
    ]
    docs = phrase_sets(texts + ROBOTS, longest=1)
    found = telling_phrases(docs, TWO, top=2)[0]
    assert found == ["xenon", "zircon"]
    assert coherence({0: found}, docs)[0] == 1.0


def test_endings_do_not_make_another_phrase():
    texts = [f"an object detector for object detection number {i}" for i in range(20)] + ROBOTS
    found = telling_phrases(phrase_sets(texts), TWO)[0]
    assert len([phrase for phrase in found if phrase.startswith("object")]) == 1


def test_a_topic_of_most_documents_has_words():
    """Its phrases are in 38 of 40 documents: 1.05 times as often as in all is the highest ratio."""
    texts = [f"contact lens case number {i}" for i in range(38)] + ROBOTS[:2]
    found = telling_phrases(phrase_sets(texts), np.array([0] * 38 + [1] * 2))
    assert found[0] == ["contact lens case"]
    assert found[1]


def test_order_of_documents_changes_nothing():
    texts, topics = topic_texts()
    held, alone = phrases_and_runs(texts)
    order = np.random.default_rng(2).permutation(len(texts))
    again = telling_phrases(
        [held[i] for i in order], topics[order], alone=[alone[i] for i in order]
    )
    assert again == telling_phrases(held, topics, alone=alone)
