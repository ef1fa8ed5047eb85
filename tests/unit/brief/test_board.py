"""The board over all tracks."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from foresight.brief.board import Summary, compose_board, movers, summarise
from foresight.brief.figures import write_board_figure, write_figures
from foresight.brief.render import read_markdown
from foresight.brief.study import Study
from foresight.tracks import Registry


@pytest.fixture
def summaries(study: Study, bare: Study, registry: Registry) -> list[Summary]:
    empty = {**summarise(bare), "slug": "graphene", "name_zh": "石墨烯", "name_en": "Graphene",
             "number": 15, "tier": "active_layout"}  # fmt: skip
    return [empty, summarise(study)]


def _board(summaries: list[Summary], study: Study, lang: str, **more: Any) -> str:
    given = {"failures": {}, **more}
    return compose_board(
        summaries,
        registry=study.registry,
        corpus=study.corpus,
        as_of=study.as_of,
        lang=lang,
        **given,
    )


def test_a_summary_survives_json_and_carries_the_numbers(study: Study) -> None:
    summary = summarise(study)
    assert json.loads(json.dumps(summary, allow_nan=False)) == summary
    assert summary["n_docs"] == 120
    assert summary["best"]["score"] == 78.2
    assert summary["zhejiang"]["n_zhejiang"] == 3
    assert summary["candidates"]["topic"] == {"A": 1, "B": 1, "C": 0}
    assert summary["candidates"]["sub_direction"] == {"A": 1, "B": 1, "C": 0}
    assert summary["landmarks"] == {"items": 2, "seen": 1}
    assert [sub["change"] for sub in summary["sub_directions"]] == [
        "risen", "unchanged", "new", None, None,
    ]  # fmt: skip


def test_poor_studies_can_be_summarised(variants: dict[str, Study]) -> None:
    for study in variants.values():
        json.dumps(summarise(study), allow_nan=False)


def test_one_row_per_track_in_order_with_links(summaries: list[Summary], study: Study) -> None:
    for lang in ("zh", "en"):
        text = _board(summaries, study, lang)
        links = re.findall(r"\]\(([\w-]+)/brief\.(\w\w)\.html\)", text)
        assert links == [("advanced-batteries", lang), ("graphene", lang)]
    assert "| 15 | [石墨烯](graphene/brief.zh.html)（薄） |" in _board(summaries, study, "zh")


def test_numbers_of_a_row(summaries: list[Summary], study: Study) -> None:
    row = next(x for x in _board(summaries, study, "zh").splitlines() if x.startswith("| 6 |"))
    assert "78.2（65.1–88.0）" in row
    assert "| >0.99 | 3 / 90 |" in row
    assert "硫化物固态电解质" in row


def test_movers_rank_over_all_tracks(summaries: list[Summary]) -> None:
    found = movers(summaries)
    places = [(m["label_zh"], m["earlier_place"], m["place"], m["beyond"]) for m in found]
    assert places == [("燃料电池", 1, 2, False), ("固态电池", 2, 1, True)]


def test_policy_alignment(summaries: list[Summary], study: Study) -> None:
    text = _board(summaries, study, "zh")
    line = next(x for x in text.splitlines() if x.startswith("| 前沿电池 | ") and "●" in x)
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    heads = next(x for x in text.splitlines() if x.startswith("| 赛道 | 杭州"))
    role = dict(zip([h.strip() for h in heads.strip("|").split("|")], cells, strict=True))
    assert role["湖州"] == role["衢州"] == "●"
    assert role["宁波"] == role["温州"] == "●解"
    assert role["杭州"] == ""
    nobody = next(x for x in text.splitlines() if x.startswith("| 零磁医疗 |"))
    assert "●" not in nobody
    assert "○" not in nobody


def test_targets_are_set_beside_candidates_never_invented(
    summaries: list[Summary], study: Study
) -> None:
    text = _board(summaries, study, "zh")
    assert (
        "优先论证：技术主题 1 项，细分方向 1 项；补证后论证：技术主题 1 项，细分方向 1 项" in text
    )
    assert "尚无赛道做过专利导航" in text
    assert text.count("语料未载机构或地点") == 2
    assert text.count("本语料无法测度") == 2  # pilot zones, navigation bases
    assert "不是完成数" in text


def test_teams_and_companies_are_counted_once_with_their_rule(
    summaries: list[Summary], study: Study
) -> None:
    first, second = (dict(one) for one in summaries)
    first["local_companies"] = {"small": ["a", "b"], "large": ["x"]}
    second["local_companies"] = {"small": ["b", "c"], "large": ["x"]}
    second["teams"] = 4
    text = _board([first, second], study, "zh")
    assert "合作团队 4 个（已做专利导航的 1 个赛道，共 2 个赛道）" in text
    assert "企业 3 家" in text
    assert "企业 1 家" in text
    english = _board([first, second], study, "en")
    assert "4 teams (in 1 of 2 tracks, those with a navigation report)" in english


def test_failed_tracks_are_named_with_reason(summaries: list[Summary], study: Study) -> None:
    text = _board(summaries, study, "zh", failures={"quantum": "内存不足 <b>|"})
    assert r"- 量子科技：内存不足 \<b\>\|" in text


def test_an_empty_board_still_reads(study: Study) -> None:
    text = _board([], study, "zh", failures={"quantum": "x"})
    assert "没有已完成的赛道。" in text
    assert "0 个赛道" in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_names_stay_text(study: Study, lang: str) -> None:
    summary = summarise(study)
    summary["best"] |= {"label_zh": "<script>|`x`", "label_en": "![a](http://e)\n# x"}
    summary["sub_directions"][0] |= {"label_zh": "# <i>", "label_en": "$$ | [x](y)"}
    read_markdown(_board([summary], study, lang), lang=lang)


def test_order_of_summaries_changes_nothing(summaries: list[Summary], study: Study) -> None:
    assert _board(summaries, study, "en") == _board(summaries[::-1], study, "en")


def test_figures_are_written_where_data_exist(
    study: Study, bare: Study, summaries: list[Summary], tmp_path: Any
) -> None:
    names = write_figures(study, tmp_path, lang="zh")
    assert len(names) == 7
    assert names[0] == "share.zh.png"
    assert all((tmp_path / "figures" / name).stat().st_size > 1000 for name in names)
    assert write_figures(bare, tmp_path / "bare", lang="zh") == []
    assert write_board_figure(summaries, tmp_path, lang="en") == "figures/board.en.png"
    assert write_board_figure([summarise(bare)], tmp_path, lang="en") is None
