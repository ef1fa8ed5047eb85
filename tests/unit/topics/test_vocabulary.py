import numpy as np
import pyarrow as pa

from foresight.topics.vocabulary import word_counts


def chunked(*texts):
    return pa.chunked_array([pa.array(texts, pa.large_string())])


def test_words_and_neighbours_are_counted():
    latin = chunked(" Solid State Batteries  the battery of solid state ", None, " 5 x LED ")
    words, bigrams = word_counts(latin, chunked(None, None, None))
    # battery, led, solid, state; "the", "of", two spaces, numbers and single letters part.
    assert words.toarray().tolist() == [[2, 0, 2, 2], [0, 0, 0, 0], [0, 1, 0, 0]]
    # solid state, state battery
    assert bigrams.toarray().tolist() == [[2, 1], [0, 0], [0, 0]]
    assert words.dtype == np.uint8


def test_chinese_words_stand_beside_latin_ones():
    words, bigrams = word_counts(chunked(" Zigbee ", " "), chunked("交通信息|交通", "交通信息"))
    # zigbee, 交通, 信息; the neighbours within a piece are 交通 信息, once in each.
    assert words.toarray().tolist() == [[1, 2, 1], [0, 1, 1]]
    assert bigrams.toarray().tolist() == [[1], [1]]


def test_a_word_is_counted_to_255():
    words, _ = word_counts(chunked(" laser " * 300), chunked(None))
    assert words.toarray().tolist() == [[255]]


def test_no_text_at_all():
    words, bigrams = word_counts(chunked(None, ""), chunked(None, None))
    assert words.shape == (2, 0)
    assert bigrams.shape == (2, 0)
