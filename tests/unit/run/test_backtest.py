"""`foresight backtest`, from an interchange folder to its files, with small vectors."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import Project
from scipy.stats import spearmanr
from synth import backtest_tables, write_folder

from foresight.brief.backtest.words import method_name
from foresight.corpus.store import open_corpus
from foresight.emergence.backtest import RESULTS
from foresight.emergence.methods import BASELINES, METHODS, SCORES
from foresight.errors import SettingsError
from foresight.provenance import VectorCache, code_digest, text_digest
from foresight.run.backtest import read_cutoffs, summary
from foresight.run.backtest_records import first_of_family, venues
from foresight.run.backtest_stage import compute_backtest
from foresight.run.track_record import read_track_record
from foresight.settings import Settings
from foresight.topics.model import texts_of

SMALL = {"years": range(1998, 2013), "steady": 9, "fading": 2, "planted": 1, "dimensions": 8}


def ended(result, code=0):
    assert result.exit_code == code, result.output
    return result.output


def imported(project, tables, vectors, *, name):
    """Import tables as a corpus, their vectors as if they had been embedded."""
    folder = write_folder(project.root / f"in-{name}", tables)
    ended(project.run("corpus", "import", str(folder), "--name", name))
    texts = texts_of(tables["documents"].assign(abstract=None))
    cache = VectorCache(project.root / "cache" / "embeddings" / Settings().encoder)
    cache.add([text_digest(text) for text in texts], vectors)


def _name(method):
    return method_name(method, "en")


def outputs(project, name):
    folder = project.outputs / name / "backtest"
    metrics = json.loads((folder / "metrics.json").read_text())
    return pd.read_csv(folder / "results.csv", encoding="utf-8-sig"), metrics


def computed(project, name, monkeypatch, *, cutoffs=None, date="2012-12-31"):
    """Results and metrics without the report."""
    for key, value in project.env().items():
        monkeypatch.setenv(key, value)
    folder, _ = compute_backtest(
        open_corpus(name), cutoffs=cutoffs, horizon=3, date=date, settings=Settings()
    )
    metrics = json.loads((folder / "metrics.json").read_text())
    return pd.read_csv(folder / "results.csv", encoding="utf-8-sig"), metrics


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Papers with citations to 2012, tested from the first possible cut-off to the last."""
    project = Project(tmp_path_factory.mktemp("backtest"))
    tables, vectors, _ = backtest_tables(seed=3, **SMALL)
    imported(project, tables, vectors, name="papers")
    ended(project.run("backtest", "--corpus", "papers", "--jobs", "1", "--lang", "en"))
    return project, tables, vectors


def test_results_have_the_columns_agreed_on(made):
    results, metrics = outputs(made[0], "papers")
    assert tuple(results.columns) == RESULTS
    assert metrics["cutoffs"] == list(range(2003, 2010))
    assert set(results["cutoff"]) == set(metrics["cutoffs"])
    assert set(results["method"]) == set(METHODS) - {"weighted"}  # nobody has set weights
    assert not results.duplicated(["cutoff", "unit_id", "method"]).any()
    grew = results.drop_duplicates("unit_id")["grew"]
    assert 0 < grew.mean() < 1


def test_metrics_hold_every_figure_with_its_interval(made):
    results, metrics = outputs(made[0], "papers")
    assert metrics["compared"] == [2009]  # 2003 to 2006 are over by then
    assert set(metrics["methods"]) == set(METHODS)
    assert metrics["methods"].pop("weighted")["all"] is None
    for method, parts in metrics["methods"].items():
        assert set(parts["all"]) >= {
            "spearman", "precision_at_10pct", "auc", "csi", "brier", "brier_skill", "n"
        }  # fmt: skip
        spearman = parts["all"]["spearman"]
        assert spearman["lo"] <= spearman["value"] + 1e-9 or method == "no_change"
        said = results.loc[results["method"] == method, "cutoff"].unique()
        assert set(parts["cutoffs"]) == {str(year) for year in said}
    assert set(metrics["differences"]) == set(SCORES) - {"weighted"}
    assert set(metrics["differences"]["learned"]) == set(BASELINES)
    assert {"value", "lo", "hi"} == set(metrics["differences"]["learned"]["size"]["auc"])
    assert 0 < metrics["noise_ceiling"]["spearman"] <= 1
    assert metrics["features"]["citations"] == {"component": None, "known": 1.0}
    assert metrics["features"]["science_linkage"]["known"] == 0.0


