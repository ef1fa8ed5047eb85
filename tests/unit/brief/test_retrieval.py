"""Section 11 on retrieval: what a labelled sample says, and what is kept back."""

from dataclasses import replace

import pytest

from foresight.brief.claims import make_claims
from foresight.brief.sections import compose_brief
from foresight.brief.study import Retrieval
from foresight.corpus.quality import Quality, Share

SIZES = {"class_and_keyword": 40, "class": 30, "keyword": 20, "broad": 10, "near_miss": 900}


@pytest.fixture
def retrieval():
    quality = Quality(
        track="advanced-batteries",
        sizes=SIZES,
        precision=Share(0.923, 0.861, 0.959, 105),
        recall=Share(0.88, 0.81, 0.93, 105),
        near_miss=Share(0.0, 0.0, 0.11, 45),
        covered=1.0,
        unclear=3,
    )
    return Retrieval(
        quality=quality,
        labelled_by="large language model",
        second_by="Reader <B>",
        read_twice=50,
        agreement=0.94,
        kappa=0.87,
        terms_changed=False,
        doc_ids=("US9000000", "US9000001"),
    )


def section(study, lang):
    text = compose_brief(study, lang=lang)
    start = text.index({"zh": "检索质量", "en": "Quality of retrieval"}[lang])
    return text[start:]


def test_precision_and_recall_stand_in_both_languages_with_interval_and_n(study, retrieval):
    told = replace(study, retrieval=retrieval)
    zh, en = section(told, "zh"), section(told, "en")
    for text in (zh, en):
        for part in ("92.3", "86.1", "95.9", "105", "88", "81", "93", "94", "0.87"):
            assert part in text, part
    assert "威尔逊" in zh
    assert "两路独立" in zh
    assert "independent" in en
    assert "大语言模型" in zh
    assert "Reader <B>" not in zh + en  # a reader's name is text, never markup
    claims = make_claims(told).set_index("claim_id")
    row = claims[claims["value"] == 0.923].iloc[0]
    assert (row["lo"], row["hi"], row["n"]) == (0.861, 0.959, 105)
    assert row["doc_ids"] == "US9000000;US9000001"


def test_figures_of_an_old_sample_are_kept_back(study, retrieval):
    told = replace(study, retrieval=replace(retrieval, terms_changed=True))
    zh, en = section(told, "zh"), section(told, "en")
    assert "92.3" not in zh + en
    assert "须以新样本重测" in zh
    assert "wait for a fresh sample" in en
    assert not make_claims(told)["value"].eq(0.923).any()


def test_without_a_sample_the_section_says_so(study):
    told = replace(study, retrieval=None)
    assert "查准率、查全率无法给出" in section(told, "zh")
    assert "cannot" in section(told, "en")


def test_documents_by_route_are_listed(study, retrieval):
    text = section(replace(study, retrieval=retrieval), "en")
    for name, size in (("class and keyword", 40), ("core class only", 30), ("keyword only", 20)):
        assert f"{name} | {size}" in " ".join(text.split())
