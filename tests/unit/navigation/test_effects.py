import pandas as pd
import pytest

from foresight.errors import RegistryError, TableError
from foresight.navigation.effects import document_effects, load_effects, verb_forms

EFFECTS = load_effects()


def found(title, abstract=None):
    docs = pd.DataFrame({"doc_id": ["d"], "title": [title], "abstract": [abstract]})
    return dict(document_effects(docs, EFFECTS)[["effect", "phrase"]].to_numpy())


@pytest.mark.parametrize(
    ("text", "effects"),
    [
        ("The device reduces the overall production costs.", {"lower-cost"}),
        ("Costs can be reduced.", {"lower-cost"}),
        ("Low-cost, lightweight housing", {"lower-cost", "smaller-lighter"}),
        ("minimising power losses", {"lower-energy"}),
        ("the efficiency is greatly improved and noise is suppressed",
         {"higher-efficiency", "less-interference"}),
        ("extends the service life", {"longer-life"}),
        ("improves measurement accuracy of fibres", {"higher-accuracy"}),
        ("本发明降低了生产成本，并提高了效率、精度和可靠性",
         {"lower-cost", "higher-efficiency", "higher-accuracy", "higher-reliability"}),
        ("成本大幅降低；结构简单，体积小", {"lower-cost", "simpler", "smaller-lighter"}),
        ("提高設備的安全性", {"higher-safety"}),  # traditional characters
        ("抗干扰能力强", {"less-interference"}),
        ("缩短充电时间", {"faster"}),
    ],
)  # fmt: skip
def test_claims_are_found(text, effects):
    assert set(found(text)) == effects
    assert set(found("x", text)) == effects


@pytest.mark.parametrize(
    "text",
    [
        "A lower electrode has a size",  # lower is no verb here
        "The cost. It is reduced",  # another clause
        "of a size insufficient to reduce leakage",  # no participle after its noun
        "降低温度。成本不变",
        "costly reductions",  # whole words only
        "reduces the temperature of the first and of the second cost",  # too far apart
        "A method of forming a film",
        "",
    ],
)
def test_what_is_no_claim(text):
    assert found(text) == {}


def test_negation_is_not_told_apart():
    assert set(found("It does not reduce the cost")) == {"lower-cost"}


def test_phrase_is_the_place_that_tells():
    assert found("It Reduces Cost") == {"lower-cost": "reduces cost"}


def test_title_and_abstract_are_clauses_of_their_own():
    assert found("To reduce", "Cost of the cell") == {}
    assert found("为降低", "成本不变") == {}


def test_forms_of_verbs():
    assert verb_forms("simplify") == {"simplify", "simplifies", "simplified", "simplifying"}
    assert {"minimises", "minimizing"} <= verb_forms("minimize")
    assert {"enhance", "enhanced", "enhancing"} <= verb_forms("enhance")


def test_the_lexicon_is_bilingual_and_whole():
    assert len(EFFECTS) == 18
    for effect in EFFECTS:
        assert effect.zh
        assert effect.en
        assert effect.phrases["zh"]
        assert effect.phrases["en"]
        assert all(pair["nouns"]["en"] and pair["nouns"]["zh"] for pair in effect.pairs)


def test_every_phrase_and_pair_finds_its_own_effect():
    for effect in EFFECTS:
        texts = [*effect.phrases["en"], *effect.phrases["zh"]]
        for pair in effect.pairs:
            texts += [f"{pair['verbs']['en'][0]} the {noun}" for noun in pair["nouns"]["en"]]
            texts += [f"{pair['verbs']['zh'][0]}了{noun}" for noun in pair["nouns"]["zh"]]
        docs = pd.DataFrame({"doc_id": range(len(texts)), "title": texts, "abstract": None})
        hits = document_effects(docs.astype({"doc_id": "str"}), [effect])["doc_id"]
        assert hits.nunique() == len(texts), effect.id


def test_refusals(tmp_path):
    with pytest.raises(RegistryError, match="does not exist"):
        load_effects(tmp_path / "none.yml")
    (tmp_path / "bad.yml").write_text("effects: [a]\n")
    with pytest.raises(RegistryError, match="not a lexicon"):
        load_effects(tmp_path / "bad.yml")
    one = (
        "{id: a, zh: 甲, en: a, phrases: {en: [x], zh: [乙]}, "
        "pairs: [{sense: s, en: [y], zh: [丙]}]}"
    )
    senses = "verbs: {s: {en: [v], zh: [丁]}}\nqualities: {s: {en: [q], zh: [戊]}}\n"
    (tmp_path / "twice.yml").write_text(f"{senses}effects: [{one}, {one}]\n", encoding="utf-8")
    with pytest.raises(RegistryError, match="twice"):
        load_effects(tmp_path / "twice.yml")
    with pytest.raises(TableError, match="abstract"):
        document_effects(pd.DataFrame({"doc_id": ["d"], "title": ["t"]}), EFFECTS)
