import pandas as pd
import pytest

from foresight.corpus.terms import (
    all_forms,
    form_table,
    is_acronym,
    numbers,
    respell,
    term_forms,
)
from foresight.errors import RegistryError


def forms(term):
    return {form.form.strip() for form in term_forms(term)}


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("solid state battery", {"solid state batteries"}),
        ("solid-state batteries", {"solid state battery", "solidstate battery"}),
        ("micro-LED", {"micro led", "microled", "micro leds", "microleds"}),
        ("carbon fibre", {"carbon fiber", "carbon fibers"}),
        ("data center", {"data centre", "data centres"}),
        ("organization", {"organisation"}),
        ("polymerisation", {"polymerization"}),
        ("synthesis", {"syntheses"}),
        ("hydrogen gas", {"hydrogen gas", "hydrogen gases"}),
        ("modelling", {"modeling"}),
        ("lens", {"lens", "lenses"}),
    ],
)
def test_forms_include(term, expected):
    assert expected <= forms(term)


def test_short_words_are_not_put_in_the_singular():
    assert "hydrogen ga" not in forms("hydrogen gas")


@pytest.mark.parametrize("term", ["LED", "6G", "CAR-T", "V2X", "3D IC"])
def test_short_capitals_are_case_sensitive(term):
    assert all(form.cased for form in term_forms(term))


@pytest.mark.parametrize("term", ["RLHF", "Led", "AI chip", "mRNA", "micro-LED"])
def test_other_terms_are_not(term):
    assert not any(form.cased for form in term_forms(term))


def test_an_acronym_has_a_plural():
    assert forms("GPU") == {"GPU", "GPUs"}
    assert is_acronym("GPU")


def test_han_terms_are_one_substring_and_latin_terms_in_chinese_lists_are_words():
    (form,) = term_forms("ＡＩ 大模型")
    assert (form.script, form.form) == ("han", "ai大模型")
    assert {form.script for form in term_forms("AIGC")} == {"latin"}


def test_regular_expression_characters_are_letters_like_others():
    assert forms("C++.*(") == {"C", "Cs"}


def test_a_term_without_letters_is_an_error():
    with pytest.raises(RegistryError, match="no letter or digit"):
        term_forms("++")


def test_forms_are_sorted_and_distinct():
    found = [form.form for form in term_forms("state-of-the-art fibre")]
    assert found == sorted(set(found))


def test_respell_and_numbers_keep_the_original():
    assert "colour centre" in respell("colour centre")
    assert "color center" in respell("colour centre")
    assert numbers("bus") == {"bus", "buses"}


def test_the_key_of_a_form_is_the_pair_that_fewest_forms_share():
    frame = pd.DataFrame(
        {"term": ["LED", "fuel cell system", "large fuel cell", "大模型", "模型,锂"]}
    )
    table = form_table(frame).to_pandas().set_index("form")
    assert table.loc[" LED ", ["size", "key"]].tolist() == [1, "led"]
    assert table.loc[" fuel cell system ", ["size", "key"]].tolist() == [3, "cell system"]
    assert table.loc[" large fuel cell ", ["size", "key"]].tolist() == [3, "large fuel"]
    assert table.loc["大模型", ["size", "key"]].tolist() == [3, "大模"]
    assert pd.isna(table.loc["模型,锂", "key"])


def test_a_han_form_of_one_character_has_no_key():
    table = form_table(pd.DataFrame({"term": ["氢"]})).to_pandas()
    assert table["size"].tolist() == [1]
    assert table["key"].isna().all()


def test_forms_of_many_terms_are_those_of_each():
    many = ["micro-LED", "LED", "大模型", "fuel cell"]
    assert all_forms(many) == {term: term_forms(term) for term in many}
