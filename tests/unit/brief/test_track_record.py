"""The backtest in words: section 10, board and portal, and its own report."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from backtests import NONE, figure, metrics

from foresight.brief.backtest.figures import write_backtest_figures
from foresight.brief.backtest.record import TrackRecord
from foresight.brief.backtest.report import (
    BacktestTables,
    backtest_meta,
    compose_backtest,
    protocol,
)
from foresight.brief.backtest.words import (
    AGAINST,
    METHOD_NAMES,
    PROBABILITY,
    SHORT,
    SKILL,
    caution,
    short_verdict,
    verdict_sentence,
)
from foresight.brief.board import compose_board, summarise
from foresight.brief.claims import make_claims
from foresight.brief.figures import planned, write_figures
from foresight.brief.portal import render_portal
from foresight.brief.render import read_markdown
from foresight.brief.sections import compose_brief
from foresight.brief.study import Study
from foresight.emergence.methods import METHODS


def record(method: str = "composite", **figures: Any) -> TrackRecord:
    return TrackRecord(metrics=metrics(**figures), method=method)


def section(study: Study, lang: str, number: int = 10) -> str:
    parts = re.split(r"(?m)^## (\d+)\. ", compose_brief(study, lang=lang))
    return parts[parts.index(str(number)) + 1]


@pytest.fixture
def tables(tested: Study) -> BacktestTables:
    places = pd.DataFrame(
        {"method": ["composite", "learned"], "place_from": 0.0, "place_to": 0.2, "n": 9,
         "rise": 0.1, "rise_lo": 0.0, "rise_hi": 0.2}
    )  # fmt: skip
    assert tested.track_record is not None
    return BacktestTables(tested.track_record, tested.corpus, places, "2" * 64)


def test_every_method_has_a_name_in_both_languages() -> None:
    assert set(METHOD_NAMES) == set(METHODS)
    for names in (METHOD_NAMES, SKILL, AGAINST, PROBABILITY, SHORT):
        assert all(len(pair) == 2 and all(pair) for pair in names.values())


@pytest.mark.parametrize(
    ("gain", "zh", "en"),
    [
        (figure(0.2), "胜过表现最好的基线“规模”", "it beats the best baseline, size"),
        (figure(-0.2), "简单规则做得更好", "the simple rule does better"),
        (figure(-0.05), "没有胜过表现最好的基线“规模”（0.10，数值更高）", "does not beat"),
        (figure(0.05), "不能说胜过", "it does not beat it"),
    ],
)
def test_the_verdict_says_plainly_whether_the_best_baseline_was_beaten(
    gain: dict[str, float], zh: str, en: str
) -> None:
    found = record(spearman={"size": figure(0.1)}, gains={("composite", "size"): gain})
    one, two = (verdict_sentence(found, "composite", lang) for lang in ("zh", "en"))
    assert zh in one
    assert en in two
    assert one.endswith("。")
    assert two.endswith(".")
    assert one.count("。") == 1


@pytest.mark.parametrize(
    ("brier", "zh", "en"),
    [
        (figure(0.2), "可作概率使用", "may be used as a probability"),
        (figure(-0.2), "不可采信", "must not be trusted"),
        (figure(0.0), "不宜当作概率采信", "should not be trusted"),
        (NONE, "没有给出增长概率", "no probability of growth"),
    ],
)
def test_the_verdict_says_whether_probabilities_may_be_trusted(
    brier: dict[str, float], zh: str, en: str
) -> None:
    found = record(brier_skill={"composite": brier})
    assert zh in verdict_sentence(found, "composite", "zh")
    assert en in verdict_sentence(found, "composite", "en")


def test_short_verdicts() -> None:
    chance = record(spearman={"size": figure(0.2)}, gains={("composite", "size"): figure(-0.3)})
    assert short_verdict(chance, "zh") == "排序未见优于随机，且不如最好的基线"
    good = record(
        spearman={"composite": figure(0.4)},
        gains={("composite", "last_growth"): figure(0.4), ("composite", "size"): figure(0.4)},
    )
    assert (
        short_verdict(good, "en") == "ranked clearly better than chance and than the best baseline"
    )
    wrong = record(spearman={"composite": figure(-0.4)})
    assert short_verdict(wrong, "zh") == "排序与实际走势相反"
    silent = record("learned", silent=("learned",))
    assert "无从检验" in short_verdict(silent, "zh")
    assert "made no forecast" in verdict_sentence(silent, "learned", "en")


def test_section_10_shows_score_and_baselines_with_their_claims(tested: Study) -> None:
    text = section(tested, "en")
    assert (
        "> The composite score's Spearman correlation with the rise of the 3 years after is 0.07"
        in text
    )
    assert "it does not beat the best baseline, vitality alone (0.13, which is higher)" in text
    rows = [line for line in text.splitlines() if line.startswith("|")][2:]
    assert len(rows) == 7
    assert rows[0].startswith("| **composite score [S10-")
    assert "| −0.06 (−0.16 to +0.04) |" in next(row for row in rows if "vitality" in row)
    assert "![Spearman" in text
    assert "figures/skill.en.png" in text
    claims = make_claims(tested)
    ten = claims[claims["section"] == 10]
    shown = next(row for row in ten.itertuples() if row.unit.startswith("difference"))
    assert (shown.value, shown.lo, shown.hi, shown.n) == (-0.06, -0.16, 0.04, 57)
    assert shown.doc_ids.split(";") == sorted(
        f"backtest/results.csv#{method}@{year}"
        for method in ("composite", "vitality")
        for year in (2004, 2005, 2006)
    )
    control = ten[ten["statement_en"].str.startswith("On shuffled years (seed 1)")].iloc[0]
    assert control["value"] == 0.03
    assert control["doc_ids"].startswith("backtest-shuffled-1/results.csv#composite@2004;")


def test_without_a_backtest_one_line_says_so_and_how_to_make_one(study: Study) -> None:
    for lang in ("zh", "en"):
        lines = [line for line in section(study, lang).splitlines()[1:] if line]
        assert len(lines) == 1
        assert f"`foresight backtest --corpus {study.corpus.name}`" in lines[0]
    assert "skill" not in planned(study)
    assert not (make_claims(study)["section"] == 10).any()


def test_the_summary_no_longer_says_untested(study: Study, tested: Study) -> None:
    assert "尚未经回溯检验（第 10 节）" in section(study, "zh", 2)
    text = section(tested, "zh", 2)
    assert "尚未经" not in text
    assert "得分在回溯检验中排序未见优于随机，也没有胜过最好的基线（第 10 节）" in text
    text = section(tested, "en", 2)
    assert "in a backtest the score ranked no better than chance and did not beat" in text


def test_a_silent_score_leaves_the_baselines_alone(tested: Study) -> None:
    silent = replace(tested, track_record=record("learned", silent=("learned", "citations")))
    text = section(silent, "en")
    assert "made no forecast and has no track record" in text
    assert "Score less it" not in text
    assert "composite" not in text
    assert "skill" not in planned(silent)


def test_the_figure_of_the_brief_is_written(tested: Study, tmp_path: Path) -> None:
    assert "skill.zh.png" in write_figures(tested, tmp_path, lang="zh")


def test_board_and_portal_say_what_was_found(study: Study, tested: Study) -> None:
    summaries = [summarise(tested)]
    known = tested.track_record
    common: dict[str, Any] = {
        "registry": tested.registry, "corpus": tested.corpus, "as_of": tested.as_of, "failures": {},
    }  # fmt: skip
    for one, said in ((None, "尚未经回溯检验"), (known, "在回溯检验中，综合得分排序未见优于随机")):
        board = compose_board(summaries, **common, lang="zh", record=one)
        page = render_portal(
            summaries, **common, files={}, board_files=[], record=one,
            backtest_files=["report.zh.html"] if one else [],
        )  # fmt: skip
        assert f"> {caution(one, 'zh')}" in board
        assert said in board
        assert said in page
        assert ('href="../backtest/report.zh.html"' in page) is (one is not None)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_report_is_whole_and_can_be_read(
    tables: BacktestTables, lang: str, tmp_path: Path
) -> None:
    figures = write_backtest_figures(tables, tmp_path, lang=lang)
    assert set(figures) == {"skill", "reliability", "places"}
    text = compose_backtest(tables, figures=figures, lang=lang)
    read_markdown(text, lang=lang)
    for path in figures.values():
        assert (tmp_path / path).is_file()
        assert f"]({path})" in text
    heads = re.findall(r"(?m)^## (\d)\. ", text)
    assert heads == list("123456")
    assert len(protocol(tables.record, lang)) == 5
    assert verdict_sentence(tables.record, "composite", lang).split("（")[0] in text
    assert verdict_sentence(tables.record, "learned", lang).split("（")[0] in text
    for method in METHODS:
        assert METHOD_NAMES[method][lang == "en"] in text
    assert backtest_meta(tables, lang)["date"] == "2012-12-31"


def test_the_report_of_a_short_corpus_says_what_is_silent(tables: BacktestTables) -> None:
    silent = ("learned_linear", "learned_boosting", "learned", "citations")
    short = metrics(silent=silent, brier_skill=dict.fromkeys(METHODS, NONE))
    thin = replace(tables, record=TrackRecord(short, "composite"))
    text = compose_backtest(thin, figures={}, lang="en")
    assert "Silent for want of earlier cut-offs to learn from: learned score, linear" in text
    assert "Not to be had for want of a field: citations received alone." in text
    assert "with too few earlier cut-offs it gave no probability of growth" in text
    assert "No control was run" in text
    assert "![" not in text


def test_differences_are_bold_only_when_sure(tables: BacktestTables) -> None:
    gains = {("composite", "size"): figure(0.2), ("composite", "random"): figure(0.05)}
    sure = replace(tables, record=record(gains=gains))
    text = compose_backtest(sure, figures={}, lang="en")
    assert "**+0.20 (+0.10 to +0.30)**" in text
    assert "| +0.05 (−0.05 to +0.15) |" in text