def test_second_run_changes_nothing_and_a_lost_file_is_made_again(made):
    project = made[0]
    folder = project.outputs / "papers" / "backtest"
    options = ["--corpus", "papers", "--lang", "en"]
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    said = ended(project.run("backtest", *options, "--jobs", "1"))
    assert "is up to date" in said
    (folder / "metrics.json").unlink()
    said = ended(project.run("backtest", *options, "--jobs", "2"))
    assert "is up to date" not in said
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert set(after) == set(before)
    assert [path.name for path in before if after[path] != before[path]] == []


def test_the_report_is_made_and_named(made):
    project = made[0]
    folder = project.outputs / "papers" / "backtest"
    tables = {"results.csv", "metrics.json", "panel.csv", "reliability.csv", "places.csv"}
    pages = {f"report.en.{kind}" for kind in ("md", "html", "pdf", "docx")}
    names = {path.name for path in folder.iterdir()}
    assert names == tables | pages | {"notebook.ipynb", "run.json", "figures"}
    said = ended(project.run("backtest", "--corpus", "papers", "--lang", "en"))
    assert all(f"  {page}" in said for page in pages)
    text = (folder / "report.en.md").read_text()
    _, metrics = outputs(project, "papers")
    found = metrics["methods"]["composite"]["all"]
    assert f"{found['spearman']['value']:.2f}".replace("-", "−") in text
    assert f"{found['n']} topics" in text
    assert {p.name for p in (folder / "figures").iterdir()} == {
        "skill.en.png", "reliability.en.png", "places.en.png"
    }  # fmt: skip


