"""Names of people: their parts, and how far two spellings agree."""

import pytest

from foresight.navigation.person_names import (
    APART,
    CONTRADICT,
    INITIAL_MORE,
    INITIALS,
    SAME,
    WORD_MORE,
    agreement,
    read_name,
    read_names,
)


@pytest.mark.parametrize(
    ("name", "family", "given"),
    [
        ("James M. Anderson, Jr.", "anderson", ("james", "m")),
        ("Anderson, James M.", "anderson", ("james", "m")),
        ("TEGREENE CLARENCE T", "tegreene", ("clarence", "t")),
        ("Yun-Jo Kim", "kim", ("yun", "jo")),
        ("Mu-III Lim", "lim", ("mu", "iii")),
        ("José Müller", "muller", ("jose",)),
        ("張三", "张三", ()),
        ("张 三", "张三", ()),
        ("Plato", "plato", ()),
    ],
)
def test_a_name_is_parted(name, family, given):
    assert read_name(name) == (family, given)


@pytest.mark.parametrize("name", ["", " , ", "--"])
def test_a_text_without_a_letter_is_no_name(name):
    assert read_name(name) is None


@pytest.mark.parametrize(
    ("one", "two", "level"),
    [
        ("jae ho", "jae ho", SAME),
        ("jae ho", "jaeho", APART),
        ("robert", "robert j", INITIAL_MORE),
        ("seung", "seung ho", WORD_MORE),
        ("", "john", WORD_MORE),
        ("j", "john", INITIALS),
        ("yh", "yu hao", INITIALS),
        ("john a", "john adam", INITIALS),
        ("jun ho", "jun hee", CONTRADICT),
        ("robert j", "robert k", CONTRADICT),
    ],
)
def test_given_names_agree_so_far(one, two, level):
    a, b = tuple(one.split()), tuple(two.split())
    assert agreement(a, b) == agreement(b, a) == level


def test_both_orders_of_two_words_are_read_as_the_more_frequent_one():
    read = read_names(["Zhang Wei", "Wei Zhang", "Wei Zhang", "Ann Lee"])
    assert read["Zhang Wei"] == read["Wei Zhang"] == ("zhang", ("wei",))
    assert read["Ann Lee"] == ("lee", ("ann",))
    assert read_names(["Zhang Wei"] * 2 + ["Wei Zhang"])["Wei Zhang"] == ("wei", ("zhang",))
    assert read_names(["Zhang Wei", "Wei Zhang"])["Wei Zhang"] == ("zhang", ("wei",))  # a tie


def test_a_comma_outweighs_any_number_of_rows():
    read = read_names(["Zhang Wei"] * 5 + ["Wei Zhang", "Zhang, Wei"])
    assert read["Zhang Wei"] == read["Zhang, Wei"] == ("zhang", ("wei",))
