"""Two as-of dates through the command line: the second brief is compared with the first."""

import json
import shutil

import pandas as pd
import pytest
from conftest import Project
from synth import corpus_tables, write_folder

pytestmark = pytest.mark.slow

FIRST, SECOND = "2018-12-31", "2021-12-28"
TRACK = "quantum"


def brief(project, date, track=TRACK):
    result = project.run("brief", track, "--corpus", "synth", "--as-of", date, "--lang", "zh")
    assert result.exit_code == 0, result.output
    return result.output


def folder(project, date):
    return project.outputs / "synth" / date / TRACK


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The generated corpus with the briefs of one track at two dates."""
    project = Project(tmp_path_factory.mktemp("rolling"))
    path = write_folder(project.root / "in", corpus_tables())
    result = project.run("corpus", "import", str(path), "--name", "synth")
    assert result.exit_code == 0, result.output
    for date in (FIRST, SECOND):
        assert "1 made" in brief(project, date)
    return project


def test_states_are_those_of_the_two_lists(made):
    one, two = (
        pd.read_csv(folder(made, date) / "candidates.csv", encoding="utf-8-sig")
        for date in (FIRST, SECOND)
    )
    assert set(one["compared_with"].dropna()) <= {"2017-12-31"}  # no run kept: a year before
    before, now = one.set_index("unit_id"), two.set_index("unit_id")
    assert set(two["compared_with"]) == {FIRST}
    listed = set(now.index[now["rule"].notna()])
    assert set(now.index[now["state"] == "new"]) == listed - set(before.index)
    assert set(now.index[now["state"] == "dropped"]) == set(before.index) - listed
    both = sorted(listed & set(before.index))
    assert both or listed or len(before)
    for unit in both:
        assert now.loc[unit, "earlier_rank"] == before.loc[unit, "rank"]
        assert now.loc[unit, "earlier_rule"] == before.loc[unit, "rule"]
    assert two["reason_zh"].notna().all()
    assert two["reason_en"].notna().all()


def test_the_brief_says_what_came_since(made):
    documents = [
        set(pd.read_csv(folder(made, date) / "documents.csv")["doc_id"]) for date in (FIRST, SECOND)
    ]
    text = (folder(made, SECOND) / "brief.zh.md").read_text()
    n = len(documents[1] - documents[0])
    assert n > 0
    assert f"与2018年12月31日一期相比，本赛道文献由 {len(documents[0])} 件" in text
    assert f"新增 {n} 件（专利 {n} 件）" in text
    claims = pd.read_csv(folder(made, SECOND) / "claims.csv")
    row = claims[claims["statement_zh"].str.contains("一期相比，本赛道文献")].iloc[0]
    assert set(row["doc_ids"].split(";")) == documents[1] - documents[0]
    first = (folder(made, FIRST) / "brief.zh.md").read_text()
    assert "没有更早一期的留存结果" in first


def test_the_kept_run_is_an_input_and_nothing_else_changes(made, tmp_path):
    kept = folder(made, FIRST) / "candidates.csv"
    whole, text = kept.read_bytes(), (folder(made, SECOND) / "brief.zh.md").read_bytes()
    assert "0 made, 1 unchanged" in brief(made, SECOND)
    kept.write_bytes(whole.replace(b",A,", b",C,"))
    assert kept.read_bytes() != whole
    assert "1 made" in brief(made, SECOND)
    assert (folder(made, SECOND) / "brief.zh.md").read_bytes() != text
    kept.write_bytes(whole)
    # without the earlier run the later one is compared with a year before
    away = tmp_path / "away"
    shutil.move(folder(made, FIRST), away)
    assert "1 made" in brief(made, SECOND)
    alone = pd.read_csv(folder(made, SECOND) / "candidates.csv")
    assert set(alone["compared_with"].dropna()) <= {"2020-12-28"}
    shutil.move(away, folder(made, FIRST))
    assert "1 made" in brief(made, SECOND)
    assert (folder(made, SECOND) / "brief.zh.md").read_bytes() == text


def test_a_kept_file_that_cannot_be_read_is_named(made):
    kept = folder(made, FIRST) / "scores.csv"
    whole = kept.read_bytes()
    kept.write_text("unit_id,score\nx,1\n")
    result = made.run("brief", TRACK, "--corpus", "synth", "--as-of", SECOND, "--lang", "zh")
    kept.write_bytes(whole)
    assert result.exit_code == 1
    assert "lacks the column(s)" in result.output
    assert "--as-of 2018-12-31" in result.output


def test_other_settings_are_told(made):
    summary = json.loads((folder(made, SECOND) / "summary.json").read_text())
    assert "两期所用的" not in (folder(made, SECOND) / "brief.zh.md").read_text()
    assert set(summary["made_by"]) == {"corpus", "registry", "settings", "code"}
    result = made.run(
        "brief", TRACK, "--corpus", "synth", "--as-of", SECOND, "--lang", "zh",
        "--set", "settings={draws: 100}",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "两期所用的参数不同" in (folder(made, SECOND) / "brief.zh.md").read_text()
