"""Claims: numbered, bilingual, traceable."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pandas as pd
import pytest

from foresight.brief.candidates import make_candidates
from foresight.brief.claims import make_claims
from foresight.brief.reading import Reading
from foresight.brief.sections import compose_brief
from foresight.brief.study import Study

COLUMNS = ["claim_id", "section", "unit_id", "statement_zh", "statement_en", "value", "lo", "hi",
           "n", "unit", "doc_ids"]  # fmt: skip
T1, T2, T3 = (f"advanced-batteries-t0{i}" for i in (1, 2, 3))


def test_columns_ids_and_order(study: Study) -> None:
    claims = make_claims(study)
    assert list(claims.columns) == COLUMNS
    assert claims["claim_id"].is_unique
    for row in claims.itertuples(index=False):
        assert re.fullmatch(rf"S{row.section}-\d\d", row.claim_id)
    assert claims["section"].is_monotonic_increasing


def test_every_claim_has_documents_or_says_that_there_are_none(variants: dict[str, Study]) -> None:
    for study in variants.values():
        known = set(study.documents["doc_id"])
        for row in make_claims(study).itertuples(index=False):
            ids = [part for part in row.doc_ids.split(";") if part]
            assert ids == sorted(set(ids))
            if row.section == 10:
                named = re.compile(r"backtest\S*/results\.csv#\w+@\d{4}")
                assert all(named.fullmatch(one) for one in ids)
            elif row.statement_en.startswith("P(growth) is"):
                assert ids == [f"models/emergence-prior.json#{study.last_year}"]
            else:
                assert set(ids) <= known
            assert ids or row.n == 0 or row.value == 0 or row.unit in {"items", "share"}, row
            assert row.statement_zh.endswith("。")
            assert row.statement_en.endswith(".")
            assert row.n >= 0


def test_values_stand_in_the_statements(study: Study) -> None:
    claims = make_claims(study)
    score = claims[(claims["unit_id"] == T1) & (claims["unit"] == "score 0-100")].iloc[0]
    assert (score["value"], score["lo"], score["hi"], score["n"]) == (78.2, 65.1, 88.0, 36)
    assert "78.2（95% 置信区间 65.1–88.0）" in score["statement_zh"]
    assert "名次第 1（区间 1–2）" in score["statement_zh"]
    rate = claims[(claims["unit_id"] == T1) & (claims["unit"] == "share per year")].iloc[0]
    assert rate["value"] == pytest.approx(math.expm1(0.116))
    assert "+12.3%（95% 置信区间 +5.1% 至 +19.7%）" in rate["statement_zh"]


def test_documents_of_the_incomplete_year_are_not_behind_a_score(study: Study) -> None:
    claims = make_claims(study)
    late = set(study.documents.loc[study.documents["year"] > study.last_year, "doc_id"])
    assert late
    for cell in claims.loc[claims["unit"].isin(["score 0-100", "share per year"]), "doc_ids"]:
        assert not late & set(cell.split(";"))


def test_fading_units_are_no_leaders(study: Study) -> None:
    reading = Reading(study)
    assert [unit.unit_id for unit in reading.leaders] == [T1, T2]
    assert T3 in {unit.unit_id for unit in reading.fading}


def test_without_topics_the_sub_directions_lead(without_topics: Study) -> None:
    reading = Reading(without_topics)
    assert reading.lead_kind == "sub_direction"
    assert [unit.rank for unit in reading.leaders] == [1, 2]


def test_changes_count_only_beyond_the_rank_interval(study: Study) -> None:
    reading = Reading(study)
    first, second, third = reading.of_kind("sub_direction")[:3]
    states = [reading.change_of(unit) for unit in (first, second, third)]
    assert [change.state for change in states if change] == ["risen", "unchanged", "new"]
    near = study.earlier.assign(rank=pd.array([2, 2, 3], dtype="Int64"))
    claims = make_claims(replace(study, earlier=near))
    texts = " ".join(claims["statement_zh"])
    assert "3 个可比细分方向的名次变动均未超出当前名次区间" in texts


def test_a_rank_lost_is_dropped(study: Study) -> None:
    unit = Reading(study).of_kind("sub_direction", scored=False)[0].unit_id
    row = pd.DataFrame({"unit_id": [unit], "rank": [1], "score": [50.0]}).astype({"rank": "Int64"})
    texts = make_claims(replace(study, earlier=row))["statement_zh"]
    assert texts.str.contains("退出排名：一年前列第 1").any()


def test_zhejiang_and_its_absence(study: Study, without_places: Study) -> None:
    claims = make_claims(study)
    row = claims[claims["statement_zh"].str.contains("涉及浙江的 3 件")].iloc[0]
    assert row["n"] == 90
    assert "涉及中国的 30 件" in row["statement_zh"]
    assert row["value"] == pytest.approx(3 / 90)
    assert row["doc_ids"] == "US9000000;US9000040;US9000080"
    texts = " ".join(make_claims(without_places)["statement_zh"])
    assert "浙江" not in texts


def test_countries_without_provinces_say_nothing_of_zhejiang(without_provinces: Study) -> None:
    claims = make_claims(without_provinces)
    texts = " ".join(claims["statement_zh"])
    assert "浙江" not in texts
    assert "涉及中国" in texts
    rows = claims[claims["statement_zh"].str.startswith("载有地点的文献中，涉及中国的 30 件")]
    assert rows["n"].tolist() == [90]


def test_no_navigation_claims_without_patents(papers_only: Study) -> None:
    assert 6 not in set(make_claims(papers_only)["section"])


def test_the_order_of_rows_changes_nothing(study: Study) -> None:
    shuffled = replace(
        study,
        documents=study.documents.sample(frac=1, random_state=1),
        members=study.members.sample(frac=1, random_state=2),
        indicators=study.indicators.sample(frac=1, random_state=3),
    )
    pd.testing.assert_frame_equal(make_claims(study), make_claims(shuffled))


def test_share_change_by_hand(study: Study) -> None:
    counts = [1, 1, 1, 1, 4, 5, 3, 10, 8, 6]
    years = study.track_years.assign(n_docs=counts)
    found = Reading(replace(study, track_years=years)).share_change
    assert found is not None
    assert found.value == pytest.approx((24 / 12) ** (1 / 3) - 1)
    assert found.n == 36
    half = 1.959963984540054 * math.sqrt(1 / 24 + 1 / 12)
    assert found.lo == pytest.approx(math.exp((math.log(2) - half) / 3) - 1)


def test_share_change_needs_documents_in_both_spans(study: Study) -> None:
    years = study.track_years.assign(n_docs=[0] * 7 + [1, 2, 3])
    assert Reading(replace(study, track_years=years)).share_change is None
    assert Reading(replace(study, track_years=years.tail(4))).share_change is None


def test_candidates_follow_the_rules(study: Study) -> None:
    table = make_candidates(study)
    assert list(table["rule"]) == ["A", "A", "B", "B"]
    assert list(table["unit_kind"]) == ["topic", "sub_direction"] * 2
    assert list(table["candidate_id"]) == [f"advanced-batteries-0{i}" for i in (1, 2, 3, 4)]
    assert table.loc[1, "state"] == "up"
    assert table.loc[1, "compared_with"] == "2021-06-30"
    assert pd.isna(table.loc[0, "state"])


def test_a_wide_interval_is_rule_b_and_a_low_score_is_none(study: Study) -> None:
    scores = study.scores.copy()
    first = scores["unit_id"] == T1
    scores.loc[first, "rank_hi"] = 6
    assert list(make_candidates(replace(study, scores=scores))["rule"]) == ["A", "B", "B", "B"]
    scores.loc[first, "score"] = 49.9
    assert T1 not in set(make_candidates(replace(study, scores=scores))["unit_id"])
    low = study.scores.copy()
    low.loc[first, "score_lo"] = 49.9
    table = make_candidates(replace(study, scores=low))
    assert table.set_index("unit_id").loc[T1, "rule"] == "B"


def test_rule_c_is_for_rising_units_further_down(study: Study) -> None:
    scores = study.scores.copy()
    scores.loc[scores["unit_id"] == T1, "rank"] = 6
    table = make_candidates(replace(study, scores=scores)).set_index("unit_id")
    assert table.loc[T1, "rule"] == "C"


def test_a_bare_study_has_empty_tables_with_their_columns(bare: Study) -> None:
    assert make_candidates(bare).empty
    claims = make_claims(bare)
    assert list(claims.columns) == COLUMNS
    assert claims["value"].iloc[0] == 0


def test_the_navigation_of_a_brief_states_its_numbers(navigated: Study) -> None:
    claims = make_claims(navigated)
    rows = claims[claims["section"] == 6].set_index("statement_zh")
    strength = next(text for text in rows.index if text.startswith("优势（对全国）"))
    assert "50.0%（95% 置信区间 40.0%–60.0%），全国 20.0%" in strength
    assert rows.loc[strength, ["value", "n"]].tolist() == [0.5, 40]
    assert rows.loc[strength, "doc_ids"] == "US9000000;US9000001"
    assert not [text for text in rows.index if "对全球" in text]
    approach = next(text for text in rows.index if text.startswith("可接洽引进 Contoso Cells"))
    assert "（n = 40）" not in approach.split("：")[0]
    assert rows.loc[approach, "n"] == 40
    seventh = claims[claims["section"] == 7]["statement_zh"].tolist()
    both = "居前十的机构 2 家：Contoso Cells, Inc.（40 件）、Fabrikam Energy（12 件）。"
    assert any(text.endswith(both) for text in seventh)
    assert any(
        text.endswith("无一涉及浙江的 1 家：Contoso Cells, Inc.（40 件）。") for text in seventh
    )
    assert any(
        text.startswith("以浙江为主要所在地") and text.endswith("的机构 0 家。") for text in seventh
    )


def test_candidates_carry_control_base_route_and_form(navigated: Study) -> None:
    table = make_candidates(navigated).set_index("unit_id")
    assert table.loc[T1, ["held", "n_held", "form"]].tolist() == ["others", 50, "bring_in"]
    assert table.loc[T1, "cr4"] == 0.62
    assert table.loc[T1, "leaders"] == "Contoso Cells, Inc."
    assert table.loc[T2, ["route", "route_id", "n_route"]].tolist() == [
        "main_path", "US9000004", 3,
    ]  # fmt: skip
    assert table.loc[T2, ["n_zhejiang_orgs", "n_zhejiang_people", "form"]].tolist() == [
        2, 4, "independent",
    ]  # fmt: skip
    first = navigated.track.sub_directions[0].id
    assert table.loc[first, ["route", "route_zh"]].tolist() == ["topic", "硫化物固态电解质"]
    assert table.loc[first, "form_why"] == "few_documents"


def _came(*rows):
    columns = ["doc_id", "delivery", "label", "added", "replaced"]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize(
    ("rows", "zh", "en"),
    [
        (
            [("US9000001", 3, "July", "2026-08-02", False)],
            "最近一批涉及本赛道的增量数据为“July”（2026年8月2日入库），带来 1 件新文献。",
            "‘July’ (added 2 August 2026), brought 1 new document.",
        ),
        (
            [
                ("US9000000", 1, "May", "2026-06-02", False),
                ("US9000001", 3, "July", "2026-08-02", True),
                ("US9000002", 3, "July", "2026-08-02", False),
                ("US9000003", 3, "July", "2026-08-02", False),
            ],
            "带来 2 件新文献，更新 1 件已有文献的著录内容。",
            "brought 2 new documents and renewed the records of 1 document.",
        ),
        (
            [("US9000001", 2, "June", "2026-07-02", True)],
            "“June”（2026年7月2日入库），更新 1 件已有文献的著录内容。",
            "‘June’ (added 2 July 2026), renewed the records of 1 document.",
        ),
    ],
)
def test_the_newest_delivery_of_the_track_is_told_of(study: Study, rows, zh, en) -> None:
    claims = make_claims(replace(study, arrivals=_came(*rows)))
    told = claims[claims["statement_en"].str.startswith("The newest delivery")].iloc[0]
    assert told["claim_id"] == "S1-02"
    assert told["statement_zh"].endswith(zh)
    assert told["statement_en"].endswith(en)
    last = [row[0] for row in rows if row[1] == rows[-1][1]]
    assert told["doc_ids"].split(";") == last
    assert (told["value"], told["n"]) == (len(last), len(last))


def test_without_deliveries_nothing_is_told_of_them(study: Study) -> None:
    for lang in ("zh", "en"):
        text = compose_brief(study, lang=lang)
        assert "arrivals.csv" not in text
        assert "增量数据" not in text
        came = _came(("US9000001", 3, "July", "2026-08-02", False))
        assert "arrivals.csv" in compose_brief(replace(study, arrivals=came), lang=lang)
    assert not make_claims(study)["statement_en"].str.contains("newest delivery").any()