def test_the_results_do_not_depend_on_pages():
    """So a change of wording computes nothing again."""
    code = (
        "import sys, foresight.run.backtest_stage as stage; "
        "print([name for name in sys.modules for page in stage.PAGES "
        "if (name + '.').startswith(f'foresight.{page}.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert code_digest(without=("plots",)) != code_digest()


def test_a_control_reaches_the_report_and_nothing_is_computed_again(made, monkeypatch):
    project = made[0]
    _, metrics = outputs(project, "papers")
    control = project.outputs / "papers" / "backtest-shuffled-4"
    control.mkdir()
    (control / "metrics.json").write_text(json.dumps({**metrics, "shuffled": 4}))

    def computed(*_, **__):
        raise AssertionError("computed again")

    monkeypatch.setattr("foresight.run.backtest_stage.read_records", computed)
    said = ended(project.run("backtest", "--corpus", "papers", "--lang", "en"))
    assert "is up to date" not in said
    text = (project.outputs / "papers" / "backtest" / "report.en.md").read_text()
    assert "| Control 4 |" in text
    assert "On shuffled years (seed 4)" in text
    shutil.rmtree(control)


def test_section_10_of_a_brief_traces_to_rows_of_the_results(made):
    project = made[0]
    options = ["quantum", "--corpus", "papers", "--lang", "en"]
    ended(project.run("brief", *options))
    (folder,) = project.outputs.glob("papers/*/quantum")
    text = (folder / "brief.en.md").read_text()
    assert "The briefs' score's Spearman correlation with the rise of the 3 years after" in text
    claims = pd.read_csv(folder / "claims.csv", encoding="utf-8-sig")
    ten = claims[claims["section"] == 10]
    results = pd.read_csv(project.outputs / "papers/backtest/results.csv", encoding="utf-8-sig")
    rho = ten[ten["unit"] == "Spearman correlation"]
    assert len(rho) == 7
    for claim in rho.itertuples():
        named = [re.fullmatch(r"backtest/results\.csv#(\w+)@(\d+)", one).groups()
                 for one in claim.doc_ids.split(";")]  # fmt: skip
        method = next(
            name for name in METHODS if claim.statement_en.lower().startswith(f"{_name(name)}:")
        )
        found, sizes = [], []
        for year in {int(year) for name, year in named if name == method}:
            rows = results[(results["method"] == method) & (results["cutoff"] == year)]
            constant = rows["prediction"].min() == rows["prediction"].max()
            found.append(0.0 if constant else spearmanr(rows["prediction"], rows["rise"])[0])
            sizes.append(len(rows))
        assert sum(sizes) == claim.n
        assert claim.value == pytest.approx(np.average(found, weights=sizes), abs=1e-4)
    assert "0 made, 1 unchanged" in ended(project.run("brief", *options))
    metrics = project.outputs / "papers" / "backtest" / "metrics.json"
    whole = metrics.read_text()
    metrics.write_text(whole.replace('"horizon": 3', '"horizon": 4'))
    assert "1 made, 0 unchanged" in ended(project.run("brief", *options))
    assert "the rise of the 4 years after" in (folder / "brief.en.md").read_text()
    metrics.write_text(whole)


def test_a_backtest_of_another_corpus_or_a_later_date_is_not_told_of(made, monkeypatch):
    project = made[0]
    for name, value in project.env().items():
        monkeypatch.setenv(name, value)
    corpus = open_corpus("papers")
    usual = Settings()
    found = read_track_record(corpus, date="2012-12-31", settings=usual, method="learned")
    assert found.method == "learned"
    assert found.metrics["as_of"] == "2012-12-31"
    assert read_track_record(corpus, date="2012-12-30", settings=usual) is None
    monkeypatch.setattr(type(corpus), "digest_as_of", lambda self, date: "0" * 64)
    assert read_track_record(corpus, date="2012-12-31", settings=usual) is None


def test_a_failing_cell_is_one_message_and_keeps_the_notebook(made, tmp_path):
    root, source = tmp_path / "root", Path(__file__).resolve().parents[3]
    for name in ("data/tracks", "data/glossary", "data/gazetteer", "data/models", "notebooks"):
        shutil.copytree(source / name, root / name)
    book = root / "notebooks" / "backtest.ipynb"
    book.write_text(book.read_text().replace('"backtest.methods()"', '"1 / 0"'))
    result = made[0].run("backtest", "--corpus", "papers", FORESIGHT_ROOT=str(root))
    output = ended(result, 2)
    assert "The report failed: ZeroDivisionError" in output
    assert "Traceback" not in output
    assert (made[0].outputs / "papers" / "failed" / "backtest.ipynb").is_file()


def test_a_killed_run_keeps_the_cutoffs_that_it_had(made, monkeypatch):
    """The last cut-off fails; the next run examines that one alone."""
    from foresight.run import backtest_stage

    project, tables, vectors = made
    imported(project, tables, vectors, name="killed")
    seen = []
    examine = backtest_stage.examine

    def failing(records, *, cutoff, **more):
        seen.append(cutoff)
        if cutoff == 2003 and len(seen) <= 7:
            raise KeyboardInterrupt
        return examine(records, cutoff=cutoff, **more)

    monkeypatch.setattr(backtest_stage, "examine", failing)
    shutil.rmtree(project.root / "cache" / "backtest-results")
    for cached in (project.root / "cache" / "backtest").iterdir():
        cached.unlink()
    result = project.run("backtest", "--corpus", "killed", "--jobs", "1")
    assert result.exit_code == 130
    assert not (project.outputs / "killed").exists()
    seen.clear()
    seen.extend(range(10))
    killed = computed(project, "killed", monkeypatch)[0]
    assert seen[10:] == [2003]
    one, two = (frame.drop(columns="corpus") for frame in (outputs(project, "papers")[0], killed))
    pd.testing.assert_frame_equal(one, two)


def test_a_corpus_that_ends_earlier_gives_the_same_results(made, tmp_path, monkeypatch):
    """Through the whole way of the data: nothing of 2012 reaches a row of 2003 to 2008."""
    _, tables, vectors = made
    project = Project(tmp_path)
    known = (tables["documents"]["published"] < "2012").to_numpy()
    ids = set(tables["documents"].loc[known, "doc_id"])
    cut = {
        name: frame[frame["citing_id" if name == "references" else "doc_id"].isin(ids)]
        for name, frame in tables.items()
    }
    imported(project, cut, vectors[known], name="papers")
    early = computed(project, "papers", monkeypatch, cutoffs=range(2003, 2009), date="2011-12-31")[
        0
    ]
    whole = outputs(made[0], "papers")[0]
    pd.testing.assert_frame_equal(
        whole[whole["cutoff"] <= 2008].reset_index(drop=True), early, check_exact=True
    )


def test_patents_without_citations_run_without_further_settings(tmp_path, monkeypatch):
    """And with nothing but documents."""
    project = Project(tmp_path)
    tables, vectors, _ = backtest_tables(seed=6, cited=False, **SMALL)
    imported(project, {"documents": tables["documents"]}, vectors, name="patents")
    results, metrics = computed(project, "patents", monkeypatch)
    said = summary(metrics)
    assert set(results["method"]) == set(METHODS) - {"citations", "weighted"}
    assert metrics["learned"]
    assert metrics["methods"]["citations"] == {"all": None, "cutoffs": {}}
    assert metrics["methods"]["learned"]["all"]["spearman_impact"]["value"] is None
    assert re.search(r"(?m)^citations +silent$", said)


def test_the_control_stands_beside_the_results(made):
    project = made[0]
    options = ["--cutoffs", "2004:2005", "--jobs", "1", "--shuffle-years", "3"]
    ended(project.run("backtest", "--corpus", "papers", *options))
    control = project.outputs / "papers" / "backtest-shuffled-3"
    assert not list(control.glob("report.*"))
    results = pd.read_csv(control / "results.csv", encoding="utf-8-sig")
    real = outputs(project, "papers")[0]
    assert set(results["cutoff"]) == {2004, 2005}
    sd = [frame[frame["cutoff"] == 2005]["rise"].std() for frame in (results, real)]
    assert sd[0] < sd[1]  # topics rise and fall by chance alone
    assert json.loads((control / "metrics.json").read_text())["shuffled"] == 3


def test_too_few_years_to_learn_from_is_said(made):
    project = made[0]
    environment = {"FORESIGHT_OUTPUTS": str(project.root / "other")}
    result = project.run(
        "backtest", "--corpus", "papers", "--cutoffs", "2003:2004", "--lang", "zh", **environment
    )
    assert "the learned scores are silent" in ended(result)
    metrics = json.loads((project.root / "other/papers/backtest/metrics.json").read_text())
    assert not metrics["learned"]
    assert metrics["compared"] == [2003, 2004]
    assert metrics["methods"]["composite"]["all"]["brier"]["value"] is None


def test_without_learning_only_scores_learnt_from_the_corpus_are_silent(made):
    project = made[0]
    environment = {"FORESIGHT_OUTPUTS": str(project.root / "plain")}
    weights = "settings={weights: {growth: 2, novelty: 1}}"
    options = ["--no-learning", "--set", weights, "--jobs", "1", "--lang", "en"]
    said = ended(project.run("backtest", "--corpus", "papers", *options, **environment))
    assert "silent." not in said  # it was asked for
    folder = project.root / "plain" / "papers" / "backtest"
    metrics = json.loads((folder / "metrics.json").read_text())
    spoke = {name for name, parts in metrics["methods"].items() if parts["all"] is not None}
    assert spoke == set(METHODS) - {"learned", "learned_linear", "learned_boosting"}
    assert metrics["weights"] == {"growth": 2, "novelty": 1}
    assert metrics["compared"] == metrics["cutoffs"]
    full = outputs(project, "papers")[0].set_index(["cutoff", "unit_id", "method"])["prediction"]
    plain = pd.read_csv(folder / "results.csv", encoding="utf-8-sig")
    plain = plain.set_index(["cutoff", "unit_id", "method"])["prediction"]
    both = plain.index.intersection(full.index)
    assert len(both) == len(plain) - (plain.index.get_level_values("method") == "weighted").sum()
    assert plain[both].to_numpy() == pytest.approx(full[both].to_numpy())


def test_a_brief_with_weights_of_its_own_tells_of_no_other_backtest(made, monkeypatch):
    project = made[0]
    for key, value in project.env().items():
        monkeypatch.setenv(key, value)
    corpus, own = open_corpus("papers"), Settings(weights={"growth": 1.0})
    told = read_track_record(corpus, date="2012-12-31", settings=own, method="weighted")
    assert told is None
    assert read_track_record(corpus, date="2012-12-31", settings=Settings()) is not None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--cutoffs", "1999:2003"], "1999, 2000, 2001, 2002 cannot be a cut-off"),
        (["--cutoffs", "2003-2005"], "--cutoffs takes years, as 2008:2018"),
        (["--cutoffs", "2005:2003"], "--cutoffs takes years"),
        (["--horizon", "0"], "The horizon is a number of years from 1 to 10, got 0"),
        (["--corpus", "nothing"], "There is no corpus named 'nothing'"),
    ],
)
def test_wrong_use_is_one_message(made, options, message):
    result = made[0].run("backtest", "--corpus", "papers", *options)
    assert result.exit_code == 2
    assert message in result.output
    assert "Traceback" not in result.output


