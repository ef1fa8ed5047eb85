"""The eleven sections, in both languages, for full and poor studies."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from foresight.brief.claims import make_claims
from foresight.brief.escape import md_text
from foresight.brief.figures import planned
from foresight.brief.render import read_markdown
from foresight.brief.sections import compose_brief, cover_meta
from foresight.brief.study import Study
from foresight.errors import SettingsError

MARK = re.compile(r"\[(S\d+-\d\d)\]")
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
HOSTILE = (
    "<script>alert(1)</script> | [x](javascript:alert(1)) ![i](http://e.example/i.png) "
    "$$x$$ `code`\n# heading\n- item {{ template }} **bold** \u202egnp \x07"
)


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]


def _is_prose(line: str) -> bool:
    return not line.startswith(("|", "#", "![", "表：", "Table:"))


def _sections(text: str) -> dict[int, str]:
    parts = re.split(r"(?m)^## (\d+)\. ", text)
    return {int(parts[i]): parts[i + 1] for i in range(1, len(parts), 2)}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_eleven_sections_in_order_for_every_study(variants: dict[str, Study], lang: str) -> None:
    for study in variants.values():
        text = compose_brief(study, lang=lang)
        assert text.startswith("# ")
        assert list(_sections(text)) == list(range(1, 12))
        assert all(body.split("\n", 1)[1].strip() for body in _sections(text).values())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_statements_are_those_of_the_claims(variants: dict[str, Study], lang: str) -> None:
    for study in variants.values():
        claims = make_claims(study).set_index("claim_id")[f"statement_{lang}"]
        text = compose_brief(study, lang=lang)
        assert set(MARK.findall(text)) <= set(claims.index)
        for line in filter(_is_prose, _lines(text)):
            for mark in MARK.findall(line):
                assert md_text(claims[mark]) in line


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_claim_stands_in_the_brief(
    study: Study, tested: Study, navigated: Study, lang: str
) -> None:
    for one in (study, tested, navigated):
        found = set(MARK.findall(compose_brief(one, lang=lang)))
        assert found == set(make_claims(one)["claim_id"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_numbers_in_prose_are_in_claims_or_settings(variants: dict[str, Study], lang: str) -> None:
    for name, study in variants.items():
        claims = make_claims(study).set_index("claim_id")[f"statement_{lang}"]
        known = {str(value) for value in study.settings.as_dict().values()}
        known |= {str(year) for year in range(2000, 2027)}
        known |= {str(n) for n in range(1, 12)}  # sections, months, the first five
        known |= {
            "30",
            "0.75",
            "0.6",
            "50",
            "40",  # per cent of CR4, and fewest documents of one
            "0.1",
            "95",
            str(len(study.documents)),
            str(len(study.places)),
        }
        known |= {str(len(study.organisations))}
        sections = _sections(compose_brief(study, lang=lang))
        for number in range(1, 11):
            for line in filter(_is_prose, _lines(sections[number])):
                rest = re.sub(r"`[^`]*`", "", line)
                for mark in MARK.findall(line):
                    rest = rest.replace(md_text(claims[mark]), "").replace(f"[{mark}]", "")
                assert set(NUMBER.findall(rest)) <= known, (name, line)


def test_same_study_same_text(study: Study) -> None:
    shuffled = replace(study, documents=study.documents.sample(frac=1, random_state=4))
    assert compose_brief(study, lang="zh") == compose_brief(shuffled, lang="zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_empty_table_and_only_planned_figures(variants: dict[str, Study], lang: str) -> None:
    for study in variants.values():
        text = compose_brief(study, lang=lang)
        lines = text.splitlines()
        for place, line in enumerate(lines):
            if re.fullmatch(r"\|( -+:? \|)+", line):
                assert lines[place + 1].startswith("| "), lines[place - 1]
        images = re.findall(rf"\]\(figures/(\w+)\.{lang}\.png\)", text)
        assert sorted(images) == sorted(planned(study))


def test_a_bare_study_has_no_figure(bare: Study) -> None:
    assert planned(bare) == ()


def test_thin_evidence_stands_on_the_first_page(unscored: Study, study: Study) -> None:
    for lang, words in (("zh", "佐证薄弱"), ("en", "Thin evidence")):
        first = _sections(compose_brief(unscored, lang=lang))[1]
        assert words in first.split("|")[0]
        assert cover_meta(unscored, lang)["flag"].startswith(words)
        assert words not in _sections(compose_brief(study, lang=lang))[1]
        assert cover_meta(study, lang)["flag"] == ""


def test_what_a_corpus_lacks_is_one_line(
    study: Study,
    without_places: Study,
    without_provinces: Study,
    papers_only: Study,
    without_topics: Study,
) -> None:
    sections = _sections(compose_brief(study, lang="zh"))
    assert "本语料不含引文，主路径与科学—专利时滞无法给出。" in sections[5]
    assert "没有论文，论文与专利的对照无法给出" in sections[3]
    papers = _sections(compose_brief(papers_only, lang="zh"))
    assert len(_lines(papers[6])) == 2
    assert "本语料不含专利文献" in papers[6]
    assert "没有专利，论文与专利的对照无法给出" in papers[3]
    places = _sections(compose_brief(without_places, lang="zh"))
    assert "浙江位置无法给出" in places[2]
    assert "缺少省、市信息" in places[6]
    countries = _sections(compose_brief(without_provinces, lang="zh"))
    assert "大多未载省、市，浙江位置无法给出" in countries[2]
    assert "文献的国别（地区）分布" in countries[6]
    assert "各细分方向中的浙江文献" not in countries[6]
    assert "文献不足以划分技术主题" in _sections(compose_brief(without_topics, lang="zh"))[4]


def test_no_claim_of_foretelling(study: Study) -> None:
    assert "尚未开展回溯检验" in _sections(compose_brief(study, lang="zh"))[10]
    assert "No backtest has been run" in _sections(compose_brief(study, lang="en"))[10]
    assert "尚未经回溯检验" in _sections(compose_brief(study, lang="zh"))[2]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_texts_stay_text(study: Study, lang: str) -> None:
    topics = study.topics.assign(label_zh=HOSTILE, label_en=HOSTILE, label_zh_source="untranslated")
    bad = replace(
        study,
        documents=study.documents.assign(title=HOSTILE),
        topics=topics,
        scores=study.scores.assign(label_zh=HOSTILE, label_en=HOSTILE),
        organisations=study.organisations.assign(org=HOSTILE),
        caveats=[{"zh": HOSTILE, "en": HOSTILE}],
    )
    text = compose_brief(bad, lang=lang)
    blocks = read_markdown(text, lang=lang)  # raises on raw markup, mathematics or foreign links
    assert len([b for b in blocks if b["t"] == "Header"]) == len(re.findall(r"(?m)^##+ ", text))
    images = [line for line in text.splitlines() if re.search(r"(?<!\\)!\[", line)]
    assert len(images) == len(planned(bad))


def test_chinese_brief_has_no_stray_english(variants: dict[str, Study]) -> None:
    allowed = re.compile(
        r"`[^`]*`|\[S\d+-\d\d\]|figures/\S+|Solid electrolyte\S*( \S+)*|US\d+|fuel cell stack|"
        r"Contoso Cells, Inc\.|Fabrikam Energy|Frontier batteries|organisations\.csv|"
        r"McCullagh \\?& Nelder|Morris|Klavans, Boyack \\?& Murdick|Laakso \\?& Taagepera|"
        r"Nardo|Wilson|Andersen|Hennig|static-multilingual-1|Brier|Spearman|AUC|CR4"
    )
    for study in variants.values():
        for line in _lines(compose_brief(study, lang="zh")):
            if "doi:" in line:
                continue
            assert not re.findall(r"[A-Za-z]{2,}", allowed.sub("", line)), line


def test_chinese_punctuation(study: Study) -> None:
    for line in filter(_is_prose, _lines(compose_brief(study, lang="zh"))):
        if "doi:" not in line:
            assert not re.search(r"[\u4e00-\u9fff][,;:!?()]", line), line


def test_without_places_no_city_has_a_count(without_places: Study) -> None:
    section = _sections(compose_brief(without_places, lang="zh"))[9]
    assert "各市文献数无法给出" in section
    assert "| 湖州 | 重点发展 | 前沿电池 | 原词一致 | — |" in section


def test_gaps_are_named_only_where_something_rises(study: Study) -> None:
    assert (
        "升势明确（增长区间整体高于零），但未见浙江文献"
        in _sections(compose_brief(study, lang="zh"))[6]
    )
    flat = study.indicators.assign(lo=-0.1)
    section = _sections(compose_brief(replace(study, indicators=flat), lang="zh"))[6]
    assert "尚不能据此识别空白点" in section


def test_cities_mark_what_was_interpreted(study: Study) -> None:
    section = _sections(compose_brief(study, lang="zh"))[9]
    assert "| 宁波 | 重点发展 | 新型储能 | 解读 | 0 |" in section
    assert "未设检索词" in section


def test_the_untranslated_are_named(study: Study) -> None:
    assert "保留文献原词：“fuel cell stack" in compose_brief(study, lang="zh")


def test_cover_meta(study: Study) -> None:
    meta = cover_meta(study, "zh")
    assert meta["title"] == "前沿电池赛道技术预见简报"
    assert meta["as_of"] == "2022年6月30日"
    assert meta["date"] == "2022-06-30"
    assert meta["tier"].startswith("优先发展")
    assert meta["digest"] == "d" * 16
    assert meta["lang"] == "zh"


def test_an_unknown_language_is_refused(study: Study) -> None:
    with pytest.raises(SettingsError):
        compose_brief(study, lang="fr")


def test_the_ranking_says_why_there_is_no_stage(study: Study) -> None:
    for lang, cell in (
        ("zh", "尚难判定：增长未见上限"),
        ("en", "not decidable: no upper bound seen"),
    ):
        section = _sections(compose_brief(study, lang=lang))[4]
        rows = [line.split(" | ") for line in section.splitlines() if cell in line]
        assert [row[-2] for row in rows] == [cell] * 2
