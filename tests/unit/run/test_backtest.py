"""`foresight backtest`, from an interchange folder to its files, with small vectors."""

import json

import numpy as np
import pandas as pd
import pytest
from conftest import Project
from synth import backtest_tables, write_folder

from foresight.emergence.backtest import BASELINES, METHODS, RESULTS, SCORES
from foresight.errors import SettingsError
from foresight.provenance import VectorCache, text_digest
from foresight.run.backtest import read_cutoffs
from foresight.run.backtest_records import first_of_family, venues
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


def outputs(project, name):
    folder = project.outputs / name / "backtest"
    metrics = json.loads((folder / "metrics.json").read_text())
    return pd.read_csv(folder / "results.csv", encoding="utf-8-sig"), metrics


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Papers with citations to 2012, tested from the first possible cut-off to the last."""
    project = Project(tmp_path_factory.mktemp("backtest"))
    tables, vectors, _ = backtest_tables(seed=3, **SMALL)
    imported(project, tables, vectors, name="papers")
    ended(project.run("backtest", "--corpus", "papers", "--jobs", "1"))
    return project, tables, vectors


def test_results_have_the_columns_agreed_on(made):
    results, metrics = outputs(made[0], "papers")
    assert tuple(results.columns) == RESULTS
    assert metrics["cutoffs"] == list(range(2003, 2010))
    assert set(results["cutoff"]) == set(metrics["cutoffs"])
    assert set(results["method"]) == set(METHODS)
    assert not results.duplicated(["cutoff", "unit_id", "method"]).any()
    grew = results.drop_duplicates("unit_id")["grew"]
    assert 0 < grew.mean() < 1


def test_metrics_hold_every_figure_with_its_interval(made):
    results, metrics = outputs(made[0], "papers")
    assert metrics["compared"] == [2009]  # 2003 to 2006 are over by then
    assert set(metrics["methods"]) == set(METHODS)
    for method, parts in metrics["methods"].items():
        assert set(parts["all"]) >= {
            "spearman", "precision_at_10pct", "auc", "csi", "brier", "brier_skill", "n"
        }  # fmt: skip
        spearman = parts["all"]["spearman"]
        assert spearman["lo"] <= spearman["value"] + 1e-9 or method == "no_change"
        said = results.loc[results["method"] == method, "cutoff"].unique()
        assert set(parts["cutoffs"]) == {str(year) for year in said}
    assert set(metrics["differences"]) == set(SCORES)
    assert set(metrics["differences"]["learned"]) == set(BASELINES)
    assert {"value", "lo", "hi"} == set(metrics["differences"]["learned"]["size"]["auc"])
    assert 0 < metrics["noise_ceiling"]["spearman"] <= 1
    assert metrics["features"]["citations"] == {"component": None, "known": 1.0}
    assert metrics["features"]["science_linkage"]["known"] == 0.0


def test_second_run_changes_nothing_and_a_lost_file_is_made_again(made):
    project = made[0]
    folder = project.outputs / "papers" / "backtest"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    said = ended(project.run("backtest", "--corpus", "papers", "--jobs", "1"))
    assert "is up to date" in said
    (folder / "metrics.json").unlink()
    said = ended(project.run("backtest", "--corpus", "papers", "--jobs", "2"))
    assert "is up to date" not in said
    assert before == {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_killed_run_keeps_the_cutoffs_that_it_had(made, monkeypatch):
    """The last cut-off fails; the next run examines that one alone."""
    from foresight.run import backtest

    project, tables, vectors = made
    imported(project, tables, vectors, name="killed")
    seen = []
    examine = backtest.examine

    def failing(records, *, cutoff, **more):
        seen.append(cutoff)
        if cutoff == 2003 and len(seen) <= 7:
            raise KeyboardInterrupt
        return examine(records, cutoff=cutoff, **more)

    monkeypatch.setattr(backtest, "examine", failing)
    for cached in (project.root / "cache" / "backtest").iterdir():
        cached.unlink()
    result = project.run("backtest", "--corpus", "killed", "--jobs", "1")
    assert result.exit_code == 130
    assert not (project.outputs / "killed").exists()
    seen.clear()
    seen.extend(range(10))
    ended(project.run("backtest", "--corpus", "killed", "--jobs", "1"))
    assert seen[10:] == [2003]
    one, two = (outputs(project, name)[0].drop(columns="corpus") for name in ("papers", "killed"))
    pd.testing.assert_frame_equal(one, two)


def test_a_corpus_that_ends_earlier_gives_the_same_results(made, tmp_path):
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
    ended(project.run("backtest", "--corpus", "papers", "--cutoffs", "2003:2008", "--jobs", "1"))
    whole, early = outputs(made[0], "papers")[0], outputs(project, "papers")[0]
    pd.testing.assert_frame_equal(
        whole[whole["cutoff"] <= 2008].reset_index(drop=True), early, check_exact=True
    )


def test_patents_without_citations_run_without_further_settings(tmp_path):
    """And with nothing but documents."""
    project = Project(tmp_path)
    tables, vectors, _ = backtest_tables(seed=6, cited=False, **SMALL)
    imported(project, {"documents": tables["documents"]}, vectors, name="patents")
    said = ended(project.run("backtest", "--corpus", "patents", "--jobs", "1"))
    results, metrics = outputs(project, "patents")
    assert set(results["method"]) == set(METHODS) - {"citations"}
    assert metrics["learned"]
    assert metrics["methods"]["citations"] == {"all": None, "cutoffs": {}}
    assert metrics["methods"]["learned"]["all"]["spearman_impact"]["value"] is None
    assert "citations" in said
    assert "silent" in said


def test_the_control_stands_beside_the_results(made):
    project = made[0]
    options = ["--cutoffs", "2004:2005", "--jobs", "1", "--shuffle-years", "3"]
    ended(project.run("backtest", "--corpus", "papers", *options))
    control = project.outputs / "papers" / "backtest-shuffled-3"
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
        "backtest", "--corpus", "papers", "--cutoffs", "2003:2004", "--jobs", "1", **environment
    )
    assert "the learned scores are silent" in ended(result)
    metrics = json.loads((project.root / "other/papers/backtest/metrics.json").read_text())
    assert not metrics["learned"]
    assert metrics["compared"] == [2003, 2004]
    assert metrics["methods"]["composite"]["all"]["brier"]["value"] is None


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


@pytest.mark.slow
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