def test_cutoffs_are_read():
    assert read_cutoffs("2008:2010") == [2008, 2009, 2010]
    assert read_cutoffs(" 2012, 2008:2009,2008") == [2008, 2009, 2012]
    assert read_cutoffs("") is None
    with pytest.raises(SettingsError):
        read_cutoffs("next year")


def test_a_family_is_its_first_public_member():
    documents = pd.DataFrame(
        {
            "doc_id": ["c", "x", "a", "y"],
            "family_id": ["f", "f", None, "f"],
            "published": ["2001-01-01", "2000-05-01", "1999-01-01", "2000-05-01"],
        }
    )
    assert first_of_family(documents).to_dict() == {"a": "a", "c": "x", "x": "x", "y": "x"}
    early = first_of_family(documents[documents["published"] < "2001"])
    assert early.to_dict() == {"a": "a", "x": "x", "y": "x"}


@pytest.mark.long
def test_planted_topics_are_found_two_years_before_their_peak(tmp_path):
    """At least nine of ten in the top tenth, at most one of ten false bursts."""
    from foresight.emergence.snapshot import number_of_units
    from foresight.settings import Settings
    from foresight.topics.model import TopicModel

    project = Project(tmp_path)
    tables, vectors, topics = backtest_tables(seed=0)
    imported(project, tables, vectors, name="planted")
    ended(project.run("backtest", "--corpus", "planted", "--cutoffs", "2007:2010", "--jobs", "2"))
    results, _ = outputs(project, "planted")
    years = tables["documents"]["published"].str[:4].astype(int).to_numpy()
    ids = tables["documents"]["doc_id"].to_numpy()
    found: dict[str, list[bool]] = {"emerging": [], "burst": []}
    for cutoff in range(2007, 2011):
        known = years <= cutoff
        model = TopicModel(n_topics=number_of_units(known.sum()), random_state=Settings().seed)
        labels = model.fit(vectors[known], ids=ids[known].tolist()).labels_
        unit = pd.Series([f"{cutoff}-{n + 1:03d}" for n in labels], index=ids[known])
        said = results[(results["cutoff"] == cutoff) & (results["method"] == "learned")]
        place = said.set_index("unit_id")["prediction"].rank(ascending=False)
        top = set(place.index[place <= max(1, round(0.1 * len(place)))])
        for kind, ahead in (("emerging", (2,)), ("burst", (0, 1))):
            due = (topics["kind"] == kind) & topics["peak"].isin([cutoff + n for n in ahead])
            for members in topics.loc[due, "doc_ids"]:
                home = unit.reindex(members).dropna().mode()[0]
                found[kind].append(home in top)
    assert len(found["emerging"]) == 12
    assert len(found["burst"]) == 24
    assert np.mean(found["emerging"]) >= 0.9
    assert np.mean(found["burst"]) <= 0.1


def test_venues_of_papers_and_what_kind_they_are():
    columns = ["doc_id", "kind", "venue", "doc_type"]
    rows = [
        ("a", "paper", "Journal of  Light", "journal article"),
        ("b", "paper", "ICML", "conference paper"),
        ("c", "paper", None, "article"),
        ("d", "paper", None, "thesis"),
        ("e", "patent", None, "A1"),
        ("f", "paper", "icml ", None),
    ]
    documents = pd.DataFrame(rows, columns=columns).set_index("doc_id")
    found = venues(documents)
    wanted = {
        "doc_id": ["a", "b", "c", "f"],
        "venue": ["journal of light", "icml", None, "icml"],
        "form": ["journal", "conference", "journal", None],
    }
    pd.testing.assert_frame_equal(found, pd.DataFrame(wanted, dtype="str"))
    assert venues(documents.assign(venue=None, doc_type=None)).empty
