"""The list and the ranks against a kept run: states and reasons worked out by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foresight.brief.candidates import COLUMNS, make_candidates
from foresight.brief.claims import make_claims
from foresight.brief.kept import KeptRun
from foresight.brief.reading import Reading
from foresight.brief.sections import compose_brief
from foresight.brief.since import Since, listed, placed
from foresight.brief.study import Study

T1, T2, T3 = (f"advanced-batteries-t0{i}" for i in (1, 2, 3))
MARK = re.compile(r"\[(S\d+-\d\d)\]")


def kept_of(study: Study, **changes: Any) -> KeptRun:
    """The study itself as the kept run of a year before."""
    table = make_candidates(study)
    return replace(
        KeptRun(
            as_of="2021-06-30",
            scores=study.scores.copy(),
            candidates=table[["unit_id", "rule"]].astype("str"),
            topics=study.topics[["topic_id", "label_zh", "label_en"]],
            documents=study.documents[["doc_id", "kind"]],
            differs=(),
        ),
        **changes,
    )


def with_scores(kept: KeptRun, unit: str, **values: Any) -> KeptRun:
    scores = kept.scores.copy()
    for name, value in values.items():
        scores.loc[scores["unit_id"] == unit, name] = value
    return replace(kept, scores=scores)


def against(study: Study, kept: KeptRun) -> pd.DataFrame:
    return make_candidates(replace(study, kept=kept)).set_index("unit_id")


@pytest.mark.parametrize(
    ("rank", "lo", "hi", "was", "state"),
    [
        (1, 1, 2, 3, "up"),
        (1, 1, 3, 3, "same"),
        (4, 3, 5, 2, "down"),
        (4, 2, 5, 2, "same"),
        (1, 1, 2, None, "new"),
        (None, None, None, 2, "dropped"),
        (None, None, None, None, None),
    ],
)
def test_a_rank_against_an_earlier_one(
    rank: int | None, lo: int | None, hi: int | None, was: int | None, state: str | None
) -> None:
    assert placed(rank, lo, hi, was) == state


@pytest.mark.parametrize(
    ("rule", "was", "place", "state"),
    [
        ("A", "B", "same", "up"),
        ("C", "B", "up", "down"),
        ("B", "B", "up", "up"),
        ("B", "B", "dropped", "same"),
        ("B", None, "same", "new"),
        (None, "C", "up", "dropped"),
        (None, None, "same", None),
    ],
)
def test_what_became_of_a_candidate(
    rule: str | None, was: str | None, place: str | None, state: str | None
) -> None:
    assert listed(rule, was, place) == state


def test_a_run_beside_itself_has_not_moved(study: Study) -> None:
    table = against(study, kept_of(study))
    assert list(table["state"]) == ["same"] * 4
    assert list(table["reason"]) == ["unchanged"] * 4
    assert list(table["rule"]) == ["A", "A", "B", "B"]
    since = Since(Reading(study), kept_of(study))
    assert since.new_documents.empty
    assert since.gone_documents == ()
    assert since.born_topics == since.ended_topics == []
    assert {one.state for one in since.sub_directions} == {"same"}


def test_new_up_and_down_with_what_moved(study: Study) -> None:
    first = study.track.sub_directions[0].id
    kept = kept_of(study, candidates=pd.DataFrame({"unit_id": [T1, first], "rule": ["A", "A"]}))
    kept = with_scores(kept, T1, rank=3, score=40.0)
    kept = with_scores(kept, T2, p_growth=0.5, rank=2, score=60.4)
    table = against(study, kept)
    assert table.loc[T1, ["state", "reason"]].tolist() == ["up", "rank"]
    assert table.loc[T1, "reason_zh"] == "名次由第 3 变为第 1（区间 1–2）；得分由 40.0 变为 78.2"
    assert table.loc[T2, ["state", "reason"]].tolist() == ["new", "not_met"]
    assert table.loc[T2, "reason_en"] == (
        "did not meet the rules then; rank still 2 (1–3); score still 60.4; "
        "P(growth) from 0.50 to 0.85"
    )
    assert table.loc[T1, ["earlier_rank", "earlier_score"]].tolist() == [3, 40.0]
    assert pd.isna(table.loc[T2, "earlier_rule"])
    laxer = kept_of(study, candidates=pd.DataFrame({"unit_id": [T1, T2], "rule": ["B", "A"]}))
    found = against(study, laxer)
    assert found.loc[[T1, T2], "state"].tolist() == ["up", "down"]
    assert found.loc[T2, "reason_zh"].startswith("由“优先论证”变为“补证后论证”")


def test_a_unit_without_a_score_then_is_new_for_want_of_documents(study: Study) -> None:
    first = study.track.sub_directions[0].id
    blank = dict.fromkeys(("score", "rank", "rank_lo", "rank_hi", "p_growth"), None)
    kept = with_scores(kept_of(study), first, **blank, n_docs=6)
    listed_then = kept.candidates[kept.candidates["unit_id"] != first]
    row = against(study, replace(kept, candidates=listed_then)).loc[first]
    assert row[["state", "reason"]].tolist() == ["new", "few_documents"]
    assert row["reason_zh"] == "文献由 6 件变为 36 件文献，上期不足以评分"


def test_who_left_and_why(study: Study) -> None:
    third = study.track.sub_directions[2].id
    fourth = study.track.sub_directions[3].id
    kept = kept_of(study)
    names = {"label_zh": "旧题", "label_en": "old topic", "unit_kind": "topic", "n_docs": 20}
    gone = pd.DataFrame([{"unit_id": "gone", **names, "score": 66.0, "rank": 2, "p_growth": 0.9}])
    scores = pd.concat([kept.scores, gone], ignore_index=True)
    ids = [T1, T3, third, fourth, "gone"]
    kept = replace(
        kept,
        scores=scores,
        candidates=pd.DataFrame({"unit_id": ids, "rule": ["A", "B", "B", "B", "C"]}),
    )
    kept = with_scores(kept, T3, p_growth=0.9)
    kept = with_scores(kept, fourth, rank=4, n_docs=12)
    later = study.scores.copy()
    later.loc[later["unit_id"] == third, ["rank", "rank_hi"]] = 6
    table = against(replace(study, scores=later), kept)
    left = table[table["state"] == "dropped"]
    assert left["reason"].to_dict() == {
        T3: "score",  # third by rank, at 30 of 100
        third: "rank_left",
        fourth: "few_documents",
        "gone": "split",
    }
    assert left.loc[T3, "reason_zh"].startswith("得分低于全语料主题的中位；名次仍为第 3")
    assert left["rule"].isna().all()
    assert list(table.columns) == [name for name in COLUMNS if name != "unit_id"]
    assert left.loc["gone", "reason_zh"] == "2015年分化为“硫化物固态电解质”和“锂金属负极”"
    assert left.loc["gone", "label_en"] == "old topic"
    assert left.loc[third, "reason_zh"].startswith("名次退出前 5；名次由第 3 变为第 6")
    assert left.loc[fourth, "reason_en"] == "documents from 12 to 0: too few for a score now"
    assert left.loc["gone", "doc_ids"] is None or pd.isna(left.loc["gone", "doc_ids"])


def test_who_was_below_the_first_ranks_already_did_not_leave_them(study: Study) -> None:
    third = study.track.sub_directions[2].id
    kept = kept_of(study)
    rows = pd.DataFrame({"unit_id": [third], "rule": ["C"]})
    kept = with_scores(replace(kept, candidates=rows), third, rank=7)
    later = study.scores.copy()
    later.loc[later["unit_id"] == third, ["rank", "rank_hi"]] = 6
    row = against(replace(study, scores=later), kept).loc[third]
    assert row[["state", "reason"]].tolist() == ["dropped", "rules_left"]
    assert row["reason_zh"].startswith("不再符合入选规则")


def test_topics_born_since_say_where_they_come_from(study: Study) -> None:
    kept = kept_of(study)
    without = {
        "topics": kept.topics[kept.topics["topic_id"] == T1],
        "scores": kept.scores[~kept.scores["unit_id"].isin([T2, T3])],
        "candidates": kept.candidates[kept.candidates["unit_id"] != T2],
    }
    since = Since(Reading(study), replace(kept, **without))
    events = {event.topic_id: (event.fate, event.year, event.others) for event in since.born_topics}
    assert events == {T2: ("split", 2015, ("gone",)), T3: ("birth", 2016, ())}
    row = against(study, replace(kept, **without)).loc[T2]
    assert row[["state", "reason"]].tolist() == ["new", "split"]
    assert row["reason_zh"] == "2015年由“旧题”分化而来"
    assert row["reason_en"] == "split off from ‘old topic’ in 2015"


def test_documents_that_came_and_went(study: Study) -> None:
    known = study.documents[["doc_id", "kind"]].iloc[10:]
    extra = pd.DataFrame({"doc_id": ["US1"], "kind": ["patent"]})
    kept = kept_of(study, documents=pd.concat([known, extra]))
    one = replace(study, kept=kept)
    claims = make_claims(one).set_index("claim_id")
    row = claims[claims["statement_zh"].str.contains("一期相比，本赛道文献")].iloc[0]
    assert row["value"] == 10
    assert row["doc_ids"].split(";") == sorted(study.documents["doc_id"].iloc[:10])
    assert (
        "由 111 件变为 120 件：新增 10 件（专利 10 件），另有 1 件不再计入。" in row["statement_zh"]
    )
    assert "went from 111 to 120: 10 new (10 patents); 1 no longer counted." in row["statement_en"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_claim_of_a_compared_brief_stands_in_it(study: Study, lang: str) -> None:
    kept = kept_of(study, candidates=pd.DataFrame({"unit_id": [T1, T3], "rule": ["B", "B"]}))
    one = replace(study, kept=kept)
    text = compose_brief(one, lang=lang)
    assert set(MARK.findall(text)) == set(make_claims(one)["claim_id"])
    assert ("退出清单的候选" if lang == "zh" else "Candidates that left the list") in text
    assert ("没有更早一期" if lang == "zh" else "No earlier") not in text


def test_without_a_kept_run_the_brief_says_so_in_one_line(study: Study) -> None:
    text = compose_brief(study, lang="zh")
    assert text.count("没有更早一期的留存结果") == 1
    assert text.count("没有更早一期的留存清单") == 1


def test_runs_of_other_inputs_are_told(study: Study) -> None:
    for differs, words in (
        (("corpus", "code"), "两期所用的语料和计算程序不同"),
        (None, "上期未记录所用的语料、参数与程序版本"),
    ):
        one = replace(study, kept=kept_of(study, differs=differs))
        assert words in compose_brief(one, lang="zh")
    assert "两期所用的" not in compose_brief(replace(study, kept=kept_of(study)), lang="zh")


def test_other_names_move_nothing(study: Study) -> None:
    kept = kept_of(study)
    names = {"label_zh": "另名", "label_en": "another name"}
    renamed = replace(kept, scores=kept.scores.assign(**names), topics=kept.topics.assign(**names))
    pd.testing.assert_frame_equal(against(study, renamed), against(study, kept))


ranked = st.tuples(
    st.integers(1, 9),  # rank
    st.integers(0, 4),  # below it to the lower end
    st.integers(0, 4),  # above it to the upper end
    st.floats(0, 1),  # probability
    st.floats(0, 100),  # score
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(values=st.lists(ranked, min_size=6, max_size=6), names=st.lists(st.text(max_size=8)))
def test_a_run_of_any_scores_beside_itself_under_any_names_has_not_moved(
    study: Study, values: list[tuple[int, int, int, float, float]], names: list[str]
) -> None:
    scores = study.scores.copy()
    scored = scores.index[scores["score"].notna()]
    for row, (rank, below, above, chance, score) in zip(scored, values, strict=True):
        scores.loc[row, ["rank", "rank_lo", "rank_hi"]] = [rank, max(rank - below, 1), rank + above]
        scores.loc[row, ["p_growth", "score"]] = [chance, score]
    one = replace(study, scores=scores)
    kept = kept_of(one)
    other = dict(enumerate(names))
    labels = [other.get(i, "x") for i in range(len(kept.scores))]
    renamed = replace(
        kept,
        scores=kept.scores.assign(label_zh=labels, label_en=labels).sample(frac=1, random_state=1),
        candidates=kept.candidates.iloc[::-1],
        documents=kept.documents.iloc[::-1],
    )
    table = make_candidates(replace(one, kept=renamed))
    assert set(table["state"]) <= {"same"}
    assert set(table["reason"]) <= {"unchanged"}
    assert len(table) == len(kept.candidates)
